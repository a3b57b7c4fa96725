"""Handing out exit passes: decided and recorded in one transaction."""

from __future__ import annotations

from datetime import datetime

import attrs

from epiguard.decisions import Effect, Override, PassDecision
from epiguard.errors import LedgerError, UnknownIdError
from epiguard.facts import PassDecided, PassIssued
from epiguard.ledger._admission import key_reused
from epiguard.ledger._follow_up import append_with_follow_ups
from epiguard.ledger._journal import Journal
from epiguard.passes import PassApplication
from epiguard.situation import Situation, State

__all__ = ["Desk", "decided_pass", "issue"]


@attrs.frozen(kw_only=True)
class Desk:
    """Which pass was asked for, who hands it out and how."""

    application: PassApplication = attrs.field(repr=False)
    by: str
    key: str | None = None
    override: Override | None = None


def issue(journal: Journal, asked: Desk, recorded_at: datetime) -> PassDecision:
    """Decide an application and record the decision, and the pass if it is granted.

    The rules run while the store is locked: passes are handed out at some desk, not at every gate, and two
    desks then never hand out one number, or two passes to one person.

    Raises:
        UnknownIdError: If the person is not on record.
        LedgerError: If the key was used for something else or what it stands for is no longer so, an
            override would take another person's number, or the store cannot be written.
    """
    with journal.writing() as state:
        answered = _answered(journal, state, asked)
        if answered is not None:
            return answered
        _check(state, asked)
        application = asked.application
        decision = attrs.evolve(
            journal.policy.decide_pass(
                application, Situation.applying(state, application), override=asked.override
            ),
            id=journal.next_id,
            at=journal.policy.site.local(recorded_at),
        )
        at = decision.application.at
        append_with_follow_ups(
            journal, PassDecided(decision, at=at), by=asked.by, recorded_at=recorded_at, key=asked.key
        )
        if decision.effect is Effect.ALLOW:
            issued = PassIssued(application.exit_pass, decision=decision.id, at=at)
            append_with_follow_ups(journal, issued, by=asked.by, recorded_at=recorded_at)
        return decision


def _answered(journal: Journal, state: State, asked: Desk) -> PassDecision | None:
    entry = journal.keyed(asked.key) if asked.key is not None else None
    if entry is None:
        return None
    where, local = "issue_pass", journal.policy.site.local
    if not isinstance(entry.fact, PassDecided):
        raise key_reused(where)
    decision, application = entry.fact.decision, asked.application
    if (attrs.evolve(application, at=local(application.at)), asked.override) != (
        attrs.evolve(decision.application, at=local(decision.application.at)),
        decision.override,
    ):
        raise key_reused(where)
    if decision.effect is Effect.ALLOW and state.passes.get(application.number) != application.exit_pass:
        raise LedgerError(
            f"Ledger.{where}(key=)",
            expected="the key of a decision that stands",
            got="the key of one whose pass was revoked since",
            do="hand nothing out on it; to ask for another pass, use a new key",
        )
    return decision


def _check(state: State, asked: Desk) -> None:
    application = asked.application
    if application.person not in state.people or application.person in state.gone:
        raise UnknownIdError(
            "PassApplication.person",
            expected="the id of a person on record",
            got="another id",
            do="take it from the register, or record PersonEnrolled first",
        )
    held = state.passes.get(application.number)
    if asked.override is not None and held is not None and held.person != application.person:
        # The rules are overridden, but their neighbour's pass would be taken from them without a word.
        raise LedgerError(
            "PassApplication.number",
            expected="a number that nobody else holds",
            got="the number of another person's pass",
            do="hand out another card",
        )


def decided_pass(journal: Journal, decision_id: str) -> PassDecision:
    """A decision about a pass by its id; to be called with the lock held.

    Raises:
        UnknownIdError: If there is none of that id.
    """
    entry = journal.entry(decision_id)
    if entry is None or not isinstance(entry.fact, PassDecided):
        raise UnknownIdError(
            "Ledger.pass_decision",
            expected="the id of a decision of this ledger about a pass",
            got="another id",
            do="take it from decision.id",
        )
    return entry.fact.decision
