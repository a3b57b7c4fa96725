"""Minjian village: its own people at the roadblocks; ask, register, measure; couriers wait."""

from __future__ import annotations

import pytest

from at_the_gate import ask, at, courier, crossing, load, reasons, resident, visitor
from epiguard import Effect

POLICY = load("minjian")
NOON = at(2, 14, 12, 0)


@pytest.mark.parametrize("gate", ["main", "river"])
def test_ask_register_measure(gate: str) -> None:
    """Each of the three holds on its own, and names what lifts it."""
    nothing = ask(POLICY, crossing(gate, "in", NOON, resident(temperature=None)))
    assert set(nothing.lifted_by) == {"ask", "measure-temperature"}
    back = ask(POLICY, crossing(gate, "in", NOON, resident(asked=True, returning_from="420106")))
    assert back.lifted_by == ("register",)
    assert ask(POLICY, crossing(gate, "in", NOON, resident(asked=True))).effect is Effect.ALLOW


def test_couriers_wait_for_the_receiver() -> None:
    """The houses lie far apart: a parcel is handed over at the roadblock."""
    decision = ask(POLICY, crossing("main", "in", NOON, courier(temperature=36.5, asked=True)))
    assert (decision.effect, decision.lifted_by[0]) == (Effect.HOLD, "receiver-comes")
    assert reasons(decision)[0] == "请在道口等候收件人领取"


def test_visitors_wait_for_the_host() -> None:
    """And go in when the host agrees."""
    aunt = visitor(asked=True, host="p-7")
    assert ask(POLICY, crossing("main", "in", NOON, aunt)).lifted_by[0] == "host-answer"
    agreed = visitor(asked=True, host="p-7", host_agreed=True)
    assert ask(POLICY, crossing("main", "in", NOON, agreed)).effect is Effect.ALLOW
