"""What those who stay in asked for, and whether it was brought."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import attrs

from epiguard.duties import DutyState
from epiguard.fields import FrozenMapping
from epiguard.situation import DutyStatus, State
from epiguard.work import ERRANDS

__all__ = ["ErrandFigures", "Errands", "errand_figures"]


@attrs.frozen(kw_only=True)
class ErrandFigures:
    """Errands for one need, or for all: asked = brought + fallen + waiting."""

    asked: int = 0
    asked_today: int = 0
    brought: int = 0
    fallen: int = 0
    waiting: int = 0
    late: int = 0


@attrs.frozen(kw_only=True)
class Errands:
    """Errands in all and by need."""

    total: ErrandFigures = ErrandFigures()
    by_need: Mapping[str, ErrandFigures] = attrs.field(factory=FrozenMapping)


def errand_figures(state: State, day: date, now: datetime) -> Errands:
    """Count the errands on record, by what was needed.

    Args:
        state: The sum of the facts.
        day: The site's day.
        now: As of when something is late.
    """
    needs = {kind: need.value for need, kind in ERRANDS.items()}
    found: dict[str, list[DutyStatus]] = {}
    for status in state.duties.values():
        if status.kind in needs:
            found.setdefault(needs[status.kind], []).append(status)

    def count(errands: list[DutyStatus]) -> ErrandFigures:
        opened = [each.opened_at for each in errands if each.opened_at is not None]
        states = [each.state for each in errands]
        return ErrandFigures(
            asked=len(errands),
            asked_today=sum(state.site.day_of(each) == day for each in opened),
            brought=states.count(DutyState.DONE),
            fallen=states.count(DutyState.CLOSED),
            waiting=states.count(DutyState.OPEN),
            late=sum(each.overdue(now) for each in errands),
        )

    return Errands(
        total=count([each for errands in found.values() for each in errands]),
        by_need=FrozenMapping({need: count(found[need]) for need in sorted(found)}),
    )
