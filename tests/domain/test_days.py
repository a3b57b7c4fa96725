"""Days, spans and the first instant of a day."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.days import DaySpan, TimeSpan, day_of, first_instant, to_utc, zone_of
from epiguard.errors import InvalidValueError

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = sorted(available_timezones() - {"Factory", "localtime"})
HOUR = timedelta(hours=1)


def naive_first_instant(day: date, zone: ZoneInfo, at: time) -> datetime:
    """The oracle: walk through UTC around the day and take the first instant that is not before it."""
    wanted = datetime.combine(day, at)
    moment = datetime.combine(day, time(0), tzinfo=UTC) - timedelta(hours=40)
    while moment.astimezone(zone).replace(tzinfo=None) < wanted:
        moment += HOUR
    moment -= HOUR
    while moment.astimezone(zone).replace(tzinfo=None) < wanted:
        moment += timedelta(minutes=1)
    moment -= timedelta(minutes=1)
    while moment.astimezone(zone).replace(tzinfo=None) < wanted:
        moment += timedelta(seconds=1)
    return moment


@given(
    day=st.dates(date(1900, 1, 2), date(2100, 12, 30)),
    zone=st.sampled_from(ZONES),
    at=st.sampled_from([time(0), time(2, 30), time(8)]),
)
def test_first_instant_agrees_with_walking_through_utc(day: date, zone: str, at: time) -> None:
    """In every zone and year the first instant is the one a walk through UTC finds."""
    where = ZoneInfo(zone)
    found = first_instant(day, where, at)
    assert found.astimezone(UTC) == naive_first_instant(day, where, at)


@pytest.mark.parametrize(
    ("day", "zone", "expected"),
    [
        (date(2011, 12, 30), "Pacific/Apia", "2011-12-31T00:00:00+14:00"),
        (date(2018, 11, 4), "America/Sao_Paulo", "2018-11-04T01:00:00-02:00"),
        (date(1940, 6, 1), "Asia/Shanghai", "1940-06-01T01:00:00+09:00"),
        (date(2020, 3, 1), "Asia/Shanghai", "2020-03-01T00:00:00+08:00"),
        (date(2020, 3, 8), "America/New_York", "2020-03-08T00:00:00-05:00"),
    ],
)
def test_days_without_midnight_and_dates_that_never_existed(day: date, zone: str, expected: str) -> None:
    """A day without midnight starts when it starts; a skipped date starts with the next one."""
    assert first_instant(day, ZoneInfo(zone)).isoformat() == expected


def test_a_day_may_start_late_for_night_workers() -> None:
    """With a day that starts at 03:00, half past two belongs to the day before."""
    moment = datetime(2020, 2, 14, 2, 30, tzinfo=SHANGHAI)
    assert day_of(moment, SHANGHAI) == date(2020, 2, 14)
    assert day_of(moment, SHANGHAI, time(3)) == date(2020, 2, 13)


def test_the_day_is_the_sites_not_the_callers() -> None:
    """An instant given in UTC belongs to the site's date."""
    assert day_of(datetime(2020, 2, 13, 17, tzinfo=UTC), SHANGHAI) == date(2020, 2, 14)


def test_a_day_span_leaves_out_its_end() -> None:
    """The span of February 2020 has 29 days and ends before the first of March."""
    february = DaySpan(date(2020, 2, 1), date(2020, 3, 1))
    assert (len(february), february.last) == (29, date(2020, 2, 29))
    assert date(2020, 2, 29) in february
    assert date(2020, 3, 1) not in february
    assert list(february)[:2] == [date(2020, 2, 1), date(2020, 2, 2)]


def test_a_time_span_counts_instants_not_wall_clocks() -> None:
    """The second pass of an hour that the clock repeats is outside a span that ended in the first."""
    zone = ZoneInfo("America/New_York")
    start = datetime(2020, 11, 1, 0, 0, tzinfo=zone)
    span = TimeSpan(start, datetime(2020, 11, 1, 1, 30, tzinfo=zone, fold=0))
    assert datetime(2020, 11, 1, 1, 15, tzinfo=zone, fold=0) in span
    assert datetime(2020, 11, 1, 1, 15, tzinfo=zone, fold=1) not in span


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: DaySpan(date(2020, 3, 1), date(2020, 3, 1)),
            (
                "DaySpan.end: expected a date after its start "
                "(the end is the first day no longer in the span), got a date on or before its start"
            ),
        ),
        (
            lambda: DaySpan(datetime(2020, 3, 1, tzinfo=UTC), date(2020, 3, 2)),
            "DaySpan: expected two dates without a time, got a value of type datetime",
        ),
        (
            lambda: TimeSpan(datetime(2020, 3, 1), datetime(2020, 3, 2, tzinfo=UTC)),  # noqa: DTZ001 - the point
            (
                "TimeSpan.start: expected a datetime with a time zone, got a datetime without one; "
                "add tzinfo, for example ZoneInfo('Asia/Shanghai')"
            ),
        ),
        (
            lambda: TimeSpan(datetime(2020, 3, 2, tzinfo=UTC), datetime(2020, 3, 2, tzinfo=UTC)),
            "TimeSpan.end: expected an instant after its start, got one not after it",
        ),
        (
            lambda: zone_of("Asia/Peking"),
            (
                "zone: expected an IANA time zone name such as 'Asia/Shanghai', got text of 11 characters; "
                "check the spelling; names are case-sensitive"
            ),
        ),
    ],
)
def test_bad_spans_and_zones_say_what_was_expected(make: object, message: str) -> None:
    """Each bad value gets one clear error."""
    with pytest.raises(InvalidValueError) as caught:
        make()  # type: ignore[operator]  # a lambda of the table above
    assert str(caught.value) == message


def test_spans_overlap_if_they_share_an_instant() -> None:
    """One that ends as another begins does not; in whatever zones they are told."""
    first, second, third = (datetime(2020, 2, day, tzinfo=SHANGHAI) for day in (1, 2, 3))
    assert TimeSpan(first, third).overlaps(TimeSpan(second.astimezone(UTC), third))
    assert not TimeSpan(first, second).overlaps(TimeSpan(second.astimezone(UTC), third))


def test_only_days_are_in_days_and_instants_in_spans() -> None:
    """An instant is in no span of days, a date in no span of instants, and without a zone it is nowhere."""
    days = DaySpan(date(2020, 2, 1), date(2020, 3, 1))
    span = TimeSpan(datetime(2020, 2, 1, tzinfo=UTC), datetime(2020, 3, 1, tzinfo=UTC))
    assert datetime(2020, 2, 2, tzinfo=UTC) not in days
    assert date(2020, 2, 2) not in span
    with pytest.raises(InvalidValueError, match="expected a datetime with a time zone"):
        datetime(2020, 2, 2) in span  # noqa: B015, DTZ001 - the point


@given(st.datetimes(datetime(1900, 1, 3), datetime(2100, 6, 1)), st.sampled_from(ZONES))  # noqa: DTZ001 - UTC below
def test_an_instant_in_utc_is_the_same_instant(moment: datetime, zone: str) -> None:
    """Also where the zone's wall clock shows one time twice."""
    at = moment.replace(tzinfo=UTC)
    assert to_utc(at.astimezone(ZoneInfo(zone))) == at
    assert to_utc(at).tzinfo is UTC
