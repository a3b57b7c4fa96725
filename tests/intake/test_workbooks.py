"""Workbooks: cells as they are, the right sheet, and hostile files that must not end the process."""

from __future__ import annotations

import contextlib
import io
import json
import re
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from epiguard.errors import IntakeError
from epiguard.intake import _archive, _sheet_xml, _xls, read_table
from epiguard.intake.grid import Cell, Failed, SureText

# XLS files written once with xlwt, which nobody maintains any more; everybody in them is invented.
DATA = Path(__file__).parent / "data"
HEADER = ["姓名", "手机号", "住址"]
AT = datetime.fromisoformat("2020-02-07T21:30:00")

Change = Callable[[dict[str, bytes]], None]


def changed(path: Path, change: Change, method: int = zipfile.ZIP_DEFLATED) -> Path:
    """Change the parts of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    change(parts)
    with zipfile.ZipFile(path, "w", method) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def with_sheet(xml: str) -> Change:
    """Replace the rows of the first sheet."""

    def change(parts: dict[str, bytes]) -> None:
        name = "xl/worksheets/sheet1.xml"
        parts[name] = re.sub(
            rb"<sheetData>.*</sheetData>|<sheetData/>",
            f"<sheetData>{xml}</sheetData>".encode(),
            parts[name],
            flags=re.DOTALL,
        )

    return change


def test_cells_keep_their_kinds(write_xlsx: Callable[..., Path]) -> None:
    """Text, numbers, truth values, dates and times arrive as what they are."""
    row = [
        "王小明",
        13800138000,
        36.5,
        True,
        AT,
        date(2020, 2, 7),
        time(21, 30),
        "",
    ]
    table = read_table(write_xlsx([[f"c{index}" for index in range(len(row))], row]))
    assert table.rows[0].cells == (*row[:-1], None)
    assert [type(cell) for cell in table.rows[0].cells] == [
        *(SureText, float, float, bool, datetime, date, time, type(None))
    ]


def test_rows_and_columns_keep_their_places(write_xlsx: Callable[..., Path]) -> None:
    """A table that does not begin in A1 keeps the numbers that the spreadsheet shows."""
    rows = [
        [],
        ["登记表"],
        [],
        [None, None, *HEADER],
        [None, None, "王小明", 1, "x"],
        [],
        [None, None, "李小红"],
    ]
    table = read_table(write_xlsx(rows), known=lambda heading: heading in HEADER)
    assert table.headers == ("", "", *HEADER)
    assert [row.number for row in table.rows] == [5, 7]
    assert table.blank_rows == 1


@pytest.mark.parametrize("formula", ["=1/0", "=VLOOKUP(1,B:B,2,0)"])
def test_a_formulas_error_is_not_blank(write_xlsx: Callable[..., Path], formula: str) -> None:
    """Calamine shows #N/A as a blank cell; a blank would be taken for "not known"."""
    error = "#DIV/0!" if "/" in formula else "#N/A"
    sheets = {
        "其他": [],
        "数据": [HEADER, ["王小明", (formula, error), ("=A2", "x")], ["李小红", None, "#N/A"]],
    }
    table = read_table(write_xlsx(sheets))
    assert table.rows[0].cells == ("王小明", Failed.FORMULA, "x")
    assert table.rows[1].cells == ("李小红", None, "#N/A")


def test_the_first_visible_sheet_with_anything_in_it_is_read(write_xlsx: Callable[..., Path]) -> None:
    """Empty and hidden sheets are passed over, and the others are named."""
    sheets = {"空": [], "藏": [["x"]], "一": [HEADER, ["王小明"]], "二": [["y"]]}
    table = read_table(write_xlsx(sheets, hidden=["藏"]))
    assert table.headers == tuple(HEADER)
    assert table.notes == ("sheet: 一", "sheets not read: 二")


def test_a_declared_sheet_counts(
    write_xlsx: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """A hidden sheet can be declared; a wrong name is answered with those that are there."""
    path = write_xlsx({"一": [["y"]], "藏": [HEADER]}, hidden=["藏"])
    assert read_table(path, sheet="藏").headers == tuple(HEADER)
    assert str(refused(read_table, path, sheet="人员")) == (
        "file.xlsx: expected a sheet named '人员', got sheets named '一', '藏'; correct the declared sheet"
    )


def test_an_empty_workbook_is_refused(
    write_xlsx: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """Nothing to read is an error, not an empty register."""
    assert refused(read_table, write_xlsx({"一": [], "二": []})).got == "empty or hidden sheets only"


def test_names_of_files_may_lie(write_xlsx: Callable[..., Path], write_csv: Callable[..., Path]) -> None:
    """What a file is, is told by its content, and a wrong name is noted."""
    table = read_table(write_xlsx([HEADER, ["王小明"]], name="export.csv"))
    assert table.headers == tuple(HEADER)
    assert table.notes[0] == "the content is an XLSX workbook, whatever the name says"
    table = read_table(write_csv([HEADER, ["王小明"]], name="export.xls"))
    assert table.notes[0] == "the content is a text file, whatever the name says"


def test_without_calamine_the_extra_is_named(
    write_xlsx: Callable[..., Path], refused: Callable[..., IntakeError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Workbooks need the extra, and the message says how to get it; CSV does not."""
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    assert (
        refused(read_table, write_xlsx([HEADER])).do == "pip install epiguard[day], or save the table as CSV"
    )


def test_reading_text_does_not_import_calamine(write_csv: Callable[..., Path]) -> None:
    """The library without the extra reads CSV."""
    path = write_csv([HEADER, ["王小明", "1", "2"]])
    code = (
        f"import sys; from epiguard.intake import read_table; read_table({str(path)!r}); print(*sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=True, text=True)
    assert "python_calamine" not in done.stdout.split()


# --- hostile workbooks ---


def far_corners(parts: dict[str, bytes]) -> None:
    """Two cells, in opposite corners: half a terabyte for a reader that fills the rectangle."""
    with_sheet(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    )(parts)


def far_corners_without_references(parts: dict[str, bytes]) -> None:
    """The same with rows that only count."""
    with_sheet(
        "".join(f"<row><!-- {row} --></row>" for row in range(200_000)) + "<row><c><v>1</v></c></row>"
    )(parts)


def wide_and_long(parts: dict[str, bytes]) -> None:
    """A rectangle of 60 million cells within the limits of rows and columns."""
    with_sheet('<row r="150000"><c r="A150000"><v>1</v></c></row><row r="1"><c r="OA1"><v>1</v></c></row>')(
        parts
    )


def repeated_text(parts: dict[str, bytes]) -> None:
    """One long shared text, referred to from very many cells."""
    text = "x" * 32_000
    parts["xl/sharedStrings.xml"] = f'<sst xmlns="x"><si><t>{text}</t></si></sst>'.encode()
    with_sheet("".join(f'<row r="{row}"><c r="A{row}" t="s"><v>0</v></c></row>' for row in range(1, 9_000)))(
        parts
    )


def long_text(parts: dict[str, bytes]) -> None:
    """A shared text longer than a cell can be."""
    parts["xl/sharedStrings.xml"] = f"<sst><si><t>{'x' * 40_000}</t></si></sst>".encode()
    with_sheet('<row r="1"><c r="A1" t="s"><v>0</v></c></row>')(parts)


def bad_index(parts: dict[str, bytes]) -> None:
    """A reference to a shared text that is not there."""
    with_sheet('<row r="1"><c r="A1" t="s"><v>99999999</v></c></row>')(parts)


def bad_reference(parts: dict[str, bytes]) -> None:
    """A place that no sheet has."""
    with_sheet('<row r="1"><c r="ZZZZZ99999999999"><v>1</v></c></row>')(parts)


def entities(parts: dict[str, bytes]) -> None:
    """A document type with entities that expand to each other."""
    name = "xl/worksheets/sheet1.xml"
    doctype = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    parts[name] = parts[name].replace(b"<worksheet", doctype + b"<worksheet", 1)


def broken_xml(parts: dict[str, bytes]) -> None:
    """A sheet that is cut off."""
    parts["xl/worksheets/sheet1.xml"] = parts["xl/worksheets/sheet1.xml"][:-20]


def bomb(parts: dict[str, bytes]) -> None:
    """Much of the same, which compresses a thousand times."""
    parts["xl/media/image1.xml"] = b"0" * 50_000_000


def large(parts: dict[str, bytes]) -> None:
    """More than may be unpacked, at an innocent ratio each."""
    for index in range(200):
        parts[f"xl/part{index}.xml"] = b"0" * 1_000_000


def many_entries(parts: dict[str, bytes]) -> None:
    """Very many parts."""
    parts.update({f"xl/part{index}.xml": b"" for index in range(3_000)})


def no_workbook(parts: dict[str, bytes]) -> None:
    """A zip archive of something else."""
    del parts["xl/workbook.xml"]


def two_shared(parts: dict[str, bytes]) -> None:
    """Two parts of shared texts, of which guard and reader might choose different ones."""
    parts["xl/other.xml"] = b"<sst><si><t>x</t></si></sst>"
    parts["xl/sharedStrings.xml"] = b"<sst><si><t>x</t></si></sst>"


@pytest.mark.parametrize(
    ("change", "got"),
    [
        (far_corners, "a sheet of 1048576 rows, where 200000 are the limit"),
        (far_corners_without_references, "a sheet of 200001 rows, where 200000 are the limit"),
        (wide_and_long, "sheets of more than 1000000 cells, blank ones between others included"),
        (repeated_text, "more than 64 million characters"),
        (long_text, "a text of more than 32767 characters"),
        (bad_index, "damaged or hostile XML in it"),
        (bad_reference, "damaged or hostile XML in it"),
        (entities, "damaged or hostile XML in it"),
        (broken_xml, "damaged or hostile XML in it"),
        (two_shared, "damaged or hostile XML in it"),
        (bomb, "a part that unpacks to more than 200 times its size"),
        (large, "more than 160 MiB when unpacked"),
        (many_entries, "more than 2000 entries"),
        (no_workbook, "a zip archive of something else"),
    ],
)
def test_hostile_workbooks_are_refused(
    write_xlsx: Callable[..., Path], refused: Callable[..., IntakeError], change: Change, got: str
) -> None:
    """Each is refused before the reader of spreadsheets sees it."""
    assert refused(read_table, changed(write_xlsx([HEADER, ["王小明"]]), change)).got == got


def test_many_sheets_count_together(
    write_xlsx: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """Twenty sheets of far corners are as hostile as one."""
    corner = [["x"], *([] for _ in range(300)), [None] * 300 + ["y"]]
    error = refused(read_table, write_xlsx({f"s{number}": corner for number in range(20)}))
    assert error.got == "sheets of more than 1000000 cells, blank ones between others included"


def test_a_cell_without_its_text_is_blank(write_xlsx: Callable[..., Path]) -> None:
    """Some programs write a shared text that is none."""
    xml = '<row r="1"><c r="A1" t="s"><v>0</v></c></row><row r="2"><c r="A2" t="s"><v></v></c></row>'
    table = read_table(changed(write_xlsx([HEADER]), with_sheet(xml)))
    assert (table.headers, table.rows) == (("姓名",), ())


def test_styled_blank_cells_do_not_count(write_xlsx: Callable[..., Path]) -> None:
    """Somebody who colours whole columns makes no table of a million rows."""
    path = write_xlsx([["x", "y"], ["1", "2"]])
    xml = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>'
    assert read_table(changed(path, with_sheet(xml))).headers == ("1.0",)


def test_a_size_that_lies_is_found(
    write_xlsx: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """A part that unpacks to more than it says is damage, whatever the checksum says."""
    path = changed(write_xlsx([HEADER]), lambda parts: parts.update({"xl/z.xml": b"0" * 900_000}))
    data = bytearray(path.read_bytes())
    place = data.rindex(b"xl/z.xml") - 46
    assert data[place : place + 4] == b"PK\x01\x02"
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    path.write_bytes(data)
    assert refused(read_table, path).got == "a damaged archive"


def test_an_entry_twice_is_refused(
    write_xlsx: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """Guard and reader might take different ones of them."""
    path = write_xlsx([HEADER])
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("XL/workbook.xml", b"<workbook/>")
    assert refused(read_table, path).got == "an archive with an entry twice"


def test_other_zip_archives_are_refused(tmp_path: Path, refused: Callable[..., IntakeError]) -> None:
    """An OpenDocument sheet, a Word document and an archive of files are not taken for XLSX."""
    for names in (["mimetype", "content.xml"], ["[Content_Types].xml", "word/document.xml"], ["a.csv"], []):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w") as archive:
            for name in names:
                archive.writestr(name, b"x")
        path = tmp_path / "file.xlsx"
        path.write_bytes(stream.getvalue())
        assert refused(read_table, path).got == "a zip archive of something else"


def test_encrypted_workbooks_are_named(tmp_path: Path, refused: Callable[..., IntakeError]) -> None:
    """A password is the one thing the reader can remove, so it is said."""
    path = tmp_path / "file.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le")
    )
    error = refused(read_table, path)
    assert (error.expected, error.got) == ("a workbook without a password", "an encrypted one")


def test_archives_with_a_password_and_other_compressions_are_refused(
    write_xlsx: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """What an ordinary program does not write is not unpacked."""
    path = changed(write_xlsx([HEADER]), lambda _: None, zipfile.ZIP_LZMA)
    assert refused(read_table, path).got == "an unusual compression"
    data = bytearray(write_xlsx([HEADER]).read_bytes())
    place = data.index(b"PK\x01\x02")
    data[place + 8] |= 1
    path.write_bytes(data)
    assert refused(read_table, path).got == "an encrypted archive"


def entities_in_the_list(parts: dict[str, bytes]) -> None:
    """A document type in the list of sheets."""
    name = "xl/workbook.xml"
    parts[name] = parts[name].replace(b"<workbook", b"<!DOCTYPE x [<!ENTITY a 'aa'>]><workbook", 1)


def unknown_encoding(parts: dict[str, bytes]) -> None:
    """An encoding that nobody knows."""
    name = "xl/worksheets/sheet1.xml"
    parts[name] = parts[name].replace(b"UTF-8", b"EBCDIC-X", 1)


@pytest.mark.parametrize("change", [entities_in_the_list, unknown_encoding])
def test_other_damage_is_refused(
    write_xlsx: Callable[..., Path], refused: Callable[..., IntakeError], change: Change
) -> None:
    """What another reader might understand is refused where we do not."""
    assert refused(read_table, changed(write_xlsx([HEADER]), change)).got == "damaged or hostile XML in it"


def test_a_sheet_that_no_list_names_hides_no_formula_error(write_xlsx: Callable[..., Path]) -> None:
    """Where it cannot be told which part a sheet is, the errors of all parts count."""

    def change(parts: dict[str, bytes]) -> None:
        name = "xl/_rels/workbook.xml.rels"
        parts[name] = parts[name].replace(b"worksheets/sheet1.xml", b"./worksheets/sheet1.xml")

    path = write_xlsx([HEADER, ["王小明", ("=1/0", "#DIV/0!")]])
    with contextlib.suppress(IntakeError):  # the reader may refuse what it cannot find
        assert read_table(changed(path, change)).rows[0].cells[1] is Failed.FORMULA


def test_numbers_of_rows_and_texts_have_limits(
    write_xlsx: Callable[..., Path], refused: Callable[..., IntakeError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sheet of very many elements and very many shared texts are stopped while they are counted."""
    path = write_xlsx([HEADER, ["王小明", "1", "2"]])
    for limit in ("MOST_ELEMENTS", "MOST_CELLS"):
        with monkeypatch.context() as patched:
            patched.setattr(_sheet_xml, limit, 4)
            assert refused(read_table, path).where == "file.xlsx"


def test_a_panic_of_the_reader_is_an_error_of_ours(
    write_xlsx: Callable[..., Path], refused: Callable[..., IntakeError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reader's own message might repeat a cell; an interrupt passes through."""

    class PanicException(BaseException):
        """A panic of Rust code."""

    class Workbook:
        raised: BaseException = PanicException("王小明")

        @classmethod
        def from_filelike(cls, _: object) -> object:
            raise cls.raised

    monkeypatch.setattr("python_calamine.CalamineWorkbook", Workbook)
    error = refused(read_table, write_xlsx([HEADER]))
    assert (error.got, error.__context__ is None or error.__suppress_context__) == (
        "one that cannot be read",
        True,
    )
    Workbook.raised = KeyboardInterrupt()
    with pytest.raises(KeyboardInterrupt):
        read_table(write_xlsx([HEADER]))


def test_every_truncation_is_refused(write_xlsx: Callable[..., Path]) -> None:
    """A workbook that was copied in part is damaged at every length, and never read in part."""
    path = write_xlsx([HEADER, ["王小明", 1, 2]])
    data = path.read_bytes()
    for length in [*range(4, 40), *range(40, len(data), 97), len(data) - 1]:
        path.write_bytes(data[:length])
        with pytest.raises(IntakeError):
            read_table(path)


@settings(
    max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # each example writes its own
@given(changes=st.lists(st.tuples(st.floats(0, 0.999), st.integers(0, 255)), min_size=1, max_size=6))
def test_changed_bytes_are_refused_or_harmless(
    write_xlsx: Callable[..., Path], changes: list[tuple[float, int]]
) -> None:
    """No change of bytes makes anything but a table or an error of ours."""
    path = write_xlsx([HEADER, ["王小明", 1, 2]])
    data = bytearray(path.read_bytes())
    for share, value in changes:
        data[int(share * len(data))] = value
    path.write_bytes(data)
    with contextlib.suppress(IntakeError):
        read_table(path)


TEXT = st.text(
    st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn")), min_size=1, max_size=12
)
CELLS = st.one_of(TEXT, st.integers(-(10**9), 10**9), st.booleans(), st.none())


@settings(
    max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # each example writes its own
@given(rows=st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=5))
def test_xlsx_round_trip(write_xlsx: Callable[..., Path], rows: list[list[Any]]) -> None:
    """What a workbook holds comes back cell for cell, in its place."""
    table = read_table(write_xlsx([HEADER, *rows]))
    expected = {
        number: tuple(row)
        for number, row in enumerate(rows, start=2)
        if any(cell is not None and str(cell).strip() for cell in row)
    }
    assert {row.number: row.cells for row in table.rows} == expected


# --- XLS, the old format ---


def test_old_workbooks_are_read() -> None:
    """An XLS export is read like any other; its notes say what the format cannot tell."""
    table = read_table(DATA / "questionnaire-2003.xls")
    assert table.headers[:2] == ("序号", "提交答卷时间")
    assert table.rows[0].cells[1] == AT.replace(second=15)
    assert table.rows[0].cells[9] == date(2020, 2, 6)
    assert "formulas' errors cannot be told from blank cells in an XLS workbook" in table.notes


def test_old_workbooks_keep_the_answers_to_wrong_sheets(refused: Callable[..., IntakeError]) -> None:
    """What the other process refuses arrives as it was said."""
    error = refused(read_table, DATA / "questionnaire-2003.xls", sheet="人员")
    assert error.got == "sheets named 'Sheet1', 'hidden'"


def test_an_old_workbook_that_needs_too_much_ends_only_its_own_process(
    refused: Callable[..., IntakeError],
) -> None:
    """Two cells in opposite corners make the reader fail; this process sees that it did."""
    error = refused(read_table, DATA / "far-corners.xls")
    assert error.do in (
        "open it in a spreadsheet program and save it as XLSX",
        "delete cells far away from the table, or copy the table into a new workbook",
    )


def test_a_truncated_old_workbook_is_refused(tmp_path: Path, refused: Callable[..., IntakeError]) -> None:
    """Half an XLS file is not read in part."""
    path = tmp_path / "file.xls"
    path.write_bytes((DATA / "questionnaire-2003.xls").read_bytes()[:2000])
    assert refused(read_table, path).got == "one that cannot be read"


def test_a_full_old_workbook_may_be_cut_off(
    refused: Callable[..., IntakeError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A register that ends at the last row the format has, has probably lost people (PHE, October 2020)."""
    monkeypatch.setattr(_xls, "XLS_ROWS", 3)
    error = refused(read_table, DATA / "questionnaire-2003.xls")
    assert error.got == "all rows that an XLS sheet has, so that more may have been cut off"


@pytest.mark.parametrize("setting", [("executable", ""), ("frozen", True)])
def test_where_no_python_can_be_started_old_workbooks_are_refused(
    refused: Callable[..., IntakeError], monkeypatch: pytest.MonkeyPatch, setting: tuple[str, object]
) -> None:
    """A program frozen into one file would start itself instead."""
    monkeypatch.setattr(sys, *setting, raising=False)
    assert refused(read_table, DATA / "questionnaire-2003.xls").got == "one that cannot be read"


@pytest.mark.parametrize(
    "cell", [None, SureText("x"), 1, 1.5, True, AT, date(2020, 2, 7), time(21, 30), AT.replace(microsecond=5)]
)
def test_cells_pass_between_processes(cell: Cell) -> None:
    """What the other process read arrives as what it was."""
    passed = _xls.decoded(json.loads(json.dumps(_xls.encoded(cell))))
    assert (passed, type(passed)) == (cell, type(cell))


def test_a_process_that_takes_too_long_is_ended(
    refused: Callable[..., IntakeError], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that keeps the reader busy does not keep the caller."""
    monkeypatch.setattr(_xls, "LONGEST_SECONDS", 0.001)
    assert refused(read_table, DATA / "questionnaire-2003.xls").got == "one that cannot be read"


def test_limits_are_above_what_exports_have() -> None:
    """The guards stand far above an ordinary export and far below what hurts."""
    assert _archive.MOST_RATIO >= 200
    assert 100 * 2**20 < _archive.MOST_UNPACKED < 256 * 2**20
