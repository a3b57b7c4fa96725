"""Fields that an embedding application adds, and how what is written in them is compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from enum import Enum
from typing import Final

import attrs

from epiguard.errors import InvalidValueError, kind_of
from epiguard.fields import as_member
from epiguard.matching._texts import name_folded
from epiguard.registrations import FORM_FIELDS

__all__ = ["Comparator", "CustomField", "Values", "checked_fields", "folded_values"]

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,63}")
_TAKEN: Final = {*FORM_FIELDS, "person_id", "key"}
#: More fields than this would say the same of a person again and again.
_MOST_FIELDS: Final = 16
#: What is longer is no number and no name, and would only be compared slowly.
_LONGEST: Final = 200

#: What people have in custom fields: by the person's id and the field's name, one text or several.
Values = Mapping[str, Mapping[str, str | Iterable[str]]]


class Comparator(Enum):
    """How two texts of a field compare. Capitals, full-width characters and outer spaces never count.

    ``EXACT``: the same or another; nothing is near. For passports and whatever is copied by machines.
    ``CODE``: letters and digits alone count, whatever stands between them. One character wrong, missing, too
    many or two swapped is near, and so are its last four or more. For numbers that people write down.
    ``WORDS``: words in any order, without the marks on Latin letters; one character is near. For names in
    Latin letters.
    """

    EXACT = "exact"
    CODE = "code"
    WORDS = "words"


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split())


def _code(text: str) -> str:
    return "".join(each for each in _plain(text) if each.isalnum()).upper()


def _words(text: str) -> str:
    return " ".join(sorted(re.split(r"[^\w]+", name_folded(_plain(text))))).strip().upper()


_FOLDINGS: Final = {Comparator.EXACT: _plain, Comparator.CODE: _code, Comparator.WORDS: _words}


def _comparator(value: Comparator | str) -> Comparator:
    return as_member(Comparator, value, "CustomField.comparator")


def _field_name(_: object, __: object, name: str) -> None:
    if not isinstance(name, str) or not _NAME.fullmatch(name) or name in _TAKEN:
        raise InvalidValueError(
            "CustomField.name",
            expected="a small letter, and small letters, digits and _ after it, and no field of a form",
            got=kind_of(name),
        )


@attrs.frozen
class CustomField:
    """A field that an application adds to those of a form.

    Attributes:
        name: What it is called in queries, in evidence and as a column of a table: ``"employee_number"``.
        comparator: How what is written is compared with what the register has.
    """

    name: str = attrs.field(validator=_field_name)
    comparator: Comparator = attrs.field(default=Comparator.CODE, converter=_comparator)

    @property
    def exact(self) -> bool:
        """Whether only the very same counts."""
        return self.comparator is Comparator.EXACT

    def folded(self, text: str) -> str:
        """A text in the form that is compared; blank where nothing of it counts."""
        return _FOLDINGS[self.comparator](text)[:_LONGEST]


def checked_fields(fields: Iterable[CustomField]) -> tuple[CustomField, ...]:
    """Check that there are not too many fields and that no two have one name.

    Raises:
        InvalidValueError: If so, or if something is no field.
    """
    made = tuple(fields)
    for each in made:
        if not isinstance(each, CustomField):
            raise InvalidValueError("fields", expected="CustomField objects", got=kind_of(each))
    names = [each.name for each in made]
    if len(set(names)) != len(names):
        raise InvalidValueError("fields", expected="each name once", got="a name twice")
    if len(names) > _MOST_FIELDS:
        raise InvalidValueError("fields", expected=f"{_MOST_FIELDS} at most", got=f"{len(names)}")
    return made


def number_of(fields: Sequence[CustomField], name: str, where: str) -> int:
    """The number of a field by its name.

    Raises:
        InvalidValueError: If there is none; says which there are.
    """
    for number, field in enumerate(fields):
        if field.name == name:
            return number
    known = ", ".join(field.name for field in fields) or "none"
    raise InvalidValueError(
        where,
        expected=f"a field that the index was built with ({known})",
        got="another",
        do="name it in fields= when the index is built",
    )


def folded_values(
    fields: Sequence[CustomField], values: Mapping[str, str | Iterable[str]], where: str
) -> tuple[tuple[int, str], ...]:
    """Number and folded text of what one person has, or one query says, in custom fields.

    Args:
        fields: The index's.
        values: By the field's name, one text or several; what is blank is left out.
        where: What to call the place in a message.

    Raises:
        InvalidValueError: If there is no such field, or a value is no text; never shows the value.
    """
    made: dict[tuple[int, str], None] = {}
    for name, several in values.items():
        number = number_of(fields, name, f"{where}, {name!r}")
        for text in (several,) if isinstance(several, str) or several is None else several:
            if text is not None and not isinstance(text, str):
                raise InvalidValueError(
                    f"{where}, {name!r}", expected="text, or several texts", got=kind_of(text)
                )
            folded = fields[number].folded(text) if text else ""
            if folded:
                made[number, folded] = None
    return tuple(made)
