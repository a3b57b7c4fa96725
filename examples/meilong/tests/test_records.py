"""What each place answers at the limits of its rules is on record, and a change of a rule shows there.

After a change that is meant: ``epiguard check sites/NAME.toml --record records/NAME.txt`` in the folder
above, and look at what changed in the record.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from at_the_gate import SITES
from epiguard import Policy
from epiguard.policy.checking import CheckRecord

RECORDS = SITES.parent / "records"
FILES = [*sorted(SITES.glob("*.toml")), *sorted((SITES.parent / "variations").glob("*.toml"))]
#: Longer ones nobody reads in a review.
LONGEST = 200_000


@pytest.mark.parametrize("path", sorted(RECORDS.glob("*.txt")), ids=lambda path: path.stem)
def test_every_answer_on_record_still_holds(path: Path) -> None:
    """By the rule that it was, with what lifts it and what follows."""
    [site] = [each for each in FILES if each.stem == path.stem]
    differences = Policy.load(site).compare(CheckRecord.load(path))
    assert [(each.rules, each.before, each.after, each.example) for each in differences] == []
    assert path.stat().st_size < LONGEST


def test_every_place_is_on_record() -> None:
    """None was forgotten."""
    kept = {each.stem for each in RECORDS.glob("*.txt")}
    assert {each.stem for each in SITES.glob("*.toml")} <= kept
