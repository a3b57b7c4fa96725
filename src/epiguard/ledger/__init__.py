"""The ledger: an append-only record of what happened, and the one place where once is once."""

from __future__ import annotations

from epiguard.ledger._chain import ChainFault, Head, Problem
from epiguard.ledger._entry import Entry, ErasedFact, UnknownFact
from epiguard.ledger._erasure import Erasure
from epiguard.ledger._history import AsKnown
from epiguard.ledger._indexes import IndexFile
from epiguard.ledger._inspecting import heads, history, verify
from epiguard.ledger._ledger import Ledger
from epiguard.ledger._merge import MergeReport
from epiguard.ledger._retention import Retention, RetentionReport
from epiguard.ledger._store import ClaimTaken, GaveWay, Store, Stored, StoredPart
from epiguard.ledger._sync import SyncReport

__all__ = [
    "AsKnown",
    "ChainFault",
    "ClaimTaken",
    "Entry",
    "ErasedFact",
    "Erasure",
    "GaveWay",
    "Head",
    "IndexFile",
    "Ledger",
    "MergeReport",
    "Problem",
    "Retention",
    "RetentionReport",
    "Store",
    "Stored",
    "StoredPart",
    "SyncReport",
    "UnknownFact",
    "heads",
    "history",
    "verify",
]
