"""The working lists of a day, with personal data in full: without it nobody can be phoned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from epiguard.decisions import Decision
from epiguard.fields import instant
from epiguard.reports import _duty_lists, _form_lists, _gap_lists, _record_lists
from epiguard.reports._cells import Record
from epiguard.reports._observation import moment_of
from epiguard.reports._sheet import Sheet
from epiguard.situation import State

if TYPE_CHECKING:  # see _returnees
    from epiguard.reconciliation import Reconciliation

__all__ = ["day_lists"]


def day_lists(
    state: State,
    *,
    day: date,
    now: datetime,
    reconciliation: Reconciliation | None = None,
    decisions: Iterable[Decision] = (),
) -> tuple[Sheet, ...]:
    """Make the lists people work from, each possibly empty, always in the same order.

    What must be done now comes first: ``call-list``, ``to-confirm``, ``unregistered`` (漏登),
    ``contradictory`` (错登), ``not-in-register``, ``matched``, ``periods``, ``screening``, ``alerts`` and
    ``decisions``.

    Args:
        state: The sum of the site's facts; it is only read.
        day: The site's day.
        now: As of when.
        reconciliation: Forms against register and gate log; without it its lists are empty.
        decisions: Of the gates, of any days.

    Raises:
        ExportError: If the day has not begun.
    """
    instant("day_lists(now=)")(None, None, now)
    moment_of(state.site, day, now)
    record = Record(state=state, day=day, now=now, reconciliation=reconciliation)
    return (
        _duty_lists.call_list(record),
        _form_lists.to_confirm(record),
        _gap_lists.unregistered(record),
        _gap_lists.contradictory(record),
        _form_lists.not_in_register(record),
        _form_lists.matched(record),
        _record_lists.periods(record),
        _duty_lists.screening(record),
        _record_lists.alerts(record),
        _record_lists.decided(record, decisions),
    )
