"""Delivering: on record before a channel is asked, and again after it; no lock is held in between."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from datetime import datetime

import attrs

from epiguard.errors import TakenError
from epiguard.ledger import _recording
from epiguard.ledger._follow_up import BY_LEDGER
from epiguard.ledger._journal import Journal
from epiguard.situation import Situation
from epiguard.work import (
    Delivery,
    DeliveryFinished,
    DeliveryKind,
    DeliveryOutcome,
    DeliveryStarted,
    outbox,
)

__all__ = ["DeliveryReport", "deliver"]


@attrs.frozen(kw_only=True)
class DeliveryReport:
    """What came of a round of deliveries: ids of messages and recipients only.

    Attributes:
        sent: What the channels took.
        failed: What they did not take; tried again later, or by the next channel.
        elsewhere: What somebody else was delivering at the same time.
    """

    sent: tuple[Delivery, ...] = ()
    failed: tuple[Delivery, ...] = ()
    elsewhere: tuple[Delivery, ...] = ()


def deliver(
    journal: Journal, channels: Iterable[object], kinds: Collection[DeliveryKind], at: datetime
) -> DeliveryReport:
    """Go through the outbox once; see ``Ledger.deliver``."""
    with journal.whole("Ledger.deliver"):
        pass  # inside a batch nothing is committed yet
    given = tuple(channels)
    with journal.reading() as state:
        owed = outbox(state, at, kinds)
    sent: list[Delivery] = []
    failed: list[Delivery] = []
    elsewhere: list[Delivery] = []
    for each in owed:
        if not _begin(journal, each, at):
            elsewhere.append(each)
            continue
        with journal.reading() as state:
            situation = Situation.about(state, (each.recipient,), at)
        outcome, why = _hand_over(journal, given, each, situation)
        finished = DeliveryFinished(
            message=each.message,
            recipient=each.recipient,
            channel=each.channel,
            attempt=each.attempt,
            outcome=outcome,
            why=why,
            at=at,
        )
        journal.until_kept(
            lambda fact=finished: _recording.record(  # type: ignore[misc]  # bound on purpose
                journal, fact, by=BY_LEDGER, recorded_at=at, key=None
            )
        )
        (sent if outcome is DeliveryOutcome.SENT else failed).append(each)
    return DeliveryReport(sent=tuple(sent), failed=tuple(failed), elsewhere=tuple(elsewhere))


def _begin(journal: Journal, delivery: Delivery, at: datetime) -> bool:
    started = DeliveryStarted(
        message=delivery.message,
        recipient=delivery.recipient,
        channel=delivery.channel,
        attempt=delivery.attempt,
        at=at,
    )
    try:
        journal.until_kept(
            lambda: _recording.record(journal, started, by=BY_LEDGER, recorded_at=at, key=None)
        )
    except TakenError:
        return False
    return True


def _hand_over(
    journal: Journal, given: Iterable[object], delivery: Delivery, situation: Situation
) -> tuple[DeliveryOutcome, str]:
    for name, call in _channels(journal, given, situation):
        try:
            outcome = call(delivery, situation)
        except Exception as error:  # noqa: BLE001 - whatever a channel raises, it did not deliver
            return DeliveryOutcome.FAILED, f"{name} raised {type(error).__name__}"
        if isinstance(outcome, DeliveryOutcome):
            return outcome, "" if outcome is DeliveryOutcome.SENT else f"{name} did not deliver it"
        if outcome is not None:
            return DeliveryOutcome.FAILED, f"{name} returned what is no outcome"
    return DeliveryOutcome.FAILED, "no channel took it"


def _channels(
    journal: Journal, given: Iterable[object], situation: Situation
) -> Iterator[tuple[str, Callable[..., object]]]:
    for each in given:
        yield type(each).__name__, each.deliver  # type: ignore[attr-defined]  # checked by Ledger.deliver
    for rule in journal.policy.rules:
        if rule.delivers is not None and rule.entry.in_force(situation.day):
            yield f"rule {rule.entry.id}", rule.delivers
