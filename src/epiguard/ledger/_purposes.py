"""What recorded data is for, and when that purpose has ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, datetime
from typing import Any

from epiguard.days import first_instant, to_utc
from epiguard.duties import Duty, DutyState
from epiguard.facts import (
    FACT_KINDS,
    AlertClosed,
    AlertRaised,
    CardHolderNamed,
    ClaimContested,
    CrossingDecided,
    CrossingObserved,
    DecisionCancelled,
    DutyAssigned,
    DutyAttempted,
    DutyClosed,
    DutyOpened,
    ExportMade,
    Fact,
    HouseholdRecorded,
    LeaveGranted,
    MatchConfirmed,
    MatchFound,
    MatchRejected,
    PassDecided,
    PassIssued,
    PassRevoked,
    PersonChanged,
    PersonEnrolled,
    PersonLeft,
    QuarantineChanged,
    QuarantineOrdered,
    Registered,
    RelationshipRecorded,
    ReleaseSigned,
    RuleFailed,
    WatchEnded,
    WatchListed,
)
from epiguard.ledger._entry import Entry, UnknownFact, unpack
from epiguard.ledger._store import Stored
from epiguard.people import Household
from epiguard.situation import State

__all__ = ["KINDS", "Purposes"]

#: Kinds of data, and the facts each is made of, those of the community's work left out; those of plug-ins
#: are "other".
KINDS: dict[str, tuple[type[Fact], ...]] = {
    "crossings": (CrossingDecided, CrossingObserved, DecisionCancelled, ClaimContested),
    "forms": (Registered, MatchFound, MatchConfirmed, MatchRejected),
    "quarantine": (QuarantineOrdered, QuarantineChanged, ReleaseSigned),
    "passes": (PassDecided, PassIssued, PassRevoked),
    "leave": (LeaveGranted, WatchListed, WatchEnded),
    "duties": (DutyOpened, DutyAssigned, DutyAttempted, DutyClosed, AlertRaised, AlertClosed),
    "people": (
        PersonEnrolled,
        PersonChanged,
        PersonLeft,
        HouseholdRecorded,
        RelationshipRecorded,
        CardHolderNamed,
    ),
    "work": (),
    "other": (),
}

#: The same for the facts of the community's work, by their names: most ledgers never load what makes them.
_WORK = {
    "duties": "alert-assigned alert-escalated need-reported",
    "quarantine": "health-reported statement-taken",
    "work": (
        "commitment-breached commitment-signed lease-extended lease-recorded movement-declared notice-issued "
        "notice-received notice-withdrawn objection-raised objection-rejected roster-posted sanction-imposed "
        "sanction-withdrawn"
    ),
}

_KIND_OF = {each.kind: name for name, facts in KINDS.items() for each in facts} | {
    each: name for name, kinds in _WORK.items() for each in kinds.split()
}

#: Kinds of facts that say of a duty or an alert what it was, or that it is over.
_SETTLING = frozenset(each.kind for each in (AlertClosed, DutyAttempted, DutyClosed, DutyOpened))

#: Who exported what, and which rule failed, is about nobody the site knows. Without what was handed out the
#: stock would be another, without what was delivered it would be delivered again, and shops and trades are
#: the public's: none of them holds more than pseudonyms.
_KEPT = frozenset(
    {
        *(ExportMade.kind, RuleFailed.kind),
        *("business-recorded", "trade-forbidden", "trade-permitted"),
        *("delivery-finished", "delivery-started"),
        *("hand-out-withdrawn", "round-opened", "supplies-handed-out", "supplies-received"),
    }
)


class Purposes:
    """Says of each entry what it is for and when that has ended.

    Facts of which one takes another back (a revoked pass, a watch that was ended) end together: else the one
    that is left would hold again.

    Args:
        state: What all entries add up to.
        entries: All of them.
    """

    def __init__(self, state: State, entries: Iterable[Stored]) -> None:
        self._state = state
        self._closed_at: dict[str, datetime] = {}
        #: What was said last, of what the state has let go because it was settled long ago.
        self._last_of: dict[str, datetime] = {}
        self._ending: dict[tuple[str, str], datetime] = {}
        self._let_go: dict[str, Duty] = {}
        for stored in entries:
            if stored.kind in _SETTLING or stored.kind in state.closing:
                self._see(unpack(stored))
        self._ends_of_work: dict[type[Fact], Callable[[Any], datetime | None]] | None = None
        self._ends: dict[type[Fact], Callable[[Any], datetime | None]] = {
            AlertClosed: lambda fact: self._closed_at[fact.alert],
            AlertRaised: lambda fact: self._closed_at.get(fact.alert.id),
            CardHolderNamed: lambda fact: self.gone(fact.person),
            CrossingDecided: lambda fact: fact.decision.crossing.at,
            CrossingObserved: lambda fact: fact.crossing.at,
            DutyAssigned: lambda fact: self.settled(fact.duty),
            DutyAttempted: lambda fact: self.settled(fact.duty),
            DutyClosed: lambda fact: self.settled(fact.duty),
            DutyOpened: lambda fact: self.settled(fact.duty.id),
            HouseholdRecorded: lambda fact: self._all_gone(fact.household),
            LeaveGranted: lambda fact: fact.span.end,
            MatchConfirmed: lambda fact: self._form(fact.registration),
            MatchFound: lambda fact: self._form(fact.registration),
            MatchRejected: lambda fact: self._form(fact.registration),
            PassDecided: lambda fact: self.start_of(fact.decision.application.exit_pass.valid.end),
            PassIssued: lambda fact: self.start_of(fact.exit_pass.valid.end),
            PassRevoked: self._revoked,
            PersonChanged: lambda fact: self.gone(fact.person.id),
            PersonEnrolled: lambda fact: self.gone(fact.person.id),
            PersonLeft: lambda fact: self.gone(fact.person),
            QuarantineChanged: lambda fact: self.period_ended(fact.period),
            QuarantineOrdered: lambda fact: self.period_ended(fact.period.id),
            Registered: lambda fact: self._form(fact.registration.id),
            RelationshipRecorded: lambda fact: self.gone(fact.relationship.person),
            ReleaseSigned: lambda fact: self.period_ended(fact.period),
            WatchEnded: lambda fact: self._watched(fact.person),
            WatchListed: lambda fact: self._watched(fact.person),
        }

    def _see(self, entry: Entry) -> None:
        fact = entry.fact
        if isinstance(fact, AlertClosed):
            self._closed_at[fact.alert] = entry.recorded_at
        elif isinstance(fact, DutyAttempted | DutyClosed):
            self._last_of[fact.duty] = entry.recorded_at
        elif isinstance(fact, DutyOpened) and fact.duty.id not in self._state.duties:
            self._let_go[fact.duty.id] = fact.duty
        self._ending.update(((entry.kind, subject), entry.recorded_at) for subject in entry.subjects)

    def kind_of(self, entry: Entry) -> str | None:
        """Which kind of data it is; nothing where it is the record's own and about nobody."""
        if entry.kind in _KEPT or not entry.subjects:
            return _KIND_OF.get(entry.kind)
        return _KIND_OF.get(entry.kind, "other" if entry.kind in FACT_KINDS else None) or (
            "other" if isinstance(entry.fact, UnknownFact) else None
        )

    def ended(self, entry: Entry) -> datetime | None:
        """When its purpose ended; never before it was recorded; nothing while it serves."""
        ends = self._of_work() if entry.kind in FACT_KINDS.promised else self._ends
        end = ends.get(type(entry.fact), lambda _: entry.occurred_at or entry.recorded_at)(entry.fact)
        return None if end is None else max(to_utc(end), entry.recorded_at)

    def _of_work(self) -> dict[type[Fact], Callable[[Any], datetime | None]]:
        if self._ends_of_work is None:
            from epiguard.ledger._work_purposes import ends_of_work  # noqa: PLC0415 - see _WORK

            self._ends_of_work = ends_of_work(self._state, self)
        return self._ends_of_work

    def start_of(self, day: date) -> datetime:
        """The first instant of a day."""
        site = self._state.site
        return first_instant(day, site.zone, site.day_starts)

    def gone(self, person: str) -> datetime | None:
        """When a person left for good."""
        state = self._state
        if person not in state.gone:
            return None if person in state.people else _LONG_AGO
        return state.gone[person] or _LONG_AGO

    def household_gone(self, household: str) -> datetime | None:
        """When the last of a household left for good."""
        found = self._state.households.get(household)
        return self._all_gone(found) if found is not None else _LONG_AGO

    def looked_at(self, alert: str) -> datetime | None:
        """When an alert was closed."""
        return self._closed_at.get(alert)

    @property
    def long_ago(self) -> datetime:
        """For what is no longer on record: it counts from when it was recorded."""
        return _LONG_AGO

    def _all_gone(self, household: Household) -> datetime | None:
        ends = [self.gone(each.person) for each in household.members]
        return None if None in ends else max((each for each in ends if each is not None), default=_LONG_AGO)

    def settled(self, duty: str) -> datetime | None:
        """When a duty was settled."""
        status = self._state.duties.get(duty)
        if status is None:
            return max(self._ends_of(duty), key=to_utc)
        return None if status.state is DutyState.OPEN else status.settled_at or _LONG_AGO

    def _ends_of(self, duty_id: str) -> Iterator[datetime]:
        # Whatever settled a duty that the state has let go, it was none of these later.
        yield self._last_of.get(duty_id, _LONG_AGO)
        duty = self._let_go.get(duty_id)
        if duty is None:
            return
        for subject in (duty.subject, duty.contact or duty.subject):
            yield self._state.gone.get(subject) or _LONG_AGO
            for name in self._state.known_as(subject):
                yield self._ending.get((duty.closed_by or "", name), _LONG_AGO)

    def period_ended(self, period: str) -> datetime | None:
        """When a quarantine period ended."""
        found = self._state.periods.get(period)
        return found.ends_at if found is not None else _LONG_AGO

    def _form(self, registration: str) -> datetime | None:
        form = self._state.registrations.get(registration)
        if form is None:
            return _LONG_AGO
        ends = [each.ends_at for each in self._state.periods_about(form.subject)]
        ends += [form.submitted_at] if form.submitted_at is not None else []
        return max(map(to_utc, ends), default=_LONG_AGO)

    def _revoked(self, fact: PassRevoked) -> datetime | None:
        card = self._state.passes.get(fact.number) or self._state.revoked.get(fact.number)
        return self.start_of(card.valid.end) if card is not None else _LONG_AGO

    def _watched(self, person: str) -> datetime | None:
        until = max((each.until for each in self._state.watches_of.get(person, ())), default=None)
        return self.start_of(until) if until is not None else _LONG_AGO


#: Of what is no longer on record: then it counts from when it was recorded.
_LONG_AGO = datetime.fromisoformat("0003-01-01T00:00:00+00:00")
