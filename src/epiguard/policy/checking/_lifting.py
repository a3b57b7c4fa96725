"""What becomes of a hold when what would lift it is done."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping

from epiguard.crossings import CodeColour, Role
from epiguard.decisions import Decision, Effect, Verdict
from epiguard.policy.checking._factors import Assignment
from epiguard.policy.checking._world import World

__all__ = ["LIFTS", "after_lifting", "elsewhere"]

#: What our rules say would lift a hold, and what that changes; a word of another rule is taken at its word.
LIFTS: Mapping[str, Mapping[str, Hashable]] = {
    "ask": {"asked": True},
    "ask-as-visitor": {"role": Role.VISITOR},
    "clinic-journey": {"clinic": "clinic-3"},
    "fill-in-form": {"registered": True},
    "host-answer": {"agreed": True},
    "identify": {"who": "resident"},
    "issue-pass": {"card": "valid"},
    "look-at-clock": {"clock_suspect": False},
    "look-for-luggage": {"luggage": False},
    "measure-temperature": {"temperature": 36.5, "not_measured": None},
    "open-trunk": {"trunk": True},
    "record-person": {"registered": True},
    "register": {"registered": True},
    "renew-pass": {"card": "valid"},
    "retest": {"retested": 36.5},
    "show-code": {"health_code": CodeColour.GREEN, "code_not_shown": None},
    "show-pass": {"card": "valid"},
    "use-another-thermometer": {"temperature": 36.5, "not_measured": None},
    "write-down-plate": {"vehicle": "strange"},
}
#: More steps than any rule of ours wants one after the other.
_MOST_STEPS = 8


def after_lifting(world: World, assignment: Assignment) -> tuple[Assignment, Decision, Verdict | None]:
    """Do what would lift a hold, again and again.

    Returns:
        What is so then, what is decided then, and the verdict that holds as before although what it asks
        for was done; nothing where there is none.
    """
    now, decision = dict(assignment), world.decide(assignment)
    for _ in range(_MOST_STEPS):
        known = [each for each in decision.deciding if each.lifted_by in LIFTS]
        if decision.effect is not Effect.HOLD or not known:
            return now, decision, None
        for each in known:
            now.update(LIFTS[each.lifted_by or ""])
        before = {(each.rule, each.code, each.lifted_by) for each in known}
        decision = world.decide(now)
        stuck = [each for each in decision.deciding if (each.rule, each.code, each.lifted_by) in before]
        if stuck:
            return now, decision, stuck[0]
    return now, decision, None


def elsewhere(world: World, assignment: Assignment, **changes: Hashable) -> Iterator[Assignment]:
    """The same at every gate, as they are and on foot.

    Args:
        world: Whose gates.
        assignment: What is so.
        changes: What else is so then.
    """
    own = world.whole(assignment)["vehicle"]
    for gate in world.values["gate"]:
        for vehicle in dict.fromkeys((own, None)):
            yield {**assignment, **changes, "gate": gate, "vehicle": vehicle}
