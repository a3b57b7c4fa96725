"""The engine in plain Python, with the face that the compiled one has."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from epiguard.matching import _raw
from epiguard.matching._image import sections_of
from epiguard.matching._keys import Family
from epiguard.matching._kinds import K
from epiguard.matching._overlay import Overlay
from epiguard.matching._reading import CustomTexts, Reading, Texts, read
from epiguard.matching._records import packed_record
from epiguard.matching._reference._decide import decide, odds_of
from epiguard.matching._reference._overlaid import Overlaid
from epiguard.matching._reference._search import BIRTH, CUSTOM, HOME, NAME, SEX, Scored, Search, household_of
from epiguard.matching._reference._view import View
from epiguard.matching._texts import door_text

__all__ = ["Engine"]

#: So many candidates are packed at least, for the question and the household.
SHOWN: Final = 20


class Engine:
    """Searches an index.

    Args:
        image: The index.
        prior: Of each resident, in milli-bits.
        stranger: Of a stranger, in milli-bits.
        exact: For each custom field whether only the very same counts.
        overlay: What changed since the index was built.
    """

    def __init__(
        self,
        image: memoryview,
        prior: int,
        stranger: int,
        exact: Sequence[bool],
        overlay: Overlay | None = None,
    ) -> None:
        view = View(*sections_of(image))
        self._view = view if overlay is None else Overlaid(view, overlay)
        self._prior = prior
        self._stranger = stranger
        self._exact = tuple(exact)

    def read(self, texts: Texts, custom: CustomTexts) -> Reading:
        """What is read of a form: the texts of its fields, and number and folded text of custom ones."""
        return read(texts, custom)

    def find(self, reading: Reading, limit: int, rejected: Collection[str]) -> bytes:
        """Search, weigh and decide; the answer is packed (see ``_raw``)."""
        search = Search(self._view, reading, self._prior, rejected, self._exact)
        search.run()
        # Whoever nothing speaks for is one of everybody else.
        kept = [each for each in search.scored.values() if any(weight > 0 for _, weight in each.grades)]
        kept.sort(key=lambda each: (-each.weight, each.row))
        others = self._others(reading, kept)
        odds, theirs, total = odds_of([each.weight for each in kept], others)
        found = tuple(
            _raw.Found(
                each.row,
                each.weight,
                odds[place],
                [int(kind) for kind, _ in each.grades],
                [weight for _, weight in each.grades],
            )
            for place, each in enumerate(kept[: max(limit, SHOWN)])
        )
        decision = decide(kept, odds, total)
        raw = _raw.Raw(len(kept), decision, total, theirs[0], found)
        return _raw.packed(raw, CUSTOM + len(self._exact))

    def find_many(
        self, readings: Sequence[Reading], limit: int, rejected: Sequence[Collection[str]]
    ) -> Sequence[bytes]:
        """Search for each of several forms."""
        return [self.find(each, limit, out) for each, out in zip(readings, rejected, strict=True)]

    def _others(self, reading: Reading, kept: Sequence[Scored]) -> list[tuple[int, int]]:
        """A stranger; those of the same name, door or birth date who were not compared; and the rest."""
        view = self._view
        worst = {field: view.worst(field) for field in range(CUSTOM) if reading.present(field)}
        rest = self._prior + sum(worst.values()) + len(reading.custom) * view.worst(CUSTOM)
        made = [(1, self._stranger)]
        left = view.residents - len(kept)
        for field, kinds, rows in (
            (NAME, (K.SAME_NAME,), view.rows(Family.NAME, reading.name) if reading.name else ()),
            (BIRTH, (K.SAME_DAY,), view.rows(Family.BIRTH, reading.birth) if reading.birth else ()),
            (HOME, (K.SAME_DOOR, K.OPEN_DOOR), self._door(reading)),
        ):
            compared = sum(each.grades[field][0] in kinds for each in kept)
            more = min(len(rows) - compared, left)
            if more > 0:
                weight = view.grade(kinds[0], len(rows))[1]
                made.append((more, rest - worst[field] + weight - worst.get(SEX, 0)))
                left -= more
        made.append((left, rest))
        return made

    def _door(self, reading: Reading) -> Sequence[int]:
        if not reading.building or not reading.room:
            return ()
        if reading.compound:
            return self._view.rows(Family.DOOR, door_text(reading.compound, reading.building, reading.room))
        return self._view.rows(Family.DOOR_OPEN, f"{reading.building}|{reading.room}")

    def grades(self, reading: Reading, row: int) -> bytes:
        """Compare one resident; packed as an answer with that one candidate."""
        search = Search(self._view, reading, self._prior, (), self._exact)
        grades = search.grades(row)
        weight = self._prior + sum(each for _, each in grades)
        found = _raw.Found(row, weight, 0, [int(kind) for kind, _ in grades], [each for _, each in grades])
        return _raw.packed(_raw.Raw(1, 0, 0, 0, (found,)), CUSTOM + len(self._exact))

    def record(self, row: int) -> bytes:
        """A resident's record, in its portable form."""
        return packed_record(self._view.record(row))

    def person_id(self, row: int) -> str:
        """A resident's id."""
        return self._view.record(row).person_id

    def household(self, row: int) -> list[int]:
        """The rows of a resident's household, their own among them."""
        return household_of(row, self._view)

    def row_of(self, person_id: str) -> int | None:
        """The row of a resident."""
        return self._view.row_of(person_id)

    def __len__(self) -> int:
        return self._view.residents
