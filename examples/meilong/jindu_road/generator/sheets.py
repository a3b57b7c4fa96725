"""Writing tables: workbooks that are the same bytes each time, and text files in the usual encodings."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs

__all__ = ["Cell", "write_text_table", "write_workbook"]

Cell = str | int | float | date | datetime | None

#: A workbook carries the moment of its making; a fixed one keeps the bytes the same.
_MADE = datetime(2020, 2, 14, 8, 0, 0)  # noqa: DTZ001 - spreadsheets know no zones


def write_workbook(path: Path, sheet: str, heading: Sequence[str], rows: Iterable[Sequence[Cell]]) -> None:
    """Write one sheet. Text stays text; numbers, dates and times become cells of their kind."""
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, "strings_to_formulas": False}) as book:
        book.set_properties({"title": sheet, "created": _MADE})
        bold = book.add_format({"bold": True})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        moment = book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"})
        page = book.add_worksheet(sheet)
        page.freeze_panes(1, 0)
        page.set_column(0, len(heading) - 1, 14)
        for column, text in enumerate(heading):
            page.write_string(0, column, text, bold)
        for row, cells in enumerate(rows, 1):
            for column, cell in enumerate(cells):
                if isinstance(cell, datetime):
                    page.write_datetime(row, column, cell, moment)
                elif isinstance(cell, date):
                    page.write_datetime(row, column, cell, day)
                elif isinstance(cell, int | float):
                    page.write_number(row, column, cell)
                elif cell:
                    page.write_string(row, column, cell)


def write_text_table(
    path: Path,
    heading: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    encoding: str = "utf-8",
    comma: str = ",",
) -> None:
    """Write a table as separated text, with one line ending on every machine."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, delimiter=comma, lineterminator="\n")
    writer.writerow(heading)
    writer.writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
