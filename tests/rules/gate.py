"""A gate for the tests of rules and policies: its site, its people, and what is asked there.

Everybody here is invented.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from epiguard.crossings import CodeColour, CodeNotShown, Crossing, NotMeasured, Role, Traveller
from epiguard.days import DaySpan, TimeSpan
from epiguard.decisions import Verdict
from epiguard.duties import Alert, Duty
from epiguard.facts import (
    CrossingObserved,
    Fact,
    HouseholdRecorded,
    LeaveGranted,
    PassIssued,
    PassRevoked,
    PersonEnrolled,
    QuarantineOrdered,
    Registered,
)
from epiguard.passes import ExitPass, PassApplication, PassColour, RevocationCause
from epiguard.people import Household, Membership, Person
from epiguard.places import Checkpoint, Direction, Site
from epiguard.policy import Policy
from epiguard.quarantine import Exposure, QuarantinePeriod, QuarantineSetting, Return
from epiguard.registrations import Registration
from epiguard.rules import Rule
from epiguard.rules._loading import collect_hooks, condition_of
from epiguard.situation import Situation, State

SHANGHAI = ZoneInfo("Asia/Shanghai")
SITE = Site(
    id="caohang",
    zone="Asia/Shanghai",
    checkpoints=[Checkpoint(id="north", name="北门"), Checkpoint(id="south", name="南门")],
)
TODAY = date(2020, 2, 14)
NOON = datetime(2020, 2, 14, 12, tzinfo=SHANGHAI)
RESIDENT = PersonEnrolled(Person(id="p-7", name="王小明", phones=["13800138000"], residence="3号楼502室"))
HEAD = '[site]\nid = "caohang"\nzone = "Asia/Shanghai"\ncheckpoints = [{id = "north"}, {id = "south"}]\n'


def crossing(direction: str, *travellers: Traveller, **options: Any) -> Crossing:
    """One attempt at the north gate, at noon unless said otherwise."""
    values = {"checkpoint": "north", "at": NOON, **options}
    return Crossing(direction=direction, travellers=travellers, **values)


def resident(person: str | None = "p-7", **options: Any) -> Traveller:
    """A resident of normal temperature."""
    return Traveller(**{"person": person, "temperature": 36.5, **options})


def slice_of(asked: Crossing, *facts: Fact, site: Site = SITE) -> Situation:
    """The situation after some facts."""
    return Situation.of(facts, asked, site=site)


def review(rule: Any, asked: Crossing, *facts: Fact, site: Site = SITE) -> list[Verdict]:
    """What one rule says of a crossing."""
    situation, condition = slice_of(asked, *facts, site=site), condition_of(type(rule))
    if not condition.met_by(asked, situation.standings):
        return []
    given: Any = collect_hooks([("it", rule)])["review_crossing"]["it"](asked, situation)
    if given is None:
        return []
    return [given] if isinstance(given, Verdict) else list(given)


def codes(rule: Rule, asked: Crossing, *facts: Fact, site: Site = SITE) -> list[str]:
    """The effects and codes of what one rule says, such as ``"deny curfew"``."""
    return [f"{each.effect.value} {each.code}" for each in review(rule, asked, *facts, site=site)]


def follow(rule: Any, fact: Fact, *facts: Fact) -> list[Duty | Alert]:
    """What one rule makes of a fact, after some others."""
    state = State(SITE)
    for each in (*facts, fact):
        state.apply(each)
    assert fact.at is not None
    situation = (
        Situation.cut(state, fact.crossing)
        if isinstance(fact, CrossingObserved)
        else Situation.about(state, fact.subjects, fact.at)
    )
    given = rule.follow_up(fact, situation)
    if given is None:
        return []
    return [given] if isinstance(given, Duty | Alert) else list(given)


def site_file(*entries: str, head: str = HEAD) -> str:
    """The text of a site file with one ``[[rules]]`` entry per text."""
    return head + "".join(f"[[rules]]\n{each}\n" for each in entries)


def load(*entries: str, rules: Iterable[type[Rule]] = ()) -> Policy:
    """A policy of some entries."""
    return Policy.loads(site_file(*entries), rules=list(rules))


def period_of(
    person: str = "p-7", *, days: int = 14, arrived: date = date(2020, 2, 10), **options: Any
) -> Any:
    """A returnee's period; by default 10 February is day 0 and 24 February the last of 14 days."""
    exposure = Exposure(person=person, reason=Return(region="420000"), arrived_on=arrived)
    return QuarantinePeriod.after(exposure, days=days, zone="Asia/Shanghai", **options)


def quarantined(person: str = "p-7", **options: Any) -> QuarantineOrdered:
    """The order of such a period."""
    return QuarantineOrdered(period_of(person, **options), at=NOON - timedelta(hours=3))


def household(*persons: str, home: str = "h-1") -> HouseholdRecorded:
    """That people live together."""
    return HouseholdRecorded(Household(id=home, members=[Membership(person=each) for each in persons]))


def leave(person: str = "p-7", purpose: str = "dialysis", hours: int = 4) -> LeaveGranted:
    """Leave around noon."""
    span = TimeSpan(NOON - timedelta(hours=1), NOON + timedelta(hours=hours))
    return LeaveGranted(person=person, span=span, purpose=purpose)


def form(**written: str) -> Registration:
    """A paper form."""
    return Registration(id="paper-1", source="paper", written=written)


# --- generated gates: few people, so that facts and crossings are about the same ones ---

PEOPLE = ("p-1", "p-2", "p-3")
temperatures = st.none() | st.floats(35, 41).map(lambda value: round(value, 1))
flags = st.sampled_from([None, True, False])
#: From the midnight before to that three days after.
moments = st.integers(-12 * 60, 60 * 60).map(lambda minutes: NOON + timedelta(minutes=minutes))


@st.composite
def travellers(draw: st.DrawFn, person: st.SearchStrategy[str | None] | None = None) -> Traveller:
    """Anybody who may stand at a gate."""
    return Traveller(
        person=draw(person if person is not None else st.none() | st.sampled_from(PEOPLE)),
        role=draw(st.sampled_from(Role)),
        temperature=draw(temperatures),
        retested=draw(st.none() | temperatures),
        not_measured=draw(st.none() | st.sampled_from(NotMeasured)),
        asked=draw(flags),
        returning_from=draw(st.sampled_from([None, None, "420106"])),
        registered=draw(flags),
        registration=draw(st.sampled_from([None, form(name="李四")])),
        health_code=draw(st.none() | st.sampled_from(CodeColour)),
        code_not_shown=draw(st.none() | st.sampled_from(CodeNotShown)),
        clinic_journey=draw(st.sampled_from([None, None, "clinic-3"])),
        host=draw(st.sampled_from([None, *PEOPLE])),
        host_agreed=draw(flags),
    )


crossings = st.builds(
    Crossing,
    checkpoint=st.sampled_from(["north", "south"]),
    direction=st.sampled_from(Direction),
    at=moments,
    travellers=st.lists(travellers(), min_size=1, max_size=3, unique_by=lambda each: each.person or id(each)),
)

_persons = st.sampled_from(PEOPLE)
_facts: st.SearchStrategy[Fact] = st.one_of(
    st.builds(
        lambda person, lives_here: PersonEnrolled(
            Person(id=person, phones=["13800138000"], resident=lives_here)
        ),
        _persons,
        st.sampled_from([True, True, False]),
    ),
    st.lists(_persons, min_size=1, unique=True).map(lambda members: household(*members)),
    st.builds(
        lambda person, back, setting: quarantined(
            person, arrived=TODAY - timedelta(days=back), setting=setting, id=f"q:{person}:{back}"
        ),
        _persons,
        st.integers(0, 20),
        st.sampled_from(QuarantineSetting),
    ),
    st.builds(
        lambda person, at, hours: LeaveGranted(
            person=person, span=TimeSpan(at, at + timedelta(hours=hours)), purpose="night shift"
        ),
        _persons,
        moments,
        st.integers(1, 72),
    ),
    st.builds(CrossingObserved, crossings),
    st.builds(Registered, st.just(form(name="李四", phone="1380013"))),
)
#: What happened before, in any order.
histories = st.lists(_facts, max_size=8)

# --- generated desks ---

_numbers = st.sampled_from(["G-1", "G-2"])
_spans = st.builds(
    lambda start, days: DaySpan(TODAY + timedelta(start), TODAY + timedelta(start + days)),
    st.integers(-5, 5),
    st.integers(1, 10),
)
#: Passes that were handed out, and what became of some.
cards = st.builds(
    PassIssued,
    st.builds(ExitPass, number=_numbers, person=_persons, colour=st.sampled_from(PassColour), valid=_spans),
)
losses = st.builds(
    PassRevoked,
    number=_numbers,
    person=_persons,
    reason=st.just("said so"),
    cause=st.sampled_from(RevocationCause),
)
applications = st.builds(
    PassApplication,
    person=_persons,
    number=_numbers | st.just("G-3"),
    colour=st.sampled_from(PassColour),
    valid=_spans,
    at=moments,
    asked=flags,
    registered=flags,
    temperature=temperatures,
    not_measured=st.none() | st.sampled_from(NotMeasured),
)


def at_the_desk(application: PassApplication, *facts: Fact, site: Site = SITE) -> Situation:
    """The situation of an application, after some facts."""
    state = State(site)
    for each in facts:
        state.apply(each)
    return Situation.applying(state, application)
