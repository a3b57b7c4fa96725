"""Quarantine periods: ordered once for each arrival, lengthened where it was later than thought."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from epiguard.day._arrivals import Arrival, same_arrival
from epiguard.duties import Duty, Route
from epiguard.facts import DutyOpened, QuarantineChanged, QuarantineOrdered
from epiguard.ledger import Ledger
from epiguard.policy import Policy
from epiguard.quarantine import ChangeKind, PeriodChange, QuarantinePeriod, Return

__all__ = ["JOB", "Periods"]

#: The job's own name in the record, where no person acted.
JOB = "day-job"
#: A start that nobody could read is asked for the same day (ours).
ASK_WITHIN = timedelta(hours=12)
LATER = "a form or the gate gives a later day of arrival for the same return"


class Periods:
    """Orders what the arrivals call for.

    Args:
        ledger: Open, in a batch.
        policy: Says what is ordered on which day.
        as_of: When.
    """

    def __init__(self, ledger: Ledger, policy: Policy, as_of: datetime) -> None:
        self._ledger = ledger
        self._policy = policy
        self._as_of = as_of

    def order(self, arrival: Arrival) -> None:
        """Order the period of an arrival, unless it is on record; then see whether it is long enough."""
        state = self._ledger.state
        # Nobody is ordered anything, and nobody told, after they died or moved away.
        if arrival.subject in state.gone or self._policy.order_on(arrival.gate_day) is None:
            return
        period_id = f"q:{arrival.subject}:{arrival.when.isoformat()}"
        new = self._policy.period(arrival.exposure, gate_day=arrival.gate_day, period_id=period_id)
        known = [each for each in self._returns(arrival.subject) if _is_of(each, arrival)]
        if known:
            self._lengthen(known, new)
        elif arrival.dated or not any(self._returns(arrival.subject)):
            # Of a form without any day only the first run knows when it came in; it is one return.
            self._ledger.record(QuarantineOrdered(new), by=JOB, key=new.id)
            if arrival.doubtful and new.anchor_unconfirmed:
                self._ask(new)

    def _returns(self, subject: str) -> Iterator[QuarantinePeriod]:
        state = self._ledger.state
        for each in state.periods_of.get(subject, ()):
            if isinstance(state.periods[each].exposure.reason, Return):
                yield state.periods[each]

    def _lengthen(self, known: list[QuarantinePeriod], new: QuarantinePeriod) -> None:
        """Lengthen the period that lasts longest, if a later day was told; nothing is shortened by itself.

        What a human changed stands: only days that this job has not added yet are added, and none where the
        period lasts as long already.
        """
        period = max(known, key=lambda each: (each.last_day, each.id))
        missing = (new.anchor_day - period.anchor_day).days - _added(period)
        longer = (new.anchor_day - period.anchor_day).days + period.days - period.total_days
        days = min(missing, longer) if _shortened(period) == 0 else missing
        if new.anchor_unconfirmed or period.end is not None or days < 1:
            return
        change = PeriodChange(kind=ChangeKind.EXTENDED, days=days, reason=LATER, by=JOB, at=self._as_of)
        self._ledger.record(
            QuarantineChanged(period=period.id, person=period.person, change=change),
            by=JOB,
        )

    def _ask(self, period: QuarantinePeriod) -> None:
        state = self._ledger.state
        person = state.people.get(period.person)
        form = state.registrations.get(period.person.removeprefix("form:"))
        by_phone = form.has_phone if form is not None else person is not None and bool(person.phones)
        duty = Duty(
            kind="confirm-anchor",
            subject=period.person,
            basis=period.id,
            route=Route.PHONE if by_phone else Route.DOOR,
            due=self._as_of + ASK_WITHIN,
            texts={
                "zh": "所写到达或离开日期有误(晚于登记,或早于登记30天以上):电话核实到达日期",
                "en": "the date of arrival or leaving cannot be right (after the form, or more than 30 days"
                " before it): ask when they arrived",
            },
        )
        if not state.has_duty(duty.id):
            self._ledger.record(DutyOpened(duty), by=JOB, key=duty.id)


def _is_of(period: QuarantinePeriod, arrival: Arrival) -> bool:
    """Whether a period is that of an arrival: one of its days is near those that the period knows."""
    if period.id == f"q:{arrival.subject}:{arrival.when.isoformat()}":
        return True
    first = period.exposure.arrived_on or period.anchor_day
    known = (first, period.anchor_day, first + timedelta(days=_added(period)))
    return any(same_arrival(one, other) for one in known for other in arrival.days)


def _added(period: QuarantinePeriod) -> int:
    """By how many days later arrivals have lengthened it so far."""
    return sum(
        each.days
        for each in period.changes
        if each.kind is ChangeKind.EXTENDED and each.by == JOB and each.reason == LATER
    )


def _shortened(period: QuarantinePeriod) -> int:
    return sum(each.days for each in period.changes if each.kind is ChangeKind.SHORTENED)
