"""Strict readers of single cells: a value, None where the cell is blank, or an error; never a guess.

Messages name the kind of what stood in the cell and never the cell.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from enum import Enum
from typing import TypeVar

from epiguard.crossings import TEMPERATURE_RANGE, NotMeasured, Role
from epiguard.errors import InvalidValueError, kind_of
from epiguard.intake.grid import Cell, Failed
from epiguard.places import Direction

__all__ = [
    "choices",
    "digits",
    "direction",
    "identifier",
    "not_measured",
    "passed",
    "role",
    "sex",
    "several",
    "temperature",
    "text",
    "yes_or_no",
]

T = TypeVar("T")

# What people and programs write where there is nothing to write.
_NOTHING = frozenset({"-", "--", "---", "—", "——", "/", "\\", "(空)", "(跳过)", "null", "none", "n/a", "nan"})
_YES = frozenset(
    {"是", "有", "对", "已", "√", "✓", "✔", "☑", "y", "yes", "1", "true", "t"}
    | {"已开", "已询问", "已登记", "已检查", "已放行", "放行"}
)
_NO = frozenset(
    {"否", "无", "不", "没有", "不是", "未", "×", "✗", "✘", "n", "no", "0", "false", "f"}
    | {"未开", "未询问", "未登记", "未检查", "未放行", "不放行"}
)
_PASSED = frozenset({"成功", "通过", "允许", "开门", "开门成功", "验证通过", "正常", "放行", "success", "ok", "pass", "granted"})
_REFUSED = frozenset({"失败", "拒绝", "未通过", "不通过", "禁止", "开门失败", "验证失败", "fail", "failed", "denied"})
_SEXES = {"男": "M", "男性": "M", "m": "M", "male": "M", "女": "F", "女性": "F", "f": "F", "female": "F"}
_NO_SEX = frozenset({"未知", "未说明", "未说明的性别", "不详", "其他", "unknown"})
_DIRECTIONS = {
    Direction.IN: ("进", "入", "进入", "进门", "进场", "入场", "入口", "进小区", "进村", "in", "enter", "entry"),
    Direction.OUT: ("出", "外出", "出去", "出门", "离开", "出场", "出口", "出小区", "出村", "out", "exit", "leave"),
}
_ROLES = {
    Role.RESIDENT: ("居民", "业主", "租户", "租客", "住户", "村民", "本村村民", "家属", "返沪", "返程", "resident"),
    Role.VISITOR: ("访客", "来访", "亲友", "亲戚", "朋友", "探亲", "visitor"),
    Role.COURIER: ("快递", "外卖", "快递外卖", "送货", "送餐", "courier"),
    Role.STAFF: ("工作", "物业", "居委", "村委", "保安", "保洁", "志愿者", "员工", "施工", "staff"),
    Role.EMERGENCY: ("急救", "救护", "救护车", "消防", "公安", "警察", "抢险", "emergency"),
}
_NOT_MEASURED = {
    NotMeasured.INFANT: ("婴儿", "婴幼儿", "幼儿", "infant"),
    NotMeasured.MEDICAL: ("医疗", "医疗原因", "疾病", "伤病", "身体原因", "就医", "medical"),
    NotMeasured.DEVICE: ("设备", "设备故障", "仪器故障", "体温枪故障", "额温枪故障", "额温枪没电", "没电", "device"),
}
_TEMPERATURE = re.compile(r"([0-9]{2}(?:\.[0-9]{1,2})?)(?:°c|℃|度|c)?")
_SEPARATORS = re.compile(r"[、,;/┋|\n]+")
_MULTIPLE_CHOICE = "┋"
_ID_LIKE = re.compile(r"[0-9]{17}[0-9Xx]|[0-9]{15}|(?:\+?86)?1[3-9][0-9]{9}")
_EXACT_DIGITS = 10**15
"""A spreadsheet keeps fifteen digits; a longer number has lost its end in the file."""


def folded(value: str) -> str:
    """Fold widths and letter case and drop outer blanks."""
    return unicodedata.normalize("NFKC", value).strip().lower()


def refuse(field: str, expected: str, cell: object, do: str = "") -> InvalidValueError:
    """The error for a cell that cannot be read."""
    got = cell.value if isinstance(cell, Failed) else kind_of(cell)
    return InvalidValueError(field, expected=expected, got=got, do=do)


def text(cell: Cell, field: str = "cell") -> str | None:
    """Read text; a whole number is written without ``.0``, as the spreadsheet shows it.

    Args:
        cell: The cell.
        field: What the message calls it.

    Returns:
        The text without outer blanks, or None where nothing or only a mark for nothing (``-``, ``/``) stands.

    Raises:
        InvalidValueError: If the cell holds a truth value, a time, a formula's error or a number that
            has lost digits.
    """
    if cell is None:
        return None
    if isinstance(cell, str):
        value = cell.strip()
        return None if not value or folded(value) in _NOTHING else value
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return digits(cell, field) if cell == int_or_none(cell) else repr(cell)
    raise refuse(field, "text", cell, "format the column as text and enter it again")


def int_or_none(number: float) -> int | None:
    """The whole number, or None for a fraction, infinity and NaN."""
    try:
        return int(number) if number == int(number) else None
    except (OverflowError, ValueError):
        return None


def digits(cell: Cell, field: str = "number") -> str | None:
    """Read a number that is a name (phone, card, person id): text, or a spreadsheet's ``13800138000.0``.

    Raises:
        InvalidValueError: If it is a number that is not whole, negative, or too long to be complete.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        whole = int_or_none(cell)
        if whole is None or not 0 <= whole < _EXACT_DIGITS:
            do = "the spreadsheet has lost digits: format the column as text and enter the numbers again"
            raise refuse(field, "text, or a whole number of at most 15 digits", cell, do)
        return str(whole)
    return text(cell, field)


def identifier(cell: Cell, field: str = "identifier") -> str | None:
    """Read a pseudonymous identifier: no blanks, and neither a resident ID, nor a mobile, nor a name.

    Raises:
        InvalidValueError: If it has blanks, is too long, or looks like a personal number or a Chinese name.
    """
    value = digits(cell, field)
    if value is None:
        return None
    number = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", value))
    name = len(value) <= 5 and all("\u3400" <= character <= "\u9fff" for character in value)
    if len(value) > 128 or value != "".join(value.split()) or _ID_LIKE.fullmatch(number) or name:
        raise refuse(
            field,
            "a pseudonymous number of 1 to 128 characters without blanks",
            cell,
            "a name, a resident ID or a phone must not serve as the number of a person or a form",
        )
    return value


def yes_or_no(cell: Cell, field: str = "answer") -> bool | None:
    """Read yes or no: 是/否, 有/无, √/×, Y/N, 1/0, true/false.

    Raises:
        InvalidValueError: If it is neither.
    """
    return _truth(cell, field, _YES, _NO, "yes or no (是/否, 有/无, √/×, Y/N, 1/0)")


def passed(cell: Cell, field: str = "result") -> bool | None:
    """Read whether somebody was let through: yes or no, or what a door controller says (成功, 失败 ...).

    Raises:
        InvalidValueError: If it is neither.
    """
    return _truth(cell, field, _YES | _PASSED, _NO | _REFUSED, "a result (放行/不放行, 成功/失败, 是/否)")


def _truth(cell: Cell, field: str, yes: frozenset[str], no: frozenset[str], expected: str) -> bool | None:
    if isinstance(cell, bool):
        return cell
    # 无 and × answer here, so the marks for nothing are only those that are no answer.
    value = text(cell, field)
    if value is None:
        return None
    word = folded(value)
    if word in yes:
        return True
    if word in no:
        return False
    raise refuse(field, expected, cell)


def temperature(cell: Cell, field: str = "temperature") -> float | None:
    """Read a temperature in degrees Celsius: 37.3, ``36.5℃``, full-width digits, 36。5.

    Raises:
        InvalidValueError: If it is no number, or none that a thermometer can show of a living person.
    """
    low, high = TEMPERATURE_RANGE
    expected = f"degrees Celsius between {low:g} and {high:g}"
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        number = float(cell)
    else:
        value = text(cell, field)
        if value is None:
            return None
        match = _TEMPERATURE.fullmatch(re.sub(r"\s", "", folded(value)).replace("。", "."))
        if match is None:
            raise refuse(field, expected, cell, "say why in its own column where it could not be measured")
        number = float(match[1])
    if not low <= number <= high:
        raise InvalidValueError(field, expected=expected, got="a number outside that range", do="look for the slip")
    return number


def sex(cell: Cell, field: str = "sex") -> str | None:
    """Read the sex: 男/女, M/F; 未知 and the like are None.

    Raises:
        InvalidValueError: If it is something else; 1 and 2 are refused, for codes differ.
    """
    value = text(cell, field)
    if value is None or folded(value) in _NO_SEX:
        return None
    found = _SEXES.get(folded(value))
    if found is None:
        raise refuse(field, "男, 女, M or F", cell)
    return found


def direction(cell: Cell, field: str = "direction") -> Direction | None:
    """Read the direction: 进/入/in or 出/out.

    Raises:
        InvalidValueError: If it is neither.
    """
    return _one_of(cell, field, _DIRECTIONS, "进 or 出 (in, out)")


def role(cell: Cell, field: str = "role") -> Role | None:
    """Read what somebody is at the gate: 居民, 访客, 快递, 外卖, 物业, 急救 ..., also with 员, 人员.

    Raises:
        InvalidValueError: If it is none of the known words.
    """
    return _one_of(cell, field, _ROLES, "居民, 访客, 快递, 工作人员 or 急救 (or another usual word for them)")


def not_measured(cell: Cell, field: str = "reason") -> NotMeasured | None:
    """Read why no temperature could be taken: 婴儿, 医疗, 设备故障.

    Raises:
        InvalidValueError: If it is none of the known words.
    """
    return _one_of(cell, field, _NOT_MEASURED, "婴儿, 医疗 or 设备故障 (infant, medical, device)")


E = TypeVar("E", bound=Enum)


def _one_of(cell: Cell, field: str, words: Mapping[E, tuple[str, ...]], expected: str) -> E | None:
    value = text(cell, field)
    if value is None:
        return None
    word = folded(value)
    for each in (word, word.removesuffix("员"), word.removesuffix("人员")):
        for member, known in words.items():
            if each in known:
                return member
    raise refuse(field, expected, cell)


def several(value: str) -> tuple[str, ...]:
    """Split what people put in one cell: phones, plates, cards; by 、 , ; / | ┋ or a new line.

    Args:
        value: The text of the cell.

    Returns:
        The parts that are not blank, as written; spaces are left to whoever reads the parts.
    """
    parts = _SEPARATORS.split(value.translate({ord("，"): ",", ord("；"): ";", ord("／"): "/"}))
    return tuple(part.strip() for part in parts if part.strip())


def choices(cell: Cell, field: str = "answer") -> tuple[str, ...]:
    """Read a multiple choice, whose answers stand joined by ``┋``.

    Raises:
        InvalidValueError: If it is no text.
    """
    value = text(cell, field)
    return tuple(part.strip() for part in value.split(_MULTIPLE_CHOICE) if part.strip()) if value else ()
