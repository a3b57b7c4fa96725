"""Which characters hands and eyes take for one another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from typing import Final

from epiguard.matching._characters import SHAPES, rows

__all__ = ["lookalikes"]

_NOBODY: Final[tuple[str, ...]] = ()


def lookalikes(character: str) -> frozenset[str]:
    """The characters that look like one: drawn alike, or with a component more or less (胡 and 湖).

    Args:
        character: One of the 8,105 standard characters; any other has none.

    Returns:
        Standard characters, never the character itself. Whoever looks like it, it looks like them.
    """
    return frozenset(_neighbours().get(character, _NOBODY))


@cache
def _neighbours() -> Mapping[str, list[str]]:
    made: defaultdict[str, list[str]] = defaultdict(list)
    for one, others in rows(SHAPES):
        made[one] += others
        for other in others:
            made[other].append(one)
    return dict(made)
