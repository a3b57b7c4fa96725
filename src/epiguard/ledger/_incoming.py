"""What another ledger holds that this one does not: read, checked, and ready to be taken over."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from epiguard.errors import LedgerError
from epiguard.facts import MatchConfirmed, MatchFound, MatchRejected, Registered
from epiguard.ledger._chain import Head, first_fault
from epiguard.ledger._store import Stored, StoredPart

__all__ = ["Incoming", "links", "two_histories", "without"]

_WHERE = "Ledger.merge(other)"


@attrs.frozen
class Incoming:
    """The entries of another ledger that were not here, and where its writers stood.

    Attributes:
        entries: Writer by writer in the order of their numbers.
        heads: The last entry of each of its writers.
    """

    entries: tuple[Stored, ...]
    heads: Mapping[str, Head]

    @classmethod
    def read(cls, entries: Iterable[Stored], known: Mapping[str, Head]) -> Incoming:
        """Read all of another ledger.

        Args:
            entries: All of its entries, in order.
            known: The heads of this one.

        Raises:
            LedgerError: If one of its entries was altered, taken out or moved, or it tells another history of
                a writer than this ledger.
        """
        new: list[Stored] = []
        heads: dict[str, Head] = {}

        def passing() -> Iterator[Stored]:
            for stored in entries:
                heads[stored.writer] = Head(stored.sequence, stored.hash)
                mine = known.get(stored.writer)
                if mine is None or stored.sequence > mine.sequence:
                    new.append(stored)
                elif stored.sequence == mine.sequence and stored.hash != mine.hash:
                    raise two_histories(stored.writer)
                yield stored

        fault = first_fault(passing())
        if fault is not None:
            raise LedgerError(
                _WHERE,
                expected="a ledger whose chains are whole",
                got=f"one with a fault: {fault}",
                do="find out who changed it; nothing was merged",
            )
        return cls(tuple(new), heads)


def two_histories(writer: str) -> LedgerError:
    """The error for two ledgers in which one writer wrote different things."""
    return LedgerError(
        _WHERE,
        expected=f"the entries of writer {writer!r} to be the same in both, as far as both have them",
        got="two histories of one writer",
        do="open ledgers that are to be merged with a writer each, Ledger.open(..., writer='north'); "
        "nothing was merged",
    )


def links(stored: Stored) -> Iterator[tuple[str, str, bool]]:
    """Whose forms an entry says there are: the form's subject, the person, and whether it is so."""
    if stored.kind in (MatchFound.kind, MatchConfirmed.kind, MatchRejected.kind):
        person, form = json.loads(stored.subjects)[:2]
        yield form, person, stored.kind != MatchRejected.kind
        return
    for part in stored.parts:
        if part.text is None or not (stored.kind == Registered.kind or part.subject.startswith("form:")):
            continue
        for form in _forms(json.loads(part.text)):
            if isinstance(form.get("person"), str):
                yield f"form:{form.get('id')}", form["person"], True


def _forms(data: Any) -> Iterator[Mapping[str, Any]]:  # noqa: ANN401 - plain data is of any type
    if isinstance(data, Mapping):
        form = data.get("registration")
        if isinstance(form, Mapping):
            yield form
        for each in data.values():
            yield from _forms(each)
    elif isinstance(data, list):
        for each in data:
            yield from _forms(each)


def without(stored: Stored, gone: Iterable[bool]) -> Stored:
    """An entry without text and salt of some of its parts.

    Args:
        stored: The entry.
        gone: For each part, whether it goes.
    """
    parts = tuple(
        StoredPart(part.subject, part.path, None, None) if goes else part
        for part, goes in zip(stored.parts, gone, strict=True)
    )
    return attrs.evolve(stored, parts=parts)
