"""Deleted rows leave a server's files only when no transaction can see them any more."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import psycopg

from epiguard.errors import LedgerError

__all__ = ["purge"]

#: For how many seconds older transactions are waited for, and how often it is asked.
PATIENCE, PAUSE = 60.0, 0.05

# Also of standbys that report what they read, and of transactions that were prepared and left.
_OLDER = """
    SELECT count(*) FROM (
        SELECT backend_xid AS seen FROM pg_stat_activity
            WHERE coalesce(datname, current_database()) = current_database() AND pid <> pg_backend_pid()
        UNION ALL
        SELECT backend_xmin FROM pg_stat_activity
            WHERE coalesce(datname, current_database()) = current_database() AND pid <> pg_backend_pid()
        UNION ALL
        SELECT xmin FROM pg_replication_slots
        UNION ALL
        SELECT transaction FROM pg_prepared_xacts WHERE database = current_database()
    ) AS others WHERE age(seen) > age(%s::text::xid)
"""

Run = Callable[[str, Sequence[Any]], "psycopg.Cursor[tuple[Any, ...]]"]


def purge(run: Run, where: str) -> None:
    """Write the tables of personal data anew, so that no dead row of them is left in their files.

    ``VACUUM FULL`` copies also dead rows that an open transaction of the same database may still look at.
    So it begins when none is left that is older than the deletion, whoever's it is.

    Args:
        run: Runs a statement, outside a transaction.
        where: Which ledger, for messages.

    Raises:
        LedgerError: If such a transaction does not end; what was deleted stays deleted, but is still in the
            files.
    """
    [(mark,)] = run("SELECT pg_current_xact_id()::xid::text", ()).fetchall()
    last = time.monotonic() + PATIENCE
    while True:
        [(older,)] = run(_OLDER, (mark,)).fetchall()
        if not older:
            break
        if time.monotonic() > last:
            raise LedgerError(
                where,
                expected=f"transactions of the same database that end within {PATIENCE:.0f} seconds",
                got=f"{older} that began before, and may still see what was erased",
                do="end them (pg_stat_activity, pg_prepared_xacts and pg_replication_slots list them) and "
                "erase or retain again; no query finds what was erased, but the server's files hold it",
            )
        time.sleep(PAUSE)
    run("VACUUM FULL epiguard_payload, epiguard_snapshot", ())
