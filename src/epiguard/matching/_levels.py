"""The table of levels: every way in which a form's field can compare with the register's, and how usual it is.

This is the one place where the weights' constants stand; both twins read it.
A new kind of damage (a look-alike character, a sound) is a new row here and a branch in its field's module.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import Final

import attrs

__all__ = ["Kind", "Level", "milli_log2", "weight_of"]


class Level(Enum):
    """How a field of the form compares with the register."""

    AGREES = "agrees"
    NEAR = "near"
    DIFFERS = "differs"
    ABSENT = "absent"


@lru_cache(maxsize=65_536)
def milli_log2(number: int) -> int:
    """The binary logarithm in thousandths, rounded down: whole-number arithmetic, the same on every machine.

    Args:
        number: A whole number, 1 or more.

    Returns:
        The largest whole ``w`` with ``2 ** (w / 1000) <= number``, in milli-bits.
    """
    return int(number**1000).bit_length() - 1


@attrs.frozen(eq=False)
class Kind:
    """One row of the table.

    Attributes:
        name: What it is called in an evidence.
        level: What it counts as.
        usual: How many of 10,000 forms, filled in by the right person, show it where the field is filled in
            (the m probability). Kinds that depend on how much was written at all (a fragment, a year alone)
            count among the forms that wrote just so much.
        rare: How many times rarer a stranger shows it than the register's own share says (u is sharing / (N rare)).
            Strangers have names like ours, but hardly ever the telephone of one of us.
    """

    name: str
    level: Level
    usual: int
    rare: int = 1

    @property
    def base(self) -> int:
        """The part of the weight that does not depend on the register, in milli-bits."""
        return _TEN_THOUSAND[self.usual] + milli_log2(self.rare)


class _PerTenThousand(dict[int, int]):
    def __missing__(self, usual: int) -> int:
        value = self[usual] = milli_log2(usual) - milli_log2(10_000)
        return value


_TEN_THOUSAND: Final = _PerTenThousand()


@lru_cache(maxsize=65_536)
def weight_of(kind: Kind, sharing: int, population: int, floor: int) -> int:
    """The Fellegi-Sunter weight log2(m / u) of one field.

    Args:
        kind: The row of the table.
        sharing: How many residents would show the same (term frequency): u is ``sharing / population``.
        population: How many residents the counts are taken among.
        floor: The weight of the field's plain difference; a near agreement never says less.

    Returns:
        The weight in milli-bits. An agreement is never below 0; a difference does not depend on ``sharing``.
    """
    if kind.level is Level.ABSENT:
        return 0
    if kind.level is Level.DIFFERS:
        return kind.base
    weight = kind.base + milli_log2(population) - milli_log2(max(1, sharing))
    return max(weight, 0 if kind.level is Level.AGREES else floor)
