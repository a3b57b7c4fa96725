"""Twenty thousand crossings with what is known of each traveller, the same every time."""

from __future__ import annotations

import random
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from village.rules import RULES

from epiguard import (
    Crossing,
    DaySpan,
    Direction,
    ExitPass,
    Exposure,
    PassColour,
    Person,
    Policy,
    QuarantinePeriod,
    Return,
    Role,
    Situation,
    Standing,
    Traveller,
    Vehicle,
)
from epiguard.situation import PastCrossing

SHANGHAI = ZoneInfo("Asia/Shanghai")
DAY = date(2020, 2, 14)
SITE = '[site]\nid = "village"\nzone = "Asia/Shanghai"\ncheckpoints = [{id = "west"}, {id = "east"}]\n'
ROLES = [Role.RESIDENT] * 8 + [Role.COURIER, Role.VISITOR, Role.STAFF]


def policy() -> Policy:
    """The village's thirteen rules."""
    return Policy.loads(SITE, rules=RULES)


def cases(count: int = 20_000, seed: int = 20200214) -> list[tuple[Crossing, Situation]]:
    """Crossings of single travellers on foot or in a vehicle, each with its situation.

    Args:
        count: How many.
        seed: The same seed gives the same crossings.
    """
    chance = random.Random(seed)
    site = policy().site
    return [_case(chance, site) for _ in range(count)]


def _case(chance: random.Random, site: object) -> tuple[Crossing, Situation]:
    role = chance.choice(ROLES)
    known = role is Role.RESIDENT and chance.random() < 0.97
    person = f"p-{chance.randrange(5000)}" if known else None
    colour = chance.choices([None, PassColour.GREEN, PassColour.YELLOW], [1, 8, 1])[0] if known else None
    vehicle = chance.random() < 0.25
    crossing = Crossing(
        checkpoint=chance.choice(["west", "west", "east"]),
        direction=chance.choice(list(Direction)),
        at=datetime(2020, 2, 14, chance.choice([7, 9, 12, 15, 18, 23]), 30, tzinfo=SHANGHAI),
        travellers=[
            Traveller(
                person=person,
                role=role,
                temperature=None if chance.random() < 0.02 else round(chance.gauss(36.5, 0.35), 1),
                exit_pass="G-1" if colour is not None else None,
            )
        ],
        vehicle=Vehicle(trunk_opened=chance.random() < 0.9) if vehicle else None,
        purpose="drop-point" if role is Role.COURIER and chance.random() < 0.6 else None,
    )
    standing = Standing(
        index=0,
        traveller=crossing.travellers[0],
        person=Person(id=person) if person is not None else None,
        periods=(_period(person),) if person is not None and chance.random() < 0.1 else (),
        exit_pass=_pass(person, colour) if person is not None and colour is not None else None,
        crossings=(_went_out(),) if known and chance.random() < 0.15 else (),
    )
    return crossing, Situation(site=site, at=crossing.at, day=DAY, standings=[standing])  # type: ignore[arg-type]  # a list


def _period(person: str) -> QuarantinePeriod:
    exposure = Exposure(person=person, arrived_on=date(2020, 2, 8), reason=Return(region="420000"))
    return QuarantinePeriod.after(exposure, days=14, zone="Asia/Shanghai")


def _pass(person: str, colour: PassColour) -> ExitPass:
    return ExitPass(number="G-1", person=person, colour=colour, valid=DaySpan(DAY, DAY + timedelta(days=20)))


def _went_out() -> PastCrossing:
    at = datetime(2020, 2, 14, 6, tzinfo=SHANGHAI)
    return PastCrossing(at=at, day=DAY, direction=Direction.OUT, checkpoint="west")


def fields(crossing: Crossing, situation: Situation) -> dict[str, object]:
    """A crossing and its situation as plain values; the same for every such engine."""
    standing = situation.standings[0]
    traveller = standing.traveller
    hour = crossing.at.hour
    return {
        "entry": crossing.direction is Direction.IN,
        "known": standing.person is not None,
        "role": traveller.role.value,
        "quarantined": bool(standing.periods),
        "exits": standing.exits_on_day(),
        "purpose": crossing.purpose.value if crossing.purpose is not None else "",
        "gate": crossing.checkpoint,
        "vehicle": crossing.vehicle is not None,
        "night": not 5 <= hour < 22,
        "temperature": traveller.temperature if traveller.temperature is not None else 0.0,
        "measured": traveller.temperature is not None,
        "trunk": crossing.vehicle is not None and crossing.vehicle.trunk_opened is True,
        "colour": standing.exit_pass.colour.value if standing.exit_pass is not None else "",
    }
