"""What a search hands back: whole numbers, packed, the same from both twins.

head     u32 candidates in all, u32 packed, u32 decision, u32 fields, u64 odds of all, u64 of a stranger
each     u32 row, i32 weight, u64 odds, u8 kind of each field (filled up to 8), i32 weight of each field
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from functools import lru_cache
from typing import Final, NamedTuple

__all__ = ["ASK", "MATCH", "NO_MATCH", "Found", "Raw", "packed", "unpacked"]

NO_MATCH, ASK, MATCH = range(3)
_HEAD: Final = struct.Struct("<4I2Q")


class Found(NamedTuple):
    """One candidate: row, weight and odds, and kind and weight of each field."""

    row: int
    weight: int
    odds: int
    kinds: Sequence[int]
    weights: Sequence[int]


class Raw(NamedTuple):
    """A whole answer in numbers."""

    candidates: int
    decision: int
    total: int
    stranger: int
    found: tuple[Found, ...]


@lru_cache(maxsize=32)
def _each(fields: int) -> struct.Struct:
    return struct.Struct(f"<IiQ{fields}B{-fields % 8}x{fields}i{-fields % 2 * 4}x")


def packed(raw: Raw, fields: int) -> bytes:
    """Pack an answer."""
    each = _each(fields)
    head = _HEAD.pack(raw.candidates, len(raw.found), raw.decision, fields, raw.total, raw.stranger)
    return head + b"".join(
        each.pack(one.row, one.weight, one.odds, *one.kinds, *one.weights) for one in raw.found
    )


def unpacked(answer: bytes) -> Raw:
    """Unpack an answer."""
    candidates, count, decision, fields, total, stranger = _HEAD.unpack_from(answer)
    each, found = _each(fields), []
    for place in range(count):
        row, weight, odds, *rest = each.unpack_from(answer, _HEAD.size + place * each.size)
        found.append(Found(row, weight, odds, rest[:fields], rest[fields:]))
    return Raw(candidates, decision, total, stranger, tuple(found))
