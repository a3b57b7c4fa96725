"""Rules that say what a test tells them to."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import attrs
from hypothesis import strategies as st

from epiguard.decisions import Restricts
from epiguard.policy import Policy
from epiguard.rules import Rule, allow, deny, hold, hookimpl, no_objection
from epiguard.situation import Situation, Standing
from rules.gate import site_file

Say = Callable[[Situation], Any]


def saying(name: str, say: Say, restricts: Restricts = Restricts.MOVEMENT) -> type[Rule]:
    """A rule of a name (one capital letter) that returns whatever ``say`` returns."""

    class Said(Rule):
        @hookimpl
        def review_crossing(self, situation: Situation) -> Any:
            return say(situation)

    Said.__name__ = name
    Said.restricts = restricts
    return attrs.frozen(Said)


def policy_of(rules: Iterable[type[Rule]]) -> Policy:
    """A policy of such rules, in the order given."""
    given = list(rules)
    return Policy.loads(site_file(*(f'use = "{each.__name__.lower()}"' for each in given)), rules=given)


GRANT = saying("Z", lambda _: allow("granted", zh="可", en="yes"))


@attrs.frozen
class Speech:
    """What one rule says: kinds of verdict, each about a traveller or the whole party."""

    verdicts: tuple[tuple[str, int | None], ...]
    restricts: Restricts

    def rule(self, name: str) -> type[Rule]:
        """The rule that says it."""
        return saying(
            name, lambda situation: [_verdict(*each, situation) for each in self.verdicts], self.restricts
        )


def _verdict(kind: str, index: int | None, situation: Situation) -> Any:
    about: Standing | None = None if index is None else situation.standings[index]
    made = {"allow": allow, "no-objection": no_objection, "deny": deny}
    if kind == "hold":
        return hold(kind, lifted_by="patience", zh="等", about=about)
    return made[kind](kind, zh="是", about=about)


def speeches(party: int) -> st.SearchStrategy[Speech]:
    """What a rule may say about a party of so many."""
    kinds = st.sampled_from(["allow", "no-objection", "hold", "deny"])
    about = st.none() | st.integers(0, party - 1)
    return st.builds(
        Speech,
        verdicts=st.lists(st.tuples(kinds, about), max_size=3).map(tuple),
        restricts=st.sampled_from(Restricts),
    )


@st.composite
def debates(draw: st.DrawFn) -> tuple[int, list[Speech], frozenset[int]]:
    """A party, what several rules say about it, and who of it is on leave."""
    party = draw(st.integers(1, 3))
    said = draw(st.lists(speeches(party), max_size=5))
    return party, said, draw(st.frozensets(st.integers(0, party - 1)))
