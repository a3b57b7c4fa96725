"""Quarantine periods: counting, changing, ending, and their union."""

from __future__ import annotations

import itertools
import pickle
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

import attrs
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
    PeriodChange,
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
    return QuarantinePeriod.after(exposure, days=days, zone="Asia/Shanghai", **options)  # type: ignore[arg-type]  # options of several types


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
        return found.finish(value, at=datetime(2020, 2, 20, tzinfo=SHANGHAI), **common)  # type: ignore[arg-type]  # options of several types
    return getattr(found, name)(days=value, **common)  # type: ignore[no-any-return]  # a period, by any of the names


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


def at(day: int, hour: int = 9) -> datetime:
    """An instant of February 2020 at the site."""
    return datetime(2020, 2, day, hour, tzinfo=SHANGHAI)


WHY: Any = {"reason": "r", "by": "cadre-3"}
evolve: Any = attrs.evolve


def test_a_change_that_is_heard_of_late_takes_its_place() -> None:
    """Moved on the 18th and on the 20th: wherever the report of the 18th comes, the 20th's holds."""
    central, home = QuarantineSetting.CENTRAL_QUARANTINE, QuarantineSetting.HOME_OBSERVATION
    in_order = period().move(home, at=at(18), **WHY).move(central, at=at(20), **WHY)
    late = period().move(central, at=at(20), **WHY).move(home, at=at(18), **WHY)
    assert late == in_order
    assert late.current_setting is central
    assert [each.days for each in late.extend(days=7, **WHY).changes] == [0, 0, 7]


def test_an_end_that_is_heard_of_late_is_the_end_if_it_came_first() -> None:
    """Moved away on the 25th, and then it is heard that they were in hospital from the 20th on."""
    moved = period().finish(EndCause.MOVED_AWAY, at=at(25), **WHY)
    ended = moved.finish(EndCause.HOSPITAL, at=at(20), **WHY)
    assert ended.end is not None
    assert (ended.end.cause, ended.ends_at, len(ended.changes)) == (EndCause.HOSPITAL, at(20), 2)
    assert moved.extend(days=7, at=at(24), **WHY).total_days == 21
    for after in (at(25), at(26), None):
        with pytest.raises(InvalidValueError, match="expected a period that has not ended, got one that has"):
            moved.extend(days=7, at=after, **WHY)


def test_changes_are_ordered_by_instants_not_by_wall_clocks() -> None:
    """In the night that the clock goes back, the second 01:30 comes after the first 01:45."""
    zone = ZoneInfo("America/New_York")
    first = datetime(2020, 11, 1, 1, 45, tzinfo=zone, fold=0)
    second = datetime(2020, 11, 1, 1, 30, tzinfo=zone, fold=1)
    found = period(last_on=date(2020, 10, 30))
    moved = found.move(QuarantineSetting.HEALTH_MONITORING, at=second, **WHY)
    assert moved.move(QuarantineSetting.HOME_OBSERVATION, at=first, **WHY).current_setting is (
        QuarantineSetting.HEALTH_MONITORING
    )
    released = found.finish(EndCause.EARLY_RELEASE, at=first, **WHY)
    assert not released.in_force(second)
    assert released.in_force(first - timedelta(minutes=1))


@pytest.mark.parametrize(("ended", "expected"), [(1, "2020-02-15"), (29, "2020-02-29"), (33, "2020-03-01")])
def test_a_period_ends_between_its_start_and_its_release(ended: int, expected: str) -> None:
    """An end before the start restricts nothing, one after the release prolongs nothing."""
    when = datetime(2020, 2, 1, tzinfo=SHANGHAI) + timedelta(days=ended - 1)
    found = period().finish(EndCause.EARLY_RELEASE, at=when, **WHY)
    assert found.ends_at.date().isoformat() == expected
    assert found.release_at.date().isoformat() == "2020-03-01"
    assert found.starts_at.date().isoformat() == "2020-02-15"


def test_no_day_is_counted_after_the_end() -> None:
    """The day of the end is still a day of the period, the next is none."""
    found = period().finish(EndCause.HOSPITAL, at=at(20), **WHY)
    assert [found.day_number(date(2020, 2, day)) for day in (15, 20, 21)] == [0, 5, None]


def test_counting_by_24_hours_has_days_too() -> None:
    """From noon to noon: the day of the release is the last one counted."""
    exposure = Exposure(person="p-1", last_at=at(1, 12), reason=Contact())
    found = QuarantinePeriod.after(exposure, days=2, zone=SHANGHAI, convention="elapsed-24h")
    assert (found.last_day, found.release_at) == (date(2020, 2, 3), at(3, 12))
    assert [found.day_number(date(2020, 2, day)) for day in (1, 2, 3, 4)] == [0, 1, 2, None]
    assert found.zone == "Asia/Shanghai"


def test_an_anchor_with_a_time_restricts_from_that_time_and_counts_from_its_local_day() -> None:
    """Met a case at 01:00 on the 15th in Shanghai, which is the 14th in UTC: Day 0 is the 15th."""
    exposure = Exposure(person="p-1", last_at=datetime(2020, 2, 14, 17, tzinfo=UTC), reason=Contact())
    found = QuarantinePeriod.after(exposure, days=14, zone="Asia/Shanghai")
    assert (found.anchor_day, found.last_day) == (date(2020, 2, 15), date(2020, 2, 29))
    assert (found.in_force(at(15, 0)), found.in_force(at(15, 1))) == (False, True)
    assert found.id == "q:p-1:2020-02-15:contact"


def test_a_return_and_a_contact_of_one_day_are_two_periods() -> None:
    """Neither takes the other's place."""
    met = Exposure(person="p-7", last_on=date(2020, 2, 15), reason=Contact())
    other = QuarantinePeriod.after(met, days=21, zone="Asia/Shanghai")
    assert other.anchor == period().anchor
    assert (other.id, period().id) == ("q:p-7:2020-02-15:contact", "q:p-7:2020-02-15")
    assert QuarantinePeriod.after(met, days=21, zone="Asia/Shanghai", id="q-1").id == "q-1"


def test_a_period_is_a_value() -> None:
    """What was worked out from it once is not part of it: it compares, hashes and pickles by its fields."""
    fresh, used = period(), period()
    assert used.in_force(at(20))
    assert (used, hash(used), repr(used)) == (fresh, hash(fresh), repr(fresh))
    copied = pickle.loads(pickle.dumps(used))  # noqa: S301 - our own value
    assert (copied, copied.release_at) == (fresh, fresh.release_at)
    assert used.extend(days=7, **WHY).last_day == date(2020, 3, 7)


def test_an_instant_without_a_zone_is_in_no_period() -> None:
    """Python would take the machine's zone."""
    with pytest.raises(InvalidValueError, match="expected a datetime with a time zone"):
        period().in_force(datetime(2020, 2, 20, 12))  # noqa: DTZ001 - the point


def test_a_period_that_restricts_at_no_instant_adds_nothing_to_the_union() -> None:
    """Ordered in error and ended before it began."""
    error = period().finish(EndCause.ORDERED_IN_ERROR, at=at(1), **WHY)
    assert restricted_spans([error]) == ()
    assert [span.start for span in restricted_spans([error, period(last_on=date(2020, 2, 1))])] == [at(1, 0)]


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
        (lambda: period(days=14.0), "QuarantinePeriod.days: expected whole days from 1 to 366, got a number"),  # type: ignore[arg-type]  # wrong on purpose
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
        (
            lambda: period(last_on=date(9999, 12, 25)),
            (
                "QuarantinePeriod.anchor: expected a date from which the days can be counted, "
                "got one at the end of the calendar; correct the year"
            ),
        ),
        (
            lambda: period(release_hour="08:00"),
            "QuarantinePeriod.release_hour: expected a time of day without a zone, got text of 5 characters",
        ),
        (
            lambda: QuarantinePeriod.after(
                Exposure(person="p-7", last_at=at(1), reason=Contact()),
                days=14,
                zone="Asia/Shanghai",
                convention=DayCount.ELAPSED_24H,
                release_hour=time(8),
            ),
            (
                "QuarantinePeriod.release_hour: expected none where days are counted by 24 hours, "
                "got a time of day"
            ),
        ),
        (
            lambda: evolve(period(), anchor="2020-02-15"),
            "QuarantinePeriod.anchor: expected a date or an aware datetime, got text of 10 characters",
        ),
        (
            lambda: evolve(period(), anchor=datetime(2020, 2, 15)),  # noqa: DTZ001 - the point
            (
                "QuarantinePeriod.anchor: expected a datetime with a time zone, got a datetime without one; "
                "add tzinfo, for example ZoneInfo('Asia/Shanghai')"
            ),
        ),
        (
            lambda: evolve(period(), changes=[PeriodChange(kind="shortened", days=14, **WHY)]),
            "QuarantinePeriod.changes: expected changes that leave at least one day, got too few days",
        ),
        (
            lambda: evolve(period(), policy_version=1),
            "QuarantinePeriod.policy_version: expected str, got a whole number",
        ),
        (
            lambda: PeriodChange(kind="extended", **WHY),
            "PeriodChange.days: expected whole days from 1 to 366, got a whole number",
        ),
        (
            lambda: PeriodChange(kind="moved-setting", **WHY),
            "PeriodChange.setting: expected the setting it was moved to, got nothing",
        ),
        (
            lambda: PeriodChange(kind="ended", cause="death", **WHY),
            "PeriodChange: expected the instant and the cause of an end, got an end without them",
        ),
        (
            lambda: PeriodChange(kind="ended", cause="death", at=at(20), days=3, **WHY),
            (
                "PeriodChange.days: expected nothing where a period was ended, got a value; "
                "record one change for each thing that changed"
            ),
        ),
        (
            lambda: PeriodChange(kind="extended", days=3, setting="home-quarantine", **WHY),
            (
                "PeriodChange.setting: expected nothing where a period was extended, got a value; "
                "record one change for each thing that changed"
            ),
        ),
        (
            lambda: PeriodChange(kind="shortened", days=3, cause="death", **WHY),
            (
                "PeriodChange.cause: expected nothing where a period was shortened, got a value; "
                "record one change for each thing that changed"
            ),
        ),
        (
            lambda: Exposure(person="p-7", reason="return"),  # type: ignore[arg-type]  # wrong on purpose
            "Exposure.reason: expected Return or Contact, got text of 6 characters",
        ),
    ],
)
def test_bad_orders_say_what_was_expected(make: Callable[[], object], message: str) -> None:
    """Each bad order gets one clear error."""
    with pytest.raises(InvalidValueError) as caught:
        make()
    assert str(caught.value) == message


TEN = QuarantinePeriod.after(
    Exposure(person="p-7", reason=Return(region="420000"), arrived_on=date(2020, 2, 10)),
    days=10,
    then_days=3,
    then_setting=QuarantineSetting.HEALTH_MONITORING,
    zone="Asia/Shanghai",
)


@pytest.mark.parametrize(
    ("day", "hour", "setting"),
    [
        (10, 0, "home-quarantine"),
        (17, 23, "home-quarantine"),
        (18, 0, "health-monitoring"),
        (20, 23, "health-monitoring"),
    ],
)
def test_seven_and_three(day: int, hour: int, setting: str) -> None:
    """Of ten days the last three are spent in another setting, from the first instant of the eighth."""
    at = datetime(2020, 2, day, hour, 30 if hour else 0, tzinfo=SHANGHAI)
    assert TEN.setting_at(at) is QuarantineSetting(setting)
    assert TEN.in_force(at)
    assert TEN.last_day == date(2020, 2, 20)
    assert TEN.then_at == datetime(2020, 2, 18, tzinfo=SHANGHAI)


def test_an_extension_makes_the_first_stage_longer() -> None:
    """The second stage is always the last days."""
    longer = TEN.extend(days=2, reason="contact at home", by="cadre-3")
    assert longer.then_at == datetime(2020, 2, 20, tzinfo=SHANGHAI)
    assert longer.last_day == date(2020, 2, 22)


def test_a_move_in_the_second_stage_holds() -> None:
    """One in the first stage holds until the second; one in the second, or of an unknown time, to the end."""
    second = datetime(2020, 2, 19, tzinfo=SHANGHAI)
    central = QuarantineSetting.CENTRAL_QUARANTINE
    early = TEN.move(central, reason="no room", by="cadre-3", at=second - timedelta(days=5))
    assert early.setting_at(second - timedelta(days=4)) is central
    assert early.setting_at(second) is QuarantineSetting.HEALTH_MONITORING
    for at in (second, None):
        late = TEN.move(central, reason="no room", by="cadre-3", at=at)
        assert late.setting_at(second) is central


def test_stages_by_the_hour() -> None:
    """Counted by 24 hours the second stage begins at the hour of the anchor; a release hour is kept too."""
    hourly = attrs.evolve(
        TEN, anchor=datetime(2020, 2, 10, 15, tzinfo=SHANGHAI), convention=DayCount.ELAPSED_24H
    )
    assert hourly.then_at == datetime(2020, 2, 17, 15, tzinfo=SHANGHAI)
    assert attrs.evolve(TEN, release_hour=time(8)).then_at == datetime(2020, 2, 18, 8, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    "stages",
    [
        {"then_days": 10},
        {"then_days": 0},
        {"then_setting": None},
    ],
)
def test_half_a_second_stage_is_refused(stages: dict[str, Any]) -> None:
    """Days and setting belong together, and a first stage remains."""
    with pytest.raises(InvalidValueError, match=r"QuarantinePeriod\.then_days: expected fewer days than"):
        attrs.evolve(TEN, **stages)
