"""Hypothesis strategies for facts of every kind, each by itself; everybody is invented."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

from hypothesis import strategies as st

from epiguard.crossings import Crossing
from epiguard.days import TimeSpan
from epiguard.decisions import Decision, PassDecision
from epiguard.duties import Alert, Duty, Outcome
from epiguard.errors import InvalidValueError, kind_of
from epiguard.facts import (
    AlertClosed,
    AlertRaised,
    CardHolderNamed,
    ClaimContested,
    CrossingDecided,
    CrossingObserved,
    DataExpired,
    DecisionCancelled,
    DutyAssigned,
    DutyAttempted,
    DutyClosed,
    DutyOpened,
    ExportMade,
    Fact,
    HouseholdRecorded,
    LeaveGranted,
    MatchConfirmed,
    MatchFound,
    MatchRejected,
    PassDecided,
    PassIssued,
    PassRevoked,
    PersonChanged,
    PersonEnrolled,
    PersonErased,
    PersonLeft,
    QuarantineChanged,
    QuarantineOrdered,
    Registered,
    RelationshipRecorded,
    ReleaseSigned,
    RuleFailed,
    WatchEnded,
    WatchListed,
)
from epiguard.passes import ExitPass, RevocationCause
from epiguard.people import Household, Person, Relationship
from epiguard.quarantine import EndCause, PeriodChange, QuarantinePeriod
from epiguard.registrations import Registration
from epiguard.testing._values import built, dates, ids, maybe_instants, offered, values, words

__all__ = ["FACTS", "facts"]

T = TypeVar("T", bound=Fact)

_RECIPES: dict[type[Fact], Mapping[str, st.SearchStrategy[Any]]] = {
    AlertClosed: {"alert": ids, "outcome": words},
    AlertRaised: {"alert": values(Alert)},
    CardHolderNamed: {"household": ids, "person": ids},
    CrossingDecided: {"decision": values(Decision)},
    CrossingObserved: {"crossing": values(Crossing), "decision": st.none() | ids},
    ClaimContested: {"claim": st.builds("exit|{}|2020-02-14|0".format, ids), "decision": ids},
    DataExpired: {
        "entries": st.lists(st.builds("main {}-999".format, st.integers(1, 99)), max_size=2),
        "counts": st.dictionaries(ids, st.integers(0, 99), max_size=2),
        "reason": words,
    },
    DecisionCancelled: {"decision": ids, "reason": words, "persons": st.lists(ids, max_size=2)},
    DutyAssigned: {"duty": ids, "assignee": st.none() | ids},
    DutyAttempted: {"duty": ids, "outcome": st.sampled_from(Outcome), "note": words, "call": st.none() | ids},
    DutyClosed: {"duty": ids, "reason": words},
    DutyOpened: {"duty": values(Duty)},
    ExportMade: {"purpose": words, "what": words, "rows": st.integers(0, 99)},
    HouseholdRecorded: {"household": values(Household)},
    LeaveGranted: {"person": ids, "span": values(TimeSpan), "purpose": words},
    MatchConfirmed: {"registration": ids, "person": ids},
    MatchFound: {"registration": ids, "person": ids},
    MatchRejected: {"registration": ids, "person": ids},
    PassDecided: {"decision": values(PassDecision)},
    PassIssued: {"exit_pass": values(ExitPass), "decision": st.none() | ids},
    PassRevoked: {"number": ids, "person": ids, "reason": words, "cause": st.sampled_from(RevocationCause)},
    PersonChanged: {"person": values(Person)},
    PersonErased: {"person": ids, "others": st.lists(ids, max_size=2), "reason": words},
    PersonEnrolled: {"person": values(Person)},
    PersonLeft: {
        "person": ids,
        "reason": words,
        "cause": st.sampled_from([EndCause.DEATH, EndCause.MOVED_AWAY]),
    },
    QuarantineChanged: {"period": ids, "person": ids, "change": values(PeriodChange)},
    QuarantineOrdered: {"period": values(QuarantinePeriod)},
    Registered: {"registration": values(Registration)},
    RelationshipRecorded: {"relationship": values(Relationship)},
    ReleaseSigned: {"period": ids, "person": ids, "by": ids, "notice": st.none() | ids},
    RuleFailed: {"rule": ids, "distribution": words, "hook": ids, "fault": words, "about": ids},
    WatchEnded: {"person": ids, "reason": words},
    WatchListed: {
        "person": ids,
        "reason": words,
        "until": dates,
        "plate": st.none() | st.just("沪A12345"),
        "card": st.none() | st.from_regex("[0-9]{4,8}", fullmatch=True),
    },
}
#: The kinds of facts that ``facts`` can draw.
FACTS: tuple[type[Fact], ...] = tuple(_RECIPES)


def facts(*kinds: type[T], **fields: Any) -> st.SearchStrategy[T]:  # noqa: ANN401 - fields of several types
    """Facts of some kinds, each by itself: two of them need not be about the same people.

    Args:
        kinds: Which; nothing means every kind of ``FACTS``.
        fields: What is not left open, of every one of the kinds: a value, or a strategy for it.

    Raises:
        InvalidValueError: If one is no kind of the library's own, or a kind has no such field.
    """
    for each in kinds:
        if each not in _RECIPES:
            raise InvalidValueError(
                "facts(kind)",
                expected="a kind of fact, such as PersonEnrolled",
                got=each.__name__ if isinstance(each, type) else kind_of(each),
                do="epiguard.testing.FACTS lists them",
            )
    return st.one_of([_drawn(kind, fields) for kind in kinds or FACTS])


def _drawn(kind: Any, fields: Mapping[str, Any]) -> st.SearchStrategy[Any]:  # noqa: ANN401 - any kind
    at = {} if kind is PersonErased else {"at": maybe_instants}
    return built(kind, {**_RECIPES[kind], **at}, offered(kind, fields, "facts"))
