"""The small world: a crossing and what happened before it, made from the factors' values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any, cast

import attrs

from epiguard.crossings import Crossing, Role, Traveller, Vehicle
from epiguard.days import DayCount, DaySpan, TimeSpan
from epiguard.decisions import Decision
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
    RelationshipRecorded,
    WatchListed,
)
from epiguard.identifiers import Document, ResidentId
from epiguard.passes import ExitPass, PassColour, RevocationCause
from epiguard.people import Household, Membership, Person, Relation, Relationship
from epiguard.places import Direction, Site
from epiguard.policy._dispatch import LoadedRule
from epiguard.policy._site_file import QuarantineOrder
from epiguard.policy.checking._factors import BLANK, FAR, IRRELEVANT, WELL, Assignment
from epiguard.quarantine import Contact, Exposure, QuarantinePeriod, QuarantineSetting, Return
from epiguard.registrations import Registration
from epiguard.situation import Situation, State

__all__ = ["Asked", "Policed", "World"]

#: Everybody is invented: whom it is about, whom they live with, whom visitors come to see.
SELF, OTHER, HOST = "p-1", "p-2", "p-9"
OWN, STRANGE = "沪A12345", "皖B67890"
#: What an order says where the site has none in force.
NO_ORDER = QuarantineOrder(days=14, setting=QuarantineSetting.HOME_QUARANTINE)


@attrs.frozen(kw_only=True)
class Policed:
    """What a check needs of a policy.

    Attributes:
        name: Of its file.
        site: Where.
        rules: The entries.
        orders: Of quarantine.
        reasons: Why findings are accepted.
        decide: May they pass?
    """

    name: str
    site: Site
    rules: tuple[LoadedRule, ...]
    orders: tuple[QuarantineOrder, ...]
    reasons: Mapping[str, str]
    decide: Callable[[Crossing, Situation], Decision]

    def order_on(self, day: date) -> QuarantineOrder | None:
        """The order in force on a day."""
        return next((each for each in self.orders if each.in_force(day)), None)


@attrs.frozen
class Asked:
    """A crossing, what happened before it, and what rules are shown of that.

    Attributes:
        crossing: What is asked.
        facts: What happened.
        situation: What rules are shown.
        besides: Fields of the situation that no fact makes.
    """

    crossing: Crossing
    facts: tuple[Fact, ...]
    situation: Situation
    besides: Mapping[str, Any]


class World:
    """Makes crossings and situations from assignments, and decides them; it remembers what it made.

    Args:
        policed: Whose world it is.
        values: Factor to its values.
        spanned: Factors that some rule reads, once that is known; of the others nothing is said then.
    """

    def __init__(
        self, policed: Policed, values: Mapping[str, tuple[Any, ...]], spanned: set[str] | None = None
    ) -> None:
        self.policed = policed
        self.values = values
        self.spanned = spanned
        self._before: dict[tuple[Any, ...], tuple[tuple[Fact, ...], State]] = {}
        self._decided: dict[frozenset[tuple[str, Any]], Decision] = {}

    def whole(self, assignment: Assignment) -> dict[str, Any]:
        """Every factor's value: what is not assigned is well, or blank where no rule reads it."""
        made = dict(WELL) if self.spanned is None else dict(BLANK)
        made["gate"], made["day"] = self.values["gate"][0], self.values["day"][0]
        for name in self.spanned or ():
            made[name] = self.values[name][0]
        made.update(assignment)
        for name, (other, nothing) in IRRELEVANT.items():
            if made[other] in nothing:
                made[name] = BLANK[name]
        return made

    def ask(self, assignment: Assignment) -> Asked:
        """The crossing and the facts of an assignment, and the slice that rules are shown."""
        a = self.whole(assignment)
        at = datetime.combine(cast("date", a["day"]), cast("time", a["time"]), self.policed.site.zone)
        # Most assignments differ in the crossing alone.
        key = (*(a[name] for name in _OF_FACTS), a["vehicle"] == "own")
        before = self._before.get(key)
        if before is None:
            if len(self._before) > _MOST_STATES:
                self._before.clear()
            state, facts = State(self.policed.site), tuple(self._facts(a, at))
            for fact in facts:
                state.apply(fact)
            before = self._before[key] = facts, state
        crossing = self._crossing(a, at)
        cut = Situation.cut(before[1], crossing)
        besides = {name: a[name] for name in ("counts", "clock_suspect") if a[name]}
        situation = attrs.evolve(cut, **besides) if besides else cut
        return Asked(crossing, before[0], situation, besides)

    def decide(self, assignment: Assignment, asked: Asked | None = None) -> Decision:
        """What the policy says, remembered.

        Args:
            assignment: What is so.
            asked: What was made of it, where that is at hand.
        """
        key = frozenset(assignment.items())
        known = self._decided.get(key)
        if known is None:
            asked = asked or self.ask(assignment)
            known = self._decided[key] = self.policed.decide(asked.crossing, asked.situation)
        return known

    def _crossing(self, a: dict[str, Any], at: datetime) -> Crossing:
        card = {"not-shown": None, "none": None, "lost": None, "anothers": "G-2", "unknown": "G-0"}
        back = a["returned_on"]
        form = Registration(id="paper-1", source="gate") if a["form"] == "at-the-gate" else None
        fields: dict[str, Any] = {
            "person": SELF if a["who"] != "nobody" else None,
            "temperature": a["temperature"] if a["not_measured"] is None or a["retested"] else None,
            "retested": a["retested"],
            "not_measured": a["not_measured"],
            "exit_pass": card.get(a["card"], "G-1"),
            "asked": a["asked"],
            "returning_from": a["returning"],
            "returned_on": a["day"] - timedelta(days=back) if back is not None else None,
            "registered": a["registered"],
            "registration": form,
            "health_code": a["health_code"] if a["code_not_shown"] is None else None,
            "code_not_shown": a["code_not_shown"],
            "clinic_journey": a["clinic"],
            "host": HOST if a["host"] is not None else None,
            "host_agreed": a["agreed"],
        }
        if a["role"] is not None:
            fields["role"] = a["role"]
        party = [Traveller(**fields)]
        if a["companion"] != "none":
            party.append(self._companion(a, fields))
        plates = {"own": OWN, "strange": STRANGE}
        vehicle = None
        if a["vehicle"] is not None:
            vehicle = Vehicle(
                plate=plates.get(a["vehicle"]), trunk_opened=a["trunk"], luggage_found=a["luggage"]
            )
        return Crossing(
            checkpoint=a["gate"],
            direction=a["direction"],
            at=at,
            travellers=party,
            vehicle=vehicle,
            purpose=a["purpose"],
        )

    @staticmethod
    def _companion(a: dict[str, Any], fields: dict[str, Any]) -> Traveller:
        # Somebody to whom nobody objects.
        well: dict[str, Any] = {
            name: BLANK[name] if fields[name] is None else WELL[name] for name in ("asked", "registered")
        }
        well |= {
            "temperature": 36.5 if a["temperature"] is not None else None,
            "health_code": a["health_code"],
        }
        if a["companion"] == "resident":
            return Traveller(person=OTHER, exit_pass="G-2" if a["card"] != "none" else None, **well)
        return Traveller(role=Role.VISITOR, host=HOST, host_agreed=True, **well)

    def _facts(self, a: dict[str, Any], at: datetime) -> Iterator[Fact]:  # noqa: C901 - one case per factor
        day = a["day"]
        if a["who"] in ("resident", "elsewhere"):
            yield PersonEnrolled(_person(a))
        near = a["home"] != "alone" or a["guardian"] or a["relation"] or a["card"] == "anothers"
        if near or a["companion"] == "resident":
            yield PersonEnrolled(Person(id=OTHER))
        if a["host"] in ("resident", "quarantined"):
            yield PersonEnrolled(Person(id=HOST))
        if a["home"] != "alone":
            members = [Membership(person=SELF), Membership(person=OTHER)]
            yield HouseholdRecorded(Household(id="h-1", members=members))
        if a["relation"] is not None:
            yield RelationshipRecorded(
                Relationship(person=SELF, relation=cast("Relation", a["relation"]), contact=OTHER)
            )
        if a["form"] in ("linked", "of-an-arrival"):
            arrived = {"returning_from": FAR, "arrived_on": day} if a["form"] == "of-an-arrival" else {}
            yield Registered(Registration(id="paper-1", source="paper", person=SELF, **arrived))
        if a["period"] != "none":
            yield QuarantineOrdered(self._period(SELF, a["period"], a))
        if a["home"] == "quarantined":
            yield QuarantineOrdered(self._period(OTHER, "within", a))
        if a["host"] == "quarantined":
            yield QuarantineOrdered(self._period(HOST, "within", a))
        yield from _cards(a, day)
        yield from _past(a, at, self.values["gate"][0])
        if a["leave"]:
            span = TimeSpan(at - timedelta(hours=1), at + timedelta(hours=5))
            yield LeaveGranted(person=SELF, span=span, purpose="treatment", at=at - timedelta(hours=2))
        if a["watch"]:
            yield WatchListed(
                person=SELF,
                reason="return",
                until=day + timedelta(days=7),
                plate=OWN,
                at=at - timedelta(days=1),
            )
        yield from a["facts"]

    def _period(self, person: str, stage: str, a: dict[str, Any]) -> QuarantinePeriod:
        order = self.policed.order_on(a["day"]) or NO_ORDER
        total = order.days + order.then_days
        last = total if order.convention is DayCount.DAY0_EXCLUDED else total - 1
        # An order of one stage is in force to its last day, whatever stages another of the site's has.
        second = last - order.then_days + 1 if order.then_days else last
        back = {
            "first": 0,
            "within": max(1, order.days // 2),
            "last": last,
            "over": last + 1,
            "before-second-stage": second - 1,
            "second-stage": second,
        }.get(stage)
        if back is None:
            back = last + int(stage.removeprefix("over "))
        began = a["day"] - timedelta(days=back)
        if a["exposure"] == "return":
            exposure = Exposure(person=person, reason=Return(region=FAR), arrived_on=began)
        else:
            exposure = Exposure(person=person, reason=Contact(), last_on=began)
        two = a["setting"] is None and order.then_days
        return QuarantinePeriod.after(
            exposure,
            days=order.days if two else total,
            zone=self.policed.site.zone.key,
            convention=order.convention,
            setting=a["setting"] or order.setting,
            then_days=order.then_days if two else 0,
            then_setting=order.then_setting if two else None,
            release_hour=order.release_hour,
        )


#: What facts are made of, beside whose car it is.
_OF_FACTS = (
    *(
        "day",
        "time",
        "who",
        "card",
        "form",
        "period",
        "setting",
        "exposure",
        "home",
        "past",
        "leave",
        "watch",
    ),
    *("guardian", "region", "region_of_id", "born", "sex", "tenancy", "papers", "relation", "host"),
    *("companion", "facts"),
)
#: A state is a few kilobytes.
_MOST_STATES = 4000


def _person(a: dict[str, Any]) -> Person:
    number = None
    if a["region_of_id"] is not None:
        first17 = f"{a['region_of_id']}19850312001"
        number = ResidentId(first17 + ResidentId.check_digit_of(first17))
    papers = [Document(kind="passport", country="NPL", number="A1234567")] if a["papers"] else []
    return Person(
        id=SELF,
        resident=a["who"] == "resident",
        guardian=OTHER if a["guardian"] else None,
        registered_region=a["region"],
        resident_id=number,
        birth_date=a["born"],
        sex=a["sex"],
        tenancy=a["tenancy"],
        documents=papers,
        plates=[OWN] if a["vehicle"] == "own" else [],
    )


def _cards(a: dict[str, Any], day: date) -> Iterator[Fact]:
    card = a["card"]
    spans = {"expired": (-30, 0), "not-yet": (1, 30), "last-day": (-29, 1)}
    begin, end = spans.get(card, (-10, 20))
    valid = DaySpan(day + timedelta(days=begin), day + timedelta(days=end))
    if card == "anothers":
        yield _issued("G-2", OTHER, PassColour.GREEN, valid)
    elif card not in ("none", "unknown") and a["who"] != "nobody":
        colour = PassColour.YELLOW if card == "yellow" else PassColour.GREEN
        yield _issued("G-1", SELF, colour, valid)
    if card in ("lost", "revoked") and a["who"] != "nobody":
        cause = RevocationCause.LOST if card == "lost" else RevocationCause.WITHDRAWN
        yield PassRevoked(number="G-1", person=SELF, reason="test", cause=cause)
    if a["companion"] == "resident" and card not in ("none", "anothers"):
        yield _issued("G-2", OTHER, PassColour.GREEN, valid)


def _issued(number: str, person: str, colour: PassColour, valid: DaySpan) -> PassIssued:
    return PassIssued(ExitPass(number=number, person=person, colour=colour, valid=valid))


def _past(a: dict[str, Any], at: datetime, gate: str) -> Iterator[Fact]:
    past = cast("str", a["past"])
    if past.startswith("exits "):
        for n in range(int(past.removeprefix("exits ")), 0, -1):
            minutes = 20 * n
            yield _crossed(Direction.OUT, at - timedelta(minutes=minutes), gate)
            yield _crossed(Direction.IN, at - timedelta(minutes=minutes - 5), gate)
    elif past == "out-on-leave":
        span = TimeSpan(at - timedelta(hours=2), at - timedelta(minutes=30))
        yield LeaveGranted(person=SELF, span=span, purpose="treatment", at=at - timedelta(hours=3))
    elif past == "arrived":
        back = at - timedelta(days=2)
        yield _crossed(Direction.IN, back, gate, returning_from=FAR, returned_on=back.date())
    elif past == "back":
        yield _crossed(Direction.OUT, at - timedelta(hours=2), gate)
        yield _crossed(Direction.IN, at - timedelta(hours=1), gate)
    if past in ("out", "out-on-leave"):
        yield _crossed(Direction.OUT, at - timedelta(hours=1), gate)
    elif past == "out-yesterday":
        yield _crossed(Direction.OUT, at - timedelta(days=1), gate)


def _crossed(direction: Direction, at: datetime, gate: str, **said: Any) -> CrossingObserved:  # noqa: ANN401
    party = [Traveller(person=SELF, **said)]
    return CrossingObserved(Crossing(checkpoint=gate, direction=direction, at=at, travellers=party))
