"""The packaged tables of characters are those that the script recorded, and are read only when needed."""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path
from typing import Any

from epiguard.matching._characters import READINGS, SCRIPT_FORMS, SHAPES, SURNAME_READINGS, rows

ROOT = Path(__file__).parents[2]
DATA = Path(str(files("epiguard.matching"))) / "_data"
TABLES = {READINGS, SCRIPT_FORMS, SHAPES, SURNAME_READINGS}


def record() -> dict[str, Any]:
    """What the script wrote down."""
    return tomllib.loads((DATA / "characters.toml").read_text(encoding="utf-8"))


def changed(recorded: dict[str, str], folder: Path) -> Iterator[str]:
    """Name the files that are not what was recorded of them."""
    for name, checksum in recorded.items():
        if hashlib.sha256((folder / name).read_bytes()).hexdigest() != checksum:
            yield name


def test_tables_are_as_made() -> None:
    """Nobody changed a table by hand, and none is missing from the record."""
    assert set(record()["tables"]) == TABLES
    assert list(changed(record()["tables"], DATA)) == []


def test_reviewed_lists_are_those_of_the_tables() -> None:
    """Whoever changes a reviewed list makes the tables again."""
    scripts = ROOT / "scripts/characters"
    lists = {
        name: each
        for name, each in record()["sources"].items()
        if name.endswith("reviewed.txt") or "surname" in name
    }
    assert len(lists) == 2
    assert list(changed(lists, scripts)) == []


def test_control(tmp_path: Path) -> None:
    """A table with one character more is found out."""
    (tmp_path / READINGS).write_bytes((DATA / READINGS).read_bytes() + b"x")
    assert list(changed({READINGS: record()["tables"][READINGS]}, tmp_path)) == [READINGS]


def test_rows() -> None:
    """Every row of every table has two texts, none blank, and no row comes twice."""
    for name in TABLES:
        read = rows(name)
        assert all(len(row) == 2 and all(row) for row in read)
        assert len({row[0] for row in read}) == len(read)


def test_small() -> None:
    """All tables together stay below half a megabyte."""
    assert sum((DATA / name).stat().st_size for name in TABLES) < 500_000


def test_read_when_needed() -> None:
    """Importing the library and the matcher reads none of the tables; asking does, so the test can tell."""
    code = """
import sys
from importlib import resources
seen = []
sys.addaudithook(lambda event, args: event == "open" and seen.append(str(args[0])))
import epiguard, epiguard.matching
from epiguard.matching import _script_forms, _shape, _sound
assert not [each for each in seen if each.endswith(".tsv")], seen
_sound.readings("单"), _shape.lookalikes("单"), _script_forms.simplified("單"), _sound.surname_readings("单")
print(len([each for each in seen if each.endswith(".tsv")]))
"""
    asked = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert asked.stdout == "4\n", asked.stderr
