"""Until when a watch holds."""

from __future__ import annotations

from datetime import datetime

from epiguard.days import to_utc
from epiguard.facts import WatchListed

__all__ = ["is_over"]


def is_over(watch: WatchListed, end: datetime | None, now: datetime) -> bool:
    """Whether an end that was recorded has ended a watch.

    Listed again after an end, somebody is watched again; an end without an instant is as old as the record.

    Args:
        watch: With its instant, where that is known.
        end: When it was ended.
        now: In UTC.
    """
    if end is None:
        return watch.at is None
    return to_utc(end) <= now and (watch.at is None or to_utc(watch.at) <= to_utc(end))
