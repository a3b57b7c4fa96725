"""A decision read for the situation alone leaves what the whole decision would."""

from __future__ import annotations

from datetime import timedelta

import attrs
from hypothesis import given
from hypothesis import strategies as st

from epiguard.decisions import Decision, Restricts, Verdict
from epiguard.facts import CrossingDecided
from epiguard.ledger import Ledger, Stored
from epiguard.ledger._chain import GENESIS
from epiguard.ledger._entry import pack
from epiguard.ledger._recall import passage_of
from epiguard.policy import Policy
from epiguard.situation import Passage
from epiguard.testing import facts
from ledger.community import HEAD, NOON, RECORDED, enrolled, out

RULES = '[[rules]]\nuse = "admit-kinds"\n[[rules]]\nuse = "one-exit-per-day"\n'


def packed(decision: Decision) -> Stored:
    """It as it is kept."""
    fact = CrossingDecided(decision)
    return pack(
        fact,
        position=1,
        writer="main",
        sequence=1,
        subjects=fact.subjects,
        recorded_at=RECORDED,
        by="gate",
        key=None,
        claims=decision.claim_keys,
        previous=GENESIS,
        latest="",
    )


def _of(verdict: Verdict, restricts: str | None, waived: bool) -> Verdict:
    """It as another rule's."""
    assert verdict.source is not None
    source = None if restricts is None else attrs.evolve(verdict.source, restricts=Restricts(restricts))
    return attrs.evolve(verdict, source=source, waived=waived)


@given(facts(CrossingDecided))
def test_any_decision_is_recalled_as_it_was(fact: CrossingDecided) -> None:
    """Whatever is in it, claims, waivers, strangers and forms; or it is read in full."""
    assert passage_of(packed(fact.decision)) in (None, Passage.decided(fact.decision))


@given(
    st.sampled_from([("p-1",), ("p-1", "p-2"), (None,), ("p-1", None)]),
    st.booleans(),
    st.sampled_from(["safety", "movement", None]),
    st.booleans(),
)
def test_what_gates_decide_is_recalled_and_not_read_in_full(
    party: tuple[str | None, ...], again: bool, restricts: str | None, waived: bool
) -> None:
    """With one claim or several, of a rule that leave waives, another or none, or waived."""
    with Ledger.open(":memory:", policy=Policy.loads(HEAD + RULES), clock=lambda: RECORDED) as ledger:
        for number in range(1, 3):
            ledger.record(enrolled(number), by="register")
        if again:
            ledger.admit(out("p-1"))
        decision = ledger.admit(out(*party, at=NOON + timedelta(hours=1)))
    changed = [_of(each, restricts, waived) if each.claims else each for each in decision.verdicts]
    for one in (decision, attrs.evolve(decision, verdicts=changed)):
        assert passage_of(packed(one)) == Passage.decided(one)
