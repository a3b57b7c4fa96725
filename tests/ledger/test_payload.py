"""Payloads: split per subject and joined again without loss, and bound to their salt."""

from __future__ import annotations

import copy
import json
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import PlainDataError
from epiguard.ledger._payload import Part, canonical, digest, join, mend, split

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
    """The main part holds nothing in every place of the list at a path."""
    data, paths = payload
    main = split(data, paths, owner="", entry="main-1")[0].data
    for path in paths:
        at, was = main, data
        for key in path.split("."):
            at, was = at[key], was[key]
        assert at == [None] * len(was)


def test_each_part_belongs_to_its_own_subject() -> None:
    """The person an element names, else the form it carries, else a pseudonym that says nothing.

    What numbers them belongs to whom it numbers, and what numbers nobody stays.
    """
    data: dict[str, Any] = {
        "party": [
            {"person": "p-2"},
            {"person": None, "registration": {"id": "r-8"}},
            {"person": None, "registration": None},
            "somebody",
        ],
        "verdicts": [{"traveller": 1}, {"traveller": None}, {"traveller": 0}],
        "duties": [{"subject": "p-2"}, {"subject": "house-1"}],
        "car": "A",
        "reason": "B",
    }
    paths = ["party", "verdicts", "duties", "car"]
    main, *shares = split(data, paths, owner="", entry="main-5", shared=True)
    assert (main.subject, main.data) == (
        "",
        {
            "party": [None] * 4,
            "verdicts": [None, {"traveller": None}, None],
            "duties": [None, None],
            "car": None,
            "reason": "B",
        },
    )
    assert {each.subject: each.data for each in shares} == {
        "p-2": {
            "party": [[0, {"person": "p-2"}]],
            "verdicts": [[2, {"traveller": 0}]],
            "duties": [[0, {"subject": "p-2"}]],
            "car": "A",
        },
        "form:r-8": {"party": [[1, data["party"][1]]], "verdicts": [[0, {"traveller": 1}]]},
        "main-5/0": {"party": [[2, data["party"][2]]]},
        "main-5/1": {"party": [[3, "somebody"]]},
        "house-1": {"duties": [[1, {"subject": "house-1"}]]},
    }
    assert [each.subject for each in split(data, ["car"], owner="p-9", entry="main-5")] == ["p-9"]


def test_what_is_left_after_an_erasure_is_mended() -> None:
    """An element that others number leaves a blank, others nothing, and a text that must be there a word."""
    party = [{"person": "p-2"}, {"person": "p-3"}]
    data: dict[str, Any] = {"party": party, "notes": party, "why": "because", "nowhere": None}
    data["more"] = {"car": "A", "nobody": None}
    paths = ("party", "notes", "why", "more.car", "more.nobody", "nowhere.at")
    parts = split(data, paths, owner="p-2", entry="main-1", shared=True)
    left = [attrs.evolve(each, data=None, erased=True) if each.subject == "p-2" else each for each in parts]
    assert mend(join(left), paths, {"party": {}, "why": "erased", "nowhere.at": "erased"}) == {
        "party": [{}, {"person": "p-3"}],
        "notes": [{"person": "p-3"}],
        "why": "erased",
        "more": {"car": None, "nobody": None},
        "nowhere": None,
    }


def test_parts_of_before_are_joined() -> None:
    """Entries of the first layout, in which every element was a part of its own, are read as they were."""
    parts = [Part("p-1", "", {"a": {"party": []}}), Part("p-1", "a.party", 1), Part("p-2", "a.party", 2)]
    assert join(parts) == {"a": {"party": [1, 2]}}
    parts[1] = Part("p-1", "a.party", None, erased=True)
    assert mend(join(parts), ["a.party"], {"a.party": 0}) == {"a": {"party": [0, 2]}}


@pytest.mark.parametrize("data", [{}, {"a": {}}, {"a": 1}, {"a": "text"}, {"a": ["b"]}])
def test_a_path_that_leads_nowhere_is_refused(data: dict[str, Any]) -> None:
    """A misspelt path would leave one person's data with another's."""
    with pytest.raises(PlainDataError, match=r"Fact\.parts: expected a value at 'a\.b', got another shape"):
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
