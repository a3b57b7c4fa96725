"""Returns: one arrival is counted once, and nothing unconfirmed is reported as confirmed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from epiguard import EndCause, MatchConfirmed, MatchFound, MatchRejected
from epiguard.facts import QuarantineChanged
from epiguard.quarantine import ChangeKind, PeriodChange
from epiguard.reports import Returnees, daily_report

DAY = date(2020, 2, 13)
ARRIVED = date(2020, 2, 12)
NOW = datetime.fromisoformat("2020-02-13T18:00:00+08:00")


def figures(world: Any, day: date = DAY) -> Returnees:
    """The figures of a report without a reconciliation, late on the day."""
    return daily_report(world.state, day=day, now=NOW + (day - DAY)).returnees


def test_one_period_is_one_return(world: Any) -> None:
    """A return counts on its day and from then on, under the province it came from."""
    world.period("p-1", ARRIVED, region="420106")
    assert figures(world, ARRIVED).today == 1
    after = figures(world)
    assert (after.today, after.to_date, after.people) == (0, 1, 1)
    assert after.per_day == {"2020-02-12": 1}
    assert [(each.region, each.zh, each.en, each.returns) for each in after.by_region] == [
        ("420000", "湖北省", "Hubei", 1)
    ]


def test_returns_dated_later_are_in_no_other_figure(world: Any) -> None:
    """A date after the report's day, announced or a slip, is shown apart."""
    world.period("p-1", DAY + timedelta(days=5))
    seen = figures(world)
    assert (seen.later, seen.to_date, seen.unconfirmed, dict(seen.per_day)) == (1, 0, 0, {})


def test_the_computer_confirms_nothing(world: Any) -> None:
    """A match found, a call nobody answered, a call about something else: none of them confirms."""
    world.period("p-1", ARRIVED)
    form = world.form("f-1", arrived_on=ARRIVED, returning_from="420100")
    world.add(MatchFound(registration=form.id, person="p-1"))
    world.duty("tell-returnee", "p-1", "no-answer", "wrong-number", "refused", basis="q:p-1:2020-02-12")
    world.duty("tell-returnee", "p-1", "done", basis="visited")
    world.duty("tell-landlord", "p-1", "reached", basis="q:p-1:2020-02-12")
    assert (figures(world).confirmed, figures(world).unconfirmed) == (0, 1)


def test_reaching_them_confirms(world: Any) -> None:
    """A call that reached whoever returned confirms the return."""
    world.period("p-1", ARRIVED)
    world.duty("tell-returnee", "p-1", "no-answer", "reached", basis="q:p-1:2020-02-12")
    assert figures(world).confirmed == 1


@pytest.mark.parametrize("kind", ["confirm-match", "confirm-anchor", "tell-family", "door-visit"])
def test_reaching_somebody_about_something_else_confirms_nothing(world: Any, kind: str) -> None:
    """Only a talk with the returnee, or a form that a human confirmed, confirms a return."""
    world.period("p-1", ARRIVED)
    world.duty(kind, "p-1", "reached", basis="q:p-1:2020-02-12")
    assert figures(world).confirmed == 0


def test_a_call_in_which_every_candidate_said_no_confirms_nothing(world: Any) -> None:
    """The form's duty reached people, all of whom were rejected: whose return it is, nobody knows."""
    form = world.form("f-1", arrived_on=ARRIVED, returning_from="420100")
    world.period(form.subject, ARRIVED)
    world.duty("confirm-match", form.subject, "reached", "reached", basis=form.id)
    world.add(*(MatchRejected(registration=form.id, person=each) for each in ("p-1", "p-2")))
    assert (figures(world).confirmed, figures(world).unconfirmed) == (0, 1)


def test_a_human_confirms_a_form(world: Any) -> None:
    """A form a human confirmed confirms its person's return; taken back, it does not."""
    world.period("p-1", ARRIVED)
    form = world.form("f-1", arrived_on=ARRIVED)
    world.add(MatchConfirmed(registration=form.id, person="p-1"))
    assert figures(world).confirmed == 1
    world.add(MatchRejected(registration=form.id, person="p-1"))
    assert figures(world).confirmed == 0


def test_an_earlier_call_does_not_confirm_a_second_return(world: Any) -> None:
    """Who was reached about one return has not been asked about the next."""
    first = world.period("p-1", ARRIVED - timedelta(days=10))
    world.period("p-1", ARRIVED)
    world.duty("tell-returnee", "p-1", "reached", basis=first.id)
    seen = figures(world)
    assert (seen.to_date, seen.people, seen.confirmed) == (2, 1, 1)


def test_a_period_ordered_in_error_is_no_return(world: Any) -> None:
    """A period of somebody else's form, or an error, leaves the count."""
    period = world.period("form:f-1", ARRIVED)
    change = PeriodChange(
        kind=ChangeKind.ENDED, cause=EndCause.ORDERED_IN_ERROR, reason="another person", by="cadre-3", at=NOW
    )
    world.add(QuarantineChanged(period=period.id, person=period.person, change=change))
    assert figures(world).to_date == 0


def test_a_form_that_was_linked_since_counts_once(world: Any) -> None:
    """The period of a form and the person's own one, a day apart, are one return of one person."""
    world.form("f-1", arrived_on=ARRIVED, returning_from="420100")
    world.period("form:f-1", ARRIVED)
    assert figures(world).unidentified == 1
    world.add(MatchFound(registration="f-1", person="p-1"))
    world.period("p-1", ARRIVED - timedelta(days=1))
    seen = figures(world)
    assert (seen.to_date, seen.people, seen.unidentified) == (1, 1, 0)


def test_two_forms_of_one_stranger_count_once(world: Any) -> None:
    """Paper and questionnaire of somebody who is not in the register are one person's."""
    first = world.form("f-1", arrived_on=ARRIVED, returning_from="340100")
    second = world.form("f-2", source="questionnaire", arrived_on=ARRIVED, returning_from="340100")
    world.stranger(first)
    world.stranger(second, "f-1")
    report = daily_report(world.state, day=DAY, now=NOW, reconciliation=world.lists)
    assert (report.returnees.to_date, report.forms.same_on_both) == (1, 1)


def test_forms_without_a_period_are_counted_too(world: Any) -> None:
    """Where no period was ordered the form alone tells of the return; one from the province does not."""
    world.form("f-1", returning_from="340100", submitted_at=NOW)
    world.form("f-2", returning_from="310112", submitted_at=NOW)
    world.form("f-3")
    seen = figures(world)
    assert (seen.today, seen.to_date) == (1, 2)
    assert seen.per_day == {"undated": 1, "2020-02-13": 1}
    assert [(each.region, each.zh) for each in seen.by_region] == [("000000", "未说明"), ("340000", "安徽省")]
