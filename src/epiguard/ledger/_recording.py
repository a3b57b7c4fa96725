"""Recording what somebody says happened."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from epiguard.errors import InvalidValueError, LedgerError, UnknownIdError, kind_of
from epiguard.facts import (
    FACT_KINDS,
    AlertClosed,
    CardHolderNamed,
    CrossingDecided,
    DecisionCancelled,
    DutyAttempted,
    DutyClosed,
    Fact,
    LeaveGranted,
    MatchConfirmed,
    MatchRejected,
    PassDecided,
    PassIssued,
    PersonErased,
    PersonLeft,
    QuarantineChanged,
    QuarantineOrdered,
    ReleaseSigned,
    WatchEnded,
    WatchListed,
)
from epiguard.ledger._admission import key_reused
from epiguard.ledger._entry import Entry
from epiguard.ledger._follow_up import append_with_follow_ups
from epiguard.ledger._journal import Journal
from epiguard.ledger._leave import covered, give_back
from epiguard.situation import State

__all__ = ["record"]

#: Who records them instead: more goes with them.
_OWN_WAY: dict[type[Fact], str] = {
    CrossingDecided: "Ledger.admit, which takes what is claimed",
    DecisionCancelled: "Ledger.cancel, which frees what was claimed",
    PassDecided: "Ledger.issue_pass, which records the pass",
    PersonErased: "Ledger.erase, which erases",
}


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
        crossings = covered(state, fact) if isinstance(fact, LeaveGranted) else []
        entry = append_with_follow_ups(journal, fact, by=by, recorded_at=recorded_at, key=key)
        give_back(journal, crossings, recorded_at)
        return entry


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
            do=f"use {_OWN_WAY[type(fact)]}",
        )
    if FACT_KINDS.get(fact.kind) is not type(fact):
        raise LedgerError(
            where,
            expected="a fact of a kind that can be read back",
            got=f"a {type(fact).__name__}",
            do="derive a class of its own name from Fact",
        )


def _check_known(fact: Fact, state: State) -> None:
    for field, name, known, do in _named(fact, state):
        if not known:
            raise UnknownIdError(
                f"{type(fact).__name__}.{field}",
                expected=f"the id of a {name} on record",
                got="another id",
                do=do,
            )


def _named(fact: Fact, state: State) -> Iterator[tuple[str, str, bool, str]]:
    """What a fact is about and must be on record before it: field, what it names, whether it is, what to do.

    A slip in an id would otherwise vanish without a word: a call ticked off for nobody, a pass that opens no
    gate, the family of somebody who died still called. What somebody merely mentions (a household's member,
    a landlord, a contact, whom a duty is about) may come later, as registers and forms do; and a match that
    the computer found may come before its form, where ledgers are merged.
    """
    if isinstance(fact, DutyAttempted | DutyClosed):
        yield "duty", "duty", fact.duty in state.duties, "take it from the duty itself"
    elif isinstance(fact, AlertClosed):
        yield "alert", "alert", fact.alert in state.alerts, "take it from the alert itself"
    elif isinstance(fact, QuarantineChanged | ReleaseSigned):
        yield "period", "period", fact.period in state.periods, "take it from the period itself"
    elif isinstance(fact, MatchConfirmed | MatchRejected):
        form = fact.registration in state.registrations
        yield "registration", "form", form, "take it from the form itself, or record the form first"
        yield "person", "person", fact.person in state.people, _WHOM
    elif isinstance(fact, QuarantineOrdered):
        yield "period.person", "person or form", _is_somebody(fact.period.person, state), _WHOM
    elif isinstance(fact, PassIssued):
        yield "exit_pass.person", "person", fact.exit_pass.person in state.people, _WHOM
    elif isinstance(fact, CardHolderNamed):
        home = fact.household in state.households
        yield "household", "household", home, "take it from the household itself, or record it first"
        yield "person", "person", fact.person in state.people, _WHOM
    elif isinstance(fact, LeaveGranted | PersonLeft | WatchListed):
        yield "person", "person or form", _is_somebody(fact.person, state), _WHOM
    elif isinstance(fact, WatchEnded):
        yield "person", "watch", fact.person in state.watches_of, "take it from the watch itself"


_WHOM = "take it from the register, or record PersonEnrolled first"


def _is_somebody(subject: str, state: State) -> bool:
    # Whoever wrote a form is somebody, also while nobody knows who it is.
    return subject in state.people or (
        subject.startswith("form:") and subject.removeprefix("form:") in state.registrations
    )
