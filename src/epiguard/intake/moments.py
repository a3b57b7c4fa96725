"""Strict readers of cells that hold a date or a time: text as it is written here, or a spreadsheet's own."""

from __future__ import annotations

import re
import unicodedata
from datetime import MAXYEAR, MINYEAR, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from epiguard.errors import InvalidValueError
from epiguard.intake.cells import refuse, text
from epiguard.intake.grid import Cell

__all__ = ["day", "instant"]

_DATE = (
    r"(?P<year>[12][0-9]{3})\s*(?P<mark>[/.\-年])\s*(?P<month>[0-9]{1,2})\s*(?:(?P=mark)|月)\s*"
    r"(?P<day>[0-9]{1,2})\s*[日号]?"
)
_COMPACT = re.compile(r"(?P<year>[12][0-9]{3})(?P<month>[0-9]{2})(?P<day>[0-9]{2})")
_CLOCK = (
    r"(?P<half>上午|下午|AM|PM)?\s*(?P<hour>[0-9]{1,2})\s*[:时点]\s*(?:(?P<minute>[0-9]{1,2})\s*分?)?"
    r"(?::?\s*(?P<second>[0-9]{1,2})\s*秒?(?:\.[0-9]+)?)?\s*(?P<half_after>AM|PM)?"
)
_DAY = re.compile(_DATE)
_MOMENT = re.compile(rf"{_DATE}(?:[T\s]*{_CLOCK}\s*(?P<offset>Z|[+-][0-9]{{2}}:?[0-9]{{2}})?)?")
# Spreadsheets count days from here (and believe in 29 February 1900, which is long before any date in use).
_EPOCH = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet knows no zone; the site's is added
# Numbers that may be days: from 1905-10 to 2099; below, 1985 would be a year that somebody typed alone.
_FIRST_SERIAL, _LAST_SERIAL = 2_101, 73_050
_WANTED_DAY = "a date such as 2020-02-07 or 2020年2月7日"
_WANTED_TIME = "a date and time such as 2020-02-07 21:30"


def day(cell: Cell, field: str = "date") -> date | None:
    """Read a calendar date; a time beside it is passed over.

    Args:
        cell: A date or its number in a spreadsheet, or text: 2020/2/7, 2020-02-07, 2020.2.7,
            2020年2月7日, 20200207.
        field: What the message calls it.

    Returns:
        The date, or None where the cell is blank.

    Raises:
        InvalidValueError: If it is no date, or one that never was (30 February).
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        compact = _COMPACT.fullmatch(str(int(cell))) if cell == cell // 1 else None
        return _date_of(compact, field) if compact else _serial(cell, field, _WANTED_DAY).date()
    value = _text(cell, field, _WANTED_DAY)
    if value is None:
        return None
    match = _MOMENT.fullmatch(value) or _COMPACT.fullmatch(value)
    if match is None:
        raise refuse(field, _WANTED_DAY, cell, "write year, month and day")
    return _date_of(match, field)


def instant(cell: Cell, zone: ZoneInfo, field: str = "time", *, clock: bool = False) -> datetime | None:
    """Read an instant; one without a zone is the site's local time.

    Args:
        cell: A time or its number in a spreadsheet, or text: 2020/02/07 21:30:00,
            2020年2月7日 21时30分, ISO 8601.
        zone: The site's zone.
        field: What the message calls it.
        clock: Whether text must name a time of day; otherwise a date alone is its midnight.

    Returns:
        The instant in ``zone``, or None where the cell is blank.

    Raises:
        InvalidValueError: If it is no date and time, or one that never was.
    """
    found = _instant(cell, zone, field, clock=clock)
    # At either end of the calendar another zone has no date for it.
    if found is not None and not MINYEAR < found.year < MAXYEAR:
        raise InvalidValueError(
            field, expected=_WANTED_TIME, got="one at the end of the calendar", do="look for the slip"
        )
    return found


def _instant(cell: Cell, zone: ZoneInfo, field: str, *, clock: bool) -> datetime | None:
    if isinstance(cell, datetime):
        return cell.astimezone(zone) if cell.tzinfo else cell.replace(tzinfo=zone)
    if isinstance(cell, date):
        # A spreadsheet's midnight arrives as a date: the format of the cell is not told.
        return datetime.combine(cell, time(0), tzinfo=zone)
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return _serial(cell, field, _WANTED_TIME).replace(tzinfo=zone)
    value = _text(cell, field, _WANTED_TIME)
    if value is None:
        return None
    match = _MOMENT.fullmatch(value)
    if match is None or (clock and match["hour"] is None):
        raise refuse(field, _WANTED_TIME, cell, "write the date with its year, and the time of day")
    local = datetime.combine(_date_of(match, field), _clock_of(match, field))
    if match["offset"]:
        offset = match["offset"].replace("Z", "+00:00")
        try:
            return datetime.fromisoformat(f"{local.isoformat()}{offset}").astimezone(zone)
        except (ValueError, OverflowError):
            raise refuse(field, _WANTED_TIME, cell, "no zone has such an offset from UTC") from None
    return local.replace(tzinfo=zone)


def _text(cell: Cell, field: str, expected: str) -> str | None:
    if isinstance(cell, bool | time):
        raise refuse(field, expected, cell)
    value = text(cell, field)
    return unicodedata.normalize("NFKC", value).upper() if value else None


def _date_of(match: re.Match[str], field: str) -> date:
    try:
        return date(int(match["year"]), int(match["month"]), int(match["day"]))
    except ValueError:
        raise InvalidValueError(
            field, expected="a date of the calendar", got="one that never was", do="look for the slip"
        ) from None


def _clock_of(match: re.Match[str], field: str) -> time:
    if match["hour"] is None:
        return time(0)
    hour, half = int(match["hour"]), match["half"] or match["half_after"]
    afternoon = half in ("下午", "PM")
    # 下午21:30 says one thing twice; 上午21:30 is a slip.
    if half and hour <= 12:
        hour = hour % 12 + (12 if afternoon else 0)
    elif half and not afternoon:
        hour = -1
    try:
        return time(hour, int(match["minute"] or 0), int(match["second"] or 0))
    except ValueError:
        raise InvalidValueError(
            field, expected="a time of day", got="one that no clock shows", do="look for the slip"
        ) from None


def _serial(number: float, field: str, expected: str) -> datetime:
    if not _FIRST_SERIAL <= number < _LAST_SERIAL:
        raise InvalidValueError(
            field,
            expected=expected,
            got="a number that is no date",
            do="format the column as text or as a date",
        )
    seconds = round(number * 86_400)  # a double carries more digits than the clock had
    return _EPOCH + timedelta(seconds=seconds)
