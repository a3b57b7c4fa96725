"""Text that a spreadsheet would run as a formula is made inert, and can be turned back exactly."""

from __future__ import annotations

import unicodedata

__all__ = ["guard", "looks_live", "unguard"]

#: What starts a formula in some spreadsheet; the full-width signs are what Chinese keyboards give.
_TRIGGERS = frozenset("=+-@＝＋－＠")
#: Dangerous wherever they stand before the first sign: some programs split or strip them and look again.
_BREAKS = frozenset("\t\r")


def looks_live(text: str) -> bool:
    """Whether a spreadsheet might take the text for a formula.

    It does where ``= + - @`` (or a full-width one) comes first after white space, invisible characters and
    apostrophes, or where a tab or a carriage return stands among these.
    """
    for character in text:
        if character in _TRIGGERS or character in _BREAKS:
            return True
        # Controls and format marks (a byte order mark, a zero-width space) are dropped by some programs.
        invisible = character.isspace() or unicodedata.category(character) in {"Cc", "Cf"}
        if not (invisible or character == "'"):
            return False
    return False


def guard(text: str) -> str:
    """The text with an apostrophe before it where it looks live; other text is unchanged.

    Leading apostrophes are skipped by :func:`looks_live`, so that no text comes out as another one's guarded
    form and :func:`unguard` is exact.
    """
    return f"'{text}" if looks_live(text) else text


def unguard(text: str) -> str:
    """The text that :func:`guard` was given."""
    return text[1:] if text.startswith("'") and looks_live(text[1:]) else text
