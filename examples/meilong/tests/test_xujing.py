"""Xujing village: who is registered in Hubei is phoned within two days; the gates do as the neighbours'."""

from __future__ import annotations

from datetime import timedelta

import attrs

from at_the_gate import WANG, ZHAO, ask, at, courier, crossing, load, open_ledger, resident, visitor
from epiguard import Effect, PersonEnrolled

POLICY = load("xujing")
NOON = at(2, 14, 12, 0)


def test_who_is_registered_in_hubei_is_phoned_within_two_days() -> None:
    """Selected by household registration and restricted by nothing: the gate opens as for anybody."""
    ledger = open_ledger(POLICY, when=NOON)
    ledger.record(PersonEnrolled(attrs.evolve(WANG, registered_region="420106"), at=NOON), by="register")
    ledger.record(PersonEnrolled(attrs.evolve(ZHAO, registered_region="310112"), at=NOON), by="register")
    [call] = ledger.duties()
    assert (call.kind, call.subject) == ("screen-movements", "p-7")
    assert call.due == NOON + timedelta(hours=48)
    for way in ("out", "in"):
        assert ledger.admit(crossing("north", way, NOON, resident(asked=True))).effect is Effect.ALLOW


def test_ask_register_measure() -> None:
    """As at the neighbouring village: each holds on its own."""
    nothing = ask(POLICY, crossing("south", "in", NOON, resident(temperature=None)))
    assert set(nothing.lifted_by) == {"ask", "measure-temperature"}
    back = ask(POLICY, crossing("south", "in", NOON, resident(asked=True, returning_from="420106")))
    assert back.lifted_by == ("register",)


def test_parcels_stay_and_visitors_wait() -> None:
    """Neither goes in unasked."""
    goods = ask(POLICY, crossing("north", "in", NOON, courier(temperature=36.5, asked=True)))
    assert goods.effect is Effect.DENY
    assert ask(POLICY, crossing("north", "in", NOON, visitor(asked=True))).lifted_by[0] == "host-answer"
