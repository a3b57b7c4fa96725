"""Every car's trunk is opened: luggage may tell that somebody comes back from elsewhere (逢车必检)."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from epiguard import Crossing, Direction, Situation, Verdict
from epiguard.rules import Restricts, Rule, hookimpl

__all__ = ["TrunkCheck"]


@attrs.frozen
class TrunkCheck(Rule):
    """Holds a car at the way in until its trunk was opened and, where there is luggage, everybody was asked.

    Luggage is no reason to refuse anybody: it is a reason to ask. Who answers that they come back from
    another province is a returnee from then on, for all other rules, ``registration-required`` among them.
    Whoever said so before needs no luggage to be asked about. What was not said is not taken for a no (ours).
    """

    source = (
        "Meilong town newsletter, February 2020, Zhonghai Huanyu: "
        "驾驶车辆的需打开后备箱,查看是否有行李箱,确定是否是返沪人员,做到逢车必检,避免漏登的情况出现"
    )
    restricts = Restricts.SAFETY

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Iterator[Verdict]:
        """Look into the trunk, then ask."""
        vehicle = crossing.vehicle
        if vehicle is None or crossing.direction is not Direction.IN:
            return
        if vehicle.trunk_opened is not True:
            yield self.hold("trunk-closed", lifted_by="open-trunk")
        elif vehicle.luggage_found is None:
            yield self.hold("luggage-unknown", lifted_by="look-for-luggage")
        elif not vehicle.luggage_found:
            yield self.no_objection("no-luggage")
        else:
            for standing in situation.standings:
                traveller = standing.traveller
                if standing.returning_from is not None:
                    yield self.no_objection("returnee", about=standing)
                elif traveller.asked is not True and traveller.returning_from is None:
                    yield self.hold("luggage-not-asked", lifted_by="ask", about=standing)
                else:
                    yield self.no_objection("asked", about=standing)
