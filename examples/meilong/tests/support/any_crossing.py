"""Whatever may stand at a place's gates, and whatever happened before, drawn by Hypothesis."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from hypothesis import strategies as st

from at_the_gate import NEIGHBOURS, SHANGHAI, at
from epiguard import Crossing as Crossing_
from epiguard import (
    CrossingObserved,
    Direction,
    Exposure,
    Fact,
    LeaveGranted,
    NotMeasured,
    Person,
    PersonEnrolled,
    QuarantineOrdered,
    QuarantinePeriod,
    Registration,
    Return,
    Role,
    Site,
    TimeSpan,
    Traveller,
    Vehicle,
    WatchListed,
)

PEOPLE = ("p-7", "p-8", "p-9")
FORM = Registration(id="paper-1", source="paper", written={"name": "李四"})
#: Every day of the newsletter's story, and the days around it.
moments = st.integers(0, 60 * 24 * 60).map(lambda minutes: at(1, 18, 0, 0) + timedelta(minutes=minutes))
flags = st.sampled_from([None, True, False])

travellers = st.builds(
    Traveller,
    person=st.none() | st.sampled_from(PEOPLE),
    role=st.sampled_from(Role),
    temperature=st.sampled_from([None, 36.4, 36.5, 38.2]),
    retested=st.sampled_from([None, 36.6, 38.2]),
    not_measured=st.none() | st.sampled_from(NotMeasured),
    asked=flags,
    returning_from=st.sampled_from([None, None, "420106"]),
    registered=flags,
    registration=st.sampled_from([None, None, FORM]),
    clinic_journey=st.sampled_from([None, None, "clinic-3"]),
    host=st.sampled_from([None, *PEOPLE]),
    host_agreed=flags,
)
vehicles = st.builds(
    Vehicle, plate=st.sampled_from([None, "沪A12345", "皖B67890"]), trunk_opened=flags, luggage_found=flags
)


def crossings(site: Site, purposes: Iterable[str] = ()) -> st.SearchStrategy[Crossing_]:
    """A party at one of the place's gates or doors."""
    return st.builds(
        Crossing_,
        checkpoint=st.sampled_from([each.id for each in site.checkpoints]),
        direction=st.sampled_from(Direction),
        at=moments,
        travellers=st.lists(travellers, min_size=1, max_size=3).filter(_nobody_twice),
        vehicle=st.none() | vehicles,
        purpose=st.sampled_from([None, *purposes]),
    )


def _nobody_twice(party: list[Traveller]) -> bool:
    known = [each.person for each in party if each.person is not None]
    return len(known) == len(set(known))


def _period(person: str, arrived: date) -> QuarantineOrdered:
    exposure = Exposure(person=person, reason=Return(region="420000"), arrived_on=arrived)
    period = QuarantinePeriod.after(exposure, days=14, zone="Asia/Shanghai", id=f"q:{person}:{arrived}")
    return QuarantineOrdered(period, at=at(1, 18))


def histories(site: Site) -> st.SearchStrategy[list[Fact]]:
    """What happened before: everybody's enrolment, then periods, leave, watches and passings."""
    person, day = st.sampled_from(PEOPLE), st.integers(0, 50).map(lambda n: date(2020, 1, 15) + timedelta(n))
    fact: st.SearchStrategy[Fact] = st.one_of(
        st.builds(_period, person, day),
        st.builds(
            lambda person, start: LeaveGranted(
                person=person, span=TimeSpan(start, start + timedelta(hours=12)), purpose="dialysis"
            ),
            person,
            moments,
        ),
        st.builds(
            lambda person, start: WatchListed(
                person=person,
                reason="returned by car",
                until=start.astimezone(SHANGHAI).date() + timedelta(days=15),
                plate="沪A12345",
                at=start,
            ),
            person,
            moments,
        ),
        st.builds(CrossingObserved, crossings(site)),
    )
    known: list[Fact] = [*NEIGHBOURS, PersonEnrolled(Person(id="p-9", resident=False))]
    return st.lists(fact, max_size=5).map(lambda facts: [*known, *facts])
