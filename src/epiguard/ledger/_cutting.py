"""Facts cut into everybody's share as canonical text, what ``split`` does, where classes say what they hold.

Where a class does not, or a value is not of the type it says, the plain data are made and split.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any, get_args, get_origin, get_type_hints

import attrs

from epiguard.facts import Fact
from epiguard.ledger._payload import SHARE, canonical, split
from epiguard.ledger._writing import Writer, optional_of, writer_of, writer_with_holes
from epiguard.plain import is_value, unstructure

__all__ = ["TextPart", "cut"]

#: Subject, path, canonical text.
TextPart = tuple[str, str, str]


def cut(fact: Fact, *, owner: str, entry: str) -> list[TextPart]:
    """A fact's parts; see :func:`epiguard.ledger._payload.split` for whose is what.

    Args:
        fact: What happened.
        owner: Whom it is about first; empty for the site.
        entry: The id of the entry.

    Raises:
        PlainDataError: If the fact's data are not plain or its ``parts`` lead nowhere.
    """
    try:
        kind: Any = type(fact)
        found = _cutter(kind).cut(fact, owner, entry)
        for _, _, text in found:
            if not text.isascii():
                text.encode()  # half a character cannot be written
    except Exception:  # noqa: BLE001 - whatever it is, the slow way says what is wrong, if anything is
        parts = split(unstructure(fact), fact.parts, owner=owner, entry=entry, shared=fact.shared)
        return [(part.subject, part.path, canonical(part.data)) for part in parts]
    return found


@attrs.frozen
class _Path:
    """A path inside a fact.

    Attributes:
        name: As the fact's class gives it.
        keys: The fields on the way.
        write: The value, or an element where it is a list.
        owner_of: Whose an element is; nothing where the value is no list.
    """

    name: str
    keys: tuple[str, ...]
    write: Writer
    owner_of: Callable[[Any, Sequence[str]], str | None] | None

    def at(self, fact: Fact) -> Any:  # noqa: ANN401 - of any type
        """What stands there; nothing where an optional value on the way is not there."""
        value: Any = fact
        for key in self.keys:
            if value is None:
                return None
            value = getattr(value, key)
        return value


class _Cutter:
    """Cuts facts of one class.

    Args:
        kind: The class.

    Raises:
        TypeError: If it does not say what stands at a path.
    """

    def __init__(self, kind: Any) -> None:  # noqa: ANN401 - mypy does not take a class of attrs for a key
        self._shared = kind.shared
        self._paths = [_path(kind, each) for each in kind.parts]
        self._main = writer_with_holes(kind, kind.parts) if kind.parts else writer_of(kind)

    def cut(self, fact: Fact, owner: str, entry: str) -> list[TextPart]:
        """As :func:`cut`."""
        keeper = "" if self._shared else owner
        shares: dict[str, dict[str, list[str]]] = {}
        first: list[str] = []
        strangers = 0
        holes = []
        for number, path in enumerate(self._paths):
            value = path.at(fact)
            if value is None:
                holes.append("null")
                continue
            if path.owner_of is None:
                whose, text = owner or (first[0] if first else ""), path.write(value)
                if whose != keeper:
                    shares.setdefault(whose, {})[path.name] = [text]
                holes.append(text if whose == keeper else "null")
                continue
            rest = []
            for place, element in enumerate(value):
                found_owner, text = path.owner_of(element, first), path.write(element)
                if found_owner is None:
                    found_owner, strangers = f"{entry}/{strangers}", strangers + 1
                if number == 0:
                    first.append(found_owner)
                if found_owner == keeper:
                    rest.append(text)
                else:
                    rest.append("null")
                    shares.setdefault(found_owner, {}).setdefault(path.name, []).append(f"[{place},{text}]")
            holes.append(f"[{','.join(rest)}]")
        lists = {path.name for path in self._paths if path.owner_of is not None} if shares else ()
        found = [(keeper, "", self._main(fact, *holes))]
        for whose, share in shares.items():
            texts = (
                f'"{name}":[{",".join(share[name])}]' if name in lists else f'"{name}":{share[name][0]}'
                for name in sorted(share)
            )
            found.append((whose, SHARE, f"{{{','.join(texts)}}}"))
        return found


@cache
def _cutter(kind: Any) -> _Cutter:  # noqa: ANN401 - see above
    return _Cutter(kind)


def _path(kind: type[Any], name: str) -> _Path:
    keys = tuple(name.split("."))
    of: Any = kind
    for key in keys:
        if not attrs.has(of):
            raise TypeError(name)
        hint = get_type_hints(of)[key]
        of = optional_of(hint) or hint
    if get_origin(of) is tuple and get_args(of)[1:] == (...,):
        element = get_args(of)[0]
        return _Path(name, keys, writer_of(element), _owner_in(element))
    if not isinstance(of, type) or not (of is str or is_value(of) or attrs.has(of)):
        raise TypeError(name)
    return _Path(name, keys, writer_of(of), None)


def _owner_in(kind: Any) -> Callable[[Any, Sequence[str]], str | None]:  # noqa: ANN401 - any annotation
    """Whose elements of a type are, as :func:`split` says it of their plain data."""
    fields = (
        attrs.fields_dict(kind) if isinstance(kind, type) and attrs.has(kind) and not is_value(kind) else {}
    )
    names = [each for each in ("person", "subject") if each in fields]
    has_form, numbers = "registration" in fields, "traveller" in fields

    def owner_of(element: Any, travellers: Sequence[str]) -> str | None:  # noqa: ANN401 - of the type
        for name in names:
            named = getattr(element, name)
            if isinstance(named, str) and named:
                return named
        if has_form and isinstance(getattr(element.registration, "id", None), str):
            return f"form:{element.registration.id}"
        if not numbers:
            return None
        number = element.traveller
        return travellers[number] if isinstance(number, int) and number < len(travellers) else ""

    return owner_of
