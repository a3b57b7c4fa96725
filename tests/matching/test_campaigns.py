"""The campaigns against the matcher, small enough for every day; each finds out what is broken on purpose."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from epiguard.matching import _select

CAMPAIGNS = Path(__file__).parents[2] / "campaigns" / "matching"

pytestmark = pytest.mark.skipif(_select.compiled is None, reason="the extension is not built")


def run(name: str, *options: str) -> list[str]:
    """What a campaign says; that it ended well is part of the claim."""
    done = subprocess.run(
        [sys.executable, str(CAMPAIGNS / name), *options], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return [line.partition(" ")[0] for line in done.stdout.splitlines()[1:]]


def test_the_twins_agree_on_thousands_of_pairs() -> None:
    """Of the benchmark's invented register, whole or changed since the index was built."""
    assert run("twins.py") == ["kept", "found"]


@pytest.mark.usefixtures("sanitizers")
def test_a_damaged_file_is_answered_or_refused() -> None:
    """Hundreds of damaged files and overlays, under two sanitizers, without Python."""
    assert run("fuzz.py") == ["kept", "found"]
