"""From probabilities and evidence to match, ask or no match."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

from epiguard.matching._answer import MatchDecision
from epiguard.matching._fields import RULES
from epiguard.matching._ids import OTHER_VALID
from epiguard.matching._levels import Grade, Level
from epiguard.matching._register import Record

__all__ = ["ASK_FROM", "MATCH_FROM", "PLAUSIBLE_TOGETHER", "STRONG", "Scored", "decide"]

#: The least probability of the best candidate for a match.
MATCH_FROM: Final = 0.99
#: The least probability of the best candidate for a question.
ASK_FROM: Final = 0.05
#: The least probability of all candidates together for a question.
PLAUSIBLE_TOGETHER: Final = 0.5
#: What a single field must weigh to be strong, in milli-bits: one resident in 256 or fewer shows the same.
STRONG: Final = 8000

_AT: Final = {rule.name: place for place, rule in enumerate(RULES)}
# Fields that say the same of a person are one witness.
_WITNESSES: Final = (
    ("name",),
    ("resident_id", "birth_date"),
    ("phone",),
    ("residence",),
    ("plate",),
    ("card",),
)
#: Fields that are one person's own; telephones, doors and cars are shared by families.
_PERSONAL: Final = ("name", "resident_id", "birth_date")


class Scored(NamedTuple):
    """A resident with the grade of each field, and the sum of the weights and the prior."""

    record: Record
    grades: tuple[Grade, ...]
    weight: int

    def level(self, field: str) -> Level:
        """How a field compares."""
        return self.grades[_AT[field]].kind.level

    def speaks(self, field: str) -> bool:
        """Whether a field agrees, or is so near that few others are."""
        grade = self.grades[_AT[field]]
        return grade.kind.level is Level.AGREES or (grade.kind.level is Level.NEAR and grade.weight >= STRONG)


def decide(scored: Sequence[Scored], probabilities: Sequence[float]) -> MatchDecision:
    """Decide about a form.

    A match needs all of this:

    - the best candidate's probability is at least ``MATCH_FROM``;
    - two independent fields agree, one of them the person's own (name, resident ID or birth date): a
      telephone and a door are the whole family's; what is strongly near counts, but not for the name:
      a brother's name is as near as a wrong character;
    - the name does not differ, and no other valid resident ID is written;
    - somebody else with the same or a similar name is told apart by more than one character of it.

    A question needs somebody plausible: the best has at least ``ASK_FROM``, or all together
    ``PLAUSIBLE_TOGETHER``. One agreeing field is enough for that where nothing contradicts it; where a
    name, a number or a door does, it is somebody else of that name, telephone or door.

    Args:
        scored: The candidates, best first.
        probabilities: Of each.
    """
    if not scored:
        return MatchDecision.NO_MATCH
    best = scored[0]
    if (
        probabilities[0] >= MATCH_FROM
        and _is_witnessed(best)
        and not any(_confusable(best, each) for each in scored[1:])
    ):
        return MatchDecision.MATCH
    plausible = probabilities[0] >= ASK_FROM or sum(probabilities) >= PLAUSIBLE_TOGETHER
    return MatchDecision.ASK if plausible else MatchDecision.NO_MATCH


def _is_witnessed(best: Scored) -> bool:
    if best.level("name") is Level.DIFFERS or best.grades[_AT["resident_id"]].kind is OTHER_VALID:
        return False
    if best.level("resident_id") is Level.AGREES and best.level("name") is not Level.ABSENT:
        return True
    personal = any(
        best.level(field) is Level.AGREES or (field == "resident_id" and best.speaks(field))
        for field in _PERSONAL
    )
    witnesses = sum(
        any(best.level("name") is Level.AGREES if field == "name" else best.speaks(field) for field in fields)
        for fields in _WITNESSES
    )
    return personal and witnesses >= 2


def _confusable(best: Scored, other: Scored) -> bool:
    """Whether nothing but the name, and that by a character at most, tells the other from the best."""
    if other.level("name") not in (Level.AGREES, Level.NEAR):
        return False
    speaking = [rule.name for rule in RULES if rule.name not in ("name", "sex") and best.speaks(rule.name)]
    return all(other.speaks(field) and other.level(field) is best.level(field) for field in speaking)
