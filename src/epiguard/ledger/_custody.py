"""Keeping a ledger whole and clean: erasing, retention, exports, merging, and the proof that it is whole."""

from __future__ import annotations

import os
from collections.abc import Mapping
from contextlib import ExitStack
from datetime import datetime
from functools import partial

import attrs

from epiguard.exports import Export
from epiguard.fields import identifier, instance, instant, optional_identifier
from epiguard.ledger import _erasure, _merge, _reading, _recording
from epiguard.ledger._chain import ChainFault, Head, first_fault
from epiguard.ledger._erasure import Erasure
from epiguard.ledger._forgotten import forgotten
from epiguard.ledger._indexes import Indexes, IndexFile
from epiguard.ledger._journal import Journal
from epiguard.ledger._merge import MergeReport
from epiguard.ledger._opening import check_site, existing_store
from epiguard.ledger._retention import Retention, RetentionReport, retain
from epiguard.ledger._store import Store

__all__ = ["Custody"]


class Custody:
    """What those do with a ledger who answer for it; a part of ``Ledger``.

    Args:
        journal: Of the ledger.
    """

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._indexes = Indexes()

    # Forgetting

    def erase(self, person: str, *, reason: str, by: str, recorded_at: datetime | None = None) -> Erasure:
        """Erase everything personal about somebody that was recorded up to now.

        The payloads of all facts that are theirs go with their salts, those of their forms too, and of
        households in which nobody else lives. Nothing of it is left in the ledger's files when this returns;
        what the situation adds up to then knows nothing of them. What stays is pseudonymous: ids, claims,
        keys, instants, the kinds of facts, and ``PersonErased``. So does what others' payloads say of them,
        which is no more than their id. What is recorded later is not erased.

        Args:
            person: The pseudonymous id, or the subject of a form nobody was found for (``"form:..."``).
            reason: Why, without personal data: it is kept.
            by: Pseudonymous id of whoever orders it.
            recorded_at: When it is recorded; default by the clock.

        Returns:
            What was erased. Again for the same person nothing more is recorded, and the files are cleaned
            once more.

        Raises:
            InvalidValueError: If an argument is no identifier, is blank or has no zone.
            UnknownIdError: If nothing about them is on record.
            LedgerError: If a batch is open, the store cannot be written, or its files cannot be cleaned
                because somebody reads an older state of them: then do it again.
        """
        return self.erase_all({person: reason}, by=by, recorded_at=recorded_at)[0]

    def erase_all(
        self, reasons: Mapping[str, str], *, by: str, recorded_at: datetime | None = None
    ) -> list[Erasure]:
        """Erase some people as :meth:`erase` does, all of them or none; the files are cleaned once.

        Each leaves a fact of their own. A household goes with the last of those who live there.

        Args:
            reasons: Person to why, without personal data: it is kept.
            by: Pseudonymous id of whoever orders it.
            recorded_at: When it is recorded; default by the clock.

        Returns:
            What was erased of each, in their order.

        Raises:
            EpiguardError: As :meth:`erase` does, for the first that cannot be erased; then nobody was. Where
                only the files could not be cleaned, everybody was: then do it again.
        """
        instance(Mapping, "Ledger.erase_all(reasons)")(None, None, reasons)
        for person in reasons:
            identifier("Ledger.erase(person)")(None, None, person)
        identifier("Ledger.erase(by=)")(None, None, by)
        at = self._journal.recorded_at(recorded_at)
        return _erasure.erase_all(self._journal, self._indexes, reasons, by=by, recorded_at=at)

    def retain(
        self,
        rules: Retention | None = None,
        *,
        by: str,
        as_of: datetime | None = None,
        recorded_at: datetime | None = None,
    ) -> RetentionReport:
        """Erase what has been kept for as long as it may be once it has served its purpose.

        Payloads and salts go, as with :meth:`erase`; which entries, and how many of each kind, is a fact
        without personal data (``DataExpired``). What still serves, such as an open duty, a pass that is
        valid or a person who lives here, is kept however old it is. Run it once a day.

        Args:
            rules: For how many days each kind of data is kept; default the site file's ``[retention]``.
            by: Pseudonymous id of whoever orders it.
            as_of: As of when; default the instant of recording.
            recorded_at: When it is recorded; default by the clock.

        Returns:
            How many entries of each kind were emptied.

        Raises:
            PolicyError: If no rules are given and the site file has none.
            InvalidValueError: If an argument is no identifier or has no zone.
            LedgerError: As :meth:`erase`.
        """
        identifier("Ledger.retain(by=)")(None, None, by)
        instance(Retention, "Ledger.retain(rules)", optional=True)(None, None, rules)
        instant("Ledger.retain(as_of=)", optional=True)(None, None, as_of)
        at = self._journal.recorded_at(recorded_at)
        chosen = rules or Retention.of(self._journal.policy)
        return retain(self._journal, self._indexes, chosen, as_of=as_of or at, by=by, recorded_at=at)

    def register_index(self, index: IndexFile) -> None:
        """Let something derived from this ledger's personal data forget whom the ledger forgets.

        It forgets everybody at once who was erased or let go before and is not on record again, and from now
        on whoever is, before :meth:`erase`, :meth:`retain` and :meth:`merge` return. The registration holds
        until this ledger is closed.

        Args:
            index: For example ``ResidentIndexFile("residents.index")``, the file of a match index.

        Raises:
            InvalidValueError: If it has no method ``compact``.
            LedgerError: If it failed to forget.
        """
        with self._journal.lock:
            self._indexes.register(index, partial(forgotten, self._journal))

    # Bringing together

    def merge(
        self, other: Custody | str | os.PathLike[str] | Store, *, recorded_at: datetime | None = None
    ) -> MergeReport:
        """Take over all that another ledger of the site holds and this one does not.

        Entries are known by writer and number: any order of merges, any repetition, and whichever ledger is
        merged into which, give the same entries and add up to the same. Every entry is kept. What two gates
        let through that can be had once is a fact (``ClaimContested``) about each of their decisions, and one
        alert (``double-claim``) that names them all; a fact that contradicts others is an alert too
        (``contradicting-facts``) and does not count. What either ledger erased is erased from both.

        The other ledger is only read. To bring both to the same state merge each into the other.

        Args:
            other: A ledger, the path of its file, the address of a PostgreSQL server, or a store.
            recorded_at: When it is recorded; default by the clock.

        Returns:
            How many entries came of each writer, and what must be looked at.

        Raises:
            InvalidValueError: If the instant has no zone.
            LedgerError: If the other one is another site's, was tampered with, or has another history of one
                of the writers; a batch is open; or a store cannot be read or written. Nothing was merged
                then.
        """
        at = self._journal.recorded_at(recorded_at)
        with ExitStack() as stack:
            if isinstance(other, Custody):
                theirs = other._journal  # noqa: SLF001 - it is one of us
                read = partial(_reading.stored, theirs)
                check_site(self._journal.store, theirs.policy.site.id)
            else:
                store = existing_store(other, "Ledger.merge(other)")
                if not isinstance(other, Store):
                    stack.callback(store.close)
                check_site(store, self._journal.policy.site.id)
                read = partial(_reading.pages, store)
            return _merge.merge(self._journal, self._indexes, read, at)

    def export(  # noqa: PLR0913 - who, what, what for and when
        self,
        what: str,
        *,
        purpose: str,
        by: str,
        rows: int = 0,
        key: str | None = None,
        recorded_at: datetime | None = None,
    ) -> Export:
        """Record that personal data leaves in full, and give leave to write it.

        Args:
            what: What leaves, such as the name of the file, without personal data.
            purpose: What it is needed for, without personal data.
            by: Pseudonymous id of whoever takes it.
            rows: How many rows of personal data.
            key: The caller's own key: asked again with it, nothing more is recorded.
            recorded_at: When it is recorded; default by the clock.

        Returns:
            What ``epiguard.reports.write_lists`` and ``write_csv`` ask for.

        Raises:
            ExportError: If what or purpose is blank.
            InvalidValueError: If another argument is not right.
            LedgerError: As :meth:`record`.
        """
        export = Export(what=what, purpose=purpose, by=by, rows=rows)
        optional_identifier("Ledger.export(key=)")(None, None, key)
        at = self._journal.recorded_at(recorded_at)
        entry = self._journal.until_kept(
            lambda: _recording.record(self._journal, export.fact, by=by, recorded_at=at, key=key)
        )
        return attrs.evolve(export, entry=entry.id)

    # Proving

    def verify(self, heads: Mapping[str, Head] | None = None) -> ChainFault | None:
        """Check every entry against its hashes and every writer's chain.

        Args:
            heads: What :meth:`heads` gave once, kept elsewhere since. Without it, entries that were cut off
                at the end do not show.

        Returns:
            The first entry that was altered, taken out, moved or cut off, or lost its payload without a fact
            that says so, by writer and number; nothing where all is well.
        """
        return first_fault(_reading.stored(self._journal), heads)

    def heads(self) -> dict[str, Head]:
        """The last entry of every writer; kept elsewhere, it lets :meth:`verify` see what was cut off."""
        with self._journal.reading():
            return self._journal.heads()
