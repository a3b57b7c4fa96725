"""Hypothesis strategies for crossings and situations that are about the same few invented people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from epiguard.crossings import CodeColour, CodeNotShown, Crossing, NotMeasured, Role, Traveller, Vehicle
from epiguard.days import DaySpan, TimeSpan
from epiguard.errors import InvalidValueError, kind_of
from epiguard.facts import (
    CrossingObserved,
    Fact,
    HouseholdRecorded,
    LeaveGranted,
    PassIssued,
    PersonEnrolled,
    QuarantineOrdered,
    Registered,
)
from epiguard.fields import as_member
from epiguard.passes import ExitPass, PassApplication, PassColour
from epiguard.people import Household, Membership, Person
from epiguard.places import Checkpoint, Direction, Site
from epiguard.quarantine import Exposure, QuarantinePeriod, QuarantineSetting, Return
from epiguard.registrations import Registration
from epiguard.situation import Situation

__all__ = [
    "DAYS",
    "PERSONS",
    "SITE",
    "any_traveller",
    "any_vehicle",
    "applications",
    "crossings",
    "nobody_twice",
    "situations",
]

T = TypeVar("T")
#: Whom crossings and situations are about, unless others are named.
PERSONS = ("p-1", "p-2", "p-3")
#: Where they are, unless another site is named.
SITE = Site(
    id="test-village",
    zone="Asia/Shanghai",
    region="310112",
    checkpoints=[Checkpoint(id="north", name="北门"), Checkpoint(id="south", name="南门")],
)
#: When they cross, unless other days are named: first and last.
DAYS = (date(2020, 2, 14), date(2020, 2, 17))
ALL_DAY = (time(0), time(23, 59))
_FLAGS = (None, True, False)
_TEMPERATURES = (36.5, None, 35.0, 37.2, 37.3, 37.4, 38.5, 41.0)


def crossings(  # noqa: PLR0913 - each is a property of a crossing
    *,
    direction: Direction | str | None = None,
    local_times: tuple[time, time] = ALL_DAY,
    days: tuple[date, date] = DAYS,
    site: Site = SITE,
    persons: Sequence[str] = PERSONS,
    roles: Iterable[Role | str] = tuple(Role),
    largest_party: int = 3,
    vehicles: bool = True,
    purposes: Sequence[str] = (),
) -> st.SearchStrategy[Crossing]:
    """Parties at a site's checkpoints; they shrink to one measured resident on foot.

    Args:
        direction: Only this way; default both.
        local_times: The first and the last time of day, by the minute; the last may lie after midnight.
        days: The first and the last day.
        site: Whose checkpoints and zone.
        persons: Ids of who may be in a party, beside strangers.
        roles: What travellers may be.
        largest_party: How many there are at most.
        vehicles: Whether some come in a vehicle.
        purposes: What some of them come for.

    Raises:
        InvalidValueError: If an argument is not what it should be.
    """
    ways = (
        list(Direction) if direction is None else [as_member(Direction, direction, "crossings(direction=)")]
    )
    first, last = _pair(local_times, time, "crossings(local_times=)")
    start, end = _pair(days, date, "crossings(days=)")
    if end < start:
        raise _refused("crossings(days=)", "a last day not before the first", "one before it")
    if not site.checkpoints:
        raise _refused("crossings(site=)", "a site with checkpoints", "one without")
    if isinstance(largest_party, bool) or not isinstance(largest_party, int) or not 1 <= largest_party <= 50:
        raise _refused("crossings(largest_party=)", "a whole number from 1 to 50", kind_of(largest_party))
    known = [as_member(Role, each, "crossings(roles=)") for each in roles]
    if not known:
        raise _refused("crossings(roles=)", "at least one role", "none")
    span = (_minutes(last) - _minutes(first)) % (24 * 60)
    moments = st.builds(
        lambda day, minutes: datetime.combine(start, first, site.zone) + timedelta(days=day, minutes=minutes),
        st.integers(0, (end - start).days),
        st.integers(0, span),
    )
    cars = st.none() | any_vehicle() if vehicles else st.none()
    return st.builds(
        Crossing,
        checkpoint=st.sampled_from([each.id for each in site.checkpoints]),
        direction=st.sampled_from(ways),
        at=moments,
        travellers=st.lists(
            any_traveller(persons, known), min_size=1, max_size=largest_party, unique_by=nobody_twice
        ),
        vehicle=cars,
        purpose=st.sampled_from([None, *purposes]),
    )


def applications(
    *,
    days: tuple[date, date] = DAYS,
    site: Site = SITE,
    persons: Sequence[str] = PERSONS,
) -> st.SearchStrategy[PassApplication]:
    """What is asked for at the committee's desk: exit passes, of numbers that are free, held or lost.

    Args:
        days: The first and the last day on which it is asked.
        site: Whose zone.
        persons: Ids of who may ask.

    Raises:
        InvalidValueError: If an argument is not what it should be.
    """
    start, end = _pair(days, date, "applications(days=)")
    if end < start:
        raise _refused("applications(days=)", "a last day not before the first", "one before it")
    if not persons:
        raise _refused("applications(persons=)", "at least one person", "none")
    flags = st.sampled_from(_FLAGS)
    open_at = datetime.combine(start, time(9), site.zone)
    return st.builds(
        PassApplication,
        person=st.sampled_from(persons),
        number=st.sampled_from([*(f"G-{each}" for each in persons), "G-0"]),
        colour=st.sampled_from(PassColour),
        valid=st.sampled_from([0, -20, 5]).map(
            lambda begins: DaySpan(start + timedelta(begins), start + timedelta(begins + 10))
        ),
        at=st.integers(0, (end - start).days).map(lambda days: open_at + timedelta(days=days)),
        asked=flags,
        registered=flags,
        temperature=st.sampled_from(_TEMPERATURES),
        not_measured=st.sampled_from([None, None, *NotMeasured]),
    )


def situations(
    *,
    site: Site = SITE,
    persons: Sequence[str] = PERSONS,
    days: tuple[date, date] = DAYS,
    leave: bool = False,
) -> st.SearchStrategy[Situation]:
    """What a site knows of some people; it shrinks to nothing but the people.

    ``decide`` and ``check_rule`` show the rules the part of it that is about a crossing.

    Args:
        site: Where.
        persons: Ids of whom it may know.
        days: The first and the last day that crossings will be on.
        leave: Whether some have leave.

    Raises:
        InvalidValueError: If an argument is not what it should be.
    """
    start, end = _pair(days, date, "situations(days=)")
    if not persons:
        raise _refused("situations(persons=)", "at least one person", "none")
    noon = datetime.combine(start, time(12), site.zone)
    party = [Traveller(person=each) for each in persons]
    gate = site.checkpoints[0].id if site.checkpoints else "gate"
    asked = Crossing(checkpoint=gate, direction=Direction.IN, at=noon, travellers=party)
    enrolled = st.lists(st.sampled_from(persons), unique=True).flatmap(
        lambda known: st.tuples(*(_enrolments(each) for each in known))
    )
    facts = st.lists(_facts(site.zone, persons, (start, end), leave=leave), max_size=5)
    return st.builds(lambda who, what: Situation.of([*who, *what], asked, site=site), enrolled, facts)


def _refused(where: str, expected: str, got: str) -> InvalidValueError:
    return InvalidValueError(where, expected=expected, got=got)


def _pair(given: tuple[T, T], kind: type[T], where: str) -> tuple[T, T]:
    if not isinstance(given, tuple) or len(given) != 2 or not all(type(each) is kind for each in given):
        raise _refused(where, f"the first and the last {kind.__name__}", kind_of(given))
    return given


def _minutes(moment: time) -> int:
    return moment.hour * 60 + moment.minute


def nobody_twice(traveller: Traveller) -> object:
    """By what a traveller is told from others, so that nobody stands in a party twice."""
    return traveller.person or id(traveller)


def any_vehicle() -> st.SearchStrategy[Vehicle]:
    """One that was looked into, or not."""
    flags = st.sampled_from(_FLAGS)
    plates = st.sampled_from([None, "沪A12345", "皖B67890"])
    return st.builds(Vehicle, plate=plates, trunk_opened=flags, luggage_found=flags)


_FORM = Registration(id="paper-1", source="paper", written={"name": "李四"})


def any_traveller(persons: Sequence[str], roles: Sequence[Role]) -> st.SearchStrategy[Traveller]:
    """One of some persons, or a stranger; it shrinks to one who is measured and well."""
    flags = st.sampled_from(_FLAGS)
    return st.builds(
        Traveller,
        person=st.sampled_from([*persons, None]),
        role=st.sampled_from(roles),
        temperature=st.sampled_from(_TEMPERATURES),
        retested=st.sampled_from([None, None, 36.5, 37.3, 38.5]),
        not_measured=st.sampled_from([None, None, *NotMeasured]),
        exit_pass=st.sampled_from([None, *(f"G-{each}" for each in persons), "G-0"]),
        asked=flags,
        returning_from=st.sampled_from([None, None, "420106", "310115"]),
        registered=flags,
        registration=st.sampled_from([None, None, _FORM]),
        health_code=st.sampled_from([None, *CodeColour]),
        code_not_shown=st.sampled_from([None, *CodeNotShown]),
        clinic_journey=st.sampled_from([None, None, "clinic-3"]),
        host=st.sampled_from([None, *persons]),
        host_agreed=flags,
    )


def _enrolments(person: str) -> st.SearchStrategy[PersonEnrolled]:
    people = st.builds(
        Person,
        id=st.just(person),
        resident=st.sampled_from([True, True, False]),
        registered_region=st.sampled_from([None, "310112", "420106"]),
        plates=st.sampled_from([[], ["沪A12345"]]),
    )
    return people.map(PersonEnrolled)


def _facts(
    zone: ZoneInfo, persons: Sequence[str], days: tuple[date, date], *, leave: bool
) -> st.SearchStrategy[Fact]:
    person, start = st.sampled_from(persons), days[0]
    before = datetime.combine(start, time(0), zone) - timedelta(days=1)
    after = datetime.combine(days[1], time(0), zone) + timedelta(days=2)

    def ordered(whom: str, back: int, setting: QuarantineSetting) -> QuarantineOrdered:
        exposure = Exposure(person=whom, reason=Return(region="420000"), arrived_on=start - timedelta(back))
        name = f"q:{whom}:{back}"
        return QuarantineOrdered(
            QuarantinePeriod.after(exposure, days=14, zone=zone.key, setting=setting, id=name), at=before
        )

    def handed_out(whom: str, colour: PassColour, begins: int) -> PassIssued:
        span = DaySpan(start + timedelta(begins), start + timedelta(begins + 10))
        return PassIssued(ExitPass(number=f"G-{whom}", person=whom, colour=colour, valid=span), at=before)

    several: list[st.SearchStrategy[Fact]] = [
        st.builds(ordered, person, st.integers(0, 20), st.sampled_from(QuarantineSetting)),
        st.builds(handed_out, person, st.sampled_from(PassColour), st.sampled_from([0, -20, 5])),
        st.lists(person, min_size=1, unique=True).map(
            lambda who: HouseholdRecorded(Household(id="h-1", members=[Membership(person=p) for p in who]))
        ),
        st.just(Registered(_FORM)),
        crossings(persons=persons, largest_party=1, days=(start, start)).map(CrossingObserved),
    ]
    if leave:
        span = TimeSpan(before, after)
        several.append(
            st.builds(LeaveGranted, person=person, span=st.just(span), purpose=st.just("dialysis"))
        )
    return st.one_of(several)
