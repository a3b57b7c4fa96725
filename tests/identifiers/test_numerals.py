"""Chinese numerals in both styles."""

from __future__ import annotations

import pytest

from epiguard.identifiers._numerals import chinese_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("零", 0), ("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("二十三", 23), ("一百", 100),
        ("一百零二", 102), ("一百二", 120), ("一百一十", 110), ("一百十二", 112), ("五百零二", 502),
        ("五零二", 502), ("五〇二", 502), ("幺零二", 102), ("一千二百零三", 1203), ("一千零三", 1003),
        ("两百", 200), ("一二〇三", 1203), ("一千二", 1200), ("三千零五十", 3050),
        ("廿", 20), ("廿三", 23), ("卅一", 31), ("一百廿", 120),
    ],
)  # fmt: skip
def test_numbers(text: str, number: int) -> None:
    """Digit by digit and by place."""
    assert chinese_number(text) == number


@pytest.mark.parametrize(
    "text", ["", "百", "百二", "十百", "二三十", "零百", "一十百", "千", "三A", "十二三", "一廿", "廿十"]
)
def test_what_is_no_number(text: str) -> None:
    """Numerals in no order are no number."""
    assert chinese_number(text) is None
