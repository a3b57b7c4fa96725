"""Resident IDs: whole, in fragments, masked, with slips; and the numbers of other documents."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from epiguard.errors import InvalidValueError
from epiguard.identifiers import ResidentId, read_resident_id
from epiguard.matching._levels import BLANK, Grade, Kind, Level
from epiguard.matching._register import FieldRule, Follow, Lead, Record, Register
from epiguard.matching._slips import slips_between

__all__ = ["OTHER_VALID", "RESIDENT_ID", "SAME"]

SAME: Final = Kind("same number", Level.AGREES, 8800, rare=1000)
DOCUMENT: Final = Kind("same document", Level.AGREES, 8800, rare=100)
SLIPS: Final = Kind("one or two digits", Level.NEAR, 500)
FRAGMENT: Final = Kind("as far as written", Level.NEAR, 8500)
BIRTH_INSIDE: Final = Kind("birth date inside the number", Level.NEAR, 9000)
OTHER: Final = Kind("another number", Level.DIFFERS, 300)
#: Complete, with its check digit, and somebody else's.
OTHER_VALID: Final = Kind("another valid number", Level.DIFFERS, 50)
OTHER_FRAGMENT: Final = Kind("another fragment", Level.DIFFERS, 1000)
_PIECE: Final = Kind("a piece", Level.NEAR, 10_000)

_LENGTH: Final = 18
# GB 11643: six digits of region, eight of the birth date, three of sequence and the check digit.
_PIECES: Final = (("id-region", 0, 6), ("id-birth", 6, 14), ("id-tail", 14, 18))
_SHORTEST_HEAD: Final = 6
_SHORTEST_TAIL: Final = 4
_BIRTH_LENGTH: Final = 8
_MOST_GAPS: Final = 4
#: From so many characters on, a number is meant to be whole.
_LONG: Final = 15
_MOST_SLIPS: Final = 2
#: A number with slips or gaps always says a little less than the same number.
_BELOW_SAME: Final = 1000
_NOT_IN_A_NUMBER: Final = re.compile(r"[^0-9A-Z]+")
_SHORTEST_DOCUMENT: Final = 5


class WrittenId(NamedTuple):
    """What was written: digits, ``?`` for unknown ones; whether valid; the text as a document's number."""

    text: str
    valid: bool
    document: str


def _read(text: str) -> WrittenId | None:
    document = _NOT_IN_A_NUMBER.sub("", unicodedata.normalize("NFKC", text).upper())
    try:
        read = read_resident_id(text)
    except InvalidValueError:
        return WrittenId("", False, document) if len(document) >= _SHORTEST_DOCUMENT else None
    return WrittenId(read.value, isinstance(read, ResidentId), document)


def _complete(written: WrittenId) -> bool:
    return written.valid


def _keys(record: Record) -> Iterator[str]:
    yield from (f"document:{number}" for number in record.documents)
    number = record.resident_id
    if number:
        yield f"id:{number}"
        yield from (f"{piece}:{number[start:end]}" for piece, start, end in _PIECES)
        yield f"id-head:{number[:10]}"
        yield f"id-region-day:{number[:6]}{number[10:14]}"


def _leads(written: WrittenId) -> Iterator[Lead]:
    text = written.text
    yield Lead(f"document:{written.document}", Follow.ALWAYS)
    yield Lead(f"id:{text}", Follow.ALWAYS)
    yield Lead(f"id-region:{text[:6]}", Follow.IF_FEW)
    if len(text) == _LENGTH:
        # For those of whom the register has the birth date alone.
        yield Lead(f"birth:{text[6:10]}-{text[10:12]}-{text[12:14]}", Follow.IF_FEW)
    if written.valid:
        return  # a valid number is nobody else's with a slip in it
    # Whatever two slips spoil, one of these stays whole: tail, birth date, head, region with day and month.
    keys = [
        f"id-tail:{text[-_SHORTEST_TAIL:]}",
        f"id-head:{text[:10]}",
        f"id-region-day:{text[:6]}{text[10:14]}",
    ]
    keys += [f"id-birth:{text[at : at + _BIRTH_LENGTH]}" for at in range(min(len(text) - 7, 9))]
    # A digit too few or too many elsewhere moves a piece.
    keys += [f"id-tail:{text[-_SHORTEST_TAIL - at : -at]}" for at in (1, 2)]
    keys += [f"id-region-day:{text[:6]}{text[at : at + 4]}" for at in (8, 9, 11, 12)]
    yield from (Lead(key, Follow.IF_NEAR) for key in dict.fromkeys(keys) if "?" not in key)


def _grade(written: WrittenId, record: Record, register: Register) -> Grade:
    if written.document in record.documents:
        return register.grade(DOCUMENT, f"document:{written.document}", OTHER.base)
    if not written.text:
        return OTHER.plain if record.documents else BLANK
    if record.resident_id is None:
        return _birth_inside(written, record, register)
    if written.text == record.resident_id:
        same = register.grade(SAME, f"id:{written.text}", OTHER.base)
        return Grade(same.kind, same.weight, birth_known=True)
    if written.valid:
        return OTHER_VALID.plain
    return _damaged(written.text, record.resident_id, register)


def _birth_inside(written: WrittenId, record: Record, register: Register) -> Grade:
    birth = written.text[6:14]
    if record.birth is None or len(written.text) != _LENGTH or "?" in birth:
        return BLANK
    if birth != record.birth:
        return OTHER.plain
    key = f"birth:{birth[:4]}-{birth[4:6]}-{birth[6:]}"
    inside = register.grade(BIRTH_INSIDE, key, OTHER.base)
    return Grade(inside.kind, inside.weight, birth_known=True)


def _damaged(text: str, number: str, register: Register) -> Grade:
    found = _aligned(text, number)
    if found is None:
        return (OTHER if len(text) >= _LONG else OTHER_FRAGMENT).plain
    kind, aligned = found
    weight, birth_known = kind.base, False
    for piece, start, end in _PIECES:
        agreeing = sum(
            mine == theirs for mine, theirs in zip(aligned[start:end], number[start:end], strict=True)
        )
        whole = register.grade(_PIECE, f"{piece}:{number[start:end]}", 0)
        # A piece of which half the characters agree says half as much (an approximation of ours).
        weight += whole.weight * agreeing // (end - start)
        birth_known = birth_known or (piece == "id-birth" and agreeing == end - start)
    most = register.grade(SAME, f"id:{number}", OTHER.base).weight
    return Grade(kind, max(min(weight, most - _BELOW_SAME), OTHER.base), birth_known)


def _aligned(text: str, number: str) -> tuple[Kind, str] | None:
    """How a damaged text can be this number, and the text laid along it, ``?`` where it says nothing."""
    if len(text) == _LENGTH:
        wrong, gaps = _wrong(text, number), text.count("?")
        if wrong == 0:
            return FRAGMENT, text
        # A masked number has lost a piece already, and cannot lose two more.
        if gaps:
            return (SLIPS, text) if wrong == 1 and gaps <= _MOST_GAPS else None
        # Two swaps make four places wrong.
        near = wrong <= 2 * _MOST_SLIPS and slips_between(text, number, _MOST_SLIPS) is not None
        return (SLIPS, text) if near else None
    if slips_between(text, number, _MOST_SLIPS) is not None:
        return SLIPS, _ends(text, number)
    return next(((FRAGMENT, laid) for laid in _laid(text) if not _wrong(laid, number)), None)


def _wrong(text: str, number: str) -> int:
    """How many of the known characters differ."""
    return sum(mine not in ("?", theirs) for mine, theirs in zip(text, number, strict=True))


def _laid(text: str) -> Iterator[str]:
    """Where along a number a fragment may lie."""
    if len(text) >= _LENGTH:
        return
    if "?" in text:
        head, tail = text[: text.index("?")], text[text.rindex("?") + 1 :]
        if len(head) >= _SHORTEST_HEAD or len(tail) >= _SHORTEST_TAIL:
            yield f"{head}{'?' * (_LENGTH - len(head) - len(tail))}{tail}"
        return
    if len(text) >= _SHORTEST_TAIL:
        yield text.rjust(_LENGTH, "?")
    if len(text) >= _SHORTEST_HEAD:
        yield text.ljust(_LENGTH, "?")
    if _BIRTH_LENGTH <= len(text) <= _LENGTH - _SHORTEST_HEAD:
        yield f"??????{text}".ljust(_LENGTH, "?")


def _ends(text: str, number: str) -> str:
    """What agrees from the left and from the right, ``?`` in the middle."""
    left = next((at for at, (a, b) in enumerate(zip(text, number, strict=False)) if a != b), len(number))
    right = next(
        (at for at, (a, b) in enumerate(zip(text[::-1], number[::-1], strict=False)) if a != b), len(number)
    )
    right = min(right, _LENGTH - left)
    return f"{number[:left]}{'?' * (_LENGTH - left - right)}{number[_LENGTH - right :]}"


RESIDENT_ID: Final = FieldRule(
    name="resident_id",
    read=_read,
    keys=_keys,
    leads=_leads,
    grade=_grade,
    worst=OTHER.base,
    complete=_complete,
)
