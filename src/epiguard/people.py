"""Who, with whom, where: people, households with membership over time, and relationships."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import Enum

import attrs

from epiguard.days import DaySpan
from epiguard.errors import InvalidValueError, kind_of
from epiguard.fields import (
    as_day,
    as_instances,
    as_member,
    identifier,
    instance,
    many,
    optional_identifier,
    pseudonym,
)
from epiguard.identifiers import (
    CardNumber,
    Document,
    PersonName,
    Phone,
    Plate,
    RegionCode,
    Residence,
    ResidentId,
)

__all__ = ["Household", "Membership", "Person", "Relation", "Relationship", "Tenancy"]


class Tenancy(Enum):
    """As what somebody lives in their home; an owner, and an owner's family, have no landlord."""

    OWNER = "owner"
    FAMILY = "family"
    TENANT = "tenant"


def _tenancy(value: Tenancy | str | None) -> Tenancy | None:
    return None if value is None else as_member(Tenancy, value, "Person.tenancy")


def _sex(value: str | None) -> str | None:
    if value in (None, "M", "F"):
        return value
    raise InvalidValueError("Person.sex", expected="'M', 'F' or nothing", got=kind_of(value))


def _name(value: PersonName | str | None) -> PersonName | None:
    return None if value is None else PersonName.of(value)


def _birth_date(value: date | None) -> date | None:
    return as_day(value, "Person.birth_date")


def _resident_id(value: ResidentId | str | None) -> ResidentId | None:
    return None if value is None else ResidentId.of(value)


def _documents(values: Iterable[Document]) -> tuple[Document, ...]:
    return as_instances(Document, values, "Person.documents")


def _phones(values: Iterable[Phone | str]) -> tuple[Phone, ...]:
    return many(Phone.of, "Person.phones")(values)


def _residence(value: Residence | str | None) -> Residence | None:
    return None if value is None else Residence.of(value)


def _region(value: RegionCode | str | None) -> RegionCode | None:
    return None if value is None else RegionCode.of(value)


def _plates(values: Iterable[Plate | str]) -> tuple[Plate, ...]:
    return many(Plate.of, "Person.plates")(values)


def _cards(values: Iterable[CardNumber | str]) -> tuple[CardNumber, ...]:
    return many(CardNumber.of, "Person.cards")(values)


@attrs.frozen(kw_only=True)
class Person:
    """One human being, known to the site by a pseudonymous ``id``.

    Everything but the id may be missing: a person without an ID, a phone or a Chinese name is a normal
    person. Text is accepted wherever a value object stands and is parsed strictly.
    ``registered_region`` is the household registration (户籍): it selects whom to call and alone
    restricts nobody.
    """

    id: str = attrs.field(validator=pseudonym("Person.id"))
    name: PersonName | None = attrs.field(default=None, converter=_name)
    latin_name: PersonName | None = attrs.field(default=None, converter=_name)
    sex: str | None = attrs.field(default=None, converter=_sex, repr=False)
    birth_date: date | None = attrs.field(default=None, converter=_birth_date, repr=False)
    resident_id: ResidentId | None = attrs.field(default=None, converter=_resident_id)
    documents: tuple[Document, ...] = attrs.field(default=(), converter=_documents, repr=False)
    phones: tuple[Phone, ...] = attrs.field(default=(), converter=_phones)
    residence: Residence | None = attrs.field(default=None, converter=_residence)
    registered_region: RegionCode | None = attrs.field(default=None, converter=_region, repr=False)
    plates: tuple[Plate, ...] = attrs.field(default=(), converter=_plates)
    cards: tuple[CardNumber, ...] = attrs.field(default=(), converter=_cards)
    guardian: str | None = attrs.field(default=None, validator=optional_identifier("Person.guardian"))
    tenancy: Tenancy | None = attrs.field(default=None, converter=_tenancy, repr=False)
    """None where nobody said it."""
    resident: bool = attrs.field(default=True, validator=instance(bool, "Person.resident"))
    """False for somebody known to the site who does not live there: a landlord elsewhere, an employer."""


def _since(value: date | None) -> date | None:
    return as_day(value, "Membership.since")


def _until(value: date | None) -> date | None:
    return as_day(value, "Membership.until")


@attrs.frozen(kw_only=True)
class Membership:
    """That a person belongs to a household, from ``since`` up to, not including, ``until``.

    A missing date means: as far back, or as far ahead, as is known.
    """

    person: str = attrs.field(validator=identifier("Membership.person"))
    since: date | None = attrs.field(default=None, converter=_since)
    until: date | None = attrs.field(default=None, converter=_until)

    def __attrs_post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise InvalidValueError("Membership.until", expected="a date after since", got="one not after it")

    def holds_on(self, on: date) -> bool:
        """Whether the person belongs to the household on that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


def _members(values: Iterable[Membership]) -> tuple[Membership, ...]:
    return as_instances(Membership, values, "Household.members")


@attrs.frozen(kw_only=True)
class Household:
    """People who live together, at a residence, with membership over time."""

    id: str = attrs.field(validator=pseudonym("Household.id"))
    residence: Residence | None = attrs.field(default=None, converter=_residence)
    members: tuple[Membership, ...] = attrs.field(default=(), converter=_members)

    def members_on(self, on: date) -> tuple[str, ...]:
        """The ids of those who belong to it on that day, in the order they were given."""
        return tuple(dict.fromkeys(each.person for each in self.members if each.holds_on(on)))


class Relation(Enum):
    """What somebody is to a person."""

    LANDLORD = "landlord"
    FAMILY = "family"
    GUARDIAN = "guardian"
    EMPLOYER = "employer"
    TEAM_LEADER = "team-leader"


def _relation(value: Relation | str) -> Relation:
    return as_member(Relation, value, "Relationship.relation")


@attrs.frozen(kw_only=True)
class Relationship:
    """``contact`` is the landlord (family, guardian ...) of ``person``, during ``span`` if one is known."""

    person: str = attrs.field(validator=identifier("Relationship.person"))
    relation: Relation = attrs.field(converter=_relation)
    contact: str = attrs.field(validator=identifier("Relationship.contact"))
    span: DaySpan | None = attrs.field(
        default=None, validator=instance(DaySpan, "Relationship.span", optional=True)
    )

    def holds_on(self, on: date) -> bool:
        """Whether it holds on that day."""
        return self.span is None or on in self.span
