"""Recording what somebody says happened."""

from __future__ import annotations

from datetime import datetime

from epiguard.errors import InvalidValueError, LedgerError, UnknownIdError, kind_of
from epiguard.facts import (
    FACT_KINDS,
    AlertClosed,
    CrossingDecided,
    DecisionCancelled,
    DutyAttempted,
    DutyClosed,
    Fact,
    QuarantineChanged,
)
from epiguard.ledger._admission import key_reused
from epiguard.ledger._entry import Entry
from epiguard.ledger._follow_up import append_with_follow_ups
from epiguard.ledger._journal import Journal
from epiguard.situation import State

__all__ = ["record"]

#: Who records them instead: they go with claims.
_OWN_WAY: dict[type[Fact], str] = {CrossingDecided: "Ledger.admit", DecisionCancelled: "Ledger.cancel"}


def record(journal: Journal, fact: Fact, *, by: str, recorded_at: datetime, key: str | None) -> Entry:
    """Record a fact with what follows from it; see ``Ledger.record``."""
    _check_kind(fact)
    with journal.writing() as state:
        if key is not None:
            first = journal.keyed(key)
            if first is not None:
                if first.fact != fact:
                    raise key_reused("record")
                return first
        _check_known(fact, state)
        return append_with_follow_ups(journal, fact, by=by, recorded_at=recorded_at, key=key)


def _check_kind(fact: object) -> None:
    where = "Ledger.record(fact)"
    if not isinstance(fact, Fact):
        raise InvalidValueError(
            where,
            expected="a fact",
            got=kind_of(fact),
            do="wrap the value, for example PersonEnrolled(person)",
        )
    if type(fact) in _OWN_WAY:
        raise LedgerError(
            where,
            expected="a fact from outside",
            got=fact.kind,
            do=f"use {_OWN_WAY[type(fact)]}, which takes and frees what is claimed",
        )
    if FACT_KINDS.get(fact.kind) is not type(fact):
        raise LedgerError(
            where,
            expected="a fact of a kind that can be read back",
            got=f"a {type(fact).__name__}",
            do="derive a class of its own name from Fact",
        )


def _check_known(fact: Fact, state: State) -> None:
    # What is owed, raised or ordered is on record before anything can become of it; a slip in the id
    # would otherwise vanish without a word.
    if isinstance(fact, DutyAttempted | DutyClosed):
        known, field = fact.duty in state.duties, "duty"
    elif isinstance(fact, AlertClosed):
        known, field = fact.alert in state.alerts, "alert"
    elif isinstance(fact, QuarantineChanged):
        known, field = fact.period in state.periods, "period"
    else:
        return
    if not known:
        raise UnknownIdError(
            f"{type(fact).__name__}.{field}",
            expected=f"the id of a {field} on record",
            got="another id",
            do=f"take it from the {field} itself",
        )
