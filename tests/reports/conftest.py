"""Invented people at an invented site, and the morning's lists."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from epiguard import (
    Alert,
    Checkpoint,
    Crossing,
    Decision,
    Direction,
    Duty,
    Effect,
    Exposure,
    Household,
    Membership,
    Override,
    Person,
    QuarantinePeriod,
    QuarantineSetting,
    Registration,
    Relation,
    Relationship,
    Return,
    Route,
    Site,
    Traveller,
    Verdict,
)
from epiguard.facts import (
    AlertRaised,
    DutyAttempted,
    DutyOpened,
    Fact,
    HouseholdRecorded,
    MatchConfirmed,
    MatchFound,
    PersonEnrolled,
    QuarantineOrdered,
    Registered,
    RelationshipRecorded,
)
from epiguard.matching import Answer, Candidate, Evidence, Level, MatchDecision
from epiguard.reconciliation import (
    Contradiction,
    FormMatch,
    FormNotInRegister,
    FormToConfirm,
    Reconciliation,
    Unregistered,
)
from epiguard.situation import State
from epiguard.work import (
    Business,
    BusinessRecorded,
    CommitmentBreached,
    CommitmentSigned,
    Lease,
    LeaseRecorded,
    MovementDeclared,
    Notice,
    NoticeIssued,
    NoticeReceived,
    RosterPosted,
    RoundOpened,
    SanctionImposed,
    Shift,
    SuppliesHandedOut,
    SuppliesReceived,
    SupplyRound,
)

ZONE = ZoneInfo("Asia/Shanghai")
PROBABILITIES = tuple(0.5 / rank for rank in range(1, 10))
DAY = date(2020, 2, 13)
NOW = datetime(2020, 2, 13, 18, 0, tzinfo=ZONE)


def candidate(person: str, probability: float = 0.9) -> Candidate:
    """A candidate with one field each that agrees, is near and is blank."""
    evidence = (
        Evidence("phone", Level.AGREES, 9000, "same number"),
        Evidence("name", Level.NEAR, 3000, "one character"),
        Evidence("card", Level.ABSENT, 0, "absent"),
    )
    return Candidate(person_id=person, probability=probability, prior=0, evidence=evidence)


def answer(decision: MatchDecision, *candidates: Candidate, question: str | None = None) -> Answer:
    """An answer of the matcher."""
    return Answer(
        decision=decision, candidates=candidates, question=question, probability_not_in_register=0.01
    )


@attrs.define
class World:
    """A state to add to, and the lists that go with it."""

    state: State
    decisions: list[Decision] = attrs.field(factory=list)
    matched: list[FormMatch] = attrs.field(factory=list)
    to_confirm: list[FormToConfirm] = attrs.field(factory=list)
    not_in_register: list[FormNotInRegister] = attrs.field(factory=list)
    unregistered: list[Unregistered] = attrs.field(factory=list)
    contradictory: list[Contradiction] = attrs.field(factory=list)

    def add(self, *facts: Fact) -> None:
        """Apply facts."""
        for fact in facts:
            self.state.apply(fact)

    @property
    def lists(self) -> Reconciliation:
        """The morning's lists."""
        return Reconciliation(
            matched=tuple(self.matched),
            to_confirm=tuple(self.to_confirm),
            not_in_register=tuple(self.not_in_register),
            unregistered=tuple(self.unregistered),
            contradictory=tuple(self.contradictory),
        )

    def period(self, subject: str, arrived: date, region: str = "420100", **fields: Any) -> QuarantinePeriod:
        """Order 14 days of home observation after a return."""
        exposure = Exposure(person=subject, reason=Return(region=region), arrived_on=arrived)
        period = QuarantinePeriod.after(
            exposure, days=14, zone="Asia/Shanghai", setting=QuarantineSetting.HOME_OBSERVATION, **fields
        )
        self.add(QuarantineOrdered(period, at=datetime(2020, 2, 1, 9, tzinfo=ZONE)))
        return period

    def form(self, form_id: str, *, source: str = "paper", **fields: Any) -> Registration:
        """Hand a form in."""
        form = Registration(id=form_id, source=source, **fields)
        self.add(Registered(form))
        return form

    def match(self, form: Registration, person: str, *, confirmed: bool = False) -> None:
        """Match a form to a person, and have a human confirm it where asked."""
        self.matched.append(FormMatch(form, person, answer(MatchDecision.MATCH, candidate(person, 0.99))))
        self.add(MatchFound(registration=form.id, person=person))
        if confirmed:
            self.add(MatchConfirmed(registration=form.id, person=person))

    def ask(
        self,
        form: Registration,
        *people: str,
        question: str | None = "residence",
        probabilities: Iterable[float] = PROBABILITIES,
    ) -> None:
        """List a form as to be confirmed, with candidates."""
        candidates = [candidate(person, each) for person, each in zip(people, probabilities, strict=False)]
        unsure = answer(MatchDecision.ASK, *candidates, question=question)
        self.to_confirm.append(FormToConfirm(form, unsure))

    def stranger(self, form: Registration, same_as: str | None = None) -> None:
        """List a form as of somebody who is not in the register."""
        self.not_in_register.append(FormNotInRegister(form, answer(MatchDecision.NO_MATCH), same_as))

    def duty(self, kind: str, subject: str, *outcomes: str, **fields: Any) -> Duty:
        """Open a duty and attempt it."""
        fields = {"route": Route.PHONE, "texts": {"zh": "电话联系", "en": "call them"}, **fields}
        duty = Duty(kind=kind, subject=subject, **fields)
        self.add(DutyOpened(duty, at=NOW - timedelta(hours=5)))
        self.add(
            *(DutyAttempted(duty=duty.id, outcome=each, at=NOW - timedelta(hours=1)) for each in outcomes)
        )
        return duty

    def decide(self, effect: str, *codes: str, at: datetime = NOW, **fields: Any) -> Decision:
        """Have a crossing decided."""
        override = fields.pop("override", None)
        crossing = Crossing(
            checkpoint=fields.pop("checkpoint", "north"),
            direction=fields.pop("direction", Direction.OUT),
            at=at,
            travellers=fields.pop("travellers", [Traveller(person="p-1")]),
        )
        verdicts = [
            Verdict(effect=Effect(effect), code=code, texts={"zh": "原因", "en": "why"}) for code in codes
        ]
        decision = Decision(
            crossing=crossing,
            day=self.state.site.day_of(at),
            effect=Effect(effect),
            verdicts=verdicts,
            policy_version="0123456789abcdef",
            override=override,
            id=fields.pop("id", f"d-{len(self.decisions)}"),
            **fields,
        )
        self.decisions.append(decision)
        return decision


def site(**fields: Any) -> Site:
    """A compound in Minhang with two gates."""
    given = {"id": "jindu", "name": "金都花园", "zone": "Asia/Shanghai", "region": "310112"}
    gates = [Checkpoint(id="north", name="北门"), Checkpoint(id="south", name="南门")]
    return Site(**{**given, "checkpoints": gates, **fields})


@pytest.fixture
def world() -> World:
    """A site where nothing has happened yet."""
    return World(state=State(site()))


def people() -> Iterable[Person]:
    """Residents with and without a phone, a home, a Chinese name; and a landlord elsewhere."""
    yield Person(
        id="p-1",
        name="欧阳芳菲",
        phones=["13800000001"],
        residence="3号楼502室",
        cards=["00712345"],
        registered_region="420106",
        sex="F",
        birth_date=date(1985, 3, 12),
    )
    yield Person(id="p-2", name="司马青云", residence="12号楼101室", registered_region="310112")
    yield Person(id="p-3", latin_name="Maria Example", phones=["+442079460018"], residence="2号楼301室")
    yield Person(
        id="p-4", name="诸葛小宝", guardian="p-1", residence="3号楼502室", registered_region="340100"
    )
    yield Person(id="p-9", name="端木房东", phones=["13900000009"], resident=False)


@pytest.fixture
def village(world: World) -> World:
    """A site with a little of everything: each list has something on it."""
    world.add(*(PersonEnrolled(each) for each in people()))
    home = Household(id="h-1", members=[Membership(person="p-1"), Membership(person="p-4")])
    world.add(
        HouseholdRecorded(home),
        RelationshipRecorded(Relationship(person="p-2", relation=Relation.LANDLORD, contact="p-9")),
    )
    journey: dict[str, Any] = {
        "returning_from": "420100",
        "arrived_on": date(2020, 2, 12),
        "submitted_at": datetime(2020, 2, 12, 20, tzinfo=ZONE),
    }
    written = {"name": "欧阳方菲", "phone": "1380000?001", "residence": "3号502"}
    paper = world.form("f-1", written=written, **journey)
    online = world.form("f-2", source="questionnaire", written={"name": "欧阳芳菲"}, **journey)
    world.match(paper, "p-1", confirmed=True)
    world.match(online, "p-1")
    unsure = world.form("f-3", written={"name": "司马青", "phone": "=1+1", "residence": "12号101"}, **journey)
    world.ask(unsure, "p-2", "p-1", "p-3")
    stranger = world.form(
        "f-4", written={"name": "慕容来客", "phone": "+8613700000004", "备注": "@SUM(A1)"}, **journey
    )
    world.stranger(stranger)
    world.stranger(world.form("f-5", written={"name": "慕容来客"}, source="questionnaire", **journey), "f-4")
    world.period("p-1", date(2020, 2, 12))
    world.period("form:f-3", date(2020, 2, 12))
    world.period("form:f-4", date(2020, 2, 12))
    seen = world.decide(
        "deny",
        "in-quarantine",
        travellers=[Traveller(person="p-2", returning_from="420100")],
        direction=Direction.IN,
    )
    world.decide(
        "hold", "not-measured", "not-asked", checkpoint="south", travellers=[Traveller(), Traveller()]
    )
    world.decide("allow", "admitted")
    world.decide("allow", "exit-spent", override=Override(reason="ambulance", by="cadre-3"))
    world.unregistered.append(Unregistered(seen.crossing, 0, "p-2", ("f-3",)))
    world.contradictory.append(Contradiction(paper, "p-1", ("name", "phone")))
    due = NOW + timedelta(hours=3)
    world.duty("tell-returnee", "p-1", "no-answer", due=NOW - timedelta(hours=1), basis="q:p-1:2020-02-12")
    world.duty("tell-landlord", "p-2", contact="p-9", due=due)
    world.duty("tell-returnee", "p-2", due=due)
    world.duty("tell-returnee", "p-4", due=due)
    world.duty("door-visit", "p-3", due=due, route=Route.DOOR)
    world.duty("confirm-match", "form:f-3", due=due, basis="f-3")
    world.duty("register-newcomer", "form:f-4", due=due, basis="f-4")
    world.duty("identify-returnee", "south", due=due, route=Route.DOOR)
    world.duty("screen-movements", "p-1", "reached", due=due)
    world.add(
        AlertRaised(
            Alert(
                kind="quarantine-breach",
                subject="p-1",
                at=NOW,
                checkpoint="north",
                texts={"zh": "隔离期外出", "en": "seen going out"},
            )
        )
    )
    world.add(*community())
    return world


def community() -> Iterable[Fact]:
    """A little of all the work beyond the gate."""
    morning = NOW - timedelta(hours=9)
    yield MovementDeclared(person="p-4", region="420100", returns_on=DAY, at=morning)
    need = Duty(
        kind="bring-medicine", subject="p-3", basis="r-1", due=NOW + timedelta(hours=5), route=Route.DOOR
    )
    yield DutyOpened(need, at=morning)
    yield NoticeIssued(Notice(id="n-1", texts={"zh": "告知"}, channels=["app", "door"]), at=morning)
    yield NoticeReceived(notice="n-1", recipient="p-2", channel="app", receipt="read", at=morning)
    yield RoundOpened(SupplyRound(id="masks-1", supply="masks", per_household=5), at=morning)
    yield SuppliesReceived(supply="masks", count=20, at=morning)
    yield SuppliesHandedOut(household="p-2", round="masks-1", supply="masks", count=5, at=morning)
    for home in ("h-101", "h-102"):
        yield HouseholdRecorded(Household(id=home, residence="12号楼101室", members=[]))
    yield CommitmentSigned(household="h-101", commitment="letting", by="p-2", at=morning)
    yield CommitmentBreached(household="h-101", commitment="letting", id="b-1", evidence="seen", at=morning)
    yield SanctionImposed(
        household="h-101", id="s-1", breach="b-1", year=2020, benefits=["dividend"], at=morning
    )
    shift = Shift(post="north", start=morning, end=NOW, people=["v-1", "v-2", "v-3"])
    yield RosterPosted(id="north/week-7", shifts=[shift], at=morning)
    yield LeaseRecorded(Lease(id="l-1", tenant="t-1", place="stall-1", last_day=date(2020, 2, 29)))
    yield BusinessRecorded(Business(id="s-1", trade="pharmacy"))
