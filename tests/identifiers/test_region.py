"""Region codes, their names, and finding them in what people write."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import InvalidValueError
from epiguard.identifiers import Plate, RegionCode, find_region, known_region, known_regions
from epiguard.identifiers._region_table import region_table


@pytest.mark.parametrize(
    ("code", "name", "province", "is_province"),
    [
        ("420000", "湖北省", "420000", True),
        ("420100", "武汉市", "420000", False),
        ("420106", "武汉市", "420000", False),
        ("429004", "仙桃市", "420000", False),
        ("429999", "湖北省", "420000", False),
        ("310115", "上海市", "310000", False),
        ("330113", "杭州市", "330000", False),
        ("810000", "香港特别行政区", "810000", True),
        ("830000", None, "830000", True),
        ("900000", None, "900000", True),
    ],
)
def test_names(code: str, name: str | None, province: str, is_province: bool) -> None:
    """A county has the name of its prefecture, else of its province; unknown codes have none."""
    region = RegionCode(code)
    assert region.name_zh == name
    assert region.province == RegionCode(province)
    assert region.is_province is is_province


@pytest.mark.parametrize(
    ("inner", "outer", "within"),
    [
        ("420106", "420000", True),
        ("420106", "420100", True),
        ("420106", "420106", True),
        ("420100", "420106", False),
        ("420200", "420100", False),
        ("420000", "420100", False),
        ("310115", "420000", False),
        ("420106", "420107", False),
    ],
)
def test_within(inner: str, outer: str, within: bool) -> None:
    """Levels nest by prefix; text stands for a code."""
    assert RegionCode(inner).within(RegionCode(outer)) is within
    assert RegionCode(inner).within(outer) is within


def test_it_shows_itself() -> None:
    """A region is not personal."""
    region = RegionCode(" ４２０１０６ ")
    assert (repr(region), str(region), f"{region}") == ("RegionCode(value='420106')", "420106", "420106")
    assert RegionCode.of(region) is region
    assert pickle.loads(pickle.dumps(region)) == region  # noqa: S301 - our own bytes
    assert RegionCode("310000") < RegionCode("310115") < RegionCode("420000")


@pytest.mark.parametrize("text", ["", "42", "4201067", "湖北", None, 420106])
def test_refusals(text: Any) -> None:
    """Six digits, as text."""
    with pytest.raises(InvalidValueError, match=r"^region code: expected six digits \(GB/T 2260\)"):
        RegionCode.of(text)


def test_a_setting_names_regions_that_there_are() -> None:
    """A slip selects nobody: one whose first two digits are no province's is refused, with the setting."""
    assert known_region("429999", "here") == RegionCode("429999")  # a county that no table has yet
    assert known_regions(["420000", RegionCode("310112")], "here") == (
        RegionCode("420000"),
        RegionCode("310112"),
    )
    assert known_regions([], "here") == ()
    for values, message in (
        (
            ["420000", "240000"],
            "expected regions of provinces that there are (GB/T 2260), got '240000', whose",
        ),
        (["Hubei"], "expected six digits (GB/T 2260), got text of 5 characters"),
        ("420000", "expected a list of values, got text of 6 characters"),
    ):
        with pytest.raises(InvalidValueError) as caught:
            known_regions(values, "here")
        assert str(caught.value).startswith(f"here: {message}")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("湖北", "420000"),
        ("湖北省", "420000"),
        ("湖北省武汉市", "420100"),
        ("湖北武汉", "420100"),
        ("湖北省 武汉市 江夏区", "420100"),
        ("湖北-黄冈-麻城", "421100"),
        ("武汉", "420100"),
        ("武汉市", "420100"),
        ("武汉江夏区", "420100"),
        ("安徽合肥", "340100"),
        ("湖北仙桃", "429004"),
        ("仙桃", "429004"),
        ("湖北神农架林区", "429021"),
        ("湖北省直属", "420000"),
        ("恩施", "422800"),
        ("恩施州", "422800"),
        ("恩施土家族苗族自治州利川市", "422800"),
        ("内蒙古", "150000"),
        ("内蒙呼和浩特", "150100"),
        ("广西壮族自治区南宁市", "450100"),
        ("广西自治区", "450000"),
        ("新疆伊犁州", "654000"),
        ("吉林", "220000"),
        ("吉林市", "220200"),
        ("吉林省吉林市", "220200"),
        ("吉林吉林", "220200"),
        ("海南", "460000"),
        ("海南海口", "460100"),
        ("青海海南州", "632500"),
        ("重庆市万州区", "500000"),
        ("北京朝阳区", "110000"),
        ("上海市湖北路", "310000"),
        ("湖北省武汉路", "420000"),
        ("香港", "810000"),
        ("澳门特别行政区", "820000"),
        ("台湾", "710000"),
        ("鄂", "420000"),
        ("420106", "420106"),
        ("４２０１０６", "420106"),
        ("420000 湖北省", "420000"),
        ("从湖北省武汉市回来", "420100"),
        ("武汉返沪", "420100"),
        ("来自湖北", "420000"),
        ("中国湖北", "420000"),
        ("湖北、河南", "420000"),
        ("Hubei", "420000"),
        ("hubei province", "420000"),
        ("Wuhan, Hubei, China", "420000"),
        ("Inner Mongolia", "150000"),
        ("Shaanxi", "610000"),
        ("江苏镇江", "321100"),
        ("广西省南宁", "450100"),
        ("自贡", "510300"),
    ],
)
def test_what_people_write(text: str, code: str) -> None:
    """Provinces and prefectures in their usual spellings."""
    assert find_region(text) == RegionCode(code)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "  ",
        "本地",
        "无",
        "没去过湖北",
        "非湖北",
        "未去湖北",
        "湖北没去过",
        "南京东路",
        "武汉路12号",
        "北京西路",
        "吉林路",
        "朝阳区",
        "东方花园",
        "文山新村",
        "万宁小区",
        "Nowhere",
        "Hubei or Hunan",
        "13800138000",
        "310115199003070025",
    ],
)
def test_what_is_no_region(text: str) -> None:
    """Roads and compounds named after places, denials, and other numbers find nothing."""
    assert find_region(text) is None


def test_the_table_is_whole() -> None:
    """34 provinces and every prefecture, each found under its own names."""
    table = region_table()
    assert sum(row.code.endswith("0000") for row in table) == 34
    assert len(table) == 398
    assert len({row.code for row in table}) == len({row.name for row in table}) == len(table)
    provinces = {row.code[:2]: row for row in table if row.code.endswith("0000")}
    for row in table:
        assert find_region(row.name) == RegionCode(row.code)
        above = provinces[row.code[:2]]
        if above is not row:
            for spelling in (above.name + row.name, above.short + row.short, f"从{above.short}{row.name}"):
                assert find_region(spelling) == RegionCode(row.code)


def test_every_province_of_a_plate_is_a_region() -> None:
    """The first character of an ordinary plate names its province."""
    for row in region_table():
        if row.letter and row.letter not in "台港澳":
            found = find_region(Plate(f"{row.letter}A12345").province)
            assert found == RegionCode(row.code)


@given(st.text(alphabet="湖北武汉省市海南吉林从没路区 420106HubeiANn", max_size=15))
def test_any_text_is_found_or_not(text: str) -> None:
    """Nothing is raised, and what is found has a name or is the code that was written."""
    found = find_region(text)
    assert found is None or found.name_zh or found.value in text
