"""A state as text and back, so that it need not be added up again from the first fact.

All of it is personal. What stands here follows what :class:`State` holds; a test finds what is missing.
Each value stands on a line of its own and is read only when somebody asks for it, so that fetching a state
takes as long as reading the text, whatever is in it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from functools import partial
from typing import Any, TypeVar

import attrs

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
from epiguard.situation._duty_status import DutyStatus
from epiguard.situation._long_over import LongOver
from epiguard.situation._standing import PastCrossing
from epiguard.situation._state import State
from epiguard.situation._thawing import Thawing

__all__ = ["SNAPSHOT_VERSION", "freeze", "thaw"]

#: Raised by one whenever :class:`State` holds something else, or the same facts add up to something else.
SNAPSHOT_VERSION = 7

T = TypeVar("T")

_WRITE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False).encode

#: Begins the line that names what follows; no line of a value begins with it.
_MARK = "#"


@attrs.frozen
class _Held:
    """How one mapping of a state is written and read, value by value.

    Attributes:
        out: A value as plain data.
        make: The value of plain data.
        empty: What stands for a key that is not there, where something does.
    """

    out: Callable[[Any], Any]
    make: Callable[[Any], Any]
    empty: Callable[[], Any] | None = None


def _one(kind: type[Any], name: str) -> _Held:
    return _Held(unstructure, partial(structure, kind=kind, where=name))


def _rows(
    out: Callable[[Any], Any], make: Callable[[Any], Any], empty: Callable[[], Any] | None = list
) -> _Held:
    return _Held(lambda row: [out(each) for each in row], lambda data: [make(each) for each in data], empty)


def _related_in(data: list[Any]) -> tuple[Relationship, ...]:
    return tuple(structure(each, Relationship, "relationships") for each in data)


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


_NAMES = _Held(list, dict.fromkeys, dict)

#: What may be long, by the attribute of a state.
_LONG: dict[str, _Held] = {
    "people": _one(Person, "people"),
    "households": _one(Household, "households"),
    "registrations": _one(Registration, "registrations"),
    "periods": _one(QuarantinePeriod, "periods"),
    "passes": _one(ExitPass, "passes"),
    "revoked": _one(ExitPass, "revoked"),
    "alerts": _one(Alert, "alerts"),
    "duties": _Held(_status_out, _status_in),
    "relationships": _Held(lambda row: [unstructure(each) for each in row], _related_in),
    "leaves_of": _rows(unstructure, partial(structure, kind=LeaveGranted, where="leaves_of")),
    "watches_of": _rows(unstructure, partial(structure, kind=WatchListed, where="watches_of")),
    "watch_ends_of": _rows(_out, _in),
    "crossings_of": _rows(_past_out, _past_in),
    "notes_of": _rows(to_plain, from_plain),
    "homes_of": _NAMES,
    "forms_of": _NAMES,
    "periods_of": _NAMES,
    "passes_of": _NAMES,
    "duties_of": _NAMES,
}
#: Text, or a number, by text.
_TEXTS = ("household_of", "links", "lost_by", "stocks")
#: Texts, each once.
_SETS = ("confirmed", "alerts_closed", "cancelled", "closing")


def freeze(state: State) -> str:
    """A state as text."""
    return "\n".join(_lines(state))


def _lines(state: State) -> Iterator[str]:
    yield _MARK + _WRITE(_short(state))
    for name, held in _LONG.items():
        yield _MARK + name
        mapping = getattr(state, name)
        lazy = mapping if isinstance(mapping, Thawing) else None
        for key in mapping:
            text = lazy.frozen(key) if lazy is not None else None
            if text is None:
                value = mapping[key]
                # Looking for what is not there leaves an empty row behind, which means nothing.
                if held.empty is not None and not value:
                    continue
                text = _WRITE(held.out(value))
            yield f"{_WRITE(key)}\t{text}"


def _short(state: State) -> dict[str, Any]:
    return {
        **{name: getattr(state, name) for name in _TEXTS},
        **{name: sorted(getattr(state, name)) for name in _SETS},
        "gone": [[key, _out(at)] for key, at in state.gone.items()],
        "rejected": sorted(map(list, state.rejected)),
        "watched_plates": [[key.value, list(row)] for key, row in state.watched_plates.items() if row],
        "contested": [
            [key, [[each, _out(at)] for each, at in row.items()]] for key, row in state.contested.items()
        ],
        "settled": [[key, at.isoformat()] for key, at in state.settled.items()],
        "long_over": state.long_over.to_text(),
        "clocks": state.clocks.to_plain(),
    }


def thaw(site: Site, text: str) -> State:
    """The state that :func:`freeze` was given.

    Args:
        site: Of the state.
        text: As it was given. What a value says is looked at when it is asked for: whoever kept the text says
            whether it is the same still.

    Raises:
        PlainDataError: If the text is something else.
    """
    state = State(site)
    try:
        _fill(state, text)
    except (AttributeError, KeyError, TypeError, ValueError):
        raise PlainDataError("snapshot", expected="what a state holds", got="something else") from None
    return state


def _fill(state: State, text: str) -> None:
    lines = iter(text.split("\n"))
    _fill_short(state, json.loads(next(lines, "").removeprefix(_MARK)))
    rows: dict[str, list[tuple[str, str]]] = {}
    for line in lines:
        if line.startswith(_MARK):
            current = rows.setdefault(line.removeprefix(_MARK), [])
        else:
            key, _, value = line.partition("\t")
            current.append((json.loads(key), value))
    if list(rows) != list(_LONG):
        raise ValueError
    for name, held in _LONG.items():
        setattr(state, name, Thawing(rows[name], partial(_read, held.make), held.empty))


def _read(make: Callable[[Any], T], text: str) -> T:
    try:
        return make(json.loads(text))
    except (AttributeError, KeyError, TypeError, ValueError):
        raise PlainDataError("snapshot", expected="what a state holds", got="something else") from None


def _fill_short(state: State, held: Mapping[str, Any]) -> None:
    for name in _TEXTS:
        getattr(state, name).update(held[name])
    for name in _SETS:
        getattr(state, name).update(held[name])
    state.gone.update((key, _in(at)) for key, at in held["gone"])
    state.rejected.update((form, person) for form, person in held["rejected"])
    state.watched_plates.update((Plate(key), dict.fromkeys(row)) for key, row in held["watched_plates"])
    state.contested.update((key, {each: _in(at) for each, at in row}) for key, row in held["contested"])
    state.settled.update(_instants(held["settled"]))
    state.long_over = LongOver.from_text(held["long_over"])
    state.clocks.fill(held["clocks"])


def _instants(held: Iterable[tuple[str, str]]) -> Iterator[tuple[str, datetime]]:
    return ((key, datetime.fromisoformat(at)) for key, at in held)
