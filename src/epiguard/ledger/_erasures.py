"""Which payloads may be gone: those that a fact of an erasure or of a retention speaks of."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterator

from epiguard.facts import DataExpired, PersonErased
from epiguard.ledger._store import Order, Stored
from epiguard.ledger._stretches import Stretches

__all__ = ["ERASING", "Erasures"]

#: Kinds of facts that change what others before them say.
ERASING = frozenset({PersonErased.kind, DataExpired.kind})


class Erasures:
    """Collects what was erased and what facts say of it, entry by entry, in any order."""

    def __init__(self) -> None:
        self._until: dict[str, Order] = {}
        self._expired = Stretches()
        self._gone: defaultdict[str, list[tuple[int, Order]]] = defaultdict(list)

    def see(self, stored: Stored) -> None:
        """Take an entry into account, whose envelope is whole."""
        for part in stored.parts:
            if part.erased:
                self._gone[part.subject].append((stored.position, stored.order))
        self.note(stored)

    def note(self, stored: Stored) -> None:
        """Take what an entry says was erased into account, and nothing else of it."""
        if stored.kind == PersonErased.kind:
            for subject in json.loads(stored.subjects):
                self._until[subject] = max(self._until.get(subject, stored.order), stored.order)
        elif stored.kind == DataExpired.kind and stored.parts and stored.parts[0].text is not None:
            for written in json.loads(stored.parts[0].text)["entries"]:
                self._expired.add(written)

    def take(self, other: Erasures) -> None:
        """Take what another one noted into account."""
        for subject, until in other._until.items():
            self._until[subject] = max(self._until.get(subject, until), until)
        self._expired.take(other._expired)

    @property
    def subjects(self) -> frozenset[str]:
        """Everybody who was erased."""
        return frozenset(self._until)

    def until(self, subject: str) -> Order | None:
        """Up to which entry a subject was erased."""
        return self._until.get(subject)

    def expired(self) -> Iterator[tuple[str, int]]:
        """The entries whose whole payload is to be gone: writer and number."""
        return iter(self._expired)

    def covers(self, order: Order, subject: str) -> bool:
        """Whether a subject's payloads in an entry are to be gone."""
        until = self._until.get(subject)
        return (until is not None and order < until) or self.has_expired(order)

    def has_expired(self, order: Order) -> bool:
        """Whether the whole payload of an entry is to be gone."""
        _, writer, sequence = order
        return self._expired.holds(writer, sequence)

    def first_unsaid(self) -> tuple[int, Order] | None:
        """Position and order of the first entry that lost a payload without a fact that says so."""
        unsaid = (
            each for subject, gone in self._gone.items() for each in gone if not self.covers(each[1], subject)
        )
        return min(unsaid, default=None)
