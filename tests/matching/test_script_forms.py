"""Traditional and variant characters become the simplified ones they stand for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.matching._script_forms import simplified


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("張偉", "张伟"),
        ("劉國棟", "刘国栋"),
        ("歐陽麗", "欧阳丽"),
        ("溫峯靑", "温峰青"),
        ("蘇呂戶", "苏吕户"),
        ("鍾恆", "钟恒"),
    ],
)
def test_names(written: str, meant: str) -> None:
    """Names in traditional characters and old print forms come to their simplified form."""
    assert simplified(written) == meant
    assert "".join(map(simplified, written)) == meant


def test_standard_characters_stay() -> None:
    """A character of the national list is a name of its own, also where it is another's traditional form."""
    for each in "乾於昇喆堃著祐":
        assert simplified(each) == each


def test_others_stay() -> None:
    """What is no character, or has no other form, stays as it is."""
    assert simplified("Ana 3号楼 ?") == "Ana 3号楼 ?"
    assert simplified("") == ""


@given(st.text())
def test_once_is_enough(text: str) -> None:
    """Simplifying again changes nothing, and never the length."""
    once = simplified(text)
    assert simplified(once) == once
    assert len(once) == len(text)


def test_once_is_enough_for_every_character() -> None:
    """The same for every character there is."""
    text = "".join(map(chr, [*range(0x3400, 0xA000), *range(0x20000, 0x323B0)]))
    assert simplified(simplified(text)) == simplified(text)
