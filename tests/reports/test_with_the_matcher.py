"""Report and lists on what the matcher and the reconciliation really say."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from epiguard import Crossing, Direction, Person, Traveller
from epiguard.facts import PersonEnrolled
from epiguard.matching import ResidentIndex
from epiguard.reconciliation import reconcile
from epiguard.reports import daily_report, day_lists
from epiguard.reports._words import packaged

DAY = date(2020, 2, 13)
NOW = datetime.fromisoformat("2020-02-13T18:00:00+08:00")


def test_a_morning_from_forms_to_lists(world: Any) -> None:
    """Every form is on one list, with the evidence in words; whoever crossed without one is on another."""
    everybody = [
        Person(
            id=f"p-{number}",
            name=name,
            phones=[f"1380000{number:04d}"],
            residence=f"{number % 9 + 1}号楼{number % 5 + 1}0{number % 3 + 1}室",
        )
        for number, name in enumerate(["欧阳芳菲", "司马青云", "诸葛小宝", "司马青雨", "慕容平安"] * 4)
    ]
    world.add(*(PersonEnrolled(each) for each in everybody))
    forms = [
        world.form("f-1", written={"name": "欧阳芳菲", "phone": "13800000000", "residence": "1-101"}),
        world.form("f-2", written={"name": "司马青云"}),
        world.form("f-3", written={"name": "公孙远客", "phone": "13911112222", "residence": "88号楼808"}),
    ]
    back = Crossing(
        checkpoint="north",
        direction=Direction.IN,
        at=NOW,
        travellers=[Traveller(person="p-4", returning_from="420100")],
    )
    lists = reconcile(forms, ResidentIndex.build(everybody), crossings=[back])
    report = daily_report(world.state, day=DAY, now=NOW, reconciliation=lists)
    figures = (report.forms.matched, report.forms.to_confirm, report.forms.not_in_register)
    assert (figures, report.forms.unregistered) == ((1, 1, 1), 1)
    sheets = {
        sheet.key: sheet.records() for sheet in day_lists(world.state, day=DAY, now=NOW, reconciliation=lists)
    }
    [matched] = sheets["matched"]
    assert (matched["person"], matched["confirmed"]) == ("p-0", "否 no")
    assert "姓名一致" in str(matched["evidence_zh"])
    asked = sheets["to-confirm"]
    assert {row["form"] for row in asked} == {"f-2"}
    assert {row["name"] for row in asked[:4]} == {"司马青云"}
    assert asked[0]["question_en"] in {en for _, en in packaged("words.toml")["question"].values()}
    assert [row["name"] for row in sheets["unregistered"]] == ["慕容平安"]


def test_the_matchers_details_have_words() -> None:
    """Each way of comparing that the matcher names in an evidence has Chinese words."""
    from epiguard.matching._kinds import KINDS

    # What an application's own fields say has the application's words.
    shown = {kind.name for kind in KINDS if kind.field not in ("", "custom")}
    assert shown
    assert shown <= set(packaged("words.toml")["detail"])
