"""Files appear whole, privately where they name people, and for a purpose."""

from __future__ import annotations

import builtins
import json
import os
import re
import stat
import sys
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from epiguard.errors import ExportError, InvalidValueError
from epiguard.exports import Export
from epiguard.reports import (
    daily_report,
    day_lists,
    write_csv,
    write_html,
    write_json,
    write_lists,
    write_lists_html,
    write_lists_json,
    write_xlsx,
)

DAY = date(2020, 2, 13)
NOW = datetime.fromisoformat("2020-02-13T18:00:00+08:00")


@pytest.fixture
def report(village: Any) -> Any:
    """A report with a little of everything."""
    return daily_report(
        village.state,
        day=DAY,
        now=NOW,
        reconciliation=village.lists,
        decisions=village.decisions,
        notes=["paper.xlsx: 3 rows"],
    )


@pytest.fixture
def sheets(village: Any) -> Any:
    """All working lists."""
    return day_lists(
        village.state, day=DAY, now=NOW, reconciliation=village.lists, decisions=village.decisions
    )


def mode(path: Path) -> int:
    """A file's permissions."""
    return stat.S_IMODE(path.stat().st_mode)


@pytest.mark.parametrize("write", [write_json, write_xlsx, write_html])
def test_the_same_report_is_the_same_file(report: Any, tmp_path: Path, write: Any) -> None:
    """Two runs on the same facts can be compared byte by byte."""
    one, other = tmp_path / "one", tmp_path / "other"
    assert write(report, one) == one
    write(report, other)
    assert one.read_bytes() == other.read_bytes()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["one", "other"]


def test_json_is_the_report(report: Any, tmp_path: Path) -> None:
    """The file holds the plain data, with its version, in readable UTF-8."""
    path = write_json(report, tmp_path / "report.json")
    assert json.loads(path.read_text(encoding="utf-8")) == report.as_dict()
    assert report.as_dict()["version"] == 2
    assert "金都花园" in path.read_text(encoding="utf-8")


def test_the_workbook_holds_every_figure(report: Any, tmp_path: Path) -> None:
    """The summary has each single figure with its definition; the series have sheets of their own."""
    book = openpyxl.load_workbook(write_xlsx(report, tmp_path / "report.xlsx"))
    rows = {row[1]: row for row in book["每日动态"].iter_rows(values_only=True)}
    assert rows["forms.received"][4] == 5
    assert rows["forms.unregistered"][4] == 1
    assert rows["forms.unregistered"][6] == report.definitions["forms.unregistered"].means[1]
    assert [cell.value for cell in book["逐日返程"][2]] == ["2020-02-12", 3]
    assert book["说明"]["A2"].value == "paper.xlsx: 3 rows"


def export(purpose: str) -> Export:
    """What a ledger gives."""
    return Export(what="lists.xlsx", purpose=purpose, by="cadre-3", entry="main-7")


def test_lists_are_for_their_owner_and_name_their_purpose(sheets: Any, tmp_path: Path) -> None:
    """One sheet each and a cover; nobody else on the machine reads them."""
    before = os.umask(0)
    try:
        path = write_lists(sheets, tmp_path, export=export("=calls of 13 February"))
        csv_path = write_csv(sheets[0], tmp_path / "calls.csv", export=export("calls"))
    finally:
        os.umask(before)
    assert path == tmp_path / "lists.xlsx"
    assert mode(path) == mode(csv_path) == 0o600
    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["封面", *(each.title_zh for each in sheets)]
    cover = {row[0]: row[2] for row in book["封面"].iter_rows(values_only=True)}
    assert cover["用途"] == "=calls of 13 February"
    assert (cover["导出人"], cover["台账编号"]) == ("cadre-3", "main-7")
    assert cover["待办联系"] == len(sheets[0].rows)


def test_lists_replace_a_file_that_others_could_read(sheets: Any, tmp_path: Path) -> None:
    """The new file does not take over the permissions of the one it replaces."""
    path = tmp_path / "lists.xlsx"
    path.write_bytes(b"old")
    path.chmod(0o666)
    assert write_lists(sheets, path, export=export("calls")) == path
    assert mode(path) == 0o600


def test_personal_data_leaves_for_a_purpose(sheets: Any, tmp_path: Path) -> None:
    """No actor and purpose, no file; lists without personal data need none."""
    for none in (None, "calls"):
        with pytest.raises(ExportError, match="expected who exports personal data and what for"):
            write_lists(sheets, tmp_path, export=none)  # type: ignore[arg-type]  # wrong on purpose
        with pytest.raises(ExportError, match="expected who exports personal data and what for"):
            write_csv(sheets[0], tmp_path / "calls.csv", export=none)  # type: ignore[arg-type]  # wrong on purpose
    assert list(tmp_path.iterdir()) == []
    assert write_csv(sheets[-1], tmp_path / "decisions.csv").exists()


@pytest.mark.parametrize("purpose", ["", "  \n", None])
def test_an_export_has_a_purpose(purpose: Any) -> None:
    """And a name, and somebody who makes it."""
    with pytest.raises(ExportError, match="purpose: expected what the personal data is exported for"):
        export(purpose)
    with pytest.raises(ExportError, match="what: expected what is exported"):
        Export(what=" ", purpose="calls", by="cadre-3")
    with pytest.raises(InvalidValueError, match=r"Export\.by"):
        Export(what="lists.xlsx", purpose="calls", by=" ")


def test_a_failed_write_leaves_what_stood_there(
    report: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk ends in an error; yesterday's file is whole and nothing lies beside it."""
    path = write_json(report, tmp_path / "report.json")
    before = path.read_bytes()

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(ExportError, match=r"report.json: expected a file that can be written, got no space"):
        write_json(report, path)
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_missing_folder_is_named(report: Any, tmp_path: Path) -> None:
    """The message names the file and what to do, and is one of ours."""
    with pytest.raises(ExportError, match="check that the folder exists"):
        write_json(report, tmp_path / "nowhere" / "report.json")


@pytest.mark.parametrize(("write", "package"), [(write_xlsx, "xlsxwriter"), (write_html, "jinja2")])
def test_a_missing_package_is_named(
    report: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, write: Any, package: str
) -> None:
    """Without the extra the error says what to install; a broken package raises its own error."""
    real = builtins.__import__

    def without(name: str, *arguments: Any, **options: Any) -> Any:
        if name == package:
            raise ModuleNotFoundError(f"No module named {missing!r}", name=missing)
        return real(name, *arguments, **options)

    monkeypatch.setattr(builtins, "__import__", without)
    missing = package
    with pytest.raises(ExportError, match=r"pip install epiguard\[day\]"):
        write(report, tmp_path / "report")
    missing = "something_inside"
    with pytest.raises(ModuleNotFoundError, match="something_inside"):
        write(report, tmp_path / "report")


def test_importing_reports_imports_no_extra() -> None:
    """Whoever only counts needs neither XlsxWriter nor Jinja2."""
    import subprocess

    code = (
        "import sys, epiguard.reports\n"
        "assert not {'xlsxwriter', 'jinja2', 'epiguard.reconciliation'} & set(sys.modules)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_lists_as_data_and_as_a_page(sheets: Any, tmp_path: Path) -> None:
    """The same cells as in the workbook, for their owner and a purpose, and nothing on the page runs."""
    calls = export("calls of <b>13 February</b>")
    data = write_lists_json(sheets, tmp_path / "lists.json", export=calls)
    page = write_lists_html(sheets, tmp_path / "lists.html", export=calls)
    assert {mode(data), mode(page)} == {0o600}
    plain = json.loads(data.read_text(encoding="utf-8"))
    assert (plain["purpose"], plain["entry"]) == (calls.purpose, "main-7")
    assert list(plain["sheets"]) == [each.key for each in sheets]
    for each in sheets:
        assert plain["sheets"][each.key]["rows"] == list(each.records())
    text = page.read_text(encoding="utf-8")
    assert "欧阳芳菲" in text
    assert "calls of &lt;b&gt;13 February&lt;/b&gt;" in text
    assert not re.search(r"<script|https?:|<a |<img|url\(|<b>", text)
    for each in sheets:
        assert f"{each.title_zh} <span" in text
    # A telephone shows a row as a card: every cell that says something has its heading with it.
    said = sum(cell not in (None, "") for each in sheets for row in each.rows for cell in row)
    assert text.count("<td data-label=") == said
    assert text.count("<table>") == sum(bool(each.rows) for each in sheets)
    for write in (write_lists_json, write_lists_html):
        with pytest.raises(ExportError):
            write(sheets, tmp_path / "none", export=None)  # type: ignore[arg-type]  # on purpose
    assert not (tmp_path / "none").exists()
