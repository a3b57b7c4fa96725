"""Whoever stays in and needs something has it brought to the door."""

from __future__ import annotations

from datetime import timedelta

import attrs

from epiguard.duties import Duty, Route
from epiguard.facts import Fact
from epiguard.fields import whole
from epiguard.rules import Rule, hookimpl
from epiguard.situation import Situation
from epiguard.work import Need, NeedReported

__all__ = ["DailyNeeds"]

_ERRANDS = {
    Need.FOOD: "bring-food",
    Need.MEDICINE: "bring-medicine",
    Need.RUBBISH: "collect-rubbish",
    Need.INFANT: "bring-infant-supplies",
    Need.PET: "look-after-pet",
}


@attrs.frozen
class DailyNeeds(Rule):
    """Owes an errand to the door for each need that somebody reports.

    Medicine has a shorter time than all else, so that a request that nobody met shows the same day;
    ``epiguard.work.late_alerts`` raises the alert. The times are ours.

    Attributes:
        medicine_hours: When medicine is due.
        within_hours: When all else is.
    """

    source = "epiguard: whoever stays in is brought what they need"

    medicine_hours: int = attrs.field(
        default=4, validator=whole("DailyNeeds.medicine_hours", least=1, most=12)
    )
    within_hours: int = attrs.field(default=24, validator=whole("DailyNeeds.within_hours", least=1, most=168))

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> Duty | None:
        """Owe the errand."""
        if not isinstance(fact, NeedReported):
            return None
        kind = _ERRANDS[fact.need]
        hours = self.medicine_hours if fact.need is Need.MEDICINE else self.within_hours
        return Duty(
            kind=kind,
            subject=fact.person,
            basis=fact.id,
            due=(fact.at or situation.at) + timedelta(hours=hours),
            route=Route.DOOR,
            source=self.source,
            texts=self.words(f"duty-{kind}"),
        )
