"""Recording what somebody says happened."""

from __future__ import annotations

from collections.abc import Container, Iterable, Iterator
from datetime import datetime

from epiguard.duties import Duty
from epiguard.errors import (
    InvalidValueError,
    LedgerError,
    ShortageError,
    TakenError,
    UnknownIdError,
    kind_of,
)
from epiguard.facts import (
    FACT_KINDS,
    CardHolderNamed,
    CrossingDecided,
    CrossingObserved,
    DecisionCancelled,
    DutyOpened,
    Fact,
    LeaveGranted,
    MatchConfirmed,
    MatchRejected,
    PassDecided,
    PassIssued,
    PersonErased,
    QuarantineOrdered,
    WatchEnded,
)
from epiguard.ledger._admission import key_reused
from epiguard.ledger._entry import Entry
from epiguard.ledger._follow_up import append_with_follow_ups
from epiguard.ledger._journal import Journal
from epiguard.ledger._leave import covered, give_back
from epiguard.ledger._store import ClaimTaken
from epiguard.policy import Policy
from epiguard.situation import State

__all__ = ["owe", "record", "record_all"]

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
                # Of what was erased nobody can tell whether it was the same; told again, it stays erased.
                if first.fact != fact and not (first.erased and first.kind == fact.kind):
                    raise key_reused("record")
                return first
        _check_known(fact, state)
        _check_place(fact, journal.policy)
        claims = tuple(_claim(each) for each in fact.claims)
        if any(journal.store.holder(each) is not None for each in claims):
            raise _taken(fact)
        _check_stock(fact, state)
        freed = [_holder(journal, fact, each) for each in fact.frees]
        crossings = covered(state, fact) if isinstance(fact, LeaveGranted) else []
        try:
            entry = append_with_follow_ups(
                journal, fact, by=by, recorded_at=recorded_at, key=key, claims=claims
            )
        except ClaimTaken:
            raise _taken(fact) from None
        for position in freed:
            journal.store.release(position)
        give_back(journal, crossings, recorded_at)
        return entry


def _taken(fact: Fact) -> TakenError:
    return TakenError(
        type(fact).__name__,
        expected="what can be had once and was not had yet",
        got="what is on record already",
        do="there is nothing to record; where the first was a slip, withdraw it before",
    )


def _claim(key: str) -> str:
    # Apart from the claims of rules, which begin with the claim's name.
    return f"|fact|{key}"


def _holder(journal: Journal, fact: Fact, key: str) -> int:
    position = journal.store.holder(_claim(key))
    if position is None:
        raise UnknownIdError(
            type(fact).__name__,
            expected="something on record that can be taken back",
            got="what nobody had, or what was taken back before",
            do="look at what is on record",
        )
    return position


def _check_stock(fact: Fact, state: State) -> None:
    for name, change in fact.stock.items():
        there = state.stocks.get(name, 0)
        if change < 0 and there + change < 0:
            raise ShortageError(
                f"{type(fact).__name__}.stock",
                expected=f"{-change} of {name!r} in stock",
                got=f"{there}",
                do="record what came in, or hand out less",
            )


def record_all(journal: Journal, facts: Iterable[Fact], *, by: str, recorded_at: datetime) -> list[Entry]:
    """Record several facts, all of them or none; see ``Ledger.record_all``."""
    with journal.writing():
        return [record(journal, each, by=by, recorded_at=recorded_at, key=None) for each in facts]


def owe(journal: Journal, duties: Iterable[Duty], *, by: str, recorded_at: datetime) -> list[Entry]:
    """Open the duties that are not on record; see ``Ledger.owe``."""
    with journal.writing() as state:
        return [
            record(journal, DutyOpened(each), by=by, recorded_at=recorded_at, key=None)
            for each in duties
            if not state.has_duty(each.id)
        ]


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


def _check_place(fact: Fact, policy: Policy) -> None:
    # As for a decision. A slip would be a gate of its own, which no report lists and no clock is held to;
    # what another ledger wrote comes by a merge, and that keeps every gate's.
    if isinstance(fact, CrossingObserved):
        policy.site.checkpoint(fact.crossing.checkpoint)


def _named(fact: Fact, state: State) -> Iterator[tuple[str, str, bool, str]]:
    """What a fact is about and must be on record before it: field, what it names, whether it is, what to do.

    A slip in an id would otherwise vanish without a word: a call ticked off for nobody, a pass that opens no
    gate, the family of somebody who died still called. What somebody merely mentions (a household's member,
    a landlord, a contact, whom a duty is about) may come later, as registers and forms do; and a match that
    the computer found may come before its form, where ledgers are merged.
    """
    for field, name in fact.named.items():
        value = getattr(fact, field)
        if value is not None:
            yield field, *_on_record(name, value, state)
    if isinstance(fact, MatchConfirmed | MatchRejected):
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
    elif isinstance(fact, WatchEnded):
        yield "person", "watch", fact.person in state.watches_of, "take it from the watch itself"


_WHOM = "take it from the register, or record PersonEnrolled first"


def _on_record(name: str, value: str, state: State) -> tuple[str, bool, str]:
    if name == "person":
        return "person or form", _is_somebody(value, state), _WHOM
    if name == "recipient":
        known_here = value in state.households or value in state.people
        return "household or person", known_here, "take it from the register, or record it first"
    if name == "duty":
        return name, state.has_duty(value), "take it from the duty itself"
    if name == "alert":
        return name, state.has_alert(value), "take it from the alert itself"
    registers: dict[str, tuple[Container[str], str]] = {
        "household": (state.households, "take it from the household itself, or record it first"),
        "period": (state.periods, "take it from the period itself"),
    }
    known, do = registers[name]
    return name, value in known, do


def _is_somebody(subject: str, state: State) -> bool:
    # Whoever wrote a form is somebody, also while nobody knows who it is.
    return subject in state.people or (
        subject.startswith("form:") and subject.removeprefix("form:") in state.registrations
    )
