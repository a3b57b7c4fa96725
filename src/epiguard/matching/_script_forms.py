"""Traditional and variant forms of characters, and the simplified one they stand for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from epiguard.matching._characters import SCRIPT_FORMS, rows

__all__ = ["simplified"]


def simplified(text: str) -> str:
    """A character, or a text, with each character in its simplified form.

    A standard character stands for itself, also where it is the traditional form of another: 乾 is a name.

    Args:
        text: Any text; what has no other form stays as it is.
    """
    return text if text.isascii() else text.translate(_forms())


@cache
def _forms() -> Mapping[int, str]:
    return {ord(other): simple for simple, others in rows(SCRIPT_FORMS) for other in others}
