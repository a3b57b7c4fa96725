"""What was decided at the gates and what was raised: the report's figures are a plain count."""

from __future__ import annotations

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from epiguard import Alert, Checkpoint, Crossing, Decision, Direction, Effect, Site, Traveller, Verdict
from epiguard.facts import AlertClosed, AlertRaised
from epiguard.reports import daily_report
from epiguard.situation import State

DAY = date(2020, 2, 13)
NOW = datetime.fromisoformat("2020-02-13T18:00:00+08:00")
SITE = Site(
    id="jindu",
    zone="Asia/Shanghai",
    region="310112",
    checkpoints=[Checkpoint(id="north", name="北门"), Checkpoint(id="south")],
)

crossings = st.tuples(
    st.sampled_from(Effect),
    st.sampled_from(["north", "south", "elsewhere"]),
    st.sampled_from(Direction),
    st.integers(-1, 0),
    st.sets(st.sampled_from(["not-measured", "in-quarantine", "fever"]), max_size=3),
)
alerts = st.tuples(st.sampled_from(["quarantine-breach", "rule-fault"]), st.integers(-1, 0), st.booleans())


def decision(given_: tuple[Effect, str, Direction, int, set[str]], number: int) -> Decision:
    """A decision as a ledger keeps one."""
    effect, checkpoint, direction, days, codes = given_
    at = NOW + timedelta(days=days, minutes=-number)
    return Decision(
        crossing=Crossing(checkpoint=checkpoint, direction=direction, at=at, travellers=[Traveller()]),
        day=SITE.day_of(at),
        effect=effect,
        verdicts=[Verdict(effect=effect, code=code) for code in sorted(codes)],
        id=f"d-{number}",
    )


@given(st.lists(crossings, max_size=8))
def test_crossings_are_what_a_plain_count_gives(generated: list[Any]) -> None:
    """Yesterday's decisions are counted as another day's, and reasons only where somebody was stopped."""
    decisions = [decision(each, number) for number, each in enumerate(generated)]
    on_day = [each for each in generated if each[3] == 0]
    seen = daily_report(State(SITE), day=DAY, now=NOW, decisions=decisions).crossings
    assert (seen.decided, seen.other_days) == (len(on_day), len(generated) - len(on_day))
    assert seen.by_effect == {effect.value: sum(each[0] is effect for each in on_day) for effect in Effect}
    assert seen.by_direction == {
        direction.value: sum(each[2] is direction for each in on_day) for direction in Direction
    }
    assert {checkpoint: each.decided for checkpoint, each in seen.by_checkpoint.items() if each.decided} == (
        Counter(each[1] for each in on_day)
    )
    assert seen.decided == sum(seen.by_effect.values()) == sum(seen.by_direction.values())
    assert seen.decided == sum(each.decided for each in seen.by_checkpoint.values())
    stopped = [each for each in on_day if each[0] is not Effect.ALLOW]
    assert seen.reasons == Counter(code for each in stopped for code in each[4])


@given(st.lists(alerts, max_size=6))
def test_alerts_are_what_a_plain_count_gives(generated: list[tuple[str, int, bool]]) -> None:
    """An alert is open until somebody looked at it."""
    state = State(SITE)
    for number, (kind, days, closed) in enumerate(generated):
        alert = Alert(kind=kind, subject=f"p-{number}", at=NOW + timedelta(days=days))
        state.apply(AlertRaised(alert))
        if closed:
            state.apply(AlertClosed(alert=alert.id, outcome="looked at"))
    seen = daily_report(state, day=DAY, now=NOW).alerts
    assert (seen.total.raised, seen.total.today, seen.total.open) == (
        len(generated),
        sum(days == 0 for _, days, _ in generated),
        sum(not closed for _, _, closed in generated),
    )
    assert {kind: each.raised for kind, each in seen.by_kind.items()} == Counter(
        kind for kind, _, _ in generated
    )


def test_a_decision_asked_again_counts_once(world: Any) -> None:
    """A hold that was lifted is one crossing, let through."""
    first = world.decide("hold", "not-measured")
    world.decide("allow", "admitted", follows=first.id)
    seen = daily_report(world.state, day=DAY, now=NOW, decisions=world.decisions).crossings
    assert (seen.decided, seen.asked_again, seen.by_effect["allow"]) == (1, 1, 1)
    assert dict(seen.reasons) == {}
