"""What every built-in rule keeps, whatever stands at the gate and whatever happened before."""

from __future__ import annotations

import copy
import json
import math
import operator
import pickle
import re
from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import entry_points
from typing import Any, cast

import attrs
import pytest
from hypothesis import given, note
from hypothesis import strategies as st

from epiguard.crossings import Crossing
from epiguard.decisions import Decision, Effect, PassDecision, Verdict
from epiguard.duties import Alert, Duty
from epiguard.errors import InvalidValueError
from epiguard.facts import Fact
from epiguard.passes import PassApplication
from epiguard.plain import from_plain, to_plain
from epiguard.policy import LoadedRule, Policy
from epiguard.rules import Rule, hookimpl
from epiguard.situation import Situation, State
from epiguard.testing import facts as wild_facts
from epiguard.testing import values
from rules.gate import NOON, SITE, applications, at_the_desk, cards, crossings, histories, load, losses

Asked = Crossing | PassApplication
Questions = st.SearchStrategy[Asked]
Before = st.SearchStrategy[list[Fact]]

BUILT_IN = {
    "admit-kinds": ["", "kinds = ['staff']\nunknown_residents = 'allow'\noutsiders_leave = false"],
    "couriers": ["", "answer = 'hold'", "answer = 'deny'\ndrop_point = '西门'"],
    "contradicting-statements": [""],
    "daily-needs": ["", "medicine_hours = 1"],
    "home-health": ["", "limit = 38"],
    "unannounced-return": ["", "undeclared = true"],
    "curfew": ["", "closes = 01:00:00\nopens = 23:00:00\ndirections = ['in', 'out']"],
    "exit-pass": ["", "directions = ['out']\nkinds = ['resident', 'staff']\nlimit = 38\nreturnee_days = 0"],
    "health-code": ["", "directions = ['in', 'out']\nyellow = 'deny'\nred = 'hold'"],
    "home-observation-contacts": ["", "within_hours = 1"],
    "household-card": ["", "fixed = false\ndays = 3"],
    "lanes": [""],
    "one-exit-per-day": ["", "limit = 2", "per = 'household'\ndays = 2"],
    "order-quarantine": ["", "days = 3\nkinds = ['resident']\nwithin_hours = 1"],
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
#: What no setting can be: each has another type, another unit, or is empty.
WRONG = ["yes", b"yes", [], {}, math.nan, math.inf, -1, 373, 3.73, object]
KEBAB = re.compile(r"[a-z]+(-[a-z]+)*")
wild = st.lists(wild_facts(), max_size=6)


def test_every_built_in_rule_is_looked_at_here() -> None:
    """What the library offers to site files is what stands in the table above."""
    offered = {
        each.name
        for each in entry_points(group="epiguard.rules")
        if each.dist is not None and each.dist.name == "epiguard"
    }
    assert offered == set(BUILT_IN)
    assert {each.entry.use for each in LOADED} == offered


def settings_of(cls: type[Rule]) -> list[str]:
    """The settings of a rule."""
    return [field.name for field in attrs.fields(cast("Any", cls))]


@pytest.mark.parametrize("wrong", WRONG, ids=repr)
@pytest.mark.parametrize(
    ("loaded", "setting"),
    [
        (each, name)
        for each in {each.entry.use: each for each in reversed(LOADED)}.values()
        for name in settings_of(type(each.rule))
    ],
    ids=lambda each: each if isinstance(each, str) else each.entry.use,
)
def test_a_setting_that_cannot_be_meant_is_refused(loaded: LoadedRule, setting: str, wrong: object) -> None:
    """Of another type, in another unit, or nothing where something is needed; the message names it."""
    with pytest.raises(InvalidValueError) as caught:
        attrs.evolve(loaded.rule, **{setting: wrong})
    assert caught.value.where.startswith(f"{type(loaded.rule).__name__}.{setting}")


def listed(given: Any, kind: Any) -> list[Any]:
    """What a hook returned, as a list."""
    if given is None:
        return []
    return [given] if isinstance(given, kind) else list(given)


def say(loaded: Any, asked: Asked, situation: Situation) -> list[Verdict]:
    """The verdicts of one rule, at the gate or at the desk."""
    hook = loaded.review if isinstance(asked, Crossing) else loaded.passes
    return listed(hook(asked, situation), Verdict) if hook else []


def situation_of(asked: Asked, facts: list[Fact]) -> Situation:
    """The slice, whatever the facts are."""
    if isinstance(asked, Crossing):
        return Situation.of(facts, asked, site=SITE)
    return at_the_desk(asked, *facts)


def answer(policy: Policy, asked: Asked, situation: Situation) -> Decision | PassDecision:
    """What a policy says, at the gate or at the desk."""
    if isinstance(asked, Crossing):
        return policy.decide(asked, situation)
    return policy.decide_pass(asked, situation)


#: What is asked, and what happened before: at the gate, and at the desk.
at_either = pytest.mark.parametrize(
    ("questions", "before"),
    [
        (crossings | values(Crossing), histories | wild),
        (
            applications | values(PassApplication),
            st.builds(operator.add, histories, st.lists(cards | losses, max_size=4)) | wild,
        ),
    ],
    ids=["review_crossing", "review_pass"],
)


@at_either
@given(data=st.data())
def test_verdicts(questions: Questions, before: Before, data: st.DataObject) -> None:
    """Pure, repeatable, explained in both languages, serialisable; a hold says what lifts it."""
    asked, facts = data.draw(questions), data.draw(before)
    situation = situation_of(asked, facts)
    party = len(situation.standings)
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
            assert each.traveller is None or 0 <= each.traveller < party
    assert situation == situation_of(asked, facts)


def test_some_rules_look_at_passes() -> None:
    """So that what is said of the desk below is said of somebody."""
    assert {each.entry.use for each in LOADED if each.passes is not None} == {
        "exit-pass",
        "order-quarantine",
        "release-on-notice",
    }


@attrs.frozen
class Broken(Rule):
    """Raises whatever it is asked."""

    source = "test"

    @hookimpl
    def review_crossing(self) -> None:
        """Fail."""
        raise ZeroDivisionError

    @hookimpl
    def review_pass(self) -> None:
        """Fail."""
        raise ZeroDivisionError


ENTRIES = [
    f"id = 'r-{number}'\nuse = {each.entry.use!r}\n{settings}"
    for number, (each, settings) in enumerate(
        zip(LOADED, [settings for several in BUILT_IN.values() for settings in several], strict=True)
    )
]
FORWARDS, BACKWARDS = load(*ENTRIES), load(*reversed(ENTRIES))
WITH_A_BROKEN_ONE = load("use = 'broken'", *ENTRIES, rules=[Broken])


def sortable(verdicts: Iterable[Verdict]) -> list[str]:
    """Verdicts in an order of their own."""
    return sorted(json.dumps(to_plain(each), sort_keys=True) for each in verdicts)


@at_either
@given(data=st.data())
def test_in_any_order_and_beside_a_rule_that_fails(
    questions: Questions, before: Before, data: st.DataObject
) -> None:
    """All built-in rules together never fail, say the same in reverse, and are heard beside one that does."""
    asked, facts = data.draw(questions), data.draw(before)
    situation = situation_of(asked, facts)
    if isinstance(asked, Crossing):
        asked = attrs.evolve(asked, checkpoint="north")
        situation = situation_of(asked, facts)
    one, other, broken = (answer(each, asked, situation) for each in (FORWARDS, BACKWARDS, WITH_A_BROKEN_ONE))
    assert [each for each in one.verdicts if each.fault is not None] == []
    assert one.effect is other.effect
    assert sortable(one.verdicts) == sortable(other.verdicts)
    assert one.duties == other.duties
    assert {each.id for each in one.alerts} == {each.id for each in other.alerts}
    [fault] = [each for each in broken.verdicts if each.fault is not None]
    assert sortable(each for each in broken.verdicts if each is not fault) == sortable(one.verdicts)
    assert broken.effect is Effect.worst([one.effect, Effect.HOLD])
    assert "rule-fault" in {each.kind for each in broken.alerts}


@at_either
@given(data=st.data())
def test_nothing_personal_is_said(questions: Questions, before: Before, data: st.DataObject) -> None:
    """No name, number, reading or region of anybody stands in a text."""
    asked, facts = data.draw(questions), data.draw(before)
    situation = situation_of(asked, facts)
    travellers = [each.traveller for each in situation.standings]
    private = {str(each.temperature) for each in travellers if each.temperature is not None}
    private |= {each.returning_from.value for each in travellers if each.returning_from is not None}
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


@given(wild_facts(), histories | wild)
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
