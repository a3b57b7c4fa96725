"""The root of all facts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, MutableMapping
from datetime import datetime
from importlib import import_module
from types import MappingProxyType
from typing import Any, ClassVar

import attrs

from epiguard.errors import InvalidValueError
from epiguard.fields import FrozenMapping, instant

__all__ = ["ERASED", "FACT_KINDS", "Fact"]

#: What stands in the place of a text that was erased.
ERASED = "erased"


class FactKinds(MutableMapping[str, "type[Fact]"]):
    """Kind to class, for reading facts back; a class registers itself when it is made.

    A part whose modules are loaded late says beforehand which kinds they make: whoever asks for one of these
    has its module loaded, so that what can be read does not depend on what was imported before.
    """

    def __init__(self) -> None:
        self._known: dict[str, type[Fact]] = {}
        self._promised: dict[str, str] = {}

    def promise(self, kinds: Iterable[str], module: str) -> None:
        """Say where some kinds are made.

        Args:
            kinds: As they will register themselves.
            module: Its full name.
        """
        self._promised.update(dict.fromkeys(kinds, module))

    @property
    def promised(self) -> Mapping[str, str]:
        """The kinds whose modules are loaded late, and these modules."""
        return MappingProxyType(self._promised)

    def __getitem__(self, kind: str) -> type[Fact]:
        if kind not in self._known and kind in self._promised:
            import_module(self._promised[kind])
        return self._known[kind]

    def get(self, kind: str, default: Any = None) -> Any:  # noqa: ANN401 - as of every mapping
        """The class of a kind; where nobody knows it, the default."""
        # Inherited, it would catch an error for every kind that a plug-in recorded which is gone.
        if kind not in self._known and kind in self._promised:
            import_module(self._promised[kind])  # which may be what asks, while it makes the class
        return self._known.get(kind, default)

    def __setitem__(self, kind: str, cls: type[Fact]) -> None:
        self._known[kind] = cls

    def __delitem__(self, kind: str) -> None:
        del self._known[kind]

    def __iter__(self) -> Iterator[str]:
        for module in set(self._promised.values()):
            import_module(module)
        return iter(self._known)

    def __len__(self) -> int:
        return sum(1 for _ in self)


FACT_KINDS = FactKinds()

_NO_STOCK: Mapping[str, int] = FrozenMapping()


@attrs.frozen
class Fact:
    """The root of all facts.

    Class attributes:
        kind: The fact's name in the record, in kebab case.
        parts: Paths inside the fact of what belongs to other subjects (the travellers of a crossing), so
            that one person's payload can be erased without another's: lists, whose elements name the person,
            and values, which belong to the one the fact is about first.
        blanks: Path to what stands there once it was erased, where there must be something. Elements of
            other lists are left out then, and other values are nothing.
        shared: Whether the rest belongs to the site, and to nobody the fact is about: it stays when they
            are erased, so it is to hold pseudonyms only.
        ends_what_began_before: Whether duties that are over with a fact of this kind are so only where they
            were opened before it happened.
        named: Field to what it names that must be on record before it: ``"person"`` (a form's subject
            counts), ``"household"``, ``"recipient"`` (a household, or a person), ``"duty"``, ``"alert"`` or
            ``"period"``.
    """

    kind: ClassVar[str] = "fact"
    parts: ClassVar[tuple[str, ...]] = ()
    blanks: ClassVar[Mapping[str, Any]] = {}
    shared: ClassVar[bool] = False
    ends_what_began_before: ClassVar[bool] = False
    named: ClassVar[Mapping[str, str]] = {}

    at: datetime | None = attrs.field(default=None, kw_only=True, validator=instant("Fact.at", optional=True))

    def __init_subclass__(cls, **options: Any) -> None:  # noqa: ANN401 - the signature of object
        super().__init_subclass__(**options)
        cls.kind = re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()
        if cls.__name__.startswith("_"):  # a private parent is no kind that anybody records
            return
        known = FACT_KINDS.get(cls.kind)
        if known is not None and _is_ours(known) and not _is_ours(cls):
            raise InvalidValueError(
                f"class {cls.__name__}",
                expected="a kind of fact of its own",
                got=f"the name of the built-in kind {cls.kind!r}",
                do="give the class another name",
            )
        FACT_KINDS[cls.kind] = cls

    @property
    def subjects(self) -> tuple[str, ...]:
        """The pseudonymous ids the fact is about, the one its payload belongs to first."""
        return ()

    @property
    def claims(self) -> tuple[str, ...]:
        """Unique keys that recording it takes: a fact that wants one which is held is refused."""
        return ()

    @property
    def frees(self) -> tuple[str, ...]:
        """Unique keys that it gives back: a fact is refused that gives back what nobody holds."""
        return ()

    @property
    def stock(self) -> Mapping[str, int]:
        """What it adds to the site's stocks or, below 0, takes from them; more than is there is refused."""
        return _NO_STOCK

    @property
    def discharges(self) -> tuple[str, ...]:
        """The duties, of the one it is about first, that are done with it."""
        return ()


def _is_ours(cls: type[Fact]) -> bool:
    return cls.__module__.startswith("epiguard.")
