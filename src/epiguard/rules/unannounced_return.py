"""Whoever said that they are away and comes back without a word is an alert, and is let in all the same."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from epiguard.decisions import Effect
from epiguard.duties import Alert
from epiguard.facts import CrossingDecided, CrossingObserved, Fact
from epiguard.fields import instance
from epiguard.places import Direction
from epiguard.rules import Rule, hookimpl
from epiguard.situation import Situation
from epiguard.work import MovementDeclared, is_announced

__all__ = ["UnannouncedReturn"]


@attrs.frozen
class UnannouncedReturn(Rule):
    """Raises an alert where somebody comes back from another province and had not said that they would.

    Whoever was asked where they are and said that they are away is expected on the day they named, two days
    more or less. The alert says that the committee was not told; nobody is refused for it.

    Attributes:
        undeclared: Whether a return counts as unannounced, too, of somebody who was never asked.
    """

    source = (
        "Meilong town newsletter, February 2020, Jindu Road: 对已经返回湖北的人员,希望暂缓回沪并提前告知居委"
    )

    undeclared: bool = attrs.field(default=False, validator=instance(bool, "UnannouncedReturn.undeclared"))

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> Iterator[Alert]:
        """Look at everybody who went in."""
        if isinstance(fact, CrossingObserved):
            crossing = fact.crossing
        elif isinstance(fact, CrossingDecided) and fact.decision.effect is Effect.ALLOW:
            crossing = fact.decision.crossing
        else:
            return
        if crossing.direction is not Direction.IN:
            return
        for standing in situation.standings:
            person = standing.traveller.person
            if person is None or standing.returning_from is None:
                continue
            told = [
                each
                for each in standing.notes.get(MovementDeclared.kind, ())
                if isinstance(each, MovementDeclared)
            ]
            day = standing.traveller.returned_on or situation.day
            away = bool(told) and told[-1].region is not None
            if (away and not is_announced(told[-1], day)) or (self.undeclared and not told):
                yield Alert(
                    kind="unannounced-return",
                    subject=person,
                    at=crossing.at,
                    checkpoint=crossing.checkpoint,
                    source=self.source,
                    texts=self.words("alert-unannounced-return"),
                )
