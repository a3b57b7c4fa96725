"""Merging ledgers that were written apart: every entry is kept, and what both gave away is told.

Entries are known by writer and number, and ordered by their stamps, so it does not matter which ledger was
merged into which, in what order or how often. What was erased in either is erased in both.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from functools import partial
from operator import attrgetter

import attrs

from epiguard.duties import Alert
from epiguard.facts import (
    ClaimContested,
    CrossingDecided,
    DecisionCancelled,
    Fact,
    LeaveGranted,
    PersonErased,
)
from epiguard.ledger._chain import Head, follows
from epiguard.ledger._claims import CANCELLED, claims_of, let_go
from epiguard.ledger._entry import unpack
from epiguard.ledger._erasures import ERASING, Erasures
from epiguard.ledger._follow_up import BY_LEDGER, append_with_follow_ups
from epiguard.ledger._forgotten import forgotten
from epiguard.ledger._incoming import Incoming, links, two_histories, without
from epiguard.ledger._indexes import Indexes
from epiguard.ledger._journal import Journal
from epiguard.ledger._store import Stored
from epiguard.situation import Passage, State

__all__ = ["MergeReport", "merge"]


@attrs.frozen(kw_only=True)
class MergeReport:
    """What a merge brought.

    Attributes:
        entries: Writer to how many entries of theirs were not here before.
        alerts: What must be looked at because of it: what gates gave away twice that did not know of each
            other, and facts that contradict each other. They are in ``Ledger.alerts`` too.
        erased: How many payloads went because the other ledger had erased them, or this one had.
    """

    entries: Mapping[str, int]
    alerts: tuple[Alert, ...] = ()
    erased: int = 0


def merge(
    journal: Journal, indexes: Indexes, read: Callable[[], Iterable[Stored]], recorded_at: datetime
) -> MergeReport:
    """Take over what another ledger holds; see ``Ledger.merge``."""
    with journal.reading():
        known = journal.heads()
    # Read without our lock: two ledgers that merge each other at the same time would wait for ever.
    incoming = Incoming.read(read(), known)
    with journal.whole("Ledger.merge"):
        merged = journal.until_kept(lambda: _take_over(journal, incoming, recorded_at))
        try:
            if merged.erased:
                journal.store.purge()
        finally:  # as after an erasure
            indexes.catch_up(partial(forgotten, journal))
    return merged


def _take_over(journal: Journal, incoming: Incoming, recorded_at: datetime) -> MergeReport:
    with journal.writing() as state:
        new = _new(journal, incoming)
        if not new:
            return MergeReport(entries={})
        told = set(state.alerts)
        cleaning = _Cleaning(journal, state, new)
        rivals = _Rivals(journal, state)
        for position, stored in enumerate(new, start=journal.position + 1):
            mine = attrs.evolve(cleaning.of(stored), position=position)
            journal.adopt(mine)
            rivals.see(mine)
        cleaning.of_ours()
        journal.add_up_again()
        for stored in new:
            if stored.kind == LeaveGranted.kind:
                rivals.give_back(unpack(stored).fact)
        for fact in (*cleaning.facts(), *rivals.facts(journal)):
            append_with_follow_ups(journal, fact, by=BY_LEDGER, recorded_at=recorded_at)
        counts: defaultdict[str, int] = defaultdict(int)
        for stored in new:
            counts[stored.writer] += 1
        alerts = [
            each
            for each in journal.state.alerts.values()
            if each.kind in _ABOUT_MERGING and each.id not in told
        ]
        return MergeReport(
            entries={writer: counts[writer] for writer in sorted(counts)},
            alerts=tuple(sorted(alerts, key=lambda each: each.id)),
            erased=cleaning.parts,
        )


_ABOUT_MERGING = ("contradicting-facts", "double-claim", "double-pass")


def _new(journal: Journal, incoming: Incoming) -> list[Stored]:
    """What is not here yet, in order; another process may have merged some of it meanwhile."""
    heads = journal.heads()
    for writer, theirs in incoming.heads.items():
        mine = heads.get(writer)
        if mine is not None and theirs.sequence < mine.sequence:
            stored = journal.store.find(writer, theirs.sequence)
            if stored is None or stored.hash != theirs.hash:
                raise two_histories(writer)
    new = []
    for stored in incoming.entries:
        mine = heads.get(stored.writer)
        if mine is not None and stored.sequence <= mine.sequence:
            continue
        if not follows(stored, mine):
            raise two_histories(stored.writer)
        heads[stored.writer] = Head(stored.sequence, stored.hash)
        new.append(stored)
    return sorted(new, key=attrgetter("order"))


class _Cleaning:
    """What goes because one of the two ledgers erased it: payloads that come in, and payloads that are here.

    Whoever erased a person may not have known of all their forms. Where the other ledger does, those are
    erased too, each with a fact of its own.
    """

    def __init__(self, journal: Journal, state: State, new: Iterable[Stored]) -> None:
        self.parts = 0
        self._journal = journal
        self._said = [stored for stored in new if stored.kind in ERASING]
        self._erasures = Erasures()
        self._erasures.take(journal.erasures)
        for stored in self._said:
            self._erasures.note(stored)
        self._forms = self._forms_of_erased(state, new) if self._erasures.subjects else {}

    def _forms_of_erased(self, state: State, new: Iterable[Stored]) -> dict[str, str]:
        erased = self._erasures.subjects
        whose = {form: person for person in erased for form in state.known_as(person)}
        for stored in new:
            for form, person, holds in links(stored):
                until = self._erasures.until(person)
                if holds and until is not None and stored.order < until:
                    whose[form] = person
                elif whose.get(form) == person and not holds:
                    del whose[form]
        return {form: person for form, person in whose.items() if form not in erased}

    def of(self, stored: Stored) -> Stored:
        """An entry as it may be taken over."""
        gone = [
            not part.erased
            and (part.subject in self._forms or self._erasures.covers(stored.order, part.subject))
            for part in stored.parts
        ]
        self.parts += sum(gone)
        return without(stored, gone) if any(gone) else stored

    def of_ours(self) -> None:
        """Erase what is here."""
        journal, said = self._journal, Erasures()
        for stored in self._said:
            said.note(stored)
        for subject in said.subjects:
            for position in journal.store.about(subject):
                stored = journal.store.after(position - 1, 1)[0]
                if said.covers(stored.order, subject):
                    self.parts += journal.blank(position, [subject])
        for writer, sequence in said.expired():
            found = journal.store.find(writer, sequence)
            if found is not None:
                self.parts += journal.blank(found.position, None)
        for form in self._forms:
            for position in journal.store.about(form):
                self.parts += journal.blank(position, [form])

    def facts(self) -> Iterator[PersonErased]:
        """What says that forms went which whoever erased their person had not known of."""
        for form in sorted(self._forms):
            yield PersonErased(person=form, reason=f"with {self._forms[form]}")


class _Rivals:
    """Finds what was claimed by entries that did not know of each other."""

    def __init__(self, journal: Journal, state: State) -> None:
        self._journal = journal
        self._found: dict[str, list[int]] = {
            claim: [entry.position for entry in map(journal.entry, state.rivals(claim)) if entry is not None]
            for claim in state.contested
        }

    def see(self, mine: Stored) -> None:
        """Let an entry that came in hold what it claimed, or note who holds it already."""
        store = self._journal.store
        for claim in claims_of(mine):
            holder = store.holder(claim)
            if holder is None:
                store.hold(claim, mine.position)
            elif not claim.startswith(CANCELLED):  # two who say that it did not take place agree
                row = self._found.setdefault(claim, [])
                row += [each for each in (holder, mine.position) if each not in row]
        if mine.kind == DecisionCancelled.kind:
            for claim in claims_of(mine):
                self._cancel(claim.removeprefix(CANCELLED))

    def _cancel(self, decision_id: str) -> None:
        writer, _, sequence = decision_id.rpartition("-")
        cancelled = self._journal.store.find(writer, int(sequence))
        if cancelled is None:
            return
        claims = claims_of(cancelled)
        let_go(self._journal, cancelled.position, claims, self._found)
        for claim in claims:
            row = self._found.get(claim, [])
            row[:] = [each for each in row if each != cancelled.position]

    def give_back(self, leave: Fact) -> None:
        """Free what leave gave back in the ledger it was recorded in, once everything is added up."""
        if not isinstance(leave, LeaveGranted):  # it was erased
            return
        journal = self._journal
        person = journal.state.known_as(leave.person)[0]
        for past in journal.state.crossings_of.get(person, ()):
            entry = journal.entry(past.decision) if past.decision is not None else None
            if entry is None or past.at not in leave.span or not isinstance(entry.fact, CrossingDecided):
                continue
            _, freed = Passage.decided(entry.fact.decision).claims.get(person, ((), ()))
            for claim in freed:
                row = self._found.get(claim, [])
                row[:] = [each for each in row if each != entry.position]
            kept = [
                claim
                for claim in entry.claims
                if claim not in freed and journal.store.holder(claim) == entry.position
            ]
            let_go(journal, entry.position, entry.claims, self._found)
            for claim in kept:
                journal.store.hold(claim, entry.position)

    def facts(self, journal: Journal) -> Iterator[ClaimContested]:
        """What says so, once everything is added up."""
        for claim, positions in sorted(self._found.items()):
            if len(positions) < 2:
                continue
            known = journal.state.contested.get(claim, {})
            for position in positions:
                entry = unpack(journal.store.after(position - 1, 1)[0])
                fact = ClaimContested(claim=claim, decision=entry.id, at=entry.occurred_at)
                order = journal.store.after(position - 1, 1)[0].order
                erased = any(journal.erasures.covers(order, each) for each in fact.subjects)
                if entry.id not in known and not erased:
                    yield fact
