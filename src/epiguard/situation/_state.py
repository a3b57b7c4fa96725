"""What the facts add up to: facts go in one by one, frozen slices come out."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any

import attrs

from epiguard.days import to_utc
from epiguard.decisions import Effect
from epiguard.duties import Alert, DutyState, Outcome
from epiguard.errors import InvalidValueError
from epiguard.facts import (
    FACT_KINDS,
    AlertClosed,
    AlertRaised,
    ClaimContested,
    CrossingDecided,
    CrossingObserved,
    DataExpired,
    DecisionCancelled,
    DutyAssigned,
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
    PersonErased,
    PersonLeft,
    QuarantineChanged,
    QuarantineOrdered,
    Registered,
    RelationshipRecorded,
    WatchEnded,
    WatchListed,
)
from epiguard.identifiers import Plate, RegionCode
from epiguard.passes import ExitPass, PassState, RevocationCause
from epiguard.people import Household, Person, Relationship
from epiguard.places import CheckpointKind, Direction, Site
from epiguard.quarantine import ChangeKind, EndCause, PeriodChange, QuarantinePeriod
from epiguard.registrations import Registration
from epiguard.situation._clocks import Clocks
from epiguard.situation._duty_status import DutyStatus
from epiguard.situation._long_over import LongOver
from epiguard.situation._passage import Passage
from epiguard.situation._rivals import MERGED, contradiction, double_claim, double_pass, standing
from epiguard.situation._standing import PastCrossing, set_days
from epiguard.situation._watching import is_over

__all__ = ["State"]

#: How many days of a person's crossings the slices can look back on (ours): beyond it claims must serve.
CROSSINGS_KEPT = timedelta(days=14)

#: How long after a duty was settled or an alert closed it is still told what it was (ours): a month's report
#: counts them. After that only the record tells, so that what is held here grows with those who live on the
#: site and not with the years.
SETTLED_KEPT = timedelta(days=31)


class State:
    """The sum of a site's facts. It is mutable and private to whoever adds up; rules see slices.

    Facts come in the order in which they were recorded. One that happened earlier than others recorded
    before it takes its place among them by its instant; where two say different things of one person or
    household, the one recorded last holds.

    Args:
        site: Decides which day a crossing belongs to.
    """

    def __init__(self, site: Site) -> None:
        self.site = site
        self.clocks = Clocks(site.clock_bound_minutes)
        self._doors = frozenset(each.id for each in site.checkpoints if each.kind is CheckpointKind.DOOR)
        self.people: dict[str, Person] = {}
        #: Who left, and when as far as known.
        self.gone: dict[str, datetime | None] = {}
        self.households: dict[str, Household] = {}
        self.household_of: dict[str, str] = {}
        self.homes_of: defaultdict[str, dict[str, None]] = defaultdict(dict)
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
        #: Passes that are no longer good, by number, until the number is given out anew.
        self.revoked: dict[str, ExitPass] = {}
        #: The number of the pass somebody lost, until they have another one.
        self.lost_by: dict[str, str] = {}
        self.leaves_of: defaultdict[str, list[LeaveGranted]] = defaultdict(list)
        self.watches_of: defaultdict[str, list[WatchListed]] = defaultdict(list)
        self.watch_ends_of: defaultdict[str, list[datetime | None]] = defaultdict(list)
        self.watched_plates: defaultdict[Plate, dict[str, None]] = defaultdict(dict)
        self.crossings_of: defaultdict[str, list[PastCrossing]] = defaultdict(list)
        self.duties: dict[str, DutyStatus] = {}
        self.duties_of: defaultdict[str, dict[str, None]] = defaultdict(dict)
        #: The kinds of facts with which some duty is over.
        self.closing: set[str] = set()
        #: What is in the site's stocks, by name.
        self.stocks: dict[str, int] = {}
        self.alerts: dict[str, Alert] = {}
        self.alerts_closed: set[str] = set()
        #: When the settling of duties and the closing of alerts was recorded, by id, in the order it was.
        self.settled: dict[str, datetime] = {}
        self.long_over = LongOver()
        self.notes_of: defaultdict[str, list[Fact]] = defaultdict(list)
        #: Decisions that did not come about; what they claimed is nobody's.
        self.cancelled: set[str] = set()
        #: What several decisions claim that can be had once: key to their ids, and when each crossing was.
        self.contested: dict[str, dict[str, datetime | None]] = {}
        self._handlers: dict[type[Fact], Callable[[Any, datetime | None], None]] = {
            AlertClosed: self._alert_closed,
            AlertRaised: self._alert,
            ClaimContested: self._contested,
            CrossingDecided: self._decided,
            CrossingObserved: self._observed,
            DataExpired: self._nothing,
            DecisionCancelled: self._cancelled,
            DutyAssigned: self._assigned,
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
            PersonChanged: self._changed,
            PersonEnrolled: self._enrolled,
            PersonErased: self._nothing,
            PersonLeft: self._left,
            QuarantineChanged: self._period_changed,
            QuarantineOrdered: self._ordered,
            Registered: self._registered,
            RelationshipRecorded: self._related,
            WatchEnded: self._watch_ended,
            WatchListed: self._watch,
        }

    def apply(self, fact: Fact, recorded_at: datetime | None = None) -> None:
        """Add one fact. A plug-in's own is kept as a note about its subjects.

        Args:
            fact: What happened.
            recorded_at: When it was recorded; stands in where the fact does not know when it happened.

        Raises:
            InvalidValueError: If it does not fit those before it; then nothing was changed.
        """
        handler = self._handlers.get(type(fact))
        if handler is not None:
            handler(fact, recorded_at)
        elif FACT_KINDS.get(fact.kind) is type(fact):
            for subject in fact.subjects:
                self.notes_of[subject].append(fact)
        for name, change in fact.stock.items():
            self.stocks[name] = self.stocks.get(name, 0) + change
        for duty_id in fact.discharges:
            self._attempt(duty_id, fact.at, Outcome.DONE, recorded_at)
        if fact.kind in self.closing:
            self._close_with(fact, recorded_at)

    def set_aside(self, fact: Fact, basis: str) -> None:
        """Raise an alert about a fact that :meth:`apply` refused; ``basis`` is its entry's id."""
        subject = fact.subjects[0] if fact.subjects else self.site.id
        alert = contradiction(subject, fact.at, basis)
        self.alerts[alert.id] = alert

    # What the facts of several kinds together say.

    def known_as(self, subject: str) -> tuple[str, ...]:
        """All ids that facts about somebody are kept under: the person's first, then their forms'."""
        person = subject
        if subject.startswith("form:"):
            person = self.links.get(subject.removeprefix("form:"), subject)
        forms = self.forms_of.get(person)
        if forms is None and person == subject:
            return (subject,)
        others = (self.registrations[each].subject for each in forms or ())
        return tuple(dict.fromkeys((person, subject, *others)))

    def household_on(self, person: str, day: date) -> Household | None:
        """The household somebody belongs to on a day; where several list them, the one joined last."""
        found, joined = None, date.min
        for home_id in self.homes_of.get(person, ()):
            home = self.households[home_id]
            for membership in home.members:
                since = membership.since or date.min
                if membership.person == person and since >= joined and membership.holds_on(day):
                    found, joined = home, since
        return found

    def periods_about(self, subject: str) -> tuple[QuarantinePeriod, ...]:
        """Somebody's quarantine periods; also those of their forms, until their own took the place."""
        if not self.periods_of:
            return ()
        found = []
        for name in self.known_as(subject):
            for period in (self.periods[each] for each in self.periods_of.get(name, ())):
                end = period.end
                if name == subject or end is None or end.cause is not EndCause.IDENTIFIED:
                    found.append(period)
        return tuple(found)

    def watches_on(self, subject: str, at: datetime) -> tuple[WatchListed, ...]:
        """The watches in force on somebody at an instant, also those of their forms; each has an ``at``."""
        if not self.watches_of or self.known_as(subject)[0] in self.gone:
            return ()
        now, day = to_utc(at), self.site.day_of(at)
        return tuple(
            watch
            for name in self.known_as(subject)
            for watch in self.watches_of.get(name, ())
            if day < watch.until
            and (watch.at is None or to_utc(watch.at) <= now)
            and not any(is_over(watch, end, now) for end in self.watch_ends_of.get(name, ()))
        )

    def has_duty(self, duty: str) -> bool:
        """Whether a duty was ever opened, also one that was settled long ago."""
        return duty in self.duties or duty in self.long_over

    def has_alert(self, alert: str) -> bool:
        """Whether an alert was ever raised, also one that was closed long ago."""
        return alert in self.alerts or alert in self.long_over

    def leaves_on(self, subject: str, at: datetime) -> tuple[LeaveGranted, ...]:
        """The leave that somebody has at an instant, also what was granted to a form of theirs."""
        if not self.leaves_of:
            return ()
        names = self.known_as(subject)
        return tuple(each for name in names for each in self.leaves_of.get(name, ()) if at in each.span)

    def pass_state(self, number: str, person: str | None, days: Iterable[date]) -> PassState:
        """How a pass stands that ``person``, if the gate knows, shows, to be valid on any of ``days``."""
        held = self.passes.get(number)
        card = held or self.revoked.get(number)
        if card is None:
            return PassState.UNKNOWN
        if card.person != person:
            return PassState.ANOTHERS
        if held is None:
            return PassState.REVOKED
        wanted = tuple(days)
        if any(day in card.valid for day in wanted):
            return PassState.VALID
        return PassState.NOT_YET_VALID if max(wanted) < card.valid.start else PassState.EXPIRED

    def outside(self, region: RegionCode | None) -> RegionCode | None:
        """A region that somebody comes back from, if it is outside the site's province; else nothing."""
        return region if region is not None and self.site.is_outside(region) else None

    def away_of(self, person: str, at: datetime) -> PastCrossing | None:
        """The exit somebody has not come back from yet; what doors inside the site saw does not count."""
        now = to_utc(at)
        for past in reversed(self.crossings_of.get(person, ())):
            if past.checkpoint not in self._doors and to_utc(past.at) <= now:
                return past if past.direction is Direction.OUT else None
        return None

    # What each kind of fact changes.

    def _nothing(self, _: Fact, __: datetime | None) -> None:
        """What was erased is not among the facts any more; of whom it was, nothing is to be known."""

    def _changed(self, fact: PersonChanged, _: datetime | None) -> None:
        self.people[fact.person.id] = fact.person

    def _enrolled(self, fact: PersonEnrolled, _: datetime | None) -> None:
        self.people[fact.person.id] = fact.person
        self.gone.pop(fact.person.id, None)

    def _left(self, fact: PersonLeft, recorded_at: datetime | None) -> None:
        at = fact.at or recorded_at
        self.gone[fact.person] = at
        for number in self.passes_of.pop(fact.person, {}):
            self.revoked[number] = self.passes.pop(number)
        self.lost_by.pop(fact.person, None)
        for subject in self.known_as(fact.person):
            for duty_id in tuple(self.duties_of.get(subject, ())):
                self._close(duty_id, at, recorded_at)
            if at is not None:
                for period_id in self.periods_of.get(subject, ()):
                    self._end(period_id, fact, at)

    def _close_with(self, fact: Fact, recorded_at: datetime | None) -> None:
        at = fact.at or recorded_at
        for subject in fact.subjects:
            names = self.known_as(subject)
            for status in [self.duties[each] for name in names for each in self.duties_of.get(name, ())]:
                if status.duty.closed_by != fact.kind or status.subject not in names:
                    continue
                if not (fact.ends_what_began_before and status.opened_after(at)):
                    self._close(status.id, at, recorded_at)

    def _close(self, duty_id: str, at: datetime | None, recorded_at: datetime | None) -> None:
        status = self.duties.get(duty_id)
        if status is not None and status.state is DutyState.OPEN:
            self.duties[duty_id] = attrs.evolve(status, state=DutyState.CLOSED, settled_at=at)
            self._settled(duty_id, recorded_at)

    def _settled(self, name: str, recorded_at: datetime | None) -> None:
        # What is over since long goes, at the moments when something else is over.
        if recorded_at is None:
            return
        self.settled.setdefault(name, recorded_at)
        long_ago = recorded_at - SETTLED_KEPT
        while (first := next(iter(self.settled))) != name and self.settled[first] < long_ago:
            del self.settled[first]
            self._let_go(first)

    def _let_go(self, name: str) -> None:
        status = self.duties.pop(name, None)
        if status is not None:
            for subject in {status.subject, status.contact or status.subject}:
                self.duties_of[subject].pop(name, None)
        self.alerts.pop(name, None)
        self.alerts_closed.discard(name)
        self.long_over.add(name)

    def _end(self, period_id: str, fact: PersonLeft, at: datetime) -> None:
        period = self.periods[period_id]
        if to_utc(at) < to_utc(period.ends_at):
            self.periods[period_id] = period.changed(
                PeriodChange(kind=ChangeKind.ENDED, cause=fact.cause, reason=fact.reason, by="ledger", at=at)
            )

    def _household(self, fact: HouseholdRecorded, _: datetime | None) -> None:
        before = self.households.get(fact.household.id)
        for membership in before.members if before is not None else ():
            self.homes_of[membership.person].pop(fact.household.id, None)
            if self.household_of.get(membership.person) == fact.household.id:
                del self.household_of[membership.person]
        self.households[fact.household.id] = fact.household
        for membership in fact.household.members:
            self.homes_of[membership.person][fact.household.id] = None
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
        self._take(fact.registration, fact.registration.person)

    def _take(self, form: Registration, person: str | None) -> None:
        self.registrations[form.id] = form
        self.forms_of[form.subject][form.id] = None
        if person is not None:
            self._propose(form.id, person)
        linked = self.links.get(form.id)
        if linked is not None:  # found before the form itself came in
            self.forms_of[linked][form.id] = None

    def _propose(self, registration: str, person: str) -> None:
        # What a human said stands.
        if registration not in self.confirmed and (registration, person) not in self.rejected:
            self._link(registration, person)

    def _link(self, registration: str, person: str) -> None:
        before = self.links.get(registration)
        if before is not None and before != person:
            self.forms_of[before].pop(registration, None)
        self.links[registration] = person
        if registration in self.registrations:
            self.forms_of[person][registration] = None

    def _found(self, fact: MatchFound, _: datetime | None) -> None:
        self._propose(fact.registration, fact.person)

    def _confirm(self, fact: MatchConfirmed, _: datetime | None) -> None:
        self.rejected.discard((fact.registration, fact.person))
        self.confirmed.add(fact.registration)
        self._link(fact.registration, fact.person)

    def _rejected(self, fact: MatchRejected, _: datetime | None) -> None:
        self.rejected.add((fact.registration, fact.person))
        if self.links.get(fact.registration) == fact.person:
            del self.links[fact.registration]
            self.confirmed.discard(fact.registration)
            self.forms_of[fact.person].pop(fact.registration, None)

    def _ordered(self, fact: QuarantineOrdered, _: datetime | None) -> None:
        period, known = fact.period, self.periods.get(fact.period.id)
        if known is not None:
            if known.person != period.person:
                raise InvalidValueError(
                    "QuarantineOrdered.period",
                    expected="a period with an id of its own",
                    got="the id of another person's period",
                    do="give it another id",
                )
            # Told again, or corrected: the order told last holds, and its history never gets shorter.
            new = (each for each in period.changes if each not in known.changes)
            period = attrs.evolve(period, changes=(*known.changes, *new))
        self.periods[period.id] = period
        self.periods_of[period.person][period.id] = None

    def _period_changed(self, fact: QuarantineChanged, _: datetime | None) -> None:
        period = self.periods.get(fact.period)
        if period is not None:
            self.periods[fact.period] = period.changed(fact.change)

    def _pass(self, fact: PassIssued, recorded_at: datetime | None) -> None:
        card = fact.exit_pass
        alert = double_pass(self.passes.get(card.number), card, fact.at or recorded_at)
        if alert is not None:
            self._raise(alert)
        self._revoke(card.number)
        self.revoked.pop(card.number, None)
        self.passes[card.number] = card
        self.passes_of[card.person][card.number] = None
        self.lost_by.pop(card.person, None)

    def _pass_revoked(self, fact: PassRevoked, _: datetime | None) -> None:
        held = self._revoke(fact.number)
        if held is not None and fact.cause is RevocationCause.LOST:
            self.lost_by[held.person] = held.number

    def _revoke(self, number: str) -> ExitPass | None:
        # The number says which pass it is; who is said to hold it may be out of date.
        held = self.passes.pop(number, None)
        if held is not None:
            del self.passes_of[held.person][number]
            self.revoked[number] = held
        return held

    def _leave(self, fact: LeaveGranted, _: datetime | None) -> None:
        self.leaves_of[fact.person].append(fact)
        # Also leave that was recorded afterwards spends no exit, and uses nothing up.
        row = self.crossings_of.get(self.known_as(fact.person)[0], [])
        row[:] = [each.under_leave() if each.at in fact.span else each for each in row]

    def _watch(self, fact: WatchListed, recorded_at: datetime | None) -> None:
        self.watches_of[fact.person].append(attrs.evolve(fact, at=fact.at or recorded_at))
        if fact.plate is not None:
            self.watched_plates[fact.plate][fact.person] = None

    def _watch_ended(self, fact: WatchEnded, recorded_at: datetime | None) -> None:
        self.watch_ends_of[fact.person].append(fact.at or recorded_at)

    def _decided(self, fact: CrossingDecided, recorded_at: datetime | None) -> None:
        self.recall(Passage.decided(fact.decision), recorded_at)

    def recall(self, passage: Passage, recorded_at: datetime | None) -> None:
        """Add a decision of which only the passage was read."""
        # What is asked again may have been asked a while ago.
        alert = None if passage.again else self.clocks.tell(passage.checkpoint, passage.at, recorded_at)
        if alert is not None:
            self._raise(alert)
        self._forms(passage)
        if passage.effect is Effect.ALLOW:
            self._crossed(passage)

    def _observed(self, fact: CrossingObserved, _: datetime | None) -> None:
        passage = Passage.observed(fact.crossing, fact.decision)
        self._forms(passage)
        if fact.decision is None or not self._knows(passage):
            self._crossed(passage)

    def _forms(self, passage: Passage) -> None:
        # A form filled in at the gate came in there, whatever was decided.
        for form, person in passage.forms:
            if form.id not in self.registrations:
                self._take(form, person)

    def _knows(self, passage: Passage) -> bool:
        return any(
            past.decision == passage.decision
            for person, *_ in passage.persons
            for past in self.crossings_of.get(person, ())
        )

    def _crossed(self, passage: Passage) -> None:
        spends = passage.checkpoint not in self._doors and not passage.overridden
        day, at = self.site.day_of(passage.at), to_utc(passage.at)
        for person, region, returned_on in passage.persons:
            claims, leave_frees = passage.claims.get(person, ((), ()))
            back = self.outside(region)
            past = PastCrossing(
                at=passage.at,
                day=day,
                direction=passage.direction,
                checkpoint=passage.checkpoint,
                decision=passage.decision,
                spent_exit=spends and person not in passage.to_clinic,
                claims=claims,
                leave_frees=leave_frees,
                returning_from=back,
                returned_on=(returned_on or day) if back is not None else None,
            )
            if self.leaves_on(person, passage.at):
                past = past.under_leave()
            row = self.crossings_of[person]
            place = len(row)
            while place and to_utc(row[place - 1].at) > at:  # where this one was recorded late
                place -= 1
            row.insert(place, past)
            if place < len(row) - 1 or passage.direction is Direction.IN:
                set_days(row, place, self.site, self._doors)
            while row[0].day <= row[-1].day - CROSSINGS_KEPT:
                del row[0]

    def rivals(self, claim: str) -> tuple[str, ...]:
        """The decisions that claim one thing and stand, where several do; the earliest crossing first."""
        return standing(self.contested.get(claim, {}), self.cancelled)

    def _contested(self, fact: ClaimContested, _: datetime | None) -> None:
        self.contested.setdefault(fact.claim, {})[fact.decision] = fact.at
        self._tell_rivals()

    def _tell_rivals(self) -> None:
        for alert_id in [each.id for each in self.alerts.values() if each.source == MERGED]:
            del self.alerts[alert_id]
        for claim, held in self.contested.items():
            rivals = self.rivals(claim)
            if len(rivals) > 1:
                alert = double_claim(claim, rivals, held[rivals[-1]], site=self.site.id)
                self._raise(alert)

    def _cancelled(self, fact: DecisionCancelled, _: datetime | None) -> None:
        self.cancelled.add(fact.decision)
        if any(fact.decision in held for held in self.contested.values()):
            self._tell_rivals()
        for person in fact.persons or tuple(self.crossings_of):
            row = self.crossings_of.get(person, [])
            row[:] = [each for each in row if each.decision != fact.decision]
            set_days(row, 0, self.site, self._doors)

    def _duty(self, fact: DutyOpened, recorded_at: datetime | None) -> None:
        if not self.has_duty(fact.duty.id):
            self.duties[fact.duty.id] = DutyStatus(duty=fact.duty, opened_at=fact.at or recorded_at)
            if fact.duty.closed_by is not None:
                self.closing.add(fact.duty.closed_by)
            for subject in fact.subjects:
                self.duties_of[subject][fact.duty.id] = None
            if any(self.known_as(subject)[0] in self.gone for subject in fact.subjects):
                self._close(fact.duty.id, fact.at or recorded_at, recorded_at)  # the bereaved are not called

    def _attempted(self, fact: DutyAttempted, recorded_at: datetime | None) -> None:
        self._attempt(fact.duty, fact.at, fact.outcome, recorded_at)

    def _attempt(
        self, duty_id: str, at: datetime | None, outcome: Outcome, recorded_at: datetime | None
    ) -> None:
        status = self.duties.get(duty_id)
        if status is not None:
            self.duties[duty_id] = tried = status.attempted(at or recorded_at, outcome)
            if status.state is not tried.state:
                self._settled(duty_id, recorded_at)

    def _assigned(self, fact: DutyAssigned, _: datetime | None) -> None:
        status = self.duties.get(fact.duty)
        if status is not None:
            duty = attrs.evolve(status.duty, assignee=fact.assignee)
            self.duties[fact.duty] = attrs.evolve(status, duty=duty)

    def _duty_closed(self, fact: DutyClosed, recorded_at: datetime | None) -> None:
        self._close(fact.duty, fact.at or recorded_at, recorded_at)

    def _alert(self, fact: AlertRaised, _: datetime | None) -> None:
        self._raise(fact.alert)

    def _raise(self, alert: Alert) -> None:
        if alert.id not in self.long_over:
            self.alerts[alert.id] = alert

    def _alert_closed(self, fact: AlertClosed, recorded_at: datetime | None) -> None:
        if fact.alert not in self.long_over:
            self.clocks.close(self.alerts.get(fact.alert))
            self.alerts_closed.add(fact.alert)
            self._settled(fact.alert, recorded_at)
