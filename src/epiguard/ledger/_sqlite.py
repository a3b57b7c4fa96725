"""The embedded store: one SQLite file, in write-ahead mode with full sync."""

from __future__ import annotations

import contextlib
import os
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Concatenate, ParamSpec, TypeVar

from epiguard.errors import LedgerError
from epiguard.ledger._schema import migrate
from epiguard.ledger._store import ClaimTaken, Stored, StoredPart

__all__ = ["SqliteStore"]

P = ParamSpec("P")
R = TypeVar("R")

#: How long a writer waits for others, in seconds.
BUSY_TIMEOUT = 30.0

#: How many entries are held back inside a transaction, to be written in one go.
BUNDLE = 500

_ENVELOPE = (
    "position, writer, sequence, kind, version, subjects, occurred_at, recorded_at, by, key, claims,"
    " digests, previous, hash"
)
_INSERT_ENTRY = f"INSERT INTO entry ({_ENVELOPE}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_INSERT_PART = "INSERT INTO payload (entry, part, subject, path, text, salt) VALUES (?, ?, ?, ?, ?, ?)"
_SELECT = (  # one statement, so that an entry and its parts are of one moment
    f"SELECT {_ENVELOPE}, subject, path, text, salt"
    " FROM (SELECT * FROM entry {which}) LEFT JOIN payload ON payload.entry = position"
    " ORDER BY position, part"
)
_AFTER = _SELECT.format(which="WHERE position > ? ORDER BY position LIMIT ?")
_FIND = _SELECT.format(which="WHERE writer = ? AND sequence = ?")
_KEYED = _SELECT.format(which="WHERE position = (SELECT entry FROM caller_key WHERE caller_key.key = ?)")
_ENVELOPE_WIDTH = 14


def _translated(
    method: Callable[Concatenate[SqliteStore, P], R],
) -> Callable[Concatenate[SqliteStore, P], R]:
    """Let a method raise our error where SQLite raises its own; SQLite's texts hold no stored values."""

    def call(self: SqliteStore, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return method(self, *args, **kwargs)
        except sqlite3.Error as error:
            raise _ledger_error(self.where, error) from error

    call.__doc__ = method.__doc__
    return call


def _ledger_error(where: str, error: sqlite3.Error) -> LedgerError:
    name = getattr(error, "sqlite_errorname", "") or type(error).__name__
    do = "nothing was recorded; look at the disk and the file's permissions, then try again"
    if "BUSY" in name or "LOCKED" in name:
        do = "another process has been writing for too long; try again"
    elif "NOTADB" in name or "CORRUPT" in name:
        do = "it is no ledger, or a damaged one: restore it from a backup"
    return LedgerError(where, expected="a SQLite file that can be read and written", got=name, do=do)


class SqliteStore:
    """Keeps entries in a SQLite file that several processes may open.

    Writers take the lock when they begin, not at their first write, so nobody fails half-way because
    somebody else was faster. Deleted content is overwritten. A new file is readable by its owner only.

    Args:
        path: The file; it is made where it does not exist.

    Raises:
        LedgerError: If it cannot be opened or is of a later version.
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self.where = f"ledger file {os.path.basename(os.fspath(path))!r}"  # noqa: PTH119 - the path's kind is open
        self._entries: list[tuple[Any, ...]] = []
        self._parts: list[tuple[Any, ...]] = []
        _make_private(path, self.where)
        try:
            # The ledger's lock keeps threads apart; isolation_level=None: we alone say when to begin.
            self._connection = sqlite3.connect(
                path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False
            )
        except sqlite3.Error as error:
            raise _ledger_error(self.where, error) from error
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    @_translated
    def _prepare(self) -> None:
        for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "secure_delete = ON"):
            self._connection.execute(f"PRAGMA {pragma}")
        migrate(self._connection, self.where)

    @_translated
    def begin(self) -> None:
        """Take the write lock of the file."""
        self._connection.execute("BEGIN IMMEDIATE")

    @_translated
    def commit(self) -> None:
        """Write what was held back and commit with a full sync."""
        self._flush()
        self._connection.execute("COMMIT")

    @_translated
    def rollback(self) -> None:
        """Drop what was written; SQLite may have done so itself when the disk was full."""
        self._entries.clear()
        self._parts.clear()
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    @_translated
    def append(self, stored: Stored, claims: Sequence[str] = ()) -> None:
        """Write an entry with its claims; claims and key at once, the rest in a bundle."""
        if claims:
            self._claim(stored.position, claims)
        if stored.key is not None:
            self._connection.execute("INSERT INTO caller_key VALUES (?, ?)", (stored.key, stored.position))
        self._entries.append(
            (
                stored.position,
                stored.writer,
                stored.sequence,
                stored.kind,
                stored.version,
                stored.subjects,
                stored.occurred_at,
                stored.recorded_at,
                stored.by,
                stored.key,
                stored.claims,
                stored.digests,
                stored.previous,
                stored.hash,
            )
        )
        self._parts += (
            (stored.position, number, part.subject, part.path, part.text, part.salt)
            for number, part in enumerate(stored.parts)
        )
        if len(self._entries) >= BUNDLE:
            self._flush()

    def _claim(self, position: int, claims: Sequence[str]) -> None:
        self._connection.execute("SAVEPOINT claims")
        try:
            self._connection.executemany(
                "INSERT INTO claim VALUES (?, ?)", [(claim, position) for claim in claims]
            )
        except sqlite3.IntegrityError:
            self._connection.execute("ROLLBACK TO claims")
            raise ClaimTaken from None
        finally:
            with contextlib.suppress(sqlite3.Error):  # gone where SQLite rolled everything back itself
                self._connection.execute("RELEASE claims")

    def _flush(self) -> None:
        if self._entries:
            self._connection.executemany(_INSERT_ENTRY, self._entries)
            self._connection.executemany(_INSERT_PART, self._parts)
            self._entries.clear()
            self._parts.clear()

    @_translated
    def release(self, position: int) -> None:
        """Free the claims of an entry."""
        self._connection.execute("DELETE FROM claim WHERE entry = ?", (position,))

    @_translated
    def after(self, position: int, limit: int) -> list[Stored]:
        """Entries after a position."""
        return self._select(_AFTER, (position, limit))

    @_translated
    def find(self, writer: str, sequence: int) -> Stored | None:
        """The entry of a writer and a number."""
        return next(iter(self._select(_FIND, (writer, sequence))), None)

    @_translated
    def keyed(self, key: str) -> Stored | None:
        """The entry of a caller's key."""
        return next(iter(self._select(_KEYED, (key,))), None)

    def _select(self, sql: str, parameters: tuple[Any, ...]) -> list[Stored]:
        self._flush()
        return list(_grouped(self._connection.execute(sql, parameters)))

    @_translated
    def close(self) -> None:
        """Close the file; the last one to do so empties the write-ahead log."""
        self._connection.close()


def _make_private(path: str | os.PathLike[str], where: str) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        raise LedgerError(
            where,
            expected="a file that can be read and written, or a folder to make it in",
            got=type(error).__name__,
            do="check the path and its permissions",
        ) from error


def _grouped(rows: Iterable[tuple[Any, ...]]) -> Iterator[Stored]:
    current: tuple[Any, ...] | None = None
    parts: list[StoredPart] = []
    for row in rows:
        if current is not None and row[0] != current[0]:
            yield _stored(current, parts)
            parts = []
        current = row
        if row[-1] is not None:  # an entry without a payload is damaged, and still one
            parts.append(StoredPart(*row[_ENVELOPE_WIDTH:]))
    if current is not None:
        yield _stored(current, parts)


def _stored(row: tuple[Any, ...], parts: list[StoredPart]) -> Stored:
    names = _ENVELOPE.split(", ")
    return Stored(**dict(zip(names, row[:_ENVELOPE_WIDTH], strict=True)), parts=tuple(parts))
