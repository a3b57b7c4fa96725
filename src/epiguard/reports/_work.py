"""What is owed and what is wrong: duties and alerts by kind."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, datetime

import attrs

from epiguard.duties import Alert, DutyState, Route
from epiguard.fields import FrozenMapping
from epiguard.situation import DutyStatus, State
from epiguard.work import Level, open_cases

__all__ = ["AlertFigures", "Alerts", "Duties", "DutyFigures", "alert_figures", "duty_figures"]


@attrs.frozen(kw_only=True)
class DutyFigures:
    """Duties of one kind, or of all: opened = done + closed + open."""

    opened: int = 0
    done: int = 0
    closed: int = 0
    open: int = 0
    overdue: int = 0
    at_the_door: int = 0


@attrs.frozen(kw_only=True)
class Duties:
    """Duties in all and by kind."""

    total: DutyFigures = DutyFigures()
    by_kind: Mapping[str, DutyFigures] = attrs.field(factory=FrozenMapping)


@attrs.frozen(kw_only=True)
class AlertFigures:
    """Alerts of one kind, or of all."""

    raised: int = 0
    today: int = 0
    open: int = 0


@attrs.frozen(kw_only=True)
class Alerts:
    """Alerts in all and by kind, and the cases that are open: the same thing again is one case."""

    total: AlertFigures = AlertFigures()
    by_kind: Mapping[str, AlertFigures] = attrs.field(factory=FrozenMapping)
    cases: int = 0
    at_town: int = 0
    with_team: int = 0


def duty_figures(state: State, now: datetime) -> Duties:
    """Count the duties on record; overdue is as of ``now``."""
    kinds: defaultdict[str, list[DutyStatus]] = defaultdict(list)
    for status in state.duties.values():
        kinds[status.duty.kind].append(status)
    return Duties(
        total=_count(state.duties.values(), now),
        by_kind=FrozenMapping({kind: _count(kinds[kind], now) for kind in sorted(kinds)}),
    )


def _count(statuses: Iterable[DutyStatus], now: datetime) -> DutyFigures:
    every = tuple(statuses)
    still = [each for each in every if each.state is DutyState.OPEN]
    return DutyFigures(
        opened=len(every),
        done=sum(each.state is DutyState.DONE for each in every),
        closed=sum(each.state is DutyState.CLOSED for each in every),
        open=len(still),
        overdue=sum(each.overdue(now) for each in still),
        at_the_door=sum(each.duty.route is Route.DOOR for each in still),
    )


def alert_figures(state: State, day: date) -> Alerts:
    """Count the alerts on record."""
    kinds: defaultdict[str, list[Alert]] = defaultdict(list)
    for alert in state.alerts.values():
        kinds[alert.kind].append(alert)

    def count(alerts: Iterable[Alert]) -> AlertFigures:
        every = tuple(alerts)
        return AlertFigures(
            raised=len(every),
            today=sum(each.at is not None and state.site.day_of(each.at) == day for each in every),
            open=sum(each.id not in state.alerts_closed for each in every),
        )

    cases = open_cases(state)
    return Alerts(
        total=count(state.alerts.values()),
        by_kind=FrozenMapping({kind: count(kinds[kind]) for kind in sorted(kinds)}),
        cases=len(cases),
        at_town=sum(each.level is Level.TOWN for each in cases),
        with_team=sum(each.team is not None for each in cases),
    )
