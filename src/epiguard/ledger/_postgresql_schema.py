"""The tables of the PostgreSQL store, and how they get from one version to the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import psycopg

from epiguard.errors import LedgerError

__all__ = ["MIGRATIONS", "check", "migrate"]

#: An advisory lock of ours ("EPIG"), held while tables are made, for there is nothing else to lock yet.
MIGRATING = 0x45504947

#: What leads from each version to the next; the version of a ledger is how many of them were done.
#: Only ever added to. Names are compared byte by byte ("C"), so that no new release of the system's
#: collations makes a unique index find less than it holds.
MIGRATIONS: tuple[str, ...] = (
    """
    CREATE TABLE epiguard_ledger (
        one integer PRIMARY KEY CHECK (one = 1),
        version integer NOT NULL,
        site text
    );
    INSERT INTO epiguard_ledger VALUES (1, 0, NULL);
    CREATE TABLE epiguard_entry (
        position bigint PRIMARY KEY,
        writer text COLLATE "C" NOT NULL,
        sequence bigint NOT NULL,
        kind text NOT NULL,
        version integer NOT NULL,
        subjects text NOT NULL,
        occurred_at text,
        recorded_at text NOT NULL,
        by text NOT NULL,
        key text,
        claims text NOT NULL,
        digests text NOT NULL,
        previous text NOT NULL,
        hash text NOT NULL,
        stamp text COLLATE "C" NOT NULL,
        UNIQUE (writer, sequence)
    );
    CREATE UNIQUE INDEX epiguard_entry_order ON epiguard_entry (stamp, writer, sequence);
    CREATE TABLE epiguard_payload (
        entry bigint NOT NULL REFERENCES epiguard_entry (position) DEFERRABLE INITIALLY DEFERRED,
        part integer NOT NULL,
        subject text COLLATE "C" NOT NULL,
        path text NOT NULL,
        text text,
        salt bytea,
        PRIMARY KEY (entry, part)
    );
    CREATE INDEX epiguard_payload_subject ON epiguard_payload (subject);
    CREATE TABLE epiguard_claim (
        claim text COLLATE "C" PRIMARY KEY,
        entry bigint NOT NULL REFERENCES epiguard_entry (position) DEFERRABLE INITIALLY DEFERRED
    );
    CREATE INDEX epiguard_claim_entry ON epiguard_claim (entry);
    CREATE TABLE epiguard_caller_key (
        key text COLLATE "C" PRIMARY KEY,
        entry bigint NOT NULL REFERENCES epiguard_entry (position) DEFERRABLE INITIALLY DEFERRED
    )
    """,
    """
    CREATE TABLE epiguard_snapshot (
        one integer PRIMARY KEY CHECK (one = 1),
        position bigint NOT NULL,
        data bytea NOT NULL
    )
    """,
)


def migrate(connection: psycopg.Connection[Any], where: str, migrations: Sequence[str] = MIGRATIONS) -> None:
    """Bring a ledger to the version of this release, in one transaction.

    Args:
        connection: In autocommit mode.
        where: What to call the ledger in a message.
        migrations: All there are, from the first on.

    Raises:
        LedgerError: If it is of a later version.
    """
    if check(connection, where, migrations) == len(migrations):
        return  # opening a ledger again takes no lock and needs no right to make tables
    with connection.transaction():
        connection.execute("SELECT pg_advisory_xact_lock(%s)", (MIGRATING,))
        version = check(connection, where, migrations)  # another process may have been faster
        for each in migrations[version:]:
            connection.execute(each, prepare=False)
        if version < len(migrations):
            connection.execute("UPDATE epiguard_ledger SET version = %s", (len(migrations),))


def check(connection: psycopg.Connection[Any], where: str, migrations: Sequence[str] = MIGRATIONS) -> int:
    """The version of the ledger; 0 where there is none yet. Arguments and errors as of :func:`migrate`."""
    known = len(migrations)
    # Asked of the catalogue itself: a name that was looked up in vain is remembered until the transaction
    # ends, also where another process made the table meanwhile.
    row = connection.execute(
        "SELECT count(*) FROM pg_class WHERE relname = 'epiguard_ledger'"
        " AND relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())"
    ).fetchone()
    if row is None or not row[0]:
        return 0
    row = connection.execute("SELECT version FROM epiguard_ledger").fetchone()
    version = int(row[0]) if row is not None else 0
    if version > known:
        raise LedgerError(
            where,
            expected=f"a ledger of schema version {known} or before",
            got=f"version {version}",
            do="a later release of epiguard wrote it: install that release",
        )
    return version
