"""An index and what changed since, looked into as one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from epiguard.matching._image import sections_of
from epiguard.matching._keys import Family, text_slips
from epiguard.matching._overlay import Overlay
from epiguard.matching._records import Record
from epiguard.matching._reference._view import View

__all__ = ["Overlaid"]


class Overlaid(View):
    """An index with an overlay: every look-up asks both, and rows are numbered together.

    Args:
        older: The index.
        overlay: What changed since it was built.
    """

    def __init__(self, older: View, overlay: Overlay) -> None:
        newer = type(older)(*sections_of(memoryview(overlay.image)))
        residents = older.residents - len(overlay.out) + newer.residents
        self._older, self._newer, self._overlay = older, newer, overlay
        self._weigh_for(residents, older.characters, older.base)
        self.compounds = tuple(sorted({*older.compounds, *newer.compounds}, key=str.encode))
        self._number_of = {name: number for number, name in enumerate(self.compounds)}
        self.counts = {**older.counts, **dict(overlay.counts)}
        self.record = lru_cache(maxsize=65_536)(self._record)
        self.rows = lru_cache(maxsize=16_384)(self._find)

    def _record(self, row: int) -> Record:
        newer, own = self._overlay.split(row)
        return (self._newer if newer else self._older).record(own)

    def _find(self, family: Family, text: str) -> Sequence[int]:
        older, newer = self._older.rows(family, text), self._newer.rows(family, text)
        if family in (Family.COMPOUND, Family.COMPOUND_SLIP):
            names = {self._older.compounds[each] for each in older}
            return sorted(
                self._number_of[name] for name in names | {self._newer.compounds[each] for each in newer}
            )
        kept = [number for row in older if (number := self._overlay.of_older(row)) is not None]
        return sorted([*kept, *map(self._overlay.of_newer, newer)])

    def phone_tails(self, head: str) -> Iterable[str]:
        """The tails of all telephones that begin with a head, and have as many digits."""
        return {*self._older.phone_tails(head), *self._newer.phone_tails(head)}

    def near(  # noqa: PLR0913, PLR0917 - as that of a single index
        self, family: Family, text: str, alphabet: str, start: int, few: int, first: int
    ) -> Sequence[int]:
        """The rows under any text that is a slip away, as ``View.near``."""
        texts = dict.fromkeys(text_slips(text, alphabet, start, len(text)))
        found: set[int] = set()
        for each in texts:
            under = self._find(family, each)
            found.update(under if len(under) <= few else under[:first])
        return sorted(found)

    def row_of(self, person_id: str) -> int | None:
        """The row of a resident."""
        row = self._newer.row_of(person_id)
        if row is not None:
            return self._overlay.of_newer(row)
        row = self._older.row_of(person_id)
        return None if row is None else self._overlay.of_older(row)
