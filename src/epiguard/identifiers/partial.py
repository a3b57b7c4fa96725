"""Numbers of which some digits are missing or masked: kept as they are, and matched by what is known."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from epiguard.identifiers._masked import Masked

__all__ = ["PartialId", "PartialNumber", "PartialPhone"]

_SEPARATORS: Final = re.compile(r"[\s\-\u2010-\u2015\u2212().·]+")
# NFKC has folded ＊ and ？ before; × is what a hand writes for "unknown".
_MARKS: Final = re.compile(r"[*_□■×✕✗◻]")
_CALLING_CODE: Final = re.compile(r"(?:\+86|0086)(?=.)|86(?=1[0-9?]{10}$)")
_LONGEST: Final = 24


class PartialNumber(Masked):
    """A number with gaps: digits, and ``?`` for each character that is marked as unknown.

    ``*``, ``?``, ``_``, ``□``, ``×`` and their full-width forms are marks. A digit that was left out without
    a mark cannot be seen: such a number is just shorter.

    Use :class:`PartialPhone` or :class:`PartialId`.
    """

    __slots__ = ()
    field = "partial number"
    expected = f"digits and marks for unknown ones, at most {_LONGEST}, with at least one digit"
    _shape: re.Pattern[str] = re.compile(r"[0-9?]+")

    @classmethod
    def _parse(cls, text: str) -> str:
        folded = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
        pattern = cls._mark(_MARKS.sub("?", folded))
        if len(pattern) > _LONGEST or not cls._shape.fullmatch(pattern) or not re.search("[0-9]", pattern):
            raise cls._refused(text, "write the digits alone, with ? for each one that cannot be read")
        return pattern

    @classmethod
    def _mark(cls, text: str) -> str:
        """Turn what else this kind of number marks the unknown with into ``?``."""
        return text

    @property
    def pattern(self) -> str:
        """The digits, with ``?`` for each unknown one; the same as ``value``."""
        return self._value

    @property
    def gaps(self) -> int:
        """How many characters are marked as unknown."""
        return self._value.count("?")

    @property
    def known(self) -> int:
        """How many characters are known."""
        return len(self._value) - self.gaps

    def matches(self, digits: str) -> bool:
        """Whether a complete number agrees: the same length, and every known character the same.

        Args:
            digits: The other number without separators: ``Phone.national`` or ``ResidentId.value``.

        Returns:
            False where a digit was left out without a mark: comparing those is the business of matching.
        """
        return len(digits) == len(self._value) and all(
            mine in ("?", theirs) for mine, theirs in zip(self._value, digits, strict=True)
        )

    def _mask(self) -> str:
        return f"…({self.known}+{self.gaps})"


class PartialPhone(PartialNumber):
    """A telephone number with gaps: ``138 12?4 567``, ``1380****000``, ``138xxxx8000``.

    ``x`` is a mark as well, and ``+86`` is left out of the pattern.

    Args:
        text: The number as written.

    Raises:
        InvalidValueError: If no digit is known or something else is written.
    """

    __slots__ = ()
    field = "partial phone"
    _shape = re.compile(r"\+?[0-9?]+")

    @classmethod
    def _mark(cls, text: str) -> str:
        pattern = _CALLING_CODE.sub("", text.replace("X", "?"), count=1)
        return pattern.removeprefix("+")


class PartialId(PartialNumber):
    """A resident ID with gaps: ``310115********002X``, or one with too few digits or a wrong check digit.

    A single ``X`` at the end is the check digit; any other ``x`` is a mark.

    Args:
        text: The number as written.

    Raises:
        InvalidValueError: If no digit is known or something else is written.
    """

    __slots__ = ()
    field = "partial resident ID"
    _shape = re.compile(r"[0-9?]*[0-9?X]")

    @classmethod
    def _mark(cls, text: str) -> str:
        if text.endswith("X") and not text.endswith(("XX", "?X")):
            return text[:-1].replace("X", "?") + "X"
        return text.replace("X", "?")
