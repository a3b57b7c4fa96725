"""From the domain's people and households to the matcher's records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from epiguard.errors import MatchingError, kind_of
from epiguard.matching._reading import phone_digits
from epiguard.matching._records import Record
from epiguard.matching._texts import card_folded, name_folded, plate_text
from epiguard.people import Household, Person

__all__ = ["record_of", "records_of", "repeated"]


def records_of(
    people: Iterable[Person],
    households: Iterable[Household] = (),
    custom: Mapping[str, Sequence[tuple[int, str]]] | None = None,
) -> Iterator[Record]:
    """Make a record of each person.

    Args:
        people: The residents.
        households: Who lives together; who lives at one door does so without being listed.
        custom: For people's ids, numbers and folded texts of custom fields.

    Raises:
        MatchingError: If something is no Person, or an id comes twice.
    """
    groups: defaultdict[str, list[str]] = defaultdict(list)
    for household in households:
        for member in household.members:
            groups[member.person].append(household.id)
    known: set[str] = set()
    for row, person in enumerate(people, start=1):
        if not isinstance(person, Person):
            raise MatchingError(f"register, row {row}", expected="a Person", got=kind_of(person))
        if person.id in known:
            raise repeated(row)
        known.add(person.id)
        yield record_of(
            person, groups.get(person.id, ()), custom.get(person.id, ()) if custom is not None else ()
        )


def repeated(row: int) -> MatchingError:
    """That a row has the id of an earlier one."""
    return MatchingError(
        f"register, row {row}, person_id",
        expected="an id that no other row has",
        got="the id of an earlier row",
        do="leave out the repeated row",
    )


def record_of(person: Person, groups: Iterable[str] = (), custom: Iterable[tuple[int, str]] = ()) -> Record:
    """Make a record of a person.

    Args:
        person: The person.
        groups: The ids of the households they are listed in.
        custom: Numbers and folded texts of custom fields.
    """
    number, home = person.resident_id, person.residence
    birth = person.birth_date or (number.birth_date if number is not None else None)
    names = (name_folded(name.value) for name in (person.name, person.latin_name) if name is not None)
    return Record(
        person_id=person.id,
        names=tuple(dict.fromkeys(names)),
        sex=person.sex or (number.sex if number is not None else ""),
        birth=birth.strftime("%Y%m%d") if birth is not None else "",
        resident_id=number.value if number is not None else "",
        documents=tuple(document.number.value for document in person.documents),
        phones=tuple(dict.fromkeys(map(phone_digits, person.phones))),
        compound=(home.compound or "") if home is not None else "",
        building=home.building if home is not None else "",
        unit=(home.unit or "") if home is not None else "",
        room=(home.flat or "") if home is not None else "",
        plates=tuple(dict.fromkeys(plate_text(plate.value) for plate in person.plates)),
        cards=tuple(card.value for card in person.cards if card_folded(card.value)),
        groups=tuple(sorted(set(groups))),
        custom=tuple(custom),
    )
