"""Daily needs of those who stay in: somebody asks, and an errand to the door is owed."""

from __future__ import annotations

from enum import Enum
from typing import ClassVar

import attrs

from epiguard.facts import Fact
from epiguard.fields import FrozenMapping, as_member, identifier
from epiguard.identifiers import FreeText

__all__ = ["ERRANDS", "Need", "NeedReported"]


class Need(Enum):
    """What somebody needs brought, fetched or looked after."""

    FOOD = "food"
    MEDICINE = "medicine"
    RUBBISH = "rubbish"
    INFANT = "infant"
    PET = "pet"


#: Which errand brings what somebody needs.
ERRANDS = FrozenMapping(
    {
        Need.FOOD: "bring-food",
        Need.MEDICINE: "bring-medicine",
        Need.RUBBISH: "collect-rubbish",
        Need.INFANT: "bring-infant-supplies",
        Need.PET: "look-after-pet",
    }
)


def _need(value: Need | str) -> Need:
    return as_member(Need, value, "NeedReported.need")


def _note(value: FreeText | str) -> FreeText:
    return FreeText.noted(value, "NeedReported.note")


@attrs.frozen(kw_only=True)
class NeedReported(Fact):
    """Somebody who stays in needs something.

    Attributes:
        person: Who.
        need: What kind of thing.
        id: Of the request, so that the same asked twice is one errand.
        note: What exactly; personal.
    """

    named: ClassVar[FrozenMapping[str, str]] = FrozenMapping({"person": "person"})

    person: str = attrs.field(validator=identifier("NeedReported.person"))
    need: Need = attrs.field(converter=_need)
    id: str = attrs.field(validator=identifier("NeedReported.id"))
    note: FreeText = attrs.field(default=FreeText(""), converter=_note)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The person."""
        return (self.person,)
