"""Handing out exit passes: decided and recorded in one transaction."""

from __future__ import annotations

from datetime import datetime

from epiguard.decisions import Effect, PassDecision
from epiguard.errors import UnknownIdError
from epiguard.facts import AlertRaised, DutyOpened, PassIssued
from epiguard.ledger._follow_up import BY_LEDGER, append_with_follow_ups
from epiguard.ledger._journal import Journal
from epiguard.passes import PassApplication
from epiguard.situation import Situation

__all__ = ["issue"]


def issue(journal: Journal, application: PassApplication, *, by: str, recorded_at: datetime) -> PassDecision:
    """Decide an application, and record the pass if it is granted; see ``Ledger.issue_pass``.

    The rules run while the store is locked: passes are handed out at one desk, not at every gate, and two
    desks then never hand out one number, or two passes to one person.
    """
    with journal.writing() as state:
        if application.person not in state.people or application.person in state.gone:
            raise UnknownIdError(
                "PassApplication.person",
                expected="the id of a person on record",
                got="another id",
                do="take it from the register, or record PersonEnrolled first",
            )
        decision = journal.policy.decide_pass(application, Situation.applying(state, application))
        at = decision.application.at
        if decision.effect is Effect.ALLOW:
            fact = PassIssued(application.exit_pass, application=decision.application, at=at)
            append_with_follow_ups(journal, fact, by=by, recorded_at=recorded_at)
        for duty in decision.duties:
            if duty.id not in state.duties:
                journal.append(DutyOpened(duty, at=at), by=BY_LEDGER, recorded_at=recorded_at)
        for alert in decision.alerts:
            if alert.id not in state.alerts:
                journal.append(AlertRaised(alert, at=alert.at or at), by=BY_LEDGER, recorded_at=recorded_at)
        return decision
