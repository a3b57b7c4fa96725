"""Keys: what residents stand under, as 64-bit numbers; and all that is one slip away from a text.

A text's number is a polynomial of its characters, so that the twin in ``_csrc/slips.c`` makes the
numbers of all texts one slip away without making the texts.

A key's first bits tell its bucket in a table, its last 16 are its mark there. Telephones are special: all
that have a head in common, which is everything but the last four digits, lie in one bucket, and the mark says
the four digits. So whoever has nearly this telephone is found by hundreds of heads, not thousands of numbers.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Final

__all__ = ["DIGITS", "LETTERS", "PHONE_TAIL", "Family", "key_of", "phone_tails", "text_slips"]

_MASK: Final = (1 << 64) - 1
_BASE: Final = 0x9E3779B97F4A7C15
_LENGTH: Final = 0xD1B54A32D192ED03
_MIX_1: Final = 0xBF58476D1CE4E5B9
_MIX_2: Final = 0x94D049BB133111EB
_MARKS: Final = 1 << 16
#: So many digits of a telephone are its tail.
PHONE_TAIL: Final = 4
_TAILS: Final = 10**PHONE_TAIL
#: Of heads in one bucket a mark tells so many apart: 65,536 marks for 10,000 tails leave room for that.
_HEADS: Final = _MARKS // _TAILS
DIGITS: Final = "0123456789"
#: What plates and cards are made of once look-alikes are folded.
LETTERS: Final = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"


class Family(IntEnum):
    """What a key is of. Each family has a table of its own in the index."""

    NAME = 0
    SOUND = 1
    NAME_SLIP = 2
    NAME_PART = 3
    PHONE = 4
    PHONE_TAIL = 5
    ID_YEAR = 6
    ID_DAY = 7
    BIRTH = 8
    DOOR = 9
    DOOR_OPEN = 10
    BUILDING = 11
    PLATE = 12
    PLATE_TAIL = 13
    CARD = 14
    DOCUMENT = 15
    GROUP = 16
    CUSTOM = 17
    CUSTOM_TAIL = 18
    COMPOUND = 19
    COMPOUND_SLIP = 20


def key_of(family: Family, text: str) -> int:
    """The 64-bit number under which a text of a family stands."""
    if family is not Family.PHONE:
        return _number_of(family, text)
    head = _number_of(family, text[:-PHONE_TAIL])
    tail = 0
    for character in text[-PHONE_TAIL:]:
        tail = tail * 10 + (ord(character) + 2) % 10  # a digit, for a digit
    return head - head % _MARKS + head % _HEADS * _TAILS + tail


def phone_tails(key: int, marks: Iterable[int]) -> Iterator[str]:
    """The tails of the telephones that have a head.

    Args:
        key: Of any telephone that has it.
        marks: All of the head's bucket.
    """
    head = key % _MARKS // _TAILS
    for mark in marks:
        if mark // _TAILS == head:
            yield f"{mark % _TAILS:0{PHONE_TAIL}d}"


def _number_of(family: Family, text: str) -> int:
    number = 0
    for character in text:
        number = (number * _BASE + ord(character) + 1) & _MASK
    return _mixed(family, number, len(text))


def _mixed(family: Family, number: int, length: int) -> int:
    mixed = (number + (family + 1) * _BASE + length * _LENGTH) & _MASK
    mixed = ((mixed ^ (mixed >> 30)) * _MIX_1) & _MASK
    mixed = ((mixed ^ (mixed >> 27)) * _MIX_2) & _MASK
    return mixed ^ (mixed >> 31)


def text_slips(text: str, alphabet: str, start: int, end: int) -> Iterator[str]:
    """Every text that is one slip away: a character wrong, missing, too many, or two neighbours swapped.

    Args:
        text: The text.
        alphabet: What may stand in place of a character, or between two.
        start: Slips are made from this place on,
        end: and before this one.
    """
    for place in range(start, end):
        for other in alphabet:
            if other != text[place]:
                yield text[:place] + other + text[place + 1 :]
        yield text[:place] + text[place + 1 :]
        if place + 1 < end and text[place] != text[place + 1]:
            yield text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    for place in range(start, end + 1):
        for other in alphabet:
            yield text[:place] + other + text[place:]
