"""Whom the ledger holds nothing of any more, so that what was derived from it can be told."""

from __future__ import annotations

from epiguard.facts import HouseholdRecorded, PersonChanged, PersonEnrolled, Registered
from epiguard.ledger._journal import PAGE, Journal

__all__ = ["forgotten"]

#: The facts that put somebody on record; a form may also come with a crossing.
_NAMING = frozenset(each.kind for each in (HouseholdRecorded, PersonChanged, PersonEnrolled, Registered))
_FORM = "form:"


def forgotten(journal: Journal) -> set[str]:
    """People, forms and households that were erased or let go, and are not on record again.

    Erasures are known by heart; for what was let go because its time was over all entries are gone through,
    where anything was.
    """
    with journal.reading() as state:
        gone = set(journal.erasures.subjects)
        after = 0 if any(True for _ in journal.erasures.expired()) else journal.position
        while page := journal.store.after(after, PAGE):
            after = page[-1].position
            gone.update(
                part.subject
                for stored in page
                for part in stored.parts
                if part.erased and (stored.kind in _NAMING or part.subject.startswith(_FORM))
            )
        return gone.difference(
            state.people, state.households, (each.subject for each in state.registrations.values())
        )
