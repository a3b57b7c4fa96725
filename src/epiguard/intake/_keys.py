"""How the name of a file or of a series stands in the ids and keys of its records."""

from __future__ import annotations

import re
from pathlib import PurePath
from typing import Final

__all__ = ["in_key", "prefix_of"]

_NOT_IN_KEYS: Final = re.compile(r"[^\w.\-]+")
_KINDS: Final = {"paper_forms": "paper", "questionnaire": "online", "gate_log": "gate", "door_log": "door"}


def in_key(name: str) -> str:
    """A name without blanks and marks: ``北 门`` is ``北-门``."""
    return _NOT_IN_KEYS.sub("-", name).strip("-")


def prefix_of(part: str, series: str | None, path: PurePath) -> str:
    """How the keys of a file's records begin that hold its series, or its own name where it has none.

    Args:
        part: Of the plan: ``"gate_log"``.
        series: The file's series.
        path: The file.
    """
    return f"{_KINDS[part]}:{in_key(series or path.stem)}:"
