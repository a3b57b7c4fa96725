"""An index that was built, with what changed since: kept beside it until it is compacted."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator
from threading import RLock

from epiguard.errors import UnknownIdError
from epiguard.matching._engine import Opened, build_image, image_of
from epiguard.matching._overlay import Overlay
from epiguard.matching._records import Record, packed_record
from epiguard.matching._reference import count_keys

__all__ = ["Current"]


class Current:
    """An index and its changes. Whoever asks gets a snapshot; one thread changes it at a time.

    Args:
        built: The index.
    """

    def __init__(self, built: Opened) -> None:
        self._built = built
        #: By the person's id: the record that stands now, or nothing where they were removed.
        self._changes: dict[str, Record | None] = {}
        self._lock = RLock()
        self._snapshot: Opened | None = built

    @property
    def opened(self) -> Opened:
        """The index as it is now. What was changed is put together when it is first asked for."""
        snapshot = self._snapshot
        if snapshot is None:
            with self._lock:
                if self._snapshot is None:
                    overlay = self._overlay()
                    self._snapshot = Opened(self._built.image, self._built.name, overlay)
                snapshot = self._snapshot
        return snapshot

    @property
    def changes(self) -> int:
        """How many people came, changed or went since the index was built."""
        return len(self._changes)

    def record_of(self, person_id: str) -> Record | None:
        """The record of somebody as it is now."""
        with self._lock:
            if person_id in self._changes:
                return self._changes[person_id]
            row = self._built.engine.row_of(person_id)
            return None if row is None else self._built.record(row)

    def update(self, records: Iterable[Record]) -> None:
        """Take people in, each in place of whoever has the id."""
        with self._lock:
            self._changes.update((record.person_id, record) for record in records)
            self._snapshot = None

    def remove(self, person_ids: Iterable[str]) -> None:
        """Take people out.

        Raises:
            UnknownIdError: If one of them is not there; then nobody is taken out.
        """
        with self._lock:
            gone = tuple(person_ids)
            for person_id in gone:
                if self.record_of(person_id) is None:
                    raise UnknownIdError(
                        "register",
                        expected="the id of somebody in it",
                        got=f"{person_id!r}",
                        do="nobody was removed",
                    )
            for person_id in gone:
                if self._built.engine.row_of(person_id) is None:
                    self._changes.pop(person_id, None)
                else:
                    self._changes[person_id] = None
            self._snapshot = None

    def compact(self) -> None:
        """Build the index again, of those who are in it now."""
        with self._lock:
            if self._changes:
                meta, weights = self._built.meta, self._built.weights
                image = image_of(self._packed(), meta=meta, weights=weights)
                self._built = Opened(memoryview(image))
                self._changes = {}
                self._snapshot = self._built

    def _packed(self) -> Iterator[bytes]:
        engine = self._built.engine
        out = set(self._out())
        yield from (engine.record(row) for row in range(len(self._built)) if row not in out)
        yield from map(packed_record, filter(None, self._changes.values()))

    def _out(self) -> list[int]:
        rows = map(self._built.engine.row_of, self._changes)
        return sorted(row for row in rows if row is not None)

    def _overlay(self) -> Overlay | None:
        if not self._changes:
            return None
        built, out = self._built, self._out()
        came = sorted(filter(None, self._changes.values()), key=lambda record: record.person_id.encode())
        changed: Counter[int] = Counter()
        for record in came:
            changed.update(count_keys(record))
        for row in out:
            changed.subtract(count_keys(built.record(row)))
        return Overlay(
            image=build_image(came, meta=built.meta),
            out=out,
            places=[self._place(record.person_id) for record in came],
            counts=[(what, built.counted(what) + more) for what, more in sorted(changed.items()) if more],
        )

    def _place(self, person_id: str) -> int:
        """How many of the built rows come before an id."""
        person = self._built.engine.person_id
        return bisect_left(range(len(self._built)), person_id.encode(), key=lambda row: person(row).encode())
