"""A list as CSV."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from epiguard.exports import Export, check_export
from epiguard.reports._files import write_whole
from epiguard.reports._inert import guard
from epiguard.reports._sheet import Cell, Sheet, clean_text

__all__ = ["write_csv"]


def write_csv(sheet: Sheet, path: str | Path, *, export: Export | None = None) -> Path:
    """Write a list as CSV: UTF-8 with a byte order mark, for spreadsheets; two heading rows are not needed.

    The first row holds the columns' keys. Text a spreadsheet might run as a formula gets an apostrophe
    before it, which ``unguard`` takes away again exactly; numbers stay numbers, and nothing is an empty cell.

    Args:
        sheet: The list.
        path: The file; written whole or not at all. With personal data only its owner can read it.
        export: Who exports it and what for; needed where the list holds personal data.

    Returns:
        The path.

    Raises:
        ExportError: If an export is needed and missing, or the file cannot be written.
    """
    if sheet.personal:
        check_export(export)
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(column.key for column in sheet.columns)
    writer.writerows([_cell(cell) for cell in row] for row in sheet.rows)
    return write_whole(path, text.getvalue().encode("utf-8-sig"), private=sheet.personal)


def _cell(cell: Cell) -> Cell:
    return guard(clean_text(cell)) if isinstance(cell, str) else cell
