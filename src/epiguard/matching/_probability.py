"""What is known before a form is read."""

from __future__ import annotations

import math

import attrs

from epiguard.errors import InvalidValueError, kind_of
from epiguard.matching._levels import milli_log2

__all__ = ["Prior"]


@attrs.frozen
class Prior:
    """What is known before a form is read.

    Attributes:
        expected_in_register: The share of forms that belong to somebody in the register.
        residents: How many there are.
        each: The prior of any one resident, log2(share / residents), in milli-bits.
        stranger: The prior of somebody else, log2(1 - share), in milli-bits.
    """

    expected_in_register: float
    residents: int
    each: int = attrs.field(init=False)
    stranger: int = attrs.field(init=False)

    def __attrs_post_init__(self) -> None:
        share = self.expected_in_register
        number = isinstance(share, int | float) and not isinstance(share, bool)
        if not number or not 0 < share < 1:
            raise InvalidValueError(
                "expected_in_register",
                expected="a share between 0 and 1, neither of them",
                got=kind_of(share) if not number else "a number outside that range",
                do="0.9 means that one form in ten is a stranger's",
            )
        object.__setattr__(self, "each", round(1000 * math.log2(share)) - milli_log2(max(1, self.residents)))
        object.__setattr__(self, "stranger", round(1000 * math.log2(1 - share)))
