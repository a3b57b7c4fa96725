"""Deciding a crossing by some rules, in whatever situation."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import chain

import attrs

from epiguard.crossings import Crossing
from epiguard.decisions import Decision
from epiguard.facts import (
    Fact,
    HouseholdRecorded,
    PassIssued,
    PersonEnrolled,
    QuarantineOrdered,
    Registered,
    RelationshipRecorded,
)
from epiguard.passes import PassApplication
from epiguard.people import Relation
from epiguard.places import Checkpoint, Site
from epiguard.policy import Policy
from epiguard.rules import Rule
from epiguard.situation import Situation, State

__all__ = ["as_applied", "as_seen", "decide"]


def decide(rules: Iterable[Rule], crossing: Crossing, situation: Situation) -> Decision:
    """What some rules together decide.

    Args:
        rules: Each with its settings; all are in force and apply to everybody.
        crossing: What is asked.
        situation: What is known; the rules are shown the part of it that is about the crossing.

    Raises:
        RuleLoadError: If one is no rule that a site file could name.
    """
    seen = as_seen(crossing, situation)
    return Policy.of(seen.site, rules).decide(crossing, seen)


def as_seen(crossing: Crossing, situation: Situation) -> Situation:
    """The slice of a crossing, cut from what a situation knows.

    Args:
        crossing: Its checkpoint is added to the site where the site has none of that id.
        situation: About whomever.
    """
    site = situation.site
    if crossing.checkpoint not in {each.id for each in site.checkpoints}:
        site = attrs.evolve(site, checkpoints=[*site.checkpoints, Checkpoint(id=crossing.checkpoint)])
    state = _state_of(situation, site, crossing.at)
    return Situation.cut(state, attrs.evolve(crossing, at=site.local(crossing.at)))


def as_applied(application: PassApplication, situation: Situation) -> Situation:
    """The slice of an application for a pass, cut from what a situation knows.

    Args:
        application: Whoever asks.
        situation: About whomever.
    """
    site = situation.site
    state = _state_of(situation, site, application.at)
    return Situation.applying(state, attrs.evolve(application, at=site.local(application.at)))


def _state_of(situation: Situation, site: Site, at: datetime) -> State:
    state = State(site)
    for fact in (*_of_everybody(situation), *_of_the_standings(situation)):
        state.apply(fact)
    for who, past in situation.crossings.items():
        state.crossings_of[who] = [each for each in past if each.at <= at]
    return state


def _of_everybody(situation: Situation) -> Iterator[Fact]:
    homes = {each.id: each for each in situation.households.values()}
    ties = chain.from_iterable(situation.relationships.values())
    yield from map(PersonEnrolled, situation.people.values())
    yield from map(HouseholdRecorded, homes.values())
    yield from map(Registered, chain.from_iterable(situation.registrations.values()))
    # A child's guardian stands with the child.
    yield from (RelationshipRecorded(tie) for tie in ties if tie.relation is not Relation.GUARDIAN)
    yield from map(QuarantineOrdered, chain.from_iterable(situation.periods.values()))
    yield from chain.from_iterable(situation.watches.values())
    for notes in situation.notes.values():
        yield from chain.from_iterable(notes.values())


def _of_the_standings(situation: Situation) -> Iterator[Fact]:
    for standing in situation.standings:
        yield from map(PassIssued, standing.passes)
        yield from standing.leaves
