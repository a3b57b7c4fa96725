"""What was settled long ago: that it was is remembered, what it was is not."""

from __future__ import annotations

import hashlib
import sys
from array import array
from bisect import bisect_left

from epiguard.errors import PlainDataError

__all__ = ["LongOver"]

#: How many are held apart before they are sorted in with the others.
_RECENT = 4096


class LongOver:
    """Ids of duties and alerts that were settled long ago, in eight bytes each.

    A rule that is asked about the same thing again owes the same duty again, under the same id; it must not
    be opened a second time, even years later. Two of a million ids have the same eight bytes once in about
    forty million ledgers.
    """

    def __init__(self) -> None:
        self._sorted = array("Q")
        self._recent: set[int] = set()

    def add(self, name: str) -> None:
        """Remember an id."""
        self._recent.add(_short(name))
        if len(self._recent) >= _RECENT:
            self._sorted = array("Q", sorted({*self._sorted, *self._recent}))
            self._recent.clear()

    def __contains__(self, name: str) -> bool:
        short = _short(name)
        place = bisect_left(self._sorted, short)
        return short in self._recent or (place < len(self._sorted) and self._sorted[place] == short)

    def __len__(self) -> int:
        return len({*self._sorted, *self._recent})

    def __eq__(self, other: object) -> bool:
        return isinstance(other, LongOver) and self.to_text() == other.to_text()

    __hash__ = None  # type: ignore[assignment]  # it changes

    def __repr__(self) -> str:
        return f"<{len(self)} long over>"

    def to_text(self) -> str:
        """All of them, the same text for the same ids."""
        return _swapped(array("Q", sorted({*self._sorted, *self._recent}))).tobytes().hex()

    @classmethod
    def from_text(cls, text: str) -> LongOver:
        """What :meth:`to_text` was given.

        Raises:
            PlainDataError: If it is something else.
        """
        made = cls()
        try:
            made._sorted = _swapped(array("Q", bytes.fromhex(text)))
        except (TypeError, ValueError):
            raise PlainDataError(
                "snapshot", expected="ids in eight bytes each", got="something else"
            ) from None
        return made


def _swapped(numbers: array[int]) -> array[int]:
    # Written with the most significant byte first, whatever machine it is.
    if sys.byteorder == "little":
        numbers.byteswap()
    return numbers


def _short(name: str) -> int:
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "big")
