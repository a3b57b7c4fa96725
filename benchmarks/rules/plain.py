"""The same rules without any engine: plain functions, the floor that the others are measured against."""

from __future__ import annotations

from collections.abc import Callable

from village.rules import (
    CLOSES,
    COURIER,
    GREEN,
    IN,
    OPENS,
    OUT,
    RESIDENT,
    STAFF,
    VISITOR,
    YELLOW,
)

from epiguard import Crossing, Decision, Effect, Policy, Situation, Verdict

ALLOW, HOLD, DENY = Effect

Rule = Callable[[Crossing, Situation], Verdict | None]
#: Everything a village says, said once: whoever writes plain functions would not make it anew each time.
Said = dict[str, Verdict]


def said_by(policy: Policy, cases: list[tuple[Crossing, Situation]]) -> Said:
    """The verdicts that a policy gives, by code: the plain functions return these very objects."""
    found: Said = {}
    for crossing, situation in cases:
        for verdict in policy.decide(crossing, situation).verdicts:
            found.setdefault(verdict.code, verdict)
    return found


def functions(said: Said) -> list[Rule]:  # noqa: C901 - thirteen rules, one after the other
    """The thirteen rules as functions."""

    def unknown_resident(crossing: Crossing, situation: Situation) -> Verdict | None:
        standing = situation.standings[0]
        if standing.person is None and crossing.direction is IN and standing.traveller.role is RESIDENT:
            return said["unknown"]
        return None

    def in_quarantine(crossing: Crossing, situation: Situation) -> Verdict | None:
        if crossing.direction is OUT and situation.standings[0].periods:
            return said["in-quarantine"]
        return None

    def one_exit_a_day(crossing: Crossing, situation: Situation) -> Verdict | None:
        standing = situation.standings[0]
        if crossing.direction is OUT and standing.crossings and standing.exits_on_day() >= 1:
            return said["exit-spent"]
        return None

    def courier_stays_out(crossing: Crossing, situation: Situation) -> Verdict | None:
        role = situation.standings[0].traveller.role
        if crossing.direction is IN and role is COURIER and crossing.purpose != "drop-point":
            return said["courier"]
        return None

    def east_gate(crossing: Crossing, situation: Situation) -> Verdict | None:  # noqa: ARG001
        if crossing.direction is IN and crossing.checkpoint == "east" and crossing.vehicle is not None:
            return said["east-gate"]
        return None

    def curfew(crossing: Crossing, situation: Situation) -> Verdict | None:  # noqa: ARG001
        if crossing.direction is OUT and not OPENS <= crossing.local_time < CLOSES:
            return said["curfew"]
        return None

    def measured(crossing: Crossing, situation: Situation) -> Verdict | None:  # noqa: ARG001
        if situation.standings[0].traveller.temperature is None:
            return said["not-measured"]
        return None

    def fever(crossing: Crossing, situation: Situation) -> Verdict | None:  # noqa: ARG001
        reading = situation.standings[0].traveller.temperature
        if reading is not None and reading >= 37.3:
            return said["fever"]
        return None

    def trunk_opened(crossing: Crossing, situation: Situation) -> Verdict | None:  # noqa: ARG001
        vehicle = crossing.vehicle
        if vehicle is not None and crossing.direction is IN and vehicle.trunk_opened is not True:
            return said["trunk"]
        return None

    def resident_leaves(crossing: Crossing, situation: Situation) -> Verdict | None:
        if crossing.direction is OUT and situation.standings[0].person is not None:
            return said["resident-leaves"]
        return None

    def green_pass(crossing: Crossing, situation: Situation) -> Verdict | None:
        held = situation.standings[0].exit_pass
        if crossing.direction is IN and held is not None and held.colour is GREEN:
            return said["green-pass"]
        return None

    def yellow_pass(crossing: Crossing, situation: Situation) -> Verdict | None:
        standing = situation.standings[0]
        held = standing.exit_pass
        if crossing.direction is IN and held is not None and held.colour is YELLOW and not standing.periods:
            return said["yellow-pass"]
        return None

    def others(crossing: Crossing, situation: Situation) -> Verdict | None:
        role = situation.standings[0].traveller.role
        if (
            role is STAFF
            or (role in (COURIER, VISITOR) and crossing.direction is OUT)
            or (role is COURIER and crossing.purpose == "drop-point")
        ):
            return said["others"]
        return None

    return [
        unknown_resident, in_quarantine, one_exit_a_day, courier_stays_out, east_gate, curfew, measured,
        fever, trunk_opened, resident_leaves, green_pass, yellow_pass, others,
    ]  # fmt: skip


def combined(
    verdicts: list[Verdict], said: Said, crossing: Crossing, situation: Situation, version: str
) -> Decision:
    """The decision that the verdicts make: deny beats hold beats allow, and silence holds."""
    if not any(each.grants for each in verdicts):
        verdicts.append(said["unreviewed"])
    effect = ALLOW
    for each in verdicts:
        if each.effect is DENY:
            effect = DENY
            break
        if each.effect is HOLD:
            effect = HOLD
    return Decision(
        crossing=crossing,
        day=situation.day,
        effect=effect,
        verdicts=tuple(verdicts),
        policy_version=version,
    )
