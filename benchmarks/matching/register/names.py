"""Names: as unevenly spread as real ones."""

from __future__ import annotations

from collections import defaultdict
from itertools import accumulate
from pathlib import Path
from random import Random

DATA = Path(__file__).parent / "data"
#: One given name in so many has a single character.
SINGLE = 0.22
#: The weight of the n-th of a list is 1 / (n + shift) ** power. Chosen, at a million people, for 27 in 100
#: with a name of their own and 600 bearers of the commonest.
SURNAME = (2.0, 1.05)
ONE = (6.0, 1.05)
FIRST = (6.0, 1.75)
SECOND = (6.0, 1.7)


def words(name: str) -> list[str]:
    """Read a data file: words, without lines that are remarks."""
    lines = (DATA / name).read_text(encoding="utf-8").splitlines()
    return [word for line in lines if not line.startswith("#") for word in line.split()]


def _cumulated(count: int, shape: tuple[float, float]) -> list[float]:
    shift, power = shape
    return list(accumulate(1 / (place + shift) ** power for place in range(count)))


SURNAMES = list(dict.fromkeys(words("surnames.txt")))
MEN = list(dict.fromkeys(words("given-men.txt")))
WOMEN = list(dict.fromkeys(words("given-women.txt")))
#: The second character of two: the same lists from another place on, so that 芳芳 is not the commonest.
MEN_SECOND = MEN[25:] + MEN[:25]
WOMEN_SECOND = WOMEN[25:] + WOMEN[:25]
READINGS = dict(zip(*[iter(words("readings.tsv"))] * 2, strict=True))
_SHAPES = [
    (SURNAMES, (SURNAME,)),
    *((each, (ONE, FIRST)) for each in (MEN, WOMEN)),
    *((each, (SECOND,)) for each in (MEN_SECOND, WOMEN_SECOND)),
]
_WEIGHTS = {(id(each), shape): _cumulated(len(each), shape) for each, shapes in _SHAPES for shape in shapes}


def draw(chance: Random, list_: list[str], shape: tuple[float, float], count: int) -> list[str]:
    """Draw from one of the lists above."""
    return chance.choices(list_, cum_weights=_WEIGHTS[id(list_), shape], k=count)


def given_names(chance: Random, list_: list[str], count: int) -> list[str]:
    """Draw given names of one sex."""
    one, first = (draw(chance, list_, shape, count) for shape in (ONE, FIRST))
    second = draw(chance, MEN_SECOND if list_ is MEN else WOMEN_SECOND, SECOND, count)
    return [
        single if each < SINGLE else head + tail
        for single, head, tail, each in zip(
            one, first, second, [chance.random() for _ in range(count)], strict=True
        )
    ]


def toneless(reading: str) -> str:
    """A reading without its tone; ü is v."""
    return reading.translate(_PLAIN)


_PLAIN = str.maketrans("āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜü", "aaaaeeeeiiiioooouuuuvvvvv")


def _groups() -> dict[str, str]:
    groups: defaultdict[str, str] = defaultdict(str)
    for character, reading in READINGS.items():
        groups[toneless(reading)] += character
    return dict(groups)


def _others(groups: list[str]) -> dict[str, str]:
    made: defaultdict[str, str] = defaultdict(str)
    for group in groups:
        for each in group:
            made[each] += group.replace(each, "")
    return {each: others for each, others in made.items() if others}


#: A character to those of the same sound, of the same look, and its traditional form.
HOMOPHONES = _others(list(_groups().values()))
LOOKALIKES = _others(words("alike-in-shape.txt"))
TRADITIONAL = {pair[0]: pair[1] for pair in words("traditional.txt")}
