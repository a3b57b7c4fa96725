"""The register: about six thousand residents, of whom exactly 435 are registered in Hubei."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.homes import Home, homes
from examples.meilong.jindu_road.generator.households import Draft, drafts
from examples.meilong.jindu_road.generator.landlords import Landlords
from examples.meilong.jindu_road.generator.naming import invented_name, invented_surname
from examples.meilong.jindu_road.generator.numbers import Numbers
from examples.meilong.jindu_road.generator.origins import home_city, hubei_city, origin
from examples.meilong.jindu_road.generator.people import Resident, Room
from examples.meilong.jindu_road.generator.tables import City, alike, foreign_names

__all__ = ["HUBEI_RESIDENTS", "namesakes", "residents"]

HUBEI_RESIDENTS = 435
_TODAY = date(2020, 2, 14)
_PAIRS_OF_ONE_NAME, _PAIRS_ALIKE = 6, 6
_PERMITS = (
    "810000",
    "810000",
    "810000",
    "820000",
    "830000",
    "830000",
    "830000",
    "830000",
    "810000",
    "830000",
)


def residents(seed: int, numbers: Numbers) -> list[Resident]:
    """Make everybody in the register, in the order of their numbers."""
    chance = Chance(seed, "residents")
    landlords = Landlords(chance, numbers)
    households = []
    for room, home in homes(chance):
        people = _people(chance, numbers, room, home)
        if home is Home.OWNERS:
            landlords.know(people[0])
        else:
            landlords.lets(people)
        households.append(people)
    households = chance.shuffled(households)
    _add_foreigners(chance, numbers, households)
    _settle_origins(chance, numbers, households)
    _make_namesakes(chance, households)
    for people in households:
        _leave_gaps(chance, people)
    return _numbered(chance, households)


def namesakes(everybody: list[Resident]) -> list[tuple[Resident, Resident]]:
    """Find the pairs of adults with one name, or two that sound alike, at one door."""
    by_room: dict[Room, list[Resident]] = {}
    for person in everybody:
        by_room.setdefault(person.room, []).append(person)
    return [
        (one, other)
        for people in by_room.values()
        for place, one in enumerate(people)
        for other in people[place + 1 :]
        if one.sex == other.sex and _alike(one.name, other.name)
    ]


def _alike(one: str, other: str) -> bool:
    sounds = alike("sound")
    return len(one) == len(other) and all(
        a == b or b in sounds.get(a, "") for a, b in zip(one, other, strict=True)
    )


def _people(chance: Chance, numbers: Numbers, room: Room, home: Home) -> list[Resident]:
    surname = invented_surname(chance)
    people = []
    for place, draft in enumerate(drafts(chance, home)):
        born = _birthday(chance, draft)
        name = invented_name(chance, draft.sex, born, surname if draft.family_name else "")
        kind = "租户" if home is not Home.OWNERS else "家属" if place else "业主"
        person = Resident("", name, draft.sex, born, room, "", kind, None)
        person.phone = numbers.phone()
        person.card = numbers.card() if draft.age >= 6 else ""
        people.append(person)
    _share_phones(chance, people)
    if chance.maybe(0.42 if home is Home.OWNERS else 0.16):
        # A car belongs to whoever registered it; a spouse is often listed with it.
        people[0].plate = numbers.plate()
        if home is not Home.FLATSHARE and len(people) > 1 and chance.maybe(0.4):
            people[1].plate = people[0].plate
    return people


def _birthday(chance: Chance, draft: Draft) -> date:
    latest = date(_TODAY.year - draft.age, _TODAY.month, _TODAY.day)
    return max(latest - timedelta(days=chance.between(1, 364)), date(1925, 1, 1))


def _share_phones(chance: Chance, people: list[Resident]) -> None:
    parent = people[0]
    for person in people[1:]:
        age = person.age_on(_TODAY)
        if age < 12 or (age >= 68 and chance.maybe(0.4)):
            person.phone = parent.phone


def _add_foreigners(chance: Chance, numbers: Numbers, households: list[list[Resident]]) -> None:
    """Turn some tenants who live alone or in twos into people with passports or residence permits."""
    small = [people for people in households if len(people) <= 2 and people[0].kind == "租户"]
    chosen = chance.some(small, len(foreign_names()) + len(_PERMITS))
    for people, (country, sex, name) in zip(chosen, foreign_names(), strict=False):
        person = people[0]
        person.name, person.sex, person.country = name, sex, country
        person.document_kind, person.document = "护照", numbers.passport()
    for people, region in zip(chosen[len(foreign_names()) :], _PERMITS, strict=True):
        person = people[0]
        person.document_kind = "港澳台居民居住证"
        person.document, person.region = numbers.identity(region, person.born, person.sex), region


def _settle_origins(chance: Chance, numbers: Numbers, households: list[list[Resident]]) -> None:
    from_hubei = 0
    for people in households:
        tenants = people[0].kind == "租户"
        citizens = [person for person in people if not person.document]
        # Hubei is filled up household by household until the number is reached; the last one may be split.
        hubei = chance.maybe(0.11 if tenants else 0.045)
        family_city = hubei_city(chance) if hubei else _city(chance, tenants=tenants)
        for person in citizens:
            flatmate = tenants and person.name[0] != people[0].name[0] and len(people) > 2
            city = _city(chance, tenants=tenants) if flatmate and not hubei else family_city
            if city is not None and city.code.startswith("42"):
                if from_hubei == HUBEI_RESIDENTS:
                    city = home_city(chance)
                else:
                    from_hubei += 1
            _register(chance, numbers, person, city)
    for person in [
        person for people in households for person in people if person.document_kind == "居民身份证"
    ]:
        if from_hubei == HUBEI_RESIDENTS:
            break
        if person.city is not None and not person.city.code.startswith("42"):
            _register(chance, numbers, person, hubei_city(chance))
            from_hubei += 1


def _city(chance: Chance, *, tenants: bool) -> City | None:
    return None if chance.maybe(0.08 if tenants else 0.62) else home_city(chance)


def _register(chance: Chance, numbers: Numbers, person: Resident, city: City | None) -> None:
    registered = origin(chance, city)
    person.city, person.region = registered.city, registered.region
    person.document = numbers.identity(registered.number_region, person.born, person.sex)


def _make_namesakes(chance: Chance, households: list[list[Resident]]) -> None:
    sounds = alike("sound")
    flats = [
        (one, other)
        for people in households
        if len(people) >= 3 and people[0].kind == "租户"
        for one, other in [(people[1], people[2])]
        if one.sex == other.sex
        and abs(one.born.year - other.born.year) <= 12
        and min(one.age_on(_TODAY), other.age_on(_TODAY)) >= 18
    ]
    pairs = chance.some(flats, _PAIRS_OF_ONE_NAME + _PAIRS_ALIKE)
    for place, (one, other) in enumerate(pairs):
        if place < _PAIRS_OF_ONE_NAME:
            other.name = one.name
        else:
            given = "伟" if one.sex == "男" else "静"
            one.name = one.name[0] + given
            other.name = one.name[0] + chance.pick(sounds[given])


def _leave_gaps(chance: Chance, people: list[Resident]) -> None:
    """Decide what the register lacks of each person, though the person may well have it."""
    for person in people:
        age = person.age_on(_TODAY)
        gaps = {
            "document": 0.3 if age < 3 else 0.03,
            "phone": 0.5 if age < 12 else 0.12 if age >= 68 else 0.03,
            "card": 0.06,
        }
        person.gaps = frozenset(field for field, share in gaps.items() if chance.maybe(share))


def _numbered(chance: Chance, households: list[list[Resident]]) -> list[Resident]:
    everybody: list[Resident] = []
    for household, person in _with_households(chance, households):
        person.household = f"H-{household:05d}"
        person.number = f"R-{len(everybody) + 1:06d}"
        everybody.append(person)
    return everybody


def _with_households(chance: Chance, households: list[list[Resident]]) -> Iterator[tuple[int, Resident]]:
    household = 0
    for people in households:
        # Flatmates are households of their own, unless the register counts the flat as one.
        apart = (
            people[0].kind == "租户" and len({person.name[0] for person in people}) > 2 and chance.maybe(0.8)
        )
        household += 1
        for place, person in enumerate(people):
            household += bool(apart and place)
            yield household, person
