"""One line of a built-in rule, written otherwise: slips that a tired author makes."""

from __future__ import annotations

import inspect
import sys
from importlib import import_module
from types import ModuleType

import attrs

from epiguard.rules import Rule
from epiguard.rules._rule import rule_name

__all__ = ["MUTATIONS", "SAME", "Mutation"]


@attrs.frozen
class Mutation:
    """A line of a rule, and what stands there instead."""

    rule: str
    line: str
    instead: str

    def made(self) -> type[Rule]:
        """The rule with the slip, under its own name."""
        original = import_module(f"epiguard.rules.{self.rule.replace('-', '_')}")
        source = inspect.getsource(original)
        if source.count(self.line) != 1:
            sys.exit(f"{self.rule}: the line {self.line!r} stands there {source.count(self.line)} times")
        # Beside the original, so that the rule finds its texts.
        module = ModuleType(f"{original.__name__}_with_a_slip")
        sys.modules[module.__name__] = module
        exec(compile(source.replace(self.line, self.instead), module.__name__, "exec"), vars(module))  # noqa: S102 - our own rule
        [found] = [
            each
            for each in vars(module).values()
            if isinstance(each, type) and issubclass(each, Rule) and each.__module__ == module.__name__
            if rule_name(each) == self.rule
        ]
        return found

    def __str__(self) -> str:
        return f"{self.rule}: {self.line.strip()} -> {self.instead.strip() or '(nothing)'}"


MUTATIONS = (
    Mutation("temperature", "if reading >= self.limit:", "if reading > self.limit:"),
    Mutation("temperature", "return self._not_measured(standing, crossing)", "return None"),
    Mutation("temperature", "if not outward and not lives_here:", "if not outward and lives_here:"),
    Mutation("temperature", "if traveller.retested is None:", "if traveller.retested is not None:"),
    Mutation("temperature", "if reason is NotMeasured.DEVICE:", "if reason is not NotMeasured.DEVICE:"),
    Mutation(
        "curfew",
        "moment >= self.closes or moment < self.opens",
        "moment >= self.closes and moment < self.opens",
    ),
    Mutation(
        "curfew",
        "moment >= self.closes or moment < self.opens",
        "moment > self.closes or moment < self.opens",
    ),
    Mutation(
        "curfew",
        "moment >= self.closes or moment < self.opens",
        "moment >= self.closes or moment <= self.opens",
    ),
    Mutation(
        "curfew", "standing.person is not None and standing.person.resident:", "standing.person is None:"
    ),
    Mutation(
        "one-exit-per-day",
        "if claim is None or so_far >= self.limit:",
        "if claim is None or so_far > self.limit:",
    ),
    Mutation(
        "one-exit-per-day", "if traveller.clinic_journey is not None:", "if traveller.clinic_journey is None:"
    ),
    Mutation("one-exit-per-day", "is OUT and each.spent_exit", "is OUT and not each.spent_exit"),
    Mutation("one-exit-per-day", "if standing.role is not RESIDENT or", "if standing.role is RESIDENT or"),
    Mutation("quarantine-stays-in", "if crossing.direction is OUT:", "if crossing.direction is not OUT:"),
    Mutation(
        "quarantine-stays-in",
        "        if standing.traveller.clinic_journey is not None:",
        "        if standing.traveller.clinic_journey is None:",
    ),
    Mutation("quarantine-stays-in", "            QuarantineSetting.HOME_QUARANTINE,\n", ""),
    Mutation("visitors", "if agreed is None:", "if agreed is not None:"),
    Mutation("visitors", "if self.answer is DENY:", "if self.answer is not DENY:"),
    Mutation("visitors", "if direction is OUT:", "if direction is not OUT:"),
    Mutation("registration-required", "if standing.registered:", "if not standing.registered:"),
    Mutation("registration-required", "traveller.asked is not True", "traveller.asked is None"),
    Mutation("admit-kinds", "person is not None and person.resident", "person is not None"),
    Mutation("admit-kinds", "if direction is OUT:", "if direction is IN:"),
    Mutation("couriers", "if crossing.direction is OUT:", "if crossing.direction is not OUT:"),
    Mutation(
        "lanes",
        "if site.checkpoint(crossing.checkpoint).takes(",
        "if not site.checkpoint(crossing.checkpoint).takes(",
    ),
    Mutation("health-code", "if reason is CodeNotShown.CHILD:", "if reason is not CodeNotShown.CHILD:"),
    Mutation(
        "health-code",
        "if lives_here and crossing.direction is Direction.IN:",
        "if crossing.direction is Direction.IN:",
    ),
    Mutation("exit-pass", "if standing.shown_pass is VALID:", "if standing.shown_pass is not VALID:"),
)
#: Written otherwise, and the same: a campaign that notices one of these notices nothing.
SAME = (
    Mutation("temperature", "if reading >= self.limit:", "if not reading < self.limit:"),
    Mutation(
        "curfew",
        "moment >= self.closes or moment < self.opens",
        "moment < self.opens or moment >= self.closes",
    ),
)
