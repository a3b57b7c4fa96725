"""Reading: what the facts add up to, sorted and filtered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from epiguard.duties import Alert, Duty, DutyState
from epiguard.errors import InvalidValueError
from epiguard.facts import (
    AlertClosed,
    AlertRaised,
    DutyClosed,
    DutyOpened,
    PersonChanged,
    PersonEnrolled,
    PersonLeft,
    QuarantineOrdered,
    Registered,
)
from epiguard.ledger import Ledger
from epiguard.people import Person
from epiguard.registrations import Registration
from ledger.community import NOON, WANG, OnceADay, enrolled, out, period

Open = Callable[..., Ledger]


def test_people_are_those_known_now(open_ledger: Open) -> None:
    """As they were last recorded; whoever left is not among them, who came back is."""
    ledger = open_ledger()
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    ledger.record(enrolled(1), by="cadre-3")
    moved = Person(id="p-7", name="王小明")
    ledger.record(PersonChanged(moved), by="cadre-3")
    ledger.record(PersonLeft(person="p-1", reason="moved", at=NOON), by="cadre-3")
    assert list(ledger.people()) == [moved]
    ledger.record(enrolled(1), by="cadre-3")
    assert [each.id for each in ledger.people()] == ["p-7", "p-1"]


def test_duties_by_urgency(open_ledger: Open) -> None:
    """The earliest first, without a due time last, equal ones by id; filtered by time, assignee and state."""
    ledger = open_ledger()
    duties = [
        Duty(kind="call", subject=f"p-{n}", due=NOON + timedelta(hours=hours), assignee=assignee)
        for n, hours, assignee in [(1, 3, "leader-4"), (2, 1, None), (3, 1, "leader-4")]
    ]
    duties.append(Duty(kind="visit", subject="p-4"))
    for each in duties:
        ledger.record(DutyOpened(each), by="cadre-3")
    soon = sorted(duties[1:3], key=lambda each: each.id)
    assert [each.duty for each in ledger.duties()] == [*soon, duties[0], duties[3]]
    assert [each.duty for each in ledger.duties(due_before=NOON + timedelta(hours=3))] == soon
    assert [each.duty for each in ledger.duties(assignee="leader-4")] == [duties[2], duties[0]]
    ledger.record(DutyClosed(duty=duties[0].id, reason="moved"), by="cadre-3")
    assert [each.duty for each in ledger.duties(state=DutyState.CLOSED)] == [duties[0]]
    assert len(ledger.duties()) == 3
    assert len(ledger.duties(state=None)) == 4
    with pytest.raises(InvalidValueError, match="due_before"):
        ledger.duties(due_before=NOON.replace(tzinfo=None))


def test_alerts_are_open_until_looked_at(open_ledger: Open) -> None:
    """The oldest first."""
    ledger = open_ledger()
    late, early = (Alert(kind="breach", subject="p-7", at=NOON + timedelta(hours=each)) for each in (2, 1))
    for each in (late, early):
        ledger.record(AlertRaised(each), by="cadre-3")
    assert ledger.alerts() == [early, late]
    ledger.record(AlertClosed(alert=early.id, outcome="went to the pharmacy"), by="cadre-3")
    assert ledger.alerts() == [late]
    assert ledger.alerts(open_only=False) == [early, late]


def test_periods_and_forms(open_ledger: Open) -> None:
    """All of them, or the periods in force at an instant."""
    ledger = open_ledger()
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    ledger.record(enrolled(8), by="cadre-3")
    now, later = period(), period("p-8", last_on=(NOON + timedelta(days=3)).date())
    form = Registration(id="r-1", source="paper", written={"name": "王小明"})
    for each in (now, later):
        ledger.record(QuarantineOrdered(each), by="cadre-3")
    ledger.record(Registered(form), by="cadre-3")
    assert ledger.periods() == [now, later]
    assert ledger.periods(at=NOON) == [now]
    assert ledger.periods(at=now.release_at) == [later]
    assert list(ledger.registrations()) == [form]
    with pytest.raises(InvalidValueError, match="periods"):
        ledger.periods(at=NOON.replace(tzinfo=None))


def test_the_situation_is_what_the_rules_would_see(open_ledger: Open) -> None:
    """One slice for a crossing, without recording anything."""
    ledger = open_ledger(OnceADay)
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    ledger.record(QuarantineOrdered(period()), by="cadre-3")
    [standing] = ledger.situation(out()).standings
    assert (standing.person, standing.periods) == (WANG, (period(),))
    assert ledger.position == 2


def test_facts_are_fed_on_while_they_grow(open_ledger: Open) -> None:
    """A host that reads page by page also gets what is recorded meanwhile."""
    ledger = open_ledger()
    ledger.record(enrolled(1), by="cadre-3")
    entries = ledger.facts()
    assert next(entries).position == 1
    ledger.record(enrolled(2), by="cadre-3")
    assert [each.position for each in entries] == [2]
