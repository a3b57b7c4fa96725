"""From weights to odds, and from odds and evidence to match, ask or no match."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from epiguard.matching import _raw
from epiguard.matching._kinds import KINDS, K
from epiguard.matching._levels import Level, milli_log2, power_of_two
from epiguard.matching._reference._search import (
    BIRTH,
    CARD,
    HOME,
    IDENTITY,
    NAME,
    PHONE,
    PLATE,
    SEX,
    Scored,
)

__all__ = ["ASK_FROM", "MATCH_FROM", "PLAUSIBLE_TOGETHER", "STRONG", "decide", "odds_of"]

#: The least probability of the best candidate for a match.
MATCH_FROM: Final = 0.99
#: The least probability of the best candidate for a question.
ASK_FROM: Final = 0.05
#: The least probability of all candidates together for a question.
PLAUSIBLE_TOGETHER: Final = 0.5
#: What a single field must weigh to be strong, in milli-bits: one resident in 256 or fewer shows the same.
STRONG: Final = 8000

# Fields that say the same of a person are one witness.
_WITNESSES: Final = ((NAME,), (IDENTITY, BIRTH), (PHONE,), (HOME,), (PLATE,), (CARD,))
#: Fields that are one person's own; telephones, doors and cars are shared by families.
_PERSONAL: Final = (NAME, IDENTITY, BIRTH)
#: No term is further behind the best than this says: what is, counts as nothing.
_NOTHING: Final = -60_000


def odds_of(weights: Sequence[int], others: Sequence[tuple[int, int]]) -> tuple[list[int], list[int], int]:
    """Turn weights into whole numbers in proportion to their probabilities, by Bayes.

    Args:
        weights: Of each candidate: the prior and all evidence, in milli-bits.
        others: How many there are of everybody else, and the weight of each.

    Returns:
        The odds of each candidate and of each of the others, and their sum: the same on every machine.
    """
    rest = [weight + milli_log2(count) if count > 0 else None for count, weight in others]
    best = max((each for each in (*weights, *rest) if each is not None), default=0)

    def odds(weight: int | None) -> int:
        return power_of_two(weight - best) if weight is not None and weight - best > _NOTHING else 0

    mine, theirs = [odds(each) for each in weights], [odds(each) for each in rest]
    return mine, theirs, sum(mine) + sum(theirs)


def _level(scored: Scored, field: int) -> Level:
    return KINDS[scored.grades[field][0]].level


def _speaks(scored: Scored, field: int) -> bool:
    """Whether a field agrees, or is so near that few others are."""
    level = _level(scored, field)
    return level is Level.AGREES or (level is Level.NEAR and scored.grades[field][1] >= STRONG)


def _same_name(scored: Scored) -> bool:
    return scored.grades[NAME][0] in (K.SAME_NAME, K.NAME_ORDER)


def decide(scored: Sequence[Scored], odds: Sequence[int], total: int) -> int:
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
        odds: Of each.
        total: Of everybody.
    """
    if not scored:
        return _raw.NO_MATCH
    best = scored[0]
    if (
        odds[0] / total >= MATCH_FROM
        and _is_witnessed(best)
        and not any(_confusable(best, each) for each in scored[1:])
    ):
        return _raw.MATCH
    plausible = odds[0] / total >= ASK_FROM or sum(odds) / total >= PLAUSIBLE_TOGETHER
    return _raw.ASK if plausible else _raw.NO_MATCH


def _is_witnessed(best: Scored) -> bool:
    if _level(best, NAME) is Level.DIFFERS or best.grades[IDENTITY][0] == K.OTHER_VALID_ID:
        return False
    if _level(best, IDENTITY) is Level.AGREES and _level(best, NAME) is not Level.ABSENT:
        return True
    personal = _same_name(best) or _level(best, BIRTH) is Level.AGREES or _speaks(best, IDENTITY)
    witnesses = sum(
        any(_same_name(best) if field == NAME else _speaks(best, field) for field in fields)
        for fields in _WITNESSES
    )
    return personal and witnesses >= 2


def _confusable(best: Scored, other: Scored) -> bool:
    """Whether nothing but the name, and that by a character at most, tells the other from the best."""
    if _level(other, NAME) not in (Level.AGREES, Level.NEAR):
        return False
    speaking = [
        field for field in range(len(best.grades)) if field not in (NAME, SEX) and _speaks(best, field)
    ]
    return all(_speaks(other, field) and _level(other, field) is _level(best, field) for field in speaking)
