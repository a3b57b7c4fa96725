"""What hands, ears and scanners do to a field; and the ways to write it right."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from register.names import HOMOPHONES, LOOKALIKES, MEN, READINGS, SURNAMES, TRADITIONAL, WOMEN, toneless

Way = Callable[[Random, str], str]
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_CHINESE = str.maketrans("0123456789", "零一二三四五六七八九")
_PLATE_ALIKE = {
    "0": "ODQ",
    "1": "IL",
    "8": "B",
    "B": "8",
    "D": "0",
    "Q": "0",
    "2": "Z",
    "Z": "2",
    "5": "S",
    "S": "5",
}
_ILLEGIBLE = "?*_"
_COMPOUND = tuple(each for each in SURNAMES if len(each) == 2)


def _put(text: str, place: int, new: str, length: int = 1) -> str:
    return text[:place] + new + text[place + length :]


def _swapped(chance: Random, text: str, first: int = 0) -> str:
    places = [place for place in range(first, len(text) - 1) if text[place] != text[place + 1]]
    if not places:
        return _digit_wrong(chance, text, first)
    place = chance.choice(places)
    return _put(text, place, text[place + 1] + text[place], 2)


def _digit_wrong(chance: Random, text: str, first: int = 0) -> str:
    places = [place for place in range(first, len(text)) if text[place].isdigit()]
    place = chance.choice(places)
    return _put(text, place, str((int(text[place]) + chance.randrange(1, 10)) % 10))


# --- names ---


def _surname_length(name: str) -> int:
    return 2 if name.startswith(_COMPOUND) else 1


def _by(table: dict[str, str]) -> Way:
    def way(chance: Random, name: str) -> str:
        places = [place for place, each in enumerate(name) if each in table]
        if not places:
            return _other_character(chance, name)
        place = chance.choice(places)
        return _put(name, place, chance.choice(table[name[place]]))

    return way


def _other_character(chance: Random, name: str) -> str:
    place = chance.randrange(_surname_length(name), len(name))
    new = chance.choice([each for each in MEN + WOMEN if each != name[place]])
    return _put(name, place, new)


def _character_missing(chance: Random, name: str) -> str:
    return name[:-1] if len(name) == 3 and chance.random() < 0.5 else _put(name, len(name) - 2, "")


def _character_extra(chance: Random, name: str) -> str:
    return _put(name, chance.randrange(_surname_length(name), len(name) + 1), chance.choice(MEN + WOMEN), 0)


def _given_first(_: Random, name: str) -> str:
    cut = _surname_length(name)
    return name[cut:] + name[:cut]


def _pinyin(chance: Random, name: str) -> str:
    cut = _surname_length(name)
    syllables = [READINGS[each] for each in name]
    if chance.random() < 0.7:
        syllables = [toneless(each) for each in syllables]
    if chance.random() < 0.3:
        return " ".join(syllables)
    parts = ["".join(syllables[:cut]), "".join(syllables[cut:])]
    return chance.choice(("", " ")).join(part.capitalize() for part in parts)


def _traditional(_: Random, name: str) -> str:
    return "".join(TRADITIONAL.get(each, each) for each in name)


def _spaced(_: Random, name: str) -> str:
    return " ".join(name)


# --- telephones ---


def _grouped(_: Random, phone: str) -> str:
    return f"{phone[:3]} {phone[3:7]} {phone[7:]}"


def _hyphens(_: Random, phone: str) -> str:
    return f"{phone[:3]}-{phone[3:7]}-{phone[7:]}"


def _country(_: Random, phone: str) -> str:
    return f"+86 {phone}"


def _wide(_: Random, text: str) -> str:
    return text.translate(_WIDE)


def _one_digit(chance: Random, phone: str) -> str:
    return _digit_wrong(chance, phone, 1)


def _two_digits(chance: Random, phone: str) -> str:
    one, other = sorted(chance.sample(range(2, len(phone)), 2))
    for place in (one, other):
        phone = _put(phone, place, str((int(phone[place]) + chance.randrange(1, 10)) % 10))
    return phone


def _digit_missing(chance: Random, phone: str) -> str:
    return _put(phone, chance.randrange(1, len(phone)), "")


def _two_missing(chance: Random, phone: str) -> str:
    return _digit_missing(chance, _digit_missing(chance, phone))


def _doubled(chance: Random, phone: str) -> str:
    place = chance.randrange(1, len(phone))
    return _put(phone, place, phone[place], 0)


def _neighbours_swapped(chance: Random, phone: str) -> str:
    return _swapped(chance, phone, 1)


def _illegible(chance: Random, text: str) -> str:
    sign = chance.choice(_ILLEGIBLE)
    for place in chance.sample(range(2, len(text)), chance.choice((1, 2, 3))):
        text = _put(text, place, sign)
    return text


def _beginning(chance: Random, phone: str) -> str:
    return phone[: chance.choice((7, 8, 9))]


def _end(chance: Random, phone: str) -> str:
    return phone[-chance.choice((6, 7, 8)) :]


# --- resident IDs ---


def _small_x(_: Random, number: str) -> str:
    return number.lower()


def _id_spaced(_: Random, number: str) -> str:
    return f"{number[:6]} {number[6:14]} {number[14:]}"


def _last_six(_: Random, number: str) -> str:
    return number[-6:]


def _last_four(_: Random, number: str) -> str:
    return number[-4:]


def _first_fourteen(_: Random, number: str) -> str:
    return number[:14]


def _birth_hidden(_: Random, number: str) -> str:
    return f"{number[:6]}********{number[14:]}"


def _id_two_digits(chance: Random, number: str) -> str:
    return _digit_wrong(chance, _digit_wrong(chance, number))


# --- residences ---


def _parts(door: str) -> tuple[str, str, str, str]:
    end = next(place for place, each in enumerate(door) if each.isdigit())
    building, _, rest = door[end:].partition("号楼")
    unit, found, room = rest.partition("单元")
    return door[:end], building, unit if found else "", (room if found else rest).removesuffix("室")


def _joined(estate: str, building: str, unit: str, room: str) -> str:
    return f"{estate}{building}号楼{f'{unit}单元' if unit else ''}{room}室"


def _with_hyphens(_: Random, door: str) -> str:
    estate, building, unit, room = _parts(door)
    return estate + "-".join(each for each in (building, unit, room) if each)


def _blocks(chance: Random, door: str) -> str:
    return door.replace("号楼", chance.choice("栋幢座")).removesuffix(chance.choice(("", "室")))


def _in_words(_: Random, door: str) -> str:
    estate, building, unit, room = _parts(door)
    number = int(building)
    tens, ones = divmod(number, 10)
    said = ("" if tens == 0 else "十" if tens == 1 else f"{tens}十") + (str(ones) if ones or not tens else "")
    return _joined(estate, said.translate(_CHINESE), unit.translate(_CHINESE), room.translate(_CHINESE))


def _no_unit(_: Random, door: str) -> str:
    estate, building, _unit, room = _parts(door)
    return _joined(estate, building, "", room)


def _no_estate(_: Random, door: str) -> str:
    return _joined("", *_parts(door)[1:])


def _room_digit(chance: Random, door: str) -> str:
    estate, building, unit, room = _parts(door)
    return _joined(estate, building, unit, _digit_wrong(chance, room))


def _building_off(chance: Random, door: str) -> str:
    estate, building, unit, room = _parts(door)
    return _joined(estate, str(max(1, int(building) + chance.choice((-1, 1, 2, 10)))), unit, room)


def _unit_wrong(chance: Random, door: str) -> str:
    estate, building, unit, room = _parts(door)
    if not unit:
        return _room_digit(chance, door)
    return _joined(estate, building, str(int(unit) % 4 + 1), room)


def _estate_character(chance: Random, door: str) -> str:
    place = chance.randrange(2)
    return _put(
        door, place, chance.choice([each for each in "榆枫梧樟柏桐槐杏云星月溪泉山" if each != door[place]])
    )


# --- plates, birth dates, sexes ---


def _dotted(_: Random, plate: str) -> str:
    return f"{plate[:2]}·{plate[2:]}"


def _small(_: Random, plate: str) -> str:
    return plate.lower()


def _no_province(_: Random, plate: str) -> str:
    return plate[1:]


def _plate_alike(chance: Random, plate: str) -> str:
    places = [place for place in range(2, len(plate)) if plate[place] in _PLATE_ALIKE]
    if not places:
        return _plate_sign(chance, plate)
    place = chance.choice(places)
    return _put(plate, place, chance.choice(_PLATE_ALIKE[plate[place]]))


def _plate_sign(chance: Random, plate: str) -> str:
    place = chance.randrange(2, len(plate))
    return _put(plate, place, chance.choice([each for each in "0123456789ACEFHKMX" if each != plate[place]]))


def _day_in_words(_: Random, day: str) -> str:
    year, month, date = day.split("-")
    return f"{year}年{int(month)}月{int(date)}日"


def _day_run(_: Random, day: str) -> str:
    return day.replace("-", "")


def _day_and_month(chance: Random, day: str) -> str:
    year, month, date = day.split("-")
    return f"{year}-{date}-{month}" if date != month and int(date) <= 12 else _day_part(chance, day)


def _day_part(chance: Random, day: str) -> str:
    year, month, date = (int(each) for each in day.split("-"))
    which = chance.randrange(3)
    year += chance.choice((-10, -1, 1, 10)) if which == 0 else 0
    month = month % 12 + 1 if which == 1 else month
    date = date % 28 + 1 if which == 2 else date
    return f"{year:04d}-{month:02d}-{date:02d}"


def _year_alone(_: Random, day: str) -> str:
    return day[:4]


def _sex_said(_: Random, sex: str) -> str:
    return "男" if sex == "M" else "女"


def _as_is(_: Random, text: str) -> str:
    return text


#: The ways to write a field rightly, and wrongly, each with its share.
RIGHT: dict[str, dict[Way, float]] = {
    "name": {_as_is: 0.8, _traditional: 0.1, _spaced: 0.1},
    "sex": {_sex_said: 0.7, _as_is: 0.3},
    "birth_date": {_as_is: 0.4, _day_in_words: 0.3, _day_run: 0.3},
    "resident_id": {_as_is: 0.6, _small_x: 0.05, _id_spaced: 0.1, _last_six: 0.15, _first_fourteen: 0.1},
    "phone": {_as_is: 0.6, _grouped: 0.15, _hyphens: 0.1, _country: 0.1, _wide: 0.05},
    "residence": {_as_is: 0.4, _with_hyphens: 0.25, _blocks: 0.15, _in_words: 0.1, _wide: 0.1},
    "plate": {_as_is: 0.6, _dotted: 0.2, _small: 0.2},
}
WRONG: dict[str, dict[Way, float]] = {
    "name": {
        _by(HOMOPHONES): 0.3,
        _by(LOOKALIKES): 0.2,
        _other_character: 0.1,
        _character_missing: 0.1,
        _character_extra: 0.05,
        _given_first: 0.05,
        _pinyin: 0.2,
    },
    "birth_date": {_day_and_month: 0.3, _day_part: 0.4, _year_alone: 0.3},
    "resident_id": {
        _digit_wrong: 0.35,
        _id_two_digits: 0.15,
        _neighbours_swapped: 0.1,
        _illegible: 0.15,
        _birth_hidden: 0.1,
        _last_four: 0.15,
    },
    "phone": {
        _one_digit: 0.25,
        _two_digits: 0.1,
        _digit_missing: 0.2,
        _two_missing: 0.05,
        _doubled: 0.1,
        _neighbours_swapped: 0.1,
        _illegible: 0.1,
        _beginning: 0.05,
        _end: 0.05,
    },
    "residence": {
        _room_digit: 0.3,
        _building_off: 0.15,
        _unit_wrong: 0.1,
        _no_unit: 0.15,
        _no_estate: 0.1,
        _estate_character: 0.2,
    },
    "plate": {_plate_alike: 0.45, _no_province: 0.25, _plate_sign: 0.3},
}
for _way, _name in ((next(iter(WRONG["name"])), "homophone"), (list(WRONG["name"])[1], "look-alike")):
    _way.__name__ = _name


def write(chance: Random, field: str, value: str, *, wrong: bool) -> tuple[str, str]:
    """Write a value, rightly or wrongly.

    Returns:
        What is written, and the way it was, such as ``digit wrong``.
    """
    ways = (WRONG if wrong else RIGHT)[field]
    (way,) = chance.choices(list(ways), weights=list(ways.values()))
    return way(chance, value), way.__name__.strip("_").replace("_", " ")
