"""Reading what the facts add up to."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import UTC, datetime

from epiguard.duties import Alert, DutyState
from epiguard.facts import Fact
from epiguard.ledger._entry import Entry, unpack
from epiguard.ledger._instants import aware
from epiguard.ledger._journal import PAGE, Journal
from epiguard.ledger._store import Store, Stored
from epiguard.quarantine import QuarantinePeriod
from epiguard.situation import DutyStatus

__all__ = ["alerts", "duties", "facts", "pages", "periods", "stored"]

_LAST = datetime.max.replace(tzinfo=UTC)
_FIRST = datetime.min.replace(tzinfo=UTC)


def stored(journal: Journal, after: int = 0) -> Iterator[Stored]:
    """Entries as they are kept; the lock is held only while a page is read."""
    while True:
        with journal.lock:
            journal.check_usable()
            page = journal.store.after(after, PAGE)
        if not page:
            return
        yield from page
        after = page[-1].position


def pages(store: Store) -> Iterator[Stored]:
    """All entries of a store that no ledger of ours has open."""
    after = 0
    while page := store.after(after, PAGE):
        yield from page
        after = page[-1].position


def facts(journal: Journal, after: int, kinds: Collection[type[Fact]] | None = None) -> Iterator[Entry]:
    """Entries after a position, in order; of some kinds, or all."""
    wanted = None if kinds is None else {each.kind for each in kinds}
    return (unpack(each) for each in stored(journal, after) if wanted is None or each.kind in wanted)


def periods(journal: Journal, at: datetime | None) -> list[QuarantinePeriod]:
    """All periods, or those in force at an instant."""
    moment = aware(at, "Ledger.periods(at=)") if at is not None else None
    with journal.reading() as state:
        every = list(state.periods.values())
    return every if moment is None else [each for each in every if each.in_force(moment)]


def duties(
    journal: Journal, due_before: datetime | None, assignee: str | None, wanted: DutyState | None
) -> list[DutyStatus]:
    """Duties by their due time and id."""
    limit = aware(due_before, "Ledger.duties(due_before=)") if due_before is not None else None
    with journal.reading() as state:
        every = list(state.duties.values())
    found = [
        each
        for each in every
        if (wanted is None or each.state is wanted)
        and (assignee is None or each.duty.assignee == assignee)
        and (limit is None or (each.duty.due is not None and each.duty.due.astimezone(UTC) < limit))
    ]
    return sorted(found, key=lambda each: (_utc(each.duty.due, _LAST), each.duty.id))


def alerts(journal: Journal, *, open_only: bool) -> list[Alert]:
    """Alerts by their instant and id."""
    with journal.reading() as state:
        closed = state.alerts_closed if open_only else set()
        found = [each for each in state.alerts.values() if each.id not in closed]
    return sorted(found, key=lambda each: (_utc(each.at, _FIRST), each.id))


def _utc(moment: datetime | None, otherwise: datetime) -> datetime:
    return moment.astimezone(UTC) if moment is not None else otherwise
