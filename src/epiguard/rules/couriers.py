"""Couriers and deliveries: let in, held, or sent to a drop point (外卖、快递)."""

from __future__ import annotations

import attrs

from epiguard.crossings import Crossing, Role
from epiguard.decisions import Effect, Verdict
from epiguard.duties import Duty
from epiguard.errors import InvalidValueError
from epiguard.fields import as_member, instance
from epiguard.messages import Message
from epiguard.places import Direction
from epiguard.quarantine import QuarantineSetting
from epiguard.rules import ReviewResult, Rule, each_traveller, hookimpl
from epiguard.situation import Situation, Standing

__all__ = ["Couriers"]

#: Bound once: on Python 3.11 to look a member up in its enumeration takes longer than the rest of the rule.
COURIER = Role.COURIER
OUT = Direction.OUT
ALLOW = Effect.ALLOW
HOLD = Effect.HOLD


def _answer(value: Effect | str) -> Effect:
    return as_member(Effect, value, "Couriers.answer")


@attrs.frozen
class Couriers(Rule):
    """Lets couriers in, holds them until the receiver comes, or sends them to a drop point.

    Whoever receives the goods fetches them at the gate, which is a duty where the gate knows who it is; for
    somebody who may not go out because of quarantine another fetches them (ours). A courier who lives here
    comes home as a resident (ours), and a courier may always leave.

    Attributes:
        answer: ``allow``, ``hold`` (until the receiver comes) or ``deny``.
        drop_point: Where the goods are left instead, such as ``"西门临时点"``; the gate where it is empty.
    """

    source = (
        "Meilong town newsletter, February 2020, Caozhong village: 禁止外卖、快递人员进入,由本人到门岗领取"
    )

    answer: Effect = attrs.field(default=Effect.ALLOW, converter=_answer)
    drop_point: str = attrs.field(default="", validator=instance(str, "Couriers.drop_point"))

    def __attrs_post_init__(self) -> None:
        if self.drop_point.strip() and self.answer is ALLOW:
            raise InvalidValueError(
                "Couriers.drop_point",
                expected="no drop point where couriers are let in",
                got="one",
                do="add answer = 'deny', or remove drop_point",
            )

    @hookimpl(roles=[Role.COURIER])
    def review_crossing(self, crossing: Crossing, situation: Situation) -> ReviewResult:
        """Answer for each courier."""
        return each_traveller(situation, self._answer, crossing, situation)

    def _answer(self, standing: Standing, crossing: Crossing, situation: Situation) -> Verdict | None:
        if standing.role is not COURIER or (standing.person is not None and standing.person.resident):
            return None
        if crossing.direction is OUT:
            return self.allow("courier-leaves", about=standing)
        if self.answer is ALLOW:
            return self.allow("courier", about=standing)
        return self._stopped(standing, crossing, situation)

    def _stopped(self, standing: Standing, crossing: Crossing, situation: Situation) -> Verdict:
        place = self.drop_point.strip() or self.words("the-gate")
        duties = self._collect(standing, crossing, situation, place)
        if self.answer is HOLD:
            return self.hold(
                "courier-waits", lifted_by="receiver-comes", about=standing, duties=duties, place=place
            )
        return self.deny("courier-drop-point", about=standing, duties=duties, place=place)

    def _collect(
        self, standing: Standing, crossing: Crossing, situation: Situation, place: str | Message
    ) -> tuple[Duty, ...]:
        host = standing.traveller.host
        if host is None:
            return ()
        stays_in = any(
            each.setting_at(situation.at) is not QuarantineSetting.HEALTH_MONITORING
            for each in situation.periods_of(host)
        )
        texts = self.words("duty-bring-parcel" if stays_in else "duty-collect-parcel", place=place)
        duty = Duty(
            kind="bring-parcel" if stays_in else "collect-parcel",
            subject=host,
            # One per delivery: the instant and the place in the party tell it from the next one.
            basis=f"{crossing.checkpoint}:{crossing.at.isoformat()}#{standing.index}",
            source=self.source,
            texts=texts,
        )
        return (duty,)
