"""What could be read of a form, field by field, loosely; and how that is handed to the compiled twin."""

from __future__ import annotations

import re
import struct
import unicodedata
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import Final, NamedTuple

from epiguard.errors import InvalidValueError
from epiguard.identifiers import (
    PersonName,
    Phone,
    Plate,
    ResidentId,
    read_phone,
    read_residence,
    read_resident_id,
)
from epiguard.matching._pinyin import spelt_sounds
from epiguard.matching._texts import card_folded, name_folded, plate_text

__all__ = ["CustomTexts", "Form", "Reading", "Texts", "complete", "packed_reading", "phone_digits", "read"]


class Reading(NamedTuple):
    """What was read of each field; blank text where nothing was.

    Attributes:
        name: Folded; ``?`` for an unreadable character.
        sounds: The readings of a name in Latin letters, one character per sound.
        sex: ``M`` or ``F``.
        birth: Eight characters of year, month and day, ``?`` for unknown ones.
        identity: Characters of a resident ID, ``?`` for unknown ones.
        identity_valid: Whether that is a whole and valid number.
        document: The same text as another document's number.
        phone: Digits, ``?`` for unknown ones.
        phone_complete: Whether that is a whole number.
        compound, building, unit, room: Of the residence.
        home_cards: Whatever in the residence may be a card's number, folded.
        home_loose: Whether the residence's grammar could not be read.
        plate: Without separators.
        card: As written, and folded.
        custom: Number and text of each custom field.
    """

    name: str = ""
    sounds: tuple[str, ...] = ()
    sex: str = ""
    birth: str = ""
    identity: str = ""
    identity_valid: bool = False
    document: str = ""
    phone: str = ""
    phone_complete: bool = False
    compound: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    home_cards: tuple[str, ...] = ()
    home_loose: bool = False
    plate: str = ""
    card: str = ""
    card_folded: str = ""
    custom: tuple[tuple[int, str], ...] = ()

    def __repr__(self) -> str:
        return "Reading(…)"

    def present(self, field: int) -> bool:
        """Whether a field, by its number in ``FORM_FIELDS``, says anything."""
        return bool(
            (
                self.name,
                self.sex,
                self.birth,
                self.identity or self.document,
                self.phone,
                self.building or self.room or self.home_cards,
                self.plate,
                self.card_folded,
            )[field]
        )


#: What was read of a form; packed already where the compiled twin read it.
Form = Reading | bytes
#: The texts of a form in the order of ``FORM_FIELDS``; number and folded text of each custom field.
Texts = tuple[str | None, ...]
CustomTexts = tuple[tuple[int, str], ...]


def read(texts: Sequence[str | None], custom: tuple[tuple[int, str], ...] = ()) -> Reading:
    """Read all that was written; blank and unreadable fields are left out.

    Args:
        texts: The text of each field, in the order of ``FORM_FIELDS``.
        custom: Number and folded text of each custom field.
    """
    name, sex, birth, identity, phone, residence, plate, card = texts
    read_name = _name(name) if name else ""
    number, valid, document = _identity(identity) if identity else ("", False, "")
    digits, whole = _phone(phone) if phone else ("", False)
    home = _home(residence) if residence else _Home()
    return Reading(
        name=read_name,
        sounds=spelt_sounds(name) if name and read_name else (),
        sex=_sex(sex) if sex else "",
        birth=_birth(birth) if birth else "",
        identity=number,
        identity_valid=valid,
        document=document,
        phone=digits,
        phone_complete=whole,
        compound=home.compound,
        building=home.building,
        unit=home.unit,
        room=home.room,
        home_cards=home.cards,
        home_loose=home.loose,
        plate=plate_text(plate) if plate else "",
        card=unicodedata.normalize("NFKC", card).strip() if card else "",
        card_folded=card_folded(card) if card else "",
        custom=custom,
    )


def complete(reading: Reading, field: str) -> bool:  # noqa: PLR0911 - one way out per field
    """Whether all of a field was written, validly: then what differs contradicts the register."""
    if field == "name":
        return "?" not in reading.name
    if field == "birth_date":
        return "?" not in reading.birth
    if field == "resident_id":
        return reading.identity_valid
    if field == "phone":
        return reading.phone_complete
    if field == "residence":
        return bool(reading.room) and not reading.home_loose
    if field == "plate":
        return _is_plate(reading.plate)
    return True


def _is_plate(text: str) -> bool:
    try:
        Plate(text)
    except InvalidValueError:
        return False
    return True


_LABEL: Final = re.compile(r"^(?:姓名|名字|本人|name)\s*[:\s]\s*", re.IGNORECASE)
_REMARK: Final = re.compile(r"\([^()]*\)?")
_TITLE: Final = re.compile(r"(?<=.)(?:先生|女士|小姐|阿姨|师傅|老师|同志)$")
# What a hand or a typist puts for a character that cannot be read. It differs from every character.
_UNREADABLE: Final = re.compile(r"[*?□■×✕✗◻某]")


def _name(text: str) -> str:
    folded = _REMARK.sub("", _LABEL.sub("", unicodedata.normalize("NFKC", text).strip()))
    folded = _TITLE.sub("", _UNREADABLE.sub("?", folded).strip())
    try:
        return name_folded(PersonName(folded).value)
    except InvalidValueError:
        return ""


_SEXES: Final = {
    **dict.fromkeys(("男", "男性", "m", "male", "先生"), "M"),
    **dict.fromkeys(("女", "女性", "f", "female", "女士", "小姐"), "F"),
}


def _sex(text: str) -> str:
    return _SEXES.get(unicodedata.normalize("NFKC", text).strip().lower(), "")


_RUNS: Final = re.compile(r"[0-9]+")
_CENTURIES: Final = ("18", "19", "20")
#: Two digits up to this are a year of 20xx. Ours: it is 2020, and a birthday lies behind.
_LAST_YEAR_OF_20XX: Final = 20
_UNKNOWN_YEAR: Final = "????"
_UNKNOWN: Final = "??"


def _birth(text: str) -> str:
    runs = _RUNS.findall(unicodedata.normalize("NFKC", text))
    if not runs:
        return ""
    first = runs[0]
    if len(first) == 8:
        runs = [first[:4], first[4:6], first[6:]]
    elif len(first) == 6:
        whole_year = first.startswith(_CENTURIES) and 1 <= int(first[4:]) <= 12
        runs = [first[:4], first[4:]] if whole_year else [first[:2], first[2:4], first[4:]]
    elif len(runs) >= 3 and len(runs[2]) == 4 and len(first) <= 2:
        runs = [runs[2], runs[0], runs[1]]  # 3/12/1985
    elif len(runs) == 2 and len(first) <= 2 and len(runs[1]) <= 2:
        made = f"{_UNKNOWN_YEAR}{_two(first)}{_two(runs[1])}"  # 3月12日
        return made if made.strip("?") else ""
    year = _year(runs[0])
    if not year:
        return ""
    month, day = (*map(_two, runs[1:3]), _UNKNOWN, _UNKNOWN)[:2]
    return f"{year}{month}{day}"


def _two(run: str) -> str:
    return f"{int(run):02d}" if len(run) <= 2 and int(run) else _UNKNOWN


def _year(run: str) -> str:
    if len(run) == 2:
        return f"20{run}" if int(run) <= _LAST_YEAR_OF_20XX else f"19{run}"
    return run if len(run) == 4 and run.startswith(_CENTURIES) else ""


_NOT_IN_A_NUMBER: Final = re.compile(r"[^0-9A-Z]+")
_SHORTEST_DOCUMENT: Final = 5


def _identity(text: str) -> tuple[str, bool, str]:
    document = _NOT_IN_A_NUMBER.sub("", unicodedata.normalize("NFKC", text).upper())
    try:
        found = read_resident_id(text)
    except InvalidValueError:
        return "", False, document if len(document) >= _SHORTEST_DOCUMENT else ""
    return found.value, isinstance(found, ResidentId), document


_SHORTEST_PHONE: Final = 4


def phone_digits(phone: Phone) -> str:
    """The digits that are compared: without +86, but with any other country's code."""
    return phone.national if phone.country == "86" else f"{phone.country}{phone.national}"


def _phone(text: str) -> tuple[str, bool]:
    try:
        found = read_phone(text)
    except InvalidValueError:
        return "", False
    if isinstance(found, Phone):
        return phone_digits(found), True
    return (found.value, False) if found.known >= _SHORTEST_PHONE else ("", False)


class _Home(NamedTuple):
    compound: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    cards: tuple[str, ...] = ()
    loose: bool = False


_CARD_RUNS: Final = re.compile(r"[0-9A-Z]{4,}")
_SHORTEST_ROOM: Final = 3
_MOST_CARDS: Final = 4


def _home(text: str) -> _Home:
    folded = unicodedata.normalize("NFKC", text).upper()
    cards = tuple(dict.fromkeys(map(card_folded, _CARD_RUNS.findall(folded))))[:_MOST_CARDS]
    home = read_residence(text)
    if home is not None:
        # A part of a flat (1202-3) is compared as the flat: a form often leaves it out.
        return _Home(home.compound or "", home.building, home.unit or "", home.flat or "", cards)
    return _loose(folded, cards)


def _loose(folded: str, cards: tuple[str, ...]) -> _Home:
    """Read the numbers of an address whose grammar could not be read: building, unit, room, in this order."""
    runs = [run.lstrip("0") or "0" for run in _RUNS.findall(folded)]
    if runs and _SHORTEST_ROOM <= len(runs[-1]) <= 4:
        # 3楼302: a floor, no building
        floor = len(runs) == 2 and "楼" in folded and runs[1].startswith(runs[0])
        if len(runs) == 1 or floor:
            return _Home(room=runs[-1], cards=cards, loose=True)
        if len(runs) in (2, 3):
            unit = runs[1] if len(runs) == 3 else ""
            return _Home(building=runs[0], unit=unit, room=runs[-1], cards=cards, loose=True)
    return _Home(cards=cards)


#: Number of each text in a packed reading; ``_csrc/record.c`` has the same.
_NAME, _SOUND, _SEX, _BIRTH, _IDENTITY, _VALID, _DOCUMENT, _PHONE, _COMPOUND, _BUILDING = range(1, 11)
_UNIT, _ROOM, _HOME_CARD, _PLATE, _CARD, _CARD_FOLDED, _CUSTOM = range(11, 18)


def packed_reading(reading: Form) -> bytes:
    """A reading for the compiled twin: number, length (16 bits) and UTF-8 of each text."""
    if isinstance(reading, bytes):
        return reading
    return b"".join(
        struct.pack("<BH", number, len(content)) + content
        for number, content in _contents(reading)
        if content
    )


@lru_cache(maxsize=64)
def _utf8(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _contents(reading: Reading) -> Iterator[tuple[int, bytes]]:
    yield _NAME, _utf8(reading.name)
    for sound in reading.sounds:
        yield _SOUND, struct.pack(f"<{len(sound)}H", *map(ord, sound))
    for number, text in (
        (_SEX, reading.sex),
        (_BIRTH, reading.birth),
        (_IDENTITY, reading.identity),
        (_VALID, "1" if reading.identity_valid else ""),
        (_DOCUMENT, reading.document),
        (_PHONE, reading.phone),
        (_COMPOUND, reading.compound),
        (_BUILDING, reading.building),
        (_UNIT, reading.unit),
        (_ROOM, reading.room),
        *((_HOME_CARD, card) for card in reading.home_cards),
        (_PLATE, reading.plate),
        (_CARD, reading.card),
        (_CARD_FOLDED, reading.card_folded),
    ):
        yield number, _utf8(text)
    for field, text in reading.custom:
        yield _CUSTOM, bytes((field,)) + _utf8(text)
