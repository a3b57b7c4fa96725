"""Seeded chance: every part of the world draws from a stream of its own."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import accumulate
from random import Random
from typing import TypeVar

__all__ = ["Chance"]

T = TypeVar("T")


class Chance:
    """A stream of random draws; the same seed and part give the same stream on every machine.

    Args:
        seed: The seed of the whole world.
        part: The part that draws, so that a change in one part leaves the others as they were.
    """

    def __init__(self, seed: int, part: str) -> None:
        # Seeding with text is hashed with SHA-512 and does not depend on PYTHONHASHSEED.
        self._random = Random(f"{seed}:{part}")  # noqa: S311 - an invented world needs no secrets

    def maybe(self, probability: float) -> bool:
        """Return True with this probability."""
        return self._random.random() < probability

    def between(self, low: int, high: int) -> int:
        """Return a whole number from ``low`` to ``high``, both included."""
        return self._random.randint(low, high)

    def pick(self, items: Sequence[T]) -> T:
        """Return one of the items, each equally likely."""
        return items[self._random.randrange(len(items))]

    def weighted(self, items: Sequence[T], weights: Iterable[float]) -> T:
        """Return one of the items, by weight."""
        return self._random.choices(items, cum_weights=list(accumulate(weights)))[0]

    def shuffled(self, items: Iterable[T]) -> list[T]:
        """Return the items in random order."""
        shuffled = list(items)
        self._random.shuffle(shuffled)
        return shuffled

    def some(self, items: Sequence[T], count: int) -> list[T]:
        """Return ``count`` different items, or all where there are fewer."""
        return self._random.sample(items, min(count, len(items)))

    def digits(self, count: int) -> str:
        """Return that many random digits."""
        return "".join(str(self._random.randrange(10)) for _ in range(count))

    def around(self, mean: float, spread: float) -> float:
        """Return a number around a mean (a normal distribution)."""
        return self._random.gauss(mean, spread)
