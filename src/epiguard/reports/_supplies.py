"""What was handed out, to whom not yet, and what is left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import attrs

from epiguard.fields import FrozenMapping
from epiguard.reports._counts import NO_COUNTS, frozen
from epiguard.situation import State
from epiguard.work import served, supply_rounds, unserved

__all__ = ["RoundFigures", "Supplies", "supply_figures"]


@attrs.frozen(kw_only=True)
class RoundFigures:
    """One round of handing out, or all: households, and whoever belongs to none."""

    served: int = 0
    unserved: int = 0
    handed_out: int = 0


@attrs.frozen(kw_only=True)
class Supplies:
    """Figures about supplies; what each means stands in ``DailyReport.definitions``."""

    rounds: int = 0
    served: int = 0
    unserved: int = 0
    handed_out: int = 0
    by_round: Mapping[str, RoundFigures] = attrs.field(factory=FrozenMapping)
    in_stock: Mapping[str, int] = attrs.field(default=NO_COUNTS, converter=frozen)


def supply_figures(state: State, now: datetime) -> Supplies:
    """Count the rounds on record.

    Args:
        state: The sum of the facts.
        now: On whose day households are looked at.
    """
    found: dict[str, RoundFigures] = {}
    for each in supply_rounds(state):
        had = served(state, each.id)
        missing = unserved(state, each.id, now)
        found[each.id] = RoundFigures(served=len(had), unserved=len(missing), handed_out=sum(had.values()))
    return Supplies(
        rounds=len(found),
        served=sum(each.served for each in found.values()),
        unserved=sum(each.unserved for each in found.values()),
        handed_out=sum(each.handed_out for each in found.values()),
        by_round=FrozenMapping(found),
        in_stock=dict(sorted(state.stocks.items())),
    )
