"""Each lane takes its own traffic: pedestrians or vehicles, in or out, from a date on."""

from __future__ import annotations

import attrs

from epiguard.crossings import Crossing
from epiguard.decisions import Verdict
from epiguard.places import CheckpointKind, Direction, Traffic
from epiguard.rules import Restricts, Rule, deny, hold, hookimpl
from epiguard.situation import Situation

__all__ = ["Lanes"]

_ZH = {
    (Traffic.PEDESTRIAN, Direction.IN): "行人进入",
    (Traffic.PEDESTRIAN, Direction.OUT): "行人外出",
    (Traffic.VEHICLE, Direction.IN): "车辆驶入",
    (Traffic.VEHICLE, Direction.OUT): "车辆驶离",
}


@attrs.frozen
class Lanes(Rule):
    """Sends a party to a checkpoint that takes it; where none does, it holds and refuses nobody.

    The lanes and their dates stand with the site's checkpoints, so the rule has no settings.
    """

    source = (
        "Meilong town newsletter, February 2020, Zhonghai Huanyu: 西门作为人员进出及车辆进口,东门仅供车辆驶离"
    )
    restricts = Restricts.SAFETY

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Verdict | None:
        """Deny a wrong lane, naming the right ones."""
        site, day = situation.site, situation.day
        traffic, direction = crossing.traffic, crossing.direction
        if site.checkpoint(crossing.checkpoint).takes(direction, traffic, day):
            return None
        what_zh, what_en = _ZH[traffic, direction], f"{traffic.value} traffic {direction.value}"
        others = [
            each.name or each.id
            for each in site.checkpoints
            if each.kind is CheckpointKind.GATE and each.takes(direction, traffic, day)
        ]
        if not others:
            return hold(
                "no-lane-open",
                lifted_by="open-a-lane",
                zh=f"目前没有开放{what_zh}的卡口,请联系居(村)委",
                en=f"no checkpoint takes {what_en} at present; ask the committee to open one",
            )
        return deny(
            "wrong-lane",
            zh=f"此处不供{what_zh},请走:{'、'.join(others)}",
            en=f"no {what_en} here; please use: {', '.join(others)}",
        )
