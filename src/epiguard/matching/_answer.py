"""Answers: who it may be, how sure that is, and why."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, NoReturn

import attrs

from epiguard.errors import MatchingError
from epiguard.matching._levels import Level

__all__ = ["Answer", "Candidate", "Evidence", "MatchDecision", "read_later"]


class MatchDecision(Enum):
    """What to do with an answer.

    ``MATCH``: take the first candidate. ``ASK``: call and ask. ``NO_MATCH``: nobody in the register.
    """

    MATCH = "match"
    ASK = "ask"
    NO_MATCH = "no-match"


@attrs.frozen
class Evidence:
    """What one field says about a candidate.

    Attributes:
        field: One of ``FORM_FIELDS``, or a field that the application added.
        level: Agrees, near, differs, or absent on either side.
        weight: In milli-bits; 0 where another field says the same already.
        detail: In which way, such as ``"one digit"``. Never a person's value.
    """

    field: str
    level: Level
    weight: int
    detail: str = ""


class _ReadLater:
    """Has its attributes worked out when one of them is first read: most answers are asked for one or two."""

    __slots__ = ("_source",)
    _source: Callable[[str], Any]

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any attribute
        # Only called where nothing is there yet. Two threads may both work it out: each finds the same.
        if name.startswith("_"):
            raise AttributeError(name)
        value = self._source(name)
        object.__setattr__(self, name, value)
        return value

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), tuple(getattr(self, each.name) for each in attrs.fields(type(self)))  # type: ignore[arg-type]  # of an attrs class


def read_later(kind: type[Any], source: Callable[[str], Any]) -> Any:  # noqa: ANN401 - an instance of the kind
    """An answer or a candidate whose attributes are worked out when they are read.

    Args:
        kind: :class:`Answer` or :class:`Candidate`.
        source: Works out an attribute, by name.
    """
    made = object.__new__(kind)
    object.__setattr__(made, "_source", source)
    return made


@attrs.frozen
class Candidate(_ReadLater):
    """Somebody in the register whom the form may belong to.

    Attributes:
        person_id: Who.
        probability: That it is this person, given the form, all other candidates and the strangers.
        prior: What is known before reading the form, in milli-bits.
        evidence: What each field says, in the order of ``FORM_FIELDS``, then the application's own.
        household: The ids of the people at the same door or in the same household, this one among them.
    """

    person_id: str
    probability: float
    prior: int
    evidence: tuple[Evidence, ...]
    household: tuple[str, ...] = ()

    @property
    def weight(self) -> int:
        """The prior and all evidence, in milli-bits: what candidates are ranked by."""
        return self.prior + sum(each.weight for each in self.evidence)

    def __bool__(self) -> NoReturn:
        raise MatchingError(
            "truth value of a Candidate",
            expected="a look at its probability",
            got="a candidate used as true or false",
            do="compare with None, or ask for candidate.probability",
        )


@attrs.frozen
class Answer(_ReadLater):
    """What the register says to a query. It has no truth value: to ask is neither yes nor no.

    Attributes:
        decision: Match, ask or no match.
        candidates: Best first, at most as many as asked for.
        question: When to ask: the field whose answer settles it best; one of ``FORM_FIELDS``, or one that the
            application added.
        probability_not_in_register: That it is nobody in the register.
    """

    decision: MatchDecision
    candidates: tuple[Candidate, ...]
    question: str | None
    probability_not_in_register: float

    def __bool__(self) -> NoReturn:
        raise MatchingError(
            "truth value of an Answer",
            expected="a look at its decision",
            got="an answer used as true or false",
            do="compare answer.decision with MatchDecision.MATCH, ASK or NO_MATCH",
        )
