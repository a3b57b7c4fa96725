"""Logs of gates and doors: parties, returnees, results; a bad cell refuses the log."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from epiguard.crossings import Crossing, NotMeasured, Role
from epiguard.doors import CardHolders
from epiguard.errors import IntakeError
from epiguard.identifiers import RegionCode
from epiguard.intake import ANOTHER_PROVINCE, CrossingsBatch, read_door_log, read_gate_log
from epiguard.people import Person
from epiguard.places import Direction, Site

ZONE = ZoneInfo("Asia/Shanghai")
AT = datetime(2020, 2, 7, 21, 30, tzinfo=ZONE)
GATE = [
    *(
        "流水号",
        "时间",
        "卡口",
        "方向",
        "类别",
        "人员编号",
        "体温",
        "复测体温",
        "无法测温原因",
        "车牌号",
        "开后备箱",
    ),
    *("发现行李", "已询问", "外省返程", "返程地", "抵达日期", "已登记", "出入证", "事由", "访问对象", "放行"),
]
PLAIN = {"流水号": "N-1", "时间": "2020-02-07 21:30:00", "卡口": "north", "方向": "进"}
DOOR = ["时间", "门禁点", "方向", "人员编号", "卡号", "结果"]

ReadGate = Callable[..., CrossingsBatch]


@pytest.fixture
def read_gate(write_csv: Callable[..., Path], site: Site) -> ReadGate:
    """Read a gate's log of the given rows: heading to cell, over a plain row."""

    def run(*rows: dict[str, Any], name: str = "gate.csv", **settings: Any) -> CrossingsBatch:
        table = [GATE, *([str((PLAIN | row).get(heading, "")) for heading in GATE] for row in rows)]
        return read_gate_log(write_csv(table, name), site=site, **settings)

    return run


def said(crossing: Crossing) -> str | None:
    """Its purpose in plain text."""
    return None if crossing.purpose is None else crossing.purpose.value


def test_a_row_becomes_a_crossing(read_gate: ReadGate) -> None:
    """Every column arrives in its field, in the site's zone."""
    batch = read_gate(
        {
            "类别": "居民",
            "人员编号": "p-7",
            "体温": "37.4℃",
            "复测体温": "３７．１",
            "车牌号": "沪A·12345",
            "开后备箱": "是",
            "发现行李": "√",
            "已询问": "1",
            "外省返程": "是",
            "返程地": "湖北武汉",
            "抵达日期": "2020/2/7",
            "已登记": "已登记",
            "出入证": "G-0031",
            "事由": "返沪",
            "访问对象": "p-9",
            "放行": "不放行",
        }
    )
    (logged,) = batch.observed
    crossing = logged.crossing
    (traveller,) = crossing.travellers
    assert (logged.key, logged.passed, logged.row, logged.card) == ("gate:N-1", False, 2, None)
    assert (crossing.checkpoint, crossing.direction, crossing.at, said(crossing)) == (
        "north",
        Direction.IN,
        AT,
        "返沪",
    )
    assert (traveller.person, traveller.role, traveller.exit_pass) == ("p-7", Role.RESIDENT, "G-0031")
    assert (traveller.temperature, traveller.retested, traveller.not_measured) == (37.4, 37.1, None)
    assert (traveller.asked, traveller.registered, traveller.host) == (True, True, "p-9")
    assert (traveller.returning_from, traveller.returned_on) == (RegionCode("420100"), date(2020, 2, 7))
    assert crossing.vehicle is not None
    assert crossing.vehicle.plate is not None
    assert (crossing.vehicle.plate.value, crossing.vehicle.trunk_opened, crossing.vehicle.luggage_found) == (
        *("沪A12345", True, True),
    )
    assert (batch.rows_read, batch.merged_rows, batch.warnings) == (1, 0, ())


def test_what_the_log_does_not_say_is_not_known(read_gate: ReadGate) -> None:
    """A blank is None: neither no, nor yes, nor a temperature."""
    (logged,) = read_gate({"卡口": "南门", "方向": "出", "无法测温原因": "婴儿"}).observed
    (traveller,) = logged.crossing.travellers
    assert logged.passed is None
    assert logged.crossing.checkpoint == "south"
    assert logged.crossing.vehicle is None
    assert (traveller.role, traveller.person, traveller.temperature) == (Role.VISITOR, None, None)
    assert (traveller.asked, traveller.registered, traveller.returning_from) == (None, None, None)
    assert traveller.not_measured is NotMeasured.INFANT


@pytest.mark.parametrize(
    ("returnee", "place", "region", "warning"),
    [
        ("是", "湖北", RegionCode("420000"), None),
        ("是", "", ANOTHER_PROVINCE, "no region beside 外省返程; taken as another province"),
        ("是", "老家", ANOTHER_PROVINCE, "the region is not recognised; taken as another province"),
        ("", "老家", ANOTHER_PROVINCE, "the region is not recognised; taken as another province"),
        (
            "是",
            "上海",
            ANOTHER_PROVINCE,
            "the site's own province beside 外省返程; taken as another province",
        ),
        ("", "安徽合肥", RegionCode("340100"), None),
        ("是", "420106", RegionCode("420106"), None),
        ("", "上海闵行", None, None),
        ("否", "上海", None, None),
        ("否", "", None, None),
        ("否", "无", None, None),
        ("", "", None, None),
        ("", "-", None, None),
    ],
)
def test_no_returnee_is_lost(
    read_gate: ReadGate, returnee: str, place: str, region: RegionCode | None, warning: str | None
) -> None:
    """Whoever said "from another province" stays a returnee, wherever the place cannot be read."""
    batch = read_gate({"外省返程": returnee, "返程地": place})
    assert batch.observed[0].crossing.travellers[0].returning_from == region
    assert [line.split(": ", 1)[1] for line in batch.warnings] == ([warning] if warning else [])


def test_another_province_is_no_province() -> None:
    """The code that stands for "another province" lies in none, so that it differs from every site's own."""
    assert ANOTHER_PROVINCE.name_zh is None
    assert ANOTHER_PROVINCE.is_province


def test_rows_of_one_number_are_one_party(read_gate: ReadGate) -> None:
    """A car's driver and passengers are one crossing, wherever their rows stand."""
    batch = read_gate(
        {"人员编号": "p-1", "车牌号": "沪A12345", "开后备箱": "是", "放行": "是"},
        {"流水号": "N-2", "人员编号": "p-3"},
        {"人员编号": "p-2", "放行": "是", "事由": "上班"},
        {"类别": "访客", "放行": "是"},
    )
    party, alone = batch.observed
    assert [traveller.person for traveller in party.crossing.travellers] == ["p-1", "p-2", None]
    assert party.crossing.vehicle is not None
    assert (party.crossing.vehicle.trunk_opened, said(party.crossing), party.row) == (True, "上班", 2)
    assert [traveller.person for traveller in alone.crossing.travellers] == ["p-3"]
    assert (batch.rows_read, batch.merged_rows, len(batch.observed)) == (4, 2, 2)


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("时间", "2020-02-07 21:31:00"),
        ("卡口", "south"),
        ("方向", "出"),
        ("放行", "否"),
        ("车牌号", "沪B12345"),
        ("开后备箱", "否"),
        ("发现行李", "是"),
        ("事由", "探亲"),
    ],
)
def test_a_party_must_agree(
    read_gate: ReadGate, refused: Callable[..., IntakeError], column: str, cell: str
) -> None:
    """Rows of one number that contradict each other are not one party."""
    first = {"车牌号": "沪A12345", "开后备箱": "是", "发现行李": "否", "事由": "上班", "放行": "是"}
    error = refused(read_gate, first, {column: cell, "放行": cell if column == "放行" else "是"})
    letter = chr(ord("A") + GATE.index(column))
    assert error.problems == (
        (
            f"gate.csv, row 3, column {letter} ({column}): expected the same as in row 2, "
            "which has the same number, "
            "got something else; give another party another number"
        ),
    )


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("时间", "", "expected a date and time, got nothing"),
        ("时间", "2020-02-07", "write the date with its year, and the time of day"),
        ("时间", "2020-02-30 12:00", "expected a date of the calendar, got one that never was"),
        ("卡口", "", "expected a checkpoint, got nothing"),
        (
            "卡口",
            "西门",
            "north (北门), south (南门), door-1 (1号楼), door-2 (2号楼), got another; add the checkpoint",
        ),
        ("方向", "", "expected 进 or 出 (in, out), got nothing"),
        ("方向", "进出", "expected 进 or 出 (in, out), got text of 2 characters"),
        ("类别", "领导", "expected 居民, 访客, 快递, 工作人员 or 急救"),
        ("人员编号", "王小明", "expected a pseudonymous number"),
        ("访问对象", "王小明", "expected a pseudonymous number"),
        ("体温", "367", "expected degrees Celsius between 30 and 45, got text of 3 characters"),
        ("体温", "46", "expected degrees Celsius between 30 and 45, got a number outside that range"),
        ("复测体温", "正常", "where it could not be measured, say why"),
        ("无法测温原因", "不想", "expected 婴儿, 医疗 or 设备故障"),
        ("车牌号", "A12345", "expected a Chinese number plate"),
        ("开后备箱", "也许", "expected yes or no"),
        ("抵达日期", "前天", "expected a date such as"),
        ("放行", "等待", "expected a result"),
        ("流水号", "N 1", "expected a pseudonymous number"),
        ("流水号", "N" * 125, "expected at most 128 characters, with 'gate' and the series, got 1"),
        ("出入证", "王小明", "expected a pseudonymous number"),
    ],
)
def test_a_bad_cell_refuses_the_log(
    read_gate: ReadGate, refused: Callable[..., IntakeError], column: str, cell: str, problem: str
) -> None:
    """The gate's log must be right; each bad cell is told by row and column."""
    error = refused(read_gate, {"流水号": "N-0"}, {column: cell})
    assert len(error.problems) == 1
    assert error.problems[0].startswith(
        f"gate.csv, row 3, column {chr(ord('A') + GATE.index(column))} ({column})"
    )
    assert problem in error.problems[0]


def test_contradictions_are_problems(read_gate: ReadGate, refused: Callable[..., IntakeError]) -> None:
    """A reason beside a temperature, a place beside "no", one person twice: one of two is wrong."""
    error = refused(
        read_gate,
        {"体温": "36.5", "无法测温原因": "婴儿"},
        {"流水号": "N-2", "外省返程": "否", "返程地": "湖北"},
        {"流水号": "N-3", "人员编号": "p-1"},
        {"流水号": "N-3", "人员编号": "p-1"},
    )
    assert [line.split(": ", 1)[1].split(";")[0] for line in error.problems] == [
        "expected nothing beside a temperature, got a reason why none was taken",
        "expected nothing where 外省返程 is no, got a place",
        "expected every person of a party once, got the one of row 4, which has the same number",
    ]


def test_a_car_without_a_plate_is_a_car(read_gate: ReadGate) -> None:
    """New cars have none yet; an opened trunk tells a car too."""
    for row in ({"车牌号": "临牌"}, {"开后备箱": "否"}):
        vehicle = read_gate(row).observed[0].crossing.vehicle
        assert vehicle is not None
        assert vehicle.plate is None


def test_a_mark_for_nothing_is_no_car(read_gate: ReadGate) -> None:
    """A dash in the column of plates is somebody on foot."""
    assert read_gate({"车牌号": "-"}).observed[0].crossing.vehicle is None


def test_columns_that_are_not_used_are_told(write_csv: Callable[..., Path], site: Site) -> None:
    """A column that nobody asked for is passed over, and said."""
    rows = [["时间", "卡口", "方向", "天气"], ["2020-02-07 21:30", "north", "进", "雨"]]
    assert read_gate_log(write_csv(rows), site=site).notes[-1] == "columns not used: 天气"


def test_keys_are_the_same_when_read_again(read_gate: ReadGate) -> None:
    """The log's own number, else file and row; a series tells two logs apart that count from 1."""
    rows: tuple[dict[str, Any], ...] = ({}, {"流水号": ""}, {"流水号": "-"})
    keys = [logged.key for logged in read_gate(*rows, name="north gate.csv").observed]
    assert keys == ["gate:N-1", "gate:north-gate:row-3", "gate:north-gate:row-4"]
    assert (
        read_gate(*rows, name="north gate.csv").observed == read_gate(*rows, name="north gate.csv").observed
    )
    assert read_gate({}, series="北 门").observed[0].key == "gate:北-门:N-1"


def test_midnight_in_a_spreadsheet_is_told(write_xlsx: Callable[..., Path], site: Site) -> None:
    """A spreadsheet's date may be a midnight or lack its time: it is taken, and said."""
    moment = datetime.fromisoformat("2020-02-07T00:00:00")
    rows = [["时间", "卡口", "方向"], [moment, "north", "进"], [moment + timedelta(minutes=1), "north", "进"]]
    batch = read_gate_log(write_xlsx(rows), site=site)
    assert [logged.crossing.at.minute for logged in batch.observed] == [0, 1]
    assert batch.warnings == (
        (
            "file.xlsx, row 2, column A (时间): "
            "midnight exactly: a date without a time looks the same in a spreadsheet"
        ),
    )


# --- doors ---


HOLDERS = CardHolders.of([Person(id="p-2", cards=["0071"])])


@pytest.fixture
def read_doors(write_csv: Callable[..., Path], site: Site) -> ReadGate:
    """Read a doors' log of the given rows."""

    def run(*rows: list[str], **settings: Any) -> CrossingsBatch:
        return read_door_log(write_csv([DOOR, *rows], "door.csv"), site=site, **settings)

    return run


def test_a_card_or_a_face_passes_a_door(read_doors: ReadGate) -> None:
    """A row names a person, or the holder of its card is known; one direction only needs none."""
    batch = read_doors(
        ["2020-02-07 21:30:00", "1号楼", "进", "p-1", "", "成功"],
        ["2020-02-07 21:30:00", "door-1", "出", "", "0071", "失败"],
        ["2020-02-07 21:30:00", "2号楼", "", "", "0071", ""],
        cards=HOLDERS,
    )
    assert [logged.crossing.travellers[0].person for logged in batch.observed] == ["p-1", "p-2", "p-2"]
    assert [logged.passed for logged in batch.observed] == [True, False, None]
    assert [logged.crossing.direction for logged in batch.observed] == [
        Direction.IN,
        Direction.OUT,
        Direction.IN,
    ]
    assert [logged.card.value if logged.card else None for logged in batch.observed] == [None, "0071", "0071"]
    assert [logged.key for logged in batch.observed] == [
        "door:door:row-2",
        "door:door:row-3",
        "door:door:row-4",
    ]


def test_an_unknown_card_is_kept_without_a_person(read_doors: ReadGate) -> None:
    """A card that nobody is known to hold passed all the same, and that is worth a look."""
    row = ["2020-02-07 21:30:00", "1号楼", "进", "", "0099", "成功"]
    batch = read_doors(row, [*row[:4], "", "成功"], [*row[:3], "p-1", "0071", "成功"], cards=HOLDERS)
    assert [logged.crossing.travellers[0].person for logged in batch.observed] == [None, None, "p-1"]
    assert [line.split(": ", 1)[1] for line in batch.warnings] == [
        "nobody is known to hold this card; kept without a person",
        "neither a person nor a card; kept without a person",
        "the card belongs to somebody else than the row names",
    ]


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (["", "1号楼", "进"], "row 2, column A (时间): expected a date and time, got nothing"),
        (["2020-02-07 21:30", "3号楼", "进"], "row 2, column B (门禁点): expected the id or the name of one"),
        (
            ["2020-02-07 21:30", "north", "进"],
            "row 2, column B (门禁点): expected a checkpoint of kind door, got a gate",
        ),
        (
            ["2020-02-07 21:30", "1号楼", ""],
            "row 2, column C (方向): expected 进 or 出 (in, out), got nothing",
        ),
    ],
)
def test_a_bad_cell_refuses_the_doors_log(
    read_doors: ReadGate, refused: Callable[..., IntakeError], row: list[str], problem: str
) -> None:
    """Time, door and direction must be right."""
    assert refused(read_doors, [*row, "p-1", "", ""]).problems[0].startswith(f"door.csv, {problem}")


def test_a_doors_number_twice_is_refused(
    write_csv: Callable[..., Path], site: Site, refused: Callable[..., IntakeError]
) -> None:
    """Doors have no parties: one number is one event."""
    rows = [["事件编号", *DOOR], *(["E-1", "2020-02-07 21:30", "1号楼", "进", "p-1"] for _ in range(2))]
    error = refused(read_door_log, write_csv(rows), site=site)
    assert error.problems[0] == (
        "file.csv, row 3, column A (事件编号): expected a number that no other row has, "
        "got that of row 2; delete the row if it is a repetition, else give it a number of its own"
    )


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example writes its own
@given(
    numbers=st.lists(st.sampled_from(["", "1", "2", "3"]), max_size=12), blanks=st.sets(st.integers(0, 12))
)
def test_every_row_is_accounted_for(
    write_csv: Callable[..., Path], site: Site, numbers: list[str], blanks: set[int]
) -> None:
    """Rows read are crossings, members of parties or blank; none is lost without a word."""
    rows: list[list[str]] = []
    for index, number in enumerate(numbers):
        rows += [[]] * (index in blanks)
        rows.append([number, "2020-02-07 21:30:00", "north", "进", "36.5"])
    batch = read_gate_log(write_csv([["流水号", "时间", "卡口", "方向", "体温"], *rows]), site=site)
    assert batch.rows_read == len(batch.observed) + batch.blank_rows + batch.merged_rows == len(rows)
    assert sum(len(logged.crossing.travellers) for logged in batch.observed) == len(numbers)
