"""Facts: what happened, each a frozen class. The record of a site is a sequence of them.

``at`` is when it happened; missing means unknown, as if it had always held.
``subjects`` are the pseudonymous ids a fact is about; its personal payload is kept per subject.
"""

from __future__ import annotations

from epiguard.facts._fact import FACT_KINDS, Fact
from epiguard.facts._happened import (
    AlertClosed,
    AlertRaised,
    CardHolderNamed,
    CrossingDecided,
    CrossingObserved,
    DecisionCancelled,
    DutyAssigned,
    DutyAttempted,
    DutyClosed,
    DutyOpened,
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
    PersonLeft,
    QuarantineChanged,
    QuarantineOrdered,
    Registered,
    RelationshipRecorded,
    ReleaseSigned,
    WatchEnded,
    WatchListed,
)
from epiguard.facts._record import (
    ClaimContested,
    DataExpired,
    ExportMade,
    PersonErased,
    RuleFailed,
)

__all__ = [
    "FACT_KINDS",
    "AlertClosed",
    "AlertRaised",
    "CardHolderNamed",
    "ClaimContested",
    "CrossingDecided",
    "CrossingObserved",
    "DataExpired",
    "DecisionCancelled",
    "DutyAssigned",
    "DutyAttempted",
    "DutyClosed",
    "DutyOpened",
    "ExportMade",
    "Fact",
    "HouseholdRecorded",
    "LeaveGranted",
    "MatchConfirmed",
    "MatchFound",
    "MatchRejected",
    "PassDecided",
    "PassIssued",
    "PassRevoked",
    "PersonChanged",
    "PersonEnrolled",
    "PersonErased",
    "PersonLeft",
    "QuarantineChanged",
    "QuarantineOrdered",
    "Registered",
    "RelationshipRecorded",
    "ReleaseSigned",
    "RuleFailed",
    "WatchEnded",
    "WatchListed",
]
