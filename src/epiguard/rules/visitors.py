"""Visitors come in when their host says so (尽量谢绝亲朋好友来访)."""

from __future__ import annotations

import attrs

from epiguard.crossings import Crossing, Role
from epiguard.decisions import Effect, Verdict
from epiguard.errors import InvalidValueError
from epiguard.fields import as_member
from epiguard.places import Direction
from epiguard.rules import ReviewResult, Rule, each_traveller, hookimpl
from epiguard.situation import Situation, Standing

__all__ = ["Visitors"]

#: Bound once: on Python 3.11 to look a member up in its enumeration takes longer than the rest of the rule.
VISITOR = Role.VISITOR
OUT = Direction.OUT
DENY = Effect.DENY


def _answer(value: Effect | str) -> Effect:
    answer = as_member(Effect, value, "Visitors.answer")
    if answer is Effect.ALLOW:
        raise InvalidValueError(
            "Visitors.answer",
            expected="'hold' or 'deny'",
            got="'allow'",
            do="to let visitors in, name 'visitor' in the kinds of admit-kinds",
        )
    return answer


@attrs.frozen
class Visitors(Rule):
    """Asks the host before a visitor enters, or refuses visits altogether; a visitor may always leave.

    Villagers were asked to decline visits as far as possible, which leaves the last word to the host: that
    is our reading. The gate records the host's answer with the traveller.

    Attributes:
        answer: ``hold`` (until the host has answered) or ``deny``.
    """

    source = "Meilong town newsletter, February 2020, Caozhong village: 要求村民尽量谢绝亲朋好友来访"

    answer: Effect = attrs.field(default=Effect.HOLD, converter=_answer)

    @hookimpl(roles=[Role.VISITOR])
    def review_crossing(self, crossing: Crossing, situation: Situation) -> ReviewResult:
        """Answer for each visitor."""
        return each_traveller(situation, self._answer, crossing.direction)

    def _answer(self, standing: Standing, direction: Direction) -> Verdict | None:
        if standing.role is not VISITOR:
            return None
        if direction is OUT:
            return self.allow("visitor-leaves", about=standing)
        if self.answer is DENY:
            return self.deny("no-visitors", about=standing)
        agreed = standing.traveller.host_agreed
        if agreed is None:
            return self.hold("host-asked", lifted_by="host-answer", about=standing)
        if agreed:
            return self.allow("host-agreed", about=standing)
        return self.deny("host-declined", about=standing)
