"""What a hook's mark says of the crossings it is asked about, as members or as their names; nothing else."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from epiguard.crossings import Crossing, Traveller, Vehicle
from epiguard.errors import InvalidValueError
from epiguard.places import Direction, Traffic
from epiguard.policy import Policy
from epiguard.rules import Rule, deny, hookimpl
from epiguard.situation import Situation
from rules.gate import NOON, site_file


@pytest.mark.parametrize("direction", [Direction.OUT, "out"])
@pytest.mark.parametrize("traffic", [Traffic.VEHICLE, "vehicle"])
def test_a_rule_is_asked_about_such_crossings_only(direction: Any, traffic: Any) -> None:
    """By the member or by its name, as everywhere else."""

    @attrs.frozen
    class NoCarsOut(Rule):
        @hookimpl(direction=direction, traffic=traffic)
        def review_crossing(self) -> Any:
            return deny("no", en="no")

    policy = Policy.loads(site_file(), rules=[NoCarsOut])
    for way in Direction:
        for vehicle in (None, Vehicle()):
            asked = Crossing(
                checkpoint="north",
                direction=way,
                at=NOON,
                travellers=[Traveller(person="p-7")],
                vehicle=vehicle,
            )
            decision = policy.decide(asked, Situation.of([], asked, site=policy.site))
            said = any(each.code == "no" for each in decision.verdicts)
            assert said is (way is Direction.OUT and vehicle is not None)


@pytest.mark.parametrize(
    "condition", [{"direction": "OUT"}, {"direction": 1}, {"traffic": True}, {"traffic": ""}]
)
def test_a_word_that_is_none_is_refused_where_it_stands(condition: Any) -> None:
    """A rule that is never asked would be switched off in silence."""
    with pytest.raises(InvalidValueError, match=r"hookimpl\((direction|traffic)=\): expected one of"):
        hookimpl(**condition)
