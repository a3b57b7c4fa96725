"""Settings read strictly from a TOML table: an unknown key, a wrong type or a missing value is refused.

Every error names file and key, what was expected and what to do.
"""

from __future__ import annotations

import difflib
import math
import types
import typing
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time
from enum import Enum
from typing import Any, TypeVar

import attrs

from epiguard.errors import EpiguardError, PolicyError, kind_of
from epiguard.fields import FrozenMapping

__all__ = ["SettingsTable", "build"]

T = TypeVar("T")
_MISSING: Any = object()
_UNIONS = (typing.Union, types.UnionType)
#: What a list or a table of settings may be annotated as; what is made of it cannot be changed.
_LISTS = (tuple, frozenset, list, Sequence)
_TABLES = (dict, Mapping)


def _expected(kind: Any) -> str:  # noqa: ANN401 - any annotation
    names = {
        bool: "true or false", int: "a whole number", float: "a number", str: "text in quotes",
        date: "a date such as 2020-02-07", time: "a time such as 21:30:00",
        datetime: "a date with time", dict: "a table", list: "a list",
    }  # fmt: skip
    origin = typing.get_origin(kind)
    if origin in _UNIONS:
        return " or ".join(_expected(each) for each in _options(kind))
    if origin in _LISTS or kind in _LISTS:
        kind = list
    # Value objects that are read from a text have a method ``of``; other attrs classes are read from a table.
    if origin in _TABLES or kind in _TABLES or (attrs.has(kind) and not hasattr(kind, "of")):
        kind = dict
    if kind in names:
        return names[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "one of " + ", ".join(repr(member.value) for member in kind)
    return f"text that is a {getattr(kind, '__name__', 'value')}"


def _options(kind: Any) -> list[Any]:  # noqa: ANN401 - any annotation
    return [each for each in typing.get_args(kind) if each is not type(None)]


def _kind_of_toml(value: object) -> str:
    if isinstance(value, datetime):
        return "a date with time"
    if isinstance(value, date):
        return "a date"
    if isinstance(value, time):
        return "a time"
    if isinstance(value, Mapping):
        return "a table"
    return "a list" if isinstance(value, list | tuple) else kind_of(value)


def _frozen(value: Any) -> Any:  # noqa: ANN401 - whatever TOML holds
    if isinstance(value, Mapping):
        return FrozenMapping({key: _frozen(each) for key, each in value.items()})
    return tuple(_frozen(each) for each in value) if isinstance(value, list) else value


def _convert(value: Any, kind: Any, where: str) -> Any:  # noqa: ANN401, PLR0911 - one case per type
    origin = typing.get_origin(kind)
    if origin in _UNIONS:
        return _one_of(value, kind, where)
    if origin in _LISTS or kind in _LISTS:
        return _list(value, kind, where)
    if origin in _TABLES or kind in _TABLES:
        return _table(value, kind, where)
    if kind is Any:
        return value
    if kind is float and type(value) is int:
        return float(value)
    if kind in (bool, int, float, str, date, time, datetime):
        if type(value) is kind:
            return value
        raise PolicyError(where, expected=_expected(kind), got=_kind_of_toml(value))
    if attrs.has(kind) and isinstance(value, Mapping):
        return build(kind, value, where)
    return _parsed(value, kind, where)


def _one_of(value: Any, kind: Any, where: str) -> Any:  # noqa: ANN401 - as above
    options = _options(kind)
    if len(options) == 1:
        return _convert(value, options[0], where)
    for option in options:
        try:
            return _convert(value, option, where)
        except PolicyError:
            continue
    raise PolicyError(where, expected=_expected(kind), got=_kind_of_toml(value))


def _list(value: Any, kind: Any, where: str) -> Any:  # noqa: ANN401 - as above
    if not isinstance(value, list | tuple):
        raise PolicyError(where, expected=_expected(kind), got=_kind_of_toml(value))
    kinds = typing.get_args(kind) or (Any, ...)
    if typing.get_origin(kind) is not tuple or kinds[-1] is ...:
        kinds = (kinds[0],) * len(value)
    if len(kinds) != len(value):
        raise PolicyError(where, expected=f"a list of {len(kinds)}", got=f"a list of {len(value)}")
    numbered = enumerate(zip(value, kinds, strict=True), start=1)
    made = (_convert(each, of, f"{where}[{i}]") for i, (each, of) in numbered)
    return frozenset(made) if frozenset in (kind, typing.get_origin(kind)) else tuple(made)


def _table(value: Any, kind: Any, where: str) -> Mapping[str, Any]:  # noqa: ANN401 - as above
    if not isinstance(value, Mapping):
        raise PolicyError(where, expected=_expected(kind), got=_kind_of_toml(value))
    of = typing.get_args(kind)[1] if typing.get_args(kind) else Any
    return FrozenMapping({key: _convert(each, of, f"{where}.{key}") for key, each in value.items()})


def _parsed(value: Any, kind: Any, where: str) -> Any:  # noqa: ANN401 - as above
    if not (isinstance(kind, type) and isinstance(value, str)):
        raise PolicyError(where, expected=_expected(kind), got=_kind_of_toml(value))
    try:
        return kind(value)
    except EpiguardError as error:
        raise PolicyError(where, expected=error.expected, got="other text", do=error.do) from None
    except Exception:  # noqa: BLE001 - whatever somebody's type raises of a text that it does not take
        raise PolicyError(where, expected=_expected(kind), got="other text") from None


def _resolve(cls: type[Any], where: str) -> None:
    """Make types of what a class's fields are annotated with."""
    try:
        attrs.resolve_types(cls)
    except NameError as error:
        raise PolicyError(
            where,
            expected=f"the types of {cls.__name__}'s settings to be known in its module",
            got=f"the unknown name {error.name!r}",
            do="import it at the top of the module",
        ) from None
    except Exception as error:
        raise PolicyError(
            where,
            expected=f"the types of {cls.__name__}'s settings to be types",
            got=f"an annotation that raises {type(error).__name__}",
            do="correct the class, or have whoever offers it correct it",
        ) from error


def build(cls: type[T], settings: Mapping[str, Any], where: str) -> T:
    """Make an attrs object from a table of settings, by its fields' types.

    Args:
        cls: An attrs class; its fields are the settings.
        settings: Key to value, as TOML gives them.
        where: File and key, for messages.

    Raises:
        PolicyError: If a key is unknown or missing, a value is of another type, or the class refuses it.
    """
    _resolve(cls, where)
    table = SettingsTable(settings, where)
    values = {}
    for field in attrs.fields(cls):  # type: ignore[arg-type]  # any attrs class
        if field.init:
            key = field.alias or field.name
            value = table.take(key, field.type, _MISSING if field.default is attrs.NOTHING else None)
            if value is not None:
                values[key] = value
    table.finish()
    try:
        made = cls(**values)
    except PolicyError:
        raise
    except EpiguardError as error:
        key = error.where.rpartition(".")[2]
        raise PolicyError(f"{where}.{key}", expected=error.expected, got=error.got, do=error.do) from None
    except Exception as error:  # of a validator that is not ours, whatever it raises
        said = _said(error)
        # The validators of attrs quote the field's name; the key is the place to look at.
        quoted = [key for key in values if f"'{key}'" in said]
        raise PolicyError(
            table.at(quoted[0]) if len(quoted) == 1 else where,
            expected=f"settings that {cls.__name__} takes",
            got="others",
            do=said,
        ) from error
    for key, value in values.items():
        if _is_endless(value):
            raise PolicyError(table.at(key), expected="a finite number", got="nan or inf")
    return made


def _said(error: Exception) -> str:
    if not isinstance(error, TypeError | ValueError):  # no words for whoever wrote the file
        return f"its own check raised {type(error).__name__}"
    return str(error.args[0]) if error.args else ""


def _is_endless(value: object) -> bool:
    # Nothing is above or below a NaN: a limit that is one would let everything pass.
    if isinstance(value, float):
        return not math.isfinite(value)
    if isinstance(value, Mapping):
        return any(_is_endless(each) for each in value.values())
    return isinstance(value, tuple | frozenset) and any(_is_endless(each) for each in value)


class SettingsTable:
    """A table whose values are taken one by one; what is left over in the end is an unknown key.

    Args:
        values: Key to value, as TOML gives them.
        where: File and key, for messages.
    """

    def __init__(self, values: Mapping[str, Any], where: str) -> None:
        if not isinstance(values, Mapping):
            raise PolicyError(where, expected="a table", got=_kind_of_toml(values))
        self._values = dict(values)
        self._known: list[str] = []
        self.where = where

    def take(self, key: str, kind: Any, default: Any = _MISSING) -> Any:  # noqa: ANN401 - typed by ``kind``
        """Take a value of a type.

        Raises:
            PolicyError: If it is missing and there is no default, or of another type.
        """
        self._known.append(key)
        if key not in self._values:
            if default is _MISSING:
                raise PolicyError(
                    self.at(key),
                    expected=_expected(kind),
                    got="nothing",
                    do=f"add [{key}]" if kind is dict else f"add {key} = ...",
                )
            return default
        return _convert(self._values.pop(key), kind, self.at(key))

    def tables(self, key: str) -> list[SettingsTable]:
        """Take a list of tables (``[[key]]``); an absent one is empty."""
        self._known.append(key)
        value = self._values.pop(key, [])
        if isinstance(value, Mapping):
            value = [value]
        if not isinstance(value, list):
            raise PolicyError(self.at(key), expected="a list of tables", got=_kind_of_toml(value))
        return [SettingsTable(each, f"{self.at(key)}[{i}]") for i, each in enumerate(value, start=1)]

    def rest(self) -> Mapping[str, Any]:
        """Take all that is left, as it cannot be changed."""
        rest, self._values = self._values, {}
        return FrozenMapping({key: _frozen(each) for key, each in rest.items()})

    def at(self, key: str) -> str:
        """File and key of a value in this table, for messages."""
        return f"{self.where}: {key}" if self.where.endswith(".toml") else f"{self.where}.{key}"

    def finish(self, also: Iterable[str] = ()) -> None:
        """Refuse what was not taken.

        Raises:
            PolicyError: If a key is left over; a similar known one is suggested.
        """
        known = sorted({*self._known, *also})
        for key in self._values:
            close = difflib.get_close_matches(key, known, n=1)
            raise PolicyError(
                self.at(key),
                expected="one of " + ", ".join(known) if known else "no key here",
                got="an unknown key",
                do=f"did you mean {close[0]!r}?" if close else "remove it, or correct its spelling",
            )
