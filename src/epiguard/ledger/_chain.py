"""The chain: one per writer, over envelopes that hold salted hashes of the payloads.

It shows that an entry was altered, taken out or moved. That entries were cut off at the end shows only
against a hash that was kept elsewhere.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from enum import Enum

import attrs

from epiguard.fields import instance, whole
from epiguard.ledger._erasures import Erasures
from epiguard.ledger._order import is_covered
from epiguard.ledger._payload import canonical, digest
from epiguard.ledger._store import Stored

__all__ = [
    "GENESIS",
    "ChainFault",
    "Head",
    "Problem",
    "envelope_hash",
    "first_fault",
    "follows",
    "is_whole",
]

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


class Problem(Enum):
    """What is wrong with an entry."""

    ALTERED = "altered"
    """It is not as it was written."""
    MISSING = "missing"
    """It was taken out, or another one stands in its place."""
    ERASED = "erased"
    """Its payload is gone, and no fact says why."""
    REWRITTEN = "rewritten"
    """It is whole, and not the one whose hash was kept elsewhere."""
    CUT_OFF = "cut-off"
    """It was there when the heads were exported; it and all that followed of its writer is gone."""


@attrs.frozen(kw_only=True)
class ChainFault:
    """The first entry that is not as it was written, or not where it belongs.

    Attributes:
        writer: Whose entry.
        sequence: Its number among the writer's.
        position: Where in the store it showed: the entry's place, that of the writer's next one where it is
            missing, and one after the last where it was cut off.
        problem: What is wrong.
    """

    writer: str
    sequence: int
    position: int
    problem: Problem

    @property
    def entry(self) -> str:
        """The id of the entry, as ``Entry.id``."""
        return f"{self.writer}-{self.sequence}"

    def __str__(self) -> str:
        return f"entry {self.entry} (position {self.position}): {self.problem.value}"


def first_fault(entries: Iterable[Stored], heads: Mapping[str, Head] | None = None) -> ChainFault | None:
    """The first entry that is not as it was written, or not where it belongs.

    Payloads may be gone only where a fact of an erasure or of a retention says so.

    Args:
        entries: All of a store, in order.
        heads: Of some writers, as they were exported before.

    Returns:
        What is wrong; nothing where all is well.
    """
    wanted = {writer: head for writer, head in (heads or {}).items() if head.sequence}
    found: dict[str, Head] = {}
    erasures = Erasures()
    fault: ChainFault | None = None
    position = 0
    for stored in entries:
        position = stored.position
        fault = _fault(stored, found) or _unlike(stored, wanted)
        if fault is not None:
            break
        found[stored.writer] = Head(stored.sequence, stored.hash)
        erasures.see(stored)
    else:
        for writer in sorted(wanted):
            last = found.get(writer, _FIRST).sequence
            fault = ChainFault(
                writer=writer, sequence=last + 1, position=position + 1, problem=Problem.CUT_OFF
            )
            break
    # What was erased without a word may stand before what is bad otherwise.
    unsaid = erasures.first_unsaid()
    if unsaid is not None and (fault is None or unsaid[0] < fault.position):
        position, (_, writer, sequence) = unsaid
        return ChainFault(writer=writer, sequence=sequence, position=position, problem=Problem.ERASED)
    return fault


def _fault(stored: Stored, found: Mapping[str, Head]) -> ChainFault | None:
    if not is_whole(stored):
        # Writer and number may be what was altered: the hash before it says whose it was.
        before = next(
            ((writer, head) for writer, head in found.items() if head.hash == stored.previous),
            (stored.writer, Head(max(stored.sequence - 1, 0), "")),
        )
        return ChainFault(
            writer=before[0],
            sequence=before[1].sequence + 1,
            position=stored.position,
            problem=Problem.ALTERED,
        )
    head = found.get(stored.writer, _FIRST)
    if not follows(stored, head):
        return ChainFault(
            writer=stored.writer,
            sequence=head.sequence + 1,
            position=stored.position,
            problem=Problem.MISSING,
        )
    return None


def _unlike(stored: Stored, wanted: dict[str, Head]) -> ChainFault | None:
    head = wanted.get(stored.writer)
    if head is None or head.sequence != stored.sequence:
        return None
    del wanted[stored.writer]
    if head.hash == stored.hash:
        return None
    return ChainFault(
        writer=stored.writer,
        sequence=stored.sequence,
        position=stored.position,
        problem=Problem.REWRITTEN,
    )


def follows(stored: Stored, head: Head | None) -> bool:
    """Whether an entry is the next one of its writer.

    Args:
        stored: The entry.
        head: The writer's last entry so far; nothing where there is none.
    """
    before = head or _FIRST
    return stored.sequence == before.sequence + 1 and stored.previous == before.hash


def is_whole(stored: Stored) -> bool:
    """Whether envelope and payload are as they were written, what was erased of the payload left aside."""
    digests = stored.digests.split(",") if stored.digests else []
    return (
        stored.hash == hash_of(stored)
        and len(digests) == len(stored.parts)
        and all(
            each.text is None
            or each.salt is None
            or digest(each.salt, each.subject, each.path, each.text) == expected
            for each, expected in zip(stored.parts, digests, strict=True)
        )
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
