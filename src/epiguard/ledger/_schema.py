"""The tables of the SQLite store, and how they get from one version to the next."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Sequence

from epiguard.errors import LedgerError
from epiguard.ledger._order import old_stamp

__all__ = ["APPLICATION_ID", "MIGRATIONS", "ORDER_INDEX", "PARTS", "PART_BITS", "check", "migrate"]

#: Written into the file's header, so that another program's database is not taken for a ledger ("EPIG").
APPLICATION_ID = 0x45504947

#: The place of a payload's part is the position of its entry, shifted by so many bits, and its number.
PART_BITS = 24
PARTS = 1 << PART_BITS

#: By it the order of entries is read. As long as all entries were written here there is none: they stand in
#: their order.
ORDER_INDEX = "entry_order"

Migration = Callable[[sqlite3.Connection], None]


def _first(connection: sqlite3.Connection) -> None:
    # Claims and keys stand in tables of their own: what must be unique now is not what was once written.
    # Their references are checked at the commit, because entries are written in bundles.
    statements = (
        """
        CREATE TABLE entry (
            position INTEGER PRIMARY KEY,
            writer TEXT NOT NULL,
            sequence INTEGER NOT NULL,
            kind TEXT NOT NULL,
            version INTEGER NOT NULL,
            subjects TEXT NOT NULL,
            occurred_at TEXT,
            recorded_at TEXT NOT NULL,
            by TEXT NOT NULL,
            key TEXT,
            claims TEXT NOT NULL,
            digests TEXT NOT NULL,
            previous TEXT NOT NULL,
            hash TEXT NOT NULL,
            UNIQUE (writer, sequence)
        ) STRICT
        """,
        """
        CREATE TABLE payload (
            entry INTEGER NOT NULL REFERENCES entry (position) DEFERRABLE INITIALLY DEFERRED,
            part INTEGER NOT NULL,
            subject TEXT NOT NULL,
            path TEXT NOT NULL,
            text TEXT,
            salt BLOB,
            PRIMARY KEY (entry, part)
        ) STRICT
        """,
        "CREATE INDEX payload_subject ON payload (subject)",
        """
        CREATE TABLE claim (
            claim TEXT PRIMARY KEY,
            entry INTEGER NOT NULL REFERENCES entry (position) DEFERRABLE INITIALLY DEFERRED
        ) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX claim_entry ON claim (entry)",
        """
        CREATE TABLE caller_key (
            key TEXT PRIMARY KEY,
            entry INTEGER NOT NULL REFERENCES entry (position) DEFERRABLE INITIALLY DEFERRED
        ) STRICT, WITHOUT ROWID
        """,
        # Without it every entry written after its key would search the whole table for the key.
        "CREATE INDEX caller_key_entry ON caller_key (entry)",
        f"PRAGMA application_id = {APPLICATION_ID}",
    )
    for statement in statements:
        connection.execute(statement)


def _second(connection: sqlite3.Connection) -> None:
    # One row: whose ledger it is. A file of the first version belongs to the site that opens it next.
    connection.execute(
        "CREATE TABLE site (one INTEGER PRIMARY KEY CHECK (one = 1), id TEXT NOT NULL) STRICT, WITHOUT ROWID"
    )


def _third(connection: sqlite3.Connection) -> None:
    # An order that entries keep wherever they go; those of before get theirs from their place.
    connection.execute("ALTER TABLE entry ADD COLUMN stamp TEXT NOT NULL DEFAULT ''")
    latest = ""
    rows = connection.execute("SELECT position, recorded_at FROM entry ORDER BY position").fetchall()
    for position, recorded_at in rows:
        latest = old_stamp(latest, recorded_at)
        connection.execute("UPDATE entry SET stamp = ? WHERE position = ?", (latest, position))
    connection.execute("CREATE UNIQUE INDEX entry_order ON entry (stamp, writer, sequence)")


def _fourth(connection: sqlite3.Connection) -> None:
    # One row: what the entries up to a position add up to.
    connection.execute(
        "CREATE TABLE snapshot (one INTEGER PRIMARY KEY CHECK (one = 1), position INTEGER NOT NULL,"
        " data BLOB NOT NULL) STRICT"
    )


def _fifth(connection: sqlite3.Connection) -> None:
    # Every tree of pages that an entry touches is a page more to write and to sync. So an entry's parts lie
    # at places made of its position and their number, claims and keys are looked up by themselves alone,
    # and an index for the order is made where entries of another ledger come in (see ``ORDER_INDEX``).
    statements = (
        f"""
        CREATE TABLE new_payload (
            place INTEGER PRIMARY KEY,
            subject TEXT NOT NULL,
            path TEXT NOT NULL,
            text TEXT,
            salt BLOB,
            entry INTEGER NOT NULL GENERATED ALWAYS AS (place >> {PART_BITS}) VIRTUAL,
            part INTEGER NOT NULL GENERATED ALWAYS AS (place & {PARTS - 1}) VIRTUAL
        ) STRICT
        """,
        f"""
        INSERT INTO new_payload (place, subject, path, text, salt)
            SELECT entry << {PART_BITS} | part, subject, path, text, salt FROM payload ORDER BY entry, part
        """,  # noqa: S608 - of constants only
        "DROP TABLE payload",
        "ALTER TABLE new_payload RENAME TO payload",
        # The site's own parts, which have no subject, are most of them, and nobody looks for them.
        "CREATE INDEX payload_subject ON payload (subject) WHERE subject <> ''",
        "CREATE TABLE new_claim (claim TEXT PRIMARY KEY, entry INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        "INSERT INTO new_claim SELECT claim, entry FROM claim",
        "DROP TABLE claim",
        "ALTER TABLE new_claim RENAME TO claim",
        "CREATE TABLE new_key (key TEXT PRIMARY KEY, entry INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        "INSERT INTO new_key SELECT key, entry FROM caller_key",
        "DROP TABLE caller_key",
        "ALTER TABLE new_key RENAME TO caller_key",
    )
    for statement in statements:
        connection.execute(statement)
    merged = connection.execute(
        "SELECT 1 FROM (SELECT stamp, lag(stamp) OVER (ORDER BY position) AS before FROM entry)"
        " WHERE stamp <= before LIMIT 1"
    ).fetchone()
    if merged is None:
        connection.execute("DROP INDEX entry_order")


#: What leads from each version to the next; the version of a file is how many of them were done.
#: Only ever added to.
MIGRATIONS: tuple[Migration, ...] = (_first, _second, _third, _fourth, _fifth)


def migrate(connection: sqlite3.Connection, where: str, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Bring a file to the version of this release, in one transaction.

    Args:
        connection: In autocommit mode.
        where: What to call the file in a message.
        migrations: All there are, from the first on.

    Raises:
        LedgerError: If the file is another program's, or of a later version.
    """
    connection.execute("BEGIN IMMEDIATE")
    try:
        check(connection, where, migrations)
        version = _pragma(connection, "user_version")
        for each in migrations[version:]:
            each(connection)
        if version < len(migrations):
            connection.execute(f"PRAGMA user_version = {len(migrations)}")
        connection.execute("COMMIT")
    except BaseException:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
        raise


def check(connection: sqlite3.Connection, where: str, migrations: Sequence[Migration] = MIGRATIONS) -> None:
    """Refuse a file that is not ours to write. Arguments and errors as of :func:`migrate`."""
    known = len(migrations)
    tables = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]
    if tables and _pragma(connection, "application_id") != APPLICATION_ID:
        raise LedgerError(
            where,
            expected="a ledger or a new file",
            got="another program's database",
            do="open the ledger's own file",
        )
    version = _pragma(connection, "user_version")
    if version > known:
        raise LedgerError(
            where,
            expected=f"a ledger of schema version {known} or before",
            got=f"version {version}",
            do="a later release of epiguard wrote it: install that release",
        )


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    value: int = connection.execute(f"PRAGMA {name}").fetchone()[0]
    return value
