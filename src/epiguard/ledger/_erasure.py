"""Erasing a person: payloads and salts go, envelopes and the chain over them stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import attrs

from epiguard.errors import UnknownIdError
from epiguard.facts import PersonErased
from epiguard.ledger._entry import Entry
from epiguard.ledger._indexes import Indexes
from epiguard.ledger._journal import Journal
from epiguard.situation import State

__all__ = ["Erasure", "erase"]


@attrs.frozen(kw_only=True)
class Erasure:
    """What was erased.

    Attributes:
        person: Whose.
        others: What went with them: the subjects of their forms, and households in which nobody else lives.
        parts: How many payloads; 0 where all was gone before.
        entry: The fact that is left; nothing where nothing was to be erased.
    """

    person: str
    others: tuple[str, ...] = ()
    parts: int = 0
    entry: Entry | None = None


def erase(  # noqa: PLR0913 - whose, why, by whom and when
    journal: Journal, indexes: Indexes, person: str, *, reason: str, by: str, recorded_at: datetime
) -> Erasure:
    """Erase everything personal about somebody; see ``Ledger.erase``."""
    with journal.whole("Ledger.erase"):
        erasure = journal.until_kept(
            lambda: _erase(journal, person, reason=reason, by=by, recorded_at=recorded_at)
        )
        # Also where nothing was left: the one before may have been interrupted here.
        journal.store.purge()
        indexes.compact({person, *erasure.others})
    return erasure


def _erase(journal: Journal, person: str, *, reason: str, by: str, recorded_at: datetime) -> Erasure:
    with journal.writing() as state:
        others = tuple(_others(state, person))
        fact = PersonErased(person=person, others=others, reason=reason)
        store, subjects = journal.store, fact.subjects
        positions = sorted({each for subject in subjects for each in store.about(subject)})
        if not positions and journal.erasures.until(person) is None:
            raise UnknownIdError(
                "Ledger.erase(person)",
                expected="somebody, or a form's subject, of whom something is on record",
                got="another id",
                do="take it from the register; a form's is 'form:' and its id",
            )
        parts = sum(journal.blank(each, subjects) for each in positions)
        entry = journal.append(fact, by=by, recorded_at=recorded_at) if positions else None
        journal.add_up_again()
    return Erasure(person=person, others=others, parts=parts, entry=entry)


def _others(state: State, person: str) -> Iterator[str]:
    yield from (each for each in state.known_as(person) if each != person)
    for home in state.households.values():
        members = {each.person for each in home.members}
        if person in members and not any(each in state.people for each in members - {person}):
            yield home.id
