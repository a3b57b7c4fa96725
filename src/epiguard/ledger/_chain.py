"""The chain: one per writer, over envelopes that hold salted hashes of the payloads.

It shows that an entry was altered, taken out or moved. That entries were cut off at the end shows only
against a hash that was kept elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping

import attrs

from epiguard.fields import instance, whole
from epiguard.ledger._erasures import Erasures
from epiguard.ledger._order import is_covered
from epiguard.ledger._payload import canonical, digest
from epiguard.ledger._store import Stored

__all__ = ["GENESIS", "Head", "envelope_hash", "first_bad"]

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
    stamp: str,
) -> str:
    """SHA-256, in hexadecimal, of the hash before and the canonical envelope.

    The position is left out: it belongs to one store, and entries keep their hash wherever they go.
    """
    envelope = [
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
    if is_covered(stamp):
        envelope.append(stamp)
    text = canonical(envelope)
    return hashlib.sha256(f"{previous}{text}".encode()).hexdigest()


@attrs.frozen
class Head:
    """The last entry of a writer: its number and its hash. Kept elsewhere, it shows what was cut off."""

    sequence: int = attrs.field(validator=whole("Head.sequence", least=0, most=10**18))
    hash: str = attrs.field(validator=instance(str, "Head.hash"))


_FIRST = Head(0, GENESIS)


def first_bad(entries: Iterable[Stored], heads: Mapping[str, Head] | None = None) -> int | None:
    """The position of the first entry that is not as it was written, or not where it belongs.

    Payloads may be gone only where a fact of an erasure says so.

    Args:
        entries: All of a store, in order.
        heads: Of some writers, as they were exported before.

    Returns:
        The position, which is one after the last where an entry at a head or before it was cut off; nothing
        where all is well.
    """
    wanted = {writer: head for writer, head in (heads or {}).items() if head.sequence}
    found: dict[str, Head] = {}
    erasures = Erasures()
    bad: int | None = None
    position = 0
    for stored in entries:
        position = stored.position
        if not _follows(stored, found.get(stored.writer, _FIRST)):
            bad = position
            break
        found[stored.writer] = Head(stored.sequence, stored.hash)
        head = wanted.get(stored.writer)
        if head is not None and head.sequence == stored.sequence:
            if head.hash != stored.hash:
                bad = position
                break
            del wanted[stored.writer]
        erasures.see(stored)
    else:
        if wanted:
            bad = position + 1
    # What was erased without a word may stand before what is bad otherwise.
    return min((each for each in (erasures.first_unsaid(), bad) if each is not None), default=None)


def _follows(stored: Stored, head: Head) -> bool:
    digests = stored.digests.split(",") if stored.digests else []
    return (
        stored.sequence == head.sequence + 1
        and stored.previous == head.hash
        and len(digests) == len(stored.parts)
        and all(
            each.text is None
            or each.salt is None
            or digest(each.salt, each.subject, each.path, each.text) == expected
            for each, expected in zip(stored.parts, digests, strict=True)
        )
        and stored.hash == hash_of(stored)
    )


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
        stamp=stored.stamp,
    )
