"""Sex and birth date: swapped day and month, one part wrong, a year alone."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from epiguard.matching._levels import BLANK, Grade, Kind, Level
from epiguard.matching._register import FieldRule, Follow, Lead, Record, Register

__all__ = ["BIRTH_DATE", "SEX"]

SAME_SEX: Final = Kind("same sex", Level.AGREES, 9850)
OTHER_SEX: Final = Kind("other sex", Level.DIFFERS, 150)

SAME: Final = Kind("same day", Level.AGREES, 9000)
SWAPPED: Final = Kind("day and month swapped", Level.NEAR, 100, contradicts=True)
TWO_OF_THREE: Final = Kind("two of year, month, day", Level.NEAR, 400, contradicts=True)
AS_FAR: Final = Kind("as far as written", Level.NEAR, 9000)
OTHER: Final = Kind("another day", Level.DIFFERS, 400)

_SEXES: Final = {
    **dict.fromkeys(("男", "男性", "m", "male", "先生"), "M"),
    **dict.fromkeys(("女", "女性", "f", "female", "女士", "小姐"), "F"),
}
_RUNS: Final = re.compile(r"[0-9]+")
_CENTURIES: Final = ("18", "19", "20")
#: Two digits up to this are a year of 20xx. Ours: it is 2020, and a birthday lies behind.
_LAST_YEAR_OF_20XX: Final = 20


class BirthDate(NamedTuple):
    """What was written of a birth date, each part two or four digits, or nothing."""

    year: str | None
    month: str | None
    day: str | None


def _read_sex(text: str) -> str | None:
    return _SEXES.get(unicodedata.normalize("NFKC", text).strip().lower())


def _sex_keys(record: Record) -> Iterator[str]:
    if record.sex:
        yield f"sex:{record.sex}"


def _no_leads(_: str) -> tuple[Lead, ...]:
    return ()


def _grade_sex(written: str, record: Record, register: Register) -> Grade:
    if record.sex is None:
        return BLANK
    if record.sex != written:
        return OTHER_SEX.plain
    return register.grade(SAME_SEX, f"sex:{written}", OTHER_SEX.base)


def _read(text: str) -> BirthDate | None:
    runs = _RUNS.findall(unicodedata.normalize("NFKC", text))
    if not runs:
        return None
    first = runs[0]
    if len(first) == 8:
        runs = [first[:4], first[4:6], first[6:]]
    elif len(first) == 6:
        whole_year = first.startswith(_CENTURIES) and 1 <= int(first[4:]) <= 12
        runs = [first[:4], first[4:]] if whole_year else [first[:2], first[2:4], first[4:]]
    elif len(runs) >= 3 and len(runs[2]) == 4 and len(first) <= 2:
        runs = [runs[2], runs[0], runs[1]]  # 3/12/1985
    elif len(runs) == 2 and len(first) <= 2 and len(runs[1]) <= 2:
        return BirthDate(None, *map(_two, runs))  # 3月12日
    year = _year(runs[0])
    if year is None:
        return None
    month, day = (*map(_two, runs[1:3]), None, None)[:2]
    return BirthDate(year, month, day)


def _two(run: str) -> str | None:
    return f"{int(run):02d}" if len(run) <= 2 and int(run) else None


def _year(run: str) -> str | None:
    if len(run) == 2:
        return f"20{run}" if int(run) <= _LAST_YEAR_OF_20XX else f"19{run}"
    return run if len(run) == 4 and run.startswith(_CENTURIES) else None


def _keys(record: Record) -> Iterator[str]:
    if record.birth:
        year, month, day = record.birth[:4], record.birth[4:6], record.birth[6:]
        yield _key(year, month, day)
        yield _key(year, month, None)
        yield _key(year, None, day)
        yield _key(None, month, day)
        yield _key(year, None, None)


def _key(year: str | None, month: str | None, day: str | None) -> str:
    return f"birth:{year or ''}-{month or ''}-{day or ''}"


def _leads(written: BirthDate) -> Iterator[Lead]:
    year, month, day = written
    if not (year and month and day):
        yield Lead(_key(*written), Follow.IF_FEW)
        return
    yield Lead(_key(year, month, day), Follow.ALWAYS)
    yield Lead(_key(year, day, month), Follow.ALWAYS)
    yield Lead(_key(year, month, None), Follow.IF_FEW)
    yield Lead(_key(year, None, day), Follow.IF_FEW)
    yield Lead(_key(None, month, day), Follow.IF_FEW)


def _grade(written: BirthDate, record: Record, register: Register) -> Grade:
    if not record.birth:
        return BLANK
    theirs = BirthDate(record.birth[:4], record.birth[4:6], record.birth[6:])
    year, month, day = written
    kind, key = OTHER, ""
    if written == theirs:
        kind, key = SAME, _key(*theirs)
    elif not (year and month and day):
        if all(mine in (None, other) for mine, other in zip(written, theirs, strict=True)):
            kind, key = AS_FAR, _key(*written)
    elif (year, day, month) == theirs:
        kind, key = SWAPPED, _key(*theirs)
    else:
        same = [mine if mine == other else None for mine, other in zip(written, theirs, strict=True)]
        if same.count(None) == 1:
            kind, key = TWO_OF_THREE, _key(*same)
    return register.grade(kind, key, OTHER.base)


SEX: Final = FieldRule(
    name="sex",
    read=_read_sex,
    keys=_sex_keys,
    leads=_no_leads,
    grade=_grade_sex,
    worst=OTHER_SEX.base,
    complete=bool,
)
BIRTH_DATE: Final = FieldRule(
    name="birth_date", read=_read, keys=_keys, leads=_leads, grade=_grade, worst=OTHER.base, complete=all
)
