"""How people write what is right: many spellings of one address, one number, one name, one date."""

from __future__ import annotations

from collections.abc import Callable

from examples.meilong.jindu_road.generator.chance import Chance
from examples.meilong.jindu_road.generator.people import Room

__all__ = ["chinese", "written_address", "written_name", "written_number", "written_origin"]

_DIGITS = "零一二三四五六七八九"
_WIDE = str.maketrans("0123456789-", "０１２３４５６７８９－")


def chinese(number: int) -> str:
    """Write a number below a hundred in Chinese: 12 is 十二."""
    tens, ones = divmod(number, 10)
    head = "" if not tens else "十" if tens == 1 else f"{_DIGITS[tens]}十"
    return head + (_DIGITS[ones] if ones or not tens else "")


def _by_digit(number: str, zero: str) -> str:
    return "".join(zero if digit == "0" else _DIGITS[int(digit)] for digit in number)


_ADDRESSES: tuple[tuple[int, Callable[[Room], str]], ...] = (
    (30, lambda room: room.text),
    (9, lambda room: f"{room.compound}{room.building}号楼{room.unit}单元{room.number}"),
    (8, lambda room: f"{room.compound}{room.building}栋{room.unit}单元{room.number}"),
    (6, lambda room: f"{room.compound}{room.building}幢{room.unit}单元{room.number}室"),
    (12, lambda room: f"{room.compound}{room.building}-{room.unit}-{room.number}"),
    (4, lambda room: f"{room.compound} {room.building}-{room.unit}-{room.number}室"),
    (4, lambda room: f"{room.compound}{room.building}#{room.unit}单元{room.number}"),
    (4, lambda room: f"{room.compound}{room.building}号{room.unit}单元{room.number}室"),
    (4, lambda room: f"{room.compound} {room.building}号楼 {room.unit}单元 {room.number}室"),
    (4, lambda room: f"{chinese_address(room, '零')}室"),
    (3, lambda room: chinese_address(room, "〇")),
    (5, lambda room: room.text.translate(_WIDE)),
    (2, lambda room: f"{room.compound}{room.building}-{room.unit}-{room.number}".translate(_WIDE)),
    (4, lambda room: f"{room.compound}{room.building}号楼{room.unit}门{room.number}室"),
    (3, lambda room: f"金都路{room.text}"),
    (2, lambda room: f"上海市闵行区梅陇镇{room.text}"),
)


def chinese_address(room: Room, zero: str) -> str:
    """Write an address with Chinese numerals."""
    number = _by_digit(room.number, zero)
    return f"{room.compound}{chinese(room.building)}号楼{chinese(room.unit)}单元{number}"


def written_address(chance: Chance, room: Room) -> str:
    """Write an address in one of its usual spellings, all of them complete."""
    return chance.weighted(_ADDRESSES, [weight for weight, _ in _ADDRESSES])[1](room)


def written_name(chance: Chance, name: str) -> str:
    """Write a name, now and then with a space in it or in small letters."""
    if name.isascii():
        return name.title() if chance.maybe(0.4) else name
    return f"{name[0]} {name[1:]}" if chance.maybe(0.02) else name


def written_number(chance: Chance, number: str, *, phone: bool) -> str:
    """Write a telephone or document number, now and then with gaps, a prefix or wide digits."""
    if chance.maybe(0.9) or not number:
        return number
    if chance.maybe(0.2):
        return number.translate(_WIDE)
    if not phone:
        return (
            number.lower() if number.endswith("X") else f"{number[:6]} {number[6:14]} {number[14:]}".strip()
        )
    gap = chance.pick((" ", "-"))
    parted = gap.join((number[:3], number[3:7], number[7:]))
    return f"+86 {number}" if chance.maybe(0.2) else parted


def written_origin(chance: Chance, full: str, brief: str, short: str) -> str:
    """Write where somebody came from: with the province, in brief, or the city alone."""
    return chance.weighted((full, brief, short), (45, 40, 15))
