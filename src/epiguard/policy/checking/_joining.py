"""Which crossings are decided by all rules together: whom every site meets, and what rules say in pairs."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from itertools import combinations, product

from epiguard.crossings import Role
from epiguard.places import Direction
from epiguard.policy.checking._exploring import Explored
from epiguard.policy.checking._factors import FAR, FEVER, Assignment
from epiguard.policy.checking._world import World

__all__ = ["everyday", "in_pairs", "of_each_day"]

#: Whoever comes to every site.
PEOPLE: tuple[Assignment, ...] = (
    {},
    {"guardian": True},
    {"returning": FAR},
    {"period": "within"},
    {"period": "over"},
    {"temperature": FEVER},
    {"temperature": FEVER, "retested": FEVER},
    {"who": "unknown", "returning": FAR},
    {"who": "elsewhere", "role": Role.VISITOR, "host": "resident"},
    {"who": "nobody", "role": Role.RESIDENT},
    {"who": "nobody", "role": Role.VISITOR, "host": "resident"},
    {"who": "nobody", "role": Role.COURIER},
    {"who": "nobody", "role": Role.STAFF},
    {"who": "nobody", "role": Role.EMERGENCY, "vehicle": "strange"},
)
#: What one rule says is shown so often in pairs with what others say.
_REPRESENTATIVES = 6


def everyday(world: World) -> Iterator[Assignment]:
    """Everybody, both ways, on every day on which something changes, at every gate, on foot and by car."""
    days, gates = world.values["day"], world.values["gate"]
    for who, way, day, gate, vehicle in product(PEOPLE, Direction, days, gates, (None, "own")):
        yield {"direction": way, "day": day, "gate": gate, "vehicle": vehicle, **who}


def _representatives(explored: Explored) -> list[Assignment]:
    """The smallest case of each thing that a rule says, of one traveller."""
    found: dict[tuple[Hashable, ...], Assignment] = {}
    for case, outcome in sorted(explored.cases.items(), key=lambda each: len(each[0])):
        assignment = dict(case)
        if outcome and "companion" not in assignment:
            found.setdefault(tuple(said[0] for said in outcome), assignment)
    return list(found.values())


def of_each_day(world: World, explored: Iterable[Explored]) -> Iterator[Assignment]:
    """What each rule can say, on every day on which something changes."""
    for each in explored:
        for assignment in _representatives(each):
            for day in world.values["day"]:
                yield {**assignment, "day": day}


def in_pairs(explored: Sequence[Explored]) -> Iterator[Assignment]:
    """What one rule says, with what another one says, where the two can be so at once."""
    spoken = [_representatives(each)[:_REPRESENTATIVES] for each in explored]
    for first, second in combinations(spoken, 2):
        for one, other in product(first, second):
            both = {**one, **other}
            if all(both[name] == value for name, value in one.items() if name != "day"):
                yield both
