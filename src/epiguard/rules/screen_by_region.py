"""Residents registered in a key region are phoned about their movements, and restricted by nothing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import attrs

from epiguard.duties import Duty, Route
from epiguard.errors import InvalidValueError
from epiguard.facts import Fact, PersonEnrolled
from epiguard.fields import whole
from epiguard.identifiers import RegionCode, known_regions
from epiguard.rules import Rule, hookimpl
from epiguard.situation import Situation

__all__ = ["ScreenByRegion"]


def _regions(values: Iterable[RegionCode | str]) -> tuple[RegionCode, ...]:
    regions = known_regions(values, "ScreenByRegion.regions")
    if not regions:
        raise InvalidValueError("ScreenByRegion.regions", expected="at least one region", got="an empty list")
    return regions


@attrs.frozen
class ScreenByRegion(Rule):
    """Owes a call about movements for each resident whose household registration is in a region.

    Household registration (户籍) selects whom to call. It restricts nobody: the rule gives no verdict, and
    no other built-in rule reads it (ours). Once enrolled is once called, whatever changes later.

    Attributes:
        regions: Codes of GB/T 2260: a province, a prefecture or a county; 420000 is Hubei.
        within_hours: When the call is due; 48, after Xujing village, which took less than two days.
    """

    source = "Meilong town newsletter, February 2020, Jindu Road: 通过电话了解他们的行动轨迹"

    regions: tuple[RegionCode, ...] = attrs.field(converter=_regions)
    within_hours: int = attrs.field(
        default=48, validator=whole("ScreenByRegion.within_hours", least=1, most=168)
    )

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> Duty | None:
        """Owe the call when a resident is enrolled; a change of what is known owes nothing new."""
        if not isinstance(fact, PersonEnrolled) or type(fact) is not PersonEnrolled:
            return None
        person = fact.person
        region = person.registered_region
        if not person.resident or region is None or not any(region.within(each) for each in self.regions):
            return None
        return Duty(
            kind="screen-movements",
            subject=person.id,
            due=(fact.at or situation.at) + timedelta(hours=self.within_hours),
            route=Route.PHONE if person.phones else Route.DOOR,
            source=self.source,
            texts=self.words("duty-screen-movements"),
        )
