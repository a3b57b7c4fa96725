"""Looking at a ledger without a policy, as an auditor does."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import date

from epiguard.ledger._chain import ChainFault, Head, first_fault
from epiguard.ledger._history import AsKnown, Past
from epiguard.ledger._history import history as past
from epiguard.ledger._opening import check_site, existing_store
from epiguard.ledger._reading import pages
from epiguard.ledger._store import Store
from epiguard.places import Site

__all__ = ["heads", "history", "verify"]


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


def history(
    target: str | os.PathLike[str] | Store,
    *,
    site: Site,
    as_known: AsKnown | str = "then",
    since: date | None = None,
    until: date | None = None,
) -> Iterator[Past]:
    """Every decided crossing, as ``Ledger.history`` gives it, in half the memory: nothing else is added up.

    Args:
        target: The path of a ledger's file, the address of a PostgreSQL server, or a store.
        site: Whose ledger it is.
        as_known: As of ``Ledger.history``, as are the others.
        since: The first day.
        until: The first day that is left out.

    Raises:
        InvalidValueError: If an argument is not what it should be.
        LedgerError: If there is no ledger, it is another site's, or it cannot be read.
    """
    reading = ExitStack()
    store = reading.enter_context(_opened(target))
    try:
        check_site(store, site.id)
        told = past(lambda: pages(store), site, as_known, since, until)
    except BaseException:
        reading.close()
        raise
    return _closing(told, reading)


def _closing(told: Iterator[Past], reading: ExitStack) -> Iterator[Past]:
    with reading:
        yield from told


@contextmanager
def _opened(target: str | os.PathLike[str] | Store) -> Iterator[Store]:
    store = existing_store(target, "ledger")
    try:
        yield store
    finally:
        if not isinstance(target, Store):
            store.close()
