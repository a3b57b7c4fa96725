"""Coherent worlds: a site, its people, what became known of them, and who crossed, over a few days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import attrs
from hypothesis import strategies as st

from epiguard.crossings import Crossing, Role, Traveller
from epiguard.days import DaySpan, TimeSpan
from epiguard.errors import InvalidValueError, kind_of
from epiguard.facts import (
    CrossingObserved,
    Fact,
    HouseholdRecorded,
    LeaveGranted,
    PassIssued,
    PersonEnrolled,
    PersonLeft,
    QuarantineOrdered,
    Registered,
)
from epiguard.passes import ExitPass, PassColour
from epiguard.people import Household, Membership, Person
from epiguard.places import Direction, Site
from epiguard.quarantine import EndCause, Exposure, QuarantinePeriod, QuarantineSetting, Return
from epiguard.registrations import Registration, RegistrationSource
from epiguard.situation import Situation
from epiguard.testing._drawing import DAYS, SITE

__all__ = ["World", "worlds"]


@attrs.frozen(kw_only=True)
class World:
    """What happened at a site, in order: everybody in it is known before they are spoken of.

    Attributes:
        site: Where.
        people: Whom the site knows.
        facts: What became known, each with the instant, oldest first; no crossings.
        crossings: Who asked to pass, oldest first: out when they are at home, in when they are out.
    """

    site: Site
    people: tuple[Person, ...]
    facts: tuple[Fact, ...]
    crossings: tuple[Crossing, ...]

    def before(self, crossing: Crossing) -> tuple[Fact, ...]:
        """What had happened before one of the crossings; those before it are seen to have happened."""
        told = [(each.at or crossing.at, 0, each) for each in self.facts]
        place = self.crossings.index(crossing)
        told += [(each.at, 1, CrossingObserved(each, at=each.at)) for each in self.crossings[:place]]
        return tuple(fact for at, _, fact in sorted(told, key=lambda each: each[:2]) if at <= crossing.at)

    def situation(self, crossing: Crossing) -> Situation:
        """What rules are shown of one of the crossings."""
        return Situation.of(self.before(crossing), crossing, site=self.site)

    def asked(self) -> Iterator[tuple[Crossing, Situation]]:
        """Every crossing with what rules are shown of it."""
        for each in self.crossings:
            yield each, self.situation(each)


def worlds(
    *,
    site: Site = SITE,
    days: tuple[date, date] = DAYS,
    most_people: int = 4,
    most_crossings: int = 8,
    leave: bool = False,
) -> st.SearchStrategy[World]:
    """A site and what happened there on some days; it shrinks to one resident and nothing else.

    The clock never goes back. Nobody is in two households, goes out twice without coming home, or crosses
    after they left the site; passes, forms, leave and days at home are those of people whom the site knows.

    Args:
        site: Where; it needs a checkpoint.
        days: The first and the last day.
        most_people: How many people at most.
        most_crossings: How many crossings at most.
        leave: Whether some have leave.

    Raises:
        InvalidValueError: If an argument is not what it should be.
    """
    if not site.checkpoints:
        raise InvalidValueError("worlds(site=)", expected="a site with checkpoints", got="one without")
    if (
        not isinstance(days, tuple)
        or len(days) != 2
        or any(type(each) is not date for each in days)
        or days[1] < days[0]
    ):
        raise InvalidValueError(
            "worlds(days=)", expected="the first and the last day, a pair of dates", got=kind_of(days)
        )
    for name, number, least in (("people", most_people, 1), ("crossings", most_crossings, 0)):
        if isinstance(number, bool) or not isinstance(number, int) or not least <= number <= 50:
            raise InvalidValueError(
                f"worlds(most_{name}=)",
                expected=f"a whole number from {least} to 50",
                got=kind_of(number),
            )
    return _worlds(site, days, most_people, most_crossings, leave=leave)


@st.composite
def _worlds(  # noqa: PLR0913 - each is a part of the world
    draw: st.DrawFn,
    site: Site,
    days: tuple[date, date],
    most_people: int,
    most_crossings: int,
    *,
    leave: bool,
) -> World:
    begin = datetime.combine(days[0], time(0), site.zone)
    minutes = ((days[1] - days[0]).days + 1) * 24 * 60 - 1
    people = tuple(
        Person(id=f"p-{number}", resident=draw(st.sampled_from([True, True, False])))
        for number in range(1, draw(st.integers(1, most_people)) + 1)
    )
    facts: list[Fact] = [PersonEnrolled(each, at=begin) for each in people]
    facts += _homes(draw, people, begin)
    for person in people:
        facts += _known(draw, person.id, site, begin, minutes, leave=leave)
    gone = _goes(draw, people, begin, minutes)
    facts += gone.values()
    crossings = _crossings(draw, site, people, gone, begin, minutes, most_crossings)
    # In the order in which they are told where several are of one instant.
    return World(
        site=site,
        people=people,
        facts=tuple(sorted(facts, key=lambda each: each.at or begin)),
        crossings=tuple(crossings),
    )


def _homes(draw: st.DrawFn, people: tuple[Person, ...], begin: datetime) -> Iterator[Fact]:
    where = [draw(st.integers(0, len(people) - 1)) for _ in people]
    for number in sorted(set(where)):
        members = [
            Membership(person=each.id) for each, home in zip(people, where, strict=True) if home == number
        ]
        yield HouseholdRecorded(Household(id=f"h-{number + 1}", members=members), at=begin)


def _known(  # noqa: PLR0913 - see above
    draw: st.DrawFn, person: str, site: Site, begin: datetime, minutes: int, *, leave: bool
) -> Iterator[Fact]:
    moments = st.integers(0, minutes).map(lambda each: begin + timedelta(minutes=each))
    first = site.day_of(begin)
    if draw(st.booleans()):
        at, back = draw(moments), draw(st.integers(0, 20))
        arrived = first - timedelta(days=back)
        form = Registration(
            id=f"form-{person}",
            source=draw(st.sampled_from(RegistrationSource)),
            returning_from="420106",
            arrived_on=arrived,
            submitted_at=at,
            person=person,
        )
        yield Registered(form, at=at)
        exposure = Exposure(person=person, reason=Return(region="420106"), arrived_on=arrived)
        setting = draw(st.sampled_from(QuarantineSetting))
        period = QuarantinePeriod.after(
            exposure, days=14, zone=site.zone.key, setting=setting, id=f"q-{person}"
        )
        yield QuarantineOrdered(period, at=at)
    if draw(st.booleans()):
        start = first + timedelta(days=draw(st.integers(-10, 2)))
        colour = draw(st.sampled_from(PassColour))
        card = ExitPass(
            number=f"G-{person}", person=person, colour=colour, valid=DaySpan(start, start + timedelta(10))
        )
        yield PassIssued(card, at=draw(moments))
    if leave and draw(st.booleans()):
        at = draw(moments)
        span = TimeSpan(at, at + timedelta(hours=draw(st.integers(1, 48))))
        yield LeaveGranted(person=person, span=span, purpose="dialysis", at=at)


def _goes(
    draw: st.DrawFn, people: tuple[Person, ...], begin: datetime, minutes: int
) -> dict[str, PersonLeft]:
    gone = draw(st.lists(st.sampled_from([each.id for each in people]), max_size=1))
    causes = st.sampled_from([EndCause.MOVED_AWAY, EndCause.DEATH])
    return {
        each: PersonLeft(
            person=each,
            reason="told by the family",
            cause=draw(causes),
            at=begin + timedelta(minutes=draw(st.integers(minutes // 2, minutes))),
        )
        for each in gone
    }


def _crossings(  # noqa: PLR0913, PLR0917 - each is a part of the world
    draw: st.DrawFn,
    site: Site,
    people: tuple[Person, ...],
    gone: dict[str, PersonLeft],
    begin: datetime,
    minutes: int,
    most: int,
) -> Iterator[Crossing]:
    moments = sorted(draw(st.lists(st.integers(0, minutes), max_size=most, unique=True)))
    away: set[str] = set()
    for moment in moments:
        at = begin + timedelta(minutes=moment)
        there = [each.id for each in people if each.id not in gone or at < (gone[each.id].at or begin)]
        who = draw(st.sampled_from([*there, None]))
        way = Direction.IN if who is None or who in away else Direction.OUT
        away ^= {who} if who is not None else set()
        yield Crossing(
            checkpoint=draw(st.sampled_from([each.id for each in site.checkpoints])),
            direction=way,
            at=at,
            travellers=[
                Traveller(
                    person=who,
                    role=Role.RESIDENT if who is not None else draw(st.sampled_from(_STRANGERS)),
                    temperature=draw(st.sampled_from([36.5, 37.4, None])),
                    exit_pass=draw(st.sampled_from([None, f"G-{who}"])) if who is not None else None,
                    asked=draw(st.sampled_from([True, None])),
                    registered=draw(st.sampled_from([True, None])),
                )
            ],
        )


_STRANGERS = (Role.VISITOR, Role.COURIER, Role.STAFF)
