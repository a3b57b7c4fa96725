"""Keep an epidemic out of a community.

Three questions, asked of one record of what happened:
*may they pass?* (:class:`Policy`, :class:`Ledger`), *who is this?* (:mod:`epiguard.matching`,
:func:`reconcile`) and *what must be done now?* (duties, alerts, :mod:`epiguard.reports`).
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from epiguard.crossings import CodeColour, CodeNotShown, Crossing, NotMeasured, Role, Traveller, Vehicle
    from epiguard.days import DayCount, DaySpan, TimeSpan
    from epiguard.decisions import Claim, Decision, Effect, Override, PassDecision, Restricts, Verdict
    from epiguard.doors import CardHolders
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
        FreeText,
        PersonalText,
        PersonName,
        Phone,
        Plate,
        RegionCode,
        Residence,
        ResidentId,
        known_regions,
    )
    from epiguard.ledger import Ledger
    from epiguard.passes import ExitPass, PassApplication, PassColour, PassState, RevocationCause
    from epiguard.people import Household, Membership, Person, Relation, Relationship, Tenancy
    from epiguard.places import Checkpoint, CheckpointKind, Direction, Lane, Site, Traffic
    from epiguard.plain import from_plain, to_plain
    from epiguard.policy import Explanation, Policy
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
    from epiguard.reconciliation import Reconciliation, reconcile
    from epiguard.registrations import Registration, RegistrationSource
    from epiguard.situation import Situation, Standing

    __version__: str

#: The parts of the library, and what each offers here. A part is loaded when something of it is first asked
#: for: a gate that decides loads no ledger, a script that reads registrations no rules.
_OFFERED = {
    "crossings": "CodeColour CodeNotShown Crossing NotMeasured Role Traveller Vehicle",
    "days": "DayCount DaySpan TimeSpan",
    "decisions": "Claim Decision Effect Override PassDecision Restricts Verdict",
    "doors": "CardHolders",
    "duties": "Alert Duty DutyState Outcome Route",
    "errors": (
        "EpiguardError ExportError IntakeError InvalidValueError LedgerError MatchingError "
        "PlainDataError PolicyError RuleLoadError ShortageError TakenError UnknownIdError"
    ),
    "facts": (
        "AlertClosed AlertRaised CardHolderNamed ClaimContested CrossingDecided CrossingObserved "
        "DataExpired DecisionCancelled "
        "DutyAssigned DutyAttempted DutyClosed DutyOpened ExportMade Fact HouseholdRecorded LeaveGranted "
        "MatchConfirmed MatchFound MatchRejected PassDecided PassIssued PassRevoked PersonChanged "
        "PersonEnrolled PersonErased PersonLeft QuarantineChanged QuarantineOrdered Registered "
        "RelationshipRecorded ReleaseSigned RuleFailed WatchEnded WatchListed"
    ),
    "identifiers": (
        "CardNumber Document FreeText PersonalText PersonName Phone Plate RegionCode Residence ResidentId "
        "known_regions"
    ),
    "ledger": "Ledger",
    "passes": "ExitPass PassApplication PassColour PassState RevocationCause",
    "people": "Household Membership Person Relation Relationship Tenancy",
    "places": "Checkpoint CheckpointKind Direction Lane Site Traffic",
    "plain": "from_plain to_plain",
    "policy": "Policy Explanation",
    "quarantine": (
        "Anchor Contact EndCause Exposure PeriodChange QuarantinePeriod QuarantineSetting Return "
        "restricted_spans"
    ),
    "registrations": "Registration RegistrationSource",
    "situation": "Situation Standing",
    "reconciliation": "Reconciliation reconcile",
}
_PART_OF = {name: part for part, names in _OFFERED.items() for name in names.split()}


def __getattr__(name: str) -> object:
    if name in _PART_OF:
        value = getattr(import_module(f"epiguard.{_PART_OF[name]}"), name)
    elif name in _OFFERED:
        value = import_module(f"epiguard.{name}")
    elif name == "__version__":
        value = _version()
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _version() -> str:
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415 - few ask for it

    try:
        return version("epiguard")
    except PackageNotFoundError:  # a source tree that was not installed
        return "0+unknown"


__all__ = [
    "Alert",
    "AlertClosed",
    "AlertRaised",
    "Anchor",
    "CardHolderNamed",
    "CardHolders",
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
    "FreeText",
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
    "known_regions",
    "reconcile",
    "restricted_spans",
    "to_plain",
]
