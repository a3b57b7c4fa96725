"""Strict readers of single cells: a value, None where the cell is blank, or an error; never a guess.

Messages name the kind of what stood in the cell and never the cell.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from epiguard.errors import InvalidValueError, kind_of
from epiguard.fields import TEMPERATURE_RANGE, pseudonym
from epiguard.intake.grid import Cell, Failed

__all__ = [
    "LONGEST_IDENTIFIER",
    "choices",
    "digits",
    "folded",
    "identifier",
    "refuse",
    "several",
    "temperature",
    "text",
]

# What people and programs write where there is nothing to write.
_NOTHING: Final = frozenset(
    {"-", "--", "---", "—", "——", "/", "\\", "(空)", "(跳过)", "null", "none", "n/a", "nan"}
)
_TEMPERATURE: Final = re.compile(r"([0-9]{2}(?:\.[0-9]{1,2})?)(?:°c|℃|度|c)?")
_SEPARATORS: Final = re.compile(r"[、,;/┋|\n]+")
_FULL_WIDTH: Final = str.maketrans("，；／｜", ",;/|")
_MULTIPLE_CHOICE: Final = "┋"
#: As the domain has it.
LONGEST_IDENTIFIER: Final = 128
_WANTED: Final = f"a pseudonymous number of 1 to {LONGEST_IDENTIFIER} characters without blanks"
#: A spreadsheet keeps fifteen digits; a longer number has lost its end in the file.
_EXACT: Final = 10**15


def folded(value: str) -> str:
    """Fold widths and letter case and drop outer blanks."""
    return unicodedata.normalize("NFKC", value).strip().lower()


def refuse(field: str, expected: str, cell: object, do: str = "") -> InvalidValueError:
    """The error for a cell that cannot be read; it tells the cell's kind only."""
    if isinstance(cell, Failed):
        return InvalidValueError(
            field, expected=expected, got=cell.value, do="put the value in the place of the formula"
        )
    return InvalidValueError(field, expected=expected, got=kind_of(cell), do=do)


def text(cell: Cell, field: str = "cell") -> str | None:
    """Read text; a whole number is written without ``.0``, as the spreadsheet shows it.

    Args:
        cell: The cell.
        field: What the message calls it.

    Returns:
        The text without outer blanks, or None where nothing or only a mark for nothing (``-``, ``/``) stands.

    Raises:
        InvalidValueError: If the cell holds a truth value, a time, a formula's error or a number that
            has lost digits.
    """
    if cell is None:
        return None
    if isinstance(cell, str):
        value = cell.strip()
        return None if not value or folded(value) in _NOTHING else value
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        return repr(cell) if _whole(cell) is None else digits(cell, field)
    raise refuse(field, "text", cell, "format the column as text and enter it again")


def _whole(number: float) -> int | None:
    try:
        return int(number) if number == int(number) else None
    except (OverflowError, ValueError):  # infinity and NaN
        return None


def digits(cell: Cell, field: str = "number") -> str | None:
    """Read a number that is a name (phone, card, person id): text, or a spreadsheet's ``13800138000.0``.

    Args:
        cell: The cell.
        field: What the message calls it.

    Returns:
        The digits, or None where the cell is blank.

    Raises:
        InvalidValueError: If it is a number that is not whole, negative, or too long to be complete.
    """
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        whole = _whole(cell)
        if whole is None or not 0 <= whole < _EXACT:
            raise refuse(
                field,
                "text, or a whole number of at most 15 digits",
                cell,
                "the spreadsheet may have lost digits: format the column as text and enter the numbers again",
            )
        return str(whole)
    return text(cell, field)


def identifier(cell: Cell, field: str = "identifier", *, chinese: bool = True) -> str | None:
    """Read a pseudonymous identifier: no blanks, and neither a resident ID, nor a mobile, nor a name.

    Args:
        cell: The cell.
        field: What the message calls it.
        chinese: Whether Chinese characters may stand in it (``北-17``); not so in the id of a person or a
            household, which would tell who or where it is.

    Returns:
        The identifier, or None where the cell is blank.

    Raises:
        InvalidValueError: If it has blanks or unseen characters, is too long, or looks like a personal number
            or a Chinese name: identifiers are shown and logged.
    """
    value = digits(cell, field)
    if value is None:
        return None
    # Characters that do not show make two numbers of what looks like one.
    if len(value) > LONGEST_IDENTIFIER or value != "".join(value.split()) or not value.isprintable():
        raise refuse(field, _WANTED, cell, "write it without blanks and characters that do not show")
    try:
        pseudonym(field, chinese=chinese)(None, None, value)
    except InvalidValueError:
        raise refuse(
            field,
            _WANTED,
            cell,
            "a name, a resident ID or a phone must not serve as the number of a person or a form"
            if chinese
            else "a name, an address, a resident ID or a phone must not serve as an id, "
            "nor may Chinese characters stand in it",
        ) from None
    return value


def temperature(cell: Cell, field: str = "temperature") -> float | None:
    """Read a temperature in degrees Celsius: 37.3, ``36.5℃``, full-width digits, 36。5.

    Args:
        cell: The cell.
        field: What the message calls it.

    Returns:
        The temperature, or None where the cell is blank.

    Raises:
        InvalidValueError: If it is no number, or none that a thermometer can show of a living person.
    """
    low, high = TEMPERATURE_RANGE
    expected = f"degrees Celsius between {low:g} and {high:g}"
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        number = float(cell)
    else:
        value = text(cell, field)
        if value is None:
            return None
        match = _TEMPERATURE.fullmatch(re.sub(r"\s", "", folded(value)).replace("。", "."))
        if match is None:
            raise refuse(
                field, expected, cell, "where it could not be measured, say why in the column for it"
            )
        number = float(match[1])
    if not low <= number <= high:
        raise InvalidValueError(
            field, expected=expected, got="a number outside that range", do="look for the slip"
        )
    return number


def several(value: str) -> tuple[str, ...]:
    """Split what people put in one cell: phones, plates, cards; by 、 , ; / | ┋ or a new line.

    Args:
        value: The text of the cell.

    Returns:
        The parts that are not blank, as written; spaces are left to whoever reads the parts.
    """
    parts = _SEPARATORS.split(value.translate(_FULL_WIDTH))
    return tuple(part.strip() for part in parts if part.strip())


def choices(value: str) -> tuple[str, ...]:
    """Split the answers of a multiple choice, which a questionnaire's export joins by ``┋``.

    Args:
        value: The text as written.

    Returns:
        The answers.
    """
    return tuple(part.strip() for part in value.split(_MULTIPLE_CHOICE) if part.strip())
