"""What is written straight from a fact is what its plain data say, cut for everybody: to the letter."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, ClassVar

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from epiguard.errors import PlainDataError
from epiguard.facts import Fact
from epiguard.ledger._cutting import TextPart, _cutter, cut
from epiguard.ledger._payload import canonical, split
from epiguard.ledger._writing import writer_of
from epiguard.plain import unstructure
from epiguard.testing import DOMAIN, FACTS, facts, values


def by_plain_data(fact: Fact, owner: str) -> list[TextPart]:
    """The reference: plain data, split, each part as its one text."""
    parts = split(unstructure(fact), fact.parts, owner=owner, entry="main-1", shared=fact.shared)
    return [(each.subject, each.path, canonical(each.data)) for each in parts]


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.kind)
def test_every_kind_of_fact_is_cut_as_its_plain_data_are(kind: Any) -> None:
    """Without the slow way: every class of ours says what it holds."""

    @given(facts(kind), st.booleans())
    @settings(max_examples=60)
    def agrees(fact: Fact, named: bool) -> None:
        owner = fact.subjects[0] if fact.subjects and named else ""
        assert _cutter(kind).cut(fact, owner, "main-1") == by_plain_data(fact, owner)

    agrees()


@pytest.mark.parametrize("kind", DOMAIN, ids=lambda kind: kind.__name__)
def test_every_type_of_the_domain_is_written_as_its_plain_data_are(kind: Any) -> None:
    """Keys sorted, nothing left out, every letter escaped as JSON wants it."""

    @given(values(kind))
    @settings(max_examples=40)
    def agrees(value: Any) -> None:
        assert writer_of(kind)(value) == canonical(unstructure(value))

    agrees()


class Colour(Enum):
    """Of several types, as a plug-in may have it."""

    RED = "red"
    NONE = 0


@attrs.frozen(kw_only=True)
class _Guest:
    person: str | None = None
    age: int = 0
    colour: Colour = Colour.RED
    born: date | datetime | None = None
    weight: float = 1.5
    tags: Mapping[str, Any] = {}
    later: str = attrs.field(init=False, default="")


@attrs.frozen(kw_only=True)
class _Party(Fact):
    parts: ClassVar[tuple[str, ...]] = ("guests", "note")

    guests: tuple[_Guest, ...] = ()
    note: str | None = None


@attrs.frozen(kw_only=True)
class _Loose(Fact):
    """Says of its list only that there is one."""

    parts: ClassVar[tuple[str, ...]] = ("rows",)

    rows: Any = ()


guests = st.builds(
    _Guest,
    person=st.sampled_from(["p-1", "p-2", "", None]),
    age=st.integers(),
    colour=st.sampled_from(Colour),
    born=st.none() | st.dates() | st.datetimes(),
    weight=st.floats(allow_nan=False, allow_infinity=False),
    tags=st.dictionaries(st.text(max_size=3), st.integers() | st.text(max_size=3), max_size=2),
)


@given(st.lists(guests, max_size=4), st.none() | st.text(), st.sampled_from(["", "p-1", "p-9"]))
def test_a_plug_ins_fact_is_cut_the_same(party: list[_Guest], note: str | None, owner: str) -> None:
    """Strangers and people, numbers, dates, tables, and any text."""
    fact = _Party(guests=tuple(party), note=note)
    try:
        expected = by_plain_data(fact, owner)
    except PlainDataError:
        with pytest.raises(PlainDataError):
            cut(fact, owner=owner, entry="main-1")
    else:
        assert cut(fact, owner=owner, entry="main-1") == expected


@pytest.mark.parametrize(
    "rows", [({"person": "p-1", "x": 1}, {"x": 2}), [["a"]], {"person": "p-1"}, None, "p-1"], ids=repr
)
def test_a_class_that_does_not_say_what_it_holds_is_cut_by_its_plain_data(rows: Any) -> None:
    """Nothing is guessed from the first value that comes along."""
    fact = _Loose(rows=rows)
    assert cut(fact, owner="p-9", entry="main-1") == by_plain_data(fact, "p-9")


@pytest.mark.parametrize("wrong", [float("nan"), float("inf"), "half \ud800"], ids=repr)
def test_what_is_no_json_is_refused(wrong: Any) -> None:
    """As by its plain data, without the value in the message."""
    fact = _Party(guests=(_Guest(person="p-1", tags={"x": wrong}),))
    with pytest.raises(PlainDataError, match="expected plain, JSON-able data"):
        cut(fact, owner="", entry="main-1")


def test_values_of_another_type_than_the_class_says_are_written_as_they_are() -> None:
    """A flag is no number, whatever the class says; nothing is recorded as what it is not."""
    for odd in (True, 2.5, "three"):
        fact = _Party(guests=(_Guest(age=odd),))  # type: ignore[arg-type]  # wrong on purpose
        assert cut(fact, owner="", entry="main-1") == by_plain_data(fact, "")
