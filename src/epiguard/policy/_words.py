"""What the library itself says of a decision, in its own catalogue or in the site's words."""

from __future__ import annotations

from epiguard.messages import Catalogue, Message, Value
from epiguard.rules._catalogues import catalogue_beside

__all__ = ["TABLES", "own_words", "said"]

#: The tables of our catalogue, for whoever offers them in another language.
TABLES = ("decision", "explanation", "pass-explanation", "lifted-by")


def own_words() -> Catalogue:
    """What the library says, before a site's own words."""
    return catalogue_beside(__name__)


def said(words: Catalogue | None, key: str, **values: Value) -> Message:
    """An entry of the table ``[decision]``.

    Args:
        words: The site's own, where it has some.
        key: The entry.
        values: What fills its placeholders; never anything personal.
    """
    message = own_words().words("decision", key, values)
    return message if words is None else words.reworded(message)
