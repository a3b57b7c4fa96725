"""Tables as files hold them: CSV in the encodings that occur, XLSX and XLS."""

from __future__ import annotations

import os
from pathlib import Path

from epiguard.errors import IntakeError
from epiguard.intake import _delimited
from epiguard.intake._kinds import FileKind, kind_of_file, misnamed
from epiguard.intake._workbook import read_xlsx
from epiguard.intake._xls import read_xls
from epiguard.intake.grid import MOST_BYTES, Known, Table, table_of

__all__ = ["read_table"]


def read_table(
    path: str | os.PathLike[str],
    *,
    encoding: str | None = None,
    sheet: str | None = None,
    delimiter: str | None = None,
    known: Known | None = None,
) -> Table:
    """Read one table from a CSV, XLSX or XLS file.

    The kind is told by the content, not by the name. UTF-8 is tried first, strictly, then GB18030; a file too
    small to tell them apart needs its encoding declared, unless its headings tell.

    Args:
        path: The file.
        encoding: Of a CSV file: ``utf-8``, ``gb18030``, ``gbk``, ``big5`` ...; default: recognised.
        sheet: Of a workbook: the sheet's name; default: the first visible one that is not empty.
        delimiter: Of a CSV file: comma, tab or semicolon; default: recognised from the header.
        known: Whether a heading is one that is looked for. With it the header may stand below a title, in the
            first row of ten that has two known headings; without it, it is the first row that is not blank.

    Returns:
        The table.

    Raises:
        IntakeError: If the file cannot be read with certainty: no such file, too large, not a table, damaged,
            encrypted, an encoding that does not fit or cannot be told, no header, a heading twice; or if it
            is a workbook and python-calamine is not installed.
    """
    location = Path(path)
    file, data = location.name, _bytes_of(location)
    kind = kind_of_file(file, data)
    if kind is FileKind.TEXT:
        _refuse_settings(file, kind, sheet=sheet)
        raw, notes = _delimited.read(file, data, encoding, delimiter, known)
    else:
        # An encoding or a separator that was declared for a workbook means that another file was expected.
        _refuse_settings(file, kind, encoding=encoding, delimiter=delimiter)
        raw, notes = (read_xlsx if kind is FileKind.XLSX else read_xls)(file, data, sheet)
    note = misnamed(file, kind)
    return table_of(file, raw, [note, *notes] if note else notes, known)


def _refuse_settings(file: str, kind: FileKind, **settings: str | None) -> None:
    for name, value in settings.items():
        if value is not None:
            raise IntakeError(
                file,
                expected=f"a file to which the setting {name!r} applies",
                got=kind.value,
                do=f"leave out {name}",
            )


def _bytes_of(path: Path) -> bytes:
    if not path.is_file():
        got = "a folder or a device" if path.exists() else "nothing of that name"
        raise IntakeError(path.name or str(path), expected="a file", got=got, do="check the name")
    try:
        with path.open("rb") as stream:
            data = stream.read(MOST_BYTES + 1)
    except OSError as error:
        raise IntakeError(
            path.name,
            expected="a file that can be read",
            got="one that this account may not read"
            if isinstance(error, PermissionError)
            else "one that the system could not read",
            do="check who may read it, and that it is not open elsewhere",
        ) from None
    if len(data) > MOST_BYTES:
        raise IntakeError(
            path.name,
            expected=f"at most {MOST_BYTES // 2**20} MiB",
            got="a larger file",
            do="export fewer days or fewer columns",
        )
    if not data:
        raise IntakeError(path.name, expected="a table", got="an empty file", do="export it again")
    return data
