"""Texts that are kept as somebody wrote them: the number on an access card, and a field of a form."""

from __future__ import annotations

import unicodedata

from epiguard.identifiers._masked import Masked

__all__ = ["CardNumber", "PersonalText"]

_LONGEST_CARD = 64


class CardNumber(Masked):
    """The number of an access card. It is a name, not a quantity: leading zeros are kept.

    Args:
        text: 1 to 64 printable characters; full-width ones are folded and outer spaces dropped.

    Raises:
        InvalidValueError: If it is blank, too long or holds unprintable characters.
    """

    __slots__ = ()
    field = "card number"
    expected = f"1 to {_LONGEST_CARD} printable characters"

    @classmethod
    def _parse(cls, text: str) -> str:
        # Folding and stripping may each make room for the other (some marks fold to a space and more).
        number = unicodedata.normalize("NFKC", text).strip()
        if not (1 <= len(number) <= _LONGEST_CARD and number.isprintable()):
            raise cls._refused(text, "copy the number from the card or the card register")
        return number


class PersonalText(Masked):
    """Any text a person wrote on a form, kept exactly: neither folded nor stripped.

    What was written is evidence; reading it is left to the strict types and the loose readers.

    Args:
        text: The text as written; it must not be blank.

    Raises:
        InvalidValueError: If it is blank.
    """

    __slots__ = ()
    field = "text as written"
    expected = "text that is not blank"

    @classmethod
    def _parse(cls, text: str) -> str:
        if not text.strip():
            raise cls._refused(text, "leave it out where nothing was written")
        return text
