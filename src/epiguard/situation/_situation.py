"""What the rules may see: one frozen slice of the record, and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

import attrs

from epiguard.crossings import Crossing, Traveller
from epiguard.days import to_utc
from epiguard.facts import CrossingDecided, CrossingObserved, Fact, WatchListed
from epiguard.fields import FrozenMapping, as_instances, frozen_mapping, instance
from epiguard.identifiers import Plate
from epiguard.passes import PassApplication
from epiguard.people import Household, Person, Relation, Relationship
from epiguard.places import Direction, Site
from epiguard.quarantine import QuarantinePeriod
from epiguard.registrations import Registration
from epiguard.situation._standing import NOTHING, PastCrossing, Standing
from epiguard.situation._state import State

__all__ = ["Situation"]


def _standings(values: Iterable[Standing]) -> tuple[Standing, ...]:
    return as_instances(Standing, values, "Situation.standings")


@attrs.frozen(kw_only=True)
class Situation:
    """One frozen slice of the record: all that rules may see, and nothing else.

    Attributes:
        site: Where.
        at: The instant, in the site's zone.
        day: The site's day.
        standings: One per traveller, in the party's order; empty for a fact that is no crossing.
        counts: Named counts of the site, such as ``"inside"``, from a host that keeps them.
        clock_suspect: Whether the instant cannot be believed, because the gate's clock ran backwards or is
            far off: a rule that must be certain of the hour holds then. Never where the site names no bound.
    """

    site: Site
    at: datetime
    day: date
    standings: tuple[Standing, ...] = attrs.field(default=(), converter=_standings)
    counts: Mapping[str, int] = attrs.field(default=NOTHING, converter=frozen_mapping)
    clock_suspect: bool = attrs.field(default=False, validator=instance(bool, "Situation.clock_suspect"))
    people: Mapping[str, Person] = attrs.field(default=NOTHING, converter=frozen_mapping, repr=False)
    households: Mapping[str, Household] = attrs.field(default=NOTHING, converter=frozen_mapping, repr=False)
    relationships: Mapping[str, tuple[Relationship, ...]] = attrs.field(
        default=NOTHING, converter=frozen_mapping, repr=False
    )
    periods: Mapping[str, tuple[QuarantinePeriod, ...]] = attrs.field(
        default=NOTHING, converter=frozen_mapping, repr=False
    )
    registrations: Mapping[str, tuple[Registration, ...]] = attrs.field(
        default=NOTHING, converter=frozen_mapping, repr=False
    )

    watches: Mapping[str, tuple[WatchListed, ...]] = attrs.field(
        default=NOTHING, converter=frozen_mapping, repr=False
    )
    crossings: Mapping[str, tuple[PastCrossing, ...]] = attrs.field(
        default=NOTHING, converter=frozen_mapping, repr=False
    )
    notes: Mapping[str, Mapping[str, tuple[Fact, ...]]] = attrs.field(
        default=NOTHING, converter=frozen_mapping, repr=False
    )

    def person(self, person_id: str) -> Person | None:
        """A person in the slice: of the party, their households and their contacts."""
        return self.people.get(person_id)

    def household_of(self, person_id: str) -> Household | None:
        """The household of somebody in the slice."""
        return self.households.get(person_id)

    def related(self, person_id: str, relation: Relation) -> tuple[str, ...]:
        """Ids of the person's contacts of that relation today, in the order they were recorded.

        Nobody who left is among them. A child's guardian is the first of its guardians.
        """
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

    def watches_of(self, subject: str) -> tuple[WatchListed, ...]:
        """The entries of the watch list, in force at this instant, of somebody in the slice."""
        return self.watches.get(subject, ())

    def watches_for(self, plate: Plate) -> tuple[WatchListed, ...]:
        """The entries that look out for the crossing's car."""
        return tuple(each for watches in self.watches.values() for each in watches if each.plate == plate)

    def crossings_of(self, person_id: str) -> tuple[PastCrossing, ...]:
        """What somebody in the slice crossed in the last fourteen days, oldest first."""
        return self.crossings.get(person_id, ())

    def notes_about(self, subject: str) -> Mapping[str, tuple[Fact, ...]]:
        """The facts that add up to nothing by themselves, a plug-in's own among them, by kind.

        Args:
            subject: A person in the slice, or the household of one of the party.
        """
        return self.notes.get(subject, NOTHING)

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
    def cut(cls, state: State, crossing: Crossing, recorded_at: datetime | None = None) -> Situation:
        """The slice for a crossing: its party, their households and their contacts.

        Args:
            state: The sum of the facts.
            crossing: What is asked.
            recorded_at: When it is asked by the record's clock, by which the gate's is judged.
        """
        at = state.site.local(crossing.at)
        party = [each.person for each in crossing.travellers if each.person is not None]
        hosts = [each.host for each in crossing.travellers if each.host is not None]
        rooms = [
            other
            for each in crossing.travellers
            if each.person is None and each.household is not None
            for other in _members(state, each.household, at)
        ]
        inward, day = crossing.direction is Direction.IN, state.site.day_of(at)
        standings = [
            _standing(state, i, each, at, day=day, inward=inward)
            for i, each in enumerate(crossing.travellers)
        ]
        plate = crossing.vehicle.plate if crossing.vehicle is not None else None
        watched = state.watched_plates.get(plate, {}) if plate is not None else {}
        suspect = state.clocks.suspects(crossing.checkpoint, at, recorded_at)
        subjects = (*party, *hosts, *rooms)
        return _slice(state, subjects, at, day, standings=standings, watched=watched, clock_suspect=suspect)

    @classmethod
    def applying(cls, state: State, application: PassApplication) -> Situation:
        """The slice for an application for a pass: one standing, of whoever asks for it."""
        at = state.site.local(application.at)
        asking = Traveller(
            person=application.person,
            temperature=application.temperature,
            not_measured=application.not_measured,
            exit_pass=application.number,
            asked=application.asked,
            registered=application.registered,
        )
        day = state.site.day_of(at)
        standing = _standing(state, 0, asking, at, day=day, inward=False)
        return _slice(state, (application.person,), at, day, standings=[standing])

    @classmethod
    def about(cls, state: State, subjects: Iterable[str], at: datetime) -> Situation:
        """The slice for a fact about some subjects, without standings."""
        return _slice(state, subjects, state.site.local(at), state.site.day_of(at))

    @classmethod
    def after(cls, state: State, fact: Fact, subjects: Iterable[str], at: datetime) -> Situation:
        """The slice for what follows from a fact: with standings where it is a crossing.

        Args:
            state: The fact included.
            fact: What happened.
            subjects: Whom it is about.
            at: When it happened; a crossing knows that itself.
        """
        if isinstance(fact, CrossingObserved):
            return cls.cut(state, fact.crossing)
        if isinstance(fact, CrossingDecided):
            return cls.cut(state, fact.decision.crossing)
        return cls.about(state, subjects, at)


def _slice(  # noqa: PLR0913 - each is a part of the slice
    state: State,
    subjects: Iterable[str],
    at: datetime,
    day: date,
    *,
    standings: Iterable[Standing] = (),
    watched: Iterable[str] = (),
    clock_suspect: bool = False,
) -> Situation:
    people: dict[str, Person] = {}
    households: dict[str, Household] = {}
    relationships: dict[str, tuple[Relationship, ...]] = {}
    periods: dict[str, tuple[QuarantinePeriod, ...]] = {}
    forms: dict[str, tuple[Registration, ...]] = {}
    near = dict.fromkeys(subjects)
    for subject in tuple(near):
        home = state.household_on(subject, day)
        if home is not None:
            households[subject] = home
            near.update(dict.fromkeys(home.members_on(day)))
        ties = _ties(state, subject)
        if ties:
            relationships[subject] = ties
            near.update(dict.fromkeys(each.contact for each in ties))
        if subject in state.forms_of:
            forms[subject] = tuple(state.registrations[each] for each in state.forms_of[subject])
    crossings: dict[str, tuple[PastCrossing, ...]] = {}
    for subject in near:
        row = state.crossings_of.get(subject)
        if row:
            crossings[subject] = tuple(row)
        if subject in state.people and subject not in state.gone:
            people[subject] = state.people[subject]
        theirs = state.periods_about(subject)
        if theirs:
            periods[subject] = theirs
    watches = {each: state.watches_on(each, at) for each in (*near, *watched)} if state.watches_of else {}
    return Situation(
        site=state.site,
        at=at,
        day=day,
        standings=standings,
        clock_suspect=clock_suspect,
        # The slice of most crossings holds nothing in most of these.
        people=people or NOTHING,
        households=households or NOTHING,
        relationships=relationships or NOTHING,
        periods=periods or NOTHING,
        registrations=forms or NOTHING,
        watches={subject: entries for subject, entries in watches.items() if entries} or NOTHING,
        crossings=crossings or NOTHING,
        notes=_all_notes(state, near, households) or NOTHING,
    )


def _all_notes(
    state: State, near: Iterable[str], households: Mapping[str, Household]
) -> Mapping[str, Mapping[str, tuple[Fact, ...]]]:
    if not state.notes_of:
        return NOTHING
    subjects = (*near, *(home.id for home in households.values()))
    found = {subject: _notes(state, subject) for subject in subjects}
    return {subject: notes for subject, notes in found.items() if notes}


def _ties(state: State, subject: str) -> tuple[Relationship, ...]:
    ties = state.relationships.get(subject, ())
    person = state.people.get(subject)
    if person is not None and person.guardian is not None:
        guardian = Relationship(person=subject, relation=Relation.GUARDIAN, contact=person.guardian)
        ties = (guardian, *ties)
    return tuple(each for each in ties if each.contact not in state.gone) if ties else ()


def _standing(  # noqa: PLR0913 - each is a part of the question
    state: State, index: int, traveller: Traveller, at: datetime, *, day: date, inward: bool
) -> Standing:
    shown = traveller.exit_pass
    form, back = traveller.registration, state.outside(traveller.returning_from)
    subject = traveller.person or (form.subject if form is not None else None)
    if subject is None:
        state_of_pass = state.pass_state(shown, None, (day,)) if shown is not None else None
        return Standing(
            index=index,
            traveller=traveller,
            household=state.households.get(traveller.household) if traveller.household is not None else None,
            shown_pass=state_of_pass,
            returning_from=back,
        )
    person = traveller.person or ""
    periods, now = state.periods_about(subject), to_utc(at)
    away = state.away_of(person, now)
    # Whoever comes back after midnight ends an exit of the day before, for which their pass was good.
    days = (day, away.day) if inward and away is not None else (day,)
    passes = tuple([state.passes[each] for each in state.passes_of.get(person, ())])
    held = [each for each in passes if any(on in each.valid for on in days)]
    return Standing(
        index=index,
        traveller=traveller,
        person=state.people.get(person) if person not in state.gone else None,
        household=state.household_on(person, day),
        returning_from=back,
        registrations=_handed_in(state, traveller, now),
        periods=tuple([each for each in periods if each.in_force(now)]),
        past_periods=tuple([each for each in periods if to_utc(each.ends_at) <= now]),
        exit_pass=next((each for each in held if shown is None or each.number == shown), None),
        shown_pass=state.pass_state(shown, traveller.person, days) if shown is not None else None,
        passes=passes,
        lost_pass=state.lost_by.get(person),
        away=away,
        leaves=state.leaves_on(subject, now),
        watches=state.watches_on(subject, at),
        crossings=tuple([each for each in state.crossings_of.get(person, ()) if each.day == day]),
        notes=_notes(state, subject),
    )


def _members(state: State, household: str, at: datetime) -> tuple[str, ...]:
    home = state.households.get(household)
    return home.members_on(state.site.day_of(at)) if home is not None else ()


def _handed_in(state: State, traveller: Traveller, now: datetime) -> tuple[Registration, ...]:
    if traveller.person is None:
        return (traveller.registration,) if traveller.registration is not None else ()
    forms = [state.registrations[each] for each in state.forms_of.get(traveller.person, ())]
    # A form that came later was not there when the gate asked for it.
    return tuple([each for each in forms if each.submitted_at is None or to_utc(each.submitted_at) <= now])


def _notes(state: State, subject: str) -> Mapping[str, tuple[Fact, ...]]:
    if not state.notes_of:
        return NOTHING
    by_kind: dict[str, tuple[Fact, ...]] = {}
    for name in state.known_as(subject):
        for fact in state.notes_of.get(name, ()):
            by_kind[fact.kind] = (*by_kind.get(fact.kind, ()), fact)
    return FrozenMapping(by_kind) if by_kind else NOTHING
