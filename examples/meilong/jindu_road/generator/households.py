"""Who lives together in a home: ages, sexes and what they are to each other, before anything is numbered."""

from __future__ import annotations

import attrs
from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.homes import Home

__all__ = ["Draft", "drafts"]


@attrs.frozen
class Draft:
    """A person to be: sex, age in years, and whether the surname is the family's."""

    sex: str
    age: int
    family_name: bool


def drafts(chance: Chance, home: Home) -> list[Draft]:
    """Draw the people of a home."""
    if home is Home.FLATSHARE:
        count = chance.weighted((3, 4, 5, 6), (4, 4, 2, 1))
        return [Draft(_sex(chance), chance.between(19, 40), family_name=False) for _ in range(count)]
    if home is Home.FEW_TENANTS:
        return _couple(chance, chance.between(21, 52))[: chance.weighted((1, 2), (5, 4))]
    owners = home is Home.OWNERS
    age = chance.between(29, 68) if owners else chance.between(23, 46)
    return [
        *_couple(chance, age)[: chance.weighted((2, 1), (9, 1))],
        *_children(chance, age),
        *_elders(chance, age),
    ]


def _couple(chance: Chance, age: int) -> list[Draft]:
    first = _sex(chance)
    other = "女" if first == "男" else "男"
    return [
        Draft(first, age, family_name=True),
        Draft(other, max(20, age + chance.between(-4, 4)), family_name=False),
    ]


def _children(chance: Chance, age: int) -> list[Draft]:
    count = chance.weighted((0, 1, 2, 3), (22, 50, 24, 4))
    return [
        Draft(_sex(chance), max(0, age - chance.between(23, 33)), family_name=chance.maybe(0.95))
        for _ in range(count)
    ]


def _elders(chance: Chance, age: int) -> list[Draft]:
    if age > 60 or not chance.maybe(0.27):
        return []
    older = min(93, age + chance.between(22, 30))
    return [Draft("男", older, family_name=True), Draft("女", max(45, older - 2), family_name=False)][
        chance.between(0, 1) :
    ]


def _sex(chance: Chance) -> str:
    return "男" if chance.maybe(0.52) else "女"
