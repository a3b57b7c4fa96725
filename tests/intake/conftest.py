"""Files as exports have them, made where a test needs them; everybody in them is invented."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # it has no stubs

from epiguard.errors import IntakeError
from epiguard.identifiers import ResidentId
from epiguard.places import Checkpoint, CheckpointKind, Direction, Lane, Site, Traffic

Rows = Sequence[Sequence[Any]]
WriteText = Callable[..., Path]
WriteBook = Callable[..., Path]
Refused = Callable[..., IntakeError]


def csv_text(rows: Rows, delimiter: str = ",") -> str:
    """Write rows as a spreadsheet program does."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows(rows)
    return stream.getvalue()


@pytest.fixture
def write_csv(tmp_path: Path) -> WriteText:
    """Write rows to a CSV file."""

    def write(rows: Rows, name: str = "file.csv", encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(csv_text(rows, delimiter).encode(encoding))
        return path

    return write


@pytest.fixture
def write_xlsx(tmp_path: Path) -> WriteBook:
    """Write rows to a workbook; a formula stands as (formula, value), a date or a time as itself."""

    def write(sheets: Mapping[str, Rows] | Rows, name: str = "file.xlsx", hidden: Sequence[str] = ()) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        book = xlsxwriter.Workbook(path, {"strings_to_formulas": False, "strings_to_urls": False})
        formats = {
            datetime: book.add_format({"num_format": "yyyy/mm/dd hh:mm:ss"}),
            date: book.add_format({"num_format": "yyyy-mm-dd"}),
            time: book.add_format({"num_format": "hh:mm"}),
        }
        for title, rows in sheets.items() if isinstance(sheets, Mapping) else [("Sheet1", sheets)]:
            sheet = book.add_worksheet(title)
            if title in hidden:
                sheet.hide()
            for row, cells in enumerate(rows):
                for column, cell in enumerate(cells):
                    if isinstance(cell, tuple):
                        sheet.write_formula(row, column, cell[0], None, cell[1])
                    elif isinstance(cell, str):
                        sheet.write_string(row, column, cell)
                    elif cell is not None:
                        sheet.write(row, column, cell, formats.get(type(cell)))
        book.close()
        return path

    return write


@pytest.fixture
def refused() -> Refused:
    """Call a reader that must refuse its file, and return its error."""

    def call(read: Callable[..., object], *arguments: Any, **named: Any) -> IntakeError:
        with pytest.raises(IntakeError) as caught:
            read(*arguments, **named)
        return caught.value

    return call


@pytest.fixture
def make_id() -> Callable[..., str]:
    """Make resident IDs of nobody: the check digit agrees, the person is invented."""

    def make(first17: str = "31011219900307123") -> str:
        return first17 + ResidentId.check_digit_of(first17)

    return make


@pytest.fixture
def site() -> Site:
    """A site in Shanghai with two gates and two doors."""
    inwards = Lane(direction=Direction.IN, traffic=Traffic.PEDESTRIAN)
    return Site(
        id="garden",
        zone="Asia/Shanghai",
        name="阳光花园",
        region="310112",
        compounds=["阳光花园"],
        checkpoints=[
            Checkpoint(id="north", name="北门"),
            Checkpoint(id="south", name="南门"),
            Checkpoint(id="door-1", name="1号楼", kind=CheckpointKind.DOOR),
            Checkpoint(id="door-2", name="2号楼", kind=CheckpointKind.DOOR, lanes=[inwards]),
        ],
    )
