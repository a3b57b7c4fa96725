"""No report tells of what is not in the record, and nothing stands half-written in its place."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from day.elm_lane import GATE, SITE, ledger, put, run
from epiguard import ExportError, IntakeError, LedgerError
from epiguard.day import run_day
from epiguard.ledger._sqlite import SqliteStore

WANG = "1,2020-02-10 20:00,王小明,13800138001,1号楼101室,安徽合肥,,2020-02-10"
LATER = "2,2020-02-11 20:00,李静雯,13800138002,1号楼102室,安徽合肥,,2020-02-11"
NAMES = {"report.json", "report.xlsx", "report.html", "lists.xlsx"}


def outputs(base: Path) -> dict[str, bytes]:
    """What stands in the folder beside the ledger."""
    return {
        each.name: each.read_bytes()
        for each in (base / "out").iterdir()
        if not each.name.startswith("ledger.db")
    }


def test_a_commit_that_fails_leaves_the_reports_as_they_were(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A disk that is full at the last moment: no fact, and no report that tells of one."""
    run(tmp_path, paper=[WANG])
    before = outputs(tmp_path)
    with ledger(tmp_path) as opened:
        position = opened.position

    def full(_: SqliteStore) -> None:
        raise LedgerError("ledger file", expected="room", got="SQLITE_FULL")

    with monkeypatch.context() as patched:
        patched.setattr(SqliteStore, "commit", full)
        with pytest.raises(LedgerError, match="SQLITE_FULL"):
            run(tmp_path, paper=[WANG, LATER])
    assert outputs(tmp_path) == before
    with ledger(tmp_path) as opened:
        assert opened.position == position
    assert run(tmp_path, paper=[WANG, LATER]).facts_added > 0
    assert set(outputs(tmp_path)) == NAMES


@pytest.mark.parametrize("stuck", sorted(NAMES))
def test_a_file_that_cannot_be_moved(stuck: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The record stands, and so do the old files; the message says so, and a second run writes the new."""
    run(tmp_path, paper=[WANG])
    before = outputs(tmp_path)
    replace = Path.replace

    def open_elsewhere(self: Path, target: Any) -> Path:
        if Path(target) == tmp_path / "out" / stuck and not self.name.startswith("old-"):
            raise PermissionError(13, "Permission denied")
        return replace(self, target)

    with monkeypatch.context() as patched:
        patched.setattr(Path, "replace", open_elsewhere)
        with pytest.raises(ExportError) as caught:
            run(tmp_path, paper=[WANG, LATER])
    assert str(caught.value) == (
        f"{stuck}: expected a file that can be replaced, got a place that the system does not let you use;"
        " close it where it is open,"
        " or move away what stands in its place, then run the same folder again: the day is in the ledger"
        " already, only the report and lists are missing"
    )
    assert outputs(tmp_path) == before
    again = run(tmp_path, paper=[WANG, LATER])
    assert again.facts_added == 0
    assert again.report.forms.received == 2
    assert outputs(tmp_path) != before


def test_the_ledger_of_another_site_is_refused(tmp_path: Path) -> None:
    """Two sites run into one folder by mistake: the second is told, and the first one's record stays."""
    run(tmp_path, paper=[WANG])
    before = outputs(tmp_path)
    gate = [GATE, "1,2020-02-10 08:00,北门,进,居民,p-3,36.5,否,,,,是"]
    other = put(tmp_path / "other", {"gate.csv": gate}, SITE.replace('id = "elm-lane"', 'id = "oak-lane"'))
    with pytest.raises(
        LedgerError, match=r"got the policy of site 'oak-lane'.*name another folder with --out"
    ):
        run_day(other, tmp_path / "out")
    assert outputs(tmp_path) == before


def test_what_a_killed_run_left_is_removed(tmp_path: Path) -> None:
    """Its folder may hold lists of people; the folder of a run that goes on stays."""
    ended = subprocess.run(
        [sys.executable, "-c", "import os; print(os.getpid())"], capture_output=True, check=True
    )
    out = tmp_path / "out"
    left, alive = out / f".new-{int(ended.stdout)}-abc", out / f".new-{os.getpid()}-xyz"
    for folder in (left, alive):
        folder.mkdir(parents=True)
        (folder / "lists.xlsx").write_bytes(b"x")
    run(tmp_path, gate=["1,2020-02-10 08:00,北门,进,居民,p-3,36.5,否,,,,是"])
    assert (left.exists(), alive.exists()) == (False, True)


def test_without_any_date_nobody_guesses_the_day(tmp_path: Path) -> None:
    """A period counted from a day that was made up would let a returnee out."""
    with pytest.raises(IntakeError, match=r"^as of: expected an instant in the files.*--as-of"):
        run(tmp_path, paper=["1,,王小明,13800138001,1号楼101室,安徽合肥,,2020-02-10"])
    assert not (tmp_path / "out").exists()


def test_two_days_of_the_wrong_year_are_asked_about(tmp_path: Path) -> None:
    """Not only a single late day: the few records after a long silence are looked at."""
    rows = [f"{n},2020-02-1{n} 08:00,北门,进,居民,p-3,36.5,否,,,,是" for n in range(1, 8)]
    late = [f"{n},2021-02-1{n} 08:00,北门,进,居民,p-3,36.5,否,,,,是" for n in (8, 9)]
    with pytest.raises(IntakeError, match="2 days from 2021-02-18 on, 367 days after all others"):
        run(tmp_path, gate=[*rows, *late])
