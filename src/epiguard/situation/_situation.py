"""What the rules may see: one frozen slice of the record, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime

import attrs

from epiguard.crossings import Crossing, Traveller
from epiguard.facts import Fact
from epiguard.fields import FrozenMapping
from epiguard.people import Household, Person, Relation, Relationship
from epiguard.places import Site
from epiguard.quarantine import QuarantinePeriod
from epiguard.registrations import Registration
from epiguard.situation._standing import NOTHING, Standing
from epiguard.situation._state import State

__all__ = ["Situation"]


@attrs.frozen(kw_only=True)
class Situation:
    """One frozen slice of the record: all that rules may see, and nothing else.

    Attributes:
        site: Where.
        at: The instant, in the site's zone.
        day: The site's day.
        standings: One per traveller, in the party's order; empty for a fact that is no crossing.
        counts: Named counts of the site, such as ``"inside"``.
    """

    site: Site
    at: datetime
    day: date
    standings: tuple[Standing, ...] = ()
    counts: Mapping[str, int] = attrs.field(default=NOTHING)
    people: Mapping[str, Person] = attrs.field(default=NOTHING, repr=False)
    households: Mapping[str, Household] = attrs.field(default=NOTHING, repr=False)
    relationships: Mapping[str, tuple[Relationship, ...]] = attrs.field(default=NOTHING, repr=False)
    periods: Mapping[str, tuple[QuarantinePeriod, ...]] = attrs.field(default=NOTHING, repr=False)
    registrations: Mapping[str, tuple[Registration, ...]] = attrs.field(default=NOTHING, repr=False)

    def person(self, person_id: str) -> Person | None:
        """A person in the slice: of the party, their households and their contacts."""
        return self.people.get(person_id)

    def household_of(self, person_id: str) -> Household | None:
        """The household of somebody in the slice."""
        return self.households.get(person_id)

    def related(self, person_id: str, relation: Relation) -> tuple[str, ...]:
        """Ids of the person's contacts of that relation today, in the order they were recorded."""
        return tuple(
            dict.fromkeys(
                each.contact
                for each in self.relationships.get(person_id, ())
                if each.relation is relation and each.holds_on(self.day)
            )
        )

    def periods_of(self, person_id: str) -> tuple[QuarantinePeriod, ...]:
        """The quarantine periods, in force at this instant, of somebody in the slice."""
        return tuple(each for each in self.periods.get(person_id, ()) if each.in_force(self.at))

    def forms_of(self, subject: str) -> tuple[Registration, ...]:
        """The forms of a person in the slice, or the form of a form's own subject."""
        return self.registrations.get(subject, ())

    @classmethod
    def of(cls, facts: Iterable[Fact], crossing: Crossing, *, site: Site) -> Situation:
        """Build the slice for a crossing from facts, for hosts with their own store.

        Args:
            facts: What happened, oldest first.
            crossing: What is asked.
            site: Where.
        """
        state = State(site)
        for fact in facts:
            state.apply(fact)
        return cls.cut(state, crossing)

    @classmethod
    def cut(cls, state: State, crossing: Crossing) -> Situation:
        """The slice for a crossing: its party, their households and their contacts."""
        at = state.site.local(crossing.at)
        wanted = [each.person for each in crossing.travellers if each.person is not None]
        wanted += [each.host for each in crossing.travellers if each.host is not None]
        standings = tuple(_standing(state, i, each, at) for i, each in enumerate(crossing.travellers))
        return attrs.evolve(cls.about(state, wanted, at), standings=standings)

    @classmethod
    def about(cls, state: State, subjects: Iterable[str], at: datetime) -> Situation:
        """The slice for a fact about some subjects, without standings."""
        day = state.site.day_of(at)
        people: dict[str, Person] = {}
        households: dict[str, Household] = {}
        relationships: dict[str, tuple[Relationship, ...]] = {}
        periods: dict[str, tuple[QuarantinePeriod, ...]] = {}
        forms: dict[str, tuple[Registration, ...]] = {}
        near = dict.fromkeys(subjects)
        for subject in list(near):
            home = state.households.get(state.household_of.get(subject, ""))
            if home is not None:
                households[subject] = home
                near.update(dict.fromkeys(home.members_on(day)))
            if subject in state.relationships:
                relationships[subject] = state.relationships[subject]
                near.update(dict.fromkeys(each.contact for each in relationships[subject]))
            if subject in state.forms_of:
                forms[subject] = tuple(state.registrations[each] for each in state.forms_of[subject])
        for subject in near:
            if subject in state.people and subject not in state.gone:
                people[subject] = state.people[subject]
            if subject in state.periods_of:
                periods[subject] = tuple(state.periods[each] for each in state.periods_of[subject])
        return cls(
            site=state.site,
            at=state.site.local(at),
            day=day,
            people=FrozenMapping(people),
            households=FrozenMapping(households),
            relationships=FrozenMapping(relationships),
            periods=FrozenMapping(periods),
            registrations=FrozenMapping(forms),
        )


def _standing(state: State, index: int, traveller: Traveller, at: datetime) -> Standing:
    person_id = traveller.person
    if person_id is None:
        form = traveller.registration
        return Standing(index=index, traveller=traveller, registrations=(form,) if form is not None else ())
    day = state.site.day_of(at)
    periods = [state.periods[each] for each in state.periods_of.get(person_id, ())]
    held = [state.passes[each] for each in state.passes_of.get(person_id, ())]
    shown = traveller.exit_pass
    return Standing(
        index=index,
        traveller=traveller,
        person=state.people.get(person_id) if person_id not in state.gone else None,
        household=state.households.get(state.household_of.get(person_id, "")),
        registrations=tuple(_handed_in(state, person_id, at)),
        periods=tuple(each for each in periods if each.in_force(at)),
        past_periods=tuple(each for each in periods if each.ends_at <= at),
        exit_pass=next(
            (each for each in held if day in each.valid and (shown is None or each.number == shown)), None
        ),
        leaves=tuple(each for each in state.leaves_of.get(person_id, ()) if at in each.span),
        crossings=tuple(each for each in state.crossings_of.get(person_id, ()) if each.day == day),
    )


def _handed_in(state: State, person_id: str, at: datetime) -> Iterator[Registration]:
    # A form that came later was not there when the gate asked for it.
    for form_id in state.forms_of.get(person_id, ()):
        form = state.registrations[form_id]
        if form.submitted_at is None or form.submitted_at <= at:
            yield form
