"""The outbox: what is to be delivered to whom, by which channel, and what came of it. Pure functions.

A delivery is on record before a channel is asked, and its outcome after it. So whoever crashes in between
leaves a delivery of which nobody knows what came: it is never made again by itself, it is listed for a human.
Only what a channel said it did not deliver is tried again, a few times, then by the next channel.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime, timedelta
from enum import Enum
from typing import ClassVar

import attrs

from epiguard.days import to_utc
from epiguard.duties import DutyState
from epiguard.facts import Fact
from epiguard.fields import as_member, identifier, whole
from epiguard.identifiers import FreeText
from epiguard.situation import State
from epiguard.work._notices import (
    DOOR,
    LOUDSPEAKER,
    Notice,
    audience_of,
    notices_of,
    reachable_by,
    receipts_of,
)

__all__ = [
    "WAITS",
    "Delivery",
    "DeliveryFinished",
    "DeliveryKind",
    "DeliveryOutcome",
    "DeliveryStarted",
    "in_doubt",
    "outbox",
    "tried_channels",
]

#: How long after a failure a channel is tried again; after the last the next channel takes over (ours).
WAITS = (timedelta(minutes=1), timedelta(minutes=10), timedelta(hours=1))
#: How long after its time a loudspeaker slot is still said (ours): nobody is woken by the evening's notice.
SLOT_GRACE = timedelta(minutes=30)

#: Under which all deliveries are found.
_OUTBOX = "outbox"


class DeliveryKind(Enum):
    """What is delivered: a notice to its audience, or a duty to whoever is to do it."""

    NOTICE = "notice"
    DUTY = "duty"


class DeliveryOutcome(Enum):
    """What a channel says of a delivery: it is on its way for good, or it is not."""

    SENT = "sent"
    FAILED = "failed"


def _kind(value: DeliveryKind | str) -> DeliveryKind:
    return as_member(DeliveryKind, value, "Delivery.kind")


@attrs.frozen(kw_only=True)
class Delivery:
    """One message to one recipient by one channel.

    Attributes:
        message: The id of the notice or the duty; a loudspeaker's has the slot in it.
        kind: What it is.
        recipient: The household, the person or the loudspeaker.
        channel: By which.
        texts: What to say, by language.
        attempt: The how manieth attempt to this recipient it is, from 1.
        due: Of a duty: when it is due; of a loudspeaker: when it is to be said.
    """

    message: str
    kind: DeliveryKind = attrs.field(converter=_kind)
    recipient: str
    channel: str
    texts: Mapping[str, str] = attrs.field(repr=False)
    attempt: int = 1
    due: datetime | None = None

    @property
    def id(self) -> str:
        """For channels that know what they sent before: the same for every attempt at this recipient."""
        return f"{self.message}/{self.recipient}"

    def text(self, language: str = "zh") -> str:
        """What to say in a language; another one where it is missing."""
        return self.texts.get(language) or next((each for each in self.texts.values() if each), self.message)


@attrs.frozen(kw_only=True)
class _Made(Fact):
    boards: ClassVar[int] = 2
    shared: ClassVar[bool] = True  # pseudonyms only

    message: str = attrs.field(validator=identifier("Delivery.message"))
    recipient: str = attrs.field(validator=identifier("Delivery.recipient"))
    channel: str = attrs.field(validator=identifier("Delivery.channel"))
    attempt: int = attrs.field(default=1, validator=whole("Delivery.attempt", least=1, most=10_000))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The recipient, then the message, then the outbox."""
        return (self.recipient, self.message, _OUTBOX)


@attrs.frozen(kw_only=True)
class DeliveryStarted(_Made):
    """A channel is about to be asked; of two who are about to ask for the same, one may."""

    @property
    def claims(self) -> tuple[str, ...]:
        """The attempt."""
        return (f"delivery|{self.message}|{self.recipient}|{self.attempt}",)


def _outcome(value: DeliveryOutcome | str) -> DeliveryOutcome:
    return as_member(DeliveryOutcome, value, "DeliveryFinished.outcome")


def _why(value: FreeText | str) -> FreeText:
    return FreeText.noted(value, "DeliveryFinished.why")


@attrs.frozen(kw_only=True)
class DeliveryFinished(_Made):
    """What the channel said; or, of a delivery in doubt, what a human found out."""

    outcome: DeliveryOutcome = attrs.field(converter=_outcome)
    why: FreeText = attrs.field(default=FreeText(""), converter=_why)


@attrs.define
class _Trail:
    """What became of one message to one recipient."""

    attempts: int = 0
    sent: bool = False
    failed: dict[str, int] = attrs.field(factory=dict)
    last_failure: datetime | None = None
    running: dict[int, DeliveryStarted] = attrs.field(factory=dict)
    channels: dict[str, None] = attrs.field(factory=dict)


def _trails(state: State, message: str) -> dict[str, _Trail]:
    found: dict[str, _Trail] = {}
    for fact in state.notes_of.get(message, ()):
        if not isinstance(fact, _Made) or fact.message != message:
            continue
        trail = found.setdefault(fact.recipient, _Trail())
        trail.channels[fact.channel] = None
        if isinstance(fact, DeliveryStarted):
            trail.attempts = max(trail.attempts, fact.attempt)
            trail.running[fact.attempt] = fact
        elif isinstance(fact, DeliveryFinished):
            trail.running.pop(fact.attempt, None)
            if fact.outcome is DeliveryOutcome.SENT:
                trail.sent = True
            else:
                trail.failed[fact.channel] = trail.failed.get(fact.channel, 0) + 1
                trail.last_failure = fact.at
    return found


def tried_channels(state: State, message: str) -> dict[str, tuple[str, ...]]:
    """Recipient to the channels by which a message was sent, or tried to be."""
    return {recipient: tuple(trail.channels) for recipient, trail in _trails(state, message).items()}


def in_doubt(state: State) -> list[DeliveryStarted]:
    """Deliveries that were begun and of which nobody knows what came; a human finds out and records it."""
    started: dict[tuple[str, str, int], DeliveryStarted] = {}
    for fact in state.notes_of.get(_OUTBOX, ()):
        if isinstance(fact, DeliveryStarted):
            started[fact.message, fact.recipient, fact.attempt] = fact
        elif isinstance(fact, DeliveryFinished):
            started.pop((fact.message, fact.recipient, fact.attempt), None)
    return list(started.values())


def outbox(
    state: State, at: datetime, kinds: Collection[DeliveryKind] = (DeliveryKind.NOTICE,)
) -> list[Delivery]:
    """What is to be delivered now.

    Args:
        state: The sum of the facts.
        at: Now.
        kinds: Notices, duties, or both.
    """
    owed: list[Delivery] = []
    if DeliveryKind.NOTICE in kinds:
        for notice, issued in notices_of(state).values():
            if issued is None or to_utc(issued) <= to_utc(at):
                owed += _of_notice(state, notice, at)
                owed += _slots(state, notice, issued or at, at)
    if DeliveryKind.DUTY in kinds:
        owed += _of_duties(state, at)
    return owed


def _of_notice(state: State, notice: Notice, at: datetime) -> Iterator[Delivery]:
    channels = [each for each in notice.channels if each not in (DOOR, LOUDSPEAKER)]
    if not channels:
        return
    trails, received = _trails(state, notice.id), receipts_of(state, notice.id)
    for recipient in audience_of(state, notice, at):
        if recipient in received:
            continue
        trail = trails.get(recipient, _Trail())
        usable = (each for each in channels if reachable_by(state, recipient, each, at))
        channel = _next(trail, usable, at)
        if channel is not None:
            yield Delivery(
                message=notice.id,
                kind=DeliveryKind.NOTICE,
                recipient=recipient,
                channel=channel,
                texts=notice.texts,
                attempt=trail.attempts + 1,
            )


def _slots(state: State, notice: Notice, issued: datetime, at: datetime) -> Iterator[Delivery]:
    if notice.slots is None:
        return
    # A missed slot is not made up for: the next one says the same.
    begin = max(to_utc(issued), to_utc(at) - SLOT_GRACE)
    for slot in notice.slots.between(begin, at + timedelta(microseconds=1), state.site.zone):
        message = f"{notice.id}@{slot.isoformat()}"
        trail = _trails(state, message).get(LOUDSPEAKER, _Trail())
        if _next(trail, [LOUDSPEAKER], at) is not None:
            yield Delivery(
                message=message,
                kind=DeliveryKind.NOTICE,
                recipient=LOUDSPEAKER,
                channel=LOUDSPEAKER,
                texts=notice.texts,
                attempt=trail.attempts + 1,
                due=slot,
            )


def _of_duties(state: State, at: datetime) -> Iterator[Delivery]:
    for status in state.duties.values():
        if status.state is not DutyState.OPEN or status.assignee is None:
            continue
        trail = _trails(state, status.id).get(status.assignee, _Trail())
        if _next(trail, ["duty"], at) is not None:
            yield Delivery(
                message=status.id,
                kind=DeliveryKind.DUTY,
                recipient=status.assignee,
                channel="duty",
                texts=status.duty.texts or {"zh": status.kind, "en": status.kind},
                attempt=trail.attempts + 1,
                due=status.due,
            )


def _next(trail: _Trail, channels: Iterable[str], at: datetime) -> str | None:
    """The channel to be tried now; nothing where it was sent, is in doubt, must wait, or all failed."""
    if trail.sent or trail.running:
        return None
    for channel in channels:
        failures = trail.failed.get(channel, 0)
        if failures > len(WAITS):
            continue
        if failures and trail.last_failure is not None:
            wait = WAITS[failures - 1]
            return channel if to_utc(at) >= to_utc(trail.last_failure) + wait else None
        return channel
    return None
