"""Converters and validators of the domain's fields: each refuses bad input with one clear error."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from enum import Enum
from typing import Any, Generic, TypeVar

from epiguard.errors import InvalidValueError, kind_of

__all__ = [
    "FrozenMapping",
    "choice",
    "day",
    "flag",
    "frozen_mapping",
    "identifier",
    "instance",
    "instances",
    "instant",
    "many",
    "optional_identifier",
    "text",
    "text_mapping",
]

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
K = TypeVar("K")
V = TypeVar("V")
Validator = Callable[[Any, Any, object], None]


class FrozenMapping(Mapping[K, V], Generic[K, V]):
    """A mapping that cannot be changed; it hashes, pickles and compares like what it holds."""

    __slots__ = ("_items",)

    def __init__(self, items: Mapping[K, V] | Iterable[tuple[K, V]] = ()) -> None:
        self._items = dict(items)

    def __getitem__(self, key: K) -> V:
        return self._items[key]

    def __iter__(self) -> Iterator[K]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __hash__(self) -> int:
        return hash(frozenset(self._items.items()))

    def __repr__(self) -> str:
        return repr(self._items)

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (self._items,)


def frozen_mapping(items: Mapping[K, V]) -> Mapping[K, V]:
    """A converter to a mapping that cannot be changed."""
    return items if isinstance(items, FrozenMapping) else FrozenMapping(items)


def identifier(where: str) -> Validator:
    """A validator for pseudonymous identifiers: text without blanks, at most 128 characters."""

    def check(_: Any, __: Any, value: object) -> None:  # noqa: ANN401 - attrs' validator signature
        if not isinstance(value, str) or not value or len(value) > 128 or value != "".join(value.split()):
            raise InvalidValueError(
                where,
                expected="an identifier of 1 to 128 characters without blanks",
                got=kind_of(value),
                do="use a pseudonym such as 'p-1024', never a name or a number of the person",
            )

    return check


def optional_identifier(where: str) -> Validator:
    """Like :func:`identifier`; nothing is allowed too."""
    check_given = identifier(where)

    def check(instance_: Any, attribute: Any, value: object) -> None:  # noqa: ANN401 - attrs' signature
        if value is not None:
            check_given(instance_, attribute, value)

    return check


def text(where: str, *, optional: bool = False) -> Validator:
    """A validator for text that says something: a reason, a purpose."""

    def check(_: Any, __: Any, value: object) -> None:  # noqa: ANN401 - attrs' validator signature
        if optional and value is None:
            return
        if not isinstance(value, str) or not value.strip():
            raise InvalidValueError(where, expected="some text", got=kind_of(value))

    return check


def choice(of: type[E], where: str, *, optional: bool = False) -> Callable[[object], Any]:
    """A converter to a member of an enumeration, from the member or its value."""

    def convert(value: object) -> Any:  # noqa: ANN401 - the member, or None where optional
        if optional and value is None:
            return None
        try:
            return of(value)
        except ValueError:
            allowed = ", ".join(repr(member.value) for member in of)
            raise InvalidValueError(where, expected=f"one of {allowed}", got=kind_of(value)) from None

    return convert


def flag(where: str) -> Callable[[object], bool | None]:
    """A converter for yes, no or unknown: nothing else is taken for either."""

    def convert(value: object) -> bool | None:
        if value is None or isinstance(value, bool):
            return value
        raise InvalidValueError(where, expected="True, False or nothing", got=kind_of(value))

    return convert


def day(where: str) -> Callable[[object], date | None]:
    """A converter for a calendar date without a time, or nothing."""

    def convert(value: object) -> date | None:
        if value is None or type(value) is date:
            return value
        raise InvalidValueError(where, expected="a date without a time, or nothing", got=kind_of(value))

    return convert


def instant(where: str, *, optional: bool = False) -> Validator:
    """A validator for a timezone-aware datetime."""

    def check(_: Any, __: Any, value: object) -> None:  # noqa: ANN401 - attrs' validator signature
        if optional and value is None:
            return
        if not isinstance(value, datetime) or value.utcoffset() is None:
            raise InvalidValueError(
                where,
                expected="a datetime with a time zone",
                got="a datetime without one" if isinstance(value, datetime) else kind_of(value),
                do="add tzinfo, for example ZoneInfo('Asia/Shanghai')",
            )

    return check


def instance(of: type[Any] | tuple[type[Any], ...], where: str, *, optional: bool = False) -> Validator:
    """A validator that the value is of a type."""
    types = of if isinstance(of, tuple) else (of,)

    def check(_: Any, __: Any, value: object) -> None:  # noqa: ANN401 - attrs' validator signature
        if not (isinstance(value, types) or (optional and value is None)):
            expected = " or ".join(each.__name__ for each in types)
            raise InvalidValueError(where, expected=expected, got=kind_of(value))

    return check


def many(of: Callable[[Any], T], where: str) -> Callable[[Any], tuple[T, ...]]:
    """A converter of a list whose elements are converted by ``of``; a single text is not a list."""

    def convert(values: Any) -> tuple[T, ...]:  # noqa: ANN401 - any iterable
        if isinstance(values, str) or not hasattr(values, "__iter__"):
            raise InvalidValueError(where, expected="a list of values", got=kind_of(values))
        return tuple(of(value) for value in values)

    return convert


def instances(of: type[T], where: str) -> Callable[[Iterable[T]], tuple[T, ...]]:
    """A converter of a list whose elements must be of a type already."""

    def convert(values: Iterable[T]) -> tuple[T, ...]:
        if isinstance(values, str) or not hasattr(values, "__iter__"):
            raise InvalidValueError(where, expected=f"a list of {of.__name__} values", got=kind_of(values))
        made = tuple(values)
        for each in made:
            if not isinstance(each, of):
                raise InvalidValueError(where, expected=f"{of.__name__} values", got=kind_of(each))
        return made

    return convert


def text_mapping(where: str) -> Callable[[Mapping[str, str]], Mapping[str, str]]:
    """A converter of texts by language; blank ones are left out, so that the other language is shown."""

    def convert(texts: Mapping[str, str]) -> Mapping[str, str]:
        for words in texts.values():
            if not isinstance(words, str):
                raise InvalidValueError(where, expected="a text per language", got=kind_of(words))
        return FrozenMapping({language: words for language, words in texts.items() if words.strip()})

    return convert
