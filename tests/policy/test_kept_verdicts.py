"""Verdicts that are said again and again are one object; no settings, texts or tricks leak through it."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from epiguard.decisions import Effect, Verdict
from epiguard.messages import Message, Value
from epiguard.policy import Policy
from epiguard.rules import Rule, hookimpl
from epiguard.rules.lanes import Lanes
from epiguard.rules.temperature import Temperature
from policy.test_combination import decide, party_of
from rules.gate import site_file, slice_of


@attrs.frozen
class Notice(Rule):
    """Words itself by its setting."""

    what: str = ""

    def words(self, key: str, /, **values: Value) -> Message:
        """The setting."""
        return Message("notice", key, values, {"en": self.what})

    @hookimpl
    def review_crossing(self) -> Verdict:
        """Always no."""
        return self.deny("closed")


def test_a_rule_that_words_itself_does_so_for_every_entry() -> None:
    """Two entries of one class with other settings: each says its own."""
    for _ in range(2):
        policy = Policy.loads(
            site_file('use = "notice"\nid = "one"\nwhat = "1"', 'use = "notice"\nid = "two"\nwhat = "2"'),
            rules=[Notice],
        )
        assert [each.text("en") for each in decide(policy).verdicts[:2]] == ["1", "2"]


@attrs.frozen
class StrictTemperature(Temperature):
    """A village's own, which says the same of whoever was not measured."""


def test_a_rule_that_derives_from_another_says_what_that_one_says() -> None:
    """It has no table of its own, so the texts are the first one's."""
    derived, ours = (cls().hold("not-measured", lifted_by="wait") for cls in (StrictTemperature, Temperature))
    assert derived.texts == ours.texts
    assert set(derived.texts) == {"zh", "en"}


@attrs.frozen
class Forger(Rule):
    """Gets round the frozen verdict that it was given."""

    @hookimpl
    def review_crossing(self) -> Verdict:
        """A no that is made a yes."""
        made = self.deny("closed")
        object.__setattr__(made, "effect", Effect.ALLOW)
        object.__setattr__(made, "grants", True)
        return made


@attrs.frozen
class Honest(Forger):
    """Says the same, and leaves it alone."""

    @hookimpl
    def review_crossing(self) -> Verdict:
        """No."""
        return Forger.deny(Forger(), "closed")


def test_a_verdict_that_a_rule_got_round_is_a_fault() -> None:
    """It holds and names the rule; whoever says the same afterwards says what they mean."""
    forging = Policy.loads(site_file('use = "forger"'), rules=[Forger])
    for _ in range(2):
        decision = decide(forging)
        assert decision.effect is Effect.HOLD
        assert "changed a verdict" in str(decision.verdicts[0].fault)
    honest = Policy.loads(site_file('use = "honest"'), rules=[Honest])
    assert [decide(honest).effect for _ in range(2)] == [Effect.DENY, Effect.DENY]


@pytest.mark.parametrize("cls", [Lanes, Temperature])
def test_a_constant_is_one_object(cls: Any) -> None:
    """Which is what makes a decision fast: nothing is made anew that was said before."""
    assert cls().deny("some-code") is cls().deny("some-code")
    assert cls().deny("some-code") is not cls().hold("some-code", lifted_by="ask")


def test_the_situation_is_not_needed_to_say_it() -> None:
    """A verdict about a traveller is kept by index, whoever they are."""
    first, second = (Lanes().deny("some-code", about=each) for each in slice_of(party_of(2)).standings)
    assert (first.traveller, second.traveller) == (0, 1)
