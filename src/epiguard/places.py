"""Sites with their checkpoints and lanes: where crossings happen, and in which zone a day is counted."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, time
from enum import Enum
from zoneinfo import ZoneInfo

import attrs

from epiguard.days import day_of, to_utc, zone_of
from epiguard.errors import InvalidValueError, UnknownIdError
from epiguard.fields import as_day, as_instances, as_member, identifier, instance, wall_clock, whole
from epiguard.identifiers import RegionCode, known_region

__all__ = ["Checkpoint", "CheckpointKind", "Direction", "Lane", "Site", "Traffic"]


class Direction(Enum):
    """Into the site or out of it."""

    IN = "in"
    OUT = "out"


class Traffic(Enum):
    """What a lane carries."""

    PEDESTRIAN = "pedestrian"
    VEHICLE = "vehicle"


class CheckpointKind(Enum):
    """A guarded gate (卡口), or a door that only records who passed (门禁)."""

    GATE = "gate"
    DOOR = "door"


def _direction(value: Direction | str) -> Direction:
    return as_member(Direction, value, "Lane.direction")


def _traffic(value: Traffic | str) -> Traffic:
    return as_member(Traffic, value, "Lane.traffic")


def _since(value: date | None) -> date | None:
    return as_day(value, "Lane.since")


def _until(value: date | None) -> date | None:
    return as_day(value, "Lane.until")


@attrs.frozen(kw_only=True)
class Lane:
    """One class of traffic in one direction, from a date, up to a date (not included)."""

    direction: Direction = attrs.field(converter=_direction)
    traffic: Traffic = attrs.field(converter=_traffic)
    since: date | None = attrs.field(default=None, converter=_since)
    until: date | None = attrs.field(default=None, converter=_until)

    def __attrs_post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise InvalidValueError("Lane.until", expected="a date after since", got="one not after it")

    def open_on(self, on: date) -> bool:
        """Whether the lane is open on that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


def _kind(value: CheckpointKind | str) -> CheckpointKind:
    return as_member(CheckpointKind, value, "Checkpoint.kind")


def _lanes(values: Iterable[Lane]) -> tuple[Lane, ...]:
    return as_instances(Lane, values, "Checkpoint.lanes")


@attrs.frozen(kw_only=True)
class Checkpoint:
    """A gate or a door; without lanes of its own it takes any traffic in both directions."""

    id: str = attrs.field(validator=identifier("Checkpoint.id"))
    name: str = attrs.field(default="", validator=instance(str, "Checkpoint.name"))
    kind: CheckpointKind = attrs.field(default=CheckpointKind.GATE, converter=_kind)
    lanes: tuple[Lane, ...] = attrs.field(default=(), converter=_lanes)

    def takes(self, direction: Direction, traffic: Traffic, on: date) -> bool:
        """Whether a lane for this traffic in this direction is open on that day."""
        if not self.lanes:
            return True
        return any(
            lane.direction is direction and lane.traffic is traffic and lane.open_on(on)
            for lane in self.lanes
        )


def _region(value: RegionCode | str | None) -> str | None:
    return None if value is None else known_region(value, "Site.region").value


def _compounds(values: Iterable[str]) -> tuple[str, ...]:
    return as_instances(str, values, "Site.compounds")


def _checkpoints(values: Iterable[Checkpoint]) -> tuple[Checkpoint, ...]:
    return as_instances(Checkpoint, values, "Site.checkpoints")


@attrs.frozen(kw_only=True)
class Site:
    """A village, compound, street or market, with its time zone."""

    id: str = attrs.field(validator=identifier("Site.id"))
    zone: ZoneInfo = attrs.field(converter=zone_of)
    name: str = attrs.field(default="", validator=instance(str, "Site.name"))
    region: str | None = attrs.field(default=None, converter=_region)
    """The administrative region (six digits) the site lies in; tells who comes from another province."""
    clock_bound_minutes: int | None = attrs.field(
        default=None, validator=whole("Site.clock_bound_minutes", least=1, most=1440, optional=True)
    )
    """How far a gate's clock may be off before it is suspect; nothing where the clocks are not watched."""
    day_starts: time = attrs.field(default=time(0), validator=wall_clock("Site.day_starts"))
    compounds: tuple[str, ...] = attrs.field(default=(), converter=_compounds)
    checkpoints: tuple[Checkpoint, ...] = attrs.field(default=(), converter=_checkpoints)

    def __attrs_post_init__(self) -> None:
        ids = [each.id for each in self.checkpoints]
        if len(set(ids)) != len(ids):
            raise InvalidValueError(
                "Site.checkpoints", expected="checkpoints with different ids", got="two of one id"
            )

    def checkpoint(self, checkpoint_id: str) -> Checkpoint:
        """The checkpoint of that id.

        Raises:
            UnknownIdError: If the site has none.
        """
        for each in self.checkpoints:
            if each.id == checkpoint_id:
                return each
        raise UnknownIdError(
            "Crossing.checkpoint",
            expected="one of " + ", ".join(each.id for each in self.checkpoints)
            if self.checkpoints
            else "a site with checkpoints",
            got="another id",
            do=f"add the checkpoint to the site {self.id!r}, or correct the crossing",
        )

    def is_outside(self, region: RegionCode) -> bool:
        """Whether a region lies in another province (外省市); all do where the site's own is not known."""
        return self.region is None or region.province != RegionCode(self.region).province

    def day_of(self, instant: datetime) -> date:
        """The site's day an instant belongs to, by its zone and the hour its day starts."""
        return day_of(instant, self.zone, self.day_starts)

    def local(self, instant: datetime) -> datetime:
        """The instant in the site's zone; the very object where it was given so."""
        local = to_utc(instant).astimezone(self.zone)
        # What an hour that the clocks leave out stands for is another time of day.
        same = instant.tzinfo is self.zone and local == instant and local.fold == instant.fold
        return instant if same else local
