"""The 1,793 people who came back from other provinces, in the parties they came in."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

import attrs
from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.naming import invented_name
from examples.meilong.jindu_road.generator.numbers import Numbers
from examples.meilong.jindu_road.generator.origins import home_city, hubei_city
from examples.meilong.jindu_road.generator.people import Resident
from examples.meilong.jindu_road.generator.residents import namesakes
from examples.meilong.jindu_road.generator.tables import City

__all__ = ["FIRST_DAY", "LAST_DAY", "RETURNEES", "Party", "Returnee", "returnees"]

RETURNEES = 1793
NOT_IN_REGISTER, KNOWN_FACE_WITHOUT_FORM, UNKNOWN_WITHOUT_FORM = 60, 45, 5
FIRST_DAY, LAST_DAY = date(2020, 1, 24), date(2020, 2, 13)

# How many came, from 24 January: one wave after the holiday, a second as work begins on 10 February.
_DAYS = (3, 4, 6, 8, 12, 18, 28, 48, 70, 92, 84, 66, 60, 66, 88, 120, 168, 150, 104, 88, 80)
_HOURS = {(6, 11): 17, (12, 17): 27, (18, 20): 22, (21, 23): 23, (0, 5): 11}
_LAST_DAY_OUT_OF_HUBEI = date(2020, 1, 27)
_WAYS = {"高铁": 40, "自驾": 32, "火车": 12, "飞机": 8, "长途汽车": 8}


@attrs.define(eq=False)
class Party:
    """People who came back together: when, from where, by what."""

    at: datetime
    origin: City
    left: date
    way: str
    plate: str
    serial: str = ""


@attrs.define(eq=False)
class Returnee:
    """One person who came back; ``sources`` says which forms were handed in."""

    person: Resident
    party: Party
    known_face: bool
    sources: tuple[str, ...]
    id: str = ""
    serial: str = ""

    @property
    def kind(self) -> str:
        """How the committee can know of this return at all."""
        if not self.person.number:
            return "not-in-register"
        if not self.sources:
            return "no-form-known-face" if self.known_face else "no-form-unknown"
        return "both" if len(self.sources) > 1 else "registered-form"


def returnees(seed: int, everybody: list[Resident], numbers: Numbers) -> list[Returnee]:
    """Choose who came back, and how each of them was registered."""
    chance = Chance(seed, "returnees")
    found: list[Returnee] = []
    for people in _parties(chance, everybody):
        found += _returned(chance, people, numbers)
    twins = {person for pair in namesakes(everybody) for person in pair}
    without = chance.some(
        [each for each in found if each.person not in twins], KNOWN_FACE_WITHOUT_FORM + UNKNOWN_WITHOUT_FORM
    )
    for place, each in enumerate(without):
        each.sources, each.known_face = (), place < KNOWN_FACE_WITHOUT_FORM
    for people in _subtenants(chance, everybody, numbers):
        newcomers = _returned(chance, people, numbers)
        for each in newcomers:
            each.known_face = False
        found += newcomers
    found.sort(key=lambda each: each.party.at)
    for place, each in enumerate(found, 1):
        each.id = f"T-{place:04d}"
    return found


def _parties(chance: Chance, everybody: list[Resident]) -> Iterator[list[Resident]]:
    wanted = RETURNEES - NOT_IN_REGISTER
    households: dict[str, list[Resident]] = {}
    for person in everybody:
        households.setdefault(person.household, []).append(person)
    first = {each.household for pair in namesakes(everybody) if chance.maybe(0.7) for each in pair}
    rest = chance.shuffled(key for key in households if key not in first)
    for key in [*sorted(first), *rest]:
        people = households[key]
        if key not in first:
            if not chance.maybe(_share(people[0])):
                continue
            people = people if chance.maybe(0.75) else chance.some(people, chance.between(1, len(people)))
        people = people[:wanted]
        wanted -= len(people)
        # Flatmates in one household come back on their own.
        if people and people[0].kind == "租户" and len({person.name[0] for person in people}) > 2:
            yield from ([person] for person in people)
        elif people:
            yield people
    if wanted:
        raise ValueError("too few households for so many returnees; raise the shares")


def _share(person: Resident) -> float:
    if person.city is None:
        return 0.17
    return 0.56 if person.kind == "租户" else 0.4


def _returned(chance: Chance, people: list[Resident], numbers: Numbers) -> list[Returnee]:
    day = FIRST_DAY + timedelta(days=chance.weighted(range(len(_DAYS)), _DAYS))
    first, last = chance.weighted(list(_HOURS), _HOURS.values())
    hour = chance.between(first, last)
    # Nobody comes so late that the form would be the next day's.
    at = datetime.combine(day, time(hour, chance.between(0, 45 if hour == 23 else 59), chance.between(0, 59)))
    origin = people[0].city or home_city(chance)
    if origin.code.startswith("42") and day > _LAST_DAY_OUT_OF_HUBEI:
        origin = home_city(chance)
    elif day <= _LAST_DAY_OUT_OF_HUBEI and chance.maybe(0.1):
        origin = hubei_city(chance)
    way = chance.weighted(list(_WAYS), _WAYS.values())
    plate = ""
    if way == "自驾":
        plate = next((person.plate for person in people if person.plate), "") or numbers.plate()
    left = day - timedelta(days=1 if chance.maybe(0.2) or at.hour < 8 else 0)
    party = Party(at, origin, left, way, plate)
    return [Returnee(person, party, chance.maybe(0.72), _sources(chance)) for person in people]


def _sources(chance: Chance) -> tuple[str, ...]:
    return chance.weighted((("paper",), ("online",), ("paper", "online")), (45, 45, 10))


def _subtenants(chance: Chance, everybody: list[Resident], numbers: Numbers) -> Iterator[list[Resident]]:
    """Make people who live here but whom nobody has put in the register."""
    hosts = chance.some([person for person in everybody if person.kind == "租户"], NOT_IN_REGISTER)
    for host in hosts:
        sex = "男" if chance.maybe(0.55) else "女"
        born = date(chance.between(1968, 2001), chance.between(1, 12), chance.between(1, 28))
        at_the_door = {person.name for person in everybody if person.room == host.room}
        while (name := invented_name(chance, sex, born)) in at_the_door:
            pass
        city = home_city(chance)
        document = numbers.identity(f"{city.code}{chance.pick(('02', '21', '22'))}", born, sex)
        person = Resident("", name, sex, born, host.room, "", "租户", city)
        person.document, person.phone = document, numbers.phone()
        yield [person]
