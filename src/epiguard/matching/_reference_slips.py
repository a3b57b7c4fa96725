"""Who stands under the keys of slips, in plain Python: the specification of the twin in ``_csrc/slips.c``."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Final

from epiguard.matching._keys import Family, key_of, text_slips

__all__ = ["entries_under", "marks_beside", "slip_rows"]

_MARK: Final = 0xFFFF


def marks_beside(key: int, starts: memoryview, marks: memoryview) -> memoryview:
    """All marks of a key's bucket in a family's table.

    Args:
        key: The key.
        starts: Where each bucket begins, as 32-bit numbers.
        marks: The entries' marks, as 16-bit numbers.
    """
    start, end = _bucket(key, starts, marks)
    return marks[start:end]


def _bucket(key: int, starts: memoryview, marks: memoryview) -> tuple[int, int]:
    bits = max(0, (len(starts) - 1).bit_length() - 1)
    bucket = key >> (64 - bits)
    if bucket + 1 >= len(starts):
        return 0, 0
    end = min(starts[bucket + 1], len(marks))
    return min(starts[bucket], end), end


def entries_under(
    key: int, starts: memoryview, marks: memoryview, rows: memoryview, residents: int
) -> list[int]:
    """The rows under a key in a family's table.

    Args:
        key: The key.
        starts: Where each bucket begins, as 32-bit numbers.
        marks: The entries' fingerprints, as 16-bit numbers.
        rows: The entries' rows, bytes.
        residents: Rows from here on, which only a damaged file has, are left out.
    """
    if not len(marks):
        return []
    mark, (start, end) = key & _MARK, _bucket(key, starts, marks)
    first = bisect_left(marks, mark, start, end)
    last = bisect_right(marks, mark, first, end)
    width = len(rows) // len(marks)
    found = (int.from_bytes(rows[at * width : (at + 1) * width], "little") for at in range(first, last))
    return [row for row in found if row < residents]


def slip_rows(  # noqa: PLR0913, PLR0917 - the face of a C function
    text: str,
    alphabet: str,
    start: int,
    end: int,
    family: int,
    starts: memoryview,
    marks: memoryview,
    rows: memoryview,
    residents: int,
    few: int,
    first: int,
    /,
) -> list[int]:
    """Return who stands under any text that is a slip away from a text.

    Args:
        text: The text.
        alphabet: What may stand in place of a character, or between two.
        start: Slips are made from this place on,
        end: and before this one.
        family: The family of the keys.
        starts: Its table's buckets,
        marks: fingerprints
        rows: and rows.
        residents: Rows from here on are left out.
        few: Of a key under which more than so many stand,
        first: only so many are taken.

    Returns:
        The rows, ascending, each once.

    Raises:
        ValueError: If the places are not inside the text.
    """
    if not 0 <= start <= end <= len(text):
        raise ValueError("slip_rows: start and end must be inside the text")
    texts = dict.fromkeys(text_slips(text, alphabet, start, end))
    found: set[int] = set()
    for each in texts:
        under = entries_under(key_of(Family(family), each), starts, marks, rows, residents)
        found.update(under if len(under) <= few else under[:first])
    return sorted(found)
