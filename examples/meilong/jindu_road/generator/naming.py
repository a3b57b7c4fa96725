"""Invented names: common ones are borne by many, as they are."""

from __future__ import annotations

from datetime import date

from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.tables import given_characters, given_names, surnames

__all__ = ["invented_name", "invented_surname"]

_YOUNG_SINCE, _OLD_UNTIL = 1992, 1978


def invented_surname(chance: Chance) -> str:
    """Draw a surname, common ones more often."""
    return chance.weighted(surnames(), [weight for _, weight in surnames()])[0]


def invented_name(chance: Chance, sex: str, born: date, surname: str = "") -> str:
    """Draw a name that fits sex and year of birth.

    Args:
        chance: The stream to draw from.
        sex: 男 or 女.
        born: The date of birth: fashions change.
        surname: The family's, else one is drawn.
    """
    family = surname or invented_surname(chance)
    if chance.maybe(0.5):
        first, second = given_characters(sex)
        return family + chance.pick(first) + chance.pick(second)
    fitting = [(name, weight) for name, weight, group in given_names(sex) if _fits(group, born.year)]
    return family + chance.weighted(fitting, [weight for _, weight in fitting])[0]


def _fits(group: str, year: int) -> bool:
    return group == "any" or (year >= _YOUNG_SINCE if group == "young" else year <= _OLD_UNTIL)
