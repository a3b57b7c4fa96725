"""Homes: other spellings, parts missing, a digit wrong, parts swapped, a card's number for the room."""

from __future__ import annotations

from typing import Final

from epiguard.matching._keys import Family
from epiguard.matching._kinds import K
from epiguard.matching._reading import Reading
from epiguard.matching._records import Record
from epiguard.matching._reference._view import Grade, View
from epiguard.matching._texts import card_folded, compounds_apart, door_text, one_slip

__all__ = ["compare_home"]

#: So many doors at most are looked at to see whether what was written fits several.
MOST_DOORS: Final = 64
#: Of so many people one lives in a room of a given number; so many rooms, and so many buildings, are a digit
#: off. Ours, rounded.
ROOMS: Final = 200
ROOMS_A_DIGIT_OFF: Final = 16
BUILDINGS_A_DIGIT_OFF: Final = 8


def compare_home(reading: Reading, record: Record, view: View) -> Grade:
    """The home, or a card's number in place of the room: whichever says more."""
    best = (K.ABSENT, 0)
    if record.building and (reading.building or reading.room):
        best = _compare(reading, record, view)
    for card in record.cards:
        folded = card_folded(card)
        if folded in reading.home_cards:
            grade = view.grade(K.CARD_FOR_ROOM, view.count(Family.CARD, folded))
            if best[0] == K.ABSENT or grade[1] > best[1]:
                best = grade
    return best


def _compare(reading: Reading, home: Record, view: View) -> Grade:  # noqa: PLR0911 - one way out per way of differing
    if not reading.building:
        same = reading.room == home.room
        return view.grade(K.ROOM, view.population // ROOMS) if same else view.plain(K.OTHER_HOME)
    apart = compounds_apart(reading.compound, home.compound)
    if apart is None:
        return view.plain(K.OTHER_HOME)
    if reading.building != home.building:
        return _other_building(reading, home, view)
    units_agree = not reading.unit or not home.unit or reading.unit == home.unit
    if reading.room == home.room:
        sharing = view.count(Family.DOOR, door_text(home.compound, home.building, home.room))
        if not units_agree:
            return view.grade(K.OTHER_UNIT, sharing)
        return view.grade(K.COMPOUND_SLIP, sharing) if apart else _same_door(reading, home, view)
    if not reading.room or not home.room:
        sharing = view.count(Family.BUILDING, f"{home.compound}|{home.building}")
        return view.grade(K.BUILDING, sharing) if units_agree else view.plain(K.OTHER_HOME)
    if one_slip(reading.room, home.room) is None:
        return view.plain(K.OTHER_ROOM)
    sharing = view.count(Family.DOOR, door_text(home.compound, home.building, home.room))
    return view.grade(K.ROOM_SLIP, sharing * ROOMS_A_DIGIT_OFF)


def _other_building(reading: Reading, home: Record, view: View) -> Grade:
    sharing = view.count(Family.DOOR, door_text(home.compound, home.building, home.room))
    turned = (reading.building, reading.room) == (home.room, home.building)
    moved = bool(reading.unit) and (reading.building, reading.unit, reading.room) == (
        home.unit,
        home.building,
        home.room,
    )
    if turned or moved:
        return view.grade(K.PARTS_SWAPPED, sharing)
    if not reading.room or reading.room != home.room or one_slip(reading.building, home.building) is None:
        return view.plain(K.OTHER_HOME)
    return view.grade(K.BUILDING_SLIP, sharing * BUILDINGS_A_DIGIT_OFF)


def _same_door(reading: Reading, home: Record, view: View) -> Grade:
    """The same door, unless what was written fits several: then only as far as written."""
    if reading.compound:
        rows = view.rows(Family.DOOR, door_text(home.compound, home.building, home.room))
    else:
        rows = view.rows(Family.DOOR_OPEN, f"{home.building}|{home.room}")
    if len(rows) > MOST_DOORS:
        whole = bool(reading.compound and reading.unit)
        return view.grade(K.SAME_DOOR if whole else K.OPEN_DOOR, len(rows))
    sharing, unit, compound, several = 0, "", "", False
    for row in rows:
        other = view.record(row)
        if (other.building, other.room) != (home.building, home.room):
            continue  # an entry of another key with the same fingerprint
        if compounds_apart(reading.compound, other.compound) != 0:
            continue
        if reading.unit and other.unit and other.unit != reading.unit:
            continue
        sharing += 1
        several = several or bool(unit and other.unit and unit != other.unit)
        several = several or compounds_apart(compound, other.compound) != 0
        unit, compound = unit or other.unit, compound or other.compound
    return view.grade(K.OPEN_DOOR if several else K.SAME_DOOR, sharing)
