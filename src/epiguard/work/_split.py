"""Splitting a list among helpers: balanced by heads, and as few as can be change hands when the list changes.

The measure of balance is the one that nobody can better by moving one household: no helper has more heads
than another who could take one of their households, once that household is taken away. With households of
one size this means that two helpers differ by one household at most.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

import attrs

from epiguard.errors import InvalidValueError
from epiguard.fields import FrozenMapping, frozen_mapping, identifier, whole

__all__ = ["Split", "Unit", "split"]

#: How many kept households may change hands before the search for the fewest is given up for a quick way
#: that keeps the balance all the same (ours).
DEEPEST = 3
#: How many places new households are tried in together; more are placed one by one, the largest first.
FEW = 2
#: How many arrangements the search looks at; in pure Python about a second.
BUDGET = 20_000


@attrs.frozen(kw_only=True)
class Unit:
    """What goes to one helper as a whole: a household, or somebody who belongs to none.

    Attributes:
        id: Of the household or the person.
        heads: How many people of it are on the list.
        tied: Helpers it has a relation to already: its landlord, team leader, employer. One of them gets it.
        barred: Helpers who never get it: those who live in it.
    """

    id: str = attrs.field(validator=identifier("Unit.id"))
    heads: int = attrs.field(default=1, validator=whole("Unit.heads", least=1, most=10_000))
    tied: frozenset[str] = frozenset()
    barred: frozenset[str] = frozenset()

    def takers(self, helpers: Iterable[str]) -> frozenset[str]:
        """Who may get it: those it is tied to, else everybody who is not barred."""
        allowed = frozenset(helpers) - self.barred
        return allowed & self.tied or allowed


@attrs.frozen(kw_only=True)
class Split:
    """Who gets what.

    Attributes:
        of: Unit to helper.
        unassigned: Units that nobody may get: the only helpers live in them.
        heads: Helper to the heads they have; also those who have none.
        moved: Units that had another helper before, who is still there.
    """

    of: Mapping[str, str] = attrs.field(converter=frozen_mapping)
    unassigned: tuple[str, ...] = ()
    heads: Mapping[str, int] = attrs.field(default=FrozenMapping(), converter=frozen_mapping)
    moved: tuple[str, ...] = ()

    def share(self, helper: str) -> tuple[str, ...]:
        """The units of one helper."""
        return tuple(sorted(unit for unit, whose in self.of.items() if whose == helper))


def split(
    units: Iterable[Unit], helpers: Iterable[str], before: Mapping[str, str] = FrozenMapping()
) -> Split:
    """Split units among helpers.

    What a helper had before stays theirs as far as the balance allows. Where the list changed by one
    person the fewest possible households change hands (where that is more than three, not always).

    Args:
        units: Each once.
        helpers: Who takes part; at least one.
        before: Unit to helper, as it was; who is not among the helpers any more has fallen out.

    Raises:
        InvalidValueError: If there is no helper, or two units have one id.
    """
    every = sorted(units, key=lambda each: (-each.heads, each.id))
    people = sorted(set(helpers))
    if not people:
        raise InvalidValueError("split(helpers)", expected="at least one helper", got="none")
    if len({each.id for each in every}) != len(every):
        raise InvalidValueError("split(units)", expected="units with different ids", got="two of one id")
    takers = {each.id: each.takers(people) for each in every}
    placed = {each.id: before[each.id] for each in every if before.get(each.id) in takers[each.id]}
    free = [each for each in every if each.id not in placed and takers[each.id]]
    table = _Table(every, takers, people)
    for unit, helper in placed.items():
        table.place(unit, helper)
    if len(free) > FEW or not table.search(free):
        table.settle(free)
    of = {each.id: table.of[each.id] for each in every if each.id in table.of}
    return Split(
        of=of,
        unassigned=tuple(sorted(each.id for each in every if not takers[each.id])),
        heads=dict(table.load),
        moved=tuple(sorted(unit for unit, helper in placed.items() if of[unit] != helper)),
    )


_Class = tuple[int, frozenset[str]]
_Move = tuple[str, str]


class _Table:
    """Who has what, with the units that are alike kept together: they are exchangeable."""

    def __init__(
        self, units: Iterable[Unit], takers: Mapping[str, frozenset[str]], helpers: list[str]
    ) -> None:
        self._class: dict[str, _Class] = {each.id: (each.heads, takers[each.id]) for each in units}
        self._helpers = helpers
        self.of: dict[str, str] = {}
        self.load = dict.fromkeys(helpers, 0)
        self._has: dict[str, defaultdict[_Class, list[str]]] = {each: defaultdict(list) for each in helpers}
        self._left = BUDGET

    def place(self, unit: str, helper: str) -> None:
        kind = self._class[unit]
        self.of[unit] = helper
        self.load[helper] += kind[0]
        self._has[helper][kind].append(unit)

    def take(self, unit: str) -> str:
        helper, kind = self.of.pop(unit), self._class[unit]
        self.load[helper] -= kind[0]
        self._has[helper][kind].remove(unit)
        if not self._has[helper][kind]:
            del self._has[helper][kind]
        return helper

    def move(self, unit: str, helper: str) -> str:
        before = self.take(unit)
        self.place(unit, helper)
        return before

    def unfair(self) -> tuple[str, str] | None:
        """The two helpers furthest apart of whom one could give the other a household; nothing if none."""
        worst, found = 0, None
        for one in self._helpers:
            for other in self._helpers:
                gap = self.load[one] - self.load[other]
                if gap > worst and any(other in takers and heads < gap for heads, takers in self._has[one]):
                    worst, found = gap, (one, other)
        return found

    def search(self, free: list[Unit]) -> bool:
        """Place a few new units and mend the balance with the fewest moves; or leave all as it was."""
        places = [sorted(self._class[each.id][1], key=lambda one: (self.load[one], one)) for each in free]
        for depth in range(DEEPEST + 1):
            for choice in itertools.product(*places):
                for unit, helper in zip(free, choice, strict=True):
                    self.place(unit.id, helper)
                if self._mend(depth):
                    return True
                for unit in free:
                    self.take(unit.id)
                if self._left <= 0:
                    return False
        return False

    def _mend(self, moves: int) -> bool:
        pair = self.unfair()
        if pair is None:
            return True
        if not moves:
            return False
        # Whatever mends it takes something from the one, or gives something to the other.
        for unit, helper in list(self._moves(*pair)):
            self._left -= 1
            if self._left <= 0:
                return False
            before = self.move(unit, helper)
            if self._mend(moves - 1):
                return True
            self.move(unit, before)
        return False

    def _moves(self, one: str, other: str) -> Iterator[_Move]:
        # Of those that are alike the one with the last id goes.
        for (_, takers), units in self._has[one].items():
            yield from ((max(units), helper) for helper in sorted(takers) if helper != one)
        for helper in self._helpers:
            if helper not in (one, other):
                for (_, takers), units in self._has[helper].items():
                    if other in takers:
                        yield max(units), other

    def settle(self, free: list[Unit]) -> None:
        """Place new units where the least is, the largest first; then even out, new ones before others."""
        new = {each.id for each in free}
        for each in free:
            takers = self._class[each.id][1]
            self.place(each.id, min(takers, key=lambda one: (self.load[one], one)))
        while (pair := self.unfair()) is not None:
            one, other = pair
            gap = self.load[one] - self.load[other]
            # Each move brings the two nearer together, so that it ends.
            movable = [
                (unit not in new, -heads, unit)
                for (heads, takers), units in self._has[one].items()
                if other in takers and heads < gap
                for unit in units
            ]
            self.move(min(movable)[2], other)
