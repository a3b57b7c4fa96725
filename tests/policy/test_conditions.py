"""What a hook's mark says of the crossings it is asked about, as members or as their names; nothing else."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from epiguard.crossings import Crossing, Role, Traveller, Vehicle
from epiguard.errors import InvalidValueError
from epiguard.facts import Fact
from epiguard.places import Direction, Traffic
from epiguard.policy import Policy
from epiguard.rules import Rule, deny, hookimpl
from epiguard.situation import Situation
from rules.gate import NOON, RESIDENT, site_file


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


@attrs.frozen
class NoCouriers(Rule):
    """Speaks of couriers alone, and answers every one it is shown."""

    @hookimpl(roles=["courier"])
    def review_crossing(self, situation: Situation) -> Any:
        """No to each."""
        return [deny("no", en="no", about=each) for each in situation.standings]


def denied(policy: Policy, *travellers: Traveller, facts: tuple[Fact, ...] = ()) -> list[int | None]:
    """Whom it denies of a party on the way in."""
    asked = Crossing(checkpoint="north", direction="in", at=NOON, travellers=travellers)
    decision = policy.decide(asked, Situation.of(facts, asked, site=policy.site))
    return [each.traveller for each in decision.verdicts if each.code == "no"]


def test_a_rule_is_asked_where_somebody_has_such_a_role() -> None:
    """Alone or in a party, of which it sees the others too."""
    policy = Policy.loads(site_file(), rules=[NoCouriers])
    courier, resident, visitor = (Traveller(role=each) for each in ("courier", "resident", "visitor"))
    assert denied(policy, courier) == [0]
    assert denied(policy, resident) == denied(policy, visitor) == denied(policy, resident, visitor) == []
    assert denied(policy, resident, courier) == [0, 1]


def test_whom_an_entry_does_not_apply_to_it_is_not_asked_for() -> None:
    """A courier beside a returnee counts where the entry is for couriers, not where it is for returnees."""
    back = Traveller(role="resident", returning_from="420000")
    for kind, expected in (("courier", [1]), ("returnee", [])):
        policy = Policy.loads(site_file(f'use = "no-couriers"\napplies_to = ["{kind}"]'), rules=[NoCouriers])
        assert denied(policy, back, Traveller(role="courier")) == expected


def test_a_visitor_who_lives_here_has_a_residents_role() -> None:
    """As for the rules, whatever the gate called them."""

    @attrs.frozen
    class OfResidents(Rule):
        @hookimpl(roles=[Role.RESIDENT])
        def review_crossing(self) -> Any:
            return deny("no", en="no")

    policy = Policy.loads(site_file(), rules=[OfResidents])
    visitor = Traveller(person="p-7", role="visitor")
    assert denied(policy, visitor, facts=(RESIDENT,)) == [None]
    assert denied(policy, visitor) == []


@pytest.mark.parametrize("roles", [["guest"], "courier", [], 5])
def test_roles_that_are_none_are_refused(roles: Any) -> None:
    """A rule for nobody would never be asked."""
    with pytest.raises(InvalidValueError, match=r"hookimpl\(roles=\): expected (one of|a list|at least one)"):
        hookimpl(roles=roles)


@pytest.mark.parametrize(
    "condition", [{"direction": "OUT"}, {"direction": 1}, {"traffic": True}, {"traffic": ""}]
)
def test_a_word_that_is_none_is_refused_where_it_stands(condition: Any) -> None:
    """A rule that is never asked would be switched off in silence."""
    with pytest.raises(InvalidValueError, match=r"hookimpl\((direction|traffic)=\): expected one of"):
        hookimpl(**condition)
