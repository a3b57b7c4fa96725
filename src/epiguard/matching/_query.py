"""What is known of somebody: a partial record, each field as people wrote it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Self

import attrs

from epiguard.errors import InvalidValueError, kind_of
from epiguard.fields import FrozenMapping
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


def _custom(values: object) -> Mapping[str, PersonalText]:
    if not isinstance(values, Mapping) or not all(isinstance(name, str) for name in values):
        raise InvalidValueError("Query.custom", expected="a text per name of a field", got=kind_of(values))
    read = {name: _text(value) for name, value in values.items()}
    return FrozenMapping({name: text for name, text in sorted(read.items()) if text is not None})


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
        custom: What was written in fields that the application added, by their names.
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
    custom: Mapping[str, PersonalText] = attrs.field(factory=dict, converter=_custom)
    key: str | None = None

    @classmethod
    def of(cls, registration: Registration, *, custom: Mapping[str, str] | None = None) -> Self:
        """What a form says, without the headings that tell nothing about who it is.

        Args:
            registration: The form.
            custom: Headings of the form to fields that the application added,
                such as ``{"工号": "employee_number"}``.
        """
        written = registration.written
        known = {field: written[field] for field in FORM_FIELDS if field in written}
        added = {field: written[heading] for heading, field in (custom or {}).items() if heading in written}
        return cls(key=registration.id, custom=added, **known)

    def written(self, field: str) -> str | None:
        """What was written in a field, plain.

        Args:
            field: One of ``FORM_FIELDS``.
        """
        text: PersonalText | None = getattr(self, field)
        return text.value if text is not None else None

    def __repr__(self) -> str:
        given = [f"{field}=…" for field in FORM_FIELDS if getattr(self, field) is not None]
        given += [f"custom={{{', '.join(f'{name!r}: …' for name in self.custom)}}}"] if self.custom else []
        return f"Query({', '.join([*given, *([f'key={self.key!r}'] if self.key is not None else [])])})"
