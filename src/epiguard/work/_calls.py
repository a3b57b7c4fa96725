"""Calls: several duties towards one addressee are one call, and each keeps an attempt of its own."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import attrs

from epiguard.duties import DutyState, Outcome, Route
from epiguard.errors import InvalidValueError
from epiguard.facts import DutyAttempted
from epiguard.fields import as_member
from epiguard.situation import DutyStatus

__all__ = ["Call", "calls_of", "one_call"]

_LAST = datetime.max.replace(tzinfo=UTC)


@attrs.frozen(kw_only=True)
class Call:
    """What is to be said to one addressee at once.

    Attributes:
        addressee: Whom: the duties' contact, else their subject.
        route: How; at the door where one of them needs the door.
        duties: The open duties, the most urgent first.
    """

    addressee: str
    route: Route | None
    duties: tuple[DutyStatus, ...]

    @property
    def due(self) -> datetime | None:
        """When the most urgent of them is due."""
        return self.duties[0].due


def calls_of(duties: Iterable[DutyStatus]) -> list[Call]:
    """The open duties by whom they address and who is to do them: a landlord of three tenants is called once.

    Args:
        duties: Of any states; only open ones are taken.

    Returns:
        The most urgent call first.
    """
    grouped: dict[tuple[str, str | None], list[DutyStatus]] = {}
    for each in duties:
        if each.state is DutyState.OPEN:
            grouped.setdefault((each.contact or each.subject, each.assignee), []).append(each)
    calls = []
    for (addressee, _), group in grouped.items():
        ordered = tuple(sorted(group, key=_urgency))
        routes = {each.route for each in ordered}
        route = Route.DOOR if Route.DOOR in routes else next(iter(routes - {None}), None)
        calls.append(Call(addressee=addressee, route=route, duties=ordered))
    return sorted(calls, key=lambda call: (*_urgency(call.duties[0]), call.addressee))


def _urgency(status: DutyStatus) -> tuple[datetime, str]:
    return (status.due.astimezone(UTC) if status.due is not None else _LAST, status.id)


def one_call(
    duties: Iterable[str], outcome: Outcome | str, *, call: str, at: datetime | None = None, note: str = ""
) -> list[DutyAttempted]:
    """The attempts that one call makes: one for each duty, so that nobody's is lost with another's.

    Record them together, with ``Ledger.record_all``. Where the call settled only some of its duties, make two
    lists with the same ``call``.

    Args:
        duties: Ids of the duties it was about.
        outcome: What came of it.
        call: An id of the call's own, which tells them from other calls.
        at: When.
        note: What is worth keeping of it.

    Raises:
        InvalidValueError: If no duty is named, or one twice.
    """
    named = tuple(duties)
    if not named or len(set(named)) != len(named):
        raise InvalidValueError(
            "one_call(duties)",
            expected="the ids of the duties the call was about, each once",
            got="none" if not named else "one twice",
            do="take them from Call.duties",
        )
    told = as_member(Outcome, outcome, "one_call(outcome)")
    return [DutyAttempted(duty=each, outcome=told, note=note, call=call, at=at) for each in named]
