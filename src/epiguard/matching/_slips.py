"""Slips of the hand: a distance that gives up early."""

from __future__ import annotations

from typing import Final

from epiguard.matching._select import osa_distance

__all__ = ["slips_between"]

#: Texts shorter than this are aligned at once.
_WORTH_COUNTING: Final = 6


def slips_between(one: str, other: str, most: int) -> int | None:
    """How many slips (wrong, missing, extra or swapped characters) lie between two texts.

    Returns:
        The optimal string alignment distance, or ``None`` where it is more than ``most``.
    """
    if abs(len(one) - len(other)) > most:
        return None
    if len(one) > _WORTH_COUNTING:
        # A slip spoils one character at most, wherever it stands: far cheaper to count than to align.
        spoilt = sum(max(0, other.count(each) - one.count(each)) for each in set(other))
        if spoilt > most:
            return None
    distance = osa_distance(one, other, most)
    return distance if distance <= most else None
