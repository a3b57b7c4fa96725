"""CSV: the encoding is known or asked for, the separator is recognised, and rows keep their numbers."""

from __future__ import annotations

import contextlib
import csv
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from epiguard.errors import IntakeError
from epiguard.intake import read_table
from epiguard.intake.grid import LONGEST_CELL, MOST_COLUMNS, Failed

HEADER = ["姓名", "手机号", "住址"]
PEOPLE = [
    ["王小明", "13800138000", "阳光花园3号楼502室"],
    ["李小红", "13900139000", "阳光花园5号楼101室"],
]


def known(heading: str) -> bool:
    """Tell the headings of these tests."""
    return heading in HEADER


@pytest.mark.parametrize(
    ("encoding", "note"),
    [
        ("utf-8", "encoding: UTF-8"),
        ("utf-8-sig", "encoding: UTF-8"),
        ("gb18030", "encoding: GB18030"),
        ("gbk", "encoding: GB18030"),
        ("utf-16", "encoding: UTF-16"),
    ],
)
def test_encodings_are_recognised(write_csv: Callable[..., Path], encoding: str, note: str) -> None:
    """Each encoding that exports come in is recognised, and said."""
    table = read_table(write_csv([HEADER, *PEOPLE], encoding=encoding))
    assert table.headers == tuple(HEADER)
    assert [row.cells for row in table.rows] == [tuple(row) for row in PEOPLE]
    assert note in table.notes


def test_rare_characters_of_names_survive_gb18030(write_csv: Callable[..., Path]) -> None:
    """A name with a character that GBK does not have is read, also where GBK is declared."""
    rows = [HEADER, ["王\U00020000明", "1", "阳光花园"], *PEOPLE]
    for declared in (None, "gbk", "GB2312", "gb18030"):
        table = read_table(write_csv(rows, encoding="gb18030"), encoding=declared)
        assert table.rows[0].cells[0] == "王\U00020000明"


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030"])
def test_a_file_too_small_to_tell_needs_its_encoding(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError], encoding: str
) -> None:
    """Two characters prove nothing: their UTF-8 bytes are GB18030 too, so the encoding is asked for."""
    path = write_csv([["name", "phone"], ["王明", "1"]], encoding="utf-8")
    error = refused(read_table, path)
    assert str(error) == (
        "file.csv: expected text whose encoding can be told, "
        "got too few characters to tell UTF-8 from GB18030; "
        'declare it: encoding="utf-8" or encoding="gb18030"'
    )
    path = write_csv([["name", "phone"], ["王明", "1"]], encoding=encoding)
    assert read_table(path, encoding=encoding).rows[0].cells[0] == "王明"


def test_known_headings_tell_the_encoding_of_a_small_file(write_csv: Callable[..., Path]) -> None:
    """By chance no bytes spell the headings that are looked for."""
    path = write_csv([["姓名", "住址"], ["王明", "1"]], encoding="utf-8")
    with pytest.raises(IntakeError, match="whose encoding can be told"):
        read_table(path)
    table = read_table(path, known=known)
    assert "told by the headings" in table.notes


@pytest.mark.parametrize("declared", ["gb18030", "utf-16", "big5"])
def test_a_declared_encoding_that_does_not_fit_is_refused(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError], declared: str
) -> None:
    """A byte order mark contradicts another declaration; nothing is read as something else."""
    error = refused(read_table, write_csv([HEADER, *PEOPLE]), encoding=declared)
    assert error.got == "a file with the byte order mark of UTF-8"


def test_an_unknown_encoding_is_refused(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """A codec that is no text encoding is not tried."""
    assert refused(read_table, write_csv([HEADER]), encoding="rot13").expected.startswith(
        "an encoding: utf-8"
    )


def test_damaged_utf8_is_not_taken_for_gb18030(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """One broken byte in a file of UTF-8 is damage, and its line is told."""
    path = write_csv([HEADER, *PEOPLE * 3], encoding="utf-8")
    data = bytearray(path.read_bytes())
    data[data.index("李".encode()) + 1] = 0x20
    path.write_bytes(data)
    error = refused(read_table, path)
    assert (error.expected, error.got) == ("text in UTF-8", "bytes in line 3 that are not")


def test_utf8_declared_for_gb18030_is_refused_with_the_line(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """A wrong declaration is found at the first byte that does not fit."""
    error = refused(read_table, write_csv([["name"], *PEOPLE], encoding="gb18030"), encoding="utf-8")
    assert error.got == "bytes in line 2 that are not"


@pytest.mark.parametrize(("delimiter", "name"), [(",", "comma"), ("\t", "tab"), (";", "semicolon")])
@pytest.mark.parametrize("with_known", [False, True])
def test_separators_are_recognised(
    write_csv: Callable[..., Path], delimiter: str, name: str, *, with_known: bool
) -> None:
    """Comma, tab and semicolon are recognised from the header, and said."""
    path = write_csv([HEADER, *PEOPLE], delimiter=delimiter)
    table = read_table(path, known=known if with_known else None)
    assert table.rows[1].cells == tuple(PEOPLE[1])
    assert f"separator: {name}" in table.notes


def test_a_declared_separator_counts(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """What is declared is not guessed; another separator than the three is refused."""
    path = write_csv([HEADER, *PEOPLE], delimiter=";")
    assert read_table(path, delimiter=";").headers == tuple(HEADER)
    assert "comma, tab or semicolon" in refused(read_table, path, delimiter="|").expected


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-16", "big5"])
def test_encodings_that_are_declared(write_csv: Callable[..., Path], encoding: str) -> None:
    """What cannot be recognised is read as declared; UTF-16 without a mark is what Windows writes."""
    written = "utf-16-le" if encoding == "utf-16" else encoding
    path = write_csv([["姓名", "住址"], ["王小明", "花園"]], encoding=written) if encoding != "big5" else None
    path = path or write_csv([["name", "home"], ["王小明", "花園"]], encoding="big5")
    assert read_table(path, encoding=encoding).rows[0].cells == ("王小明", "花園")


def test_a_file_that_may_not_be_read_is_told(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A right that is missing is told without the machine's path."""

    def denied(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", "/home/x/file.csv")

    path = write_csv([HEADER])
    monkeypatch.setattr(Path, "open", denied)
    assert str(refused(read_table, path)) == (
        "file.csv: expected a file that can be read, got one that this account may not read; "
        "check who may read it, and that it is not open elsewhere"
    )


def test_rows_have_the_numbers_a_spreadsheet_shows(write_csv: Callable[..., Path]) -> None:
    """A title, blank rows and line breaks inside a cell do not shift the number of a row."""
    rows = [
        ["阳光花园登记表"],
        [],
        HEADER,
        ["王小明", "1", "3号楼\n502室"],
        ["", " ", ""],
        [],
        ["李小红", "2", ""],
        [],
    ]
    table = read_table(write_csv(rows), known=known)
    assert [row.number for row in table.rows] == [4, 7]
    assert table.blank_rows == 2
    assert "header: row 3" in table.notes


def test_the_header_is_looked_for_in_ten_rows(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """Without known headings in the first ten rows the file is refused, and nothing of it repeated."""
    assert read_table(write_csv([["标题"]] * 9 + [HEADER, *PEOPLE]), known=known).rows[0].number == 11
    error = refused(read_table, write_csv([["标题"]] * 10 + [HEADER, *PEOPLE]), known=known)
    assert str(error) == (
        "file.csv: expected a header: 2 known headings in one of the first 10 rows, "
        "got none, read with encoding: UTF-8; "
        "add the headings, or declare the columns; where the encoding was misread, declare it"
    )


def test_a_heading_twice_is_refused(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """Which of two columns counts is not for us to choose."""
    error = refused(read_table, write_csv([["姓名", "电话", " 姓名 "], *PEOPLE]))
    assert error.got == "one heading in columns A and C"


def test_cells_that_no_heading_explains_are_listed(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """A separator that shifted a row is found, in every row where it happened."""
    rows = [HEADER, ["王小明", "1", "3号楼", "502室"], PEOPLE[1], ["李小红", "2", "", "101室"]]
    error = refused(read_table, write_csv(rows))
    assert [line.split(":")[0] for line in error.problems] == [
        "file.csv, row 2, column D",
        "file.csv, row 4, column D",
    ]


def test_short_rows_are_padded(write_csv: Callable[..., Path]) -> None:
    """Spreadsheet programs leave out separators at the end of a row."""
    assert read_table(write_csv([HEADER, ["王小明"], *PEOPLE])).rows[0].cells == ("王小明", None, None)


def test_protected_numbers_and_formula_errors_are_told(write_csv: Callable[..., Path]) -> None:
    """An export protects 0071 as a formula; a formula's error is never read as blank or as text."""
    table = read_table(write_csv([["卡号", "备注"], ['="0071"', "#N/A"], ['=""', "#N/A!"]]), encoding="utf-8")
    assert [row.cells for row in table.rows] == [("0071", Failed.FORMULA), (None, "#N/A!")]


HOSTILE: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "an empty file"),
    "blank": (b"\r\n\r\n", "none, read with encoding: ASCII"),
    "nul": (b"name,phone\nx\0y,1\n", "binary data with NUL bytes"),
    "control": (b"name,phone\nx,1\ny\x07,2\n", "a control character (U+0007) in line 3"),
    "utf-32": ("姓名,手机号".encode("utf-32"), "a control character (U+0000) in line 1"),
    "neither encoding": (b"name,phone\n\xff\xff\xff,1\n", "neither"),
    "open quote": (b'name,phone\n"x,1\ny,2\n', "a stray or missing quote in row 2"),
    "stray quote": (b'name,phone\nx,1\n"y"z,2\n', "a stray or missing quote in row 3"),
    "million columns": (b"," * 1_000_000, "1000001 in row 1"),
    "many cells": (b"," * 3_000_000, "more"),
    "many rows": (b"x\n" * 200_001, "more"),
    "long cell": (b"name,phone\n" + b"x" * (LONGEST_CELL + 1) + b",1\n", "a longer one in row 2"),
    "huge cell": (b"name,phone\n" + b"x" * 5_000_000 + b",1\n", "a longer one in row 2"),
    "pdf": (b"%PDF-1.7 ...", "a PDF document"),
    "page": (b"\xef\xbb\xbf <html><table>", "a web page or XML, whatever its name"),
    "excel 2003 xml": (b'<?xml version="1.0"?><Workbook>', "a web page or XML, whatever its name"),
    "picture": (b"\x89PNG\r\n\x1a\n", "a picture"),
    "archive": (b"Rar!\x1a\x07", "a RAR archive"),
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_what_is_no_table_is_refused(tmp_path: Path, refused: Callable[..., IntakeError], kind: str) -> None:
    """Binary, damaged, oversized and foreign files are refused with what they are."""
    data, got = HOSTILE[kind]
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    assert refused(read_table, path).got == got


def test_a_large_file_is_refused_unread(tmp_path: Path, refused: Callable[..., IntakeError]) -> None:
    """More than 32 MiB is not taken into memory."""
    path = tmp_path / "file.csv"
    with path.open("wb") as stream:
        stream.truncate(33 * 2**20)
    assert refused(read_table, path).expected == "at most 32 MiB"


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path, refused: Callable[..., IntakeError]) -> None:
    """The message says the name and not the folder of the machine."""
    error = refused(read_table, tmp_path / "none.csv")
    assert str(error) == "none.csv: expected a file, got nothing of that name; check the name"
    assert refused(read_table, tmp_path).got == "a folder or a device"


def test_settings_of_the_other_kind_are_refused(
    write_csv: Callable[..., Path], write_xlsx: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """A sheet of a CSV file and an encoding of a workbook mean that another file was expected."""
    assert refused(read_table, write_csv([HEADER]), sheet="x").got == "a text file"
    assert refused(read_table, write_xlsx([HEADER]), encoding="utf-8").got == "an XLSX workbook"
    assert refused(read_table, write_xlsx([HEADER]), delimiter=",").do == "leave out delimiter"


CELL = st.text(
    st.characters(codec="gb18030", categories=("L", "N", "P", "S", "Zs")) | st.sampled_from("\n\t\"',;"),
    max_size=12,
).filter(lambda text: text == text.strip() and not text.startswith(("=", "#")))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example writes its own
@given(
    rows=st.lists(st.lists(CELL, min_size=3, max_size=3), max_size=8),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "gb18030", "utf-16"]),
    delimiter=st.sampled_from(",;\t"),
    ends=st.sampled_from(["\n", "\r\n"]),
)
def test_csv_round_trip(
    tmp_path: Path, rows: list[list[str]], encoding: str, delimiter: str, ends: str
) -> None:
    """What a spreadsheet program writes comes back cell for cell, in each encoding, with each separator."""
    path = tmp_path / "file.csv"
    with path.open("w", encoding=encoding, newline="") as stream:
        csv.writer(stream, delimiter=delimiter, lineterminator=ends).writerows([HEADER, *rows])
    declared = None if encoding in ("utf-8-sig", "utf-16") else encoding
    table = read_table(path, encoding=declared, delimiter=delimiter, known=known)
    expected: list[tuple[Any, ...]] = [tuple(cell or None for cell in row) for row in rows if any(row)]
    assert [row.cells for row in table.rows] == expected
    assert all(row.number == 2 + index for index, row in enumerate(table.rows) if all(map(any, rows)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example writes its own
@given(data=st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(tmp_path: Path, data: bytes) -> None:
    """No content makes anything but a table or an error of ours."""
    path = tmp_path / "file.csv"
    path.write_bytes(data)
    with contextlib.suppress(IntakeError):
        read_table(path)


def test_wide_tables_have_a_limit(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """One column more than the limit is one too many."""
    header = [f"c{index}" for index in range(MOST_COLUMNS + 1)]
    assert len(read_table(write_csv([header[:-1]])).headers) == MOST_COLUMNS
    assert refused(read_table, write_csv([header])).expected == f"at most {MOST_COLUMNS} columns"
