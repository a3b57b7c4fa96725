"""Reading a table row by row: each bad cell becomes a problem with its place, and the reading goes on."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import attrs

from epiguard.errors import InvalidValueError
from epiguard.intake.columns import Columns
from epiguard.intake.grid import Cell, Row, is_blank
from epiguard.intake.problems import Problems

__all__ = ["Findings", "Record"]

T = TypeVar("T")
MOST_WARNINGS = 200


class Findings:
    """What is collected while one table is read: problems refuse the file, warnings do not."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.problems = Problems(file)
        self._warnings: list[str] = []
        self._more = 0
        self._tallies: dict[str, tuple[str, int]] = {}

    @property
    def warnings(self) -> tuple[str, ...]:
        """The warnings, at most ``MOST_WARNINGS`` and how many more there are, and what is tallied."""
        more = (f"{self.file}: and {self._more} more warnings",) if self._more else ()
        tallies = [
            f"{self.file}, {first}{f' and {count - 1} more' if count > 1 else ''}: {what}"
            for what, (first, count) in self._tallies.items()
        ]
        return (*self._warnings, *more, *tallies)

    def warn(self, where: str, what: str) -> None:
        """Note something that was taken over and should be looked at; never with a personal value."""
        if len(self._warnings) < MOST_WARNINGS:
            self._warnings.append(f"{self.file}, {where}: {what}")
        else:
            self._more += 1

    def tally(self, where: str, what: str) -> None:
        """Note something that may stand in every row: it is said once, with the first place and a count."""
        first, count = self._tallies.get(what, (where, 0))
        self._tallies[what] = (first, count + 1)


@attrs.frozen
class Record:
    """One row, read by the names of fields."""

    row: Row
    columns: Columns
    findings: Findings

    @property
    def place(self) -> str:
        """The row for a message."""
        return f"row {self.row.number}"

    def where(self, field: str) -> str:
        """The cell for a message."""
        return (
            f"{self.place}, {self.columns.label(field)}"
            if field in self.columns
            else f"{self.place}, {field}"
        )

    def cell(self, field: str) -> Cell:
        """The cell of a field; None where it is blank or the file has no such column."""
        cell = self.row.cells[self.columns.index[field]] if field in self.columns else None
        return None if is_blank(cell) else cell

    def read(self, field: str, reader: Callable[[Cell], T | None]) -> T | None:
        """Read a cell; what the reader refuses becomes a problem.

        Args:
            field: The field.
            reader: Takes the cell, raises ``InvalidValueError``.

        Returns:
            What the reader gives; None where the cell is blank or was refused.
        """
        cell = self.cell(field)
        if cell is None:
            return None
        try:
            return reader(cell)
        except InvalidValueError as error:
            self.findings.problems.add_error(self.where(field), error)
            return None

    def require(self, field: str, reader: Callable[[Cell], T | None], expected: str) -> T | None:
        """Read a cell that must not be blank; a blank one becomes a problem too."""
        before = len(self.findings.problems)
        value = self.read(field, reader)
        if value is None and len(self.findings.problems) == before:
            self.problem(field, expected=expected, got="nothing", do="fill in the cell, or delete the row")
        return value

    def problem(self, field: str, *, expected: str, got: str, do: str = "") -> None:
        """Note a problem of a cell."""
        self.findings.problems.add(self.where(field), expected=expected, got=got, do=do)

    def repeats(self, field: str, earlier: Record) -> None:
        """Note that a number stands twice in a file where each may stand once."""
        self.problem(
            field,
            expected="a number that no other row has",
            got=f"that of {earlier.place}",
            do="delete the row if it is a repetition, else give it a number of its own",
        )

    def warn(self, field: str, what: str) -> None:
        """Note a warning about a cell."""
        self.findings.warn(self.where(field), what)

    def tally(self, field: str, what: str) -> None:
        """Note a warning that many cells may have in common."""
        self.findings.tally(self.where(field), what)
