"""All ways in which fields compare, with their figures: the one table of weights, for both twins."""

from __future__ import annotations

from enum import IntEnum
from typing import Final

from epiguard.matching._levels import Kind, Level
from epiguard.registrations import FORM_FIELDS

__all__ = ["FIELD_OF", "FIELD_WORST", "KINDS", "K"]

_A, _N, _D = Level.AGREES, Level.NEAR, Level.DIFFERS


class K(IntEnum):
    """The kinds by number; the enumeration in ``_csrc/kinds.h`` is the same, which a test compares."""

    SAME_NAME = 0
    NAME_ORDER = 1
    NAME_SOUND = 2
    NAME_PINYIN = 3
    NAME_LOOK = 4
    NAME_SLIP = 5
    NAME_LENGTH = 6
    NAME_PART = 7
    OTHER_NAME = 8
    SAME_SEX = 9
    OTHER_SEX = 10
    SAME_DAY = 11
    DAY_SWAPPED = 12
    TWO_OF_THREE = 13
    DAY_AS_FAR = 14
    OTHER_DAY = 15
    SAME_ID = 16
    DOCUMENT = 17
    ID_SLIPS = 18
    ID_AS_FAR = 19
    BIRTH_INSIDE = 20
    OTHER_ID = 21
    OTHER_VALID_ID = 22
    OTHER_FRAGMENT = 23
    SAME_PHONE = 24
    PHONE_SLIP = 25
    PHONE_TWO_SLIPS = 26
    PHONE_AS_FAR = 27
    FAMILY_PHONE = 28
    OTHER_PHONE = 29
    SAME_DOOR = 30
    OPEN_DOOR = 31
    COMPOUND_SLIP = 32
    OTHER_UNIT = 33
    BUILDING = 34
    ROOM = 35
    ROOM_SLIP = 36
    BUILDING_SLIP = 37
    PARTS_SWAPPED = 38
    CARD_FOR_ROOM = 39
    OTHER_ROOM = 40
    OTHER_HOME = 41
    SAME_PLATE = 42
    PLATE_LOOKS = 43
    NO_PROVINCE = 44
    PLATE_SLIP = 45
    PLATE_END = 46
    FAMILY_PLATE = 47
    OTHER_PLATE = 48
    SAME_CARD = 49
    ZEROS = 50
    CARD_SLIP = 51
    OTHER_CARD = 52
    SAME_CUSTOM = 53
    CUSTOM_SLIP = 54
    CUSTOM_END = 55
    OTHER_CUSTOM = 56
    ABSENT = 57


#: In the order of :class:`K`.
KINDS: Final = (
    Kind("name", "same name", _A, 8500),
    Kind("name", "surname last", _N, 100),
    Kind("name", "sounds the same", _N, 500, contradicts=True),
    Kind("name", "same in Latin letters", _N, 8500),
    Kind("name", "looks alike", _N, 300, rare=8, contradicts=True),
    Kind("name", "one character", _N, 400, contradicts=True),
    Kind("name", "a character more or less", _N, 200, contradicts=True),
    Kind("name", "part of the name", _N, 150),
    Kind("name", "another name", _D, 350),
    Kind("sex", "same sex", _A, 9850),
    Kind("sex", "other sex", _D, 150),
    Kind("birth_date", "same day", _A, 9000),
    Kind("birth_date", "day and month swapped", _N, 100, contradicts=True),
    Kind("birth_date", "two of year, month, day", _N, 400, contradicts=True),
    Kind("birth_date", "as far as written", _N, 9000),
    Kind("birth_date", "another day", _D, 400),
    Kind("resident_id", "same number", _A, 8800, rare=1000),
    Kind("resident_id", "same document", _A, 8800, rare=100),
    Kind("resident_id", "one or two digits", _N, 500),
    Kind("resident_id", "as far as written", _N, 8500),
    Kind("resident_id", "birth date inside the number", _N, 9000),
    Kind("resident_id", "another number", _D, 300),
    Kind("resident_id", "another valid number", _D, 50),
    Kind("resident_id", "another fragment", _D, 1000),
    Kind("phone", "same number", _A, 7800, rare=10),
    # Of three thousand million numbers 240 are one slip away from a given one, and 30,000 are two.
    Kind("phone", "one digit", _N, 600, chance=12_000_000, contradicts=True),
    Kind("phone", "two digits", _N, 300, chance=100_000, contradicts=True),
    Kind("phone", "as far as written", _N, 8500),
    Kind("phone", "of the same household", _N, 70, rare=10),
    Kind("phone", "another number", _D, 800),
    Kind("residence", "same door", _A, 8500),
    Kind("residence", "same door as far as written", _N, 8500),
    Kind("residence", "compound a character off", _N, 300),
    Kind("residence", "another unit", _N, 200, contradicts=True),
    Kind("residence", "same building, no room", _N, 8500),
    Kind("residence", "same room, no building", _N, 8500),
    Kind("residence", "room a digit off", _N, 500, contradicts=True),
    Kind("residence", "building a digit off", _N, 200, contradicts=True),
    Kind("residence", "parts swapped", _N, 100, contradicts=True),
    Kind("residence", "card number in place of the room", _N, 150),
    Kind("residence", "another room of the building", _D, 2500),
    Kind("residence", "another home", _D, 400),
    # Of some five hundred million plates of a region 300 are one character away from a given one.
    Kind("plate", "same plate", _A, 8500, rare=16),
    Kind("plate", "looks the same", _N, 500, chance=50_000_000),
    Kind("plate", "without its province", _N, 8500, rare=16),
    Kind("plate", "one character", _N, 400, chance=1_000_000, contradicts=True),
    Kind("plate", "its last characters", _N, 8500),
    Kind("plate", "of the same household", _N, 100, rare=4),
    Kind("plate", "another plate", _D, 800),
    Kind("card", "same card", _A, 8500, rare=4),
    Kind("card", "leading zeros apart", _N, 500, rare=4),
    Kind("card", "one character", _N, 400, contradicts=True),
    Kind("card", "another card", _D, 800),
    Kind("custom", "same", _A, 8500, rare=4),
    Kind("custom", "one character", _N, 500, contradicts=True),
    Kind("custom", "its last characters", _N, 1000),
    Kind("custom", "another", _D, 800),
    Kind("", "absent", Level.ABSENT, 10_000),
)

#: For each kind the number of its field, in the order of ``FORM_FIELDS``; custom fields come after these.
FIELD_OF: Final = tuple(
    FORM_FIELDS.index(kind.field) if kind.field in FORM_FIELDS else len(FORM_FIELDS) for kind in KINDS
)
#: For each field, custom ones last, the kind that stands for a plain difference: nothing near says less.
FIELD_WORST: Final = (
    K.OTHER_NAME,
    K.OTHER_SEX,
    K.OTHER_DAY,
    K.OTHER_ID,
    K.OTHER_PHONE,
    K.OTHER_HOME,
    K.OTHER_PLATE,
    K.OTHER_CARD,
    K.OTHER_CUSTOM,
)
