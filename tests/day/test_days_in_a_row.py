"""The same ledger over several days: nothing twice, nobody dropped, forms linked late."""

from __future__ import annotations

from pathlib import Path

import pytest

from day.elm_lane import DOORS, REGISTER, Files, ledger, put
from epiguard import (
    DutyState,
    EndCause,
    MatchConfirmed,
    MatchRejected,
    Outcome,
)
from epiguard.day import DayResult, run_day, summary
from epiguard.facts import DutyAttempted

FORMS = "编号,登记时间,姓名,手机号,住址,从何处返沪,抵沪日期"
GATE = "流水号,时间,卡口,方向,类别,人员编号,体温,外省返程,返程地,已登记,放行"

FIRST_DAY: Files = {
    "residents.csv": REGISTER,
    "paper-1.csv": [
        FORMS,
        "1,2020-02-10 20:00,王小明,13800138001,1号楼101室,安徽合肥,2020-02-10",
        "2,2020-02-10 21:00,周文慧,,1号楼202室,江苏苏州,2020-02-10",
        "3,2020-02-10 22:00,孙无名,13711112222,1号楼301室,河南郑州,2020-02-10",
    ],
    "gate-1.csv": [
        GATE,
        "1,2020-02-10 19:58,北门,进,居民,p-1,36.5,是,安徽合肥,是,是",
        "2,2020-02-10 20:30,北门,进,居民,p-3,36.5,是,浙江杭州,是,是",
        "3,2020-02-10 21:30,北门,出,居民,p-2,36.5,否,,,否",
        "4,2020-02-10 21:40,北门,出,居民,p-2,36.5,否,,,是",
    ],
    "doors-1.csv": [DOORS, "1,2020-02-10 22:30,1号楼,出,p-1,通过"],
}


@pytest.fixture
def first(tmp_path: Path) -> DayResult:
    """The first day's run."""
    return run_day(put(tmp_path / "files", FIRST_DAY), tmp_path / "out")


def test_the_first_day(first: DayResult, tmp_path: Path) -> None:
    """One form matched, namesakes asked about, a stranger listed, a returnee without a form found."""
    lists = first.lists
    assert [each.person_id for each in lists.matched] == ["p-1"]
    assert [each.registration.id for each in lists.to_confirm] == ["paper:paper-1:2"]
    assert [each.registration.id for each in lists.not_in_register] == ["paper:paper-1:3"]
    assert [each.person_id for each in lists.unregistered] == ["p-3"]
    with ledger(tmp_path) as opened:
        periods = {each.person: each for each in opened.periods()}
        kinds = {(each.duty.kind, each.duty.subject) for each in opened.duties()}
        alerts = {(each.kind, each.subject) for each in opened.alerts()}
    assert set(periods) == {"p-1", "p-3", "form:paper:paper-1:2", "form:paper:paper-1:3"}
    assert (
        "confirm-match",
        "form:paper:paper-1:2",
    ) in kinds
    assert ("register-newcomer", "form:paper:paper-1:3") in kinds
    assert ("fetch-form", "p-3") in kinds
    assert {("tell-returnee", "p-1"), ("tell-landlord", "p-1")} <= kinds
    assert ("quarantine-breach", "p-1") in alerts


def test_an_exit_that_the_log_says_did_not_happen_is_not_spent(first: DayResult) -> None:
    """Turned back once, then let out: the second is the day's one exit and allowed."""
    by_key = dict(zip((each.key for each in first.files.gate), first.decisions, strict=True))
    effects = [decision.effect.value for decision in by_key.values()]
    assert effects == ["allow", "allow", "allow", "allow"]


def test_the_same_folder_again_adds_nothing(first: DayResult, tmp_path: Path) -> None:
    """A repeated run records no fact, and says so."""
    again = run_day(tmp_path / "files", tmp_path / "out")
    assert first.facts_added > 0
    assert again.facts_added == 0
    assert "this folder was run before" in summary(again)
    assert again.report == first.report


def test_a_form_that_comes_a_day_late_opens_no_second_period(first: DayResult, tmp_path: Path) -> None:
    """The returnee without a form hands it in the next day: matched, off the list, one period still."""
    assert [each.person_id for each in first.lists.unregistered] == ["p-3"]
    put(
        tmp_path / "files",
        {"paper-2.csv": [FORMS, "4,2020-02-11 09:00,陈大伟,13800138003,1号楼201室,浙江杭州,2020-02-10"]},
    )
    second = run_day(tmp_path / "files", tmp_path / "out")
    assert second.lists.unregistered == ()
    with ledger(tmp_path) as opened:
        assert [each.person for each in opened.periods()].count("p-3") == 1


def test_a_second_return_opens_a_second_period(first: DayResult, tmp_path: Path) -> None:
    """Whoever comes back again later has a new exposure; the first period stands."""
    assert first.decisions
    put(
        tmp_path / "files",
        {"paper-2.csv": [FORMS, "5,2020-03-01 09:00,王小明,13800138001,1号楼101室,安徽合肥,2020-03-01"]},
    )
    run_day(tmp_path / "files", tmp_path / "out")
    with ledger(tmp_path) as opened:
        found = [each for each in opened.periods() if each.person == "p-1"]
    assert [each.anchor_day.isoformat() for each in found] == ["2020-02-10", "2020-03-01"]
    assert all(each.end is None for each in found)


def test_a_confirmed_form_moves_its_period_to_the_person(first: DayResult, tmp_path: Path) -> None:
    """A call tells the namesakes apart: the form's own period ends, the person's takes its place."""
    (form,) = (each.registration.id for each in first.lists.to_confirm)
    with ledger(tmp_path) as opened:
        opened.record(MatchConfirmed(registration=form, person="p-4"), by="cadre-3")
        (duty,) = (each.duty for each in opened.duties() if each.duty.kind == "confirm-match")
        opened.record(DutyAttempted(duty=duty.id, outcome=Outcome.REACHED), by="cadre-3")
    second = run_day(tmp_path / "files", tmp_path / "out")
    assert "p-4" in {each.person_id for each in second.lists.matched}
    with ledger(tmp_path) as opened:
        periods = {each.person: each for each in opened.periods()}
        still_owed = {each.duty.kind for each in opened.duties() if each.duty.subject == f"form:{form}"}
    end = periods[f"form:{form}"].end
    assert end is not None
    assert end.cause is EndCause.IDENTIFIED
    assert periods["p-4"].end is None
    assert still_owed == set()
    assert second.report.forms.confirmed == 1


def test_a_rejected_candidate_is_never_proposed_again(first: DayResult, tmp_path: Path) -> None:
    """What a human denied stays denied on the next day."""
    (form,) = (each.registration.id for each in first.lists.to_confirm)
    with ledger(tmp_path) as opened:
        opened.record(MatchRejected(registration=form, person="p-4"), by="cadre-3")
    second = run_day(tmp_path / "files", tmp_path / "out")
    answers = {
        each.registration.id: each.answer
        for listed in (second.lists.matched, second.lists.to_confirm, second.lists.not_in_register)
        for each in listed
    }
    assert "p-4" not in [each.person_id for each in answers[form].candidates]


def test_nobody_drops_off_because_a_call_was_missed(first: DayResult, tmp_path: Path) -> None:
    """A call that reached nobody leaves the duty open over every later run."""
    assert first.facts_added
    with ledger(tmp_path) as opened:
        (duty,) = (each.duty for each in opened.duties() if each.duty.kind == "tell-landlord")
        opened.record(DutyAttempted(duty=duty.id, outcome=Outcome.NO_ANSWER), by="leader-4")
    run_day(tmp_path / "files", tmp_path / "out")
    with ledger(tmp_path) as opened:
        found = {each.duty.id: each for each in opened.duties(state=DutyState.OPEN)}
    assert [outcome for _, outcome in found[duty.id].attempts] == [Outcome.NO_ANSWER]


def test_the_summary_names_nobody(first: DayResult) -> None:
    """What is printed has figures and files, and no name, number or address."""
    printed = summary(first)
    assert [each for each in ("王小明", "13800138001", "101室", "孙无名") if each in printed] == []
    assert "榆树里, 2020-02-10" in printed
