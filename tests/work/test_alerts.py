"""Alert cases, and figures that add up or say so."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard import Alert, AlertRaised, Duty, Ledger, TakenError, UnknownIdError
from epiguard.work import (
    AlertAssigned,
    AlertEscalated,
    EscalationPlan,
    Level,
    MonthOnMonth,
    Severity,
    StatedPopulation,
    Team,
    alarms_by_month,
    close_case,
    escalations,
    late_alerts,
    nearest_free,
    open_cases,
    suppress,
)
from work.committee import NOON, SITE, at, enrolled, ledger_of

PLAN = EscalationPlan(severities={"breach": Severity.URGENT, "gathering": Severity.SERIOUS})
TEAMS = [Team(id="t-1", latitude=31.11, longitude=121.40), Team(id="t-2", latitude=31.20, longitude=121.40)]
HERE = (31.10, 121.40)


def alert(minutes: int = 0, kind: str = "breach", subject: str = "p-1") -> Alert:
    """An alert after noon."""
    return Alert(kind=kind, subject=subject, at=NOON + timedelta(minutes=minutes), checkpoint="north")


def raised(*alerts: Alert) -> Ledger:
    """A ledger with alerts."""
    return ledger_of([*enrolled("p-1", "p-2"), *map(AlertRaised, alerts)])


def test_the_same_again_is_one_case() -> None:
    """Another person, kind or a long pause is another; after it was looked at, it is a new one."""
    ledger = raised(alert(), alert(10), alert(20), alert(5, subject="p-2"), alert(60 * 24))
    cases = open_cases(ledger.state)
    assert [len(each.alerts) for each in cases] == [3, 1, 1]
    ledger.record_all(close_case(cases[0], "visited: a neighbour carried the card"), by="t-1")
    ledger.record(AlertRaised(alert(30)), by="north")
    assert [each.begun for each in open_cases(ledger.state)][1] == NOON + timedelta(minutes=30)


def test_a_case_goes_up_once_by_time_and_severity() -> None:
    """Urgent after half an hour, serious after two, routine never by itself."""
    ledger = raised(alert(), alert(kind="gathering"), alert(kind="late-home"))
    for minutes, expected in ((29, 0), (30, 1), (119, 0), (120, 1), (9999, 0)):
        up = list(escalations(ledger.state, PLAN, NOON + timedelta(minutes=minutes)))
        assert len(up) == expected
        ledger.record_all(up, by="system")
    assert [each.level for each in open_cases(ledger.state)].count(Level.TOWN) == 2
    with pytest.raises(TakenError):
        ledger.record(AlertEscalated(alert=alert().id), by="system")
    with pytest.raises(UnknownIdError, match=r"^AlertEscalated\.alert: "):
        ledger.record(AlertEscalated(alert="alert-1"), by="system")


def test_the_nearest_team_that_is_free() -> None:
    """Busy until its case is closed; where all are, nobody is proposed."""
    ledger = raised(alert(), alert(kind="gathering"))
    one, two = open_cases(ledger.state)
    taken = []
    for case in (one, two):
        team = nearest_free(ledger.state, TEAMS, HERE)
        assert team is not None
        taken.append(team.id)
        ledger.record(AlertAssigned(alert=case.id, team=team.id), by="cadre-3")
    assert taken == ["t-1", "t-2"]
    assert nearest_free(ledger.state, TEAMS, HERE) is None
    ledger.record_all(close_case(one, "nobody there"), by="t-1")
    assert nearest_free(ledger.state, TEAMS, HERE) == TEAMS[0]


def test_medicine_that_did_not_come_is_an_alert_the_same_day() -> None:
    """Once, and not while it is in time; other errands may wait."""
    ledger = raised()
    ledger.owe(
        [Duty(kind=kind, subject="p-1", due=at(18)) for kind in ("bring-medicine", "bring-food")], by="v-1"
    )
    assert list(late_alerts(ledger.state, ["bring-medicine"], at(18))) == []
    ledger.record_all(late_alerts(ledger.state, ["bring-medicine"], at(18, 1)), by="system")
    assert [(each.kind, each.subject) for each in ledger.alerts()] == [("late-bring-medicine", "p-1")]
    assert list(late_alerts(ledger.state, ["bring-medicine"], at(19))) == []


def test_a_population_adds_up_or_says_so() -> None:
    """2012 = 1226 + 786, of whom 28; one more anywhere is told."""
    stated = {"total": 2012, "parts": {"local": 1226, "other": 786}, "of_whom": {"key region": 28}}
    assert StatedPopulation(**stated).problems() == ()  # type: ignore[arg-type]  # options of several types
    assert StatedPopulation(**{**stated, "total": 2011}).problems() == ("1226 + 786 = 2012, not 2011",)  # type: ignore[arg-type]  # options of several types
    assert StatedPopulation(total=5, of_whom={"key region": 6}).problems() == (
        "key region: 6 is no part of 5",
    )


@pytest.mark.parametrize(
    ("before", "after", "stated"), [(6295, 1000, 529.5), (2617, 1000, 161.7), (7008, 1000, 600.8)]
)
def test_month_on_month_names_its_base(before: int, after: int, stated: float) -> None:
    """The newsletter's figures are of February; of January they would be more than everything."""
    change = MonthOnMonth(before=before, after=after)
    assert change.of_after == pytest.approx(-stated)
    assert not MonthOnMonth.is_possible(-stated)
    assert change.of_before is not None
    assert MonthOnMonth.is_possible(change.of_before)
    assert f"-{stated}% of the later month" in change.text("en")
    assert f"以后月为基数 -{stated}%" in change.text()


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_no_fall_is_beyond_all_of_it(before: int, after: int) -> None:
    """Of the earlier month; where a month had none there is no percentage of it."""
    change = MonthOnMonth(before=before, after=after)
    assert (change.of_before is None) == (before == 0)
    assert change.of_before is None or MonthOnMonth.is_possible(change.of_before)


def test_alarms_by_month() -> None:
    """By the site's day: the last hour of January in UTC is February here."""
    late = Alert(kind="breach", subject="p-1", at=at(0, 30, day=1))
    assert alarms_by_month([late, alert(), Alert(kind="x", subject="p-1")], SITE) == {"2020-02": 2}


@given(st.dictionaries(st.text("abcdef", min_size=1), st.integers(0, 30), max_size=6))
def test_small_counts_cannot_be_worked_out(counts: dict[str, int]) -> None:
    """None below five is shown but 0; each could be something else, or all others are 0."""
    shown = suppress(counts)
    assert all(value is None or value == counts[name] for name, value in shown.items())
    assert not [value for value in shown.values() if value is not None and 0 < value < 5]
    hidden = [name for name, value in shown.items() if value is None]
    # As many ones as names, or a single name: then there was nothing else to leave out.
    told = len(hidden) == 1 or (hidden and sum(counts[each] for each in hidden) == len(hidden))
    assert not told or not any(shown.values())
