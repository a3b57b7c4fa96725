"""The contacts of a returnee (双保险): each reached, open or none; and each day asked after."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from enum import Enum
from typing import ClassVar

import attrs

from epiguard.days import first_instant
from epiguard.duties import Duty, DutyState, Outcome, Route
from epiguard.errors import InvalidValueError
from epiguard.facts import Fact
from epiguard.fields import FrozenMapping, as_celsius, as_day, identifier, optional_identifier
from epiguard.places import Site
from epiguard.quarantine import QuarantinePeriod
from epiguard.situation import DutyStatus, State

__all__ = [
    "CheckState",
    "ContactState",
    "HealthReported",
    "contacts_of",
    "health_checks",
    "health_days",
]

#: Which duty tells whom.
_TELLS = {"returnee": "tell-returnee", "family": "tell-family", "landlord": "tell-landlord"}
#: Until when a day's check is to be made (ours).
CHECK_UNTIL = time(20)


class ContactState(Enum):
    """How one of a returnee's contacts stands; none is never reached."""

    REACHED = "reached"
    OPEN = "open"
    OVERDUE = "overdue"
    CLOSED = "closed"
    NONE = "none"


def contacts_of(state: State, period: QuarantinePeriod, at: datetime) -> Mapping[str, ContactState]:
    """Returnee, family, landlord, and the door visit that stands in for whom there is none.

    Of several landlords the one who is furthest from reached counts.

    Args:
        state: The sum of the facts.
        period: Of the returnee.
        at: Now.
    """
    mine = [
        state.duties[each]
        for name in state.known_as(period.person)
        for each in state.duties_of.get(name, ())
        if state.duties[each].subject == name
    ]
    own = {each.id for each in mine if each.basis == period.id}
    of_period = [each for each in mine if each.basis == period.id or each.basis in own]
    kinds = {**_TELLS, "door": "door-visit"}
    return FrozenMapping(
        {role: _worst([each for each in of_period if each.kind == kind], at) for role, kind in kinds.items()}
    )


def _worst(duties: list[DutyStatus], at: datetime) -> ContactState:
    order = (ContactState.OVERDUE, ContactState.OPEN, ContactState.CLOSED, ContactState.REACHED)
    states = {_state(each, at) for each in duties}
    return next((each for each in order if each in states), ContactState.NONE)


def _state(status: DutyStatus, at: datetime) -> ContactState:
    if status.state is DutyState.DONE:
        return ContactState.REACHED
    if status.state is DutyState.CLOSED:
        return ContactState.CLOSED
    return ContactState.OVERDUE if status.overdue(at) else ContactState.OPEN


def _day(value: date) -> date:
    day = as_day(value, "HealthReported.day")
    if day is None:
        raise InvalidValueError("HealthReported.day", expected="the day it is about", got="nothing")
    return day


def _celsius(value: float | None) -> float | None:
    return as_celsius(value, "HealthReported.temperature")


@attrs.frozen(kw_only=True)
class HealthReported(Fact):
    """How somebody under observation is on a day.

    Attributes:
        person: Who.
        period: Of which period.
        day: Of which day.
        temperature: In degrees Celsius; nothing where it could not be measured.
        symptoms: Whether they cough, have no breath, or feel ill.
        duty: The check, which is done with it, if there was one.
    """

    named: ClassVar[Mapping[str, str]] = {"period": "period"}

    person: str = attrs.field(validator=identifier("HealthReported.person"))
    period: str = attrs.field(validator=identifier("HealthReported.period"))
    day: date = attrs.field(converter=_day)
    temperature: float | None = attrs.field(default=None, converter=_celsius, repr=False)
    symptoms: bool = attrs.field(default=False, repr=False)
    duty: str | None = attrs.field(default=None, validator=optional_identifier("HealthReported.duty"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The person."""
        return (self.person,)

    @property
    def discharges(self) -> tuple[str, ...]:
        """The check."""
        return () if self.duty is None else (self.duty,)


def health_checks(state: State, day: date) -> Iterator[Duty]:
    """The day's check of everybody under observation, to be owed with ``Ledger.owe``; again it is the same.

    Args:
        state: The sum of the facts.
        day: The site's day.
    """
    site = state.site
    for period in state.periods.values():
        names = state.known_as(period.person)
        if not _observed(period, day, site) or names[0] in state.gone:
            continue
        person = state.people.get(names[0])
        yield Duty(
            kind="health-check",
            subject=period.person,
            basis=f"{period.id}:{day.isoformat()}",
            due=first_instant(day, site.zone, CHECK_UNTIL),
            route=Route.PHONE if person is not None and person.phones else Route.DOOR,
            source="epiguard: whoever is observed is asked every day",
            texts={"zh": "每日询问体温和症状", "en": "ask for today's temperature and symptoms"},
        )


def _observed(period: QuarantinePeriod, day: date, site: Site) -> bool:
    return period.in_force(first_instant(day, site.zone, time(12)))


class CheckState(Enum):
    """How a day of observation stands."""

    DONE = "done"
    DUE = "due"
    MISSED = "missed"


def health_days(state: State, period: QuarantinePeriod, today: date) -> dict[date, CheckState]:
    """Every day of a period up to today: asked after, still to be, or missed.

    The days are those that :func:`health_checks` owes: on which they are observed at noon, so that whoever
    died, fell ill or was released early has missed nothing since. A call that reached them counts, a call
    that did not does not; a day for which nobody ever owed a check is missed as well.
    """
    names = state.known_as(period.person)
    reported = {
        fact.day
        for name in names
        for fact in state.notes_of.get(name, ())
        if isinstance(fact, HealthReported) and fact.period == period.id
    }
    answered = {
        status.basis
        for name in names
        for each in state.duties_of.get(name, ())
        if (status := state.duties[each]).kind == "health-check"
        and any(outcome in (Outcome.REACHED, Outcome.DONE) for _, outcome in status.attempts)
    }
    last = min(today, period.last_day)
    every = (period.anchor_day + timedelta(days=n) for n in range((last - period.anchor_day).days + 1))
    days = [each for each in every if _observed(period, each, state.site)]
    found = {}
    for day in days:
        if day in reported or f"{period.id}:{day.isoformat()}" in answered:
            found[day] = CheckState.DONE
        else:
            found[day] = CheckState.DUE if day == today else CheckState.MISSED
    return found
