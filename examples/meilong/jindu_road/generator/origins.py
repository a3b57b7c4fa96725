"""Where people are registered (户籍) and what region their identity number shows."""

from __future__ import annotations

import attrs
from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.tables import City, cities

__all__ = ["HUBEI", "Origin", "home_city", "hubei_city", "origin"]

HUBEI = "42"
_LOCAL_DISTRICTS = ("310112", "310112", "310104", "310105", "310117", "310101")
_COUNTIES = ("02", "03", "21", "22")
_MOVED = 0.06


@attrs.frozen
class Origin:
    """A city (None for Shanghai), the region as the register writes it, and the one in the number."""

    city: City | None
    region: str
    number_region: str


def home_city(chance: Chance) -> City:
    """Draw a city outside Shanghai and Hubei."""
    return chance.weighted(cities(), [city.weight for city in cities()])


def hubei_city(chance: Chance) -> City:
    """Draw a city in Hubei."""
    return chance.pick([city for city in cities() if city.code.startswith(HUBEI)])


def origin(chance: Chance, city: City | None) -> Origin:
    """Make a household registration in a city: the register has a code for some and a name for others.

    Some people have moved since their number was issued, so that it shows another region: a number that
    begins with 42 is not yet a registration in Hubei, nor the other way round.
    """
    code = _county(chance, city)
    issued = code
    if chance.maybe(_MOVED):
        issued = _county(chance, chance.pick(cities()))
    if city is None:
        return Origin(city, code if chance.maybe(0.7) else "上海市", issued)
    writing = chance.weighted(("county", "city", "full", "brief"), (45, 15, 25, 15))
    # Chongqing is a province of its own and has no code as a prefecture.
    whole = f"{city.code[:2]}0000" if city.name == city.province else f"{city.code}00"
    region = {"county": code, "city": whole, "full": city.full, "brief": city.brief}[writing]
    return Origin(city, region, issued)


def _county(chance: Chance, city: City | None) -> str:
    return chance.pick(_LOCAL_DISTRICTS) if city is None else city.code + chance.pick(_COUNTIES)
