"""Who, with whom, where: people, households with membership over time, and relationships."""

from __future__ import annotations

from datetime import date
from enum import Enum

import attrs

from epiguard.days import DaySpan
from epiguard.errors import InvalidValueError, kind_of
from epiguard.fields import choice, day, identifier, instance, instances, many, optional_identifier
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

__all__ = ["Household", "Membership", "Person", "Relation", "Relationship"]


def _sex(value: object) -> str | None:
    if value is None or value == "M" or value == "F":  # noqa: PLR1714 - narrows the type
        return value  # type: ignore[return-value]  # one of the three, as tested
    raise InvalidValueError("Person.sex", expected="'M', 'F' or nothing", got=kind_of(value))


_optional = attrs.converters.optional


@attrs.frozen(kw_only=True)
class Person:
    """One human being, known to the site by a pseudonymous ``id``.

    Everything but the id may be missing: a person without an ID, a phone or a Chinese name is a normal
    person. Text is accepted wherever a value object stands and is parsed strictly.
    ``registered_region`` is the household registration (户籍): it selects whom to call and alone
    restricts nobody.
    """

    id: str = attrs.field(validator=identifier("Person.id"))
    name: PersonName | None = attrs.field(default=None, converter=_optional(PersonName.of))
    latin_name: PersonName | None = attrs.field(default=None, converter=_optional(PersonName.of))
    sex: str | None = attrs.field(default=None, converter=_sex, repr=False)
    birth_date: date | None = attrs.field(default=None, converter=day("Person.birth_date"), repr=False)
    resident_id: ResidentId | None = attrs.field(default=None, converter=_optional(ResidentId.of))
    documents: tuple[Document, ...] = attrs.field(
        default=(), converter=instances(Document, "Person.documents"), repr=False
    )
    phones: tuple[Phone, ...] = attrs.field(default=(), converter=many(Phone.of, "Person.phones"))
    residence: Residence | None = attrs.field(default=None, converter=_optional(Residence.of))
    registered_region: RegionCode | None = attrs.field(
        default=None, converter=_optional(RegionCode.of), repr=False
    )
    plates: tuple[Plate, ...] = attrs.field(default=(), converter=many(Plate.of, "Person.plates"))
    cards: tuple[CardNumber, ...] = attrs.field(default=(), converter=many(CardNumber.of, "Person.cards"))
    guardian: str | None = attrs.field(default=None, validator=optional_identifier("Person.guardian"))
    resident: bool = attrs.field(default=True, validator=instance(bool, "Person.resident"))
    """False for somebody known to the site who does not live there: a landlord elsewhere, an employer."""


@attrs.frozen(kw_only=True)
class Membership:
    """That a person belongs to a household, from ``since`` up to, not including, ``until``.

    A missing date means: as far back, or as far ahead, as is known.
    """

    person: str = attrs.field(validator=identifier("Membership.person"))
    since: date | None = attrs.field(default=None, converter=day("Membership.since"))
    until: date | None = attrs.field(default=None, converter=day("Membership.until"))

    def __attrs_post_init__(self) -> None:
        if self.since is not None and self.until is not None and self.until <= self.since:
            raise InvalidValueError("Membership.until", expected="a date after since", got="one not after it")

    def holds_on(self, on: date) -> bool:
        """Whether the person belongs to the household on that day."""
        return (self.since is None or self.since <= on) and (self.until is None or on < self.until)


@attrs.frozen(kw_only=True)
class Household:
    """People who live together, at a residence, with membership over time."""

    id: str = attrs.field(validator=identifier("Household.id"))
    residence: Residence | None = attrs.field(default=None, converter=_optional(Residence.of))
    members: tuple[Membership, ...] = attrs.field(
        default=(), converter=instances(Membership, "Household.members")
    )

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


@attrs.frozen(kw_only=True)
class Relationship:
    """``contact`` is the landlord (family, guardian ...) of ``person``, during ``span`` if one is known."""

    person: str = attrs.field(validator=identifier("Relationship.person"))
    relation: Relation = attrs.field(converter=choice(Relation, "Relationship.relation"))
    contact: str = attrs.field(validator=identifier("Relationship.contact"))
    span: DaySpan | None = attrs.field(
        default=None, validator=instance(DaySpan, "Relationship.span", optional=True)
    )

    def holds_on(self, on: date) -> bool:
        """Whether it holds on that day."""
        return self.span is None or on in self.span
