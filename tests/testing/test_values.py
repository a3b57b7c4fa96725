"""Strategies for every type of the domain, damaged forms and coherent worlds."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from epiguard.crossings import Crossing, Traveller
from epiguard.errors import InvalidValueError
from epiguard.facts import FACT_KINDS, HouseholdRecorded, PersonEnrolled, PersonLeft
from epiguard.matching import Query
from epiguard.people import Household, Person
from epiguard.places import Direction, Lane, Site
from epiguard.registrations import FORM_FIELDS, Registration
from epiguard.testing import (
    DOMAIN,
    FACTS,
    World,
    crossings,
    damaged_registrations,
    facts,
    situations,
    values,
    worlds,
    written,
)

WANG = Person(
    id="p-7",
    name="王小明",
    sex="M",
    birth_date=date(1990, 3, 7),
    phones=["13800138000"],
    residence="金都新村3号楼2单元502室",
    plates=["沪A12345"],
    cards=["0071234"],
)


@pytest.mark.parametrize("kind", DOMAIN, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=10)
def test_a_value_is_of_its_type(kind: type[Any], data: st.DataObject) -> None:
    """Of exactly that."""
    assert type(data.draw(values(kind))) is kind


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=5)
def test_a_fact_is_of_its_kind(kind: type[Any], data: st.DataObject) -> None:
    """One that was asked for."""
    assert FACT_KINDS[data.draw(facts(kind)).kind] is kind


@given(
    values(Person, id="p-1", resident=st.just(True)),
    values(Lane, since=date(2020, 2, 1), until=date(2020, 2, 3)),
    facts(PersonEnrolled, PersonLeft, at=None),
)
def test_some_fields_are_given(person: Person, lane: Lane, fact: PersonEnrolled | PersonLeft) -> None:
    """As a value or as a strategy; also those that are drawn together."""
    assert (person.id, person.resident) == ("p-1", True)
    assert lane.until == date(2020, 2, 3)
    assert fact.at is None


def test_values_shrink_to_something_small() -> None:
    """A party of one of whom nothing is said, in no vehicle; a household of nobody."""
    small = find(values(Crossing), lambda _: True)
    assert len(small.travellers) == 1
    assert small.vehicle is None
    assert small.travellers[0] == attrs.evolve(Traveller(), role=small.travellers[0].role)
    assert find(values(Household), lambda _: True).members == ()


@pytest.mark.parametrize(
    ("call", "where"),
    [
        (lambda: values(int), r"values\(kind\)"),
        (lambda: values(PersonEnrolled), r"use facts\(\)"),
        (lambda: values(Person, height=3), r"values\(height=\)"),
        (
            lambda: facts(Person),  # type: ignore[type-var]  # wrong on purpose
            r"facts\(kind\)",
        ),
        (lambda: facts(PersonLeft, height=3), r"facts\(height=\)"),
        (lambda: damaged_registrations(WANG, fields=["height"]), "fields"),
        (lambda: damaged_registrations(WANG, most=9), "most"),
        (lambda: worlds(days=(date(2020, 2, 2), date(2020, 2, 1))), "days"),
        (lambda: worlds(days=date(2020, 2, 2)), "days"),  # type: ignore[arg-type]  # wrong on purpose
        (lambda: worlds(most_people=0), "most_people"),
        (lambda: worlds(most_crossings=True), "most_crossings"),
        (lambda: worlds(site=Site(id="nowhere", zone="Asia/Shanghai")), "site"),
        (lambda: situations(persons=[]), "persons"),
    ],
)
def test_arguments_are_checked_at_once(call: Any, where: str) -> None:
    """When the strategy is made, not when it draws; the message names the argument."""
    with pytest.raises(InvalidValueError, match=where):
        call()


@given(crossings())
def test_no_crossing_brings_an_override(crossing: Crossing) -> None:
    """An override is given to whoever decides; a crossing has no place for one."""
    assert not any("override" in each.name for each in attrs.fields(type(crossing)))


@given(damaged_registrations(WANG))
def test_a_damaged_form_is_a_form(form: Registration) -> None:
    """At most two answers are other than they should be; the matcher takes it, and nobody's id is on it."""
    right, said = written(WANG), {key: each.value for key, each in form.written.items()}
    assert sum(said.get(field) != text for field, text in right.items()) <= 2
    assert set(said) <= set(right)
    assert form.person is None
    assert Query.of(form) is not None


def test_forms_are_damaged_in_every_field_and_shrink_to_the_right_one() -> None:
    """Each field of the form that the person has can be hurt, and only those that are named are."""
    right = written(WANG)
    for field in right:
        assert field in FORM_FIELDS
        hurt = find(
            damaged_registrations(WANG, fields=[field], most=1),
            lambda form, field=field: (
                form.written.get(field) is None  # type: ignore[misc]  # plain data
                or form.written[field].value != right[field]
            ),
        )
        others = {key: each.value for key, each in hurt.written.items() if key != field}
        assert others == {key: text for key, text in right.items() if key != field}
    whole = find(damaged_registrations(WANG), lambda _: True)
    assert {key: each.value for key, each in whole.written.items()} == right


@given(worlds(leave=True))
def test_a_world_hangs_together(world: World) -> None:
    """The clock never goes back; everybody is known; nobody goes out twice, or after they left."""
    known = {each.id for each in world.people}
    moments = [each.at for each in world.facts]
    assert None not in moments
    assert moments == sorted(moments, key=lambda each: each or world.crossings[0].at)
    told: set[str] = set()
    for fact in world.facts:
        told |= {fact.person.id} if isinstance(fact, PersonEnrolled) else set()
        if not isinstance(fact, HouseholdRecorded):
            assert {each for each in fact.subjects if each.startswith("p-")} <= told
    homes = [
        member.person
        for fact in world.facts
        if isinstance(fact, HouseholdRecorded)
        for member in fact.household.members
    ]
    assert sorted(homes) == sorted(known)
    gone = {fact.person: fact.at for fact in world.facts if isinstance(fact, PersonLeft)}
    away: set[str] = set()
    for each in world.crossings:
        [who] = [traveller.person for traveller in each.travellers]
        if who is None:
            continue
        assert who in known
        assert who not in gone or each.at < (gone[who] or each.at)
        assert (each.direction is Direction.IN) == (who in away)
        away ^= {who}
    assert [each.at for each in world.crossings] == sorted(each.at for each in world.crossings)


@given(worlds())
@settings(max_examples=30)
def test_a_world_says_what_is_known_of_each_crossing(world: World) -> None:
    """People, and the crossings before; nobody has leave unless that was asked for."""
    past: dict[str, int] = {}
    for crossing, situation in world.asked():
        assert all(not each.leaves for each in situation.standings)
        [standing] = situation.standings
        if standing.traveller.person is not None:
            who = standing.traveller.person
            assert situation.person(who) is not None
            assert len(situation.crossings_of(who)) == past.get(who, 0)
            past[who] = past.get(who, 0) + 1
        assert situation.at - crossing.at == timedelta(0)


def test_a_world_shrinks_to_one_resident() -> None:
    """Of whom nothing is known but where they live."""
    small = find(worlds(), lambda _: True)
    assert [each.id for each in small.people] == ["p-1"]
    assert [type(each) for each in small.facts] == [PersonEnrolled, HouseholdRecorded]
    assert small.crossings == ()
