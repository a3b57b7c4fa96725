"""What the facts add up to: facts go in one by one, frozen slices come out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import attrs

from epiguard.crossings import Crossing
from epiguard.decisions import Decision, Effect
from epiguard.duties import Alert, Duty, DutyState, Outcome
from epiguard.facts import (
    AlertClosed,
    AlertRaised,
    CrossingDecided,
    CrossingObserved,
    DecisionCancelled,
    DutyAttempted,
    DutyClosed,
    DutyOpened,
    Fact,
    HouseholdRecorded,
    LeaveGranted,
    MatchConfirmed,
    MatchFound,
    MatchRejected,
    PassIssued,
    PassRevoked,
    PersonChanged,
    PersonEnrolled,
    PersonLeft,
    QuarantineChanged,
    QuarantineOrdered,
    Registered,
    RelationshipRecorded,
)
from epiguard.passes import ExitPass
from epiguard.people import Household, Person, Relationship
from epiguard.places import Site
from epiguard.quarantine import ChangeKind, EndCause, PeriodChange, QuarantinePeriod
from epiguard.registrations import Registration
from epiguard.situation._standing import PastCrossing

__all__ = ["DutyStatus", "State"]

#: How many days of a person's crossings the slices can look back on (ours): beyond it claims must serve.
CROSSINGS_KEPT = timedelta(days=14)


@attrs.frozen(kw_only=True)
class DutyStatus:
    """A duty, the attempts at it so far, and whether it is open, done or closed."""

    duty: Duty
    state: DutyState = DutyState.OPEN
    attempts: tuple[tuple[datetime | None, Outcome], ...] = ()
    opened_at: datetime | None = None
    settled_at: datetime | None = None


class State:
    """The sum of a site's facts. It is mutable and private to whoever adds up; rules see slices.

    Args:
        site: Decides which day a crossing belongs to.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.people: dict[str, Person] = {}
        self.gone: set[str] = set()
        self.households: dict[str, Household] = {}
        self.household_of: dict[str, str] = {}
        self.relationships: dict[str, tuple[Relationship, ...]] = {}
        self.registrations: dict[str, Registration] = {}
        self.links: dict[str, str] = {}
        self.confirmed: set[str] = set()
        self.rejected: set[tuple[str, str]] = set()
        self.forms_of: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.periods: dict[str, QuarantinePeriod] = {}
        self.periods_of: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.passes: dict[str, ExitPass] = {}
        self.passes_of: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.leaves_of: defaultdict[str, list[LeaveGranted]] = defaultdict(list)
        self.crossings_of: defaultdict[str, list[PastCrossing]] = defaultdict(list)
        self.duties: dict[str, DutyStatus] = {}
        self.duties_of: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.alerts: dict[str, Alert] = {}
        self.alerts_closed: set[str] = set()
        self._handlers: dict[type[Fact], Callable[[Any, datetime | None], None]] = {
            AlertClosed: self._alert_closed,
            AlertRaised: self._alert,
            CrossingDecided: self._decided,
            CrossingObserved: self._observed,
            DecisionCancelled: self._cancelled,
            DutyAttempted: self._attempted,
            DutyClosed: self._duty_closed,
            DutyOpened: self._duty,
            HouseholdRecorded: self._household,
            LeaveGranted: self._leave,
            MatchConfirmed: self._confirm,
            MatchFound: self._found,
            MatchRejected: self._rejected,
            PassIssued: self._pass,
            PassRevoked: self._pass_revoked,
            PersonChanged: self._enrolled,
            PersonEnrolled: self._enrolled,
            PersonLeft: self._left,
            QuarantineChanged: self._period_changed,
            QuarantineOrdered: self._ordered,
            Registered: self._registered,
            RelationshipRecorded: self._related,
        }

    def apply(self, fact: Fact, recorded_at: datetime | None = None) -> None:
        """Add one fact. A kind that means nothing to the situation changes nothing."""
        handler = self._handlers.get(type(fact))
        if handler is not None:
            handler(fact, recorded_at)

    # What each kind of fact changes.

    def _enrolled(self, fact: PersonEnrolled, _: datetime | None) -> None:
        self.people[fact.person.id] = fact.person
        self.gone.discard(fact.person.id)

    def _left(self, fact: PersonLeft, recorded_at: datetime | None) -> None:
        self.gone.add(fact.person)
        at = fact.at or recorded_at
        for number in self.passes_of.pop(fact.person, {}):
            self.passes.pop(number, None)
        for duty_id in self.duties_of.get(fact.person, ()):
            status = self.duties[duty_id]
            if status.state is DutyState.OPEN:
                self.duties[duty_id] = attrs.evolve(status, state=DutyState.CLOSED, settled_at=at)
        for period_id in self.periods_of.get(fact.person, ()):
            period = self.periods[period_id]
            if period.end is None and at is not None:
                end = PeriodChange(
                    kind=ChangeKind.ENDED, cause=EndCause.MOVED_AWAY, reason="person left", by="ledger", at=at
                )
                self.periods[period_id] = period.changed(end)

    def _household(self, fact: HouseholdRecorded, _: datetime | None) -> None:
        before = self.households.get(fact.household.id)
        for membership in before.members if before is not None else ():
            if self.household_of.get(membership.person) == fact.household.id:
                del self.household_of[membership.person]
        self.households[fact.household.id] = fact.household
        for membership in fact.household.members:
            if membership.until is None:
                self.household_of[membership.person] = fact.household.id

    def _related(self, fact: RelationshipRecorded, _: datetime | None) -> None:
        new = fact.relationship
        same = [
            each
            for each in self.relationships.get(new.person, ())
            if (each.relation, each.contact) != (new.relation, new.contact)
        ]
        self.relationships[new.person] = (*same, new)

    def _registered(self, fact: Registered, _: datetime | None) -> None:
        form = fact.registration
        self.registrations[form.id] = form
        self.forms_of[form.subject][form.id] = None
        if form.person is not None:
            self._link(form.id, form.person)

    def _link(self, registration: str, person: str) -> None:
        before = self.links.get(registration)
        if before is not None and before != person:
            self.forms_of[before].pop(registration, None)
        self.links[registration] = person
        if registration in self.registrations:
            self.forms_of[person][registration] = None

    def _found(self, fact: MatchFound, _: datetime | None) -> None:
        if fact.registration not in self.confirmed:
            self._link(fact.registration, fact.person)

    def _confirm(self, fact: MatchConfirmed, _: datetime | None) -> None:
        self.confirmed.add(fact.registration)
        self._link(fact.registration, fact.person)

    def _rejected(self, fact: MatchRejected, _: datetime | None) -> None:
        self.rejected.add((fact.registration, fact.person))
        if self.links.get(fact.registration) == fact.person:
            del self.links[fact.registration]
            self.confirmed.discard(fact.registration)
            self.forms_of[fact.person].pop(fact.registration, None)

    def _ordered(self, fact: QuarantineOrdered, _: datetime | None) -> None:
        self.periods[fact.period.id] = fact.period
        self.periods_of[fact.period.person][fact.period.id] = None

    def _period_changed(self, fact: QuarantineChanged, _: datetime | None) -> None:
        period = self.periods.get(fact.period)
        if period is not None and period.end is None:
            self.periods[fact.period] = period.changed(fact.change)

    def _pass(self, fact: PassIssued, _: datetime | None) -> None:
        self.passes[fact.exit_pass.number] = fact.exit_pass
        self.passes_of[fact.exit_pass.person][fact.exit_pass.number] = None

    def _pass_revoked(self, fact: PassRevoked, _: datetime | None) -> None:
        self.passes.pop(fact.number, None)
        self.passes_of[fact.person].pop(fact.number, None)

    def _leave(self, fact: LeaveGranted, _: datetime | None) -> None:
        self.leaves_of[fact.person].append(fact)

    def _decided(self, fact: CrossingDecided, _: datetime | None) -> None:
        decision = fact.decision
        if decision.effect is Effect.ALLOW:
            self._crossed(decision.crossing, decision.id or None, decision)

    def _observed(self, fact: CrossingObserved, _: datetime | None) -> None:
        if fact.decision is None or not self._knows(fact):
            self._crossed(fact.crossing, fact.decision, None)

    def _knows(self, fact: CrossingObserved) -> bool:
        return any(
            past.decision == fact.decision
            for each in fact.crossing.travellers
            for past in self.crossings_of.get(each.person or "", ())
        )

    def _crossed(self, crossing: Crossing, decision_id: str | None, decision: Decision | None) -> None:
        day = self.site.day_of(crossing.at)
        claims = decision.claim_keys if decision is not None else ()
        for traveller in crossing.travellers:
            if traveller.person is None:
                continue
            on_leave = any(crossing.at in each.span for each in self.leaves_of.get(traveller.person, ()))
            past = PastCrossing(
                at=crossing.at,
                day=day,
                direction=crossing.direction,
                checkpoint=crossing.checkpoint,
                decision=decision_id,
                spent_exit=not on_leave and (decision is None or decision.override is None),
                claims=claims,
            )
            kept = [each for each in self.crossings_of[traveller.person] if each.day > day - CROSSINGS_KEPT]
            self.crossings_of[traveller.person] = [*kept, past]

    def _cancelled(self, fact: DecisionCancelled, _: datetime | None) -> None:
        for person in fact.persons:
            kept = [each for each in self.crossings_of.get(person, ()) if each.decision != fact.decision]
            self.crossings_of[person] = kept

    def _duty(self, fact: DutyOpened, recorded_at: datetime | None) -> None:
        if fact.duty.id not in self.duties:
            self.duties[fact.duty.id] = DutyStatus(duty=fact.duty, opened_at=fact.at or recorded_at)
            for subject in fact.subjects:
                self.duties_of[subject][fact.duty.id] = None

    def _attempted(self, fact: DutyAttempted, recorded_at: datetime | None) -> None:
        status = self.duties.get(fact.duty)
        if status is None:
            return
        at = fact.at or recorded_at
        attempts = (*status.attempts, (at, fact.outcome))
        if fact.outcome.settles and status.state is DutyState.OPEN:
            status = attrs.evolve(status, state=DutyState.DONE, settled_at=at)
        self.duties[fact.duty] = attrs.evolve(status, attempts=attempts)

    def _duty_closed(self, fact: DutyClosed, recorded_at: datetime | None) -> None:
        status = self.duties.get(fact.duty)
        if status is not None and status.state is DutyState.OPEN:
            self.duties[fact.duty] = attrs.evolve(
                status, state=DutyState.CLOSED, settled_at=fact.at or recorded_at
            )

    def _alert(self, fact: AlertRaised, _: datetime | None) -> None:
        self.alerts[fact.alert.id] = fact.alert

    def _alert_closed(self, fact: AlertClosed, _: datetime | None) -> None:
        self.alerts_closed.add(fact.alert)
