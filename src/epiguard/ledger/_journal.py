"""The journal: a store and what its entries add up to, kept in step, with one lock around both."""

from __future__ import annotations

import os
import random
import threading
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import TypeVar

from epiguard.errors import EpiguardError, LedgerError
from epiguard.facts import Fact
from epiguard.ledger._chain import GENESIS, Head
from epiguard.ledger._entry import Entry, envelop, pack, unpack
from epiguard.ledger._erasures import ERASING, Erasures
from epiguard.ledger._instants import aware
from epiguard.ledger._recall import passage_of
from epiguard.ledger._snapshots import Snapshot, seal, shape_of, unseal
from epiguard.ledger._store import ClaimTaken, GaveWay, Order, Store, Stored
from epiguard.ledger._subjects import subjects_of
from epiguard.policy import Policy
from epiguard.situation import State

__all__ = ["PAGE", "Journal"]

#: How many entries are read at a time.
PAGE = 1000

#: How often work is done again that the store dropped in favour of somebody else's.
TRIES = 5

#: After how many entries a snapshot is made (ours): what came after it is added up in a second.
EVERY = 20_000

R = TypeVar("R")


class Journal:
    """Appends facts and reads what others appended: ``state`` is always the sum of ``position`` entries.

    Args:
        store: Where entries are kept.
        policy: Says what follows from a fact, and where the site is.
        clock: Gives the instant of recording where the caller does not.
        writer: Whose entries ours are.
    """

    def __init__(self, store: Store, policy: Policy, clock: Callable[[], datetime], writer: str) -> None:
        self.lock = threading.RLock()
        self.store = store
        self.policy = policy
        self.writer = writer
        self._clock = clock
        self._process = os.getpid()
        self._closed = False
        self._writing = False
        self._appended = 0
        self._half_done = False
        self._forget()

    def _forget(self) -> None:
        # The next to look adds everything up again: the way back from a write that did not come about.
        self.state = State(self.policy.site)
        self.position = 0
        self._order: Order = ("", "", 0)
        #: What was erased.
        self.erasures = Erasures()
        self._heads: dict[str, tuple[int, str]] = {}
        self._erasing: list[int] = []
        self._shapes: dict[str, str] = {}
        self._snapshot_at = 0

    def check_usable(self) -> None:
        """Refuse a ledger that was closed, or that came here by a fork.

        Raises:
            LedgerError: If it is not usable here.
        """
        if self._closed:
            raise LedgerError("ledger", expected="an open ledger", got="a closed one", do="open it again")
        if os.getpid() != self._process:
            raise LedgerError(
                "ledger",
                expected="the process that opened it",
                got="another process",
                do="open a ledger of its own in every process",
            )

    def recorded_at(self, given: datetime | None) -> datetime:
        """The instant of recording, in UTC: as given, else by the clock.

        Raises:
            InvalidValueError: If it has no zone.
        """
        if given is not None:
            return aware(given, "recorded_at")
        return aware(self._clock(), "Ledger.open(clock=)")

    def catch_up(self) -> None:
        """Add what was appended since; to be called with the lock held."""
        self.check_usable()
        if self._writing:
            return  # nobody else can have written
        try:
            if not self.position:
                self._add_up()
            while page := self.store.after(self.position, PAGE):
                if any(stored.kind in ERASING or stored.order < self._order for stored in page):
                    self.add_up_again()
                    continue
                for stored in page:
                    self._take(stored)
                if len(page) < PAGE:
                    return
        except BaseException:
            self._forget()
            raise

    def add_up_again(self) -> None:
        """Add everything up from the beginning, after facts changed or came in between others."""
        self._forget()
        self._add_up()

    def _add_up(self) -> None:
        until = self.store.last()
        if not self._add_up_from_snapshot(until):
            self._forget()
            self._add_up_from_facts(until)

    def _add_up_from_snapshot(self, until: int) -> bool:
        data = self.store.snapshot()
        found = unseal(data, self.policy.site) if data is not None else None
        if found is None or found.position > until:
            return False
        last = self.store.after(found.position - 1, 1)
        if not last or last[0].hash != found.hash:
            return False  # of a ledger that was put back from a backup, for example
        self.state, self.position, self._order = found.state, found.position, found.order
        self._heads, self._shapes = dict(found.heads), dict(found.shapes)
        for position in found.erasing:
            self._note_erasure(self.store.after(position - 1, 1)[0])
        self._snapshot_at = found.position
        while self.position < until:
            for stored in self.store.after(self.position, min(PAGE, until - self.position)):
                if stored.kind in ERASING or stored.order < self._order:
                    return False
                self._take(stored)
        return True

    def _add_up_from_facts(self, until: int) -> None:
        # In the order of the entries and not of their arrival, up to the one that is the last now.
        after = None
        while page := self.store.ordered(after, PAGE, until):
            for stored in page:
                self._take(stored)
            after = page[-1].order
        self.position = until

    def _take(self, stored: Stored) -> None:
        passage = passage_of(stored)
        if passage is not None:
            self.state.recall(passage, datetime.fromisoformat(stored.recorded_at))
        else:
            self._add(unpack(stored))
        self._count(stored)

    def _add(self, entry: Entry) -> None:
        try:
            self.state.apply(entry.fact, entry.recorded_at)
        except EpiguardError:
            # Where two ledgers are merged, each may have written what does not go with the other's.
            self.state.set_aside(entry.fact, entry.id)

    def _count(self, stored: Stored) -> None:
        self.position = stored.position
        self._order = stored.order
        if stored.kind in ERASING:
            self._note_erasure(stored)
        self._heads[stored.writer] = (stored.sequence, stored.hash)
        if stored.kind not in self._shapes:
            self._shapes[stored.kind] = shape_of(stored.kind)

    def _note_erasure(self, stored: Stored) -> None:
        self._erasing.append(stored.position)
        self.erasures.note(stored)

    @contextmanager
    def reading(self) -> Iterator[State]:
        """Hold the lock and give the state, up to date."""
        with self.lock:
            self.catch_up()
            yield self.state

    @contextmanager
    def writing(self) -> Iterator[State]:
        """One transaction: all that is appended inside is kept, or nothing.

        Inside another one it is part of that; if it fails there after it wrote something, the outer one
        cannot be kept either, whoever catches the error.

        Raises:
            LedgerError: If the store cannot be written.
        """
        with self.lock:
            self.check_usable()
            if self._writing:
                before = self._appended
                try:
                    yield self.state
                except BaseException:
                    self._half_done = self._half_done or self._appended != before
                    raise
                return
            before = self._appended
            try:
                self.store.begin()
                self.catch_up()
                self._writing = True
                yield self.state
                self._check_whole()
                self.store.commit()
            except BaseException:
                self._writing = False
                if self._appended != before:
                    self._forget()
                self.store.rollback()
                raise
            finally:
                self._writing = False
                self._half_done = False
            self._snapshot_if_due()

    def snapshot(self, *, anew: bool = False) -> int:
        """Keep what all entries add up to; see ``Ledger.snapshot``."""
        with self.lock:
            self.check_usable()
            if self._writing:
                raise LedgerError(
                    "Ledger.snapshot",
                    expected="no batch to be open",
                    got="a call inside a batch",
                    do="call it when the batch is over",
                )
            try:
                self.store.begin()
                self.catch_up()
                if anew:
                    self._forget()
                    self._add_up_from_facts(self.store.last())
                if self.position:
                    self.store.keep_snapshot(self.position, seal(self._summed()))
                self.store.commit()
            except BaseException:
                self.store.rollback()
                raise
            self._snapshot_at = self.position
            return self.position

    def _summed(self) -> Snapshot:
        return Snapshot(
            state=self.state,
            position=self.position,
            order=self._order,
            hash=self.store.after(self.position - 1, 1)[0].hash,
            heads=self._heads,
            erasing=self._erasing,
            shapes=self._shapes,
        )

    def _snapshot_if_due(self) -> None:
        if self.position - self._snapshot_at < EVERY:
            return
        try:
            self._snapshot_at = self.store.snapshot_position()  # another process may have made one
            if self.position - self._snapshot_at >= EVERY:
                self.snapshot()
        except LedgerError:
            # The call that it comes after is on record and has its answer: it is tried again later.
            self._snapshot_at = self.position

    def until_kept(self, work: Callable[[], R]) -> R:
        """Do some work that writes, again where the store gave way to somebody else's.

        Inside a batch it is done once: what was written before it is gone as well, and is the caller's.

        Args:
            work: One transaction or several, each from its beginning.

        Raises:
            LedgerError: If the store gave way too often, or cannot be written.
        """
        for left in reversed(range(TRIES)):
            try:
                return work()
            except GaveWay:
                if self._writing or not left:
                    raise
            time.sleep(random.uniform(0.001, 0.05))  # noqa: S311 - so that two do not meet again
        raise AssertionError  # the last round returns or raises

    def _check_whole(self) -> None:
        if self._half_done:
            raise LedgerError(
                "ledger batch",
                expected="every call in it to succeed",
                got="one that failed half-way",
                do="nothing of the batch was recorded; let the error end the batch",
            )

    @contextmanager
    def whole(self, where: str) -> Iterator[None]:
        """Hold the lock around work that is more than one transaction.

        Args:
            where: What is done, for the message.

        Raises:
            LedgerError: If a batch is open.
        """
        with self.lock:
            self.check_usable()
            if self._writing:
                raise LedgerError(
                    where,
                    expected="no batch to be open",
                    got="a call inside a batch",
                    do="call it by itself: what it erases must reach the disk at once",
                )
            yield

    @contextmanager
    def batch(self) -> Iterator[None]:
        """One transaction around many; not inside another one.

        Raises:
            LedgerError: If one is open already.
        """
        with self.lock:
            if self._writing:
                raise LedgerError(
                    "ledger batch",
                    expected="no other batch to be open",
                    got="a batch inside a batch",
                    do="leave the inner one out",
                )
            with self.writing():
                yield

    def append(
        self,
        fact: Fact,
        *,
        by: str,
        recorded_at: datetime,
        key: str | None = None,
        claims: tuple[str, ...] = (),
    ) -> Entry:
        """Write one fact and add it; to be called while writing.

        Raises:
            ClaimTaken: If a claim is held; nothing was written.
        """
        sequence, previous = self._heads.get(self.writer, (0, GENESIS))
        subjects = subjects_of(fact, self.state)
        stored = pack(
            fact,
            position=self.position + 1,
            writer=self.writer,
            sequence=sequence + 1,
            subjects=subjects,
            recorded_at=recorded_at,
            by=by,
            key=key,
            claims=claims,
            previous=previous,
            latest=self._order[0],
        )
        self._appended += 1  # before it is written, so that an interrupt in between is noticed
        try:
            self.store.append(stored, claims)
        except ClaimTaken:
            self._appended -= 1
            raise
        self.state.apply(fact, recorded_at)
        entry = envelop(stored, fact, subjects, recorded_at, claims)
        self._count(stored)
        return entry

    def adopt(self, stored: Stored) -> None:
        """Write an entry of another ledger; to be called while writing, and then ``add_up_again``."""
        self._appended += 1
        self.store.adopt(stored)

    def blank(self, position: int, subjects: Collection[str] | None) -> int:
        """Erase parts of an entry; to be called while writing, and then ``add_up_again``."""
        self._appended += 1
        return self.store.blank(position, subjects)

    def heads(self) -> dict[str, Head]:
        """The last entry of every writer; to be called with the lock held."""
        return {writer: Head(*self._heads[writer]) for writer in sorted(self._heads)}

    @property
    def next_id(self) -> str:
        """The id of the entry that is written next, while writing."""
        return f"{self.writer}-{self._heads.get(self.writer, (0, GENESIS))[0] + 1}"

    def entry(self, entry_id: str) -> Entry | None:
        """The entry of an id; to be called with the lock held."""
        writer, _, sequence = entry_id.rpartition("-") if isinstance(entry_id, str) else ("", "", "")
        if not (writer and sequence.isascii() and sequence.isdecimal() and len(sequence) < 19):
            return None
        stored = self.store.find(writer, int(sequence))
        return unpack(stored) if stored is not None and entry_id == f"{writer}-{stored.sequence}" else None

    def keyed(self, key: str) -> Entry | None:
        """The entry of a caller's key; to be called with the lock held."""
        stored = self.store.keyed(key)
        return unpack(stored) if stored is not None else None

    def close(self) -> None:
        """Let go of the store."""
        with self.lock:
            self._closed = True
            self.store.close()
