"""The gate and those who do not live here: couriers, visitors, staff, and an ambulance."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.everyday import Days
from examples.meilong.jindu_road.generator.gate_rows import IN, OUT, GateRow, take_temperature
from examples.meilong.jindu_road.generator.numbers import Numbers
from examples.meilong.jindu_road.generator.people import COMPOUNDS, Resident

__all__ = ["outsiders"]

_DAYS = (date(2020, 2, 12), date(2020, 2, 13))
_COURIERS, _VISITORS, _STAFF = 120, 55, 30


def outsiders(seed: int, everybody: list[Resident], who: Days, numbers: Numbers) -> list[GateRow]:
    """Make the rows of the last two days."""
    chance = Chance(seed, "outsiders")
    rows: list[GateRow] = []
    for day in _DAYS:
        rows += [_courier(chance, day, numbers) for _ in range(_COURIERS)]
        for _ in range(_VISITORS):
            rows += _visitor(chance, day, numbers)
        for _ in range(_STAFF):
            rows += _staff(chance, day)
    here = [person for person in everybody if who.free(person, _DAYS[1]) and person.age_on(_DAYS[1]) >= 65]
    return rows + _ambulance(chance, chance.pick(here))


def _at(chance: Chance, day: date, first: int, last: int) -> datetime:
    return datetime.combine(
        day, time(chance.between(first, last), chance.between(0, 59), chance.between(0, 59))
    )


def _gate(chance: Chance) -> str:
    return f"{chance.weighted(list(COMPOUNDS), COMPOUNDS.values())}大门"


def _courier(chance: Chance, day: date, numbers: Numbers) -> GateRow:
    row = GateRow(_at(chance, day, 8, 20), _gate(chance), IN, "快递", asked="是", returning="否")
    row.purpose, row.passed = chance.pick(("送快递,放门口货架", "送外卖,业主到门口取", "送快递")), "否"
    if chance.maybe(0.06):
        row.purpose, row.passed, row.plate = "送大件", "是", numbers.plate()
        row.trunk, row.luggage = "是", "否"
    take_temperature(chance, row)
    return row


def _visitor(chance: Chance, day: date, numbers: Numbers) -> list[GateRow]:
    row = GateRow(_at(chance, day, 9, 19), _gate(chance), IN, "访客", asked="是", returning="否")
    row.purpose, row.passed = chance.pick(("探亲", "看房", "维修", "访友")), "否"
    take_temperature(chance, row)
    if chance.maybe(0.12):
        row.plate, row.trunk, row.luggage = numbers.plate(), "是", "否"
    if chance.maybe(0.75):
        return [row]
    row.passed = "是"
    leaving = GateRow(
        row.at + timedelta(minutes=chance.between(30, 200)), row.gate, OUT, "访客", plate=row.plate
    )
    take_temperature(chance, leaving)
    return [row, leaving]


def _staff(chance: Chance, day: date) -> list[GateRow]:
    gate, purpose = _gate(chance), chance.pick(("保洁", "物业", "志愿者", "送消毒液"))
    coming = GateRow(
        _at(chance, day, 6, 9), gate, IN, "工作人员", asked="是", returning="否", purpose=purpose
    )
    going = GateRow(_at(chance, day, 16, 20), gate, OUT, "工作人员", purpose=purpose)
    for row in (coming, going):
        take_temperature(chance, row)
    return [coming, going]


def _ambulance(chance: Chance, patient: Resident) -> list[GateRow]:
    """An ambulance comes for somebody and leaves with them: nobody stops to take temperatures."""
    at, gate, plate = datetime(2020, 2, 13, 3, 12, 40), patient.room.gate, "沪A120G5"  # noqa: DTZ001 - local times
    leaving = at + timedelta(minutes=19)
    party = object()
    rows = [
        GateRow(at, gate, IN, "急救", plate=plate, purpose="救护车接病人"),
        GateRow(leaving, gate, OUT, "急救", plate=plate, purpose="救护车送医", party=party),
        GateRow(leaving, gate, OUT, "居民", patient.number, plate=plate, purpose="救护车送医", party=party),
    ]
    rows[2].temperature = f"36.{chance.between(2, 9)}"
    return rows
