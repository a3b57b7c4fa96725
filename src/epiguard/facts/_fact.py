"""The root of all facts."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

import attrs

from epiguard.errors import InvalidValueError
from epiguard.fields import FrozenMapping, instant

__all__ = ["ERASED", "FACT_KINDS", "Fact"]

#: What stands in the place of a text that was erased.
ERASED = "erased"

#: Kind to class, for reading facts back.
FACT_KINDS: dict[str, type[Fact]] = {}

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
        boards: How many of the last subjects are boards, under which all facts of some kinds are found. What
            stands there grows with the record, so rules are not shown it when the fact is followed up.
        named: Field to what it names that must be on record before it: ``"person"`` (a form's subject
            counts), ``"household"``, ``"recipient"`` (a household, or a person), ``"duty"``, ``"alert"`` or
            ``"period"``.
    """

    kind: ClassVar[str] = "fact"
    parts: ClassVar[tuple[str, ...]] = ()
    blanks: ClassVar[Mapping[str, Any]] = {}
    shared: ClassVar[bool] = False
    ends_what_began_before: ClassVar[bool] = False
    boards: ClassVar[int] = 0
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
    def own_subjects(self) -> tuple[str, ...]:
        """The subjects without the boards: those whom rules are shown when the fact is followed up."""
        return self.subjects[: len(self.subjects) - self.boards]

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
