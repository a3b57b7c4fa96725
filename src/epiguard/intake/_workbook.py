"""Workbooks: XLSX, and XLS from older exports, through python-calamine, behind guards."""

from __future__ import annotations

import io
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from epiguard.errors import IntakeError
from epiguard.intake._archive import parts_of, repacked
from epiguard.intake._extent import formula_errors, measure
from epiguard.intake._kinds import FileKind
from epiguard.intake.grid import LONGEST_CELL, Cell, Failed, RawRows

if TYPE_CHECKING:
    from python_calamine import CalamineSheet, CalamineWorkbook

__all__ = ["read"]


def read(file: str, data: bytes, kind: FileKind, sheet: str | None) -> tuple[RawRows, list[str]]:
    """Read all rows of one sheet.

    Args:
        file: The workbook's name, for messages.
        data: All of it.
        kind: XLSX or XLS.
        sheet: The sheet's name, or None for the first visible one that is not empty.

    Returns:
        The rows, blank ones included, and notes.

    Raises:
        IntakeError: If the workbook is damaged, beyond the limits, has no such sheet or nothing in it, or
            python-calamine is not installed.
    """
    if kind is FileKind.XLS:
        raise IntakeError(
            file,
            expected="a CSV or XLSX file",
            got="an XLS workbook of the old format",
            do="open it and save it as XLSX: an XLS file cannot be measured before it is read",
        )
    parts = parts_of(file, data)
    extents = measure(file, parts)
    workbook = _open(file, repacked(parts))
    chosen, notes = _choose(file, workbook, sheet)
    errors = formula_errors(parts, extents, chosen.name)
    return _rows(file, chosen, errors), notes


def _open(file: str, stream: io.BytesIO) -> CalamineWorkbook:
    try:
        import python_calamine  # noqa: PLC0415 - an extra: only workbooks need it
    except ImportError:
        raise IntakeError(
            file,
            expected="python-calamine, which reads workbooks",
            got="an installation without it",
            do="pip install epiguard[day], or save the table as CSV",
        ) from None
    opened: CalamineWorkbook = _guarded(file, lambda: python_calamine.CalamineWorkbook.from_filelike(stream))
    return opened


def _guarded(file: str, act: Any) -> Any:  # noqa: ANN401 - whatever the reader gives
    """Call into the reader; whatever it raises, its own message is not passed on, for it may repeat a cell."""
    try:
        return act()
    except Exception:  # noqa: BLE001 - the reader raises types of its own
        failed = True
    except BaseException as error:
        # A panic of the Rust library is no Exception, and no class that can be imported.
        if type(error).__name__ != "PanicException":
            raise
        failed = True
    assert failed
    raise IntakeError(
        file, expected="an XLSX workbook", got="one that the reader cannot read", do="save it again as XLSX or CSV"
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
    filled = [sheet for sheet in (_sheet(file, workbook, each) for each in visible) if sheet.start is not None]
    if not filled:
        raise IntakeError(
            file, expected="a sheet with a table", got="empty or hidden sheets only", do="declare the sheet"
        )
    others = [sheet.name for sheet in filled[1:]]
    notes = [f"sheet: {filled[0].name}"]
    if others:
        notes.append("sheets not read: " + ", ".join(others))
    return filled[0], notes


def _sheet(file: str, workbook: CalamineWorkbook, name: str) -> CalamineSheet:
    sheet: CalamineSheet = _guarded(file, lambda: workbook.get_sheet_by_name(name))
    return sheet


def _rows(file: str, sheet: CalamineSheet, errors: frozenset[tuple[int, int]]) -> RawRows:
    left = sheet.start[1] if sheet.start else 0
    cells: list[list[Any]] = _guarded(file, lambda: sheet.to_python(skip_empty_area=False))
    assert left >= 0
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    for number, row in enumerate(cells, start=1):
        rows.append((number, _row(file, number, row, errors)))
    return rows


def _row(file: str, number: int, row: Sequence[Any], errors: frozenset[tuple[int, int]]) -> tuple[Cell, ...]:
    cells = tuple(
        Failed.FORMULA if (number, column) in errors else _cell(value) for column, value in enumerate(row)
    )
    if any(isinstance(cell, str) and len(cell) > LONGEST_CELL for cell in cells):
        raise IntakeError(
            file, expected=f"at most {LONGEST_CELL} characters in a cell", got=f"a longer one in row {number}"
        )
    return cells


def _cell(value: object) -> Cell:
    if value is None or value == "":
        return None
    if isinstance(value, str | bool | int | float | datetime | date | time):
        return value
    if isinstance(value, timedelta):
        return str(value)  # a duration; no column that is read holds one
    return str(value)
