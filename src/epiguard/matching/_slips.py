"""Slips of the hand: what is left when a character is struck out, and a distance that gives up early."""

from __future__ import annotations

from typing import Final

from epiguard.matching._select import osa_distance

__all__ = ["deletions", "slips_between"]

#: Texts shorter than this are aligned at once.
_WORTH_COUNTING: Final = 6


def deletions(text: str) -> frozenset[str]:
    """The text, and what is left of it when any one character is struck out; never blank.

    Two texts that are one slip apart always share one of these, unless both have one character.
    """
    made = {text[:place] + text[place + 1 :] for place in range(len(text))}
    made.add(text)
    made.discard("")
    return frozenset(made)


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
