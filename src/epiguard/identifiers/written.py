"""Texts that are kept as somebody wrote them: a card's number, a field of a form, a reason or a purpose."""

from __future__ import annotations

import unicodedata

from epiguard.errors import InvalidValueError, kind_of
from epiguard.identifiers._masked import Masked

__all__ = ["CardNumber", "FreeText", "PersonalText"]

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


class FreeText(Masked):
    """What somebody says in their own words: a reason, a purpose, a note; kept exactly.

    Nobody can tell such a text from a name or an illness, so all of them are personal. It equals the plain
    text it holds, so that rules compare it with their words; whatever else is done with it is done with
    ``.value``.

    Args:
        text: The text; it may be empty, which is false.
    """

    __slots__ = ()
    field = "free text"
    expected = "some text"

    @classmethod
    def _parse(cls, text: str) -> str:
        return text

    @classmethod
    def said(cls, value: FreeText | str, where: str) -> FreeText:
        """A text that says something, for a field.

        Args:
            value: The text, or one of these already.
            where: The field, for the message.

        Raises:
            InvalidValueError: If it is no text, or blank.
        """
        made = cls.noted(value, where)
        if not made.value.strip():
            raise InvalidValueError(where, expected=cls.expected, got=kind_of(made.value))
        return made

    @classmethod
    def noted(cls, value: FreeText | str, where: str) -> FreeText:
        """Like :meth:`said`, for a field that may be left empty."""
        if isinstance(value, FreeText):
            return value
        if not isinstance(value, str):
            raise InvalidValueError(where, expected=cls.expected, got=kind_of(value))
        return cls(value)

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return self._value == (other._value if type(other) is type(self) else other)

    def __hash__(self) -> int:
        return hash(self._value)
