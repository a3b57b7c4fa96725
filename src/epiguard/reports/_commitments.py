"""What households signed and what came of breaches; contracts; shops."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date

import attrs

from epiguard.fields import FrozenMapping
from epiguard.situation import State
from epiguard.work import (
    SanctionHistory,
    SanctionStanding,
    breaches,
    business_register,
    commitments,
    leases_of,
    sanctions,
    signed_by,
    unsigned,
)

__all__ = [
    "Businesses",
    "CommitmentFigures",
    "Commitments",
    "Leases",
    "business_figures",
    "commitment_figures",
    "lease_figures",
]


@attrs.frozen(kw_only=True)
class CommitmentFigures:
    """One commitment: households that signed it, and those on record that did not."""

    signed: int = 0
    unsigned: int = 0


@attrs.frozen(kw_only=True)
class Commitments:
    """Figures about commitments; what each means stands in ``DailyReport.definitions``."""

    by_commitment: Mapping[str, CommitmentFigures] = attrs.field(factory=FrozenMapping)
    breaches: int = 0
    breaches_today: int = 0
    sanctions: int = 0
    standing: int = 0
    objected: int = 0
    withdrawn: int = 0
    without_basis: int = 0


@attrs.frozen(kw_only=True)
class Leases:
    """Figures about contracts: contracts = running + ended."""

    contracts: int = 0
    extended: int = 0
    running: int = 0
    ended: int = 0
    ending_this_month: int = 0


@attrs.frozen(kw_only=True)
class Businesses:
    """Figures about shops: shops = open + shut."""

    shops: int = 0
    open: int = 0
    shut: int = 0


def commitment_figures(state: State, day: date) -> Commitments:
    """Count signatures, breaches, and the sanctions of the day's calendar year.

    Args:
        state: The sum of the facts.
        day: The site's day.
    """
    of_year: list[SanctionHistory] = [each for each in sanctions(state) if each.sanction.year == day.year]
    how = Counter(each.how for each in of_year)
    known = breaches(state)
    told = [each.at for each in known if each.at is not None]
    return Commitments(
        by_commitment=FrozenMapping(
            {
                each: CommitmentFigures(
                    signed=len(signed_by(state, each)), unsigned=len(unsigned(state, each))
                )
                for each in commitments(state)
            }
        ),
        breaches=len(known),
        breaches_today=sum(state.site.day_of(each) == day for each in told),
        sanctions=len(of_year),
        standing=how[SanctionStanding.STANDS],
        objected=how[SanctionStanding.OBJECTED],
        withdrawn=how[SanctionStanding.WITHDRAWN],
        without_basis=how[SanctionStanding.WITHOUT_BASIS],
    )


def lease_figures(state: State, day: date) -> Leases:
    """Count contracts on a day."""
    every = leases_of(state).values()
    running = [each for each in every if each.holds_on(day)]
    return Leases(
        contracts=len(every),
        extended=sum(bool(each.extensions) for each in every),
        running=len(running),
        ended=len(every) - len(running),
        ending_this_month=sum(
            (each.last_day.year, each.last_day.month) == (day.year, day.month) for each in running
        ),
    )


def business_figures(state: State, day: date) -> Businesses:
    """Count shops on a day."""
    register = business_register(state, day)
    permitted = sum(each.open for each in register)
    return Businesses(shops=len(register), open=permitted, shut=len(register) - permitted)
