"""Whoever the notice of the day names is measured and then let in (测量体温后再放行)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import Enum

import attrs

from epiguard import Crossing, Direction, NotMeasured, Role, Situation, Standing, Verdict
from epiguard.rules import Restricts, Rule, hookimpl

__all__ = ["MeasuredEntry", "Whom"]


class Whom(Enum):
    """Whose temperature is taken at the way in."""

    OUTSIDERS = "outsiders"
    EVERYBODY = "everybody"


@attrs.frozen
class MeasuredEntry(Rule):
    """Says which notice asks for a temperature at the way in, and waits for it; a fever is another rule's.

    Two entries with other dates make a compound whose rule changes: from 22 January outsiders, from
    25 January everybody. The built-in rule ``temperature`` judges the reading; this one tells the guard and
    the courier why it is taken today and was not yesterday (ours: whoever is stopped is told the notice).

    Attributes:
        notice: What the notice is called, by language.
        whom: ``outsiders`` (whoever does not live here: couriers, visitors) or ``everybody``.
    """

    source = "Meilong town newsletter, February 2020, Zhonghai Huanyu: 对外卖、快递等外来人员测量体温后再放行"
    restricts = Restricts.SAFETY

    notice: Mapping[str, str]
    whom: Whom = Whom.EVERYBODY

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Iterator[Verdict]:
        """Answer for each traveller on the way in whom the notice names."""
        if crossing.direction is not Direction.IN:
            return
        for standing in situation.standings:
            if self.whom is Whom.OUTSIDERS and not _outsider(standing):
                continue
            group = "outsiders" if self.whom is Whom.OUTSIDERS else "everybody"
            if standing.temperature is not None:
                yield self.no_objection(f"measured-{group}", about=standing, notice=self.notice)
            elif standing.traveller.not_measured in (None, NotMeasured.DEVICE):
                yield self.hold(
                    f"measure-{group}", lifted_by="measure-temperature", about=standing, notice=self.notice
                )


def _outsider(standing: Standing) -> bool:
    if standing.person is not None:
        return not standing.person.resident
    return standing.role is not Role.RESIDENT
