"""How large the sheets of a workbook really are, measured in their XML before the reader allocates for them.

The reader of spreadsheets fills the rectangle around all cells: two cells in opposite corners of a sheet
make it ask for half a terabyte, which ends the process. And one long shared text that is referred to a
million times is small in the file and large in memory. Both are counted here.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from xml.parsers import expat

import attrs

from epiguard.errors import IntakeError
from epiguard.intake.grid import LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_ROWS

__all__ = ["Extent", "formula_errors", "measure", "part_of_sheet"]

#: How many characters all cells of a workbook may hold together, and how many elements a sheet's XML (ours);
#: cells that are only coloured are elements too.
MOST_CHARACTERS = 64 * 1024 * 1024
MOST_ELEMENTS = 10_000_000

_REFERENCE = re.compile(r"([A-Z]{1,3})([1-9][0-9]{0,6})")
_SHARED = re.compile(rb"<(?:\w+:)?sst[\s>]")
_SHEET_DATA = (b"sheetData", "sheetData".encode("utf-16-le"), "sheetData".encode("utf-16-be"))


@attrs.frozen(kw_only=True)
class Extent:
    """What one sheet holds."""

    rows: int
    columns: int
    characters: int
    errors: tuple[tuple[int, int], ...]
    """Row (from 1) and column (from 0) of each cell that holds a formula's error."""


class _Damaged(Exception):  # noqa: N818 - it never leaves this module
    """The XML is not what a workbook has."""


def measure(file: str, parts: dict[str, bytes]) -> dict[str, Extent]:
    """Measure every sheet of a workbook.

    Args:
        file: Its name, for messages.
        parts: Its unpacked parts.

    Returns:
        The name of each part that is a sheet, and its extent.

    Raises:
        IntakeError: If a sheet or all of them together are beyond the limits, or the XML is damaged.
    """
    try:
        shared = [data for data in parts.values() if _SHARED.search(data)]
        texts = _shared_texts(shared)
        extents = {
            name: _sheet(data, texts)
            for name, data in parts.items()
            if any(mark in data for mark in _SHEET_DATA)
        }
    except (_Damaged, expat.ExpatError, ValueError):
        raise IntakeError(
            file, expected="an XLSX workbook", got="damaged or hostile XML in it", do="save it again as XLSX"
        ) from None
    for extent in extents.values():
        _check(file, extent)
    if any(length > LONGEST_CELL for length in texts):
        raise _too_large(file, f"a text of more than {LONGEST_CELL} characters")
    if sum(extent.characters for extent in extents.values()) > MOST_CHARACTERS:
        raise _too_large(file, f"more than {MOST_CHARACTERS // 2**20} million characters")
    return extents


def part_of_sheet(parts: dict[str, bytes], sheet: str) -> str | None:
    """The name of the part that holds a sheet, or None where the workbook does not tell.

    Args:
        parts: The unpacked parts.
        sheet: The sheet's name.
    """
    relation = next(
        (
            value
            for name, attributes in _elements(parts.get("xl/workbook.xml", b""))
            if name == "sheet" and attributes.get("name") == sheet
            for key, value in attributes.items()
            if key.endswith(":id")
        ),
        None,
    )
    for name, attributes in _elements(parts.get("xl/_rels/workbook.xml.rels", b"")):
        if name == "Relationship" and attributes.get("Id") == relation:
            target = attributes.get("Target", "")
            return target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
    return None


def formula_errors(
    parts: dict[str, bytes], extents: dict[str, Extent], sheet: str
) -> frozenset[tuple[int, int]]:
    """Where formulas' errors stand in a sheet: the reader shows them as blank cells.

    Args:
        parts: The unpacked parts.
        extents: As measured.
        sheet: The sheet's name.

    Returns:
        Row (from 1) and column (from 0) of each.
    """
    part = (part_of_sheet(parts, sheet) or "").lower()
    found = [extent for name, extent in extents.items() if name.lower() == part]
    # Where the workbook does not say which part it is, a cell that failed in any of them counts.
    return frozenset(place for extent in found or extents.values() for place in extent.errors)


def _check(file: str, extent: Extent) -> None:
    if extent.rows > MOST_ROWS:
        raise _too_large(file, f"a sheet of {extent.rows} rows, where {MOST_ROWS} are the limit")
    if extent.columns > MOST_COLUMNS:
        raise _too_large(file, f"a sheet of {extent.columns} columns, where {MOST_COLUMNS} are the limit")
    if extent.rows * extent.columns > MOST_CELLS:
        raise _too_large(file, f"a sheet of {extent.rows} rows and {extent.columns} columns")


def _too_large(file: str, got: str) -> IntakeError:
    return IntakeError(
        file,
        expected="a workbook of ordinary size",
        got=got,
        do="delete cells far away from the table, or copy the table into a new workbook",
    )


def _parser(start: Callable[[str, dict[str, str]], None]) -> expat.XMLParserType:
    parser = expat.ParserCreate()
    parser.StartElementHandler = lambda name, attributes: start(name.rpartition(":")[2], attributes)
    parser.StartDoctypeDeclHandler = _refuse_doctype
    return parser


def _refuse_doctype(*_: object) -> None:
    raise _Damaged  # no workbook has one, and entities are the way to make a little text large


def _elements(data: bytes) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    if data:
        _parser(lambda name, attributes: found.append((name, attributes))).Parse(data, True)
    return found


def _shared_texts(shared: list[bytes]) -> list[int]:
    """The length of each shared text."""
    if not shared:
        return []
    if len(shared) > 1:
        raise _Damaged  # a cell's index would be into which of them?
    lengths: list[int] = []

    def start(name: str, _: dict[str, str]) -> None:
        if name == "si":
            lengths.append(0)

    def characters(text: str) -> None:
        if lengths:
            lengths[-1] += len(text)

    parser = _parser(start)
    parser.CharacterDataHandler = characters
    parser.Parse(shared[0], True)
    return lengths


def _sheet(data: bytes, texts: list[int]) -> Extent:
    """Find the corners of a sheet, its errors, and how much text its cells hold."""
    measured = _Measure(texts)
    parser = _parser(measured.start)
    parser.EndElementHandler = measured.end
    parser.CharacterDataHandler = measured.characters
    parser.buffer_text = True
    parser.Parse(data, True)
    return measured.extent()


class _Measure:
    """The handlers of one sheet; a cell counts once anything stands in it, as it does for the reader."""

    def __init__(self, texts: list[int]) -> None:
        self.texts = texts
        self.row = self.column = 0
        self.rows = self.columns = self.total = self.elements = 0
        self.errors: list[tuple[int, int]] = []
        self.inside = self.filled = self.in_value = False
        self.kind = ""
        self.text: list[str] = []

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.elements += 1
        if self.elements > MOST_ELEMENTS:
            raise _Damaged
        if name == "row":
            self.row = int(attributes["r"]) if "r" in attributes else self.row + 1
            self.column = -1
        elif name == "c":
            self._place(attributes.get("r"))
            self.inside, self.filled, self.kind, self.text = True, False, attributes.get("t", ""), []
        elif self.inside:
            self.filled = True
            self.in_value = name in ("v", "t")

    def _place(self, reference: str | None) -> None:
        if reference is None:
            self.column += 1
            return
        match = _REFERENCE.fullmatch(reference)
        if match is None:
            raise _Damaged
        self.column = -1
        for letter in match[1]:
            self.column = (self.column + 1) * 26 + ord(letter) - ord("A")
        self.row = int(match[2])

    def characters(self, text: str) -> None:
        if self.in_value:
            self.text.append(text)

    def end(self, name: str) -> None:
        local = name.rpartition(":")[2]
        if local in ("v", "t"):
            self.in_value = False
        elif local == "c" and self.inside:
            self.inside = False
            if self.filled:
                self._count("".join(self.text))

    def _count(self, text: str) -> None:
        self.rows = max(self.rows, self.row)
        self.columns = max(self.columns, self.column + 1)
        if self.kind == "s":
            index = int(text) if text.strip() else -1
            if not 0 <= index < len(self.texts):
                raise _Damaged
            self.total += self.texts[index]
        else:
            self.total += len(text)
        if self.kind == "e":
            self.errors.append((self.row, self.column))

    def extent(self) -> Extent:
        return Extent(rows=self.rows, columns=self.columns, characters=self.total, errors=tuple(self.errors))
