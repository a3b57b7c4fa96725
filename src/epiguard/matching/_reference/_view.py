"""Looks things up in an index: residents, who stands under a key, how many show the same."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Final

from epiguard.matching._char_table import Characters
from epiguard.matching._image import FAMILIES_FROM, Section
from epiguard.matching._keys import PHONE_TAIL, Family, key_of, phone_tails
from epiguard.matching._kinds import FIELD_OF, FIELD_WORST, KINDS, K
from epiguard.matching._levels import Level, milli_log2
from epiguard.matching._records import Record, record_from
from epiguard.matching._reference_slips import entries_under, marks_beside
from epiguard.matching._select import slip_rows

__all__ = ["SMALLEST_POPULATION", "Grade", "View"]

#: A register smaller than this is taken as a part of so many people: three residents do not make a name's
#: share of a third. Ours.
SMALLEST_POPULATION: Final = 1000

#: A name that one resident bears is four times rarer among strangers than its share of the register, in
#: milli-bits: most names of strangers that nobody here bears are missing in the shares (Good 1953).
LONE_NAME: Final = 2000

#: A kind and its weight in milli-bits.
Grade = tuple[K, int]


class _Table:
    """One family: entries in buckets, sorted by fingerprint and row."""

    def __init__(self, buckets: memoryview, fingerprints: memoryview, rows: memoryview) -> None:
        self.starts = buckets.cast("I")
        self.marks = fingerprints.cast("H")
        self.rows = rows


class View:
    """An index, opened for reading.

    Args:
        residents: How many there are.
        sections: The sections of the index.
    """

    def __init__(self, residents: int, sections: Mapping[int, memoryview]) -> None:
        weights = sections[Section.WEIGHTS].cast("i")
        self._weigh_for(residents, Characters(sections[Section.CHARACTERS]), weights[: len(KINDS)])
        offsets = sections[Section.RECORD_OFFSETS]
        wide = len(offsets) == 8 * (residents + 1)
        self._offsets = offsets.cast("Q" if wide else "I")
        self._records = sections[Section.RECORDS]
        ends = sections[Section.COMPOUND_OFFSETS].cast("I")
        text = bytes(sections[Section.COMPOUNDS])
        self.compounds = tuple(
            text[ends[at] : ends[at + 1]].decode(errors="replace") for at in range(len(ends) - 1)
        )
        counts = sections[Section.COUNTS].cast("I")
        self.counts: Mapping[int, int] = dict(zip(counts[::2], counts[1::2], strict=False))
        self._tables = {
            family: _Table(*(sections[FAMILIES_FROM + 3 * family + which] for which in range(3)))
            for family in Family
        }
        self.record = lru_cache(maxsize=65_536)(self._record)
        self.rows = lru_cache(maxsize=16_384)(self._find)

    def _weigh_for(self, residents: int, characters: Characters, base: Sequence[int]) -> None:
        self.residents = residents
        self.population = max(SMALLEST_POPULATION, residents)
        self.characters = characters
        self.base = base
        self._log_population = milli_log2(self.population)

    def _record(self, row: int) -> Record:
        start, end = self._offsets[row], self._offsets[row + 1]
        return record_from(self._records[start:end], self.compounds)

    def _find(self, family: Family, text: str) -> Sequence[int]:
        table = self._tables[family]
        most = len(self.compounds) if family in (Family.COMPOUND, Family.COMPOUND_SLIP) else self.residents
        return entries_under(key_of(family, text), table.starts, table.marks, table.rows, most)

    def phone_tails(self, head: str) -> Iterable[str]:
        """The tails of all telephones that begin with a head, and have as many digits."""
        key, table = key_of(Family.PHONE, head + "0" * PHONE_TAIL), self._tables[Family.PHONE]
        return dict.fromkeys(phone_tails(key, marks_beside(key, table.starts, table.marks)))

    def near(  # noqa: PLR0913, PLR0917 - handed on as it is
        self, family: Family, text: str, alphabet: str, start: int, few: int, first: int
    ) -> Sequence[int]:
        """The rows under any text that is a slip away.

        Args:
            family: Of the keys.
            text: The text.
            alphabet: What may stand in place of a character, or between two.
            start: Slips are made from this place on.
            few: Of a key under which more than so many stand,
            first: only so many are taken.
        """
        table = self._tables[family]
        tables = (table.starts, table.marks, table.rows)
        return slip_rows(text, alphabet, start, len(text), int(family), *tables, self.residents, few, first)

    def count(self, family: Family, text: str) -> int:
        """How many stand under a key."""
        return len(self.rows(family, text))

    def counted(self, what: int) -> int:
        """How many residents were counted under a number."""
        return self.counts.get(what, 0)

    def row_of(self, person_id: str) -> int | None:
        """The row of a resident."""
        wanted = person_id.encode("utf-8", "surrogatepass")
        row = bisect_left(range(self.residents), wanted, key=lambda at: self.record(at).person_id.encode())
        found = row < self.residents and self.record(row).person_id == person_id
        return row if found else None

    def plain(self, kind: K) -> Grade:
        """A kind that weighs the same whoever shows it."""
        return kind, self.base[kind]

    def worst(self, field: int) -> int:
        """The weight of a plain difference of a field; of any custom one for numbers beyond the form's."""
        return self.base[FIELD_WORST[min(field, len(FIELD_WORST) - 1)]]

    def grade(self, kind: K, sharing: int) -> Grade:
        """Weigh it: log2(m / u), after Fellegi and Sunter (1969).

        Args:
            kind: How a field compares.
            sharing: How many residents would show the same (term frequency).

        Returns:
            An agreement never weighs less than 0, and what is near never less than a plain difference; a
            difference does not depend on ``sharing``.
        """
        level = KINDS[kind].level
        if level in (Level.DIFFERS, Level.ABSENT):
            return kind, self.base[kind]
        if KINDS[kind].chance is not None:
            return kind, self.base[kind]
        alone = LONE_NAME if kind in (K.SAME_NAME, K.NAME_PINYIN) and sharing <= 1 else 0
        weight = self.base[kind] + self._log_population - milli_log2(max(1, sharing)) + alone
        return kind, max(weight, 0 if level is Level.AGREES else self.worst(FIELD_OF[kind]))

    def share(self, sharing: int) -> int:
        """How many bits it says to be one of so many, in milli-bits."""
        return max(0, self._log_population - milli_log2(max(1, sharing)))
