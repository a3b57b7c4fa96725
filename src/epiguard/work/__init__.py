"""The work of a committee, beyond the gate: whom to call, what to bring, to tell, to hand out, to look at.

Every part is made the same way: facts of its own kinds go into the ledger, pure functions add up what they
say, and what is owed is a :class:`epiguard.Duty` like any other.
"""

from __future__ import annotations

from epiguard.work._calls import Call, calls_of, one_call
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
from epiguard.work._notices import (
    Notice,
    NoticeIssued,
    NoticeReceived,
    NoticeWithdrawn,
    Receipt,
    Unreached,
    audience_of,
    hand_notices,
    notices_of,
    receipts_of,
    unreached,
)
from epiguard.work._recurrence import Recurrence

__all__ = [
    "Call",
    "Delivery",
    "DeliveryFinished",
    "DeliveryKind",
    "DeliveryOutcome",
    "DeliveryStarted",
    "Notice",
    "NoticeIssued",
    "NoticeReceived",
    "NoticeWithdrawn",
    "Receipt",
    "Recurrence",
    "Unreached",
    "audience_of",
    "calls_of",
    "hand_notices",
    "in_doubt",
    "notices_of",
    "one_call",
    "outbox",
    "receipts_of",
    "tried_channels",
    "unreached",
]
