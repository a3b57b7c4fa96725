"""What the records of the community's work are for, and when that has ended: leases, commitments, needs."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, Protocol

from epiguard.days import to_utc
from epiguard.facts import Fact
from epiguard.situation import State
from epiguard.work import (
    AlertAssigned,
    AlertEscalated,
    CommitmentBreached,
    CommitmentSigned,
    HealthReported,
    LeaseExtended,
    LeaseRecorded,
    MovementDeclared,
    NeedReported,
    NoticeIssued,
    NoticeReceived,
    NoticeWithdrawn,
    ObjectionRaised,
    ObjectionRejected,
    RosterPosted,
    SanctionImposed,
    SanctionWithdrawn,
    StatementTaken,
    last_movements,
    leases_of,
    sanctions_of,
)

__all__ = ["ends_of_work"]


class Known(Protocol):
    """What is known of the ends of other data."""

    def start_of(self, day: date) -> datetime:
        """The first instant of a day."""

    def gone(self, person: str) -> datetime | None:
        """When a person left for good."""

    def household_gone(self, household: str) -> datetime | None:
        """When the last of a household left for good."""

    def period_ended(self, period: str) -> datetime | None:
        """When a quarantine period ended."""

    def settled(self, duty: str) -> datetime | None:
        """When a duty was settled."""

    def looked_at(self, alert: str) -> datetime | None:
        """When an alert was closed."""

    @property
    def long_ago(self) -> datetime:
        """For what is no longer on record: it counts from when it was recorded."""


def ends_of_work(state: State, known: Known) -> dict[type[Fact], Callable[[Any], datetime | None]]:
    """Fact to when its purpose ended; nothing while it serves.

    Facts that mean something only together, as a sanction and its breach, end together.

    Args:
        state: What all entries add up to.
        known: The ends of what they are about.
    """
    work = _Work(state, known)
    return {
        AlertAssigned: lambda fact: known.looked_at(fact.alert),
        AlertEscalated: lambda fact: known.looked_at(fact.alert),
        CommitmentBreached: work.of_breach,
        CommitmentSigned: lambda fact: known.household_gone(fact.household),
        HealthReported: lambda fact: known.period_ended(fact.period),
        LeaseExtended: lambda fact: work.of_lease(fact.lease),
        LeaseRecorded: lambda fact: work.of_lease(fact.lease.id),
        MovementDeclared: work.of_movement,
        NeedReported: work.of_need,
        NoticeIssued: lambda fact: work.of_notice(fact.notice.id),
        NoticeReceived: lambda fact: work.of_notice(fact.notice),
        NoticeWithdrawn: lambda fact: work.of_notice(fact.notice),
        ObjectionRaised: lambda fact: work.of_sanction(fact.household, fact.sanction),
        ObjectionRejected: lambda fact: work.of_sanction(fact.household, fact.sanction),
        RosterPosted: work.of_roster,
        SanctionImposed: lambda fact: work.of_sanction(fact.household, fact.id),
        SanctionWithdrawn: lambda fact: work.of_sanction(fact.household, fact.sanction),
        StatementTaken: work.of_statement,
    }


class _Work:
    """Leases, sanctions and the like, as they stand."""

    def __init__(self, state: State, known: Known) -> None:
        self._state = state
        self._known = known
        self._leases = leases_of(state)
        self._declared = last_movements(state)
        self._errands: dict[str | None, list[str]] = {}
        for name, status in state.duties.items():
            self._errands.setdefault(status.duty.basis, []).append(name)

    def of_lease(self, lease: str) -> datetime | None:
        status = self._leases.get(lease)
        if status is None:
            return self._known.long_ago
        return self._known.start_of(status.last_day + timedelta(days=1))

    def of_need(self, fact: NeedReported) -> datetime | None:
        return self._last(self._known.settled(each) for each in self._errands.get(fact.id, ()))

    def of_statement(self, fact: StatementTaken) -> datetime | None:
        return self._last(each.ends_at for each in self._state.periods_about(fact.person))

    def of_sanction(self, household: str, sanction: str) -> datetime | None:
        for each in sanctions_of(self._state, household):
            if each.sanction.id == sanction:
                return self._known.start_of(date(each.sanction.year + 1, 1, 1))
        return self._known.long_ago

    def of_breach(self, fact: CommitmentBreached) -> datetime | None:
        imposed = [each.sanction for each in sanctions_of(self._state, fact.household)]
        theirs = [each.id for each in imposed if each.breach == fact.id]
        if not theirs:  # there may be one still
            return self._known.household_gone(fact.household)
        return self._last(self.of_sanction(fact.household, each) for each in theirs)

    def of_movement(self, fact: MovementDeclared) -> datetime | None:
        gone = self._known.gone(fact.person)
        # What they said before they said something else serves nobody.
        return self._known.long_ago if gone is None and self._declared.get(fact.person) != fact else gone

    def of_notice(self, notice: str) -> datetime | None:
        known = self._state.notes_of.get(notice, ())
        withdrawn = [each for each in known if isinstance(each, NoticeWithdrawn)]
        return self._last(each.at or self._known.long_ago for each in withdrawn) if withdrawn else None

    def of_roster(self, fact: RosterPosted) -> datetime | None:
        posted = [each for each in self._state.notes_of.get(fact.id, ()) if isinstance(each, RosterPosted)]
        return self._last(shift.end for each in posted for shift in each.shifts)

    def _last(self, ends: Iterable[datetime | None]) -> datetime | None:
        last = self._known.long_ago
        for each in ends:
            if each is None:
                return None
            last = max(last, each, key=to_utc)
        return last
