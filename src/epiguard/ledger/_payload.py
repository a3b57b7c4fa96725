"""Payloads: split per subject, joined again, and hashed with a salt. Pure functions.

A fact may speak of several people (the travellers of a crossing). Each one's share is kept apart, so
that it can be erased without another's; the tamper-evident chain covers only a salted hash of each part.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final

import attrs

from epiguard.errors import PlainDataError

__all__ = ["SALT_BYTES", "SHARE", "Part", "canonical", "digest", "join", "mend", "split"]

SALT_BYTES = 16

#: The path of a subject's share: path to value, or path to the places and values of a list's elements.
SHARE = "*"

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
_NOWHERE: Final = object()


@attrs.frozen
class Part:
    """One subject's part of a fact's plain data.

    Attributes:
        subject: Whose it is; empty for the site's own.
        path: Empty for the main part, else ``SHARE``; in older entries the list it is an element of, dotted.
        data: Plain data; nothing once it was erased.
        erased: Whether it was.
    """

    subject: str
    path: str
    data: Any = attrs.field(repr=False)
    erased: bool = False


def canonical(data: object) -> str:
    """Plain data as the one JSON text it has: keys sorted, no blanks, no NaN.

    Raises:
        PlainDataError: If the data are no JSON, or a text in them cannot be written as UTF-8.
    """
    try:
        text = _ENCODER.encode(data)
        if not text.isascii():
            text.encode()
    except (TypeError, ValueError):  # a half character is a ValueError too, whose text would repeat the value
        raise PlainDataError("payload", expected="plain, JSON-able data", got="something else") from None
    return text


def digest(salt: bytes, subject: str, path: str, text: str) -> str:
    """The salted hash of a part, in hexadecimal: SHA-256 of salt, subject, path and canonical text.

    Neither a subject nor a path holds a line break, so the line breaks between them are unambiguous.
    """
    return hashlib.sha256(salt + f"{subject}\n{path}\n{text}".encode()).hexdigest()


def split(
    data: Mapping[str, Any], paths: Iterable[str], *, owner: str, entry: str, shared: bool = False
) -> list[Part]:
    """Cut what stands at some paths out of a fact's data, and give everybody their share.

    An element of a list belongs to the person it names (``person`` or ``subject``), else to the form it
    carries, else to the traveller it numbers, else to a pseudonym of its own made from the entry's id, which
    says nothing about anybody. A value that is no list belongs to the fact's owner, and where nobody is
    known to the first element of the first list.

    Args:
        data: A fact's plain data; it is not changed.
        paths: Dotted paths, none inside another; a list that others number comes first.
        owner: Whom the fact is about first; empty for the site.
        entry: The id of the entry.
        shared: Whether the rest is the site's and not the owner's.

    Returns:
        The main part, with nothing in the places of what was cut out, then one share for each subject.

    Raises:
        PlainDataError: If a path leads nowhere: personal data would stay where they do not belong.
    """
    keeper = "" if shared else owner
    main: Any = data
    shares: dict[str, dict[str, Any]] = {}
    first: list[str] = []
    strangers = 0
    for number, path in enumerate(paths):
        value = _at(data, path)
        if value is _NOWHERE:
            raise _leads_nowhere(path)
        if isinstance(value, list | tuple):
            rest: list[Any] = []
            for place, element in enumerate(value):
                whose = _owner_of(element, first)
                if whose is None:
                    whose, strangers = f"{entry}/{strangers}", strangers + 1
                if number == 0:
                    first.append(whose)
                rest.append(element if whose == keeper else None)
                if whose != keeper:
                    shares.setdefault(whose, {}).setdefault(path, []).append([place, element])
            main = _changed(main, path, lambda _, rest=rest: rest)  # type: ignore[misc]  # bound on purpose
        elif value is not None:
            whose = owner or (first[0] if first else "")
            if whose != keeper:
                shares.setdefault(whose, {})[path] = value
                main = _changed(main, path, lambda _: None)
    return [Part(keeper, "", main), *(Part(whose, SHARE, share) for whose, share in shares.items())]


def _leads_nowhere(path: str) -> PlainDataError:
    return PlainDataError(
        "Fact.parts",
        expected=f"a value at {path!r}",
        got="another shape",
        do="correct the fact's class attribute 'parts'",
    )


def _at(data: Any, path: str) -> Any:  # noqa: ANN401 - plain data is of any type
    """What stands at a path; nothing where an optional value on the way is not there."""
    for key in path.split("."):
        if data is None:
            return None
        if not isinstance(data, Mapping) or key not in data:
            return _NOWHERE
        data = data[key]
    return data


def _changed(data: Any, path: str, change: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - plain data
    """The data with something else at a path; what is on the way is copied."""
    return _changed_at(data, path.split("."), change)


def _changed_at(data: Any, keys: Sequence[str], change: Callable[[Any], Any]) -> Any:  # noqa: ANN401 - plain
    if not keys:
        return change(data)
    if not isinstance(data, Mapping) or keys[0] not in data:
        raise PlainDataError("payload", expected="the place a part was cut from", got="another shape")
    return {**data, keys[0]: _changed_at(data[keys[0]], keys[1:], change)}


def _owner_of(element: object, travellers: Sequence[str]) -> str | None:
    if not isinstance(element, Mapping):
        return None
    for key in ("person", "subject"):
        named = element.get(key)
        if isinstance(named, str) and named:
            return named
    form = element.get("registration")
    if isinstance(form, Mapping) and isinstance(form.get("id"), str):
        return f"form:{form['id']}"  # the subject of the form, see Registration.subject
    if "traveller" in element:  # a verdict: about one of the party, or about all of it
        number = element["traveller"]
        return travellers[number] if isinstance(number, int) and number < len(travellers) else ""
    return None


def join(parts: Sequence[Part]) -> Any:  # noqa: ANN401 - plain data is of any type
    """Put what :func:`split` gave together again.

    Args:
        parts: The main part, then the others in their order. Each says where it belongs, so a fact of a
            kind that this release does not know is joined too.

    Returns:
        The data; in the places of what was erased there is nothing.
    """
    main, *others = parts
    data = main.data
    for part in others:
        if part.path != SHARE:  # an element of a list, as entries before version 3 of the schema have them
            data = _changed(data, part.path, lambda row, each=part.data: [*row, each])  # type: ignore[misc]  # mypy infers no lambda with a default
        elif not part.erased:
            for path, value in part.data.items():
                data = _changed(data, path, lambda row, value=value: _filled(row, value))  # type: ignore[misc]  # mypy infers no lambda with a default
    return data


def _filled(row: Any, value: Any) -> Any:  # noqa: ANN401 - plain data
    if not isinstance(row, list):
        return value
    filled = list(row)
    for place, element in value:
        filled[place] = element
    return filled


def mend(data: Any, paths: Iterable[str], blanks: Mapping[str, Any]) -> Any:  # noqa: ANN401 - plain data
    """Fill the places of what was erased, so that the rest can be read.

    Args:
        data: As :func:`join` gave it.
        paths: Those it was split at.
        blanks: Path to what stands there instead; elements of other lists are left out.
    """
    for path in paths:
        value, parent = _at(data, path), path.rpartition(".")[0]
        if isinstance(value, list):
            blank = [blanks[path]] if path in blanks else []
            mended: Any = [whole for each in value for whole in ([each] if each is not None else blank)]
        elif value is None and path in blanks and (not parent or _at(data, parent) is not None):
            mended = blanks[path]
        else:
            continue
        data = _changed(data, path, lambda _, mended=mended: mended)  # type: ignore[misc]  # mypy infers no lambda with a default
    return data
