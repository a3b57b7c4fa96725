"""Single cells: what is understood, what is blank, and what is refused without being repeated."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.crossings import NotMeasured, Role
from epiguard.errors import InvalidValueError
from epiguard.intake import cells, moments, words
from epiguard.intake.grid import Failed
from epiguard.places import Direction

ZONE = ZoneInfo("Asia/Shanghai")
NAIVE = datetime.fromisoformat("2020-02-07T21:30:00")
AT = NAIVE.replace(tzinfo=ZONE)
NIGHT = datetime(2020, 2, 7, tzinfo=ZONE)

Reader = Callable[[Any], object]


def instant(cell: Any) -> datetime | None:
    """Read an instant of the site."""
    return moments.instant(cell, ZONE)


UNDERSTOOD: list[tuple[Reader, object, list[Any]]] = [
    (
        instant,
        AT,
        [
            *("2020/02/07 21:30:00", "2020-02-07 21:30", "2020年2月7日 21:30", "2020年2月7日21时30分"),
            *(
                "2020-02-07T21:30:00",
                "2020-02-07T21:30:00+08:00",
                "2020-02-07T13:30:00Z",
                "２０２０/２/７ ２１：３０",
            ),
            *(
                "2020/2/7 下午9:30",
                "2020/2/7 9:30 PM",
                "2020/2/7 下午21:30",
                "2020.2.7 21:30",
                "2020/2/7 21：30：00",
            ),
            *(NAIVE, AT, 43868.895833333336),
        ],
    ),
    (instant, NIGHT, ["2020.2.7", "2020年2月7日", "2020/2/7", date(2020, 2, 7), 43868, "2020/2/7 上午12:00"]),
    (
        moments.day,
        date(2020, 2, 7),
        [
            *(
                "2020/02/07",
                "2020-2-7",
                "2020.2.7",
                "2020年2月7日",
                "2020年2月7号",
                "20200207",
                "2020/2/7 21:30",
            ),
            *(date(2020, 2, 7), NAIVE, 43868.0, 20200207.0, 20200207),
        ],
    ),
    (
        words.yes_or_no,
        True,
        ["是", "有", "√", "✓", "Y", "yes", "1", 1, 1.0, "true", "TRUE", True, "１", " 已 "],
    ),
    (words.yes_or_no, False, ["否", "无", "×", "N", "no", "0", 0, 0.0, "false", False, "没有", "未"]),
    (words.passed, True, ["放行", "成功", "通过", "是", "开门成功", "granted"]),
    (words.passed, False, ["不放行", "失败", "拒绝", "否", "未通过", "denied"]),
    (
        cells.temperature,
        37.3,
        [37.3, "37.3", "37.3℃", "37.3 ℃", "37.3度", "３７．３", "37。3", "37.3°C", "37.3C"],
    ),
    (cells.temperature, 37.0, [37, "37", "37.00"]),
    (words.direction, Direction.IN, ["进", "入", "进入", "in", "IN", "入口"]),
    (words.direction, Direction.OUT, ["出", "外出", "离开", "out", "出口"]),
    (words.role, Role.RESIDENT, ["居民", "业主", "租户", "村民", "resident"]),
    (words.role, Role.VISITOR, ["访客", "来访人员", "亲友"]),
    (words.role, Role.COURIER, ["快递", "外卖", "快递员", "外卖员", "外卖人员"]),
    (words.role, Role.STAFF, ["工作人员", "物业", "物业人员", "志愿者", "保安"]),
    (words.role, Role.EMERGENCY, ["急救", "急救人员", "消防员"]),
    (words.not_measured, NotMeasured.INFANT, ["婴儿", "婴幼儿", "infant"]),
    (words.not_measured, NotMeasured.MEDICAL, ["医疗原因", "医疗"]),
    (words.not_measured, NotMeasured.DEVICE, ["设备故障", "额温枪没电"]),
    (words.sex, "M", ["男", "M", "m", "男性", "Ｍ", "male"]),
    (words.sex, "F", ["女", "F", "女性", "female"]),
    (words.sex, None, ["未知", "不详"]),
    (cells.digits, "13800138000", [13800138000.0, 13800138000, "13800138000", " 13800138000\t"]),
    (cells.digits, "0071", ["0071"]),
    (cells.text, "502", [502.0, 502, "502"]),
    (cells.text, "1.5", [1.5]),
    (cells.identifier, "p-1024", ["p-1024"]),
    (cells.identifier, "1024", [1024.0, "1024"]),
    (cells.identifier, "202002072130001", ["202002072130001", 202002072130001]),
]
CASES = [(reader, value, cell) for reader, value, written in UNDERSTOOD for cell in written]
READERS: list[Reader] = [
    *(instant, moments.day, words.yes_or_no, words.passed, cells.temperature, words.direction, words.role),
    *(words.not_measured, words.sex, cells.digits, cells.text, cells.identifier),
]


@pytest.mark.parametrize(("reader", "value", "cell"), CASES)
def test_what_people_and_programs_write_is_understood(reader: Reader, value: object, cell: Any) -> None:
    """Each usual spelling comes to one value."""
    assert reader(cell) == value


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize("cell", [None, "", "  ", "-", "—", "/", "／", "(跳过)", "（空）"])
def test_blanks_are_nothing(reader: Reader, cell: Any) -> None:
    """A blank and the marks for nothing are None, and no error."""
    assert reader(cell) is None


@pytest.mark.parametrize(
    ("reader", "written"),
    [
        (
            instant,
            [
                "2月7日",
                "21:30",
                "2020-13-07 21:30",
                "2020-02-30 21:30",
                "2020-02-07 25:00",
                "昨天",
                "7/2/2020",
            ],
        ),
        (
            instant,
            [
                "2020-02-07 21:61",
                "2020/2/7 上午21:30",
                2020,
                1985.0,
                1e300,
                -1.0,
                float("nan"),
                True,
                time(9),
            ],
        ),
        (
            instant,
            [
                "20-02-07 21:30",
                "2020-02/07 21:30",
                "43868.9",
                "2020-02-07 21:30 外出",
                "2020-02-07T21:30+99:00",
            ],
        ),
        (
            moments.day,
            ["2月7日", "2020-02-30", "2020", 2020, 1985, 20201332, 1e12, float("inf"), False, "7日"],
        ),
        (words.yes_or_no, ["也许", "x", "2", 2, 0.5, "是否", date(2020, 2, 7)]),
        (words.passed, ["也许", "37.3"]),
        (
            cells.temperature,
            ["367", 367, 36.55555e5, "36.5/36.8", "低", "29.9", 45.1, True, "36,5", float("nan")],
        ),
        (words.direction, ["进出", "左", "1", 1]),
        (words.role, ["领导", "人员", "员", 3]),
        (words.not_measured, ["不想测", "有", True]),
        (words.sex, ["1", 1, "2", "男女", "X"]),
        (cells.digits, [1.5, -1, 310112199003071234.0, 10**15, float("inf"), True, date(2020, 2, 7)]),
        (cells.text, [True, NAIVE, 310112199003071234.0, Failed.FORMULA]),
        (
            cells.identifier,
            [
                "王小明",
                "p 1",
                "2\u200b",
                "a\x00",
                "x" * 129,
                "31011219900307123X",
                "310112900307123",
                "13800138000",
                13800138000,
            ],
        ),
    ],
)
def test_what_cannot_be_known_is_refused(reader: Reader, written: list[Any]) -> None:
    """Nothing is guessed, and the message tells the kind of the cell and not the cell."""
    for cell in written:
        with pytest.raises(InvalidValueError) as caught:
            reader(cell)
        assert not isinstance(cell, str) or len(cell) < 4 or cell not in caught.value.got


@pytest.mark.parametrize("reader", READERS)
def test_a_formulas_error_is_never_a_value(reader: Reader) -> None:
    """#N/A is neither blank nor text."""
    with pytest.raises(InvalidValueError, match="a formula's error such as #N/A"):
        reader(Failed.FORMULA)


def test_a_log_needs_the_time_of_day() -> None:
    """Where the hour decides, a date alone is refused; elsewhere it is its midnight."""
    with pytest.raises(InvalidValueError, match="and the time of day"):
        moments.instant("2020-02-07", ZONE, clock=True)
    assert moments.instant("2020-02-07", ZONE) == NIGHT


@given(st.datetimes(NAIVE.replace(year=2001), NAIVE.replace(year=2098)))
def test_written_times_come_back(moment: datetime) -> None:
    """Every second in every usual spelling, and as a spreadsheet's number, is read as itself."""
    moment = moment.replace(microsecond=0)
    expected = moment.replace(tzinfo=ZONE)
    serial = (moment - datetime.fromisoformat("1899-12-30")).total_seconds() / 86_400
    clock = f"{moment.hour}:{moment.minute:02}:{moment.second:02}"
    for cell in (
        moment,
        serial,
        f"{moment:%Y/%m/%d %H:%M:%S}",
        f"{moment.year}-{moment.month}-{moment.day} {clock}",
        f"{moment.year}年{moment.month}月{moment.day}日 {clock}",
        moment.isoformat(),
    ):
        assert instant(cell) == expected
        assert moments.day(cell) == moment.date()


@given(
    st.one_of(st.text(), st.floats(), st.integers(), st.booleans(), st.dates(), st.datetimes(), st.times())
)
def test_readers_answer_or_refuse(cell: Any) -> None:
    """No cell makes a reader raise anything but its own error."""
    for reader in READERS:
        with contextlib.suppress(InvalidValueError):
            reader(cell)


def test_several_values_in_one_cell() -> None:
    """The separators that people use between phones, plates and cards."""
    assert cells.several("138、139,137；136/135|134\n133") == (
        "138",
        "139",
        "137",
        "136",
        "135",
        "134",
        "133",
    )
    assert cells.several("021-64123456") == ("021-64123456",)


def test_multiple_choices() -> None:
    """A questionnaire's export joins the answers to one question by ┋."""
    assert cells.choices("湖北┋安徽 ┋") == ("湖北", "安徽")
