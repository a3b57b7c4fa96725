"""A state that was put away and fetched again is the state it was, and goes on like it."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import EpiguardError, PlainDataError
from epiguard.facts import Fact
from epiguard.places import Checkpoint, Site
from epiguard.situation import State, freeze, thaw
from ledger.community import RECORDED, summary
from strategies import FACTS

SITE = Site(id="village", zone="Asia/Shanghai", checkpoints=[Checkpoint(id="north"), Checkpoint(id="south")])


def put_away_and_fetched(state: State) -> State:
    """By way of text."""
    return thaw(SITE, json.loads(json.dumps(freeze(state))))


def add(state: State, facts: list[Fact]) -> None:
    """Those that fit."""
    for fact in facts:
        try:
            state.apply(fact, RECORDED)
        except EpiguardError:
            continue


def orders(state: State) -> dict[str, Any]:
    """The order of what is kept in one."""
    return {
        name: [key for key, each in held.items() if each or name == "gone"]
        for name, held in vars(state).items()
        if isinstance(held, dict) and not name.startswith("_")
    }


@given(
    before=st.lists(st.one_of(*FACTS.values()), max_size=25),
    after=st.lists(st.one_of(*FACTS.values()), max_size=10),
)
def test_any_state_comes_back_as_it_was(before: list[Fact], after: list[Fact]) -> None:
    """Whatever facts made it, and whatever facts follow."""
    state = State(SITE)
    add(state, before)
    fetched = put_away_and_fetched(state)
    assert summary(fetched) == summary(state)
    assert orders(fetched) == orders(state)
    add(state, after)
    add(fetched, after)
    assert summary(fetched) == summary(state)
    assert orders(fetched) == orders(state)


def test_nothing_that_a_state_holds_is_left_out() -> None:
    """A field that is added to the state and forgotten here would be lost at the next opening."""
    state = State(SITE)
    held = {name for name in vars(state) if name != "site" and not name.startswith("_")}
    assert set(freeze(state)) == held


@pytest.mark.parametrize(
    "damaged",
    [
        {},
        {"people": 7},
        {**freeze(State(SITE)), "people": [["p-7", {"id": "p-7", "name": 7}]]},
        {**freeze(State(SITE)), "crossings_of": [["p-7", [["yesterday"]]]]},
        {**freeze(State(SITE)), "duties": [["d-1", []]]},
        {**freeze(State(SITE)), "gone": [["p-7", "tomorrow"]]},
        {**freeze(State(SITE)), "rejected": [["one"]]},
    ],
)
def test_what_is_no_state_is_refused(damaged: dict[str, Any]) -> None:
    """With an error that says nothing of what stood there."""
    with pytest.raises(PlainDataError):
        thaw(SITE, damaged)
