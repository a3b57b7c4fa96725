"""The day's run shares out the calls, owes the day's checks, and says what is late and who must know."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path

import pytest

from day.elm_lane import FORMS, REGISTER, SITE, ledger, put
from epiguard import DutyState, Fact, PolicyError
from epiguard.day import DayResult, run_day, summary
from epiguard.rules import hookimpl
from epiguard.rules.screen_by_region import ScreenByRegion
from epiguard.work import HealthReported, Level, NeedReported, open_cases

SECTIONS = """
[[rules]]
use = "screen-by-region"
regions = ["420000"]

[[rules]]
use = "daily-needs"

[calls]
helpers = ["leader-1", "leader-2", "p-3"]
daily_checks = true

[report.stated]
"duties.by_kind.screen-movements.opened" = 9
"duties.by_kind.unheard-of.opened" = 2
"""
WANG = "1,2020-02-10 20:00,王小明,13800138001,1号楼101室,安徽合肥,,2020-02-10"
#: Everybody is registered in Wuhan; many share a room.
HUBEI = [f"{REGISTER[0]},户籍地", *(f"{line},湖北省武汉市" for line in REGISTER[1:])]


def day(base: Path, sections: str = SECTIONS) -> DayResult:
    """Run the folder."""
    folder = put(base / "files", {"residents.csv": HUBEI, "paper.csv": [FORMS, WANG]}, site=SITE + sections)
    return run_day(folder, base / "out")


def test_calls_are_shared_out_once(tmp_path: Path) -> None:
    """Nobody is a household above another or has their own; the folder again adds nothing, moves nobody."""
    result = day(tmp_path)
    heads: dict[str | None, int] = {}
    for each in result.shared:
        heads[each.assignee] = heads.get(each.assignee, 0) + 1
    assert set(heads) == {"leader-1", "leader-2", "p-3"}
    largest = max(Counter(line.split(",")[3] for line in REGISTER[1:]).values())
    assert max(heads.values()) - min(heads.values()) <= largest
    assert [each.assignee for each in result.shared if each.subject == "p-3"] != ["p-3"]
    again = day(tmp_path)
    assert again.facts_added == 0
    assert {each.id: each.assignee for each in again.shared} == {
        each.id: each.assignee for each in result.shared
    }


def test_the_check_of_the_day_is_owed(tmp_path: Path) -> None:
    """For everybody under observation; what was answered is counted, and so is what was missed."""
    assert day(tmp_path).report.contacts.checks_due == 1
    with ledger(tmp_path) as opened:
        [check] = [each for each in opened.duties() if each.kind == "health-check"]
        [period] = opened.periods()
        report = HealthReported(
            person="p-1", period=period.id, day=period.anchor_day, temperature=36.6, duty=check.id
        )
        opened.record(report, by="leader-1")
    result = day(tmp_path)
    assert (result.report.contacts.checks_done, result.report.contacts.checks_due) == (1, 0)
    assert "asked after today               1" in summary(result)


def test_medicine_that_did_not_come_goes_up(tmp_path: Path) -> None:
    """Late, it is an alert; half an hour later the town knows; both once."""
    as_of = day(tmp_path).as_of
    with ledger(tmp_path) as opened:
        asked = NeedReported(person="p-1", need="medicine", id="r-1", at=as_of - timedelta(hours=5))
        opened.record(asked, by="leader-1", recorded_at=as_of)
    result = day(tmp_path)
    assert (result.report.errands.total.late, result.report.alerts.at_town) == (1, 1)
    assert result.report.months.this_month == result.report.alerts.total.raised
    with ledger(tmp_path) as opened:
        assert [(each.kind, each.level) for each in open_cases(opened.state)] == [
            ("late-bring-medicine", Level.TOWN)
        ]
    assert day(tmp_path).facts_added == 0


def test_the_summary_compares_what_was_stated(tmp_path: Path) -> None:
    """What was stated beside what was counted, and what nobody counts as such."""
    said = summary(day(tmp_path))
    here = len(REGISTER) - 1
    assert f"duties.by_kind.screen-movements.opened: 9 stated, {here} here" in said
    assert "duties.by_kind.unheard-of.opened: 2 stated, not counted here" in said
    assert f"calls shared out{here:>17}  已分派电话  (among 3 helpers)" in said


def test_small_counts_are_withheld_where_the_site_says_so(tmp_path: Path) -> None:
    """In all three files; the day's own summary is the committee's."""
    result = day(tmp_path, "\n[report]\nwithhold_below = 5\n")
    assert result.report.returnees.to_date == 1
    plain = json.loads((tmp_path / "out" / "report.json").read_text(encoding="utf-8"))
    assert plain["returnees"]["to_date"] is None
    assert "stands for a count below 5" in (tmp_path / "out" / "report.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("section", "error", "message"),
    [
        ("[calls]\nhelper = []\n", PolicyError, r"site.toml: calls.helper: .*did you mean 'helpers'"),
        ("[calls]\nhelpers = [1]\n", PolicyError, r"site.toml: calls.helpers\[1\]: expected text in quotes"),
        ('[calls]\nhelpers = ["a b"]\n', PolicyError, r"site.toml: calls.helpers: expected an identifier"),
        (
            '[calls]\ndaily_checks = "yes"\n',
            PolicyError,
            r"site.toml: calls.daily_checks: expected true or false",
        ),
        ("[report]\nbelow = 5\n", PolicyError, r"site.toml: report.below"),
    ],
)
def test_a_bad_section_leaves_nothing_behind(
    tmp_path: Path, section: str, error: type[Exception], message: str
) -> None:
    """It is refused before anything is written."""
    with pytest.raises(error, match=message):
        day(tmp_path, f"\n{section}")
    assert not (tmp_path / "out").exists()


def test_nobody_is_called_without_helpers(tmp_path: Path) -> None:
    """A site that names none keeps its calls together."""
    result = day(tmp_path, '\n[[rules]]\nuse = "screen-by-region"\nregions = ["420000"]\n')
    assert result.shared == ()
    with ledger(tmp_path) as opened:
        assert {each.assignee for each in opened.duties(state=DutyState.OPEN)} == {None}


def test_a_rule_that_fails_is_named_in_the_summary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever runs the day learns which package, rule and hook failed, and not only what is held."""

    @hookimpl
    def broken(_: ScreenByRegion, fact: Fact) -> None:
        raise ValueError(fact.kind)

    assert not day(tmp_path / "sound").faults
    monkeypatch.setattr(ScreenByRegion, "follow_up", broken)
    result = day(tmp_path / "broken")
    [(what, times)] = result.faults.items()
    assert what.startswith("epiguard")
    assert "rule screen-by-region, hook follow_up raised ValueError" in what
    assert f"rule failed {times} time" in summary(result)
    assert what in summary(result)
