"""Whoever comes back is owed the order of their days, and waits for it on the way out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from hypothesis import given

from epiguard.crossings import Crossing
from epiguard.days import DaySpan
from epiguard.decisions import Effect, Override
from epiguard.duties import DutyState
from epiguard.errors import InvalidValueError
from epiguard.facts import (
    CrossingObserved,
    Fact,
    LeaveGranted,
    MatchConfirmed,
    PersonEnrolled,
    QuarantineChanged,
    QuarantineOrdered,
    Registered,
)
from epiguard.ledger import Ledger
from epiguard.passes import PassApplication, PassColour
from epiguard.people import Person
from epiguard.places import Direction
from epiguard.policy import Policy
from epiguard.quarantine import ChangeKind, EndCause, Exposure, PeriodChange, QuarantinePeriod, Return
from epiguard.registrations import Registration
from epiguard.rules.order_quarantine import OrderQuarantine
from epiguard.situation import Situation, State
from rules.gate import (
    NOON,
    RESIDENT,
    SHANGHAI,
    SITE,
    codes,
    crossing,
    crossings,
    form,
    histories,
    leave,
    period_of,
    quarantined,
    resident,
    review,
)

POLICY = Policy.loads(
    """
site = { id = "caohang", zone = "Asia/Shanghai", region = "310112", checkpoints = [{ id = "north" }] }
quarantine = [{ days = 14 }]

[[rules]]
use = "admit-kinds"
kinds = ["resident", "visitor", "courier"]

[[rules]]
use = "registration-required"

[[rules]]
use = "order-quarantine"

[[rules]]
use = "quarantine-stays-in"
"""
)
BACK: dict[str, Any] = {"returning_from": "420000", "registered": True}


def on(direction: str, day: int, person: str | None = "p-7", **said: Any) -> Crossing:
    """Somebody at the gate on a day of February, at nine."""
    at = datetime(2020, 2, day, 9, tzinfo=SHANGHAI)
    return crossing(direction, resident(person, asked=True, **said), at=at)


@pytest.fixture
def gate() -> Iterator[Ledger]:
    """A gate in Shanghai, with somebody who lives there and somebody who does not."""
    with Ledger.open(":memory:", policy=POLICY, clock=lambda: NOON) as opened:
        opened.record(RESIDENT, by="cadre-3")
        opened.record(PersonEnrolled(Person(id="p-9", resident=False)), by="cadre-3")
        yield opened


def owed(ledger: Ledger, state: DutyState | None = DutyState.OPEN) -> list[str]:
    """Whose days are to be ordered."""
    return [each.subject for each in ledger.duties(state=state) if each.kind == "order-quarantine"]


def why(ledger: Ledger, asked: Crossing) -> list[str]:
    """What stands against a crossing, if anything."""
    decision = ledger.admit(asked)
    return [each.code for each in decision.reasons] if decision.effect is not Effect.ALLOW else []


def test_home_at_once_and_out_when_the_days_are_over(gate: Ledger) -> None:
    """The order closes the duty, and from then on the period holds."""
    home = gate.admit(on("in", 4, **BACK))
    assert (home.effect, [each.kind for each in home.duties]) == (Effect.ALLOW, ["order-quarantine"])
    assert home.duties[0].due == datetime(2020, 2, 5, 9, tzinfo=SHANGHAI)
    assert why(gate, on("out", 5)) == ["quarantine-not-ordered"]
    assert owed(gate) == ["p-7"]
    gate.record(quarantined(arrived=date(2020, 2, 4)), by="cadre-3")
    assert (owed(gate), owed(gate, DutyState.CLOSED)) == ([], ["p-7"])
    assert why(gate, on("out", 5)) == ["in-quarantine"]
    assert why(gate, on("out", 19)) == []


@pytest.mark.parametrize(
    ("arrived_on", "expected"), [(date(2020, 2, 4), []), (None, ["quarantine-not-ordered"])]
)
def test_days_that_count_from_leaving_are_ordered_too(
    gate: Ledger, arrived_on: date | None, expected: list[str]
) -> None:
    """Gone from Hubei since 20 January and back on 4 February: nothing is left of the days, and nobody waits.

    An order that names no arrival may be an earlier journey's.
    """
    gate.admit(on("in", 4, **BACK))
    gone = Exposure(
        person="p-7", reason=Return(region="420000"), left_on=date(2020, 1, 20), arrived_on=arrived_on
    )
    gate.record(QuarantineOrdered(QuarantinePeriod.after(gone, days=14, zone="Asia/Shanghai")), by="cadre-3")
    assert why(gate, on("out", 5)) == expected


def test_one_arrival_is_owed_once(gate: Ledger) -> None:
    """However often they come and go meanwhile; a second journey is another arrival."""
    for day in (4, 5, 6):
        gate.admit(on("in", day, **BACK))
    assert owed(gate) == ["p-7"]
    gate.record(quarantined(arrived=date(2020, 2, 4)), by="cadre-3")
    assert gate.admit(on("in", 5, **BACK)).duties == ()
    gate.admit(on("in", 12, **BACK))
    assert owed(gate) == ["p-7"]


def test_it_is_owed_however_they_came_in(gate: Ledger) -> None:
    """Leave waives verdicts, an override their duties, and a door asks no rule: it is owed all the same."""
    span = leave().span
    gate.record(LeaveGranted(person="p-7", span=span, purpose="funeral"), by="cadre-3")
    assert gate.admit(crossing("in", resident(asked=True, **BACK))).effect is Effect.ALLOW
    assert owed(gate) == ["p-7"]
    unregistered = on("in", 15, "p-9", role="visitor", returning_from="420000")
    assert gate.admit(unregistered).effect is Effect.HOLD
    assert owed(gate) == ["p-7"]
    gate.admit(unregistered, override=Override(reason="ambulance", by="cadre-3"))
    assert owed(gate) == ["p-7", "p-9"]
    gate.record(CrossingObserved(on("in", 15, "p-5", returning_from="420000")), by="camera-1")
    assert sorted(owed(gate)) == ["p-5", "p-7", "p-9"]


def test_a_crossing_that_did_not_happen_owes_nothing(gate: Ledger) -> None:
    """An answer written down by mistake is cancelled with the crossing."""
    home = gate.admit(on("in", 4, **BACK))
    gate.cancel(home.id, by="guard-5", reason="another person")
    assert owed(gate) == []
    assert why(gate, on("out", 5)) == []


def test_a_form_tells_it_too(gate: Ledger) -> None:
    """Whoever sent the questionnaire and was not asked waits on the way out; the duty is owed then."""
    told = Registration(
        id="f-1", source="paper", returning_from="420000", arrived_on=date(2020, 2, 4), person="p-7"
    )
    gate.record(Registered(told), by="cadre-3")
    assert why(gate, on("out", 5)) == ["quarantine-not-ordered"]
    assert owed(gate) == ["p-7"]
    assert why(gate, on("out", 18)) == []


def test_the_order_for_a_form_is_the_order_for_its_person(gate: Ledger) -> None:
    """A stranger's duty stands under the form that they filled in; the order for whoever it is closes it."""
    arrives = on("in", 4, None, role="resident", returning_from="420000", registration=form(name="李四"))
    assert gate.admit(arrives).effect is Effect.ALLOW
    assert owed(gate) == ["form:paper-1"]
    gate.record(MatchConfirmed(registration="paper-1", person="p-7"), by="cadre-3")
    assert why(gate, on("out", 5)) == []  # what the gate heard has no name; the form says no day
    gate.record(quarantined(arrived=date(2020, 2, 4)), by="cadre-3")
    assert owed(gate) == []


def test_from_the_same_province_nobody_is_a_returnee(gate: Ledger) -> None:
    """No form is asked for, nothing is owed, and the way out is open."""
    home = gate.admit(on("in", 4, returning_from="310104"))
    assert (home.effect, home.duties) == (Effect.ALLOW, ())
    assert why(gate, on("out", 5)) == []


def test_who_lives_elsewhere_goes_home(gate: Ledger) -> None:
    """A visitor from elsewhere is owed the order, and not kept inside for it; a courier is owed none."""
    gate.admit(on("in", 4, "p-9", role="visitor", **BACK))
    assert owed(gate) == ["p-9"]
    assert why(gate, on("out", 5, "p-9", role="visitor")) == []
    gate.admit(on("in", 4, "p-6", role="courier", **BACK))
    assert owed(gate) == ["p-9"]


def test_strangers_are_told_apart() -> None:
    """Two whom nobody knows, at one gate on one day, are two; whoever showed a form goes by the form."""
    rule, party = OrderQuarantine(), [resident(None, role="resident", returning_from="420000")] * 2
    duties = [each.duties[0] for each in review(rule, crossing("in", *party))]
    assert len({each.id for each in duties}) == 2
    assert {each.subject for each in duties} == {"north"}
    assert codes(rule, crossing("in", resident(None, role="resident", **BACK))) == []


def test_the_day_they_arrived_is_the_one_they_say() -> None:
    """Whoever came back weeks ago and is asked again owes nothing more; a fever clinic waits for nothing."""
    rule, said = OrderQuarantine(), {**BACK, "returned_on": date(2020, 1, 20)}
    assert codes(rule, crossing("in", resident(**said)), RESIDENT) == []
    lately = CrossingObserved(on("in", 13, **BACK))
    assert codes(rule, crossing("out", resident()), RESIDENT, lately) == ["hold quarantine-not-ordered"]
    assert codes(rule, crossing("out", resident(clinic_journey="clinic-3")), RESIDENT, lately) == []
    assert codes(OrderQuarantine(days=1), crossing("out", resident()), RESIDENT, lately) == []


@pytest.mark.parametrize(
    ("facts", "held"),
    [
        ([], False),
        ([CrossingObserved(on("in", 12, **BACK))], True),
        ([CrossingObserved(on("in", 12, **BACK)), quarantined(arrived=date(2020, 2, 11))], False),
        ([CrossingObserved(on("in", 12, **BACK)), quarantined(arrived=date(2020, 2, 9))], True),
    ],
)
def test_no_pass_before_the_days_are_ordered(facts: list[Fact], held: bool) -> None:
    """At the desk the same is asked as at the gate."""
    state = State(SITE)
    for each in (RESIDENT, *facts):
        state.apply(each)
    february = DaySpan(date(2020, 2, 1), date(2020, 3, 1))
    application = PassApplication(
        person="p-7", number="G-1", colour=PassColour.GREEN, valid=february, at=NOON, asked=True
    )
    given = list(OrderQuarantine().review_pass(Situation.applying(state, application)))
    assert [each.code for each in given] == (["quarantine-not-ordered"] if held else [])


def test_a_period_that_was_ordered_in_error_is_an_answer(gate: Ledger) -> None:
    """Where somebody looked into it and there was nothing to order, the way out is open."""
    gate.admit(on("in", 14, **BACK))
    gate.record(quarantined(arrived=date(2020, 2, 14)), by="cadre-3")
    error = PeriodChange(
        kind=ChangeKind.ENDED, cause=EndCause.ORDERED_IN_ERROR, reason="so", by="cadre-3", at=NOON
    )
    period = period_of(arrived=date(2020, 2, 14)).id
    gate.record(QuarantineChanged(period=period, person="p-7", change=error), by="cadre-3")
    assert why(gate, on("out", 15)) == []


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"kinds": []}, "OrderQuarantine.kinds: expected at least one kind, got an empty list"),
        ({"days": 0}, "OrderQuarantine.days: expected a whole number from 1 to 366"),
        ({"within_hours": 0}, "OrderQuarantine.within_hours: expected a whole number from 1 to 168"),
    ],
)
def test_settings_that_are_refused(settings: dict[str, Any], message: str) -> None:
    """Nothing that cannot be meant."""
    with pytest.raises(InvalidValueError) as caught:
        OrderQuarantine(**settings)
    assert str(caught.value).startswith(message)


@given(crossings, histories)
def test_laws(asked: Crossing, facts: list[Any]) -> None:
    """It objects on the way out alone; whatever it says owes the order, and once that is there nothing."""
    for verdict in review(OrderQuarantine(), asked, *facts):
        assert [each.kind for each in verdict.duties] == ["order-quarantine"]
        assert (verdict.effect is Effect.ALLOW) == (asked.direction is Direction.IN)
        assert not verdict.grants
        [duty] = verdict.duties
        if duty.subject in {"north", "south"}:
            continue  # nobody whom anything could be ordered for
        order = quarantined(duty.subject, arrived=SITE.day_of(asked.at), id="q:new")
        after = review(OrderQuarantine(), asked, *facts, order)
        assert verdict.traveller not in [each.traveller for each in after]
