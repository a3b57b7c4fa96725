"""Entries: a fact in its envelope, and the way it takes into a store and back."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

import attrs

from epiguard.errors import LedgerError, PlainDataError, kind_of
from epiguard.facts import FACT_KINDS, Fact
from epiguard.fields import FrozenMapping
from epiguard.ledger._chain import envelope_hash
from epiguard.ledger._cutting import cut
from epiguard.ledger._instants import to_text
from epiguard.ledger._order import stamp_after
from epiguard.ledger._payload import SALT_BYTES, Part, digest, join, mend
from epiguard.ledger._store import Stored, StoredPart
from epiguard.ledger._writing import writer_of
from epiguard.plain import PLAIN_VERSION, from_plain

__all__ = ["Entry", "ErasedFact", "UnknownFact", "pack", "unpack"]

_names = writer_of(tuple[str, ...])


class _Unread(FrozenMapping[str, Any]):
    """Plain data that nobody here can read: any of it may be personal, so that only its size shows."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{len(self)} fields>"


@attrs.frozen(kw_only=True)
class UnknownFact(Fact):
    """A fact of a kind that this release, with the plug-ins now loaded, does not know.

    It is kept as it was written, and handed on; the situation passes it over.

    Attributes:
        name: Its kind in the record.
        version: The version of its plain data.
        data: Its plain data; it never shows in a message or a log.
        about: The pseudonymous ids it is about.
    """

    name: str
    version: int
    data: Mapping[str, Any] = attrs.field(converter=_Unread, repr=False)
    about: tuple[str, ...] = ()

    @property
    def subjects(self) -> tuple[str, ...]:
        """As its envelope says."""
        return self.about


@attrs.frozen(kw_only=True)
class ErasedFact(Fact):
    """A fact whose content was erased: that it was recorded is all that is left, and it adds up to nothing.

    Attributes:
        name: Its kind in the record.
        about: The pseudonymous ids it was about.
    """

    name: str
    about: tuple[str, ...] = ()

    @property
    def subjects(self) -> tuple[str, ...]:
        """As its envelope says."""
        return self.about


# They stand for other kinds and are none themselves: they are never written.
FACT_KINDS.pop(UnknownFact.kind, None)
FACT_KINDS.pop(ErasedFact.kind, None)


@attrs.frozen(kw_only=True)
class Entry:
    """A fact as recorded: who, when, in which place of which chain.

    Attributes:
        position: Where it stands in this store; for ``Ledger.facts(after=...)``.
        writer: The ledger that wrote it.
        sequence: Its number among the writer's entries, from 1, without gaps.
        kind: The fact's kind.
        subjects: The pseudonymous ids it is about.
        occurred_at: When it happened; nothing where that is unknown.
        recorded_at: When it was recorded, in UTC.
        by: Who recorded it; ``"ledger"`` for what follows from another fact.
        key: The caller's key, if any.
        claims: What it claimed, also where that was released since.
        fact: What happened.
        previous: The hash of the writer's entry before.
        hash: The hash of this one.
        erased: Whether some of its content was erased.
    """

    position: int
    writer: str
    sequence: int
    kind: str
    subjects: tuple[str, ...]
    occurred_at: datetime | None
    recorded_at: datetime
    by: str
    key: str | None = None
    claims: tuple[str, ...] = ()
    fact: Fact = attrs.field(repr=False)
    previous: str = attrs.field(repr=False)
    hash: str = attrs.field(repr=False)
    erased: bool = False

    @property
    def id(self) -> str:
        """The same in every store: writer and sequence."""
        return f"{self.writer}-{self.sequence}"


def pack(  # noqa: PLR0913 - every one is a part of the envelope
    fact: Fact,
    *,
    position: int,
    writer: str,
    sequence: int,
    subjects: tuple[str, ...],
    recorded_at: datetime,
    by: str,
    key: str | None,
    claims: tuple[str, ...],
    previous: str,
    latest: str,
) -> Stored:
    """A fact as it is kept; ``latest`` is the latest stamp in the ledger.

    Raises:
        PlainDataError: If the fact's data are not plain or its ``parts`` name no list.
    """
    owner = subjects[0] if subjects else ""
    parts = []
    digests = []
    for subject, path, text in cut(fact, owner=owner, entry=f"{writer}-{sequence}"):
        salt = secrets.token_bytes(SALT_BYTES)
        parts.append(StoredPart(subject, path, text, salt))
        digests.append(digest(salt, subject, path, text))
    now = to_text(recorded_at)
    envelope: dict[str, Any] = {
        "writer": writer,
        "sequence": sequence,
        "kind": fact.kind,
        "version": PLAIN_VERSION,
        "subjects": _names(subjects),
        "occurred_at": to_text(fact.at) if fact.at is not None else None,
        "recorded_at": now,
        "by": by,
        "key": key,
        "claims": _names(claims),
        "digests": ",".join(digests),
        "stamp": stamp_after(latest, now),
    }
    return Stored(
        position=position,
        previous=previous,
        hash=envelope_hash(previous, **envelope),
        parts=tuple(parts),
        **envelope,
    )


def unpack(stored: Stored) -> Entry:
    """The entry that was kept.

    Raises:
        LedgerError: If the record is damaged.
        PlainDataError: If the fact is of a known kind but of a later version, or does not fit its kind.
    """
    where = f"ledger entry {stored.writer}-{stored.sequence}"
    try:
        parts: list[Part] = [each.plain() for each in stored.parts]
        subjects = tuple(json.loads(stored.subjects))
        claims = tuple(json.loads(stored.claims))
        recorded_at = datetime.fromisoformat(stored.recorded_at)
        occurred_at = datetime.fromisoformat(stored.occurred_at) if stored.occurred_at is not None else None
    except (TypeError, ValueError):
        raise _damaged(where, "something else") from None
    if not parts:
        raise _damaged(where, "no payload")
    return envelop(stored, _fact(stored, subjects, occurred_at, parts), subjects, recorded_at, claims)


def _damaged(where: str, got: str) -> LedgerError:
    return LedgerError(
        where, expected="an entry as it was written", got=got, do="restore the ledger from a backup"
    )


def _fact(stored: Stored, subjects: tuple[str, ...], at: datetime | None, parts: list[Part]) -> Fact:
    if parts[0].erased:
        return ErasedFact(name=stored.kind, about=subjects, at=at)
    data = join(parts)
    kind = FACT_KINDS.get(stored.kind)
    if kind is None:
        if not isinstance(data, Mapping):
            raise _damaged(f"ledger entry {stored.writer}-{stored.sequence}", kind_of(data))
        return UnknownFact(name=stored.kind, version=stored.version, data=data, about=subjects, at=at)
    erased = any(each.erased for each in parts)
    if erased:
        data = mend(data, kind.parts, kind.blanks)
    try:
        fact: Fact = from_plain({"type": stored.kind, "version": stored.version, "data": data})
    except PlainDataError:
        if not erased:
            raise
        return ErasedFact(name=stored.kind, about=subjects, at=at)  # what is left makes no fact any more
    return fact


def envelop(
    stored: Stored,
    fact: Fact,
    subjects: tuple[str, ...],
    recorded_at: datetime,
    claims: tuple[str, ...],
) -> Entry:
    """The entry of a stored fact whose parts are at hand."""
    return Entry(
        position=stored.position,
        writer=stored.writer,
        sequence=stored.sequence,
        kind=stored.kind,
        subjects=subjects,
        occurred_at=fact.at,
        recorded_at=recorded_at,
        by=stored.by,
        key=stored.key,
        claims=claims,
        fact=fact,
        previous=stored.previous,
        hash=stored.hash,
        erased=any(part.erased for part in stored.parts),
    )
