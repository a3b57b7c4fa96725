"""Jindu Road: temperature both ways, returnees of other provinces registered, three gates alike."""

from __future__ import annotations

import tomllib
from datetime import date
from typing import Any

import attrs
import pytest

from at_the_gate import (
    NEIGHBOURS,
    SITES,
    WANG,
    ask,
    at,
    courier,
    crossing,
    load,
    open_ledger,
    quarantined,
    resident,
    visitor,
)
from epiguard import Effect, PersonEnrolled, Registration, Relationship, RelationshipRecorded

POLICY = load("jindu_road")
NOON = at(2, 14, 12, 0)
GATES = ("gate-1", "gate-2", "gate-3")


def test_the_day_example_has_the_same_rules() -> None:
    """Its site file adds doors and what a day's run needs, nothing else; what stands twice does not drift."""
    here = tomllib.loads((SITES / "jindu_road.toml").read_text(encoding="utf-8"))
    example = SITES.parent / "jindu_road" / "site.toml"
    there = tomllib.loads(example.read_text(encoding="utf-8"))
    for only_of_a_day in ("intake", "calls", "report"):
        assert there.pop(only_of_a_day)
    assert there["site"].pop("doors")
    assert here == there


@pytest.mark.parametrize("gate", GATES)
@pytest.mark.parametrize("way", ["in", "out"])
def test_everybody_is_measured_both_ways(gate: str, way: str) -> None:
    """Nobody passes unmeasured, and nobody with a fever; who comes home with one is cared for."""
    unmeasured = ask(POLICY, crossing(gate, way, NOON, resident(temperature=None)))
    assert (unmeasured.effect, unmeasured.lifted_by) == (Effect.HOLD, ("measure-temperature",))
    assert ask(POLICY, crossing(gate, way, NOON, resident())).effect is Effect.ALLOW
    fever = ask(POLICY, crossing(gate, way, NOON, resident(temperature=38.2, retested=38.1)))
    assert fever.effect is Effect.HOLD
    assert [each.kind for each in fever.duties] == ["fever-referral"]


def test_who_returns_from_another_province_registers() -> None:
    """Held until there is a form, on paper or online; with it they go in."""
    back: dict[str, Any] = {"asked": True, "returning_from": "340100"}
    held = ask(POLICY, crossing("gate-1", "in", NOON, resident(**back)))
    assert (held.effect, held.lifted_by) == (Effect.HOLD, ("register",))
    form = Registration(id="paper-1", source="paper", written={"name": "王小明"})
    seen: list[dict[str, Any]] = [{"registered": True}, {"registration": form}]
    for shown in seen:
        assert ask(POLICY, crossing("gate-1", "in", NOON, resident(**back, **shown))).effect is Effect.ALLOW


def test_couriers_and_visitors_wait_at_the_gate() -> None:
    """Goods go on the shelf; a visitor waits for the host."""
    goods = ask(POLICY, crossing("gate-2", "in", NOON, courier(temperature=36.5)))
    assert goods.effect is Effect.DENY
    assert ask(POLICY, crossing("gate-2", "in", NOON, visitor(host="p-7"))).lifted_by[0] == "host-answer"


def test_a_returnee_stays_in_and_three_people_are_told() -> None:
    """Person, family and landlord; the gate knows how long, and the way home stays open."""
    landlord = PersonEnrolled(attrs.evolve(WANG, id="l-1", resident=False, phones=["13700137000"]))
    tie = RelationshipRecorded(Relationship(person="p-7", relation="landlord", contact="l-1"))
    ledger = open_ledger(POLICY, *NEIGHBOURS, landlord, tie, when=NOON)
    ledger.record(quarantined(POLICY, "p-7", date(2020, 2, 13), NOON), by="cadre-3")
    assert sorted(each.kind for each in ledger.duties()) == ["tell-family", "tell-landlord", "tell-returnee"]
    assert ledger.admit(crossing("gate-3", "out", NOON, resident())).effect is Effect.DENY
    assert ledger.admit(crossing("gate-3", "in", NOON, resident())).effect is Effect.ALLOW


def test_one_exit_a_day() -> None:
    """Through whichever of the three gates."""
    ledger = open_ledger(POLICY, *NEIGHBOURS, when=NOON)
    assert ledger.admit(crossing("gate-1", "out", NOON, resident())).effect is Effect.ALLOW
    assert ledger.admit(crossing("gate-1", "in", at(2, 14, 13), resident())).effect is Effect.ALLOW
    assert ledger.admit(crossing("gate-2", "out", at(2, 14, 14), resident())).effect is Effect.DENY
