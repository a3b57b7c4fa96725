"""The files of the example: each has exactly the headings that the job reads."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.forms import Form
from examples.meilong.jindu_road.generator.gate_rows import GateRow
from examples.meilong.jindu_road.generator.people import Resident
from examples.meilong.jindu_road.generator.sheets import Cell, write_text_table, write_workbook
from examples.meilong.jindu_road.generator.truth import write_truth
from examples.meilong.jindu_road.generator.world import World

__all__ = ["write_world"]

_RESIDENTS = tuple(
    "人员编号 姓名 性别 出生日期 证件类型 证件号码 手机号码 小区 楼栋 单元 房号 人员类型 房东姓名 房东电话 户籍地 门禁卡号 车牌号 户号 国籍".split()
)
_PAPER = tuple(
    "编号 登记时间 姓名 性别 身份证号 手机号 住址 车牌号 从何处返沪 离开日期 抵沪日期 备注".split()
)
_QUESTIONNAIRE = (
    *"序号 提交答卷时间 所用时间 来源 来源详情 来自IP".split(),
    *"1、您的姓名 2、您的性别 3、您的身份证号码 4、您的手机号码 5、您的居住地址 6、您从哪里返沪".split(),
    *"7、离开日期 8、抵沪日期 9、交通方式 10、车牌号".split(),
)
_GATE = tuple(
    "流水号 时间 卡口 方向 类别 人员编号 体温 复测体温 无法测温原因 车牌号 开后备箱 发现行李 已询问 外省返程 返程地 抵达日期 已登记 事由 放行".split()
)
_DOORS = tuple("时间 门禁点 方向 人员编号 卡号 结果".split())

# Each file was typed by somebody else: their encodings, separators and dates differ.
_TEXT_FILES: dict[str, tuple[str, str, str, Callable[[date], str]]] = {
    "paper-1": ("gb18030", ",", "%Y-%m-%d %H:%M", lambda day: f"{day:%Y-%m-%d}"),
    "paper-2": ("utf-8-sig", ",", "%Y/%m/%d %H:%M", lambda day: f"{day.year}/{day.month}/{day.day}"),
    "paper-3": ("utf-8", "\t", "%Y-%m-%d %H:%M", lambda day: f"{day.month}月{day.day}日"),
}


def write_world(world: World, folder: Path) -> None:
    """Write all files into a folder; it is made where it does not exist."""
    (folder / "forms").mkdir(parents=True, exist_ok=True)
    write_workbook(
        folder / "residents.xlsx", "人员信息", _RESIDENTS, [_resident(each) for each in world.residents]
    )
    for name, (encoding, comma, moment, day) in _TEXT_FILES.items():
        rows = [_paper(form, f"{form.at:{moment}}", day) for form in world.forms if form.file == name]
        write_text_table(folder / "forms" / f"{name}.csv", _PAPER, rows, encoding=encoding, comma=comma)
    last = [_paper(form, form.at.replace(second=0), None) for form in world.forms if form.file == "paper-4"]
    write_workbook(folder / "forms" / "paper-4.xlsx", "登记表", _PAPER, last)
    chance = Chance(world.seed, "questionnaire")
    online = [_questionnaire(chance, form) for form in world.forms if form.source == "online"]
    write_workbook(folder / "questionnaire.xlsx", "Sheet1", _QUESTIONNAIRE, online)
    write_text_table(folder / "gate-log.csv", _GATE, [_gate(row) for row in world.gate])
    doors = [
        (f"{row.at:%Y-%m-%d %H:%M:%S}", row.door, row.direction, row.person, row.card, row.result)
        for row in world.doors
    ]
    write_text_table(folder / "door-log.csv", _DOORS, doors, comma="\t")
    write_truth(world, folder / "truth")


def _resident(person: Resident) -> tuple[Cell, ...]:
    document, room = person.registered("document"), person.room
    return (
        person.number, person.name, person.sex, person.born, person.document_kind if document else "无", document,
        person.registered("phone"), room.compound, f"{room.building}号楼", f"{room.unit}单元", room.number, person.kind,
        person.landlord, person.landlord_phone, person.region, person.registered("card"), person.plate,
        person.household, person.country,
    )  # fmt: skip


def _paper(form: Form, at: Cell, day: Callable[[date], str] | None) -> tuple[Cell, ...]:
    text = form.text
    return (
        form.id.rsplit(":", 1)[1], at, text["name"], text["sex"], _number(form, "document"), text["phone"],
        text["residence"], text["plate"], text["origin"], _day(form.left, day), _day(form.arrived, day), text["remark"],
    )  # fmt: skip


def _day(written: date | str, style: Callable[[date], str] | None) -> Cell:
    return written if style is None or isinstance(written, str) else style(written)


def _number(form: Form, field: str) -> Cell:
    return int(form.text[field]) if field in form.numeric else form.text[field]


def _questionnaire(chance: Chance, form: Form) -> tuple[Cell, ...]:
    text, at = form.text, form.at
    # An export pasted together from two: some times are cells of their kind, others text.
    submitted: Cell = at if chance.maybe(0.6) else f"{at.year}/{at.month}/{at.day} {at:%H:%M:%S}"
    phone: Cell = (
        int(text["phone"])
        if text["phone"].isascii() and text["phone"].isdigit() and chance.maybe(0.3)
        else text["phone"]
    )
    return (
        int(form.id.split(":")[1]), submitted, f"{chance.between(48, 400)}秒", "微信", "直接访问" if chance.maybe(0.7) else "微信扫码",
        f"192.0.2.{chance.between(1, 254)}", text["name"], text["sex"], _number(form, "document"), phone,
        text["residence"], text["origin"], f"{form.left}", f"{form.arrived}", text["way"], text["plate"],
    )  # fmt: skip


def _gate(row: GateRow) -> tuple[Cell, ...]:
    return (
        row.serial, f"{row.at:%Y-%m-%d %H:%M:%S}", row.gate, row.direction, row.role, row.person, row.temperature,
        row.retested, row.not_measured, row.plate, row.trunk, row.luggage, row.asked, row.returning, row.origin,
        f"{row.arrived}" if row.arrived else "", row.registered, row.purpose, row.passed,
    )  # fmt: skip
