"""Payloads: split per subject, joined again, and hashed with a salt. Pure functions.

A fact may speak of several people (the travellers of a crossing). Each one's data is kept apart, so
that it can be erased without another's; the tamper-evident chain covers only a salted hash of each part.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import attrs

from epiguard.errors import PlainDataError

__all__ = ["SALT_BYTES", "Part", "canonical", "digest", "join", "split"]

SALT_BYTES = 16

_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


@attrs.frozen
class Part:
    """One subject's share of a fact's plain data.

    Attributes:
        subject: Whose it is; empty for the site's own.
        path: The list it was cut out of, dotted; empty for the main part.
        data: Plain data.
    """

    subject: str
    path: str
    data: Any = attrs.field(repr=False)


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


def split(data: Mapping[str, Any], paths: Iterable[str], *, owner: str, entry: str) -> list[Part]:
    """Cut the lists at some paths out of a fact's data.

    An element belongs to the person it names, else to the form it carries, else to a pseudonym of its own
    made from the entry's id and its number, which says nothing about anybody.

    Args:
        data: A fact's plain data; it is not changed.
        paths: Dotted paths of lists, none inside another.
        owner: Whose the rest is; empty for the site's own.
        entry: The id of the entry.

    Returns:
        The main part, with empty lists at the paths, then one part for each element.

    Raises:
        PlainDataError: If a path does not lead to a list: personal data would stay where they do not belong.
    """
    main: Mapping[str, Any] = data
    parts: list[Part] = []
    for path in paths:
        main, elements = _cut(main, path.split("."), path)
        for element in elements:
            parts.append(Part(_owner_of(element) or f"{entry}/{len(parts)}", path, element))
    return [Part(owner, "", main), *parts]


def _cut(data: object, keys: Sequence[str], path: str) -> tuple[Any, Sequence[Any]]:
    if not keys:
        if not isinstance(data, list | tuple):
            raise _no_list(path)
        return [], data
    if data is None:  # an optional value that is not there holds nobody's data
        return None, ()
    if not isinstance(data, Mapping) or keys[0] not in data:
        raise _no_list(path)
    rest, elements = _cut(data[keys[0]], keys[1:], path)
    return {**data, keys[0]: rest}, elements


def _no_list(path: str) -> PlainDataError:
    return PlainDataError(
        "Fact.parts",
        expected=f"a list at {path!r}",
        got="another shape",
        do="correct the fact's class attribute 'parts'",
    )


def _owner_of(element: object) -> str | None:
    if not isinstance(element, Mapping):
        return None
    person = element.get("person")
    if isinstance(person, str) and person:
        return person
    form = element.get("registration")
    if isinstance(form, Mapping) and isinstance(form.get("id"), str):
        return f"form:{form['id']}"  # the subject of the form, see Registration.subject
    return None


def join(parts: Sequence[Part]) -> Any:  # noqa: ANN401 - plain data is of any type
    """Put what :func:`split` gave together again.

    Args:
        parts: The main part, then the others in their order. Each says where it belongs, so a fact of a
            kind that this release does not know is joined too.
    """
    main, *cut = parts
    data = main.data
    copied: dict[str, list[Any]] = {}
    for part in cut:
        if part.path not in copied:
            data, copied[part.path] = _with_new_list(data, part.path.split("."))
        copied[part.path].append(part.data)
    return data


def _with_new_list(data: Any, keys: Sequence[str]) -> tuple[Any, list[Any]]:  # noqa: ANN401 - plain data
    if not keys:
        fresh: list[Any] = []
        return fresh, fresh
    if not isinstance(data, Mapping) or keys[0] not in data:
        raise PlainDataError("payload", expected="the place a part was cut from", got="another shape")
    rest, fresh = _with_new_list(data[keys[0]], keys[1:])
    return {**data, keys[0]: rest}, fresh
