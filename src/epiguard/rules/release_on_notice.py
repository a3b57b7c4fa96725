"""Days that are over end only with a release notice, or with two signatures (凭解除通知书)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

import attrs

from epiguard.crossings import Crossing
from epiguard.days import to_utc
from epiguard.decisions import Effect, Verdict
from epiguard.duties import Duty, Route
from epiguard.errors import InvalidValueError, kind_of
from epiguard.facts import Fact, QuarantineOrdered, ReleaseSigned
from epiguard.fields import as_day, as_member, whole
from epiguard.places import Direction
from epiguard.quarantine import ChangeKind, EndCause, QuarantinePeriod
from epiguard.rules import Rule, hookimpl
from epiguard.situation import Situation, Standing

__all__ = ["ReleaseOnNotice"]

#: A period that ended for another cause is not one to be released from.
TO_RELEASE = (None, EndCause.EARLY_RELEASE)


def _answer(value: Effect | str) -> Effect:
    answer = as_member(Effect, value, "ReleaseOnNotice.answer")
    if answer is Effect.ALLOW:
        raise InvalidValueError(
            "ReleaseOnNotice.answer",
            expected="'hold' or 'deny'",
            got="'allow'",
            do="remove the rule to release by date alone",
        )
    return answer


def _since(value: object) -> date | None:
    if value is None or type(value) is date:
        return as_day(value, "ReleaseOnNotice.released_from")
    raise InvalidValueError("ReleaseOnNotice.released_from", expected="a date", got=kind_of(value))


@attrs.frozen
class ReleaseOnNotice(Rule):
    """After the last day the way out stays shut until a notice is there, or enough people signed.

    A notice of release (``ReleaseSigned`` with its number) is enough by itself; otherwise different people
    sign. An early release counts as the signature of whoever ordered it. What was signed before the days
    were extended is void. Signing is a duty, due on the release, so that nobody is forgotten behind their
    door; an arranged journey to a fever clinic passes, and leave waives the rule. All of this is ours.

    Attributes:
        signatures: How many people sign where there is no notice.
        answer: ``hold`` (until it is signed) or ``deny``.
        released_from: Only periods whose release is on this day or later; nothing means all.
    """

    source = "epiguard: release on a notice or two signatures, seen elsewhere in February 2020"

    signatures: int = attrs.field(default=2, validator=whole("ReleaseOnNotice.signatures", least=1, most=5))
    answer: Effect = attrs.field(default=Effect.HOLD, converter=_answer)
    released_from: date | None = attrs.field(default=None, converter=_since)

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Iterator[Verdict]:
        """Stop the way out after days that nobody signed off."""
        if crossing.direction is not Direction.OUT:
            return
        for standing in situation.standings:
            missing = self._missing(standing)
            if missing == 0:
                continue
            if standing.traveller.clinic_journey is not None:
                yield self.no_objection("clinic-journey", about=standing)
            elif self.answer is Effect.DENY:
                yield self.deny("not-released", about=standing, missing=missing)
            else:
                yield self.hold("not-released", lifted_by="release-notice", about=standing, missing=missing)

    @hookimpl
    def review_pass(self, situation: Situation) -> Iterator[Verdict]:
        """Nobody is handed a pass before they are released."""
        for standing in situation.standings:
            missing = self._missing(standing)
            if missing:
                yield self.hold("not-released", lifted_by="release-notice", about=standing, missing=missing)

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> Duty | None:
        """Owe the signatures on the day of the release."""
        if not isinstance(fact, QuarantineOrdered) or not self._concerns(fact.period):
            return None
        kind, soonest = "sign-release", (fact.at or situation.at) + timedelta(hours=1)
        return Duty(
            kind=kind,
            subject=fact.period.person,
            due=max(soonest, fact.period.ends_at, key=to_utc),
            route=Route.DOOR,
            basis=fact.period.id,
            source=self.source,
            texts=self.words(f"duty-{kind}", signatures=self.signatures),
        )

    def _concerns(self, period: QuarantinePeriod) -> bool:
        return self.released_from is None or period.ends_at.date() >= self.released_from

    def _missing(self, standing: Standing) -> int:
        """How many signatures are missing for the period that lacks most."""
        signed = [
            fact for fact in standing.notes.get(ReleaseSigned.kind, ()) if isinstance(fact, ReleaseSigned)
        ]
        return max(
            (self._lacks(each, signed) for each in standing.past_periods if self._concerns(each)), default=0
        )

    def _lacks(self, period: QuarantinePeriod, signed: list[ReleaseSigned]) -> int:
        end = period.end
        if (end.cause if end is not None else None) not in TO_RELEASE:
            return 0
        mine = [each for each in signed if each.period == period.id and not _is_void(each, period)]
        if any(each.notice is not None for each in mine):
            return 0
        names = {each.by for each in mine} | ({end.by} if end is not None else set())
        return max(0, self.signatures - len(names))


def _is_void(signature: ReleaseSigned, period: QuarantinePeriod) -> bool:
    return any(
        change.kind is ChangeKind.EXTENDED
        and change.at is not None
        and signature.at is not None
        and to_utc(signature.at) < to_utc(change.at)
        for change in period.changes
    )
