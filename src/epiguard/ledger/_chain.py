"""The chain: one per writer, over envelopes that hold salted hashes of the payloads.

It shows that an entry was altered, taken out or moved. That entries were cut off at the end shows only
against a hash that was kept elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from epiguard.ledger._payload import canonical, digest
from epiguard.ledger._store import Stored

__all__ = ["GENESIS", "envelope_hash", "first_bad"]

#: What stands before a writer's first entry.
GENESIS = "0" * 64


def envelope_hash(  # noqa: PLR0913 - every one is a part of the envelope
    previous: str,
    *,
    writer: str,
    sequence: int,
    kind: str,
    version: int,
    subjects: str,
    occurred_at: str | None,
    recorded_at: str,
    by: str,
    key: str | None,
    claims: str,
    digests: str,
) -> str:
    """SHA-256, in hexadecimal, of the hash before and the canonical envelope.

    The position is left out: it belongs to one store, and entries keep their hash wherever they go.
    """
    text = canonical(
        [
            writer,
            sequence,
            kind,
            version,
            subjects,
            occurred_at,
            recorded_at,
            by,
            key,
            claims,
            digests,
        ]
    )
    return hashlib.sha256(f"{previous}{text}".encode()).hexdigest()


def first_bad(entries: Iterable[Stored]) -> int | None:
    """The position of the first entry that is not as it was written, or not where it belongs.

    Args:
        entries: All of a store, in order.

    Returns:
        The position; nothing where all is well.
    """
    heads: dict[str, tuple[int, str]] = {}
    for stored in entries:
        sequence, previous = heads.get(stored.writer, (0, GENESIS))
        digests = ",".join(digest(each.salt, each.subject, each.path, each.text) for each in stored.parts)
        whole = (
            stored.sequence == sequence + 1
            and stored.previous == previous
            and stored.digests == digests
            and stored.hash == hash_of(stored)
        )
        if not whole:
            return stored.position
        heads[stored.writer] = (stored.sequence, stored.hash)
    return None


def hash_of(stored: Stored) -> str:
    """What an entry's hash must be."""
    return envelope_hash(
        stored.previous,
        writer=stored.writer,
        sequence=stored.sequence,
        kind=stored.kind,
        version=stored.version,
        subjects=stored.subjects,
        occurred_at=stored.occurred_at,
        recorded_at=stored.recorded_at,
        by=stored.by,
        key=stored.key,
        claims=stored.claims,
        digests=stored.digests,
    )
