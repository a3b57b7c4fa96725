"""Whoever falls ill under observation is seen at a clinic, and it is an alert."""

from __future__ import annotations

from datetime import timedelta

import attrs

from epiguard.duties import Alert, Duty, Route
from epiguard.facts import Fact
from epiguard.fields import as_fever_limit, whole
from epiguard.rules import Rule, hookimpl
from epiguard.situation import Situation
from epiguard.work import HealthReported

__all__ = ["HomeHealth"]


def _limit(value: float) -> float:
    return as_fever_limit(value, "HomeHealth.limit")


@attrs.frozen
class HomeHealth(Rule):
    """Raises an alert and owes a clinic journey where a daily check tells of a fever or of symptoms.

    Neither temperature nor symptoms stand in what it says.

    Attributes:
        limit: From so many degrees Celsius on it is a fever; 37.3 is the limit of February 2020.
        within_hours: When the journey is arranged; 2 is ours.
    """

    source = "epiguard: whoever falls ill under observation is brought to a clinic"

    limit: float = attrs.field(default=37.3, converter=_limit)
    within_hours: int = attrs.field(default=2, validator=whole("HomeHealth.within_hours", least=1, most=24))

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> list[Alert | Duty]:
        """Look at the day's report."""
        if not isinstance(fact, HealthReported):
            return []
        fever = fact.temperature is not None and fact.temperature >= self.limit
        if not fever and not fact.symptoms:
            return []
        at, person = fact.at or situation.at, situation.person(fact.person)
        alert = Alert(
            kind="ill-at-home",
            subject=fact.person,
            at=at,
            basis=fact.period,
            source=self.source,
            texts=self.words("alert-ill-at-home"),
        )
        journey = Duty(
            kind="arrange-clinic",
            subject=fact.person,
            basis=f"{fact.period}:{fact.day}",
            due=at + timedelta(hours=self.within_hours),
            route=Route.PHONE if person is not None and person.phones else Route.DOOR,
            source=self.source,
            texts=self.words("duty-arrange-clinic"),
        )
        return [alert, journey]
