"""Loose readers for forms: the strict type where a number is complete, else what is left of it."""

from __future__ import annotations

import math
import re
import unicodedata
from typing import Final

from epiguard.errors import InvalidValueError, kind_of
from epiguard.identifiers.partial import PartialId, PartialPhone
from epiguard.identifiers.phone import Phone
from epiguard.identifiers.resident_id import ResidentId

__all__ = ["read_phone", "read_resident_id", "spreadsheet_number_id"]

# A run of digits, marks and separators; letters that hands and scanners put for digits become unknown.
_RUN: Final = re.compile(
    r"\+?(?:[0-9?*_□■×✕✗◻]|(?<![A-Za-z])[xX](?![A-WYZa-wyz]))"
    r"(?:[0-9?*_□■×✕✗◻\s().·\-\u2010-\u2015\u2212]|[xX](?![A-WYZa-wyz]))*"
)
_LETTER_FOR_DIGIT: Final = re.compile(r"(?<=[0-9?*OoIl])[OoIl](?=[0-9?*OoIl]|$)")
_MOBILE: Final = re.compile(r"(?<![0-9])1[3-9][0-9]{9}(?![0-9])")
_RESIDENT_ID: Final = re.compile(r"(?<![0-9])[0-9]{17}[0-9Xx](?![0-9A-Za-z])")
_YEAR_20XX: Final = re.compile(r"[0-9]{6}20[0-9]{2}(?:0[1-9]|1[0-2])[0-9]{3}")
_ID_LENGTH: Final = 18
_KEPT_BY_SPREADSHEETS: Final = 15


def read_phone(text: str) -> Phone | PartialPhone:
    """Read a telephone number from a form.

    Args:
        text: What was written, perhaps with words around it. Of several numbers the first complete mobile
            counts.

    Returns:
        A :class:`Phone` where the number is complete and valid, else a :class:`PartialPhone`.

    Raises:
        InvalidValueError: If there is no digit.
    """
    folded = _folded(text, "phone")
    run = _best_run(folded, "phone")
    mobile = _MOBILE.search(folded)
    for attempt in (folded, mobile[0] if mobile else run, run):
        try:
            return Phone(attempt)
        except InvalidValueError:
            continue
    return PartialPhone(run)


def read_resident_id(text: str) -> ResidentId | PartialId:
    """Read a resident ID from a form.

    Fifteen digits may be the old form, or a number of a child born since 2000 with its end missing; where
    both can be, they are kept as partial rather than made a person of a hundred years.

    Args:
        text: What was written, perhaps with words around it.

    Returns:
        A :class:`ResidentId` where the number is complete and valid, else a :class:`PartialId`.

    Raises:
        InvalidValueError: If there is no digit.
    """
    folded = _folded(text, "resident ID")
    inside = _RESIDENT_ID.search(folded)
    run = inside[0] if inside else _best_run(folded, "resident ID")
    if _YEAR_20XX.fullmatch(re.sub(r"[\s\-]", "", run)):
        return PartialId(run)
    try:
        return ResidentId(run)
    except InvalidValueError:
        return PartialId(run)


def spreadsheet_number_id(number: float) -> PartialId:
    """Save what is left of a resident ID that a spreadsheet took for a number.

    A spreadsheet keeps 15 significant digits, so that the rest is unknown, though the file shows digits
    (mostly zeros) there.

    Args:
        number: The cell's number, for example ``310115199003070000.0``.

    Returns:
        The first fifteen digits, then ``?`` for each of the others.

    Raises:
        InvalidValueError: If it is no whole positive number of at most 18 digits.
    """
    fits = isinstance(number, int | float) and not isinstance(number, bool) and math.isfinite(number)
    if not fits or number < 1 or number != int(number) or number >= 10**_ID_LENGTH:
        raise InvalidValueError(
            "resident ID in a spreadsheet",
            expected="a whole number of at most 18 digits",
            got=kind_of(number),
            do="format the column as text and enter the numbers again",
        )
    digits = str(int(number))
    lost = len(digits) - _KEPT_BY_SPREADSHEETS
    if lost <= 0:
        return PartialId(digits)
    if float(number) == number:
        # The nearest double may lie just below what the spreadsheet kept (...078976 for ...079000): round it.
        digits = str(round(int(number), -lost))
    return PartialId(digits[:_KEPT_BY_SPREADSHEETS] + "?" * lost)


def _folded(text: str, field: str) -> str:
    if not isinstance(text, str):
        raise InvalidValueError(field, expected="text", got=kind_of(text))
    return unicodedata.normalize("NFKC", text)


def _best_run(folded: str, field: str) -> str:
    """The stretch with the most digits."""
    runs = [run.strip() for run in _RUN.findall(_LETTER_FOR_DIGIT.sub("?", folded))]
    best = max(runs, key=_digits, default="")
    if not _digits(best):
        raise InvalidValueError(
            field,
            expected="at least one digit",
            got=kind_of(folded),
            do="leave it out where nothing is known",
        )
    return best


def _digits(text: str) -> int:
    return len(re.findall("[0-9]", text))
