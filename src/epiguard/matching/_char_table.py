"""What the matcher knows of each character: how it sounds and what looks like it, as one packed table.

The table goes into every index, so that an index means the same wherever it is opened, and so that the
compiled twin reads what this module reads.
"""

from __future__ import annotations

import struct
from functools import lru_cache
from itertools import islice, product
from typing import Final

from epiguard.matching._shape import lookalikes
from epiguard.matching._sound import sound_codes

__all__ = ["FIRST", "LAST", "Characters", "packed_characters"]

#: CJK unified ideographs with extension A. What lies beyond is compared as it is.
FIRST: Final = 0x3400
LAST: Final = 0x9FFF
MOST_SOUNDS: Final = 8
MOST_LOOKALIKES: Final = 64
#: So many readings of a whole name are looked up at most.
MOST_READINGS: Final = 8


@lru_cache(maxsize=1)
def packed_characters() -> bytes:
    """The table: for each character from ``FIRST`` the place of its row, then the rows.

    A row is two counts, the sounds and the look-alikes, all of 16 bits. Place 0 is the empty row.
    """
    places, rows = [], [0, 0]
    for code in range(FIRST, LAST + 1):
        sounds = sorted(sound_codes(chr(code)))[:MOST_SOUNDS]
        looks = [ord(each) for each in sorted(lookalikes(chr(code))) if FIRST <= ord(each) <= LAST]
        if not sounds and not looks:
            places.append(0)
            continue
        places.append(len(rows))
        rows += [len(sounds), len(looks[:MOST_LOOKALIKES]), *sounds, *looks[:MOST_LOOKALIKES]]
    return struct.pack(f"<{len(places)}I{len(rows)}H", *places, *rows)


class Characters:
    """Reads the packed table.

    Args:
        packed: What :func:`packed_characters` made.
    """

    def __init__(self, packed: memoryview | bytes) -> None:
        count = LAST - FIRST + 1
        whole = memoryview(packed)
        self._places = whole[: 4 * count].cast("I")
        self._rows = whole[4 * count :].cast("H")

    def sounds(self, character: str) -> frozenset[int]:
        """How it sounds, confusions of accents folded; empty where that is not known."""
        row = self._row(character)
        return frozenset(self._rows[row + 2 : row + 2 + self._rows[row]])

    def looks(self, character: str) -> str:
        """What looks like it."""
        row = self._row(character)
        start = row + 2 + self._rows[row]
        return "".join(map(chr, self._rows[start : start + self._rows[row + 1]]))

    def readings(self, name: str, most: int = MOST_READINGS) -> tuple[str, ...]:
        """The sounds of a name, one character for each of its own; none where a character has none."""
        each = [sorted(self.sounds(character)) for character in name]
        if not each or not all(each):
            return ()
        return tuple("".join(map(chr, codes)) for codes in islice(product(*each), most))

    def _row(self, character: str) -> int:
        code = ord(character)
        if not FIRST <= code <= LAST:
            return 0
        place = self._places[code - FIRST]
        # A damaged file may say anything: what does not fit is the empty row.
        if place + 1 >= len(self._rows) or place + 2 + self._rows[place] + self._rows[place + 1] > len(
            self._rows
        ):
            return 0
        return place
