"""The one order of entries, whichever ledger they were written to and wherever they are now.

A stamp is a hybrid logical clock: the instant of recording, or the latest stamp seen where that is later,
and a counter. So whoever has seen an entry writes after it, and entries that nobody had seen of each other
stand as their clocks say. In a ledger that was never merged it is the order of positions. What the facts add
up to is a function of the set of entries in this order; it does not depend on which arrived first.
"""

from __future__ import annotations

from datetime import datetime

from epiguard.ledger._instants import to_text

__all__ = ["is_covered", "old_stamp", "stamp_after"]

#: Ends the stamp of an entry that was written before there were stamps: its hash does not cover it.
_OLD = "m"


def stamp_after(latest: str, now: str) -> str:
    """The stamp of what is written next.

    Args:
        latest: The latest stamp in the ledger; empty where there is none.
        now: When it is recorded, in UTC, as :func:`epiguard.ledger._instants.to_text` writes it.
    """
    instant, _, count = latest.rstrip(_OLD).partition("/")
    return f"{now}/{0:09d}" if now > instant else f"{instant}/{int(count) + 1:09d}"


def old_stamp(latest: str, recorded_at: str) -> str:
    """The stamp of an entry that was written without one.

    Args:
        latest: That of the entry before it in its ledger; empty where there is none.
        recorded_at: When it was recorded, in UTC.
    """
    return stamp_after(latest, to_text(datetime.fromisoformat(recorded_at))) + _OLD


def is_covered(stamp: str) -> bool:
    """Whether an entry's hash covers its stamp."""
    return bool(stamp) and not stamp.endswith(_OLD)
