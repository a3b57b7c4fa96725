"""A site with a rule of every common kind, what its committee expects there, and crossings by chance."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta

from epiguard import (
    Crossing,
    CrossingObserved,
    DaySpan,
    Direction,
    Effect,
    ExitPass,
    Exposure,
    Fact,
    PassColour,
    PassIssued,
    Person,
    PersonEnrolled,
    Policy,
    QuarantineOrdered,
    QuarantinePeriod,
    Return,
    Role,
    Situation,
    Traveller,
    Vehicle,
)
from epiguard.crossings import CodeColour, CodeNotShown, NotMeasured
from epiguard.rules import Rule
from epiguard.situation import State

__all__ = ["EXPECTED", "crossings", "surprised", "village"]

SITE = """
[site]
id = "plum-court"
zone = "Asia/Shanghai"
region = "310112"

[[site.checkpoints]]
id = "west"
lanes = [
    { direction = "in", traffic = "pedestrian" },
    { direction = "out", traffic = "pedestrian" },
    { direction = "in", traffic = "vehicle" },
]

[[site.checkpoints]]
id = "east"
lanes = [{ direction = "out", traffic = "vehicle" }]

[[quarantine]]
days = 14
setting = "home-quarantine"
"""
ENTRIES = {
    "admit-kinds": "",
    "lanes": "",
    "registration-required": "ask = true",
    "temperature": "limit = 37.3",
    "curfew": 'closes = 22:30:00\ndirections = ["in", "out"]',
    "one-exit-per-day": "",
    "quarantine-stays-in": "",
    "visitors": "",
    "couriers": 'answer = "deny"',
}
#: Rules that would answer before others do: each stands in a site of its own, with those it needs.
APART = {
    "health-code": ("admit-kinds", "health-code"),
    "exit-pass": ("admit-kinds", "exit-pass"),
}


def village(rule: str, changed: Sequence[type[Rule]] = ()) -> Policy:
    """The site in which a rule is tried.

    Args:
        rule: Which.
        changed: Rules that stand for those of their names.
    """
    entries = "".join(
        f'\n[[rules]]\nuse = "{name}"\n{ENTRIES.get(name, "")}\n' for name in APART.get(rule, ENTRIES)
    )
    return Policy.loads(SITE + entries, rules=changed)


# What the committee expects: a dozen examples, as an author writes them beside a rule.


def _at(hour: int, minute: int = 0) -> datetime:
    return datetime.combine(DAY, time(hour, minute), village("lanes").site.zone)


DAY = date(2020, 2, 14)
WELL = {"person": "p-1", "temperature": 36.5, "asked": True, "registered": True}
ENROLLED = PersonEnrolled(Person(id="p-1"))


def _crossing(way: str, hour: int = 12, minute: int = 0, **fields: object) -> Crossing:
    traveller = Traveller(**{**WELL, **fields})  # type: ignore[arg-type]  # fields of several types
    return Crossing(checkpoint="west", direction=way, at=_at(hour, minute), travellers=[traveller])  # type: ignore[arg-type]  # a word


def _expected() -> Iterator[tuple[str, Crossing, list[Fact], Effect]]:
    allow, hold, deny = Effect
    out = CrossingObserved(_crossing("out", 9))
    exposure = Exposure(person="p-1", reason=Return(region="420106"), arrived_on=DAY - timedelta(3))
    stays = QuarantineOrdered(
        QuarantinePeriod.after(exposure, days=14, zone="Asia/Shanghai", setting="home-quarantine")
    )
    stranger = {"person": None, "role": Role.VISITOR}
    yield "a resident goes out", _crossing("out"), [ENROLLED], allow
    yield "and comes home", _crossing("in", 14), [ENROLLED, out], allow
    yield "a second time out", _crossing("out", 14), [ENROLLED, out], deny
    yield "a fever on the way out", _crossing("out", temperature=38.0), [ENROLLED], hold
    yield "37.3 is a fever", _crossing("out", temperature=37.3), [ENROLLED], hold
    yield "after the curfew began", _crossing("out", 23), [ENROLLED], deny
    yield "home after the curfew began", _crossing("in", 23), [ENROLLED], allow
    yield "in quarantine, out", _crossing("out"), [ENROLLED, stays], deny
    yield "in quarantine, home", _crossing("in"), [ENROLLED, stays], allow
    yield "a visitor whose host agreed", _crossing("in", host_agreed=True, **stranger), [], allow
    yield "a visitor whose host was not asked", _crossing("in", **stranger), [], hold
    yield "a courier", _crossing("in", person=None, role=Role.COURIER), [], deny


EXPECTED = tuple(_expected())


def surprised(policy: Policy) -> list[str]:
    """The examples that come out otherwise than the committee expects."""
    return [
        name
        for name, asked, facts, effect in EXPECTED
        if policy.decide(asked, Situation.of(facts, asked, site=policy.site)).effect is not effect
    ]


# Crossings by chance, as a week at the gate has them: most are of well residents by day.


def crossings(policy: Policy, count: int, seed: int = 20200214) -> Iterator[tuple[Crossing, Situation]]:
    """So many, the same every time."""
    chance = random.Random(seed)
    states = [_state(chance, policy) for _ in range(200)]
    for _ in range(count):
        role = chance.choices(list(Role), [16, 2, 2, 2, 1])[0]
        known = role is Role.RESIDENT and chance.random() < 0.95
        traveller = Traveller(
            person="p-1" if known else None,
            role=role,
            temperature=round(chance.gauss(36.6, 0.35), 1) if chance.random() < 0.97 else None,
            not_measured=chance.choice([None, *NotMeasured]) if chance.random() < 0.02 else None,
            asked=chance.choices([True, False, None], [18, 1, 1])[0],
            returning_from="420106" if chance.random() < 0.03 else None,
            registered=chance.choices([True, None], [9, 1])[0],
            exit_pass=chance.choices(["G-1", "G-2", None], [8, 1, 1])[0],
            health_code=chance.choices([CodeColour.GREEN, CodeColour.RED, None], [18, 1, 1])[0],
            code_not_shown=CodeNotShown.CHILD if chance.random() < 0.02 else None,
            host_agreed=chance.choice([True, False, None]),
            clinic_journey="clinic-3" if chance.random() < 0.01 else None,
        )
        by_car = chance.random() < 0.2
        way = chance.choice(list(Direction))
        asked = Crossing(
            checkpoint="east" if by_car and way is Direction.OUT else chance.choice(["west", "west", "east"]),
            direction=way,
            at=_at(min(23, max(0, int(chance.gauss(14, 4)))), chance.randrange(60)),
            travellers=[traveller],
            vehicle=Vehicle(plate="沪A12345") if by_car else None,
        )
        yield asked, Situation.cut(chance.choice(states), asked)


def _state(chance: random.Random, policy: Policy) -> State:
    state = State(policy.site)
    state.apply(PersonEnrolled(Person(id="p-1", resident=chance.random() < 0.95)))
    if chance.random() < 0.1:
        back = DAY - timedelta(days=chance.randrange(20))
        exposure = Exposure(person="p-1", reason=Return(region="420106"), arrived_on=back)
        state.apply(QuarantineOrdered(policy.period(exposure, gate_day=DAY)))
    if chance.random() < 0.9:
        span = DaySpan(DAY - timedelta(3), DAY + timedelta(7))
        state.apply(PassIssued(ExitPass(number="G-1", person="p-1", colour=PassColour.GREEN, valid=span)))
    if chance.random() < 0.3:
        state.apply(CrossingObserved(_crossing("out", 6)))
    return state
