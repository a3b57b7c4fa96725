"""Entries as rows of two tables, as every SQL store keeps them: one envelope, and its parts."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from operator import attrgetter
from typing import Any

from epiguard.ledger._store import Stored, StoredPart

__all__ = ["ENVELOPE", "entry_row", "grouped", "part_rows"]

#: The columns of an envelope, in their order, which is that of the fields of an entry.
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


_WIDTH = len(ENVELOPE)

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
    envelope: tuple[Any, ...] = ()
    position: int | None = None
    parts: list[StoredPart] = []
    for row in rows:
        if row[0] != position:
            if position is not None:
                yield Stored(*(*envelope, tuple(parts)))
            position, envelope, parts = row[0], row[:_WIDTH], []
        subject = row[_WIDTH]
        if subject is not None:  # an entry without a payload is damaged, and still one
            parts.append(StoredPart(subject, row[-3], row[-2], row[-1]))
    if position is not None:
        yield Stored(*(*envelope, tuple(parts)))
