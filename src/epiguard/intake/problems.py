"""What is wrong with a file, collected: every bad cell is listed at once, and nothing is half-imported."""

from __future__ import annotations

import re

from epiguard.errors import EpiguardError, IntakeError

__all__ = ["MOST_PROBLEMS", "Problems", "column_letters"]

#: How many problems of one file are listed; the rest are counted.
MOST_PROBLEMS = 200

#: What an error advises programmers only: who corrects a file knows no classes.
_FOR_PROGRAMS = re.compile(r"; Partial\w+ keeps gaps$")
_DO = "correct the file and read it again; nothing of it was taken over"


def column_letters(index: int) -> str:
    """Name a column as a spreadsheet does.

    Args:
        index: 0 for the first column.

    Returns:
        ``"A"`` for 0, ``"AA"`` for 26.
    """
    letters, number = "", index + 1
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


class Problems:
    """The problems of one file.

    Args:
        file: The file's name, without its folder.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._lines: list[str] = []
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def __repr__(self) -> str:
        return f"<Problems of {self.file!r}: {self._count}>"

    @property
    def lines(self) -> tuple[str, ...]:
        """One line for each problem, at most ``MOST_PROBLEMS``, and how many more there are."""
        more = self._count - len(self._lines)
        return (*self._lines, f"{self.file}: and {more} more problems") if more else tuple(self._lines)

    def add(self, where: str, *, expected: str, got: str, do: str = "", file: str | None = None) -> None:
        """Note one problem.

        Args:
            where: The place inside the file: ``"row 7, column F (手机号码)"``.
            expected: What should have stood there.
            got: What stood there, by kind, never a person's value.
            do: What to do about it; may be empty.
            file: Another file than this one, where several are read as one.
        """
        self._count += 1
        if len(self._lines) < MOST_PROBLEMS:
            text = f"{file or self.file}, {where}: expected {expected}, got {got}"
            self._lines.append(f"{text}; {do}" if do else text)

    def add_error(self, where: str, error: EpiguardError) -> None:
        """Note a refused value; the error's own ``where`` gives way to the place in the file."""
        self.add(where, expected=error.expected, got=error.got, do=_FOR_PROGRAMS.sub("", error.do))

    def raise_if_any(self) -> None:
        """Refuse the file if there are problems.

        Raises:
            IntakeError: With every problem.
        """
        if self._count:
            raise IntakeError(
                self.file,
                expected="a file without mistakes in the cells that are needed",
                got="1 problem" if self._count == 1 else f"{self._count} problems",
                do=_DO,
                problems=self.lines,
            )
