"""Caohang village: nine built-in rules, passes and claims; slices are cut from a state of its people."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from epiguard import (
    Crossing,
    DaySpan,
    Decision,
    Direction,
    Effect,
    ExitPass,
    Exposure,
    PassColour,
    PassIssued,
    Person,
    PersonEnrolled,
    Policy,
    QuarantineOrdered,
    Return,
    Role,
    Situation,
    Traveller,
    Verdict,
)
from epiguard.decisions import Source, changed
from epiguard.situation import State

SHANGHAI = ZoneInfo("Asia/Shanghai")
SITE = Path(__file__).parents[2] / "examples" / "meilong" / "sites" / "caohang.toml"
PEOPLE = 2000
FEBRUARY = DaySpan(date(2020, 2, 1), date(2020, 3, 1))


def policy() -> Policy:
    """The village's rules."""
    return Policy.load(SITE)


def cases(village: Policy, count: int, seed: int = 20200214) -> list[tuple[Crossing, Situation]]:
    """Crossings on foot of villagers with their passes, and of some couriers.

    Args:
        village: Decides the site.
        count: How many.
        seed: The same seed gives the same crossings.
    """
    chance = random.Random(seed)
    state = _state(village, chance)
    asked = [_crossing(chance) for _ in range(count)]
    return [(each, Situation.cut(state, each)) for each in asked]


def _state(village: Policy, chance: random.Random) -> State:
    state = State(village.site)
    for number in range(PEOPLE):
        person = f"p-{number}"
        state.apply(PersonEnrolled(Person(id=person)))
        if chance.random() < 0.05:
            exposure = Exposure(person=person, arrived_on=date(2020, 2, 8), reason=Return(region="420000"))
            state.apply(QuarantineOrdered(village.period(exposure, gate_day=date(2020, 2, 8))))
        elif chance.random() < 0.95:
            card = ExitPass(number=f"G-{number}", person=person, colour=PassColour.GREEN, valid=FEBRUARY)
            state.apply(PassIssued(card))
    return state


def _crossing(chance: random.Random) -> Crossing:
    number = chance.randrange(PEOPLE)
    courier = chance.random() < 0.1
    reading = None if chance.random() < 0.02 else round(chance.gauss(36.5, 0.35), 1)
    return Crossing(
        checkpoint=chance.choice(["north", "south"]),
        direction=chance.choice(list(Direction)),
        at=datetime(2020, 2, 14, 7, tzinfo=SHANGHAI) + timedelta(minutes=chance.randrange(720)),
        travellers=[
            Traveller(
                person=None if courier else f"p-{number}",
                role=Role.COURIER if courier else Role.RESIDENT,
                temperature=reading,
                asked=True,
                exit_pass=None if courier or chance.random() < 0.03 else f"G-{number}",
            )
        ],
    )


def rules_alone(village: Policy) -> Callable[[Crossing, Situation], object]:
    """The rules' functions and nothing else: what both the functions and a policy take at the least."""
    ask = _asking(village)
    return lambda crossing, situation: list(ask(crossing, situation))


def _asking(village: Policy) -> Callable[[Crossing, Situation], Iterator[tuple[Any, Source]]]:
    asked = [
        (each.review, each.source, each.condition.direction, each.condition.roles)
        for each in village.rules
        if each.review is not None
    ]

    def ask(crossing: Crossing, situation: Situation) -> Iterator[tuple[Any, Source]]:
        role = situation.standings[0].traveller.role
        for review, source, direction, roles in asked:
            # What a function would begin with: it has nothing to say of the other crossings.
            if direction is not None and direction is not crossing.direction:
                continue
            if roles is not None and role not in roles:
                continue
            given = review(crossing, situation)
            if given is not None:
                yield given, source

    return ask


def plainly(village: Policy, *, sources: bool = False) -> Callable[[Crossing, Situation], Decision]:
    """The rules' own functions called one after the other, unguarded.

    Args:
        village: Whose rules.
        sources: Whether each verdict says where it comes from, as those of a complete decision do.
    """
    ask = _asking(village)

    def decide(crossing: Crossing, situation: Situation) -> Decision:
        verdicts: list[Verdict] = []
        for given, source in ask(crossing, situation):
            several = [given] if isinstance(given, Verdict) else given
            verdicts += [changed(each, {"source": source}) for each in several] if sources else several
        effect = Effect.worst(each.effect for each in verdicts)
        if effect is Effect.ALLOW and not any(each.grants for each in verdicts):
            effect = Effect.HOLD
        return Decision(
            crossing=crossing,
            day=situation.day,
            effect=effect,
            verdicts=verdicts,
            duties=[duty for each in verdicts for duty in each.duties],
            alerts=[alert for each in verdicts for alert in each.alerts],
        )

    return decide
