"""A watched person's card, face or room passed a door: an alert, and somebody finds out who it was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import timedelta

import attrs

from epiguard import (
    Alert,
    CardNumber,
    CheckpointKind,
    Crossing,
    CrossingObserved,
    Direction,
    Duty,
    Fact,
    Person,
    Residence,
    Situation,
    Standing,
    WatchListed,
)
from epiguard.rules import Rule, hookimpl

__all__ = ["RoomAndCards", "WatchedPassing", "room_and_cards"]

_WAYS = {
    Direction.IN: {"zh": "进入", "en": "inward"},
    Direction.OUT: {"zh": "外出", "en": "outward"},
}


@attrs.frozen(kw_only=True)
class RoomAndCards:
    """Where a watched person lives and which cards are theirs; the values show themselves masked."""

    room: Residence | None = None
    cards: tuple[CardNumber, ...] = ()


def room_and_cards(
    alert: Alert, people: Iterable[Person], watches: Iterable[WatchListed] = ()
) -> RoomAndCards:
    """Look up the room and the cards an alert is about, for whoever may see the register.

    The alert itself carries pseudonyms, because alerts are sent on, listed and logged.

    Args:
        alert: Its subject is the watched person.
        people: The register, such as ``ledger.people()``.
        watches: Entries of the list; one may name a card that the register does not know.
    """
    found = next((each for each in people if each.id == alert.subject), None)
    listed = (each.card for each in watches if each.person == alert.subject and each.card is not None)
    cards = dict.fromkeys((*(found.cards if found is not None else ()), *listed))
    return RoomAndCards(room=found.residence if found is not None else None, cards=tuple(cards))


@attrs.frozen
class WatchedPassing(Rule):
    """Raises an alert for every passing of a watched person, their room or their car, in or out.

    A card alert says that the card passed, not who carried it: a duty asks somebody to find out, and what
    follows, a quarantine for example, is ordered by a named person. Nothing is locked. Under leave no alert
    is raised, nor once the watch is over (ours). Whose card it was :class:`epiguard.CardHolders` tells; one
    that a room shares, or a card that only the watch list knows, counts too.

    An alert's subject is the watched person and its ``basis`` the room's household; :func:`room_and_cards`
    looks up the rest.

    Attributes:
        rooms: Whether those who share the room, and a card that they share, count as well; the alert is about
            the watched person.
        gates: Whether guarded gates count beside the doors; a guard who sees the person needs no alert.
        within_minutes: When it must be found out who it was; 60 is ours.
    """

    source = (
        "Meilong town newsletter, February 2020, grid centre: "
        "重点关注房号、门禁卡等,做到第一时间发现、报备,并实施隔离等措施"
    )

    rooms: bool = True
    gates: bool = False
    within_minutes: int = attrs.field(
        default=60, validator=[attrs.validators.ge(5), attrs.validators.le(1440)]
    )

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> Iterator[Alert | Duty]:
        """Look at each traveller of a crossing that was observed, and at those who share their room."""
        if not isinstance(fact, CrossingObserved):
            return
        crossing = fact.crossing
        door = situation.site.checkpoint(crossing.checkpoint)
        if door.kind is not CheckpointKind.DOOR and not self.gates:
            return
        said: dict[str, tuple[str, str | None]] = {}
        for standing in situation.standings:
            room = standing.household.id if standing.household is not None else None
            for person, kind in self._watched(standing, situation):
                if kind == "watched-passing" or person not in said:
                    said[person] = (kind, room)
        if crossing.vehicle is not None and crossing.vehicle.plate is not None:
            for watch in situation.watches_for(crossing.vehicle.plate):
                said.setdefault(watch.person, ("watched-car", None))
        for person, (kind, room) in said.items():
            yield from self._raised(kind, person, room, crossing, situation)

    def _watched(self, standing: Standing, situation: Situation) -> Iterator[tuple[str, str]]:
        if standing.subject is not None and standing.watches:
            if not standing.leaves:
                yield standing.subject, "watched-passing"
        elif self.rooms and standing.household is not None:
            for other in standing.household.members_on(situation.day):
                if situation.watches_of(other):
                    yield other, "watched-room"

    def _raised(
        self, kind: str, person: str, room: str | None, crossing: Crossing, situation: Situation
    ) -> Iterator[Alert | Duty]:
        door = situation.site.checkpoint(crossing.checkpoint)
        words: dict[str, str | Mapping[str, str]] = {
            "door": door.name or door.id,
            "way": _WAYS[crossing.direction],
        }
        yield Alert(
            kind=kind,
            subject=person,
            at=crossing.at,
            checkpoint=door.id,
            basis=room,
            source=self.source,
            texts=self.words(f"alert-{kind}", **words),
        )
        yield Duty(
            kind="find-out-who-passed",
            subject=person,
            due=crossing.at + timedelta(minutes=self.within_minutes),
            basis=f"{door.id}:{crossing.at.isoformat()}",
            source=self.source,
            texts=self.words("duty-find-out-who-passed", **words),
        )
