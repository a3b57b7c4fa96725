"""How a crossing is decided, by the book: the specification beside which the dispatcher is tested.

It remembers nothing, prepares nothing and is in no hurry. Only tests run it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from epiguard.crossings import Crossing
from epiguard.decisions import Claim, Effect, Override, Restricts, Verdict
from epiguard.policy._dispatch import LoadedRule
from epiguard.situation import Situation

__all__ = ["Reference", "Said", "decide_by_the_book"]

#: What is compared of a verdict: its entry, its traveller, its effect, its code, and whether leave waives it.
Said = tuple[str, int | None, Effect, str, bool]


@attrs.frozen
class Reference:
    """What must come out: the effect, all that was said in an order of its own, and the keys used up."""

    effect: Effect
    said: tuple[Said, ...]
    claims: frozenset[str]


def decide_by_the_book(
    rules: Iterable[LoadedRule], crossing: Crossing, situation: Situation, override: Override | None = None
) -> Reference:
    """May they pass? Deny beats hold beats allow; silence, a fault and a second claim hold."""
    everybody = frozenset(range(len(crossing.travellers)))
    on_leave = {each.index for each in situation.standings if each.leaves}
    said: list[Said] = []
    counted: list[tuple[Verdict, frozenset[int]]] = []
    claimed: set[tuple[Claim, int | None]] = set()
    for rule in rules:
        for verdict in _verdicts(rule, crossing, situation):
            about = everybody if verdict.traveller is None else frozenset({verdict.traveller})
            excused = (
                about <= on_leave and rule.rule.restricts is Restricts.MOVEMENT and verdict is not _FAULT
            )
            waived = excused and not verdict.grants
            said.append((rule.entry.id, verdict.traveller, verdict.effect, verdict.code, waived))
            if not waived:
                counted.append((verdict, about))
            if not excused:
                claimed |= {(claim, verdict.traveller) for claim in verdict.claims}
    granted = {index for verdict, about in counted if verdict.grants for index in about}
    held = [("unreviewed", index) for index in everybody - granted]
    held += [("claim-taken", index) for index in everybody if _is_late(index, claimed)]
    said += [("", index, Effect.HOLD, code, False) for code, index in held]
    effects = {verdict.effect for verdict, _ in counted} | {Effect.HOLD for _ in held}
    effect = next((each for each in (Effect.DENY, Effect.HOLD) if each in effects), Effect.ALLOW)
    keys = {key for claim, _ in claimed for key in claim.keys(situation.day)}
    used_up = effect is Effect.ALLOW and override is None
    return Reference(
        effect=effect if override is None else Effect.ALLOW,
        said=tuple(sorted(said, key=repr)),
        claims=frozenset(keys if used_up else ()),
    )


def _verdicts(rule: LoadedRule, crossing: Crossing, situation: Situation) -> list[Verdict]:
    kinds = rule.entry.applies_to
    concerned = [each for each in situation.standings if kinds is None or each.kinds & kinds]
    asked = rule.condition.direction in (None, crossing.direction)
    asked = asked and rule.condition.traffic in (None, crossing.traffic)
    roles = rule.condition.roles
    asked = asked and (roles is None or any(each.role in roles for each in concerned))
    if rule.review is None or not asked or not concerned or not rule.entry.in_force(situation.day):
        return []
    try:
        given = rule.review(crossing, attrs.evolve(situation, standings=concerned))
        verdicts = [] if given is None else [given] if isinstance(given, Verdict) else list(given)
    except Exception:  # noqa: BLE001 - whatever it is, the rule failed
        return [_FAULT]
    places = [None, *range(len(crossing.travellers))]
    if isinstance(given, str | bytes | dict) or not all(_is_sound(each, places) for each in verdicts):
        return [_FAULT]
    if kinds is None:
        return verdicts
    # An entry for some kinds of traveller says yes to those only, also where it says it to the whole party.
    others = [each for each in verdicts if not each.grants]
    for standing in concerned:
        yes = [each for each in verdicts if each.grants and each.traveller in (None, standing.index)]
        others += [attrs.evolve(each, traveller=standing.index) for each in yes]
    return others


def _is_sound(given: Any, places: list[int | None]) -> bool:  # noqa: ANN401 - whatever a rule returned
    if type(given) is not Verdict or given.traveller not in places:
        return False
    return given.effect is Effect.ALLOW or not given.grants


_FAULT = Verdict(effect=Effect.HOLD, code="fault")


def _is_late(index: int, claimed: set[tuple[Claim, int | None]]) -> bool:
    things = [(who, (claim.name, claim.subject, claim.slot)) for claim, who in claimed if who is not None]
    mine = {thing for who, thing in things if who == index}
    return any(who < index and thing in mine for who, thing in things)
