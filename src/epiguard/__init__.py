"""Keep an epidemic out of a community.

Three questions, asked of one record of what happened:
*may they pass?* (:class:`Policy`, :class:`Ledger`), *who is this?* (:mod:`epiguard.matching`,
:func:`reconcile`) and *what must be done now?* (duties, alerts, :mod:`epiguard.reports`).
"""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING

from epiguard.crossings import CodeColour, CodeNotShown, Crossing, NotMeasured, Role, Traveller, Vehicle
from epiguard.days import DayCount, DaySpan, TimeSpan
from epiguard.decisions import Claim, Decision, Effect, Override, PassDecision, Restricts, Verdict
from epiguard.duties import Alert, Duty, DutyState, Outcome, Route
from epiguard.errors import (
    EpiguardError,
    ExportError,
    IntakeError,
    InvalidValueError,
    LedgerError,
    MatchingError,
    PlainDataError,
    PolicyError,
    RuleLoadError,
    ShortageError,
    TakenError,
    UnknownIdError,
)
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
from epiguard.identifiers import (
    CardNumber,
    Document,
    PersonalText,
    PersonName,
    Phone,
    Plate,
    RegionCode,
    Residence,
    ResidentId,
)
from epiguard.ledger import Ledger
from epiguard.passes import ExitPass, PassApplication, PassColour, PassState, RevocationCause
from epiguard.people import Household, Membership, Person, Relation, Relationship, Tenancy
from epiguard.places import Checkpoint, CheckpointKind, Direction, Lane, Site, Traffic
from epiguard.plain import from_plain, to_plain
from epiguard.policy import Policy
from epiguard.quarantine import (
    Anchor,
    Contact,
    EndCause,
    Exposure,
    PeriodChange,
    QuarantinePeriod,
    QuarantineSetting,
    Return,
    restricted_spans,
)
from epiguard.registrations import Registration, RegistrationSource
from epiguard.situation import Situation, Standing

if TYPE_CHECKING:
    from epiguard.policy import Explanation
    from epiguard.reconciliation import Reconciliation, reconcile

try:
    __version__ = version("epiguard")
except PackageNotFoundError:  # a source tree that was not installed
    __version__ = "0+unknown"


def __getattr__(name: str) -> object:
    # Loaded when they are first asked for: a gate that only decides needs neither.
    if name == "Explanation":
        from epiguard import policy  # noqa: PLC0415 - see above

        return policy.Explanation
    if name in ("Reconciliation", "reconcile"):
        from epiguard import reconciliation  # noqa: PLC0415 - see above

        return getattr(reconciliation, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


__all__ = [
    "Alert",
    "AlertClosed",
    "AlertRaised",
    "Anchor",
    "CardHolderNamed",
    "CardNumber",
    "Checkpoint",
    "CheckpointKind",
    "Claim",
    "ClaimContested",
    "CodeColour",
    "CodeNotShown",
    "Contact",
    "Crossing",
    "CrossingDecided",
    "CrossingObserved",
    "DataExpired",
    "DayCount",
    "DaySpan",
    "Decision",
    "DecisionCancelled",
    "Direction",
    "Document",
    "Duty",
    "DutyAssigned",
    "DutyAttempted",
    "DutyClosed",
    "DutyOpened",
    "DutyState",
    "Effect",
    "EndCause",
    "EpiguardError",
    "ExitPass",
    "Explanation",
    "ExportError",
    "ExportMade",
    "Exposure",
    "Fact",
    "Household",
    "HouseholdRecorded",
    "IntakeError",
    "InvalidValueError",
    "Lane",
    "LeaveGranted",
    "Ledger",
    "LedgerError",
    "MatchConfirmed",
    "MatchFound",
    "MatchRejected",
    "MatchingError",
    "Membership",
    "NotMeasured",
    "Outcome",
    "Override",
    "PassApplication",
    "PassColour",
    "PassDecided",
    "PassDecision",
    "PassIssued",
    "PassRevoked",
    "PassState",
    "PeriodChange",
    "Person",
    "PersonChanged",
    "PersonEnrolled",
    "PersonErased",
    "PersonLeft",
    "PersonName",
    "PersonalText",
    "Phone",
    "PlainDataError",
    "Plate",
    "Policy",
    "PolicyError",
    "QuarantineChanged",
    "QuarantineOrdered",
    "QuarantinePeriod",
    "QuarantineSetting",
    "Reconciliation",
    "RegionCode",
    "Registered",
    "Registration",
    "RegistrationSource",
    "Relation",
    "Relationship",
    "RelationshipRecorded",
    "ReleaseSigned",
    "Residence",
    "ResidentId",
    "Restricts",
    "Return",
    "RevocationCause",
    "Role",
    "Route",
    "RuleFailed",
    "RuleLoadError",
    "ShortageError",
    "Site",
    "Situation",
    "Standing",
    "TakenError",
    "Tenancy",
    "TimeSpan",
    "Traffic",
    "Traveller",
    "UnknownIdError",
    "Vehicle",
    "Verdict",
    "WatchEnded",
    "WatchListed",
    "from_plain",
    "reconcile",
    "restricted_spans",
    "to_plain",
]
