"""What a decision entails: duties owed and alerts raised, an override's included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from epiguard.decisions import Effect, Override, Verdict
from epiguard.duties import Alert, Duty
from epiguard.messages import Catalogue
from epiguard.policy._combine import duties_of, first_of_each, rules_alerts
from epiguard.policy._words import said

__all__ = ["Place", "alerts_raised", "duties_owed"]


class Place(NamedTuple):
    """What an alert of the policy itself is about, when, and at which checkpoint; at the desk at none."""

    subject: str
    at: datetime
    checkpoint: str | None = None


def duties_owed(verdicts: Iterable[Verdict], effect: Effect, override: Override | None) -> tuple[Duty, ...]:
    """What the verdicts oblige to.

    Nobody passes by an allowing verdict who passes by an override: what it asks for is not owed.
    """
    if override is not None:
        verdicts = [each for each in verdicts if each.effect is not Effect.ALLOW]
    return duties_of(verdicts, effect)


def alerts_raised(
    verdicts: Sequence[Verdict], override: Override | None, place: Place, words: Catalogue | None
) -> tuple[Alert, ...]:
    """What the verdicts raise, and what the policy itself does: a rule's fault, an override."""
    alerts = [("", _fault(each, place)) for each in verdicts if each.fault is not None]
    if override is not None:
        # The rules' alerts would say that somebody was refused who was not.
        alerts.append(("", _overridden(override, place, words)))
    else:
        alerts += rules_alerts(verdicts)
    return tuple(first_of_each(alerts).values())


def _fault(verdict: Verdict, place: Place) -> Alert:
    return Alert(
        kind="rule-fault",
        subject=place.subject,
        at=place.at,
        checkpoint=place.checkpoint,
        basis=verdict.rule,
        source=verdict.fault or "",
        texts=verdict.texts,
    )


def _overridden(override: Override, place: Place, words: Catalogue | None) -> Alert:
    kind = "pass-override" if place.checkpoint is None else "override"
    return Alert(
        kind=kind,
        subject=place.subject,
        at=place.at,
        checkpoint=place.checkpoint,
        basis=override.by,
        texts=said(words, kind, by=override.by),
    )
