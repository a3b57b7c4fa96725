"""A committee for the tests of its work: a site, people, households, and a ledger in memory.

Everybody here is invented.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from epiguard import (
    Exposure,
    Fact,
    Household,
    HouseholdRecorded,
    Ledger,
    Membership,
    Person,
    PersonEnrolled,
    Policy,
    QuarantinePeriod,
    Relation,
    Relationship,
    RelationshipRecorded,
    Return,
    Site,
)
from epiguard.places import Checkpoint
from epiguard.situation import State

SHANGHAI = ZoneInfo("Asia/Shanghai")
SITE = Site(
    id="jindu",
    name="金都花园",
    zone="Asia/Shanghai",
    region="310112",
    checkpoints=[Checkpoint(id="north"), Checkpoint(id="south"), Checkpoint(id="door-3", kind="door")],
)
HEAD = (
    '[site]\nid = "jindu"\nzone = "Asia/Shanghai"\nregion = "310112"\n'
    'checkpoints = [{id = "north"}, {id = "south"}]\ndoors = {door-3 = "3号楼门禁"}\n'
    "[[quarantine]]\ndays = 14\n"
)


def at(hour: int = 12, minute: int = 0, day: int = 14, month: int = 2) -> datetime:
    """An instant of 2020 at the site."""
    return datetime(2020, month, day, hour, minute, tzinfo=SHANGHAI)


NOON = at()


def person(person_id: str, **fields: Any) -> Person:
    """A resident with a telephone and a door, unless told otherwise."""
    number = int(person_id.rpartition("-")[2])
    given: dict[str, Any] = {"phones": [f"138{number:08d}"], "residence": f"{number}号楼502室"}
    return Person(id=person_id, **{**given, **fields})


def enrolled(*people: Person | str) -> list[Fact]:
    """Their enrolments."""
    return [PersonEnrolled(each if isinstance(each, Person) else person(each)) for each in people]


def home(home_id: str, *members: str, **fields: Any) -> HouseholdRecorded:
    """A household."""
    number = int(home_id.rpartition("-")[2])
    given: dict[str, Any] = {"residence": f"{number}号楼502室", **fields}
    return HouseholdRecorded(
        Household(id=home_id, members=[Membership(person=each) for each in members], **given)
    )


def tie(somebody: str, relation: str, contact: str) -> RelationshipRecorded:
    """A relation."""
    return RelationshipRecorded(Relationship(person=somebody, relation=Relation(relation), contact=contact))


def period_of(somebody: str, arrived: date = date(2020, 2, 12), region: str = "420100") -> QuarantinePeriod:
    """Fourteen days after a return."""
    exposure = Exposure(person=somebody, reason=Return(region=region), arrived_on=arrived)
    return QuarantinePeriod.after(exposure, days=14, zone="Asia/Shanghai", id=f"q-{somebody}")


def policy(text: str = "", **options: Any) -> Policy:
    """The site's policy with some rules."""
    return Policy.loads(HEAD + text, **options)


def ledger_of(facts: Iterable[Fact] = (), *, rules: str = "", now: datetime = NOON, **options: Any) -> Ledger:
    """A ledger in memory with some facts on record."""
    made = Ledger.open(":memory:", policy=policy(rules, **options), clock=lambda: now)
    made.record_all(facts, by="register")
    return made


def state_of(*facts: Fact) -> State:
    """What some facts add up to."""
    made = State(SITE)
    for fact in facts:
        made.apply(fact, NOON)
    return made
