"""What is recorded along with a fact: what a decision owes, and what the rules say follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from epiguard.decisions import Decision, PassDecision
from epiguard.duties import Alert
from epiguard.facts import AlertRaised, CrossingDecided, DutyOpened, Fact, PassDecided, RuleFailed
from epiguard.ledger._contact_left import visits_instead
from epiguard.ledger._entry import Entry
from epiguard.ledger._journal import Journal
from epiguard.policy import Policy
from epiguard.situation import Situation, State

__all__ = ["BY_LEDGER", "append_with_follow_ups"]

#: Who recorded what follows from another fact.
BY_LEDGER = "ledger"


def append_with_follow_ups(  # noqa: PLR0913 - every one is a part of the envelope
    journal: Journal,
    fact: Fact,
    *,
    by: str,
    recorded_at: datetime,
    key: str | None = None,
    claims: tuple[str, ...] = (),
) -> Entry:
    """Write a fact, and what follows from it; what follows is not followed up again. Only while writing.

    Raises:
        ClaimTaken: If a claim is held; nothing was written.
    """
    visits = visits_instead(fact, journal.state)
    entry = journal.append(fact, by=by, recorded_at=recorded_at, key=key, claims=claims)
    at = fact.at or recorded_at
    for duty in visits:
        if not journal.state.has_duty(duty.id):
            journal.append(DutyOpened(duty, at=at), by=BY_LEDGER, recorded_at=recorded_at)
    told = fact if fact.at is not None else attrs.evolve(fact, at=at)
    for each in _owed(told, journal.state, at):
        journal.append(each, by=BY_LEDGER, recorded_at=recorded_at)
    for each in _follow_ups(journal.policy, told, journal.state, at):
        journal.append(each, by=BY_LEDGER, recorded_at=recorded_at)
    return entry


def _owed(fact: Fact, state: State, at: datetime) -> Iterator[Fact]:
    # The duties and alerts of a decision, those on record already left out, and the rules that failed.
    if not isinstance(fact, CrossingDecided | PassDecided):
        return
    for duty in fact.decision.duties:
        if not state.has_duty(duty.id):
            yield DutyOpened(duty, at=at)
    for alert in fact.decision.alerts:
        if not state.has_alert(alert.id):
            yield AlertRaised(alert, at=alert.at or at)
    yield from _faults(fact.decision, fact.kind, at)


def _faults(decision: Decision | PassDecision, about: str, at: datetime) -> Iterator[RuleFailed]:
    hook = "review_crossing" if isinstance(decision, Decision) else "review_pass"
    for each in decision.verdicts:
        if each.fault is not None and each.source is not None:
            what = each.fault.partition(f", hook {hook} ")[2]
            source = each.source
            yield RuleFailed(
                rule=source.entry, distribution=source.distribution, hook=hook, fault=what, about=about, at=at
            )


def _follow_ups(policy: Policy, fact: Fact, state: State, at: datetime) -> Iterator[Fact]:
    # What the rules say follows: duties and alerts not yet on record, and rules that failed.
    if not any(each.follow is not None for each in policy.rules):
        return
    following = policy.follow_up(fact, Situation.after(state, fact, fact.own_subjects, at))
    for duty in following.duties:
        if not state.has_duty(duty.id):
            yield DutyOpened(duty, at=at)
    for alert in following.alerts:
        if not state.has_alert(alert.id):
            yield AlertRaised(alert, at=alert.at or at)
    for fault in following.faults:
        yield fault
        alert = _alert_of(fault, state.site.id, at)
        if not state.has_alert(alert.id):
            yield AlertRaised(alert, at=at)


def _alert_of(fault: RuleFailed, site: str, at: datetime) -> Alert:
    return Alert(
        kind="rule-fault",
        subject=site,
        at=at,
        basis=fault.rule,
        source=f"{fault.distribution}: rule {fault.rule}, hook {fault.hook} {fault.fault}",
        texts={
            "zh": f"规则 {fault.rule} 出错,可能漏派任务,请报告居(村)委",
            "en": f"rule {fault.rule} failed; a duty may be missing; report it to the committee",
        },
    )
