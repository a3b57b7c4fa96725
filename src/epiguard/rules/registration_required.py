"""Nobody who returns from another province enters without being registered (不登记不放行)."""

from __future__ import annotations

import attrs

from epiguard.decisions import Verdict
from epiguard.fields import instance
from epiguard.places import Direction
from epiguard.rules import Restricts, ReviewResult, Rule, each_traveller, hookimpl
from epiguard.situation import Situation, Standing

__all__ = ["RegistrationRequired"]


@attrs.frozen
class RegistrationRequired(Rule):
    """Holds a returnee at the way in until they are registered, on paper or online.

    Whoever comes from elsewhere in the site's own province is none.

    Attributes:
        ask: Whether everybody is asked where they come from (必询问); the answer, once given, is enough.
    """

    source = "Meilong town newsletter, February 2020, Jindu Road: 不登记不放行"
    restricts = Restricts.SAFETY

    ask: bool = attrs.field(default=False, validator=instance(bool, "RegistrationRequired.ask"))

    @hookimpl(direction=Direction.IN)
    def review_crossing(self, situation: Situation) -> ReviewResult:
        """Hold returnees without a form, and whoever was not asked where that is required."""
        return each_traveller(situation, self._answer)

    def _answer(self, standing: Standing) -> Verdict | None:
        traveller = standing.traveller
        if standing.returning_from is not None:
            if standing.registered:
                return None
            return self.hold("not-registered", lifted_by="register", about=standing)
        if self.ask and traveller.asked is not True and traveller.returning_from is None:
            return self.hold("not-asked", lifted_by="ask", about=standing)
        return None
