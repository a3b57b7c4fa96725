"""Entries to try a store with."""

from __future__ import annotations

import json
from collections.abc import Sequence

import attrs

from epiguard.ledger import Store, Stored, StoredPart

__all__ = ["append", "positions", "stored_entry", "write"]


def stored_entry(  # noqa: PLR0913 - each is something a store looks at
    position: int,
    *,
    writer: str = "main",
    sequence: int | None = None,
    key: str | None = None,
    stamp: int | None = None,
    subjects: tuple[str, str] = ("p-1", "p-2"),
    claims: Sequence[str] = (),
) -> Stored:
    """An entry as the ledger would hand it to a store: an invented fact about two invented people.

    Args:
        position: Where it stands.
        writer: Who wrote it.
        sequence: Its number among the writer's; default its position.
        key: The caller's key, if any.
        stamp: Its place among the entries of all writers; default its position.
        subjects: Whose its two parts are.
        claims: What it claims.
    """
    count = position if stamp is None else stamp
    return Stored(
        position=position,
        writer=writer,
        sequence=sequence or position,
        kind="person-left",
        version=1,
        subjects='["p-1","p-2"]',
        occurred_at=None,
        recorded_at="2020-02-14T04:00:00.000000+00:00",
        by="cadre-3",
        key=key,
        claims=json.dumps(list(claims)),
        digests="",
        previous="0" * 64,
        hash=f"{position:064x}",
        parts=(
            StoredPart(subjects[0], "", '{"原因":"搬走","quote":"\\"\\\\\\u0000"}', bytes(range(16))),
            StoredPart(subjects[1], "a.b", "[]", b"\x00\xff" * 8),
        ),
        stamp=f"2020-02-14T04:00:00.000000+00:00/{count:09d}",
    )


def write(store: Store, *entries: Stored, claims: Sequence[str] = ()) -> None:
    """One transaction: the entries, each with the claims."""
    store.begin()
    for each in entries:
        append(store, each, claims)
    store.commit()


def append(store: Store, entry: Stored, claims: Sequence[str] = ()) -> None:
    """Append an entry with its claims, which its envelope names."""
    store.append(attrs.evolve(entry, claims=json.dumps(list(claims))), claims)


def positions(store: Store, after: int = 0) -> list[int]:
    """The positions after one, up to a thousand of them."""
    return [each.position for each in store.after(after, 1000)]
