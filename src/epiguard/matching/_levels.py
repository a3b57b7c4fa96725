"""What a weight is made of: the levels of agreement and whole-number logarithms."""

from __future__ import annotations

import math
import struct
from decimal import Decimal, localcontext
from enum import Enum
from functools import lru_cache
from typing import Final

import attrs

__all__ = ["POWERS", "Kind", "Level", "milli_log2", "packed_powers", "power_of_two"]

#: Shares are given in parts of ten thousand, so that no weight depends on binary fractions.
_WHOLE: Final = 10_000
_STEPS: Final = 1000
#: Below 2 ** 40, so that four thousand candidates add up to a number that a double holds exactly.
_ODDS_BITS: Final = 40
_POWER_BITS: Final = 63
_DIGITS: Final = 60


class Level(Enum):
    """How a field of the form compares with the register."""

    AGREES = "agrees"
    NEAR = "near"
    DIFFERS = "differs"
    ABSENT = "absent"


def _power(step: int) -> int:
    """The smallest whole number that is not below 2 ** (63 + step / 1000)."""
    with localcontext() as exact:
        exact.prec = _DIGITS  # three times as many as are kept
        return math.ceil(Decimal(1 << _POWER_BITS) * Decimal(2) ** (Decimal(step) / _STEPS))


@lru_cache(maxsize=1)
def POWERS() -> tuple[int, ...]:  # noqa: N802 - a table that is made when it is first needed
    """2 ** (63 + step / 1000) for the steps 0 to 999, rounded up: all logarithms and powers come from it."""
    return tuple(_power(step) for step in range(_STEPS))


@lru_cache(maxsize=1)
def packed_powers() -> bytes:
    """The table as an index has it."""
    return struct.pack(f"<{_STEPS}Q", *POWERS())


@lru_cache(maxsize=65_536)
def milli_log2(number: int) -> int:
    """The binary logarithm in thousandths, rounded down: whole-number arithmetic, the same on every machine.

    Args:
        number: A whole number, 1 or more.

    Returns:
        The largest ``w`` with ``2 ** (w / 1000) <= number``, in milli-bits.
    """
    power: int = number**1000
    return power.bit_length() - 1


def power_of_two(milli: int) -> int:
    """2 ** (40 + milli / 1000) as a whole number, for ``milli`` of 0 or less; 0 where that is below one.

    Args:
        milli: How far behind the best, in milli-bits: 0, or a negative number.
    """
    whole, step = divmod(milli, _STEPS)
    shift = _POWER_BITS - _ODDS_BITS + 1 - whole
    return POWERS()[step] >> shift if shift < 64 else 0


@attrs.frozen(eq=False)
class Kind:
    """One way in which a field can compare, and how usual it is.

    Attributes:
        field: Of which field of a form; ``"custom"`` for those that an application adds.
        name: What it is called in an evidence.
        level: What it counts as.
        usual: How many of 10,000 forms of the right person show it (the m probability). Kinds that
            say how much was written at all (a fragment, a year alone) are counted among the forms that wrote
            so much and no more. The figures are ours: no counts of confirmed night-time forms are published.
        rare: How many times rarer a stranger shows it than the register's own share says: u is
            sharing / (population * rare). Strangers bear names like ours, but hardly ever our telephones.
        chance: In place of the register's share, where that says nothing: one stranger in so many shows it.
        contradicts: Whether, written completely, it says something else than the register.
    """

    field: str
    name: str
    level: Level
    usual: int
    rare: int = 1
    chance: int | None = attrs.field(default=None, kw_only=True)
    contradicts: bool = attrs.field(
        default=attrs.Factory(lambda self: self.level is Level.DIFFERS, takes_self=True), kw_only=True
    )

    def base(self, usual: int | None = None) -> int:
        """The part of the weight that does not depend on the register, in milli-bits.

        Args:
            usual: Another figure than the default, where confirmed pairs were counted.
        """
        return milli_log2(usual or self.usual) - milli_log2(_WHOLE) + milli_log2(self.chance or self.rare)

    def usual_of(self, base: int) -> float:
        """How usual it is by the base of a weight: what :meth:`base` was given, but for its rounding."""
        return float(_WHOLE * 2 ** ((base - milli_log2(self.chance or self.rare)) / _STEPS))
