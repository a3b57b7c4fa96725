"""One home, many spellings, one value."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from epiguard.errors import InvalidValueError
from epiguard.identifiers import Residence, read_residence

SPELLINGS: dict[str, list[str]] = {
    "3号楼502室": [
        "3号楼502室", "3号楼502", "３号楼５０２室", "三号楼五零二室", "三号楼五〇二", "三号楼五百零二室",
        "3栋502", "3幢502房", "3座502", "3-502", "3—502", "3－502室", "3/502", "3#502", "3#楼502",
        "3＃502室", "3号502", "3号-502", "03号楼0502室", "3 号楼 502 室", "3号楼，502室", "3号楼5楼502",
        "3号楼五层502室", "3号楼502号", "3号楼502房间", "3楼502", "3栋楼502",
        "3 502", "3  502室",
    ],
    "3号楼2单元502室": [
        "3号楼2单元502室", "3-2-502", "三栋二单元五零二", "3栋-2-502", "3栋2门502", "3#2单元502",
        "3号楼2-502", "3-2单元-502", "3-2单元502", "3 - 2 - 502", "3号楼二单元5楼502室", "3楼2单元502",
        "3号2单元502室",
    ],
    "12号楼501室": ["12号501室", "12号501", "十二号五百零一室", "12-501", "12号5楼501室", "一二号五零一"],
    "12号楼": ["12号", "12号楼", "十二号", "12幢", "12#"],
    "1299弄12号楼501室": ["1299弄12号501室", "1299弄 12号 501", "1299弄12-501", "1299弄，12号，501室"],
    "金都路1299弄12号楼501室": ["金都路1299弄12号501", "金都路 1299 弄 12 号 501 室"],
    "阳光花园3期3号楼2单元502室": [
        "阳光花园三期3栋2单元502", "阳光花园3期3-2-502", "阳光花园（三期）3栋2单元502",
    ],
    "5队12号楼": ["5队12号", "五队12号", "五队十二号"],
    "草行村5组12号楼": ["草行村五组12号", "草行村5组 12号"],
    "曹杨3村12号楼501室": ["曹杨三村12号501室", "曹杨3村十二号501"],
    "23弄102号楼": ["二十三弄一百零二号", "23弄102号"],
    "23号楼": ["廿三号楼", "廿三号"],
    "32号楼502室": ["卅二号楼502"],
    "12号楼2单元1室": ["12号楼2-1"],
    "A号楼1203室": ["A栋1203", "a座1203室", "A-1203", "Ａ幢1203"],
    "A号楼": ["A栋", "A座", "A幢"],
    "3号楼A单元502A室": ["3号楼A座502A", "3号楼a单元502a室"],
    "B2号楼1601室": ["B2栋1601", "B2-1601"],
    "12甲号楼501室": ["12号甲501", "12甲号501室"],
    "5号院3号楼2单元502室": ["5号院3号楼2门502", "五号院3-2-502"],
    "金都路1299号3号楼502室": ["金都路1299号3号楼502室", "金都路1299号 3-502"],
    "一号公馆3号楼502室": ["一号公馆3号楼502"],
    "12号楼A室": ["12号A室"],
    "12号楼3室": ["12号3室", "12号3"],
    "东区3号楼东单元502室": ["东区3号楼东单元502"],
}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "value"), [(text, value) for value, texts in SPELLINGS.items() for text in [value, *texts]]
)
def test_spellings(text: str, value: str) -> None:
    """Every usual spelling comes to one canonical text, which reads back to itself."""
    residence = Residence(text)
    assert residence.value == value
    assert residence == Residence(value)
    assert hash(residence) == hash(Residence(value))


def test_parts() -> None:
    """The parts are plain text or None."""
    residence = Residence("阳光花园三期3栋2单元502A")
    assert residence.door == ("阳光花园3期", "3", "2", "502A")
    assert (residence.compound, residence.building, residence.unit, residence.room) == residence.door
    assert Residence("12号").door == (None, "12", None, None)


@pytest.mark.parametrize(
    "text",
    [
        "502",
        "502室",
        "1502A",
        "3单元502",
        "3楼",
        "3楼302",
        "12号5楼",
        "12号5楼3室",
        "百号楼502室",
        "000号楼502室",
        "3号楼000室",
        "阳光花园",
        "阳光花园老王家隔壁",
        "138-0013-8000",
        "2020-2-14",
        "2-14",
        "20-2-14",
        "138-3-502",
        "3号楼502室旁边",
        "1202-3",
        "12号楼1202-0",
        "12号楼1202-345",
        "12号楼1202-3-1",
        "12号楼120-302",
        "12栋120-302",
        "3号楼502室-1",
        "2 14",
        "138 0013",
        "13 80013",
        "3 502 1",
        "3-",
        "-502",
        "号楼",
        "12345号楼502室",
        "王" * 61 + "3号楼502",
    ],
)
def test_what_is_no_residence(text: str) -> None:
    """No building, a floor instead of one, a date, a phone, or words left over: refused."""
    if text == "138-3-502":
        assert Residence(text).door == (None, "138", "3", "502")
        return
    with pytest.raises(
        InvalidValueError, match=r"^residence: expected a building with or without unit and room"
    ):
        Residence(text)


def test_a_part_of_a_flat() -> None:
    """It is a home of its own, and who shares the flat can be told."""
    home = Residence("三号楼 1202－03 室")
    assert (home.value, home.room, home.flat) == ("3号楼1202-3室", "1202-3", "1202")
    assert home == Residence(home.value) != Residence("3号楼1202")
    assert Residence("3号楼").flat is None


def test_a_lone_room_is_told_what_is_missing() -> None:
    """The advice names the building."""
    with pytest.raises(InvalidValueError) as caught:
        Residence("502室")
    assert caught.value.do == "name the building as well"


@pytest.mark.parametrize(
    ("text", "compound", "value"),
    [
        ("3号楼502", "阳光花园", "阳光花园3号楼502室"),
        ("3号楼502", " 阳光 花园 ", "阳光花园3号楼502室"),
        ("三期3号楼502", "阳光花园", "阳光花园3期3号楼502室"),
        ("五队12号", "草行村", "草行村5队12号楼"),
        ("阳光花园3号楼502", "阳光花园", "阳光花园3号楼502室"),
        ("月光花园3号楼502", "阳光花园", "月光花园3号楼502室"),
        ("3-502", "万科A", "万科A 3号楼502室"),
        ("3-502", "花园3", "花园3 3号楼502室"),
        ("3-502", "一号公馆", "一号公馆3号楼502室"),
        ("A座502", "金都路12号", "金都路12号A号楼502室"),
        ("3-502", "", "3号楼502室"),
    ],
)
def test_a_compound_from_elsewhere(text: str, compound: str, value: str) -> None:
    """It stands where the text names none, before a part, and never against the text."""
    residence = Residence(text, compound=compound)
    assert residence.value == value
    assert Residence(value) == residence


@pytest.mark.parametrize("compound", ["阳" * 61, "阳" * 59, "12", "——", 3])
def test_a_compound_that_is_none(compound: Any) -> None:
    """What cannot be a compound, alone or with its part, is refused rather than forgotten."""
    with pytest.raises(InvalidValueError):
        Residence("三期3-502", compound=compound)


@pytest.mark.parametrize(
    ("building", "unit", "room", "value"),
    [
        ("3", "2", "502", "3号楼2单元502室"),
        ("3号楼", "2单元", "502室", "3号楼2单元502室"),
        ("三栋", None, "五零二", "3号楼502室"),
        ("A", None, "1203", "A号楼1203室"),
        ("12号", "", "", "12号楼"),
        ("12", None, "1202-3", "12号楼1202-3室"),
        ("12", "2", "1202-03室", "12号楼2单元1202-3室"),
        ("12", None, "1202-a", "12号楼1202-A室"),
    ],
)
def test_columns_of_a_register(building: str, unit: str | None, room: str | None, value: str) -> None:
    """Each part may carry its counter or not."""
    assert Residence.of_parts(building, unit=unit, room=room).value == value
    with_compound = Residence.of_parts(building, unit=unit, room=room, compound="阳光花园")
    assert with_compound.value == f"阳光花园{value}"


@pytest.mark.parametrize("building", ["", "502室", None])
def test_columns_that_do_not_fit(building: Any) -> None:
    """A part that is no part is refused."""
    with pytest.raises(InvalidValueError):
        Residence.of_parts(building, room="502")


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("3-502", "3号楼502室", True),
        ("3-2-502", "3-502", True),
        ("3-2-502", "3-1-502", False),
        ("阳光花园3-502", "3-502", True),
        ("阳光花园3-502", "月光花园3-502", False),
        ("1299弄12号501", "金都路1299弄12号501", True),
        ("299弄12号501", "金都路1299弄12号501", False),
        ("五队12号", "5队12号", False),
        ("3号楼", "3-502", False),
        ("3-502", "3-503", False),
        ("3-502", "4-502", False),
        ("3号楼1202-3", "3号楼1202-3室", True),
        ("3号楼1202-3", "3号楼1202-4", False),
        ("3号楼1202-3", "3-1202", True),
        ("3号楼1202-3", "3号楼1203-3", False),
    ],
)
def test_same_door(one: str, other: str, same: bool) -> None:
    """Building and room must be known and agree; the rest agrees where both have it."""
    assert Residence(one).same_door(Residence(other)) is same
    assert Residence(other).same_door(Residence(one)) is same


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("现住阳光花园3号楼502室", "阳光花园3号楼502室"),
        ("地址：阳光花园3-2-502。", "阳光花园3号楼2单元502室"),
        ("本人住在3号楼502", "3号楼502室"),
        ("3号楼502室（租房）。", "3号楼502室"),
        ("阳光花园（三期）3-502（租房）", "阳光花园3期3号楼502室"),
        ("3号楼5O2室", "3号楼502室"),
        ("12号501室", "12号楼501室"),
        ("502", None),
        ("502室", None),
        ("不清楚", None),
        ("", None),
        (None, None),
    ],
)
def test_addresses_on_forms(text: str | None, value: str | None) -> None:
    """Words and remarks around an address are passed over; what is no address is None."""
    residence = read_residence(text)
    assert (residence.value if residence else None) == value


def test_the_mask_shows_nothing() -> None:
    """Not even the building: in a village that is a person."""
    assert repr(Residence("阳光花园3-502")) == "Residence('…')"


numbers = st.integers(1, 199)
rooms = st.integers(101, 3499)
letters = st.sampled_from("ABCDEF")
buildings = st.one_of(numbers.map(str), letters, st.builds("{}{}".format, letters, numbers))
compounds = st.sampled_from(
    [
        None,
        "阳光花园",
        "阳光花园3期",
        "金都路1299弄",
        "草行村5队",
        "万科A",
        "一号公馆",
        "花园3",
        "幸福里",
        "1299弄",
        "曹杨3村",
        "5号院",
    ]
)


def chinese_digits(number: int) -> str:
    """Digit by digit: 502 is 五零二."""
    return "".join("零一二三四五六七八九"[int(digit)] for digit in str(number))


def chinese_places(number: int) -> str:
    """By place: 502 is 五百零二."""
    text, places = "", ["", "十", "百", "千"]
    digits = str(number)
    for index, digit in enumerate(digits):
        if digit != "0":
            text += "零一二三四五六七八九"[int(digit)] + places[len(digits) - index - 1]
        elif not text.endswith("零"):
            text += "零"
    text = text.rstrip("零")
    return text[1:] if text.startswith("一十") else text


@given(compounds, buildings, st.none() | st.integers(1, 9), rooms, st.just("") | st.integers(1, 99) | letters)
def test_the_canonical_text_reads_back(
    compound: str | None, building: str, unit: int | None, room: int, part: int | str
) -> None:
    """parse(format(x)) == x, for every combination of parts."""
    staircase = None if unit is None else str(unit)
    door = f"{room}-{part}" if part else str(room)
    residence = Residence.of_parts(building, unit=staircase, room=door, compound=compound)
    assert residence.door == (compound, building, staircase, door)
    assert residence.flat == str(room)
    assert Residence(residence.value) == residence
    assert Residence.of(residence.value).door == residence.door


@given(
    st.sampled_from(["", "阳光花园", "金都路1299弄", "草行村5队"]),
    numbers,
    st.none() | st.integers(1, 9),
    rooms,
)
def test_every_spelling_of_a_home_is_one_home(
    compound: str, building: int, unit: int | None, room: int
) -> None:
    """Counters, dashes, widths, spaces and both styles of Chinese numerals make no difference."""
    units = (
        [""]
        if unit is None
        else [f"{unit}单元", f"{chinese_digits(unit)}单元", f"{unit}门", f" {unit} 单元 "]
    )
    counted = [
        f"{compound}{b}{counter}{u}{r}"
        for b in (building, chinese_places(building))
        for counter in ("号楼", "栋", "幢", "号", "座")
        for u in units
        for r in (room, f"{room}室", f"{chinese_digits(room)}室", f"{chinese_places(room)}室", f" {room} 室")
    ]
    dash = f"{building}-{room}" if unit is None else f"{building}-{unit}-{room}"
    fullwidth = dash.translate({ord(str(digit)): 0xFF10 + digit for digit in range(10)})
    spellings = (
        [*counted, f"{compound} {dash}", f"{compound}{fullwidth}室"]
        if not compound[-1:].isdigit()
        else counted
    )
    assert {Residence(text).value for text in spellings} == {Residence(counted[0]).value}


@given(
    st.text(alphabet="阳光花园号楼单元室弄期队栋座三五十12A- ,.·#", max_size=12),
    buildings,
    st.none() | rooms.map(str),
)
def test_no_compound_can_confuse_the_building(compound: str, building: str, room: str | None) -> None:
    """However strange the name of a compound, the value reads back to the same door, or it is refused."""
    try:
        residence = Residence.of_parts(building, room=room, compound=compound)
    except InvalidValueError:
        return
    assert (residence.building, residence.room) == (building, room)
    assert Residence(residence.value).door == residence.door


PIECES = [
    "3", "12", "05", "1299", "502", "A", "B", "甲", "乙", "三", "十二", "五零二", "百", "一", "号楼", "号",
    "楼", "栋", "座", "幢", "#", "单元", "门", "层", "室", "房", "户", "弄", "队", "期", "村", "号院", "街坊",
    "阳光", "路", "东", " ", "-", ",", "·", "（", ")", "/", "、",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=9).map("".join))
def test_any_text_reads_back_or_is_refused(text: str) -> None:
    """What is accepted is accepted again as the same, strictly and loosely."""
    residence = read_residence(text)
    try:
        strict = Residence(text)
    except InvalidValueError:
        strict = None
    for found in (residence, strict):
        if found is not None:
            assert Residence(found.value) == found
            assert Residence(found.value).door == found.door


@given(st.sampled_from([text for texts in SPELLINGS.values() for text in texts]), st.integers(0, 40))
def test_a_cut_text_is_no_other_room(text: str, length: int) -> None:
    """Cutting an address off never makes it a different building."""
    assume(length < len(text))
    cut = read_residence(text[:length])
    whole = Residence(text)
    if cut is not None and cut.compound == whole.compound and whole.compound is None:
        assert whole.building.startswith(cut.building) or cut.building == whole.building
