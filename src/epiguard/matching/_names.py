"""Names: a character wrong, missing, too many or swapped, and parts of long ones."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from epiguard.errors import InvalidValueError
from epiguard.identifiers import PersonName
from epiguard.matching._levels import BLANK, Grade, Kind, Level, heaviest
from epiguard.matching._register import FieldRule, Follow, Lead, NameParts, Record, Register
from epiguard.matching._slips import deletions, slips_between

__all__ = ["NAME", "name_parts"]

SAME: Final = Kind("same name", Level.AGREES, 8500)
ONE_SLIP: Final = Kind("one character", Level.NEAR, 1000, contradicts=True)
PART: Final = Kind("part of the name", Level.NEAR, 150)
OTHER: Final = Kind("another name", Level.DIFFERS, 350)

_LABEL: Final = re.compile(r"^(?:姓名|名字|本人|name)\s*[:\s]\s*", re.IGNORECASE)
_REMARK: Final = re.compile(r"\([^()]*\)?")
_TITLE: Final = re.compile(r"(?<=.)(?:先生|女士|小姐|阿姨|师傅|老师|同志)$")
# What a hand or a typist puts for a character that cannot be read. It differs from every character.
_UNREADABLE: Final = re.compile(r"[*?□■×✕✗◻某]")
_BETWEEN_PARTS: Final = re.compile(r"[ ·]")
_SHORTEST_PART: Final = 2
# Latin letters that are one character and do not come apart into a letter and a mark.
_ONE_LETTER: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_MARKS_ON_LATIN: Final = re.compile("(?<=[a-z])[\u0300-\u036f]+")


def name_parts(name: str) -> NameParts:
    """Prepare a canonical name for comparing; capitals and the marks on Latin letters make no difference.

    Passports and machines leave the marks out (José, JOSE). Müller is Muller; Mueller is one character apart.
    """
    folded = _without_marks(name.casefold())
    parts = _BETWEEN_PARTS.split(folded)
    long = (
        frozenset(part for part in parts if len(part) >= _SHORTEST_PART)
        if len(parts) > 1
        else frozenset((folded,))
    )
    return NameParts(folded, deletions(folded), long)


def _without_marks(name: str) -> str:
    if name.isascii():
        return name
    # Put together again: what is not Latin (Hangul, kana) keeps its marks.
    apart = _MARKS_ON_LATIN.sub("", unicodedata.normalize("NFD", name.translate(_ONE_LETTER)))
    return unicodedata.normalize("NFC", apart)


def _read(text: str) -> NameParts | None:
    folded = _REMARK.sub("", _LABEL.sub("", unicodedata.normalize("NFKC", text).strip()))
    folded = _TITLE.sub("", _UNREADABLE.sub("?", folded).strip())
    try:
        return name_parts(PersonName(folded).value)
    except InvalidValueError:
        return None


def _complete(written: NameParts) -> bool:
    return "?" not in written.text


def _keys(record: Record) -> Iterator[str]:
    for name in record.names:
        yield f"name:{name.text}"
        yield from (f"name-slip:{slip}" for slip in name.slips)
        yield from (f"name-part:{part}" for part in name.parts)


def _leads(written: NameParts) -> Iterator[Lead]:
    yield Lead(f"name:{written.text}", Follow.ALWAYS)
    # Sorted: a set of texts has another order in every process.
    for slip in sorted(written.slips):
        yield Lead(f"name-slip:{slip}", Follow.IF_FEW)
    for part in sorted(written.parts):
        yield Lead(f"name-part:{part}", Follow.IF_FEW)


def _grade(written: NameParts, record: Record, register: Register) -> Grade:
    if not record.names:
        return BLANK
    if len(record.names) == 1:
        return _compare(written, record.names[0], register)
    return max((_compare(written, name, register) for name in record.names), key=heaviest)


def _compare(written: NameParts, name: NameParts, register: Register) -> Grade:
    if written.text == name.text:
        return register.grade(SAME, f"name:{name.text}", OTHER.base)
    shared = written.slips & name.slips
    if shared and slips_between(written.text, name.text, 1) == 1:
        # What is left and agrees: 欧阳 says more than 王.
        sharing = min(register.sharing(f"name-slip:{slip}") for slip in shared)
        return register.grade_shared(ONE_SLIP, sharing, OTHER.base)
    parts = written.parts & name.parts
    if parts:
        sharing = min(register.sharing(f"name-part:{part}") for part in parts)
        return register.grade_shared(PART, sharing, OTHER.base)
    return OTHER.plain


NAME: Final = FieldRule(
    name="name", read=_read, keys=_keys, leads=_leads, grade=_grade, worst=OTHER.base, complete=_complete
)
