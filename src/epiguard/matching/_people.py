"""From the domain's people and households to the matcher's records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from epiguard.errors import MatchingError, kind_of
from epiguard.matching._cards import card_text, plate_text
from epiguard.matching._names import name_parts
from epiguard.matching._phones import digits_of
from epiguard.matching._register import Record
from epiguard.people import Household, Person

__all__ = ["records_of"]

#: So many people at an address without a room can still be one home: a house. More are a building of homes.
LARGEST_HOUSE: Final = 12


def records_of(people: Iterable[Person], households: Iterable[Household]) -> list[Record]:
    """Make records, in the order of the people's ids, so that the register's own order makes no difference.

    Args:
        people: The residents.
        households: Who lives together; who lives at one door does so without being listed.

    Raises:
        MatchingError: If something is no Person, or an id comes twice.
    """
    known: dict[str, Person] = {}
    for row, person in enumerate(people, start=1):
        if not isinstance(person, Person):
            raise MatchingError(f"register, row {row}", expected="a Person", got=kind_of(person))
        if person.id in known:
            raise MatchingError(
                f"register, row {row}, person_id",
                expected="an id that no other row has",
                got="the id of an earlier row",
                do="leave out the repeated row",
            )
        known[person.id] = person
    ordered = [known[person_id] for person_id in sorted(known)]
    together = _together(ordered, households)
    return [_record(person, together.get(person.id, (person.id,)), known) for person in ordered]


def _together(people: Sequence[Person], households: Iterable[Household]) -> Mapping[str, tuple[str, ...]]:
    doors: defaultdict[str, list[str]] = defaultdict(list)
    for person in people:
        if person.residence is not None:
            doors[person.residence.value].append(person.id)
    members: defaultdict[str, set[str]] = defaultdict(set)
    for person in people:
        home = person.residence
        if home is not None and (home.room is not None or len(doors[home.value]) <= LARGEST_HOUSE):
            members[person.id].update(doors[home.value])
    known = {person.id for person in people}
    for household in households:
        listed = {each.person for each in household.members} & known
        for person_id in listed:
            members[person_id].update(listed)
    return {person_id: tuple(sorted({*others, person_id})) for person_id, others in members.items()}


def _record(person: Person, household: tuple[str, ...], known: Mapping[str, Person]) -> Record:
    number = person.resident_id
    birth = person.birth_date or (number.birth_date if number is not None else None)
    phones = tuple(dict.fromkeys(map(digits_of, person.phones)))
    plates = tuple(dict.fromkeys(plate.value for plate in person.plates))
    others = [known[each] for each in household if each != person.id]
    return Record(
        person_id=person.id,
        names=tuple(name_parts(name.value) for name in (person.name, person.latin_name) if name is not None),
        sex=person.sex or (number.sex if number is not None else None),
        birth=birth.strftime("%Y%m%d") if birth is not None else None,
        resident_id=number.value if number is not None else None,
        documents=tuple(document.number.value for document in person.documents),
        phones=phones,
        home=person.residence,
        plates=tuple(filter(None, map(plate_text, plates))),
        cards=tuple(filter(None, (card_text(card.value) for card in person.cards))),
        household=household,
        family_phones=frozenset(digits_of(phone) for each in others for phone in each.phones).difference(
            phones
        ),
        family_plates=frozenset(plate.value for each in others for plate in each.plates).difference(plates),
    )
