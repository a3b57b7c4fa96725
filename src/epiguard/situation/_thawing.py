"""Mappings whose values are made only when somebody asks for them."""

from __future__ import annotations

from collections.abc import Callable, ItemsView, Iterable, ValuesView
from typing import Any, TypeVar, cast

__all__ = ["Thawing"]

K = TypeVar("K")
V = TypeVar("V")
D = TypeVar("D")

_NOTHING: Any = object()


class Thawing(dict[K, V]):  # noqa: PLW1641 - as dict, it has no hash
    """A dictionary that holds texts and gives what they stand for, each made once, in the order it was given.

    Most of what a site ever knew is not asked for between two openings of its ledger, and making every value
    of it would take longer than reading the texts.

    Args:
        texts: Key and text of each.
        thaw: Makes the value of a text; values are never texts themselves.
        empty: Makes what stands for a key that is not there; without it that is a ``KeyError``.
    """

    __slots__ = ("_empty", "_thaw")

    def __init__(
        self,
        texts: Iterable[tuple[K, str]],
        thaw: Callable[[str], V],
        empty: Callable[[], V] | None = None,
    ) -> None:
        super().__init__(cast("Iterable[tuple[K, V]]", texts))
        self._thaw = thaw
        self._empty = empty

    def frozen(self, key: K) -> str | None:
        """The text of a key whose value nobody asked for yet."""
        value: object = super().__getitem__(key)
        return value if isinstance(value, str) else None

    def __getitem__(self, key: K) -> V:
        held: Any = super().__getitem__(key)
        if type(held) is not str:
            return cast("V", held)
        value = self._thaw(held)
        super().__setitem__(key, value)
        return value

    def __missing__(self, key: K) -> V:
        if self._empty is None:
            raise KeyError(key)
        value = self._empty()
        super().__setitem__(key, value)
        return value

    def get(self, key: K, default: Any = None) -> Any:  # noqa: ANN401 - as of dict
        """The value of a key; the default where there is none."""
        return self[key] if key in self else default  # noqa: SIM401 - it is get

    def pop(self, key: K, default: Any = _NOTHING) -> Any:  # noqa: ANN401 - as of dict
        """Take a value out."""
        if key in self:
            value = self[key]
            del self[key]
            return value
        if default is _NOTHING:
            raise KeyError(key)
        return default

    def setdefault(self, key: K, default: V) -> V:
        """The value of a key, which gets the default where it has none."""
        if key not in self:
            self[key] = default
        return self[key]

    def values(self) -> ValuesView[V]:  # type: ignore[override]  # dict gives a final class
        """All values, which are made now."""
        self._thaw_all()
        return super().values()

    def items(self) -> ItemsView[K, V]:  # type: ignore[override]  # dict gives a final class
        """All keys and values, which are made now."""
        self._thaw_all()
        return super().items()

    def __eq__(self, other: object) -> bool:
        self._thaw_all()
        return super().__eq__(other)

    def __iter__(self) -> Any:  # noqa: ANN401 - as of dict; overridden so that dict(self) asks for the values
        return super().__iter__()

    def _thaw_all(self) -> None:
        for key in self:
            self[key]
