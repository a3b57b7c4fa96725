"""Crossings: one attempt of a party, on foot or in a vehicle, to go in or out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, time
from enum import Enum

import attrs

from epiguard.errors import InvalidValueError, kind_of
from epiguard.fields import (
    as_celsius,
    as_day,
    as_flag,
    as_member,
    identifier,
    instance,
    instant,
    optional_identifier,
)
from epiguard.identifiers import FreeText, Plate, RegionCode
from epiguard.places import Direction, Traffic
from epiguard.registrations import Registration

__all__ = ["CodeColour", "CodeNotShown", "Crossing", "NotMeasured", "Role", "Traveller", "Vehicle"]


class Role(Enum):
    """What somebody is at this crossing, as the gate sees it; the situation may know better."""

    RESIDENT = "resident"
    VISITOR = "visitor"
    COURIER = "courier"
    STAFF = "staff"
    EMERGENCY = "emergency"


class NotMeasured(Enum):
    """Why no temperature could be taken: a reason with a permitted alternative, not a missing value."""

    INFANT = "infant"
    MEDICAL = "medical"
    DEVICE = "device"


class CodeColour(Enum):
    """The colour of a health code (健康码)."""

    GREEN = "green"
    YELLOW = "yellow"
    RED = "red"


class CodeNotShown(Enum):
    """Why no code could be shown: a reason with a permitted alternative; many people have no phone."""

    NO_PHONE = "no-phone"
    CHILD = "child"
    DEVICE = "device"


def _temperature(value: float | str | None) -> float | None:
    return as_celsius(value, "Traveller.temperature")


def _retested(value: float | str | None) -> float | None:
    return as_celsius(value, "Traveller.retested")


def _role(value: Role | str) -> Role:
    return as_member(Role, value, "Traveller.role")


def _not_measured(value: NotMeasured | str | None) -> NotMeasured | None:
    return None if value is None else as_member(NotMeasured, value, "Traveller.not_measured")


def _health_code(value: CodeColour | str | None) -> CodeColour | None:
    return None if value is None else as_member(CodeColour, value, "Traveller.health_code")


def _code_not_shown(value: CodeNotShown | str | None) -> CodeNotShown | None:
    return None if value is None else as_member(CodeNotShown, value, "Traveller.code_not_shown")


def _asked(value: bool | None) -> bool | None:  # noqa: FBT001 - a converter, as are those below
    return as_flag(value, "Traveller.asked")


def _region(value: RegionCode | str | None) -> RegionCode | None:
    return None if value is None else RegionCode.of(value)


def _returned_on(value: date | None) -> date | None:
    return as_day(value, "Traveller.returned_on")


def _registered(value: bool | None) -> bool | None:  # noqa: FBT001 - a converter
    return as_flag(value, "Traveller.registered")


def _host_agreed(value: bool | None) -> bool | None:  # noqa: FBT001 - a converter
    return as_flag(value, "Traveller.host_agreed")


@attrs.frozen(kw_only=True)
class Traveller:
    """One person of a party, as the gate sees them.

    Attributes:
        person: The pseudonymous id, if the gate knows who it is (a card, a face, a pass).
        role: What they are here; default a resident where ``person`` is given, else a visitor.
        temperature: In degrees Celsius, as first measured.
        retested: As measured again after a rest.
        not_measured: Why it could not be measured.
        exit_pass: The number on the pass they showed.
        asked: Whether they were asked where they come from (必询问).
        returning_from: The region they answered, where they come from another province.
        returned_on: The day they say they arrived; the crossing's own day where missing.
        registered: Whether the guard saw a form or the questionnaire's receipt.
        registration: The form they filled in at the gate.
        health_code: The colour of the health code they showed.
        code_not_shown: Why they could show none.
        clinic_journey: A reference to an arranged journey to a fever clinic.
        host: The person a visitor comes to see.
        host_agreed: The host's answer.
        household: Whose card or key it was, where a door knows no more than that; nothing is asked of it
            where the person is known.
    """

    person: str | None = attrs.field(default=None, validator=optional_identifier("Traveller.person"))
    role: Role = attrs.field(
        default=attrs.Factory(lambda self: Role.RESIDENT if self.person else Role.VISITOR, takes_self=True),
        converter=_role,
    )
    temperature: float | None = attrs.field(default=None, converter=_temperature, repr=False)
    retested: float | None = attrs.field(default=None, converter=_retested, repr=False)
    not_measured: NotMeasured | None = attrs.field(default=None, converter=_not_measured)
    exit_pass: str | None = attrs.field(default=None, validator=optional_identifier("Traveller.exit_pass"))
    asked: bool | None = attrs.field(default=None, converter=_asked)
    returning_from: RegionCode | None = attrs.field(default=None, converter=_region, repr=False)
    returned_on: date | None = attrs.field(default=None, converter=_returned_on, repr=False)
    registered: bool | None = attrs.field(default=None, converter=_registered)
    registration: Registration | None = attrs.field(
        default=None, validator=instance(Registration, "Traveller.registration", optional=True)
    )
    health_code: CodeColour | None = attrs.field(default=None, converter=_health_code, repr=False)
    code_not_shown: CodeNotShown | None = attrs.field(default=None, converter=_code_not_shown)
    clinic_journey: str | None = attrs.field(
        default=None, validator=optional_identifier("Traveller.clinic_journey")
    )
    host: str | None = attrs.field(default=None, validator=optional_identifier("Traveller.host"))
    host_agreed: bool | None = attrs.field(default=None, converter=_host_agreed)
    household: str | None = attrs.field(default=None, validator=optional_identifier("Traveller.household"))


def _plate(value: Plate | str | None) -> Plate | None:
    return None if value is None else Plate.of(value)


def _trunk_opened(value: bool | None) -> bool | None:  # noqa: FBT001 - a converter
    return as_flag(value, "Vehicle.trunk_opened")


def _luggage_found(value: bool | None) -> bool | None:  # noqa: FBT001 - a converter
    return as_flag(value, "Vehicle.luggage_found")


@attrs.frozen(kw_only=True)
class Vehicle:
    """The car a party comes in, and what was looked at."""

    plate: Plate | None = attrs.field(default=None, converter=_plate)
    trunk_opened: bool | None = attrs.field(default=None, converter=_trunk_opened)
    luggage_found: bool | None = attrs.field(default=None, converter=_luggage_found)


def _party(travellers: Sequence[Traveller]) -> tuple[Traveller, ...]:
    party = tuple(travellers) if isinstance(travellers, list | tuple) else ()
    if not party or not all(isinstance(each, Traveller) for each in party):
        raise InvalidValueError(
            "Crossing.travellers",
            expected="a list of at least one Traveller",
            got=kind_of(travellers) if not isinstance(travellers, list | tuple) else f"{len(party)} values",
        )
    known = [each.person for each in party if each.person is not None]
    if len(set(known)) != len(known):
        raise InvalidValueError(
            "Crossing.travellers", expected="every person once", got="the same person id twice"
        )
    return party


def _direction(value: Direction | str) -> Direction:
    return as_member(Direction, value, "Crossing.direction")


def _purpose(value: FreeText | str | None) -> FreeText | None:
    return None if value is None else FreeText.said(value, "Crossing.purpose")


@attrs.frozen(kw_only=True, slots=False)  # a policy copies it, see decisions.changed
class Crossing:
    """One attempt of a party to go in or out at a checkpoint.

    ``at`` is the aware instant; a policy turns it into the site's zone before rules see it, so that
    ``local_time`` and ``local_date`` are the site's.
    """

    checkpoint: str = attrs.field(validator=identifier("Crossing.checkpoint"))
    direction: Direction = attrs.field(converter=_direction)
    at: datetime = attrs.field(validator=instant("Crossing.at"))
    travellers: tuple[Traveller, ...] = attrs.field(converter=_party)
    vehicle: Vehicle | None = attrs.field(
        default=None, validator=instance(Vehicle, "Crossing.vehicle", optional=True)
    )
    purpose: FreeText | None = attrs.field(default=None, converter=_purpose)

    @property
    def local_time(self) -> time:
        """The wall-clock time in the zone ``at`` is given in."""
        return self.at.time()

    @property
    def local_date(self) -> date:
        """The calendar date in the zone ``at`` is given in."""
        return self.at.date()

    @property
    def traffic(self) -> Traffic:
        """Whether the party is on foot or in a vehicle."""
        return Traffic.PEDESTRIAN if self.vehicle is None else Traffic.VEHICLE
