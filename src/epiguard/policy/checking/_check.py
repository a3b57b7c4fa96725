"""The check itself: explore every rule, join, look at every decision, find the smallest examples."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import attrs

from epiguard.decisions import Effect
from epiguard.policy._words import own_words
from epiguard.policy.checking._among_rules import Among, gaps
from epiguard.policy.checking._answered import Answered, answered
from epiguard.policy.checking._code import Code, asserted
from epiguard.policy.checking._exploring import Explored, explore
from epiguard.policy.checking._factors import BLANK, WELL, Assignment, values_of
from epiguard.policy.checking._joining import everyday, in_pairs, of_each_day
from epiguard.policy.checking._laws import LAWS, Broken, Case, Law
from epiguard.policy.checking._record import ALWAYS, CheckRecord, record_of, refuse_unknown_gates
from epiguard.policy.checking._world import Policed, World
from epiguard.policy.findings import Finding, FindingKind, Severity

__all__ = ["Check", "Covered", "Difference", "check", "differences_from"]

#: How many crossings one rule is asked about, and how many are made of pairs (ours): a few seconds in all.
MOST_OF_A_RULE, MOST_PAIRS = 400, 3000


@attrs.frozen(kw_only=True)
class Covered:
    """What was tried of one entry.

    Attributes:
        rule: The entry's id.
        reads: The fields that it looks at.
        tried: How many crossings it was asked about.
        complete: Whether these were all combinations of the values of what it reads.
        untried: Fields that it reads and of which only one value was tried.
        silent: Entries of its catalogue that it never spoke, duties and alerts left out.
        hooks: Its hooks that a check does not ask.
    """

    rule: str
    reads: tuple[str, ...] = ()
    tried: int = 0
    complete: bool = True
    untried: tuple[str, ...] = ()
    silent: tuple[str, ...] = ()
    hooks: tuple[str, ...] = ()


@attrs.frozen(kw_only=True)
class Difference:
    """Where two policies answer otherwise, for one reason.

    Attributes:
        before: What the other policy decides.
        after: What this one decides.
        rules: The entries whose verdicts differ.
        count: Of how many crossings of the small world.
        example: The smallest as Python code, with this policy's answer.
    """

    before: Effect
    after: Effect
    rules: tuple[str, ...]
    count: int
    example: str


@attrs.frozen(kw_only=True)
class Check:
    """What a check found.

    Attributes:
        findings: The serious ones first.
        covered: What was tried of each entry.
        decided: How many different crossings were decided.
        differences: From the policy or the record that this one was compared with, if it was.
        record: All answers, to be kept and compared with later.
    """

    findings: tuple[Finding, ...]
    covered: tuple[Covered, ...]
    decided: int
    differences: tuple[Difference, ...] = ()
    record: CheckRecord = attrs.field(repr=False)

    @property
    def serious(self) -> tuple[Finding, ...]:
        """What stands: serious, and nobody wrote why it is accepted."""
        return tuple(each for each in self.findings if each.stands)


def check(policed: Policed, against: Policed | CheckRecord | None = None) -> Check:
    """Look for what goes wrong in the small world that a policy's rules span.

    Args:
        policed: The policy.
        against: Another one that it is compared with, and both span the world then; or what one answered.

    Raises:
        PolicyError: If the record is of a gate that the site has not.
    """
    other = against if isinstance(against, Policed) else None
    both = (policed,) if other is None else (policed, other)
    values = values_of(
        policed.site,
        [rule for each in both for rule in each.rules],
        [order for each in both for order in each.orders],
    )
    world = World(policed, values)
    explored = list(_explored(policed, world))
    others: list[Assignment] = []
    if other is not None:
        for each in _explored(other, World(other, values)):
            others += map(dict, each.cases)
    world.spanned = {name for each in explored for name in each.factors}
    questions = _unique(world, [*_questions(world, explored), *others])
    found = _Findings(world, explored)
    for assignment in questions:
        found.look(Case.of(world, assignment))
    differences: Iterator[Difference] = iter(())
    if isinstance(against, CheckRecord):
        differences = differences_from(against, policed)
    elif other is not None:
        differences = _differences(world, _answers(World(other, values, world.spanned), questions))
    return Check(
        findings=found.result(),
        covered=tuple(_covered(policed, explored)),
        decided=len(questions),
        differences=tuple(differences),
        record=record_of(world, ((each, world.decide(each)) for each in questions)),
    )


def _explored(policed: Policed, world: World) -> Iterator[Explored]:
    for each in policed.rules:
        if each.review is not None:
            yield explore(each, world, most=MOST_OF_A_RULE)


def _questions(world: World, explored: list[Explored]) -> Iterator[Assignment]:
    yield from everyday(world)
    for each in explored:
        yield from map(dict, each.cases)
    yield from of_each_day(world, explored)
    for turn, assignment in enumerate(in_pairs(explored)):
        if turn >= MOST_PAIRS:
            return
        yield assignment


def _unique(world: World, several: Iterable[Assignment]) -> list[Assignment]:
    """Each once, the smallest first; what no rule reads makes no difference."""
    spanned = {*(world.spanned or ()), *ALWAYS}
    found: dict[frozenset[tuple[str, Any]], Assignment] = {}
    for each in several:
        kept = {name: value for name, value in each.items() if name in spanned}
        found.setdefault(frozenset(kept.items()), kept)
    return sorted(found.values(), key=len)


def _covered(policed: Policed, explored: Iterable[Explored]) -> Iterator[Covered]:
    by_id = {each.loaded.entry.id: each for each in explored}
    for loaded in policed.rules:
        hooks = {"follow_up": loaded.follow, "review_pass": loaded.passes, "deliver": loaded.delivers}
        unasked = tuple(name for name, hook in hooks.items() if hook is not None)
        each = by_id.get(loaded.entry.id)
        if each is None:
            yield Covered(rule=loaded.entry.id, hooks=unasked)
            continue
        yield Covered(
            rule=loaded.entry.id,
            reads=each.fields,
            tried=len(each.cases),
            complete=each.complete,
            untried=each.untried,
            silent=each.silent,
            hooks=unasked,
        )


class _Findings:
    """Collects what is broken, and keeps for each the smallest example."""

    def __init__(self, world: World, explored: list[Explored]) -> None:
        self._world = world
        self._explored = explored
        self._among = Among(world.policed)
        self._broken: dict[str, tuple[Broken, Assignment, Law]] = {}

    def look(self, case: Case) -> None:
        """Ask every law about one decision."""
        self._among.add(case)
        for law in LAWS:
            for broken in law(case):
                self._broken.setdefault(_id(broken), (broken, case.assignment, law))

    def result(self) -> tuple[Finding, ...]:
        """All findings with their examples and reasons."""
        found = [
            *(self._of_a_law(*each) for each in self._broken.values()),
            *self._among_rules(),
            *self._of_registration(),
            *self._of_dates(),
        ]
        reasons = self._world.policed.reasons
        named = [attrs.evolve(each, reason=reasons.get(each.id)) for each in found]
        stale = reasons.keys() - {each.id for each in named}
        named += [_stale(each) for each in stale]
        return tuple(sorted(named, key=lambda each: (each.severity is not Severity.SERIOUS, each.id)))

    def _of_a_law(self, broken: Broken, assignment: Assignment, law: Law) -> Finding:
        wanted = _id(broken)

        def still(smaller: Assignment) -> Broken | None:
            found = law(Case.of(self._world, smaller))
            return next((each for each in found if _id(each) == wanted), None)

        small = self._smallest(assignment, lambda each: still(each) is not None)
        broken = still(small) or broken
        return self._finding(broken, broken.shown if broken.shown is not None else small)

    def _among_rules(self) -> Iterator[Finding]:
        unknown = [each.loaded.entry.id for each in self._explored if each.untried]
        for broken in (*self._among.conflicts(), *self._among.never(unknown)):
            if broken.shown is None:  # a rule that never says anything
                yield self._finding(broken, {})
                continue
            rules = set(broken.rules)

            def still(smaller: Assignment, rules: set[str] = rules) -> bool:
                return rules <= {each.rule for each in self._world.decide(smaller).verdicts}

            yield self._finding(broken, self._smallest(broken.shown, still))

    def _smallest(self, assignment: Assignment, still: Callable[[Assignment], bool]) -> Assignment:
        """What is left when everything is well, or unsaid, that need not be otherwise."""
        small = dict(assignment)
        for name in sorted(small):
            smaller = {key: value for key, value in small.items() if key != name}
            if still(smaller):
                small = smaller
        for name in sorted(self._world.spanned or ()):
            unsaid = {**small, name: BLANK[name]}
            if name not in small and BLANK[name] != WELL[name] and still(unsaid):
                small = unsaid
        return small

    def _of_registration(self) -> Iterator[Finding]:
        for each in self._explored:
            if each.unstable is not None:
                name = each.loaded.entry.id
                broken = Broken(FindingKind.HOUSEHOLD_REGISTRATION, name, rules=(name,))
                code = Code(self._world.policed.name)
                for suffix, assignment in zip(("", "_2"), each.unstable, strict=True):
                    code.ask(self._world.ask(assignment), suffix)
                code.add(f"said = [v.effect for v in decision.verdicts if v.rule == {name!r}]")
                code.add(f"assert said != [v.effect for v in decision_2.verdicts if v.rule == {name!r}]")
                yield _finding(broken, code)

    def _of_dates(self) -> Iterator[Finding]:
        for broken, day in gaps(self._world.policed):
            code = Code(self._world.policed.name)
            if broken.rules:
                code.add(f"day = date({day.year}, {day.month}, {day.day})", "date")
                code.add(f"names = {list(broken.rules)!r}")
                code.add("entries = {each.entry.id: each.entry for each in policy.rules}")
                code.add("assert not any(entries[name].in_force(day) for name in names)")
            yield _finding(broken, code)

    def _finding(self, broken: Broken, assignment: Assignment) -> Finding:
        code = Code(self._world.policed.name)
        code.ask(self._world.ask(assignment))
        decision = self._world.decide(assignment)
        code.add(*asserted(decision.effect))
        spoken = {each.rule for each in decision.verdicts}
        said = [each for each in broken.rules if each in spoken]
        silent = [each for each in broken.rules if each not in spoken]
        if said:
            code.add(f"assert {set(said)!r} <= {{verdict.rule for verdict in decision.verdicts}}")
        if silent:
            code.add(f"assert not {set(silent)!r} & {{verdict.rule for verdict in decision.verdicts}}")
        return _finding(broken, code)


def _id(broken: Broken) -> str:
    return f"{broken.kind.value}:{broken.about}"


def _finding(broken: Broken, code: Code) -> Finding:
    words = {"about": broken.about, **broken.words}
    variant = f"{broken.kind.value}-told" if "lift" in words else broken.kind.value
    return Finding(
        id=_id(broken),
        kind=broken.kind,
        severity=broken.severity,
        rules=broken.rules,
        texts=own_words().words("finding", variant, words),
        example=code.text(),
    )


def _stale(name: str) -> Finding:
    return Finding(
        id=f"{FindingKind.STALE_REASON.value}:{name}",
        kind=FindingKind.STALE_REASON,
        severity=Severity.MINOR,
        texts=own_words().words("finding", FindingKind.STALE_REASON.value, {"about": name}),
    )


def _answers(world: World, questions: Iterable[Assignment]) -> Iterator[tuple[Assignment, Answered]]:
    for each in questions:
        yield each, answered(world.decide(each))


def differences_from(record: CheckRecord, policed: Policed) -> Iterator[Difference]:
    """Where a policy answers otherwise than a record says; its own rules span nothing here.

    Args:
        record: What was answered.
        policed: The policy.

    Raises:
        PolicyError: If the record is of a gate that the site has not.
    """
    refuse_unknown_gates(record, policed.site)
    values = {**values_of(policed.site, (), ()), "gate": (record.base["gate"],)}
    yield from _differences(World(policed, values, set(record.base)), record.asked())


def _differences(world: World, asked: Iterable[tuple[Assignment, Answered]]) -> Iterator[Difference]:
    found: dict[tuple[Effect, Effect, tuple[str, ...]], list[Assignment]] = {}
    for each, before in asked:
        after = answered(world.decide(each))
        if after != before:
            found.setdefault((before.effect, after.effect, after.rules(before)), []).append(each)
    for (was, now, rules), several in sorted(found.items(), key=lambda each: -len(each[1])):
        code = Code(world.policed.name)
        code.ask(world.ask(several[0]))
        code.add(*asserted(now))
        yield Difference(before=was, after=now, rules=rules, count=len(several), example=code.text())
