"""Periods: in force at the instant of the report, by day, and ending."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from epiguard import EndCause, ExportError, Exposure, QuarantinePeriod, Return
from epiguard.facts import QuarantineChanged, QuarantineOrdered
from epiguard.quarantine import ChangeKind, PeriodChange
from epiguard.reports import Observation, daily_report

DAY = date(2020, 2, 13)
NOW = datetime.fromisoformat("2020-02-13T18:00:00+08:00")


def figures(world: Any, day: date = DAY, now: datetime = NOW) -> Observation:
    """The figures of a report."""
    return daily_report(world.state, day=day, now=now).observation


def test_day_numbers_run_from_day_0_to_14(world: Any) -> None:
    """Last exposure 30 January: day 14 is 13 February, released on the 14th."""
    world.period("p-1", date(2020, 1, 30))
    seen = figures(world)
    assert seen.by_day_number == {"14": 1}
    assert seen.ending_on == {"2020-02-14": 1, "2020-02-15": 0, "2020-02-16": 0}
    assert (seen.in_force, seen.ending_soon, seen.released) == (1, 1, 0)
    later = figures(world, DAY + timedelta(days=1), NOW + timedelta(days=1))
    assert (later.in_force, later.released) == (0, 1)
    assert figures(world, date(2020, 1, 30), NOW).starting == 1


def test_a_report_on_a_past_day_speaks_of_its_end(world: Any) -> None:
    """A period that began after the day is not in force on it, although it is now."""
    world.period("p-1", DAY)
    assert figures(world, DAY - timedelta(days=1), NOW).in_force == 0
    assert figures(world).by_day_number == {"0": 1}


def test_whoever_waits_for_the_hour_of_release_is_in_no_day(world: Any) -> None:
    """Between the last day and a release at noon a period is in force without a day number."""
    exposure = Exposure(person="p-1", reason=Return(region="420000"), arrived_on=date(2020, 1, 30))
    period = QuarantinePeriod.after(exposure, days=14, zone="Asia/Shanghai", release_hour=time(12))
    world.add(QuarantineOrdered(period))
    morning = datetime.fromisoformat("2020-02-14T09:00:00+08:00")
    seen = figures(world, date(2020, 2, 14), morning)
    assert (seen.in_force, seen.awaiting_release, dict(seen.by_day_number), seen.released) == (1, 1, {}, 1)


@pytest.mark.parametrize(
    ("cause", "released", "otherwise"),
    [
        (EndCause.EARLY_RELEASE, 1, 0),
        (EndCause.HOSPITAL, 0, 1),
        (EndCause.DEATH, 0, 1),
        (EndCause.IDENTIFIED, 0, 0),
        (EndCause.ORDERED_IN_ERROR, 0, 0),
    ],
)
def test_an_end_is_counted_by_its_cause(world: Any, cause: EndCause, released: int, otherwise: int) -> None:
    """Who died or fell ill was not released; a period that never was one has no end to count."""
    period = world.period("p-1", date(2020, 2, 5))
    change = PeriodChange(kind=ChangeKind.ENDED, cause=cause, reason="as reported", by="cadre-3", at=NOW)
    world.add(QuarantineChanged(period=period.id, person="p-1", change=change))
    seen = figures(world)
    assert (seen.released, seen.ended_otherwise, seen.in_force) == (released, otherwise, 0)


def test_anchors_to_be_asked_for_are_counted(world: Any) -> None:
    """A period that counts from the gate's date waits for the real one."""
    exposure = Exposure(person="form:f-1", reason=Return(region="420000"))
    world.add(
        QuarantineOrdered(QuarantinePeriod.after(exposure, days=14, zone="Asia/Shanghai", otherwise=DAY))
    )
    seen = figures(world)
    assert (seen.anchors_to_confirm, seen.on_forms, seen.on_persons) == (1, 1, 0)


def test_two_periods_of_one_person_are_two(world: Any) -> None:
    """Periods are counted; the people under observation are counted apart."""
    world.period("p-1", date(2020, 2, 2))
    world.period("p-1", date(2020, 2, 10))
    assert (figures(world).in_force, figures(world).subjects) == (2, 1)


def test_a_day_that_has_not_begun_is_refused(world: Any) -> None:
    """There is no report on tomorrow."""
    with pytest.raises(ExportError, match=r"expected an instant on 2020-02-14 or after it"):
        figures(world, DAY + timedelta(days=1))
