"""The register built from all its rows: households, landlords and families, whatever file a row came from."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import permutations

import attrs

from epiguard.identifiers import PersonName, Phone, Residence
from epiguard.intake._resident_rows import LANDLORD_OF, ResidentRow
from epiguard.intake.problems import Problems
from epiguard.people import Household, Membership, Person, Relation, Relationship

__all__ = ["LARGEST_FAMILY", "Register", "build"]

#: Of a household number with more people (a dormitory, a collective registration) no family is made (ours).
LARGEST_FAMILY = 12


@attrs.frozen(kw_only=True)
class Register:
    """Everybody, with whom they live and who is what to them."""

    people: tuple[Person, ...]
    households: tuple[Household, ...]
    relationships: tuple[Relationship, ...]
    warnings: tuple[str, ...]


def build(rows: Sequence[ResidentRow], problems: Problems) -> Register:
    """Build the register.

    Args:
        rows: All rows, in the order of the files.
        problems: Where a person id that stands twice is noted.

    Returns:
        The register; the people of the rows come first, landlords who live elsewhere after them.
    """
    _check_ids(rows, problems)
    warnings: list[str] = []
    households = _households(rows, warnings)
    families = _families(rows, warnings)
    landlords, tenancies = _landlords(rows)
    return Register(
        people=(*(row.person for row in rows), *landlords),
        households=households,
        relationships=(*tenancies, *families),
        warnings=tuple(warnings),
    )


def _check_ids(rows: Iterable[ResidentRow], problems: Problems) -> None:
    first: dict[str, ResidentRow] = {}
    for row in rows:
        earlier = first.setdefault(row.person.id, row)
        if earlier is not row:
            problems.add(
                row.place,
                expected="a person id that no other row has",
                got=f"that of {earlier.place}"
                if earlier.file == row.file
                else f"that of {earlier.file}, {earlier.place}",
                do="give each person a number of their own, or delete the repeated row",
                file=row.file,
            )


def _by_number(rows: Iterable[ResidentRow]) -> dict[str, list[ResidentRow]]:
    groups: dict[str, list[ResidentRow]] = {}
    for row in rows:
        if row.household is not None:
            groups.setdefault(row.household, []).append(row)
    return groups


def _households(rows: Sequence[ResidentRow], warnings: list[str]) -> tuple[Household, ...]:
    households = []
    for number, members in _by_number(rows).items():
        homes = {row.person.residence for row in members if row.person.residence is not None}
        if len(homes) > 1:
            warnings.append(
                f"{members[0].file}, row {members[0].number}: one household number at several residences"
            )
        residence = members[0].person.residence if len(homes) == 1 else None
        residence = residence or (homes.pop() if len(homes) == 1 else None)
        households.append(_household(f"household-{number}", residence, members))
    doors: dict[Residence, list[ResidentRow]] = {}
    for row in rows:
        home = row.person.residence
        # Without a room it is a building, and its people no household.
        if row.household is None and home is not None and home.room is not None:
            doors.setdefault(home, []).append(row)
    for home, members in doors.items():
        # Named after a person and not after the address, which would be personal.
        smallest = min(row.person.id for row in members)
        households.append(_household(f"door-of-{smallest}", home, members))
    return tuple(households)


def _household(name: str, residence: Residence | None, members: Iterable[ResidentRow]) -> Household:
    return Household(
        id=name, residence=residence, members=tuple(Membership(person=row.person.id) for row in members)
    )


def _families(rows: Sequence[ResidentRow], warnings: list[str]) -> list[Relationship]:
    """Members of one household number are family, each to each; who merely shares a door is not."""
    relationships = []
    for members in _by_number(rows).values():
        if len(members) > LARGEST_FAMILY:
            warnings.append(
                f"{members[0].file}, row {members[0].number}: a household number of {len(members)} people; "
                "they are not taken for one family"
            )
            continue
        ids = [row.person.id for row in members]
        relationships += [
            Relationship(person=person, relation=Relation.FAMILY, contact=contact)
            for person, contact in permutations(ids, 2)
        ]
    return relationships


@attrs.define
class _Landlord:
    name: PersonName | None
    phones: dict[Phone, None]
    home: Residence | None
    """Where a landlord without phone lets: two of one name are told apart by it."""
    tenants: list[str]
    resident: str | None = None


def _landlords(
    rows: Sequence[ResidentRow],
) -> tuple[tuple[Person, ...], tuple[Relationship, ...]]:
    by_phone: dict[tuple[str, Phone], str] = {}
    for row in sorted(rows, key=lambda each: each.person.id):
        for phone in row.person.phones:
            by_phone.setdefault((row.person.name.value if row.person.name else "", phone), row.person.id)
    known: dict[object, _Landlord] = {}
    for row in rows:
        if row.landlord_name is not None or row.landlord_phones:
            _add(known, row, by_phone)
    landlords = list({id(each): each for each in known.values()}.values())
    people, relationships = [], []
    for landlord in landlords:
        contact = landlord.resident or f"{LANDLORD_OF}{min(landlord.tenants)}"
        if landlord.resident is None:
            people.append(
                Person(id=contact, name=landlord.name, phones=tuple(landlord.phones), resident=False)
            )
        relationships += [
            Relationship(person=tenant, relation=Relation.LANDLORD, contact=contact)
            for tenant in landlord.tenants
            if tenant != contact  # an owner who names themself has no landlord
        ]
    return tuple(people), tuple(relationships)


def _add(known: dict[object, _Landlord], row: ResidentRow, residents: dict[tuple[str, Phone], str]) -> None:
    name = row.landlord_name.value if row.landlord_name else ""
    keys: list[object] = [(name, phone) for phone in row.landlord_phones]
    resident = next(
        (residents[name, phone] for phone in row.landlord_phones if (name, phone) in residents), None
    )
    if not keys:
        keys = [(name, row.person.residence)] if row.person.residence else [(name, row.person.id)]
    landlord = next((known[key] for key in keys if key in known), None)
    if landlord is None:
        landlord = _Landlord(row.landlord_name, {}, row.person.residence, [])
    for key in keys:
        known.setdefault(key, landlord)
    landlord.resident = landlord.resident or (resident if name else None)
    landlord.phones.update(dict.fromkeys(row.landlord_phones))
    landlord.tenants.append(row.person.id)
