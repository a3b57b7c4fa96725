"""Workbooks, through python-calamine: XLSX behind guards, XLS in a process of its own."""

from __future__ import annotations

import io
from collections.abc import Callable, Collection, Sequence
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any

from epiguard.errors import IntakeError
from epiguard.intake._archive import parts_of, repacked
from epiguard.intake._extent import formula_errors, measure
from epiguard.intake.grid import (
    LONGEST_CELL,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Failed,
    RawRows,
    SureText,
)

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

__all__ = ["read_sheet", "read_xlsx"]

#: Sheet to where formulas' errors stand in it: row (from 1) and column (from 0).
Errors = Callable[[str], Collection[tuple[int, int]]]


def read_xlsx(file: str, data: bytes, sheet: str | None) -> tuple[RawRows, list[str]]:
    """Read all rows of one sheet of an XLSX workbook.

    Args:
        file: The workbook's name, for messages.
        data: All of it.
        sheet: The sheet's name, or None for the first visible one that is not empty.

    Returns:
        The rows, blank ones included, and notes.

    Raises:
        IntakeError: If the workbook is damaged, beyond the limits, has no such sheet or nothing in it, or
            python-calamine is not installed.
    """
    parts = parts_of(file, data)
    extents = measure(file, parts)
    stream = repacked(parts)
    parts = {name: content for name, content in parts.items() if name not in extents}
    return read_sheet(file, stream, sheet, lambda name: formula_errors(parts, extents, name))


def read_sheet(file: str, stream: io.BytesIO, sheet: str | None, errors: Errors) -> tuple[RawRows, list[str]]:
    """Read all rows of one sheet of a workbook that was measured before, or cannot do harm.

    Args:
        file: The workbook's name, for messages.
        stream: The workbook.
        sheet: The sheet's name, or None for the first visible one that is not empty.
        errors: Where formulas' errors stand: calamine shows them as blank cells.

    Returns:
        The rows, blank ones included, and notes.

    Raises:
        IntakeError: See :func:`read_xlsx`.
    """
    try:
        import python_calamine  # noqa: PLC0415 - an extra: only workbooks need it
    except ImportError:
        raise IntakeError(
            file,
            expected="python-calamine, which reads workbooks",
            got="an installation without it",
            do="pip install epiguard[day], or save the table as CSV",
        ) from None
    workbook = _guarded(file, lambda: python_calamine.CalamineWorkbook.from_filelike(stream))
    chosen, notes = _choose(file, workbook, sheet)
    height, width = chosen.total_height, chosen.total_width
    if height > MOST_ROWS or width > MOST_COLUMNS or height * width > MOST_CELLS:
        raise IntakeError(
            file,
            expected=f"a sheet of at most {MOST_ROWS} rows and {MOST_COLUMNS} columns",
            got=f"one of {height} rows and {width} columns",
            do="delete cells far away from the table, or copy the table into a new workbook",
        )
    failed = errors(chosen.name)
    rows = _guarded(file, lambda: chosen.to_python(skip_empty_area=False))
    return [(number, _row(file, number, row, failed)) for number, row in enumerate(rows, start=1)], notes


def _guarded(file: str, act: Callable[[], Any]) -> Any:  # noqa: ANN401 - whatever the reader gives
    """Call into the reader; its own message is not passed on, for it may repeat a cell."""
    try:
        return act()
    except BaseException as error:
        # A panic of the Rust library is no Exception, and no class that can be imported.
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise
    raise IntakeError(
        file, expected="a workbook", got="one that cannot be read", do="save it again as XLSX or CSV"
    )


def _choose(file: str, workbook: CalamineWorkbook, name: str | None) -> tuple[CalamineSheet, list[str]]:
    from python_calamine import SheetVisibleEnum  # noqa: PLC0415 - see above

    names = workbook.sheet_names
    if name is not None:
        if name not in names:
            raise IntakeError(
                file,
                expected=f"a sheet named {name!r}",
                got="sheets named " + ", ".join(map(repr, names)),
                do="correct the declared sheet",
            )
        return _sheet(file, workbook, name), [f"sheet: {name}"]
    visible = [each.name for each in workbook.sheets_metadata if each.visible == SheetVisibleEnum.Visible]
    sheets = [_sheet(file, workbook, each) for each in visible]
    filled = [sheet for sheet in sheets if sheet.start is not None]
    if not filled:
        raise IntakeError(
            file, expected="a sheet with a table", got="empty or hidden sheets only", do="declare the sheet"
        )
    notes = [f"sheet: {filled[0].name}"]
    if len(filled) > 1:
        notes.append("sheets not read: " + ", ".join(sheet.name for sheet in filled[1:]))
    return filled[0], notes


def _sheet(file: str, workbook: CalamineWorkbook, name: str) -> CalamineSheet:
    sheet: CalamineSheet = _guarded(file, lambda: workbook.get_sheet_by_name(name))
    return sheet


def _row(file: str, number: int, row: Sequence[Any], failed: Collection[tuple[int, int]]) -> tuple[Cell, ...]:
    cells = tuple(
        Failed.FORMULA if (number, column) in failed else _cell(value) for column, value in enumerate(row)
    )
    if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in cells):
        raise IntakeError(
            file, expected=f"at most {LONGEST_CELL} characters in a cell", got=f"a longer one in row {number}"
        )
    return cells


def _cell(value: object) -> Cell:
    if value is None or value == "":
        return None
    if isinstance(value, str):
        return SureText(value)
    if isinstance(value, bool | int | float | datetime | date | time):
        return value
    return str(value)  # a duration, which no column that is read holds
