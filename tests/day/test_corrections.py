"""A form typed again, a row of a log corrected: what holds now, what stays on record, and that it is said."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from day.elm_lane import DOORS, FORMS, GATE, REGISTER, SITE, ledger, put, run
from epiguard import IntakeError, Ledger, Registration
from epiguard.day import DayResult, run_day, summary
from epiguard.facts import CrossingObserved, DecisionCancelled, Registered
from epiguard.ledger import Entry

WANG = "1,2020-02-10 20:00,王小明,13800138001,1号楼101室,安徽合肥,,2020-02-10"
CHEN = "1,2020-02-10 20:00,陈大伟,13800138003,1号楼201室,安徽合肥,,2020-02-10"
ONLINE = "序号,提交答卷时间,1、您的姓名,2、手机号码,3、您的住址,4、从何处返沪,5、抵沪日期"
OUT = "1,2020-02-10 09:00,北门,出,居民,p-2,36.5,否,,,,是"


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[Ledger]:
    """The ledger, looked at between the runs."""
    run(tmp_path, gate=["0,2020-02-10 08:00,北门,进,居民,p-3,36.5,否,,,,是"])
    with ledger(tmp_path) as found:
        yield found


def of_kind(opened: Ledger, kind: str) -> list[Entry]:
    """The entries of a kind."""
    return [each for each in opened.facts() if each.kind == kind]


def test_a_form_that_was_typed_again_says_what_it_says_now(opened: Ledger, tmp_path: Path) -> None:
    """The latest version holds, both stay on record, and the summary counts one correction; then none."""
    run(tmp_path, paper=[WANG])
    second = run(tmp_path, paper=[WANG.replace("1号楼101室", "1号楼102室")])
    assert (second.corrected, "rows corrected" in summary(second)) == (1, True)
    told = [each.fact for each in of_kind(opened, "registered")]
    assert [
        each.registration.written["residence"].value for each in told if isinstance(each, Registered)
    ] == [
        "1号楼101室",
        "1号楼102室",
    ]
    (form,) = opened.registrations()
    assert form.written["residence"].value == "1号楼102室"
    again = run(tmp_path, paper=[WANG.replace("1号楼101室", "1号楼102室")])
    assert (again.facts_added, again.corrected) == (0, 0)
    assert "rows corrected" not in summary(again)


def test_a_form_that_turns_out_to_be_anothers(opened: Ledger, tmp_path: Path) -> None:
    """The new person gets a period of their own; whether the first one's stands is for a human to say."""
    run(tmp_path, paper=[WANG])
    second = run(tmp_path, paper=[CHEN])
    assert [each.person_id for each in second.lists.matched] == ["p-3"]
    assert {each.person: each.end for each in opened.periods()} == {"p-1": None, "p-3": None}
    (review,) = [each for each in opened.duties() if each.kind == "review-period"]
    assert (review.subject, review.basis) == ("p-1", "q:p-1:2020-02-10")
    back = run(tmp_path, paper=[WANG])
    assert (back.corrected, [each.person_id for each in back.lists.matched]) == (1, ["p-1"])
    assert opened.state.links == {"paper:paper:1": "p-1"}
    assert run(tmp_path, paper=[WANG]).facts_added == 0


def test_a_row_that_named_the_wrong_person(opened: Ledger, tmp_path: Path) -> None:
    """The first decision is withdrawn, with the reason; its exit is not spent; the second one counts."""
    run(tmp_path, gate=[OUT])
    second = run(tmp_path, gate=[OUT.replace("p-2", "p-3")])
    assert (second.corrected, [each.effect.value for each in second.decisions]) == (1, ["allow"])
    first, other = (
        each for each in of_kind(opened, "crossing-decided") if each.key in ("gate:1", "gate:1~r2")
    )
    cancelled = opened.cancellation(first.id)
    assert cancelled is not None
    assert cancelled.by == "gate-log"
    assert isinstance(cancelled.fact, DecisionCancelled)
    assert "corrected" in cancelled.fact.reason.value
    assert opened.cancellation(other.id) is None
    assert not opened.state.crossings_of["p-2"]
    assert run(tmp_path, gate=[OUT.replace("p-2", "p-3")]).facts_added == 0


def test_a_row_that_is_corrected_back_is_a_third_version(opened: Ledger, tmp_path: Path) -> None:
    """Each version is decided on its own, and only the last one counts."""
    for person in ("p-2", "p-3", "p-2"):
        result = run(tmp_path, gate=[OUT.replace("p-2", person)])
    assert result.corrected == 1
    assert [each.decision for each in opened.state.crossings_of["p-2"]] == [result.decisions[0].id]
    assert len(opened.state.crossings_of["p-3"]) == 1  # the fixture's


def test_let_through_or_not_can_be_corrected_both_ways(opened: Ledger, tmp_path: Path) -> None:
    """放行 corrected to no frees the exit; corrected to yes it is spent again."""
    refused = OUT.removesuffix("是") + "否"
    run(tmp_path, gate=[OUT])
    run(tmp_path, gate=[refused])
    assert not opened.state.crossings_of["p-2"]
    assert run(tmp_path, gate=[refused]).facts_added == 0
    run(tmp_path, gate=[OUT])
    assert len(opened.state.crossings_of["p-2"]) == 1
    assert run(tmp_path, gate=[OUT]).facts_added == 0


def test_a_passage_against_the_rules_that_was_a_slip(opened: Ledger, tmp_path: Path) -> None:
    """A row with a fever that was let through is corrected: the crossing and its alert are taken back."""
    run(tmp_path, gate=[OUT.replace("36.5", "38.5")])
    assert [each.kind for each in opened.alerts()] == ["passed-against-the-rules"]
    second = run(tmp_path, gate=[OUT])
    assert second.corrected == 1
    assert opened.alerts() == []
    assert [each.decision for each in opened.state.crossings_of["p-2"]] == [second.decisions[0].id]


def test_what_a_human_cancelled_stays_cancelled(opened: Ledger, tmp_path: Path) -> None:
    """The log says yes, a human said that they were turned back: the human's word stands over every run."""
    first = run(tmp_path, gate=[OUT])
    opened.cancel(first.decisions[0].id, by="guard-5", reason="turned back")
    again = run(tmp_path, gate=[OUT])
    assert (again.facts_added, again.corrected) == (0, 0)
    assert opened.is_cancelled(first.decisions[0].id)


def test_a_doors_row_that_was_corrected_is_recorded_beside_the_first(opened: Ledger, tmp_path: Path) -> None:
    """A door decides nothing that could be withdrawn: both observations stand, and it is counted."""
    run(tmp_path, doors=["1,2020-02-10 22:30,1号楼,出,p-2,通过"])
    second = run(tmp_path, doors=["1,2020-02-10 22:35,1号楼,出,p-2,通过"])
    assert second.corrected == 1
    seen = [each.fact for each in of_kind(opened, "crossing-observed") if each.by == "door-log"]
    assert [each.crossing.at.minute for each in seen if isinstance(each, CrossingObserved)] == [30, 35]
    assert run(tmp_path, doors=["1,2020-02-10 22:35,1号楼,出,p-2,通过"]).facts_added == 0


def test_a_row_that_cannot_be_taken_in_is_named(opened: Ledger, tmp_path: Path) -> None:
    """Another program used the row's key for something else: the error has the file and the row."""
    opened.record(Registered(Registration(id="r-1", source="paper")), by="other", key="gate:9")
    with pytest.raises(IntakeError) as caught:
        run(tmp_path, gate=[OUT, OUT.replace("1,", "9,", 1).replace("09:00", "09:30")])
    assert str(caught.value).startswith("gate.csv, row 3: expected a row that the ledger takes, got one")
    assert opened.state.crossings_of["p-2"] == []


def test_numbers_that_begin_anew_every_day_are_other_rows(tmp_path: Path) -> None:
    """Gate, door and paper files of the same names with numbers from 1: nothing of the first day is lost."""
    first = {
        "residents.csv": REGISTER,
        "paper.csv": [FORMS, "1,2020-02-10 20:00,王小明,13800138001,1号楼101室,安徽合肥,,2020-02-10"],
        "gate.csv": [GATE, "1,2020-02-10 19:58,北门,进,居民,p-1,36.5,是,安徽合肥,,是,是"],
        "doors.csv": [DOORS, "1,2020-02-10 22:30,1号楼,进,p-1,通过"],
    }
    second = {
        "residents.csv": REGISTER,
        "paper.csv": [FORMS, "1,2020-02-11 20:00,孙无名,13711112222,1号楼301室,河南郑州,,2020-02-11"],
        "gate.csv": [GATE, "1,2020-02-11 09:00,北门,出,居民,p-2,36.5,否,,,,是"],
        "doors.csv": [DOORS, "1,2020-02-11 08:00,1号楼,出,p-2,通过"],
    }
    run_day(put(tmp_path / "files", first), tmp_path / "out")
    result = run_day(put(tmp_path / "two", second), tmp_path / "out")
    assert result.corrected == 0
    again = run_day(tmp_path / "two", tmp_path / "out")
    assert (again.facts_added, again.corrected) == (0, 0)
    earlier = run_day(tmp_path / "files", tmp_path / "out", as_of=result.as_of)
    assert (earlier.facts_added, earlier.corrected) == (1, 0)  # the export of its own lists
    with ledger(tmp_path) as opened:
        assert [each.id for each in opened.registrations()] == [
            "paper:paper:1",
            "paper:paper:1@2020-02-11",
        ]
        kinds = [each.kind for each in opened.facts()]
        assert (kinds.count("crossing-decided"), kinds.count("crossing-observed")) == (2, 2)
        assert "decision-cancelled" not in kinds


def test_a_form_whose_date_alone_was_corrected_is_the_same_form(tmp_path: Path) -> None:
    """All it says is the same: no second form."""
    rows = ["1,2020-02-10 20:00,王小明,13800138001,1号楼101室,安徽合肥,,2020-02-10"]
    files = {"residents.csv": REGISTER, "paper.csv": [FORMS, *rows]}
    run_day(put(tmp_path / "files", files), tmp_path / "out")
    later = [each.replace("02-10 20:00", "02-11 00:10") for each in rows]
    result = run_day(put(tmp_path / "files", {"paper.csv": [FORMS, *later]}), tmp_path / "out")
    assert result.corrected == 1
    with ledger(tmp_path) as opened:
        assert [each.id for each in opened.registrations()] == ["paper:paper:1"]


def test_two_people_under_one_number_are_two_forms(tmp_path: Path) -> None:
    """The afternoon's stack begins at 1 again, or no form has a date: nobody takes another's place."""
    morning = "1,2020-02-10 09:40,马建军,13157392648,8号楼802室,安徽合肥,,2020-02-10"
    undated = "2,,何大勇,13300003333,7号楼702室,安徽合肥,,2020-02-10"
    files = {"residents.csv": REGISTER, "paper.csv": [FORMS, morning, undated]}
    run_day(put(tmp_path / "files", files), tmp_path / "out")
    afternoon = [
        FORMS,
        "1,2020-02-10 16:40,冯丽华,13200002222,9号楼902室,江苏苏州,,2020-02-10",
        "2,,钱玉兰,13400004444,9号楼901室,江苏苏州,,2020-02-10",
    ]
    result = run_day(put(tmp_path / "files", {"paper.csv": afternoon}), tmp_path / "out")
    assert result.corrected == 0
    again = run_day(tmp_path / "files", tmp_path / "out")
    assert (again.facts_added, again.corrected) == (0, 0)
    with ledger(tmp_path) as opened:
        assert [each.id for each in opened.registrations()] == [
            "paper:paper:1",
            "paper:paper:2",
            "paper:paper:1@2020-02-10",
            "paper:paper:2.2",
        ]
        periods = {each.person for each in opened.periods()}
        assert periods == {f"form:{each.id}" for each in opened.registrations()}


def test_a_corrected_date_and_another_field_are_one_correction(tmp_path: Path) -> None:
    """The telephone says that it is the same person's form: no second person, period or call."""
    row = "1,2020-02-12 09:40,钱玉兰,13933334444,2号楼202室,安徽合肥,,2020-02-12"
    run_day(put(tmp_path / "files", {"residents.csv": REGISTER, "paper.csv": [FORMS, row]}), tmp_path / "out")
    other = row.replace("02-12 09:40", "02-11 23:40").replace("钱玉兰", "钱玉蓝")
    late = "2,2020-02-12 10:00,陈大伟,13800138003,1号楼201室,浙江杭州,,2020-02-12"
    result = run_day(put(tmp_path / "files", {"paper.csv": [FORMS, other, late]}), tmp_path / "out")
    assert result.corrected == 1
    with ledger(tmp_path) as opened:
        assert [each.id for each in opened.registrations()] == ["paper:paper:1", "paper:paper:2"]


def test_a_row_put_in_on_top_moves_nobody(tmp_path: Path) -> None:
    """Forms without numbers are numbered by their rows; the same answers in another row are the same form."""
    heads = FORMS.partition(",")[2]
    rows = [
        "2020-02-10 20:00,马建军,13157392648,8号楼802室,安徽合肥,,2020-02-10",
        "2020-02-10 21:00,冯丽华,13200002222,9号楼902室,江苏苏州,,2020-02-10",
    ]
    files = {"residents.csv": REGISTER, "paper.csv": [heads, *rows]}
    run_day(put(tmp_path / "files", files), tmp_path / "out")
    new = "2020-02-10 19:00,何大勇,13300003333,7号楼702室,安徽合肥,,2020-02-10"
    result = run_day(put(tmp_path / "files", {"paper.csv": [heads, new, *rows]}), tmp_path / "out")
    assert (result.corrected, result.report.forms.received) == (0, 3)


def test_the_second_shifts_numbers_withdraw_nothing(tmp_path: Path) -> None:
    """Other people at another time under the same number: the first exit stays spent."""
    first = [GATE, "1,2020-02-10 09:00,北门,出,居民,p-1,36.5,否,,,,是"]
    run_day(put(tmp_path / "files", {"residents.csv": REGISTER, "gate.csv": first}), tmp_path / "out")
    second = [
        GATE,
        "1,2020-02-10 15:00,北门,出,居民,p-4,36.5,否,,,,是",
        "2,2020-02-10 17:00,北门,出,居民,p-1,36.5,否,,,,否",
    ]
    result = run_day(put(tmp_path / "files", {"gate.csv": second}), tmp_path / "out")
    assert (result.corrected, [each.effect.value for each in result.decisions]) == (0, ["allow", "deny"])
    again = run_day(tmp_path / "files", tmp_path / "out")
    assert (again.facts_added, again.corrected) == (0, 0)


def test_a_strangers_second_form_is_the_same_persons(tmp_path: Path) -> None:
    """On paper today, online tomorrow: one period, one set of calls, though online sorts before paper."""
    site = SITE + 'questionnaire = { file = "online*.csv", encoding = "utf-8" }\n'
    form = "1,2020-02-10 20:00,马建军,13157392648,8号楼802室,安徽合肥,,2020-02-10"
    files = {"residents.csv": REGISTER, "paper.csv": [FORMS, form], "online.csv": [ONLINE]}
    folder = put(tmp_path / "files", files)
    (folder / "site.toml").write_text(site, encoding="utf-8")
    first = run_day(folder, tmp_path / "out")
    (folder / "online.csv").write_text(
        ONLINE + "\n1,2020/2/11 08:00:00,马建军,13157392648,8号楼802室,安徽合肥,2020-02-10\n",
        encoding="utf-8",
    )
    second = run_day(folder, tmp_path / "out")
    assert len(second.lists.not_in_register) == 2
    assert second.report.observation.in_force == first.report.observation.in_force == 1
    with ledger(tmp_path) as opened:
        assert {each.person for each in opened.periods()} == {"form:paper:paper:1"}
        assert {each.subject for each in opened.duties()} == {"form:paper:paper:1"}


FEVER = "1,2020-02-10 09:00,北门,进,居民,p-2,38.5,否,,,,否,38.4"


def gate_says(base: Path, *lines: str) -> DayResult:
    """Run with a gate's log that has a column for the second measurement."""
    put(base / "files", {"gate.csv": [f"{GATE},复测体温", *lines]})
    return run_day(base / "files", base / "out")


def test_what_a_corrected_row_owed_is_over(opened: Ledger, tmp_path: Path) -> None:
    """A fever that was a slip: nobody arranges a clinic for it."""
    gate_says(tmp_path, FEVER)
    owed = [each for each in opened.duties() if each.subject == "p-2"]
    assert [each.kind for each in owed]
    slip = FEVER.replace("38.5", "36.5").replace("38.4", "")
    assert gate_says(tmp_path, slip).corrected == 1
    assert [each for each in opened.duties() if each.subject == "p-2"] == []
    assert gate_says(tmp_path, slip).facts_added == 0


def test_what_the_corrected_row_owes_as_well_stays(opened: Ledger, tmp_path: Path) -> None:
    """A tenth of a degree was wrong, the fever was not: the clinic is still to be arranged, once."""
    gate_says(tmp_path, FEVER)
    before = {each.id for each in opened.duties() if each.subject == "p-2"}
    gate_says(tmp_path, FEVER.replace("38.5", "38.6"))
    assert before
    assert {each.id for each in opened.duties() if each.subject == "p-2"} == before


def test_what_a_corrected_door_row_raised_is_over(opened: Ledger, tmp_path: Path) -> None:
    """The wrong person was seen to break quarantine: that alert is closed, the right one's stands."""
    run(tmp_path, paper=[WANG, CHEN.replace("1,", "2,", 1)])
    run(tmp_path, doors=["1,2020-02-10 22:30,1号楼,出,p-1,通过"])
    assert [(each.kind, each.subject) for each in opened.alerts()] == [("quarantine-breach", "p-1")]
    second = run(tmp_path, doors=["1,2020-02-10 22:30,1号楼,出,p-3,通过"])
    assert second.corrected == 1
    assert [(each.kind, each.subject) for each in opened.alerts()] == [("quarantine-breach", "p-3")]


def test_a_row_that_is_gone_is_told(opened: Ledger, tmp_path: Path) -> None:
    """Taken out of the middle of the log: nothing is withdrawn by itself, and somebody is told to look."""
    rows = [
        OUT,
        OUT.replace("1,2020-02-10 09:00", "2,2020-02-10 10:00").replace("p-2", "p-3"),
        OUT.replace("1,2020-02-10 09:00", "3,2020-02-10 11:00").replace("p-2", "p-4"),
    ]
    assert run(tmp_path, gate=rows).gone == ()
    result = run(tmp_path, gate=[rows[0], rows[2]])
    assert result.gone == ("gate:2",)
    assert "rows gone" in summary(result)
    assert any(each.startswith("gate:2: on record") for each in result.report.notes)
    assert [each.at.hour for each in opened.state.crossings_of["p-3"]] == [8, 10]
    [entry] = [each for each in of_kind(opened, "crossing-decided") if each.key == "gate:2"]
    opened.cancel(entry.id, by="cadre-3", reason="never happened")
    assert run(tmp_path, gate=[rows[0], rows[2]]).gone == ()


def test_the_next_days_log_lacks_nothing(tmp_path: Path) -> None:
    """A log that takes the place of yesterday's has none of its rows, and none is missed."""
    run(tmp_path, gate=[OUT])
    later = OUT.replace("1,2020-02-10", "7,2020-02-11")
    assert run(tmp_path, gate=[later]).gone == ()
