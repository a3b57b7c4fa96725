"""Sounds of characters: readings, the readings of surnames, and what accents confuse."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.matching._sound import (
    LONGEST_NAME,
    MOST_SPLITS,
    folded,
    readings,
    sound_codes,
    split_pinyin,
    surname_readings,
    syllable_code,
)

#: What a library of pinyin reads by the commonest reading, and is mostly wrong of a surname.
SURNAMES = {
    "单": "shan",
    "解": "xie",
    "查": "zha",
    "朴": "piao",
    "区": "ou",
    "仇": "qiu",
    "曾": "zeng",
    "翟": "zhai",
    "盖": "ge",
    "乐": "yue",
    "缪": "miao",
    "任": "ren",
    "尉": "wei",
    "种": "chong",
}


def alike(one: str, other: str) -> bool:
    """Whether two characters may be one by ear."""
    return bool(sound_codes(one) & sound_codes(other))


def test_all_readings() -> None:
    """A character has all its readings, the commonest first, without tones and each once."""
    assert readings("单") == ("dan", "chan", "shan")
    assert readings("王") == ("wang",)
    assert readings("绿") == ("lv", "lu")


def test_unknown() -> None:
    """What is no Chinese character has no readings and sounds like nothing, itself included."""
    for each in ("A", "?", "한", ""):
        assert readings(each) == surname_readings(each) == ()
        assert sound_codes(each) == frozenset()


def test_beyond_the_standard_characters() -> None:
    """Traditional and rare characters have readings too, so that sound still works for them."""
    assert readings("劉") == ("liu",)
    assert alike("劉", "流")


@pytest.mark.parametrize(("character", "reading"), SURNAMES.items())
def test_surnames(character: str, reading: str) -> None:
    """A surname is read as a surname first, and that reading is among the character's own."""
    assert surname_readings(character)[0] == reading
    assert reading in readings(character)


def test_other_surnames() -> None:
    """A surname that the list does not name is read as the character is."""
    assert surname_readings("王") == readings("王")


@pytest.mark.parametrize(
    "pair",
    ["伟玮", "李礼", "刘牛", "张脏", "陈岑", "石四", "陈程", "林凌", "王万", "胡福", "辉飞", "宁林", "女吕"],
)
def test_taken_for_one_another(pair: str) -> None:
    """Homophones, and what an accent makes one: n and l, zh and z (ch, sh too), h and f, -ng and -n."""
    assert alike(*pair)


@pytest.mark.parametrize("pair", ["王李", "张刘", "波坡", "德特", "高考", "冬弹", "于吴"])
def test_told_apart(pair: str) -> None:
    """What no such accent confuses stays apart."""
    assert not alike(*pair)


def test_codes_are_small_numbers() -> None:
    """The codes count the folded sounds from 0, and a syllable's code is that of a character read so."""
    code = syllable_code("wei")
    assert code is not None
    assert sound_codes("伟") == {code}
    assert 0 <= code < 300
    assert syllable_code("xyz") is None


def test_folding_is_done_once() -> None:
    """A folded syllable folds to itself."""
    for syllable in ("zhang", "hui", "niang", "shuang", "huang", "chun", "ng", "hu", "huo", "lve"):
        assert folded(folded(syllable)) == folded(syllable)


@pytest.mark.parametrize(
    "text",
    ["zhangwei", "Zhāng Wěi", "zhang1wei3", "ZHANG WEI", "zhang'wei", "Zhang-Wei", "Zha\u0304ng We\u030ci"],
)
def test_pinyin_in_all_writings(text: str) -> None:
    """Tones as marks or digits, capitals and what stands between make no difference."""
    assert split_pinyin(text)[0] == ("zhang", "wei")


def test_pinyin_in_several_ways() -> None:
    """Where letters can be split in several ways all come, the fewest syllables first."""
    assert split_pinyin("fangan")[:2] == (("fan", "gan"), ("fang", "an"))
    assert split_pinyin("xian")[:2] == (("xian",), ("xi", "an"))


def test_pinyin_of_v() -> None:
    """ü is written ü, u:, v or, in passports, yu."""
    for text in ("lü", "lu:", "lv", "LYU", "lü3", "lǚ"):
        assert split_pinyin(text) == (("lv",),)


def test_no_pinyin() -> None:
    """Letters that are no Mandarin, or far too many, are not split."""
    for text in ("Smith", "Silvia", "", "王伟", "a" * (LONGEST_NAME + 1)):
        assert split_pinyin(text) == ()


@given(st.text(alphabet="aeghinouwxyz' 1", max_size=40))
def test_splitting_is_sound(text: str) -> None:
    """Whatever is split is put together of known syllables, in few ways, and holds the letters in order."""
    ways = split_pinyin(text)
    assert len(ways) <= MOST_SPLITS
    assert len(set(ways)) == len(ways)
    for way in ways:
        assert all(syllable_code(each) is not None for each in way)
        assert len("".join(way)) in range(len([each for each in text if each.isalpha()]) + 1)
