"""A gate's clock that runs backwards or is far off is suspect: an alert, and who must be certain holds."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.crossings import Crossing, Traveller
from epiguard.decisions import Decision, Effect
from epiguard.errors import EpiguardError
from epiguard.facts import AlertClosed, CrossingDecided, PersonEnrolled
from epiguard.ledger import Ledger
from epiguard.people import Person
from epiguard.places import Site
from epiguard.policy import Policy
from epiguard.situation import Situation, State, freeze, thaw

BOUND = 10
SITE = Site(
    id="caohang",
    zone="Asia/Shanghai",
    clock_bound_minutes=BOUND,
)
HEAD = (
    '[site]\nid = "caohang"\nzone = "Asia/Shanghai"\nclock_bound_minutes = 10\n'
    'checkpoints = [{id = "north"}, {id = "south"}]\n'
)
RULES = '[[rules]]\nuse = "admit-kinds"\n[[rules]]\nuse = "curfew"\ncertain = {certain}\n'
START = datetime(2020, 2, 14, 4, tzinfo=UTC)


def after(minutes: float) -> datetime:
    """So many minutes after noon at the site."""
    return START + timedelta(minutes=minutes)


def asked(minutes: float, checkpoint: str = "north", **fields: Any) -> Crossing:
    """A visitor leaves; the gate's clock tells that instant."""
    return Crossing(
        checkpoint=checkpoint, direction="out", at=after(minutes), travellers=[Traveller()], **fields
    )


def decided(minutes: float, checkpoint: str = "north", follows: str | None = None) -> CrossingDecided:
    """It was decided."""
    crossing = asked(minutes, checkpoint)
    day = SITE.day_of(crossing.at)
    return CrossingDecided(
        Decision(crossing=crossing, day=day, effect="allow", follows=follows), at=crossing.at
    )


def told(*pairs: tuple[float, float | None], site: Site = SITE) -> State:
    """What adds up of decisions: what the gate's clock told, and what the record's did."""
    state = State(site)
    for at, recorded in pairs:
        state.apply(decided(at), None if recorded is None else after(recorded))
    return state


def is_suspect(state: State, at: float, recorded: float | None = None, checkpoint: str = "north") -> bool:
    """What the rules are shown of a crossing asked then."""
    recorded_at = None if recorded is None else after(recorded)
    return Situation.cut(state, asked(at, checkpoint), recorded_at).clock_suspect


def test_a_clock_that_runs_backwards_is_suspect_until_it_agrees_again() -> None:
    """From facts alone: earlier than before is suspect, with one alert; caught up it is believed."""
    state = told((0, None), (60, None))
    assert not is_suspect(state, 61)
    assert not is_suspect(state, 60 - BOUND)
    assert is_suspect(state, 60 - BOUND - 1)
    for minutes in (30, 31, 32):
        state.apply(decided(minutes))
    (alert,) = state.alerts.values()
    assert (alert.kind, alert.subject, alert.checkpoint, alert.at) == (
        "clock-suspect",
        "north",
        "north",
        after(30),
    )
    assert is_suspect(state, 61)  # nobody knows yet; what it tells is to be recorded first
    state.apply(decided(61))
    assert not is_suspect(state, 62)
    assert len(state.alerts) == 1


def test_a_clock_beyond_the_bound_is_suspect_until_it_agrees_again() -> None:
    """Ahead or behind the record's clock; and what it told while it was wrong is no measure for later."""
    for off in (BOUND + 1, -BOUND - 1, 60 * 24 * 365):
        state = told((0, 0), (1 + off, 1))
        assert [each.kind for each in state.alerts.values()] == ["clock-suspect"]
        assert is_suspect(state, 2 + off, 2)
        assert not is_suspect(state, 2, 2)
        state.apply(decided(2), after(2))
        assert not is_suspect(state, 3)
    assert told((BOUND, 0), (1, 11)).alerts == {}


def test_another_gate_is_another_clock() -> None:
    """One gate's clock says nothing of another's."""
    state = told((60, 60), (30, 61))
    assert is_suspect(state, 31)
    assert not is_suspect(state, 31, checkpoint="south")


def test_what_is_asked_again_may_be_old() -> None:
    """A decision that follows another keeps the first one's instant and marks nothing."""
    state = told((0, 0), (60, 60))
    state.apply(decided(1, follows="main-1"), after(61))
    assert state.alerts == {}


def test_nobody_watches_where_no_bound_is_named() -> None:
    """A record that is written afterwards, such as a day's files, has no clock to look at."""
    state = told((60, 5000), (0, None), site=Site(id="caohang", zone="Asia/Shanghai"))
    assert state.alerts == {}
    assert not is_suspect(state, -500, 500)


def test_somebody_who_looked_at_the_clock_ends_it() -> None:
    """A jump ahead by a year that the record's clock made too would else last a year."""
    year = 60.0 * 24 * 365
    state = told((0, 0), (year, year), (1, 1))
    (alert,) = state.alerts.values()
    assert is_suspect(state, 2, 2)
    state.apply(AlertClosed(alert=alert.id, outcome="set by hand"))
    assert not is_suspect(state, 2, 2)
    state.apply(decided(2), after(2))
    assert len(state.alerts) == 1


MOMENTS = st.integers(-60, 60)


@given(st.lists(st.tuples(MOMENTS, st.none() | MOMENTS), max_size=12), MOMENTS, st.none() | MOMENTS)
def test_it_is_what_one_would_count_by_hand(
    pairs: list[tuple[int, int | None]], at: int, recorded: int | None
) -> None:
    """Against the plainest count there is; and a snapshot knows the same."""
    believed: list[int] = []
    suspect, alerts = False, 0

    def agrees(told: int, written: int | None) -> bool:
        near = written is None or -BOUND <= told - written <= BOUND
        return near and all(told >= each - BOUND for each in believed)

    for told_at, written in pairs:
        good = agrees(told_at, written)
        alerts += not good and not suspect
        suspect = not good
        if good:
            believed.append(told_at)
    state = told(*pairs)
    wanted = not agrees(at, recorded) or (suspect and recorded is None)
    assert is_suspect(state, at, recorded) == wanted
    assert len(state.alerts) <= alerts  # those of one instant are one
    assert bool(state.alerts) == bool(alerts)
    again = thaw(SITE, freeze(state))
    assert is_suspect(again, at, recorded) == wanted
    assert freeze(again) == freeze(state)


@pytest.mark.parametrize("certain", [True, False])
def test_only_rules_that_ask_for_certainty_hold(certain: bool) -> None:
    """At noon by a clock that ran backwards: a curfew that must be certain holds, another lets pass."""
    policy = Policy.loads(HEAD + RULES.format(certain=str(certain).lower()))
    with Ledger.open(":memory:", policy=policy) as ledger:
        first = ledger.admit(asked(60), recorded_at=after(60))
        assert first.effect is Effect.ALLOW
        held = ledger.admit(asked(0), recorded_at=after(61))
        assert held.effect is (Effect.HOLD if certain else Effect.ALLOW)
        assert held.lifted_by == (("look-at-clock",) if certain else ())
        assert [each.kind for each in ledger.alerts()] == ["clock-suspect"]
        assert ledger.admit(asked(62), recorded_at=after(62)).effect is Effect.ALLOW
        shown = [situation.clock_suspect for _, situation, _ in ledger.history()]
        assert shown == [False, True, False]
        assert not any(list(policy.replay(ledger.history(), against=policy).changes))


def test_somebody_who_comes_home_is_not_kept_out_by_a_clock() -> None:
    """Where the way in is closed at night too, a suspect clock holds a visitor and no resident."""
    policy = Policy.loads(HEAD + RULES.format(certain="true") + 'directions = ["in", "out"]\n')
    state = told((60, None), site=policy.site)
    state.apply(PersonEnrolled(Person(id="p-7")))
    answers = {}
    for traveller in (Traveller(person="p-7"), Traveller(clinic_journey="c-1"), Traveller()):
        entering = Crossing(checkpoint="north", direction="in", at=after(0), travellers=[traveller])
        situation = Situation.cut(state, entering)
        assert situation.clock_suspect
        codes = {each.code for each in policy.decide(entering, situation).verdicts}
        answers[traveller.person or traveller.clinic_journey] = "clock-suspect" in codes
    assert answers == {"p-7": False, "c-1": False, None: True}


@pytest.mark.parametrize("minutes", [0, 1441, True, "10", 1.5])
def test_a_bound_is_whole_minutes_up_to_a_day(minutes: Any) -> None:
    """Nothing else is taken for a bound."""
    with pytest.raises(EpiguardError, match=r"clock_bound_minutes"):
        Site(id="caohang", zone="Asia/Shanghai", clock_bound_minutes=minutes)
