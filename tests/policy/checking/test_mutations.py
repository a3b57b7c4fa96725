"""The campaign of slips in rules, small enough for every day."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

CAMPAIGN = Path(__file__).parents[3] / "campaigns" / "rules" / "mutate.py"


def test_a_slip_in_a_rule_is_noticed() -> None:
    """By a check; what is written otherwise and means the same is not."""
    done = subprocess.run(
        [sys.executable, str(CAMPAIGN), "--mutations=3", "--crossings=200"],
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)  # noqa: T201 - shown with -s, and where a test fails
    assert [line.split(" ")[0] for line in done.stdout.splitlines()[2:-1]] == ["noticed"] * 3 + ["same"] * 2
