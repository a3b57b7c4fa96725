"""The contract of a rule finds each violation that is planted, and nothing in the built-in rules."""

from __future__ import annotations

import contextlib
import os
import socket
import time as clock
from collections.abc import Iterator
from datetime import date, datetime, time
from typing import Any, ClassVar

import attrs
import pytest
from hypothesis import given

from epiguard import Crossing, Direction, Effect, PassApplication, Situation, Verdict
from epiguard.decisions import once
from epiguard.errors import InvalidValueError
from epiguard.rules import Rule, allow, deny, hold, hookimpl
from epiguard.testing import BrokenContractError, check_rule, crossings, decide, situations
from rules.test_contract import LOADED


@attrs.frozen
class NightCurfew(Rule):
    """Nobody leaves between closing and opening time."""

    source = "Village notice of 9 February 2020, paragraph 3"
    closes: time = time(22)
    opens: time = time(5)

    @hookimpl
    def review_crossing(self, crossing: Crossing) -> Verdict | None:
        """Deny."""
        if crossing.direction is Direction.OUT and not self.opens <= crossing.local_time < self.closes:
            return deny("curfew", zh="宵禁时段不得外出", en="no leaving during the curfew")
        return None


def test_keeps_the_contract() -> None:
    """The rule of the tutorial does."""
    check_rule(NightCurfew())


@given(crossings(direction=Direction.OUT, local_times=(time(22), time(4, 59))), situations())
def test_nobody_leaves_at_night(crossing: Crossing, situation: Situation) -> None:
    """Whoever they are; the last time may lie after midnight."""
    assert decide([NightCurfew()], crossing, situation).effect is Effect.DENY


@given(crossings(direction="in", largest_party=1, vehicles=False), situations(leave=True))
def test_a_crossing_is_what_was_asked_for(crossing: Crossing, situation: Situation) -> None:
    """The arguments hold, nobody overrides, and a rule that says nothing leaves it unreviewed."""
    assert crossing.direction is Direction.IN
    assert crossing.vehicle is None
    decision = decide([NightCurfew()], crossing, situation)
    assert [each.code for each in decision.verdicts] == ["unreviewed"]
    assert decision.override is None


def _said(code: str = "no") -> Verdict:
    return deny(code, zh="否", en="no")


class Planted(Rule):
    """A rule with something wrong."""

    source = "test"


class ReadsTheClock(Planted):
    """At noon it would not show."""

    @hookimpl
    def review_crossing(self) -> Verdict:
        """Ask."""
        return _said("late" if clock.time() < 0 else "no")


class ReadsTheDate(Planted):
    """By the class's own method."""

    @hookimpl
    def review_crossing(self) -> Verdict:
        """Ask."""
        return _said("late" if date.today() < date(2000, 1, 1) else "no")  # noqa: DTZ011 - planted


class ReadsTheHour(Planted):
    """And swallows what happens."""

    @hookimpl
    def review_crossing(self) -> Verdict:
        """Ask."""
        try:
            return _said("late" if datetime.now().year < 2000 else "no")  # noqa: DTZ005 - planted
        except BaseException:  # noqa: BLE001 - planted
            return _said()


class ReadsTheEnvironment(Planted):
    """Which is empty as a rule."""

    @hookimpl
    def review_crossing(self) -> Verdict:
        """Ask."""
        return _said(os.environ.get("EPIGUARD_TEST_NOT_SET", "no"))


class AsksTheNetwork(Planted):
    """For a name."""

    @hookimpl
    def review_crossing(self) -> Verdict:
        """Ask."""
        with contextlib.suppress(OSError):
            socket.gethostbyname("localhost")
        return _said()


class GetsRoundFrozen(Planted):
    """Writes into the crossing."""

    @hookimpl
    def review_crossing(self, crossing: Crossing) -> Verdict:
        """Write."""
        object.__setattr__(crossing, "purpose", "seen")
        return _said()


class Counts(Planted):
    """Says something else every second time."""

    calls: ClassVar[list[int]] = []

    @hookimpl
    def review_crossing(self) -> Verdict:
        """Count."""
        self.calls.append(1)
        return _said("odd" if len(self.calls) % 2 else "even")


class FirstOfADecision(Planted):
    """Says nothing of a crossing object that it has just been shown: the second entry is silent."""

    last: ClassVar[list[Any]] = [None]

    @hookimpl
    def review_crossing(self, crossing: Crossing) -> Verdict | None:
        """Remember."""
        if self.last[0] is crossing:
            self.last[0] = None
            return None
        self.last[0] = crossing
        return _said()


class GoesBySet(Planted):
    """Takes whoever a set gives first."""

    @hookimpl
    def review_crossing(self, crossing: Crossing) -> Verdict:
        """Go round."""
        first = next(iter({each.person or "nobody" for each in crossing.travellers}))
        return _said(f"no-{first}")


class GoesByHash(Planted):
    """Draws lots by a hash."""

    @hookimpl
    def review_crossing(self, crossing: Crossing) -> Verdict:
        """Draw."""
        return _said("even" if hash(crossing.checkpoint) % 2 else "odd")


class Raises(Planted):
    """For whoever was not measured."""

    @hookimpl
    def review_crossing(self, situation: Situation) -> Iterator[Verdict]:
        """Compare."""
        for standing in situation.standings:
            temperature: Any = standing.temperature
            if temperature >= 37.3:
                yield _said()


class Truthy(Planted):
    """True is no verdict."""

    @hookimpl
    def review_crossing(self) -> Any:
        """Say yes."""
        return True


class ListOfText(Planted):
    """Nor is a word."""

    @hookimpl
    def review_crossing(self) -> Any:
        """Say yes."""
        return ["allow"]


class Wordless(Planted):
    """Says no and not why."""

    @hookimpl
    def review_crossing(self) -> Verdict:
        """Deny."""
        return deny("no")


class OneLanguage(Planted):
    """Says why to some."""

    @hookimpl
    def review_crossing(self) -> Verdict:
        """Deny."""
        return deny("no", en="no")


class ClaimsAndDenies(Planted):
    """Uses up what it does not give."""

    @hookimpl
    def review_crossing(self) -> Verdict:
        """Claim."""
        return Verdict(
            effect=Effect.HOLD,
            code="no",
            lifted_by="x",
            texts={"zh": "否", "en": "no"},
            claims=[once("exit", "p-1")],
        )


class NoWayOut(Planted):
    """Holds without a way to lift it."""

    @hookimpl
    def review_crossing(self) -> Verdict:
        """Hold."""
        return Verdict(effect=Effect.HOLD, code="wait", texts={"zh": "等", "en": "wait"})


class BadCode(Planted):
    """A code no program expects."""

    @hookimpl
    def review_crossing(self) -> Verdict:
        """Hold."""
        return hold("Not_Kebab", lifted_by="x", zh="等", en="wait")


class OwesNothing(Planted):
    """Follows up with a word."""

    @hookimpl
    def follow_up(self) -> Any:
        """Say so."""
        return ["call-landlord"]


class ClaimsForAPass(Planted):
    """A pass uses nothing up."""

    @hookimpl
    def review_pass(self) -> Verdict:
        """Claim."""
        return allow("yes", zh="可", en="yes", claims=[once("pass", "p-1")])


class RaisesAtTheDesk(Planted):
    """For whoever was not measured."""

    @hookimpl
    def review_pass(self, application: PassApplication) -> Verdict | None:
        """Compare."""
        temperature: Any = application.temperature
        return _said() if temperature >= 37.3 else None


class GoesByHashAtTheDesk(Planted):
    """Draws lots by a hash."""

    @hookimpl
    def review_pass(self, application: PassApplication) -> Verdict:
        """Draw."""
        return _said("even" if hash(application.person) % 2 else "odd")


CATALOGUE: dict[type[Rule], str] = {
    ClaimsForAPass: "a pass uses nothing up",
    RaisesAtTheDesk: "raises TypeError",
    GoesByHashAtTheDesk: "reaches for the hash seed",
    ReadsTheClock: "reaches for the clock",
    ReadsTheDate: "reaches for the clock",
    ReadsTheHour: "reaches for the clock",
    ReadsTheEnvironment: "reaches for the environment",
    AsksTheNetwork: "reaches for the network",
    GetsRoundFrozen: "changes what it is given",
    Counts: "depends on earlier calls",
    FirstOfADecision: "depends on",
    GoesBySet: "depends on the hash seed",
    GoesByHash: "reaches for the hash seed",
    Raises: "raises TypeError",
    Truthy: "returns bool",
    ListOfText: "returns str",
    Wordless: "has no text",
    OneLanguage: "has no text in zh",
    ClaimsAndDenies: "claims something and does not allow",
    NoWayOut: "does not say what lifts it",
    BadCode: "not in kebab case",
    OwesNothing: "neither duty nor alert",
}


@pytest.mark.parametrize("planted", CATALOGUE, ids=lambda each: each.__name__)
def test_a_planted_violation_is_found(planted: type[Rule]) -> None:
    """Each of the catalogue, by the name of the law it breaks, with the question that shows it."""
    with pytest.raises(BrokenContractError, match=CATALOGUE[planted]) as caught:
        check_rule(planted(), examples=50)
    asked = "PassApplication" if hasattr(planted, "review_pass") else "Crossing"
    assert f"asked: ({asked}(" in str(caught.value)
    assert planted.__name__ in str(caught.value)


@pytest.mark.parametrize("loaded", LOADED, ids=lambda each: f"{each.entry.use} {dict(each.entry.settings)}")
def test_the_built_in_rules_keep_the_contract(loaded: Any) -> None:
    """All of them, with every setting of their own tests."""
    check_rule(loaded.rule, examples=10)


def test_a_rule_of_one_language_may_say_so() -> None:
    """It is asked for the languages it speaks."""
    check_rule(OneLanguage(), languages=["en"], examples=10)


def test_a_granting_rule_allows() -> None:
    """What one rule allows and none objects to passes."""

    @attrs.frozen
    class Grants(Rule):
        """Says yes."""

        @hookimpl
        def review_crossing(self) -> Verdict:
            """Allow."""
            return allow("yes", zh="可", en="yes")

    @given(crossings(), situations())
    def passes(crossing: Crossing, situation: Situation) -> None:
        assert decide([Grants()], crossing, situation).effect is Effect.ALLOW

    passes()


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ({"direction": "up"}, "direction"),
        ({"local_times": time(22)}, "local_times"),
        ({"local_times": (22, 23)}, "local_times"),
        ({"days": (date(2020, 2, 2), date(2020, 2, 1))}, "days"),
        ({"largest_party": 0}, "largest_party"),
        ({"roles": ["king"]}, "roles"),
        ({"roles": []}, "roles"),
    ],
)
def test_arguments_are_checked_at_once(arguments: dict[str, Any], where: str) -> None:
    """Before anything is drawn, with the name of the argument."""
    with pytest.raises(InvalidValueError, match=where):
        crossings(**arguments)


class CountsTheDays(Planted):
    """Counts how often it was asked, and raises for everybody."""

    calls: ClassVar[list[int]] = []

    @hookimpl
    def review_crossing(self) -> Verdict:
        """Count."""
        self.calls.append(1)
        raise KeyError


def test_the_search_for_a_smaller_question_ends() -> None:
    """After so many; the one that is shown is small all the same."""
    CountsTheDays.calls.clear()
    with pytest.raises(BrokenContractError, match="raises KeyError") as caught:
        check_rule(CountsTheDays())
    assert len(CountsTheDays.calls) < 200
    assert "Traveller(person='p-1'" in str(caught.value) or str(caught.value).count("Traveller(") < 6
