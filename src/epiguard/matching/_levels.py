"""What a weight is made of: the levels of agreement and whole-number logarithms.

Each field's module holds its own rows (``Kind``) with their documented defaults.
A new kind of damage (a look-alike character, a sound) is a new row and a branch there, nothing else.
"""

from __future__ import annotations

from enum import Enum
from functools import lru_cache
from typing import Final, NamedTuple

import attrs

__all__ = ["ABSENT", "BLANK", "Grade", "Kind", "Level", "heaviest", "milli_log2"]

#: Shares are given in parts of ten thousand, so that no weight depends on binary fractions.
_WHOLE: Final = 10_000


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
        The largest ``w`` with ``2 ** (w / 1000) <= number``, in milli-bits.
    """
    power: int = number**1000
    return power.bit_length() - 1


@attrs.frozen(eq=False)
class Kind:
    """One way in which a field can compare, and how usual it is.

    Attributes:
        name: What it is called in an evidence.
        level: What it counts as.
        usual: How many of 10,000 forms of the right person show it (the m probability). Kinds that
            say how much was written at all (a fragment, a year alone) are counted among the forms that wrote
            so much and no more. The figures are ours: no counts of confirmed night-time forms are published.
        contradicts: Whether, written completely, it says something else than the register.
        rare: How many times rarer a stranger shows it than the register's own share says: u is
            sharing / (population * rare). Strangers bear names like ours, but hardly ever our telephones.
    """

    name: str
    level: Level
    usual: int
    rare: int = 1
    contradicts: bool = attrs.field(
        default=attrs.Factory(lambda self: self.level is Level.DIFFERS, takes_self=True), kw_only=True
    )
    base: int = attrs.field(init=False)
    """The part of the weight that does not depend on the register, in milli-bits."""
    plain: Grade = attrs.field(init=False)
    """The grade where the register's shares make no difference, as with everything that differs."""

    @base.default
    def _base(self) -> int:
        return milli_log2(self.usual) - milli_log2(_WHOLE) + milli_log2(self.rare)

    @plain.default
    def _plain(self) -> Grade:
        return Grade(self, self.base)

    def grade(self, *, sharing: int, population: int, floor: int) -> Grade:
        """Weigh it: log2(m / u), after Fellegi and Sunter (1969).

        Args:
            sharing: How many residents would show the same (term frequency).
            population: How many residents the sharing is counted among.
            floor: The weight of the field's plain difference; a near agreement never says less.

        Returns:
            The grade. An agreement never weighs less than 0; a difference does not depend on ``sharing``.
        """
        if self.level in (Level.DIFFERS, Level.ABSENT):
            return self.plain
        weight = self.base + milli_log2(population) - milli_log2(max(1, sharing))
        return Grade(self, max(weight, 0 if self.level is Level.AGREES else floor))


class Grade(NamedTuple):
    """How one field of one resident compares with what was written.

    Attributes:
        kind: In which way.
        weight: In milli-bits.
        birth_known: Whether it was the whole birth date, inside a resident ID, that agreed as well.
    """

    kind: Kind
    weight: int
    birth_known: bool = False


def heaviest(grade: Grade) -> int:
    """The key by which the best of several comparisons is chosen."""
    return grade.weight


ABSENT: Final = Kind("absent", Level.ABSENT, _WHOLE)
#: One of the two is blank: no evidence, for or against. Blank never matches blank.
BLANK: Final = Grade(ABSENT, 0)
