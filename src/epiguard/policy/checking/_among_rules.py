"""What may not be among rules: one that never matters, two that contradict each other, days without any."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

import attrs

from epiguard.decisions import Decision, Effect, changed
from epiguard.places import Direction
from epiguard.policy._combine import alerts_of, combine, duties_of
from epiguard.policy.checking._factors import Assignment
from epiguard.policy.checking._laws import Broken, Case
from epiguard.policy.checking._world import Policed
from epiguard.policy.findings import FindingKind, Severity

__all__ = ["Among", "gaps"]


def _noticed(decision: Decision) -> tuple[Any, ...]:
    """A decision as far as anybody notices it: its effect, what lifts it, what it uses up, what follows."""
    return (
        decision.effect,
        decision.stopped,
        frozenset(decision.lifted_by),
        decision.claim_keys,
        frozenset((each.kind, each.subject) for each in decision.duties),
        frozenset((each.kind, each.subject) for each in decision.alerts),
    )


@attrs.define
class _Yes:
    """What one entry says yes to, and which others refused every time."""

    times: int = 0
    shown: Assignment | None = None
    refusing: dict[str, int] = attrs.field(factory=dict)
    present: dict[str, int] = attrs.field(factory=dict)


class Among:
    """Looks at decisions one by one, and knows in the end which rules never mattered or contradict.

    Args:
        policed: Whose rules.
    """

    #: A yes that came up less often tells nothing.
    LEAST = 2

    def __init__(self, policed: Policed) -> None:
        self._policed = policed
        self._reviewing = [each for each in policed.rules if each.review is not None]
        self.idle: dict[str, Assignment | None] = {each.entry.id: None for each in self._reviewing}
        self._yes: dict[tuple[Any, ...], _Yes] = {}
        self._in_force: dict[date, frozenset[str]] = {}

    def add(self, case: Case) -> None:
        """Look at one decision."""
        self._matter(case.assignment, case.decision)
        self._contradict(case)

    def _matter(self, assignment: Assignment, decision: Decision) -> None:
        speaking = {each.rule for each in decision.verdicts} & self.idle.keys()
        if not speaking:
            return
        before = _noticed(decision)
        party = len(decision.crossing.travellers)
        for name in speaking:
            others = [each for each in decision.verdicts if each.rule not in ("", name)]
            effect, verdicts = combine(others, party)
            other = changed(
                decision,
                {
                    "effect": effect,
                    "verdicts": verdicts,
                    "duties": duties_of(verdicts, effect),
                    "alerts": alerts_of(verdicts),
                },
            )
            if _noticed(other) != before:
                del self.idle[name]
            elif self.idle[name] is None or len(assignment) < len(self.idle[name] or ()):
                self.idle[name] = assignment

    def _contradict(self, case: Case) -> None:
        a, assignment, decision = case.a, case.assignment, case.decision
        yes = [each for each in decision.verdicts if each.grants and each.traveller in (None, 0)]
        if not yes:
            return
        if a["companion"] != "none":
            return
        no = {each.rule for each in decision.verdicts if each.effect is Effect.DENY and not each.waived}
        there = self._there(decision.day)
        role = decision.crossing.travellers[0].role
        for each in yes:
            key = (each.rule, each.code, role, a["who"] == "resident", decision.crossing.direction)
            known = self._yes.setdefault(key, _Yes())
            known.times += 1
            for name in there:
                known.present[name] = known.present.get(name, 0) + 1
            for name in no - {each.rule}:
                if name not in known.refusing or known.shown is None or len(assignment) < len(known.shown):
                    known.shown = assignment
                known.refusing[name] = known.refusing.get(name, 0) + 1

    def _there(self, day: date) -> frozenset[str]:
        known = self._in_force.get(day)
        if known is None:
            names = (each.entry.id for each in self._reviewing if each.entry.in_force(day))
            known = self._in_force[day] = frozenset(names)
        return known

    def conflicts(self) -> Iterator[Broken]:
        """Every yes that some other rule, while both hold, refused every time."""
        for (rule, _, role, lives_here, direction), yes in self._yes.items():
            for name, count in yes.refusing.items():
                if count == yes.present.get(name) and count >= self.LEAST:
                    who = "resident" if lives_here else role.value
                    assert isinstance(direction, Direction)
                    yield Broken(
                        FindingKind.CONFLICT,
                        f"{rule}+{name}",
                        rules=(rule, name),
                        shown=yes.shown,
                        words={"yes": rule, "no": name, "who": who, "way": direction.value},
                    )

    def never(self, unknown: Iterable[str]) -> Iterator[Broken]:
        """Every rule that never changed a decision.

        Args:
            unknown: Entries that read what was not tried: of them nothing can be said.
        """
        for name in self.idle.keys() - set(unknown):
            yield Broken(
                FindingKind.NEVER_MATTERS, name, Severity.MINOR, rules=(name,), shown=self.idle[name]
            )


def gaps(policed: Policed) -> Iterator[tuple[Broken, date]]:
    """Days between two of a kind on which there is none; with the first of them."""
    by_use: dict[str, list[tuple[str, Any]]] = {}
    for each in policed.rules:
        by_use.setdefault(each.entry.use, []).append((each.entry.id, each.entry))
    for use, entries in by_use.items():
        yield from _gaps(use, entries)
    yield from _gaps("quarantine", [("quarantine", each) for each in policed.orders])
    for gate in policed.site.checkpoints:
        lanes: dict[str, list[tuple[str, Any]]] = {}
        for lane in gate.lanes:
            name = f"{gate.id}-{lane.traffic.value}-{lane.direction.value}"
            lanes.setdefault(name, []).append((name, lane))
        for name, several in lanes.items():
            yield from _gaps(name, several)


def _gaps(about: str, dated: list[tuple[str, Any]]) -> Iterator[tuple[Broken, date]]:
    ordered = sorted(dated, key=lambda each: each[1].since or date.min)
    reached, last = ordered[0][1].until if ordered else None, ordered[0][0] if ordered else ""
    for name, each in ordered[1:]:
        if reached is None:
            return
        if each.since is not None and each.since > reached:
            words = {"what": about, "since": reached.isoformat(), "until": each.since.isoformat()}
            rules = (last, name) if last != name else ()
            yield Broken(FindingKind.DATE_GAP, about, rules=rules, words=words), reached
        if each.until is None or each.until > reached:
            reached, last = each.until, name
