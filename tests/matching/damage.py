"""What hands, ears and scanners do to one field of a form, for the accuracy tests."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping

from epiguard.people import Person

__all__ = ["DAMAGE", "written"]

Text = Callable[[random.Random, str], str]
OTHER_CHARACTERS = "炜婧琳诚鹏凯倩颖晖雯"


def written(person: Person) -> dict[str, str]:
    """A person's form, filled in right; what the register does not know is not written."""
    fields = {
        "name": person.name.value if person.name else "",
        "sex": {"M": "男", "F": "女"}.get(person.sex or "", ""),
        "birth_date": f"{person.birth_date:%Y-%m-%d}" if person.birth_date else "",
        "resident_id": person.resident_id.value if person.resident_id else "",
        "phone": person.phones[0].national if person.phones else "",
        "residence": person.residence.value if person.residence else "",
        "plate": person.plates[0].value if person.plates else "",
        "card": person.cards[0].value if person.cards else "",
    }
    return {field: text for field, text in fields.items() if text}


def wrong(alphabet: str, first: int = 0) -> Text:
    """One character wrong."""

    def damage(chance: random.Random, text: str) -> str:
        place = chance.randrange(first, len(text))
        return (
            text[:place]
            + chance.choice([each for each in alphabet if each != text[place]])
            + text[place + 1 :]
        )

    return damage


def missing(count: int, first: int = 0) -> Text:
    """So many characters missing."""

    def damage(chance: random.Random, text: str) -> str:
        for _ in range(count):
            place = chance.randrange(first, len(text))
            text = text[:place] + text[place + 1 :]
        return text

    return damage


def doubled(chance: random.Random, text: str) -> str:
    """One character written twice."""
    place = chance.randrange(3, len(text))
    return text[:place] + text[place] + text[place:]


def swapped(chance: random.Random, text: str) -> str:
    """Two neighbours swapped."""
    place = chance.randrange(0 if len(text) < 4 else 3, len(text) - 1)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def both(*steps: Text) -> Text:
    """One after the other."""

    def damage(chance: random.Random, text: str) -> str:
        for step in steps:
            text = step(chance, text)
        return text

    return damage


def room_wrong(chance: random.Random, text: str) -> str:
    """A digit of the room wrong."""
    front, floor = text.split("单元")
    digits = floor.removesuffix("室")
    return f"{front}单元{wrong('123456789', 0)(chance, digits)}室"


def spelt(_: random.Random, text: str) -> str:
    """No damage: dashes instead of words."""
    return text.replace("号楼", "-").replace("单元", "-").removesuffix("室")


def no_compound(_: random.Random, text: str) -> str:
    """Without the compound, which others have doors of the same number in."""
    return text[3:].lstrip("园")


def no_unit(_: random.Random, text: str) -> str:
    """Without the unit."""
    front, rest = text.split("号楼")
    return f"{front}号楼{rest.split('单元')[1]}"


def look_alikes(_: random.Random, text: str) -> str:
    """Letters for the digits of a plate that look like them."""
    return text[:2] + text[2:].translate(str.maketrans("081", "OBI"))


DIGITS = "0123456789"
#: Field, then the name of the damage, to what it does.
DAMAGE: Mapping[str, Mapping[str, Text]] = {
    "name": {
        "wrong": wrong(OTHER_CHARACTERS, 1),
        "missing": missing(1, 1),
        "swapped": swapped,
        "extra": lambda _, text: text + text[-1],
    },
    "phone": {
        "wrong": wrong(DIGITS, 3),
        "missing": missing(1, 3),
        "two missing": missing(2, 3),
        "doubled": doubled,
        "swapped": swapped,
        "missing and wrong": both(missing(1, 3), wrong(DIGITS, 3)),
        "masked": lambda _, text: f"{text[:3]}****{text[7:]}",
        "illegible": wrong("?", 3),
        "tail": lambda _, text: text[-6:],
        "head": lambda _, text: text[:8],
    },
    "resident_id": {
        "wrong": wrong(DIGITS),
        "two wrong": both(wrong(DIGITS), wrong(DIGITS)),
        "missing": missing(1),
        "swapped": swapped,
        "masked": lambda _, text: f"{text[:6]}********{text[14:]}",
        "spreadsheet": lambda _, text: f"{text[:15]}???",
        "first 14": lambda _, text: text[:14],
        "last 6": lambda _, text: text[-6:],
    },
    "residence": {
        "spelt": spelt,
        "no compound": no_compound,
        "no unit": no_unit,
        "room wrong": room_wrong,
    },
    "plate": {
        "no province": lambda _, text: text[1:],
        "look-alikes": look_alikes,
        "wrong": wrong(DIGITS, 2),
    },
    "card": {"wrong": wrong(DIGITS), "zeros": lambda _, text: text.lstrip("0")},
    "birth_date": {
        "swapped": lambda _, text: f"{text[:4]}-{text[8:]}-{text[5:7]}",
        "day wrong": lambda chance, text: f"{text[:8]}{chance.randrange(1, 28):02d}",
    },
}  # fmt: skip
