"""Combining verdicts: deny beats hold beats allow, in any order, and nothing but a yes is a yes."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.crossings import Crossing
from epiguard.decisions import Decision, Effect, Override, Restricts, Verdict, once
from epiguard.duties import Alert, Duty
from epiguard.errors import InvalidValueError
from epiguard.facts import Fact
from epiguard.plain import from_plain, to_plain
from epiguard.policy import Policy
from epiguard.rules import allow, deny, hold, no_objection
from epiguard.situation import Situation
from policy.saying import GRANT, Speech, debates, policy_of, saying
from rules.gate import crossing, leave, resident, slice_of

NAMES = "ABCDEFGH"
OVERRIDE = Override(reason="a birth", by="cadre-3")


def party_of(size: int) -> Crossing:
    """So many residents going out together."""
    return crossing("out", *(resident(f"p-{index}") for index in range(size)))


def decide(policy: Policy, size: int = 1, on_leave: frozenset[int] = frozenset(), **options: Any) -> Decision:
    """The decision about a party of which some are on leave."""
    asked = party_of(size)
    facts: list[Fact] = [leave(f"p-{index}") for index in on_leave]
    return policy.decide(asked, slice_of(asked, *facts), **options)


def of(speeches: list[Speech]) -> Policy:
    """A policy of rules that say this, in this order."""
    return policy_of(each.rule(name) for name, each in zip(NAMES, speeches, strict=False))


def model(party: int, speeches: list[Speech], on_leave: frozenset[int]) -> Effect:
    """The whole combination in a few lines, to be compared with the engine."""
    counted = [
        (kind, about)
        for speech in speeches
        for kind, about in speech.verdicts
        if kind == "allow"
        or speech.restricts is Restricts.SAFETY
        or not (about in on_leave if about is not None else len(on_leave) == party)
    ]
    said = {kind for kind, _ in counted}
    if "deny" in said:
        return Effect.DENY
    granted = {about for kind, about in counted if kind == "allow"}
    if "hold" in said or (None not in granted and not granted >= set(range(party))):
        return Effect.HOLD
    return Effect.ALLOW


@given(debates())
def test_the_engine_is_the_model(debate: tuple[int, list[Speech], frozenset[int]]) -> None:
    """Any deny denies, any hold holds, everybody needs a yes, and leave waives movement alone."""
    party, speeches, on_leave = debate
    assert decide(of(speeches), party, on_leave).effect is model(party, speeches, on_leave)


@given(debates(), st.randoms(use_true_random=False))
def test_the_order_of_rules_does_not_matter(
    debate: tuple[int, list[Speech], frozenset[int]], random: Any
) -> None:
    """Permuted entries give the same effect, the same verdicts, the same duties and alerts."""
    party, speeches, on_leave = debate
    rules = [each.rule(name) for name, each in zip(NAMES, speeches, strict=False)]
    shuffled = random.sample(rules, len(rules))
    one, other = (decide(policy_of(each), party, on_leave) for each in (rules, shuffled))
    assert one.effect is other.effect
    assert Counter(one.verdicts) == Counter(other.verdicts)
    assert set(one.reasons) == set(other.reasons)
    assert set(one.duties) == set(other.duties)
    assert set(one.alerts) == set(other.alerts)
    assert one.claim_keys == other.claim_keys


@given(debates(), st.data())
def test_one_more_rule_never_softens_a_deny(
    debate: tuple[int, list[Speech], frozenset[int]], data: st.DataObject
) -> None:
    """And a rule that grants nothing softens nothing at all."""
    party, speeches, on_leave = debate
    more = data.draw(st.sampled_from([*speeches, Speech((("allow", None),), Restricts.SAFETY)]))
    before, after = (decide(of(each), party, on_leave).effect for each in (speeches, [*speeches, more]))
    if before is Effect.DENY:
        assert after is Effect.DENY
    if not any(kind == "allow" for kind, _ in more.verdicts):
        assert after.rank >= before.rank


@given(debates())
def test_no_yes_without_a_grant(debate: tuple[int, list[Speech], frozenset[int]]) -> None:
    """Each traveller is granted the crossing by some rule, or is listed as unreviewed."""
    party, speeches, on_leave = debate
    decision = decide(of(speeches), party, on_leave)
    granted = {each.traveller for each in decision.verdicts if each.grants}
    unreviewed = [each.traveller for each in decision.verdicts if each.code == "unreviewed"]
    assert unreviewed == [i for i in range(party) if None not in granted and i not in granted]
    if decision.effect is Effect.ALLOW:
        assert None in granted or granted >= set(range(party))


@given(debates())
def test_leave_waives_movement_and_lists_it(debate: tuple[int, list[Speech], frozenset[int]]) -> None:
    """A waived verdict is still shown, without claims, duties or alerts; safety is never waived."""
    party, speeches, on_leave = debate
    decision = decide(of(speeches), party, on_leave)
    assert len(decision.verdicts) >= sum(len(each.verdicts) for each in speeches)
    for each in decision.verdicts:
        if each.waived:
            assert each.source is not None
            assert each.source.restricts is Restricts.MOVEMENT
            assert each.traveller in on_leave or (each.traveller is None and len(on_leave) == party)
            assert not each.grants
            assert (each.claims, each.duties, each.alerts) == ((), (), ())
            assert each not in decision.reasons
    without = decide(of(speeches), party)
    assert decision.effect.rank <= without.effect.rank


@given(debates())
def test_an_override_lets_through_and_hides_nothing(
    debate: tuple[int, list[Speech], frozenset[int]],
) -> None:
    """It is applied after the rules: they are all listed, and somebody must look at it."""
    party, speeches, on_leave = debate
    plain = decide(of(speeches), party, on_leave)
    decision = decide(of(speeches), party, on_leave, override=OVERRIDE)
    assert decision.effect is Effect.ALLOW
    assert decision.verdicts == plain.verdicts
    assert [each.kind for each in decision.alerts if each.kind == "override"] == ["override"]
    assert decision.override == OVERRIDE
    assert decision.claim_keys == ()


@given(debates())
def test_equal_questions_get_equal_answers(debate: tuple[int, list[Speech], frozenset[int]]) -> None:
    """Twice asked, from policies loaded twice; and a decision survives storage."""
    party, speeches, on_leave = debate
    one, other = decide(of(speeches), party, on_leave), decide(of(speeches), party, on_leave)
    assert one == other
    assert hash(one) == hash(other)
    assert from_plain(json.loads(json.dumps(to_plain(one)))) == one


# --- rules that fail ---


@attrs.frozen
class LikeAVerdict(Verdict):
    """A subclass may compare or behave otherwise, so it is none."""


def raising(error: BaseException) -> Any:
    """A hook that raises."""

    def say(_: object) -> None:
        raise error

    return say


def returning(value: object) -> Any:
    """A hook that returns something."""

    def say(_: object) -> object:
        return value

    return say


def changes_its_mind(_: object) -> Iterator[Verdict]:
    """A hook that says yes and then fails."""
    yield allow("granted", zh="可")
    raise KeyError("p-7")


def forged(verdict: Verdict, **changes: Any) -> Verdict:
    """A verdict that was changed after it was made, as only a rule that means harm would."""
    made = attrs.evolve(verdict)
    for name, value in changes.items():
        object.__setattr__(made, name, value)
    return made


YES = allow("granted", zh="可")
GARBAGE: dict[str, Any] = {
    "true": True,
    "false": False,
    "zero": 0,
    "one": 1,
    "a word": "allow",
    "a blank": "",
    "bytes": b"allow",
    "an effect": Effect.ALLOW,
    "an object": object(),
    "a class": Verdict,
    "a table": {"effect": "allow"},
    "an empty table": {},
    "a table of verdicts": {"yes": YES},
    "a table by verdict": {YES: "yes"},
    "nothing in a list": [None],
    "a yes in a list in a list": [[YES]],
    "a yes and junk": (YES, "junk"),
    "junk and a yes": (0, YES),
    "a yes and an effect": [YES, Effect.ALLOW],
    "a subclass": LikeAVerdict(effect=Effect.ALLOW, code="granted", grants=True),
    "a subclass in a list": [LikeAVerdict(effect=Effect.ALLOW, code="granted", grants=True)],
    "a deny that grants": forged(YES, effect=Effect.DENY),
    "a hold that grants": forged(YES, effect=Effect.HOLD),
    "about somebody who is not there": forged(YES, traveller=1),
    "about the last": forged(YES, traveller=-1),
    "about true": forged(YES, traveller=True),
    "about a half": forged(YES, traveller=0.0),
    "an effect that is none": forged(no_objection("maybe", zh="也许"), effect="maybe"),
    "an effect that is no enumeration's": forged(YES, effect="allow"),
    "claims that are none": forged(YES, claims=("exit",)),
    "texts that are none": forged(YES, texts=None),
    "a duty": Duty(kind="call", subject="p-7"),
    "a decision": decide(policy_of([GRANT])),
}
FAILING: dict[str, Any] = {
    **{name: returning(value) for name, value in GARBAGE.items()},
    "a generator that raises midway": changes_its_mind,
    **{
        type(error).__name__: raising(error)
        for error in (ValueError("p-7"), KeyError("p-7"), RecursionError(), MemoryError(), StopIteration())
    },
    "an error of ours": raising(InvalidValueError("x", expected="y", got="z")),
    "an unknown attribute": lambda situation: situation.clock,
    "a table that is changed": lambda situation: situation.people.clear(),
    "a situation that is changed": lambda situation: setattr(situation, "standings", ()),
}


@pytest.mark.parametrize("say", FAILING.values(), ids=FAILING)
@pytest.mark.parametrize("on_leave", [frozenset(), frozenset({0})], ids=["plain", "on leave"])
def test_a_fault_never_allows(say: Any, on_leave: frozenset[int]) -> None:
    """It holds, names rule, distribution and hook, raises an alert, and hides no other rule's verdict."""
    no = saying("N", lambda _: deny("closed", zh="关"), Restricts.SAFETY)
    alone = decide(policy_of([saying("F", say)]), on_leave=on_leave)
    with_yes = decide(policy_of([GRANT, saying("F", say)]), on_leave=on_leave)
    with_no = decide(policy_of([saying("F", say), GRANT, no]), on_leave=on_leave)
    assert (alone.effect, with_yes.effect, with_no.effect) == (Effect.HOLD, Effect.HOLD, Effect.DENY)
    for decision in (alone, with_yes, with_no):
        [fault] = [each for each in decision.verdicts if each.fault]
        assert (fault.code, fault.rule, fault.grants, fault.waived) == ("fault", "f", False, False)
        assert fault.fault is not None
        assert fault.fault.startswith("passed directly: rule f, hook review_crossing r")
        assert "p-7" not in fault.fault
        assert set(fault.texts) == {"zh", "en"}
        assert fault.lifted_by == "ask-the-committee"
        assert [each.basis for each in decision.alerts if each.kind == "rule-fault"] == ["f"]
    assert {each.code for each in with_no.verdicts} == {"fault", "granted", "closed"}


@given(debates(), st.sampled_from(list(FAILING.values())), st.integers(0, 5))
def test_a_fault_among_others(debate: tuple[int, list[Speech], frozenset[int]], say: Any, place: int) -> None:
    """Wherever it stands, the others are heard, and what would be allowed is held."""
    party, speeches, on_leave = debate
    rules = [each.rule(name) for name, each in zip(NAMES, speeches, strict=False)]
    broken = saying("X", say)
    decision = decide(policy_of([*rules[:place], broken, *rules[place:]]), party, on_leave)
    expected = decide(policy_of(rules), party, on_leave)
    if party > 1 and not any(each.fault for each in decision.verdicts):
        return  # what is junk about one traveller may be sense about several
    assert decision.effect is (Effect.DENY if expected.effect is Effect.DENY else Effect.HOLD)
    heard = Counter(each for each in decision.verdicts if each.rule != "x")
    assert heard == Counter(expected.verdicts)


@pytest.mark.parametrize("say", [lambda _: None, lambda _: (), lambda _: [], lambda _: iter(())])
def test_nothing_is_no_fault_and_no_yes(say: Any) -> None:
    """A rule without an opinion leaves the crossing to the others, and unreviewed where there are none."""
    assert decide(policy_of([GRANT, saying("A", say)])).effect is Effect.ALLOW
    alone = decide(policy_of([saying("A", say)]))
    assert (alone.effect, alone.lifted_by) == (Effect.HOLD, ("ask-the-committee",))
    assert decide(policy_of([])).effect is Effect.HOLD


def test_an_interruption_propagates() -> None:
    """Control-C is no fault of a rule, and nothing is allowed by it."""
    for error in (KeyboardInterrupt, SystemExit):
        with pytest.raises(error):
            decide(policy_of([GRANT, saying("F", raising(error()))]))


def test_what_a_rule_claims_to_be_is_not_believed() -> None:
    """A verdict cannot waive itself, call itself a fault or name another source."""
    [other] = [each.source for each in decide(policy_of([GRANT])).verdicts]
    forged = attrs.evolve(deny("closed", zh="关"), waived=True, fault="not me", source=other)
    [verdict, *_] = decide(policy_of([saying("F", lambda _: forged), GRANT])).verdicts
    assert (verdict.waived, verdict.fault, verdict.rule) == (False, None, "f")


# --- duties, claims and alerts ---

STRIKE = Duty(kind="strike-date", subject="p-0")
CALL = Duty(kind="call", subject="p-0")


def test_duties_of_a_yes_are_owed_on_a_yes() -> None:
    """The date is struck only if they go; what a hold or a deny asks for is owed at once."""
    striking = saying(
        "S", lambda _: no_objection("pass", zh="证", duties=[STRIKE], claims=[once("exit", "p-0")])
    )
    calling = saying("C", lambda _: hold("wait", lifted_by="call", zh="等", duties=[CALL]))
    going = decide(policy_of([GRANT, striking]))
    assert (going.duties, going.claim_keys) == ((STRIKE,), ("exit|p-0|2020-02-14|0",))
    held = decide(policy_of([GRANT, striking, calling]))
    assert (held.duties, held.claim_keys) == ((CALL,), ())
    overridden = decide(policy_of([GRANT, striking, calling]), override=OVERRIDE)
    assert (overridden.duties, overridden.claim_keys) == ((CALL,), ())


TWINS = [
    (
        Duty(kind="call", subject="p-0", texts={"zh": text, "en": text}),
        Alert(kind="look", subject="p-0", texts={"zh": text, "en": text}),
    )
    for text in ("early", "late", "again")
]


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("effect", [hold, deny])
def test_of_two_that_are_one_the_order_does_not_choose(effect: Any, *, backwards: bool) -> None:
    """The first of the entry that comes first in the alphabet stands, of duties and of alerts."""

    def telling(*which: int) -> Any:
        lifted = {"lifted_by": "ask"} if effect is hold else {}
        return lambda _: [
            effect("so", zh="so", **lifted, duties=[TWINS[each][0]], alerts=[TWINS[each][1]])
            for each in which
        ]

    rules = [saying("B", telling(1)), saying("A", telling(0, 2))]
    decision = decide(policy_of(rules[::-1] if backwards else rules))
    assert [each.text("en") for each in decision.duties] == ["early"]
    assert [each.text("en") for each in decision.alerts] == ["early"]


def test_nobody_speaks_for_the_policy() -> None:
    """An alert of a rule that is one with the policy's own does not take its place."""
    asked = party_of(1)
    policy = policy_of([GRANT])
    [own] = policy.decide(asked, slice_of(asked), override=OVERRIDE).alerts
    forging = saying("A", lambda _: deny("so", zh="so", alerts=[attrs.evolve(own, texts={"zh": "无事"})]))
    broken = saying("B", raising(KeyError()))
    [fault] = policy_of([broken]).decide(asked, slice_of(asked)).alerts
    silencing = saying("A", lambda _: deny("so", zh="so", alerts=[attrs.evolve(fault, texts={"zh": "无事"})]))
    assert policy_of([forging]).decide(asked, slice_of(asked), override=OVERRIDE).alerts == (own,)
    assert policy_of([silencing, broken]).decide(asked, slice_of(asked)).alerts == (fault,)


def test_leave_spends_no_exit() -> None:
    """The claim of a rule that leave waives is not taken, nor are its duties owed."""
    striking = saying(
        "S", lambda _: no_objection("pass", zh="证", duties=[STRIKE], claims=[once("exit", "p-0")])
    )
    decision = decide(policy_of([GRANT, striking]), on_leave=frozenset({0}))
    assert (decision.effect, decision.duties, decision.claim_keys) == (Effect.ALLOW, (), ())


def test_leave_keeps_a_yes_and_drops_its_claim() -> None:
    """A movement rule that lets people out once still says yes to somebody on leave, and spends nothing."""
    once_out = saying("S", lambda _: allow("out", zh="可", claims=[once("exit", "p-0")]))
    assert decide(policy_of([once_out])).claim_keys == ("exit|p-0|2020-02-14|0",)
    decision = decide(policy_of([once_out]), on_leave=frozenset({0}))
    assert (decision.effect, decision.claim_keys) == (Effect.ALLOW, ())


def test_a_decision_is_not_true_or_false() -> None:
    """``if decision:`` would let everybody through."""
    with pytest.raises(InvalidValueError, match=r"write decision\.effect is Effect\.ALLOW"):
        bool(decide(policy_of([GRANT])))


@pytest.mark.parametrize("backwards", [False, True])
def test_once_is_once_within_a_party_too(*, backwards: bool) -> None:
    """Of three who claim the same, all but the first are held, in whatever order they are named."""

    def errand(situation: Situation) -> Any:
        standings = situation.standings[::-1] if backwards else situation.standings
        return [
            no_objection("errand", zh="可", about=each, claims=[once("errand", "h-1", days=2)])
            for each in standings
        ]

    party = crossing("out", *(resident(person) for person in ("p-1", "p-2", "p-3")))
    policy = policy_of([GRANT, saying("A", errand), saying("B", errand)])
    decision = policy.decide(party, slice_of(party, site=policy.site))
    assert decision.effect is Effect.HOLD
    assert [each.traveller for each in decision.verdicts if each.code == "claim-taken"] == [1, 2]
    alone = crossing("out", resident("p-1"))
    assert policy.decide(alone, slice_of(alone, site=policy.site)).effect is Effect.ALLOW
