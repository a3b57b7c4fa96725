"""Contacts, movements, what does not agree, and each day of observation."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from epiguard import (
    Crossing,
    CrossingObserved,
    DutyAttempted,
    DutyState,
    Ledger,
    Outcome,
    PeriodChange,
    PersonLeft,
    QuarantineChanged,
    QuarantineOrdered,
    Traveller,
    UnknownIdError,
)
from epiguard.errors import InvalidValueError
from epiguard.work import (
    CheckState,
    ContactState,
    HealthReported,
    MovementDeclared,
    StatementTaken,
    Teller,
    contacts_of,
    contradictions,
    expected_returns,
    health_checks,
    health_days,
    is_announced,
)
from work.committee import NOON, at, enrolled, ledger_of, period_of, person, state_of, tie

CONTACTS = '[[rules]]\nuse = "home-observation-contacts"\n'


def returned() -> Ledger:
    """A returnee with a landlord and without a family, and one with nobody and no phone."""
    people = enrolled("p-1", person("p-2", phones=[]), "p-50")
    return ledger_of(
        [
            *people,
            tie("p-1", "landlord", "p-50"),
            QuarantineOrdered(period_of("p-1"), at=at(9)),
            QuarantineOrdered(period_of("p-2"), at=at(9)),
        ],
        rules=CONTACTS,
    )


def test_each_contact_is_reached_open_or_none() -> None:
    """Whom there is not is none, never reached, and a door visit stands in; overdue ones say so."""
    ledger = returned()
    [call] = [each for each in ledger.duties() if each.kind == "tell-landlord"]
    ledger.record(DutyAttempted(duty=call.id, outcome=Outcome.REACHED, at=NOON), by="v-1")
    one = contacts_of(ledger.state, period_of("p-1"), NOON)
    assert {role: each.value for role, each in one.items()} == {
        "returnee": "open",
        "family": "none",
        "landlord": "reached",
        "door": "open",
    }
    two = contacts_of(ledger.state, period_of("p-2"), NOON + timedelta(days=2))
    assert [two[role] for role in ("family", "landlord")] == [ContactState.NONE] * 2
    assert [two[role] for role in ("returnee", "door")] == [ContactState.OVERDUE] * 2


def test_a_visit_in_a_dead_landlords_place_is_the_door_visit() -> None:
    """The landlord's call is closed, not reached."""
    ledger = returned()
    ledger.record(PersonLeft(person="p-50", reason="died", cause="death", at=NOON), by="cadre-3")
    found = contacts_of(ledger.state, period_of("p-1"), NOON)
    assert (found["landlord"], found["door"]) == (ContactState.CLOSED, ContactState.OPEN)


def test_what_they_say_differently_is_flagged() -> None:
    """By field and by who says it; what each said last counts, and what agrees is not flagged."""
    said = [
        StatementTaken(person="p-1", teller="self", says={"arrived_on": "2020-02-12", "staying_in": "yes"}),
        StatementTaken(
            person="p-1", teller="landlord", says={"arrived_on": "2020-02-10", "staying_in": "no"}
        ),
        StatementTaken(person="p-1", teller="landlord", says={"staying_in": "yes"}),
    ]
    [found] = contradictions(ledger_of([*enrolled("p-1"), *said]).state.notes_of["p-1"])
    assert (found.field, found.tellers) == ("arrived_on", (Teller.LANDLORD, Teller.SELF))
    assert "2020-02-1" not in repr([*said, found])


def test_the_expected_returns_in_order() -> None:
    """Who put it off comes last; who is at home, left or was seen to come back is not on it."""
    away = {
        "p-1": date(2020, 2, 20),
        "p-2": date(2020, 2, 16),
        "p-3": None,
        "p-4": date(2020, 2, 15),
        "p-5": date(2020, 2, 15),
    }
    told = [
        MovementDeclared(person=who, region="420100", returns_on=day, at=at(9, day=13))
        for who, day in away.items()
    ]
    ledger = ledger_of([*enrolled(*away, "p-6"), *told, MovementDeclared(person="p-6")])
    ledger.record(PersonLeft(person="p-5", reason="moved", at=NOON), by="cadre-3")
    back = Traveller(person="p-4", returning_from="420100")
    seen = Crossing(checkpoint="north", direction="in", at=NOON, travellers=[back])
    ledger.record(CrossingObserved(seen, at=NOON), by="north")
    assert [each.person for each in expected_returns(ledger.state)] == ["p-2", "p-1", "p-3"]
    ledger.record(MovementDeclared(person="p-1", region="420100", at=NOON), by="v-1")
    assert [each.person for each in expected_returns(ledger.state)] == ["p-2", "p-1", "p-3"]
    assert expected_returns(ledger.state)[1].returns_on is None


def test_two_days_more_or_less_are_announced() -> None:
    """Three are not, and no day is none."""
    told = MovementDeclared(person="p-1", region="420100", returns_on=date(2020, 2, 16))
    near = [is_announced(told, date(2020, 2, day)) for day in (13, 14, 18, 19)]
    assert near == [False, True, True, False]
    assert not is_announced(MovementDeclared(person="p-1", region="420100"), date(2020, 2, 16))
    with pytest.raises(InvalidValueError, match="nothing for somebody at home"):
        MovementDeclared(person="p-1", returns_on=date(2020, 2, 16))


def test_everybody_observed_is_asked_every_day() -> None:
    """Owed twice it is owed once; who left is not asked, and a day nobody answered is missed."""
    ledger = returned()
    period = period_of("p-1")
    for day in range(13, 17):
        for _ in range(2):
            ledger.owe(health_checks(ledger.state, date(2020, 2, day)), by="system")
    checks = [each for each in ledger.duties() if each.kind == "health-check" and each.subject == "p-1"]
    assert len(checks) == 4
    told = HealthReported(
        person="p-1", period=period.id, day=date(2020, 2, 13), temperature=36.6, duty=checks[0].id
    )
    ledger.record(told, by="v-1")
    ledger.record(DutyAttempted(duty=checks[1].id, outcome="no-answer", at=NOON), by="v-1")
    ledger.record(DutyAttempted(duty=checks[2].id, outcome="reached", at=NOON), by="v-1")
    assert ledger.duties(state=DutyState.DONE)[0].id == checks[0].id
    days = health_days(ledger.state, period, date(2020, 2, 16))
    assert [each.value for each in days.values()] == ["missed", "done", "missed", "done", "due"]
    assert min(days) == date(2020, 2, 12)
    assert set(health_days(ledger.state, period, date(2020, 5, 1)).values()) == {
        CheckState.DONE,
        CheckState.MISSED,
    }
    ledger.record(PersonLeft(person="p-1", reason="died", cause="death", at=NOON), by="cadre-3")
    assert {each.subject for each in health_checks(ledger.state, date(2020, 2, 16))} == {"p-2"}
    with pytest.raises(UnknownIdError, match=r"^HealthReported\.period: "):
        ledger.record(HealthReported(person="p-1", period="q-9", day=date(2020, 2, 13)), by="v-1")


@pytest.mark.parametrize("cause", ["death", "hospital", "early-release"])
def test_nobody_missed_a_check_after_it_was_over(cause: str) -> None:
    """Who died, fell ill or was released early is not asked any more, and no day is missed for it."""
    period = period_of("p-1", date(2020, 2, 10))
    over = PeriodChange(kind="ended", cause=cause, reason="it is over", by="cadre-3", at=at(8, day=12))
    ended = QuarantineChanged(period=period.id, person="p-1", change=over)
    state = state_of(*enrolled("p-1"), QuarantineOrdered(period), ended)
    days = health_days(state, state.periods[period.id], date(2020, 2, 14))
    assert list(days) == [date(2020, 2, 10), date(2020, 2, 11)]
    assert list(health_checks(state, date(2020, 2, 12))) == []


def test_a_report_is_about_a_day() -> None:
    """Without one it would count for no day at all."""
    with pytest.raises(InvalidValueError, match=r"HealthReported.day: expected the day it is about"):
        HealthReported(person="p-1", period="q-1", day=None)  # type: ignore[arg-type]  # on purpose
