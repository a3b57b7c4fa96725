"""What a store keeps and what it must be able to do; one contract test suite runs on every store."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from typing import Protocol, runtime_checkable

import attrs

from epiguard.errors import LedgerError
from epiguard.ledger._payload import Part

__all__ = ["ClaimTaken", "GaveWay", "Order", "Store", "Stored", "StoredPart"]


#: Stamp, writer, sequence.
Order = tuple[str, str, int]


class ClaimTaken(Exception):  # noqa: N818 - it is no error: somebody else was first
    """A claim is held by another entry; nothing of the entry that wanted it was written."""


class GaveWay(LedgerError):  # noqa: N818 - says what happened, as ClaimTaken does
    """The store dropped a transaction in favour of another one; the same again may succeed."""


@attrs.frozen
class StoredPart:
    """A part of a payload as it is kept: canonical JSON text and its salt, until it is erased."""

    subject: str
    path: str
    text: str | None = attrs.field(repr=False)
    salt: bytes | None = attrs.field(repr=False)

    @property
    def erased(self) -> bool:
        """Whether text and salt are gone."""
        return self.text is None or self.salt is None

    def plain(self) -> Part:
        """The part with its data.

        Raises:
            ValueError: If the text is no JSON.
        """
        if self.text is None or self.salt is None:
            return Part(self.subject, self.path, None, erased=True)
        return Part(self.subject, self.path, json.loads(self.text))


@attrs.frozen(kw_only=True)
class Stored:
    """One entry as it is kept: the envelope, which holds no personal text, and the payload's parts.

    Everything is text, so that a damaged entry can be read, hashed and named.

    Attributes:
        position: Where it stands in this store, from 1.
        writer: Who wrote it.
        sequence: Its number among the writer's entries, from 1, without gaps.
        kind: The fact's kind.
        version: The version of its plain data.
        subjects: Canonical JSON list of pseudonymous ids.
        occurred_at: UTC instant, if known.
        recorded_at: UTC instant.
        by: Pseudonymous id of whoever recorded it.
        key: The caller's key, if any.
        claims: Canonical JSON list of what was claimed, also after it was released.
        digests: The salted hashes of the parts, in their order, separated by commas.
        previous: The hash of the writer's entry before this one.
        hash: The hash of this one.
        parts: The payload; the main part first.
        stamp: Its place among the entries of all writers, see :mod:`epiguard.ledger._order`.
    """

    position: int
    writer: str
    sequence: int
    kind: str
    version: int
    subjects: str
    occurred_at: str | None
    recorded_at: str
    by: str
    key: str | None
    claims: str
    digests: str
    previous: str
    hash: str
    parts: tuple[StoredPart, ...]
    stamp: str = ""

    @property
    def order(self) -> Order:
        """What the entries of several ledgers are sorted by: the same wherever the entry is."""
        return (self.stamp, self.writer, self.sequence)


@runtime_checkable
class Store(Protocol):
    """A place to keep entries. The ledger calls it from one thread at a time.

    Between ``begin`` and ``commit`` (or ``rollback``) no other ledger writes to the same place, what was
    written there before is visible, and what is written is visible to this one only.
    After ``commit`` returned it is there for good. Entries become visible to others in the order of their
    positions. :class:`epiguard.testing.StoreContract` has all of this as tests.

    Any method may raise :class:`GaveWay` where the place dropped the transaction in favour of another
    one; the ledger then does its work again. Everything else that goes wrong is a ``LedgerError``.
    """

    def belong_to(self, site: str) -> str:
        """Say which site's ledger this is, unless that was said before, and give the site it belongs to.

        Args:
            site: The id of the site that opens it.
        """

    def begin(self) -> None:
        """Start to write; wait for others who do."""

    def commit(self) -> None:
        """Keep everything written since ``begin``, all of it or nothing."""

    def rollback(self) -> None:
        """Drop everything written since ``begin``; harmless where nothing was begun."""

    def append(self, stored: Stored, claims: Sequence[str] = ()) -> None:
        """Write an entry with its claims and, where it has one, its key, which is new.

        Args:
            stored: With a position one above the last one, and after all others in their order.
            claims: Unique keys to take: those that its envelope names.

        Raises:
            ClaimTaken: If one is held; nothing of this entry is written, and what was written before it
                since ``begin`` stays.
        """

    def release(self, position: int) -> None:
        """Free the claims that the entry at a position holds; the entry itself stays as it is."""

    def after(self, position: int, limit: int) -> list[Stored]:
        """Up to ``limit`` entries after a position, in order."""

    def last(self) -> int:
        """The position of the last entry; 0 where there is none."""

    def ordered(self, after: Order | None, limit: int, until: int) -> list[Stored]:
        """Up to ``limit`` entries in their order after one, of those up to a position.

        Args:
            after: The order of the last one known; nothing to begin.
            limit: How many at most.
            until: The last position that is looked at.
        """

    def about(self, subject: str) -> list[int]:
        """The positions of entries that hold a payload of a subject which is not erased."""

    def blank(self, position: int, subjects: Collection[str] | None) -> int:
        """Erase text and salt of an entry's parts; its envelope and what was cut where stay.

        The snapshot goes with them, for it holds what they said.

        Args:
            position: Of the entry.
            subjects: Whose parts; nothing means all.

        Returns:
            How many parts held something.
        """

    def keep_snapshot(self, position: int, data: bytes) -> None:
        """Keep what the entries up to a position add up to, in the place of what was kept before.

        Inside a transaction. The data are personal.
        """

    def snapshot(self) -> bytes | None:
        """What was kept last, as it was given; nothing where nothing is."""

    def snapshot_position(self) -> int:
        """The position of the snapshot; 0 where there is none."""

    def drop_snapshot(self) -> None:
        """Keep no snapshot any more; inside a transaction."""

    def adopt(self, stored: Stored) -> None:
        """Write an entry of another ledger: without claims, and with its key only where that is free."""

    def hold(self, claim: str, position: int) -> None:
        """Let the entry at a position hold a claim that its envelope names, whoever held it before."""

    def purge(self) -> None:
        """See to it that nothing of what was erased is left in the store's files; outside a transaction."""

    def find(self, writer: str, sequence: int) -> Stored | None:
        """The entry of a writer and a number."""

    def keyed(self, key: str) -> Stored | None:
        """The entry that was recorded under a caller's key."""

    def holder(self, claim: str) -> int | None:
        """The position of the entry that holds a claim now."""

    def close(self) -> None:
        """Let go of everything; harmless where it was done before."""
