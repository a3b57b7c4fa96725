"""Where somebody lives: compound, building, unit and room, in one canonical writing."""

from __future__ import annotations

import re
from typing import Final, Self

from epiguard.errors import InvalidValueError, kind_of
from epiguard.identifiers._address import Door, fold_address, read_compound, read_door
from epiguard.identifiers._masked import Masked

__all__ = ["Residence", "read_residence"]

# 三期, 5队: part of a compound rather than another one, so that a compound that is given goes before it.
_PART_OF_COMPOUND: Final = re.compile(r"(?:[0-9]+|[A-Z]|[东南西北中])(?:期|区|队|组|弄|村|街坊)")
_LONE_ROOM: Final = re.compile(r"[A-Z]?[0-9]{1,5}[A-Z]?[室房]?")
# What people put before and after an address on a form.
_LEAD_WORDS: Final = re.compile(r"^.*(?:住在|居住于|现住址?|家住|住址|地址|家在)(?:是|为)?[:,]?")
_REMARK: Final = re.compile(r"(?:\([^()]*\)|[。.!,;、])+$")
_O_FOR_ZERO: Final = re.compile(r"(?<=[0-9])O(?=[0-9])")
_EXPECTED: Final = "a building with or without unit and room, for example 3号楼2单元502室, 12号501室 or 3-502"


class Residence(Masked):
    """A home at a site: compound (or lane, or production team), building, unit and room.

    All usual spellings come to one: ``3号楼2单元502室``, ``三号楼五零二室``, ``3栋502``, ``3-2-502``,
    ``12号501室`` (in Shanghai 号 is the building), ``金都路1299弄12号501``, ``阳光花园三期3幢502``,
    ``5队12号``. ``.value`` is ``[compound]B号楼[U单元][R室]``, which reads back to an equal residence.
    A part of a flat that is let in parts stays with its room (``12号楼1202-3室``). A floor (``5楼``) says
    nothing that the room does not, and goes. ``12号`` alone is a house; a room alone is refused.

    Args:
        text: The address as written.
        compound: The compound where the text names none. A part (``三期``, ``5队``) that the text names is
            put behind it; any other compound in the text stands and this one is ignored.

    Raises:
        InvalidValueError: If no building can be told from the text, or something is left over.
    """

    __slots__ = ("_door",)
    _door: Door
    field = "residence"
    expected = _EXPECTED

    def __init__(self, text: str, *, compound: str | None = None) -> None:
        if not isinstance(text, str) or not isinstance(compound, str | None):
            raise self._refused(text if not isinstance(text, str) else compound)
        folded = fold_address(text)
        door = read_door(folded)
        if door is None:
            lone = _LONE_ROOM.fullmatch(folded)
            raise self._refused(text, "name the building as well" if lone else "write it as 3号楼2单元502室")
        if compound is not None:
            door = _inside(door, compound)
        self._set(door)

    def _set(self, door: Door) -> None:
        object.__setattr__(self, "_door", door)
        object.__setattr__(self, "_value", _canonical(door))

    @classmethod
    def of_parts(
        cls, building: str, *, room: str | None = None, unit: str | None = None, compound: str | None = None
    ) -> Self:
        """Make a residence out of the columns of a register, each with or without its counter (3 or 3号楼).

        Raises:
            InvalidValueError: If a part is not valid.
        """
        for part in (building, room or "", unit or ""):
            if not isinstance(part, str):
                raise cls._refused(part, "pass each part as text")
        text = building if re.search(r"[楼栋幢座号#]\s*$", building) else f"{building}号楼"
        if unit:
            text += unit if re.search(r"[元门座梯]\s*$", unit) else f"{unit}单元"
        if room:
            text += room if re.search(r"[室房户号]\s*$", room) else f"{room}室"
        return cls(text, compound=compound)

    @property
    def compound(self) -> str | None:
        """The compound, lane or team, with all that stood before the building, where any is named."""
        return self._door.compound

    @property
    def building(self) -> str:
        """The building: a number, a letter or both (``3``, ``A``, ``3A``)."""
        return self._door.building

    @property
    def unit(self) -> str | None:
        """The unit (单元, one staircase of a building)."""
        return self._door.unit

    @property
    def room(self) -> str | None:
        """The room with its part (``1202-3``); ``None`` where a house is one home, or no more is known."""
        return self._door.room

    @property
    def flat(self) -> str | None:
        """The room without its part: all who share the flat ``1202-3`` have ``1202``."""
        return None if self._door.room is None else self._door.room.partition("-")[0]

    @property
    def door(self) -> tuple[str | None, str, str | None, str | None]:
        """Compound, building, unit and room as one plain tuple, to group and to sort by."""
        return tuple(self._door)  # type: ignore[return-value]  # a named tuple of just these four

    def same_door(self, other: Residence) -> bool:
        """Whether both can be the same door.

        Args:
            other: Another residence.

        Returns:
            True where building and room are known in both and agree, and unit, compound and the part of a
            flat agree wherever both have them; ``1299弄`` agrees with ``金都路1299弄``, which only says more.
        """
        mine, theirs = self._door, other._door
        return (
            mine.room is not None
            and mine.building == theirs.building
            and theirs.room is not None
            and _rooms_agree(mine.room, theirs.room)
            and (mine.unit is None or theirs.unit is None or mine.unit == theirs.unit)
            and _compounds_agree(mine.compound, theirs.compound)
        )


def read_residence(text: str | None) -> Residence | None:
    """Read an address from a form, with words and remarks around it.

    Args:
        text: What was written, ``None`` where nothing was. The letter O between digits is read as zero.

    Returns:
        The residence, or ``None`` where no building can be told from the text.
    """
    if not text:
        return None
    folded = _REMARK.sub("", _LEAD_WORDS.sub("", fold_address(text)))
    try:
        return Residence(_O_FOR_ZERO.sub("0", folded))
    except InvalidValueError:
        return None


def _inside(door: Door, given: str) -> Door:
    if not given.strip():
        return door
    compound = read_compound(given)
    if compound and door.compound:
        part = _PART_OF_COMPOUND.fullmatch(door.compound)
        compound = read_compound(compound + door.compound) if part else door.compound
    if compound is None:
        raise InvalidValueError(
            "residence, compound",
            expected="the name of a compound, a lane or a team, at most 60 characters",
            got=kind_of(given),
            do="write the name alone, without a building",
        )
    return door._replace(compound=compound)


def _canonical(door: Door) -> str:
    compound = door.compound or ""
    # 花园3 + 5号楼 must not become 花园35号楼.
    gap = " " if re.search(r"[A-Z0-9甲乙丙丁]$", compound) else ""
    unit = f"{door.unit}单元" if door.unit else ""
    room = f"{door.room}室" if door.room else ""
    return f"{compound}{gap}{door.building}号楼{unit}{room}"


def _rooms_agree(one: str, other: str) -> bool:
    flat, _, part = one.partition("-")
    other_flat, _, other_part = other.partition("-")
    return flat == other_flat and (not part or not other_part or part == other_part)


def _compounds_agree(one: str | None, other: str | None) -> bool:
    if one is None or other is None or one == other:
        return True
    shorter, longer = sorted((one, other), key=len)
    if not longer.endswith(shorter):
        return False
    # 299弄 is not the end of 1299弄.
    return not (shorter[0].isdigit() and longer[-len(shorter) - 1].isdigit())
