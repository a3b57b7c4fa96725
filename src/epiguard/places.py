"""Sites with their checkpoints and lanes: where crossings happen, and in which zone a day is counted."""

from __future__ import annotations

from datetime import date, datetime, time
from enum import Enum
from zoneinfo import ZoneInfo

import attrs

from epiguard.days import day_of, zone_of
from epiguard.errors import InvalidValueError, UnknownIdError
from epiguard.fields import choice, identifier, instances

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


@attrs.frozen(kw_only=True)
class Lane:
    """One class of traffic in one direction, from a date, up to a date (not included)."""

    direction: Direction = attrs.field(converter=choice(Direction, "Lane.direction"))
    traffic: Traffic = attrs.field(converter=choice(Traffic, "Lane.traffic"))
    since: date | None = None
    until: date | None = None

    def __attrs_post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise InvalidValueError("Lane.until", expected="a date after since", got="one not after it")

    def open_on(self, day: date) -> bool:
        """Whether the lane is open on that day."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)


@attrs.frozen(kw_only=True)
class Checkpoint:
    """A gate or a door; without lanes of its own it takes any traffic in both directions."""

    id: str = attrs.field(validator=identifier("Checkpoint.id"))
    name: str = ""
    kind: CheckpointKind = attrs.field(
        default=CheckpointKind.GATE, converter=choice(CheckpointKind, "Checkpoint.kind")
    )
    lanes: tuple[Lane, ...] = attrs.field(default=(), converter=instances(Lane, "Checkpoint.lanes"))

    def takes(self, direction: Direction, traffic: Traffic, day: date) -> bool:
        """Whether a lane for this traffic in this direction is open on that day."""
        if not self.lanes:
            return True
        return any(
            lane.direction is direction and lane.traffic is traffic and lane.open_on(day)
            for lane in self.lanes
        )


@attrs.frozen(kw_only=True)
class Site:
    """A village, compound, street or market, with its time zone."""

    id: str = attrs.field(validator=identifier("Site.id"))
    zone: ZoneInfo = attrs.field(converter=zone_of)
    name: str = ""
    region: str | None = None
    """The administrative region (six digits) the site lies in; tells who comes from another province."""
    day_starts: time = time(0)
    compounds: tuple[str, ...] = attrs.field(default=(), converter=instances(str, "Site.compounds"))
    checkpoints: tuple[Checkpoint, ...] = attrs.field(
        default=(), converter=instances(Checkpoint, "Site.checkpoints")
    )

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
            expected="one of " + ", ".join(each.id for each in self.checkpoints),
            got="another id",
            do=f"add the checkpoint to the site {self.id!r}, or correct the crossing",
        )

    def day_of(self, instant: datetime) -> date:
        """The site's day an instant belongs to, by its zone and the hour its day starts."""
        return day_of(instant, self.zone, self.day_starts)

    def local(self, instant: datetime) -> datetime:
        """The instant in the site's zone."""
        return instant.astimezone(self.zone)
