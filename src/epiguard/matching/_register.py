"""The register as the matcher sees it: one record per resident, and an inverted index that also counts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, Final, Generic, NamedTuple, TypeVar

import attrs

from epiguard.identifiers import Residence
from epiguard.matching._levels import Grade, Kind

__all__ = ["CardText", "FieldRule", "Follow", "Lead", "NameParts", "PlateText", "Record", "Register"]

#: A register smaller than this is taken as a part of so many people: three residents do not make a name's
#: share of a third. Ours.
SMALLEST_POPULATION: Final = 1000
_NOBODY: Final[tuple[int, ...]] = ()


class NameParts(NamedTuple):
    """A name, what is left of it when one character is struck out, and its parts."""

    text: str
    slips: frozenset[str]
    parts: frozenset[str]


class PlateText(NamedTuple):
    """A plate: as it is, its province, and the rest with characters that look alike folded into one."""

    text: str
    province: str
    body: str


class CardText(NamedTuple):
    """An access card's number: as it is, and folded."""

    text: str
    folded: str


@attrs.frozen(kw_only=True, eq=False, repr=False)
class Record:
    """One resident, in the forms that are compared. It holds plain personal values and never shows itself."""

    person_id: str
    names: tuple[NameParts, ...] = ()
    sex: str | None = None
    birth: str | None = None
    resident_id: str | None = None
    documents: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    home: Residence | None = None
    plates: tuple[PlateText, ...] = ()
    cards: tuple[CardText, ...] = ()
    household: tuple[str, ...] = ()
    family_phones: frozenset[str] = frozenset()
    family_plates: frozenset[str] = frozenset()

    def __repr__(self) -> str:
        return f"Record({self.person_id!r})"


class Follow(Enum):
    """When the residents under a key become candidates."""

    ALWAYS = "always"
    IF_FEW = "if few"
    IF_NEAR = "if few, and the field is near after all"


class Lead(NamedTuple):
    """A key to look up, and whether to follow it."""

    key: str
    follow: Follow


R = TypeVar("R")


@attrs.frozen(kw_only=True)
class FieldRule(Generic[R]):
    """Everything about one field.

    Attributes:
        name: The field, as in ``FORM_FIELDS``.
        read: Text as written to what is compared, or ``None`` where nothing can be read.
        keys: The keys a record stands under.
        leads: The keys under which to look for what was written.
        grade: How a record compares with what was written.
        worst: The weight of a plain difference.
        complete: Whether all of it was written, validly: then what differs contradicts the register.
    """

    name: str
    read: Callable[[str], R | None]
    keys: Callable[[Record], Iterable[str]]
    leads: Callable[[R], Iterable[Lead]]
    grade: Callable[[R, Record, Register], Grade]
    worst: int
    complete: Callable[[R], bool]


class Register:
    """All records, and who stands under which key. The number under a key is its term frequency.

    Args:
        records: The residents.
        rules: The fields' rules, for their keys.
    """

    def __init__(self, records: Sequence[Record], rules: Iterable[FieldRule[Any]]) -> None:
        self.records = tuple(records)
        self.population = max(SMALLEST_POPULATION, len(self.records))
        under: defaultdict[str, list[int]] = defaultdict(list)
        made = tuple(rule.keys for rule in rules)
        for row, record in enumerate(self.records):
            for keys in made:
                for key in dict.fromkeys(keys(record)):
                    under[key].append(row)
        self._under: Mapping[str, Sequence[int]] = dict(under)
        # Weights already worked out: a few hundred pairs, each needed ten thousand times. Threads may fill it
        # at once, for each finds the same.
        self._weighed: dict[tuple[Kind, int, int], Grade] = {}

    def __repr__(self) -> str:
        return f"Register({len(self.records)} residents)"

    def rows(self, key: str) -> Sequence[int]:
        """The numbers of the records under a key."""
        return self._under.get(key, _NOBODY)

    def sharing(self, key: str) -> int:
        """How many residents stand under a key."""
        return len(self._under.get(key, _NOBODY))

    def grade(self, kind: Kind, key: str, floor: int) -> Grade:
        """Weigh a kind by how many residents stand under a key.

        Args:
            kind: How a field compares.
            key: What agrees.
            floor: The weight of the field's plain difference.
        """
        return self.grade_shared(kind, len(self._under.get(key, _NOBODY)), floor)

    def grade_shared(self, kind: Kind, sharing: int, floor: int) -> Grade:
        """Weigh a kind by how many residents would show the same."""
        known = self._weighed.get((kind, sharing, floor))
        if known is None:
            known = kind.grade(sharing=sharing, population=self.population, floor=floor)
            self._weighed[kind, sharing, floor] = known
        return known
