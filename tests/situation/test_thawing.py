"""A mapping that makes its values when they are asked for is a dictionary otherwise."""

from __future__ import annotations

from collections import defaultdict

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from epiguard.situation._thawing import Thawing

KEYS = st.sampled_from("abcdef")
NUMBERS = st.integers(0, 9)


class ThawingAgainstDict(RuleBasedStateMachine):
    """Whatever is done to both, they hold the same in the same order."""

    def __init__(self) -> None:
        super().__init__()
        self.thawing: Thawing[str, int] = Thawing([("a", "1"), ("b", "2"), ("c", "3")], int, lambda: 7)
        self.model: defaultdict[str, int] = defaultdict(lambda: 7, a=1, b=2, c=3)

    @rule(key=KEYS, number=NUMBERS)
    def put(self, key: str, number: int) -> None:
        """Set a value."""
        self.thawing[key] = self.model[key] = number

    @rule(key=KEYS)
    def ask(self, key: str) -> None:
        """Get one, which may be made."""
        assert self.thawing[key] == self.model[key]

    @rule(key=KEYS, number=NUMBERS)
    def ask_or(self, key: str, number: int) -> None:
        """Get one or the default; ask whether it is there."""
        assert self.thawing.get(key) == self.model.get(key)
        assert self.thawing.get(key, number) == self.model.get(key, number)
        assert (key in self.thawing) is (key in self.model)

    @rule(key=KEYS, number=NUMBERS)
    def take_out(self, key: str, number: int) -> None:
        """Pop."""
        assert self.thawing.pop(key, number) == self.model.pop(key, number)

    @rule(key=KEYS, number=NUMBERS)
    def put_where_missing(self, key: str, number: int) -> None:
        """Setdefault."""
        assert self.thawing.setdefault(key, number) == self.model.setdefault(key, number)

    @rule()
    def ask_for_all(self) -> None:
        """Values, items, equality, and a copy."""
        assert list(self.thawing.values()) == list(self.model.values())
        assert list(self.thawing.items()) == list(self.model.items())
        assert self.thawing == self.model
        assert dict(self.thawing) == self.model

    @invariant()
    def same_keys(self) -> None:
        """In the same order, without making anything."""
        assert list(self.thawing) == list(self.model)
        assert len(self.thawing) == len(self.model)


ThawingAgainstDict.TestCase.settings = settings(max_examples=60, stateful_step_count=20, deadline=None)
TestThawingAgainstDict = ThawingAgainstDict.TestCase


def test_each_value_is_made_once_and_only_when_asked_for() -> None:
    """Whether something is there, and which keys are, is told without."""
    made: list[str] = []

    def thaw(text: str) -> int:
        made.append(text)
        return int(text)

    thawing = Thawing([("a", "1"), ("b", "2")], thaw)
    assert ("a" in thawing, list(thawing), thawing.frozen("a"), made) == (True, ["a", "b"], "1", [])
    assert (thawing["a"], thawing.get("a"), thawing.frozen("a"), made) == (1, 1, None, ["1"])
    assert (dict(thawing), made) == ({"a": 1, "b": 2}, ["1", "2"])


def test_what_is_not_there_is_an_error_where_nothing_stands_for_it() -> None:
    """As in a dictionary."""
    thawing: Thawing[str, int] = Thawing([], int)
    with pytest.raises(KeyError, match="a"):
        thawing["a"]
    with pytest.raises(KeyError, match="a"):
        thawing.pop("a")
