"""A list as it is passed on: headings in Chinese and English, and rows of plain cells."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from datetime import datetime

import attrs

from epiguard.errors import ExportError, kind_of

__all__ = ["Cell", "Column", "Sheet", "clean_text"]

Cell = str | int | float | None

# What neither XML nor UTF-8 can hold; a replacement mark is seen, a silent gap is not.
_IMPOSSIBLE = re.compile("[\ud800-\udfff\ufffe\uffff]")


def clean_text(text: str) -> str:
    """The text with characters that no file format can hold replaced by U+FFFD; else unchanged."""
    return _IMPOSSIBLE.sub("\ufffd", text)


@attrs.frozen
class Column:
    """A column: its key for programs, its headings for people, its width in characters."""

    key: str
    zh: str
    en: str
    width: int = 14


def _columns(columns: Iterable[Column]) -> tuple[Column, ...]:
    return tuple(columns)


def _rows(rows: Iterable[Iterable[Cell]]) -> tuple[tuple[Cell, ...], ...]:
    return tuple(tuple(row) for row in rows)


@attrs.frozen(kw_only=True)
class Sheet:
    """One list.

    Attributes:
        key: Its name for programs, such as ``"call-list"``.
        title_zh: Its name in Chinese.
        title_en: Its name in English.
        columns: Headings, in order.
        rows: Cells, each text, a number or nothing; dates and instants are ISO text.
        personal: Whether it holds personal data, so that an export names its purpose.
        made_at: As of when.
    """

    key: str
    title_zh: str
    title_en: str
    columns: tuple[Column, ...] = attrs.field(converter=_columns)
    rows: tuple[tuple[Cell, ...], ...] = attrs.field(converter=_rows, repr=False)
    personal: bool = True
    made_at: datetime | None = None

    def __attrs_post_init__(self) -> None:
        for number, row in enumerate(self.rows, start=1):
            if len(row) != len(self.columns):
                raise ExportError(
                    f"{self.key}, row {number}",
                    expected=f"{len(self.columns)} cells, one per column",
                    got=f"{len(row)}",
                )
            for column, cell in zip(self.columns, row, strict=True):
                _check_cell(cell, f"{self.key}, row {number}, {column.key}")

    def records(self) -> tuple[dict[str, Cell], ...]:
        """The rows as mappings from column key to cell."""
        keys = [column.key for column in self.columns]
        return tuple(dict(zip(keys, row, strict=True)) for row in self.rows)


def _check_cell(cell: object, where: str) -> None:
    plain = cell is None or (isinstance(cell, str | int | float) and not isinstance(cell, bool))
    if not plain or (isinstance(cell, float) and not math.isfinite(cell)):
        raise ExportError(
            where,
            expected="text, a finite number or nothing",
            got=kind_of(cell) if not plain else "a number that is not finite",
            do="turn it into text first",
        )
