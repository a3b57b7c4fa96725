"""Looking at a ledger without a policy, as an auditor does."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from epiguard.ledger._chain import ChainFault, Head, first_fault
from epiguard.ledger._opening import existing_store
from epiguard.ledger._reading import pages
from epiguard.ledger._store import Store

__all__ = ["heads", "verify"]


def verify(
    target: str | os.PathLike[str] | Store, kept: Mapping[str, Head] | None = None
) -> ChainFault | None:
    """The first entry that is not as it was written, as ``Ledger.verify`` says it.

    Args:
        target: The path of a ledger's file, the address of a PostgreSQL server, or a store.
        kept: What :func:`heads` gave once, kept elsewhere since.

    Raises:
        LedgerError: If there is no ledger or it cannot be read.
    """
    with _opened(target) as store:
        return first_fault(pages(store), kept)


def heads(target: str | os.PathLike[str] | Store) -> dict[str, Head]:
    """The last entry of every writer, as ``Ledger.heads`` gives it; else as :func:`verify`."""
    with _opened(target) as store:
        found = {each.writer: Head(each.sequence, each.hash) for each in pages(store)}
    return dict(sorted(found.items()))


@contextmanager
def _opened(target: str | os.PathLike[str] | Store) -> Iterator[Store]:
    store = existing_store(target, "ledger")
    try:
        yield store
    finally:
        if not isinstance(target, Store):
            store.close()
