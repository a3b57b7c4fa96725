"""Each lane takes its own traffic: pedestrians or vehicles, in or out, from a date on."""

from __future__ import annotations

import attrs

from epiguard.crossings import Crossing
from epiguard.decisions import Verdict
from epiguard.places import CheckpointKind, Direction, Traffic
from epiguard.rules import Restricts, Rule, hookimpl
from epiguard.situation import Situation

__all__ = ["Lanes"]

#: For each traffic and direction: the entries for a wrong lane, and for no lane at all.
_ENTRIES = {
    (Traffic.PEDESTRIAN, Direction.IN): ("wrong-lane-pedestrian-in", "no-lane-open-pedestrian-in"),
    (Traffic.PEDESTRIAN, Direction.OUT): ("wrong-lane-pedestrian-out", "no-lane-open-pedestrian-out"),
    (Traffic.VEHICLE, Direction.IN): ("wrong-lane-vehicle-in", "no-lane-open-vehicle-in"),
    (Traffic.VEHICLE, Direction.OUT): ("wrong-lane-vehicle-out", "no-lane-open-vehicle-out"),
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
        wrong, none = _ENTRIES[traffic, direction]
        others = [
            each.name or each.id
            for each in site.checkpoints
            if each.kind is CheckpointKind.GATE and each.takes(direction, traffic, day)
        ]
        if not others:
            return self.hold("no-lane-open", lifted_by="open-a-lane", entry=none)
        listed = {"zh": "、".join(others), "en": ", ".join(others)}
        return self.deny("wrong-lane", entry=wrong, others=listed)
