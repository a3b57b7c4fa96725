"""Admit kinds: who may pass in principle."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from epiguard.crossings import Crossing, Role, Traveller
from epiguard.decisions import Effect
from epiguard.errors import InvalidValueError
from epiguard.facts import PersonEnrolled, PersonLeft
from epiguard.people import Person
from epiguard.places import Direction
from epiguard.rules.admit_kinds import AdmitKinds
from rules.gate import NOON, RESIDENT, codes, crossing, crossings, form, histories, resident, review

ELSEWHERE = PersonEnrolled(Person(id="l-3", resident=False))
RETURNEE = {"person": None, "role": "resident", "returning_from": "420106"}


@pytest.mark.parametrize(
    ("direction", "options", "expected"),
    [
        ("in", {}, ["allow admitted"]),
        ("out", {}, ["allow admitted"]),
        ("in", {"role": "visitor"}, ["allow admitted"]),
        ("in", {"role": "courier"}, ["allow admitted"]),
        ("in", {"role": "emergency"}, ["allow admitted"]),
        ("in", {"person": None, "role": "staff"}, ["allow admitted"]),
        ("in", {"person": "s-1", "role": "staff"}, ["allow admitted"]),
        ("in", {"person": None, "role": "visitor"}, []),
        ("in", {"person": None, "role": "courier"}, []),
        ("in", {"person": None, "role": "emergency"}, []),
        ("out", {"person": None, "role": "visitor"}, ["allow may-leave"]),
        ("out", {"person": None, "role": "courier"}, ["allow may-leave"]),
        ("out", {"person": None, "role": "emergency"}, ["allow may-leave"]),
        ("in", {"person": None, "role": "resident"}, ["hold unknown-resident"]),
        ("in", {"person": "p-99"}, ["hold unknown-resident"]),
        ("out", {"person": "p-99"}, ["hold unknown-resident"]),
        ("in", {"person": "l-3"}, ["hold lives-elsewhere"]),
        ("out", {"person": "l-3"}, ["allow may-leave"]),
        ("in", {"person": "l-3", "role": "visitor"}, []),
        ("in", RETURNEE, ["hold unknown-resident"]),
        ("in", {**RETURNEE, "registered": True}, ["allow first-arrival"]),
        ("in", {**RETURNEE, "registration": form(name="李四")}, ["allow first-arrival"]),
        ("in", {"person": None, "role": "resident", "registered": True}, ["hold unknown-resident"]),
        ("out", {**RETURNEE, "registered": True}, ["hold unknown-resident"]),
    ],
)
def test_who_may_pass_in_principle(direction: str, options: dict[str, Any], expected: list[str]) -> None:
    """Residents and staff may; whoever else is inside may leave."""
    assert codes(AdmitKinds(), crossing(direction, resident(**options)), RESIDENT, ELSEWHERE) == expected


def test_somebody_who_left_is_not_known_any_more() -> None:
    """A card that goes on living after its holder moved away opens nothing."""
    gone = PersonLeft(person="p-7", reason="moved", at=NOON)
    assert codes(AdmitKinds(), crossing("in", resident()), RESIDENT, gone) == ["hold unknown-resident"]


@pytest.mark.parametrize(
    ("settings", "direction", "options", "expected"),
    [
        ({"unknown_residents": "allow"}, "in", {"person": "p-99"}, ["allow admitted"]),
        ({"outsiders_leave": False}, "out", {"person": None, "role": "visitor"}, []),
        ({"kinds": ["staff"]}, "in", {}, []),
        ({"kinds": ["staff"]}, "in", {"person": "p-99"}, []),
        ({"kinds": ["staff"]}, "out", {}, ["allow may-leave"]),
        ({"kinds": ["resident", "visitor"]}, "in", {"person": None, "role": "visitor"}, ["allow admitted"]),
    ],
)
def test_settings(
    settings: dict[str, Any], direction: str, options: dict[str, Any], expected: list[str]
) -> None:
    """A closed market admits its staff alone, and everybody may still go home from there."""
    assert codes(AdmitKinds(**settings), crossing(direction, resident(**options)), RESIDENT) == expected


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"kinds": []}, "AdmitKinds.kinds: expected at least one kind, got an empty list"),
        (
            {"kinds": ["emergency"]},
            "AdmitKinds.kinds: expected kinds that may pass on every day, got 'emergency'",
        ),
        ({"kinds": "staff"}, "AdmitKinds.kinds: expected a list of values, got text of 5 characters"),
        ({"kinds": ["guest"]}, "AdmitKinds.kinds: expected one of 'resident', 'visitor', 'courier', 'staff'"),
        ({"unknown_residents": "deny"}, "AdmitKinds.unknown_residents: expected one of 'hold', 'allow'"),
        ({"outsiders_leave": "no"}, "AdmitKinds.outsiders_leave: expected bool, got text of 2 characters"),
    ],
)
def test_settings_that_are_refused(settings: dict[str, Any], message: str) -> None:
    """Emergencies are let through by a named person and not by a list."""
    with pytest.raises(InvalidValueError) as caught:
        AdmitKinds(**settings)
    assert str(caught.value).startswith(message)


@given(crossings, histories)
def test_laws(asked: Crossing, facts: list[Any]) -> None:
    """It never denies; the role of an emergency admits nobody; no outsider is trapped inside."""
    verdicts = review(AdmitKinds(), asked, *facts)
    assert all(each.effect is not Effect.DENY for each in verdicts)
    known = {each.person.id for each in facts if isinstance(each, PersonEnrolled)}
    for index, traveller in enumerate(asked.travellers):
        about = [each for each in verdicts if each.traveller == index]
        assert len(about) <= 1
        if (
            asked.direction is Direction.IN
            and traveller.role is Role.EMERGENCY
            and traveller.person not in known
        ):
            assert not about
        if asked.direction is Direction.OUT and traveller.role is not Role.RESIDENT:
            assert about[0].grants


def test_a_claimed_resident_is_identified_or_asked_as_a_visitor() -> None:
    """The hold names what lifts it, and the text the other way out."""
    [verdict] = review(AdmitKinds(), crossing("out", Traveller(role="resident")))
    assert verdict.lifted_by == "identify"
    assert "visitor" in verdict.text("en")
    assert "访客" in verdict.text("zh")
