"""Stretches of entries, written shortly: ``"main 3-17"`` are the entries 3 to 17 of a writer."""

from __future__ import annotations

import bisect
from collections import defaultdict
from collections.abc import Iterable, Iterator
from operator import itemgetter

__all__ = ["Stretches", "as_stretches"]


def as_stretches(entries: Iterable[tuple[str, int]]) -> tuple[str, ...]:
    """Entries, each a writer and a number, as stretches.

    Args:
        entries: In any order, each once.

    Returns:
        Texts such as ``"main 3-17"`` or ``"main 20"``, sorted by writer and number.
    """
    written: list[tuple[str, int, int]] = []
    for writer, sequence in sorted(entries):
        if written and written[-1][0] == writer and written[-1][2] == sequence - 1:
            written[-1] = (writer, written[-1][1], sequence)
        else:
            written.append((writer, sequence, sequence))
    return tuple(
        f"{writer} {first}" + (f"-{last}" if last > first else "") for writer, first, last in written
    )


class Stretches:
    """Entries that are in one of some stretches, which may overlap."""

    def __init__(self) -> None:
        self._of: defaultdict[str, list[tuple[int, int]]] = defaultdict(list)
        self._joined: dict[str, list[tuple[int, int]]] = {}

    def add(self, written: str) -> None:
        """Add a stretch as it is written.

        Raises:
            ValueError: If it is none.
        """
        writer, _, numbers = written.rpartition(" ")
        first, _, last = numbers.partition("-")
        self._of[writer].append((int(first), int(last or first)))
        self._joined.pop(writer, None)

    def take(self, other: Stretches) -> None:
        """Add those of another one."""
        for writer, row in other._of.items():
            self._of[writer] += row
            self._joined.pop(writer, None)

    def __iter__(self) -> Iterator[tuple[str, int]]:
        """Every entry, once: writer and number."""
        for writer, row in self._of.items():
            for first, last in _joined(row):
                yield from ((writer, sequence) for sequence in range(first, last + 1))

    def holds(self, writer: str, sequence: int) -> bool:
        """Whether an entry is in one."""
        if writer not in self._of:
            return False
        row = self._joined.get(writer)
        if row is None:
            row = self._joined[writer] = _joined(self._of[writer])
        place = bisect.bisect_right(row, sequence, key=itemgetter(0)) - 1
        return place >= 0 and sequence <= row[place][1]


def _joined(stretches: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(stretches):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], last))
        else:
            joined.append((first, last))
    return joined
