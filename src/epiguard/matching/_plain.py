"""Forms, read for the compiled twin: what is plainly written is read there, and the rest here.

``_reading.py`` is the specification of both; a field that is not plain is read by it.
"""

from __future__ import annotations

import struct
from functools import cache
from types import ModuleType
from typing import Final

from epiguard.matching._reading import CustomTexts, Texts, packed_reading, read
from epiguard.matching._script_forms import simplified

__all__ = ["packed_form", "plain_forms"]

_FIRST: Final = 0x4E00
_LAST: Final = 0x9FA5


@cache
def plain_forms() -> bytes:
    """The simplified form of each of the oldest unified ideographs, 16 bits each; 0 where it has more."""
    forms = (simplified(chr(code)) for code in range(_FIRST, _LAST + 1))
    codes = [ord(form) if len(form) == 1 and ord(form) <= 0xFFFF else 0 for form in forms]
    return struct.pack(f"<{len(codes)}H", *codes)


def packed_form(functions: ModuleType, texts: Texts, custom: CustomTexts = ()) -> bytes:
    """What was read of a form, packed: as ``packed_reading(read(texts, custom))``, perhaps in another order.

    Args:
        functions: The compiled functions.
        texts: The text of each field, in the order of ``FORM_FIELDS``.
        custom: Number and folded text of each custom field.
    """
    packed: bytes
    packed, left = functions.read_plain(texts, plain_forms())
    if not left and not custom:
        return packed
    rest = [text if left >> field & 1 else None for field, text in enumerate(texts)]
    return packed + packed_reading(read(rest, custom))
