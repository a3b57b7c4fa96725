"""Who holds what can be had once, where a decision falls away or several ledgers claimed it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from epiguard.ledger._journal import Journal
from epiguard.ledger._store import Stored

__all__ = ["CANCELLED", "cancellation_key", "claims_of", "let_go"]

#: Begins the key by which a decision is cancelled once. That of a rule's claim begins with the claim's name,
#: which is never empty.
CANCELLED = "|cancelled|"


def cancellation_key(decision_id: str) -> str:
    """What a cancel claims, so that a decision is cancelled once."""
    return f"{CANCELLED}{decision_id}"


def claims_of(stored: Stored) -> list[str]:
    """What an entry claimed."""
    claims: list[str] = json.loads(stored.claims)
    return claims


def let_go(journal: Journal, position: int, claims: Iterable[str], rivals: Mapping[str, list[int]]) -> None:
    """Free what an entry claimed, or hand it to whoever claimed it too and did not know.

    Args:
        journal: While it is writing.
        position: Of the entry.
        claims: Its claims.
        rivals: Claim to the positions of the other entries that claim it and stand.
    """
    journal.store.release(position)
    for claim in claims:
        others = [each for each in rivals.get(claim, ()) if each != position]
        if others:
            journal.store.hold(claim, min(others))
