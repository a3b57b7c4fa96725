"""Couriers and deliveries: let in, held, or sent to a drop point (外卖、快递)."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from epiguard.crossings import Crossing, Role
from epiguard.decisions import Effect, Verdict
from epiguard.duties import Duty
from epiguard.errors import InvalidValueError
from epiguard.fields import as_member, instance
from epiguard.places import Direction
from epiguard.quarantine import QuarantineSetting
from epiguard.rules import Rule, allow, deny, hold, hookimpl
from epiguard.situation import Situation, Standing

__all__ = ["Couriers"]


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
        if self.drop_point.strip() and self.answer is Effect.ALLOW:
            raise InvalidValueError(
                "Couriers.drop_point",
                expected="no drop point where couriers are let in",
                got="one",
                do="add answer = 'deny', or remove drop_point",
            )

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Iterator[Verdict]:
        """Answer for each courier."""
        for standing in situation.standings:
            if standing.role is not Role.COURIER or (
                standing.person is not None and standing.person.resident
            ):
                continue
            if crossing.direction is Direction.OUT:
                yield allow("courier-leaves", zh="配送人员离开", en="a courier leaves", about=standing)
            elif self.answer is Effect.ALLOW:
                yield allow("courier", zh="配送人员可以进入", en="couriers may enter", about=standing)
            else:
                yield self._stopped(standing, crossing, situation)

    def _stopped(self, standing: Standing, crossing: Crossing, situation: Situation) -> Verdict:
        place_zh, place_en = self.drop_point.strip() or "门岗", self.drop_point.strip() or "the gate"
        duties = _collect(standing, crossing, situation, self.source, place_zh, place_en)
        if self.answer is Effect.HOLD:
            return hold(
                "courier-waits",
                lifted_by="receiver-comes",
                zh=f"请在{place_zh}等候收件人领取",
                en=f"please wait at {place_en} for the receiver",
                about=standing,
                duties=duties,
            )
        return deny(
            "courier-drop-point",
            zh=f"配送人员不得进入,请将物品放在{place_zh}",
            en=f"couriers do not enter; please leave the goods at {place_en}",
            about=standing,
            duties=duties,
        )


def _collect(  # noqa: PLR0913, PLR0917 - what a duty is made of
    standing: Standing, crossing: Crossing, situation: Situation, source: str, zh: str, en: str
) -> list[Duty]:
    host = standing.traveller.host
    if host is None:
        return []
    stays_in = any(
        each.setting_at(situation.at) is not QuarantineSetting.HEALTH_MONITORING
        for each in situation.periods_of(host)
    )
    return [
        Duty(
            kind="bring-parcel" if stays_in else "collect-parcel",
            subject=host,
            # One per delivery: the instant and the place in the party tell it from the next one.
            basis=f"{crossing.checkpoint}:{crossing.at.isoformat()}#{standing.index}",
            source=source,
            texts={
                "zh": f"到{zh}代领物品并送到门口",
                "en": f"fetch the goods at {en} and bring them to the door",
            }
            if stays_in
            else {"zh": f"到{zh}领取物品", "en": f"collect the goods at {en}"},
        )
    ]
