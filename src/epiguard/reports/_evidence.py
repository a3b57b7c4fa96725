"""Why somebody is a candidate, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from epiguard.reports._words import Words, words

__all__ = ["evidence_words"]


def evidence_words(evidence: Iterable[Any]) -> Words:
    """What agrees and what does not, field by field; fields nobody filled in are left out.

    Args:
        evidence: Of one candidate.
    """
    parts = [
        (words("field", each.field), words("agreement", str(each.agreement.value)))
        for each in evidence
        if each.agreement.value != "absent"
    ]
    return (
        "; ".join(f"{field[0]}{how[0]}" for field, how in parts),
        "; ".join(f"{field[1]} {how[1]}" for field, how in parts),
    )
