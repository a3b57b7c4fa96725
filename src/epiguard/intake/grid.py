"""The cells of a table, the limits of what is read, and where the header is."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from enum import Enum

import attrs

from epiguard.errors import IntakeError
from epiguard.intake.problems import Problems, column_letters

__all__ = [
    "Cell",
    "Failed",
    "Known",
    "RawRows",
    "Row",
    "SureText",
    "Table",
    "header_at",
    "is_blank",
    "table_of",
]

#: The largest file that is opened, in bytes (ours): far above a town's register, far below what hurts.
MOST_BYTES = 32 * 1024 * 1024
#: How many rows, columns and cells a table may have (ours), and how many characters a cell (Excel's limit).
MOST_ROWS = 200_000
MOST_COLUMNS = 512
MOST_CELLS = 1_000_000
LONGEST_CELL = 32_767
#: The header is looked for in so many rows: a title and a note may stand above it.
HEADER_WITHIN = 10
#: So many known headings make a row the header.
HEADER_NEEDS = 2


class Failed(Enum):
    """A formula's error (``#N/A``, ``#REF!`` ...) where a value should stand: never read as blank."""

    FORMULA = "a formula's error such as #N/A"


class SureText(str):
    """Text that the file itself marks as text: a workbook's text cell, ``="0071"`` in a CSV file.

    Plain text of a CSV file may have been a number before it was written there, and have lost digits.
    """

    __slots__ = ()


#: What may stand in a cell; ``None`` where nothing does.
Cell = str | float | int | bool | datetime | date | time | Failed | None
#: Rows with their numbers, before the header is known.
RawRows = Sequence[tuple[int, tuple[Cell, ...]]]
#: Whether a heading is one that is looked for.
Known = Callable[[str], bool]


@attrs.frozen(kw_only=True)
class Row:
    """One row with its number as the spreadsheet shows it; cells do not show themselves."""

    number: int
    cells: tuple[Cell, ...] = attrs.field(repr=False)


@attrs.frozen(kw_only=True)
class Table:
    """A table of a file.

    Attributes:
        file: The file's name, without its folder.
        headers: The headings, stripped; blank where a column has none.
        rows: The rows below the header that are not blank, each as wide as ``headers``.
        blank_rows: How many blank rows stand between the header and the last row that is not blank.
        notes: What was recognised: the encoding, the separator, the sheet.
    """

    file: str
    headers: tuple[str, ...]
    rows: tuple[Row, ...] = attrs.field(repr=False)
    blank_rows: int = 0
    notes: tuple[str, ...] = ()


def is_blank(cell: Cell) -> bool:
    """Whether nothing stands in the cell."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def header_at(rows: RawRows, known: Known | None) -> int | None:
    """Find the header.

    Args:
        rows: The rows of a file, or the first of them.
        known: Whether a heading is one that is looked for; None takes the first row that is not blank.

    Returns:
        The index in ``rows``, or None.
    """
    for index, (number, cells) in enumerate(rows):
        if known is not None and number > HEADER_WITHIN:
            break
        texts = {_heading(cell) for cell in cells if not is_blank(cell)}
        if texts and (known is None or sum(map(known, texts)) >= HEADER_NEEDS):
            return index
    return None


def table_of(file: str, raw: RawRows, notes: Sequence[str], known: Known | None) -> Table:
    """Make a table of rows: find its header, pass over blank rows, refuse cells that no heading explains.

    Args:
        file: The file's name.
        raw: All its rows.
        notes: What was recognised so far.
        known: See :func:`header_at`.

    Returns:
        The table.

    Raises:
        IntakeError: If there is no header, a heading stands twice, or a column with cells has no heading.
    """
    at = header_at(raw, known)
    if at is None:
        raise _no_header(file, notes, known)
    first, titles = raw[at]
    headers = _headers(file, first, titles)
    problems = Problems(file)
    rows: list[Row] = []
    for number, cells in raw[at + 1 :]:
        if all(map(is_blank, cells)):
            continue
        for index, cell in enumerate(cells):
            if not is_blank(cell) and (index >= len(headers) or not headers[index]):
                problems.add(
                    f"row {number}, column {column_letters(index)}",
                    expected="nothing, for the column has no heading",
                    got="a cell with something in it",
                    do="give the column a heading; a separator inside a cell needs quotes around the cell",
                )
        if len(cells) != len(headers):
            cells = (*cells[: len(headers)], *(None,) * (len(headers) - len(cells)))  # noqa: PLW2901 - the same row
        rows.append(Row(number=number, cells=cells))
    problems.raise_if_any()
    said = (*notes, f"header: row {first}") if at else tuple(notes)
    blank = rows[-1].number - first - len(rows) if rows else 0
    return Table(file=file, headers=headers, rows=tuple(rows), blank_rows=blank, notes=said)


def _heading(cell: Cell) -> str:
    return "" if cell is None else " ".join(str(cell).split())


def _header_hint(known: Known | None) -> str:
    wanted = getattr(known, "wanted", ())
    named = f" ({', '.join(wanted)} ...)" if wanted else ""
    return f"add the headings{named}, or declare the columns; where the encoding was misread, declare it"


def _no_header(file: str, notes: Sequence[str], known: Known | None) -> IntakeError:
    # What the first rows say is not repeated: without a header they may be people's data.
    encoding = next((note for note in notes if note.startswith("encoding")), "")
    return IntakeError(
        file,
        expected=f"a header: {HEADER_NEEDS} known headings in one of the first {HEADER_WITHIN} rows"
        if known
        else "a header and rows",
        got=f"none, read with {encoding}" if encoding else "none",
        do=_header_hint(known),
    )


def _headers(file: str, row: int, cells: tuple[Cell, ...]) -> tuple[str, ...]:
    headers = [_heading(cell) for cell in cells]
    while headers and not headers[-1]:
        headers.pop()
    seen: dict[str, int] = {}
    for index, text in enumerate(headers):
        if text in seen and text:
            raise IntakeError(
                f"{file}, row {row}",
                expected="every heading once",
                got=f"one heading in columns {column_letters(seen[text])} and {column_letters(index)}",
                do="rename one of them",
            )
        seen[text] = index
    return tuple(headers)
