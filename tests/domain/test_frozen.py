"""Everything is frozen in depth: no list, dictionary or set hides in any value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from epiguard.crossings import Crossing
from epiguard.errors import EpiguardError
from epiguard.facts import Fact
from epiguard.places import Site
from epiguard.policy import Policy
from epiguard.situation import Situation, State
from epiguard.testing import DOMAIN, FACTS, facts, values

ALL = {**{each: values(each) for each in DOMAIN}, **{each: facts(each) for each in FACTS}}
SITE_FILE = """
site = {id = "village", zone = "Asia/Shanghai", checkpoints = [{id = "north", lanes = []}]}
quarantine = [{days = 14, anchors = ["left", "arrived"]}]
rules = [{use = "temperature", directions = ["in"]}, {use = "lanes", applies_to = ["resident", "visitor"]}]
"""


def parts(value: Any) -> Iterator[Any]:
    """A value and all it is made of."""
    yield value
    if attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from parts(getattr(value, field.name))
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from parts(key)
            yield from parts(each)
    elif isinstance(value, tuple | frozenset | list | set):
        for each in value:
            yield from parts(each)


def assert_frozen(value: Any) -> None:
    """Neither the value nor a part of it can be changed; so it can be hashed."""
    assert [type(each) for each in parts(value) if isinstance(each, list | dict | set | bytearray)] == []
    assert isinstance(hash(value), int)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=20)
def test_a_value_cannot_be_changed_anywhere(kind: type[Any], data: st.DataObject) -> None:
    """Nor can a field be set."""
    value = data.draw(ALL[kind])
    assert_frozen(value)
    name = attrs.fields(kind)[0].name
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(value, name, getattr(value, name))


@given(site=values(Site), told=st.lists(facts(), max_size=8), asked=values(Crossing))
@settings(max_examples=50)
def test_a_slice_cannot_be_changed_anywhere(site: Any, told: list[Fact], asked: Any) -> None:
    """Whatever facts it was cut from."""
    state = State(site)
    for fact in told:
        try:
            state.apply(fact)
        except EpiguardError:
            continue
    assert_frozen(Situation.cut(state, asked))


def test_what_was_read_from_a_site_file_cannot_be_changed() -> None:
    """Its entries, with their settings, and its site; a section is handed out as a copy."""
    text = SITE_FILE + 'intake = {residents = {file = "people.csv"}}'
    policy = Policy.loads(text)
    assert_frozen(policy.site)
    for rule in policy.rules:
        assert_frozen(rule.entry)
        assert_frozen(rule.source)
    section: Any = policy.section("intake")
    section["residents"]["file"] = "other.csv"
    assert policy.section("intake")["residents"] == {"file": "people.csv"}
