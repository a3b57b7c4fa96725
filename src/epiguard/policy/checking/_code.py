"""The smallest example of a finding as Python code that runs beside the site file."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime, time
from enum import Enum
from typing import Any
from zoneinfo import ZoneInfo

import attrs

from epiguard.decisions import Effect
from epiguard.policy.checking._world import Asked

__all__ = ["Code", "asserted"]

_WIDTH = 100
#: Everything else that an example can name is offered by ``epiguard`` itself.
_STANDARD = {"date": "datetime", "datetime": "datetime", "time": "datetime", "ZoneInfo": "zoneinfo"}


class Code:
    """Writes an example, and remembers what it must import.

    Args:
        name: Of the site file.
    """

    def __init__(self, name: str) -> None:
        self._lines = [f"policy = Policy.load({name!r})"]
        self._names = {"Policy"}

    def ask(self, asked: Asked, suffix: str = "") -> None:
        """Add a crossing, what happened before it, and the decision.

        Args:
            asked: What is asked.
            suffix: Of the names, where several are asked.
        """
        self._names.add("Situation")
        self._lines.append(f"crossing{suffix} = {self._text(asked.crossing)}")
        facts = f"[{', '.join(map(self._text, asked.facts))}]"
        self._lines.append(f"facts{suffix} = {facts}")
        cut = f"Situation.of(facts{suffix}, crossing{suffix}, site=policy.site)"
        if asked.besides:
            self._names.add("evolve")
            besides = ", ".join(f"{name}={self._text(held)}" for name, held in asked.besides.items())
            cut = f"evolve({cut}, {besides})"
        self._lines.append(f"decision{suffix} = policy.decide(crossing{suffix}, {cut})")

    def add(self, line: str, *names: str) -> None:
        """Add a line of its own, and what it names."""
        self._lines.append(line)
        self._names.update(names)

    def text(self) -> str:
        """The whole example."""
        modules: dict[str, list[str]] = {}
        for name in sorted(self._names):
            module = "attrs" if name == "evolve" else _STANDARD.get(name, "epiguard")
            modules.setdefault(module, []).append(name)
        order = ("datetime", "zoneinfo", "attrs", "epiguard")
        imports = [f"from {each} import {', '.join(modules[each])}" for each in order if each in modules]
        return "\n".join([*imports, "", *(_folded(each) for each in self._lines), ""])

    def _text(self, value: Any) -> str:  # noqa: ANN401, PLR0911 - whatever a field holds; one case per kind
        if isinstance(value, Enum):
            return self._name(type(value)) + f".{value.name}"
        if isinstance(getattr(value, "value", None), str):  # an identifier: a text stands for it
            return repr(value.value)
        if isinstance(value, datetime):
            return self._moment(value)
        if isinstance(value, date):
            return self._name(date) + f"({value.year}, {value.month}, {value.day})"
        if isinstance(value, time):
            return self._name(time) + f"({value.hour}, {value.minute})"
        if attrs.has(type(value)):
            return self._made(value)
        if isinstance(value, tuple | list):
            return f"[{', '.join(map(self._text, value))}]"
        if isinstance(value, Mapping):
            return f"{{{', '.join(f'{key!r}: {self._text(each)}' for key, each in value.items())}}}"
        return repr(value)

    def _moment(self, value: datetime) -> str:
        zone = getattr(value.tzinfo, "key", "UTC")
        parts = f"{value.year}, {value.month}, {value.day}, {value.hour}, {value.minute}"
        return f"{self._name(datetime)}({parts}, tzinfo={self._name(ZoneInfo)}({zone!r}))"

    def _made(self, value: Any) -> str:  # noqa: ANN401 - of any attrs class
        kind = type(value)
        given = []
        for field in attrs.fields(kind):
            held = getattr(value, field.name)
            if not field.init or _is_default(field, held, value):
                continue
            name = "" if not field.kw_only else f"{field.alias or field.name}="
            given.append(f"{name}{self._text(held)}")
        return f"{self._name(kind)}({', '.join(given)})"

    def _name(self, kind: type[Any]) -> str:
        self._names.add(kind.__name__)
        return kind.__name__


def asserted(effect: Effect) -> tuple[str, str]:
    """The line that says what comes out, and the name it needs."""
    return f"assert decision.effect is Effect.{effect.name}", "Effect"


def _is_default(field: Any, held: object, value: object) -> bool:  # noqa: ANN401 - an attribute of attrs
    default = field.default
    if isinstance(default, attrs.Factory):  # type: ignore[arg-type]  # a class to isinstance, a function to mypy
        default = default.factory(value) if default.takes_self else default.factory()
    return bool(held == default or (held == () and default == []))


def _folded(line: str) -> str:
    """One argument a line, where it is long: at the outermost commas."""
    if len(line) <= _WIDTH or line[-1] not in ")]":
        return line
    opening = min(place for place in (line.find("("), line.find("[")) if place >= 0)
    head, inner, tail = line[: opening + 1], line[opening + 1 : -1], line[-1]
    parts = "\n".join(f"    {_indented(_folded(each))}," for each in _arguments(inner))
    return f"{head}\n{parts}\n{tail}"


def _indented(text: str) -> str:
    return text.replace("\n", "\n    ")


def _arguments(text: str) -> Iterable[str]:
    depth, start, quoted = 0, 0, ""
    for place, each in enumerate(text):
        if quoted:
            quoted = "" if each == quoted else quoted
        elif each in "'\"":
            quoted = each
        elif each in "([{":
            depth += 1
        elif each in ")]}":
            depth -= 1
        elif each == "," and depth == 0:
            yield text[start:place].strip()
            start = place + 1
    if text[start:].strip():
        yield text[start:].strip()
