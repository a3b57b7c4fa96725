"""The compiled engine and the compiled building, with the faces that those in ``_reference`` have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from types import ModuleType
from typing import Final

from epiguard.errors import IndexFileError
from epiguard.matching._image import FAMILIES_FROM, Section, assemble
from epiguard.matching._keys import Family
from epiguard.matching._levels import packed_powers
from epiguard.matching._overlay import Overlay
from epiguard.matching._plain import packed_form
from epiguard.matching._reading import CustomTexts, Form, Texts, packed_reading
from epiguard.matching._reference import Engine as PythonEngine

__all__ = ["CompiledEngine", "build"]

_GROWING: Final = (
    *(Section.COMPOUND_OFFSETS, Section.COMPOUNDS, Section.COUNTS, Section.RECORD_OFFSETS, Section.RECORDS),
    *(FAMILIES_FROM + each for each in range(3 * len(Family))),
)


def build(
    functions: ModuleType, packed: Iterable[bytes], *, meta: bytes, weights: bytes, characters: bytes
) -> bytes:
    """Build an index, as ``_reference.build`` does.

    Args:
        functions: The compiled functions.
        packed: The residents' records in their portable form, in any order.
        meta: What the index says of itself.
        weights: The packed table of weights.
        characters: The packed table of characters.

    Raises:
        ValueError: If two records are of one person.
    """
    records = tuple(packed)
    sections: dict[int, bytes] = dict(zip(_GROWING, functions.build(records, characters), strict=True))
    sections[Section.META] = meta
    sections[Section.POWERS] = packed_powers()
    sections[Section.WEIGHTS] = weights
    sections[Section.CHARACTERS] = characters
    return assemble(len(records), sections)


@contextmanager
def _refusals(name: str) -> Iterator[None]:
    """The functions say only that something is damaged: here it gets its name and a way out."""
    try:
        yield
    except ValueError:
        raise IndexFileError(
            name,
            expected="offsets, weights and rows as they were written",
            got="damaged bytes",
            do="build the index again from the register",
        ) from None


class CompiledEngine:
    """Searches an index.

    Args:
        functions: The compiled functions.
        image: The index.
        residents: How many there are.
        prior: Of each resident, in milli-bits.
        stranger: Of a stranger, in milli-bits.
        exact: For each custom field whether only the very same counts.
        name: What to call the index in a message.
        overlay: What changed since the index was built.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - what an engine is told
        self,
        functions: ModuleType,
        image: memoryview,
        residents: int,
        prior: int,
        stranger: int,
        exact: Sequence[bool],
        name: str,
        overlay: Overlay | None = None,
    ) -> None:
        self._functions = functions
        self._find_many: Callable[..., tuple[bytes, ...]] = functions.find_many
        self._grades: Callable[..., bytes] = functions.grades
        self._household: Callable[..., list[int]] = functions.household
        self._person_id: Callable[..., str] = functions.person_id
        self._row_of: Callable[..., int | None] = functions.row_of
        self._image = image
        self._residents = residents
        self._prior = prior
        self._stranger = stranger
        self._exact = bytes(exact)
        self._name = name
        self._overlay = overlay
        self._since = b"" if overlay is None else overlay.packed

    def read(self, texts: Texts, custom: CustomTexts) -> bytes:
        """What is read of a form, packed."""
        return packed_form(self._functions, texts, custom)

    def find(self, reading: Form, limit: int, rejected: Collection[str]) -> bytes:
        """Search, weigh and decide; the answer is packed (see ``_raw``)."""
        return self.find_many([reading], limit, [rejected])[0]

    def find_many(
        self, readings: Sequence[Form], limit: int, rejected: Sequence[Collection[str]]
    ) -> Sequence[bytes]:
        """Search for each of several forms; the interpreter is free for other threads meanwhile."""
        out = tuple(
            tuple(each.encode("utf-8", "surrogatepass") for each in people) if people else ()
            for people in rejected
        )
        packed = tuple(map(packed_reading, readings))
        with _refusals(self._name):
            return self._find_many(
                self._image,
                self._since,
                packed,
                self._prior,
                self._stranger,
                self._exact,
                min(limit, self._residents),
                out,
            )

    def grades(self, reading: Form, row: int) -> bytes:
        """Compare one resident; packed as an answer with that one candidate."""
        with _refusals(self._name):
            return self._grades(
                self._image, self._since, packed_reading(reading), self._prior, self._exact, row
            )

    @cached_property
    def _python(self) -> PythonEngine:
        exact = [bool(each) for each in self._exact]
        return PythonEngine(self._image, self._prior, self._stranger, exact, self._overlay)

    def record(self, row: int) -> bytes:
        """A resident's record, in its portable form."""
        return self._python.record(row)

    def person_id(self, row: int) -> str:
        """A resident's id."""
        with _refusals(self._name):
            return self._person_id(self._image, self._since, row)

    def household(self, row: int) -> list[int]:
        """The rows of a resident's household, their own among them."""
        with _refusals(self._name):
            return self._household(self._image, self._since, row)

    def row_of(self, person_id: str) -> int | None:
        """The row of a resident."""
        with _refusals(self._name):
            return self._row_of(self._image, self._since, person_id.encode("utf-8", "surrogatepass"))

    def __len__(self) -> int:
        return self._residents
