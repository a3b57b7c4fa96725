"""Invented numbers of the right shape: identity cards, telephones, plates, access cards, passports."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from examples.meilong.jindu_road.generator.chance import Chance

__all__ = ["Numbers", "identity_number"]

# Prefixes that mobiles commonly have, so that forms look as they did.
_PREFIXES = (130, 131, 132, 133, 135, 136, 137, 138, 139, 150, 151, 152, 155, 156, 158, 159)
_MORE_PREFIXES = (176, 177, 180, 181, 182, 183, 185, 186, 187, 188, 189)
_OTHER_PROVINCES = "皖苏浙豫鲁赣闽川湘"
_PLATE_LETTERS = "ABCDEFGHJKLMNPQRSTUVWXYZ"


def identity_number(region: str, born: date, sequence: int) -> str:
    """Put an identity number together, with its check digit (GB 11643, MOD 11-2)."""
    digits = f"{region}{born:%Y%m%d}{sequence:03d}"
    total = sum(int(digit) * pow(2, 17 - place, 11) for place, digit in enumerate(digits))
    return digits + "10X98765432"[total % 11]


class Numbers:
    """Deals invented numbers and never the same one twice."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._dealt: set[str] = set()

    def _fresh(self, draw: Callable[[], str]) -> str:
        while (number := draw()) in self._dealt:
            pass
        self._dealt.add(number)
        return number

    def identity(self, region: str, born: date, sex: str) -> str:
        """Deal an identity number; the sequence is odd for men."""
        odd = sex == "男"
        return self._fresh(lambda: identity_number(region, born, self._chance.between(0, 499) * 2 + odd))

    def phone(self) -> str:
        """Deal a mobile number."""
        prefixes = _PREFIXES + _MORE_PREFIXES
        return self._fresh(lambda: f"{self._chance.pick(prefixes)}{self._chance.digits(8)}")

    def card(self) -> str:
        """Deal an access card: ten digits, the first ones zero."""
        return self._fresh(lambda: f"00{self._chance.between(10_000_000, 99_999_999)}")

    def plate(self) -> str:
        """Deal a number plate, most of them of Shanghai and some for new energy."""
        return self._fresh(self._plate)

    def passport(self) -> str:
        """Deal a passport number: a letter and eight digits."""
        return self._fresh(lambda: self._chance.pick("ABCEGKLNPT") + self._chance.digits(8))

    def _plate(self) -> str:
        chance = self._chance
        if chance.maybe(0.12):
            return f"沪A{chance.pick('DF')}{chance.digits(5)}"
        head = "沪" + chance.pick("ABCDEFGKL") if chance.maybe(0.75) else chance.pick(_OTHER_PROVINCES) + "A"
        letter = chance.pick(_PLATE_LETTERS) if chance.maybe(0.6) else chance.digits(1)
        return f"{head}{letter}{chance.digits(4)}"
