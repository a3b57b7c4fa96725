"""What comes back comes back by the site's wall clock, in order, and once."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard import InvalidValueError
from epiguard.work import Recurrence
from work.committee import SHANGHAI, at

TWICE_A_DAY = Recurrence("FREQ=DAILY;BYHOUR=8,18;BYMINUTE=30", date(2020, 2, 10))


def test_twice_a_day() -> None:
    """From the first instant, up to the last, which is not included."""
    found = list(TWICE_A_DAY.between(at(8, 30), at(8, 30, day=15), SHANGHAI))
    assert found == [at(8, 30), at(18, 30)]
    assert {each.tzinfo for each in found} == {SHANGHAI}


def test_every_second_day_is_counted_from_the_first() -> None:
    """Whatever day one begins to look."""
    every_other = Recurrence("FREQ=DAILY;INTERVAL=2", date(2020, 2, 10), date(2020, 2, 16))
    looked = [list(every_other.between(at(0, day=day), at(0, day=20), SHANGHAI)) for day in (11, 12)]
    assert looked[0] == looked[1] == [at(0, day=12), at(0, day=14)]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=SECONDLY",
        "FREQ=MINUTELY",
        "daily",
        "",
        "FREQ=DAILY;BYDAY=XX",
        "FREQ=DAILY;UNTIL=20200301T000000Z",
    ],
)
def test_what_is_no_rule_of_a_committee_is_refused(rule: str) -> None:
    """Nothing that comes every minute, ends in two places, or is no rule at all."""
    with pytest.raises(InvalidValueError, match=r"^Recurrence\.rule: expected"):
        Recurrence(rule, date(2020, 2, 10))


def test_an_end_before_the_beginning_is_refused() -> None:
    """As everywhere."""
    with pytest.raises(InvalidValueError, match=r"^Recurrence\.until: expected a date after since"):
        Recurrence("FREQ=DAILY", date(2020, 2, 10), date(2020, 2, 10))


def test_a_time_that_a_clock_skips_is_the_first_after_it() -> None:
    """And one that it has twice is said once."""
    berlin = ZoneInfo("Europe/Berlin")
    nightly = Recurrence("FREQ=DAILY;BYHOUR=2;BYMINUTE=30", date(2020, 3, 1))
    [skipped] = nightly.between(
        datetime(2020, 3, 29, tzinfo=berlin), datetime(2020, 3, 30, tzinfo=berlin), berlin
    )
    assert skipped == datetime(2020, 3, 29, 3, 0, tzinfo=berlin)
    twice = nightly.between(
        datetime(2020, 10, 25, tzinfo=berlin), datetime(2020, 10, 26, tzinfo=berlin), berlin
    )
    assert len(list(twice)) == 1


@given(
    start=st.datetimes(datetime(2020, 2, 1), datetime(2020, 4, 1)),  # noqa: DTZ001 - wall-clock moments
    hours=st.integers(0, 24 * 10),
    cut=st.floats(0, 1),
)
def test_two_spans_have_what_one_has(start: datetime, hours: int, cut: float) -> None:
    """Looked at in two parts nothing is lost and nothing comes twice; the oracle counts hour by hour."""
    begin = start.replace(minute=0, second=0, microsecond=0, tzinfo=UTC)
    end = begin + timedelta(hours=hours)
    middle = begin + (end - begin) * cut
    whole = list(TWICE_A_DAY.between(begin, end, SHANGHAI))
    parts = [*TWICE_A_DAY.between(begin, middle, SHANGHAI), *TWICE_A_DAY.between(middle, end, SHANGHAI)]
    halves = (begin + timedelta(minutes=30 * count) for count in range(hours * 2))
    naive = [
        each
        for each in halves
        if each.astimezone(SHANGHAI).hour in (8, 18)
        and each.minute == 30
        and each.astimezone(SHANGHAI).date() >= date(2020, 2, 10)
    ]
    assert whole == parts == naive
