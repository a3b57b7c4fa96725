"""How characters are read in Mandarin, and which readings people of many accents take for one another."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from typing import Final

from epiguard.matching._characters import READINGS, SURNAME_READINGS, rows

__all__ = ["folded", "readings", "sound_codes", "split_pinyin", "surname_readings", "syllable_code"]

_NO_READINGS: Final[tuple[str, ...]] = ()
_LONGEST_SYLLABLE: Final = 6
#: A longer name in Latin letters is not split: it is no Chinese name, and there would be many ways to do it.
LONGEST_NAME: Final = 30
#: So many ways to split a name are looked at: fangan is fan gan and fang an.
MOST_SPLITS: Final = 8

_FLAT: Final = (("zh", "z"), ("ch", "c"), ("sh", "s"))
_NASAL: Final = re.compile(r"(?<=[aei])ng$")
#: hu before a vowel is f in the ears of the south: hui and fei, hun and fen, hua and fa.
_HU: Final = {"ui": "ei", "un": "en"}
# LYU and NYU stand in passports, lü and nü in books, lv and nv on keyboards; lue and nue have no other vowel.
_SPELT: Final = {"lyu": "lv", "nyu": "nv", "lue": "lve", "nue": "nve", "lyue": "lve", "nyue": "nve"}
_APART: Final = re.compile(r"[^a-z]+")


def readings(character: str) -> tuple[str, ...]:
    """The toneless readings of a character, the commonest first; none where it is unknown.

    Args:
        character: One character, simplified or not.

    Returns:
        Syllables in lower-case letters, ü written v: ``("dan", "chan", "shan")`` for 单.
    """
    return _readings().get(character, _NO_READINGS)


def surname_readings(character: str) -> tuple[str, ...]:
    """The toneless readings of a character that begins a surname: ``("shan",)`` for 单.

    Args:
        character: One character.

    Returns:
        What the reviewed list says of it; :func:`readings` where it says nothing.
    """
    return _surnames().get(character) or readings(character)


def sound_codes(character: str) -> frozenset[int]:
    """The numbers of the sounds a character may have, in whatever accent it is said or heard.

    Two characters can be taken for one another by ear if they share a number.

    Args:
        character: One character.
    """
    return _codes_of(readings(character))


def syllable_code(syllable: str) -> int | None:
    """The number of a syllable's sound, or ``None`` where it is none.

    Numbers count the folded syllables of the table from 0; another edition of the table may count otherwise.

    Args:
        syllable: Toneless, ü written v.
    """
    return _codes().get(folded(syllable)) if syllable in _syllables() else None


def folded(syllable: str) -> str:
    """A syllable with what accents confuse made one: n and l, zh and z, ch and c, sh and s, h and f; no -ng.

    Args:
        syllable: Toneless, ü written v.
    """
    for curled, flat in _FLAT:
        if syllable.startswith(curled):
            syllable = flat + syllable[2:]
    if syllable.startswith("n") and syllable not in {"n", "ng"}:
        syllable = "l" + syllable[1:]
    if syllable.startswith("hu") and len(syllable) > 2:
        syllable = "f" + _HU.get(syllable[1:], syllable[2:])
    elif syllable.startswith("h"):
        syllable = "f" + syllable[1:]
    return _NASAL.sub("n", syllable)


def split_pinyin(text: str) -> tuple[tuple[str, ...], ...]:
    """The ways to read Latin letters as syllables of Mandarin, the fewest syllables first.

    Args:
        text: With or without tones, as marks or digits, and spaces: ``Zhāng Wěi``, ``zhang1wei3``, ``ZHANG``.

    Returns:
        ``(("zhang", "wei"),)``; several for ``fangan``; nothing where the letters are no Mandarin. What is
        set apart by anything but letters is never joined.
    """
    parts = [part for part in _APART.split(_without_tones(text)) if part]
    if not parts or sum(map(len, parts)) > LONGEST_NAME:
        return ()
    made: list[tuple[str, ...]] = [()]
    for part in parts:
        ways = _splits(_SPELT.get(part, part))
        made = [(*before, *way) for before in made for way in ways][: MOST_SPLITS * MOST_SPLITS]
    return tuple(sorted(set(made), key=lambda way: (len(way), way))[:MOST_SPLITS])


def _without_tones(text: str) -> str:
    apart = unicodedata.normalize("NFD", text.casefold()).replace("u:", "v")
    apart = apart.replace("u\N{COMBINING DIAERESIS}", "v")
    # What else is joined to a letter is a tone: it goes, and the letters beside it stay together.
    return "".join(each for each in apart if not unicodedata.combining(each))


def _splits(letters: str) -> list[tuple[str, ...]]:
    known = _syllables()
    ways: list[list[tuple[str, ...]]] = [[()]]
    for stop in range(1, len(letters) + 1):
        here: list[tuple[str, ...]] = []
        for start in range(max(0, stop - _LONGEST_SYLLABLE), stop):
            syllable = _SPELT.get(letters[start:stop], letters[start:stop])
            if ways[start] and syllable in known:
                here += [(*before, syllable) for before in ways[start]]
        here.sort(key=lambda way: (len(way), way))
        ways.append(here[:MOST_SPLITS])
    return ways[-1]


@cache
def _readings() -> Mapping[str, tuple[str, ...]]:
    made: dict[str, tuple[str, ...]] = {}
    for syllables, characters in rows(READINGS):
        made.update(dict.fromkeys(characters, tuple(syllables.split(" "))))
    return made


@cache
def _surnames() -> Mapping[str, tuple[str, ...]]:
    return {character: tuple(syllables.split(" ")) for character, syllables in rows(SURNAME_READINGS)}


@cache
def _syllables() -> frozenset[str]:
    return frozenset(syllable for syllables, _ in rows(READINGS) for syllable in syllables.split(" "))


@cache
def _codes() -> Mapping[str, int]:
    return {sound: number for number, sound in enumerate(sorted({*map(folded, _syllables())}))}


@cache
def _codes_of(syllables: tuple[str, ...]) -> frozenset[int]:
    codes = _codes()
    return frozenset(codes[folded(syllable)] for syllable in syllables)
