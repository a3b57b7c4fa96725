"""The small foldings that the register and the forms share: names, plates, cards, doors."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from epiguard.matching._script_forms import simplified

__all__ = [
    "card_folded",
    "compounds_apart",
    "deletions_of",
    "door_text",
    "name_folded",
    "name_parts_of",
    "one_slip",
    "plate_body",
    "plate_province",
    "plate_text",
]

_SHORTEST_PART: Final = 2
_SHORTEST_END: Final = 4
_SHORTEST_COMPOUND: Final = 3
_BETWEEN_PARTS: Final = re.compile(r"[ ·]")
# Latin letters that are one character and do not come apart into a letter and a mark.
_ONE_LETTER: Final = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"}
)
_MARKS_ON_LATIN: Final = re.compile("(?<=[a-z])[\u0300-\u036f]+")
_NOT_ON_A_PLATE: Final = re.compile(r"[^0-9A-Z\u4e00-\u9fff?]+")
_LOOK_ALIKE: Final = str.maketrans("OQDILBZSG", "000118256")


def name_folded(name: str) -> str:
    """Prepare a canonical name for comparing: capitals, the marks on Latin letters and the script go.

    Passports and machines leave the marks out (José, JOSE). Müller is Muller; Mueller is one character apart.
    Traditional characters are read as their simplified forms.
    """
    folded = _without_marks(name.casefold())
    return folded if folded.isascii() else "".join(map(simplified, folded))


def _without_marks(name: str) -> str:
    if name.isascii():
        return name
    # Put together again: what is not Latin (Hangul, kana) keeps its marks.
    apart = _MARKS_ON_LATIN.sub("", unicodedata.normalize("NFD", name.translate(_ONE_LETTER)))
    return unicodedata.normalize("NFC", apart)


def name_parts_of(folded: str) -> tuple[str, ...]:
    """The parts of a long name, each of two characters or more; a name of one part is its own."""
    parts = _BETWEEN_PARTS.split(folded)
    if len(parts) == 1:
        return (folded,)
    return tuple(dict.fromkeys(part for part in parts if len(part) >= _SHORTEST_PART))


def deletions_of(text: str) -> tuple[str, ...]:
    """What is left of a text when any one character is struck out; never blank."""
    made = (text[:place] + text[place + 1 :] for place in range(len(text)))
    return tuple(dict.fromkeys(each for each in made if each))


def one_slip(written: str, known: str) -> str | None:
    """What two texts one slip apart share, or ``None`` where it is more than one slip (or none).

    Returns:
        The known text without the character that is wrong or was left out; the known text itself where
        the written one has a character too many.
    """
    at = next(
        (place for place, (a, b) in enumerate(zip(written, known, strict=False)) if a != b),
        min(len(written), len(known)),
    )
    mine, theirs = written[at:], known[at:]
    if len(mine) == len(theirs):
        if not mine:
            return None
        swapped = len(mine) > 1 and (mine[0], mine[1]) == (theirs[1], theirs[0]) and mine[2:] == theirs[2:]
        return known[:at] + theirs[1:] if mine[1:] == theirs[1:] or swapped else None
    if len(mine) + 1 == len(theirs) and mine == theirs[1:]:
        return written
    return known if len(mine) == len(theirs) + 1 and mine[1:] == theirs else None


def plate_text(text: str) -> str:
    """A plate without separators, in capitals; empty where too little of it is there."""
    plate = _NOT_ON_A_PLATE.sub("", unicodedata.normalize("NFKC", text).upper())
    return plate if len(plate_body(plate)) >= _SHORTEST_END else ""


def plate_province(plate: str) -> str:
    """The character of the province, where there is one."""
    return plate[:1] if plate and not plate[0].isascii() else ""


def plate_body(plate: str) -> str:
    """A plate without its province, characters that look alike folded into one."""
    return plate[len(plate_province(plate)) :].translate(_LOOK_ALIKE)


def card_folded(text: str) -> str:
    """A card's number in capitals, without separators and leading zeros, which spreadsheets drop."""
    folded = re.sub(r"[\W_]+", "", unicodedata.normalize("NFKC", text).upper())
    return folded.lstrip("0") or folded[-1:]


def door_text(compound: str, building: str, room: str) -> str:
    """A door, whatever the unit."""
    return f"{compound}|{building}|{room}"


def compounds_apart(one: str, other: str) -> int | None:
    """How many characters two compounds are off: none, one, or ``None`` for two different ones."""
    if not one or not other or one == other:
        return 0
    shorter, longer = sorted((one, other), key=len)
    # 1299弄 is the end of 金都路1299弄, which only says more; 299弄 is not the end of 1299弄.
    if len(shorter) < len(longer) and longer.endswith(shorter):
        digits = "0123456789"
        if not (shorter[0] in digits and longer[-len(shorter) - 1] in digits):
            return 0
    return 1 if len(shorter) >= _SHORTEST_COMPOUND and one_slip(one, other) is not None else None
