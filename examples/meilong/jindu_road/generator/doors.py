"""The doors of the buildings: who passed with a face or a card on the last two days."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import attrs
from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.everyday import Days
from examples.meilong.jindu_road.generator.gate_rows import IN, OUT, GateRow
from examples.meilong.jindu_road.generator.people import COMPOUNDS, Resident

__all__ = ["DoorRow", "checkpoints", "door_rows"]

_FIRST, _LAST = date(2020, 2, 12), date(2020, 2, 13)
_OF_CROSSINGS = 0.5
_OBSERVED, _UNKNOWN_CARDS, _WRONG_DOORS = 45, 40, 30


@attrs.frozen
class DoorRow:
    """One passage of a building's door."""

    at: datetime
    door: str
    direction: str
    person: str
    card: str
    result: str


def checkpoints() -> list[dict[str, str]]:
    """List all gates and doors with the ids that a site file gives them."""
    gates = [
        {"id": f"gate-{place}", "name": f"{name}大门", "kind": "gate"}
        for place, name in enumerate(COMPOUNDS, 1)
    ]
    doors = [
        {"id": f"door-{place}-{building}", "name": f"{name}{building}号楼", "kind": "door"}
        for place, (name, buildings) in enumerate(COMPOUNDS.items(), 1)
        for building in range(1, buildings + 1)
    ]
    return gates + doors


def door_rows(seed: int, everybody: list[Resident], who: Days, gate: list[GateRow]) -> list[DoorRow]:
    """Make the log: who crossed the gate mostly passed a door, and some passed a door only."""
    chance = Chance(seed, "doors")
    known = {person.number: person for person in everybody}
    rows: list[DoorRow] = []
    for crossing in gate:
        person = known.get(crossing.person)
        fits = person is not None and crossing.passed == "是" and crossing.at.date() >= _FIRST
        if person is not None and fits and chance.maybe(_OF_CROSSINGS):
            minutes = timedelta(seconds=chance.between(60, 320))
            at = crossing.at + minutes if crossing.direction == IN else crossing.at - minutes
            rows.append(_passage(chance, person, at, crossing.direction))
    watched = [person for person in everybody if who.observed(person, _FIRST) and person.age_on(_LAST) >= 14]
    for person in chance.some(watched, _OBSERVED):
        # Down for a parcel and up again: the card or the face tells.
        at = _any_time(chance)
        rows.append(_passage(chance, person, at, OUT))
        rows.append(_passage(chance, person, at + timedelta(minutes=chance.between(2, 12)), IN))
    rows += [
        DoorRow(_any_time(chance), _some_door(chance), IN, "", f"77{chance.digits(8)}", "拒绝")
        for _ in range(_UNKNOWN_CARDS)
    ]
    for person in chance.some([each for each in everybody if who.free(each, _FIRST)], _WRONG_DOORS):
        row = _passage(chance, person, _any_time(chance), IN)
        rows.append(attrs.evolve(row, door=_some_door(chance), result="拒绝"))
    last = datetime.combine(_LAST + timedelta(days=1), time(0))
    first = datetime.combine(_FIRST, time(0))
    return sorted((row for row in rows if first <= row.at < last), key=lambda row: row.at)


def _passage(chance: Chance, person: Resident, at: datetime, direction: str) -> DoorRow:
    face, card = person.number, person.registered("card")
    how = chance.weighted(("face", "card", "both"), (55, 37, 8)) if card else "face"
    face, card = face if how != "card" else "", card if how != "face" else ""
    return DoorRow(at, person.room.door, direction, face, card, "通过")


def _any_time(chance: Chance) -> datetime:
    day = chance.pick((_FIRST, _LAST))
    return datetime.combine(day, time(chance.between(6, 22), chance.between(0, 59), chance.between(0, 59)))


def _some_door(chance: Chance) -> str:
    compound = chance.weighted(list(COMPOUNDS), COMPOUNDS.values())
    return f"{compound}{chance.between(1, COMPOUNDS[compound])}号楼"
