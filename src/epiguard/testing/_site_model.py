"""A site in a few dictionaries: what a ledger with any rules must agree with, obviously right."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

import attrs

from epiguard.decisions import Effect
from epiguard.quarantine import QuarantinePeriod

__all__ = ["Passed", "SiteModel"]


@attrs.frozen
class Passed:
    """A decision that let a party through and stands."""

    at: datetime
    persons: frozenset[str]
    keys: frozenset[str]


class SiteModel:
    """Who is here, what holds for them, who passed, and what that used up."""

    def __init__(self) -> None:
        self.people: set[str] = set()
        self.gone: set[str] = set()
        #: Period to whose it is, and from when to when it holds.
        self.periods: dict[str, tuple[str, datetime, datetime]] = {}
        #: Number to holder.
        self.passes: dict[str, str] = {}
        self.passed: dict[str, Passed] = {}
        #: The gate's key to the decision it got, and what that said.
        self.keyed: dict[str, tuple[str, Effect]] = {}

    @property
    def used(self) -> set[str]:
        """All that is used up."""
        return set().union(*(each.keys for each in self.passed.values()))

    def enrolled(self, person: str) -> None:
        """Somebody joins, or comes back."""
        self.people.add(person)
        self.gone.discard(person)

    def ordered(self, period: QuarantinePeriod) -> None:
        """Days at home begin and end when the period says."""
        self.periods[period.id] = (period.person, period.starts_at, period.release_at)

    def ended(self, period: str, at: datetime) -> None:
        """They are over earlier."""
        person, start, end = self.periods[period]
        self.periods[period] = (person, start, min(end, at))

    def left(self, person: str, at: datetime) -> None:
        """Whoever leaves has no passes, and no days at home any more."""
        self.people.discard(person)
        self.gone.add(person)
        self.passes = {number: who for number, who in self.passes.items() if who != person}
        for name, (whose, *_) in self.periods.items():
            if whose == person:
                self.ended(name, at)

    def in_quarantine(self, at: datetime) -> set[str]:
        """The periods in force."""
        return {name for name, (_, start, end) in self.periods.items() if start <= at < end}

    def crossed(self, person: str) -> tuple[set[str], set[str]]:
        """The decisions by which somebody passed: all, and those of the ten days before the last of them."""
        mine = {name: each.at for name, each in self.passed.items() if person in each.persons}
        last = max(mine.values(), default=None)
        late = {name for name, at in mine.items() if last is not None and at > last - timedelta(days=10)}
        return set(mine), late

    def holds_up(self, keys: Iterable[str]) -> bool:
        """Whether something of what is claimed is used up."""
        return not self.used.isdisjoint(keys)
