"""Humane by construction: no combination of the built-in rules traps or turns away whom it must not."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from epiguard.crossings import Crossing, NotMeasured, Role, Traveller
from epiguard.decisions import Decision, Effect, Override
from epiguard.facts import Fact, PersonEnrolled, QuarantineOrdered
from epiguard.people import Person
from epiguard.places import Direction
from epiguard.policy import Policy
from rules.gate import (
    NOON,
    RESIDENT,
    crossing,
    crossings,
    form,
    histories,
    household,
    leave,
    load,
    quarantined,
    resident,
    slice_of,
    travellers,
)

GATES = {
    "defaults": load(
        *(
            f'use = "{use}"'
            for use in (
                "admit-kinds",
                "couriers",
                "lanes",
                "one-exit-per-day",
                "quarantine-stays-in",
                "registration-required",
                "temperature",
                "visitors",
            )
        )
    ),
    "strict": load(
        'use = "admit-kinds"\nkinds = ["resident"]',
        'use = "couriers"\nanswer = "deny"',
        'use = "lanes"',
        'use = "one-exit-per-day"\nper = "household"\ndays = 2',
        'use = "quarantine-stays-in"\nwhole_household = true',
        'use = "registration-required"\nask = true',
        'use = "temperature"\nlimit = 36.5',
        'use = "visitors"\nanswer = "deny"',
    ),
}
every_gate = pytest.mark.parametrize("gate", GATES.values(), ids=GATES)
LIVES_HERE = PersonEnrolled(Person(id="p-1"))
#: Whatever happened before, p-1 lives here.
lives = histories.map(lambda facts: [*facts, LIVES_HERE])
somebody = travellers(st.just("p-1"))
QUARANTINED = quarantined("p-1")


def ask(gate: Policy, asked: Crossing, facts: list[Fact], **options: Any) -> Decision:
    """What the gate says."""
    return gate.decide(asked, slice_of(asked, *facts), **options)


@every_gate
@given(asked=crossings, facts=histories)
def test_an_override_always_passes(gate: Policy, asked: Crossing, facts: list[Fact]) -> None:
    """Fire, ambulance, a birth: no rule stands against a named person's word, and it is looked at."""
    decision = ask(gate, asked, facts, override=Override(reason="ambulance", by="cadre-3"))
    assert decision.effect is Effect.ALLOW
    assert any(each.kind == "override" for each in decision.alerts)


@every_gate
@given(asked=crossings, facts=histories)
def test_every_hold_says_what_lifts_it(gate: Policy, asked: Crossing, facts: list[Fact]) -> None:
    """Nobody stands at a gate without knowing what is missing, and no built-in rule fails."""
    decision = ask(gate, asked, facts)
    assert not any(each.fault for each in decision.verdicts)
    for each in decision.verdicts:
        assert (each.lifted_by is not None) == (each.effect is Effect.HOLD)


@every_gate
@given(traveller=somebody, facts=lives)
def test_coming_home_is_never_denied(gate: Policy, traveller: Traveller, facts: list[Fact]) -> None:
    """Whatever the temperature, the role, the quarantine and the day: at most a hold, with what lifts it."""
    decision = ask(gate, crossing("in", traveller), facts)
    assert decision.effect is not Effect.DENY


@every_gate
@given(traveller=somebody, facts=lives)
def test_a_quarantined_person_comes_home(gate: Policy, traveller: Traveller, facts: list[Fact]) -> None:
    """Measured, asked and registered they enter; with an alert, unless they arrive or were at the clinic."""
    traveller = attrs.evolve(traveller, temperature=36.1, retested=None, asked=True, registered=True)
    decision = ask(gate, crossing("in", traveller), [*facts, QUARANTINED])
    assert decision.effect is Effect.ALLOW
    on_leave = bool(slice_of(decision.crossing, *facts).standings[0].leaves)
    alerted = "quarantine-return" in {each.kind for each in decision.alerts}
    arrives = traveller.returning_from is not None
    away = slice_of(decision.crossing, *facts).standings[0].away
    granted = away is not None and not away.spent_exit  # such as a journey to the clinic
    if not any(isinstance(each, QuarantineOrdered) for each in facts):
        assert alerted != (on_leave or arrives or granted or traveller.clinic_journey is not None)


@every_gate
@given(traveller=somebody, facts=lives)
def test_a_fever_on_the_way_home_is_cared_for(gate: Policy, traveller: Traveller, facts: list[Fact]) -> None:
    """Never a denial: a hold with a referral that is owed, until the clinic is arranged."""
    traveller = attrs.evolve(traveller, temperature=38.5, retested=38.4)
    decision = ask(gate, crossing("in", traveller), facts)
    assert decision.effect is not Effect.DENY
    referred = "fever-referral" in {each.kind for each in decision.duties}
    assert referred == (traveller.clinic_journey is None)
    if referred:
        assert decision.effect is Effect.HOLD


@every_gate
@given(traveller=somebody, facts=lives)
def test_an_arranged_clinic_journey_goes_out(gate: Policy, traveller: Traveller, facts: list[Fact]) -> None:
    """Neither the fever, nor quarantine, nor a spent exit keeps an ill person from the clinic."""
    assume(traveller.temperature is not None or traveller.retested is not None)
    traveller = attrs.evolve(traveller, clinic_journey="clinic-3")
    assert ask(gate, crossing("out", traveller), [*facts, QUARANTINED]).effect is Effect.ALLOW


@every_gate
@given(traveller=somebody, facts=lives)
def test_leave_opens_the_gate(gate: Policy, traveller: Traveller, facts: list[Fact]) -> None:
    """Dialysis, a funeral, a night shift: movement rules are listed as waived, no exit is spent, no alert."""
    traveller = attrs.evolve(traveller, temperature=36.1, retested=None)
    granted = leave("p-1")
    decision = ask(gate, crossing("out", traveller), [*facts, QUARANTINED, granted])
    assert decision.effect is Effect.ALLOW
    assert decision.claim_keys == ()
    assert not decision.alerts
    assert any(each.waived and each.code in ("in-quarantine", "clinic-journey") for each in decision.verdicts)


@every_gate
@given(traveller=somebody, facts=lives)
def test_leave_does_not_waive_safety(gate: Policy, traveller: Traveller, facts: list[Fact]) -> None:
    """A fever with leave is still a fever."""
    traveller = attrs.evolve(traveller, temperature=38.5, retested=38.4, clinic_journey=None)
    for direction in Direction:
        decision = ask(gate, crossing(direction.value, traveller), [*facts, leave("p-1")])
        assert decision.effect is Effect.HOLD


@every_gate
@given(role=st.sampled_from([Role.VISITOR, Role.COURIER, Role.STAFF, Role.EMERGENCY]), facts=histories)
def test_nobody_is_trapped_inside(gate: Policy, role: Role, facts: list[Fact]) -> None:
    """Whoever does not live here may leave, with a normal temperature or an arranged journey to a clinic."""
    well = Traveller(role=role, temperature=36.1)
    ill = Traveller(role=role, temperature=38.5, retested=38.4, clinic_journey="clinic-3")
    infant = Traveller(role=role, not_measured=NotMeasured.INFANT)
    for traveller in (well, ill, infant):
        assert ask(gate, crossing("out", traveller), facts).effect is Effect.ALLOW


@every_gate
def test_a_first_arrival_enters_to_begin_quarantine(gate: Policy) -> None:
    """A subtenant whom no list knows registers at the gate, and is home."""
    arriving = Traveller(
        role="resident", temperature=36.1, returning_from="420106", registration=form(name="李四"), asked=True
    )
    assert ask(gate, crossing("in", arriving), []).effect is Effect.ALLOW
    unregistered = attrs.evolve(arriving, registration=None)
    decision = ask(gate, crossing("in", unregistered), [])
    assert decision.effect is Effect.HOLD
    assert decision.lifted_by == ("register",)


@every_gate
@given(asked=crossings, facts=histories)
def test_the_role_of_an_emergency_clears_nothing(gate: Policy, asked: Crossing, facts: list[Fact]) -> None:
    """On the way in, whoever only says so is not let in."""
    stranger = Traveller(role=Role.EMERGENCY, temperature=36.1, asked=True)
    asked = attrs.evolve(asked, direction=Direction.IN, travellers=[*asked.travellers, stranger])
    assert ask(gate, asked, facts).effect is not Effect.ALLOW


def test_a_housemate_of_somebody_in_quarantine_comes_home() -> None:
    """Also where the whole household stays in."""
    facts: list[Fact] = [RESIDENT, LIVES_HERE, household("p-1", "p-7"), QUARANTINED]
    decision = ask(GATES["strict"], crossing("in", resident(temperature=36.1, asked=True)), facts)
    assert decision.effect is Effect.ALLOW
    out = ask(GATES["strict"], crossing("out", resident(temperature=36.1)), facts)
    assert out.effect is Effect.DENY
    assert NOON.isoformat()[:10] not in out.reasons[0].text("zh")
