"""A person's name, Chinese or Latin, as one canonical text."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from epiguard.identifiers._masked import Masked

__all__ = ["PersonName"]

_CJK: Final = "\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_DOTS: Final = dict.fromkeys(map(ord, "•・‧∙⋅"), "·")
# Marks that no reader sees: they come along when a name is copied from a chat or a spreadsheet.
_INVISIBLE: Final = dict.fromkeys([0x200B, 0x200E, 0x200F, 0x2060, 0xFEFF, *range(0x202A, 0x202F)])
# Compiled when first used: importing the library is not to take long.
_INNER_SPACE: Final = f"(?<=[{_CJK}·])\\s+(?=[{_CJK}·])"
_INNER_POINT: Final = f"(?<=[{_CJK}])\\.(?=[{_CJK}])"
_FIRST_CJK: Final = f"[{_CJK}]"
_LONGEST: Final = 60


class PersonName(Masked):
    """A person's name in one canonical writing.

    Full-width letters are folded (Unicode NFKC), spaces inside a Chinese name go (``王 小明``), spaces in a
    Latin name become single, and the dot of a minority name (``买买提·艾力``) is kept, in one form.

    Args:
        text: The name as written, 1 to 60 characters, at least one of them a letter.

    Raises:
        InvalidValueError: If it is blank, too long, has no letter or holds control characters.
    """

    __slots__ = ()
    field = "name"
    expected = f"a name of 1 to {_LONGEST} characters with at least one letter"

    @classmethod
    def _parse(cls, text: str) -> str:
        name = unicodedata.normalize("NFKC", text.translate(_INVISIBLE)).translate(_DOTS)
        name = re.sub(_INNER_POINT, "·", re.sub(_INNER_SPACE, "", " ".join(name.split())))
        if not 1 <= len(name) <= _LONGEST:
            raise cls._refused(text, "write the name alone")
        if not any(map(str.isalpha, name)):
            raise cls._refused(text, "leave it out where the name is not known")
        if any(unicodedata.category(character) == "Cc" for character in name):
            raise cls._refused(text, "remove the control characters")
        return name

    def _mask(self) -> str:
        first = self._value[0]
        if len(self._value) == 1:
            return "*"  # one character is the whole name
        # A constant tail, so that the mask does not tell how long the name is.
        return f"{first}**" if re.match(_FIRST_CJK, first) else f"{first}***"
