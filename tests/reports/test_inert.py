"""What is written to a spreadsheet is data: never a formula, and read back exactly."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import python_calamine
from hypothesis import example, given
from hypothesis import strategies as st

from epiguard import ExportError
from epiguard.reports import Cell, Column, Sheet, guard, unguard, write_csv
from epiguard.reports._inert import looks_live
from epiguard.reports._sheet import clean_text
from epiguard.reports._xlsx import CUT, LONGEST_CELL, workbook

NOW = datetime.fromisoformat("2020-02-13T18:00:00+08:00")
PREFIXES = ["", " ", "\n", "\t", "\r", "'", "''", "\u3000", "\u00a0", "\ufeff", "\u200b", '"']
LIVE = ["=1+1", "+8613800000001", "-2+3", "@SUM(A1)", "＝1+1", "＋1", "－1", "＠SUM(A1)", "\t=1", "\r=1"]

texts = st.text(st.characters()) | st.builds(
    "{}{}{}".format,
    st.sampled_from(PREFIXES),
    st.sampled_from(["=", "+", "-", "@", "＝", "'", "x"]),
    st.text(),
)
# Spreadsheets keep 15 digits of a number.
numbers = st.integers(-(10**14), 10**14) | st.floats(-1e14, 1e14, allow_subnormal=False).map(
    lambda number: float(f"{number:.15G}")
)


def sheet(*cells: Cell, personal: bool = False) -> Sheet:
    """One column of cells."""
    return Sheet(
        key="cells",
        title_zh="格",
        title_en="cells",
        columns=[Column("cell", "格", "cell")],
        rows=[[cell] for cell in cells],
        personal=personal,
        made_at=NOW,
    )


def in_openpyxl(data: bytes) -> list[Any]:
    """The cells below the heading, with their types."""
    page = openpyxl.load_workbook(io.BytesIO(data)).worksheets[0]
    return [row[0] for row in page.iter_rows(min_row=2)]


def in_calamine(data: bytes) -> list[Any]:
    """The values below the heading, as another program reads them."""
    book = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data))
    return [row[0] for row in book.get_sheet_by_index(0).to_python()[1:]]


def in_csv(path: Path) -> list[str]:
    """The fields below the heading."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [row[0] if row else "" for row in list(csv.reader(file))[1:]]


@given(texts)
@example("'=1")
@example("''=1")
def test_guarding_can_be_undone_exactly(text: str) -> None:
    """Guarded text starts with an apostrophe or is inert; taking the guard away gives the text."""
    guarded = guard(text)
    assert unguard(guarded) == text
    assert guarded in {text, f"'{text}"}
    stripped = guarded.lstrip()
    assert not stripped or stripped[0] not in "=+-@＝＋－＠"


@given(texts, texts)
def test_no_two_texts_have_one_guarded_form(one: str, other: str) -> None:
    """A text that begins with an apostrophe is not taken for a guarded one."""
    assert (guard(one) == guard(other)) == (one == other)


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("text", LIVE)
def test_formulas_are_seen_behind_blanks(prefix: str, text: str) -> None:
    """White space, invisible marks and apostrophes hide no formula."""
    assert looks_live(prefix + text) or prefix == '"'


@pytest.mark.parametrize("text", ["", "王小明", "3号楼502室", "a=b", "1-2", "(+86) 138", "x\t=1"])
def test_ordinary_text_is_left_alone(text: str) -> None:
    """A sign inside a text starts nothing."""
    assert guard(text) == text


@given(st.lists(texts | numbers, min_size=1, max_size=8))
def test_a_workbook_holds_no_formula(cells: list[Cell]) -> None:
    """Text is text and numbers are numbers, to two different readers."""
    data = workbook([sheet(*cells)], title="t")
    assert all(cell.data_type != "f" for cell in in_openpyxl(data))
    read = in_calamine(data)
    read += [""] * (len(cells) - len(read))  # empty rows at the end are not read
    for cell, value in zip(cells, read, strict=True):
        assert value == (clean_text(cell) if isinstance(cell, str) else cell)


@given(st.lists(st.text(st.characters(min_codepoint=32, exclude_categories=["Cs", "Cc"])), max_size=8))
def test_openpyxl_reads_the_same_text(cells: list[str]) -> None:
    """Without control characters, which openpyxl leaves escaped, it too gives back what was written."""
    read = [cell.value or "" for cell in in_openpyxl(workbook([sheet(*cells)], title="t"))]
    read += [""] * (len(cells) - len(read))
    assert read == [clean_text(cell) for cell in cells if cell is not None]


@pytest.mark.parametrize("text", LIVE)
def test_live_text_stays_text_when_edited(text: str) -> None:
    """The cell carries the quote mark of spreadsheets, so that pressing Enter in it runs nothing."""
    [cell] = in_openpyxl(workbook([sheet(text)], title="t"))
    assert cell.data_type == "s"
    assert cell.quotePrefix


@given(st.lists(texts | numbers | st.none(), min_size=1, max_size=8))
def test_csv_reads_back(tmp_path_factory: pytest.TempPathFactory, cells: list[Cell]) -> None:
    """Taking the guards away gives the cells; nothing and blank text are both an empty field."""
    path = write_csv(sheet(*cells), tmp_path_factory.getbasetemp() / "cells.csv")
    for cell, field in zip(cells, in_csv(path), strict=True):
        if isinstance(cell, str):
            assert not looks_live(field) or field.startswith("'")
            assert unguard(field) == clean_text(cell)
        else:
            assert field == ("" if cell is None else str(cell))


def test_a_long_text_is_cut_where_it_is_seen() -> None:
    """What a cell cannot hold ends in a mark, also where characters take two units."""
    [plain, wide, fits] = in_calamine(
        workbook([sheet("x" * 40_000, "𠮷" * 20_000, "y" * LONGEST_CELL)], title="t")
    )
    for text in (plain, wide):
        assert text.endswith(CUT)
        assert LONGEST_CELL - 1 <= len(text.encode("utf-16-le")) // 2 <= LONGEST_CELL
    assert fits == "y" * LONGEST_CELL


def test_long_numbers_keep_their_digits() -> None:
    """A spreadsheet keeps 15 digits of a number; longer ones are written as text."""
    assert in_calamine(workbook([sheet(310112198503120012)], title="t")) == ["310112198503120012"]


def test_the_same_input_gives_the_same_bytes() -> None:
    """No clock and no chance in the file."""
    assert workbook([sheet("甲", 1)], title="t") == workbook([sheet("甲", 1)], title="t")


def test_any_title_makes_a_sheet() -> None:
    """Titles with signs a spreadsheet forbids, too long, or twice."""
    given_ = [
        Sheet(key="k", title_zh=title, title_en="", columns=[], rows=[])
        for title in ("a/b", "a:b", "甲" * 40, "")
    ]
    book = openpyxl.load_workbook(io.BytesIO(workbook(given_, title="\x00\x1f", comments="\ud800")))
    assert book.sheetnames == ["a b", "a b 2", "甲" * 31, "k"]


@pytest.mark.parametrize("cell", [float("nan"), float("inf"), True, object(), b"x"])
def test_cells_are_plain(cell: Any) -> None:
    """Whatever is not text, a finite number or nothing is refused, and not repeated in the message."""
    with pytest.raises(ExportError, match=r"cells, row 1, cell: expected text, a finite number or nothing"):
        sheet(cell)


def test_rows_fit_their_columns() -> None:
    """A row that is too short would shift a phone number into another's column."""
    with pytest.raises(ExportError, match=r"cells, row 2: expected 1 cells, one per column, got 2"):
        Sheet(key="cells", title_zh="", title_en="", columns=[Column("a", "", "")], rows=[["x"], ["x", "y"]])
