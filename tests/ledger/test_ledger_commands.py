"""``epiguard ledger``: exit code 1 means that something is to be looked at, 2 that nothing was done."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from epiguard.cli import main
from epiguard.facts import PersonEnrolled
from epiguard.ledger import Ledger
from epiguard.policy import Policy
from ledger.community import HEAD, WANG, enrolled


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a site file and a gate's ledger."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "site.toml").write_text(HEAD + "[retention]\nforms_days = 60\n", encoding="utf-8")
    for writer in ("north", "south"):
        with Ledger.open(f"{writer}.db", policy=Policy.load("site.toml"), writer=writer) as ledger:
            ledger.record(PersonEnrolled(WANG), by="cadre-3")
            ledger.record(enrolled(8), by="cadre-3")
    return tmp_path


def test_verify_names_the_entry(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """With heads that were kept, also what was cut off at the end."""
    assert main(["ledger", "verify", "north.db"]) == 0
    capsys.readouterr()
    assert main(["ledger", "heads", "north.db"]) == 0
    (site / "heads.json").write_text(capsys.readouterr().out, encoding="utf-8")
    assert main(["ledger", "verify", "north.db", "--heads", "heads.json"]) == 0
    with closing(sqlite3.connect("north.db")) as connection, connection:
        connection.execute("DELETE FROM payload WHERE entry = 2")
        connection.execute("DELETE FROM entry WHERE position = 2")
    assert main(["ledger", "verify", "north.db"]) == 0
    capsys.readouterr()
    assert main(["ledger", "verify", "north.db", "--heads", "heads.json"]) == 1
    assert capsys.readouterr().out == "entry north-2 (position 2): cut-off\n"
    with closing(sqlite3.connect("north.db")) as connection, connection:
        connection.execute("UPDATE entry SET by = 'cadre-4'")
    assert main(["ledger", "verify", "north.db"]) == 1
    assert capsys.readouterr().out == "entry north-1 (position 1): altered\n"
    (site / "heads.json").write_text("[]", encoding="utf-8")
    assert main(["ledger", "verify", "north.db", "--heads", "heads.json"]) == 2
    assert main(["ledger", "verify", "nowhere.db"]) == 2
    assert not (site / "nowhere.db").exists()


def test_some_are_erased_at_once_or_nobody(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Several ids are one call: a line each; with one that is not on record, nobody is erased."""
    order = ["--reason", "asked for it", "--by", "cadre-3"]
    assert main(["ledger", "erase", "north.db", "p-7", "p-0", *order]) == 2
    assert "another id, number 2 of 2" in capsys.readouterr().err
    assert "王小明".encode() in b"".join(each.read_bytes() for each in site.glob("north.db*"))
    assert main(["ledger", "erase", "north.db", "p-7", "p-8", *order]) == 0
    assert capsys.readouterr().out == "erased 1 payloads of p-7\nerased 1 payloads of p-8\n"
    assert "王小明".encode() not in b"".join(each.read_bytes() for each in site.glob("north.db*"))


def test_merge_erase_retain(site: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Each writes as the ledger's only writer; where there are several, somebody has to say."""
    assert main(["ledger", "merge", "north.db", "south.db"]) == 0
    assert capsys.readouterr().out == "entries: 2 of south\n"
    erase = ["ledger", "erase", "north.db", "p-7", "--reason", "asked for it", "--by", "cadre-3"]
    assert main(erase) == 2
    assert "--writer: expected whose ledger it is" in capsys.readouterr().err
    assert main([*erase, "--writer", "north"]) == 0
    assert capsys.readouterr().out == "erased 2 payloads of p-7\n"
    assert main(["ledger", "retain", "south.db", "--by", "cadre-3"]) == 0
    assert capsys.readouterr().out == "emptied entries: none\n"
    written = b"".join(each.read_bytes() for each in site.glob("north.db*"))
    assert "王小明".encode() not in written
