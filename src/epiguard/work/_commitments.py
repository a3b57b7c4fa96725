"""Commitments that households sign, breaches of them, and sanctions with the way back.

A sanction withholds benefits of a calendar year. It never touches what people live by: supplies, food,
medicine, treatment or passage (ours); no rule of the gate and no hand-out looks at it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from enum import Enum
from typing import ClassVar

import attrs

from epiguard.errors import InvalidValueError
from epiguard.facts import Fact
from epiguard.fields import as_instances, identifier, whole
from epiguard.identifiers import FreeText
from epiguard.situation import State

__all__ = [
    "ESSENTIALS",
    "CommitmentBreached",
    "CommitmentSigned",
    "ObjectionRaised",
    "ObjectionRejected",
    "SanctionHistory",
    "SanctionImposed",
    "SanctionStanding",
    "SanctionWithdrawn",
    "benefits_withheld",
    "breaches",
    "commitments",
    "sanctions",
    "sanctions_of",
    "signed_by",
    "unsigned",
]

#: What no sanction may name.
ESSENTIALS = frozenset({"supplies", "food", "water", "medicine", "treatment", "passage", "exit-pass"})
_BOARD = "commitments"


@attrs.frozen(kw_only=True)
class _OfHousehold(Fact):
    boards: ClassVar[int] = 1
    named: ClassVar[dict[str, str]] = {"household": "household"}

    household: str = attrs.field(validator=identifier("household"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The household, then all commitments."""
        return (self.household, _BOARD)


@attrs.frozen(kw_only=True)
class CommitmentSigned(_OfHousehold):
    """A household signed a commitment (租房管理承诺书); ``by`` is who signed for it."""

    commitment: str = attrs.field(validator=identifier("CommitmentSigned.commitment"))
    by: str = attrs.field(validator=identifier("CommitmentSigned.by"))


def _evidence(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "CommitmentBreached.evidence")


@attrs.frozen(kw_only=True)
class CommitmentBreached(_OfHousehold):
    """A household did not keep what it signed.

    Attributes:
        id: Of the breach.
        commitment: Which.
        evidence: What was seen, by whom; personal.
    """

    id: str = attrs.field(validator=identifier("CommitmentBreached.id"))
    commitment: str = attrs.field(validator=identifier("CommitmentBreached.commitment"))
    evidence: FreeText = attrs.field(converter=_evidence)


def _benefits(values: Iterable[str]) -> tuple[str, ...]:
    where = "SanctionImposed.benefits"
    named = as_instances(str, values, where)
    if not named:
        raise InvalidValueError(where, expected="at least one benefit", got="an empty list")
    if ESSENTIALS.intersection(each.strip().lower() for each in named):
        raise InvalidValueError(
            where,
            expected="benefits that nobody lives by",
            got="one of " + ", ".join(sorted(ESSENTIALS)),
            do="a sanction never touches them",
        )
    return named


@attrs.frozen(kw_only=True)
class SanctionImposed(_OfHousehold):
    """Benefits of the calendar year of the breach are withheld (取消该户当年度各项村民福利).

    That year (当年度) is the one in which the household did not comply, by the site's days, and not the one
    in which somebody decided: a breach of December that is dealt with in January costs the old year's
    benefits. A sanction that names another year is on record and withholds nothing. Where nobody knows when
    the breach was (its ``at`` is not given), the year is as the sanction says.

    Attributes:
        id: Of the sanction.
        breach: Of which breach.
        year: The calendar year, that of the breach.
        benefits: Which, such as ``"new-year-dividend"``.
    """

    id: str = attrs.field(validator=identifier("SanctionImposed.id"))
    breach: str = attrs.field(validator=identifier("SanctionImposed.breach"))
    year: int = attrs.field(validator=whole("SanctionImposed.year", least=2000, most=2999))
    benefits: tuple[str, ...] = attrs.field(converter=_benefits)


def _said(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "reason")


@attrs.frozen(kw_only=True)
class _OnSanction(_OfHousehold):
    sanction: str = attrs.field(validator=identifier("sanction"))
    reason: FreeText = attrs.field(converter=_said)


@attrs.frozen(kw_only=True)
class ObjectionRaised(_OnSanction):
    """The household objects: until that is answered nothing is withheld (ours)."""


@attrs.frozen(kw_only=True)
class ObjectionRejected(_OnSanction):
    """The objection was heard and not followed: the sanction stands again."""


@attrs.frozen(kw_only=True)
class SanctionWithdrawn(_OnSanction):
    """The sanction is over, also where an objection was right; what happened stays on record."""


class SanctionStanding(Enum):
    """How a sanction stands: it withholds something only where it stands."""

    STANDS = "stands"
    OBJECTED = "objected"
    WITHDRAWN = "withdrawn"
    WITHOUT_BASIS = "without-basis"


@attrs.frozen(kw_only=True)
class SanctionHistory:
    """A sanction with all that followed.

    Attributes:
        sanction: As it was imposed.
        breach: What for; nothing where no such breach of the household is on record.
        signed: Whether the household had signed that commitment before the breach was recorded.
        breach_year: In which of the site's calendar years the breach was; nothing where that is not known.
        replies: Objections, answers and withdrawals, in their order.
    """

    sanction: SanctionImposed
    breach: CommitmentBreached | None
    signed: bool
    replies: tuple[_OnSanction, ...] = ()
    breach_year: int | None = None

    @property
    def how(self) -> SanctionStanding:
        """Withdrawn for good, without a breach of what they signed in that year, objected to, or in force."""
        if any(isinstance(each, SanctionWithdrawn) for each in self.replies):
            return SanctionStanding.WITHDRAWN
        if self.breach is None or not self.signed or self.breach_year not in (None, self.sanction.year):
            return SanctionStanding.WITHOUT_BASIS
        last = self.replies[-1] if self.replies else None
        return SanctionStanding.OBJECTED if isinstance(last, ObjectionRaised) else SanctionStanding.STANDS

    @property
    def stands(self) -> bool:
        """Whether it withholds anything: signed, breached, not withdrawn, and no objection is waiting."""
        return self.how is SanctionStanding.STANDS


def signed_by(state: State, commitment: str) -> tuple[str, ...]:
    """The households that signed a commitment, each once, in their order."""
    facts = state.notes_of.get(_BOARD, ())
    found = (
        fact.household
        for fact in facts
        if isinstance(fact, CommitmentSigned) and fact.commitment == commitment
    )
    return tuple(dict.fromkeys(found))


def unsigned(state: State, commitment: str) -> tuple[str, ...]:
    """The households on record that did not sign it yet: somebody goes there."""
    signed = set(signed_by(state, commitment))
    return tuple(each for each in state.households if each not in signed)


def commitments(state: State) -> tuple[str, ...]:
    """All commitments that some household signed, in their order."""
    facts = state.notes_of.get(_BOARD, ())
    return tuple(dict.fromkeys(fact.commitment for fact in facts if isinstance(fact, CommitmentSigned)))


def breaches(state: State) -> tuple[CommitmentBreached, ...]:
    """All breaches on record, in their order; told again under one id it is one, as it was told last."""
    facts = (fact for fact in state.notes_of.get(_BOARD, ()) if isinstance(fact, CommitmentBreached))
    return tuple({(fact.household, fact.id): fact for fact in facts}.values())


def sanctions(state: State) -> tuple[SanctionHistory, ...]:
    """All sanctions of all households, by when the household was first heard of."""
    facts = state.notes_of.get(_BOARD, ())
    homes = dict.fromkeys(fact.household for fact in facts if isinstance(fact, _OfHousehold))
    return tuple(each for home in homes for each in sanctions_of(state, home))


def sanctions_of(state: State, household: str) -> tuple[SanctionHistory, ...]:
    """All sanctions of a household, with all that was said about them."""
    signed: set[str] = set()
    breaches: dict[str, tuple[CommitmentBreached, bool]] = {}
    found: dict[str, SanctionHistory] = {}
    for fact in state.notes_of.get(household, ()):
        if isinstance(fact, CommitmentSigned):
            signed.add(fact.commitment)
        elif isinstance(fact, CommitmentBreached):
            breaches[fact.id] = (fact, fact.commitment in signed)
        elif isinstance(fact, SanctionImposed):
            breach, was_signed = breaches.get(fact.breach, (None, False))
            year = state.site.day_of(breach.at).year if breach is not None and breach.at is not None else None
            found[fact.id] = SanctionHistory(
                sanction=fact, breach=breach, signed=was_signed, breach_year=year
            )
        elif isinstance(fact, _OnSanction) and fact.sanction in found:
            before = found[fact.sanction]
            found[fact.sanction] = attrs.evolve(before, replies=(*before.replies, fact))
    return tuple(found.values())


def benefits_withheld(state: State, household: str, day: date) -> frozenset[str]:
    """The benefits a household does not get; none of what people live by is ever among them.

    Nor is anything the site has, or had, in stock: what is handed out in rounds is everybody's.

    Args:
        state: What is on record.
        household: Whose.
        day: A day of the year that the benefit is of, which may be handed out in the year after: for the
            dividend of 2020, paid in January 2021, a day of 2020.
    """
    standing = (
        each.sanction
        for each in sanctions_of(state, household)
        if each.stands and each.sanction.year == day.year
    )
    return frozenset(benefit for each in standing for benefit in each.benefits) - ESSENTIALS - {*state.stocks}
