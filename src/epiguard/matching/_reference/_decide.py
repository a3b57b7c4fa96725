"""From weights to odds, and from odds and evidence to match, ask or no match."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from epiguard.matching import _raw
from epiguard.matching._kinds import KINDS, K
from epiguard.matching._levels import Level, milli_log2, power_of_two
from epiguard.matching._reference._search import (
    BIRTH,
    IDENTITY,
    NAME,
    SEX,
    Scored,
)

__all__ = ["ASK_FROM", "MATCH_FROM", "PLAUSIBLE_TOGETHER", "STRONG", "decide", "odds_of"]

#: The least probability of the best candidate for a match. Ours: one in twenty is wrong at worst.
MATCH_FROM: Final = 0.9
#: The least probability of the best candidate for a question.
ASK_FROM: Final = 0.05
#: The least probability of all candidates together for a question.
PLAUSIBLE_TOGETHER: Final = 0.5
#: What a single field must weigh to be strong, in milli-bits: one resident in 256 or fewer shows the same.
STRONG: Final = 8000

#: Fields that are one person's own; telephones, doors and cars are shared by families.
_PERSONAL: Final = (IDENTITY, BIRTH)
#: Ways in which a name is theirs; a brother's may sound or look like it, or be a character off.
_THEIRS: Final = (K.SAME_NAME, K.NAME_ORDER, K.NAME_PINYIN)
#: A relative's telephone or plate tells nobody of the household from another.
_OF_A_FAMILY: Final = (K.FAMILY_PHONE, K.FAMILY_PLATE)
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


def decide(scored: Sequence[Scored], odds: Sequence[int], total: int) -> int:
    """Decide about a form.

    A match needs all of this:

    - the best candidate's probability is at least ``MATCH_FROM``;
    - something else than the name speaks: a slip can make of it, letter for letter, somebody else's;
    - the name does not differ, and no other valid resident ID is written;
    - it is no relative's form: telephone, door and plate are a whole family's, so the name is theirs, or a
      resident ID or a birth date speaks;
    - nobody else with the same name, or one of the same sound or look, has the same other fields, and no
      namesake has one that the best candidate has not.

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
        and _level(best, NAME) is not Level.DIFFERS
        and best.grades[IDENTITY][0] != K.OTHER_VALID_ID
        and _speaking(best)
        and _is_their_own(best)
        and not any(_confusable(best, each) for each in scored[1:])
    ):
        return _raw.MATCH
    plausible = odds[0] / total >= ASK_FROM or sum(odds) / total >= PLAUSIBLE_TOGETHER
    return _raw.ASK if plausible else _raw.NO_MATCH


def _speaking(best: Scored) -> list[int]:
    return [field for field in range(len(best.grades)) if field not in (NAME, SEX) and _speaks(best, field)]


def _is_their_own(best: Scored) -> bool:
    """Whether something speaks that a relative would have written otherwise."""
    return best.grades[NAME][0] in _THEIRS or any(field in _PERSONAL for field in _speaking(best))


def _confusable(best: Scored, other: Scored) -> bool:
    """Whether nothing but the name, and that not by ear or eye, tells the other from the best.

    Or the form has the name of both, and says of one field what it should for the other.
    """
    kind, level = other.grades[NAME][0], _level(other, NAME)
    if level not in (Level.AGREES, Level.NEAR):
        return False
    if level is Level.AGREES and any(
        _level(best, field) is Level.DIFFERS and _level(other, field) is Level.AGREES
        for field in range(SEX + 1, len(best.grades))
    ):
        return True
    # Written as the best one's is, letter for letter, it is not a slip of another.
    if _level(best, NAME) is Level.AGREES and kind in (K.NAME_SLIP, K.NAME_LENGTH):
        return False
    return all(
        other.grades[field][0] in _OF_A_FAMILY
        or (_speaks(other, field) and _level(other, field) is _level(best, field))
        for field in _speaking(best)
    )
