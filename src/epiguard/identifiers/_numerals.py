"""Numbers as people write them in Chinese: digit by digit (五零二) or by place (五百零二)."""

from __future__ import annotations

__all__ = ["DIGITS", "NUMERALS", "chinese_number"]

# 两 is two before a counter, 幺 is one where numbers are read out digit by digit.
_DIGITS = {
    "零": 0, "〇": 0, "一": 1, "幺": 1, "二": 2, "两": 2, "三": 3,
    "四": 4, "五": 5, "六": 6, "七": 7, "八": 8, "九": 9,
}  # fmt: skip
_PLACES = {"十": 10, "百": 100, "千": 1000}
# One character for two: 廿三 is 二十三.
_TENS = {"廿": "二十", "卅": "三十"}

#: The characters that are digits, and all that can stand in a number, for use in a pattern's brackets.
DIGITS = "".join(_DIGITS)
NUMERALS = DIGITS + "".join(_PLACES) + "".join(_TENS)


def chinese_number(text: str) -> int | None:
    """Read a whole number below ten thousand in either style.

    Args:
        text: Chinese numerals and nothing else, for example ``五零二``, ``五百零二`` or ``十二``.

    Returns:
        The number, or ``None`` where the text is no such number.
    """
    if not text:
        return None
    if all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    for sign, written_out in _TENS.items():
        text = text.replace(sign, written_out)
    return _by_place(text)


def _by_place(text: str) -> int | None:
    total, digit, last_place, skipped = 0, None, 10_000, False
    for character in text:
        if character in _PLACES:
            place = _PLACES[character]
            if place >= last_place:
                return None
            if digit is None:
                if character != "十":  # 十二 and 一百十二 are numbers, 百二 is none
                    return None
                digit = 1
            if digit == 0:
                return None
            total, digit, last_place, skipped = total + digit * place, None, place, False
        elif character not in _DIGITS or digit not in (None, 0):
            return None
        else:
            skipped = skipped or _DIGITS[character] == 0
            digit = _DIGITS[character]
    if digit and last_place > 10 and not skipped:
        digit *= last_place // 10  # 一百二 is a hundred and twenty
    return total + (digit or 0)
