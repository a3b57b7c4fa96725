"""The tables in the folder data: names, look-alike characters and regions."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import attrs

__all__ = [
    "City",
    "alike",
    "cities",
    "foreign_names",
    "given_characters",
    "given_names",
    "headings",
    "surnames",
]

_FOLDER = Path(__file__).parent / "data"


def _lines(name: str) -> list[str]:
    text = (_FOLDER / name).read_text(encoding="utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


@cache
def surnames() -> tuple[tuple[str, int], ...]:
    """Return surnames with their weights."""
    return tuple((name, int(weight)) for name, weight in map(str.split, _lines("surnames.txt")))


@cache
def given_names(sex: str) -> tuple[tuple[str, int, str], ...]:
    """Return common given names of a sex (男 or 女) with weight and age group."""
    rows = map(str.split, _lines("given-men.txt" if sex == "男" else "given-women.txt"))
    return tuple((name, int(weight), group) for name, weight, group in rows)


@cache
def given_characters(sex: str) -> tuple[str, str]:
    """Return the first and the second characters of put-together given names of a sex."""
    first, second = (line.split()[0 if sex == "男" else 1] for line in _lines("given-characters.txt"))
    return first, second


@cache
def foreign_names() -> tuple[tuple[str, str, str], ...]:
    """Return country, sex (男 or 女) and Latin name."""
    rows = (line.split(maxsplit=2) for line in _lines("foreign-names.txt"))
    return tuple((country, "男" if sex == "M" else "女", name) for country, sex, name in rows)


@cache
def headings(name: str) -> tuple[str, ...]:
    """Return the first row of a file."""
    rows = dict(line.split(": ") for line in _lines("headings.txt"))
    return tuple(rows[name].split())


@cache
def alike(how: str) -> dict[str, str]:
    """Map each character to those it is mistaken for, in sound or in shape."""
    others: dict[str, str] = {}
    for group in _lines(f"alike-in-{how}.txt"):
        for character in group:
            more = [other for other in group if other != character]
            others[character] = "".join(dict.fromkeys(others.get(character, "") + "".join(more)))
    return others


@attrs.frozen
class City:
    """A city people are registered in, or come back from."""

    code: str
    province: str
    province_short: str
    name: str
    short: str
    weight: float

    @property
    def full(self) -> str:
        """The official name with its province, once where they are the same."""
        return self.name if self.name == self.province else self.province + self.name

    @property
    def brief(self) -> str:
        """What people say: 安徽合肥, 重庆."""
        return self.short if self.name == self.province else self.province_short + self.short


@cache
def cities() -> tuple[City, ...]:
    """Return all cities; the weight of a province is shared out among its cities."""
    found = []
    for line in _lines("regions.txt"):
        province, province_short, weight, *listed = line.split()
        for each in listed:
            name, _, short = each[4:].partition("=")
            short = short or name.removesuffix("市")
            share = int(weight) / len(listed)
            found.append(City(each[:4], province, province_short, name, short, share))
    return tuple(found)
