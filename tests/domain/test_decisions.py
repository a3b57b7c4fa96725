"""Verdicts, what they claim, and what a decision says of them."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.crossings import Crossing, Traveller
from epiguard.decisions import Claim, Decision, Effect, Override, Restricts, Source, Verdict, once
from epiguard.errors import InvalidValueError
from epiguard.testing import values

DAY = date(2020, 2, 14)
claims, verdicts = values(Claim), values(Verdict)
dates = st.dates(date(2019, 12, 1), date(2020, 12, 31))
NOON = datetime(2020, 2, 14, 4, tzinfo=UTC)
ASKED = Crossing(checkpoint="north", direction="out", at=NOON, travellers=[Traveller(person="p-7")])
EXIT = once("exit", "p-7")
ALLOW = Verdict(effect="allow", code="admitted", grants=True, claims=[EXIT])
HOLD = Verdict(effect="hold", code="not-measured", lifted_by="measure-temperature")
DENY = Verdict(effect="deny", code="curfew", claims=[once("other", "p-7")])
# What somebody without a type checker may pass.
ANY_CLAIM: Any = Claim
ANY_VERDICT: Any = Verdict
ANY_DECISION: Any = Decision
ANY_ONCE: Any = once


def decision(effect: Effect, *given: Verdict, **options: Any) -> Decision:
    """A decision with some verdicts."""
    return Decision(crossing=ASKED, day=DAY, effect=effect, verdicts=given, **options)


@given(st.lists(st.sampled_from(Effect)))
def test_the_worst_effect_wins_in_any_order(effects: list[Effect]) -> None:
    """One deny denies, else one hold holds; how many say allow, and when, makes no difference."""
    expected = next((each for each in (Effect.DENY, Effect.HOLD) if each in effects), Effect.ALLOW)
    assert Effect.worst(effects) is Effect.worst(reversed(effects)) is expected
    assert expected.rank == max((each.rank for each in effects), default=0)


def test_a_claim_for_a_day_is_one_key_and_for_ever_another() -> None:
    """A key names what, who, when and which of several."""
    assert once("exit", "p-7", slot=2).keys(DAY) == ("exit|p-7|2020-02-14|2",)
    assert once("masks", "h-1", per="ever").keys(DAY) == ("masks|h-1|ever|0",)


def test_no_name_and_no_subject_runs_into_the_other() -> None:
    """A bar or a percent sign in one of them is written otherwise: no two claims share a key by chance."""
    pairs = [("a|b", "c"), ("a", "b|c"), ("a%7Cb", "c"), ("a", "b%7Cc")]
    keys = [once(name, subject, per="ever").keys(DAY) for name, subject in pairs]
    assert len(set(keys)) == len(pairs)
    assert keys[0] == ("a%7Cb|c|ever|0",)
    assert all(key[0].startswith(once(*pair).stem) for key, pair in zip(keys, pairs, strict=True))


def test_a_claim_over_days_holds_their_keys_beforehand() -> None:
    """Whoever went out yesterday, once in two days, holds today's key already, also over a month's end."""
    assert once("exit", "h-1", days=2).keys(date(2020, 2, 29)) == (
        "exit|h-1|2020-02-29|0",
        "exit|h-1|2020-03-01|0",
    )


@given(days=st.integers(1, 9), exits=st.lists(dates, min_size=2, max_size=2))
def test_two_claims_clash_exactly_if_they_are_less_than_their_days_apart(
    days: int, exits: list[date]
) -> None:
    """Once in N days is once in any N days, whichever of the two came first."""
    first, second = (set(once("exit", "h-1", days=days).keys(each)) for each in exits)
    assert bool(first & second) is (abs(exits[0] - exits[1]) < timedelta(days=days))


@given(claims, claims, dates)
def test_claims_to_different_things_never_clash(one: Claim, other: Claim, day: date) -> None:
    """Another name, person or slot is another key."""
    if (one.name, one.subject, one.slot) != (other.name, other.subject, other.slot):
        assert not set(one.keys(day)) & set(other.keys(day))
    assert len(set(one.keys(day))) == (one.days or 1)


@pytest.mark.parametrize("effect", [Effect.HOLD, Effect.DENY])
def test_only_who_passed_by_the_rules_uses_anything_up(effect: Effect) -> None:
    """A held or refused party has claimed nothing, nor has one let through in an emergency."""
    assert decision(Effect.ALLOW, ALLOW, ALLOW).claim_keys == ("exit|p-7|2020-02-14|0",)
    assert decision(effect, ALLOW, HOLD).claim_keys == ()
    assert decision(Effect.ALLOW, ALLOW, override=Override(reason="fire", by="cadre-3")).claim_keys == ()
    waived = Verdict(effect="deny", code="exit-spent", waived=True, claims=[EXIT])
    assert decision(Effect.ALLOW, waived).claim_keys == ()


@given(st.lists(verdicts, max_size=4), st.sampled_from(Effect))
def test_reasons_are_the_verdicts_that_say_what_was_decided(given: list[Verdict], effect: Effect) -> None:
    """They have the decision's effect and were not waived; what lifts a hold is said once."""
    made = decision(effect, *given)
    assert all(each.effect is effect and not each.waived for each in made.reasons)
    assert len(made.reasons) == sum(each.effect is effect and not each.waived for each in given)
    wanted = [each.lifted_by for each in made.deciding if each.lifted_by is not None]
    assert list(made.lifted_by) == [key for key, _ in itertools.groupby(sorted(wanted, key=wanted.index))]


UNREVIEWED = Verdict(effect="hold", code="unreviewed", traveller=0, lifted_by="ask-the-committee")


@pytest.mark.parametrize(
    ("others", "lifted"),
    [
        ([], ("ask-the-committee",)),
        ([attrs.evolve(HOLD, traveller=0)], ("measure-temperature",)),
        ([HOLD], ("measure-temperature",)),
        ([attrs.evolve(HOLD, traveller=1)], ("ask-the-committee", "measure-temperature")),
        ([attrs.evolve(HOLD, waived=True)], ("ask-the-committee",)),
        ([attrs.evolve(UNREVIEWED, source=Source(entry="own", rule="own"))], ("ask-the-committee",)),
    ],
)
def test_what_lifts_a_hold_is_what_lifts_it(others: list[Verdict], lifted: tuple[str, ...]) -> None:
    """Whoever is held for something is not sent to the committee because nobody says yes to them yet."""
    made = decision(Effect.HOLD, UNREVIEWED, *others)
    assert made.lifted_by == lifted
    assert set(made.deciding) <= set(made.reasons)
    assert UNREVIEWED in made.reasons


def test_an_override_needs_no_reasons_of_the_rules() -> None:
    """What it overrode made nothing what it is, and nothing is left to lift."""
    made = decision(Effect.ALLOW, HOLD, DENY, override=Override(reason="fire", by="cadre-3"))
    assert (made.reasons, made.lifted_by) == ((), ())
    held = decision(Effect.HOLD, ALLOW, HOLD)
    assert (held.reasons, held.lifted_by) == ((HOLD,), ("measure-temperature",))


def test_what_leave_waived_is_no_reason() -> None:
    """It is listed among the verdicts and counts for nothing."""
    waived = Verdict(effect="deny", code="in-quarantine", waived=True)
    assert decision(Effect.ALLOW, waived, ALLOW).reasons == (ALLOW,)


def test_a_decision_is_never_taken_for_true() -> None:
    """``if decision:`` would let everybody in."""
    with pytest.raises(InvalidValueError, match=r"write decision\.effect is Effect\.ALLOW"):
        bool(decision(Effect.DENY, DENY))


def test_a_verdict_is_told_in_the_language_there_is() -> None:
    """The wanted one, else the other, else the code."""
    both = Verdict(effect="deny", code="curfew", texts={"zh": "宵禁", "en": "curfew hours"})
    assert (both.text(), both.text("en")) == ("宵禁", "curfew hours")
    assert Verdict(effect="deny", code="curfew", texts={"zh": " ", "en": "no"}).text("zh") == "no"
    assert Verdict(effect="deny", code="curfew").text("fr") == "curfew"


def test_a_verdict_names_the_entry_it_comes_from() -> None:
    """Without a source it comes from no entry of a policy."""
    source = Source(entry="night", rule="night-curfew", restricts="safety")
    assert Verdict(effect="deny", code="curfew", source=source).rule == "night"
    assert (DENY.rule, source.restricts) == ("", Restricts.SAFETY)


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (
            lambda: ANY_ONCE("exit", "p-7", per="week"),
            r"^once\(per=\): expected 'day' or 'ever', got text of 4",
        ),
        (lambda: ANY_ONCE("exit", "p-7", days=0), r"^once\(days=\): expected a whole number from 1 to 366"),
        (lambda: ANY_ONCE("exit", "p-7", days=True), r"^once\(days=\): .*, got true or false"),
        (lambda: ANY_ONCE("exit", "p-7", slot="1"), r"^Claim\.slot: expected a whole number from 0 to 1000"),
        (
            lambda: ANY_CLAIM(name="exit", subject="p-7", days=0),
            r"^Claim\.days: expected a whole number from 1",
        ),
        (lambda: ANY_CLAIM(name="", subject="p-7"), r"^Claim\.name: expected an identifier"),
        (
            lambda: ANY_VERDICT(effect="yes", code="x"),
            r"^Verdict\.effect: expected one of 'allow', 'hold', 'den",
        ),
        (
            lambda: ANY_VERDICT(effect="allow", code="x", grants="no"),
            r"^Verdict\.grants: expected bool, got tex",
        ),
        (
            lambda: ANY_VERDICT(effect="allow", code="x", waived=0),
            r"^Verdict\.waived: expected bool, got a who",
        ),
        (
            lambda: ANY_VERDICT(effect="allow", code="x", traveller=-1),
            r"^Verdict\.traveller: expected a whole n",
        ),
        (
            lambda: ANY_VERDICT(effect="allow", code="x", traveller=True),
            r"^Verdict\.traveller: .*true or false",
        ),
        (lambda: ANY_VERDICT(effect="hold", code="x", lifted_by="call them"), r"^Verdict\.lifted_by: "),
        (
            lambda: ANY_VERDICT(effect="allow", code="x", texts="可"),
            r"^Verdict\.texts: expected a text per lang",
        ),
        (
            lambda: ANY_VERDICT(effect="allow", code="x", claims=["exit"]),
            r"^Verdict\.claims: expected Claim val",
        ),
        (
            lambda: ANY_VERDICT(effect="allow", code="x", duties=[1]),
            r"^Verdict\.duties: expected Duty values",
        ),
        (
            lambda: ANY_VERDICT(effect="allow", code="x", alerts=[1]),
            r"^Verdict\.alerts: expected Alert values",
        ),
        (
            lambda: ANY_DECISION(crossing=None, day=DAY, effect="allow"),
            r"^Decision\.crossing: expected Crossing",
        ),
        (lambda: ANY_DECISION(crossing=ASKED, day="today", effect="allow"), r"^Decision\.day: expected date"),
        (lambda: ANY_DECISION(crossing=ASKED, day=DAY, effect=None), r"^Decision\.effect: expected one of"),
        (lambda: decision(Effect.HOLD, duties=[1]), r"^Decision\.duties: expected Duty values"),
        (lambda: decision(Effect.HOLD, alerts=[1]), r"^Decision\.alerts: expected Alert values"),
        (lambda: decision(Effect.HOLD, override="fire"), r"^Decision\.override: expected Override"),
        (
            lambda: Override(reason=" ", by="cadre-3"),
            r"^Override\.reason: expected some text, got blank text",
        ),
    ],
)
def test_bad_answers_say_what_was_expected(make: Callable[[], Any], message: str) -> None:
    """Text, None or a number where a yes stands never becomes one."""
    with pytest.raises(InvalidValueError, match=message):
        make()
