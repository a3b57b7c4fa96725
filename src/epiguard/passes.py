"""Exit passes (出入证): printed cards with dates to strike."""

from __future__ import annotations

from enum import Enum

import attrs

from epiguard.days import DaySpan
from epiguard.fields import as_member, identifier, instance

__all__ = ["ExitPass", "PassColour"]


class PassColour(Enum):
    """Green for villagers, yellow for returnees after their days at home (曹行村's 黄绿两证)."""

    GREEN = "green"
    YELLOW = "yellow"


def _colour(value: PassColour | str) -> PassColour:
    return as_member(PassColour, value, "ExitPass.colour")


@attrs.frozen(kw_only=True)
class ExitPass:
    """A numbered card for one person, valid on the days printed on its back."""

    number: str = attrs.field(validator=identifier("ExitPass.number"))
    person: str = attrs.field(validator=identifier("ExitPass.person"))
    colour: PassColour = attrs.field(converter=_colour)
    valid: DaySpan = attrs.field(validator=instance(DaySpan, "ExitPass.valid"))
