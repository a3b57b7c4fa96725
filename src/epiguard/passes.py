"""Exit passes (出入证): printed cards with dates to strike, how one is asked for, and how one stands."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

import attrs

from epiguard.crossings import NotMeasured
from epiguard.days import DaySpan
from epiguard.fields import as_celsius, as_flag, as_member, identifier, instance, instant

__all__ = ["ExitPass", "PassApplication", "PassColour", "PassState", "RevocationCause"]


class PassColour(Enum):
    """Green for villagers, yellow for returnees after their days at home (曹行村's 黄绿两证)."""

    GREEN = "green"
    YELLOW = "yellow"


class PassState(Enum):
    """How the pass that somebody shows stands on that day."""

    VALID = "valid"
    NOT_YET_VALID = "not-yet-valid"
    EXPIRED = "expired"
    REVOKED = "revoked"
    ANOTHERS = "anothers"
    """It was handed out to somebody else, whether or not it is still good."""
    UNKNOWN = "unknown"


class RevocationCause(Enum):
    """Why a pass is no longer good."""

    LOST = "lost"
    REPLACED = "replaced"
    WITHDRAWN = "withdrawn"


def _colour(value: PassColour | str) -> PassColour:
    return as_member(PassColour, value, "ExitPass.colour")


@attrs.frozen(kw_only=True)
class ExitPass:
    """A numbered card for one person, valid on the days printed on its back."""

    number: str = attrs.field(validator=identifier("ExitPass.number"))
    person: str = attrs.field(validator=identifier("ExitPass.person"))
    colour: PassColour = attrs.field(converter=_colour)
    valid: DaySpan = attrs.field(validator=instance(DaySpan, "ExitPass.valid"))


def _wanted(value: PassColour | str) -> PassColour:
    return as_member(PassColour, value, "PassApplication.colour")


def _asked(value: bool | None) -> bool | None:  # noqa: FBT001 - a converter, as is the next one
    return as_flag(value, "PassApplication.asked")


def _registered(value: bool | None) -> bool | None:  # noqa: FBT001 - a converter
    return as_flag(value, "PassApplication.registered")


def _temperature(value: float | str | None) -> float | None:
    return as_celsius(value, "PassApplication.temperature")


def _not_measured(value: NotMeasured | str | None) -> NotMeasured | None:
    return None if value is None else as_member(NotMeasured, value, "PassApplication.not_measured")


@attrs.frozen(kw_only=True)
class PassApplication:
    """Somebody asks for an exit pass, at the committee's desk.

    Attributes:
        person: Who.
        number: The number printed on the card that would be handed out.
        colour: Its colour.
        valid: The days printed on its back.
        at: When it is asked for.
        asked: Whether they were asked where they have been (必询问).
        registered: Whether their form was seen (必登记).
        temperature: In degrees Celsius (必测温).
        not_measured: Why it could not be measured.
    """

    person: str = attrs.field(validator=identifier("PassApplication.person"))
    number: str = attrs.field(validator=identifier("PassApplication.number"))
    colour: PassColour = attrs.field(converter=_wanted)
    valid: DaySpan = attrs.field(validator=instance(DaySpan, "PassApplication.valid"))
    at: datetime = attrs.field(validator=instant("PassApplication.at"))
    asked: bool | None = attrs.field(default=None, converter=_asked)
    registered: bool | None = attrs.field(default=None, converter=_registered)
    temperature: float | None = attrs.field(default=None, converter=_temperature, repr=False)
    not_measured: NotMeasured | None = attrs.field(default=None, converter=_not_measured)

    @property
    def exit_pass(self) -> ExitPass:
        """The card that is handed out if it is granted."""
        return ExitPass(number=self.number, person=self.person, colour=self.colour, valid=self.valid)
