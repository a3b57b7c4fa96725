"""What is known of one traveller at the moment of a crossing."""

from __future__ import annotations

from collections.abc import Container, Mapping
from datetime import date, datetime
from typing import Any

import attrs

from epiguard.crossings import Role, Traveller
from epiguard.facts import Fact, LeaveGranted, WatchListed
from epiguard.fields import FrozenMapping, frozen_mapping
from epiguard.identifiers import RegionCode
from epiguard.passes import ExitPass, PassState
from epiguard.people import Household, Person
from epiguard.places import Direction, Site
from epiguard.quarantine import QuarantinePeriod, Return
from epiguard.registrations import Registration

__all__ = ["NOTHING", "PastCrossing", "Standing", "set_days"]

#: Bound once: on Python 3.11 to look a member up in its enumeration takes longer than all else here.
RESIDENT = Role.RESIDENT
VISITOR = Role.VISITOR
OUT = Direction.OUT

NOTHING: Mapping[str, Any] = FrozenMapping()


@attrs.frozen(kw_only=True)
class PastCrossing:
    """A crossing of one person that took place, or was let through, on a day."""

    at: datetime
    day: date
    """The site's day; a return belongs to the day of the exit it ends, also after midnight."""
    direction: Direction
    checkpoint: str
    decision: str | None = None
    spent_exit: bool = True
    """False under leave, by override, to a fever clinic or at a door: no daily limit counts it."""
    claims: tuple[str, ...] = ()
    """The unique keys that its decision claimed for them, or for their whole party."""
    leave_frees: tuple[str, ...] = ()
    """Those of the claims that leave of theirs frees, whenever it is recorded."""
    returning_from: RegionCode | None = attrs.field(default=None, repr=False)
    """Where they said that they came back from, if that is outside the site's province."""
    returned_on: date | None = None
    """With it: the day they said they arrived, else the day of the crossing."""

    def under_leave(self) -> PastCrossing:
        """The same crossing where they have leave: it spends no exit, and what leave frees is not claimed."""
        claims = tuple(each for each in self.claims if each not in self.leave_frees)
        return attrs.evolve(self, spent_exit=False, claims=claims, leave_frees=())


@attrs.frozen(kw_only=True)
class Standing:
    """What is known of one traveller at the moment of a crossing.

    Attributes:
        index: The traveller's place in the party.
        traveller: As the gate sees them.
        person: Who they are, where the site knows.
        household: The one they belong to today; where a door knows only whose card it was, that one.
        returning_from: Where they say that they come back from now, if that is outside the site's province:
            from another district of the same city nobody is a returnee.
        registrations: Forms linked to the person, or handed in at the gate.
        periods: Quarantine periods in force, also one that was opened for a form of theirs.
        past_periods: Periods that are over.
        exit_pass: The pass they hold that is valid today, or on the day of the exit that a return ends; if
            they show one, that one or nothing, so another person's pass is none.
        shown_pass: How the pass they show stands; nothing where they show none.
        passes: Every pass they hold, whatever its days; revoked ones are none.
        lost_pass: The number of the pass they lost and that nothing replaced yet.
        away: The exit they have not come back from yet, as far as the last fourteen days tell.
        leaves: Leave in force.
        watches: Entries of the watch list in force.
        crossings: Their crossings of this day so far, oldest first.
        notes: The facts that plug-ins recorded about them, by kind, oldest first.
    """

    index: int
    traveller: Traveller
    person: Person | None = None
    household: Household | None = None
    returning_from: RegionCode | None = attrs.field(default=None, repr=False)
    registrations: tuple[Registration, ...] = ()
    periods: tuple[QuarantinePeriod, ...] = ()
    past_periods: tuple[QuarantinePeriod, ...] = ()
    exit_pass: ExitPass | None = None
    shown_pass: PassState | None = None
    passes: tuple[ExitPass, ...] = ()
    lost_pass: str | None = None
    away: PastCrossing | None = None
    leaves: tuple[LeaveGranted, ...] = ()
    watches: tuple[WatchListed, ...] = ()
    crossings: tuple[PastCrossing, ...] = ()
    notes: Mapping[str, tuple[Fact, ...]] = attrs.field(default=NOTHING, converter=frozen_mapping, repr=False)

    @property
    def subject(self) -> str | None:
        """The pseudonymous id facts about them are kept under: the person's, or their form's."""
        if self.traveller.person is not None:
            return self.traveller.person
        form = self.traveller.registration
        return form.subject if form is not None else None

    @property
    def role(self) -> Role:
        """What they are here: the gate's word, but a visitor who lives here is a resident."""
        lives_here = self.person is not None and self.person.resident
        if lives_here and self.traveller.role is VISITOR:
            return RESIDENT
        return self.traveller.role

    @property
    def returnee(self) -> bool:
        """Whether they come back from another province now, or are in a period because they did."""
        return self.returning_from is not None or any(
            isinstance(period.exposure.reason, Return) for period in self.periods
        )

    @property
    def kinds(self) -> frozenset[str]:
        """The kinds of traveller a policy's ``applies_to`` can name: the role, and ``returnee``."""
        return frozenset({self.role.value, "returnee"} if self.returnee else {self.role.value})

    @property
    def registered(self) -> bool:
        """Whether a form of theirs is known, or the guard saw one."""
        return bool(
            self.registrations or self.traveller.registration is not None or self.traveller.registered
        )

    @property
    def temperature(self) -> float | None:
        """The temperature that counts, in degrees Celsius: after a rest where it was measured again."""
        return self.traveller.temperature if self.traveller.retested is None else self.traveller.retested

    def exits_on_day(self) -> int:
        """How many exits of this day count against a daily limit."""
        if not self.crossings:
            return 0
        return sum(each.direction is OUT and each.spent_exit for each in self.crossings)


def set_days(row: list[PastCrossing], start: int, site: Site, doors: Container[str]) -> None:
    """Put the day on somebody's crossings, from a place on: a return after midnight ends an exit of before.

    Args:
        row: Oldest first.
        start: The first that may have another day now.
        site: Which day an instant belongs to.
        doors: Checkpoints inside the site: they end no exit.
    """
    for place in range(start, len(row)):
        each = row[place]
        day = site.day_of(each.at)
        if each.direction is Direction.IN and each.checkpoint not in doors:
            before = (past for past in reversed(row[:place]) if past.checkpoint not in doors)
            last = next(before, each)
            day = last.day if last.direction is Direction.OUT else day
        if day != each.day:
            row[place] = attrs.evolve(each, day=day)
