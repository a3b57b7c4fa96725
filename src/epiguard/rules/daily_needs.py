"""Whoever stays in and needs something has it brought to the door."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from epiguard.days import first_instant, to_utc
from epiguard.duties import Duty, Route
from epiguard.facts import Fact
from epiguard.fields import whole
from epiguard.places import Site
from epiguard.rules import Rule, hookimpl
from epiguard.situation import Situation
from epiguard.work import Need, NeedReported

__all__ = ["DailyNeeds"]

_LAST_MINUTE = timedelta(minutes=1)
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

    Medicine has a shorter time than all else, and never longer than the site's day, so that a request that
    nobody met shows the same day; ``epiguard.work.late_alerts`` raises the alert. The times are ours.

    Attributes:
        medicine_hours: When medicine is due, or at the end of the day if that is earlier.
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
        asked = fact.at or situation.at
        due = asked + timedelta(hours=self.within_hours)
        if fact.need is Need.MEDICINE:
            due = min(
                asked + timedelta(hours=self.medicine_hours), _day_ends(asked, situation.site), key=to_utc
            )
        return Duty(
            kind=kind,
            subject=fact.person,
            basis=fact.id,
            due=due,
            route=Route.DOOR,
            source=self.source,
            texts=self.words(f"duty-{kind}"),
        )


def _day_ends(at: datetime, site: Site) -> datetime:
    """The last minute of the site's day: what is due then is late on the day itself."""
    tomorrow = site.day_of(at) + timedelta(days=1)
    return first_instant(tomorrow, site.zone, site.day_starts) - _LAST_MINUTE
