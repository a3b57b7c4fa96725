"""Where to look for whom a field may mean: the keys of what was written, and of what it may have been.

*Points* are fields that hardly anybody shares: numbers, plates, cards. *Lists* are those that many share:
names, homes, birth dates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

from epiguard.matching._keys import DIGITS, LETTERS, PHONE_TAIL, Family, text_slips
from epiguard.matching._reading import Reading
from epiguard.matching._reference._numbers import laid
from epiguard.matching._reference._view import View
from epiguard.matching._slips import slips_between
from epiguard.matching._texts import compounds_apart, deletions_of, door_text, name_parts_of

__all__ = [
    "ID_CHARACTERS",
    "Rows",
    "birth_lists",
    "card_alphabet",
    "filled",
    "home_lists",
    "identity_keys",
    "name_lists",
    "near_births",
    "near_doors",
    "near_phones",
    "phone_fillings",
]

Rows = Sequence[int]
ID_CHARACTERS: Final = "0123456789X"
#: What is left of letters and digits on a plate once look-alikes are folded.
PLATE_CHARACTERS: Final = "0123456789ACEFHJKMNPRTUVWXY"
#: A pattern with unknown characters is looked up with everything in their place, where that is no more.
MOST_FILLED: Final = 10_000
MOST_FILLED_ID: Final = 400
_MOBILE: Final = 11
_SHORTEST_HEAD: Final = 7
_MOST_COMPOUNDS: Final = 16
#: More residents than this at a door a digit away are not brought up by that.
MOST_AT_A_DOOR: Final = 1024
_YEARS: Final = range(1900, 2030)
_DAYS_IN: Final = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


def filled(pattern: str, alphabet: str, most: int) -> Iterator[str]:
    """A pattern with every character in each unknown place; nothing where these are too many."""
    gaps = pattern.count("?")
    if len(alphabet) ** gaps <= most:
        shape = pattern.replace("?", "{}")
        for characters in product(alphabet, repeat=gaps):
            yield shape.format(*characters)


def phone_fillings(written: str) -> tuple[Sequence[str], str]:
    """Whole numbers that a masked or shortened telephone may be, and its last four digits if better.

    Returns:
        Numbers to look up; or the last four digits, under which residents are compared one by one.
    """
    tail = written[-4:]
    if "?" in written:
        gaps = written.count("?")
        if "?" not in tail and gaps > 2:
            return (), tail
        return tuple(filled(written, DIGITS, MOST_FILLED)), ""
    if len(written) < _SHORTEST_HEAD:
        return (), tail
    return tuple(filled(written.ljust(_MOBILE, "?"), DIGITS, MOST_FILLED)), tail


def near_phones(written: str, view: View, slips: int) -> Iterator[str]:
    """Telephones of the register that are a slip, or up to two, away from a whole one; perhaps twice.

    One slip at most is sought in the head, and what is left in the tail, wherever the one ends and the other
    begins in what was written.

    Args:
        written: Digits alone.
        view: The index.
        slips: 1 or 2.
    """
    texts = {written: slips}
    # Two neighbours swapped, of which one is of the head and one of the tail.
    for border in range(len(written) - PHONE_TAIL - slips + 1, len(written) - PHONE_TAIL + slips):
        turned = f"{written[: border - 1]}{written[border]}{written[border - 1]}{written[border + 1 :]}"
        texts.setdefault(turned, slips - 1)
    for text, left in texts.items():
        for size in range(PHONE_TAIL - left, PHONE_TAIL + left + 1):
            head, tail = text[:-size], text[-size:]
            heads = {head: left}
            if abs(size - PHONE_TAIL) < left:
                heads.update(dict.fromkeys(text_slips(head, DIGITS, 0, len(head)), left - 1))
            for each, most in heads.items():
                for known in view.phone_tails(each):
                    if slips_between(tail, known, most) is not None:
                        yield each + known


def identity_keys(written: str) -> tuple[list[tuple[Family, str]], list[str]]:
    """Keys for a resident ID or a part of one.

    Returns:
        The keys, and birth dates under which residents are compared one by one.
    """
    if 16 <= len(written) <= 20 and len(written) != 18 and "?" not in written:
        return _moved(written)
    keys: dict[tuple[Family, str], None] = {}
    births: dict[str, None] = {}
    for placed in [written] if len(written) == 18 else laid(written):
        year, day, tail = placed[6:10], placed[10:14], placed[14:]
        tails = _tails(tail)
        days = [each for each in _days() if _fits(each, day)] if "?" in day else [day]
        if tails and len(days) * len(tails) <= MOST_FILLED_ID:
            keys.update(dict.fromkeys((Family.ID_DAY, one + other) for one in days for other in tails))
        elif tails and "?" not in year:
            keys.update(dict.fromkeys((Family.ID_YEAR, year + each) for each in tails))
        elif "?" not in year and "?" not in day:
            births[year + day] = None
        if "?" not in written and len(written) == 18:
            keys[Family.ID_YEAR, year + tail] = None
    return list(keys), list(births)


def _moved(written: str) -> tuple[list[tuple[Family, str]], list[str]]:
    """A number with a character or two too few or too many: what stands behind these has moved."""
    keys: dict[tuple[Family, str], None] = {}
    years, days = (written[6:10], written[-12:-8]), (written[10:14], written[-8:-4])
    tails = [written[-4:]]
    if len(written) == 17:
        tails += [written[14:] + each for each in ID_CHARACTERS]
    for tail in tails:
        keys.update({(Family.ID_DAY, day + tail): None for day in days})
        keys.update({(Family.ID_YEAR, year + tail): None for year in years})
    return list(keys), list(dict.fromkeys((years[0] + days[0], years[1] + days[1], years[0] + days[1])))


def _tails(pattern: str) -> list[str]:
    """Every tail that a pattern may be: ten digits in each unknown place, and X in the last."""
    if pattern == "????":
        return []
    tails = list(filled(pattern, DIGITS, 100))
    if pattern[-1] == "?":
        tails += [each[:-1] + "X" for each in tails if each[-1] == "0"]
    return tails


def _days() -> Iterator[str]:
    for month, days in enumerate(_DAYS_IN, start=1):
        for day in range(1, days + 1):
            yield f"{month:02d}{day:02d}"


def _fits(text: str, pattern: str) -> bool:
    return all(mine in ("?", theirs) for mine, theirs in zip(pattern, text, strict=True))


def card_alphabet(folded: str) -> str:
    """What may stand in a card's number."""
    return DIGITS if folded.isascii() and folded.isdigit() else LETTERS


def name_lists(reading: Reading, view: View) -> Iterator[Rows]:
    """Who bears the name, or one that it may have been: what says most comes first."""
    name = reading.name
    yield view.rows(Family.NAME, name)
    for spelt in reading.sounds or view.characters.readings(name):
        yield view.rows(Family.SOUND, spelt)
    if len(name) > 1:
        yield view.rows(Family.NAME, name[-1] + name[:-1])
        yield view.rows(Family.NAME, name[1:] + name[0])
    for place, character in enumerate(name):
        for other in view.characters.looks(character):
            yield view.rows(Family.NAME, name[:place] + other + name[place + 1 :])
    yield view.rows(Family.NAME_SLIP, name)
    for left in deletions_of(name):
        yield view.rows(Family.NAME, left)
        yield view.rows(Family.NAME_SLIP, left)
    for part in name_parts_of(name):
        yield view.rows(Family.NAME_PART, part)
        if part != name:
            yield view.rows(Family.NAME, part)


def birth_lists(reading: Reading, view: View) -> Iterator[Rows]:
    """Who was born that day, or that day with month and day swapped."""
    birth = reading.birth
    if "?" not in birth:
        yield view.rows(Family.BIRTH, birth)
        yield view.rows(Family.BIRTH, birth[:4] + birth[6:] + birth[4:6])


def near_births(reading: Reading, view: View) -> Iterator[Rows]:
    """Who was born on a day of which one part, year, month or day, is another."""
    birth = reading.birth
    if "?" not in birth:
        for day in range(1, 32):
            yield view.rows(Family.BIRTH, f"{birth[:6]}{day:02d}")
        for month in range(1, 13):
            yield view.rows(Family.BIRTH, f"{birth[:4]}{month:02d}{birth[6:]}")
        for year in _YEARS:
            yield view.rows(Family.BIRTH, f"{year}{birth[4:]}")


def compounds_of(reading: Reading, view: View) -> list[str]:
    """The compounds of the register that the written one may be, and none at all, for doors without one."""
    written = reading.compound
    numbers = dict.fromkeys(view.rows(Family.COMPOUND, written))
    for start in range(1, len(written) - 1):
        numbers.update(dict.fromkeys(view.rows(Family.COMPOUND, written[start:])))
    for slip in (written, *deletions_of(written)):
        numbers.update(dict.fromkeys(view.rows(Family.COMPOUND_SLIP, slip)))
    near = [view.compounds[each] for each in sorted(numbers)]
    found = [each for each in near if compounds_apart(written, each) is not None]
    return [*found[:_MOST_COMPOUNDS], ""]


def home_lists(reading: Reading, view: View) -> Iterator[Rows]:
    """Who lives at the door, or in the building where no room is written."""
    building, room, unit = reading.building, reading.room, reading.unit
    if not building:
        return
    compounds = compounds_of(reading, view) if reading.compound else []
    for compound in compounds:
        if room:
            yield view.rows(Family.DOOR, door_text(compound, building, room))
        else:
            yield view.rows(Family.BUILDING, f"{compound}|{building}")
    if not compounds:
        yield view.rows(Family.DOOR_OPEN, f"{building}|{room}")
        if room:
            yield view.rows(Family.DOOR_OPEN, f"{room}|{building}")
            if unit:
                yield view.rows(Family.DOOR_OPEN, f"{unit}|{room}")
    for compound in compounds:
        if room:
            yield view.rows(Family.DOOR, door_text(compound, room, building))
            yield view.rows(Family.BUILDING, f"{compound}|{building}")
            if unit:
                yield view.rows(Family.DOOR, door_text(compound, unit, room))


def near_doors(reading: Reading, view: View) -> Iterator[Rows]:
    """Who lives a digit of the room, or of the building, away."""
    building, room = reading.building, reading.room
    if not building or not room:
        return
    for compound in compounds_of(reading, view) if reading.compound else [None]:
        family = Family.DOOR_OPEN if compound is None else Family.DOOR
        front = "" if compound is None else f"{compound}|"
        before = f"{front}{building}|"
        yield view.near(family, before + room, DIGITS, len(before), MOST_AT_A_DOOR, 0)
        # The building with a digit wrong, missing, too many, or two swapped.
        others = dict.fromkeys(text_slips(building, DIGITS, 0, len(building)))
        yield sorted({row for other in others for row in view.rows(family, f"{front}{other}|{room}")})
