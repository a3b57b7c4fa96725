"""Of a day's files only the lists name anybody, and that they do is a fact with actor and purpose."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from day.plum_court import PUBLIC, Folder, good_folder
from epiguard import Ledger, Policy
from epiguard.cli import main
from epiguard.day import run_day
from epiguard.errors import ExportError
from epiguard.facts import ExportMade
from epiguard.reports import (
    Sheet,
    day_lists,
    write_csv,
    write_lists,
    write_lists_html,
    write_lists_json,
)

#: Columns of the day's files that hold no value of a person: pseudonyms, numbers of houses, regions, days.
NOBODYS = {
    *PUBLIC,
    *("人员编号", "户号", "楼栋", "房号", "户籍地", "体温", "外省返程", "返程地", "从何处返沪", "抵沪日期"),
    *("5、您从哪里返沪", "6、您哪天到的小区？"),
}
PURPOSE = "daily reconciliation and calls 每日核对与电话联系"


def canaries_of(folder: Folder) -> set[str]:
    """Names, numbers, homes, plates and cards of everybody in the files, as they stand there."""
    found: set[str] = set()
    for name in folder.files:
        heads, *rows = folder.rows(name)
        wanted = [place for place, heading in enumerate(heads) if heading not in NOBODYS]
        found.update(str(row[place]) for row in rows for place in wanted if row[place] is not None)
    return found


def text_of(path: Path) -> str:
    """All text of a file, also of one that is packed."""
    data = path.read_bytes()
    if not zipfile.is_zipfile(io.BytesIO(data)):
        return data.decode("utf-8")
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        return "".join(packed.read(name).decode("utf-8") for name in packed.namelist())


def shown(canaries: Iterable[str], text: str) -> set[str]:
    """Those that stand in a text; numbers also as the library writes them."""
    plain = text.replace(" ", "").replace("-", "")
    return {each for each in canaries if each in text or (each.isdecimal() and each in plain)}


def test_only_the_lists_name_anybody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Of everything that a run prints and writes; as a control the same search finds them in the lists."""
    folder, out = good_folder(), tmp_path / "out"
    folder.write(tmp_path / "files")
    canaries = canaries_of(folder)
    assert {"王梅生", "13800138171", "60017011", "沪A7K317", "周德福", "203.0.113.71"} <= canaries
    assert main(["day", str(tmp_path / "files"), "--out", str(out)]) == 0
    said = capsys.readouterr()
    assert shown(canaries, said.out + said.err) == set()
    for name in ("report.json", "report.xlsx", "report.html"):
        assert shown(canaries, text_of(out / name)) == set(), name
    assert {"王梅生", "13800138174"} <= shown(canaries, text_of(out / "lists.xlsx"))
    policy = Policy.load(tmp_path / "files" / "site.toml")
    with Ledger.open(out / "ledger.db", policy=policy) as ledger:
        exports = [each for each in ledger.facts() if isinstance(each.fact, ExportMade)]
    assert [(each.by, each.fact.purpose) for each in exports] == [("day-job", PURPOSE)]  # type: ignore[attr-defined]  # mypy loses the kind


@pytest.fixture
def sheets(tmp_path: Path) -> tuple[Sheet, ...]:
    """The working lists of the day, and whose values are in them."""
    good_folder().write(tmp_path / "files")
    result = run_day(tmp_path / "files", tmp_path / "out")
    policy = Policy.load(tmp_path / "files" / "site.toml")
    with Ledger.open(tmp_path / "out" / "ledger.db", policy=policy) as ledger:
        return tuple(
            day_lists(
                ledger.state,
                day=result.day,
                now=result.as_of,
                reconciliation=result.lists,
                decisions=result.decisions,
            )
        )


def test_a_list_that_needs_no_export_holds_no_value(sheets: tuple[Sheet, ...], tmp_path: Path) -> None:
    """Whatever a list says of itself, its cells are looked through; those with values say that they have."""
    canaries = canaries_of(good_folder())
    named = {each.key for each in sheets if shown(canaries, str(each.rows))}
    assert named <= {each.key for each in sheets if each.personal}
    assert len(named) > 3
    assert [shown(canaries, repr(each)) for each in sheets] == [set()] * len(sheets)
    (tmp_path / "lists").mkdir()
    for each in sheets:
        if each.personal:
            with pytest.raises(ExportError, match="who exports personal data and what for"):
                write_csv(each, tmp_path / "lists" / f"{each.key}.csv")
        else:
            path = write_csv(each, tmp_path / "lists" / f"{each.key}.csv")
            assert shown(canaries, path.read_text(encoding="utf-8-sig")) == set()


@pytest.mark.parametrize("write", [write_lists, write_lists_json, write_lists_html])
@pytest.mark.parametrize("export", [None, "calls", True])
def test_no_format_goes_without_an_export(
    sheets: tuple[Sheet, ...],
    tmp_path: Path,
    write: Any,
    export: Any,
) -> None:
    """Neither nothing, nor words, nor a flag: no file is written."""
    with pytest.raises(ExportError, match="who exports personal data and what for"):
        write(sheets, tmp_path / "lists", export=export)
    assert not (tmp_path / "lists").exists()
