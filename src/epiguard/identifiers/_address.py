"""The grammar of a door in a compound: folding what was written, and taking it apart."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, NamedTuple

from epiguard.identifiers._numerals import DIGITS, NUMERALS, chinese_number

__all__ = ["Door", "fold_address", "read_compound", "read_door"]

_LETTER: Final = "A-Z甲乙丙丁"
_FOLDS: Final = str.maketrans({**dict.fromkeys("‐‑‒–—―−－~～/", "-"), "，": ",", "\u200b": "", "\ufeff": ""})
# Chinese numerals are folded only where a counter follows: 三期 and 3期 are one, 三里屯 stays.
# Patterns are compiled when first used: importing the library is not to take long.
_COUNTED: Final = f"(?<![{NUMERALS}0-9])([{NUMERALS}]+)(?=期|区|弄|支弄|队|组|村|街坊|号院)"
_BRACKETS: Final = dict.fromkeys(map(ord, "()[]【】"))  # 阳光花园(三期) is 阳光花园三期
_OUTER: Final = "-,、·.: "
_GAP: Final = re.compile(r"\s+")
_LONGEST_COMPOUND: Final = 60

# One number or letter of an address: 3, A, 3A, A3, 甲3, 三, 十二. The run is never cut in two.
_NUMBER: Final = (
    f"(?:(?<![{_LETTER}0-9])[{_LETTER}]?[0-9]{{1,4}}[{_LETTER}]?(?![0-9{_LETTER}])"
    f"|(?<![{NUMERALS}])[{NUMERALS}]{{1,5}}(?![{NUMERALS}])"
    f"|(?<![{_LETTER}0-9])[{_LETTER}]{{1,2}}(?![0-9{_LETTER}]))"
)
_ROOM: Final = (
    f"(?:[A-Z]?[0-9]{{1,5}}[{_LETTER}]?(?![0-9{_LETTER}])"
    f"|[{DIGITS}]{{2,5}}[{_LETTER}]?(?![{NUMERALS}])|[{NUMERALS}]{{1,7}}(?![{NUMERALS}]))"
)
_SEP: Final = r"\s*[-,、]?\s*"

# A flat that is let in parts (群租, 合租): 1202-3, 1202-A. Three digits at least, or a unit would be a flat.
_PART: Final = rf"(?<=[0-9]{{3}})-(?:[0-9]{{1,2}}|[{_LETTER}])(?![0-9{_LETTER}])"
# With counters. 1202-3 has no unit 1202: it is a part of a flat. 楼 alone is a building only where the room
# does not make it a floor (see lone_floor).
_COUNTERS: Final = rf"""
    (?P<compound>.*?)
    (?P<building>{_NUMBER}) \s*
    (?P<counter> (?:号|\#)\s*(?:大?楼|栋|幢|座)? | [栋幢座]楼? | 楼(?!层) )
    (?: \s* (?P<suffix>[甲乙丙丁])(?![{_LETTER}室房户栋幢座]) )? {_SEP}
    (?: (?P<unit> {_NUMBER} | [东南西北中](?=单元|门) ) \s* (?:单元|号门|门|座|梯) {_SEP}
      | (?P<unit2> (?![0-9]{{3}}) {_NUMBER} ) \s* - {_SEP} )?
    (?: (?P<floor>{_NUMBER}) \s* (?:楼|层) {_SEP} )?
    (?: (?P<room>{_ROOM}) (?P<part>{_PART})? \s* (?:号?室|号?房间?|号|户)?
      | (?P<letter>[{_LETTER}]{{1,2}}) \s* [室房户] )?
    """
# Without counters: 3-502, 3-2-502, 3-2单元-502室.
# The room has three digits or more, or a date (2-14) would be a door.
_DASHES: Final = rf"""
    (?P<compound>.*?)
    (?<![{_LETTER}0-9]) (?<![0-9]号楼) (?<![0-9][栋幢座])
    (?P<building>[{_LETTER}]?[0-9]{{1,3}}[{_LETTER}]?|[{_LETTER}]) \s* - \s*
    (?: (?P<unit>[0-9]{{1,2}}|[{_LETTER}]) \s* (?:单元|门)? \s* - \s*
      | (?P<unit2>{_NUMBER}) \s* (?:单元|门) \s* )?
    (?P<room>[A-Z]?[0-9]{{3,5}}[{_LETTER}]?) \s* (?:号?室|号?房间?|号|户)?
    """
# 3 502, and nothing else in the line: a building of two digits and a room of three or four.
_GAP_ALONE: Final = re.compile(r"([A-Z]?[0-9]{1,2}) ([0-9]{3,4}) ?室?")
# What may stand in a door once numerals are Arabic; it is what the patterns above accept again.
_BUILDING: Final = f"[{_LETTER}]?[0-9]{{1,4}}[{_LETTER}]?|[{_LETTER}]{{1,2}}"
_UNIT: Final = f"{_BUILDING}|[东南西北中]"
_ROOM_NUMBER: Final = f"[A-Z]?[0-9]{{1,5}}[{_LETTER}]?|[{_LETTER}]{{1,2}}"
# 金都路1299号3-502: the number in the street belongs to the whole compound, so that 3 is the building.
_STREET_NUMBER: Final = re.compile(r"[路街道] ?[0-9]+ ?号 ?[0-9A-Z]+ ?-")


class Door(NamedTuple):
    """The parts of a residence; numbers are Arabic, letters capital, leading zeros gone."""

    compound: str | None
    building: str
    unit: str | None
    room: str | None


def fold_address(text: str) -> str:
    """Fold widths, dashes and letters of an address; the gaps between words become single spaces."""
    folded = text.translate(_FOLDS)
    if not folded.isascii():
        folded = unicodedata.normalize("NFKC", folded).translate(_FOLDS)
    return _GAP.sub(" ", folded).strip().upper()


def read_door(folded: str) -> Door | None:
    """Take a folded address apart.

    Args:
        folded: What :func:`fold_address` returned.

    Returns:
        The door, or ``None`` where there is no building, or anything is left over.
    """
    alone = _GAP_ALONE.fullmatch(folded)
    if alone:
        folded = f"{alone[1]}-{alone[2]}"
    match = _whole(_DASHES, folded) if _STREET_NUMBER.search(folded) else None
    match = match or _whole(_COUNTERS, folded) or _whole(_DASHES, folded)
    if match is None:
        return None
    parts = match.groupdict()
    compound = read_compound(parts["compound"])
    building, unit = _number(parts["building"]), _number(parts["unit"] or parts.get("unit2"))
    room, floor = _number(parts["room"] or parts.get("letter")), _number(parts.get("floor"))
    building = f"{building}{parts.get('suffix') or ''}"
    shaped = (
        re.fullmatch(_BUILDING, building)
        and (unit is None or re.fullmatch(_UNIT, unit))
        and (room is None or re.fullmatch(_ROOM_NUMBER, room))
        and (compound or not parts["compound"].strip(_OUTER))
    )
    # 3楼302 names a floor, and the building is missing; 3楼502 cannot be a floor.
    lone_floor = parts.get("counter") == "楼" and not unit and (room is None or _on_floor(room, building))
    if not shaped or lone_floor or (floor is not None and not _on_floor(room, floor)):
        return None
    part = _number((parts.get("part") or "").removeprefix("-") or None)
    if part == "":  # 1202-0 names no part
        return None
    return Door(compound, building, unit, f"{room}-{part}" if part else room)


def _whole(pattern: str, folded: str) -> re.Match[str] | None:
    return re.fullmatch(pattern, folded, re.VERBOSE)


def read_compound(text: str) -> str | None:
    """Fold the name of a compound: no spaces, numbers before 期, 队, 弄 and the like in Arabic.

    Returns:
        The name, or ``None`` where nothing that is a name is left.
    """
    folded = fold_address(text).translate(_BRACKETS).strip(_OUTER)
    # A space between two numbers or Latin words is part of the name.
    name = re.sub(r"(?<![A-Z0-9]) | (?![A-Z0-9])", "", folded)
    name = re.sub(_COUNTED, _arabic, name)
    if len(name) > _LONGEST_COMPOUND or not any(map(str.isalpha, name)):
        return None
    return name


def _arabic(match: re.Match[str]) -> str:
    number = chinese_number(match[1])
    return match[1] if number is None else str(number)


def _number(text: str | None) -> str | None:
    """Make a number canonical; an empty text tells that it is none (``百``, ``000``)."""
    if text is None:
        return None
    found = re.fullmatch(f"([{_LETTER}]?)([0-9]+|[{NUMERALS}]+)([{_LETTER}]?)", text)
    if not found:
        return text
    before, digits, after = found.groups()
    number = int(digits) if digits.isascii() else chinese_number(digits)
    return f"{before}{number}{after}" if number else ""


def _on_floor(room: str | None, floor: str) -> bool:
    return bool(floor) and room is not None and len(room) >= len(floor) + 2 and room.startswith(floor)
