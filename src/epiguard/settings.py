"""Settings read strictly from a TOML table: an unknown key, a wrong type or a missing value is refused.

Every error names file and key, what was expected and what to do.
"""

from __future__ import annotations

import difflib
import types
import typing
from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any, TypeVar, cast

import attrs

from epiguard.errors import EpiguardError, PolicyError, kind_of

__all__ = ["SettingsTable", "build"]

T = TypeVar("T")
_MISSING: Any = object()


def _expected(kind: Any) -> str:  # noqa: ANN401 - any annotation
    names = {
        bool: "true or false", int: "a whole number", float: "a number", str: "text in quotes",
        date: "a date such as 2020-02-07", time: "a time such as 21:30:00",
        datetime: "a date with time", dict: "a table", list: "a list",
    }  # fmt: skip
    if typing.get_origin(kind) in (tuple, frozenset):
        kind = list
    if typing.get_origin(kind) in (dict, Mapping):
        kind = dict
    if kind in names:
        return names[kind]
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "one of " + ", ".join(repr(member.value) for member in kind)
    return f"text that is a {getattr(kind, '__name__', 'value')}"


def _kind_of_toml(value: object) -> str:
    if isinstance(value, datetime):
        return "a date with time"
    if isinstance(value, date):
        return "a date"
    if isinstance(value, time):
        return "a time"
    if isinstance(value, Mapping):
        return "a table"
    return "a list" if isinstance(value, list) else kind_of(value)


def _convert(value: Any, kind: Any, where: str) -> Any:  # noqa: ANN401, C901, PLR0911, PLR0912 - one case per type
    origin, arguments = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        options = [each for each in arguments if each is not type(None)]
        if len(options) == 1:
            return _convert(value, options[0], where)
        for option in options:
            try:
                return _convert(value, option, where)
            except PolicyError:
                continue
        raise PolicyError(
            where, expected=" or ".join(_expected(each) for each in options), got=_kind_of_toml(value)
        )
    if origin in (tuple, frozenset):
        if not isinstance(value, list):
            raise PolicyError(where, expected="a list", got=_kind_of_toml(value))
        return origin(_convert(each, arguments[0], f"{where}[{i}]") for i, each in enumerate(value, start=1))
    if origin in (dict, Mapping) or kind in (dict, Mapping) or origin is types.MappingProxyType:
        if not isinstance(value, dict):
            raise PolicyError(where, expected="a table", got=_kind_of_toml(value))
        inner = arguments[1] if arguments else Any
        return {key: _convert(each, inner, f"{where}.{key}") for key, each in value.items()}
    if kind is Any:
        return value
    if kind is float and type(value) is int:
        return float(value)
    if kind in (bool, int, float, str, date, time, datetime):
        if type(value) is kind:
            return value
        raise PolicyError(where, expected=_expected(kind), got=_kind_of_toml(value))
    if attrs.has(kind) and isinstance(value, dict):
        return build(kind, value, where)
    if isinstance(kind, type) and isinstance(value, str):
        try:
            return kind(value)
        except EpiguardError as error:
            raise PolicyError(where, expected=error.expected, got="other text", do=error.do) from None
        except ValueError:
            raise PolicyError(where, expected=_expected(kind), got="other text") from None
    raise PolicyError(where, expected=_expected(kind), got=_kind_of_toml(value))


def build(cls: type[T], settings: Mapping[str, Any], where: str) -> T:
    """Make an attrs object from a table of settings, by its fields' types.

    Args:
        cls: An attrs class; its fields are the settings.
        settings: Key to value, as TOML gives them.
        where: File and key, for messages.

    Raises:
        PolicyError: If a key is unknown or missing, a value is of another type, or the class refuses it.
    """
    attrs.resolve_types(cast("type[attrs.AttrsInstance]", cls))
    table = SettingsTable(settings, where)
    values = {}
    for field in attrs.fields(cls):  # type: ignore[arg-type]  # any attrs class
        if field.init:
            default = _MISSING if field.default is attrs.NOTHING else None
            value = table.take(field.name, field.type, default)
            if value is not None:
                values[field.name] = value
    table.finish()
    try:
        return cls(**values)
    except PolicyError:
        raise
    except EpiguardError as error:
        key = error.where.rpartition(".")[2]
        raise PolicyError(f"{where}.{key}", expected=error.expected, got=error.got, do=error.do) from None


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

    def rest(self) -> dict[str, Any]:
        """Take all that is left."""
        rest, self._values = self._values, {}
        return rest

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
