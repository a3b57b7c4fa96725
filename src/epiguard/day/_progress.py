"""How the job says where it is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, TypeVar

__all__ = ["Progress", "silent"]

T = TypeVar("T")


class Progress(Protocol):
    """Called with a stage's items as they are worked on; yields them unchanged."""

    def __call__(self, items: Iterable[T], *, stage: str, total: int) -> Iterator[T]:
        """Yield ``items`` one by one, showing how many of ``total`` are done."""


def silent(items: Iterable[T], *, stage: str, total: int) -> Iterator[T]:  # noqa: ARG001 - the protocol's signature
    """Show nothing."""
    yield from items
