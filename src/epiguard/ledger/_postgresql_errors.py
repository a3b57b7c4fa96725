"""What PostgreSQL raises, as errors of this library.

The server's own texts are never repeated: they quote stored values, and those about an address quote the
password.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Concatenate, ParamSpec, Protocol, TypeVar, cast

import psycopg
from psycopg import errors

from epiguard.errors import LedgerError
from epiguard.ledger._store import GaveWay

__all__ = ["translated"]


class _Placed(Protocol):
    where: str


S = TypeVar("S", bound=_Placed)
P = ParamSpec("P")
R = TypeVar("R")

_GAVE_WAY = (errors.SerializationFailure, errors.DeadlockDetected)
_EXPECTED = "a PostgreSQL server that can be read and written"

#: What to do, by the class of the error; the first that fits.
_DO: tuple[tuple[type[psycopg.Error] | tuple[type[psycopg.Error], ...], str], ...] = (
    (
        (errors.LockNotAvailable, errors.QueryCanceled),
        "another process has been writing for too long; try again",
    ),
    (
        (errors.ReadOnlySqlTransaction, errors.CannotConnectNow),
        "it is a standby, or is starting: give the address of the primary, or try again",
    ),
    (errors.InsufficientPrivilege, "let the user own the ledger's tables, or make them in its schema"),
    (
        errors.IdleInTransactionSessionTimeout,
        "a batch did nothing for a minute and was ended; nothing of it was recorded",
    ),
    (
        (errors.DiskFull, errors.OutOfMemory, errors.IoError),
        "nothing was recorded; look at the server's disk and memory",
    ),
    (
        psycopg.OperationalError,
        "the connection was lost: try again, with the same key; the last call may have been recorded",
    ),
)


def translated(method: Callable[Concatenate[S, P], R]) -> Callable[Concatenate[S, P], R]:
    """Let a method raise our error where psycopg raises its own.

    Args:
        method: Of an object whose ``where`` names it in messages.
    """

    @functools.wraps(method)
    def call(self: S, *args: P.args, **kwargs: P.kwargs) -> R:
        problem: LedgerError
        try:
            return method(self, *args, **kwargs)
        except psycopg.Error as error:
            problem = _ledger_error(self.where, error)
        except UnicodeEncodeError:
            problem = LedgerError(
                self.where, expected="text that can be written as UTF-8", got="half of a character"
            )
        raise problem  # out here, so that it does not carry the other one and its text along

    return cast("Callable[Concatenate[S, P], R]", call)


def _ledger_error(where: str, error: psycopg.Error) -> LedgerError:
    got = f"its error {error.sqlstate}" if error.sqlstate else "no answer from it"
    if isinstance(error, _GAVE_WAY):
        return GaveWay(where, expected=_EXPECTED, got=got, do="nothing was recorded; try again")
    do = next((text for kind, text in _DO if isinstance(error, kind)), "nothing was recorded")
    return LedgerError(where, expected=_EXPECTED, got=got, do=do)
