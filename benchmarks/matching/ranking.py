"""One re-ranker for the peers that only bring up candidates: hand-set levels in bits, added up."""

from __future__ import annotations

from math import log2
from typing import Any


class Ranker:
    """Compares queries with residents.

    Args:
        columns: The register's columns, normalised, with ``pinyin``.
    """

    def __init__(self, columns: dict[str, list[str]]) -> None:
        from rapidfuzz.distance import OSA  # noqa: PLC0415 - a peer's package, not the project's

        self._distance = OSA.distance
        self._columns = columns
        self._residents = len(columns["name"])
        self._bearers: dict[str, int] = {}
        for each in columns["name"]:
            self._bearers[each] = self._bearers.get(each, 0) + 1

    def rank(self, query: dict[str, str], rows: Any, limit: int = 5) -> list[tuple[int, float]]:  # noqa: ANN401 - each peer's own rows
        """The best of some rows, with their scores."""
        scored = [(-self.score(query, row), row) for row in set(rows)]
        scored.sort()
        return [(row, -score) for score, row in scored[:limit]]

    def score(self, query: dict[str, str], row: int) -> float:
        """The bits for and against one resident."""
        total = 0.0
        for field, text in query.items():
            if field != "pinyin":
                theirs = self._columns[field][row]
                total += getattr(self, f"_{field}")(text, theirs, query, row) if theirs else 0.0
        return total

    def _name(self, text: str, theirs: str, query: dict[str, str], row: int) -> float:
        rarity = log2(self._residents / self._bearers[theirs])
        if text == theirs:
            return rarity
        if query["pinyin"] == self._columns["pinyin"][row]:
            return 0.6 * rarity
        return (
            0.45 * rarity if self._distance(text, theirs, score_cutoff=1) <= 1 and len(theirs) > 2 else -4.0
        )

    def _sex(self, text: str, theirs: str, *_: object) -> float:
        return 0.9 if text == theirs else -5.0

    def _birth_date(self, text: str, theirs: str, *_: object) -> float:
        if text == theirs:
            return 14.0
        if len(text) < 8:
            return 6.0 if theirs.startswith(text) else -4.0
        same = (text[:4] == theirs[:4]) + (text[4:6] == theirs[4:6]) + (text[6:] == theirs[6:])
        return 8.0 if same == 2 or text[4:] == theirs[6:] + theirs[4:6] else -4.0

    def _resident_id(self, text: str, theirs: str, *_: object) -> float:
        if text == theirs:
            return 25.0
        if len(text) < 18 and "?" not in text:
            return 2.2 * len(text) if theirs.endswith(text) or theirs.startswith(text) else -3.0
        if len(text) == 18 and "?" in text:
            wrong = sum(one not in ("?", other) for one, other in zip(text, theirs, strict=True))
            return 1.5 * (18 - text.count("?")) if not wrong else -5.0
        distance = self._distance(text, theirs, score_cutoff=2)
        return (20.0, 17.0)[distance - 1] if distance <= 2 else -5.0

    def _phone(self, text: str, theirs: str, *_: object) -> float:
        if text == theirs:
            return 20.0
        if len(text) <= 9 and (theirs.startswith(text) or theirs.endswith(text)):
            return 2.2 * len(text)
        distance = self._distance(text, theirs, score_cutoff=3)
        marks = text.count("?")
        if marks and distance <= marks:
            return 18.0 - 3.0 * marks
        return (16.0, 12.0)[distance - 1] if distance <= 2 else -3.0

    def _residence(self, text: str, theirs: str, *_: object) -> float:
        if text == theirs:
            return 17.0
        estate, _, door = text.partition("|")
        their_estate, _, their_door = theirs.partition("|")
        total = 0.0
        if estate:
            near = self._distance(estate, their_estate, score_cutoff=1)
            total += 6.0 if near == 0 else 3.0 if near == 1 else -5.0
        one, other = door.split("-"), their_door.split("-")
        if len(one) == len(other) == 3:
            if "" in (one[1], other[1]):
                one[1] = other[1] = ""
            apart = sum(x != y for x, y in zip(one, other, strict=True))
            total += 10.0 if apart == 0 else 4.0 if apart == 1 else -2.0
        return total

    def _plate(self, text: str, theirs: str, *_: object) -> float:
        if text == theirs or theirs.endswith(text):
            return 20.0
        return 14.0 if self._distance(text, theirs, score_cutoff=1) <= 1 else -4.0
