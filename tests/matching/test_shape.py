"""Shapes of characters: what is taken for one another by eye."""

from __future__ import annotations

import pytest

from epiguard.matching._shape import lookalikes

CLASSIC = (  # noqa: SIM905 - to be read
    "未末 己已 土士 候侯 晴睛 陈阵 王玉 刘对 人入 日曰 干千 戊戌 戍戌 大太 天夫 田由 兔免 鸟乌 拔拨 折拆"
).split()
NAMES = ("李季 杨扬 徐除 袁衰 薛薜 江汪 史吏 孟盂 秦泰 钟种 姚桃 伟玮 俊峻 倩清 浩洁 玲铃 琪淇 颖颍").split()  # noqa: SIM905 - to be read
COMPONENTS = ("胡湖 程呈 邱丘 崔催 谭潭 彭澎 邵绍 伟韦 婷亭 琪其 娟绢 莉利 芳方 顾颀").split()  # noqa: SIM905 - to be read
FAR_APART = "王陈 李赵 刘黄 伟静 丽强 国小 金水 明芳".split()  # noqa: SIM905 - to be read


def found(pairs: list[str]) -> int:
    """How many pairs the table holds."""
    return sum(pair[1] in lookalikes(pair[0]) for pair in pairs)


@pytest.mark.parametrize("pairs", [CLASSIC, NAMES, COMPONENTS], ids=["classic", "names", "components"])
def test_pairs_that_schoolbooks_list(pairs: list[str]) -> None:
    """Classic pairs, slips in names, and characters with a component more or less look alike."""
    assert [each for each in pairs if each[1] not in lookalikes(each[0])] == []


def test_control() -> None:
    """Characters that nobody takes for one another do not: the table does not hold everything."""
    assert found(FAR_APART) == 0


def test_both_ways() -> None:
    """Whoever looks like a character, it looks like them; nobody looks like themselves."""
    for one in {*"".join([*CLASSIC, *NAMES, *COMPONENTS])}:
        assert one not in lookalikes(one)
        assert all(one in lookalikes(other) for other in lookalikes(one))


def test_few() -> None:
    """A character has few look-alikes: a table in which all look alike would tell nothing."""
    many = [len(lookalikes(chr(point))) for point in range(0x4E00, 0x9FA6)]
    having = sorted(count for count in many if count)
    assert len(having) > 7000
    assert having[len(having) // 2] <= 12
    assert having[-1] < 50


def test_beyond_the_standard_characters() -> None:
    """Other characters, letters and nothing have no look-alikes."""
    for each in ("劉", "A", "", "𠮷"):
        assert lookalikes(each) == frozenset()
