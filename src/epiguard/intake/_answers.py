"""Answers of a form: kept as they were written, and read only as far as they can be."""

from __future__ import annotations

import re
import unicodedata
from datetime import date, datetime, time
from typing import Final

import attrs

from epiguard.errors import InvalidValueError
from epiguard.identifiers import RegionCode, find_region
from epiguard.intake._lost_digits import is_rounded, what_is_left
from epiguard.intake.grid import Cell, Failed
from epiguard.intake.moments import day
from epiguard.intake.records import Record

__all__ = ["Journey", "as_written", "journey"]

#: A journey further from the form than this is a slip of the year or a birth date (ours).
_LONGEST_AGO: Final = 366
_NO_YEAR: Final = re.compile(r"([0-9]{1,2})月([0-9]{1,2})[日号]?")
_EMPTY: Final = frozenset({"(空)", "(跳过)", "（空）", "（跳过）"})


@attrs.frozen
class Journey:
    """Where a returnee came from and when, as far as it could be read."""

    returning_from: RegionCode | None = None
    left_on: date | None = None
    arrived_on: date | None = None


def as_written(record: Record, field: str, cell: Cell) -> str | None:
    """What stands in a cell as text, neither folded nor stripped.

    A number is written as the spreadsheet shows it; a resident ID that it took for a number has lost its
    end and is written with ``?`` for each digit that is not known.

    Args:
        record: The row, for warnings.
        field: The field, or the heading.
        cell: The cell.

    Returns:
        The text, or None where nothing was answered.
    """
    if isinstance(cell, Failed):
        record.warn(field, "a formula's error stands here; left out")
        return None
    if field == "resident_id" and is_rounded(cell):
        return _rounded_id(record, cell)
    if isinstance(cell, str):
        return None if not cell.strip() or cell.strip() in _EMPTY else cell
    return None if cell is None else _plain(cell)


def _plain(cell: float | datetime | date | time) -> str:
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, int | float):
        return str(int(cell)) if float(cell).is_integer() and abs(cell) < 1e15 else repr(cell)
    return cell.isoformat(sep=" ") if isinstance(cell, datetime) else cell.isoformat()


def _rounded_id(record: Record, cell: Cell) -> str:
    left = what_is_left(cell)
    if left is None:
        record.warn("resident_id", "the resident ID was a spreadsheet's number, and its digits are lost")
        return cell if isinstance(cell, str) else repr(cell)
    record.warn(
        "resident_id",
        f"the resident ID is a number in the spreadsheet: only its first {left.known} digits are known"
        if not isinstance(cell, str)
        else "the resident ID looks like a spreadsheet's number, whose end is lost: "
        f"only its first {left.known} digits are taken as known",
    )
    return left.value


def journey(record: Record, submitted: datetime | None) -> Journey:
    """Read where a returnee came from and when; what cannot be read is a warning and stays as written.

    Args:
        record: The row.
        submitted: When the form was handed in, which gives the year to ``2月7日``.
    """
    region = None
    cell = record.cell("returning_from")
    if cell is not None:
        region = find_region(cell) if isinstance(cell, str) else None
        if region is None:
            record.warn("returning_from", "the region is not recognised; it stays as written")
    left, arrived = _day(record, "left_on", submitted), _day(record, "arrived_on", submitted)
    if left and arrived and left > arrived:
        record.warn("arrived_on", "lies before the day of leaving; both stay as written")
        left = arrived = None
    return Journey(region, left, arrived)


def _day(record: Record, field: str, submitted: datetime | None) -> date | None:
    cell = record.cell(field)
    if cell is None:
        return None
    try:
        found = _without_year(record, field, cell, submitted) or day(cell)
    except InvalidValueError:
        record.warn(field, "no date that can be read; it stays as written")
        return None
    if found and submitted and abs((found - submitted.date()).days) > _LONGEST_AGO:
        record.warn(field, "more than a year away from the form; it stays as written")
        return None
    return found


def _without_year(record: Record, field: str, cell: Cell, submitted: datetime | None) -> date | None:
    """Read 2月7日, which people write on a form that bears its own date."""
    if submitted is None or not isinstance(cell, str):
        return None
    match = _NO_YEAR.fullmatch(re.sub(r"\s", "", unicodedata.normalize("NFKC", cell)))
    if match is None:
        return None
    month, of_month = int(match[1]), int(match[2])
    # Of this year or the last, the one that is nearer: 12月28日 on a form of January was last year.
    near: list[date] = []
    for year in (submitted.year, submitted.year - 1):
        try:
            near.append(date(year, month, of_month))
        except ValueError:
            continue
    if not near:
        return None  # the reader of dates refuses it
    record.tally(field, "a date without a year; the year is taken from the form's own date")
    return min(near, key=lambda each: abs((each - submitted.date()).days))
