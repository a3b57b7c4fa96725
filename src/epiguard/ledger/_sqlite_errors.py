"""What SQLite raises, as errors of this library."""

from __future__ import annotations

import functools
import sqlite3
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

from epiguard.errors import LedgerError

__all__ = ["translated"]


class _Placed(Protocol):
    where: str


S = TypeVar("S", bound=_Placed)
P = ParamSpec("P")
R = TypeVar("R")


def translated(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """Let a method raise our error where SQLite raises its own; SQLite's texts hold no stored values.

    Args:
        method: Of an object whose ``where`` names it in messages.
    """

    @functools.wraps(method)
    def call(self: S, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(self, *args, **kwargs)
        except sqlite3.Error as error:
            raise _ledger_error(self.where, error) from error
        except UnicodeEncodeError:  # its text would repeat the value
            raise LedgerError(
                self.where, expected="text that can be written as UTF-8", got="half of a character"
            ) from None

    return cast("Callable[Concatenate[S, P], R]", call)


#: What SQLite calls what happened, by a part of the name; in words, and what to do about it.
_WORDS: tuple[tuple[str, str, str], ...] = (
    ("BUSY", "one that another process has been writing for too long", "try again"),
    ("LOCKED", "one that another process has been writing for too long", "try again"),
    ("NOTADB", "a file that is no ledger", "name another one, or restore it from a backup"),
    ("CORRUPT", "a damaged one", "restore it from a backup"),
    ("FULL", "a disk without room", "nothing was recorded; make room, then try again"),
    ("READONLY", "one that may only be read", "nothing was recorded; look at the file's permissions"),
    ("CANTOPEN", "one that cannot be opened", "look at the path and its permissions"),
    (
        "IOERR",
        "a disk that failed to read or write",
        "nothing was recorded; look at the disk, then try again",
    ),
)


def _ledger_error(where: str, error: sqlite3.Error) -> LedgerError:
    name = getattr(error, "sqlite_errorname", "") or type(error).__name__
    got, do = (
        f"the error {name}",
        "nothing was recorded; look at the disk and the file's permissions, then try again",
    )
    for part, words, advice in _WORDS:
        if part in name:
            # The name goes along: whoever looks after the machine searches for it.
            got, do = f"{words} ({name})", advice
            break
    return LedgerError(where, expected="a SQLite file that can be read and written", got=got, do=do)
