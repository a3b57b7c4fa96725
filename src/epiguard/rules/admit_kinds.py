"""Who may pass in principle: the rule that lets a crossing be allowed at all."""

from __future__ import annotations

from collections.abc import Iterable
from enum import Enum

import attrs

from epiguard.crossings import Crossing, Role
from epiguard.decisions import Verdict
from epiguard.errors import InvalidValueError
from epiguard.fields import as_member, choice, instance, many
from epiguard.places import Direction
from epiguard.rules import Restricts, ReviewResult, Rule, each_traveller, hookimpl
from epiguard.situation import Situation, Standing

__all__ = ["AdmitKinds", "UnknownResidents"]

#: Bound once: on Python 3.11 to look a member up in its enumeration takes longer than the rest of the rule.
RESIDENT = Role.RESIDENT
IN = Direction.IN
OUT = Direction.OUT


class UnknownResidents(Enum):
    """What is said to somebody who says that they live here and whom the site does not know."""

    HOLD = "hold"
    ALLOW = "allow"


def _kinds(values: Iterable[Role | str]) -> tuple[Role, ...]:
    kinds = many(choice(Role, "AdmitKinds.kinds"), "AdmitKinds.kinds")(values)
    if not kinds:
        raise InvalidValueError("AdmitKinds.kinds", expected="at least one kind", got="an empty list")
    if Role.EMERGENCY in kinds:
        raise InvalidValueError(
            "AdmitKinds.kinds",
            expected="kinds that may pass on every day",
            got="'emergency'",
            do="let an emergency through with an override, which a named person answers for",
        )
    return kinds


def _unknown_residents(value: UnknownResidents | str) -> UnknownResidents:
    return as_member(UnknownResidents, value, "AdmitKinds.unknown_residents")


@attrs.frozen
class AdmitKinds(Rule):
    """Says yes to kinds of traveller; what other rules hold or deny stands all the same.

    Whoever lives here counts as a resident, whatever the gate calls them; somebody whom the site knows but
    who lives elsewhere does not. A claimed resident whom the site does not know is held until they are
    identified, in both directions, because a card left at home would undo every rule about the person.
    A returnee who arrives for the first time (a subtenant whom no list knows) enters once registered.
    ``Role.EMERGENCY`` alone clears nothing. All of this is ours.

    Attributes:
        kinds: Who may pass in principle, as roles.
        unknown_residents: ``hold`` (until identified) or ``allow``.
        outsiders_leave: Whether whoever is not admitted may still go out, so that nobody is trapped inside.
    """

    source = "epiguard: who may pass in principle"
    restricts = Restricts.SAFETY

    kinds: tuple[Role, ...] = attrs.field(default=(Role.RESIDENT, Role.STAFF), converter=_kinds)
    unknown_residents: UnknownResidents = attrs.field(
        default=UnknownResidents.HOLD, converter=_unknown_residents
    )
    outsiders_leave: bool = attrs.field(default=True, validator=instance(bool, "AdmitKinds.outsiders_leave"))

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> ReviewResult:
        """Allow each traveller of an admitted kind, and hold claimed residents whom nobody knows."""
        return each_traveller(situation, self._answer, crossing.direction)

    def _answer(self, standing: Standing, direction: Direction) -> Verdict | None:
        person = standing.person
        lives_here = person is not None and person.resident
        claims_to = standing.role is RESIDENT and not lives_here
        if (lives_here and RESIDENT in self.kinds) or (standing.role in self.kinds and not claims_to):
            return self.allow("admitted", about=standing)
        if claims_to and person is None and RESIDENT in self.kinds:
            return self._unknown(standing, direction)
        if direction is OUT:
            return self.allow("may-leave", about=standing) if self.outsiders_leave else None
        if claims_to and RESIDENT in self.kinds:
            return self.hold("lives-elsewhere", lifted_by="ask-as-visitor", about=standing)
        return None

    def _unknown(self, standing: Standing, direction: Direction) -> Verdict:
        if self.unknown_residents is UnknownResidents.ALLOW:
            return self.allow("admitted", entry="admitted-unknown", about=standing)
        arrives = direction is IN and standing.returnee
        if arrives and standing.registered:
            return self.allow("first-arrival", about=standing)
        return self.hold("unknown-resident", lifted_by="register" if arrives else "identify", about=standing)
