"""Values as the canonical text of their plain data, without making the plain data first.

A gate waits for what its decision takes to write. A class says what it holds, so how to write it is worked
out once for each and compiled; ``canonical(unstructure(value))`` is what it means and what tests hold it to.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from enum import Enum
from functools import cache
from json.encoder import encode_basestring
from math import isfinite
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

import attrs

from epiguard.decisions import Source
from epiguard.ledger._payload import canonical
from epiguard.plain import instant_out, is_value, unstructure_hook

__all__ = ["Writer", "optional_of", "writer_of", "writer_with_holes"]

Writer = Callable[..., str]

#: Classes of which every verdict of a rule holds the same object. They name rules, and nobody.
_SHARED: tuple[type[Any], ...] = (Source,)

#: Of how many objects a text is remembered; a site has as many sources as rules.
_MOST = 1000


@cache
def writer_of(kind: Any) -> Writer:  # noqa: ANN401 - a field may be annotated with anything
    """What writes a value of a type as :func:`canonical` does its plain data.

    Args:
        kind: As fields are annotated: a class, ``X | None``, ``tuple[X, ...]``, a mapping.

    Returns:
        Takes a value of just that type; what comes of another one is not said, and may be an error.
    """
    inner = optional_of(kind)
    if inner is not None:
        return _optional(writer_of(inner))
    if get_origin(kind) is tuple and get_args(kind)[1:] == (...,):
        return _listed(writer_of(get_args(kind)[0]))
    if kind == Mapping[str, str]:
        return _texts
    return _of_class(kind) if isinstance(kind, type) else _by_hook(kind)


def _of_class(kind: type[Any]) -> Writer:
    if kind in _PLAIN:
        return _PLAIN[kind]
    if is_value(kind):
        return _value
    if issubclass(kind, Enum):
        return _member(kind)
    if attrs.has(kind):
        return _remembering(_compiled(kind)) if kind in _SHARED else _compiled(kind)
    return _by_hook(kind)


def writer_with_holes(kind: type[Any], paths: Iterable[str]) -> Writer:
    """What writes a value with given texts in the places of some of its fields.

    Args:
        kind: A class of attrs.
        paths: Of the fields, dotted; each leads through such classes, or nothing in the place of one.

    Returns:
        Takes a value, then a text for each path.
    """
    return _compiled(kind, tuple(path.split(".") for path in paths))


def optional_of(kind: Any) -> Any:  # noqa: ANN401 - any annotation
    """``X`` where an annotation is ``X | None``; else nothing."""
    if isinstance(kind, UnionType) and len(get_args(kind)) == 2 and NoneType in get_args(kind):
        return next(each for each in get_args(kind) if each is not NoneType)
    return None


def _compiled(kind: type[Any], holes: tuple[list[str], ...] = ()) -> Writer:
    hints, known = get_type_hints(kind), {"null": "null", "quote": encode_basestring, "instant": instant_out}
    fields = []
    for field in sorted((each for each in attrs.fields(kind) if each.init), key=lambda each: each.name):
        own = [number for number, path in enumerate(holes) if path[0] == field.name]
        text = _expression(hints[field.name], f"x.{field.name}", own, holes, known)
        fields.append(f'"{field.name}":{{{text}}}')
    given = "".join(f", h{number}" for number in range(len(holes)))
    code = f"def write(x{given}):\n    return f'{{{{{','.join(fields)}}}}}'\n"
    # Our own text: names of fields, and of writers that we bound, fill it.
    exec(compile(code, f"<epiguard: text of {kind.__name__}>", "exec"), known)  # noqa: S102 - see above
    made: Writer = known["write"]  # type: ignore[assignment]  # the code above defines it
    return made


def _expression(
    kind: Any,  # noqa: ANN401 - any annotation
    value: str,
    own: list[int],
    holes: tuple[list[str], ...],
    known: dict[str, Any],
) -> str:
    """What to write for a field, as a part of a formatted string: without quotes, braces and backslashes."""
    if [holes[number][1:] for number in own] == [[]]:
        return f"h{own[0]}"
    inner = optional_of(kind)
    of, place = (kind, value) if inner is None else (inner, "v")
    if own:
        write = _compiled(of, tuple(holes[number][1:] for number in own))
    elif of is str:
        return _or_null(f"quote({place})", value, inner)
    else:
        write = writer_of(of)
    name = f"write{len(known)}"
    known[name] = write
    return _or_null(f"{name}({place}{''.join(f', h{number}' for number in own)})", value, inner)


def _or_null(text: str, value: str, inner: object) -> str:
    return text if inner is None else f"null if (v := {value}) is None else {text}"


def _optional(write: Writer) -> Writer:
    return lambda value: "null" if value is None else write(value)


def _listed(write: Writer) -> Writer:
    return lambda values: f"[{','.join([write(each) for each in values])}]" if values else "[]"


def _texts(values: Mapping[str, str]) -> str:
    quote = encode_basestring
    return f"{{{','.join([f'{quote(key)}:{quote(text)}' for key, text in sorted(values.items())])}}}"


def _value(value: Any) -> str:  # noqa: ANN401 - of any class that is written as one text
    return encode_basestring(value.value)


def _member(kind: type[Enum]) -> Writer:
    texts = {id(each): canonical(each.value) for each in kind}
    return lambda member: texts[id(member)]


def _by_hook(kind: Any) -> Writer:  # noqa: ANN401 - any annotation
    hook = unstructure_hook(kind)
    return lambda value: canonical(hook(value))


def _remembering(write: Writer) -> Writer:
    # Whoever is remembered stays alive, so that nothing else has its identity.
    known: dict[int, tuple[object, str]] = {}

    def remembered(value: object) -> str:
        found = known.get(id(value))
        if found is None:
            if len(known) >= _MOST:
                known.clear()
            found = known[id(value)] = (value, write(value))
        return found[1]

    return remembered


def _flag(value: object) -> str:
    if value is True:
        return "true"
    if value is False:
        return "false"
    raise TypeError("bool")


def _number(value: float) -> str:
    if not isfinite(value):
        raise ValueError("a number")
    return float.__repr__(value) if type(value) is float else int.__repr__(_whole(value))


def _whole(value: Any) -> int:  # noqa: ANN401 - checked here
    if type(value) is not int:
        raise TypeError("int")
    return value


def _instant(value: datetime) -> str:
    return encode_basestring(instant_out(value))


def _day(value: date) -> str:
    return f'"{value.isoformat()}"'


_PLAIN: dict[type[Any], Writer] = {
    bool: _flag,
    int: lambda value: int.__repr__(_whole(value)),
    float: _number,
    str: encode_basestring,
    datetime: _instant,
    date: _day,
}
