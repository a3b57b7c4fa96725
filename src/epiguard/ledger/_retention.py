"""How long what is recorded is kept once it has served its purpose."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from functools import partial

import attrs

from epiguard.days import to_utc
from epiguard.errors import PolicyError
from epiguard.facts import DataExpired
from epiguard.fields import whole
from epiguard.ledger._entry import Entry, ErasedFact, unpack
from epiguard.ledger._erasures import ERASING
from epiguard.ledger._forgotten import forgotten
from epiguard.ledger._indexes import Indexes
from epiguard.ledger._journal import PAGE, Journal
from epiguard.ledger._purposes import KINDS, Purposes
from epiguard.ledger._store import Stored
from epiguard.ledger._stretches import as_stretches
from epiguard.policy import Policy
from epiguard.settings import build
from epiguard.situation import State

__all__ = ["Retention", "RetentionReport", "retain"]

#: Rules may look back on the crossings of so many days (``Situation.crossings_of``).
LOOKED_BACK_ON = 14

_LONGEST = 36500


def _days(least: int = 0) -> int | None:
    def check(_: object, attribute: attrs.Attribute[int | None], value: object) -> None:
        whole(f"Retention.{attribute.name}", least=least, most=_LONGEST, optional=True)(None, None, value)

    return attrs.field(default=None, validator=check)


@attrs.frozen(kw_only=True)
class Retention:
    """For how many whole days each kind of data is kept after its purpose has ended; nothing means for ever.

    All figures are the site's own: none is ordered by this library.

    Attributes:
        crossings_days: Decisions about crossings and what was observed, after the crossing; 14 at least, for
            rules look back so far.
        forms_days: Forms and whose they are, after they were handed in, and after the end of every quarantine
            period of whoever filled them in.
        quarantine_days: Orders, changes, releases, health checks and statements, after the period has ended.
        passes_days: Applications, passes and revocations, after the last day of the pass.
        leave_days: Leave and watches, after their last moment.
        duties_days: Duties, attempts, needs and alerts, after they were done, closed or looked at.
        people_days: People, households and relations, after the person left for good, and not before all
            else about them has gone.
        work_days: Leases, commitments with their sanctions, movement declarations, rosters and notices, each
            after what it is about has ended: the lease, the year of the sanction, the last shift.
        other_days: Plug-ins' own facts, after they happened.
    """

    crossings_days: int | None = _days(least=LOOKED_BACK_ON)
    forms_days: int | None = _days()
    quarantine_days: int | None = _days()
    passes_days: int | None = _days()
    leave_days: int | None = _days()
    duties_days: int | None = _days()
    people_days: int | None = _days()
    work_days: int | None = _days()
    other_days: int | None = _days()

    @classmethod
    def of(cls, policy: Policy) -> Retention:
        """What a site file says in its section ``[retention]``.

        Raises:
            PolicyError: If there is none, a key is unknown, or a value is no such number of days.
        """
        section, where = policy.section("retention"), f"{policy.name}: retention"
        if not section:
            raise PolicyError(
                where,
                expected="for how many days each kind of data is kept",
                got="nothing",
                do="add [retention] with crossings_days = 30, forms_days = 60 and so on",
            )
        return build(cls, section, where)

    def days_of(self, kind: str) -> int | None:
        """The days of a kind of data."""
        days: int | None = getattr(self, f"{kind}_days")
        return days

    def __str__(self) -> str:
        said = attrs.asdict(self)
        return ", ".join(f"{name}={days}" for name, days in said.items() if days is not None)


@attrs.frozen(kw_only=True)
class RetentionReport:
    """What has gone.

    Attributes:
        counts: Kind of data to how many entries lost their payload.
        entry: The fact that says so; nothing where nothing had to go.
    """

    counts: Mapping[str, int]
    entry: Entry | None = None


def retain(  # noqa: PLR0913 - what, as of when, by whom
    journal: Journal, indexes: Indexes, rules: Retention, *, as_of: datetime, by: str, recorded_at: datetime
) -> RetentionReport:
    """Erase what has been kept long enough; see ``Ledger.retain``."""
    with journal.whole("Ledger.retain"):
        report = journal.until_kept(
            lambda: _retain(journal, rules, as_of=as_of, by=by, recorded_at=recorded_at)
        )
        # Also where nothing had to go: the one before may have been interrupted here.
        try:
            journal.store.purge()
        finally:  # as after an erasure
            indexes.catch_up(partial(forgotten, journal))
    return report


def _retain(
    journal: Journal, rules: Retention, *, as_of: datetime, by: str, recorded_at: datetime
) -> RetentionReport:
    with journal.writing() as state:
        chosen = _chosen(journal, state, rules, as_of)
        if not chosen:
            return RetentionReport(counts={})
        counts: dict[str, int] = dict.fromkeys(KINDS, 0)
        for kind, stored in chosen:
            journal.blank(stored.position, None)
            counts[kind] += 1
        fact = DataExpired(
            entries=as_stretches((stored.writer, stored.sequence) for _, stored in chosen),
            counts={kind: count for kind, count in counts.items() if count},
            reason=f"kept long enough: {rules}",
        )
        entry = journal.append(fact, by=by, recorded_at=recorded_at)
        journal.add_up_again()
        return RetentionReport(counts=fact.counts, entry=entry)


def _chosen(journal: Journal, state: State, rules: Retention, as_of: datetime) -> list[tuple[str, Stored]]:
    purposes = Purposes(state, _pages(journal))
    chosen: list[tuple[str, Stored]] = []
    people: list[tuple[str, Stored, Entry]] = []
    for stored in _pages(journal):
        if stored.kind in ERASING or all(part.erased for part in stored.parts):
            continue
        entry = unpack(stored)
        kind = purposes.kind_of(entry)
        days = rules.days_of(kind) if kind is not None else None
        if kind is None or days is None:
            continue
        # What was erased in part, and makes no fact any more, serves nobody.
        ended = entry.recorded_at if isinstance(entry.fact, ErasedFact) else purposes.ended(entry)
        if ended is None or to_utc(ended) + timedelta(days=days) > to_utc(as_of):
            continue
        if kind == "people":
            people.append((kind, stored, entry))
        else:
            chosen.append((kind, stored))
    return chosen + _last(journal, chosen, people)


def _last(
    journal: Journal, chosen: Iterable[tuple[str, Stored]], people: list[tuple[str, Stored, Entry]]
) -> list[tuple[str, Stored]]:
    # That somebody died keeps the bereaved from being called: it goes after all else about them.
    going = {stored.position for _, stored in chosen}
    theirs = {stored.position for _, stored, _ in people}
    free: dict[str, bool] = {}
    found = []
    for kind, stored, entry in people:
        for subject in entry.subjects:
            if subject not in free:
                free[subject] = set(journal.store.about(subject)) <= going | theirs
        if all(free[subject] for subject in entry.subjects[:1]):
            found.append((kind, stored))
    return found


def _pages(journal: Journal) -> Iterable[Stored]:
    after = 0
    while page := journal.store.after(after, PAGE):
        yield from page
        after = page[-1].position
