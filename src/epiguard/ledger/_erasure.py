"""Erasing people: payloads and salts go, envelopes and the chain over them stay."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

import attrs

from epiguard.errors import UnknownIdError
from epiguard.facts import PersonErased
from epiguard.ledger._entry import Entry
from epiguard.ledger._indexes import Indexes
from epiguard.ledger._journal import Journal
from epiguard.situation import State

__all__ = ["Erasure", "erase_all"]


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


def erase_all(
    journal: Journal, indexes: Indexes, reasons: Mapping[str, str], *, by: str, recorded_at: datetime
) -> list[Erasure]:
    """Erase everything personal about some people; see ``Ledger.erase_all``."""
    with journal.whole("Ledger.erase"):
        erasures = journal.until_kept(lambda: _erase_all(journal, reasons, by=by, recorded_at=recorded_at))
        if erasures:
            # Also where nothing was left: the one before may have been interrupted here.
            try:
                journal.store.purge()
            finally:  # a store that is not clean yet keeps nobody in the indexes
                indexes.compact({subject for each in erasures for subject in (each.person, *each.others)})
    return erasures


def _erase_all(
    journal: Journal, reasons: Mapping[str, str], *, by: str, recorded_at: datetime
) -> list[Erasure]:
    erasures: list[Erasure] = []
    gone: set[str] = set()
    with journal.writing() as state:
        for person, reason in reasons.items():
            others = _others(state, person, gone)
            gone.update((person, *others))
            fact = PersonErased(person=person, others=others, reason=reason)
            positions = sorted({each for subject in fact.subjects for each in journal.store.about(subject)})
            if not positions and journal.erasures.until(person) is None:
                raise _unknown(len(erasures), len(reasons))
            parts = sum(journal.blank(each, fact.subjects) for each in positions)
            entry = journal.append(fact, by=by, recorded_at=recorded_at) if positions else None
            erasures.append(Erasure(person=person, others=others, parts=parts, entry=entry))
        # Only now: what was blanked still stands in the state that the others are looked up in.
        journal.add_up_again()
    return erasures


def _unknown(place: int, of: int) -> UnknownIdError:
    return UnknownIdError(
        "Ledger.erase(person)",
        expected="somebody, or a form's subject, of whom something is on record",
        got="another id" if of == 1 else f"another id, number {place + 1} of {of}",
        do="take it from the register; a form's is 'form:' and its id; nobody was erased",
    )


def _others(state: State, person: str, gone: Collection[str]) -> tuple[str, ...]:
    """What goes with somebody: their forms, and households in which nobody else lives.

    Args:
        state: As it was before anybody was erased.
        person: Who goes.
        gone: What went before them in the same transaction.
    """
    names = state.known_as(person)
    going = {*names, *gone}
    homes = dict.fromkeys(home for name in names for home in state.homes_of.get(name, ()))
    left = (
        home
        for home in homes
        if not any(
            each.person in state.people for each in state.households[home].members if each.person not in going
        )
    )
    return tuple(each for each in (*names, *left) if each != person and each not in gone)
