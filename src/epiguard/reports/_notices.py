"""Who has got the notices, and who has not."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from epiguard.fields import FrozenMapping
from epiguard.situation import State
from epiguard.work import Receipt, audience_of, in_doubt, notices_of, receipts_of

__all__ = ["NoticeFigures", "Notices", "notice_figures"]


@attrs.frozen(kw_only=True)
class NoticeFigures:
    """One notice, or all: audience = received + unreached; those who read it received it."""

    audience: int = 0
    received: int = 0
    read: int = 0
    unreached: int = 0


@attrs.frozen(kw_only=True)
class Notices:
    """Figures about the notices that hold; what each means stands in ``DailyReport.definitions``."""

    issued: int = 0
    in_doubt: int = 0
    audience: int = 0
    received: int = 0
    read: int = 0
    unreached: int = 0
    by_notice: Mapping[str, NoticeFigures] = attrs.field(factory=FrozenMapping)


def notice_figures(state: State, now: datetime) -> Notices:
    """Count the recipients of every notice that holds.

    Args:
        state: The sum of the facts.
        now: On whose day households are looked at.
    """
    found: dict[str, NoticeFigures] = {}
    audiences: dict[tuple[str, ...], tuple[str, ...]] = {}
    for notice, _ in notices_of(state).values():
        if notice.audience not in audiences:
            audiences[notice.audience] = audience_of(state, notice, now)
        audience, known = audiences[notice.audience], receipts_of(state, notice.id)
        received = [known[each] for each in audience if each in known]
        found[notice.id] = NoticeFigures(
            audience=len(audience),
            received=len(received),
            read=sum(Receipt.READ in each.values() for each in received),
            unreached=len(audience) - len(received),
        )
    return Notices(
        issued=len(found),
        in_doubt=len(in_doubt(state)),
        audience=sum(each.audience for each in found.values()),
        received=sum(each.received for each in found.values()),
        read=sum(each.read for each in found.values()),
        unreached=sum(each.unreached for each in found.values()),
        by_notice=FrozenMapping(found),
    )
