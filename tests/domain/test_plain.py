"""Every domain value goes to plain data and back, and shows nothing of a person by itself."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import PlainDataError
from epiguard.facts import FACT_KINDS
from epiguard.people import Person
from epiguard.plain import PLAIN_VERSION, from_plain, to_plain
from strategies import DOMAIN, FACTS

ALL = {**DOMAIN, **FACTS}


def test_there_is_a_strategy_for_every_kind_of_fact() -> None:
    """No kind of fact is left out of the round trip below."""
    # Private parents such as the one of the three matches are kinds that nobody records.
    kinds = {kind for kind in FACT_KINDS if not kind.startswith("_")}
    assert kinds == {each.kind for each in FACTS}


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_plain_data_comes_back_equal(kind: type[Any], data: st.DataObject) -> None:
    """Through JSON text and back gives an equal value, and pickling does too."""
    value = data.draw(ALL[kind])
    text = json.dumps(to_plain(value), ensure_ascii=False)
    assert from_plain(json.loads(text)) == value
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own value
    assert hash(from_plain(json.loads(text))) == hash(value)


CANARIES: dict[str, Any] = {
    "name": "王小明",
    "resident_id": "310115199003070014",
    "phones": ["13800138000"],
    "residence": "金都新村3号楼2单元502室",
    "plates": ["沪A12345"],
    "cards": ["00712345"],
}


def test_a_person_does_not_show_in_repr_or_str() -> None:
    """None of the personal values is found in what a log or a traceback would print."""
    from epiguard.identifiers import ResidentId

    number = "31011519900307001"
    canaries = {**CANARIES, "resident_id": number + ResidentId.check_digit_of(number)}
    person = Person(id="p-7", sex="M", **canaries)
    shown = f"{person!r} {person} {[person]} {vars(type(person)).get('__doc__')}"
    plain = [canaries["name"], canaries["resident_id"], "13800138000", "502", "A12345", "00712345"]
    assert [each for each in plain if each in shown] == []
    assert "p-7" in shown


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "from_plain: expected a table with type, version and data, got a value of type list"),
        (
            {"type": "Person", "version": PLAIN_VERSION + 1, "data": {}},
            (
                f"version: expected {PLAIN_VERSION}, got version {PLAIN_VERSION + 1}; "
                "read it with the release of epiguard that wrote it"
            ),
        ),
        (
            {"type": "Dragon", "version": PLAIN_VERSION, "data": {}},
            "type: expected a domain type or a kind of fact, got another name",
        ),
        (
            {"type": "Person", "version": PLAIN_VERSION, "data": {"id": "p-7", "phones": ["13800"]}},
            "Person $.phones: expected data of a Person, got something else",
        ),
        (
            {"type": "Person", "version": PLAIN_VERSION, "data": {"id": "p-7", "shoe": "43"}},
            "Person $: expected data of a Person, got something else",
        ),
    ],
)
def test_data_that_do_not_fit_are_refused_without_showing_them(data: Any, message: str) -> None:
    """A later version, an unknown type, an extra key and a bad value each get a clear error."""
    with pytest.raises(PlainDataError) as caught:
        from_plain(data)
    assert str(caught.value).startswith(message.split("$", maxsplit=1)[0])
    assert "13800" not in str(caught.value)
