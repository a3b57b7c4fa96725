"""What is known of somebody: a partial record, each field as people wrote it."""

from __future__ import annotations

from datetime import date
from typing import Self

import attrs

from epiguard.errors import InvalidValueError, kind_of
from epiguard.identifiers import CardNumber, PersonalText, PersonName, Phone, Plate, Residence, ResidentId
from epiguard.registrations import FORM_FIELDS, Registration

__all__ = ["Query"]

_VALUES = (PersonalText, PersonName, ResidentId, Phone, Residence, Plate, CardNumber)


def _text(value: object) -> PersonalText | None:
    if isinstance(value, _VALUES):
        value = value.value
    elif type(value) is date:
        value = value.isoformat()
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    if not isinstance(value, str):
        raise InvalidValueError(
            "Query",
            expected="text as written, a date or nothing",
            got=kind_of(value),
            do="read numbers of a spreadsheet as text",
        )
    return PersonalText(value)


@attrs.frozen(kw_only=True, repr=False)
class Query:
    """A partial record, to be looked up in a register.

    Every field is text as somebody wrote it, damaged or not; blank text is the same as nothing.
    A birth date may be a date.

    Attributes:
        name: The name.
        sex: 男, 女, M, F ...
        birth_date: Whole, or a year, or a year and a month.
        resident_id: The resident ID or another document's number, whole or in part.
        phone: Whole or in part.
        residence: The address.
        plate: A car's number plate.
        card: An access card's number.
        key: The id of the form it comes from, if any: pairs that a human rejected are known by it.
    """

    name: PersonalText | None = attrs.field(default=None, converter=_text)
    sex: PersonalText | None = attrs.field(default=None, converter=_text)
    birth_date: PersonalText | None = attrs.field(default=None, converter=_text)
    resident_id: PersonalText | None = attrs.field(default=None, converter=_text)
    phone: PersonalText | None = attrs.field(default=None, converter=_text)
    residence: PersonalText | None = attrs.field(default=None, converter=_text)
    plate: PersonalText | None = attrs.field(default=None, converter=_text)
    card: PersonalText | None = attrs.field(default=None, converter=_text)
    key: str | None = None

    @classmethod
    def of(cls, registration: Registration) -> Self:
        """What a form says, without the headings that tell nothing about who it is."""
        known = {field: registration.written[field] for field in FORM_FIELDS if field in registration.written}
        return cls(key=registration.id, **known)

    def written(self, field: str) -> str | None:
        """What was written in a field, plain.

        Args:
            field: One of ``FORM_FIELDS``.
        """
        text: PersonalText | None = getattr(self, field)
        return text.value if text is not None else None

    def __repr__(self) -> str:
        given = [f"{field}=…" for field in FORM_FIELDS if getattr(self, field) is not None]
        return f"Query({', '.join([*given, *([f'key={self.key!r}'] if self.key is not None else [])])})"
