"""The ledger: an append-only record of what happened, and the one place where once is once."""

from __future__ import annotations

from epiguard.ledger._entry import Entry, UnknownFact
from epiguard.ledger._ledger import Ledger
from epiguard.ledger._store import ClaimTaken, GaveWay, Store, Stored, StoredPart
from epiguard.ledger._sync import SyncReport

__all__ = [
    "ClaimTaken",
    "Entry",
    "GaveWay",
    "Ledger",
    "Store",
    "Stored",
    "StoredPart",
    "SyncReport",
    "UnknownFact",
]
