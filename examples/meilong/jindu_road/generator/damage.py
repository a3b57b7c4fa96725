"""What happens to a form at night: each function is one class of damage to one field."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.forms import Form
from examples.meilong.jindu_road.generator.people import Room
from examples.meilong.jindu_road.generator.spellings import written_address
from examples.meilong.jindu_road.generator.tables import alike

__all__ = ["FIELD_OF", "damage_field"]

#: The field that a class of damage is done to, by the first word of its name.
FIELD_OF = {
    "name": "name",
    "phone": "phone",
    "id": "document",
    "residence": "residence",
    "plate": "plate",
    "sex": "sex",
    "dates": "dates",
}
# Digits that hands, ears and thumbs take for each other.
_LIKE_DIGITS = {
    "0": "68",
    "1": "74",
    "2": "37",
    "3": "58",
    "4": "19",
    "5": "36",
    "6": "05",
    "7": "12",
    "8": "03",
    "9": "40",
}

_WORKBOOKS = frozenset({"paper-4", "questionnaire"})

Damage = Callable[[Chance, Form], bool]


def _another_character(how: str) -> Damage:
    def damage(chance: Chance, form: Form) -> bool:
        name = form.person.name
        places = [place for place, character in enumerate(name) if character in alike(how)]
        if not places:
            return False
        place = chance.pick(places)
        form.text["name"] = name[:place] + chance.pick(alike(how)[name[place]]) + name[place + 1 :]
        return True

    return damage


def _name_missing(chance: Chance, form: Form) -> bool:
    name = form.person.name
    if name.isascii():
        form.text["name"] = name.rsplit(" ", 1)[0]
        return " " in name
    if len(name) < 3:
        return False
    place = chance.between(1, len(name) - 1)
    form.text["name"] = name[:place] + name[place + 1 :]
    return True


def _blank(field: str) -> Damage:
    def damage(_: Chance, form: Form) -> bool:
        form.text[field], had = "", form.text[field]
        return bool(had)

    return damage


def _digits_missing(field: str, least: int, most: int) -> Damage:
    def damage(chance: Chance, form: Form) -> bool:
        number = _plain(form, field)
        count = chance.between(least, most)
        if len(number) < 9:
            return False
        for _ in range(count):
            place = chance.between(3, len(number) - 1)
            number = number[:place] + number[place + 1 :]
        form.text[field] = number
        return True

    return damage


def _digit_wrong(field: str) -> Damage:
    def damage(chance: Chance, form: Form) -> bool:
        number = _plain(form, field)
        places = [place for place, digit in enumerate(number) if digit in _LIKE_DIGITS and place > 2]
        if not places:
            return False
        place = chance.pick(places)
        form.text[field] = number[:place] + chance.pick(_LIKE_DIGITS[number[place]]) + number[place + 1 :]
        return True

    return damage


def _digits_swapped(field: str) -> Damage:
    def damage(chance: Chance, form: Form) -> bool:
        number = _plain(form, field)
        places = [place for place in range(3, len(number) - 1) if number[place] != number[place + 1]]
        if not places:
            return False
        place = chance.pick(places)
        form.text[field] = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
        return True

    return damage


def _illegible(chance: Chance, form: Form) -> bool:
    number = _plain(form, "phone")
    if len(number) != 11:
        return False
    count, mark = chance.between(1, 4), chance.pick("?*")
    place = chance.between(3, 11 - count)
    form.text["phone"] = number[:place] + mark * count + number[place + count :]
    return True


def _plain(form: Form, field: str) -> str:
    """Return a number as its holder would print it, so that a slip is in it and not in its gaps."""
    return form.person.phone if field == "phone" else form.person.document


def _spreadsheet(_: Chance, form: Form) -> bool:
    number = form.person.document
    if len(number) != 18 or not number.isdigit():
        return False
    # A spreadsheet keeps fifteen digits of a number.
    form.text["document"] = number[:15] + "000"
    form.document_is_number = form.file in _WORKBOOKS
    return True


def _spreadsheet_short(_: Chance, form: Form) -> bool:
    # Saved as CSV, it may keep no more than what the narrow cell showed.
    number = form.person.document
    if len(number) != 18 or not number.isdigit() or form.file in _WORKBOOKS:
        return False
    form.text["document"] = f"{int(number):.5E}"
    return True


def _last_four(_: Chance, form: Form) -> bool:
    number = form.person.document
    form.text["document"] = number[-4:]
    return len(number) == 18


def _card_for_room(chance: Chance, form: Form) -> bool:
    card = form.person.card
    form.text["residence"] = chance.pick((card, f"门禁卡{card}", f"{form.person.room.compound}卡号{card}"))
    return bool(card)


def _other_room(chance: Chance, form: Form) -> bool:
    room = form.person.room
    place = chance.between(0, 2)
    digit = chance.pick(_LIKE_DIGITS[room.number[place]])
    wrong = room.number[:place] + digit + room.number[place + 1 :]
    form.text["residence"] = written_address(chance, Room(room.compound, room.building, room.unit, wrong))
    return True


def _room_missing(_: Chance, form: Form) -> bool:
    room = form.person.room
    form.text["residence"] = f"{room.compound}{room.building}号楼"
    return True


def _no_compound(chance: Chance, form: Form) -> bool:
    room = form.person.room
    form.text["residence"] = chance.pick(
        (f"{room.building}-{room.unit}-{room.number}", f"{room.building}号楼{room.unit}单元{room.number}室")
    )
    return True


def _plate_wrong(chance: Chance, form: Form) -> bool:
    plate = form.text["plate"].replace("·", "").upper()
    digits = [place for place, character in enumerate(plate) if character in _LIKE_DIGITS]
    if not digits:
        return False
    place = chance.pick(digits)
    form.text["plate"] = plate[:place] + chance.pick(_LIKE_DIGITS[plate[place]]) + plate[place + 1 :]
    return True


def _other_sex(_: Chance, form: Form) -> bool:
    form.text["sex"] = "女" if form.person.sex == "男" else "男"
    return True


def _day_for_month(_: Chance, form: Form) -> bool:
    day = form.party.at.date()
    if day.day > 12 or day.day == day.month:
        return False
    form.arrived = date(day.year, day.day, day.month)
    return True


#: Class of damage: how often on paper, how often online, what is done.
_DAMAGES: dict[str, tuple[float, float, Damage]] = {
    "name-sound": (11, 18, _another_character("sound")),
    "name-shape": (13, 2, _another_character("shape")),
    "name-missing": (5, 3, _name_missing),
    "name-blank": (2, 0, _blank("name")),
    "phone-missing-1": (9, 8, _digits_missing("phone", 1, 1)),
    "phone-missing-2": (4, 3, _digits_missing("phone", 2, 2)),
    "phone-wrong": (7, 9, _digit_wrong("phone")),
    "phone-swapped": (4, 6, _digits_swapped("phone")),
    "phone-illegible": (7, 0, _illegible),
    "phone-blank": (5, 1, _blank("phone")),
    "id-wrong": (5, 6, _digit_wrong("document")),
    "id-missing": (6, 5, _digits_missing("document", 1, 2)),
    "id-swapped": (3, 3, _digits_swapped("document")),
    "id-spreadsheet": (5, 8, _spreadsheet),
    "id-spreadsheet-short": (2, 0, _spreadsheet_short),
    "id-last4": (4, 1, _last_four),
    "id-blank": (7, 2, _blank("document")),
    "residence-card": (3, 3, _card_for_room),
    "residence-room-wrong": (7, 5, _other_room),
    "residence-room-missing": (3, 3, _room_missing),
    "residence-no-compound": (6, 6, _no_compound),
    "residence-blank": (3, 1, _blank("residence")),
    "plate-wrong": (2, 2, _plate_wrong),
    "sex-wrong": (2, 2, _other_sex),
    "dates-swapped": (5, 4, _day_for_month),
}


def damage_field(chance: Chance, form: Form, spoilt: set[str]) -> str:
    """Do one damage to a field of a form that is still whole.

    Args:
        chance: The stream to draw from.
        form: The form; it is changed.
        spoilt: The fields that are damaged already.

    Returns:
        The field that was damaged, or nothing where the draw did not fit this form.
    """
    paper = form.source == "paper"
    name = chance.weighted(list(_DAMAGES), [each[0] if paper else each[1] for each in _DAMAGES.values()])
    field = FIELD_OF[name.split("-")[0]]
    before = dict(form.text)
    if field in spoilt or not _DAMAGES[name][2](chance, form):
        form.text = before
        return ""
    form.damage.append(name)
    return field
