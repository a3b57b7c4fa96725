"""Supplies: what each household may have, handed out once in a round, from a stock never overdrawn."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import ClassVar

import attrs

from epiguard.errors import InvalidValueError, UnknownIdError
from epiguard.facts import Fact
from epiguard.fields import identifier, instance, whole
from epiguard.identifiers import FreeText
from epiguard.situation import State
from epiguard.work._notices import EVERYBODY, Notice, audience_of

__all__ = [
    "HandOutWithdrawn",
    "RoundOpened",
    "SuppliesHandedOut",
    "SuppliesReceived",
    "SupplyRound",
    "entitlement",
    "hand_out",
    "served",
    "supply_rounds",
    "unserved",
]

_ROUNDS = "supply-rounds"
_MOST = 10**9


@attrs.frozen(kw_only=True)
class SupplyRound:
    """One round of handing something out; 5 masks to each household (许泾村: 向每户村民发放了5个口罩).

    Attributes:
        id: Such as ``"masks-1"``.
        supply: What, as the stock calls it.
        per_household: How many each household gets.
        per_person: How many more for each member.
    """

    id: str = attrs.field(validator=identifier("SupplyRound.id"))
    supply: str = attrs.field(validator=identifier("SupplyRound.supply"))
    per_household: int = attrs.field(
        default=0, validator=whole("SupplyRound.per_household", least=0, most=10_000)
    )
    per_person: int = attrs.field(default=0, validator=whole("SupplyRound.per_person", least=0, most=10_000))

    def __attrs_post_init__(self) -> None:
        if not self.per_household and not self.per_person:
            raise InvalidValueError(
                "SupplyRound.per_household", expected="something for each household or person", got="nothing"
            )


@attrs.frozen
class RoundOpened(Fact):
    """A round begins."""

    boards: ClassVar[int] = 1

    round: SupplyRound = attrs.field(validator=instance(SupplyRound, "RoundOpened.round"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The round, then all rounds."""
        return (self.round.id, _ROUNDS)


@attrs.frozen(kw_only=True)
class SuppliesReceived(Fact):
    """Supplies came in."""

    supply: str = attrs.field(validator=identifier("SuppliesReceived.supply"))
    count: int = attrs.field(validator=whole("SuppliesReceived.count", least=1, most=_MOST))
    source: str = attrs.field(default="", validator=instance(str, "SuppliesReceived.source"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The supply."""
        return (f"supply:{self.supply}",)

    @property
    def stock(self) -> Mapping[str, int]:
        """It adds them."""
        return {self.supply: self.count}


@attrs.frozen(kw_only=True)
class _HandOut(Fact):
    boards: ClassVar[int] = 1
    shared: ClassVar[bool] = True  # pseudonyms only: the stock stays right when somebody is erased
    named: ClassVar[Mapping[str, str]] = {"household": "recipient"}

    household: str = attrs.field(validator=identifier("SuppliesHandedOut.household"))
    round: str = attrs.field(validator=identifier("SuppliesHandedOut.round"))
    supply: str = attrs.field(validator=identifier("SuppliesHandedOut.supply"))
    count: int = attrs.field(validator=whole("SuppliesHandedOut.count", least=1, most=_MOST))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The household, then the round."""
        return (self.household, self.round)

    @property
    def _once(self) -> str:
        return f"supplies|{self.round}|{self.household}"


@attrs.frozen(kw_only=True)
class SuppliesHandedOut(_HandOut):
    """A household was given its share of a round: once, whichever counter it comes to.

    Attributes:
        household: Whose; a person's id where somebody belongs to no household.
        round: Of which.
        supply: What.
        count: How many.
        duty: The duty to bring it to the door, which is done with it, if there was one.
    """

    duty: str | None = None

    @property
    def claims(self) -> tuple[str, ...]:
        """The household's share of the round."""
        return (self._once,)

    @property
    def stock(self) -> Mapping[str, int]:
        """It takes them."""
        return {self.supply: -self.count}

    @property
    def discharges(self) -> tuple[str, ...]:
        """The duty to bring it."""
        return () if self.duty is None else (self.duty,)


def _withdrawn_for(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "HandOutWithdrawn.reason")


@attrs.frozen(kw_only=True)
class HandOutWithdrawn(_HandOut):
    """A hand-out was a slip, or came back: the household may have it, and it is in stock again."""

    reason: FreeText = attrs.field(converter=_withdrawn_for)

    @property
    def frees(self) -> tuple[str, ...]:
        """The household's share of the round."""
        return (self._once,)

    @property
    def stock(self) -> Mapping[str, int]:
        """It brings them back."""
        return {self.supply: self.count}


def supply_rounds(state: State) -> tuple[SupplyRound, ...]:
    """All rounds on record, as they were opened last, in their order."""
    opened = (fact.round for fact in state.notes_of.get(_ROUNDS, ()) if isinstance(fact, RoundOpened))
    return tuple({each.id: each for each in opened}.values())


def _round_of(state: State, round_id: str) -> SupplyRound:
    for each in supply_rounds(state):
        if each.id == round_id:
            return each
    raise UnknownIdError(
        "round", expected="the id of a round on record", got="another id", do="record RoundOpened first"
    )


def entitlement(state: State, round_id: str, household: str, at: datetime) -> int:
    """How many of a round a household may have; by who lives in it, and by nothing else.

    Args:
        state: The sum of the facts.
        round_id: Of which round.
        household: Whose; of a member it is the household's share, which they have together.
        at: On whose day households are looked at.

    Raises:
        UnknownIdError: If the round is not on record, or neither household nor person is.
    """
    given = _round_of(state, round_id)
    members = _members(state, _sharing(state, household, at), at)
    return given.per_household + given.per_person * sum(each not in state.gone for each in members)


def _sharing(state: State, household: str, at: datetime) -> str:
    """Whose share it is: a household's, also where a member comes for it; else the person's own."""
    if household in state.households:
        return household
    if household not in state.people:
        raise UnknownIdError(
            "household", expected="the id of a household or a person on record", got="another id"
        )
    home = state.household_on(household, state.site.day_of(at))
    return home.id if home is not None else household


def _members(state: State, household: str, at: datetime) -> tuple[str, ...]:
    home = state.households.get(household)
    return home.members_on(state.site.day_of(at)) if home is not None else (household,)


def hand_out(state: State, round_id: str, household: str, at: datetime) -> SuppliesHandedOut:
    """A household's whole share, to be recorded: refused where they had it, or the stock is short.

    Whichever member comes for it, it is the household's, so that two members do not have it twice.

    Raises:
        UnknownIdError: As of :func:`entitlement`.
    """
    count = entitlement(state, round_id, household, at)
    return SuppliesHandedOut(
        household=_sharing(state, household, at),
        round=round_id,
        supply=_round_of(state, round_id).supply,
        count=count,
        at=at,
    )


def served(state: State, round_id: str) -> dict[str, int]:
    """Household to how many it had of a round; what was withdrawn is not in it."""
    found: dict[str, int] = {}
    for fact in state.notes_of.get(round_id, ()):
        if isinstance(fact, SuppliesHandedOut):
            found[fact.household] = fact.count
        elif isinstance(fact, HandOutWithdrawn):
            found.pop(fact.household, None)
    return found


def unserved(state: State, round_id: str, at: datetime) -> tuple[str, ...]:
    """Households that live here, and people without one, who had nothing of a round yet.

    Somebody of a household that was served is served.

    Raises:
        UnknownIdError: If the round is not on record.
    """
    _round_of(state, round_id)
    had = served(state, round_id)
    every = Notice(id=round_id, texts={"zh": round_id}, audience=(EVERYBODY,))
    return tuple(each for each in audience_of(state, every, at) if each not in had)
