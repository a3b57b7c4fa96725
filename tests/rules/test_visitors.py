"""Visitors: the host has the last word."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from epiguard.crossings import Crossing, Role
from epiguard.decisions import Effect
from epiguard.errors import InvalidValueError
from epiguard.rules.visitors import Visitors
from rules.gate import RESIDENT, codes, crossing, crossings, histories, resident, review

VISITOR = {"person": None, "role": "visitor", "host": "p-7"}


@pytest.mark.parametrize(
    ("direction", "options", "holding", "denying"),
    [
        ("in", VISITOR, ["hold host-asked"], ["deny no-visitors"]),
        ("in", {**VISITOR, "host_agreed": True}, ["allow host-agreed"], ["deny no-visitors"]),
        ("in", {**VISITOR, "host_agreed": False}, ["deny host-declined"], ["deny no-visitors"]),
        ("out", VISITOR, ["allow visitor-leaves"], ["allow visitor-leaves"]),
        ("in", {}, [], []),
        ("in", {"role": "visitor"}, [], []),
        ("in", {"person": None, "role": "courier"}, [], []),
    ],
)
def test_what_a_visitor_is_told(
    direction: str, options: dict[str, Any], holding: list[str], denying: list[str]
) -> None:
    """A visitor who lives here is a resident and none of this rule's business."""
    asked = crossing(direction, resident(**options))
    assert codes(Visitors(), asked, RESIDENT) == holding
    assert codes(Visitors(answer="deny"), asked, RESIDENT) == denying


def test_letting_everybody_in_is_another_rule() -> None:
    """The message says which."""
    with pytest.raises(InvalidValueError) as caught:
        Visitors(answer="allow")
    assert str(caught.value) == (
        "Visitors.answer: expected 'hold' or 'deny', got 'allow'; "
        "to let visitors in, name 'visitor' in the kinds of admit-kinds"
    )


@given(crossings, histories)
def test_laws(asked: Crossing, facts: list[Any]) -> None:
    """Without the host's yes no visitor is let in, and every visitor may leave."""
    for verdict in review(Visitors(), asked, *facts):
        assert verdict.traveller is not None
        traveller = asked.travellers[verdict.traveller]
        assert traveller.role is Role.VISITOR
        may_pass = asked.direction.value == "out" or traveller.host_agreed is True
        assert (verdict.effect is Effect.ALLOW) == may_pass
