"""A store in memory, for tests and for trying things out: gone when the process ends."""

from __future__ import annotations

from collections.abc import Sequence

from epiguard.ledger._store import ClaimTaken, Stored

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

    def belong_to(self, site: str) -> str:
        """Say whose ledger it is, unless that was said before."""
        self._site = self._site or site
        return self._site

    def begin(self) -> None:
        """Start to write."""
        self._begun_at = len(self._entries)
        self._claims_before = {}

    def commit(self) -> None:
        """Keep what was written."""
        self._begun_at = None

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
            if stored.key is not None:
                self._keys.pop(stored.key, None)
        del self._entries[self._begun_at :]
        self._begun_at = None

    def append(self, stored: Stored, claims: Sequence[str] = ()) -> None:
        """Write an entry with its claims."""
        if any(claim in self._claims for claim in claims):
            raise ClaimTaken
        place = len(self._entries)
        self._entries.append(stored)
        self._places[stored.writer, stored.sequence] = place
        if stored.key is not None:
            self._keys[stored.key] = place
        for claim in claims:
            self._claims_before.setdefault(claim, None)
            self._claims[claim] = stored.position

    def release(self, position: int) -> None:
        """Free the claims of an entry."""
        for claim in [claim for claim, held in self._claims.items() if held == position]:
            self._claims_before.setdefault(claim, position)
            del self._claims[claim]

    def after(self, position: int, limit: int) -> list[Stored]:
        """Entries after a position."""
        # Positions have no gaps, so an entry's place in the list is one below its position.
        return self._entries[position : position + limit]

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
