"""After somebody died or moved away nothing is owed about them, over any number of runs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from day.elm_lane import ledger, run
from epiguard import DutyOpened, PersonEnrolled, PersonLeft
from epiguard.day import DayResult
from epiguard.reports import day_lists

AT = datetime(2020, 2, 11, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
WANG = "1,2020-02-10 20:00,王小明,13800138001,1号楼101室,安徽合肥,,2020-02-10"
#: One of two namesakes at one door: to be confirmed.
ZHOU = "2,2020-02-10 21:00,周文慧,,1号楼202室,江苏苏州,,2020-02-10"
SEEN = "1,2020-02-10 20:30,北门,进,居民,p-3,36.5,是,浙江杭州,,,是"
NEXT = "2,2020-02-12 08:00,北门,进,居民,p-2,36.5,否,,,,是"


def leave(base: Path, *people: str, cause: str = "death") -> None:
    """Record that they left."""
    with ledger(base) as opened:
        for each in people:
            opened.record(PersonLeft(person=each, reason="illness", cause=cause, at=AT), by="cadre-3")


def owed(base: Path) -> set[tuple[str, str]]:
    """Kind and subject of what is open."""
    with ledger(base) as opened:
        return {(each.kind, each.subject) for each in opened.duties()}


def opened_later(base: Path, position: int) -> set[tuple[str, str]]:
    """What the runs after an entry opened."""
    with ledger(base) as opened:
        facts = [each.fact for each in opened.facts(after=position)]
    return {(each.duty.kind, each.duty.subject) for each in facts if isinstance(each, DutyOpened)}


def test_nothing_is_opened_again_about_somebody_who_died(tmp_path: Path) -> None:
    """Their form stays theirs and becomes no stranger's: no duty, no period, nothing to fetch."""
    run(tmp_path, paper=[WANG], gate=[SEEN])
    assert {("tell-returnee", "p-1"), ("fetch-form", "p-3")} <= owed(tmp_path)
    leave(tmp_path, "p-1", "p-3")
    with ledger(tmp_path) as opened:
        position = opened.position
    result = run(tmp_path, paper=[WANG], gate=[SEEN, NEXT])
    assert [each.person_id for each in result.lists.matched] == ["p-1"]
    assert (result.lists.not_in_register, result.lists.unregistered) == ((), ())
    assert opened_later(tmp_path, position) == set()
    assert owed(tmp_path) == set()
    assert result.report.observation.in_force == 0
    assert run(tmp_path, paper=[WANG], gate=[SEEN, NEXT]).facts_added == 0


def call_list(base: Path, result: DayResult) -> Iterable[Mapping[str, object]]:
    """The list that people phone from."""
    with ledger(base) as opened:
        sheets = day_lists(opened.state, day=result.day, now=result.as_of, reconciliation=result.lists)
    return next(each.records() for each in sheets if each.key == "call-list")


def test_a_form_that_may_be_the_dead_ones_calls_nobody(tmp_path: Path) -> None:
    """It stays to be confirmed, for it may be another's; there is no route but to ask somebody else first."""
    first = run(tmp_path, paper=[ZHOU], gate=[NEXT.replace("02-12", "02-10")])
    (unsure,) = first.lists.to_confirm
    assert {each.person_id for each in unsure.likely} >= {"p-4", "p-5"}
    leave(tmp_path, "p-4")
    second = run(tmp_path, paper=[ZHOU], gate=[NEXT])
    assert [each.registration.id for each in second.lists.to_confirm] == ["paper:paper:2"]
    rows = call_list(tmp_path, second)
    assert [
        (row["via"], row["phone"], row["address"]) for row in rows if "确认登记表" in str(row["kind"])
    ] == [("可能已去世或迁出,先问楼组长 may have died or moved: ask the building's leader", "", "")]


@pytest.mark.parametrize("handed_in", ["2020-02-12 20:00", ""])
def test_a_form_handed_in_after_they_left_is_not_theirs(handed_in: str, tmp_path: Path) -> None:
    """Whoever moved away and came back is no ghost: their new form is listed, with a duty."""
    run(tmp_path, gate=[NEXT.replace("02-12", "02-10")])
    leave(tmp_path, "p-1", cause="moved-away")
    new = WANG.replace("2020-02-10 20:00", handed_in).replace("2020-02-10", "2020-02-12")
    result = run(tmp_path, paper=[new], gate=[NEXT])
    assert result.lists.matched == ()
    kinds = {kind for kind, subject in owed(tmp_path) if subject == "form:paper:paper:1"}
    assert kinds & {"register-newcomer", "confirm-match"}
    with ledger(tmp_path) as opened:
        opened.record(PersonEnrolled(opened.state.people["p-1"], at=AT), by="cadre-3")
    back = run(tmp_path, paper=[new], gate=[NEXT])
    assert [each.person_id for each in back.lists.matched] == ["p-1"]
    assert ("tell-returnee", "p-1") in owed(tmp_path)


def test_who_passes_under_the_id_of_somebody_who_left(tmp_path: Path) -> None:
    """A returnee seen after the owner of the id left is somebody: the gate has to find out who."""
    run(tmp_path, gate=[NEXT.replace("02-12", "02-10")])
    leave(tmp_path, "p-3", cause="moved-away")
    result = run(tmp_path, gate=[NEXT, SEEN.replace("02-10", "02-12")])
    assert [each.person_id for each in result.lists.unregistered] == ["p-3"]
    assert ("identify-returnee", "north") in owed(tmp_path)


def test_a_landlord_who_died_is_not_called(tmp_path: Path) -> None:
    """The tenant's own duties stand; the landlord's is closed and not opened again."""
    run(tmp_path, paper=[WANG])
    assert ("tell-landlord", "p-1") in owed(tmp_path)
    with ledger(tmp_path) as opened:
        (landlord,) = [each.contact for each in opened.duties() if each.kind == "tell-landlord"]
    assert landlord is not None
    leave(tmp_path, landlord)
    run(tmp_path, paper=[WANG], gate=[NEXT])
    assert "tell-landlord" not in {kind for kind, _ in owed(tmp_path)}
    assert ("tell-returnee", "p-1") in owed(tmp_path)
