"""A state as plain data and back, so that it need not be added up again from the first fact.

All of it is personal. What stands here follows what :class:`State` holds; a test finds what is missing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

from epiguard.duties import Alert, Duty, DutyState, Outcome
from epiguard.errors import PlainDataError
from epiguard.facts import LeaveGranted, WatchListed
from epiguard.identifiers import Plate, RegionCode
from epiguard.passes import ExitPass
from epiguard.people import Household, Person, Relationship
from epiguard.places import Direction, Site
from epiguard.plain import from_plain, instant_in, instant_out, structure, to_plain, unstructure
from epiguard.quarantine import QuarantinePeriod
from epiguard.registrations import Registration
from epiguard.situation._standing import PastCrossing
from epiguard.situation._state import DutyStatus, State

__all__ = ["SNAPSHOT_VERSION", "freeze", "thaw"]

#: Raised by one whenever :class:`State` holds something else, or the same facts add up to something else.
SNAPSHOT_VERSION = 2

T = TypeVar("T")

#: One of a kind by its id.
_VALUES: dict[str, type[Any]] = {
    "people": Person,
    "households": Household,
    "registrations": Registration,
    "periods": QuarantinePeriod,
    "passes": ExitPass,
    "revoked": ExitPass,
    "alerts": Alert,
}
#: Several of a kind by whom they are about.
_ROWS: dict[str, type[Any]] = {
    "relationships": Relationship,
    "leaves_of": LeaveGranted,
    "watches_of": WatchListed,
}
#: Text by text.
_TEXTS = ("household_of", "links", "lost_by")
#: Several texts, each once and in their order, by text.
_NAMES = ("homes_of", "forms_of", "periods_of", "passes_of", "duties_of")


def freeze(state: State) -> dict[str, Any]:
    """A state as JSON-able data."""
    held: dict[str, Any] = {
        name: [[key, unstructure(each)] for key, each in getattr(state, name).items()] for name in _VALUES
    }
    for name in _ROWS:
        held[name] = [[key, [unstructure(each) for each in row]] for key, row in _filled(state, name)]
    for name in _NAMES:
        held[name] = [[key, list(row)] for key, row in _filled(state, name)]
    held |= {name: dict(getattr(state, name)) for name in _TEXTS}
    return held | {
        "gone": [[key, _out(at)] for key, at in state.gone.items()],
        "confirmed": sorted(state.confirmed),
        "rejected": sorted(map(list, state.rejected)),
        "watch_ends_of": [[key, [_out(at) for at in row]] for key, row in _filled(state, "watch_ends_of")],
        "watched_plates": [[key.value, list(row)] for key, row in state.watched_plates.items() if row],
        "crossings_of": [
            [key, [_past_out(each) for each in row]] for key, row in _filled(state, "crossings_of")
        ],
        "duties": [[key, _status_out(each)] for key, each in state.duties.items()],
        "alerts_closed": sorted(state.alerts_closed),
        "notes_of": [[key, [to_plain(each) for each in row]] for key, row in _filled(state, "notes_of")],
    }


def thaw(site: Site, held: Mapping[str, Any]) -> State:
    """The state that :func:`freeze` was given.

    Args:
        site: Of the state.
        held: As it was given.

    Raises:
        PlainDataError: If the data are something else.
    """
    state = State(site)
    try:
        _fill(state, held)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise PlainDataError("snapshot", expected="what a state holds", got="something else") from None
    return state


def _fill(state: State, held: Mapping[str, Any]) -> None:
    for name, kind in _VALUES.items():
        getattr(state, name).update((key, structure(data, kind, name)) for key, data in held[name])
    for name, kind in _ROWS.items():
        _take_rows(state, name, held, partial(structure, kind=kind, where=name))
    state.relationships = {key: tuple(row) for key, row in state.relationships.items()}
    for name in _NAMES:
        getattr(state, name).update((key, dict.fromkeys(row)) for key, row in held[name])
    for name in _TEXTS:
        getattr(state, name).update(held[name])
    state.gone.update((key, _in(at)) for key, at in held["gone"])
    state.confirmed.update(held["confirmed"])
    state.rejected.update((form, person) for form, person in held["rejected"])
    _take_rows(state, "watch_ends_of", held, _in)
    state.watched_plates.update((Plate(key), dict.fromkeys(row)) for key, row in held["watched_plates"])
    _take_rows(state, "crossings_of", held, _past_in)
    state.duties.update((key, _status_in(data)) for key, data in held["duties"])
    state.alerts_closed.update(held["alerts_closed"])
    _take_rows(state, "notes_of", held, from_plain)


def _filled(state: State, name: str) -> Iterable[tuple[str, Any]]:
    # Looking for what is not there leaves an empty row behind, which means nothing.
    return ((key, row) for key, row in getattr(state, name).items() if row)


def _take_rows(state: State, name: str, held: Mapping[str, Any], read: Callable[[Any], Any]) -> None:
    getattr(state, name).update((key, [read(data) for data in row]) for key, row in held[name])


def _out(at: datetime | None) -> str | None:
    return None if at is None else instant_out(at)


def _in(at: str | None) -> datetime | None:
    return None if at is None else instant_in(at)


_DIRECTIONS = {each.value: each for each in Direction}


def _past_out(past: PastCrossing) -> list[Any]:
    region = past.returning_from
    return [
        instant_out(past.at),
        past.day.isoformat(),
        past.direction.value,
        past.checkpoint,
        past.decision,
        past.spent_exit,
        past.claims,
        past.leave_frees,
        None if region is None else region.value,
        None if past.returned_on is None else past.returned_on.isoformat(),
    ]


def _past_in(data: list[Any]) -> PastCrossing:
    at, day, direction, checkpoint, decision, spent, claims, leave_frees, region, returned_on = data
    return PastCrossing(
        at=instant_in(at),
        day=date.fromisoformat(day),
        direction=_DIRECTIONS[direction],
        checkpoint=checkpoint,
        decision=decision,
        spent_exit=spent,
        claims=tuple(claims),
        leave_frees=tuple(leave_frees),
        returning_from=None if region is None else RegionCode(region),
        returned_on=None if returned_on is None else date.fromisoformat(returned_on),
    )


def _status_out(status: DutyStatus) -> list[Any]:
    attempts = [[_out(at), outcome.value] for at, outcome in status.attempts]
    duty = unstructure(status.duty)
    return [duty, status.state.value, attempts, _out(status.opened_at), _out(status.settled_at)]


def _status_in(data: list[Any]) -> DutyStatus:
    duty, state, attempts, opened_at, settled_at = data
    return DutyStatus(
        duty=structure(duty, Duty, "duties"),
        state=DutyState(state),
        attempts=tuple((_in(at), Outcome(outcome)) for at, outcome in attempts),
        opened_at=_in(opened_at),
        settled_at=_in(settled_at),
    )
