"""The values of the small world's factors as words, and back: for records that people read and compare."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Hashable
from datetime import date, time
from enum import Enum
from typing import Any

import attrs

from epiguard.crossings import CodeColour, CodeNotShown, NotMeasured, Role
from epiguard.fields import FrozenMapping
from epiguard.people import Relation
from epiguard.places import Direction
from epiguard.plain import from_plain, to_plain
from epiguard.quarantine import QuarantineSetting

__all__ = ["read_value", "read_word", "value", "word"]

#: Nothing is written so; a text with a blank or a sign of ours in it as JSON.
_NOTHING = "-"
_SIGNS = " |=;,/"
_BARE = re.compile(r"""[^\s"\\|=;,/_-][^\s"\\|=;,/_]*""")


def word(text: str) -> str:
    """A text without blanks and signs of ours; Chinese stands as it is."""
    spaced = text.replace(" ", "_")
    if _BARE.fullmatch(text.replace(" ", "")) and text.strip() == text and "_" not in text:
        return spaced
    quoted = json.dumps(text, ensure_ascii=False)
    return "".join(each if each not in _SIGNS else f"\\u{ord(each):04x}" for each in quoted)


def read_word(text: str) -> str:
    """The text that :func:`word` was given.

    Raises:
        ValueError: If it is something else.
    """
    if text.startswith('"'):
        return str(json.loads(text))
    if not _BARE.fullmatch(text.replace("_", "")):
        raise ValueError(text)
    return text.replace("_", " ")


def value(name: str, held: Hashable) -> str:
    """A factor's value as a word."""
    return _NOTHING if held is None else _KINDS.get(name, _TEXT).write(held)


def read_value(name: str, text: str) -> Hashable:
    """The value that :func:`value` was given.

    Raises:
        ValueError: If it is something else.
        PlainDataError: If it is a fact of a later version.
    """
    return None if text == _NOTHING else _KINDS.get(name, _TEXT).read(text)


@attrs.frozen
class _Kind:
    """How values of a kind are written, and read."""

    write: Callable[[Any], str]
    read: Callable[[str], Hashable]


def _members(kind: type[Enum]) -> _Kind:
    # A rule's own boundaries may be words for members.
    return _Kind(lambda held: word(str(kind(held).value)), lambda text: kind(read_word(text)))


def _flag(text: str) -> bool:
    return ("no", "yes").index(text) == 1


def _clock(held: time) -> str:
    return held.isoformat("auto" if held.second or held.microsecond else "minutes")


def _json(plain: object) -> str:
    return word(json.dumps(plain, ensure_ascii=False, sort_keys=True, separators=(",", ":")))


_TEXT = _Kind(lambda held: word(str(held)), read_word)
_FLAG = _Kind(lambda held: "yes" if held else "no", _flag)
_DATE = _Kind(date.isoformat, date.fromisoformat)
_DEGREES = _Kind(lambda held: repr(float(held)), float)
_KINDS: dict[str, _Kind] = {
    "direction": _members(Direction),
    "day": _DATE,
    "time": _Kind(
        lambda held: held.isoformat("auto" if held.second or held.microsecond else "minutes"),
        time.fromisoformat,
    ),
    "role": _members(Role),
    "temperature": _DEGREES,
    "retested": _DEGREES,
    "not_measured": _members(NotMeasured),
    "returned_on": _Kind(str, int),
    "health_code": _members(CodeColour),
    "code_not_shown": _members(CodeNotShown),
    "setting": _members(QuarantineSetting),
    "born": _DATE,
    "relation": _members(Relation),
    "counts": _Kind(lambda held: _json(dict(held)), lambda text: FrozenMapping(json.loads(read_word(text)))),
    "facts": _Kind(
        lambda held: _json([*map(to_plain, held)]),
        lambda text: tuple(map(from_plain, json.loads(read_word(text)))),
    ),
    **dict.fromkeys(("trunk", "luggage", "asked", "registered", "agreed"), _FLAG),
    **dict.fromkeys(("leave", "watch", "guardian", "clock_suspect"), _FLAG),
}
