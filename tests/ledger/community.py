"""A community for the tests of the ledger: its policies, its people, and a way to compare what adds up.

Everybody here is invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

import attrs

from epiguard.crossings import Crossing, Traveller
from epiguard.decisions import Verdict
from epiguard.duties import Alert, Duty
from epiguard.facts import DutyOpened, Fact, PersonEnrolled, QuarantineOrdered
from epiguard.ledger import Ledger
from epiguard.people import Person
from epiguard.places import Direction
from epiguard.policy import Policy
from epiguard.quarantine import Exposure, QuarantinePeriod, Return
from epiguard.rules import FollowUpResult, Rule, allow, deny, hookimpl, once
from epiguard.situation import Situation, State

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2020, 2, 14, 12, tzinfo=SHANGHAI)
RECORDED = datetime(2020, 2, 14, 4, 0, 1, tzinfo=UTC)
HEAD = '[site]\nid = "caohang"\nzone = "Asia/Shanghai"\ncheckpoints = [{id = "north"}, {id = "south"}]\n'
WANG = Person(id="p-7", name="王小明", phones=["13800138000"], residence="3号楼502室")


@attrs.frozen
class OnceADay(Rule):
    """Lets everybody pass and claims one exit a day for those it knows; it looks at nothing else."""

    source = "test"

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Iterator[Verdict]:
        """Allow."""
        for standing in situation.standings:
            leaves = crossing.direction is Direction.OUT and standing.subject is not None
            claims = [once("exit", standing.subject or "")] if leaves else []
            strike = Duty(kind="strike-pass", subject=standing.subject or "nobody")
            yield allow("may-pass", en="may pass", about=standing, claims=claims, duties=[strike])


@attrs.frozen
class StaysIn(Rule):
    """Whoever is in quarantine does not go out."""

    source = "test"

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Iterator[Verdict]:
        """Deny."""
        for standing in situation.standings:
            if standing.periods and crossing.direction is Direction.OUT:
                alert = Alert(kind="quarantine-breach", subject=standing.subject or "", at=crossing.at)
                yield deny("quarantined", en="in quarantine", about=standing, alerts=[alert])


@attrs.frozen
class Calls(Rule):
    """A quarantine means a call, and a call that was opened would mean another one, were it followed up."""

    source = "test"

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> FollowUpResult:
        """Open a duty."""
        assert fact.at is not None
        if isinstance(fact, QuarantineOrdered):
            person = fact.period.person
            assert situation.periods_of(person) or situation.at < fact.period.starts_at
            return Duty(kind="call", subject=person, due=fact.at + timedelta(hours=24), basis=fact.period.id)
        if isinstance(fact, DutyOpened):
            return Duty(kind="call-again", subject=fact.duty.subject, basis=fact.duty.id)
        return None


@attrs.frozen
class Fails(Rule):
    """Raises in both hooks."""

    source = "test"

    @hookimpl
    def review_crossing(self, crossing: Crossing) -> None:
        """Fail."""
        raise ZeroDivisionError(crossing.purpose)

    @hookimpl
    def follow_up(self, fact: Fact) -> None:
        """Fail."""
        raise ZeroDivisionError(fact.kind)


@attrs.frozen
class Probe(Rule):
    """Does what a test wants while a rule runs; otherwise it says nothing."""

    source = "test"
    reviewing: ClassVar[list[Callable[[], object]]] = []
    following: ClassVar[list[Callable[[], object]]] = []

    @hookimpl
    def review_crossing(self) -> None:
        """Do the next thing."""
        if self.reviewing:
            self.reviewing.pop(0)()

    @hookimpl
    def follow_up(self) -> None:
        """Do the next thing."""
        if self.following:
            self.following.pop(0)()


def policy(*rules: type[Rule]) -> Policy:
    """A policy with these rules."""
    return Policy.loads(HEAD, rules=rules)


def out(*persons: str | None, at: datetime = NOON, **options: Any) -> Crossing:
    """A party on its way out."""
    travellers = [Traveller(person=person, temperature=36.5) for person in persons or ("p-7",)]
    return Crossing(checkpoint="north", direction="out", at=at, travellers=travellers, **options)


def period(person: str = "p-7", last_on: date = date(2020, 2, 10)) -> QuarantinePeriod:
    """Fourteen days after a return."""
    exposure = Exposure(person=person, last_on=last_on, reason=Return(region="420000"))
    return QuarantinePeriod.after(exposure, days=14, zone="Asia/Shanghai")


def enrolled(number: int) -> PersonEnrolled:
    """Somebody joins."""
    return PersonEnrolled(Person(id=f"p-{number}", name="李芳"), at=NOON)


def fault_at(ledger: Ledger) -> int | None:
    """Where ``verify`` finds something wrong."""
    fault = ledger.verify()
    return fault.position if fault is not None else None


def summary(state: State) -> dict[str, Any]:
    """What a state holds, so that two can be compared; empty collections count as none."""
    held = {name: dict(value) if isinstance(value, dict) else value for name, value in vars(state).items()}
    return {
        name: {key: each for key, each in value.items() if each} if isinstance(value, dict) else value
        for name, value in held.items()
        if name != "site" and not name.startswith("_")
    }
