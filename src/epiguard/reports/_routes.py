"""How to reach somebody: their phone, somebody else's who can tell them, or their door."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date

import attrs

from epiguard.duties import Duty, Route
from epiguard.identifiers import Residence
from epiguard.people import Person, Relation
from epiguard.reports._names import as_written, building_of, home_of, name_of, phones_of
from epiguard.situation import State

__all__ = ["Reach", "Routes"]

#: Whose phone may do where somebody has none, in this order (ours): who is nearest first.
_RELATIONS = (
    (Relation.GUARDIAN, "guardian"),
    (Relation.FAMILY, "family"),
    (Relation.LANDLORD, "landlord"),
    (Relation.TEAM_LEADER, "team-leader"),
    (Relation.EMPLOYER, "employer"),
)


@attrs.frozen(kw_only=True, repr=False)
class Reach:
    """How one duty's addressee is reached. It holds plain personal values and never shows itself.

    Attributes:
        who: Their name, as far as known.
        via: A code of the ``via`` words.
        phone: The number to call; blank for the door.
        phone_of: Whose number it is, where it is another person's.
        address: Their door, which stands beside every number in case nobody answers.
        order: Sorts by building and door.
    """

    who: str
    via: str
    phone: str = ""
    phone_of: str = ""
    address: str = ""
    order: tuple[str, int, str, int, str] = ("\uffff", 0, "", 0, "")


class Routes:
    """Finds a working route for duties.

    Args:
        state: The sum of the facts.
        day: Relations that hold on this day count.
        candidates: Form id to the ids of the people it may belong to, best first.
    """

    def __init__(self, state: State, day: date, candidates: Mapping[str, tuple[str, ...]]) -> None:
        self._state = state
        self._day = day
        self._candidates = candidates

    def to(self, duty: Duty) -> Reach:
        """The route to whom a duty addresses: its contact, else its subject.

        A contact of whom neither number nor door is known is reached through the subject, who knows them.
        """
        reach = self._to(duty.contact or duty.subject, duty)
        if reach.via != "none" or duty.contact is None:
            return reach
        through = self._to(duty.subject, duty)
        if through.via == "none":
            return reach
        return attrs.evolve(
            through,
            who=reach.who,
            via="subject",
            phone_of=(through.phone_of or through.who) if through.phone else "",
        )

    def _to(self, addressee: str, duty: Duty) -> Reach:
        if addressee.startswith("form:"):
            return self._to_form(addressee.removeprefix("form:"), duty.route)
        person = self._state.people.get(addressee)
        if person is not None:
            return self._to_person(person, duty.route)
        household = self._state.households.get(addressee)
        if household is not None:
            return self._at("", household.residence)
        place = next((each for each in self._state.site.checkpoints if each.id == addressee), None)
        name = (place.name or place.id) if place is not None else addressee
        return Reach(who=name, via="door" if place is not None else "none", address=name if place else "")

    def _at(self, who: str, home: Residence | None) -> Reach:
        address = home.value if home is not None else ""
        return Reach(who=who, via="door" if address else "none", address=address, order=building_of(home))

    def _to_person(self, person: Person, route: Route | None) -> Reach:
        at = self._at(name_of(person) or person.id, home_of(person, self._state, self._day))
        if route is Route.DOOR and at.address:
            return at
        own = phones_of(person)
        if own:
            return attrs.evolve(at, via="own-phone", phone=own)
        for other, via in self._others(person):
            phones = phones_of(other)
            if phones and other.id not in self._state.gone:
                return attrs.evolve(at, via=via, phone=phones, phone_of=name_of(other) or other.id)
        return at

    def _others(self, person: Person) -> Iterator[tuple[Person, str]]:
        people = self._state.people
        if person.guardian in people:
            yield people[person.guardian], "guardian"
        related = self._state.relationships.get(person.id, ())
        for relation, via in _RELATIONS[:2]:
            for each in related:
                if each.relation is relation and each.holds_on(self._day) and each.contact in people:
                    yield people[each.contact], via
        household = self._state.household_on(person.id, self._day)
        for member in household.members_on(self._day) if household is not None else ():
            if member != person.id and member in people:
                yield people[member], "household"
        for relation, via in _RELATIONS[2:]:
            for each in related:
                if each.relation is relation and each.holds_on(self._day) and each.contact in people:
                    yield people[each.contact], via

    def _to_form(self, form_id: str, route: Route | None) -> Reach:
        form = self._state.registrations.get(form_id)
        if form is None:
            return Reach(who=f"form:{form_id}", via="none")
        name = as_written(form, "name") or form.subject
        people = [
            found
            for each in (self._state.links.get(form_id, ""), *self._candidates.get(form_id, ()))
            if (found := self._state.people.get(each)) is not None
        ]
        if any(each.id in self._state.gone for each in people):
            return Reach(who=name, via="ask-first")  # whoever answers may be the bereaved
        address = as_written(form, "residence") or self._known_home(people)
        at = Reach(who=name, via="door" if address else "none", address=address, order=building_of(address))
        if route is Route.DOOR and address:
            return at
        written = as_written(form, "phone")
        if form.has_phone:
            return attrs.evolve(at, via="written-phone", phone=written)
        for each in people:
            if phones_of(each):
                via = "own-phone" if each.id == self._state.links.get(form_id) else "candidate"
                return attrs.evolve(at, via=via, phone=phones_of(each), phone_of=name_of(each))
        # Digits are missing; somebody may still make them out.
        return attrs.evolve(at, via="written-phone", phone=written) if written else at

    def _known_home(self, people: Iterable[Person]) -> str:
        homes = (home_of(each, self._state, self._day) for each in people)
        return next((home.value for home in homes if home is not None), "")
