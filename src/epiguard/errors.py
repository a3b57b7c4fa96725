"""Every error epiguard raises: one root, one class per situation.

A message says where, what was expected, what came and what to do.
What came is described by its kind, never by a person's value, so a message can be logged or shown.
"""

from __future__ import annotations

__all__ = [
    "EpiguardError",
    "ExportError",
    "IndexFileError",
    "IntakeError",
    "InvalidValueError",
    "LedgerError",
    "MatchingError",
    "PlainDataError",
    "PolicyError",
    "RuleLoadError",
    "ShortageError",
    "TakenError",
    "UnknownIdError",
    "kind_of",
    "refusal_of",
]


def kind_of(value: object) -> str:
    """Describe a value by its kind, for messages that must not repeat it.

    Args:
        value: Anything.

    Returns:
        For example ``"text of 17 characters"``, ``"nothing"`` or ``"a whole number"``.
    """
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true or false"
    if isinstance(value, str):
        characters = "1 character" if len(value) == 1 else f"{len(value)} characters"
        return f"text of {characters}" if value.strip() else "blank text"
    if isinstance(value, int):
        return "a whole number"
    if isinstance(value, float):
        return "a number"
    return f"a value of type {type(value).__name__}"


#: What most often stands in the way, in words; the others are as the system says them.
_REFUSALS: tuple[tuple[type[OSError], str], ...] = (
    (FileNotFoundError, "nothing of that name"),
    (FileExistsError, "a file of that name"),
    (IsADirectoryError, "a folder"),
    (NotADirectoryError, "a file where a folder of the path should be"),
    (PermissionError, "a place that the system does not let you use"),
)


def refusal_of(error: OSError) -> str:
    """Describe in words why the system refused a file or a folder, for messages that people read.

    Args:
        error: What the system raised.

    Returns:
        For example ``"a folder"``; never a path.
    """
    for kind, words in _REFUSALS:
        if isinstance(error, kind):
            return words
    return (error.strerror or "a refusal of the system").lower()


class EpiguardError(Exception):
    """The root of all errors of this library.

    Args:
        where: The place: a field, a file with row and column, a key in a site file.
        expected: What should have stood there.
        got: What stood there, by kind (see :func:`kind_of`), never a person's value.
        do: What the reader can do about it; may be empty.
    """

    def __init__(self, where: str, *, expected: str, got: str, do: str = "") -> None:
        self.where = where
        self.expected = expected
        self.got = got
        self.do = do
        super().__init__(where, expected, got, do)

    def __str__(self) -> str:
        text = f"{self.where}: expected {self.expected}, got {self.got}"
        return f"{text}; {self.do}" if self.do else text

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild, (type(self), self.where, self.expected, self.got, self.do)


def _rebuild(cls: type[EpiguardError], where: str, expected: str, got: str, do: str) -> EpiguardError:
    return cls(where, expected=expected, got=got, do=do)


class InvalidValueError(EpiguardError, ValueError):
    """A value object could not be made from what was given."""


class PolicyError(EpiguardError):
    """A site file or a policy is not usable; ``where`` names file and key."""


class RuleLoadError(PolicyError):
    """A rule named by a site file could not be loaded or does not fit the hooks."""


class UnknownIdError(EpiguardError, LookupError):
    """An identifier (person, duty, decision ...) is not in the record."""


class LedgerError(EpiguardError):
    """The ledger could not be opened, read or written."""


class TakenError(LedgerError):
    """What can be had once was had before; nothing was recorded."""


class ShortageError(LedgerError):
    """More was to be taken from a stock than is there; nothing was recorded."""


class PlainDataError(EpiguardError):
    """Plain data could not be turned back into a value: wrong shape or a later version."""


class MatchingError(EpiguardError):
    """A register or a query cannot be used for matching."""


class IndexFileError(MatchingError):
    """A file is no index of residents, is of another version, or is damaged."""


class ExportError(EpiguardError):
    """A report or an export could not be written."""


class IntakeError(EpiguardError):
    """A file was refused whole.

    Args:
        where: The file.
        expected: What the file should have been.
        got: What it was, by kind.
        do: What to do.
        problems: Every bad cell or heading, one line each, without personal values.
    """

    def __init__(
        self, where: str, *, expected: str, got: str, do: str = "", problems: tuple[str, ...] = ()
    ) -> None:
        super().__init__(where, expected=expected, got=got, do=do)
        self.problems = problems

    def __str__(self) -> str:
        return "\n".join([super().__str__(), *(f"  {line}" for line in self.problems)])

    def __reduce__(self) -> tuple[object, ...]:
        return _rebuild_intake, (type(self), self.where, self.expected, self.got, self.do, self.problems)


def _rebuild_intake(  # noqa: PLR0913, PLR0917 - it mirrors the constructor, for pickling
    cls: type[IntakeError], where: str, expected: str, got: str, do: str, problems: tuple[str, ...]
) -> IntakeError:
    return cls(where, expected=expected, got=got, do=do, problems=problems)
