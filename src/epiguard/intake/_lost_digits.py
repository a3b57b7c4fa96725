"""Resident IDs that a spreadsheet took for numbers, and what is left of them.

A spreadsheet keeps fifteen digits of a number. In a workbook such an ID is still a number. A CSV file says
``310112198503120000`` or ``3.10112E+17``: text like any other, but for what it looks like. One zeroed tail in
eleven passes the check digit.

About one true ID in 1,100 ends like that too (sequence 100, 200 ... with the check digit 0), and GB 11643
keeps no sequence back, so that of no number it can be said that nobody has it. So it counts where an ID came
from: text that the file itself marks as text (see ``SureText``) never was a number.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from epiguard.errors import InvalidValueError
from epiguard.identifiers import PartialId, spreadsheet_number_id
from epiguard.intake.grid import Cell, SureText

__all__ = ["is_rounded", "what_is_left"]

_SEPARATORS: Final = re.compile(r"[\s\-]+")
_KEPT: Final = 15
_ZEROED: Final = re.compile(r"([1-9][0-9]{14})000")
_SCIENTIFIC: Final = re.compile(r"([1-9])(?:\.([0-9]{1,16}))?E\+?(1[47])")


def is_rounded(cell: Cell) -> bool:
    """Whether a resident ID is a number, or the text of one that was a number before.

    Args:
        cell: The cell, of a column of resident IDs.
    """
    if isinstance(cell, str):
        return _scientific(cell) is not None or _zeroed(cell) is not None
    return isinstance(cell, int | float) and not isinstance(cell, bool)


def what_is_left(cell: Cell) -> PartialId | None:
    """The digits that are known of a resident ID that was a number, ``?`` for each of the others.

    Args:
        cell: The cell.

    Returns:
        The partial ID, or None where the cell was no number, or one of which nothing can be saved.
    """
    if isinstance(cell, str):
        pattern = _pattern(cell)
        return PartialId(pattern) if pattern.strip("?") else None
    try:
        return spreadsheet_number_id(cell)  # type: ignore[arg-type]  # it refuses what is no number
    except InvalidValueError:
        return None


def _pattern(text: str) -> str:
    zeroed, scientific = _zeroed(text), _scientific(text)
    if zeroed is not None:
        return f"{zeroed[1]}???"
    if scientific is None:
        return ""
    digits, length = scientific[1] + (scientific[2] or ""), int(scientific[3]) + 1
    # The last digit that is shown was rounded.
    return digits[:-1][:_KEPT].ljust(length, "?")


def _zeroed(text: str) -> re.Match[str] | None:
    return None if isinstance(text, SureText) else _ZEROED.fullmatch(_folded(text))


def _scientific(text: str) -> re.Match[str] | None:
    return _SCIENTIFIC.fullmatch(_folded(text))


def _folded(text: str) -> str:
    return _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
