"""What does not add up, in words: a stated population, and changes that cannot be."""

from __future__ import annotations

from collections.abc import Iterator

from epiguard.reports._definitions import definitions
from epiguard.reports._plan import ReportPlan
from epiguard.reports._population import Population
from epiguard.reports._words import Words
from epiguard.work import MonthOnMonth, StatedPopulation

__all__ = ["findings_of"]

#: Which of the register's figures is meant by a stated part of that name.
_COUNTED = ("local", "non_local", "region_unknown", "key_region")


def findings_of(plan: ReportPlan, population: Population) -> tuple[Words, ...]:
    """What does not add up; nothing where all does."""
    found = [] if plan.population is None else [*_population(plan.population, population)]
    return (*found, *_changes(plan))


def _population(stated: StatedPopulation, counted: Population) -> Iterator[Words]:
    for zh, en in zip(stated.problems("zh"), stated.problems("en"), strict=True):
        yield f"所报人口合计不符:{zh}", f"the stated population does not add up: {en}"
    compared = {"residents": stated.total}
    compared |= {name: stated.parts[name] for name in _COUNTED if name in stated.parts}
    compared |= {name: stated.of_whom[name] for name in _COUNTED if name in stated.of_whom}
    for name, count in compared.items():
        here = getattr(counted, name)
        if count != here:
            zh, en = definitions()[f"population.{name}"].label
            yield f"{zh}:所报 {count},人员信息库 {here}", f"{en}: {count} stated, {here} in the register"


def _changes(plan: ReportPlan) -> Iterator[Words]:
    for name, change in plan.stated_changes.items():
        if not MonthOnMonth.is_possible(change):
            zh = f"{name}:{change:+g}% 不可能以上月为基数(降幅不会超过 100%),应是以本月为基数"
            why = "nothing falls by more than all of it; it may be of this month"
            yield zh, f"{name}: {change:+g}% cannot be of the month before ({why})"
