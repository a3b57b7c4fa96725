"""The policy decides as the reference does that is written beside it, whatever the rules and the crossing."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import Phase, find, given, settings
from hypothesis import strategies as st
from hypothesis.errors import NoSuchExample

import epiguard.policy._reference as reference_module
from epiguard.crossings import Crossing, Traveller, Vehicle
from epiguard.decisions import Decision, Effect, Override, Verdict
from epiguard.facts import Fact
from epiguard.ledger import Ledger
from epiguard.places import Direction
from epiguard.policy import Policy, _combine, _policy
from epiguard.policy._dispatch import _Step
from epiguard.policy._reference import Reference, decide_by_the_book
from epiguard.situation import Situation
from policy.scripted import FAULTY, SOUND, Script, policies, policy_of
from rules.gate import HEAD, NOON, PEOPLE, SITE, crossings, histories, household, leave, travellers

Entries = list[tuple[str, Script]]
in_a_car = st.builds(lambda crossing: attrs.evolve(crossing, vehicle=Vehicle()), crossings)
asked = crossings | in_a_car
OVERRIDE = Override(reason="a birth", by="cadre-3")
maybe_override = st.none() | st.just(OVERRIDE)


def as_reference(decision: Decision) -> Reference:
    """A decision as the reference gives one."""
    said = [(each.rule, each.traveller, each.effect, each.code, each.waived) for each in decision.verdicts]
    return Reference(decision.effect, tuple(sorted(said, key=repr)), frozenset(decision.claim_keys))


def both(
    policy: Policy, crossing: Crossing, facts: Iterable[Fact], override: Override | None = None
) -> tuple[Reference, Reference]:
    """What the policy says, and what the reference says."""
    situation = Situation.of(facts, crossing, site=SITE)
    got = policy.decide(crossing, situation, override=override)
    return as_reference(got), decide_by_the_book(policy.rules, crossing, situation, override)


def test_the_reference_is_short() -> None:
    """It can be read in one sitting: fewer than a hundred lines of code and comment."""
    assert reference_module.__file__ is not None
    lines = Path(reference_module.__file__).read_text(encoding="utf-8").splitlines()
    assert len([line for line in lines if line.strip()]) < 100


@given(policies(), asked, histories, maybe_override)
def test_a_policy_decides_as_the_reference(
    entries: Entries, crossing: Crossing, facts: list[Fact], override: Override | None
) -> None:
    """Effect, everything said, what leave waives, and what is used up are the same; asked again, too."""
    policy = policy_of(entries)
    got, expected = both(policy, crossing, facts, override)
    assert got == expected
    assert both(policy, crossing, facts, override)[0] == expected


@given(policies(), asked, histories, st.randoms(use_true_random=False))
def test_neither_order_nor_duplicates_matter(
    entries: Entries, crossing: Crossing, facts: list[Fact], random: Any
) -> None:
    """Entries in another order say the same; some of them twice do not change effect and claims."""
    expected, _ = both(policy_of(entries), crossing, facts)
    shuffled = random.sample(entries, len(entries))
    assert both(policy_of(shuffled), crossing, facts)[0] == expected
    twice = policy_of(shuffled, *random.sample(entries, min(2, len(entries))))
    got, by_the_book = both(twice, crossing, facts)
    assert got == by_the_book
    assert (got.effect, got.claims) == (expected.effect, expected.claims)


@given(policies(), asked, histories)
def test_what_an_answer_rests_on(entries: Entries, crossing: Crossing, facts: list[Fact]) -> None:
    """A deny denies; who passes was allowed by a rule; a fault never allows, nor a claim made twice."""
    policy = policy_of(entries)
    decision = policy.decide(crossing, Situation.of(facts, crossing, site=SITE))
    counted = [each for each in decision.verdicts if not each.waived]
    effects = {each.effect for each in counted}
    assert (Effect.DENY in effects) == (decision.effect is Effect.DENY)
    if decision.effect is not Effect.ALLOW:
        return
    assert effects <= {Effect.ALLOW}
    assert not [each for each in decision.verdicts if each.fault is not None]
    granted = {each.traveller for each in counted if each.grants}
    assert None in granted or granted >= set(range(len(crossing.travellers)))
    claims = {
        (claim.name, claim.subject, claim.slot, each.traveller) for each in counted for claim in each.claims
    }
    assert len({each[:3] for each in claims}) == len(claims)


@given(policies(FAULTY, least=1), asked, histories)
def test_a_fault_is_heard(entries: Entries, crossing: Crossing, facts: list[Fact]) -> None:
    """Rules that only ever fail let nobody through, and each that was asked says that it failed."""
    got, expected = both(policy_of(entries), crossing, facts)
    assert got == expected
    assert got.effect is not Effect.ALLOW


@given(policies(SOUND, least=1), st.lists(asked, min_size=2, max_size=8), histories)
def test_a_claim_is_never_granted_twice(entries: Entries, several: list[Crossing], facts: list[Fact]) -> None:
    """Whatever the rules claim, of all crossings that a ledger lets through no two use up one key."""
    with Ledger.open(":memory:", policy=policy_of(entries)) as ledger:
        for fact in facts:
            _record(ledger, fact)
        used: list[str] = []
        for place, crossing in enumerate(sorted(several, key=lambda each: each.at)):
            decision = ledger.admit(crossing, by="guard-1", recorded_at=_later(crossing, place))
            used += decision.claim_keys
        assert len(set(used)) == len(used)


def _record(ledger: Ledger, fact: Fact) -> None:
    known = {each.id for each in ledger.people()}
    if set(fact.subjects) & set(PEOPLE) <= known or fact.kind in ("person-enrolled", "household-recorded"):
        ledger.record(fact, by="cadre-1", recorded_at=NOON - timedelta(days=1))


def _later(crossing: Crossing, place: int) -> datetime:
    return crossing.at + timedelta(seconds=place)


def test_a_second_claim_is_there_to_be_refused() -> None:
    """Some generated day claims one key twice, so that the claim's law says something."""

    def refused(example: tuple[Entries, list[Crossing]]) -> bool:
        entries, several = example
        with Ledger.open(":memory:", policy=policy_of(entries)) as ledger:
            for crossing in sorted(several, key=lambda each: each.at):
                decision = ledger.admit(crossing, by="guard-1", recorded_at=crossing.at)
                if any(each.code == "claim-taken" and each.traveller is None for each in decision.verdicts):
                    return True
        return False

    claiming = policies(("allow-and-claim",), least=1)
    find(st.tuples(claiming, st.lists(asked, min_size=2, max_size=4)), refused, settings=SEARCH)


# --- the control: an engine with a slip decides otherwise than the reference ---

SEARCH = settings(max_examples=1000, derandomize=True, database=None, deadline=None, phases=[Phase.generate])
#: A party of two of whom the second may be on leave: what a slip needs to show.
pairs = st.builds(
    lambda direction, first, second: Crossing(
        checkpoint="north", direction=direction, at=NOON, travellers=[first, second]
    ),
    st.sampled_from(Direction),
    travellers(person=st.sampled_from([None, "p-2"])),
    travellers(person=st.just("p-1")),
)
several = policies(least=1) | policies(("allow", "claim", "allow-and-claim", "deny"), least=1)
beforehand = st.sampled_from([[], [leave("p-1")], [household("p-1", "p-2")]])


def _best(effects: Iterable[Effect]) -> Effect:
    return min(effects, key=lambda each: each.rank, default=Effect.ALLOW)


def _forgive(verdicts: Iterable[Verdict], on_leave: frozenset[int], party: int) -> list[Verdict]:
    theirs = {*on_leave, *([None] if len(on_leave) == party else [])}
    return [
        attrs.evolve(each, waived=True) if each.traveller in theirs and not each.grants else each
        for each in verdicts
    ]


def _deaf(review: Callable[..., list[Verdict]]) -> Callable[..., list[Verdict]]:
    return lambda *asked: [each for each in review(*asked) if each.fault is None]


def _first_only(review: Callable[..., list[Verdict]]) -> Callable[..., list[Verdict]]:
    return lambda *asked: review(*asked)[:1]


SLIPS: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "allow beats deny": lambda patch: patch.setattr(Effect, "worst", _best),
    "leave waives safety": lambda patch: patch.setattr(_policy, "waive", _forgive),
    "leave waives nothing": lambda patch: patch.setattr(
        _policy, "waive", lambda verdicts, *_: list(verdicts)
    ),
    "a fault is passed over": lambda patch: patch.setattr(_Step, "signed", _deaf(_Step.signed)),
    "only a rule's first verdict is heard": lambda patch: patch.setattr(
        _Step, "signed", _first_only(_Step.signed)
    ),
    "claimed twice in a party": lambda patch: patch.setattr(_combine, "_claimed_twice", lambda *_: ()),
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_in_the_engine_is_found(slip: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each engine that is broken in one place differs from the reference for some policy and crossing."""

    def differs(example: tuple[Entries, Crossing, list[Fact]]) -> bool:
        entries, crossing, facts = example
        got, expected = both(policy_of(entries), crossing, facts)
        return got != expected

    SLIPS[slip](monkeypatch)
    entries, *_ = find(st.tuples(several, pairs, beforehand), differs, settings=SEARCH)
    assert entries


def test_a_sound_engine_differs_nowhere() -> None:
    """The search that finds every slip finds nothing where there is none."""

    def differs(example: tuple[Entries, Crossing, list[Fact]]) -> bool:
        entries, crossing, facts = example
        got, expected = both(policy_of(entries), crossing, facts)
        return got != expected

    few = settings(SEARCH, max_examples=200)
    with pytest.raises(NoSuchExample):
        find(st.tuples(several, pairs, beforehand), differs, settings=few)


def test_a_site_without_rules() -> None:
    """Nobody said anything, so everybody waits for the committee."""
    crossing = Crossing(checkpoint="north", direction="in", at=NOON, travellers=[Traveller(), Traveller()])
    got, expected = both(Policy.loads(HEAD), crossing, [])
    assert got == expected
    assert [each[3] for each in got.said] == ["unreviewed", "unreviewed"]
