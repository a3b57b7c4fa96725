"""The working lists: what somebody with a telephone needs, each with a route that works."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest

from epiguard import ExportError, Person, PersonLeft, Route
from epiguard.facts import PersonEnrolled
from epiguard.reconciliation import UNLIKELY_BELOW
from epiguard.reports import Sheet, day_lists

DAY = date(2020, 2, 13)
NOW = datetime.fromisoformat("2020-02-13T18:00:00+08:00")
KEYS = [
    "call-list", "to-confirm", "unregistered", "contradictory", "not-in-register", "matched", "line-list",
    "periods", "screening", "expected-returns", "alerts", "decisions", "not-reached", "not-served",
    "not-signed", "sanctions", "roster",
]  # fmt: skip


def lists_of(world: Any) -> dict[str, Sheet]:
    """All lists of the day by key."""
    made = day_lists(world.state, day=DAY, now=NOW, reconciliation=world.lists, decisions=world.decisions)
    assert [each.key for each in made] == KEYS
    return {each.key: each for each in made}


def test_headings_are_in_both_languages(village: Any) -> None:
    """Titles and columns have both, and keys are unique."""
    for sheet in lists_of(village).values():
        assert sheet.title_zh
        assert sheet.title_en.isascii()
        assert len({column.key for column in sheet.columns}) == len(sheet.columns)
        for column in sheet.columns:
            assert column.zh
            assert column.en.isascii()


def test_every_list_has_something(village: Any) -> None:
    """The made-up day fills each list; without anything each is empty and still there."""
    for key, sheet in lists_of(village).items():
        assert sheet.rows, key


def test_a_list_of_nothing_is_an_empty_list(world: Any) -> None:
    """An empty day has all its lists."""
    for sheet in lists_of(world).values():
        assert sheet.rows == ()


def test_the_call_list_reaches_everybody(village: Any) -> None:
    """Each open duty has a number or a door: one's own, or of whoever can tell them."""
    calls = {row["duty"]: row for row in lists_of(village)["call-list"].records()}
    still = {key for key, each in village.state.duties.items() if each.state.value == "open"}
    assert set(calls) == still
    reach = {
        (row["kind"], row["who"]): (row["via"], row["phone"], row["phone_of"], row["address"])
        for row in calls.values()
    }
    told = "告知返程人员 tell the returnee"
    assert reach == {
        (told, "欧阳芳菲"): ("本人电话 own phone", "13800000001", "", "3号楼502室"),
        # No phone of his own: the landlord's, and his door beside it.
        (told, "司马青云"): ("房东电话 landlord's phone", "13900000009", "端木房东", "12号楼101室"),
        (told, "诸葛小宝"): ("监护人电话 guardian's phone", "13800000001", "欧阳芳菲", "3号楼502室"),
        ("告知房东 tell the landlord", "端木房东"): ("本人电话 own phone", "13900000009", "", ""),
        ("上门告知 visit the door", "Maria Example"): ("上门 at the door", "", "", "2号楼301室"),
        # What is written is no number that can be called: a likely candidate's.
        ("确认登记表归属 confirm whose form", "司马青"): (
            "候选人电话 phone of a candidate", "13800000001", "欧阳芳菲", "12号101",
        ),
        ("补录人员 add a newcomer", "慕容来客"): (
            "表上所写电话 phone as written on the form", "+8613700000004", "", "",
        ),
        ("查明返程人员 find out who returned", "南门"): ("上门 at the door", "", "", "南门"),
        ("代取药品 bring medicine", "Maria Example"): ("上门 at the door", "", "", "2号楼301室"),
    }  # fmt: skip


def test_calls_go_by_due_time_then_door_by_door(village: Any) -> None:
    """The overdue one first; then buildings by number: 2, 3, 12; what is due later comes after."""
    rows = lists_of(village)["call-list"].records()
    assert rows[0]["overdue"] == "是 yes"
    assert (rows[0]["attempts"], rows[0]["last_outcome"]) == (1, "无人接听 no answer")
    doors = [str(row["address"]) for row in rows[1:] if row["address"]]
    assert doors == ["2号楼301室", "3号楼502室", "12号楼101室", "12号101", "南门", "2号楼301室"]
    dues = [row["due"] for row in rows]
    assert dues == sorted(dues, key=str)


def test_an_unlikely_neighbour_is_neither_listed_nor_called(village: Any) -> None:
    """Where the form has a door, only candidates above the floor are shown, and no other one's number."""
    form = village.form("f-7", written={"name": "司马", "residence": "12号楼101室"})
    village.ask(form, "p-2", "p-1", probabilities=(0.4, UNLIKELY_BELOW / 2))
    village.duty("confirm-match", form.subject, basis=form.id)
    sheets = lists_of(village)
    assert [row["person"] for row in sheets["to-confirm"].records() if row["form"] == "f-7"] == ["p-2"]
    [row] = [row for row in sheets["call-list"].records() if row["who"] == "司马"]
    assert (row["via"], row["phone"], row["address"]) == ("上门 at the door", "", "12号楼101室")


def test_an_unlikely_candidate_is_kept_where_nothing_else_leads_to_anybody(village: Any) -> None:
    """A form with neither number nor door: its first candidates are the only way there is."""
    form = village.form("f-7", written={"name": "司马", "phone": "138 12"})
    village.ask(form, "p-1", probabilities=(UNLIKELY_BELOW / 2,))
    village.duty("confirm-match", form.subject, basis=form.id)
    sheets = lists_of(village)
    assert [row["person"] for row in sheets["to-confirm"].records() if row["form"] == "f-7"] == ["p-1"]
    [row] = [row for row in sheets["call-list"].records() if row["who"] == "司马"]
    assert (row["via"], row["phone"]) == ("候选人电话 phone of a candidate", "13800000001")


def test_the_bereaved_are_not_called_about_a_form(village: Any) -> None:
    """Where the form may be of somebody who died, no number and no door is given, but whom to ask first."""
    form = village.form("f-7", written={"name": "欧阳", "phone": "13800000001", "residence": "3号楼502室"})
    village.ask(form, "p-1", "p-2")
    village.duty("confirm-match", form.subject, basis=form.id)
    village.add(PersonLeft(person="p-1", reason="illness", cause="death", at=NOW))
    sheets = lists_of(village)
    [row] = [row for row in sheets["call-list"].records() if row["who"] == "欧阳"]
    assert (row["via"], row["phone"], row["address"]) == (
        "可能已去世或迁出,先问楼组长 may have died or moved: ask the building's leader", "", "",
    )  # fmt: skip
    shown = [row for row in sheets["to-confirm"].records() if row["person"] == "p-1"]
    assert {row["phone"] for row in shown} == {""}
    assert all("13800000001" not in str(row["phone"]) for row in sheets["periods"].records())


def test_a_form_without_a_phone_is_asked_about_at_a_candidates(village: Any) -> None:
    """Where nothing was written to call, the candidates' phone or door is the route."""
    village.ask(village.form("f-6", written={"name": "司马"}), "p-2", "p-1")
    village.duty("confirm-match", "form:f-6", basis="f-6")
    [row] = [row for row in lists_of(village)["call-list"].records() if row["who"] == "司马"]
    assert (row["via"], row["phone"], row["phone_of"], row["address"]) == (
        "候选人电话 phone of a candidate", "13800000001", "欧阳芳菲", "12号楼101室",
    )  # fmt: skip


def test_who_left_is_not_called_for_others(village: Any) -> None:
    """The phone of somebody who died or moved away is no route to their child."""
    village.add(PersonLeft(person="p-1", reason="moved"))
    rows = {row["who"]: row for row in lists_of(village)["call-list"].records()}
    assert rows["诸葛小宝"]["via"] == "上门 at the door"


def test_an_unknown_landlord_is_reached_through_the_tenant(village: Any) -> None:
    """Whoever has a landlord without number and door knows how to find them."""
    village.add(PersonEnrolled(Person(id="p-8", name="独孤房东", resident=False)))
    village.duty("tell-landlord", "p-1", contact="p-8", route=Route.DOOR)
    village.duty("tell-landlord", "p-3", contact="p-8")
    rows = [row for row in lists_of(village)["call-list"].records() if row["who"] == "独孤房东"]
    assert {(row["via"], row["phone"], row["phone_of"], row["address"]) for row in rows} == {
        ("经有关人员联系 through the person concerned", "", "", "3号楼502室"),
        ("经有关人员联系 through the person concerned", "+442079460018", "Maria Example", "2号楼301室"),
    }


def test_nobody_is_reported_reachable_who_is_not(village: Any) -> None:
    """Without number, kin and door the list says so in words, and the duty is still on it."""
    village.add(PersonEnrolled(Person(id="p-7", name="公孙无址")))
    village.duty("tell-returnee", "p-7")
    [row] = [row for row in lists_of(village)["call-list"].records() if row["who"] == "公孙无址"]
    assert row["via"] == "无联系方式,须查找 no way known: find one"


def test_to_confirm_has_a_question_and_candidates(village: Any) -> None:
    """One row per candidate with all that is needed to ask; at most five of them."""
    village.ask(village.form("f-7", written={"name": "甲"}), *["p-1", "p-2"] * 4)
    village.ask(village.form("f-8", written={"name": "乙"}), question=None)
    rows = lists_of(village)["to-confirm"].records()
    assert [row["rank"] for row in rows if row["form"] == "f-7"] == [1, 2, 3, 4, 5]
    [first, *_] = [row for row in rows if row["form"] == "f-3"]
    assert first["written_name"] == "司马青"
    assert first["question_en"] == "Which building and room do you live in?"
    assert (first["rank"], first["person"], first["name"], first["residence"], first["probability"]) == (
        1, "p-2", "司马青云", "12号楼101室", 0.5,
    )  # fmt: skip
    assert first["evidence_zh"] == "手机号一致; 姓名相近(差一个字)"
    assert first["evidence_en"] == "phone agrees; name near (one character)"
    [nobody] = [row for row in rows if row["form"] == "f-8"]
    assert (nobody["rank"], nobody["question_zh"]) == (None, "请问是谁填的这张登记表?")


def test_forms_are_listed_as_written_beside_the_register(village: Any) -> None:
    """What was written and what is on record stand side by side."""
    lists = lists_of(village)
    [matched, online] = lists["matched"].records()
    assert (matched["written_name"], matched["name"], matched["confirmed"]) == (
        "欧阳方菲", "欧阳芳菲", "是 yes",
    )  # fmt: skip
    assert matched["returning_from"] == "武汉市"
    assert online["source"] == "电子问卷 questionnaire"
    [wrong] = lists["contradictory"].records()
    assert (wrong["fields_en"], wrong["written"], wrong["on_record"]) == (
        "name, phone", "姓名: 欧阳方菲; 手机号: 1380000?001", "姓名: 欧阳芳菲; 手机号: 13800000001",
    )  # fmt: skip
    strangers = lists["not-in-register"].records()
    assert [(row["form"], row["same_as"], row["other"]) for row in strangers] == [
        ("f-4", "", "备注: @SUM(A1)"), ("f-5", "f-4", ""),
    ]  # fmt: skip
    [seen] = lists["unregistered"].records()
    assert (seen["name"], seen["checkpoint"], seen["returning_from"], seen["possible_forms"]) == (
        "司马青云", "北门", "武汉市", "f-3",
    )  # fmt: skip


def test_periods_name_their_release(village: Any) -> None:
    """Who, since when, until when, where, and whose: a form's subject is named as written."""
    rows = {row["subject"]: row for row in lists_of(village)["periods"].records()}
    known = rows["p-1"]
    days = (known["first_day"], known["last_day"], known["release_at"], known["day_number"])
    assert days == ("2020-02-12", "2020-02-26", "2020-02-27 00:00", 1)
    assert known["name"] == "欧阳芳菲"
    assert (known["setting"], known["state"]) == ("居家观察 home observation", "观察中 in force")
    assert rows["form:f-4"]["name"] == "慕容来客"


def test_screening_keeps_what_was_done(village: Any) -> None:
    """Residents registered in a key region, with whether they were reached."""
    [row] = lists_of(village)["screening"].records()
    assert (row["name"], row["registered"], row["state"], row["last_outcome"]) == (
        "欧阳芳菲", "武汉市", "完成 done", "已联系到 reached",
    )  # fmt: skip


def test_decisions_hold_pseudonyms_only(village: Any) -> None:
    """The list of decisions names nobody, and is in order of time."""
    village.decide("allow", "admitted", at=NOW - timedelta(days=1))
    sheet = lists_of(village)["decisions"]
    assert not sheet.personal
    rows = sheet.records()
    assert rows[0]["at"] == "2020-02-12 18:00"
    assert [row["effect"] for row in rows].count("暂留 hold") == 1
    [held] = [row for row in rows if row["effect"] == "暂留 hold"]
    assert (held["codes"], held["travellers"], held["people"]) == ("not-measured; not-asked", 2, "")
    [overridden] = [row for row in rows if row["overridden_by"]]
    assert overridden["overridden_by"] == "cadre-3"
    assert "欧阳" not in str(rows)


def test_alerts_say_who_and_where(village: Any) -> None:
    """An alert can be followed up from its row."""
    [row] = lists_of(village)["alerts"].records()
    assert (row["kind"], row["name"], row["phone"], row["checkpoint"], row["open"]) == (
        "隔离期外出记录 exit seen during quarantine", "欧阳芳菲", "13800000001", "北门", "是 yes",
    )  # fmt: skip
    assert (row["address"], row["card"]) == ("3号楼502室", "00712345")


def test_lists_show_nothing_by_accident(village: Any) -> None:
    """A list printed in a log or a traceback shows no cell."""
    for sheet in lists_of(village).values():
        assert "欧阳" not in repr(sheet)


def test_a_day_that_has_not_begun_is_refused(world: Any) -> None:
    """Like the report."""
    with pytest.raises(ExportError, match="expected an instant on 2020-02-14"):
        day_lists(world.state, day=DAY + timedelta(days=1), now=NOW)
