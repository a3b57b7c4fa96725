"""The pages about the ledger say what is so: what shows a promise exists, the server's page runs on one."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PROMISES = ROOT / "docs" / "explanation" / "guarantees.md"
SERVER = ROOT / "docs" / "how-to" / "gates-on-postgresql.md"
_TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(\w+))?`")
_COMMAND = re.compile(r"`(?:PYTHONPATH=tests )?python (-m [\w.]+|[\w/]+\.py)[^`]*`")


def missing(page: str) -> list[str]:
    """What a page names as shown by, and is not there."""
    found = []
    for file, test in _TEST.findall(page):
        path = ROOT / file
        if not path.exists() or (test and f"def {test}(" not in path.read_text(encoding="utf-8")):
            found.append(f"{file}::{test}")
    for command in _COMMAND.findall(page):
        file = "tests/" + command[3:].replace(".", "/") + ".py" if command.startswith("-m ") else command
        if not (ROOT / file).exists():
            found.append(command)
    return found


def test_what_shows_a_promise_is_there() -> None:
    """Every test and every command on the page exists, and each campaign is on it."""
    page = PROMISES.read_text(encoding="utf-8")
    assert missing(page) == []
    assert len(_TEST.findall(page)) > 10
    for campaign in (ROOT / "campaigns" / "ledger").glob("*.py"):
        if campaign.name != "gate.py":
            assert f"campaigns/ledger/{campaign.name}" in page


def test_control_finds_what_is_not_there() -> None:
    """A test, a file and a command that do not exist."""
    page = "`tests/ledger/test_erase.py::test_nothing` `tests/none.py` `python none.py --x` `python -m a`"
    assert len(missing(page)) == 4


def test_the_servers_page_runs_on_a_server(
    new_address: Callable[[], str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its examples from top to bottom, with the address of a server."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("CAOHANG_LEDGER", new_address())
    blocks = re.findall(r"```python\n(.*?)```", SERVER.read_text(encoding="utf-8"), re.DOTALL)
    assert len(blocks) > 4
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, SERVER.name, "exec"), names)  # noqa: S102 - our own page
    assert not (tmp_path / "caohang.db").exists()
