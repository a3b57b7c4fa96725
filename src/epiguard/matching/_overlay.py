"""Who came, changed or went since an index was built: a small index of them, and who of the older one is out.

Rows of both are numbered together, in the order of the persons' ids: as a fresh build would number them.
The twin is in ``_csrc/overlay.c``. Packed it is

0    u32      numbers of rows that are out, of newcomers, of counts, and 0
16   u32 each the rows of the older index that are out: gone, or changed and therefore in the newer one
     u32 each for each newcomer, how many rows of the older index come before
     u32 each what is counted, and how many there are now: only what changed
     the newer index, as in ``_image``
"""

from __future__ import annotations

import struct
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from functools import cached_property

import attrs

__all__ = ["Overlay"]


@attrs.frozen(slots=False)
class Overlay:
    """What changed since an index was built.

    Attributes:
        image: An index of those who came or changed.
        out: The rows of the older index that are out, ascending.
        places: For each row of the newer index how many rows of the older one come before.
        counts: What is counted (see ``_build.count_keys``), and how many there are now.
    """

    image: bytes = attrs.field(repr=False)
    out: Sequence[int] = attrs.field(repr=False)
    places: Sequence[int] = attrs.field(repr=False)
    counts: Sequence[tuple[int, int]] = attrs.field(repr=False)

    @cached_property
    def packed(self) -> bytes:
        """For the compiled twin."""
        counts = [number for pair in self.counts for number in pair]
        head = len(self.out), len(self.places), len(self.counts), 0
        numbers = (*head, *self.out, *self.places, *counts)
        return struct.pack(f"<{len(numbers)}I", *numbers) + self.image

    @cached_property
    def _newcomers(self) -> list[int]:
        return [place - bisect_left(self.out, place) + number for number, place in enumerate(self.places)]

    @cached_property
    def _gaps(self) -> list[int]:
        """For each row that is out how many come before that are not."""
        return [row - number for number, row in enumerate(self.out)]

    def of_older(self, row: int) -> int | None:
        """The common number of a row of the older index; nothing where it is out."""
        gone = bisect_left(self.out, row)
        if gone < len(self.out) and self.out[gone] == row:
            return None
        return row - gone + bisect_right(self.places, row)

    def of_newer(self, row: int) -> int:
        """The common number of a row of the newer index."""
        return self._newcomers[row]

    def split(self, row: int) -> tuple[bool, int]:
        """Whether a common number is of the newer index, and the row there or in the older one."""
        before = bisect_left(self._newcomers, row)
        if before < len(self._newcomers) and self._newcomers[before] == row:
            return True, before
        kept = row - before
        return False, kept + bisect_right(self._gaps, kept)
