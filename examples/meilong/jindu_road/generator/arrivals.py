"""The gate when returnees arrive: asked, measured, registered, and let in, or not."""

from __future__ import annotations

from datetime import timedelta

from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.gate_rows import IN, GateRow, take_temperature
from examples.meilong.jindu_road.generator.returnees import Party, Returnee

__all__ = ["arrivals"]

_KNOWN_FACE_REFUSED, _UNKNOWN_REFUSED = 7, 2
_FEVERS = 4


def arrivals(seed: int, returned: list[Returnee]) -> list[GateRow]:
    """Make one row for each returnee."""
    chance = Chance(seed, "arrivals")
    turned_away = _turned_away(chance, returned)
    rows: list[GateRow] = []
    places: dict[Party, int] = {}
    for each in returned:
        place = places[each.party] = places.get(each.party, -1) + 1
        row = _row(chance, each, turned_away=each in turned_away)
        by_car = each.party.plate and each.sources
        if by_car:
            row.party, row.plate = each.party, each.party.plate
            row.trunk, row.luggage = ("是", "是") if chance.maybe(0.95) else ("否", "")
        else:
            row.at += timedelta(seconds=12 * place)
        rows.append(row)
    for row in chance.some([row for row in rows if row.temperature and row.passed == "是"], _FEVERS):
        row.temperature, row.retested = "37.6", f"36.{chance.between(5, 9)}"
    return _alike_in_one_car(rows)


def _turned_away(chance: Chance, returned: list[Returnee]) -> set[Returnee]:
    known = [each for each in returned if each.kind == "no-form-known-face"]
    unknown = [each for each in returned if each.kind == "no-form-unknown"]
    return {*chance.some(known, _KNOWN_FACE_REFUSED), *chance.some(unknown, _UNKNOWN_REFUSED)}


def _row(chance: Chance, each: Returnee, *, turned_away: bool) -> GateRow:
    person, party = each.person, each.party
    row = GateRow(party.at, person.room.gate, IN, returnee=each)
    row.person = person.number if each.known_face else ""
    row.asked, row.returning = "是", "是"
    row.origin = party.origin.brief if chance.maybe(0.8) else party.origin.province_short
    row.arrived = party.at.date() if chance.maybe(0.9) else None
    row.registered, row.purpose = "是", "返沪"
    if each.kind == "no-form-unknown":
        # All that is left of them: what they said, or the plate they came with.
        row.registered, row.plate = "否", person.plate
        row.trunk, row.luggage = ("是", "是") if person.plate else ("", "")
        row.purpose = f"自述住{person.room.text}"
    if turned_away:
        row.registered, row.passed = "否", "否"
    take_temperature(chance, row, person)
    return row


def _alike_in_one_car(rows: list[GateRow]) -> list[GateRow]:
    """What was seen of a car is the same for all in it."""
    first: dict[int, GateRow] = {}
    for row in rows:
        leader = first.setdefault(id(row.party), row)
        row.trunk, row.luggage, row.passed = leader.trunk, leader.luggage, leader.passed
    return rows
