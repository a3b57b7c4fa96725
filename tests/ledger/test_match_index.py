"""The file of a match index forgets whom the ledger forgets: its bytes are those of the others' index."""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import timedelta
from pathlib import Path

import pytest

from epiguard.cli import main
from epiguard.errors import IndexFileError, LedgerError
from epiguard.facts import PersonEnrolled, PersonLeft
from epiguard.ledger import Ledger, Retention
from epiguard.matching import Query, ResidentIndex, ResidentIndexFile
from epiguard.people import Person
from ledger.community import HEAD, RECORDED, policy

PEOPLE = [
    Person(id="p-7", name="王小明", phones=["13812340567"], residence="榆树里3号楼502室", cards=["0071"]),
    Person(id="p-8", name="王朵", residence="榆树里3号楼502室"),
    Person(id="p-9", latin_name="Ana Silva", residence="竹苑5号楼301室", plates=["沪A12345"]),
]
LONG_AFTER = timedelta(days=400)


def bytes_without(folder: Path, *gone: str) -> bytes:
    """The naive oracle: an index of the others, built from the register."""
    path = folder / "oracle.index"
    ResidentIndex.build(each for each in PEOPLE if each.id not in gone).save(path)
    written = path.read_bytes()
    path.unlink()
    return written


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    """A ledger on a file, with the index of its people beside it."""
    ledger = Ledger.open(tmp_path / "site.db", policy=policy(), writer="one", clock=lambda: RECORDED)
    for each in PEOPLE:
        ledger.record(PersonEnrolled(each), by="register")
    ResidentIndex.build(ledger.people()).save(tmp_path / "residents.index")
    return ledger


def test_who_is_erased_is_gone_from_the_file(ledger: Ledger, tmp_path: Path) -> None:
    """When erase returns; the others are found as before. What is open still has them and says so."""
    path = tmp_path / "residents.index"
    opened = ResidentIndex.open(path)
    ledger.register_index(ResidentIndexFile(path))
    ledger.erase("p-7", reason="asked for it", by="cadre-3")
    assert path.read_bytes() == bytes_without(tmp_path, "p-7")
    again = ResidentIndex.open(path)
    again.verify()
    assert ("p-7" in opened, "p-7" in again, "p-8" in again) == (True, False, True)
    assert again.find(Query(name="Ana Silva", residence="竹苑5号楼301室")).candidates[0].person_id == "p-9"
    ledger.close()


def test_a_file_registered_later_forgets_at_once(ledger: Ledger, tmp_path: Path) -> None:
    """Whoever was erased, or let go, where nobody told the file; who is on record again stays in it."""
    path = tmp_path / "residents.index"
    ledger.record(PersonLeft(person="p-8", reason="moved", at=RECORDED), by="cadre-3")
    ledger.erase("p-7", reason="asked for it", by="cadre-3")
    ledger.erase("p-9", reason="asked for it", by="cadre-3")
    ledger.record(PersonEnrolled(PEOPLE[2]), by="register")
    ledger.retain(Retention(people_days=30), by="cadre-3", as_of=RECORDED + LONG_AFTER)
    assert len(ResidentIndex.open(path)) == 3
    ledger.register_index(ResidentIndexFile(path))
    assert path.read_bytes() == bytes_without(tmp_path, "p-7", "p-8")
    ledger.close()


class Stuck:
    """An index that fails, as often as it is told to."""

    def __init__(self, times: int) -> None:
        self.times = times
        self.told: list[set[str]] = []

    def compact(self, erased: Collection[str]) -> None:
        """Fail, or forget."""
        self.times -= 1
        if self.times >= 0:
            raise OSError
        self.told.append(set(erased))


def test_what_retention_let_go_is_told_until_it_is_forgotten(ledger: Ledger, tmp_path: Path) -> None:
    """An index that fails is an error; the same call again, with nothing left to let go, tells it again."""
    path, stuck = tmp_path / "residents.index", Stuck(1)
    ledger.register_index(ResidentIndexFile(path))
    ledger.register_index(stuck)
    ledger.record(PersonLeft(person="p-8", reason="moved", at=RECORDED), by="cadre-3")
    rules, when = Retention(people_days=30), RECORDED + LONG_AFTER
    with pytest.raises(LedgerError, match="gone from the ledger, but not from the index"):
        ledger.retain(rules, by="cadre-3", as_of=when)
    assert path.read_bytes() == bytes_without(tmp_path, "p-8")
    assert ledger.retain(rules, by="cadre-3", as_of=when).entry is None
    assert stuck.told == [{"p-8"}]
    ledger.close()


def test_a_merge_that_erases_cleans_the_file(ledger: Ledger, tmp_path: Path) -> None:
    """Of whomever the other ledger erased or let go."""
    path = tmp_path / "residents.index"
    with Ledger.open(tmp_path / "other.db", policy=policy(), writer="two", clock=lambda: RECORDED) as other:
        other.merge(ledger)
        other.record(PersonLeft(person="p-8", reason="moved", at=RECORDED), by="cadre-3")
        other.erase("p-7", reason="asked for it", by="cadre-3")
        other.retain(Retention(people_days=30), by="cadre-3", as_of=RECORDED + LONG_AFTER)
        ledger.register_index(ResidentIndexFile(path))
        assert len(ResidentIndex.open(path)) == 3
        ledger.merge(other)
    assert path.read_bytes() == bytes_without(tmp_path, "p-7", "p-8")
    ledger.close()


def test_what_an_interrupted_save_left_goes_too(ledger: Ledger, tmp_path: Path) -> None:
    """A process that was killed while it saved leaves a file beside, with everybody in it."""
    path = tmp_path / "residents.index"

    class KilledError(BaseException):
        """Nothing is tidied up."""

    def killed(_: int) -> None:
        raise KilledError

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "fsync", killed)
        patch.setattr(Path, "unlink", lambda *_, **__: None)
        with pytest.raises(KilledError):
            ResidentIndex.build(PEOPLE).save(path)
    beside = [each for each in tmp_path.iterdir() if each.name.startswith(".")]
    assert [each.read_bytes() for each in beside] == [path.read_bytes()]
    ledger.register_index(ResidentIndexFile(path))
    ledger.erase("p-7", reason="asked for it", by="cadre-3")
    assert [each.name for each in tmp_path.iterdir() if each.name.startswith(".")] == []
    ledger.close()


def test_a_slip_in_the_path_is_refused(tmp_path: Path) -> None:
    """Before anything is erased: by name, and without a path."""
    with pytest.raises(IndexFileError, match=r"^residents\.index: expected the file of an index"):
        ResidentIndexFile(tmp_path / "residents.index")
    (tmp_path / "notes.txt").write_text("nothing of it", encoding="utf-8")
    with pytest.raises(IndexFileError, match=r"^notes\.txt: "):
        ResidentIndexFile(tmp_path / "notes.txt")


def test_the_commands_clean_the_files_they_are_told(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """``erase``, ``retain`` and ``merge`` take ``--index FILE``; one that is not there stops all of it."""
    ledger.close()
    monkeypatch.chdir(tmp_path)
    Path("site.toml").write_text(HEAD + "[retention]\npeople_days = 30\n", encoding="utf-8")
    erase = ["ledger", "erase", "site.db", "p-7", "--reason", "asked for it", "--by", "cadre-3", "--index"]
    before = Path("site.db").read_bytes()
    assert main([*erase, "resident.index"]) == 2
    assert "resident.index: expected the file of an index" in capsys.readouterr().err
    assert Path("site.db").read_bytes() == before
    assert main([*erase, "residents.index"]) == 0
    assert Path("residents.index").read_bytes() == bytes_without(tmp_path, "p-7")
    with Ledger.open("site.db", policy=policy(), writer="one", clock=lambda: RECORDED) as opened:
        opened.record(PersonLeft(person="p-8", reason="moved", at=RECORDED), by="cadre-3")
    late = ["--as-of", (RECORDED + LONG_AFTER).isoformat()]
    assert main(["ledger", "retain", "site.db", "--by", "cadre-3", "--index", "residents.index", *late]) == 0
    assert Path("residents.index").read_bytes() == bytes_without(tmp_path, "p-7", "p-8")
