"""What may happen to nobody: each law looks at one crossing and says which of its kind of finding it is."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from epiguard.crossings import Role
from epiguard.decisions import Decision, Effect, Verdict
from epiguard.places import Direction
from epiguard.policy.checking._factors import FEVER, Assignment
from epiguard.policy.checking._lifting import after_lifting, elsewhere
from epiguard.policy.checking._world import World
from epiguard.policy.findings import FindingKind, Severity
from epiguard.quarantine import QuarantineSetting

__all__ = ["LAWS", "Broken", "Case", "Law"]


@attrs.frozen
class Broken:
    """A law that is broken.

    Attributes:
        kind: Which.
        about: By what, or for whom; makes the finding's id with the kind.
        severity: How bad.
        rules: The entries behind it.
        shown: The assignment that shows it, where it is another one than the law was asked about.
        words: What the text is filled with.
    """

    kind: FindingKind
    about: str
    severity: Severity = Severity.SERIOUS
    rules: tuple[str, ...] = ()
    shown: Assignment | None = None
    words: Mapping[str, str] = {}


@attrs.frozen
class Case:
    """One crossing that laws look at.

    Attributes:
        world: Where.
        assignment: What is so.
        a: The value of every factor.
        decision: What all rules together say.
    """

    world: World
    assignment: Assignment
    a: Mapping[str, Any]
    decision: Decision

    @classmethod
    def of(cls, world: World, assignment: Assignment) -> Case:
        """The case of an assignment."""
        return cls(world, assignment, world.whole(assignment), world.decide(assignment))


Law = Callable[[Case], Iterator[Broken]]
_GOOD: dict[str, Hashable] = {
    "asked": True,
    "registered": True,
    "trunk": True,
    "luggage": False,
    "agreed": True,
    "purpose": None,
}
_WELL = {**_GOOD, "temperature": 36.5, "retested": None, "not_measured": None}
_ILL = {**_GOOD, "temperature": FEVER, "retested": FEVER, "not_measured": None, "clinic": "clinic-3"}
_IN_FORCE = ("first", "within", "last", "before-second-stage", "second-stage")


def _rule(verdict: Verdict | None) -> str:
    return (verdict.rule if verdict is not None else "") or "policy"


def _rules(verdict: Verdict | None) -> tuple[str, ...]:
    return (verdict.rule,) if verdict is not None and verdict.rule else ()


def _common(decisions: Iterable[Decision]) -> Verdict | None:
    """What stands in every way; where nothing does, what stands in the first."""
    several = [{(each.rule, each.code): each for each in decision.reasons} for decision in decisions]
    first = several[0]
    return next(
        (first[key] for key in first if all(key in each for each in several)),
        next(iter(first.values()), None),
    )


def _refused(world: World, several: Iterable[Assignment]) -> tuple[Assignment, Verdict | None] | None:
    """The first of several ways and what stands in all of them, where every one of them is refused."""
    ways, decisions = [], []
    for each in several:
        decision = world.decide(each)
        if decision.effect is not Effect.DENY:
            return None
        ways.append(each)
        decisions.append(decision)
    return (ways[0], _common(decisions)) if ways else None


def way_home(case: Case) -> Iterator[Broken]:
    """Whoever lives here can come home: at some gate, at least on foot, after what a hold asks for."""
    world, assignment, a, decision = case.world, case.assignment, case.a, case.decision
    inward = a["direction"] is Direction.IN and a["who"] == "resident"
    if not inward or a["role"] is Role.EMERGENCY or a["companion"] != "none":
        return
    if decision.effect is Effect.ALLOW:
        return
    if decision.effect is Effect.HOLD:
        assignment, decision, _ = after_lifting(world, assignment)
    if decision.effect is Effect.DENY:
        way = _refused(world, elsewhere(world, assignment, purpose=None))
        if way is not None:
            verdict = way[1]
            yield Broken(FindingKind.NO_WAY_HOME, _rule(verdict), rules=_rules(verdict), shown=way[0])


def told(case: Case) -> Iterator[Broken]:
    """Whoever is held is told what would lift it, and that lifts it."""
    world, decision = case.world, case.decision
    if decision.effect is not Effect.HOLD or case.a["companion"] != "none":
        return
    for each in decision.deciding:
        if each.lifted_by is None and each.fault is None:
            yield Broken(FindingKind.TRAPPED, f"{_rule(each)}:{each.code}", rules=_rules(each))
    now, _, stuck = after_lifting(world, case.assignment)
    if stuck is not None:
        words = {"lift": stuck.lifted_by or ""}
        about = f"{_rule(stuck)}:{stuck.code}"
        yield Broken(FindingKind.TRAPPED, about, rules=_rules(stuck), shown=now, words=words)


def may_leave(case: Case) -> Iterator[Broken]:
    """Whoever is in no quarantine can go out at some gate at some hour; who lives elsewhere always can."""
    world, assignment, a, decision = case.world, case.assignment, case.a, case.decision
    if a["direction"] is not Direction.OUT or decision.effect is not Effect.DENY:
        return
    if a["period"] != "none" or a["companion"] != "none" or a["home"] == "quarantined":
        return
    good = {**_WELL, "past": "none", "card": "valid"}
    ways = (
        each
        for hour in dict.fromkeys((a["time"], *world.values["time"]))
        for each in elsewhere(world, assignment, **good, time=hour)
    )
    way = _refused(world, ways)
    if way is not None:
        verdict = way[1]
        code = verdict.code if verdict is not None else ""
        yield Broken(FindingKind.TRAPPED, f"{_rule(verdict)}:{code}", rules=_rules(verdict), shown=way[0])


def care(case: Case) -> Iterator[Broken]:
    """A patient with an arranged journey gets out, and so does whoever has leave for a treatment."""
    world, assignment, a = case.world, case.assignment, case.a
    if a["direction"] is not Direction.OUT or a["companion"] != "none" or a["role"] is Role.EMERGENCY:
        return
    for needs in (_ILL, {**_WELL, "leave": True}) if a["who"] != "nobody" else (_ILL,):
        stopped: list[tuple[Assignment, Decision]] = []
        for way in elsewhere(world, assignment, **needs):
            now, then, stuck = after_lifting(world, way)
            if then.effect is Effect.ALLOW or (then.effect is Effect.HOLD and stuck is None and _told(then)):
                break
            stopped.append((now, then))
        else:
            verdict = _common([then for _, then in stopped])
            yield Broken(FindingKind.NO_CARE, _rule(verdict), rules=_rules(verdict), shown=stopped[0][0])


def _told(decision: Decision) -> bool:
    return any(each.rule and each.lifted_by for each in decision.deciding)


def stays_in(case: Case) -> Iterator[Broken]:
    """Nobody goes out during days that the site orders, without leave and without an arranged journey."""
    world, a, decision = case.world, case.a, case.decision
    if a["direction"] is not Direction.OUT or decision.effect is not Effect.ALLOW:
        return
    if a["period"] not in _IN_FORCE or a["leave"] or a["clinic"] is not None or a["who"] == "nobody":
        return
    order = world.policed.order_on(decision.day)
    if order is None:
        return
    second = a["period"] in ("second-stage", "last") and order.then_setting is not None
    setting = a["setting"] or (order.then_setting if second else order.setting)
    if setting in (order.setting, order.then_setting) and setting is not QuarantineSetting.HEALTH_MONITORING:
        assert isinstance(setting, QuarantineSetting)
        yield Broken(FindingKind.LEAVES_QUARANTINE, setting.value)


def looked_at(case: Case) -> Iterator[Broken]:
    """Some rule says something that decides, or that tells what to do."""
    a, decision = case.a, case.decision
    if decision.effect is not Effect.HOLD or a["companion"] != "none" or a["role"] is Role.EMERGENCY:
        return
    if all(each.rule or each.code != "unreviewed" for each in decision.deciding):
        return
    traveller = decision.crossing.travellers[0]
    kind = "resident" if a["who"] == "resident" else traveller.role.value
    way = decision.crossing.direction.value
    caught = a["who"] == "resident" or decision.crossing.direction is Direction.OUT
    severity = Severity.SERIOUS if caught else Severity.MINOR
    yield Broken(FindingKind.UNREVIEWED, f"{kind}-{way}", severity, words={"who": kind, "way": way})


def emergency(case: Case) -> Iterator[Broken]:
    """Fire engine and ambulance are not told that they may not come: they wait for a named person's word."""
    world, assignment, a, decision = case.world, case.assignment, case.a, case.decision
    called = a["role"] is Role.EMERGENCY and a["who"] == "nobody" and a["companion"] == "none"
    if not called or decision.effect is not Effect.DENY:
        return
    way = _refused(world, elsewhere(world, assignment, **_WELL))
    if way is not None:
        verdict = way[1]
        yield Broken(FindingKind.EMERGENCY_STOPPED, _rule(verdict), rules=_rules(verdict), shown=way[0])


def sound(case: Case) -> Iterator[Broken]:
    """No rule fails."""
    for each in case.decision.verdicts:
        if each.fault is not None:
            words = {"what": each.fault.rpartition(" hook ")[2]}
            yield Broken(FindingKind.FAULT, each.rule, rules=(each.rule,), words=words)


LAWS: tuple[Law, ...] = (way_home, told, may_leave, care, stays_in, looked_at, emergency, sound)
