"""Alerts as cases: the same thing again is one case, it goes up with time, and ends with an outcome."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import ClassVar

import attrs

from epiguard.days import to_utc
from epiguard.duties import Alert, DutyState
from epiguard.facts import AlertClosed, AlertRaised, Fact
from epiguard.fields import FrozenMapping, as_member, frozen_mapping, identifier, optional_identifier
from epiguard.situation import State

__all__ = [
    "AlertAssigned",
    "AlertCase",
    "AlertEscalated",
    "EscalationPlan",
    "Level",
    "Severity",
    "Team",
    "close_case",
    "escalations",
    "late_alerts",
    "nearest_free",
    "open_cases",
]

_FIRST = datetime.min.replace(tzinfo=UTC)
#: What happens again within so long is the same case (ours).
WINDOW = timedelta(hours=12)


class Severity(Enum):
    """How urgent a kind of alert is."""

    ROUTINE = "routine"
    SERIOUS = "serious"
    URGENT = "urgent"


class Level(Enum):
    """Who looks at it."""

    SITE = "site"
    TOWN = "town"


def _level(value: Level | str) -> Level:
    return as_member(Level, value, "AlertEscalated.level")


@attrs.frozen(kw_only=True)
class _OnAlert(Fact):
    shared: ClassVar[bool] = True  # pseudonyms only
    named: ClassVar[Mapping[str, str]] = {"alert": "alert"}

    alert: str = attrs.field(validator=identifier("alert"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The alert."""
        return (self.alert,)


@attrs.frozen(kw_only=True)
class AlertEscalated(_OnAlert):
    """An alert went up to those who can do more; to one level once."""

    level: Level = attrs.field(default=Level.TOWN, converter=_level)

    @property
    def claims(self) -> tuple[str, ...]:
        """Its way to the level."""
        return (f"escalated|{self.alert}|{self.level.value}",)


@attrs.frozen(kw_only=True)
class AlertAssigned(_OnAlert):
    """A team looks at an alert; the one named last, and nobody means that it is free again."""

    team: str | None = attrs.field(default=None, validator=optional_identifier("AlertAssigned.team"))


@attrs.frozen(kw_only=True)
class AlertCase:
    """Alerts of one kind about one subject at one place, none long after the one before.

    Attributes:
        alerts: The oldest first; what is recorded of the case names the first.
        level: Who looks at it.
        team: Which team does, if any.
    """

    alerts: tuple[Alert, ...]
    level: Level = Level.SITE
    team: str | None = None

    @property
    def id(self) -> str:
        """The first alert's."""
        return self.alerts[0].id

    @property
    def kind(self) -> str:
        """What."""
        return self.alerts[0].kind

    @property
    def begun(self) -> datetime | None:
        """When it happened first."""
        return self.alerts[0].at


def open_cases(state: State, *, window: timedelta = WINDOW) -> list[AlertCase]:
    """What is to be looked at: each thing once, however often it was raised; the oldest first.

    What happens again after it was looked at is a new case.

    Args:
        state: The sum of the facts.
        window: What follows within so long belongs to the same case.
    """
    groups: dict[tuple[str, str, str | None], list[list[Alert]]] = {}
    still = (each for each in state.alerts.values() if each.id not in state.alerts_closed)
    for alert in sorted(still, key=lambda each: (_utc(each.at), each.id)):
        runs = groups.setdefault((alert.kind, alert.subject, alert.checkpoint), [])
        if runs and _utc(alert.at) - _utc(runs[-1][-1].at) <= window:
            runs[-1].append(alert)
        else:
            runs.append([alert])
    cases = [_case(state, tuple(run)) for runs in groups.values() for run in runs]
    return sorted(cases, key=lambda each: (_utc(each.begun), each.id))


def _utc(at: datetime | None) -> datetime:
    return _FIRST if at is None else to_utc(at)


def _case(state: State, alerts: tuple[Alert, ...]) -> AlertCase:
    level, team = Level.SITE, None
    for fact in (fact for each in alerts for fact in state.notes_of.get(each.id, ())):
        if isinstance(fact, AlertEscalated):
            level = fact.level
        elif isinstance(fact, AlertAssigned):
            team = fact.team
    return AlertCase(alerts=alerts, level=level, team=team)


def close_case(case: AlertCase, outcome: str, *, at: datetime | None = None) -> list[AlertClosed]:
    """The facts that close a case: every alert of it, each with the outcome, without which none is closed."""
    return [AlertClosed(alert=each.id, outcome=outcome, at=at) for each in case.alerts]


#: What somebody's health or life may hang on, whatever else a place thinks urgent (ours).
SEVERITIES: Mapping[str, Severity] = FrozenMapping(
    {
        "ill-at-home": Severity.URGENT,
        "late-arrange-clinic": Severity.URGENT,
        "late-bring-medicine": Severity.URGENT,
        "late-bring-infant-supplies": Severity.SERIOUS,
        "late-fever-referral": Severity.URGENT,
        "quarantine-breach": Severity.SERIOUS,
    }
)


@attrs.frozen(kw_only=True)
class EscalationPlan:
    """When a case goes up to the town.

    Attributes:
        severities: Kind of alert to severity; of those not named an illness, medicine that did not come and
            a breach of quarantine go up too, all others are routine.
        after: Severity to how long the site has; a severity that is left out never goes up by itself. The
            times are ours.
    """

    severities: Mapping[str, Severity] = attrs.field(default=FrozenMapping(), converter=frozen_mapping)
    after: Mapping[Severity, timedelta] = attrs.field(
        default=FrozenMapping({Severity.SERIOUS: timedelta(hours=2), Severity.URGENT: timedelta(minutes=30)}),
        converter=frozen_mapping,
    )

    def severity(self, kind: str) -> Severity:
        """How urgent a kind is."""
        return self.severities.get(kind) or SEVERITIES.get(kind, Severity.ROUTINE)


def escalations(state: State, plan: EscalationPlan, at: datetime) -> Iterator[AlertEscalated]:
    """What goes up now: cases that the site has had for too long; each once.

    Args:
        state: The sum of the facts.
        plan: After how long.
        at: Now.
    """
    for case in open_cases(state):
        wait = plan.after.get(plan.severity(case.kind))
        if case.level is Level.SITE and wait is not None and to_utc(at) >= _after(case.begun, wait):
            yield AlertEscalated(alert=case.id, level=Level.TOWN, at=at)


def _after(begun: datetime | None, wait: timedelta) -> datetime:
    return _FIRST if begun is None else to_utc(begun) + wait


def late_alerts(state: State, kinds: Iterable[str], at: datetime) -> Iterator[AlertRaised]:
    """Alerts for duties of some kinds that are overdue and still open, each raised once.

    Args:
        state: The sum of the facts.
        kinds: Kinds of duties, such as ``"bring-medicine"``.
        at: Now.
    """
    wanted = frozenset(kinds)
    for status in state.duties.values():
        if status.kind in wanted and status.state is DutyState.OPEN and status.overdue(at):
            alert = Alert(
                kind=f"late-{status.kind}",
                subject=status.subject,
                at=status.due,
                basis=status.id,
                source=status.duty.source,
                texts={"zh": f"逾期未办:{status.text('zh')}", "en": f"overdue: {status.text('en')}"},
            )
            if not state.has_alert(alert.id):
                yield AlertRaised(alert, at=at)


@attrs.frozen(kw_only=True)
class Team:
    """A team and where it is, in degrees."""

    id: str
    latitude: float
    longitude: float


def nearest_free(
    state: State, teams: Iterable[Team], place: tuple[float, float], *, window: timedelta = WINDOW
) -> Team | None:
    """The nearest team that looks at no open case; nothing where all are busy. A proposal: people decide.

    Args:
        state: The sum of the facts.
        teams: All of them.
        place: Latitude and longitude of where it happened, in degrees.
        window: As of :func:`open_cases`.
    """
    busy = {case.team for case in open_cases(state, window=window)}
    free = [each for each in teams if each.id not in busy]
    return min(
        free, key=lambda each: (_distance((each.latitude, each.longitude), place), each.id), default=None
    )


def _distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    # Along the globe, as an angle: only which is less counts.
    (lat1, lon1), (lat2, lon2) = (tuple(map(math.radians, each)) for each in (one, other))
    half = math.sin((lat2 - lat1) / 2) ** 2
    half += math.cos(lat1) * math.cos(lat2) * math.sin((lon2 - lon1) / 2) ** 2
    return 2 * math.asin(math.sqrt(min(1.0, half)))
