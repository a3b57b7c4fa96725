"""Which payloads may be gone: those that a fact of an erasure speaks of."""

from __future__ import annotations

import json
from collections import defaultdict

from epiguard.facts import PersonErased
from epiguard.ledger._store import Order, Stored

__all__ = ["Erasures"]


class Erasures:
    """Collects what was erased and what facts say of it, entry by entry."""

    def __init__(self) -> None:
        self._until: dict[str, Order] = {}
        self._gone: defaultdict[str, list[tuple[Order, int]]] = defaultdict(list)

    def see(self, stored: Stored) -> None:
        """Take an entry into account, whose envelope is whole."""
        for part in stored.parts:
            if part.erased:
                self._gone[part.subject].append((stored.order, stored.position))
        if stored.kind == PersonErased.kind:
            for subject in json.loads(stored.subjects):
                self._until[subject] = max(self._until.get(subject, stored.order), stored.order)

    def covers(self, stored: Stored, subject: str) -> bool:
        """Whether a subject's payloads in an entry are to be gone."""
        until = self._until.get(subject)
        return until is not None and stored.order < until

    def first_unsaid(self) -> int | None:
        """The position of the first entry that lost a payload without a fact that says so."""
        unsaid = (
            position
            for subject, gone in self._gone.items()
            for order, position in gone
            if not (subject in self._until and order < self._until[subject])
        )
        return min(unsaid, default=None)
