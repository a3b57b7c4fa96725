"""One resident as the index keeps it: short tagged texts, packed one behind the other.

A byte tells tag (high half) and length (low half; 15: two more bytes tell it). In the *portable* form a
compound is its name; in the index it is a number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from enum import IntEnum
from typing import Final, NamedTuple

from epiguard.matching._texts import card_folded

__all__ = [
    "Record",
    "Tag",
    "digits_from",
    "fields_of",
    "identity_from",
    "packed_record",
    "record_from",
    "tagged",
]

_LONG: Final = 15
_LONGEST: Final = 0xFFFF
_DATE_BITS: Final = 28
_SEXES: Final = ("", "M", "F")


class Tag(IntEnum):
    """What a text in a record is."""

    PERSON = 0
    NAME = 1
    BIRTH_SEX = 2
    IDENTITY = 3
    PHONE = 4
    COMPOUND = 5
    BUILDING = 6
    UNIT = 7
    ROOM = 8
    PLATE = 9
    CARD = 10
    DOCUMENT = 11
    GROUP = 12
    CUSTOM = 13
    #: What a card's number is folded to, behind the card, where that is something else.
    FOLDED = 14


class Record(NamedTuple):
    """One resident, in the forms that are compared. It holds plain personal values and never shows itself."""

    person_id: str
    names: tuple[str, ...] = ()
    sex: str = ""
    birth: str = ""
    resident_id: str = ""
    phones: tuple[str, ...] = ()
    compound: str = ""
    building: str = ""
    unit: str = ""
    room: str = ""
    plates: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    custom: tuple[tuple[int, str], ...] = ()

    def __repr__(self) -> str:
        return f"Record({self.person_id!r})"

    @property
    def home(self) -> tuple[str, str, str, str]:
        """Compound, building, unit and room."""
        return self.compound, self.building, self.unit, self.room


def tagged(tag: Tag, content: bytes) -> bytes:
    """A tag, a length and a content."""
    content = content[:_LONGEST]
    if len(content) < _LONG:
        return bytes((tag << 4 | len(content),)) + content
    return bytes((tag << 4 | _LONG,)) + len(content).to_bytes(2, "little") + content


def fields_of(packed: bytes | memoryview) -> Iterator[tuple[int, bytes]]:
    """Take a packed record apart; what reaches beyond its end is cut off."""
    at = 0
    while at < len(packed):
        tag, length = packed[at] >> 4, packed[at] & 15
        at += 1
        if length == _LONG:
            length = int.from_bytes(packed[at : at + 2], "little")
            at += 2
        yield tag, bytes(packed[at : at + length])
        at += length


def packed_record(record: Record) -> bytes:
    """Pack a record in its portable form."""
    number = record.resident_id
    parts = [tagged(Tag.PERSON, record.person_id.encode())]
    parts += [tagged(Tag.NAME, name.encode()) for name in record.names]
    if (record.birth, record.sex) != _inside(number):
        date = int(record.birth or 0) | _SEXES.index(record.sex) << _DATE_BITS
        parts.append(tagged(Tag.BIRTH_SEX, date.to_bytes(4, "little")))
    if number:
        parts.append(tagged(Tag.IDENTITY, _nibbles(number.replace("X", ":"))))
    parts += [tagged(Tag.PHONE, _nibbles(phone)) for phone in record.phones]
    if record.building:
        home = (Tag.COMPOUND, Tag.BUILDING, Tag.UNIT, Tag.ROOM)
        parts += [tagged(tag, text.encode()) for tag, text in zip(home, record.home, strict=True) if text]
    for tag, texts in (
        (Tag.PLATE, record.plates),
        (Tag.DOCUMENT, record.documents),
        (Tag.GROUP, record.groups),
    ):
        parts += [tagged(tag, text.encode()) for text in texts]
    for card in record.cards:
        folded = card_folded(card)
        parts.append(tagged(Tag.CARD, card.encode()))
        parts += [tagged(Tag.FOLDED, folded.encode())] if folded != card else []
    parts += [tagged(Tag.CUSTOM, bytes((field,)) + text.encode()) for field, text in record.custom]
    return b"".join(parts)


def _inside(number: str) -> tuple[str, str]:
    """The birth date and the sex that a resident ID tells (GB 11643)."""
    return (number[6:14], "M" if int(number[16]) % 2 else "F") if number else ("", "")


def _nibbles(digits: str) -> bytes:
    """Two digits a byte, the first in the high half; an odd one is followed by 15."""
    values = [ord(digit) - ord("0") for digit in digits]
    if len(values) % 2:
        values.append(_LONG)
    return bytes(high << 4 | low for high, low in zip(values[::2], values[1::2], strict=True))


def digits_from(packed: bytes) -> str:
    """The digits that were packed two a byte."""
    halves = [half for byte in packed for half in (byte >> 4, byte & 15)]
    return "".join("0123456789X"[half] for half in halves if half <= 10)


def identity_from(packed: bytes) -> str:
    """A resident ID, or nothing where the bytes are none."""
    number = digits_from(packed)
    return number if len(number) == 18 and "X" not in number[:17] else ""


def record_from(packed: bytes | memoryview, compounds: Iterable[str] | None = None) -> Record:
    """Unpack a record.

    Args:
        packed: A packed record.
        compounds: The names by number; nothing for the portable form.
    """
    texts: dict[int, list[str]] = {tag: [] for tag in Tag}
    number, birth, sex, dated = "", "", "", False
    custom: list[tuple[int, str]] = []
    names = None if compounds is None else list(compounds)
    for tag, content in fields_of(packed):
        if tag == Tag.BIRTH_SEX:
            date, dated = int.from_bytes(content, "little"), True
            day = date & ((1 << _DATE_BITS) - 1)
            birth, sex = (f"{day:08d}" if day else ""), _SEXES[min(date >> _DATE_BITS, 2)]
        elif tag == Tag.IDENTITY:
            number = identity_from(content)
        elif tag == Tag.PHONE:
            texts[tag].append(digits_from(content))
        elif tag == Tag.COMPOUND and names is not None:
            place = int.from_bytes(content, "little")
            texts[tag].append(names[place] if place < len(names) else "")
        elif tag == Tag.CUSTOM and content:
            custom.append((content[0], content[1:].decode(errors="replace")))
        elif tag in texts:
            texts[tag].append(content.decode(errors="replace"))
    if not dated:
        birth, sex = _inside(number)
    one = {tag: (found[0] if found else "") for tag, found in texts.items()}
    return Record(
        person_id=one[Tag.PERSON],
        names=tuple(texts[Tag.NAME]),
        sex=sex,
        birth=birth,
        resident_id=number,
        phones=tuple(texts[Tag.PHONE]),
        compound=one[Tag.COMPOUND],
        building=one[Tag.BUILDING],
        unit=one[Tag.UNIT],
        room=one[Tag.ROOM],
        plates=tuple(texts[Tag.PLATE]),
        cards=tuple(texts[Tag.CARD]),
        documents=tuple(texts[Tag.DOCUMENT]),
        groups=tuple(texts[Tag.GROUP]),
        custom=tuple(custom),
    )
