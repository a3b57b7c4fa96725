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
    NAME_PART = 6
    OTHER_NAME = 7
    SAME_SEX = 8
    OTHER_SEX = 9
    SAME_DAY = 10
    DAY_SWAPPED = 11
    TWO_OF_THREE = 12
    DAY_AS_FAR = 13
    OTHER_DAY = 14
    SAME_ID = 15
    DOCUMENT = 16
    ID_SLIPS = 17
    ID_AS_FAR = 18
    BIRTH_INSIDE = 19
    OTHER_ID = 20
    OTHER_VALID_ID = 21
    OTHER_FRAGMENT = 22
    SAME_PHONE = 23
    PHONE_SLIP = 24
    PHONE_TWO_SLIPS = 25
    PHONE_AS_FAR = 26
    FAMILY_PHONE = 27
    OTHER_PHONE = 28
    SAME_DOOR = 29
    OPEN_DOOR = 30
    COMPOUND_SLIP = 31
    OTHER_UNIT = 32
    BUILDING = 33
    ROOM = 34
    ROOM_SLIP = 35
    BUILDING_SLIP = 36
    PARTS_SWAPPED = 37
    CARD_FOR_ROOM = 38
    OTHER_ROOM = 39
    OTHER_HOME = 40
    SAME_PLATE = 41
    PLATE_LOOKS = 42
    NO_PROVINCE = 43
    PLATE_SLIP = 44
    PLATE_END = 45
    FAMILY_PLATE = 46
    OTHER_PLATE = 47
    SAME_CARD = 48
    ZEROS = 49
    CARD_SLIP = 50
    OTHER_CARD = 51
    SAME_CUSTOM = 52
    CUSTOM_SLIP = 53
    CUSTOM_END = 54
    OTHER_CUSTOM = 55
    ABSENT = 56


#: In the order of :class:`K`.
KINDS: Final = (
    Kind("name", "same name", _A, 8500),
    Kind("name", "surname last", _N, 100),
    Kind("name", "sounds the same", _N, 500, contradicts=True),
    Kind("name", "same in Latin letters", _N, 8500),
    Kind("name", "looks alike", _N, 300, rare=8, contradicts=True),
    Kind("name", "one character", _N, 600, contradicts=True),
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
    # Among ten thousand million numbers hardly anybody's is a slip away from one of six thousand by chance.
    Kind("phone", "one digit", _N, 600, rare=64, contradicts=True),
    Kind("phone", "two digits", _N, 200, rare=16, contradicts=True),
    Kind("phone", "as far as written", _N, 8500),
    Kind("phone", "of the same household", _N, 800, rare=10),
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
    Kind("plate", "same plate", _A, 8500, rare=4),
    Kind("plate", "looks the same", _N, 500, rare=4),
    Kind("plate", "without its province", _N, 8500, rare=4),
    Kind("plate", "one character", _N, 400, rare=4, contradicts=True),
    Kind("plate", "its last characters", _N, 8500),
    Kind("plate", "of the same household", _N, 800, rare=4),
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
