"""XLS, the format before 2007, which old exports still have: read in a process of its own.

An XLS file cannot be measured before it is read, and a hostile one makes the reader ask for more memory than
there is, which ends the process. So another process reads it, within limits, and this one only sees that it
ended.
"""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date, datetime, time
from typing import Any

from epiguard.errors import IntakeError
from epiguard.intake.grid import Cell, RawRows, SureText

__all__ = ["answer_of", "decoded", "encoded", "read_xls"]

#: How long the other process may take, in seconds, and how much memory it may have (where that can be set).
LONGEST_SECONDS = 120
MOST_MEMORY = 2**30
#: The rows of a sheet of this format: where all are in use, what came after them was cut off.
XLS_ROWS = 65_536

_PROGRAM = ("-P", "-m", "epiguard.intake._xls_process")


def read_xls(file: str, data: bytes, sheet: str | None) -> tuple[RawRows, list[str]]:
    """Read all rows of one sheet of an XLS workbook.

    Args:
        file: The workbook's name, for messages.
        data: All of it.
        sheet: The sheet's name, or None for the first visible one that is not empty.

    Returns:
        The rows, blank ones included, and notes.

    Raises:
        IntakeError: If the workbook is damaged, encrypted, beyond the limits, has no such sheet or nothing in
            it, may be cut off at the last row that the format has, or no process can be started.
    """
    request = json.dumps({"file": file, "sheet": sheet}).encode() + b"\n" + data
    # A program that is frozen into one file is no Python to start.
    if not sys.executable or getattr(sys, "frozen", False):
        raise _unreadable(file)
    try:
        done = subprocess.run(  # noqa: S603 - our own module, by the running Python
            [sys.executable, *_PROGRAM],
            input=request,
            capture_output=True,
            timeout=LONGEST_SECONDS,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        raise _unreadable(file) from None
    if done.returncode != 0:
        raise _unreadable(file)
    answer: dict[str, Any] = json.loads(done.stdout)
    if "refused" in answer:
        expected, got, do = answer["refused"]
        raise IntakeError(file, expected=expected, got=got, do=do)
    rows: RawRows = [(number, tuple(map(decoded, cells))) for number, cells in answer["rows"]]
    if rows and rows[-1][0] >= XLS_ROWS:
        raise IntakeError(
            file,
            expected=f"fewer than {XLS_ROWS} rows",
            got="all rows that an XLS sheet has, so that more may have been cut off",
            do="export it as XLSX or CSV",
        )
    # Calamine shows them as blank cells, and this format does not tell them before it is read.
    return rows, [*answer["notes"], "formulas' errors cannot be told from blank cells in an XLS workbook"]


def _unreadable(file: str) -> IntakeError:
    return IntakeError(
        file,
        expected="an XLS workbook of ordinary size",
        got="one that cannot be read",
        do="open it in a spreadsheet program and save it as XLSX",
    )


def answer_of(rows: RawRows, notes: list[str]) -> dict[str, object]:
    """What the other process answers, as plain data."""
    return {"rows": [(number, [encoded(cell) for cell in cells]) for number, cells in rows], "notes": notes}


def encoded(cell: Cell) -> object:
    """A cell as plain data."""
    if isinstance(cell, datetime):
        return {"datetime": cell.isoformat()}
    if isinstance(cell, date):
        return {"date": cell.isoformat()}
    return {"time": cell.isoformat()} if isinstance(cell, time) else cell


def decoded(value: Any) -> Cell:  # noqa: ANN401 - plain data
    """The cell of plain data."""
    if isinstance(value, str):
        return SureText(value)  # which the way here has taken for any text
    if not isinstance(value, dict):
        cell: Cell = value
        return cell
    if "datetime" in value:
        return datetime.fromisoformat(value["datetime"])
    return date.fromisoformat(value["date"]) if "date" in value else time.fromisoformat(value["time"])
