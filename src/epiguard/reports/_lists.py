"""The working lists of a day, with personal data in full: without it nobody can be phoned."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from epiguard.decisions import Decision
from epiguard.fields import instant
from epiguard.reports import _community_lists, _duty_lists, _form_lists, _gap_lists, _record_lists
from epiguard.reports._cells import Record
from epiguard.reports._line_list import line_list
from epiguard.reports._observation import moment_of
from epiguard.reports._sheet import Sheet
from epiguard.situation import State

if TYPE_CHECKING:  # see _returnees
    from epiguard.reconciliation import Reconciliation

__all__ = ["day_lists", "helper_list"]


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
    ``contradictory`` (错登), ``not-in-register``, ``matched``, ``line-list``, ``periods``, ``screening``,
    ``expected-returns``, ``alerts``, ``decisions``, ``not-reached`` (of notices), ``not-served`` (of
    supplies), ``not-signed``, ``sanctions`` and ``roster``.

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
        line_list(record),
        _record_lists.periods(record),
        _duty_lists.screening(record),
        _community_lists.expected(record),
        _record_lists.alerts(record),
        _record_lists.decided(record, decisions),
        _community_lists.not_reached(record),
        _community_lists.not_served(record),
        _community_lists.not_signed(record),
        _community_lists.sanctioned(record),
        _community_lists.roster(record),
    )


def helper_list(state: State, helper: str, *, day: date, now: datetime) -> Sheet:
    """The call list of one helper: what they are to do, and nobody else's.

    Args:
        state: The sum of the site's facts; it is only read.
        helper: Their pseudonymous id, as duties are assigned to it.
        day: The site's day.
        now: As of when.

    Raises:
        ExportError: If the day has not begun.
    """
    instant("helper_list(now=)")(None, None, now)
    moment_of(state.site, day, now)
    return _duty_lists.call_list(Record(state=state, day=day, now=now), helper=helper)
