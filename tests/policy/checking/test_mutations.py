"""The campaign of slips in rules: small enough for every day, and in full where no check is needed."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from installed import where_rules_are

CAMPAIGN = Path(__file__).parents[3] / "campaigns" / "rules" / "mutate.py"


def told(*options: str) -> list[str]:
    """What the campaign says of each line that was written otherwise, in one word; it must hold."""
    paths = os.pathsep.join([*where_rules_are(), os.environ.get("PYTHONPATH", "")])
    done = subprocess.run(
        [sys.executable, str(CAMPAIGN), *options],
        env={**os.environ, "PYTHONPATH": paths.rstrip(os.pathsep)},
        capture_output=True,
        text=True,
        check=False,
        timeout=900,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    print(done.stdout)  # noqa: T201 - shown with -s, and where a test fails
    return [line.split(" ")[0] for line in done.stdout.splitlines()[2:-1]]


def test_a_slip_in_a_rule_is_noticed() -> None:
    """By a check; what is written otherwise and means the same is not."""
    assert told("--mutations=3", "--crossings=200") == ["noticed"] * 3 + ["same"] * 2


def test_every_slip_is_noticed_by_what_is_kept() -> None:
    """By an example, or by the answers of the places' checks on record; all 28 of them."""
    assert told("--examples-only") == ["noticed"] * 28 + ["same"] * 2
