"""Showing progress on standard error."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterable, Iterator
from typing import TypeVar

__all__ = ["show"]

T = TypeVar("T")


def show(items: Iterable[T], *, stage: str, total: int | None = None) -> Iterator[T]:
    """Show progress: a bar on a terminal, a line per stage elsewhere.

    Args:
        items: What is gone through.
        stage: What it is.
        total: How many there are, where that is known.
    """
    from tqdm import tqdm  # noqa: PLC0415 - only the command line needs it

    if sys.stderr.isatty():
        yield from tqdm(items, desc=f"{stage:<12}", total=total, unit="", leave=True, file=sys.stderr)
        return
    started, count = time.perf_counter(), 0
    for count, each in enumerate(items, start=1):  # noqa: B007 - it is printed
        yield each
    shown = count if total is None else total
    print(f"{stage:<12} {shown:>7}  {time.perf_counter() - started:6.1f} s", file=sys.stderr, flush=True)
