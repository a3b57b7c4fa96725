"""A market that is closed: no people and no cars from outside; who lives or works inside goes on."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from epiguard import Crossing, Direction, Role, Situation, Standing, Verdict
from epiguard.rules import Rule, hookimpl

__all__ = ["ClosedMarket"]


@attrs.frozen
class ClosedMarket(Rule):
    """Refuses whoever and whatever comes from outside, and says what stays allowed.

    The newsletter forbids outside people and cars to come *or go*. Whoever is inside may leave all the same,
    in whatever car: nobody is trapped (ours). Tenants, whom the register lists, and staff on duty come and
    go. A car from outside stays outside also where a tenant sits in it; the tenant goes in on foot. Goods
    are left at the gate, which is the rule ``couriers``. A fire engine is not refused: it waits for a named
    person's word, an override. Somebody who mends the heating passes by a leave that such a person grants.

    Attributes:
        staff: Whether staff on duty pass.
        staff_cars: Whether a car in which there are only staff passes, whose plate no register has.
    """

    source = (
        "Meilong town newsletter, February 2020, Minjian village: "
        "滨江市场已采取了封闭措施,禁止一切外来人员和外来车辆进出,市场暂停营业"
    )

    staff: bool = True
    staff_cars: bool = True

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Iterator[Verdict]:
        """Answer for each traveller, and for the car."""
        if crossing.direction is Direction.OUT:
            for standing in situation.standings:
                yield self.allow("leaves", about=standing)
            return
        for standing in situation.standings:
            if _tenant(standing):
                yield self.allow("tenant", about=standing)
            elif self.staff and standing.role is Role.STAFF:
                yield self.allow("staff", about=standing)
            elif standing.role is not Role.EMERGENCY:
                yield self.deny("closed", about=standing)
        if crossing.vehicle is not None and self._outside(crossing, situation):
            yield self.deny("outside-car")

    def _outside(self, crossing: Crossing, situation: Situation) -> bool:
        if crossing.vehicle is not None and crossing.vehicle.plate is not None:
            own = {each for one in situation.standings if one.person for each in one.person.plates}
            if crossing.vehicle.plate in own and any(map(_tenant, situation.standings)):
                return False
        roles = {each.role for each in situation.standings}
        return roles != {Role.EMERGENCY} and not (self.staff and self.staff_cars and roles == {Role.STAFF})


def _tenant(standing: Standing) -> bool:
    return standing.person is not None and standing.person.resident
