"""The gate on ordinary days: out once and home again, second exits, fevers, and quarantine broken."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import attrs
from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.gate_rows import IN, OUT, GateRow, take_temperature
from examples.meilong.jindu_road.generator.people import Resident
from examples.meilong.jindu_road.generator.returnees import Returnee

__all__ = ["LOGGED_DAYS", "Days", "days", "everyday"]

#: The days whose ordinary crossings are in the log, with the share of residents who go out.
LOGGED_DAYS = {
    date(2020, 2, 10): 0.05,
    date(2020, 2, 11): 0.05,
    date(2020, 2, 12): 0.67,
    date(2020, 2, 13): 0.7,
}
_OBSERVED = timedelta(days=14)
_BUSY = 0.2
_PURPOSES = ("买菜", "上班", "买菜", "上班", "买药", "散步", "取快递", "就医", "倒垃圾", "")
_SECOND_EXITS, _FEVERS, _BROKEN_OUT, _BROKEN_REFUSED = 80, 14, 6, 8


@attrs.frozen
class Days:
    """Who is at home on which terms: arrival days of returnees, and people who are still away."""

    arrived: dict[Resident, datetime]
    away: frozenset[Resident]

    def observed(self, person: Resident, day: date) -> bool:
        """Whether somebody is in their fourteen days on that day, the first one included."""
        arrived = self.arrived.get(person)
        return arrived is not None and arrived.date() <= day <= arrived.date() + _OBSERVED

    def free(self, person: Resident, day: date) -> bool:
        """Whether somebody lives here that day and may go out."""
        arrived = self.arrived.get(person)
        here = arrived is None or arrived.date() < day
        return here and person not in self.away and not self.observed(person, day)


def days(seed: int, everybody: list[Resident], returned: list[Returnee]) -> Days:
    """Find out who is here: of those who did not come back, some had never left."""
    chance = Chance(seed, "away")
    arrived = {each.person: each.party.at for each in returned}
    away = set()
    for person in everybody:
        if person in arrived or person.city is None:
            continue
        hubei = person.city.code.startswith("42")
        if chance.maybe(0.7 if hubei else 0.3 if person.kind == "租户" else 0.08):
            away.add(person)
    return Days(arrived, frozenset(away))


def everyday(seed: int, everybody: list[Resident], who: Days) -> list[GateRow]:
    """Make the rows of residents on the logged days."""
    chance = Chance(seed, "everyday")
    rows: list[GateRow] = []
    for day, share in LOGGED_DAYS.items():
        out = [
            each
            for each in everybody
            if who.free(each, day) and each.age_on(day) >= 12 and chance.maybe(share)
        ]
        today: list[GateRow] = []
        for person in out:
            today += _journey(chance, person, day)
        if share > _BUSY:
            _fevers(chance, today)
            today += _second_exits(chance, today)
            today += _families_by_car(chance, [each for each in everybody if who.free(each, day)], out, day)
            today += _breaches(chance, [each for each in everybody if who.observed(each, day)], day)
        rows += today
    last = datetime.combine(max(LOGGED_DAYS) + timedelta(days=1), time(0))
    return [row for row in rows if row.at < last]


def _journey(chance: Chance, person: Resident, day: date) -> list[GateRow]:
    """Out and home again; a night worker comes home after midnight, on the exit of the day before."""
    hour = chance.weighted((6, 7, 8, 9, 10, 12, 14, 16, 18, 20), (6, 16, 20, 16, 12, 6, 8, 6, 6, 2))
    out = datetime.combine(day, time(hour, chance.between(0, 59), chance.between(0, 59)))
    night = hour >= 16 and chance.maybe(0.14)
    hours = chance.between(1, 9) if hour < 14 else chance.between(1, 4)
    home = out + timedelta(hours=hours, minutes=chance.between(0, 59), seconds=chance.between(0, 59))
    if night:
        midnight = datetime.combine(day + timedelta(days=1), time(0))
        home = midnight + timedelta(minutes=chance.between(2, 110), seconds=chance.between(0, 59))
    purpose = "夜班" if night else chance.pick(_PURPOSES)
    by_car = bool(person.plate) and chance.maybe(0.25)
    rows = []
    for at, direction in ((out, OUT), (home, IN)):
        row = _resident(chance, person, at, direction)
        row.purpose = purpose if direction == OUT else ""
        if by_car:
            _drive(chance, row, person.plate)
        if chance.maybe(0.97) or direction == OUT:
            rows.append(row)
    return rows


def _resident(chance: Chance, person: Resident, at: datetime, direction: str) -> GateRow:
    row = GateRow(at, person.room.gate, direction, person=person.number if chance.maybe(0.955) else "")
    if direction == IN:
        row.asked, row.returning = ("是", "否") if chance.maybe(0.9) else ("", "")
    take_temperature(chance, row, person)
    return row


def _drive(chance: Chance, row: GateRow, plate: str) -> None:
    row.plate = plate
    if row.direction == IN:
        row.trunk = "是" if chance.maybe(0.97) else "否"
        row.luggage = "是" if row.trunk == "是" and chance.maybe(0.02) else "否" if row.trunk == "是" else ""


def _second_exits(chance: Chance, today: list[GateRow]) -> list[GateRow]:
    """Some go home and want to go out again: refused, and a few let through."""
    home = [
        row
        for row in today
        if row.direction == IN and row.person and row.passed == "是" and 9 <= row.at.hour < 20
    ]
    rows = []
    for row in chance.some(home, _SECOND_EXITS):
        again = GateRow(row.at + timedelta(minutes=chance.between(20, 150)), row.gate, OUT, person=row.person)
        take_temperature(chance, again)
        again.purpose = chance.pick(("取快递", "买菜", "散步", "忘带东西"))
        again.passed = "否" if chance.maybe(0.93) else "是"
        rows.append(again)
        if again.passed == "是":
            back = GateRow(
                again.at + timedelta(minutes=25), row.gate, IN, person=row.person, asked="是", returning="否"
            )
            take_temperature(chance, back)
            rows.append(back)
    return rows


def _fevers(chance: Chance, today: list[GateRow]) -> None:
    """Some are warm: held and measured again after a rest, then let through or sent to the fever clinic."""
    measured = [row for row in today if row.temperature]
    for place, row in enumerate(chance.some(measured, _FEVERS)):
        row.temperature = f"37.{chance.between(3, 9)}" if place % 5 else f"38.{chance.between(0, 6)}"
        if place == 0:
            continue  # nobody measured again, and the guard let them through
        if place % 5 and chance.maybe(0.6):
            row.retested = f"36.{chance.between(4, 9)}"
        else:
            row.retested = f"37.{chance.between(4, 8)}" if row.temperature < "38" else row.temperature
            row.purpose = "发热,送发热门诊"
            row.passed = "是" if row.direction == OUT else "否"


def _families_by_car(chance: Chance, here: list[Resident], out: list[Resident], day: date) -> list[GateRow]:
    """Families who fetch the week's shopping together: several travellers, one number."""
    busy = set(out)
    families: dict[str, list[Resident]] = {}
    for person in here:
        if person not in busy:
            families.setdefault(person.household, []).append(person)
    with_car = [
        people[:4] for people in families.values() if len(people) > 1 and any(each.plate for each in people)
    ]
    rows = []
    for people in chance.some(with_car, 18):
        at = datetime.combine(day, time(chance.between(9, 16), chance.between(0, 59)))
        plate = next(each.plate for each in people if each.plate)
        for moment, direction in ((at, OUT), (at + timedelta(hours=2, minutes=chance.between(0, 40)), IN)):
            party = object()
            for person in people:
                row = _resident(chance, person, moment, direction)
                row.party, row.plate, row.purpose = party, plate, "采购" if direction == OUT else ""
                if direction == IN:
                    row.trunk, row.luggage, row.asked, row.returning = "是", "否", "是", "否"
                rows.append(row)
    return rows


def _breaches(chance: Chance, observed: list[Resident], day: date) -> list[GateRow]:
    """Some people in their fourteen days want to go out: most are refused, a few let through by mistake."""
    adults = [person for person in observed if person.age_on(day) >= 16]
    rows = []
    for place, person in enumerate(chance.some(adults, _BROKEN_OUT + _BROKEN_REFUSED)):
        at = datetime.combine(day, time(chance.between(8, 20), chance.between(0, 59), chance.between(0, 59)))
        row = GateRow(
            at, person.room.gate, OUT, person=person.number, purpose=chance.pick(("买菜", "取快递", "上班"))
        )
        take_temperature(chance, row, person)
        row.passed = "是" if place < _BROKEN_OUT else "否"
        rows.append(row)
        if row.passed == "是":
            back = GateRow(
                at + timedelta(minutes=chance.between(20, 170)), row.gate, IN, person=person.number
            )
            back.asked, back.returning = "是", "否"
            take_temperature(chance, back, person)
            rows.append(back)
    return rows
