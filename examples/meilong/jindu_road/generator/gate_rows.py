"""One row of the gate's log, with the columns in the order of the file."""

from __future__ import annotations

from datetime import date, datetime

import attrs
from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.people import Resident
from examples.meilong.jindu_road.generator.returnees import Returnee

__all__ = ["IN", "OUT", "GateRow", "number_rows", "take_temperature"]

IN, OUT = "进", "出"
#: While this gate's thermometer was broken, nobody could be measured there.
_BROKEN_GATE = "金都花园大门"
_BROKEN_FROM, _BROKEN_TO = datetime(2020, 2, 12, 19, 10), datetime(2020, 2, 12, 19, 35)  # noqa: DTZ001 - local times
_NOT_WRITTEN_DOWN = 0.001


@attrs.define(eq=False)
class GateRow:
    """One person at a gate; people in one vehicle share its ``party``."""

    at: datetime
    gate: str
    direction: str
    role: str = "居民"
    person: str = ""
    temperature: str = ""
    retested: str = ""
    not_measured: str = ""
    plate: str = ""
    trunk: str = ""
    luggage: str = ""
    asked: str = ""
    returning: str = ""
    origin: str = ""
    arrived: date | None = None
    registered: str = ""
    purpose: str = ""
    passed: str = "是"
    party: object = attrs.Factory(object)
    returnee: Returnee | None = None
    serial: str = ""


def take_temperature(chance: Chance, row: GateRow, person: Resident | None = None) -> None:
    """Fill in a normal temperature, or why there is none."""
    if row.gate == _BROKEN_GATE and _BROKEN_FROM <= row.at <= _BROKEN_TO:
        row.not_measured = "设备故障"
    elif person is not None and person.age_on(row.at.date()) < 2 and chance.maybe(0.6):
        row.not_measured = "婴儿"
    elif not chance.maybe(_NOT_WRITTEN_DOWN):
        row.temperature = f"{min(37.1, max(35.6, chance.around(36.4, 0.25))):.1f}"


def number_rows(rows: list[GateRow]) -> list[GateRow]:
    """Sort the rows by time and number them, once for each party."""
    ordered = sorted(rows, key=lambda row: row.at)
    serials: dict[int, str] = {}
    for row in ordered:
        row.serial = serials.setdefault(id(row.party), f"G{len(serials) + 1:06d}")
        if row.returnee is not None:
            row.returnee.serial = row.serial
    # A party stays together where somebody else passed in the same second.
    return sorted(ordered, key=lambda row: (row.at, row.serial))
