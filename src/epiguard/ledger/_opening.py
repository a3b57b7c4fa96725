"""From what a host names to a store."""

from __future__ import annotations

import os
from pathlib import Path

from epiguard.errors import LedgerError, kind_of
from epiguard.ledger._memory import MemoryStore
from epiguard.ledger._sqlite import SqliteStore
from epiguard.ledger._store import Store

__all__ = ["check_site", "existing_store", "store_for"]

_SERVERS = ("postgresql://", "postgres://")


def store_for(target: str | os.PathLike[str] | Store, where: str = "Ledger.open(target)") -> Store:
    """The store a host named; a file is made where there is none.

    Raises:
        LedgerError: If it is no name of a store, or cannot be opened.
    """
    if isinstance(target, Store):
        return target
    if not isinstance(target, str | os.PathLike) or not os.fspath(target):
        raise LedgerError(
            where,
            expected="the path of a file, the address of a PostgreSQL server, ':memory:' or a store",
            got=kind_of(target),
            do="for example Ledger.open('site.db', policy=policy)",
        )
    text = str(os.fspath(target))
    if text == ":memory:":
        return MemoryStore()
    if text.startswith(_SERVERS):
        return _postgresql(text, where)
    return SqliteStore(target)


def existing_store(target: str | os.PathLike[str] | Store, where: str) -> Store:
    """The store a host named, where something is kept there already: a slip in a path makes no new ledger.

    Raises:
        LedgerError: If there is none, or it cannot be opened.
    """
    if isinstance(target, str | os.PathLike) and not str(os.fspath(target)).startswith(_SERVERS):
        path = Path(os.fspath(target))
        if not path.is_file():
            raise LedgerError(
                where,
                expected="the file of a ledger, or the address of a PostgreSQL server",
                got=f"{path.name!r}, where there is no file",
                do="check the path",
            )
    return store_for(target, where)


def _postgresql(address: str, where: str) -> Store:
    try:
        import psycopg  # noqa: F401, PLC0415 - an extra; asked first, so that no fault of ours is taken for it
    except ImportError:
        raise LedgerError(
            where,
            expected="psycopg 3 and its libpq to be installed, for a ledger on PostgreSQL",
            got="an environment without them",
            do="pip install 'epiguard[postgresql]'",
        ) from None
    from epiguard.ledger._postgresql import PostgresqlStore  # noqa: PLC0415 - it needs the extra

    return PostgresqlStore(address)


def check_site(store: Store, site: str) -> None:
    """Refuse a store of another site: two in one record would decide by each other's people and forms.

    Raises:
        LedgerError: If it is another's.
    """
    owner = store.belong_to(site)
    if owner != site:
        raise LedgerError(
            "Ledger.open(policy=)",
            expected=f"the policy of site {owner!r}, whose ledger this is",
            got=f"the policy of site {site!r}",
            do="open the ledger of that site, or a new file; for epiguard day name another folder with --out",
        )
