"""All that one rule can say in the small world, by trying every value of every factor that it reads."""

from __future__ import annotations

import heapq
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import count
from typing import Any

import attrs

from epiguard.decisions import Effect, Verdict
from epiguard.policy._dispatch import LoadedRule
from epiguard.policy.checking._factors import IRRELEVANT, Assignment
from epiguard.policy.checking._reading import Reading
from epiguard.policy.checking._world import World
from epiguard.rules._rule import catalogue_of, rule_name
from epiguard.situation import Situation

__all__ = ["Explored", "Outcome", "Said", "explore", "signature"]

#: One verdict as far as it matters: code, effect, whom about, whether it grants, what lifts it, what follows.
Said = tuple[Hashable, ...]
Outcome = tuple[Said, ...]


@attrs.frozen(kw_only=True)
class Explored:
    """What was seen of one entry.

    Attributes:
        loaded: The entry.
        cases: Assignment to what the rule said.
        fields: What it reads.
        untried: Of those, what no value was tried for.
        complete: Whether every combination of the values of what it reads was tried.
        unstable: The first two assignments that differ in household registration alone and in the effect.
        failed: The first assignment with which it failed, and how.
        factors: The factors behind what it reads.
        silent: The entries of its catalogue in which it never spoke, those of duties and alerts left out.
    """

    loaded: LoadedRule
    cases: dict[frozenset[tuple[str, Hashable]], Outcome]
    fields: tuple[str, ...]
    untried: tuple[str, ...]
    complete: bool
    unstable: tuple[Assignment, Assignment] | None
    failed: tuple[Assignment, str] | None
    factors: frozenset[str]
    silent: tuple[str, ...]


def signature(verdict: Verdict) -> Said:
    """A verdict as far as it matters to anybody but its reader."""
    return (
        *(verdict.code, verdict.effect, verdict.traveller, verdict.grants, verdict.lifted_by),
        tuple((each.name, each.days, each.slot) for each in verdict.claims),
        tuple(each.kind for each in verdict.duties),
        tuple(each.kind for each in verdict.alerts),
    )


@attrs.define
class _Seen:
    """What comes up while one entry is asked."""

    cases: dict[frozenset[tuple[str, Hashable]], Outcome] = attrs.field(factory=dict)
    fields: dict[str, None] = attrs.field(factory=dict)
    untried: dict[str, None] = attrs.field(factory=dict)
    failed: tuple[Assignment, str] | None = None
    keys: set[str] = attrs.field(factory=set)
    factors: set[str] = attrs.field(factory=set)


def explore(loaded: LoadedRule, world: World, *, most: int) -> Explored:
    """Ask a rule about everything that it looks at.

    It is asked with all that is well, and again with every other value of each factor that it read, and so
    on. What takes a way through the rule that was not seen yet is looked at first; if nothing is left, every
    combination was tried.

    Args:
        loaded: With a ``review_crossing``.
        world: What is tried.
        most: How many crossings it is asked about at most.
    """
    reading, seen, turn = Reading(), _Seen(), count()
    days = [each for each in world.values["day"] if loaded.entry.in_force(each)]
    preset: dict[str, Hashable] = {"day": days[0]} if days else {}
    ways: set[tuple[Any, ...]] = set()
    queue: list[tuple[bool, int, int, dict[str, Hashable]]] = [(False, 0, next(turn), {})]
    known = {frozenset[tuple[str, Hashable]]()}
    while queue and days and len(seen.cases) < most:
        *_, fixed = heapq.heappop(queue)
        outcome, factors = _try(loaded, world, reading, {**preset, **fixed}, seen)
        way = (outcome, tuple(factors))
        old = way in ways
        ways.add(way)
        for child in _children(fixed, factors, {**world.values, "day": tuple(days)}):
            key = frozenset(child.items())
            if key not in known:
                known.add(key)
                heapq.heappush(queue, (old, len(child), next(turn), child))
    return Explored(
        loaded=loaded,
        cases=seen.cases,
        fields=tuple(seen.fields),
        untried=tuple(seen.untried),
        complete=not queue,
        unstable=_unstable(seen.cases),
        failed=seen.failed,
        factors=frozenset(seen.factors),
        silent=tuple(_unspoken(loaded, seen.keys)),
    )


def _children(
    fixed: Mapping[str, Hashable], factors: Iterable[str], values: Mapping[str, tuple[Hashable, ...]]
) -> Iterator[dict[str, Hashable]]:
    for name in factors:
        if name in fixed:
            continue
        other, nothing = IRRELEVANT.get(name, (name, ()))
        if fixed.get(other, values[other][0]) in nothing:
            continue
        for value in values[name][1:]:
            yield {**fixed, name: value}


def _try(
    loaded: LoadedRule, world: World, reading: Reading, assignment: Assignment, seen: _Seen
) -> tuple[Outcome, list[str]]:
    asked = world.ask(assignment)
    crossing, situation = reading.show(asked.crossing, asked.situation)
    try:
        verdicts = list(_review(loaded, crossing, situation))
        outcome = tuple(map(signature, verdicts))
        seen.keys.update(key for each in verdicts if (key := getattr(each.texts, "key", each.code)))
    except Exception as error:  # noqa: BLE001 - whatever it is, the rule failed
        seen.failed = seen.failed or (assignment, type(error).__name__)
        outcome = ()
    world.decide(assignment, asked)
    factors, untried = reading.factors(asked.crossing)
    seen.fields.update(dict.fromkeys(reading.fields))
    seen.untried.update(dict.fromkeys(untried))
    seen.factors.update(factors)
    seen.cases[frozenset(assignment.items())] = outcome
    return outcome, factors


def _review(loaded: LoadedRule, crossing: Any, situation: Situation) -> Iterator[Verdict]:  # noqa: ANN401
    assert loaded.review is not None
    condition, kinds = loaded.condition, loaded.entry.applies_to
    if condition.direction not in (None, crossing.direction):
        return
    if condition.traffic not in (None, crossing.traffic):
        return
    if kinds is not None:
        concerned = [each for each in situation.standings if each.kinds & kinds]
        if not concerned:
            return
        situation = attrs.evolve(situation, standings=concerned)
    given = loaded.review(crossing, situation)
    verdicts = [] if given is None else [given] if isinstance(given, Verdict) else list(given)
    for each in verdicts:
        if not isinstance(each, Verdict):
            raise TypeError
        yield each


def _unspoken(loaded: LoadedRule, keys: set[str]) -> Iterator[str]:
    name, catalogue = rule_name(type(loaded.rule)), catalogue_of(type(loaded.rule))
    for key in sorted(catalogue.keys(name)):
        if key not in keys and not key.startswith(("duty-", "alert-")):
            yield key


def _unstable(
    cases: Mapping[frozenset[tuple[str, Hashable]], Outcome],
) -> tuple[Assignment, Assignment] | None:
    """Two cases that differ in household registration alone, and in what is allowed."""
    seen: dict[frozenset[tuple[str, Hashable]], tuple[Assignment, list[Effect]]] = {}
    for case, outcome in sorted(cases.items(), key=lambda each: len(each[0])):
        rest = frozenset(each for each in case if each[0] not in ("region", "region_of_id"))
        effects: list[Any] = [said[1] for said in outcome]
        other = seen.setdefault(rest, (dict(case), effects))
        if other[1] != effects:
            return other[0], dict(case)
    return None
