"""Strict readers of cells that hold one of a few words: yes or no, sex, direction, role, reason, result."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from enum import Enum
from typing import Final, TypeVar

from epiguard.crossings import NotMeasured, Role
from epiguard.intake.cells import folded, refuse, text
from epiguard.intake.grid import Cell
from epiguard.people import Tenancy
from epiguard.places import Direction

__all__ = ["direction", "not_measured", "passed", "role", "sex", "tenancy", "yes_or_no"]

E = TypeVar("E", bound=Enum)
_DO: Final = "write one of these words"

_YES: Final = frozenset(
    {"是", "有", "对", "已", "√", "✓", "✔", "☑", "y", "yes", "1", "true", "t"}
    | {"已开", "已询问", "已登记", "已检查", "已放行", "放行"}
)
_NO: Final = frozenset(
    {"否", "无", "不", "没有", "不是", "未", "×", "✗", "✘", "n", "no", "0", "false", "f"}
    | {"未开", "未询问", "未登记", "未检查", "未放行", "不放行"}
)
_PASSED: Final = frozenset(
    {"成功", "通过", "允许", "开门", "开门成功", "验证通过", "正常", "success", "ok", "pass", "granted"}
)
_REFUSED: Final = frozenset(
    {"失败", "拒绝", "未通过", "不通过", "禁止", "开门失败", "验证失败", "fail", "failed", "denied"}
)
_SEXES: Final = {
    "男": "M",
    "男性": "M",
    "m": "M",
    "male": "M",
    "女": "F",
    "女性": "F",
    "f": "F",
    "female": "F",
}
_NO_SEX: Final = frozenset({"未知", "未说明", "未说明的性别", "不详", "其他", "unknown"})
_DIRECTIONS: Final = {
    Direction.IN: frozenset({"进", "入", "进入", "进门", "进场", "入场", "入口", "in", "enter", "entry"}),
    Direction.OUT: frozenset({"出", "外出", "出去", "出门", "离开", "出场", "出口", "out", "exit", "leave"}),
}
_ROLES: Final = {
    Role.RESIDENT: frozenset(
        {"居民", "业主", "租户", "租客", "住户", "村民", "本村村民", "家属", "返沪", "返程", "resident"}
    ),
    Role.VISITOR: frozenset({"访客", "来访", "亲友", "亲戚", "朋友", "探亲", "visitor"}),
    Role.COURIER: frozenset({"快递", "外卖", "快递外卖", "送货", "送餐", "courier"}),
    Role.STAFF: frozenset(
        {"工作", "物业", "居委", "村委", "保安", "保洁", "志愿者", "员工", "施工", "staff"}
    ),
    Role.EMERGENCY: frozenset({"急救", "救护", "救护车", "消防", "公安", "警察", "抢险", "emergency"}),
}
_TENANCIES: Final = {
    Tenancy.OWNER: frozenset({"业主", "户主", "房主", "产权人", "自住", "自有", "owner"}),
    Tenancy.FAMILY: frozenset({"家属", "业主家属", "业主亲属", "亲属", "家人", "family"}),
    Tenancy.TENANT: frozenset({"租户", "租客", "承租人", "租住", "租赁", "租户家属", "tenant"}),
}
_NOT_MEASURED: Final = {
    NotMeasured.INFANT: frozenset({"婴儿", "婴幼儿", "幼儿", "infant"}),
    NotMeasured.MEDICAL: frozenset({"医疗", "医疗原因", "疾病", "伤病", "身体原因", "就医", "medical"}),
    NotMeasured.DEVICE: frozenset(
        {"设备", "设备故障", "仪器故障", "体温枪故障", "额温枪故障", "额温枪没电", "没电", "device"}
    ),
}


def yes_or_no(cell: Cell, field: str = "answer") -> bool | None:
    """Read yes or no: 是/否, 有/无, √/×, Y/N, 1/0, true/false.

    Args:
        cell: The cell.
        field: What the message calls it.

    Returns:
        The answer, or None where the cell is blank.

    Raises:
        InvalidValueError: If it is neither.
    """
    return _truth(cell, field, _YES, _NO, "yes or no (是/否, 有/无, √/×, Y/N, 1/0)")


def passed(cell: Cell, field: str = "result") -> bool | None:
    """Read whether somebody was let through: yes or no, or what a door controller says (成功, 失败 ...).

    Args:
        cell: The cell.
        field: What the message calls it.

    Returns:
        The result, or None where the cell is blank.

    Raises:
        InvalidValueError: If it is neither.
    """
    return _truth(cell, field, _YES | _PASSED, _NO | _REFUSED, "a result (放行/不放行, 成功/失败, 是/否)")


def sex(cell: Cell, field: str = "sex") -> str | None:
    """Read the sex: 男/女, M/F; 未知 and the like are None.

    Args:
        cell: The cell.
        field: What the message calls it.

    Returns:
        ``"M"``, ``"F"`` or None.

    Raises:
        InvalidValueError: If it is something else; 1 and 2 are refused, for codes differ.
    """
    value = text(cell, field)
    if value is None or folded(value) in _NO_SEX:
        return None
    found = _SEXES.get(folded(value))
    if found is None:
        raise refuse(field, "男, 女, M or F", cell, _DO)
    return found


def direction(cell: Cell, field: str = "direction") -> Direction | None:
    """Read the direction: 进/入/in or 出/out.

    Args:
        cell: The cell.
        field: What the message calls it.

    Returns:
        The direction, or None where the cell is blank.

    Raises:
        InvalidValueError: If it is neither.
    """
    return _one_of(cell, field, _DIRECTIONS, "进 or 出 (in, out)")


def role(cell: Cell, field: str = "role") -> Role | None:
    """Read what somebody is at the gate: 居民, 访客, 快递, 外卖, 物业, 急救 ..., also with 员, 人员.

    Args:
        cell: The cell.
        field: What the message calls it.

    Returns:
        The role, or None where the cell is blank.

    Raises:
        InvalidValueError: If it is none of the known words.
    """
    return _one_of(cell, field, _ROLES, "居民, 访客, 快递, 工作人员 or 急救 (or another usual word for them)")


def tenancy(cell: Cell, field: str = "kind") -> Tenancy | None:
    """Read as what somebody lives in their home: 业主, 家属, 租户.

    Args:
        cell: The cell.
        field: What the message calls it.

    Returns:
        The kind, or None where the cell is blank.

    Raises:
        InvalidValueError: If it is none of the known words.
    """
    return _one_of(cell, field, _TENANCIES, "业主, 家属 or 租户 (or another usual word for them)")


def not_measured(cell: Cell, field: str = "reason") -> NotMeasured | None:
    """Read why no temperature could be taken: 婴儿, 医疗, 设备故障.

    Args:
        cell: The cell.
        field: What the message calls it.

    Returns:
        The reason, or None where the cell is blank.

    Raises:
        InvalidValueError: If it is none of the known words.
    """
    return _one_of(cell, field, _NOT_MEASURED, "婴儿, 医疗 or 设备故障 (infant, medical, device)")


def _truth(cell: Cell, field: str, yes: Collection[str], no: Collection[str], expected: str) -> bool | None:
    if isinstance(cell, bool):
        return cell
    value = text(cell, field)
    if value is None:
        return None
    word = folded(value)
    if word in yes:
        return True
    if word in no:
        return False
    raise refuse(field, expected, cell, _DO)


def _one_of(cell: Cell, field: str, words: Mapping[E, Collection[str]], expected: str) -> E | None:
    value = text(cell, field)
    if value is None:
        return None
    word = folded(value)
    for each in (word, word.removesuffix("员"), word.removesuffix("人员")):
        for member, known in words.items():
            if each in known:
                return member
    raise refuse(field, expected, cell, _DO)
