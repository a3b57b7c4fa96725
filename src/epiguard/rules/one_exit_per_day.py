"""Residents go out so many times a day, or once in so many days (每人每日限外出一次)."""

from __future__ import annotations

from datetime import date
from enum import Enum

import attrs

from epiguard.crossings import Role
from epiguard.decisions import Claim, Verdict
from epiguard.errors import InvalidValueError
from epiguard.fields import as_member, whole
from epiguard.places import CheckpointKind, Direction, Site
from epiguard.rules import Rule, hookimpl, once
from epiguard.situation import Situation, Standing

__all__ = ["OneExitPerDay", "Per"]

#: Bound once: on Python 3.11 to look a member up in its enumeration takes longer than the rest of the rule.
RESIDENT = Role.RESIDENT
OUT = Direction.OUT
DOOR = CheckpointKind.DOOR


class Per(Enum):
    """Whose exits are counted."""

    PERSON = "person"
    HOUSEHOLD = "household"


def _per(value: Per | str) -> Per:
    return as_member(Per, value, "OneExitPerDay.per")


#: The entry for each: whose exits are counted, and whether in several days.
_SPENT = {
    (Per.PERSON, False): "exit-spent-person",
    (Per.PERSON, True): "exit-spent-person-days",
    (Per.HOUSEHOLD, False): "exit-spent-household",
    (Per.HOUSEHOLD, True): "exit-spent-household-days",
}


@attrs.frozen
class OneExitPerDay(Rule):
    """Lets each resident out ``limit`` times a day, or one of each household, or once in some days.

    An exit is claimed, so that two gates at the same instant let one exit through. Exits under leave or by
    override are not counted, nor what the doors of buildings record. An arranged journey to a fever clinic
    spends nothing. People at work here and people whom the gate does not know are no residents on an errand
    and are not counted.

    What a rule sees of earlier crossings are the traveller's own of the same day. With ``days`` above 1 and
    per household the earlier exit is therefore found by its claim alone, in the ledger, and only one can be
    had: a higher ``limit`` is refused there.

    Attributes:
        limit: How many exits.
        per: Of each ``person``, or of each ``household``; who has no household counts alone.
        days: In how many days, from the exit's day on; 2 is "one member every two days".
    """

    source = "Meilong town newsletter, February 2020, Caohang village: 每人每日限外出一次"

    limit: int = attrs.field(default=1, validator=whole("OneExitPerDay.limit", least=1, most=24))
    per: Per = attrs.field(default=Per.PERSON, converter=_per)
    days: int = attrs.field(default=1, validator=whole("OneExitPerDay.days", least=1, most=31))

    def __attrs_post_init__(self) -> None:
        if self.limit > 1 and (self.per is not Per.PERSON or self.days > 1):
            raise InvalidValueError(
                "OneExitPerDay.limit",
                expected="1, per household or where days is above 1",
                got=str(self.limit),
                do="count several exits per person and day",
            )

    @hookimpl(direction=Direction.OUT, roles=[Role.RESIDENT])
    def review_crossing(self, situation: Situation) -> list[Verdict]:
        """Deny an exit beyond the limit; claim the others."""
        verdicts = []
        taken: set[str] = set()
        for standing in situation.standings:
            traveller = standing.traveller
            if standing.role is not RESIDENT or traveller.person is None:
                continue
            if traveller.clinic_journey is not None:
                continue
            home = standing.household.id if standing.household is not None else None
            subject = home if self.per is Per.HOUSEHOLD and home is not None else traveller.person
            claim = None if subject in taken else self._free(standing, subject, situation.day)
            verdicts.append(self._answer(standing, claim, _exits(standing, situation.site)))
            taken.add(subject)
        return verdicts

    def _free(self, standing: Standing, subject: str, day: date) -> Claim | None:
        """The first exit of the day that is not claimed; a cancelled one is free again."""
        crossings = standing.crossings
        held = {key for each in crossings for key in each.claims} if crossings else None
        for slot in range(self.limit):
            claim = once("exit", subject, slot=slot, days=self.days)
            if not held or held.isdisjoint(claim.keys(day)):
                return claim
        return None

    def _answer(self, standing: Standing, claim: Claim | None, so_far: int) -> Verdict:
        if claim is None or so_far >= self.limit:
            entry = _SPENT[self.per, self.days > 1]
            return self.deny("exit-spent", entry=entry, about=standing, limit=self.limit, days=self.days)
        return self.no_objection("exit", about=standing, claims=[claim])


def _exits(standing: Standing, site: Site) -> int:
    if not standing.crossings:
        return 0
    # Through a building's door one leaves the building, not the site.
    doors = {each.id for each in site.checkpoints if each.kind is CheckpointKind.DOOR}
    return sum(
        each.direction is OUT and each.spent_exit and each.checkpoint not in doors
        for each in standing.crossings
    )
