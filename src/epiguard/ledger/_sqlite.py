"""The embedded store: one SQLite file, in write-ahead mode with full sync."""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import time
from collections.abc import Collection, Sequence
from typing import Any

from epiguard.errors import LedgerError, refusal_of
from epiguard.ledger._rows import ENVELOPE, entry_row, grouped
from epiguard.ledger._schema import ORDER_INDEX, PART_BITS, PARTS, check, migrate
from epiguard.ledger._sqlite_errors import translated
from epiguard.ledger._store import ClaimTaken, Order, Stored

__all__ = ["SqliteStore"]

#: How long a writer waits for others, in seconds.
BUSY_TIMEOUT = 30.0

#: Held while a file is made and opened, so that one thread does not close what another has locked.
_OPENING = threading.Lock()

#: How many entries are held back inside a transaction, to be written in one go.
BUNDLE = 500

_INSERT_ENTRY = f"INSERT INTO entry VALUES ({', '.join('?' * len(ENVELOPE))})"  # noqa: S608 - of constants only
_INSERT_PART = "INSERT INTO payload (place, subject, path, text, salt) VALUES (?, ?, ?, ?, ?)"
_COLUMNS = f"{', '.join(ENVELOPE)}, subject, path, text, salt"
_PARTS = f"LEFT JOIN payload ON place >= position << {PART_BITS} AND place < position + 1 << {PART_BITS}"
# Each is one statement, so that an entry and its parts are of one moment. That the last position is looked up
# first lets SQLite read both tables as they lie, without sorting a page of them.
_AFTER = (
    f"SELECT {_COLUMNS} FROM entry {_PARTS} WHERE position > ?1 AND position <= min(?3,"  # noqa: S608 - of constants only
    " (SELECT max(position) FROM"
    " (SELECT position FROM entry WHERE position > ?1 ORDER BY position LIMIT ?2)))"
    " ORDER BY position, place"
)
_ORDERED = (
    f"SELECT {_COLUMNS} FROM (SELECT * FROM entry WHERE (stamp, writer, sequence) > (?, ?, ?)"  # noqa: S608 - of constants only
    f" AND position <= ? ORDER BY stamp, writer, sequence LIMIT ?) {_PARTS}"
    " ORDER BY stamp, writer, sequence, place"
)
_FIND = f"SELECT {_COLUMNS} FROM entry {_PARTS} WHERE writer = ? AND sequence = ? ORDER BY place"  # noqa: S608 - of constants only
_AT = f"SELECT {_COLUMNS} FROM entry {_PARTS} WHERE position = ? ORDER BY place"  # noqa: S608 - of constants only
#: Above every position.
_END = 1 << 62


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
        #: The position that was the last one, and the version of the file at that moment or before.
        self._end: tuple[int, int] | None = None
        self._connection = self._connect(path)
        try:
            self._prepare()
        except BaseException:
            self._connection.close()
            raise

    @translated
    def _connect(self, path: str | os.PathLike[str]) -> sqlite3.Connection:
        with _OPENING:
            _make_private(path, self.where)
            # The ledger's lock keeps threads apart; isolation_level=None: we alone say when to begin.
            return sqlite3.connect(path, timeout=BUSY_TIMEOUT, isolation_level=None, check_same_thread=False)

    @translated
    def _prepare(self) -> None:
        check(self._connection, self.where)  # before anything is changed in what may be another's file
        self._write_ahead()
        # The cache is in KiB: a day in one transaction must not spill.
        pragmas = ("synchronous = FULL", "secure_delete = ON", "cache_size = -65536")
        for pragma in pragmas:
            self._connection.execute(f"PRAGMA {pragma}")
        migrate(self._connection, self.where)

    def _write_ahead(self) -> None:
        # SQLite does not wait for others when it changes the journal's mode, so we do.
        give_up = time.monotonic() + BUSY_TIMEOUT
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if "locked" not in str(error) or time.monotonic() > give_up:
                    raise
                time.sleep(0.01)
            else:
                return

    @translated
    def belong_to(self, site: str) -> str:
        """Say whose ledger the file is, unless that was said before."""
        row = self._connection.execute("SELECT id FROM site").fetchone()
        if row is None:  # written only where it must be: opening a ledger again takes no lock
            self._connection.execute("INSERT OR IGNORE INTO site VALUES (1, ?)", (site,))
            row = self._connection.execute("SELECT id FROM site").fetchone()
        owner: str = row[0]
        return owner

    @translated
    def begin(self) -> None:
        """Take the write lock of the file."""
        self._connection.execute("BEGIN IMMEDIATE")

    @translated
    def commit(self) -> None:
        """Write what was held back and commit with a full sync."""
        self._flush()
        self._connection.execute("COMMIT")

    @translated
    def rollback(self) -> None:
        """Drop what was written; SQLite may have done so itself when the disk was full."""
        self._entries.clear()
        self._parts.clear()
        self._end = None
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    @translated
    def adopt(self, stored: Stored) -> None:
        """Write an entry of another ledger."""
        self._connection.execute(
            f"CREATE UNIQUE INDEX IF NOT EXISTS {ORDER_INDEX} ON entry (stamp, writer, sequence)"
        )
        if stored.key is not None:
            self._connection.execute(
                "INSERT OR IGNORE INTO caller_key VALUES (?, ?)", (stored.key, stored.position)
            )
        self._write(stored)

    @translated
    def hold(self, claim: str, position: int) -> None:
        """Let an entry hold a claim."""
        self._connection.execute("INSERT OR REPLACE INTO claim VALUES (?, ?)", (claim, position))

    @translated
    def append(self, stored: Stored, claims: Sequence[str] = ()) -> None:
        """Write an entry with its claims; claims and key at once, the rest in a bundle."""
        if claims:
            self._claim(stored.position, claims)
        if stored.key is not None:
            self._connection.execute("INSERT INTO caller_key VALUES (?, ?)", (stored.key, stored.position))
        self._write(stored)

    def _write(self, stored: Stored) -> None:
        self._entries.append(entry_row(stored))
        place = stored.position << PART_BITS
        for number, part in enumerate(stored.parts):
            if number >= PARTS:
                raise LedgerError(self.where, expected=f"a fact about less than {PARTS} people", got="more")
            self._parts.append((place + number, part.subject, part.path, part.text, part.salt))
        if self._end is not None:
            self._end = (stored.position, self._end[1])
        if len(self._entries) >= BUNDLE:
            self._flush()

    def _claim(self, position: int, claims: Sequence[str]) -> None:
        # One statement, which SQLite takes back as a whole where one of the claims is held.
        rows = ", ".join(["(?, ?)"] * len(claims))
        values = [value for claim in claims for value in (claim, position)]
        try:
            self._connection.execute(f"INSERT INTO claim VALUES {rows}", values)  # noqa: S608 - of marks only
        except sqlite3.IntegrityError:
            raise ClaimTaken from None

    def _flush(self) -> None:
        if self._entries:
            self._connection.executemany(_INSERT_ENTRY, self._entries)
            self._connection.executemany(_INSERT_PART, self._parts)
            self._entries.clear()
            self._parts.clear()

    @translated
    def release(self, position: int) -> None:
        """Free the claims of an entry."""
        self._flush()
        row = self._connection.execute("SELECT claims FROM entry WHERE position = ?", (position,)).fetchone()
        self._connection.executemany(
            "DELETE FROM claim WHERE claim = ? AND entry = ?",
            [(claim, position) for claim in (json.loads(row[0]) if row is not None else ())],
        )

    @translated
    def after(self, position: int, limit: int) -> list[Stored]:
        """Entries after a position."""
        # Asked before and after every decision, and then there is mostly nothing: SQLite says whether
        # another connection wrote since, and what this one writes is counted when it is written.
        version: int = self._connection.execute("PRAGMA data_version").fetchone()[0]
        if self._end == (position, version):
            return []
        found = self._select(_AFTER, (position, limit, _END))
        if len(found) < limit:
            self._end = (found[-1].position if found else position, version)
        return found

    @translated
    def last(self) -> int:
        """The position of the last entry."""
        self._flush()
        position: int = self._connection.execute("SELECT coalesce(max(position), 0) FROM entry").fetchone()[0]
        return position

    @translated
    def ordered(self, after: Order | None, limit: int, until: int) -> list[Stored]:
        """Entries in their order."""
        if self._connection.execute("SELECT 1 FROM sqlite_schema WHERE name = ?", (ORDER_INDEX,)).fetchone():
            return self._select(_ORDERED, (*(after or ("", "", 0)), until, limit))
        last = self.find(after[1], after[2]) if after is not None else None
        return self._select(_AFTER, (last.position if last is not None else 0, limit, until))

    @translated
    def about(self, subject: str) -> list[int]:
        """Positions of entries with a payload of a subject."""
        self._flush()
        rows = self._connection.execute(
            "SELECT DISTINCT entry FROM payload WHERE subject = ? AND subject <> '' AND text IS NOT NULL"
            " ORDER BY entry",
            (subject,),
        )
        return [position for (position,) in rows]

    @translated
    def blank(self, position: int, subjects: Collection[str] | None) -> int:
        """Erase parts of an entry."""
        self._flush()
        self._connection.execute("DELETE FROM snapshot")
        erase = (
            "UPDATE payload SET text = NULL, salt = NULL WHERE place >= ? AND place < ? AND text IS NOT NULL"
        )
        places = (position << PART_BITS, position + 1 << PART_BITS)
        if subjects is None:
            return self._connection.execute(erase, places).rowcount
        return sum(
            self._connection.execute(f"{erase} AND subject = ?", (*places, subject)).rowcount
            for subject in subjects
        )

    @translated
    def keep_snapshot(self, position: int, data: bytes) -> None:
        """Keep a snapshot in the place of the one before."""
        self._connection.execute("DELETE FROM snapshot")
        self._connection.execute("INSERT INTO snapshot VALUES (1, ?, ?)", (position, data))

    @translated
    def snapshot(self) -> bytes | None:
        """What was kept last."""
        row = self._connection.execute("SELECT data FROM snapshot").fetchone()
        return bytes(row[0]) if row is not None else None

    @translated
    def snapshot_position(self) -> int:
        """Its position."""
        row = self._connection.execute("SELECT position FROM snapshot").fetchone()
        return int(row[0]) if row is not None else 0

    @translated
    def drop_snapshot(self) -> None:
        """Keep none."""
        self._connection.execute("DELETE FROM snapshot")

    @translated
    def purge(self) -> None:
        """Write the file anew and empty the write-ahead log.

        Deleted content is overwritten when it is deleted, but SQLite may have left copies of it in pages that
        it rearranged before.

        Raises:
            LedgerError: If somebody else reads or writes for too long: the log is not empty then.
        """
        self._connection.execute("VACUUM")
        busy = self._connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
        if busy:
            raise LedgerError(
                self.where,
                expected="nobody to be reading an older state of it",
                got="another process that has been reading for too long",
                do="it was erased, but the write-ahead log still holds it: let the other process end, "
                "then erase the same again",
            )

    @translated
    def find(self, writer: str, sequence: int) -> Stored | None:
        """The entry of a writer and a number."""
        return next(iter(self._select(_FIND, (writer, sequence))), None)

    @translated
    def keyed(self, key: str) -> Stored | None:
        """The entry of a caller's key."""
        # Keys are written at once, so the bundle need not be written for one that is not there.
        row = self._connection.execute("SELECT entry FROM caller_key WHERE key = ?", (key,)).fetchone()
        return next(iter(self._select(_AT, row)), None) if row is not None else None

    @translated
    def holder(self, claim: str) -> int | None:
        """The position of the entry that holds a claim."""
        row = self._connection.execute("SELECT entry FROM claim WHERE claim = ?", (claim,)).fetchone()
        return row[0] if row is not None else None

    def _select(self, sql: str, parameters: tuple[Any, ...]) -> list[Stored]:
        self._flush()
        return list(grouped(self._connection.execute(sql, parameters)))

    @translated
    def close(self) -> None:
        """Close the file; the last one to do so empties the write-ahead log."""
        self._connection.close()


def _make_private(path: str | os.PathLike[str], where: str) -> None:
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_RDWR, 0o600))
    except FileExistsError:
        # Not even opened here: closing it would drop the locks that SQLite holds for this process.
        return
    except OSError as error:
        raise LedgerError(
            where,
            expected="a file that can be read and written, or a folder to make it in",
            got=refusal_of(error),
            do="check the path and its permissions",
        ) from error
