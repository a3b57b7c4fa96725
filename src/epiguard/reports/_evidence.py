"""Why somebody is a candidate, in words."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from epiguard.reports._words import Words, words

if TYPE_CHECKING:  # see _returnees
    from epiguard.matching import Evidence

__all__ = ["evidence_words"]


def evidence_words(evidence: Iterable[Evidence]) -> Words:
    """What agrees, nearly agrees and differs, field by field; what is blank on either side is left out.

    Args:
        evidence: Of one candidate.
    """
    parts = [
        (words("field", each.field), words("level", each.level.value), words("detail", each.detail))
        for each in evidence
        if each.level.value != "absent"
    ]
    return (
        "; ".join(f"{field[0]}{level[0]}{_in_brackets(detail[0])}" for field, level, detail in parts),
        "; ".join(f"{field[1]} {level[1]}{_in_brackets(detail[1], ' ')}" for field, level, detail in parts),
    )


def _in_brackets(detail: str, gap: str = "") -> str:
    return f"{gap}({detail})" if detail else ""
