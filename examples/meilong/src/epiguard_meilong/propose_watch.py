"""Whom to look out for is proposed to a named person, who decides; nobody is listed by a rule."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

import attrs

from epiguard import (
    Duty,
    Fact,
    PersonEnrolled,
    QuarantineOrdered,
    RegionCode,
    Return,
    Situation,
    known_regions,
)
from epiguard.rules import Rule, hookimpl

__all__ = ["ProposeWatch"]


def _regions(values: Iterable[RegionCode | str]) -> tuple[RegionCode, ...]:
    return known_regions(values, "ProposeWatch.regions")


@attrs.frozen
class ProposeWatch(Rule):
    """Owes a decision about each of two groups: people registered in a key region, and returnees.

    The household registration (户籍) selects whom to think about and restricts nobody: the rule gives no
    verdict, raises no alert and lists nobody (ours). A named person records ``WatchListed``, with reason and
    end, or writes down that there is no need.

    Attributes:
        regions: The key regions, such as ``420000``, Hubei; with none of them returnees alone are proposed.
        within_hours: When the decision is due; 24 is ours.
    """

    source = "Meilong town newsletter, February 2020, grid centre: 对疫区户籍人员和离沪返程人员进行重点监控"

    regions: tuple[RegionCode, ...] = attrs.field(converter=_regions)
    within_hours: int = attrs.field(default=24, validator=[attrs.validators.ge(1), attrs.validators.le(168)])

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> Iterator[Duty]:
        """Propose whoever is enrolled with such a registration, and whoever came back."""
        due = (fact.at or situation.at) + timedelta(hours=self.within_hours)
        if type(fact) is PersonEnrolled:
            region = fact.person.registered_region
            if fact.person.resident and region is not None and any(map(region.within, self.regions)):
                yield self._duty("registered", fact.person.id, due, basis="registration")
        elif isinstance(fact, QuarantineOrdered) and isinstance(fact.period.exposure.reason, Return):
            yield self._duty("returnee", fact.period.person, due, basis=fact.period.id)

    def _duty(self, group: str, person: str, due: datetime, *, basis: str) -> Duty:
        return Duty(
            kind="decide-watch",
            subject=person,
            due=due,
            basis=basis,
            source=self.source,
            texts=self.words(f"duty-decide-watch-{group}"),
        )
