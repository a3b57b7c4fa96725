"""The ledger: an append-only record of what happened, and the one place where once is once."""

from __future__ import annotations

from epiguard.ledger._chain import Head
from epiguard.ledger._entry import Entry, ErasedFact, UnknownFact
from epiguard.ledger._erasure import Erasure
from epiguard.ledger._ledger import Ledger
from epiguard.ledger._sync import SyncReport

__all__ = ["Entry", "ErasedFact", "Erasure", "Head", "Ledger", "SyncReport", "UnknownFact"]
