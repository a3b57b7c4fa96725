"""The rooms of the three compounds, and what kind of household lives in each."""

from __future__ import annotations

from enum import Enum

from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.people import COMPOUNDS, Room

__all__ = ["Home", "homes"]

_FLOORS, _ROOMS_PER_FLOOR = 6, 4
_OCCUPIED = 0.965


class Home(Enum):
    """Who lives in a room."""

    OWNERS = "owners"
    TENANT_FAMILY = "tenant family"
    FLATSHARE = "flatshare"
    FEW_TENANTS = "one or two tenants"


_SHARES = {Home.OWNERS: 44, Home.TENANT_FAMILY: 27, Home.FLATSHARE: 16, Home.FEW_TENANTS: 13}


def homes(chance: Chance) -> list[tuple[Room, Home]]:
    """Return the occupied rooms with their kind of household, owners first."""
    found = []
    # Two units on average, so that about six thousand people live here whatever the seed.
    every = sum(COMPOUNDS.values())
    units = chance.shuffled([2] * (every - every // 5 * 2) + [1, 3] * (every // 5))
    for compound, buildings in COMPOUNDS.items():
        for building in range(1, buildings + 1):
            for unit in range(1, units.pop() + 1):
                for floor in range(1, _FLOORS + 1):
                    for place in range(1, _ROOMS_PER_FLOOR + 1):
                        room = Room(compound, building, unit, f"{floor}{place:02d}")
                        if chance.maybe(_OCCUPIED):
                            found.append((room, chance.weighted(list(_SHARES), _SHARES.values())))
    # Owners first: some of them are the landlords of the others.
    return sorted(found, key=lambda each: each[1] is not Home.OWNERS)
