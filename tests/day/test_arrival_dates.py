"""Dates of arrival that cannot be right, or are told later: nobody is let out early because of a slip."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from day.elm_lane import FORMS, SITE, ledger, put, run
from epiguard import QuarantinePeriod
from epiguard.day import run_day
from epiguard.facts import QuarantineChanged
from epiguard.quarantine import ChangeKind, PeriodChange

NOW = datetime(2020, 2, 11, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def form(arrived: str, left: str = "", number: int = 1, submitted: str = "2020-02-10 20:00") -> str:
    """A form of p-1."""
    return f"{number},{submitted},王小明,13800138001,1号楼101室,安徽合肥,{left},{arrived}"


def seen(returned: str, day: int = 11) -> str:
    """p-1 at the gate, who was asked when they came back."""
    return f"7,2020-02-{day} 08:00,北门,进,居民,p-1,36.5,是,安徽合肥,{returned},是,是"


def period_of(base: Path, person: str = "p-1") -> QuarantinePeriod:
    """The only period of somebody."""
    with ledger(base) as opened:
        (found,) = [each for each in opened.periods() if each.person == person]
    return found


@pytest.mark.parametrize(
    ("arrived", "left"),
    [
        ("2019-02-10", ""),
        ("2019-02-10", "2019-02-08"),
        ("2020-02-12", "2020-02-01"),  # counted from the other date, it would be over too early
        ("2020-01-10", ""),
        ("2020-02-12", ""),
        ("", "2019-02-09"),
    ],
)
def test_a_date_that_cannot_be_right_is_asked_for(arrived: str, left: str, tmp_path: Path) -> None:
    """The day of the form stands in, to be confirmed; a note and a duty say so, once."""
    result = run(tmp_path, paper=[form(arrived, left)])
    period = period_of(tmp_path)
    assert (period.anchor_day, period.anchor_unconfirmed) == (date(2020, 2, 10), True)
    assert period.in_force(NOW)
    (note,) = [each for each in result.report.notes if each.startswith("paper:paper:1: ")]
    assert "more than 30 days before; passed over, and to be asked for" in note
    with ledger(tmp_path) as opened:
        (duty,) = [each for each in opened.duties() if each.kind == "confirm-anchor"]
    assert (duty.subject, duty.basis) == ("p-1", period.id)
    assert "2019-" not in note + duty.text("en") + duty.text("zh")
    again = run(tmp_path, paper=[form(arrived, left)])
    assert (again.facts_added, again.report) == (0, result.report)


def test_thirty_days_before_are_believed(tmp_path: Path) -> None:
    """Who came home a month ago and hands in the form now is not held again."""
    result = run(tmp_path, paper=[form("2020-01-11")])
    period = period_of(tmp_path)
    assert (period.anchor_day, period.anchor_unconfirmed) == (date(2020, 1, 11), False)
    assert not period.in_force(NOW)
    assert not [each for each in result.report.notes if "passed over" in each]


def test_a_date_of_leaving_that_cannot_be_right_starts_no_period(tmp_path: Path) -> None:
    """Also where the site counts from the day they left."""
    site = SITE.replace("days = 14", 'days = 14\nanchors = ["left", "arrived"]')
    files = {"paper.csv": [FORMS, form("2020-02-10", "2019-02-08")]}
    run_day(put(tmp_path / "files", files, site), tmp_path / "out")
    assert period_of(tmp_path).anchor_day == date(2020, 2, 10)


def test_a_later_day_lengthens_whether_told_at_once_or_the_next_day(tmp_path: Path) -> None:
    """Two forms in one run, or one a day later, or the gate's answer: the last day is the same."""
    first, second = form("2020-02-09"), form("2020-02-10", number=2, submitted="2020-02-11 09:00")
    run(tmp_path / "one", paper=[first, second])
    ways = {"two": {"paper": [first, second]}, "gate": {"paper": [first], "gate": [seen("2020-02-10")]}}
    for name, later in ways.items():
        base = tmp_path / name
        run(base, paper=[first])
        assert period_of(base).last_day == date(2020, 2, 23)
        run(base, **later)
        period = period_of(base)
        assert period.last_day == period_of(tmp_path / "one").last_day == date(2020, 2, 24)
        (change,) = period.changes
        assert (change.kind, change.days, change.by) == (ChangeKind.EXTENDED, 1, "day-job")
        assert "later day of arrival" in change.reason.value
        assert run(base, **later).facts_added == 0


def test_an_earlier_day_shortens_nothing(tmp_path: Path) -> None:
    """Only a human shortens a period."""
    run(tmp_path, paper=[form("2020-02-10")])
    run(tmp_path, paper=[form("2020-02-10"), form("2020-02-09", number=2)])
    assert (period_of(tmp_path).changes, period_of(tmp_path).last_day) == ((), date(2020, 2, 24))


def test_days_add_up_over_several_runs(tmp_path: Path) -> None:
    """Told later twice: lengthened twice, by what is missing, and still one period."""
    forms = [form("2020-02-08")]
    for number, arrived in ((2, "2020-02-09"), (3, "2020-02-10"), (4, "2020-02-11")):
        forms.append(form(arrived, number=number, submitted="2020-02-11 09:00"))
        run(tmp_path, paper=forms)
        assert period_of(tmp_path).last_day == date.fromisoformat(arrived) + timedelta(days=14)


@pytest.mark.parametrize(
    ("kind", "days", "last"),
    [(ChangeKind.SHORTENED, 4, date(2020, 2, 20)), (ChangeKind.EXTENDED, 3, date(2020, 2, 26))],
)
def test_what_a_human_changed_stands(kind: ChangeKind, days: int, last: date, tmp_path: Path) -> None:
    """A later day moves a shortened period along once; one that lasts longer already is left alone."""
    forms = [form("2020-02-09")]
    run(tmp_path, paper=forms)
    change = PeriodChange(kind=kind, days=days, reason="ordered", by="cadre-3", at=NOW)
    with ledger(tmp_path) as opened:
        period = period_of(tmp_path)
        opened.record(QuarantineChanged(period=period.id, person="p-1", change=change), by="cadre-3")
    forms.append(form("2020-02-10", number=2, submitted="2020-02-11 09:00"))
    for _ in range(2):
        run(tmp_path, paper=forms)
        assert period_of(tmp_path).last_day == last


def test_a_form_without_any_day_is_one_return_for_good(tmp_path: Path) -> None:
    """Only its first run knows when it came in; later runs open no second period."""
    undated = "1,,王小明,13800138001,1号楼101室,安徽合肥,,"
    gate = ["1,2020-02-10 08:00,北门,进,居民,p-3,36.5,否,,,,是"]
    run(tmp_path, paper=[undated], gate=gate)
    run(tmp_path, paper=[undated], gate=[*gate, "2,2020-02-20 08:00,北门,进,居民,p-3,36.5,否,,,,是"])
    assert period_of(tmp_path).anchor_day == date(2020, 2, 10)
