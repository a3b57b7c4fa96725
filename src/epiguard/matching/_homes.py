"""Homes: other spellings, parts missing, a digit wrong, parts swapped, a card's number for the room."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final, NamedTuple

from epiguard.identifiers import Residence, read_residence
from epiguard.matching._cards import fold_card
from epiguard.matching._levels import BLANK, Grade, Kind, Level, heaviest
from epiguard.matching._register import FieldRule, Follow, Lead, Record, Register
from epiguard.matching._slips import deletions, slips_between

__all__ = ["RESIDENCE"]

SAME: Final = Kind("same door", Level.AGREES, 8500)
OPEN: Final = Kind("same door as far as written", Level.NEAR, 8500)
COMPOUND_SLIP: Final = Kind("compound a character off", Level.NEAR, 300)
OTHER_UNIT: Final = Kind("another unit", Level.NEAR, 200, contradicts=True)
BUILDING: Final = Kind("same building, no room", Level.NEAR, 8500)
ROOM: Final = Kind("same room, no building", Level.NEAR, 8500)
ROOM_SLIP: Final = Kind("room a digit off", Level.NEAR, 500, contradicts=True)
BUILDING_SLIP: Final = Kind("building a digit off", Level.NEAR, 200, contradicts=True)
SWAPPED: Final = Kind("parts swapped", Level.NEAR, 100, contradicts=True)
CARD: Final = Kind("card number in place of the room", Level.NEAR, 150)
OTHER_ROOM: Final = Kind("another room of the building", Level.DIFFERS, 2500)
OTHER: Final = Kind("another home", Level.DIFFERS, 400)

_RUNS: Final = re.compile(r"[0-9]+")
_CARD_RUNS: Final = re.compile(r"[0-9A-Z]{4,}")
_SHORTEST_ROOM: Final = 3
_SHORTEST_COMPOUND: Final = 3


class WrittenHome(NamedTuple):
    """What was written: the parts that could be read, and whatever may be a card's number."""

    compound: str | None
    building: str | None
    unit: str | None
    room: str | None
    cards: frozenset[str]
    loose: bool = False


def _read(text: str) -> WrittenHome | None:
    folded = unicodedata.normalize("NFKC", text).upper()
    cards = frozenset(fold_card(run) for run in _CARD_RUNS.findall(folded))
    home = read_residence(text)
    if home is not None:
        return WrittenHome(home.compound, home.building, home.unit, home.room, cards)
    return _loose(folded, cards)


def _loose(folded: str, cards: frozenset[str]) -> WrittenHome | None:
    """Read the numbers of an address whose grammar could not be read: building, unit, room, in this order."""
    runs = [run.lstrip("0") or "0" for run in _RUNS.findall(folded)]
    if runs and _SHORTEST_ROOM <= len(runs[-1]) <= 4:
        floor = (
            len(runs) == 2 and "楼" in folded and runs[1].startswith(runs[0])
        )  # 3楼302: a floor, no building
        if len(runs) == 1 or floor:
            return WrittenHome(None, None, None, runs[-1], cards, loose=True)
        if len(runs) in (2, 3):
            return WrittenHome(
                None, runs[0], runs[1] if len(runs) == 3 else None, runs[-1], cards, loose=True
            )
    return WrittenHome(None, None, None, None, cards) if cards else None


def _complete(written: WrittenHome) -> bool:
    return written.room is not None and not written.loose


def _keys(record: Record) -> Iterator[str]:
    home = record.home
    if home is None:
        return
    room = home.room or ""
    yield f"door:{home.building}|{room}"
    yield f"building:{home.building}"
    if room:
        yield f"room:{room}"
        yield from (f"room-slip:{home.building}|{slip}" for slip in deletions(room))
        yield from (f"building-slip:{slip}|{room}" for slip in deletions(home.building))


def _leads(written: WrittenHome) -> Iterator[Lead]:
    building, room, unit = written.building, written.room, written.unit
    yield from (Lead(f"card:{card}", Follow.ALWAYS) for card in sorted(written.cards))
    if building is None:
        if room:
            yield Lead(f"room:{room}", Follow.IF_FEW)
        return
    yield Lead(f"door:{building}|{room or ''}", Follow.ALWAYS)
    if not room:
        yield Lead(f"building:{building}", Follow.IF_FEW)
        return
    yield from (Lead(f"room-slip:{building}|{slip}", Follow.IF_FEW) for slip in sorted(deletions(room)))
    yield from (Lead(f"building-slip:{slip}|{room}", Follow.IF_FEW) for slip in sorted(deletions(building)))
    yield Lead(f"door:{room}|{building}", Follow.IF_FEW)
    if unit:
        yield Lead(f"door:{unit}|{room}", Follow.IF_FEW)


def _grade(written: WrittenHome, record: Record, register: Register) -> Grade:
    grades = []
    if record.home is not None and (written.building or written.room):
        grades.append(_compare(written, record.home, register))
    grades += [
        _near(CARD, f"card:{card.folded}", register) for card in record.cards if card.folded in written.cards
    ]
    return max(grades, key=heaviest, default=BLANK)


def _near(kind: Kind, key: str, register: Register) -> Grade:
    return register.grade(kind, key, OTHER.base)


def _compare(  # noqa: PLR0911 - one way out per way of differing
    written: WrittenHome, home: Residence, register: Register
) -> Grade:
    if written.building is None:
        return _near(ROOM, f"room:{home.room}", register) if written.room == home.room else OTHER.plain
    compounds = _compounds(written.compound, home.compound)
    if compounds is None:
        return OTHER.plain
    if written.building != home.building:
        return _other_building(written, home, register)
    door = f"door:{home.building}|{home.room or ''}"
    units_agree = written.unit is None or home.unit is None or written.unit == home.unit
    if written.room == home.room:
        if not units_agree:
            return _near(OTHER_UNIT, door, register)
        return _near(COMPOUND_SLIP, door, register) if compounds else _same_door(written, door, register)
    if written.room is None or home.room is None:
        return _near(BUILDING, f"building:{home.building}", register) if units_agree else OTHER.plain
    return _other_room(written.room, home, register)


def _other_room(room: str, home: Residence, register: Register) -> Grade:
    theirs = home.room or ""
    if slips_between(room, theirs, 1) is None:
        return OTHER_ROOM.plain
    shared = deletions(room) & deletions(theirs)
    sharing = min(register.sharing(f"room-slip:{home.building}|{slip}") for slip in shared)
    return register.grade_shared(ROOM_SLIP, sharing, OTHER.base)


def _other_building(written: WrittenHome, home: Residence, register: Register) -> Grade:
    door = f"door:{home.building}|{home.room or ''}"
    mine, theirs = written.building or "", home.building
    if (mine == home.room and written.room == theirs) or (
        written.unit is not None and (mine, written.unit, written.room) == (home.unit, theirs, home.room)
    ):
        return _near(SWAPPED, door, register)
    if written.room is None or written.room != home.room or slips_between(mine, theirs, 1) is None:
        return OTHER.plain
    shared = deletions(mine) & deletions(theirs)
    sharing = min((register.sharing(f"building-slip:{slip}|{home.room}") for slip in shared), default=1)
    return register.grade_shared(BUILDING_SLIP, sharing, OTHER.base)


def _same_door(written: WrittenHome, key: str, register: Register) -> Grade:
    """The same door, unless what was written fits several: then only as far as written."""
    sharing, units, compounds = 0, set(), set()
    for row in register.rows(key):
        home = register.records[row].home
        if home is None or _compounds(written.compound, home.compound) != 0:
            continue
        if written.unit is not None and home.unit not in (None, written.unit):
            continue
        sharing += 1
        units.add(home.unit)
        compounds.add(home.compound)
    units.discard(None)
    one = len(units) <= 1 and all(_compounds(a, b) == 0 for a in compounds for b in compounds)
    return register.grade_shared(SAME if one else OPEN, sharing, OTHER.base)


def _compounds(one: str | None, other: str | None) -> int | None:
    """How many characters two compounds are off: none, one, or ``None`` for two different ones."""
    if one is None or other is None or one == other:
        return 0
    shorter, longer = sorted((one, other), key=len)
    # 1299弄 is the end of 金都路1299弄, which only says more; 299弄 is not the end of 1299弄.
    if longer.endswith(shorter) and not (shorter[0].isdigit() and longer[-len(shorter) - 1].isdigit()):
        return 0
    near = len(shorter) >= _SHORTEST_COMPOUND and slips_between(one, other, 1) == 1
    return 1 if near else None


RESIDENCE: Final = FieldRule(
    name="residence", read=_read, keys=_keys, leads=_leads, grade=_grade, worst=OTHER.base, complete=_complete
)
