"""Settings are read strictly, and every refusal names file and key."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from enum import Enum
from typing import Any

import attrs
import pytest

from epiguard.errors import InvalidValueError, PolicyError
from epiguard.fields import FrozenMapping, whole
from epiguard.identifiers import RegionCode
from epiguard.settings import SettingsTable, build

WHERE = "site.toml: rules[1]"


class Answer(Enum):
    """What to say."""

    HOLD = "hold"
    DENY = "deny"


def _limit(_: object, __: object, value: int) -> None:
    whole("Limits.most", least=1, most=9)(None, None, value)


def _colder(value: int) -> int:
    if value > 9:
        raise PolicyError("elsewhere", expected="something colder", got="heat")
    return value


@attrs.frozen
class Limits:
    """A table inside the table."""

    most: int = attrs.field(validator=_limit)
    least: int = attrs.field(default=0, converter=_colder)


@attrs.frozen(kw_only=True)
class Settings:
    """One setting of every kind; all may be left out."""

    flag: bool = False
    count: int = 1
    limit: float = 37.3
    word: str = ""
    day: date = date(2020, 2, 7)
    at: time = time(22)
    instant: datetime = datetime(2020, 2, 7)  # noqa: DTZ001 - as TOML gives one without an offset
    answer: Answer = Answer.HOLD
    region: RegionCode = attrs.field(default=RegionCode("310112"))
    optional: int | None = None
    either: int | bool | None = None
    words: tuple[str, ...] = ()
    pair: tuple[time, int] = (time(0), 0)
    kinds: frozenset[Answer] = frozenset()
    numbers: Sequence[float] = ()
    bounds: tuple[Limits, ...] = ()
    limits: Limits = attrs.field(default=Limits(most=1))
    prices: Mapping[str, float] = attrs.field(factory=FrozenMapping)
    table: dict[str, Any] = attrs.field(factory=dict)
    anything: Any = None
    odd: bytearray = attrs.field(factory=bytearray)
    _hidden: int = 0
    made: int = attrs.field(init=False, default=7)


def read(text: str) -> Settings:
    """The settings of a text in TOML."""
    return build(Settings, tomllib.loads(text), WHERE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("flag = true", Settings(flag=True)),
        ("count = 3", Settings(count=3)),
        ("limit = 37", Settings(limit=37.0)),
        ("limit = 37.5", Settings(limit=37.5)),
        ("word = '西门'", Settings(word="西门")),
        ("day = 2020-02-09", Settings(day=date(2020, 2, 9))),
        ("at = 21:30:00", Settings(at=time(21, 30))),
        ("instant = 2020-02-09T09:30:00", Settings(instant=datetime(2020, 2, 9, 9, 30))),  # noqa: DTZ001 - as TOML has it
        ("answer = 'deny'", Settings(answer=Answer.DENY)),
        ("region = '420000'", Settings(region=RegionCode("420000"))),
        ("optional = 1", Settings(optional=1)),
        ("either = true", Settings(either=True)),
        ("words = ['a', 'b']", Settings(words=("a", "b"))),
        ("pair = [21:30:00, 2]", Settings(pair=(time(21, 30), 2))),
        ("kinds = ['deny', 'hold', 'deny']", Settings(kinds=frozenset(Answer))),
        ("numbers = [1, 2.5]", Settings(numbers=(1.0, 2.5))),
        ("limits = {most = 2}", Settings(limits=Limits(most=2))),
        ("bounds = [{most = 2}, {most = 3}]", Settings(bounds=(Limits(most=2), Limits(most=3)))),
        ("prices = {rice = 1, oil = 2.5}", Settings(prices=FrozenMapping({"rice": 1.0, "oil": 2.5}))),
        ("table = {a = [1]}", Settings(table={"a": [1]})),
        ("anything = 1", Settings(anything=1)),
        ("hidden = 1", Settings(hidden=1)),
        ("", Settings()),
    ],
)
def test_a_setting_of_each_kind_is_read(text: str, expected: Settings) -> None:
    """Dates stay dates, words become members and value objects, lists and tables cannot be changed."""
    assert read(text) == expected


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("flag = 1", "flag: expected true or false, got a whole number"),
        ("flag = 'yes'", "flag: expected true or false, got text of 3 characters"),
        ("count = true", "count: expected a whole number, got true or false"),
        ("count = 1.0", "count: expected a whole number, got a number"),
        ("limit = true", "limit: expected a number, got true or false"),
        ("limit = '37.3'", "limit: expected a number, got text of 4 characters"),
        ("limit = nan", "limit: expected a finite number, got nan or inf"),
        ("numbers = [1, inf]", "numbers: expected a finite number, got nan or inf"),
        ("prices = {rice = -inf}", "prices: expected a finite number, got nan or inf"),
        ("word = 7", "word: expected text in quotes, got a whole number"),
        ("day = 2020-02-09T00:00:00", "day: expected a date such as 2020-02-07, got a date with time"),
        ("day = '2020-02-09'", "day: expected a date such as 2020-02-07, got text of 10 characters"),
        ("at = 2020-02-09", "at: expected a time such as 21:30:00, got a date"),
        ("instant = 21:30:00", "instant: expected a date with time, got a time"),
        ("answer = 'perhaps'", "answer: expected one of 'hold', 'deny', got other text"),
        ("answer = 1", "answer: expected one of 'hold', 'deny', got a whole number"),
        (
            "region = 'Hubei'",
            "region: expected six digits (GB/T 2260), got other text; for example 420000 for all of Hubei",
        ),
        ("optional = 'x'", "optional: expected a whole number, got text of 1 character"),
        ("either = 'x'", "either: expected a whole number or true or false, got text of 1 character"),
        ("words = 'a'", "words: expected a list, got text of 1 character"),
        ("words = ['a', 'b', 3]", "words[3]: expected text in quotes, got a whole number"),
        ("pair = [21:30:00]", "pair: expected a list of 2, got a list of 1"),
        ("pair = [21:30:00, 21:30:00]", "pair[2]: expected a whole number, got a time"),
        ("kinds = ['hold', 'x']", "kinds[2]: expected one of 'hold', 'deny', got other text"),
        ("numbers = {a = 1}", "numbers: expected a list, got a table"),
        ("limits = 3", "limits: expected a table, got a whole number"),
        ("limits = {}", "limits.most: expected a whole number, got nothing; add most = ..."),
        ("limits = {most = 10}", "limits.most: expected a whole number from 1 to 9, got a greater one"),
        ("bounds = [{most = 1}, {most = 'x'}]", "bounds[2].most: expected a whole number, got text of 1 ch"),
        ("prices = {rice = 'x'}", "prices.rice: expected a number, got text of 1 character"),
        ("prices = [1]", "prices: expected a table, got a list"),
        ("odd = 'x'", "odd: expected text that is a bytearray, got other text"),
        ("odd = 1", "odd: expected text that is a bytearray, got a whole number"),
        (
            "cuont = 1",
            (
                "cuont: expected one of answer, anything, at, bounds, count, day, either, flag, hidden,"
                " instant, kinds, limit, limits, numbers, odd, optional, pair, prices, region, table, word,"
                " words, got an unknown key; did you mean 'count'?"
            ),
        ),
        ("made = 8", "made: expected one of "),
    ],
)
def test_a_setting_of_another_kind_is_refused(text: str, message: str) -> None:
    """True is no number, a number no text, a date with time no date; the message names file and key."""
    with pytest.raises(PolicyError) as caught:
        read(text)
    assert str(caught.value).startswith(f"{WHERE}.{message}")


def test_an_error_that_names_file_and_key_already_is_left_as_it_is() -> None:
    """A class may have looked closer than the reader."""
    with pytest.raises(PolicyError, match=r"^elsewhere: expected something colder, got heat$"):
        read("limits = {most = 1, least = 10}")


@attrs.frozen
class Foreign:
    """Its validators come from attrs itself."""

    least: int = attrs.field(default=1, validator=attrs.validators.ge(1))
    silent: int = attrs.field(default=1)
    price: Decimal = Decimal(1)
    listed: Sequence = ()  # type: ignore[type-arg]  # as somebody may write it
    paired: tuple = ()  # type: ignore[type-arg]  # as above
    kinds: frozenset = frozenset()  # type: ignore[type-arg]  # as above

    def __attrs_post_init__(self) -> None:
        if self.silent != 1:
            raise TypeError


def test_a_validator_that_is_not_ours_is_heard_too() -> None:
    """What it says is told, with the key it quotes, and its error is not lost."""
    with pytest.raises(PolicyError) as caught:
        build(Foreign, {"least": 0}, WHERE)
    assert str(caught.value) == (
        "site.toml: rules[1].least: expected settings that Foreign takes, got others; 'least' must be >= 1: 0"
    )
    assert isinstance(caught.value.__cause__, ValueError)
    with pytest.raises(PolicyError, match=r"expected settings that Foreign takes, got others$"):
        build(Foreign, {"silent": 2}, WHERE)


@pytest.mark.parametrize("error", [KeyError("x"), RuntimeError("x"), ArithmeticError(), OSError(2, "x")])
def test_whatever_a_class_raises_is_a_refusal(error: Exception) -> None:
    """A converter or a validator of somebody else's may raise anything; the file is refused."""

    def raises(_: object) -> int:
        raise error

    @attrs.frozen
    class Local:
        limit: int = attrs.field(default=1, converter=raises)

    told = f"expected settings that Local takes, got others; its own check raised {type(error).__name__}"
    with pytest.raises(PolicyError) as caught:
        build(Local, {"limit": 2}, WHERE)
    assert str(caught.value) == f"{WHERE}: {told}"
    assert caught.value.__cause__ is error


def test_a_text_that_a_foreign_type_does_not_take_is_refused() -> None:
    """Whatever that type raises: a decimal number raises an error of arithmetic."""
    assert build(Foreign, {"price": "3.1"}, WHERE).price == Decimal("3.1")
    with pytest.raises(
        PolicyError, match=r"rules\[1\].price: expected text that is a Decimal, got other text"
    ):
        build(Foreign, {"price": "three"}, WHERE)


def test_lists_of_anything_are_read_too() -> None:
    """A class may say no more than that it takes a list."""
    made = build(Foreign, {"listed": [1, "a"], "paired": [], "kinds": ["a", "a"]}, WHERE)
    assert (made.listed, made.paired, made.kinds) == ((1, "a"), (), frozenset({"a"}))
    with pytest.raises(PolicyError, match=r"rules\[1\].listed: expected a list, got a whole number"):
        build(Foreign, {"listed": 1}, WHERE)


def test_a_type_that_cannot_be_found_is_named() -> None:
    """A class written inside a function sees only its module's names."""

    @attrs.frozen
    class Local:
        limit: Unheard  # type: ignore[name-defined]  # noqa: F821 - the point

    with pytest.raises(PolicyError, match=r"Local's settings to be known in its module, got .*'Unheard'"):
        build(Local, {}, WHERE)

    @attrs.frozen
    class Wrong:
        limit: Answer.NEVER  # type: ignore[name-defined]  # wrong on purpose

    with pytest.raises(PolicyError, match=r"Wrong's settings to be types, got an annotation that raises"):
        build(Wrong, {}, WHERE)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (int | None, "a whole number"),
        (tuple[str, ...] | bool, "a list or true or false"),
        (list[str], "a list"),
        (Mapping[str, int], "a table"),
        (dict, "a table"),
        (Limits, "a table"),
        (Answer, "one of 'hold', 'deny'"),
        (RegionCode, "text that is a RegionCode"),
    ],
)
def test_a_missing_setting_says_what_to_add(kind: Any, expected: str) -> None:
    """Whatever its type, the message says what to write."""
    table = SettingsTable({}, "site.toml")
    with pytest.raises(PolicyError, match=r"^site\.toml: key: expected ") as caught:
        table.take("key", kind)
    assert (caught.value.expected, caught.value.got) == (expected, "nothing")


def test_lists_of_tables_are_numbered_from_one() -> None:
    """As somebody counts who reads the file."""
    table = SettingsTable(
        tomllib.loads("[[rules]]\nuse = 'a'\n[[rules]]\nuse = 2\n[one]\nuse = 'b'"), "x.toml"
    )
    first, second = table.tables("rules")
    assert first.take("use", str) == "a"
    with pytest.raises(PolicyError, match=r"^x\.toml: rules\[2\]\.use: expected text in quotes, got a whole"):
        second.take("use", str)
    assert [each.where for each in table.tables("one")] == ["x.toml: one[1]"]
    assert table.tables("none") == []
    table.finish()


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("a", r"rules: expected a list of tables, got text of 1 char"),
        (["a"], r"rules\[1\]: expected a table,"),
    ],
)
def test_what_is_no_list_of_tables_is_refused(value: object, message: str) -> None:
    """A list of words is none."""
    with pytest.raises(PolicyError, match=message):
        SettingsTable({"rules": value}, "site.toml").tables("rules")


def test_what_is_left_over_is_an_unknown_key() -> None:
    """Unless it is taken as the rest, which cannot be changed, in depth."""
    table = SettingsTable({"use": "a", "limits": {"most": [1, {"least": 2}]}}, "site.toml")
    table.take("use", str)
    with pytest.raises(
        PolicyError, match=r"limits: expected one of other, use, got an unknown key; remove it"
    ):
        table.finish(also=["other"])
    rest = table.rest()
    assert rest == {"limits": {"most": (1, {"least": 2})}}
    assert isinstance(hash(rest), int)
    table.finish()
    with pytest.raises(PolicyError, match=r"^site\.toml: x: expected no key here, got an unknown key"):
        SettingsTable({"x": 1}, "site.toml").finish()


def test_a_rule_made_of_the_rest_is_the_same() -> None:
    """Freezing an entry's settings changes nothing that is made of them."""
    text = "words = ['a']\nbounds = [{most = 2}]\nprices = {rice = 1}\nlimits = {most = 3}"
    rest = SettingsTable(tomllib.loads(text), "site.toml").rest()
    assert build(Settings, rest, WHERE) == read(text)


def test_our_own_errors_keep_what_to_do() -> None:
    """A class's own refusal is told under the key of the file."""

    @attrs.frozen
    class Picky:
        limit: int = attrs.field(default=0)

        def __attrs_post_init__(self) -> None:
            raise InvalidValueError("Picky.limit", expected="another", got="this one", do="try again")

    with pytest.raises(PolicyError) as caught:
        build(Picky, {"limit": 1}, WHERE)
    assert str(caught.value) == f"{WHERE}.limit: expected another, got this one; try again"
