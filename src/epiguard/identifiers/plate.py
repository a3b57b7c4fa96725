"""The number plate of a Chinese vehicle."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from epiguard.identifiers._masked import Masked

__all__ = ["Plate"]

_PROVINCES: Final = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
_SEPARATORS: Final = re.compile(r"[\s·•・‧.\-\u2010-\u2015\u2212]+")
_SERIAL: Final = "[A-HJ-NP-Z0-9]"  # GA 36-2018: no I and no O, which look like 1 and 0
# GA 36-2018: five after the office's letter; six for new energy, where the letter that marks it comes first
# (small vehicles) or last (large ones). Special plates end in a character of their own, those of the fire
# and rescue service in two (应急), and embassies have six digits after 使.
_PLATE: Final = re.compile(
    f"[{_PROVINCES}][A-HJ-Z]"
    f"(?:{_SERIAL}{{4}}(?:{_SERIAL}|[警学挂港澳使领试超]|应急)|[A-HJK]{_SERIAL}[0-9]{{4}}|[0-9]{{5}}[A-HJK])"
    "|使[0-9]{6}"
)
_NEW_ENERGY_LENGTH: Final = 8


class Plate(Masked):
    """A Chinese number plate; ``.value`` has no separators (``沪A12345``).

    Small and full-width letters and the separators ``·``, ``.``, ``-`` and space are understood.

    Args:
        text: The plate as written.

    Raises:
        InvalidValueError: If it is not a plate of GA 36-2018. The letters O and I in the serial are not
            turned into 0 and 1: whoever wrote them should look again.
    """

    __slots__ = ()
    field = "plate"
    expected = "a Chinese number plate: province, letter, and 5 characters (new energy: 6)"

    @classmethod
    def _parse(cls, text: str) -> str:
        plate = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
        if _PLATE.fullmatch(plate):
            return plate
        digits = plate[:2] + plate[2:].replace("O", "0").replace("I", "1")
        if _PLATE.fullmatch(digits):
            raise cls._refused(text, "plates have no letters O and I there; look again and write 0 or 1")
        raise cls._refused(text, "copy all characters from the plate, with its province")

    @property
    def province(self) -> str:
        """The first character: a province (``沪``), or ``使`` for an embassy."""
        return self._value[0]

    @property
    def is_new_energy(self) -> bool:
        """Whether it is a green plate of a new-energy vehicle, one character longer than others."""
        return len(self._value) == _NEW_ENERGY_LENGTH and self._value[-1] != "急"

    def _mask(self) -> str:
        return f"{self._value[0]}******"
