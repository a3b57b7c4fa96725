"""The rules that are asked about one kind of crossing, as one function: written out, and compiled once.

A loop over the rules, with a guard around each turn and a list of what they gave, costs as much as the rules
themselves. Written out, a turn is a call, a guard that costs nothing unless the rule raises, and, where the
rule had something to say that it says again and again, one step along what was said of crossings before. At
the end of that way stands the answer. Whatever leaves it (a verdict with values of its own, a list, a fault)
is looked at one by one; nothing that depends on a person is kept.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, Generic, TypeVar

import attrs

from epiguard.crossings import Crossing
from epiguard.situation import Situation

__all__ = ["Ask", "Plan", "Raised"]

A = TypeVar("A")
#: What was said so far: for each turn the identity of what its rule gives, to the next node; the answer last.
Node = list[Any]
#: Asks every rule about a crossing of a party of so many, and gives the answer.
Ask = Callable[[Crossing, Situation, int], A]

_BEGIN = """\
def make({names}):
    def ask(crossing, situation, party):
        node = alone[0] if party == 1 else root_of(party)
"""
_TURN = """\
        try:
            given{turn} = rule{turn}(crossing, situation)
        except Exception as error:
            given{turn} = Raised(type(error).__name__)
        if given{turn} is not None:
            node = node[{turn}].get(id(given{turn}), nowhere)
"""
_END = """\
        return node[{turns}] or unknown(({given}), party)
    return ask
"""


@attrs.frozen
class Raised:
    """Stands for what a rule gave that raised; the class of the exception is all that may be told."""

    error: str


@cache
def _written_out(turns: int) -> Callable[..., Any]:
    names = ("alone", "root_of", "nowhere", "unknown", "Raised", *(f"rule{turn}" for turn in range(turns)))
    text = "".join(
        [
            _BEGIN.format(names=", ".join(names)),
            *(_TURN.format(turn=turn) for turn in range(turns)),
            _END.format(turns=turns, given="".join(f"given{turn}, " for turn in range(turns))),
        ]
    )
    made: dict[str, Any] = {}
    exec(compile(text, f"<epiguard: {turns} rules>", "exec"), made)  # noqa: S102 - our own text; numbers fill it
    make: Callable[..., Any] = made["make"]
    return make


class Plan(Generic[A]):
    """The rules that are asked about one kind of crossing, and what came of what they said.

    Args:
        rules: Each takes a crossing and a situation.
        answer: What comes of all that they gave, in their order, of a party of so many; and whether each
            that gave anything gave an object that lives on, is no other rule's to change, and that it will
            give again to say the same.
    """

    #: Answers that are remembered; most sites give some dozens.
    MOST = 4096

    def __init__(
        self,
        rules: Sequence[Callable[..., object]],
        answer: Callable[[tuple[object, ...], int], tuple[A, bool]],
    ) -> None:
        self._answer = answer
        self._turns = len(rules)
        self._alone: list[Node] = [self._node()]
        self._roots: dict[int, Node] = {}
        self._known = 0
        make = _written_out(self._turns)
        ask = make(self._alone, self._root_of, self._node(), self._unknown, Raised, *rules)
        # Code of its own: CPython fits the calls in it to the functions that are called there, once.
        ask.__code__ = ask.__code__.replace()
        self.ask: Ask[A] = ask

    def _node(self) -> Node:
        return [*({} for _ in range(self._turns)), None]

    def _root_of(self, party: int) -> Node:
        return self._alone[0] if party == 1 else self._roots.setdefault(party, self._node())

    def _unknown(self, given: tuple[object, ...], party: int) -> A:
        answer, lasting = self._answer(given, party)
        if lasting:
            self._remember(given, party, answer)
        return answer

    def _remember(self, given: tuple[object, ...], party: int, answer: A) -> None:
        if self._known >= self.MOST:
            self._known = 0
            self._roots.clear()
            self._alone[0] = self._node()
        self._known += 1
        node = self._root_of(party)
        for turn, each in enumerate(given):
            if each is not None:
                node = node[turn].setdefault(id(each), self._node())
        node[-1] = answer
