"""The citizen identity number of GB 11643: region, birth date, sequence and a check digit."""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from typing import TYPE_CHECKING, Final

from epiguard.errors import InvalidValueError, kind_of
from epiguard.identifiers._masked import Masked
from epiguard.identifiers.region import RegionCode

if TYPE_CHECKING:
    from typing import Literal

__all__ = ["ResidentId"]

# GB 11643-1999: the weight of each of the 17 digits is 2**(17 - position) mod 11, and the remainder of the
# weighted sum selects the check digit from this row (ISO 7064, MOD 11-2).
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECK_DIGITS: Final = "10X98765432"
_SEPARATORS: Final = re.compile(r"[\s\-\u2010-\u2015\u2212]+")
# The sign for multiplication, where an input method gives it for the letter.
_TIMES_FOR_X: Final = re.compile(r"(?<=[0-9]{17})[×✕]$")
_NEW_FORM: Final = re.compile(r"[0-9]{17}[0-9X]")
_OLD_FORM: Final = re.compile(r"[0-9]{15}")
_FIRST17: Final = re.compile(r"[0-9]{17}")
_YEARS: Final = range(1850, 2101)


class ResidentId(Masked):
    """An 18-digit resident identity number (GB 11643), checked by its check digit and birth date.

    Full-width digits, spaces, hyphens and a small ``x`` or ``×`` for the check digit X are understood.
    A 15-digit number of the old form (issued until 1999) is upgraded: it means a birth year of 19xx, and the
    check digit is computed.
    The region is a hint and never a reason to refuse: codes come and go, a number keeps the code of the day
    it was issued, and residence permits of Hong Kong, Macao and Taiwan residents (81, 82, 83) and of
    foreigners (9) have codes that no table of regions lists.

    Args:
        text: The number as written.

    Raises:
        InvalidValueError: If the length, the birth date or the check digit is wrong.
    """

    __slots__ = ()
    field = "resident ID"
    expected = "an 18-digit resident ID with a matching check digit (or 15 digits of the old form)"

    @classmethod
    def _parse(cls, text: str) -> str:
        number = text
        if not _NEW_FORM.fullmatch(number):
            number = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
            number = _TIMES_FOR_X.sub("X", number)
            if _OLD_FORM.fullmatch(number):
                first17 = f"{number[:6]}19{number[6:]}"
                number = first17 + cls.check_digit_of(first17)
            elif not _NEW_FORM.fullmatch(number):
                raise cls._refused(text, "compare it with the card, or leave it out; PartialId keeps gaps")
        if _birth_date(number) is None:
            raise cls._refused(text, "digits 7 to 14 must be a birth date; compare them with the card")
        if _check_digit(number) != number[17]:
            raise cls._refused(text, "a digit is wrong or two changed places; compare it with the card")
        return number

    @staticmethod
    def check_digit_of(first17: str) -> str:
        """Compute the check digit of GB 11643 (ISO 7064, MOD 11-2).

        Args:
            first17: The first seventeen digits.

        Returns:
            One of ``0`` to ``9`` and ``X``.

        Raises:
            InvalidValueError: If these are not seventeen digits.
        """
        if not isinstance(first17, str) or not _FIRST17.fullmatch(first17):
            raise InvalidValueError(
                "resident ID",
                expected="the first 17 digits",
                got=kind_of(first17),
                do="leave out the check digit",
            )
        return _check_digit(first17)

    @property
    def region(self) -> RegionCode:
        """The region that issued the number: where its holder was registered then, a hint and no more."""
        return RegionCode(self._value[:6])

    @property
    def birth_date(self) -> date:
        """The day of birth."""
        return date(int(self._value[6:10]), int(self._value[10:12]), int(self._value[12:14]))

    @property
    def sex(self) -> Literal["M", "F"]:
        """``"M"`` where the 17th digit is odd, else ``"F"`` (GB 11643)."""
        return "M" if int(self._value[16]) % 2 else "F"

    @property
    def check_digit(self) -> str:
        """The last character: a digit or ``X``."""
        return self._value[17]

    def _mask(self) -> str:
        return self._value[:2] + "*" * 16


def _check_digit(digits: str) -> str:
    # zip stops at the seventeenth digit, so the whole number may be passed as well.
    return _CHECK_DIGITS[sum(map(int.__mul__, map(int, digits[:17]), _WEIGHTS)) % 11]


def _birth_date(number: str) -> date | None:
    year = int(number[6:10])
    if year not in _YEARS:
        return None
    try:
        return date(year, int(number[10:12]), int(number[12:14]))
    except ValueError:
        return None
