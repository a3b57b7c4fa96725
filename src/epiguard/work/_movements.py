"""Where people say they are, when they come back, and what they and others say that does not agree."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from enum import Enum
from typing import ClassVar

import attrs

from epiguard.errors import InvalidValueError, kind_of
from epiguard.facts import Fact
from epiguard.fields import FrozenMapping, as_day, as_member, identifier, optional_identifier
from epiguard.identifiers import FreeText, RegionCode
from epiguard.situation import State

__all__ = [
    "Contradiction",
    "MovementDeclared",
    "StatementTaken",
    "Teller",
    "contradictions",
    "expected_returns",
    "is_announced",
    "last_movements",
]

_BOARD = "movements"
#: So many days earlier or later than said is still as announced (ours).
SLACK = timedelta(days=2)


def _region(value: RegionCode | str | None) -> RegionCode | None:
    return None if value is None else RegionCode.of(value)


def _returns_on(value: date | None) -> date | None:
    return as_day(value, "MovementDeclared.returns_on")


@attrs.frozen(kw_only=True)
class MovementDeclared(Fact):
    """Somebody said where they are and when they come back; what was said last holds.

    Attributes:
        person: Who.
        region: Where they are away; nothing means that they are at home.
        returns_on: The day they said they come back; nothing where they put it off or do not know.
        duty: The call that asked for it, which is done with it, if there was one.
    """

    boards: ClassVar[int] = 1

    person: str = attrs.field(validator=identifier("MovementDeclared.person"))
    region: RegionCode | None = attrs.field(default=None, converter=_region, repr=False)
    returns_on: date | None = attrs.field(default=None, converter=_returns_on, repr=False)
    duty: str | None = attrs.field(default=None, validator=optional_identifier("MovementDeclared.duty"))

    def __attrs_post_init__(self) -> None:
        if self.returns_on is not None and self.region is None:
            raise InvalidValueError(
                "MovementDeclared.returns_on", expected="nothing for somebody at home", got="a day"
            )

    @property
    def subjects(self) -> tuple[str, ...]:
        """The person, then all movements."""
        return (self.person, _BOARD)

    @property
    def discharges(self) -> tuple[str, ...]:
        """The call."""
        return () if self.duty is None else (self.duty,)


def is_announced(declared: MovementDeclared, day: date) -> bool:
    """Whether a return on a day is one that was announced, two days more or less."""
    return declared.returns_on is not None and abs(declared.returns_on - day) <= SLACK


def last_movements(state: State) -> dict[str, MovementDeclared]:
    """Person to what they said last; nobody who left."""
    found = {
        fact.person: fact for fact in state.notes_of.get(_BOARD, ()) if isinstance(fact, MovementDeclared)
    }
    return {person: fact for person, fact in found.items() if person not in state.gone}


def expected_returns(state: State) -> tuple[MovementDeclared, ...]:
    """Who is away: by the day they come back, those who put it off last; whoever was seen since is not."""
    away = (each for each in last_movements(state).values() if each.region is not None)
    waiting = [each for each in away if not _is_back(state, each)]
    return tuple(sorted(waiting, key=lambda each: (each.returns_on or date.max, each.person)))


def _is_back(state: State, declared: MovementDeclared) -> bool:
    crossings = state.crossings_of.get(declared.person, ())
    return any(
        past.returning_from is not None and (declared.at is None or past.at >= declared.at)
        for past in crossings
    )


class Teller(Enum):
    """Who says something about a returnee."""

    SELF = "self"
    FAMILY = "family"
    LANDLORD = "landlord"


def _teller(value: Teller | str) -> Teller:
    return as_member(Teller, value, "StatementTaken.teller")


def _says(values: Mapping[str, FreeText | str]) -> Mapping[str, FreeText]:
    named = isinstance(values, Mapping) and all(re.fullmatch(r"[a-z][a-z_]{0,39}", each) for each in values)
    if not values or not named:
        raise InvalidValueError(
            "StatementTaken.says",
            expected="what was said by field, such as 'arrived_on'",
            got=kind_of(values),
            do="name fields in small letters: they are shown, what was said is not",
        )
    return FrozenMapping(
        {key: FreeText.noted(each, f"StatementTaken.says.{key}") for key, each in values.items()}
    )


@attrs.frozen(kw_only=True)
class StatementTaken(Fact):
    """What a returnee, their family or their landlord said on a call.

    Attributes:
        person: About whom.
        teller: Who says it.
        says: Field, such as ``"arrived_on"`` or ``"staying_in"``, to what was said, in one spelling.
    """

    person: str = attrs.field(validator=identifier("StatementTaken.person"))
    teller: Teller = attrs.field(converter=_teller)
    says: Mapping[str, FreeText] = attrs.field(converter=_says)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The person."""
        return (self.person,)


@attrs.frozen(kw_only=True)
class Contradiction:
    """A field of which they say different things; the values are looked up in the statements."""

    field: str
    tellers: tuple[Teller, ...]


def contradictions(statements: Iterable[Fact]) -> tuple[Contradiction, ...]:
    """What the returnee, the family and the landlord say differently; what each said last counts.

    Args:
        statements: About one person; other facts are passed over.
    """
    said: dict[str, dict[Teller, str]] = {}
    for fact in statements:
        if isinstance(fact, StatementTaken):
            for field, value in fact.says.items():
                said.setdefault(field, {})[fact.teller] = value.value.strip()
    return tuple(
        Contradiction(field=field, tellers=tuple(sorted(told, key=lambda each: each.value)))
        for field, told in sorted(said.items())
        if len(set(told.values())) > 1
    )
