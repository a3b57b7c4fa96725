"""Whoever comes back from another province is owed the order of their days, and waits for it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

import attrs

from epiguard.crossings import Crossing, Role
from epiguard.decisions import Effect, Verdict
from epiguard.duties import Duty, Route
from epiguard.errors import InvalidValueError
from epiguard.facts import CrossingDecided, CrossingObserved, Fact, QuarantineOrdered
from epiguard.fields import choice, many, whole
from epiguard.places import Direction
from epiguard.quarantine import QuarantinePeriod
from epiguard.rules import ReviewResult, Rule, each_traveller, hookimpl
from epiguard.situation import Situation, Standing

__all__ = ["OrderQuarantine"]

#: Bound once: on Python 3.11 to look a member up in its enumeration takes longer than the rest of the rule.
RESIDENT = Role.RESIDENT
IN = Direction.IN

#: Dates of one arrival differ by a night or a slip of the pen (ours).
ONE_ARRIVAL = timedelta(days=2)


def _kinds(values: Iterable[Role | str]) -> tuple[Role, ...]:
    kinds = many(choice(Role, "OrderQuarantine.kinds"), "OrderQuarantine.kinds")(values)
    if not kinds:
        raise InvalidValueError("OrderQuarantine.kinds", expected="at least one kind", got="an empty list")
    return kinds


@attrs.frozen
class OrderQuarantine(Rule):
    """Whoever comes back from another province is let in and owed the order of their days, by a named person.

    A rule orders nobody's quarantine. Until somebody does, a resident who came back lately, by what they said
    at the gate or by a form, waits on the way out, and at the desk for a pass. The order closes the duty. One
    that anticipates the arrival by a day or two, or lags behind it, is taken for that arrival's; where its
    days count from an earlier day (填平补齐), the arrival that its exposure names tells whose it is.

    The duty is owed however they came in: by the rules, under leave, by an override, or seen at a door. It
    keeps nobody who lives elsewhere from going home. A journey to a fever clinic waits for nothing. Whom
    nobody knows and who showed a form is ordered by that form. All of this is ours; the newsletter names the
    days.

    Attributes:
        kinds: Whose days are ordered, as roles; a courier leaves again at once.
        days: For how many days after an arrival its days are missed.
        within_hours: When they are to be ordered.
    """

    source = "Meilong town newsletter, February 2020, grid centre: 重点区域返沪人员需居家隔离14天"

    kinds: tuple[Role, ...] = attrs.field(default=(Role.RESIDENT, Role.VISITOR, Role.STAFF), converter=_kinds)
    days: int = attrs.field(default=14, validator=whole("OrderQuarantine.days", least=1, most=366))
    within_hours: int = attrs.field(
        default=24, validator=whole("OrderQuarantine.within_hours", least=1, most=168)
    )

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> ReviewResult:
        """Owe the order on the way in; hold on the way out whoever it is missing for."""
        answer = self._inward if crossing.direction is IN else self._outward
        return each_traveller(situation, answer, crossing, situation)

    def _inward(self, standing: Standing, crossing: Crossing, situation: Situation) -> Verdict | None:
        duty = self._arriving(standing, crossing, situation)
        return None if duty is None else self.no_objection("days-to-order", about=standing, duties=[duty])

    def _outward(self, standing: Standing, crossing: Crossing, situation: Situation) -> Verdict | None:
        person, traveller = standing.person, standing.traveller
        lives_here = standing.role is RESIDENT if person is None else person.resident
        if not lives_here or RESIDENT not in self.kinds or traveller.clinic_journey is not None:
            return None
        missing = self._missing(standing, situation)
        if not missing:
            return None
        duty = self._duty(standing, crossing, missing)
        return self.hold(
            "quarantine-not-ordered", lifted_by="order-quarantine", about=standing, duties=[duty]
        )

    @hookimpl
    def review_pass(self, situation: Situation) -> Iterator[Verdict]:
        """Hand out no pass before the days are ordered."""
        for standing in situation.standings:
            if self._missing(standing, situation):
                yield self.hold("quarantine-not-ordered", lifted_by="order-quarantine", about=standing)

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> Iterator[Duty]:
        """Owe the order also where no verdict could: under leave, by an override, or seen to come in."""
        if isinstance(fact, CrossingDecided) and fact.decision.effect is Effect.ALLOW:
            crossing = fact.decision.crossing
        elif isinstance(fact, CrossingObserved):
            crossing = fact.crossing
        else:
            return
        if crossing.direction is IN:
            for standing in situation.standings:
                duty = self._arriving(standing, crossing, situation)
                if duty is not None:
                    yield duty

    def _arriving(self, standing: Standing, crossing: Crossing, situation: Situation) -> Duty | None:
        if standing.returning_from is None or standing.role not in self.kinds:
            return None
        if standing.subject is None and standing.registered:
            return None  # the form that the guard saw says who it is, and an order of theirs goes by the form
        arrived = standing.traveller.returned_on or situation.day
        missing = self._missing(standing, situation, arrived)
        return self._duty(standing, crossing, missing) if arrived in missing else None

    def _missing(self, standing: Standing, situation: Situation, *arrived: date) -> list[date]:
        """The days of recent arrivals, by the gate or a form, for which nothing was ordered; oldest first."""
        forms, crossings = standing.registrations, situation.crossings_of(standing.traveller.person or "")
        if not (arrived or forms or crossings):
            return []
        site = situation.site
        said = [
            *arrived,
            *(
                form.arrived_on
                for form in forms
                if form.arrived_on is not None
                and form.returning_from is not None
                and site.is_outside(form.returning_from)
            ),
            *(
                past.returned_on
                for past in crossings
                if past.direction is IN and past.returned_on is not None
            ),
        ]
        if not said:
            return []
        since = situation.day - timedelta(days=self.days)
        known = [_ordered_for(each) for each in (*standing.periods, *standing.past_periods)]
        return sorted(
            day for day in said if day > since and not any(each >= day - ONE_ARRIVAL for each in known)
        )

    def _duty(self, standing: Standing, crossing: Crossing, missing: list[date]) -> Duty:
        # Once for an arrival, however often it is spoken of. A stranger has only the checkpoint, so the
        # instant and the place in the party tell them from the next one.
        kind, known = "order-quarantine", standing.subject
        stranger = f"{crossing.at.isoformat()}#{standing.index}"
        due: datetime = crossing.at + timedelta(hours=self.within_hours)
        return Duty(
            kind=kind,
            subject=known or crossing.checkpoint,
            due=due,
            route=Route.DOOR,
            basis=f"arrival:{missing[0].isoformat()}" if known else stranger,
            source=self.source,
            texts=self.words(f"duty-{kind}"),
            closed_by=QuarantineOrdered.kind,
        )


def _ordered_for(period: QuarantinePeriod) -> date:
    # Where the days count from leaving the region, or a last exposure, the order names the arrival beside it.
    return max(period.anchor_day, period.exposure.arrived_on or period.anchor_day)
