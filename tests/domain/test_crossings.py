"""Crossings: what is refused when one is built, so that no rule ever meets it."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from epiguard.crossings import Crossing, NotMeasured, Role, Traveller, Vehicle
from epiguard.errors import InvalidValueError
from epiguard.places import Direction, Traffic

NOON = datetime(2020, 2, 14, 12, tzinfo=UTC)


def crossing(**options: Any) -> Crossing:
    """A crossing of one resident out of the north gate."""
    values = {"checkpoint": "north", "direction": "out", "at": NOON, "travellers": [Traveller(person="p-7")]}
    return Crossing(**{**values, **options})


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, -math.inf, 367, 3.7, 10**400, "warm", "", "1e999", True, [36.5]]
)
def test_an_impossible_temperature_is_refused_when_the_crossing_is_built(value: object) -> None:
    """NaN, infinity, a slip of the decimal point, text that is no number: none of them reaches a rule."""
    with pytest.raises(InvalidValueError, match="degrees Celsius between 30 and 45") as caught:
        Traveller(temperature=value)  # type: ignore[arg-type]  # any value, on purpose
    assert str(value or "-") not in str(caught.value).replace("between 30 and 45", "")
    with pytest.raises(InvalidValueError, match=r"^Traveller\.retested: expected degrees Celsius"):
        Traveller(retested=value)  # type: ignore[arg-type]  # as above


@pytest.mark.parametrize(("value", "expected"), [("36.5", 36.5), (37, 37.0), (None, None), (" 38.0 ", 38.0)])
def test_a_readable_temperature_becomes_a_number(value: object, expected: float | None) -> None:
    """Text from a form that is a number is one; nothing stays nothing."""
    assert Traveller(temperature=value).temperature == expected  # type: ignore[arg-type]  # drawn above


def test_the_role_defaults_to_what_the_gate_can_know() -> None:
    """Somebody with an id is taken for a resident, somebody without for a visitor."""
    assert (Traveller(person="p-7").role, Traveller().role) == (Role.RESIDENT, Role.VISITOR)


def test_a_crossing_is_on_foot_or_in_a_vehicle() -> None:
    """The lane it needs follows from whether there is a vehicle."""
    assert crossing().traffic is Traffic.PEDESTRIAN
    assert crossing(vehicle=Vehicle(plate="沪A·12345")).traffic is Traffic.VEHICLE
    assert crossing(direction=Direction.IN).direction is Direction.IN


def test_assigning_to_a_crossing_raises() -> None:
    """What a rule is given cannot be changed, nor anything inside it."""
    given = crossing(vehicle=Vehicle(plate="沪A·12345"))
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        given.checkpoint = "south"  # type: ignore[misc]  # wrong on purpose
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        given.travellers[0].temperature = 36.5  # type: ignore[misc]  # wrong on purpose
    with pytest.raises(AttributeError, match="Plate is frozen"):
        given.vehicle.plate._value = "沪B12345"  # type: ignore[union-attr]  # wrong on purpose


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (
            {"direction": "sideways"},
            "Crossing.direction: expected one of 'in', 'out', got text of 8 characters",
        ),
        (
            {"at": NOON.replace(tzinfo=None)},
            (
                "Crossing.at: expected a datetime with a time zone, got a datetime without one; "
                "add tzinfo, for example ZoneInfo('Asia/Shanghai')"
            ),
        ),
        ({"travellers": []}, "Crossing.travellers: expected a list of at least one Traveller, got 0 values"),
        (
            {"travellers": [Traveller(person="p-7"), Traveller(person="p-7")]},
            "Crossing.travellers: expected every person once, got the same person id twice",
        ),
        (
            {"checkpoint": "north gate"},
            (
                "Crossing.checkpoint: expected an identifier of 1 to 128 characters without blanks, "
                "got text of 10 characters; use a pseudonym such as 'p-1024', never a name or a number "
                "of the person"
            ),
        ),
        (
            {"travellers": Traveller()},
            ("Crossing.travellers: expected a list of at least one Traveller, got a value of type Traveller"),
        ),
        (
            {"travellers": [Traveller(), None]},
            "Crossing.travellers: expected a list of at least one Traveller, got 2 values",
        ),
        ({"purpose": " "}, "Crossing.purpose: expected some text, got blank text"),
        ({"vehicle": "沪A12345"}, "Crossing.vehicle: expected Vehicle, got text of 7 characters"),
    ],
)
def test_a_bad_crossing_says_what_was_expected(options: dict[str, object], message: str) -> None:
    """Each bad field gets one clear error."""
    with pytest.raises(InvalidValueError) as caught:
        crossing(**options)
    assert str(caught.value) == message


ANY_TRAVELLER: Any = Traveller
ANY_VEHICLE: Any = Vehicle


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ANY_TRAVELLER(person="王 小明"), r"^Traveller\.person: expected an identifier"),
        (lambda: ANY_TRAVELLER(role="mayor"), r"^Traveller\.role: expected one of 'resident', 'visitor'"),
        (lambda: ANY_TRAVELLER(not_measured="busy"), r"^Traveller\.not_measured: expected one of 'infant'"),
        (lambda: ANY_TRAVELLER(asked="yes"), r"^Traveller\.asked: expected True, False or nothing, got text"),
        (lambda: ANY_TRAVELLER(registered=1), r"^Traveller\.registered: .*, got a whole number"),
        (lambda: ANY_TRAVELLER(host_agreed="no"), r"^Traveller\.host_agreed: expected True, False or noth"),
        (lambda: ANY_TRAVELLER(returned_on=NOON), r"^Traveller\.returned_on: expected a date without a time"),
        (lambda: ANY_TRAVELLER(returning_from="Wuhan"), r"^region code: expected six digits"),
        (lambda: ANY_TRAVELLER(registration="r-1"), r"^Traveller\.registration: expected Registration"),
        (lambda: ANY_VEHICLE(trunk_opened="yes"), r"^Vehicle\.trunk_opened: expected True, False or nothing"),
        (lambda: ANY_VEHICLE(luggage_found=0), r"^Vehicle\.luggage_found: .*, got a whole number"),
    ],
)
def test_a_bad_traveller_or_vehicle_says_what_was_expected(make: Any, message: str) -> None:
    """Text or a number is neither a yes nor a no."""
    with pytest.raises(InvalidValueError, match=message):
        make()


def test_strings_are_accepted_where_a_member_stands() -> None:
    """A gate's program sends words."""
    infant = ANY_TRAVELLER(role="visitor", not_measured="infant", returning_from="420106")
    assert (infant.role, infant.not_measured) == (Role.VISITOR, NotMeasured.INFANT)


def test_local_time_and_date_are_those_of_the_given_zone() -> None:
    """A policy turns the instant into the site's zone before rules ask."""
    asked = crossing(at=datetime(2020, 2, 14, 0, 30, tzinfo=ZoneInfo("Asia/Shanghai")))
    assert (asked.local_time, asked.local_date) == (time(0, 30), date(2020, 2, 14))
