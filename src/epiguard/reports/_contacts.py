"""Who observes whom: a returnee's contacts, the daily checks, and who is expected to come back."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime

import attrs

from epiguard.fields import FrozenMapping
from epiguard.quarantine import QuarantinePeriod, Return
from epiguard.reports._observation import moment_of, stood
from epiguard.situation import State
from epiguard.work import CheckState, ContactState, contacts_of, expected_returns, health_days

__all__ = ["ContactFigures", "Contacts", "contact_figures", "observed_periods"]


@attrs.frozen(kw_only=True)
class ContactFigures:
    """One contact of all returnees' periods in force: periods = reached + open + overdue + closed + none."""

    reached: int = 0
    open: int = 0
    overdue: int = 0
    closed: int = 0
    none: int = 0


@attrs.frozen(kw_only=True)
class Contacts:
    """Figures about contacts and checks; what each means stands in ``DailyReport.definitions``."""

    periods: int = 0
    by_role: Mapping[str, ContactFigures] = attrs.field(factory=FrozenMapping)
    checks: int = 0
    checks_done: int = 0
    checks_due: int = 0
    checks_missed: int = 0
    with_missed_days: int = 0
    missed_days: int = 0
    away: int = 0
    expected_today: int = 0


def observed_periods(state: State, moment: datetime) -> list[QuarantinePeriod]:
    """The periods in force, of people who did not leave."""
    return [
        each
        for each in state.periods.values()
        if stood(each) and each.in_force(moment) and state.known_as(each.person)[0] not in state.gone
    ]


def contact_figures(state: State, day: date, now: datetime) -> Contacts:
    """Count contacts and checks.

    Args:
        state: The sum of the facts.
        day: The site's day.
        now: As of when.
    """
    moment, today = moment_of(state.site, day, now), state.site.day_of(now)
    every = observed_periods(state, moment)
    returned = [each for each in every if isinstance(each.exposure.reason, Return)]
    contacts = [contacts_of(state, each, now) for each in returned]
    roles = dict.fromkeys(role for each in contacts for role in each)
    days = [health_days(state, each, today) for each in every]
    checks = Counter(each[day] for each in days if day in each)
    missed = [sum(one is CheckState.MISSED and on < day for on, one in each.items()) for each in days]
    away = expected_returns(state)
    return Contacts(
        periods=len(returned),
        by_role=FrozenMapping({role: _count([each[role] for each in contacts]) for role in roles}),
        checks=checks.total(),
        checks_done=checks[CheckState.DONE],
        checks_due=checks[CheckState.DUE],
        checks_missed=checks[CheckState.MISSED],
        with_missed_days=sum(each > 0 for each in missed),
        missed_days=sum(missed),
        away=len(away),
        expected_today=sum(each.returns_on == day for each in away),
    )


def _count(states: list[ContactState]) -> ContactFigures:
    found = Counter(states)
    return ContactFigures(**{each.value: found[each] for each in ContactState})
