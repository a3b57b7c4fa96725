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


def _ledger_error(where: str, error: sqlite3.Error) -> LedgerError:
    name = getattr(error, "sqlite_errorname", "") or type(error).__name__
    do = "nothing was recorded; look at the disk and the file's permissions, then try again"
    if "BUSY" in name or "LOCKED" in name:
        do = "another process has been writing for too long; try again"
    elif "NOTADB" in name or "CORRUPT" in name:
        do = "it is no ledger, or a damaged one: restore it from a backup"
    return LedgerError(where, expected="a SQLite file that can be read and written", got=name, do=do)
