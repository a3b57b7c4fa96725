"""What every built-in rule keeps, whatever stands at the gate and whatever happened before."""

from __future__ import annotations

import copy
import json
import pickle
import re
from importlib import import_module
from typing import Any

import attrs
import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from epiguard.crossings import Crossing
from epiguard.decisions import Effect, Verdict
from epiguard.duties import Alert, Duty
from epiguard.facts import Fact
from epiguard.plain import from_plain, to_plain
from epiguard.rules import Rule
from epiguard.situation import Situation, State
from rules.gate import NOON, SITE, crossings, histories, load
from strategies import FACTS
from strategies import crossings as wild_crossings

BUILT_IN = {
    "admit-kinds": ["", "kinds = ['staff']\nunknown_residents = 'allow'\noutsiders_leave = false"],
    "couriers": ["", "answer = 'hold'", "answer = 'deny'\ndrop_point = '西门'"],
    "curfew": ["", "closes = 01:00:00\nopens = 23:00:00\ndirections = ['in', 'out']"],
    "exit-pass": ["", "directions = ['out']\nkinds = ['resident', 'staff']\nlimit = 38\nreturnee_days = 0"],
    "health-code": ["", "directions = ['in', 'out']\nyellow = 'deny'\nred = 'hold'"],
    "home-observation-contacts": ["", "within_hours = 1"],
    "household-card": ["", "fixed = false\ndays = 3"],
    "lanes": [""],
    "one-exit-per-day": ["", "limit = 2", "per = 'household'\ndays = 2"],
    "quarantine-stays-in": ["", "whole_household = true"],
    "registration-required": ["", "ask = true"],
    "release-on-notice": ["", "signatures = 1\nanswer = 'deny'\nreleased_from = 2020-02-01"],
    "screen-by-region": ["regions = ['420000']"],
    "temperature": ["", "limit = 38\ndirections = ['in']"],
    "visitors": ["", "answer = 'deny'"],
}
LOADED = [
    load(f"use = {name!r}\n{settings}").rules[0] for name, several in BUILT_IN.items() for settings in several
]
every_rule = pytest.mark.parametrize(
    "loaded", LOADED, ids=lambda each: f"{each.entry.use} {each.entry.settings}"
)
KEBAB = re.compile(r"[a-z]+(-[a-z]+)*")
wild = st.lists(st.one_of(*FACTS.values()), max_size=6)


def listed(given: Any, kind: Any) -> list[Any]:
    """What a hook returned, as a list."""
    if given is None:
        return []
    return [given] if isinstance(given, kind) else list(given)


def say(loaded: Any, asked: Crossing, situation: Situation) -> list[Verdict]:
    """The verdicts of one rule."""
    return listed(loaded.review(asked, situation), Verdict) if loaded.review else []


def situation_of(asked: Crossing, facts: list[Fact]) -> Situation:
    """The slice, whatever the facts are."""
    return Situation.of(facts, asked, site=SITE)


@given(crossings | wild_crossings, histories | wild)
def test_verdicts(asked: Crossing, facts: list[Fact]) -> None:
    """Pure, repeatable, explained in both languages, serialisable; a hold says what lifts it."""
    situation = situation_of(asked, facts)
    for loaded in LOADED:
        verdicts = say(loaded, asked, situation)
        assert say(loaded, asked, situation) == verdicts
        for each in verdicts:
            note(f"{loaded.entry}: {each}")
            assert KEBAB.fullmatch(each.code)
            assert set(each.texts) == {"zh", "en"}
            assert re.search("[\u4e00-\u9fff]", each.text("zh"))
            assert (each.lifted_by is not None) == (each.effect is Effect.HOLD)
            assert each.effect is Effect.ALLOW or not each.grants
            assert from_plain(json.loads(json.dumps(to_plain(each)))) == each
            assert each.traveller is None or 0 <= each.traveller < len(asked.travellers)
    assert situation == situation_of(asked, facts)


@given(crossings | wild_crossings, histories | wild)
def test_nothing_personal_is_said(asked: Crossing, facts: list[Fact]) -> None:
    """No name, number, reading or region of anybody stands in a text."""
    situation = situation_of(asked, facts)
    private = {str(each.temperature) for each in asked.travellers if each.temperature is not None}
    private |= {each.returning_from.value for each in asked.travellers if each.returning_from is not None}
    for person in situation.people.values():
        private |= {each.value for each in person.phones}
        private |= {person.name.value} if person.name is not None else set()
    for loaded in LOADED:
        for verdict in say(loaded, asked, situation):
            texts = [*verdict.texts.values(), *(t for each in verdict.duties for t in each.texts.values())]
            texts += [t for each in verdict.alerts for t in each.texts.values()]
            # The rule's own limit may happen to be somebody's reading.
            said = " ".join(texts).replace(f"{getattr(loaded.rule, 'limit', 0):g} ", "")
            said = said.replace(f"{getattr(loaded.rule, 'limit', 0):g}℃", "")
            assert not [each for each in private if each in said]


@given(st.one_of(*FACTS.values()), histories | wild)
def test_what_follows(fact: Fact, facts: list[Fact]) -> None:
    """Duties and alerts are repeatable, explained, and about somebody; no fact of any kind is too much."""
    fact = attrs.evolve(fact, at=NOON)
    state = State(SITE)
    for each in (*facts, fact):
        state.apply(each)
    situation = Situation.about(state, fact.subjects, NOON)
    for loaded in LOADED:
        if loaded.follow is None:
            continue
        items = listed(loaded.follow(fact, situation), Duty | Alert)
        assert listed(loaded.follow(fact, situation), Duty | Alert) == items
        assert len({each.id for each in items}) == len(items)
        for item in items:
            note(f"{loaded.entry}: {item}")
            assert KEBAB.fullmatch(item.kind)
            assert set(item.texts) == {"zh", "en"}
            assert item.source
            if isinstance(item, Duty):
                assert item.due is not None
                assert item.due > NOON
                assert item.route is not None


@every_rule
def test_a_rule_is_a_value(loaded: Any) -> None:
    """Frozen, comparable, hashable, and it survives pickling; its module shows the class."""
    rule = loaded.rule
    assert isinstance(rule, Rule)
    again = pickle.loads(pickle.dumps(rule))  # noqa: S301 - our own
    assert again == rule == copy.deepcopy(rule)
    assert hash(again) == hash(rule)
    assert type(rule).__name__ in import_module(type(rule).__module__).__all__
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        setattr(rule, "limit", 1)  # noqa: B010 - not every rule has one
    assert type(rule).source
