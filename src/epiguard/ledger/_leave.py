"""Leave that was recorded after somebody went out: what their exit used up is given back."""

from __future__ import annotations

from datetime import datetime

import attrs

from epiguard.facts import CrossingDecided, DutyClosed, LeaveGranted
from epiguard.ledger._admission import owed_for_passing
from epiguard.ledger._follow_up import BY_LEDGER
from epiguard.ledger._journal import Journal
from epiguard.situation import State

__all__ = ["Covered", "covered", "give_back"]


@attrs.frozen
class Covered:
    """A crossing that leave covers, decided before the leave was recorded.

    Attributes:
        person: Who has leave.
        decision: The id of the decision.
        freed: The claims that leave frees.
    """

    person: str
    decision: str
    freed: tuple[str, ...]


def covered(state: State, leave: LeaveGranted) -> list[Covered]:
    """The decided crossings that leave covers, of the fourteen days that are looked back on.

    Args:
        state: Before the leave is added.
        leave: That is recorded now.
    """
    person = state.known_as(leave.person)[0]
    return [
        Covered(person, past.decision, past.leave_frees)
        for past in state.crossings_of.get(person, ())
        if past.decision is not None and past.at in leave.span and not state.leaves_on(person, past.at)
    ]


def give_back(journal: Journal, crossings: list[Covered], recorded_at: datetime) -> None:
    """Free what they claimed and close what they owed for passing, as if leave had been there before.

    What is owed or claimed for safety stays. So do the alerts: somebody looks at them, and finds the leave.
    """
    for each in crossings:
        entry = journal.entry(each.decision)
        if entry is None or not isinstance(entry.fact, CrossingDecided):
            continue
        store = journal.store
        held = [claim for claim in entry.claims if store.holder(claim) == entry.position]
        if not set(held).isdisjoint(each.freed):
            store.release(entry.position)
            for claim in held:
                if claim not in each.freed:
                    store.hold(claim, entry.position)
        decision = entry.fact.decision
        places = [
            place
            for place, traveller in enumerate(decision.crossing.travellers)
            if traveller.person == each.person
        ]
        for place in places:
            for duty in owed_for_passing(journal, entry, decision, place):
                closing = DutyClosed(duty=duty, reason="they had leave")
                journal.append(closing, by=BY_LEDGER, recorded_at=recorded_at)
