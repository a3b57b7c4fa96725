"""Alarms of this month and the month before it, with the base of every change named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import attrs

from epiguard.reports._counts import NO_COUNTS, frozen
from epiguard.work import MonthOnMonth

__all__ = ["Months", "month_figures"]


@attrs.frozen(kw_only=True)
class Months:
    """Alarms by month; nothing where nobody counted them.

    A percentage of a month that had none is nothing, too.
    """

    this_month: int | None = None
    month_before: int | None = None
    of_month_before: float | None = None
    of_this_month: float | None = None
    by_month: Mapping[str, int] = attrs.field(default=NO_COUNTS, converter=frozen)


def month_figures(alarms: Mapping[str, int] | None, day: date) -> Months:
    """Compare the month of a day with the one before it.

    Args:
        alarms: Month, such as ``"2020-02"``, to how many there were; nothing where nobody counted.
        day: The site's day.
    """
    if alarms is None:
        return Months()
    before = f"{day.replace(day=1) - timedelta(days=1):%Y-%m}"
    change = MonthOnMonth(before=alarms.get(before, 0), after=alarms.get(f"{day:%Y-%m}", 0))
    return Months(
        this_month=change.after,
        month_before=change.before,
        of_month_before=_rounded(change.of_before),
        of_this_month=_rounded(change.of_after),
        by_month=dict(sorted(alarms.items())),
    )


def _rounded(percent: float | None) -> float | None:
    return None if percent is None else round(percent, 1)
