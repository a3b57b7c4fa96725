"""Payloads: split per subject and joined again without loss, and bound to their salt."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import PlainDataError
from epiguard.ledger._payload import canonical, digest, join, split

scalars = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text()
)
plain = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
elements = plain | st.fixed_dictionaries({"person": st.none() | st.text(), "more": plain})
keys = st.text(st.characters(exclude_characters=".", exclude_categories=["Cs"]), max_size=5)


@st.composite
def payloads(draw: st.DrawFn) -> tuple[dict[str, Any], tuple[str, ...]]:
    """Plain data with lists at some paths."""
    data: dict[str, Any] = draw(st.dictionaries(keys, plain, max_size=3))
    heads = draw(st.lists(keys, max_size=3, unique=True))
    paths = []
    for head in heads:
        tail = draw(st.lists(keys, max_size=2))
        value: Any = draw(st.lists(elements, max_size=4))
        for key in reversed(tail):
            value = {**draw(st.dictionaries(keys, plain, max_size=2)), key: value}
        data[head] = value
        paths.append(".".join([head, *tail]))
    return data, tuple(paths)


@given(payloads())
def test_join_is_the_inverse_of_split(payload: tuple[dict[str, Any], tuple[str, ...]]) -> None:
    """Whatever is split is joined again, also after a journey through JSON, and the original is untouched."""
    data, paths = payload
    before = copy.deepcopy(data)
    parts = split(data, paths, owner="p-1", entry="main-1")
    assert join(parts) == data == before
    assert json.loads(canonical(join(parts))) == json.loads(canonical(data))


@given(payloads())
def test_nothing_that_was_cut_out_is_left_in_the_main_part(
    payload: tuple[dict[str, Any], tuple[str, ...]],
) -> None:
    """The main part holds an empty list at each path."""
    data, paths = payload
    main = split(data, paths, owner="", entry="main-1")[0].data
    for path in paths:
        at: Any = main
        for key in path.split("."):
            at = at[key]
        assert at == []


def test_each_part_belongs_to_its_own_subject() -> None:
    """The person an element names, else the form it carries, else a pseudonym that says nothing."""
    data = {
        "party": [
            {"person": "p-2"},
            {"person": None, "registration": {"id": "r-8"}},
            {"person": None, "registration": None},
            "somebody",
        ]
    }
    subjects = [each.subject for each in split(data, ["party"], owner="p-1", entry="main-5")]
    assert subjects == ["p-1", "p-2", "form:r-8", "main-5/2", "main-5/3"]


@pytest.mark.parametrize("data", [{}, {"a": {}}, {"a": 1}, {"a": {"b": "text"}}, {"a": {"b": {"c": 1}}}])
def test_a_path_that_leads_nowhere_is_refused(data: dict[str, Any]) -> None:
    """A misspelt path would leave one person's data with another's."""
    with pytest.raises(PlainDataError, match=r"Fact\.parts: expected a list at 'a\.b', got another shape"):
        split(data, ["a.b"], owner="", entry="main-1")


def test_an_optional_value_that_is_not_there_holds_nothing() -> None:
    """A path through nothing cuts nothing."""
    assert join(split({"a": None}, ["a.b"], owner="", entry="main-1")) == {"a": None}


def test_what_is_no_json_is_refused() -> None:
    """NaN and objects have no canonical text."""
    for value in (float("nan"), object(), {1, 2}):
        with pytest.raises(PlainDataError, match="plain, JSON-able data"):
            canonical({"value": value})


def test_the_digest_covers_every_piece() -> None:
    """Another salt, subject, path or text gives another digest, and moving a border too."""
    given_ = (b"s" * 16, "p-1", "a.b", "{}")
    others = [
        (b"t" * 16, "p-1", "a.b", "{}"),
        (b"s" * 16, "p-2", "a.b", "{}"),
        (b"s" * 16, "p-1", "a.c", "{}"),
        (b"s" * 16, "p-1", "a.b", "[]"),
        (b"s" * 16, "p-1a", ".b", "{}"),
    ]
    assert len({digest(*given_), *(digest(*each) for each in others)}) == len(others) + 1
