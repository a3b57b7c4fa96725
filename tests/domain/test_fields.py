"""Converters and validators: what each takes, and the one clear error for everything else."""

from __future__ import annotations

import math
import pickle
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from datetime import UTC, date, datetime, time
from enum import Enum
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import InvalidValueError
from epiguard.fields import (
    FrozenMapping,
    as_day,
    as_flag,
    as_instances,
    as_member,
    choice,
    frozen_mapping,
    identifier,
    instance,
    instances,
    instant,
    many,
    optional_identifier,
    pseudonym,
    text,
    wall_clock,
    whole,
)
from epiguard.messages import Message, as_texts

NOON = datetime(2020, 2, 14, 12, tzinfo=UTC)
JUNK = [None, True, 0, 1, 1.5, math.nan, "", " ", "x", b"x", [], ["x"], {}, date(2020, 2, 14), NOON, object()]


class Colour(Enum):
    """Two words."""

    GREEN = "green"
    YELLOW = "yellow"


def checks(validator: Callable[[Any, Any, Any], None]) -> Callable[[Any], bool]:
    """Whether a validator takes a value; anything but our own error gets through."""

    def takes(value: Any) -> bool:
        try:
            validator(None, None, value)
        except InvalidValueError as error:
            return error.where != "here"
        return True

    return takes


def converts(converter: Callable[[Any], Any]) -> Callable[[Any], bool]:
    """Whether a converter takes a value; anything but our own error gets through."""
    return checks(lambda _, __, value: converter(value))


@pytest.mark.parametrize(
    "value",
    [
        *("王小明", "小明", "买买提·艾力", "3号楼502", "业主0001", "门-王小明"),
        *("13800138000", "+8613800138000", "008613800138000", "138-0013-8000", "１３８００１３８０００"),
        *("310112199003071234", "31011219900307123X", "310112900307123", "call:13800138000"),
    ],
)
def test_a_pseudonym_tells_nobody(value: str) -> None:
    """A name, an address, a telephone number or a resident ID is no id of a person: ids are logged."""
    with pytest.raises(InvalidValueError) as caught:
        pseudonym("Person.id")(None, None, value)
    assert str(caught.value) == (
        "Person.id: expected a pseudonym, got what looks like a name, an address, a resident ID or a "
        "telephone number; use a pseudonym such as 'p-1024': ids are shown and logged"
    )


@pytest.mark.parametrize(
    "value", ["p-1024", "0071", "Li-1", "20200207093012", "11000138000", "form:paper:north:17", "x" * 128]
)
def test_what_else_an_id_may_be(value: str) -> None:
    """Numbers that count or bear a time of day are fine."""
    assert checks(pseudonym("here"))(value)


@pytest.mark.parametrize(
    "value", ["paper:北门:17", "paper:王家宅:row-2", "online:东区问卷:1", "paper:p:北-17"]
)
def test_a_forms_id_may_hold_the_name_of_its_file(value: str) -> None:
    """Files and series have Chinese names, and a form's number may have a Chinese letter."""
    pseudonym("Registration.id", chinese=True)(None, None, value)


@pytest.mark.parametrize(
    "value", ["paper:north:王小明", "paper:north:13800138000", "王小明", "a b", "", None, 7]
)
def test_a_form_is_not_named_after_a_person(value: object) -> None:
    """The name of a file may be Chinese, a form's own number may not be a name or a personal number."""
    with pytest.raises(InvalidValueError):
        pseudonym("Registration.id", chinese=True)(None, None, value)


@pytest.mark.parametrize(
    ("takes", "good"),
    [
        (checks(pseudonym("here")), ["x"]),
        (checks(identifier("here")), ["x"]),
        (checks(optional_identifier("here")), [None, "x"]),
        (checks(text("here")), ["x"]),
        (checks(text("here", optional=True)), [None, "x"]),
        (checks(instant("here")), [NOON]),
        (checks(instant("here", optional=True)), [None, NOON]),
        (checks(wall_clock("here")), []),
        (checks(wall_clock("here", optional=True)), [None]),
        (checks(whole("here", least=0, most=9)), [0, 1]),
        (checks(whole("here", least=1, most=9, optional=True)), [None, 1]),
        (checks(instance(str, "here")), ["", " ", "x"]),
        (checks(instance((str, bytes), "here", optional=True)), [None, "", " ", "x", b"x"]),
        (converts(choice(Colour, "here")), []),
        (converts(choice(Colour, "here", optional=True)), [None]),
        (converts(lambda value: as_flag(value, "here")), [None, True]),
        (converts(lambda value: as_day(value, "here")), [None, date(2020, 2, 14)]),
        (converts(lambda value: as_texts(value, "here")), [{}]),
        (converts(many(str, "here")), [b"x", [], ["x"], {}]),
        (converts(instances(str, "here")), [[], ["x"], {}]),
        (converts(lambda value: as_instances(dict, value, "here")), [[], {}]),
    ],
)
def test_each_takes_its_own_and_refuses_the_rest(takes: Callable[[Any], bool], good: list[object]) -> None:
    """True is no number, a blank no text, a text no list, and nothing is taken only where it may be."""
    taken = [value for value in JUNK if takes(value)]
    assert [(type(each), repr(each)) for each in taken] == [(type(each), repr(each)) for each in good]


@given(st.text(max_size=200))
def test_an_identifier_is_printable_and_has_no_blanks(value: str) -> None:
    """Whatever can break a line, a column or an encoding is in no id."""
    good = 1 <= len(value) <= 128 and value.isprintable() and not any(each.isspace() for each in value)
    assert checks(identifier("here"))(value) is good


@pytest.mark.parametrize("bad", ["p 7", "p\u30007", "p\n7", "p\x007", "p\u200b7", "p\ud8007", "p" * 129])
def test_an_identifier_that_would_not_print_is_refused(bad: str) -> None:
    """A blank of any kind, a control character, a half character, or too many."""
    with pytest.raises(InvalidValueError, match="an identifier of 1 to 128 characters without blanks"):
        identifier("Person.id")(None, None, bad)


def test_an_instant_needs_a_zone_and_a_date_in_every_zone() -> None:
    """A wall-clock time is no instant, and at the ends of the calendar another zone has no date."""
    takes = checks(instant("here"))
    assert not takes(NOON.replace(tzinfo=None))
    assert [takes(NOON.replace(year=year)) for year in (1, 2, 9998, 9999)] == [False, True, True, False]


def test_a_time_of_day_has_no_zone() -> None:
    """Eight in the morning is meant where the site is."""
    takes = checks(wall_clock("here"))
    assert takes(time(8))
    assert not takes(time(8, tzinfo=UTC))


def test_a_member_is_given_by_itself_or_its_value() -> None:
    """Both give the member; the error lists what would have done."""
    assert as_member(Colour, Colour.GREEN, "here") is as_member(Colour, "green", "here")
    assert choice(Colour, "here", optional=True)("yellow") is Colour.YELLOW
    with pytest.raises(InvalidValueError) as caught:
        as_member(Colour, "red", "ExitPass.colour")
    assert str(caught.value) == "ExitPass.colour: expected one of 'green', 'yellow', got text of 3 characters"


def test_elements_of_a_list_are_converted_or_checked_one_by_one() -> None:
    """One bad element refuses the list."""
    assert many(int, "here")(each for each in "12") == (1, 2)
    assert instances(int, "here")([1, 2]) == (1, 2)
    with pytest.raises(InvalidValueError, match=r"^here: expected int values, got text of 1 character$"):
        instances(int, "here")([1, "2"])  # type: ignore[list-item]  # the point


def test_blank_texts_are_left_out() -> None:
    """So the other language is shown instead of nothing."""
    assert as_texts({"zh": "请等候", "en": " "}, "here") == {"zh": "请等候"}
    for bad in ({"zh": None}, "请等候", None):
        with pytest.raises(InvalidValueError, match="expected a text per language"):
            as_texts(bad, "here")  # type: ignore[arg-type]  # the point


@given(st.dictionaries(st.text(max_size=3), st.integers()))
def test_a_frozen_mapping_is_what_it_holds(items: dict[str, int]) -> None:
    """It looks up, counts, compares, hashes and pickles like its items, and later changes do not reach it."""
    source = dict(items)
    frozen = FrozenMapping(source)
    source["later"] = 1
    assert (dict(frozen), len(frozen), repr(frozen)) == (items, len(items), repr(items))
    assert frozen == items == FrozenMapping(items.items())
    assert frozen != {**items, "more": 1}
    assert frozen != list(items)
    assert hash(frozen) == hash(FrozenMapping(reversed(items.items())))
    assert pickle.loads(pickle.dumps(frozen)) == frozen  # noqa: S301 - our own value
    assert frozen_mapping(frozen) is frozen
    assert frozen_mapping(items) == frozen


def test_a_frozen_mapping_cannot_be_changed() -> None:
    """Neither an item nor an attribute of it."""
    frozen: Any = FrozenMapping({"a": 1})
    with pytest.raises(TypeError):
        frozen["a"] = 2
    with pytest.raises(TypeError):
        del frozen["a"]
    with pytest.raises(AttributeError):
        frozen.more = 1


class Proxied(Mapping[str, int]):
    """The control: a mapping that keeps what it holds in a slot, as most do."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[str, int]) -> None:
        self._items = dict(items)

    def __getitem__(self, key: str) -> int:
        return self._items[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __reduce__(self) -> tuple[object, ...]:
        return Proxied, (self._items,)


def again(mapping: Any) -> None:
    """Make it once more, of other items."""
    mapping.__init__({"a": 2})


def in_place(mapping: Any) -> None:
    """Add an item with the operator of dictionaries."""
    mapping |= {"a": 2}


def through_its_slots(mapping: Any) -> None:
    """Put other items where it keeps its own."""
    for kind in type(mapping).__mro__:
        for name in vars(kind).get("__slots__", ()):
            object.__setattr__(mapping, name, {"a": 2})


def through_what_it_shows(mapping: Any) -> None:
    """Change whatever dictionary an attribute or a copy gives."""
    given = [getattr(mapping, each) for each in dir(mapping) if not each.startswith("__")]
    for each in (*given, mapping.__reduce__()[1][0]):
        if isinstance(each, dict):
            each["a"] = 2


WAYS = [again, in_place, through_its_slots, through_what_it_shows]


def changed_by(way: Callable[[Any], None], mapping: Mapping[str, int]) -> bool:
    """Whether it holds something else afterwards; to be refused is fine."""
    before = dict(mapping)
    with suppress(TypeError, AttributeError):
        way(mapping)
    return dict(mapping) != before


@pytest.mark.parametrize("way", WAYS)
def test_there_is_no_way_into_a_frozen_mapping(way: Callable[[Any], None]) -> None:
    """Nor into the texts of a catalogue, which are one."""
    texts: Any = Message("curfew", "closed", {"until": 5}, {"a": "closed"})
    assert not changed_by(way, FrozenMapping({"a": 1}))
    assert not changed_by(way, texts)
    assert (texts.rule, texts.key, texts.filling) == ("curfew", "closed", {"until": 5})


@pytest.mark.parametrize("way", [again, through_its_slots, through_what_it_shows])
def test_those_are_ways_into_another_one(way: Callable[[Any], None]) -> None:
    """So that the test above looks where something could be found."""
    assert changed_by(way, Proxied({"a": 1}))


def test_a_field_says_where_it_stands() -> None:
    """As a validator of an attrs class it names the class and the field it was made for."""

    @attrs.frozen
    class Card:
        number: str = attrs.field(validator=identifier("Card.number"))

    with pytest.raises(InvalidValueError) as caught:
        Card("G 31")
    assert str(caught.value) == (
        "Card.number: expected an identifier of 1 to 128 characters without blanks, "
        "got text of 4 characters; use a pseudonym such as 'p-1024', never a name or a number of the person"
    )
