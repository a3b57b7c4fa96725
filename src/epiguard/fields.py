"""Converters and validators of the domain's fields: each refuses bad input with one clear error.

The ``as_`` functions convert; a class wraps each in a named function of its own, because only of such
ones do type checkers know what the class takes. The others make a validator or a converter.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, ValuesView
from datetime import MAXYEAR, MINYEAR, date, datetime, time
from enum import Enum
from typing import Any, Final, Generic, Self, TypeVar

from epiguard.errors import InvalidValueError, kind_of

__all__ = [
    "FEVER_LIMITS",
    "TEMPERATURE_RANGE",
    "FrozenMapping",
    "as_celsius",
    "as_day",
    "as_fever_limit",
    "as_flag",
    "as_instances",
    "as_member",
    "choice",
    "frozen_mapping",
    "identifier",
    "instance",
    "instances",
    "instant",
    "is_chinese",
    "is_personal_number",
    "many",
    "optional_identifier",
    "pseudonym",
    "text",
    "wall_clock",
    "whole",
]

T = TypeVar("T")
E = TypeVar("E", bound=Enum)
K = TypeVar("K")
V = TypeVar("V")
Validator = Callable[[Any, Any, Any], None]


#: What a thermometer can show of a living person, in degrees Celsius (ours): a value outside is a slip.
TEMPERATURE_RANGE = (30.0, 45.0)
#: What a limit can be from which on it is a fever (ours): outside it everybody or nobody has one.
FEVER_LIMITS = (36.0, 39.0)


class FrozenMapping(Mapping[K, V], Generic[K, V]):
    """A mapping that cannot be changed; it hashes, pickles and compares like what it holds.

    What it holds is in no attribute: rules are shown such mappings, and neither ``object.__setattr__`` nor
    calling ``__init__`` again reaches it.
    """

    __slots__ = ("_items",)

    def __new__(cls, items: Mapping[K, V] | Iterable[tuple[K, V]] = ()) -> Self:
        """A copy of some items."""
        made = object.__new__(cls)
        _put(made, dict(items))
        return made

    def _made_late(self) -> dict[K, V]:
        """What it holds, where it was made without that; asked once, when somebody looks into it."""
        raise NotImplementedError

    def __getitem__(self, key: K) -> V:
        value: V = _held(self)[key]
        return value

    # Inherited, these would catch an error for every key that is not there.

    def __contains__(self, key: object) -> bool:
        return key in _held(self)

    def get(self, key: Any, default: Any = None) -> Any:  # noqa: ANN401 - as of every mapping
        """The value of a key; where it is not there, the default."""
        return _held(self).get(key, default)

    def __iter__(self) -> Iterator[K]:
        return iter(_held(self))

    def values(self) -> ValuesView[V]:
        """What it holds, without the keys."""
        return _held(self).values()

    def items(self) -> ItemsView[K, V]:
        """The keys with what it holds."""
        return _held(self).items()

    def __len__(self) -> int:
        return len(_held(self))

    def __eq__(self, other: object) -> bool:
        if isinstance(other, FrozenMapping):
            return bool(_held(self) == _held(other))
        return _held(self) == other if isinstance(other, Mapping) else NotImplemented

    def __hash__(self) -> int:
        return hash(frozenset(_held(self).items()))

    def __repr__(self) -> str:
        return repr(_held(self))

    def __reduce__(self) -> tuple[object, ...]:
        return type(self), (dict(_held(self)),)


def _held(mapping: FrozenMapping[Any, Any]) -> dict[Any, Any]:
    try:
        return _get(mapping)
    except AttributeError:  # not made yet
        _put(mapping, mapping._made_late())  # noqa: SLF001 - its own
        return _get(mapping)


#: The only ways to what a mapping holds; on the class itself they would be everybody's.
_get: Callable[[FrozenMapping[Any, Any]], dict[Any, Any]] = vars(FrozenMapping)["_items"].__get__
_put: Callable[[FrozenMapping[Any, Any], dict[Any, Any]], None] = vars(FrozenMapping)["_items"].__set__
delattr(FrozenMapping, "_items")


def frozen_mapping(items: Mapping[Any, Any]) -> Mapping[Any, Any]:
    """A converter to a mapping that cannot be changed."""
    return items if type(items) is FrozenMapping else FrozenMapping(items)


def identifier(where: str) -> Validator:
    """A validator for pseudonymous identifiers: printable text without blanks, at most 128 characters."""

    def check(_: Any, __: Any, value: object) -> None:  # noqa: ANN401 - attrs' validator signature
        # Of all blanks only the space is printable; control characters and half characters are not.
        if (
            not isinstance(value, str)
            or not 1 <= len(value) <= 128
            or " " in value
            or not value.isprintable()
        ):
            raise InvalidValueError(
                where,
                expected="an identifier of 1 to 128 characters without blanks",
                got=kind_of(value),
                do="use a pseudonym such as 'p-1024', never a name or a number of the person",
            )

    return check


# Province, district, birth date and what follows, as resident IDs have them; or a mobile. Most numbers that
# count, or bear a time of day, are neither.
_PERSONAL_NUMBER: Final = re.compile(
    r"(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|9[0-9])[0-9]{4}"
    r"(?:(?:18|19|20)?[0-9]{2})(?:0[1-9]|1[0-2])(?:0[1-9]|[12][0-9]|3[01])[0-9]{3}[0-9Xx]?"
    r"|(?:\+?86|0086)?1[3-9][0-9]{9}"
)
_CHINESE: Final = re.compile("[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def is_personal_number(value: str) -> bool:
    """Whether a text looks like a resident ID or a mobile, with or without separators."""
    number = re.sub(r"[\s\-]", "", unicodedata.normalize("NFKC", value))
    return _PERSONAL_NUMBER.fullmatch(number) is not None


def is_chinese(value: str) -> bool:
    """Whether a text consists of Chinese characters alone, as names do."""
    return bool(value) and all(map(_CHINESE.match, value.replace("·", "")))


def pseudonym(where: str, *, chinese: bool = False) -> Validator:
    """A validator for the id of a person, a household or a form: ids are shown and logged.

    Like :func:`identifier`, and it tells nobody who it is: no resident ID, no mobile, and no Chinese
    character, of which names and addresses are made.

    Args:
        where: The field, for the message.
        chinese: Whether Chinese characters may stand in it, as in ``paper:北门:17``; what follows the last
            colon must then not consist of them alone.
    """
    check_printable = identifier(where)

    def check(instance_: Any, attribute: Any, value: object) -> None:  # noqa: ANN401 - attrs' signature
        check_printable(instance_, attribute, value)
        assert isinstance(value, str)
        last = value.rpartition(":")[2]
        named = is_chinese(last) if chinese else _CHINESE.search(value) is not None
        if named or is_personal_number(last):
            raise InvalidValueError(
                where,
                expected="a pseudonym",
                got="what looks like a name, an address, a resident ID or a telephone number",
                do="use a pseudonym such as 'p-1024': ids are shown and logged",
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


def as_member(of: type[E], value: E | str | None, where: str) -> E:
    """A member of an enumeration, from the member or its value.

    Raises:
        InvalidValueError: If it is neither.
    """
    try:
        return of(value)
    except ValueError:
        allowed = ", ".join(repr(member.value) for member in of)
        raise InvalidValueError(where, expected=f"one of {allowed}", got=kind_of(value)) from None


def choice(of: type[E], where: str, *, optional: bool = False) -> Callable[[object], Any]:
    """A converter to a member of an enumeration, from the member or its value."""

    def convert(value: Any) -> Any:  # noqa: ANN401 - the member, or None where optional
        return None if optional and value is None else as_member(of, value, where)

    return convert


def as_flag(value: bool | None, where: str) -> bool | None:  # noqa: FBT001 - it is what is looked at
    """Yes, no or unknown: nothing else is taken for either.

    Raises:
        InvalidValueError: If it is something else.
    """
    if value is None or isinstance(value, bool):
        return value
    raise InvalidValueError(where, expected="True, False or nothing", got=kind_of(value))


def as_celsius(value: float | str | None, where: str) -> float | None:
    """A living person's temperature: NaN, infinity or text that is no number never reach a rule.

    Raises:
        InvalidValueError: If it is something else.
    """
    if value is None:
        return None
    number = math.nan
    if isinstance(value, str):
        try:
            number = float(value.strip())
        except ValueError:
            number = math.nan
    elif isinstance(value, int | float) and not isinstance(value, bool):
        number = value
    low, high = TEMPERATURE_RANGE
    if not low <= number <= high:
        raise InvalidValueError(
            where,
            expected=f"degrees Celsius between {low:g} and {high:g}, or nothing",
            got=kind_of(value) if not isinstance(value, int | float) else "a number outside that range",
            do="measure again; where it cannot be measured, say why with not_measured",
        )
    return float(number)


def as_fever_limit(value: float, where: str) -> float:
    """A setting in degrees Celsius from which on a temperature is a fever.

    Raises:
        InvalidValueError: If it is no number, or in another unit.
    """
    number = float(value) if isinstance(value, int | float) and not isinstance(value, bool) else math.nan
    low, high = FEVER_LIMITS
    if not low <= number <= high:
        raise InvalidValueError(
            where,
            expected=f"degrees Celsius between {low:g} and {high:g}",
            got=kind_of(value) if math.isnan(number) else f"{number:g}",
            do="for example 37.3",
        )
    return number


def as_day(value: date | None, where: str) -> date | None:
    """A calendar date without a time, or nothing.

    Raises:
        InvalidValueError: If it is something else.
    """
    if value is None or type(value) is date:
        return value
    raise InvalidValueError(where, expected="a date without a time, or nothing", got=kind_of(value))


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
        # At either end of the calendar another zone has no date for it; no gate was open then.
        if not MINYEAR < value.year < MAXYEAR:
            raise InvalidValueError(
                where, expected="an instant of the years 2 to 9998", got="one at the end of the calendar"
            )

    return check


def wall_clock(where: str, *, optional: bool = False) -> Validator:
    """A validator for a time of day without a zone."""

    def check(_: Any, __: Any, value: object) -> None:  # noqa: ANN401 - attrs' validator signature
        if optional and value is None:
            return
        if not isinstance(value, time) or value.tzinfo is not None:
            raise InvalidValueError(
                where,
                expected="a time of day without a zone",
                got="a time with a zone" if isinstance(value, time) else kind_of(value),
            )

    return check


def whole(where: str, *, least: int, most: int, optional: bool = False) -> Validator:
    """A validator for a whole number between two others, both included; true and false are none."""

    def check(_: Any, __: Any, value: object) -> None:  # noqa: ANN401 - attrs' validator signature
        if optional and value is None:
            return
        expected = f"a whole number from {least} to {most}"
        if isinstance(value, bool) or not isinstance(value, int):
            raise InvalidValueError(where, expected=expected, got=kind_of(value))
        if not least <= value <= most:
            # Its kind would be what was expected; the number itself may be somebody's.
            raise InvalidValueError(
                where, expected=expected, got="a smaller one" if value < least else "a greater one"
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


def as_instances(of: type[T], values: Iterable[T], where: str) -> tuple[T, ...]:
    """A list whose elements are of a type already.

    Raises:
        InvalidValueError: If it is no list, or one of them is of another type.
    """
    if isinstance(values, str) or not hasattr(values, "__iter__"):
        raise InvalidValueError(where, expected=f"a list of {of.__name__} values", got=kind_of(values))
    made = tuple(values)
    for each in made:
        if not isinstance(each, of):
            raise InvalidValueError(where, expected=f"{of.__name__} values", got=kind_of(each))
    return made


def instances(of: type[T], where: str) -> Callable[[Iterable[T]], tuple[T, ...]]:
    """A converter of a list whose elements must be of a type already."""

    def convert(values: Iterable[T]) -> tuple[T, ...]:
        return as_instances(of, values, where)

    return convert
