"""An index in memory or in a file, with whichever engine searches it, and answers made of what that finds."""

from __future__ import annotations

import json
import struct
from collections.abc import Collection, Iterable, Sequence
from functools import cached_property, partial
from types import ModuleType
from typing import Any, Final, Protocol, cast

from epiguard.errors import IndexFileError
from epiguard.matching import _raw
from epiguard.matching._answer import Answer, Candidate, Evidence, MatchDecision, read_later
from epiguard.matching._char_table import packed_characters
from epiguard.matching._compiled_engine import CompiledEngine
from epiguard.matching._compiled_engine import build as build_compiled
from epiguard.matching._custom import Comparator, CustomField
from epiguard.matching._image import Section, check_small, sections_of
from epiguard.matching._kinds import FIELD_OF, FIELD_WORST, KINDS
from epiguard.matching._levels import Level
from epiguard.matching._overlay import Overlay
from epiguard.matching._probability import Prior
from epiguard.matching._question import MOST_CANDIDATES, question
from epiguard.matching._reading import CustomTexts, Form, Texts
from epiguard.matching._records import Record, packed_record, record_from
from epiguard.matching._reference import Engine as PythonEngine
from epiguard.matching._reference import build as build_in_python
from epiguard.matching._select import compiled
from epiguard.registrations import FORM_FIELDS

__all__ = ["Opened", "build_image", "image_of", "packed_weights"]

_DECISIONS: Final = (MatchDecision.NO_MATCH, MatchDecision.ASK, MatchDecision.MATCH)
_LEVELS: Final = (Level.AGREES, Level.NEAR, Level.DIFFERS, Level.ABSENT)


class Engine(Protocol):
    """What both engines do."""

    def read(self, texts: Texts, custom: CustomTexts) -> Form:
        """What is read of a form: the texts of its fields, and number and folded text of custom ones."""

    def find(self, reading: Form, limit: int, rejected: Collection[str]) -> bytes:
        """Search; the answer is packed (see ``_raw``)."""

    def find_many(
        self, readings: Sequence[Form], limit: int, rejected: Sequence[Collection[str]]
    ) -> Sequence[bytes]:
        """Search for each of several forms, one list of the rejected for each."""

    def grades(self, reading: Form, row: int) -> bytes:
        """Compare one resident; packed as an answer with that one candidate."""

    def record(self, row: int) -> bytes:
        """A resident's record, in its portable form."""

    def person_id(self, row: int) -> str:
        """A resident's id."""

    def household(self, row: int) -> Sequence[int]:
        """The rows of a resident's household, their own among them."""

    def row_of(self, person_id: str) -> int | None:
        """The row of a resident."""

    def __len__(self) -> int:
        """How many residents there are."""


def packed_weights(usual: Sequence[int] | None = None) -> bytes:
    """The table of weights: the base of each kind, its level, its field; and the worst kind of each field.

    Args:
        usual: For each kind how usual it is, in parts of ten thousand, where that was counted.
    """
    bases = [kind.base(usual[place] if usual else None) for place, kind in enumerate(KINDS)]
    levels = [_LEVELS.index(kind.level) for kind in KINDS]
    numbers = (*bases, *levels, *FIELD_OF, *FIELD_WORST)
    return struct.pack(f"<{len(numbers)}i", *numbers)


def build_image(
    records: Iterable[Record],
    *,
    meta: dict[str, Any],
    usual: Sequence[int] | None = None,
    functions: ModuleType | None = compiled,
) -> bytes:
    """Build an index of records.

    Args:
        records: The residents.
        meta: What the index says of itself.
        usual: For each kind how usual it is, where that was counted.
        functions: The compiled functions, or nothing to build it in Python: the bytes are the same.
    """
    weights = packed_weights(usual)
    return image_of(map(packed_record, records), meta=meta, weights=weights, functions=functions)


def image_of(
    packed: Iterable[bytes],
    *,
    meta: dict[str, Any],
    weights: bytes,
    functions: ModuleType | None = compiled,
) -> bytes:
    """Build an index of records in their portable form, with a table of weights that is known already."""
    build = build_in_python if functions is None else partial(build_compiled, functions)
    return build(
        packed,
        meta=json.dumps(meta, ensure_ascii=False, sort_keys=True).encode(),
        weights=weights,
        characters=packed_characters(),
    )


class Opened:
    """An index, open.

    Args:
        image: The index.
        name: What to call it in a message.
        overlay: What changed since it was built.
    """

    def __init__(self, image: memoryview, name: str = "index", overlay: Overlay | None = None) -> None:
        residents, sections = sections_of(image, name)
        check_small(image, name)
        meta, custom = _meta(bytes(sections[Section.META]), name)
        self.image = image
        self.name = name
        self.overlay = overlay
        self.weights = bytes(sections[Section.WEIGHTS])
        self._counts = sections[Section.COUNTS]
        self.meta = meta
        if overlay is not None:
            residents += len(overlay.places) - len(overlay.out)
        self.custom = custom
        self.prior = Prior(meta["expected_in_register"], residents)
        self.fields = (*FORM_FIELDS, *(each.name for each in self.custom))

    @cached_property
    def engine(self) -> Engine:
        """Whichever searches: the compiled one where it was built."""
        return self.engine_of(compiled)

    def engine_of(self, functions: ModuleType | None) -> Engine:
        """The engine of the compiled functions, or the one in Python where there are none."""
        exact = [each.exact for each in self.custom]
        if functions is None:
            engine = PythonEngine(self.image, self.prior.each, self.prior.stranger, exact, self.overlay)
            return cast("Engine", engine)  # it is given the forms that it reads itself
        residents, each, stranger = self.prior.residents, self.prior.each, self.prior.stranger
        return CompiledEngine(
            functions, self.image, residents, each, stranger, exact, self.name, self.overlay
        )

    def __len__(self) -> int:
        return self.prior.residents

    def answer(self, reading: Form, limit: int, rejected: Collection[str]) -> Answer:
        """Find, and tell it when asked."""
        return self.told(self.engine.find(reading, limit, rejected), limit)

    def told(self, found: bytes, limit: int) -> Answer:
        """An answer of what an engine found."""
        made: Answer = read_later(Answer, _Told(self, found, limit))
        return made

    def evidence(self, kinds: Sequence[int], weights: Sequence[int]) -> tuple[Evidence, ...]:
        """What each field says."""
        return tuple(
            Evidence(name, KINDS[kind].level, weight, KINDS[kind].name)
            for name, kind, weight in zip(self.fields, kinds, weights, strict=True)
        )

    @property
    def usual(self) -> tuple[float, ...]:
        """For each kind, how many of 10,000 forms show it, as far as the weights tell."""
        bases = struct.unpack_from(f"<{len(KINDS)}i", self.weights)
        return tuple(kind.usual_of(base) for kind, base in zip(KINDS, bases, strict=True))

    def counted(self, what: int) -> int:
        """How many residents were counted under a number when the index was built."""
        return next((count for each, count in struct.iter_unpack("<2I", self._counts) if each == what), 0)

    def record(self, row: int) -> Record:
        """A resident's record."""
        return record_from(self.engine.record(row))


def _meta(content: bytes, name: str) -> tuple[dict[str, Any], tuple[CustomField, ...]]:
    """What an index says of itself, and its custom fields."""
    try:
        meta = json.loads(content)
        custom = tuple(CustomField(field, Comparator(comparator)) for field, comparator in meta["custom"])
        share = float(meta["expected_in_register"])
        return {"expected_in_register": share, "custom": meta["custom"]}, custom
    except (ValueError, TypeError, KeyError, RecursionError):
        raise IndexFileError(
            f"{name}, section meta",
            expected="what the index says of itself",
            got="damaged bytes",
            do="build the index again from the register",
        ) from None


class _Told:
    """Tells an answer's attributes from the numbers that were found."""

    __slots__ = ("_limit", "_opened", "_packed", "_raw_answer")

    def __init__(self, opened: Opened, packed: bytes, limit: int) -> None:
        self._opened = opened
        self._packed = packed
        self._limit = limit
        self._raw_answer: _raw.Raw | None = None

    def __call__(self, name: str) -> object:
        raw = self._raw_answer = self._raw_answer or _raw.unpacked(self._packed)
        if name == "decision":
            return _DECISIONS[raw.decision]
        if name == "candidates":
            return tuple(self._candidate(each, raw.total) for each in raw.found[: self._limit])
        if name == "probability_not_in_register":
            return raw.stranger / raw.total
        if name == "question":
            return self._question(raw) if raw.decision == _raw.ASK else None
        raise AttributeError(name)

    def _candidate(self, found: _raw.Found, total: int) -> Candidate:
        opened = self._opened

        def tell(name: str) -> object:
            if name == "person_id":
                return opened.engine.person_id(found.row)
            if name == "probability":
                return found.odds / total
            if name == "prior":
                return opened.prior.each
            if name == "evidence":
                return opened.evidence(found.kinds, found.weights)
            if name == "household":
                return tuple(map(opened.engine.person_id, opened.engine.household(found.row)))
            raise AttributeError(name)

        made: Candidate = read_later(Candidate, tell)
        return made

    def _question(self, raw: _raw.Raw) -> str | None:
        opened = self._opened
        shown = raw.found[:MOST_CANDIDATES]
        return question(
            [opened.record(each.row) for each in shown],
            [each.odds / raw.total for each in shown],
            raw.stranger / raw.total,
            lambda field: KINDS[shown[0].kinds[opened.fields.index(field)]].level is Level.AGREES,
            [each.name for each in opened.custom],
        )
