"""The campaigns against the ledger, small enough for every day; each finds out what is broken on purpose."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

CAMPAIGNS = Path(__file__).parents[2] / "campaigns" / "ledger"


def run(name: str, *options: str, **environment: str) -> list[str]:
    """What a campaign says; that it ended well is part of the claim."""
    done = subprocess.run(
        [sys.executable, str(CAMPAIGNS / name), *options],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)  # noqa: T201 - shown with -s, and where a test fails
    return [line.partition(" ")[0] for line in done.stdout.splitlines()[1:]]


def test_sixteen_gates_let_one_exit_through() -> None:
    """A thousand contested person-days on one file."""
    assert run("double_exits.py", "--askers=2") == ["kept", "found", "found"]


def test_sixteen_gates_let_one_exit_through_on_postgresql(postgresql: str) -> None:
    """A thousand contested person-days on a server."""
    options = ("--store=postgresql", "--askers=2")
    said = run("double_exits.py", *options, EPIGUARD_TEST_POSTGRESQL=postgresql)
    assert said == ["kept", "found", "found"]


def test_nothing_acknowledged_is_lost_when_a_process_is_killed() -> None:
    """Fifty kills at moments that differ from day to day."""
    assert run("kill.py") == ["kept", "found", "found"]


@pytest.mark.skipif(sys.platform != "linux", reason="lets writes fail by LD_PRELOAD")
def test_a_write_that_fails_leaves_nothing_half_written() -> None:
    """Every write of an admit, each in four ways."""
    if shutil.which(os.environ.get("CC", "cc")) is None and not os.environ.get("CI"):
        pytest.skip("needs a C compiler")
    assert run("disk.py") == ["kept"] * 4 + ["found"] * 2


def test_two_sessions_do_what_one_after_the_other_would_do() -> None:
    """Every interleaving of their steps, for every pair of what they may do."""
    said = run("interleavings.py")
    assert set(said[:-2]) == {"kept"}
    assert said[-2:] == ["found", "found"]


def test_two_sessions_on_a_server_do_what_one_after_the_other_would_do(postgresql: str) -> None:
    """Each pair with an erasure, which is several transactions there; the others are in the long campaign."""
    said = run("interleavings.py", "--store=postgresql", "--only=erase", EPIGUARD_TEST_POSTGRESQL=postgresql)
    assert said == ["kept"] * 6 + ["found"] * 2


@pytest.mark.parametrize(("store", "histories"), [("memory", 60), ("sqlite", 5)])
def test_merged_in_any_order_ledgers_say_the_same(store: str, histories: int) -> None:
    """Gates that hear of each other now and then, or never; whatever was had twice is told."""
    options = (f"--store={store}", f"--histories={histories}", "--controls=10")
    assert run("merge.py", *options) == ["kept", "found", "found"]


def test_merged_in_any_order_ledgers_say_the_same_on_postgresql(postgresql: str) -> None:
    """The same on a server."""
    options = ("--store=postgresql", "--histories=3", "--controls=10")
    said = run("merge.py", *options, EPIGUARD_TEST_POSTGRESQL=postgresql)
    assert said == ["kept", "found", "found"]


def test_whatever_is_altered_removed_or_reordered_is_named() -> None:
    """By writer and number, anywhere in the ledger; the last entries against exported heads."""
    assert run("tamper.py") == ["kept"] * 3 + ["found"] * 2
