"""The work of a committee, beyond the gate: whom to call, what to bring, to tell, to hand out, to look at.

Every part is made the same way: facts of its own kinds go into the ledger, pure functions add up what they
say, and what is owed is a :class:`epiguard.Duty` like any other.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from epiguard.facts import FACT_KINDS

if TYPE_CHECKING:
    from epiguard.work._alert_cases import (
        AlertAssigned,
        AlertCase,
        AlertEscalated,
        EscalationPlan,
        Level,
        Severity,
        Team,
        close_case,
        escalations,
        late_alerts,
        nearest_free,
        open_cases,
    )
    from epiguard.work._assignment import Progress, assign, progress_of, units_of
    from epiguard.work._businesses import (
        Business,
        BusinessRecorded,
        BusinessStatus,
        TradeForbidden,
        TradePermitted,
        business_register,
    )
    from epiguard.work._calls import Call, calls_of, one_call
    from epiguard.work._commitments import (
        ESSENTIALS,
        CommitmentBreached,
        CommitmentSigned,
        ObjectionRaised,
        ObjectionRejected,
        SanctionHistory,
        SanctionImposed,
        SanctionWithdrawn,
        benefits_withheld,
        sanctions_of,
        signed_by,
        unsigned,
    )
    from epiguard.work._contacts import (
        CheckState,
        ContactState,
        HealthReported,
        contacts_of,
        health_checks,
        health_days,
    )
    from epiguard.work._delivery import (
        Delivery,
        DeliveryFinished,
        DeliveryKind,
        DeliveryOutcome,
        DeliveryStarted,
        in_doubt,
        outbox,
        tried_channels,
    )
    from epiguard.work._leases import (
        Lease,
        LeaseExtended,
        LeaseRecorded,
        LeaseStatus,
        extend_leases,
        leases_of,
    )
    from epiguard.work._movements import (
        Contradiction,
        MovementDeclared,
        StatementTaken,
        Teller,
        contradictions,
        expected_returns,
        is_announced,
        last_movements,
    )
    from epiguard.work._needs import Need, NeedReported
    from epiguard.work._notices import (
        DOOR,
        EVERYBODY,
        LOUDSPEAKER,
        Notice,
        NoticeIssued,
        NoticeReceived,
        NoticeWithdrawn,
        Receipt,
        Unreached,
        audience_of,
        hand_notices,
        notices_of,
        reachable_by,
        receipts_of,
        unreached,
    )
    from epiguard.work._recurrence import Recurrence
    from epiguard.work._rosters import (
        RosterFinding,
        RosterPosted,
        Shift,
        plan_shifts,
        posted_shifts,
        roster_findings,
        round_duties,
    )
    from epiguard.work._split import Split, Unit, split
    from epiguard.work._statistics import MonthOnMonth, StatedPopulation, alarms_by_month, suppress
    from epiguard.work._supplies import (
        HandOutWithdrawn,
        RoundOpened,
        SuppliesHandedOut,
        SuppliesReceived,
        SupplyRound,
        entitlement,
        hand_out,
        served,
        unserved,
    )

#: The modules, and what each offers here. One is loaded when something of it is first asked for: a gate that
#: decides hands out no masks.
_OFFERED = {
    "_alert_cases": (
        "AlertAssigned AlertCase AlertEscalated EscalationPlan Level Severity Team close_case escalations "
        "late_alerts nearest_free open_cases"
    ),
    "_assignment": "Progress assign progress_of units_of",
    "_businesses": (
        "Business BusinessRecorded BusinessStatus TradeForbidden TradePermitted business_register"
    ),
    "_calls": "Call calls_of one_call",
    "_commitments": (
        "ESSENTIALS CommitmentBreached CommitmentSigned ObjectionRaised ObjectionRejected SanctionHistory "
        "SanctionImposed SanctionWithdrawn benefits_withheld sanctions_of signed_by unsigned"
    ),
    "_contacts": "CheckState ContactState HealthReported contacts_of health_checks health_days",
    "_delivery": (
        "Delivery DeliveryFinished DeliveryKind DeliveryOutcome DeliveryStarted in_doubt outbox "
        "tried_channels"
    ),
    "_leases": "Lease LeaseExtended LeaseRecorded LeaseStatus extend_leases leases_of",
    "_movements": (
        "Contradiction MovementDeclared StatementTaken Teller contradictions expected_returns "
        "is_announced last_movements"
    ),
    "_needs": "Need NeedReported",
    "_notices": (
        "DOOR EVERYBODY LOUDSPEAKER Notice NoticeIssued NoticeReceived NoticeWithdrawn Receipt Unreached "
        "audience_of hand_notices notices_of reachable_by receipts_of unreached"
    ),
    "_recurrence": "Recurrence",
    "_rosters": "RosterFinding RosterPosted Shift plan_shifts posted_shifts roster_findings round_duties",
    "_split": "Split Unit split",
    "_statistics": "MonthOnMonth StatedPopulation alarms_by_month suppress",
    "_supplies": (
        "HandOutWithdrawn RoundOpened SuppliesHandedOut SuppliesReceived SupplyRound entitlement hand_out "
        "served unserved"
    ),
}
#: The facts each records. They are known by name all the same, so that any record of them can be read.
_FACTS = {
    "_alert_cases": "alert-assigned alert-escalated",
    "_businesses": "business-recorded trade-forbidden trade-permitted",
    "_commitments": (
        "commitment-breached commitment-signed objection-raised objection-rejected sanction-imposed "
        "sanction-withdrawn"
    ),
    "_contacts": "health-reported",
    "_notices": "notice-issued notice-received notice-withdrawn",
    "_delivery": "delivery-finished delivery-started",
    "_leases": "lease-extended lease-recorded",
    "_movements": "movement-declared statement-taken",
    "_needs": "need-reported",
    "_rosters": "roster-posted",
    "_supplies": "hand-out-withdrawn round-opened supplies-handed-out supplies-received",
}
_MODULE_OF = {name: module for module, names in _OFFERED.items() for name in names.split()}

for _module, _kinds in _FACTS.items():
    FACT_KINDS.promise(_kinds.split(), f"{__name__}.{_module}")


def __getattr__(name: str) -> object:
    if name not in _MODULE_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = globals()[name] = getattr(import_module(f"{__name__}.{_MODULE_OF[name]}"), name)
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


__all__ = [
    "DOOR",
    "ESSENTIALS",
    "EVERYBODY",
    "LOUDSPEAKER",
    "AlertAssigned",
    "AlertCase",
    "AlertEscalated",
    "Business",
    "BusinessRecorded",
    "BusinessStatus",
    "Call",
    "CheckState",
    "CommitmentBreached",
    "CommitmentSigned",
    "ContactState",
    "Contradiction",
    "Delivery",
    "DeliveryFinished",
    "DeliveryKind",
    "DeliveryOutcome",
    "DeliveryStarted",
    "EscalationPlan",
    "HandOutWithdrawn",
    "HealthReported",
    "Lease",
    "LeaseExtended",
    "LeaseRecorded",
    "LeaseStatus",
    "Level",
    "MonthOnMonth",
    "MovementDeclared",
    "Need",
    "NeedReported",
    "Notice",
    "NoticeIssued",
    "NoticeReceived",
    "NoticeWithdrawn",
    "ObjectionRaised",
    "ObjectionRejected",
    "Progress",
    "Receipt",
    "Recurrence",
    "RosterFinding",
    "RosterPosted",
    "RoundOpened",
    "SanctionHistory",
    "SanctionImposed",
    "SanctionWithdrawn",
    "Severity",
    "Shift",
    "Split",
    "StatedPopulation",
    "StatementTaken",
    "SuppliesHandedOut",
    "SuppliesReceived",
    "SupplyRound",
    "Team",
    "Teller",
    "TradeForbidden",
    "TradePermitted",
    "Unit",
    "Unreached",
    "alarms_by_month",
    "assign",
    "audience_of",
    "benefits_withheld",
    "business_register",
    "calls_of",
    "close_case",
    "contacts_of",
    "contradictions",
    "entitlement",
    "escalations",
    "expected_returns",
    "extend_leases",
    "hand_notices",
    "hand_out",
    "health_checks",
    "health_days",
    "in_doubt",
    "is_announced",
    "last_movements",
    "late_alerts",
    "leases_of",
    "nearest_free",
    "notices_of",
    "one_call",
    "open_cases",
    "outbox",
    "plan_shifts",
    "posted_shifts",
    "progress_of",
    "reachable_by",
    "receipts_of",
    "roster_findings",
    "round_duties",
    "sanctions_of",
    "served",
    "signed_by",
    "split",
    "suppress",
    "tried_channels",
    "units_of",
    "unreached",
    "unserved",
    "unsigned",
]
