"""Screen by region: household registration selects whom to call, and restricts nobody."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given

from epiguard.crossings import Crossing
from epiguard.duties import Duty
from epiguard.errors import InvalidValueError
from epiguard.facts import PersonChanged, PersonEnrolled
from epiguard.people import Person
from epiguard.policy import Policy
from epiguard.rules.screen_by_region import ScreenByRegion
from rules.gate import NOON, crossings, follow, histories, load, slice_of

HUBEI = ScreenByRegion(regions=["420000"])


def enrolled(**options: Any) -> PersonEnrolled:
    """A resident registered in Wuhan."""
    values = {"id": "p-7", "registered_region": "420106", "phones": ["13800138000"], **options}
    return PersonEnrolled(Person(**values), at=NOON)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ({}, ["screen-movements phone"]),
        ({"phones": []}, ["screen-movements door"]),
        ({"registered_region": "420000"}, ["screen-movements phone"]),
        ({"registered_region": "310112"}, []),
        ({"registered_region": None}, []),
        ({"resident": False}, []),
    ],
)
def test_whom_to_call(options: dict[str, Any], expected: list[str]) -> None:
    """Residents of the region, by phone where there is one."""
    duties = [each for each in follow(HUBEI, enrolled(**options)) if isinstance(each, Duty)]
    assert [f"{each.kind} {each.route.value}" for each in duties if each.route] == expected


def test_once_enrolled_is_once_called() -> None:
    """A change is no new enrolment, and enrolling again owes the same duty; two regions owe one call."""
    [duty] = follow(HUBEI, enrolled())
    assert follow(HUBEI, PersonChanged(enrolled().person, at=NOON)) == []
    [again] = follow(ScreenByRegion(regions=["420100", "420000"]), enrolled())
    assert again.id == duty.id
    assert isinstance(duty, Duty)
    assert duty.due == NOON + timedelta(hours=48)
    assert "restricts nobody" in duty.text("en")


def test_counties_and_prefectures_select_fewer() -> None:
    """A region holds what lies in it."""
    assert follow(ScreenByRegion(regions=["420100"]), enrolled())
    assert not follow(ScreenByRegion(regions=["420200"]), enrolled())


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"regions": []}, "ScreenByRegion.regions: expected at least one region, got an empty list"),
        (
            {"regions": "420000"},
            "ScreenByRegion.regions: expected a list of values, got text of 6 characters",
        ),
        (
            {"regions": ["Hubei"]},
            "ScreenByRegion.regions: expected six digits (GB/T 2260), got text of 5 characters",
        ),
        (
            {"regions": ["420000"], "within_hours": 0},
            "ScreenByRegion.within_hours: expected a whole number from 1",
        ),
        (
            {"regions": ["420000", "240000"]},
            "ScreenByRegion.regions: expected regions of provinces that there are (GB/T 2260), got '240000'",
        ),
    ],
)
def test_settings_that_are_refused(settings: dict[str, Any], message: str) -> None:
    """Regions are codes, not names."""
    with pytest.raises(InvalidValueError) as caught:
        ScreenByRegion(**settings)
    assert str(caught.value).startswith(message)


EVERYTHING = ("one-exit-per-day", "quarantine-stays-in", "temperature", "registration-required", "lanes")
GATE: Policy = load(*(f'use = "{use}"' for use in ("admit-kinds", "visitors", "couriers", *EVERYTHING)))


@given(crossings, histories)
def test_where_somebody_is_registered_changes_no_decision(asked: Crossing, facts: list[Any]) -> None:
    """Two people who differ in nothing but their household registration are treated alike."""

    def decided(region: str | None) -> Any:
        moved = [
            attrs.evolve(fact, person=attrs.evolve(fact.person, registered_region=region))
            if isinstance(fact, PersonEnrolled)
            else fact
            for fact in facts
        ]
        return GATE.decide(asked, slice_of(asked, *moved))

    assert decided("420106") == decided("310112") == decided(None)
