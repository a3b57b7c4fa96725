"""Nobody who returns from another province enters without being registered (不登记不放行)."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from epiguard.crossings import Crossing
from epiguard.decisions import Verdict
from epiguard.fields import instance
from epiguard.places import Direction
from epiguard.rules import Restricts, Rule, hold, hookimpl
from epiguard.situation import Situation

__all__ = ["RegistrationRequired"]


@attrs.frozen
class RegistrationRequired(Rule):
    """Holds a returnee at the way in until they are registered, on paper or online.

    Attributes:
        ask: Whether everybody is asked where they come from (必询问); the answer, once given, is enough.
    """

    source = "Meilong town newsletter, February 2020, Jindu Road: 不登记不放行"
    restricts = Restricts.SAFETY

    ask: bool = attrs.field(default=False, validator=instance(bool, "RegistrationRequired.ask"))

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Iterator[Verdict]:
        """Hold returnees without a form, and whoever was not asked where that is required."""
        if crossing.direction is not Direction.IN:
            return
        for standing in situation.standings:
            traveller = standing.traveller
            if traveller.returning_from is not None:
                if not standing.registered:
                    yield hold(
                        "not-registered",
                        lifted_by="register",
                        zh="外省市返程人员须先登记(纸质或线上)",
                        en="returnees register first, on paper or online",
                        about=standing,
                    )
            elif self.ask and traveller.asked is not True:
                yield hold(
                    "not-asked",
                    lifted_by="ask",
                    zh="请先询问从何处来",
                    en="ask first where they come from",
                    about=standing,
                )
