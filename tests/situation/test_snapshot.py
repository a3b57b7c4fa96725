"""A state that was put away and fetched again is the state it was, and goes on like it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.duties import Alert, Duty, Outcome
from epiguard.errors import EpiguardError, PlainDataError
from epiguard.facts import (
    AlertClosed,
    AlertRaised,
    DutyAttempted,
    DutyClosed,
    DutyOpened,
    Fact,
    PersonEnrolled,
)
from epiguard.people import Person
from epiguard.places import Checkpoint, Site
from epiguard.situation import State, _long_over, freeze, thaw
from epiguard.situation._long_over import LongOver
from epiguard.situation._snapshot import _LONG, _short
from epiguard.situation._thawing import Thawing
from epiguard.testing import facts as any_facts
from ledger.community import RECORDED, summary

SITE = Site(id="village", zone="Asia/Shanghai", checkpoints=[Checkpoint(id="north"), Checkpoint(id="south")])


def put_away_and_fetched(state: State) -> State:
    """By way of text that can be written down."""
    return thaw(SITE, freeze(state).encode().decode())


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


facts = st.lists(any_facts(), max_size=25)


@given(before=facts, after=facts, again=st.booleans())
def test_any_state_comes_back_as_it_was(before: list[Fact], after: list[Fact], again: bool) -> None:
    """Whatever facts made it, and whatever facts follow; also when it is put away half unread."""
    state = State(SITE)
    add(state, before)
    fetched = put_away_and_fetched(state)
    if again:
        fetched = put_away_and_fetched(fetched)
    add(state, after)
    add(fetched, after)
    assert freeze(fetched) == freeze(put_away_and_fetched(fetched)) == freeze(state)
    assert summary(fetched) == summary(state)
    assert orders(fetched) == orders(state)


@given(before=facts)
def test_what_is_fetched_equals_what_was_put_away(before: list[Fact]) -> None:
    """Value by value and in order, before anything follows."""
    state = State(SITE)
    add(state, before)
    fetched = put_away_and_fetched(state)
    assert orders(fetched) == orders(state)
    assert summary(fetched) == summary(state)


def test_nothing_that_a_state_holds_is_left_out() -> None:
    """A field that is added to the state and forgotten here would be lost at the next opening."""
    held = {name for name in vars(State(SITE)) if name != "site" and not name.startswith("_")}
    assert {*_LONG, *_short(State(SITE))} == held


def test_values_are_read_when_they_are_asked_for() -> None:
    """So that fetching takes as long as reading the text."""
    state = State(SITE)
    add(state, [PersonEnrolled(Person(id="p-1", name="李静")), PersonEnrolled(Person(id="p-2"))])
    fetched = put_away_and_fetched(state)
    assert isinstance(fetched.people, Thawing)
    assert fetched.people["p-1"] == state.people["p-1"]
    assert (fetched.people.frozen("p-1"), fetched.people.frozen("p-2") is None) == (None, False)


EMPTY = freeze(State(SITE))


@pytest.mark.parametrize(
    "damaged",
    [
        "",
        "7",
        "{}",
        EMPTY.partition("\n")[0],
        EMPTY.replace("#people", "#poeple"),
        EMPTY.replace("#people", "#people\np-7"),
        EMPTY.replace('"gone":[]', '"gone":[["p-7","tomorrow"]]'),
        EMPTY.replace('"rejected":[]', '"rejected":[["one"]]'),
        EMPTY.replace('"long_over":""', '"long_over":"00"'),
    ],
)
def test_what_is_no_state_is_refused(damaged: str) -> None:
    """With an error that says nothing of what stood there."""
    with pytest.raises(PlainDataError, match="snapshot: expected"):
        thaw(SITE, damaged)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("people", '{"id":"p-7","name":7}'),
        ("crossings_of", '[["yesterday"]]'),
        ("duties", "[]"),
        ("passes_of", "{"),
    ],
)
def test_what_is_no_value_is_refused_when_it_is_asked_for(name: str, row: str) -> None:
    """Nothing stands in its place."""
    state = thaw(SITE, EMPTY.replace(f"#{name}\n", f'#{name}\n"p-7"\t{row}\n'))
    with pytest.raises(PlainDataError, match="expected"):
        getattr(state, name)["p-7"]


# What was settled long ago


def settled_long_ago() -> State:
    """Two duties and an alert, over for more than a month, and a duty that was done today."""
    state = State(SITE)
    for number, days in enumerate((0, 1, 40)):
        duty = Duty(kind="call", subject="p-7", contact="p-8", basis=str(number))
        at = RECORDED + timedelta(days=days)
        state.apply(DutyOpened(duty), at)
        state.apply(DutyAttempted(duty=duty.id, outcome=Outcome.DONE), at)
        if number == 0:
            state.apply(AlertRaised(ALERT), at)
            state.apply(AlertClosed(alert=ALERT.id, outcome="nothing"), at)
    return state


ALERT = Alert(kind="gathering", subject="north")
FIRST, SECOND, THIRD = (Duty(kind="call", subject="p-7", contact="p-8", basis=each).id for each in "012")


def test_what_was_settled_long_ago_is_let_go_and_stays_settled() -> None:
    """It is not held any more, and the same thing again is not owed again; what is recent is all there."""
    for state in (settled_long_ago(), put_away_and_fetched(settled_long_ago())):
        assert set(state.duties) == set(state.duties_of["p-7"]) == set(state.duties_of["p-8"]) == {THIRD}
        assert (state.alerts, state.alerts_closed, len(state.long_over)) == ({}, set(), 3)
        assert all(map(state.has_duty, (FIRST, SECOND, THIRD)))
        assert state.has_alert(ALERT.id)
        assert not state.has_duty("duty-4")
        state.apply(DutyOpened(Duty(kind="call", subject="p-7", contact="p-8", basis="0")), RECORDED)
        state.apply(AlertRaised(ALERT), RECORDED)
        state.apply(AlertClosed(alert=ALERT.id, outcome="nothing"), RECORDED)
        state.apply(DutyClosed(duty=FIRST, reason="again"), RECORDED)
        assert (set(state.duties), state.alerts, state.alerts_closed) == ({THIRD}, {}, set())


def test_what_is_open_is_never_let_go() -> None:
    """However old it is."""
    state = State(SITE)
    duty = Duty(kind="call", subject="p-7")
    state.apply(DutyOpened(duty), RECORDED)
    state.apply(AlertRaised(ALERT), RECORDED)
    for year in range(3):
        other = Duty(kind="visit", subject="p-7", basis=str(year))
        state.apply(DutyOpened(other), RECORDED + timedelta(days=366 * year))
        state.apply(DutyClosed(duty=other.id, reason="moved"), RECORDED + timedelta(days=366 * year))
    assert set(state.duties) == {duty.id, other.id}
    assert set(state.alerts) == {ALERT.id}


@given(
    names=st.lists(st.text(max_size=3), max_size=40),
    others=st.lists(st.text(max_size=3)),
    recent=st.integers(1, 5),
)
def test_ids_that_are_long_over_are_told_from_others(
    names: list[str], others: list[str], recent: int
) -> None:
    """As a set of them would, however many are held apart, and by way of text."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(_long_over, "_RECENT", recent)
        over = LongOver()
        for name in names:
            over.add(name)
    fetched = LongOver.from_text(over.to_text())
    assert fetched == over
    for each in (*names, *others):
        assert (each in over) is (each in fetched) is (each in set(names))
    assert len(over) == len(set(names))
