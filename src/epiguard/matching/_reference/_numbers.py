"""Birth dates, resident IDs and telephones: digits wrong, missing, masked or swapped, and fragments."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from epiguard.matching._keys import Family
from epiguard.matching._kinds import K
from epiguard.matching._reading import Reading
from epiguard.matching._records import Record
from epiguard.matching._reference._view import Grade, View
from epiguard.matching._slips import slips_between

__all__ = [
    "agreeing_inside",
    "compare_birth",
    "compare_identity",
    "compare_phone",
    "compare_sex",
    "laid",
    "laid_along",
]

#: In how many parts of a register people's years, months and days divide it. Ours, rounded.
YEARS, MONTHS, DAYS = 80, 12, 30
#: The last four characters of a resident ID are three digits of sequence and one of eleven check digits.
_TAILS: Final = 10_000
_LENGTH: Final = 18
_SHORTEST_HEAD: Final = 6
_SHORTEST_TAIL: Final = 4
_BIRTH_LENGTH: Final = 8
_MOST_GAPS: Final = 4
#: From so many characters on, a number is meant to be whole.
_LONG: Final = 15
_MOST_SLIPS: Final = 2
#: A number with slips or gaps always says a little less than the same number.
_BELOW_SAME: Final = 1000
#: Shorter than this, what is written is a fragment rather than a number with slips.
_MEANT_WHOLE: Final = 9
#: The first digits name the network and say little.
_NETWORK: Final = 3
#: One known decimal digit, log2(10) in milli-bits.
_DIGIT: Final = 3321
_SHORTEST_ENDS: Final = 4


def compare_sex(reading: Reading, record: Record, view: View) -> Grade:
    """The sex."""
    if not record.sex:
        return K.ABSENT, 0
    if record.sex != reading.sex:
        return view.plain(K.OTHER_SEX)
    return view.grade(K.SAME_SEX, view.counted(1 if record.sex == "M" else 2))


def compare_birth(  # noqa: PLR0911 - one way out per way of differing
    reading: Reading, record: Record, view: View
) -> Grade:
    """The birth date: the same, as far as written, day and month swapped, one part wrong."""
    written, known = reading.birth, record.birth
    if not known:
        return K.ABSENT, 0
    parts = [(written[:4], known[:4]), (written[4:6], known[4:6]), (written[6:], known[6:])]
    gaps = ["?" in mine for mine, _ in parts]
    if written == known:
        return view.grade(K.SAME_DAY, view.count(Family.BIRTH, known))
    if any(gaps):
        agree = all(gap or mine == theirs for gap, (mine, theirs) in zip(gaps, parts, strict=True))
        if not agree:
            return view.plain(K.OTHER_DAY)
        said = (1 if gaps[0] else YEARS) * (1 if gaps[1] else MONTHS) * (1 if gaps[2] else DAYS)
        return view.grade(K.DAY_AS_FAR, view.population // said)
    if written[:4] + written[6:] + written[4:6] == known:
        return view.grade(K.DAY_SWAPPED, view.count(Family.BIRTH, known))
    same = [mine == theirs for mine, theirs in parts]
    if sum(same) == 2:
        said = (YEARS if same[0] else 1) * (MONTHS if same[1] else 1) * (DAYS if same[2] else 1)
        return view.grade(K.TWO_OF_THREE, view.population // said)
    return view.plain(K.OTHER_DAY)


def compare_identity(reading: Reading, record: Record, view: View) -> tuple[K, int, bool]:
    """The resident ID, or another document's number; and whether the birth date inside it agreed."""
    if reading.document and reading.document in record.documents:
        return *view.grade(K.DOCUMENT, view.count(Family.DOCUMENT, reading.document)), False
    written = reading.identity
    if not written:
        return (*view.plain(K.OTHER_ID), False) if record.documents else (K.ABSENT, 0, False)
    if not record.resident_id:
        return _birth_inside(written, record, view)
    if written == record.resident_id:
        return *view.grade(K.SAME_ID, 1), True
    if reading.identity_valid:
        return *view.plain(K.OTHER_VALID_ID), False
    return _damaged(written, record.resident_id, view)


def _birth_inside(written: str, record: Record, view: View) -> tuple[K, int, bool]:
    birth = written[6:14]
    if not record.birth or len(written) != _LENGTH or "?" in birth:
        return K.ABSENT, 0, False
    if birth != record.birth:
        return *view.plain(K.OTHER_ID), False
    return *view.grade(K.BIRTH_INSIDE, view.count(Family.BIRTH, birth)), True


def _damaged(written: str, number: str, view: View) -> tuple[K, int, bool]:
    found = laid_along(written, number)
    if found is None:
        return *view.plain(K.OTHER_ID if len(written) >= _LONG else K.OTHER_FRAGMENT), False
    kind, aligned = found
    weight = view.plain(kind)[1]
    agreeing = [agreeing_inside(aligned, number, *ends) for ends in ((0, 6), (6, 14), (14, 18))]
    whole = (
        view.share(view.counted(1_000_000 + int(number[:6]))),
        view.share(view.count(Family.BIRTH, number[6:14])),
        view.share(view.population // _TAILS),
    )
    # A piece of which half the characters agree says half as much (an approximation of ours).
    weight += sum(says * some // of for says, some, of in zip(whole, agreeing, (6, 8, 4), strict=True))
    most = view.grade(K.SAME_ID, 1)[1] - _BELOW_SAME
    return kind, max(min(weight, most), view.worst(3)), agreeing[1] == 8


def agreeing_inside(aligned: str, number: str, start: int, end: int) -> int:
    """How many characters of a piece agree."""
    return sum(a == b for a, b in zip(aligned[start:end], number[start:end], strict=True))


def laid_along(written: str, number: str) -> tuple[K, str] | None:
    """How a damaged text can be this number, and the text laid along it, ``?`` where it says nothing."""
    if len(written) == _LENGTH:
        wrong, gaps = _wrong(written, number), written.count("?")
        if wrong == 0:
            return K.ID_AS_FAR, written
        # A masked number has lost a piece already, and cannot lose two more.
        if gaps:
            return (K.ID_SLIPS, written) if wrong == 1 and gaps <= _MOST_GAPS else None
        # Two swaps make four places wrong.
        near = wrong <= 2 * _MOST_SLIPS and slips_between(written, number, _MOST_SLIPS) is not None
        return (K.ID_SLIPS, written) if near else None
    if slips_between(written, number, _MOST_SLIPS) is not None:
        return K.ID_SLIPS, _ends(written, number)
    return next(((K.ID_AS_FAR, placed) for placed in laid(written) if not _wrong(placed, number)), None)


def _wrong(text: str, number: str) -> int:
    """How many of the known characters differ."""
    return sum(mine not in ("?", theirs) for mine, theirs in zip(text, number, strict=True))


def laid(text: str) -> Iterator[str]:
    """Where along a number a fragment may lie."""
    if len(text) >= _LENGTH:
        return
    if "?" in text:
        head, tail = text[: text.index("?")], text[text.rindex("?") + 1 :]
        if len(head) >= _SHORTEST_HEAD or len(tail) >= _SHORTEST_TAIL:
            yield f"{head}{'?' * (_LENGTH - len(head) - len(tail))}{tail}"
        return
    if len(text) < _SHORTEST_TAIL:
        return
    yield text.rjust(_LENGTH, "?")
    if len(text) >= _SHORTEST_HEAD:
        yield text.ljust(_LENGTH, "?")
    # Any other run: the birth date first, which is most often written by itself.
    starts = sorted(range(1, _LENGTH - len(text)), key=lambda at: (at != 6, at))
    if len(text) >= _BIRTH_LENGTH:
        for at in starts:
            yield f"{'?' * at}{text}".ljust(_LENGTH, "?")


def _ends(text: str, number: str) -> str:
    """What agrees from the left and from the right, ``?`` in the middle."""
    left = next(
        (at for at, (a, b) in enumerate(zip(text, number, strict=False)) if a != b), min(len(text), 18)
    )
    pairs = zip(text[::-1], number[::-1], strict=False)
    right = next((at for at, (a, b) in enumerate(pairs) if a != b), min(len(text), 18))
    right = min(right, _LENGTH - left)
    return f"{number[:left]}{'?' * (_LENGTH - left - right)}{number[_LENGTH - right :]}"


def compare_phone(reading: Reading, record: Record, view: View, *, family: bool) -> Grade:
    """The best of a resident's telephones, or a relative's.

    Args:
        reading: What was written.
        record: The resident.
        view: The index.
        family: Whether exactly this is the telephone of somebody of the household.
    """
    best = (K.ABSENT, 0)
    for place, digits in enumerate(record.phones):
        grade = _compare_phone(reading.phone, digits, view)
        if place == 0 or grade[1] > best[1]:
            best = grade
    if family and reading.phone not in record.phones:
        grade = view.grade(K.FAMILY_PHONE, view.count(Family.PHONE, reading.phone))
        if best[0] == K.ABSENT or grade[1] > best[1]:
            best = grade
    return best


def _compare_phone(written: str, digits: str, view: View) -> Grade:
    if written == digits:
        return view.grade(K.SAME_PHONE, view.count(Family.PHONE, digits))
    known = _known(written, digits)
    if known is not None:
        most = view.grade(K.PHONE_SLIP, view.count(Family.PHONE, digits))[1]
        weight = min(view.plain(K.PHONE_AS_FAR)[1] + known * _DIGIT, most)
        return K.PHONE_AS_FAR, max(view.worst(4), weight)
    if len(written) < _MEANT_WHOLE:
        return view.plain(K.OTHER_PHONE)
    slips = slips_between(written, digits, 2)
    if slips is None:
        return view.plain(K.OTHER_PHONE)
    kind = K.PHONE_SLIP if slips == 1 else K.PHONE_TWO_SLIPS
    return view.grade(kind, view.count(Family.PHONE, digits))


def _known(written: str, digits: str) -> int | None:
    """How many digits after the network's are known and agree, where a number is masked or a fragment."""
    if "?" in written:
        if len(written) == len(digits):
            agree = all(mine in ("?", theirs) for mine, theirs in zip(written, digits, strict=True))
            return sum(mine != "?" for mine in written[_NETWORK:]) if agree else None
        head, tail = written[: written.index("?")], written[written.rindex("?") + 1 :]
        if len(head) + len(tail) < _SHORTEST_ENDS or not (digits.startswith(head) and digits.endswith(tail)):
            return None
        return max(0, len(head) - _NETWORK) + len(tail)
    if len(written) >= min(_MEANT_WHOLE, len(digits)):
        return None
    if digits.endswith(written):
        return len(written)
    return max(0, len(written) - _NETWORK) if digits.startswith(written) else None
