"""A curfew: between closing and opening time nobody goes out, and everybody may come home (宵禁)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import time

import attrs

from epiguard.crossings import Crossing
from epiguard.decisions import Verdict
from epiguard.duties import Alert
from epiguard.errors import InvalidValueError
from epiguard.fields import choice, instance, many, wall_clock
from epiguard.places import Direction
from epiguard.rules import Rule, hookimpl
from epiguard.situation import Situation, Standing

__all__ = ["Curfew"]


def _directions(values: Iterable[Direction | str]) -> tuple[Direction, ...]:
    directions = many(choice(Direction, "Curfew.directions"), "Curfew.directions")(values)
    if not directions:
        raise InvalidValueError("Curfew.directions", expected="'in', 'out' or both", got="an empty list")
    return directions


@attrs.frozen
class Curfew(Rule):
    """Denies crossings between closing and opening time, which may lie on either side of midnight.

    Whoever lives here comes home at any hour; where the way in is closed too, that is an alert. An arranged
    journey to a fever clinic is never late, and leave (a night shift) waives the rule with its alert.

    Attributes:
        closes: From this time of day on; 22:00 is ours.
        opens: Up to, not including, this time of day; 05:00 is ours.
        directions: Which ways are closed.
        certain: Whether the hour must be certain: where the gate's clock is suspect, whoever would be stopped
            at night is held, at any hour, until somebody looked at the clock.
    """

    source = "epiguard: a curfew, as many compounds of February 2020 had one; none of the newsletter's places"

    closes: time = attrs.field(default=time(22), validator=wall_clock("Curfew.closes"))
    opens: time = attrs.field(default=time(5), validator=wall_clock("Curfew.opens"))
    directions: tuple[Direction, ...] = attrs.field(default=(Direction.OUT,), converter=_directions)
    certain: bool = attrs.field(default=False, validator=instance(bool, "Curfew.certain"))

    def __attrs_post_init__(self) -> None:
        if self.closes == self.opens:
            raise InvalidValueError(
                "Curfew.opens",
                expected="another time than closes",
                got="the same time",
                do="give both times; a gate that never opens is no curfew",
            )

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Iterator[Verdict]:
        """Deny what comes between closing and opening time."""
        if crossing.direction not in self.directions:
            return
        if self.certain and situation.clock_suspect:
            yield from self._unsure(crossing, situation)
            return
        if not self.closed_at(crossing.local_time):
            return
        closes, opens = f"{self.closes:%H:%M}", f"{self.opens:%H:%M}"
        for standing in situation.standings:
            if standing.traveller.clinic_journey is not None:
                yield self.no_objection("clinic-journey", about=standing)
            elif crossing.direction is Direction.OUT:
                yield self.deny("curfew-out", about=standing, closes=closes, opens=opens)
            elif standing.person is not None and standing.person.resident:
                alerts = [self._late(standing, standing.person.id, crossing)]
                yield self.no_objection("late-home", about=standing, alerts=alerts)
            elif standing.returnee:
                yield self.no_objection("late-arrival", about=standing)
            else:
                yield self.deny("curfew-in", about=standing, closes=closes, opens=opens)

    def _unsure(self, crossing: Crossing, situation: Situation) -> Iterator[Verdict]:
        """Hold whom the curfew could stop: nobody who comes home, arrives or goes to the clinic."""
        for standing in situation.standings:
            free = standing.traveller.clinic_journey is not None
            if crossing.direction is not Direction.OUT:
                lives_here = standing.person is not None and standing.person.resident
                free = free or lives_here or standing.returnee
            if not free:
                yield self.hold("clock-suspect", about=standing, lifted_by="look-at-clock")

    def closed_at(self, moment: time) -> bool:
        """Whether the gate is closed at a time of day."""
        if self.closes < self.opens:
            return self.closes <= moment < self.opens
        return moment >= self.closes or moment < self.opens

    def _late(self, standing: Standing, person: str, crossing: Crossing) -> Alert:
        kind = "late-home"
        return Alert(
            kind=kind,
            subject=person,
            at=crossing.at,
            checkpoint=crossing.checkpoint,
            basis=f"{crossing.at.isoformat()}#{standing.index}",
            source=self.source,
            texts=self.words(f"alert-{kind}"),
        )
