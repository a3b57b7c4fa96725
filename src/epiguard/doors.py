"""Doors that open by card: whose card it was, as far as the register tells."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

import attrs

from epiguard.crossings import Role, Traveller
from epiguard.fields import FrozenMapping, frozen_mapping
from epiguard.identifiers import CardNumber
from epiguard.people import Household, Person

__all__ = ["CardHolders"]

_NOBODY: Mapping[CardNumber, str] = FrozenMapping()


@attrs.frozen(kw_only=True)
class CardHolders:
    """Who may have held a card to a door: a person, or one of a household that shares it.

    Attributes:
        persons: Cards that one person alone has, with the person's id.
        households: Cards that several people of one household have, with the household's id.
        nobodys: How many cards people of different households have; those tell nobody.
    """

    persons: Mapping[CardNumber, str] = attrs.field(default=_NOBODY, converter=frozen_mapping, repr=False)
    households: Mapping[CardNumber, str] = attrs.field(default=_NOBODY, converter=frozen_mapping, repr=False)
    nobodys: int = 0

    @classmethod
    def of(
        cls,
        people: Iterable[Person],
        households: Iterable[Household] = (),
        also: Iterable[tuple[CardNumber, str]] = (),
    ) -> CardHolders:
        """Look through the register.

        Args:
            people: Everybody, each with their cards.
            households: Who lives with whom, on whatever day.
            also: Further cards with a person's id each, such as those of a watch list.
        """
        holders: defaultdict[CardNumber, set[str]] = defaultdict(set)
        for card, person in (*((card, each.id) for each in people for card in each.cards), *also):
            holders[card].add(person)
        homes: defaultdict[str, set[str]] = defaultdict(set)
        for home in households:
            for member in home.members:
                homes[member.person].add(home.id)
        persons, shared, nobodys = {}, {}, 0
        for card, those in holders.items():
            common = set.intersection(*(homes.get(each, set()) for each in those))
            if len(those) == 1:
                persons[card] = min(those)
            elif common:
                shared[card] = min(common)
            else:
                nobodys += 1
        return cls(persons=persons, households=shared, nobodys=nobodys)

    def traveller(self, card: CardNumber | None, *, person: str | None = None) -> Traveller:
        """Whoever passed a door, as a traveller.

        That a card passed does not say who carried it.

        Args:
            card: The one that was read, if any.
            person: Whom the door itself names, as one that knows faces does; they come before the card's.
        """
        found = person
        if found is None and card is not None:
            found = self.persons.get(card)
        home = self.households.get(card) if found is None and card is not None else None
        known = found is not None or home is not None
        return Traveller(person=found, household=home, role=Role.RESIDENT if known else Role.VISITOR)
