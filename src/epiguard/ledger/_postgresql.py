"""The store for many gates: PostgreSQL 15 or later, by psycopg 3."""

from __future__ import annotations

import random
import time
from collections.abc import Collection, Sequence
from typing import Any

import psycopg
from psycopg import errors
from psycopg.conninfo import conninfo_to_dict
from psycopg.pq import TransactionStatus

from epiguard.errors import LedgerError
from epiguard.ledger._postgresql_errors import translated
from epiguard.ledger._postgresql_purge import purge
from epiguard.ledger._postgresql_schema import migrate
from epiguard.ledger._rows import ENVELOPE, entry_row, grouped, part_rows
from epiguard.ledger._store import ClaimTaken, Order, Stored

__all__ = ["PostgresqlStore"]

#: The oldest server that this store is tested on.
OLDEST = 150000

#: How long to wait: for a connection, for other writers, and for one that holds them up and does nothing.
CONNECT_TIMEOUT, LOCK_TIMEOUT, IDLE_TIMEOUT = 10, 30, 60

#: How often a transaction is begun anew where the server refuses to begin it.
TRIES = 5

#: How many entries are held back inside a transaction, to be written in one go.
BUNDLE = 500

# A gate whose network is gone must not hold the lock until the server's default of two hours is over.
_KEEPALIVE = {
    "keepalives_idle": 10,
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 30000,
}
_SESSION = f"""
    SET lock_timeout = '{LOCK_TIMEOUT}s';
    SET idle_in_transaction_session_timeout = '{IDLE_TIMEOUT}s';
    SET tcp_keepalives_idle = 10;
    SET tcp_keepalives_interval = 5;
    SET tcp_keepalives_count = 3;
    SELECT set_config('synchronous_commit', 'on', false)
        WHERE current_setting('synchronous_commit') = 'off'
"""
# Every statement sees what was committed before it; the lock on the one row keeps other writers out, so
# positions become visible in their order: nobody can see the second entry before the first.
_BEGIN = """
    BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE;
    SELECT one FROM epiguard_ledger FOR UPDATE
"""
_INSERT_ENTRIES = (
    f"INSERT INTO epiguard_entry ({', '.join(ENVELOPE)}) SELECT * FROM unnest("  # noqa: S608 - of constants only
    "%s::bigint[], %s::text[], %s::bigint[], %s::text[], %s::integer[], %s::text[], %s::text[], %s::text[],"
    " %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[])"
)
_INSERT_PARTS = (
    "INSERT INTO epiguard_payload (entry, part, subject, path, text, salt)"
    " SELECT * FROM unnest(%s::bigint[], %s::integer[], %s::text[], %s::text[], %s::text[], %s::bytea[])"
)
_SELECT = (  # one statement, so that an entry and its parts are of one moment
    f"SELECT {', '.join(f'e.{name}' for name in ENVELOPE)}, p.subject, p.path, p.text, p.salt"  # noqa: S608 - of constants
    " FROM (SELECT * FROM epiguard_entry {which}) e LEFT JOIN epiguard_payload p ON p.entry = e.position"
    " ORDER BY {order}, p.part"
)
_AFTER = _SELECT.format(which="WHERE position > %s ORDER BY position LIMIT %s", order="e.position")
_ORDERED = _SELECT.format(
    which="WHERE (stamp, writer, sequence) > (%s, %s, %s) AND position <= %s"
    " ORDER BY stamp, writer, sequence LIMIT %s",
    order="e.stamp, e.writer, e.sequence",
)
_FIND = _SELECT.format(which="WHERE writer = %s AND sequence = %s", order="e.position")
_KEYED = _SELECT.format(
    which="WHERE position = (SELECT entry FROM epiguard_caller_key WHERE key = %s)", order="e.position"
)


class PostgresqlStore:
    """Keeps entries in the tables of a PostgreSQL server, for processes on any number of machines.

    The tables stand in the first schema of the connection's search path; a schema holds one ledger.
    Writers lock its one row of ``epiguard_ledger`` when they begin, so they take turns, and nobody fails
    half-way because somebody else was faster. Where the connection was lost, the next call makes a new one.

    Args:
        address: ``postgresql://user@host:port/database``, as libpq takes it; what it leaves out, the
            password too, libpq takes from where it always does.

    Raises:
        LedgerError: If it cannot be opened, the server is too old, or the ledger is of a later version.
    """

    def __init__(self, address: str) -> None:
        self.where = "ledger on PostgreSQL"
        self._address = address
        self._entries: list[tuple[Any, ...]] = []
        self._parts: list[tuple[Any, ...]] = []
        self._begun = False
        self._closed = False
        self._connection = self._connect()

    def _connect(self) -> psycopg.Connection[tuple[Any, ...]]:
        connection = self._reach()
        try:
            self._prepare(connection)
        except BaseException:
            connection.close()
            raise
        return connection

    def _reach(self) -> psycopg.Connection[tuple[Any, ...]]:
        try:
            given = conninfo_to_dict(self._address)
            self.where = f"ledger on PostgreSQL (database {str(given.get('dbname') or '')!r})"
            options: dict[str, Any] = {"connect_timeout": CONNECT_TIMEOUT, **_KEEPALIVE, **given}
            # The encoding is ours to say; autocommit: we alone say when to begin.
            return psycopg.connect(**{**options, "client_encoding": "UTF8", "autocommit": True})
        except (psycopg.Error, UnicodeError) as error:
            # Its text may quote the password; the server gives a number only where one answered.
            state = getattr(error, "sqlstate", None)
            got = f"its error {state}" if state else "no connection"
        raise LedgerError(  # out here, so that it does not carry the other one, which may quote the password
            self.where,
            expected="the address of a PostgreSQL server that lets this user in",
            got=got,
            do="check that it runs, and host, port, database, user and password",
        )

    @translated
    def _prepare(self, connection: psycopg.Connection[tuple[Any, ...]]) -> None:
        if connection.info.server_version < OLDEST:
            raise LedgerError(
                self.where,
                expected=f"PostgreSQL {OLDEST // 10000} or later",
                got=f"version {connection.info.server_version // 10000}",
                do="use a later server",
            )
        encoding = connection.info.parameter_status("server_encoding")
        if encoding != "UTF8":
            raise LedgerError(
                self.where,
                expected="a database in UTF8",
                got=str(encoding),
                do="make one with CREATE DATABASE ... ENCODING 'UTF8' TEMPLATE template0",
            )
        connection.execute(_SESSION, prepare=False)
        migrate(connection, self.where)

    def _run(self, sql: str, parameters: Sequence[Any] = ()) -> psycopg.Cursor[tuple[Any, ...]]:
        if self._begun or self._closed:
            return self._connection.execute(sql, parameters)
        try:
            return self._connection.execute(sql, parameters)
        except psycopg.OperationalError:
            if not self._connection.closed:
                raise
        # It was lost since the last call, and a statement that stands alone can be run again.
        self._connection = self._connect()
        return self._connection.execute(sql, parameters)

    @translated
    def belong_to(self, site: str) -> str:
        """Say whose ledger it is, unless that was said before."""
        owner = self._run("SELECT site FROM epiguard_ledger").fetchone()
        if owner is None or owner[0] is None:  # written only where it must be
            self._run("UPDATE epiguard_ledger SET site = %s WHERE site IS NULL", (site,))
            owner = self._run("SELECT site FROM epiguard_ledger").fetchone()
        return str(owner[0]) if owner is not None else ""

    @translated
    def begin(self) -> None:
        """Take the lock of the ledger; others who write are waited for."""
        for left in reversed(range(TRIES)):
            try:
                self._begin()
            except (errors.SerializationFailure, errors.DeadlockDetected):
                self.rollback()
                if not left:
                    raise
                time.sleep(random.uniform(0.001, 0.05))  # noqa: S311 - so that two do not meet again
            except BaseException:
                self.rollback()
                raise
            else:
                self._begun = True
                return

    def _begin(self) -> None:
        try:
            self._connection.execute(_BEGIN, prepare=False)
        except psycopg.OperationalError:
            if self._closed or not self._connection.closed:
                raise
            self._connection = self._connect()
            self._connection.execute(_BEGIN, prepare=False)

    @translated
    def commit(self) -> None:
        """Write what was held back and commit; the server answers when it is on disk."""
        self._flush()
        done = self._connection.execute("COMMIT").statusmessage
        self._begun = False
        if done != "COMMIT":  # the server turns it into a ROLLBACK without a word where a statement failed
            raise LedgerError(
                self.where,
                expected="a transaction without errors",
                got="one in which a statement failed",
                do="nothing was recorded; let the error end the batch",
            )

    @translated
    def rollback(self) -> None:
        """Drop what was written; the server has done so itself where the connection is lost."""
        self._entries.clear()
        self._parts.clear()
        self._begun = False
        if self._connection.closed:
            return
        if self._connection.info.transaction_status in (TransactionStatus.ACTIVE, TransactionStatus.UNKNOWN):
            self._connection.close()  # interrupted while it waited for an answer, which must not come later
        elif self._connection.info.transaction_status is not TransactionStatus.IDLE:
            self._connection.execute("ROLLBACK")

    @translated
    def append(self, stored: Stored, claims: Sequence[str] = ()) -> None:
        """Write an entry with its claims; claims and key at once, the rest in a bundle."""
        if claims:
            self._claim(stored.position, claims)
        if stored.key is not None:
            self._connection.execute(
                "INSERT INTO epiguard_caller_key VALUES (%s, %s)", (stored.key, stored.position)
            )
        self._write(stored)

    @translated
    def adopt(self, stored: Stored) -> None:
        """Write an entry of another ledger."""
        if stored.key is not None:
            self._connection.execute(
                "INSERT INTO epiguard_caller_key VALUES (%s, %s) ON CONFLICT DO NOTHING",
                (stored.key, stored.position),
            )
        self._write(stored)

    @translated
    def hold(self, claim: str, position: int) -> None:
        """Let an entry hold a claim."""
        self._connection.execute(
            "INSERT INTO epiguard_claim VALUES (%s, %s)"
            " ON CONFLICT (claim) DO UPDATE SET entry = excluded.entry",
            (claim, position),
        )

    def _write(self, stored: Stored) -> None:
        self._entries.append(entry_row(stored))
        self._parts += part_rows(stored)
        if len(self._entries) >= BUNDLE:
            self._flush()

    def _claim(self, position: int, claims: Sequence[str]) -> None:
        self._connection.execute("SAVEPOINT claims")
        try:
            self._connection.execute(
                "INSERT INTO epiguard_claim SELECT unnest(%s::text[]), %s", (list(claims), position)
            )
        except errors.UniqueViolation:
            self._connection.execute("ROLLBACK TO claims")
            raise ClaimTaken from None
        self._connection.execute("RELEASE claims")

    def _flush(self) -> None:
        if self._entries:
            self._connection.execute(_INSERT_ENTRIES, _columns(self._entries))
            if self._parts:
                self._connection.execute(_INSERT_PARTS, _columns(self._parts))
            self._entries.clear()
            self._parts.clear()

    @translated
    def release(self, position: int) -> None:
        """Free the claims of an entry."""
        self._run("DELETE FROM epiguard_claim WHERE entry = %s", (position,))

    @translated
    def after(self, position: int, limit: int) -> list[Stored]:
        """Entries after a position."""
        return self._select(_AFTER, (position, limit))

    @translated
    def last(self) -> int:
        """The position of the last entry."""
        self._flush()
        row = self._run("SELECT coalesce(max(position), 0) FROM epiguard_entry").fetchone()
        return int(row[0]) if row is not None else 0

    @translated
    def ordered(self, after: Order | None, limit: int, until: int) -> list[Stored]:
        """Entries in their order."""
        return self._select(_ORDERED, (*(after or ("", "", 0)), until, limit))

    @translated
    def about(self, subject: str) -> list[int]:
        """Positions of entries with a payload of a subject."""
        self._flush()
        rows = self._run(
            "SELECT DISTINCT entry FROM epiguard_payload WHERE subject = %s AND text IS NOT NULL"
            " ORDER BY entry",
            (subject,),
        )
        return [int(position) for (position,) in rows]

    @translated
    def blank(self, position: int, subjects: Collection[str] | None) -> int:
        """Erase parts of an entry."""
        self._flush()
        self._run("DELETE FROM epiguard_snapshot")
        return self._run(
            "UPDATE epiguard_payload SET text = NULL, salt = NULL WHERE entry = %s AND text IS NOT NULL"
            " AND (%s::text[] IS NULL OR subject = ANY(%s::text[]))",
            (position, *2 * [None if subjects is None else list(subjects)]),
        ).rowcount

    @translated
    def keep_snapshot(self, position: int, data: bytes) -> None:
        """Keep a snapshot in the place of the one before."""
        self._run("DELETE FROM epiguard_snapshot")
        self._run("INSERT INTO epiguard_snapshot VALUES (1, %s, %s)", (position, data))

    @translated
    def snapshot(self) -> bytes | None:
        """What was kept last."""
        row = self._run("SELECT data FROM epiguard_snapshot").fetchone()
        return bytes(row[0]) if row is not None else None

    @translated
    def snapshot_position(self) -> int:
        """Its position."""
        row = self._run("SELECT position FROM epiguard_snapshot").fetchone()
        return int(row[0]) if row is not None else 0

    @translated
    def drop_snapshot(self) -> None:
        """Keep none."""
        self._run("DELETE FROM epiguard_snapshot")

    @translated
    def purge(self) -> None:
        """Write the tables of personal data anew, so that no dead row of them is left in their files.

        Gates wait meanwhile. What the server's write-ahead log, its archive, replicas and backups hold is
        the host's to see to.
        """
        purge(self._run, self.where)

    @translated
    def find(self, writer: str, sequence: int) -> Stored | None:
        """The entry of a writer and a number."""
        return next(iter(self._select(_FIND, (writer, sequence))), None)

    @translated
    def keyed(self, key: str) -> Stored | None:
        """The entry of a caller's key."""
        return next(iter(self._select(_KEYED, (key,))), None)

    @translated
    def holder(self, claim: str) -> int | None:
        """The position of the entry that holds a claim."""
        row = self._run("SELECT entry FROM epiguard_claim WHERE claim = %s", (claim,)).fetchone()
        return int(row[0]) if row is not None else None

    def _select(self, sql: str, parameters: tuple[Any, ...]) -> list[Stored]:
        self._flush()
        return list(grouped(self._run(sql, parameters)))

    @translated
    def close(self) -> None:
        """Close the connection."""
        self._closed = True
        self._connection.close()


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]
