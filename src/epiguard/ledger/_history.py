"""The decided crossings of the past, each with what the rules were shown of it, or would be shown now."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from enum import Enum

import attrs

from epiguard.crossings import Crossing
from epiguard.decisions import Decision
from epiguard.errors import EpiguardError, InvalidValueError
from epiguard.facts import (
    AlertClosed,
    AlertRaised,
    ClaimContested,
    CrossingDecided,
    CrossingObserved,
    DecisionCancelled,
    DutyAssigned,
    DutyAttempted,
    DutyClosed,
    DutyOpened,
    Fact,
    PassDecided,
    PassRevoked,
    PersonLeft,
)
from epiguard.fields import as_day, as_member
from epiguard.ledger._entry import Entry, unpack
from epiguard.ledger._recall import passage_of
from epiguard.ledger._store import Stored
from epiguard.places import Site
from epiguard.situation import Situation, State

__all__ = ["AsKnown", "Past", "history", "situation_of"]

#: A crossing, what the rules are shown of it, and what was decided.
Past = tuple[Crossing, Situation, Decision]


class AsKnown(Enum):
    """Whose knowledge of a past crossing is meant: the gate's, or ours."""

    THEN = "then"
    """What was recorded when it was decided."""
    NOW = "now"
    """What had happened by then, also what was recorded later; what was cancelled since did not happen."""


#: What no slice of a crossing shows: it takes memory and changes nothing. That an alert was closed does: a
#: gate's clock may be believed again then.
_UNSEEN = (
    AlertRaised,
    ClaimContested,
    DutyAssigned,
    DutyAttempted,
    DutyClosed,
    DutyOpened,
)  # fmt: skip
_UNSEEN_KINDS = frozenset(each.kind for each in _UNSEEN)
_CROSSINGS = frozenset({CrossingDecided.kind, CrossingObserved.kind})
#: What ends something; where nobody knows when, it was not before it was recorded.
_ENDINGS = (AlertClosed, PassRevoked, PersonLeft)
#: When it happened, whether it is a crossing, and its position: at one instant crossings come last.
_Moment = tuple[datetime, int, int]
_TELLS, _CROSSES = 0, 1
_EVER = datetime.min.replace(tzinfo=UTC)


#: Begins to read the entries of a ledger as they are kept, from the first.
Read = Callable[[], Iterator[Stored]]


def history(
    read: Read, site: Site, as_known: AsKnown | str, since: date | None, until: date | None
) -> Iterator[Past]:
    """Every decided crossing of some days, oldest first.

    Args:
        read: Gives what is kept; called once, or twice for what is known now.
        site: Whose.
        as_known: At the moment of the decision, or now.
        since: The first day; nothing means from the beginning.
        until: The first day that is left out; nothing means to the end.

    Raises:
        InvalidValueError: If an argument is not what it should be.
    """
    known = as_member(AsKnown, as_known, "history(as_known=)")
    days = _Days(
        site,
        as_day(since, "history(since=)") or date.min,
        as_day(until, "history(until=)") or date.max,
    )
    if days.until <= days.since:
        raise InvalidValueError(
            "history(until=)", expected="a day after since", got="one that is not after it"
        )
    return _as_known_then(read, days) if known is AsKnown.THEN else _as_known_now(read, days)


@attrs.frozen
class _Days:
    site: Site
    since: date
    until: date

    def __contains__(self, at: datetime) -> bool:
        return self.since <= self.site.day_of(at) < self.until


def _as_known_then(read: Read, days: _Days) -> Iterator[Past]:
    state = State(days.site)
    for each in read():
        if each.kind in _UNSEEN_KINDS:
            continue
        passage = passage_of(each)
        if passage is not None and passage.at not in days:
            state.recall(passage, _recorded(each))
            continue
        entry = unpack(each)
        if isinstance(entry.fact, CrossingDecided) and entry.fact.decision.crossing.at in days:
            yield _past(state, entry.fact.decision, entry.recorded_at)
        if passage is not None:  # what it needs of the decision was read already
            state.recall(passage, entry.recorded_at)
        else:
            _apply(state, entry)


def situation_of(read: Read, site: Site, decision: str) -> Situation | None:
    """What the rules were shown when something was decided, from the entries before it.

    Args:
        read: Gives what is kept.
        site: Whose.
        decision: The id of its entry; nothing comes of one that is not there, or is about something else.
    """
    state = State(site)
    for each in read():
        if f"{each.writer}-{each.sequence}" == decision:
            entry = unpack(each)
            if isinstance(entry.fact, CrossingDecided):
                return _past(state, entry.fact.decision, entry.recorded_at)[1]
            if isinstance(entry.fact, PassDecided):
                return Situation.applying(state, entry.fact.decision.application)
            return None
        passage = passage_of(each)
        if passage is not None:
            state.recall(passage, _recorded(each))
        elif each.kind not in _UNSEEN_KINDS:
            _apply(state, unpack(each))
    return None


def _past(state: State, decision: Decision, recorded_at: datetime) -> Past:
    return decision.crossing, Situation.cut(state, decision.crossing, recorded_at), decision


def _apply(state: State, entry: Entry) -> None:
    try:
        state.apply(entry.fact, entry.recorded_at)
    except EpiguardError:
        state.set_aside(entry.fact, entry.id)


def _as_known_now(read: Read, days: _Days) -> Iterator[Past]:
    """Twice through the record: what is no crossing is kept and put among the crossings by its instant.

    Crossings are not kept, for there may be millions; only those are that were recorded later than one that
    was after them, such as those of a gate that was offline.
    """
    telling = _Telling(read, days)
    for each in read():
        if each.position > telling.end:
            break
        if each.kind in _CROSSINGS and each.position not in telling.late:
            yield from telling.until((_instant(each), _CROSSES, each.position))
            yield from telling.crossing(each)
    yield from telling.until(None)


class _Telling:
    """The facts of a ledger in the order in which they happened, as far as anybody knows today."""

    def __init__(self, read: Read, days: _Days) -> None:
        self._days = days
        self._state = State(days.site)
        self._cancelled: set[str] = set()
        self._waiting: list[tuple[_Moment, Entry]] = []
        self._place = 0
        #: Positions of crossings that were recorded late, and of the last entry.
        self.late: set[int] = set()
        self.end = 0
        latest = _EVER
        for each in read():
            self.end = each.position
            if each.kind in _CROSSINGS:
                at = _instant(each)
                if at < latest:
                    self.late.add(each.position)
                    self._waiting.append(((at, _CROSSES, each.position), unpack(each)))
                latest = max(at, latest)
            elif each.kind not in _UNSEEN_KINDS:
                self._take(unpack(each))
        self._waiting.sort(key=lambda each: each[0])

    def _take(self, entry: Entry) -> None:
        if isinstance(entry.fact, DecisionCancelled):
            self._cancelled.add(entry.fact.decision)
        else:
            self._waiting.append(((_since(entry), _TELLS, entry.position), entry))

    def until(self, moment: _Moment | None) -> Iterator[Past]:
        """What happened before a moment, or all; crossings that were recorded late are given."""
        while self._place < len(self._waiting):
            at, entry = self._waiting[self._place]
            if moment is not None and at >= moment:
                return
            self._place += 1
            yield from self._happens(entry)

    def crossing(self, each: Stored) -> Iterator[Past]:
        """A crossing, given where it was decided on one of the days."""
        passage = passage_of(each)
        if passage is None:
            yield from self._happens(unpack(each))
            return
        fact = unpack(each).fact if passage.at in self._days else None
        if isinstance(fact, CrossingDecided):
            yield _past(self._state, fact.decision, _recorded(each))
        if passage.decision not in self._cancelled:
            self._state.recall(passage, _recorded(each))

    def _happens(self, entry: Entry) -> Iterator[Past]:
        fact = entry.fact
        if isinstance(fact, CrossingDecided):
            if fact.decision.crossing.at in self._days:
                yield _past(self._state, fact.decision, entry.recorded_at)
            if fact.decision.id in self._cancelled:
                return
        _apply(self._state, entry)


def _recorded(each: Stored) -> datetime:
    return datetime.fromisoformat(each.recorded_at)


def _instant(each: Stored) -> datetime:
    passage = passage_of(each)
    if passage is not None:
        return passage.at.astimezone(UTC)
    fact = unpack(each).fact
    return _of(fact) or _EVER


def _of(fact: Fact) -> datetime | None:
    at = fact.at
    if isinstance(fact, CrossingDecided):
        at = fact.decision.crossing.at
    elif isinstance(fact, CrossingObserved):
        at = fact.crossing.at
    return at.astimezone(UTC) if at is not None else None


def _since(entry: Entry) -> datetime:
    at = _of(entry.fact)
    if at is not None:
        return at
    # What nobody dated has always held.
    return entry.recorded_at if isinstance(entry.fact, _ENDINGS) else _EVER
