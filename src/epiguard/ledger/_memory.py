"""A store in memory, for tests and for trying things out: gone when the process ends."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Sequence
from operator import attrgetter

import attrs

from epiguard.ledger._store import ClaimTaken, Order, Stored

__all__ = ["MemoryStore"]


class MemoryStore:
    """Keeps entries in lists; belongs to one ledger, whose lock keeps writers apart."""

    def __init__(self) -> None:
        self._site = ""
        self._entries: list[Stored] = []
        self._places: dict[tuple[str, int], int] = {}
        self._keys: dict[str, int] = {}
        self._claims: dict[str, int] = {}
        self._begun_at: int | None = None
        self._claims_before: dict[str, int | None] = {}
        self._blanked: dict[int, Stored] = {}
        self._sorted: list[Stored] = []
        self._snapshot: tuple[int, bytes] | None = None
        self._snapshot_before: tuple[int, bytes] | None = None

    def belong_to(self, site: str) -> str:
        """Say whose ledger it is, unless that was said before."""
        self._site = self._site or site
        return self._site

    def begin(self) -> None:
        """Start to write."""
        self._begun_at = len(self._entries)
        self._claims_before = {}
        self._blanked = {}
        self._snapshot_before = self._snapshot

    def commit(self) -> None:
        """Keep what was written."""
        self._begun_at = None
        self._blanked = {}
        self._snapshot_before = None  # it may hold what was erased

    def rollback(self) -> None:
        """Drop what was written."""
        if self._begun_at is None:
            return
        for claim, held in self._claims_before.items():
            if held is None:
                self._claims.pop(claim, None)
            else:
                self._claims[claim] = held
        for stored in self._entries[self._begun_at :]:
            self._places.pop((stored.writer, stored.sequence), None)
            if stored.key is not None and self._keys.get(stored.key) == stored.position - 1:
                del self._keys[stored.key]
        for place, stored in self._blanked.items():
            self._entries[place] = stored
        del self._entries[self._begun_at :]
        self._sorted = []
        self._snapshot = self._snapshot_before
        self._begun_at = None

    def append(self, stored: Stored, claims: Sequence[str] = ()) -> None:
        """Write an entry with its claims."""
        if any(claim in self._claims for claim in claims):
            raise ClaimTaken
        self.adopt(stored)
        for claim in claims:
            self.hold(claim, stored.position)

    def adopt(self, stored: Stored) -> None:
        """Write an entry of another ledger."""
        place = len(self._entries)
        self._entries.append(stored)
        self._sorted = []
        self._places[stored.writer, stored.sequence] = place
        if stored.key is not None:
            self._keys.setdefault(stored.key, place)

    def hold(self, claim: str, position: int) -> None:
        """Let an entry hold a claim."""
        self._claims_before.setdefault(claim, self._claims.get(claim))
        self._claims[claim] = position

    def release(self, position: int) -> None:
        """Free the claims of an entry."""
        for claim in [claim for claim, held in self._claims.items() if held == position]:
            self._claims_before.setdefault(claim, position)
            del self._claims[claim]

    def after(self, position: int, limit: int) -> list[Stored]:
        """Entries after a position."""
        # Positions have no gaps, so an entry's place in the list is one below its position.
        return self._entries[position : position + limit]

    def last(self) -> int:
        """The position of the last entry."""
        return len(self._entries)

    def ordered(self, after: Order | None, limit: int, until: int) -> list[Stored]:
        """Entries in their order."""
        if len(self._sorted) != until:
            self._sorted = sorted(self._entries[:until], key=attrgetter("order"))
        start = bisect_right(self._sorted, after, key=attrgetter("order")) if after is not None else 0
        return self._sorted[start : start + limit]

    def about(self, subject: str) -> list[int]:
        """Positions of entries with a payload of a subject."""
        return [
            stored.position
            for stored in self._entries
            if any(part.subject == subject and not part.erased for part in stored.parts)
        ]

    def blank(self, position: int, subjects: Collection[str] | None) -> int:
        """Erase parts of an entry."""
        self.drop_snapshot()
        stored = self._entries[position - 1]
        wanted = [not part.erased and (subjects is None or part.subject in subjects) for part in stored.parts]
        parts = tuple(
            attrs.evolve(part, text=None, salt=None) if gone else part
            for part, gone in zip(stored.parts, wanted, strict=True)
        )
        self._blanked.setdefault(position - 1, stored)
        self._entries[position - 1] = attrs.evolve(stored, parts=parts)
        self._sorted = []
        return sum(wanted)

    def keep_snapshot(self, position: int, data: bytes) -> None:
        """Keep a snapshot in the place of the one before."""
        self._snapshot = position, data

    def snapshot(self) -> bytes | None:
        """What was kept last."""
        return None if self._snapshot is None else self._snapshot[1]

    def snapshot_position(self) -> int:
        """Its position."""
        return 0 if self._snapshot is None else self._snapshot[0]

    def drop_snapshot(self) -> None:
        """Keep none."""
        self._snapshot = None

    def purge(self) -> None:
        """Nothing is written anywhere."""

    def find(self, writer: str, sequence: int) -> Stored | None:
        """The entry of a writer and a number."""
        place = self._places.get((writer, sequence))
        return self._entries[place] if place is not None else None

    def keyed(self, key: str) -> Stored | None:
        """The entry of a caller's key."""
        place = self._keys.get(key)
        return self._entries[place] if place is not None else None

    def holder(self, claim: str) -> int | None:
        """The position of the entry that holds a claim."""
        return self._claims.get(claim)

    def close(self) -> None:
        """Nothing is held."""
