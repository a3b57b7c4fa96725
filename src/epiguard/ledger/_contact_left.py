"""When a contact dies or moves away nobody calls their number, and nobody drops off the list for it."""

from __future__ import annotations

from collections.abc import Iterator

from epiguard.duties import Duty, DutyState, Route
from epiguard.facts import Fact, PersonLeft
from epiguard.situation import State

__all__ = ["visits_instead"]


def visits_instead(fact: Fact, state: State) -> list[Duty]:
    """The door visits that stand in for the open duties which a contact's leaving closes.

    Args:
        fact: What is about to be recorded.
        state: The facts before it.
    """
    return list(_visits(fact, state)) if isinstance(fact, PersonLeft) else []


def _visits(fact: PersonLeft, state: State) -> Iterator[Duty]:
    names = state.known_as(fact.person)
    for duty_id in dict.fromkeys(each for name in names for each in state.duties_of.get(name, ())):
        status = state.duties[duty_id]
        about = state.known_as(status.subject)[0]
        if status.state is not DutyState.OPEN or status.subject in names or about in state.gone:
            continue
        yield Duty(
            kind="door-visit",
            subject=status.subject,
            basis=duty_id,
            due=status.due,
            route=Route.DOOR,
            assignee=status.assignee,
            source=status.duty.source,
            texts={
                "zh": "原联系人已去世或迁出:改为上门联系本人",
                "en": "the contact died or moved away: visit the door instead",
            },
        )
