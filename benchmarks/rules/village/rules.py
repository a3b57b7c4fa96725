"""Thirteen rules: six deny, three hold, four allow; one traveller, on foot or in a vehicle."""

from __future__ import annotations

from datetime import time

import attrs

from epiguard import Crossing, Direction, PassColour, Role, Situation, Traffic, Verdict
from epiguard.rules import Rule, hookimpl

# Bound once: on Python 3.11 to look a member up in its enumeration takes longer than the rest of a rule.
IN, OUT = Direction.IN, Direction.OUT
RESIDENT, COURIER, VISITOR, STAFF = Role.RESIDENT, Role.COURIER, Role.VISITOR, Role.STAFF
GREEN, YELLOW = PassColour.GREEN, PassColour.YELLOW
OPENS, CLOSES = time(5), time(22)


@attrs.frozen
class UnknownResident(Rule):
    """Who says that they live here and is in no register does not come in."""

    @hookimpl(direction=IN, roles=[RESIDENT])
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Verdict | None:
        """Deny."""
        standing = situation.standings[0]
        if standing.person is None:
            return self.deny("unknown", about=standing)
        return None


@attrs.frozen
class InQuarantine(Rule):
    """Whoever is in a period in force stays in."""

    @hookimpl(direction=OUT)
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Verdict | None:
        """Deny."""
        standing = situation.standings[0]
        if standing.periods:
            return self.deny("in-quarantine", about=standing)
        return None


@attrs.frozen
class OneExitADay(Rule):
    """The second exit of a day is one too many."""

    @hookimpl(direction=OUT)
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Verdict | None:
        """Deny."""
        standing = situation.standings[0]
        if standing.crossings and standing.exits_on_day() >= 1:
            return self.deny("exit-spent", about=standing)
        return None


@attrs.frozen
class CourierStaysOut(Rule):
    """Couriers do not come in, but to the drop point."""

    @hookimpl(direction=IN, roles=[COURIER])
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Verdict | None:
        """Deny."""
        if crossing.purpose != "drop-point":
            return self.deny("courier", about=situation.standings[0])
        return None


@attrs.frozen
class EastGate(Rule):
    """Vehicles leave by the east gate and do not come in there."""

    @hookimpl(direction=IN, traffic=Traffic.VEHICLE)
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Verdict | None:
        """Deny."""
        if crossing.checkpoint == "east":
            return self.deny("east-gate")
        return None


@attrs.frozen
class Curfew(Rule):
    """Nobody leaves at night."""

    @hookimpl(direction=OUT)
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Verdict | None:
        """Deny."""
        if not OPENS <= crossing.local_time < CLOSES:
            return self.deny("curfew")
        return None


@attrs.frozen
class Measured(Rule):
    """Everybody's temperature is taken."""

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Verdict | None:
        """Hold."""
        standing = situation.standings[0]
        if standing.traveller.temperature is None:
            return self.hold("not-measured", lifted_by="measure-temperature", about=standing)
        return None


@attrs.frozen
class Fever(Rule):
    """A high reading is measured again."""

    limit: float = 37.3

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Verdict | None:
        """Hold."""
        standing = situation.standings[0]
        reading = standing.traveller.temperature
        if reading is not None and reading >= self.limit:
            return self.hold("fever", lifted_by="retest", about=standing)
        return None


@attrs.frozen
class TrunkOpened(Rule):
    """No vehicle comes in without a look into its trunk."""

    @hookimpl(direction=IN, traffic=Traffic.VEHICLE)
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Verdict | None:
        """Hold."""
        vehicle = crossing.vehicle
        if vehicle is not None and vehicle.trunk_opened is not True:
            return self.hold("trunk", lifted_by="open-trunk")
        return None


@attrs.frozen
class ResidentLeaves(Rule):
    """Residents may go out."""

    @hookimpl(direction=OUT)
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Verdict | None:
        """Allow."""
        standing = situation.standings[0]
        if standing.person is not None:
            return self.allow("resident-leaves", about=standing)
        return None


@attrs.frozen
class GreenPass(Rule):
    """Villagers come in with their green pass."""

    @hookimpl(direction=IN)
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Verdict | None:
        """Allow."""
        standing = situation.standings[0]
        held = standing.exit_pass
        if held is not None and held.colour is GREEN:
            return self.allow("green-pass", about=standing)
        return None


@attrs.frozen
class YellowPass(Rule):
    """Returnees come in with their yellow pass once their days are over."""

    @hookimpl(direction=IN)
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Verdict | None:
        """Allow."""
        standing = situation.standings[0]
        held = standing.exit_pass
        if held is not None and held.colour is YELLOW and not standing.periods:
            return self.allow("yellow-pass", about=standing)
        return None


@attrs.frozen
class Others(Rule):
    """Couriers and visitors leave, couriers reach the drop point, staff come and go."""

    @hookimpl(roles=[STAFF, COURIER, VISITOR])
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Verdict | None:
        """Allow."""
        standing = situation.standings[0]
        role = standing.traveller.role
        if (
            role is STAFF
            or (role in (COURIER, VISITOR) and crossing.direction is OUT)
            or (role is COURIER and crossing.purpose == "drop-point")
        ):
            return self.allow("others", about=standing)
        return None


RULES = (
    UnknownResident, InQuarantine, OneExitADay, CourierStaysOut, EastGate, Curfew, Measured, Fever,
    TrunkOpened, ResidentLeaves, GreenPass, YellowPass, Others,
)  # fmt: skip
