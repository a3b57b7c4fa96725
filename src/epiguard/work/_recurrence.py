"""What comes back by the calendar: loudspeaker slots, rounds, shifts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import attrs
from dateutil.rrule import rrule, rruleset, rrulestr

from epiguard.days import first_instant, to_utc
from epiguard.errors import InvalidValueError, kind_of
from epiguard.fields import as_day

__all__ = ["Recurrence"]

_MIDNIGHT = time(0)
_ONE_DAY = timedelta(days=1)
#: What may come back: nothing at a committee does so every minute.
_FREQUENCY = re.compile(r"(?:^|;)FREQ=(HOURLY|DAILY|WEEKLY|MONTHLY|YEARLY)(?:;|$)")


def _rule(value: str) -> str:
    where = "Recurrence.rule"
    if not isinstance(value, str) or _FREQUENCY.search(value) is None or re.search(r"DTSTART|UNTIL", value):
        raise InvalidValueError(
            where,
            expected="an RFC 5545 rule with FREQ=HOURLY, DAILY, WEEKLY, MONTHLY or YEARLY and no UNTIL",
            got=kind_of(value),
            do="for example 'FREQ=DAILY;BYHOUR=8,18;BYMINUTE=0'; say the end with until",
        )
    try:
        # The moments are wall-clock ones: a zone is put to them when the site is known.
        made = rrulestr(value, dtstart=datetime(2020, 1, 1))  # noqa: DTZ001 - as said above
    except (ValueError, TypeError, KeyError):
        made = None
    if not isinstance(made, rrule):
        raise InvalidValueError(
            where,
            expected="a rule of RFC 5545",
            got=kind_of(value),
            do="check its parts, such as BYDAY=MO,TH",
        )
    return value


def _since(value: date) -> date:
    day = as_day(value, "Recurrence.since")
    if day is None:
        raise InvalidValueError(
            "Recurrence.since", expected="the first day it is counted from", got="nothing"
        )
    return day


def _until(value: date | None) -> date | None:
    return as_day(value, "Recurrence.until")


@attrs.frozen
class Recurrence:
    """A rule of the calendar, by the site's wall clock.

    Attributes:
        rule: As RFC 5545 writes it, such as ``"FREQ=DAILY;BYHOUR=8,18;BYMINUTE=0"``. Seconds are 0 unless it
            says otherwise; without BYHOUR it is the day's first minute.
        since: The day it is counted from, included; every second day is every second day from here.
        until: The first day on which it no longer holds, if any.
    """

    rule: str = attrs.field(converter=_rule)
    since: date = attrs.field(converter=_since)
    until: date | None = attrs.field(default=None, converter=_until)

    def __attrs_post_init__(self) -> None:
        if self.until is not None and self.until <= self.since:
            raise InvalidValueError("Recurrence.until", expected="a date after since", got="one not after it")

    def between(self, start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[datetime]:
        """Its instants from ``start`` up to, not including, ``end``; in order, in the zone.

        Where a clock skips the wall-clock time, the first instant after it stands.

        Args:
            start: An aware instant.
            end: An aware instant.
            zone: The site's.
        """
        first, last = to_utc(start), to_utc(end)
        rules = self._rules()
        before: datetime | None = None
        low = start.astimezone(zone).replace(tzinfo=None) - _ONE_DAY
        high = end.astimezone(zone).replace(tzinfo=None) + _ONE_DAY
        for wall in rules.between(low, high, inc=True):
            if self.until is not None and wall.date() >= self.until:
                return
            moment = first_instant(wall.date(), zone, wall.time())
            if first <= to_utc(moment) < last and moment != before:
                before = moment
                yield moment

    def _rules(self) -> rrule | rruleset:
        return rrulestr(self.rule, dtstart=datetime.combine(self.since, _MIDNIGHT))
