"""Lists as an XLSX workbook in which nothing is a formula."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import UTC, datetime
from types import ModuleType
from typing import Any

import attrs

from epiguard.errors import ExportError
from epiguard.reports._inert import looks_live
from epiguard.reports._sheet import Cell, Column, Sheet, clean_text

__all__ = ["CUT", "workbook"]

#: The most a cell can hold, in UTF-16 units; the most rows of a sheet; the longest name of one.
LONGEST_CELL = 32_767
MOST_ROWS = 1_048_576
LONGEST_TAB = 31
_CONTROL = re.compile(r"[\x00-\x1f]")
_FORBIDDEN = re.compile(r"[\[\]:*?/\\\x00-\x1f]")
#: Stands at the end of a text that a cell cannot hold whole.
CUT = "…[已截断 cut]"
#: Beyond, a spreadsheet keeps no more digits of a number.
_LARGEST_NUMBER = 10**15
#: The earliest date the file format knows; stands where the input has no date, for equal bytes.
_NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)

_FONT = {"font_name": "Microsoft YaHei", "font_size": 10, "valign": "top"}


def _xlsxwriter() -> ModuleType:
    try:
        # Wanted by those who write spreadsheets, and installed by them.
        import xlsxwriter  # type: ignore[import-untyped]  # noqa: PLC0415
    except ModuleNotFoundError as error:
        if error.name != "xlsxwriter":
            raise
        raise ExportError(
            "XLSX",
            expected="the package XlsxWriter",
            got="an installation without it",
            do="pip install epiguard[day]",
        ) from None
    module: ModuleType = xlsxwriter
    return module


def workbook(sheets: Sequence[Sheet], *, title: str, comments: str = "") -> bytes:
    """A workbook with one sheet each; the same input gives the same bytes.

    Text is written as text, whatever it looks like; numbers stay numbers. Text that starts like a formula
    also gets the quote mark of spreadsheets (a cell format, not a character), so that editing the cell
    does not bring it to life.

    Args:
        sheets: In order.
        title: Of the workbook.
        comments: Shown in its properties.

    Raises:
        ExportError: If XlsxWriter is missing, or a list has more rows than a sheet can hold.
    """
    buffer = io.BytesIO()
    options = {
        "in_memory": True,  # personal data leaves no temporary files behind
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
    }
    book = _xlsxwriter().Workbook(buffer, options)
    made_at = next((each.made_at for each in sheets if each.made_at is not None), _NO_DATE)
    book.set_properties(
        {
            "title": _property(title),
            "author": "epiguard",
            "comments": _property(comments),
            "created": made_at.astimezone(UTC).replace(tzinfo=None, microsecond=0),
        }
    )
    formats = _Formats.of(book)
    names: list[str] = []
    for sheet in sheets:
        names.append(_tab(sheet.title_zh or sheet.key, names))
        _write(book, sheet, names[-1], formats)
    book.close()
    return buffer.getvalue()


@attrs.frozen(kw_only=True)
class _Formats:
    heading: Any
    text: Any
    live: Any

    @classmethod
    def of(cls, book: Any) -> _Formats:  # noqa: ANN401 - XlsxWriter has no types
        heading = {**_FONT, "bold": True, "text_wrap": True, "bottom": 1, "bg_color": "#E8EEF4"}
        return cls(
            heading=book.add_format(heading),
            text=book.add_format({**_FONT, "text_wrap": True}),
            live=book.add_format({**_FONT, "text_wrap": True, "quote_prefix": True}),
        )


def _property(text: str) -> str:
    # Unlike a cell, a property has no way to write a control character.
    return _CONTROL.sub(" ", clean_text(text))


def _tab(title: str, taken: list[str]) -> str:
    """A name that a spreadsheet accepts for a sheet: short, without its forbidden signs, not used before."""
    kept = _FORBIDDEN.sub(" ", clean_text(title)).strip(" '")[:LONGEST_TAB] or "sheet"
    used = {each.casefold() for each in taken}
    name, number = kept, 1
    while name.casefold() in used:
        number += 1
        name = f"{kept[: LONGEST_TAB - 1 - len(str(number))]} {number}"
    return name


def _write(book: Any, sheet: Sheet, tab: str, formats: _Formats) -> None:  # noqa: ANN401 - XlsxWriter has no types
    if len(sheet.rows) >= MOST_ROWS:
        raise ExportError(
            sheet.key,
            expected=f"fewer than {MOST_ROWS} rows",
            got=f"{len(sheet.rows)}",
            do="write it as CSV, or fewer days at once",
        )
    page = book.add_worksheet(tab)
    for index, column in enumerate(sheet.columns):
        page.set_column(index, index, column.width)
        page.write_string(0, index, _heading(column), formats.heading)
    for number, row in enumerate(sheet.rows, start=1):
        for index, cell in enumerate(row):
            _write_cell(page, number, index, cell, formats)
    page.freeze_panes(1, 0)
    page.autofilter(0, 0, max(len(sheet.rows), 1), max(len(sheet.columns) - 1, 0))
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(0)
    page.set_footer("&L&A&R&P/&N")


def _heading(column: Column) -> str:
    return column.zh if column.zh == column.en else f"{column.zh}\n{column.en}"


def _write_cell(page: Any, row: int, column: int, cell: Cell, formats: _Formats) -> None:  # noqa: ANN401 - xlsxwriter is untyped
    if cell is None or cell == "":
        return
    if isinstance(cell, int | float) and abs(cell) < _LARGEST_NUMBER:
        page.write_number(row, column, cell, formats.text)
        return
    text = _fitting(clean_text(str(cell)))
    page.write_string(row, column, text, formats.live if looks_live(text) else formats.text)


def _fitting(text: str) -> str:
    if len(text) * 2 <= LONGEST_CELL or _units(text) <= LONGEST_CELL:
        return text
    kept = text[: LONGEST_CELL - _units(CUT)]
    while _units(kept) > LONGEST_CELL - _units(CUT):
        kept = kept[: len(kept) - max(1, (_units(kept) - LONGEST_CELL + _units(CUT)) // 2)]
    return kept + CUT


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
