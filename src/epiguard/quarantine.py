"""Exposures and quarantine periods: why and when the clock starts, and every change to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import Enum
from functools import cached_property
from zoneinfo import ZoneInfo

import attrs

from epiguard.days import DayCount, TimeSpan, day_of, first_instant, to_utc, zone_of
from epiguard.errors import InvalidValueError, kind_of
from epiguard.fields import (
    as_day,
    as_instances,
    as_member,
    identifier,
    instance,
    instant,
    optional_identifier,
    wall_clock,
    whole,
)
from epiguard.identifiers import FreeText, RegionCode

__all__ = [
    "Anchor",
    "ChangeKind",
    "Contact",
    "EndCause",
    "Exposure",
    "PeriodChange",
    "QuarantinePeriod",
    "QuarantineSetting",
    "Return",
    "restricted_spans",
]


class QuarantineSetting(Enum):
    """Where a period is spent. What a setting restricts is said by the site's rules, not by its name."""

    HOME_OBSERVATION = "home-observation"
    HOME_QUARANTINE = "home-quarantine"
    CENTRAL_QUARANTINE = "central-quarantine"
    HEALTH_MONITORING = "health-monitoring"


class Anchor(Enum):
    """Which date of an exposure the days are counted from."""

    LAST_EXPOSURE = "last-exposure"
    LEFT = "left"
    ARRIVED = "arrived"


def _region(value: RegionCode | str) -> RegionCode:
    return RegionCode.of(value)


@attrs.frozen(kw_only=True)
class Return:
    """The person came back from a region."""

    region: RegionCode = attrs.field(converter=_region)


@attrs.frozen(kw_only=True)
class Contact:
    """The person was in contact with somebody; ``with_person`` is a pseudonymous id, if known."""

    with_person: str | None = attrs.field(default=None, validator=optional_identifier("Contact.with_person"))


def _last_on(value: date | None) -> date | None:
    return as_day(value, "Exposure.last_on")


def _left_on(value: date | None) -> date | None:
    return as_day(value, "Exposure.left_on")


def _arrived_on(value: date | None) -> date | None:
    return as_day(value, "Exposure.arrived_on")


@attrs.frozen(kw_only=True)
class Exposure:
    """Why and when the clock starts.

    Attributes:
        person: Who was exposed.
        reason: A return from a region or a contact.
        last_on: The last day of exposure, where the time is not known.
        last_at: The last instant of exposure, where it is.
        left_on: The day they left the region, if known.
        arrived_on: The day they arrived at the site, if known.
    """

    person: str = attrs.field(validator=identifier("Exposure.person"))
    reason: Return | Contact = attrs.field(validator=instance((Return, Contact), "Exposure.reason"))
    last_on: date | None = attrs.field(default=None, converter=_last_on)
    last_at: datetime | None = attrs.field(default=None, validator=instant("Exposure.last_at", optional=True))
    left_on: date | None = attrs.field(default=None, converter=_left_on)
    arrived_on: date | None = attrs.field(default=None, converter=_arrived_on)

    def anchor(self, *order: Anchor) -> date | datetime | None:
        """The first known of the wanted anchors.

        Args:
            order: Which to prefer; default last exposure, then left, then arrived.

        Returns:
            A date, an instant where the time is known, or nothing where none is known.
        """
        known = {
            Anchor.LAST_EXPOSURE: self.last_at or self.last_on,
            Anchor.LEFT: self.left_on,
            Anchor.ARRIVED: self.arrived_on,
        }
        return next((known[each] for each in order or tuple(Anchor) if known[each] is not None), None)


class ChangeKind(Enum):
    """What a change did to a period."""

    EXTENDED = "extended"
    SHORTENED = "shortened"
    MOVED_SETTING = "moved-setting"
    ENDED = "ended"


class EndCause(Enum):
    """Why a period ended before its release."""

    EARLY_RELEASE = "early-release"
    DEATH = "death"
    HOSPITAL = "hospital"
    BECAME_CASE = "became-case"
    MOVED_AWAY = "moved-away"
    ORDERED_IN_ERROR = "ordered-in-error"
    IDENTIFIED = "identified"
    """The form it was opened for turned out to be another person's; their own period takes its place."""


def _kind(value: ChangeKind | str) -> ChangeKind:
    return as_member(ChangeKind, value, "PeriodChange.kind")


def _moved_to(value: QuarantineSetting | str | None) -> QuarantineSetting | None:
    return None if value is None else as_member(QuarantineSetting, value, "PeriodChange.setting")


def _cause(value: EndCause | str | None) -> EndCause | None:
    return None if value is None else as_member(EndCause, value, "PeriodChange.cause")


def _said(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "PeriodChange.reason")


@attrs.frozen(kw_only=True)
class PeriodChange:
    """One change to a period, with its reason and its author; changes are kept, all of them.

    Attributes:
        kind: Extended, shortened, moved to another setting, or ended.
        reason: Why.
        by: Pseudonymous id of whoever ordered it.
        days: By how many days it was extended or shortened.
        setting: Where it is spent from then on, if it was moved.
        cause: Why it ended, if it did.
        at: When it was ordered, if known; when the period ended, if it did.
    """

    kind: ChangeKind = attrs.field(converter=_kind)
    reason: FreeText = attrs.field(converter=_said)
    by: str = attrs.field(validator=identifier("PeriodChange.by"))
    days: int = 0
    setting: QuarantineSetting | None = attrs.field(default=None, converter=_moved_to)
    cause: EndCause | None = attrs.field(default=None, converter=_cause)
    at: datetime | None = attrs.field(default=None, validator=instant("PeriodChange.at", optional=True))

    def __attrs_post_init__(self) -> None:
        by_days = self.kind in (ChangeKind.EXTENDED, ChangeKind.SHORTENED)
        if by_days:
            _whole_days("PeriodChange.days", self.days, least=1)
        ended, moved = self.kind is ChangeKind.ENDED, self.kind is ChangeKind.MOVED_SETTING
        if ended and (self.at is None or self.cause is None):
            raise InvalidValueError(
                "PeriodChange", expected="the instant and the cause of an end", got="an end without them"
            )
        if moved and self.setting is None:
            raise InvalidValueError(
                "PeriodChange.setting", expected="the setting it was moved to", got="nothing"
            )
        unused = {
            "days": not by_days and self.days != 0,
            "setting": not moved and self.setting is not None,
            "cause": not ended and self.cause is not None,
        }
        for name in (name for name, given in unused.items() if given):
            raise InvalidValueError(
                f"PeriodChange.{name}",
                expected=f"nothing where a period was {self.kind.value}",
                got="a value",
                do="record one change for each thing that changed",
            )


def _when(change: PeriodChange) -> datetime:
    assert change.at is not None  # as an end always has
    return to_utc(change.at)


def _whole_days(where: str, value: object, *, least: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= 366:
        raise InvalidValueError(where, expected=f"whole days from {least} to 366", got=kind_of(value))
    return value


def _zone_name(zone: str | ZoneInfo) -> str:
    return zone_of(zone).key


def _convention(value: DayCount | str) -> DayCount:
    return as_member(DayCount, value, "QuarantinePeriod.convention")


def _setting(value: QuarantineSetting | str) -> QuarantineSetting:
    return as_member(QuarantineSetting, value, "QuarantinePeriod.setting")


def _then_setting(value: QuarantineSetting | str | None) -> QuarantineSetting | None:
    return None if value is None else as_member(QuarantineSetting, value, "QuarantinePeriod.then_setting")


def _changes(values: Iterable[PeriodChange]) -> tuple[PeriodChange, ...]:
    return as_instances(PeriodChange, values, "QuarantinePeriod.changes")


@attrs.frozen(kw_only=True)
class QuarantinePeriod:
    """Days a person is restricted, in a setting, with every change to it.

    A period keeps the convention, the number of days, the zone and the policy version it was ordered
    under; a later policy never reinterprets it. It restricts over the half-open interval from
    ``starts_at`` to ``ends_at``.
    Last exposure 15 February 2020, 14 days: last day 29 February, released 1 March 00:00.

    Attributes:
        id: The period's own id; calls and visits are linked to it by this, never by dates.
        person: Who is restricted: a person's id, or a form's subject until it is known whose it is.
        exposure: Why.
        anchor: The date, or instant, the days are counted from.
        days: How many, as ordered.
        zone: IANA name of the site's zone.
        convention: How they are counted.
        setting: Where, as ordered (see ``current_setting``).
        then_days: How many of the days, the last ones, are spent in another setting: 10 days of which 3
            are then spent elsewhere are 7 + 3.
        then_setting: That setting.
        release_hour: Released at this wall-clock time of the release date instead of its first instant.
        anchor_unconfirmed: The anchor was only the date of the gate and has to be asked for.
        policy_version: Of the policy under which it was ordered.
        changes: All of them, oldest first by when they were ordered; one without an instant came last.
    """

    id: str = attrs.field(validator=identifier("QuarantinePeriod.id"))
    person: str = attrs.field(validator=identifier("QuarantinePeriod.person"))
    exposure: Exposure = attrs.field(validator=instance(Exposure, "QuarantinePeriod.exposure"))
    anchor: date | datetime
    days: int
    zone: str = attrs.field(converter=_zone_name)
    convention: DayCount = attrs.field(default=DayCount.DAY0_EXCLUDED, converter=_convention)
    setting: QuarantineSetting = attrs.field(default=QuarantineSetting.HOME_QUARANTINE, converter=_setting)
    then_days: int = attrs.field(default=0, validator=whole("QuarantinePeriod.then_days", least=0, most=365))
    then_setting: QuarantineSetting | None = attrs.field(default=None, converter=_then_setting)
    release_hour: time | None = attrs.field(
        default=None, validator=wall_clock("QuarantinePeriod.release_hour", optional=True)
    )
    anchor_unconfirmed: bool = attrs.field(
        default=False, validator=instance(bool, "QuarantinePeriod.anchor_unconfirmed")
    )
    policy_version: str | None = attrs.field(
        default=None, validator=instance(str, "QuarantinePeriod.policy_version", optional=True)
    )
    changes: tuple[PeriodChange, ...] = attrs.field(default=(), converter=_changes)

    def __attrs_post_init__(self) -> None:
        _whole_days("QuarantinePeriod.days", self.days, least=1)
        if self.then_days >= self.days or (self.then_days > 0) != (self.then_setting is not None):
            raise InvalidValueError(
                "QuarantinePeriod.then_days",
                expected="fewer days than there are, with the setting they are spent in, or neither",
                got="something else",
                do="10 days with then_days=3 are 7 + 3",
            )
        if isinstance(self.anchor, datetime):
            instant("QuarantinePeriod.anchor")(self, None, self.anchor)
        elif type(self.anchor) is not date:
            raise InvalidValueError(
                "QuarantinePeriod.anchor", expected="a date or an aware datetime", got=kind_of(self.anchor)
            )
        elif self.convention is DayCount.ELAPSED_24H:
            raise InvalidValueError(
                "QuarantinePeriod.anchor",
                expected="an instant with its time, which counting by 24 hours needs",
                got="a date",
                do="give the time, or count by days",
            )
        if self.convention is DayCount.ELAPSED_24H and self.release_hour is not None:
            raise InvalidValueError(
                "QuarantinePeriod.release_hour",
                expected="none where days are counted by 24 hours",
                got="a time of day",
            )
        if self.total_days < 1:
            raise InvalidValueError(
                "QuarantinePeriod.changes", expected="changes that leave at least one day", got="too few days"
            )
        try:
            to_utc(self.starts_at)
            to_utc(self.release_at)
        except OverflowError:
            raise InvalidValueError(
                "QuarantinePeriod.anchor",
                expected="a date from which the days can be counted",
                got="one at the end of the calendar",
                do="correct the year",
            ) from None

    @classmethod
    def after(  # noqa: PLR0913 - every one is a word of the order
        cls,
        exposure: Exposure,
        *,
        days: int,
        zone: str | ZoneInfo,
        convention: DayCount | str = DayCount.DAY0_EXCLUDED,
        setting: QuarantineSetting | str = QuarantineSetting.HOME_QUARANTINE,
        then_days: int = 0,
        then_setting: QuarantineSetting | str | None = None,
        anchors: Iterable[Anchor] = (),
        otherwise: date | datetime | None = None,
        release_hour: time | None = None,
        policy_version: str | None = None,
        id: str | None = None,  # noqa: A002 - the design's word
    ) -> QuarantinePeriod:
        """Open a period after an exposure.

        Args:
            exposure: Why and when.
            days: How many.
            zone: IANA name of the site's zone.
            convention: How days are counted.
            setting: Where they are spent.
            then_days: See the class.
            then_setting: See the class.
            anchors: Which of the exposure's dates to count from, in order of preference.
            otherwise: The date of the gate, taken (and flagged for confirmation) where none of them is known.
            release_hour: See the class.
            policy_version: See the class.
            id: The period's id; default made of person, anchor day and whether it is after a contact.

        Raises:
            InvalidValueError: If no anchor is known and ``otherwise`` is not given.
        """
        anchor = exposure.anchor(*anchors)
        unconfirmed = anchor is None
        if anchor is None:
            anchor = otherwise
        if anchor is None:
            raise InvalidValueError(
                "Exposure",
                expected="a date to count from (last exposure, left or arrived)",
                got="nothing",
                do="pass otherwise=, the date of the gate, to open the period and have the date confirmed",
            )
        label = day_of(anchor, zone_of(zone)) if isinstance(anchor, datetime) else anchor
        # Whoever came back and met a case on one day has two periods, and neither takes the other's place.
        after = ":contact" if isinstance(exposure.reason, Contact) else ""
        return cls(
            id=id or f"q:{exposure.person}:{label.isoformat()}{after}",
            person=exposure.person,
            exposure=exposure,
            anchor=anchor,
            days=days,
            zone=_zone_name(zone),
            convention=convention,
            setting=setting,
            then_days=then_days,
            then_setting=then_setting,
            release_hour=release_hour,
            anchor_unconfirmed=unconfirmed,
            policy_version=policy_version,
        )

    @property
    def anchor_day(self) -> date:
        """The local date of the anchor."""
        if isinstance(self.anchor, datetime):
            return day_of(self.anchor, zone_of(self.zone))
        return self.anchor

    @property
    def total_days(self) -> int:
        """The days as they stand after every extension and shortening."""
        total = self.days
        for change in self.changes:
            if change.kind is ChangeKind.EXTENDED:
                total += change.days
            elif change.kind is ChangeKind.SHORTENED:
                total -= change.days
        return total

    @property
    def current_setting(self) -> QuarantineSetting:
        """Where it is spent after every move, the second stage left aside (see ``setting_at``)."""
        moves = (change.setting for change in reversed(self.changes) if change.setting is not None)
        return next(moves, self.setting)

    @property
    def then_at(self) -> datetime | None:
        """The first instant of the second stage, which is always the last days; nothing without one."""
        if self.then_setting is None:
            return None
        zone = zone_of(self.zone)
        if self.convention is DayCount.ELAPSED_24H:
            return (to_utc(self.release_at) - timedelta(days=self.then_days)).astimezone(zone)
        first = self.last_day - timedelta(days=self.then_days - 1)
        return first_instant(first, zone, self.release_hour or time(0))

    def setting_at(self, at: datetime) -> QuarantineSetting:
        """Where it is spent at an instant: in the second stage's setting, unless it was moved since then."""
        then = self.then_at
        if then is None or self.then_setting is None or to_utc(at) < to_utc(then):
            return self.current_setting
        since = (
            each.setting
            for each in reversed(self.changes)
            if each.setting is not None and (each.at is None or to_utc(each.at) >= to_utc(then))
        )
        return next(since, self.then_setting)

    @property
    def last_day(self) -> date:
        """The last day counted, by the convention; an early end does not change it (see ``ends_at``)."""
        if self.convention is DayCount.DAY0_EXCLUDED:
            return self.anchor_day + timedelta(days=self.total_days)
        if self.convention is DayCount.DAY1_INCLUDED:
            return self.anchor_day + timedelta(days=self.total_days - 1)
        return day_of(to_utc(self.release_at) - timedelta(microseconds=1), zone_of(self.zone))

    @cached_property
    def starts_at(self) -> datetime:
        """The first instant of the restriction; a date without a time starts at its first instant."""
        if isinstance(self.anchor, datetime):
            return self.anchor
        return first_instant(self.anchor, zone_of(self.zone))

    @cached_property
    def release_at(self) -> datetime:
        """The instant of release if nothing ends it before, in the site's zone."""
        zone = zone_of(self.zone)
        if self.convention is DayCount.ELAPSED_24H:
            return (to_utc(self.starts_at) + timedelta(days=self.total_days)).astimezone(zone)
        day_after = self.last_day + timedelta(days=1)
        return first_instant(day_after, zone, self.release_hour or time(0))

    @property
    def end(self) -> PeriodChange | None:
        """The change that ended it, if one did; of several the first to happen."""
        ends = [change for change in self.changes if change.kind is ChangeKind.ENDED]
        return min(ends, key=_when, default=None)

    @cached_property
    def ends_at(self) -> datetime:
        """The first instant no longer restricted: the release, or the earlier end."""
        end = self.end
        if end is None:
            return self.release_at
        ended = min(_when(end), to_utc(self.release_at))
        return max(to_utc(self.starts_at), ended).astimezone(zone_of(self.zone))

    def in_force(self, at: datetime) -> bool:
        """Whether it restricts at an instant."""
        return to_utc(self.starts_at) <= to_utc(at) < to_utc(self.ends_at)

    def day_number(self, on: date) -> int | None:
        """Which day of the period a date is, by its convention; nothing outside it, nor after its end."""
        number, end = (on - self.anchor_day).days, self.end
        if number < 0 or on > self.last_day:
            return None
        if end is not None and on > day_of(_when(end), zone_of(self.zone)):
            return None
        return number + 1 if self.convention is DayCount.DAY1_INCLUDED else number

    def extend(self, *, days: int, reason: str, by: str, at: datetime | None = None) -> QuarantinePeriod:
        """The period, longer by ``days``."""
        _whole_days("QuarantinePeriod.extend", days, least=1)
        return self.changed(PeriodChange(kind=ChangeKind.EXTENDED, days=days, reason=reason, by=by, at=at))

    def shorten(self, *, days: int, reason: str, by: str, at: datetime | None = None) -> QuarantinePeriod:
        """The period, shorter by ``days``; at least one day remains."""
        _whole_days("QuarantinePeriod.shorten", days, least=1)
        return self.changed(PeriodChange(kind=ChangeKind.SHORTENED, days=days, reason=reason, by=by, at=at))

    def move(
        self, setting: QuarantineSetting | str, *, reason: str, by: str, at: datetime | None = None
    ) -> QuarantinePeriod:
        """The period, spent in another setting from now on."""
        return self.changed(
            PeriodChange(kind=ChangeKind.MOVED_SETTING, setting=setting, reason=reason, by=by, at=at)
        )

    def finish(self, cause: EndCause | str, *, at: datetime, reason: str, by: str) -> QuarantinePeriod:
        """The period, ended at an instant for a cause; it ends no other period."""
        return self.changed(PeriodChange(kind=ChangeKind.ENDED, cause=cause, at=at, reason=reason, by=by))

    def changed(self, change: PeriodChange) -> QuarantinePeriod:
        """The period with one more change; its history never gets shorter.

        A change that is heard of late takes its place among the others by its instant: whoever was moved
        twice is where the later move sent them.

        Raises:
            InvalidValueError: If the period had ended by then, or the change leaves no day.
        """
        if self.end is not None and (change.at is None or _when(change) >= _when(self.end)):
            raise InvalidValueError(
                "QuarantinePeriod.changes",
                expected="a period that has not ended",
                got="one that has",
                do="open a new period for a new exposure",
            )
        if change.kind is ChangeKind.SHORTENED and change.days >= self.total_days:
            raise InvalidValueError(
                "PeriodChange.days",
                expected=f"fewer days than the {self.total_days} the period has",
                got=f"{change.days} days",
                do="end the period instead",
            )
        later = (
            place
            for place, each in enumerate(self.changes)
            if change.at is not None and each.at is not None and _when(each) > _when(change)
        )
        place = next(later, len(self.changes))
        return attrs.evolve(self, changes=(*self.changes[:place], change, *self.changes[place:]))


def restricted_spans(periods: Iterable[QuarantinePeriod]) -> tuple[TimeSpan, ...]:
    """The union of several periods as spans that neither overlap nor touch, in order.

    Args:
        periods: Periods of one person, in any order.

    Returns:
        The spans, in UTC, during which at least one of them restricts.
    """
    spans = sorted((to_utc(each.starts_at), to_utc(each.ends_at)) for each in periods)
    union: list[TimeSpan] = []
    for start, end in spans:
        if start == end:
            continue
        if union and start <= union[-1].end:
            union[-1] = TimeSpan(union[-1].start, max(union[-1].end, end))
        else:
            union.append(TimeSpan(start, end))
    return tuple(union)
