"""All fields' rules, in the order of a form, and how a whole record compares with a whole form."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from epiguard.matching._births import BIRTH_DATE, SEX
from epiguard.matching._cards import CARD, PLATE
from epiguard.matching._homes import RESIDENCE
from epiguard.matching._ids import RESIDENT_ID
from epiguard.matching._levels import BLANK, Grade, Level
from epiguard.matching._names import NAME
from epiguard.matching._phones import PHONE
from epiguard.matching._query import Query
from epiguard.matching._register import FieldRule, Record, Register

__all__ = ["RULES", "Reading", "compare", "read"]

#: In the order of ``FORM_FIELDS``.
RULES: Final[tuple[FieldRule[Any], ...]] = (NAME, SEX, BIRTH_DATE, RESIDENT_ID, PHONE, RESIDENCE, PLATE, CARD)

_AT: Final = {rule.name: place for place, rule in enumerate(RULES)}

#: Field name to what could be read of it; fields that say nothing are left out.
Reading = Mapping[str, Any]


def read(query: Query) -> Reading:
    """Read all that was written, loosely; blank and unreadable fields are left out."""
    made = {}
    for rule in RULES:
        written = query.written(rule.name)
        value = rule.read(written) if written is not None else None
        if value is not None:
            made[rule.name] = value
    return made


def compare(reading: Reading, record: Record, register: Register) -> tuple[Grade, ...]:
    """Compare a record with a form, field by field.

    Fields that depend on each other are not counted twice: a resident ID says the birth date and the sex as
    well, and an access card is either in its own field or in place of the room.

    Returns:
        One grade per field, in the order of ``RULES``.
    """
    grades = [
        rule.grade(reading[rule.name], record, register) if rule.name in reading else BLANK for rule in RULES
    ]
    number = grades[_AT["resident_id"]]
    if number.weight > 0 and number.birth_known:
        _count_once(grades, ("resident_id",), ("birth_date", "sex"))
    if grades[_AT["card"]].weight > 0 and grades[_AT["residence"]].kind.name.startswith("card"):
        _count_once(grades, ("card",), ("residence",))
    return tuple(grades)


def _count_once(grades: list[Grade], whole: Sequence[str], parts: Sequence[str]) -> None:
    """Of what says the same twice, let only the heavier side count; what differs counts always."""
    for_whole = [_AT[name] for name in whole]
    for_parts = [_AT[name] for name in parts if grades[_AT[name]].weight > 0]
    heavier = sum(grades[at].weight for at in for_whole) >= sum(grades[at].weight for at in for_parts)
    for at in for_parts if heavier else for_whole:
        if grades[at].kind.level is not Level.DIFFERS:
            grades[at] = grades[at]._replace(weight=0)
