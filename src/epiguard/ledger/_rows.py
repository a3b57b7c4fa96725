"""Entries as rows of two tables, as every SQL store keeps them: one envelope, and its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any

from epiguard.ledger._store import Stored, StoredPart

__all__ = ["ENVELOPE", "entry_row", "grouped", "part_rows"]

#: The columns of an envelope, in their order.
ENVELOPE = (
    "position",
    "writer",
    "sequence",
    "kind",
    "version",
    "subjects",
    "occurred_at",
    "recorded_at",
    "by",
    "key",
    "claims",
    "digests",
    "previous",
    "hash",
    "stamp",
)


#: The envelope of an entry.
entry_row: Callable[[Stored], tuple[Any, ...]] = attrgetter(*ENVELOPE)


def part_rows(stored: Stored) -> Iterator[tuple[Any, ...]]:
    """The parts of an entry: its position, their number, subject, path, text and salt."""
    for number, part in enumerate(stored.parts):
        yield stored.position, number, part.subject, part.path, part.text, part.salt


def grouped(rows: Iterable[tuple[Any, ...]]) -> Iterator[Stored]:
    """Entries from rows of an envelope joined to its parts: subject, path, text and salt, empty where none.

    Args:
        rows: In the order of positions and parts.
    """
    current: tuple[Any, ...] | None = None
    parts: list[StoredPart] = []
    for row in rows:
        if current is not None and row[0] != current[0]:
            yield _stored(current, parts)
            parts = []
        current = row
        if row[len(ENVELOPE)] is not None:  # an entry without a payload is damaged, and still one
            parts.append(StoredPart(*row[len(ENVELOPE) :]))
    if current is not None:
        yield _stored(current, parts)


def _stored(row: tuple[Any, ...], parts: list[StoredPart]) -> Stored:
    return Stored(**dict(zip(ENVELOPE, row, strict=False)), parts=tuple(parts))
