"""Text files with separators (CSV): which encoding and which separator, read strictly."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from itertools import islice

from epiguard.errors import IntakeError
from epiguard.intake import _encoding
from epiguard.intake.grid import (
    HEADER_WITHIN,
    LONGEST_CELL,
    MOST_CELLS,
    MOST_COLUMNS,
    MOST_ROWS,
    Cell,
    Failed,
    Known,
    RawRows,
    SureText,
    header_at,
)

__all__ = ["read"]

_SEPARATORS = {",": "comma", "\t": "tab", ";": "semicolon"}
# Exports protect long numbers from spreadsheets by writing them as a formula: ="0071".
_PROTECTED = re.compile(r'="([^"]*)"')
_FORMULA_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!"})
_PLAIN = frozenset("\t\n\r")


def read(
    file: str, data: bytes, encoding: str | None, delimiter: str | None, known: Known | None
) -> tuple[RawRows, list[str]]:
    """Read all rows of a text file.

    Args:
        file: Its name, for messages.
        data: All of it.
        encoding: As declared, or None to recognise it.
        delimiter: As declared, or None to recognise it.
        known: Whether a heading is one that is looked for.

    Returns:
        The rows, blank ones included, and notes.

    Raises:
        IntakeError: If the file cannot be read with certainty.
    """
    if delimiter is not None and delimiter not in _SEPARATORS:
        raise IntakeError(
            file,
            expected="comma, tab or semicolon as the delimiter",
            got="another",
            do="correct the delimiter",
        )
    choices = _encoding.readings(file, data, encoding)
    if len(choices) > 1:
        choices = _told_by_headings(choices, delimiter, known)
    if len(choices) > 1:
        raise IntakeError(
            file,
            expected="text whose encoding can be told",
            got="too few characters to tell UTF-8 from GB18030",
            do='declare it: encoding="utf-8" or encoding="gb18030"',
        )
    text, notes = choices[0]
    _check_characters(file, text)
    separator = delimiter or _separator(text, known)
    notes = [*notes, f"separator: {_SEPARATORS[separator]}"]
    return _rows(file, text, separator), notes


def _told_by_headings(
    choices: list[tuple[str, list[str]]], delimiter: str | None, known: Known | None
) -> list[tuple[str, list[str]]]:
    """Keep the reading in which headings are words that are looked for, if there is one."""
    if known is None:
        return choices
    told = [
        (text, [*notes, "told by the headings"])
        for text, notes in choices
        if any(header_at(_head(text, each), known) is not None for each in _tried(delimiter))
    ]
    return told if len(told) == 1 else choices


def _tried(delimiter: str | None) -> tuple[str, ...]:
    return tuple(_SEPARATORS) if delimiter is None else (delimiter,)


def _separator(text: str, known: Known | None) -> str:
    """The separator that gives the most headings: known ones where they are known."""

    def headings(separator: str) -> int:
        head = _head(text, separator)
        at = header_at(head, known)
        if at is None:
            return 0
        cells = [cell for cell in head[at][1] if isinstance(cell, str) and cell.strip()]
        return sum(known(" ".join(cell.split())) for cell in cells) if known else len(cells)

    return max(_SEPARATORS, key=headings)  # the first of equals: a comma


def _head(text: str, separator: str) -> RawRows:
    # As much of the text as ten rows may need: a hostile file is not parsed whole to look at its head.
    start = io.StringIO(text[: LONGEST_CELL * HEADER_WITHIN], newline="")
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    try:
        for number, cells in enumerate(
            islice(csv.reader(start, delimiter=separator), HEADER_WITHIN), start=1
        ):
            rows.append((number, tuple(cells[:MOST_COLUMNS])))
    except csv.Error:
        pass  # the full reading says what is wrong
    return rows


def _check_characters(file: str, text: str) -> None:
    for character in sorted(set(text)):
        if unicodedata.category(character) == "Cc" and character not in _PLAIN:
            line = text.count("\n", 0, text.index(character)) + 1
            raise IntakeError(
                file,
                expected="a text file",
                got=f"a control character (U+{ord(character):04X}) in line {line}",
                do="export it again; if it shows strange characters, declare its encoding",
            )


def _rows(file: str, text: str, separator: str) -> RawRows:
    # Before parsing: a row of ten million separators would fill the memory.
    if text.count(separator) + text.count("\n") + text.count("\r") > MOST_CELLS:
        raise IntakeError(file, expected=f"at most {MOST_CELLS} cells", got="more", do="export fewer rows")
    rows: list[tuple[int, tuple[Cell, ...]]] = []
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        for number, cells in enumerate(reader, start=1):
            if number > MOST_ROWS:
                raise IntakeError(
                    file, expected=f"at most {MOST_ROWS} rows", got="more", do="export fewer rows"
                )
            if len(cells) > MOST_COLUMNS:
                raise IntakeError(
                    file,
                    expected=f"at most {MOST_COLUMNS} columns",
                    got=f"{len(cells)} in row {number}",
                    do="delete separators that are too many; a line break may be missing",
                )
            rows.append((number, tuple(map(_cell, cells))))
            if any(len(cell) > LONGEST_CELL for cell in cells):
                raise _too_long(file, number)
    except csv.Error as error:
        if "field larger" in str(error):
            raise _too_long(file, len(rows) + 1) from None
        raise IntakeError(
            file,
            expected="quotes around whole cells only, and each closed",
            got=f"a stray or missing quote in row {len(rows) + 1}",
            do="export the file again; it may be cut off",
        ) from None
    return rows


def _too_long(file: str, number: int) -> IntakeError:
    return IntakeError(
        file,
        expected=f"at most {LONGEST_CELL} characters in a cell",
        got=f"a longer one in row {number}",
        do="a quote may be missing",
    )


def _cell(text: str) -> Cell:
    if not text:
        return None
    if text in _FORMULA_ERRORS:
        return Failed.FORMULA
    protected = _PROTECTED.fullmatch(text)
    if protected:
        return SureText(protected[1]) if protected[1] else None
    # A tab before a number keeps spreadsheets from reading it as one.
    return SureText(text) if text.startswith("\t") else text
