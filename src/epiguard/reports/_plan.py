"""The ``[report]`` section of a site's file: what the report compares itself with, and what it leaves out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Self

import attrs

from epiguard.errors import InvalidValueError, kind_of
from epiguard.fields import FrozenMapping, whole
from epiguard.identifiers import RegionCode, known_regions
from epiguard.settings import build
from epiguard.work import StatedPopulation

__all__ = ["ReportPlan"]


def _regions(values: Iterable[RegionCode | str]) -> tuple[RegionCode, ...]:
    return known_regions(values, "ReportPlan.key_regions")


def _changes(values: Mapping[str, float]) -> Mapping[str, float]:
    for value in values.values():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InvalidValueError(
                "ReportPlan.stated_changes", expected="percentages, such as -84.1", got=kind_of(value)
            )
    return FrozenMapping(values)


def _stated(values: Mapping[str, int]) -> Mapping[str, int]:
    for value in values.values():
        whole("ReportPlan.stated", least=0, most=10**9)(None, None, value)
    return FrozenMapping(values)


def _below(value: int | None) -> int | None:
    if value is not None and (type(value) is not int or not 2 <= value <= 100):
        raise InvalidValueError(
            "ReportPlan.withhold_below",
            expected="a whole number from 2 to 100, or nothing",
            got=kind_of(value),
        )
    return value


@attrs.frozen(kw_only=True)
class ReportPlan:
    """What a report is told beside the facts.

    Attributes:
        key_regions: Whose household registration is counted by itself; Hubei in February 2020. It selects
            whom to call and restricts nobody.
        population: As somebody stated it; where it does not add up, or is not what the register says, the
            report says so.
        stated_changes: Name to a stated change of alarms in percent of the earlier month; a fall beyond
            100 % is flagged.
        stated: Path of a figure, such as ``"forms.received"`` or ``"duties.by_kind.tell-family.opened"``, to
            the number that somebody stated: the day's summary prints both.
        withhold_below: Counts that are smaller, and not 0, are withheld in what is written, with as many
            others as are needed so that nobody works them out; nothing means that all are shown.
    """

    key_regions: tuple[RegionCode, ...] = attrs.field(default=(RegionCode("420000"),), converter=_regions)
    population: StatedPopulation | None = None
    stated_changes: Mapping[str, float] = attrs.field(default=FrozenMapping(), converter=_changes)
    stated: Mapping[str, int] = attrs.field(default=FrozenMapping(), converter=_stated)
    withhold_below: int | None = attrs.field(default=None, converter=_below)

    @classmethod
    def of(cls, section: Mapping[str, Any], where: str = "site.toml") -> Self:
        """Read the ``[report]`` section.

        Args:
            section: As a TOML reader gives it; empty means the defaults.
            where: The file for messages.

        Raises:
            PolicyError: If a key is unknown or a value is not of its kind; it names file and key.
        """
        return build(cls, section, f"{where}: report")
