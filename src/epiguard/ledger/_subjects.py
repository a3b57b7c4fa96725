"""Whom a fact is about, where only the record knows."""

from __future__ import annotations

from epiguard.facts import AlertClosed, DutyAssigned, DutyAttempted, DutyClosed, Fact
from epiguard.situation import State

__all__ = ["subjects_of"]


def subjects_of(fact: Fact, state: State) -> tuple[str, ...]:
    """The pseudonymous ids a fact is about; the one its payload belongs to first.

    An attempt at a duty names only the duty, but its note may speak of the person the duty is about: it
    is kept, and one day erased, under that person.

    Args:
        fact: What happened.
        state: The facts before it.
    """
    if isinstance(fact, DutyAssigned | DutyAttempted | DutyClosed):
        status = state.duties.get(fact.duty)
        if status is None:
            return ()
        duty = status.duty
        return (duty.subject,) if duty.contact is None else (duty.subject, duty.contact)
    if isinstance(fact, AlertClosed):
        alert = state.alerts.get(fact.alert)
        return (alert.subject,) if alert is not None else ()
    return fact.subjects
