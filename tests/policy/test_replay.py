"""Replay and shadow: what another policy would have decided, counted by rule and reason."""

from __future__ import annotations

import tracemalloc
from collections.abc import Iterator
from datetime import timedelta

import attrs
from hypothesis import given
from hypothesis import strategies as st

from epiguard.crossings import Crossing
from epiguard.decisions import Decision, Effect, Override
from epiguard.facts import Fact
from epiguard.ledger import Ledger
from epiguard.policy import Policy
from epiguard.rules import Rule, hookimpl
from epiguard.situation import Situation
from rules.gate import NOON, RESIDENT, SITE, crossing, crossings, histories, load, resident

NOW = load("use = 'admit-kinds'")
STRICTER = load("use = 'admit-kinds'", "use = 'curfew'\ncloses = 11:00:00\nopens = 05:00:00")


def recorded(policy: Policy, asked: Crossing, *facts: Fact) -> tuple[Crossing, Situation, Decision]:
    """A crossing as it was recorded."""
    situation = Situation.of(facts, asked, site=SITE)
    return asked, situation, policy.decide(asked, situation)


def test_differences_are_counted_by_rule() -> None:
    """A curfew from 11 o'clock would have refused whoever went out at noon, and nobody else."""
    history = [recorded(NOW, crossing(way, resident()), RESIDENT) for way in ("out", "in", "out")]
    found = NOW.replay(history, against=STRICTER)
    assert (found.decided, found.differing) == (3, 2)
    [change] = found.changes
    assert (change.before, change.after) == (Effect.ALLOW, Effect.DENY)
    assert (change.rule, change.code, change.count) == ("curfew", "curfew-out", 2)
    assert change.examples == ((NOON, ""), (NOON, ""))
    assert set(change.texts) == {"zh", "en"}
    assert change.text == change.texts["zh"]
    assert change.stricter
    [day] = found.days
    assert (day.decided, day.stricter, day.milder) == (3, 2, 0)


def test_the_other_way_round_the_rule_that_is_gone_is_named() -> None:
    """Without the curfew they would have passed."""
    found = STRICTER.replay([recorded(STRICTER, crossing("out", resident()), RESIDENT)], against=NOW)
    [change] = found.changes
    assert (change.before, change.after, change.rule) == (Effect.DENY, Effect.ALLOW, "curfew")


@given(st.lists(st.tuples(crossings, histories), max_size=4))
def test_a_replay_is_the_decisions_one_by_one(several: list[tuple[Crossing, list[Fact]]]) -> None:
    """As many differ as differ; a policy against itself differs nowhere."""
    history = [recorded(NOW, asked, *facts) for asked, facts in several]
    differing = [
        asked
        for asked, situation, decided in history
        if STRICTER.decide(asked, situation).effect is not decided.effect
    ]
    found = NOW.replay(history, against=STRICTER)
    assert (found.decided, found.differing) == (len(history), len(differing))
    assert sum(each.count for each in found.changes) >= len(differing)
    assert NOW.replay(history).differing == 0


def test_a_ledger_is_replayed_on_what_was_known_then() -> None:
    """The slices are those that were decided on, whatever was recorded later; an override stays one."""
    with Ledger.open(":memory:", policy=NOW) as ledger:
        ledger.admit(crossing("out", resident()), by="guard-1", recorded_at=NOON)
        ledger.record(RESIDENT, by="cadre-1", recorded_at=NOON + timedelta(minutes=1))
        later = attrs.evolve(crossing("out", resident()), at=NOON + timedelta(minutes=2))
        ledger.admit(later, by="guard-1", recorded_at=later.at)
        ledger.admit(
            crossing("out", resident()),
            by="guard-1",
            recorded_at=later.at,
            override=Override(reason="a birth", by="cadre-3"),
        )
        history = list(ledger.history())
        assert [each.effect for *_, each in history] == [Effect.HOLD, Effect.ALLOW, Effect.ALLOW]
        assert [bool(situation.people) for _, situation, _ in history] == [False, True, True]
        assert NOW.replay(ledger.history()).differing == 0
        found = NOW.replay(ledger.history(), against=STRICTER)
        assert (found.decided, found.differing) == (3, 2)
        assert all(each.examples[0][1] for each in found.changes)


def test_a_long_record_takes_little_memory() -> None:
    """Ten times as many crossings take no more: nothing is kept of them but counts."""

    def peak(times: int) -> int:
        one = recorded(NOW, crossing("out", resident()), RESIDENT)

        def history() -> Iterator[tuple[Crossing, Situation, Decision]]:
            for _ in range(times):
                yield one

        tracemalloc.start()
        try:
            assert NOW.replay(history(), against=STRICTER).differing == times
            return tracemalloc.get_traced_memory()[1]
        finally:
            tracemalloc.stop()

    peak(100)
    assert peak(5000) < peak(500) + 200_000


def test_a_shadow_decides_nothing() -> None:
    """A ledger goes on as before; where the candidate differs is noted."""
    shadowed = NOW.shadow(STRICTER)
    assert shadowed.version == NOW.version
    with Ledger.open(":memory:", policy=shadowed) as ledger:
        ledger.record(RESIDENT, by="cadre-1", recorded_at=NOON)
        assert (
            ledger.admit(crossing("out", resident()), by="guard-1", recorded_at=NOON).effect is Effect.ALLOW
        )
        assert ledger.admit(crossing("in", resident()), by="guard-1", recorded_at=NOON).effect is Effect.ALLOW
    found = shadowed.differences
    assert (found.decided, found.differing) == (2, 1)
    assert [each.rule for each in found.changes] == ["curfew"]


def test_a_candidate_that_fails_stops_nobody() -> None:
    """It is counted by the kind of its error."""
    other = Policy.loads(
        '[site]\nid = "caohang"\nzone = "Asia/Shanghai"\ncheckpoints = [{id = "elsewhere"}]\n'
    )
    shadowed = NOW.shadow(other)
    asked = crossing("out", resident())
    decided = shadowed.decide(asked, Situation.of([RESIDENT], asked, site=SITE))
    assert decided.effect is Effect.ALLOW
    assert shadowed.differences.failures == (("UnknownIdError", 1),)


def test_texts_that_differ_stand_for_nobody() -> None:
    """Where a rule says something else of each crossing, its code is shown and not what it said of one."""
    other = load("use = 'admit-kinds'", "use = 'temperature'\nlimit = 36")
    history = [recorded(NOW, crossing("in", resident(temperature=each)), RESIDENT) for each in (36.4, 36.8)]
    found = NOW.replay(history, against=other)
    for change in found.changes:
        said = {
            verdict.text("en")
            for asked, situation, _ in history
            for verdict in other.decide(asked, situation).reasons
            if verdict.code == change.code
        }
        assert (change.texts.get("en") in said) == (len(said) == 1)
        assert change.text


def test_lanes_and_days_are_those_of_the_policy_that_is_tried() -> None:
    """A gate that the candidate closes is closed, though the record was made while it was open."""
    lanes = "lanes = [{direction = 'in', traffic = 'pedestrian'}]"
    closed = Policy.loads(
        "[site]\nid = 'caohang'\nzone = 'Asia/Shanghai'\n"
        f"checkpoints = [{{id = 'north', {lanes}}}, {{id = 'south'}}]\n"
        "[[rules]]\nuse = 'admit-kinds'\n[[rules]]\nuse = 'lanes'\n"
    )
    found = NOW.replay([recorded(NOW, crossing("out", resident()), RESIDENT)], against=closed)
    assert [(each.rule, each.count) for each in found.changes] == [("lanes", 1)]


def test_what_a_store_found_taken_is_taken() -> None:
    """The rules allow the second exit of two gates at one instant; the claim was lost, and would be again."""
    once_a_day = load("use = 'admit-kinds'", "use = 'one-exit-per-day'")
    asked, situation, decided = recorded(once_a_day, crossing("out", resident()), RESIDENT)
    lost = once_a_day.claim_taken(decided)
    assert once_a_day.replay([(asked, situation, lost)]).differing == 0
    found = once_a_day.replay([(asked, situation, lost)], against=NOW)
    assert [(each.rule, each.code) for each in found.changes] == [("", "claim-taken")]


@attrs.frozen
class Fails(Rule):
    """Raises."""

    source = "test"

    @hookimpl
    def review_crossing(self, crossing: Crossing) -> None:
        """Fail."""
        raise ZeroDivisionError(crossing.checkpoint)


def test_a_rule_that_fails_is_counted() -> None:
    """By its id; whoever it was asked about is held."""
    other = load("use = 'admit-kinds'", rules=[Fails])
    found = NOW.replay([recorded(NOW, crossing("out", resident()), RESIDENT)] * 3, against=other)
    assert found.failures == (("fails", 3),)
    assert found.differing == 3
