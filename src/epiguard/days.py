"""Days, spans and day counting: which local date an instant belongs to, and when N days are over.

Every instant is timezone-aware and passed in; there is no clock here.
A *day* is a site's local calendar date.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from enum import Enum
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import attrs
from dateutil.tz import datetime_exists

from epiguard.errors import InvalidValueError, kind_of
from epiguard.fields import instant

__all__ = [
    "DayCount",
    "DaySpan",
    "TimeSpan",
    "day_of",
    "first_instant",
    "to_utc",
    "zone_of",
]

_ONE_DAY = timedelta(days=1)
_MIDNIGHT = time(0)


class DayCount(Enum):
    """How the days of a period are counted; a period stores the convention it was ordered under.

    ``DAY0_EXCLUDED``: the anchor's local date is Day 0, the last day is anchor + N (the default;
    the exposure day is Day 0 in most public-health practice, and the Civil Code of the PRC,
    articles 201 and 203, leaves out the first day and ends the last at 24:00).
    ``DAY1_INCLUDED``: the anchor's local date is Day 1, the last day is anchor + N - 1.
    ``ELAPSED_24H``: N times 24 hours from the anchor instant, which must have a time.
    """

    DAY0_EXCLUDED = "day0-excluded"
    DAY1_INCLUDED = "day1-included"
    ELAPSED_24H = "elapsed-24h"


def to_utc(moment: datetime, where: str = "instant") -> datetime:
    """The instant in UTC: the one way to compare two of them.

    Two datetimes of one zone are compared by the wall clock, which is wrong where it goes back.

    Args:
        moment: An aware instant.
        where: What a message calls it.

    Raises:
        InvalidValueError: If it has no zone; Python would take the machine's.
    """
    if moment.tzinfo is None:
        instant(where)(None, None, moment)
    return moment.astimezone(UTC)


def zone_of(name: str | ZoneInfo) -> ZoneInfo:
    """Look a time zone up by its IANA name.

    Args:
        name: For example ``"Asia/Shanghai"``; a ``ZoneInfo`` is returned as it is.

    Raises:
        InvalidValueError: If the name is not a known zone.
    """
    if isinstance(name, ZoneInfo):
        return name
    try:
        return _zone(name)
    except (ZoneInfoNotFoundError, ValueError, TypeError, OSError):
        raise InvalidValueError(
            "zone",
            expected="an IANA time zone name such as 'Asia/Shanghai'",
            got=kind_of(name),
            do="check the spelling; names are case-sensitive",
        ) from None


@lru_cache(maxsize=64)
def _zone(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def first_instant(day: date, zone: ZoneInfo, at: time = _MIDNIGHT) -> datetime:
    """The first instant whose local date and time are ``day`` at ``at``, or later.

    Some local days have no midnight (a clock went forward over it) and some dates never existed
    (Apia skipped 2011-12-30), so the answer may be later than asked or on a later date.

    Args:
        day: A calendar date.
        zone: The site's zone.
        at: A wall-clock time; default midnight.

    Returns:
        The instant, in ``zone``.
    """
    wanted = datetime.combine(day, at)
    moment = wanted.replace(tzinfo=zone).astimezone(UTC)
    if datetime_exists(wanted, zone):
        return moment.astimezone(zone)
    # The clock jumps over it. dateutil's resolve_imaginary moves on by the whole jump, which may be past the
    # first instant of the day, so halve the time between an instant before the jump and one after it.
    low, high = moment - 2 * _ONE_DAY, moment + 2 * _ONE_DAY
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) / 2
        if middle.astimezone(zone).replace(tzinfo=None) < wanted:
            low = middle
        else:
            high = middle
    return high.replace(microsecond=0).astimezone(zone)


def day_of(instant: datetime, zone: ZoneInfo, day_starts: time = _MIDNIGHT) -> date:
    """The local calendar date an instant belongs to.

    Args:
        instant: An aware instant.
        zone: The site's zone.
        day_starts: A site may let its day start later than midnight, for night workers:
            03:00 means that 02:30 still belongs to the day before.

    Returns:
        The date.

    Raises:
        InvalidValueError: If the instant has no zone.
    """
    local = to_utc(instant).astimezone(zone)
    if local.time() < day_starts:
        return local.date() - _ONE_DAY
    return local.date()


def _check_days(span: DaySpan, _: object, end: date) -> None:
    if type(span.start) is not date or type(end) is not date:
        bad = span.start if type(span.start) is not date else end
        raise InvalidValueError("DaySpan", expected="two dates without a time", got=kind_of(bad))
    if end <= span.start:
        raise InvalidValueError(
            "DaySpan.end",
            expected="a date after its start (the end is the first day no longer in the span)",
            got="a date on or before its start",
        )


@attrs.frozen
class DaySpan:
    """Whole calendar days from ``start`` up to, not including, ``end``.

    ``DaySpan(date(2020, 2, 1), date(2020, 3, 1))`` is February 2020.
    """

    start: date
    end: date = attrs.field(validator=_check_days)

    @property
    def last(self) -> date:
        """The last day in the span."""
        return self.end - _ONE_DAY

    def __contains__(self, day: object) -> bool:
        return type(day) is date and self.start <= day < self.end

    def __iter__(self) -> Iterator[date]:
        day = self.start
        while day < self.end:
            yield day
            day += _ONE_DAY

    def __len__(self) -> int:
        return (self.end - self.start).days


def _check_instants(span: TimeSpan, _: object, end: datetime) -> None:
    if to_utc(end) <= to_utc(span.start):
        raise InvalidValueError("TimeSpan.end", expected="an instant after its start", got="one not after it")


@attrs.frozen
class TimeSpan:
    """The instants from ``start`` up to, not including, ``end``; both aware."""

    start: datetime = attrs.field(validator=instant("TimeSpan.start"))
    end: datetime = attrs.field(validator=[instant("TimeSpan.end"), _check_instants])

    def __contains__(self, moment: object) -> bool:
        if not isinstance(moment, datetime):
            return False
        return to_utc(self.start) <= to_utc(moment) < to_utc(self.end)

    def overlaps(self, other: TimeSpan) -> bool:
        """Whether the two spans share an instant."""
        return to_utc(self.start) < to_utc(other.end) and to_utc(other.start) < to_utc(self.end)
