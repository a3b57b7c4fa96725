"""The files of the example: each has exactly the headings that the job reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.doors import DoorRow
from examples.meilong.jindu_road.generator.forms import Form
from examples.meilong.jindu_road.generator.gate_rows import GateRow
from examples.meilong.jindu_road.generator.people import Resident
from examples.meilong.jindu_road.generator.sheets import Cell, write_text_table, write_workbook
from examples.meilong.jindu_road.generator.tables import headings
from examples.meilong.jindu_road.generator.truth import write_truth
from examples.meilong.jindu_road.generator.world import World

__all__ = ["write_world"]

# Each file was typed by somebody else: their encodings, separators, times and dates differ.
_TEXT_FILES: dict[str, tuple[str, str, str, Callable[[date], str]]] = {
    "paper-1": ("gb18030", ",", "%Y-%m-%d %H:%M", lambda day: f"{day:%Y-%m-%d}"),
    "paper-2": ("utf-8-sig", ",", "%Y/%m/%d %H:%M", lambda day: f"{day.year}/{day.month}/{day.day}"),
    "paper-3": ("utf-8", "\t", "%Y-%m-%d %H:%M", lambda day: f"{_year(day)}{day.month}月{day.day}日"),
}
_FIRST_OF_PAPER_3 = date(2020, 2, 8)
_MOMENT = "%Y-%m-%d %H:%M:%S"


def write_world(world: World, folder: Path) -> None:
    """Write all files into a folder; it is made where it does not exist."""
    (folder / "forms").mkdir(parents=True, exist_ok=True)
    people = [_resident(each) for each in world.residents]
    write_workbook(folder / "residents.xlsx", "人员信息", headings("residents"), people)
    _write_paper(world, folder / "forms")
    chance = Chance(world.seed, "questionnaire")
    online = [_questionnaire(chance, form) for form in world.forms if form.source == "online"]
    write_workbook(folder / "questionnaire.xlsx", "Sheet1", headings("questionnaire"), online)
    write_text_table(folder / "gate-log.csv", headings("gate-log"), [_gate(row) for row in world.gate])
    doors = [_door(row) for row in world.doors]
    write_text_table(folder / "door-log.csv", headings("door-log"), doors, comma="\t")
    write_truth(world, folder / "truth")


def _write_paper(world: World, folder: Path) -> None:
    heading = headings("paper")
    for name, (encoding, comma, moment, day) in _TEXT_FILES.items():
        rows = [_paper(form, f"{form.at:{moment}}", day) for form in world.forms if form.file == name]
        write_text_table(folder / f"{name}.csv", heading, rows, encoding=encoding, comma=comma)
    last = [
        _paper(form, form.at.replace(second=0), lambda day: day)
        for form in world.forms
        if form.file == "paper-4"
    ]
    write_workbook(folder / "paper-4.xlsx", "登记表", heading, last)


def _year(day: date) -> str:
    """Leave out the year of days before the file's first: so few that a reader need not drown in them."""
    return f"{day.year}年" if day >= _FIRST_OF_PAPER_3 else ""


def _resident(person: Resident) -> tuple[Cell, ...]:
    document, room = person.registered("document"), person.room
    kind = person.document_kind if document else "无"
    return (
        person.number, person.name, person.sex, person.born, kind, document, person.registered("phone"),
        room.compound, f"{room.building}号楼", f"{room.unit}单元", room.number,
        person.kind, person.landlord, person.landlord_phone, person.region, person.registered("card"),
        person.plate, person.household, person.country,
    )  # fmt: skip


def _paper(form: Form, at: Cell, style: Callable[[date], Cell]) -> tuple[Cell, ...]:
    text = form.text
    return (
        form.id.rsplit(":", 1)[1], at, text["name"], text["sex"], _document(form), text["phone"],
        text["residence"], text["plate"], text["origin"], style(form.left), style(form.arrived),
        text["remark"],
    )  # fmt: skip


def _document(form: Form) -> Cell:
    number = form.text["document"]
    return int(number) if form.document_is_number else number


def _questionnaire(chance: Chance, form: Form) -> tuple[Cell, ...]:
    text, at = form.text, form.at
    # An export pasted together from two: some times are cells of their kind, others text.
    submitted: Cell = at if chance.maybe(0.6) else f"{at.year}/{at.month}/{at.day} {at:%H:%M:%S}"
    phone: Cell = text["phone"]
    if text["phone"].isascii() and text["phone"].isdigit() and chance.maybe(0.3):
        phone = int(text["phone"])
    channel = "直接访问" if chance.maybe(0.7) else "微信扫码"
    return (
        int(form.id.split(":")[1]), submitted, f"{chance.between(48, 400)}秒", "微信", channel,
        f"192.0.2.{chance.between(1, 254)}", text["name"], text["sex"], _document(form), phone,
        text["residence"], text["origin"], f"{form.left}", f"{form.arrived}", text["way"], text["plate"],
    )  # fmt: skip


def _gate(row: GateRow) -> tuple[Cell, ...]:
    return (
        row.serial, f"{row.at:{_MOMENT}}", row.gate, row.direction, row.role, row.person,
        row.temperature, row.retested, row.not_measured, row.plate, row.trunk, row.luggage,
        row.asked, row.returning, row.origin, f"{row.arrived or ''}", row.registered, row.purpose, row.passed,
    )  # fmt: skip


def _door(row: DoorRow) -> tuple[Cell, ...]:
    return f"{row.at:{_MOMENT}}", row.door, row.direction, row.person, row.card, row.result
