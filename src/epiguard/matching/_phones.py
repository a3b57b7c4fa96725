"""Telephones: digits missing, wrong, doubled, swapped or masked, a head or a tail alone, a relative's."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from typing import Final, NamedTuple

from epiguard.errors import InvalidValueError
from epiguard.identifiers import Phone, read_phone
from epiguard.matching._levels import BLANK, Grade, Kind, Level, heaviest
from epiguard.matching._register import FieldRule, Follow, Lead, Record, Register
from epiguard.matching._slips import slips_between

__all__ = ["PHONE", "digits_of"]

SAME: Final = Kind("same number", Level.AGREES, 7800, rare=10)
# Among ten thousand million numbers hardly anybody's is a slip away from one of six thousand by chance.
ONE_SLIP: Final = Kind("one digit", Level.NEAR, 600, rare=64, contradicts=True)
TWO_SLIPS: Final = Kind("two digits", Level.NEAR, 200, rare=16, contradicts=True)
AS_FAR: Final = Kind("as far as written", Level.NEAR, 8500)
FAMILY: Final = Kind("of the same household", Level.NEAR, 800, rare=10)
OTHER: Final = Kind("another number", Level.DIFFERS, 800)

_MOST_SLIPS: Final = 2
_SHORTEST_FRAGMENT: Final = 4
#: Shorter than this, what is written is a fragment rather than a number with slips.
_MEANT_WHOLE: Final = 9
#: The first digits name the network and say little.
_NETWORK: Final = 3
#: One known decimal digit, log2(10) in milli-bits.
_DIGIT: Final = 3321
_HEAD: Final = 4
_MIDDLE: Final = 3
_TAIL: Final = 4
#: Pieces with at most so many unknown digits are looked up with every digit in their place.
_MOST_GAPS: Final = 2


class WrittenPhone(NamedTuple):
    """Digits with ``?`` for unknown ones, and whether the number is complete."""

    digits: str
    complete: bool


def digits_of(phone: Phone) -> str:
    """The digits that are compared: without +86, but with any other country's code."""
    return phone.national if phone.country == "86" else f"{phone.country}{phone.national}"


def _read(text: str) -> WrittenPhone | None:
    try:
        read = read_phone(text)
    except InvalidValueError:
        return None
    if isinstance(read, Phone):
        return WrittenPhone(digits_of(read), complete=True)
    return WrittenPhone(read.value, complete=False) if read.known >= _SHORTEST_FRAGMENT else None


def _complete(written: WrittenPhone) -> bool:
    return written.complete


def _pieces(digits: str) -> tuple[str, str, str]:
    """Head, middle and tail. Two slips leave one of them whole, unless one is a swap from piece to piece."""
    middle, tail = max(0, len(digits) - _TAIL - _MIDDLE), max(0, len(digits) - _TAIL)
    return digits[:_HEAD], digits[middle:tail], digits[tail:]


def _keys(record: Record) -> Iterator[str]:
    for digits in record.phones:
        head, middle, tail = _pieces(digits)
        yield f"phone:{digits}"
        yield f"phone-head:{head}"
        yield f"phone-middle:{middle}"
        yield f"phone-tail:{tail}"
    yield from (f"family-phone:{digits}" for digits in record.family_phones)


def _leads(written: WrittenPhone) -> Iterator[Lead]:
    digits = written.digits
    yield Lead(f"phone:{digits}", Follow.ALWAYS)
    yield Lead(f"family-phone:{digits}", Follow.IF_FEW)
    head, middle, tail = _pieces(digits)
    keys = [f"phone-head:{each}" for each in _filled(head)]
    keys += [f"phone-middle:{each}" for each in _filled(middle)]
    keys += [f"phone-tail:{each}" for each in _filled(tail)]
    # A digit too few or too many elsewhere moves a piece by a place or two.
    keys += [f"phone-head:{digits[at : at + _HEAD]}" for at in (1, 2)]
    keys += [f"phone-middle:{digits[at : at + _MIDDLE]}" for at in range(1, 8)]
    keys += [f"phone-tail:{digits[-_TAIL - at : -at]}" for at in (1, 2)]
    yield from (Lead(key, Follow.IF_NEAR) for key in dict.fromkeys(keys) if "?" not in key)


def _filled(piece: str) -> Iterator[str]:
    """The piece with every digit in each unknown place, where there are few."""
    gaps = piece.count("?")
    if gaps <= _MOST_GAPS:
        shape = piece.replace("?", "{}")
        yield from (shape.format(*digits) for digits in product("0123456789", repeat=gaps))


def _grade(written: WrittenPhone, record: Record, register: Register) -> Grade:
    grades = [_compare(written.digits, digits, register) for digits in record.phones]
    if written.digits in record.family_phones:
        grades.append(register.grade(FAMILY, f"family-phone:{written.digits}", OTHER.base))
    return max(grades, key=heaviest, default=BLANK)


def _compare(written: str, digits: str, register: Register) -> Grade:
    key = f"phone:{digits}"
    if written == digits:
        return register.grade(SAME, key, OTHER.base)
    known = _known(written, digits)
    if known is not None:
        most = register.grade(ONE_SLIP, key, OTHER.base).weight
        return Grade(AS_FAR, max(OTHER.base, min(AS_FAR.base + known * _DIGIT, most)))
    if len(written) < _MEANT_WHOLE or not any(piece in written for piece in _pieces(digits)):
        return OTHER.plain
    slips = slips_between(written, digits, _MOST_SLIPS)
    if slips is None:
        return OTHER.plain
    return register.grade(ONE_SLIP if slips == 1 else TWO_SLIPS, key, OTHER.base)


def _known(written: str, digits: str) -> int | None:
    """How many digits after the network's are known and agree, where a number is masked or a fragment."""
    if "?" in written:
        if len(written) == len(digits):
            agree = all(mine in ("?", theirs) for mine, theirs in zip(written, digits, strict=True))
            return sum(mine != "?" for mine in written[_NETWORK:]) if agree else None
        head, tail = written[: written.index("?")], written[written.rindex("?") + 1 :]
        if len(head) + len(tail) < _SHORTEST_FRAGMENT or not (
            digits.startswith(head) and digits.endswith(tail)
        ):
            return None
        return max(0, len(head) - _NETWORK) + len(tail)
    if len(written) >= min(_MEANT_WHOLE, len(digits)):
        return None
    if digits.endswith(written):
        return len(written)
    return len(written) - _NETWORK if digits.startswith(written) else None


PHONE: Final = FieldRule(
    name="phone", read=_read, keys=_keys, leads=_leads, grade=_grade, worst=OTHER.base, complete=_complete
)
