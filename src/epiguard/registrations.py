"""What a form said, as it was written: damage is data, and nothing is corrected here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from enum import Enum
from typing import TypeVar

import attrs

from epiguard.errors import InvalidValueError, kind_of
from epiguard.fields import FrozenMapping, as_day, as_member, instant, optional_identifier, pseudonym
from epiguard.identifiers import PersonalText, Phone, RegionCode, read_phone, read_residence

__all__ = ["FORM_FIELDS", "Registration", "RegistrationSource"]

T = TypeVar("T")

#: The fields of a form that tell who somebody is; the words are those of ``matching.Query``.
FORM_FIELDS = ("name", "sex", "birth_date", "resident_id", "phone", "residence", "plate", "card")


class RegistrationSource(Enum):
    """Where a form came from."""

    PAPER = "paper"
    QUESTIONNAIRE = "questionnaire"
    GATE = "gate"


def _written(fields: Mapping[str, PersonalText | str]) -> Mapping[str, PersonalText]:
    if not isinstance(fields, Mapping) or not all(isinstance(key, str) for key in fields):
        raise InvalidValueError(
            "Registration.written", expected="a text per name of a field", got=kind_of(fields)
        )
    # In one order, so that a form read back from a record lists its answers as it did before.
    ordered = sorted(fields, key=lambda key: (FORM_FIELDS.index(key) if key in FORM_FIELDS else 99, key))
    return FrozenMapping({key: PersonalText.of(fields[key]) for key in ordered})


def _source(value: RegistrationSource | str) -> RegistrationSource:
    return as_member(RegistrationSource, value, "Registration.source")


def _region(value: RegionCode | str | None) -> RegionCode | None:
    return None if value is None else RegionCode.of(value)


def _left_on(value: date | None) -> date | None:
    return as_day(value, "Registration.left_on")


def _arrived_on(value: date | None) -> date | None:
    return as_day(value, "Registration.arrived_on")


@attrs.frozen(kw_only=True)
class Registration:
    """One form: the answers as written, its source, and what could be read of the journey.

    Attributes:
        id: The form's own pseudonymous id, such as ``"paper-0213-17"``.
        source: Paper, questionnaire or gate.
        written: Field name (see ``FORM_FIELDS``, or another heading) to the text as written; what was left
            blank is left out.
        submitted_at: When it was handed in, if known.
        returning_from: The region the person came from, if it could be read.
        left_on: When they left it, if known.
        arrived_on: When they arrived here, if known.
        person: The person, where the form itself came with an identity (a face recognised at the gate).
    """

    id: str = attrs.field(validator=pseudonym("Registration.id", chinese=True))
    source: RegistrationSource = attrs.field(converter=_source)
    written: Mapping[str, PersonalText] = attrs.field(factory=FrozenMapping, converter=_written)
    submitted_at: datetime | None = attrs.field(
        default=None, validator=instant("Registration.submitted_at", optional=True)
    )
    returning_from: RegionCode | None = attrs.field(default=None, converter=_region, repr=False)
    left_on: date | None = attrs.field(default=None, converter=_left_on, repr=False)
    arrived_on: date | None = attrs.field(default=None, converter=_arrived_on, repr=False)
    person: str | None = attrs.field(default=None, validator=optional_identifier("Registration.person"))

    @property
    def subject(self) -> str:
        """The pseudonymous subject under which facts about this form are kept until it is linked."""
        return f"form:{self.id}"

    @property
    def has_phone(self) -> bool:
        """Whether a complete telephone number was written, one that can be called."""
        return isinstance(_read(read_phone, self.written.get("phone")), Phone)

    @property
    def has_door(self) -> bool:
        """Whether an address was written that leads to a building."""
        return _read(read_residence, self.written.get("residence")) is not None


def _read(reader: Callable[[str], T], written: PersonalText | None) -> T | None:
    try:
        return reader(written.value) if written is not None else None
    except InvalidValueError:
        return None
