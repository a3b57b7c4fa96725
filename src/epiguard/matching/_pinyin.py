"""Names in Latin letters, read as pinyin: with or without tones and spaces, surname first or last."""

from __future__ import annotations

import re
from itertools import islice
from typing import Final

from epiguard.matching._sound import split_pinyin, syllable_code

__all__ = ["spelt_sounds"]

_CHINESE: Final = re.compile("[\u3400-\u9fff]")
_MOST_SYLLABLES: Final = 5
_MOST_WAYS: Final = 8


def spelt_sounds(text: str) -> tuple[str, ...]:
    """The sounds of a name in Latin letters, one character for each syllable.

    Args:
        text: A name as written.

    Returns:
        Each way of reading it, with the surname where it stands and with it at the other end; nothing where
        it is no pinyin of two to five syllables.
    """
    if _CHINESE.search(text):
        return ()
    found: dict[str, None] = {}
    for way in split_pinyin(text):
        codes = [syllable_code(syllable) for syllable in way]
        if not 2 <= len(codes) <= _MOST_SYLLABLES:
            continue
        sounds = "".join(chr(code) for code in codes if code is not None)
        if len(sounds) == len(codes):
            found[sounds] = found[sounds[-1] + sounds[:-1]] = None
            if len(sounds) > 3:
                found[sounds[-2:] + sounds[:-2]] = None
    return tuple(islice(found, _MOST_WAYS))
