"""Quarantine periods: counting, changing, ending, and their union."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.days import DayCount
from epiguard.errors import InvalidValueError
from epiguard.quarantine import (
    Anchor,
    ChangeKind,
    Contact,
    EndCause,
    Exposure,
    QuarantinePeriod,
    QuarantineSetting,
    Return,
    restricted_spans,
)

SHANGHAI = ZoneInfo("Asia/Shanghai")
ZONES = sorted(available_timezones() - {"Factory", "localtime"})
DATES = st.dates(date(1900, 1, 2), date(2100, 6, 1))
BY_DAYS = st.sampled_from([DayCount.DAY0_EXCLUDED, DayCount.DAY1_INCLUDED])


def period(
    last_on: date = date(2020, 2, 15), days: int = 14, person: str = "p-7", **options: object
) -> QuarantinePeriod:
    """A period as in the guide."""
    exposure = Exposure(person=person, last_on=last_on, reason=Return(region="420000"))
    return QuarantinePeriod.after(exposure, days=days, zone="Asia/Shanghai", **options)  # type: ignore[arg-type]


def naive_last_day(anchor: date, days: int, convention: DayCount) -> date:
    """The oracle: tick off calendar labels one by one, as on a printed card."""
    counted = 1 if convention is DayCount.DAY1_INCLUDED else 0
    day = anchor
    while counted < days:
        day += timedelta(days=1)
        counted += 1
    return day


def test_fourteen_days_after_the_fifteenth_of_february_2020() -> None:
    """Last exposure 15 February 2020, 14 days: last day 29 February, released 1 March at midnight."""
    found = period()
    assert found.last_day == date(2020, 2, 29)
    assert found.release_at == datetime(2020, 3, 1, tzinfo=SHANGHAI)
    assert found.day_number(date(2020, 2, 20)) == 5
    assert found.day_number(date(2020, 2, 15)) == 0
    assert found.day_number(date(2020, 2, 14)) is None
    assert found.day_number(date(2020, 3, 1)) is None


def test_the_same_days_end_a_day_later_in_a_year_that_is_no_leap_year() -> None:
    """In 2021 the last day is the first of March."""
    assert period(last_on=date(2021, 2, 15)).last_day == date(2021, 3, 1)


@given(anchor=DATES, days=st.integers(1, 60), convention=BY_DAYS, zone=st.sampled_from(ZONES))
def test_counting_agrees_with_ticking_off_a_card(
    anchor: date, days: int, convention: DayCount, zone: str
) -> None:
    """Every convention counts calendar labels, whatever the zone's clock does; release is the day's start."""
    exposure = Exposure(person="p-1", last_on=anchor, reason=Contact())
    found = QuarantinePeriod.after(exposure, days=days, zone=zone, convention=convention)
    last = naive_last_day(anchor, days, convention)
    assert found.last_day == last
    release = found.release_at.astimezone(UTC)
    local = release.astimezone(ZoneInfo(zone))
    assert local.date() > last
    assert (release - timedelta(seconds=1)).astimezone(ZoneInfo(zone)).date() <= last
    assert found.in_force(release - timedelta(seconds=1))
    assert not found.in_force(release)


@given(
    anchor=st.datetimes(datetime(1900, 1, 3), datetime(2100, 6, 1)),  # noqa: DTZ001 - made aware below
    days=st.integers(1, 60),
    zone=st.sampled_from(ZONES),
)
def test_elapsed_days_are_24_hours_each(anchor: datetime, days: int, zone: str) -> None:
    """Counting by 24 hours is plain arithmetic on instants, through every transition of every zone."""
    start = anchor.replace(tzinfo=UTC).astimezone(ZoneInfo(zone))
    exposure = Exposure(person="p-1", last_at=start, reason=Contact())
    found = QuarantinePeriod.after(exposure, days=days, zone=zone, convention=DayCount.ELAPSED_24H)
    assert found.release_at.astimezone(UTC) - start.astimezone(UTC) == timedelta(hours=24 * days)


@given(anchor=DATES, days=st.integers(1, 60), convention=BY_DAYS)
def test_day_numbers_run_without_gap_to_the_last_day(anchor: date, days: int, convention: DayCount) -> None:
    """Numbers start at 0 or 1 by the convention, rise by one a day, and end with the number of days."""
    found = period(last_on=anchor, days=days, convention=convention)
    first = 1 if convention is DayCount.DAY1_INCLUDED else 0
    numbers = [
        found.day_number(anchor + timedelta(days=each)) for each in range((found.last_day - anchor).days + 1)
    ]
    assert numbers == list(range(first, days + 1))


def test_apia_released_over_a_date_that_never_existed() -> None:
    """Released on 30 December 2011 in Apia means released as the 31st starts: the 30th was skipped."""
    exposure = Exposure(person="p-1", last_on=date(2011, 12, 15), reason=Contact())
    found = QuarantinePeriod.after(exposure, days=14, zone="Pacific/Apia")
    assert found.last_day == date(2011, 12, 29)
    assert found.release_at.isoformat() == "2011-12-31T00:00:00+14:00"


def test_a_release_hour_moves_the_release_within_its_date() -> None:
    """A site may release at eight in the morning instead of at midnight."""
    assert period(release_hour=time(8)).release_at == datetime(2020, 3, 1, 8, tzinfo=SHANGHAI)


def test_the_policy_says_which_date_counts() -> None:
    """The first known of the wanted anchors is taken; none known takes the gate's date and flags it."""
    exposure = Exposure(
        person="p-7", reason=Return(region="420000"), left_on=date(2020, 2, 1), arrived_on=date(2020, 2, 3)
    )
    by_arrival = QuarantinePeriod.after(exposure, days=14, zone="Asia/Shanghai", anchors=[Anchor.ARRIVED])
    assert by_arrival.anchor == date(2020, 2, 3)
    unknown = Exposure(person="p-7", reason=Return(region="420000"))
    by_gate = QuarantinePeriod.after(unknown, days=14, zone="Asia/Shanghai", otherwise=date(2020, 2, 4))
    assert (by_gate.anchor, by_gate.anchor_unconfirmed) == (date(2020, 2, 4), True)
    assert not by_arrival.anchor_unconfirmed


def test_extending_shortening_and_moving_are_kept_all_of_them() -> None:
    """Every change stays in the history with its reason and author; the original order is untouched."""
    first = period()
    later = (
        first.extend(days=7, reason="contact at home", by="cadre-3")
        .shorten(days=2, reason="new notice", by="cadre-4")
        .move(QuarantineSetting.CENTRAL_QUARANTINE, reason="no room at home", by="cadre-3")
    )
    assert later.total_days == 19
    assert later.days == 14
    assert later.last_day == date(2020, 3, 5)
    assert later.current_setting is QuarantineSetting.CENTRAL_QUARANTINE
    assert [each.kind for each in later.changes] == [
        ChangeKind.EXTENDED,
        ChangeKind.SHORTENED,
        ChangeKind.MOVED_SETTING,
    ]
    assert first.changes == ()


CHANGES = st.lists(
    st.one_of(
        st.tuples(st.just("extend"), st.integers(1, 30)),
        st.tuples(st.just("shorten"), st.integers(1, 30)),
        st.tuples(st.just("move"), st.sampled_from(QuarantineSetting)),
        st.tuples(st.just("finish"), st.sampled_from(EndCause)),
    ),
    max_size=8,
)


def apply(found: QuarantinePeriod, change: tuple[str, object]) -> QuarantinePeriod:
    """Make one generated change."""
    name, value = change
    common = {"reason": "r", "by": "cadre-1"}
    if name == "move":
        return found.move(value, **common)  # type: ignore[arg-type]  # drawn together
    if name == "finish":
        return found.finish(value, at=datetime(2020, 2, 20, tzinfo=SHANGHAI), **common)  # type: ignore[arg-type]
    return getattr(found, name)(days=value, **common)  # type: ignore[no-any-return]


@given(CHANGES)
def test_history_never_shrinks(changes: list[tuple[str, object]]) -> None:
    """Whatever is done, allowed or refused, what was in the history stays there in its order."""
    found = period()
    for change in changes:
        before = found.changes
        try:
            found = apply(found, change)
        except InvalidValueError:
            assert found.changes == before
        else:
            assert found.changes[:-1] == before
        assert found.total_days >= 1
        assert found.ends_at >= found.starts_at


def test_an_ended_period_ends_at_its_end_and_takes_no_more_changes() -> None:
    """Whoever is taken to hospital is no longer in home quarantine; a new exposure opens a new period."""
    ended = period().finish(
        EndCause.HOSPITAL, at=datetime(2020, 2, 20, 9, tzinfo=SHANGHAI), reason="fever", by="cadre-3"
    )
    assert not ended.in_force(datetime(2020, 2, 20, 9, tzinfo=SHANGHAI))
    assert ended.in_force(datetime(2020, 2, 20, 8, 59, tzinfo=SHANGHAI))
    with pytest.raises(InvalidValueError, match="expected a period that has not ended"):
        ended.extend(days=1, reason="r", by="cadre-3")


@given(st.lists(st.tuples(st.dates(date(2020, 1, 1), date(2020, 3, 1)), st.integers(1, 20)), max_size=6))
def test_overlapping_periods_union(orders: list[tuple[date, int]]) -> None:
    """At every noon somebody is restricted exactly if one period restricts, and the spans are apart."""
    periods = [period(last_on=anchor, days=days) for anchor, days in orders]
    spans = restricted_spans(periods)
    for each in range(120):
        noon = datetime(2019, 12, 25, 12, tzinfo=SHANGHAI) + timedelta(days=each)
        assert any(noon in span for span in spans) == any(one.in_force(noon) for one in periods)
    assert all(first.end < second.start for first, second in itertools.pairwise(spans))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: period(days=0),
            "QuarantinePeriod.days: expected whole days from 1 to 366, got a whole number",
        ),
        (lambda: period(days=14.0), "QuarantinePeriod.days: expected whole days from 1 to 366, got a number"),  # type: ignore[arg-type]
        (
            lambda: period(convention=DayCount.ELAPSED_24H),
            (
                "QuarantinePeriod.anchor: expected an instant with its time, which counting by 24 hours "
                "needs, got a date; give the time, or count by days"
            ),
        ),
        (
            lambda: period().shorten(days=14, reason="r", by="cadre-3"),
            (
                "PeriodChange.days: expected fewer days than the 14 the period has, got 14 days; "
                "end the period instead"
            ),
        ),
        (
            lambda: period().extend(days=7, reason=" ", by="cadre-3"),
            "PeriodChange.reason: expected some text, got blank text",
        ),
        (
            lambda: QuarantinePeriod.after(
                Exposure(person="p-7", reason=Contact()), days=14, zone="Asia/Shanghai"
            ),
            (
                "Exposure: expected a date to count from (last exposure, left or arrived), got nothing; "
                "pass otherwise=, the date of the gate, to open the period and have the date confirmed"
            ),
        ),
    ],
)
def test_bad_orders_say_what_was_expected(make: Callable[[], object], message: str) -> None:
    """Each bad order gets one clear error."""
    with pytest.raises(InvalidValueError) as caught:
        make()
    assert str(caught.value) == message
