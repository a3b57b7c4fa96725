"""The rules of an invented village, as a plug-in author writes them."""

from __future__ import annotations

from datetime import time

import attrs

from epiguard import Crossing, Direction
from epiguard.rules import ReviewResult, Rule, deny, hookimpl

__all__ = ["NightCurfew"]


@attrs.frozen
class NightCurfew(Rule):
    """Nobody leaves between closing and opening time."""

    source = "Village notice of 9 February 2020, paragraph 3"
    closes: time = time(22)
    opens: time = time(5)

    @hookimpl
    def review_crossing(self, crossing: Crossing) -> ReviewResult:
        """Deny leaving at night."""
        if crossing.direction is Direction.OUT and not self.opens <= crossing.local_time < self.closes:
            return deny("curfew", zh="宵禁时段不得外出", en="no leaving during the curfew")
        return None
