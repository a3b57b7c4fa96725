"""What a contestant answers."""

from __future__ import annotations

from typing import NamedTuple


class Found(NamedTuple):
    """An answer: rows, best first, with what each is worth; and the one that it takes."""

    rows: list[int]
    worth: list[float]
    taken: int | None = None
