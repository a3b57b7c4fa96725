"""How large the sheets of a workbook really are, measured in their XML before the reader allocates for them.

The reader of spreadsheets fills the rectangle around all cells: two cells in opposite corners of a sheet
make it ask for half a terabyte, which ends the process. And one long shared text that is referred to a
million times is small in the file and large in memory. Both are counted here.
"""

from __future__ import annotations

import re
from xml.parsers import expat

import attrs

from epiguard.errors import IntakeError
from epiguard.intake._sheet_xml import DamagedXmlError, SheetMeasure, elements, shared_texts
from epiguard.intake.grid import LONGEST_CELL, MOST_CELLS, MOST_COLUMNS, MOST_ROWS

__all__ = ["Extent", "formula_errors", "measure", "part_of_sheet"]

#: How many characters all cells of a workbook may hold together (ours).
MOST_CHARACTERS = 64 * 1024 * 1024

_WORKBOOK = "xl/workbook.xml"
_RELATIONS = "xl/_rels/workbook.xml.rels"
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
        for name in (_WORKBOOK, _RELATIONS):
            elements(parts.get(name, b""))  # asked later; here damage is still an answer
        shared = [data for data in parts.values() if _SHARED.search(data)]
        if len(shared) > 1:
            raise _damaged(file)  # a cell's index would be into which of them?
        texts = shared_texts(shared[0]) if shared else []
        extents = {
            name: _extent(data, texts)
            for name, data in parts.items()
            if any(mark in data for mark in _SHEET_DATA)
        }
    except (DamagedXmlError, expat.ExpatError, ValueError, LookupError):  # an encoding that nobody knows
        raise _damaged(file) from None
    for extent in extents.values():
        _check(file, extent)
    # All sheets are opened to find the first that is not empty.
    if sum(extent.rows * extent.columns for extent in extents.values()) > MOST_CELLS:
        raise _too_large(file, f"sheets of more than {MOST_CELLS} cells, blank ones between others included")
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
            for name, attributes in elements(parts.get(_WORKBOOK, b""))
            if name == "sheet" and attributes.get("name") == sheet
            for key, value in attributes.items()
            if key.endswith(":id")
        ),
        None,
    )
    for name, attributes in elements(parts.get(_RELATIONS, b"")):
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


def _too_large(file: str, got: str) -> IntakeError:
    return IntakeError(
        file,
        expected="a workbook of ordinary size",
        got=got,
        do="delete cells far away from the table, or copy the table into a new workbook",
    )


def _damaged(file: str) -> IntakeError:
    return IntakeError(
        file, expected="an XLSX workbook", got="damaged or hostile XML in it", do="save it again as XLSX"
    )


def _extent(data: bytes, texts: list[int]) -> Extent:
    measured = SheetMeasure(texts)
    measured.read(data)
    return Extent(
        rows=measured.rows,
        columns=measured.columns,
        characters=measured.characters,
        errors=tuple(measured.errors),
    )
