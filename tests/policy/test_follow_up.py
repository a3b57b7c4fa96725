"""What follows from a fact: duties and alerts of all rules, and a failing rule hides no other's."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import attrs
import pytest

from epiguard.duties import Alert, Duty
from epiguard.facts import Fact, PersonEnrolled
from epiguard.people import Person
from epiguard.policy import FollowUp, Policy
from epiguard.rules import Rule, hookimpl
from epiguard.situation import Situation, State
from rules.gate import NOON, SITE, site_file

CALL = Duty(kind="call", subject="p-7")
LOOK = Alert(kind="look", subject="p-7", at=NOON)
FACT = PersonEnrolled(Person(id="p-7"), at=NOON)


def following(name: str, say: Callable[[Fact], Any]) -> type[Rule]:
    """A rule that makes of a fact whatever ``say`` returns."""

    class Followed(Rule):
        @hookimpl
        def follow_up(self, fact: Fact) -> Any:
            return say(fact)

    Followed.__name__ = name
    return attrs.frozen(Followed)


def follow(*rules: type[Rule]) -> FollowUp:
    """What follows from somebody's being enrolled."""
    text = site_file(*(f'use = "{each.__name__.lower()}"' for each in rules))
    situation = Situation.about(State(SITE), FACT.subjects, NOON)
    return Policy.loads(text, rules=list(rules)).follow_up(FACT, situation)


def fails_midway(_: Fact) -> Iterator[Duty]:
    """Owes something, then fails."""
    yield Duty(kind="other", subject="p-7")
    raise ValueError("p-7")


def raises(_: Fact) -> None:
    """Fails at once."""
    raise KeyError("p-7")


@pytest.mark.parametrize(
    ("say", "duties", "alerts"),
    [
        (lambda _: None, 0, 0),
        (lambda _: CALL, 1, 0),
        (lambda _: LOOK, 0, 1),
        (lambda _: [CALL, LOOK, CALL], 1, 1),
        (lambda _: iter((LOOK, CALL)), 1, 1),
        (lambda _: (), 0, 0),
    ],
)
def test_what_a_rule_may_return(say: Callable[[Fact], Any], duties: int, alerts: int) -> None:
    """A duty, an alert, several, or nothing; the same one twice is one."""
    result = follow(following("A", say))
    assert (len(result.duties), len(result.alerts), result.faults) == (duties, alerts, ())


JUNK: list[Any] = ["call", 1, True, [CALL, "look"], {1: CALL}]
FAILING = [raises, fails_midway, *((lambda _, value=value: value) for value in JUNK)]


@pytest.mark.parametrize("say", FAILING)
def test_a_failing_rule_hides_no_other(say: Callable[[Fact], Any]) -> None:
    """It is named with its distribution and hook, owes nothing itself, and says no personal value."""
    result = follow(following("A", lambda _: CALL), following("F", say), following("B", lambda _: LOOK))
    assert (result.duties, result.alerts) == ((CALL,), (LOOK,))
    [fault] = result.faults
    assert (fault.rule, fault.distribution, fault.hook) == ("f", "passed directly", "follow_up")
    assert (fault.about, fault.at) == ("person-enrolled", NOON)
    assert "p-7" not in fault.fault


@pytest.mark.parametrize("backwards", [False, True])
def test_of_two_that_are_one_the_order_does_not_choose(*, backwards: bool) -> None:
    """The first of the entry that comes first in the alphabet stands."""
    early, late, again = (
        [attrs.evolve(CALL, texts={"en": text}), attrs.evolve(LOOK, texts={"en": text})]
        for text in ("early", "late", "again")
    )
    rules = [following("B", lambda _: late), following("A", lambda _: [*early, *again])]
    result = follow(*(rules[::-1] if backwards else rules))
    assert (result.duties, result.alerts) == ((early[0],), (early[1],))


def test_two_rules_that_owe_the_same_owe_it_once() -> None:
    """A duty is what it is about, not who thought of it."""
    result = follow(following("A", lambda _: CALL), following("B", lambda _: [CALL]))
    assert result.duties == (CALL,)
