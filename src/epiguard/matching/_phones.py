"""Telephones: digits missing, wrong, doubled, swapped or masked, a head or a tail alone, a relative's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

from epiguard.errors import InvalidValueError
from epiguard.identifiers import Phone, read_phone
from epiguard.matching._levels import BLANK, Grade, Kind, Level, heaviest
from epiguard.matching._register import FieldRule, Follow, Lead, Record, Register
from epiguard.matching._select import osa_distance

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
_TAIL: Final = 4
_MIDDLE: Final = 3


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


def _keys(record: Record) -> Iterator[str]:
    for digits in record.phones:
        yield f"phone:{digits}"
        cut, end = max(0, len(digits) - _TAIL - _MIDDLE), max(0, len(digits) - _TAIL)
        yield f"phone-head:{digits[:4]}"
        yield f"phone-middle:{digits[cut:end]}"
        yield f"phone-tail:{digits[end:]}"
    yield from (f"family-phone:{digits}" for digits in record.family_phones)


def _leads(written: WrittenPhone) -> Iterator[Lead]:
    digits = written.digits
    yield Lead(f"phone:{digits}", Follow.ALWAYS)
    yield Lead(f"family-phone:{digits}", Follow.IF_FEW)
    # Two slips leave one of the three pieces of a number whole, perhaps a place or two further on.
    keys = [f"phone-head:{digits[at : at + 4]}" for at in range(3)]
    keys += [f"phone-middle:{digits[at : at + _MIDDLE]}" for at in range(1, 7)]
    keys += [
        f"phone-tail:{digits[len(digits) - _TAIL - at : len(digits) - at]}"
        for at in range(3)
        if len(digits) >= _TAIL + at
    ]
    yield from (Lead(key, Follow.IF_NEAR) for key in dict.fromkeys(keys) if "?" not in key)


def _grade(written: WrittenPhone, record: Record, register: Register) -> Grade:
    grades = [_compare(written.digits, digits, register) for digits in record.phones]
    if written.digits in record.family_phones:
        grades.append(register.grade(FAMILY, f"family-phone:{written.digits}", OTHER.base))
    return max(grades, key=heaviest, default=BLANK)


def _compare(written: str, digits: str, register: Register) -> Grade:
    if written == digits:
        return register.grade(SAME, f"phone:{digits}", OTHER.base)
    known = _known(written, digits)
    if known is None and len(written) >= _MEANT_WHOLE:
        slips = osa_distance(written, digits, _MOST_SLIPS)
        if slips <= _MOST_SLIPS:
            kind = ONE_SLIP if slips == 1 else TWO_SLIPS
            return register.grade(kind, f"phone:{digits}", OTHER.base)
    if known is None:
        return OTHER.plain
    most = register.grade(ONE_SLIP, f"phone:{digits}", OTHER.base).weight
    return Grade(AS_FAR, max(OTHER.base, min(AS_FAR.base + known * _DIGIT, most)))


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
