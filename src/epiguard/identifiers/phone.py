"""A complete telephone number, kept in E.164."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

from epiguard.errors import InvalidValueError, kind_of
from epiguard.identifiers._masked import Masked

__all__ = ["Phone"]

_SEPARATORS: Final = re.compile(r"[\s\-\u2010-\u2015\u2212().·]+")
_PLAIN: Final = re.compile(r"\+?[0-9]+")
# Eleven digits from 13 to 19 are a mainland mobile, whatever block they are of (工信部《电信网编号计划》).
_MOBILE: Final = re.compile(r"(?:\+?86|0086)?0?(1[3-9][0-9]{9})")
# What begins like a mainland mobile, or like nothing but one, and is not eleven digits long.
_BROKEN_MOBILE: Final = re.compile(r"(?:1|01[3-9]|(?:\+?86|0086)0?1[3-9])[0-9]*")
_EXTENSION: Final = re.compile(r"转|分机|ext|#|,|;", re.IGNORECASE)
_KEEP_PARTIAL: Final = "ask again, or leave it out; PartialPhone keeps gaps"


class Phone(Masked):
    """A complete telephone number that can be called; ``.value`` is E.164 (``+86...``).

    Mainland mobiles and landlines (with area code), ``+86``, ``0086``, spaces, hyphens, brackets, full-width
    digits and foreign numbers with ``+`` or ``00`` are understood. A masked or shortened number is refused:
    phonenumbers would drop the mask silently and call a shortened mobile possible, so that is checked first.

    Args:
        text: The number as written.
        region: Where a number without country code belongs (ISO 3166-1 alpha-2).

    Raises:
        InvalidValueError: If the number is not complete and valid, or carries an extension.
    """

    __slots__ = ("_country",)
    _country: str
    field = "phone"
    expected = (
        "a complete telephone number (mobile of 11 digits, landline with area code, or + and country code)"
    )

    def __init__(self, text: str, region: str = "CN") -> None:
        if not isinstance(text, str):
            raise self._refused(text)
        country, national = self._read(text, region)
        object.__setattr__(self, "_value", f"+{country}{national}")
        object.__setattr__(self, "_country", country)

    @classmethod
    def _read(cls, text: str, region: str) -> tuple[str, str]:
        folded = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text))
        if not _PLAIN.fullmatch(folded):
            if _EXTENSION.search(folded):
                raise cls._refused(text, "leave out the extension and keep it in a note")
            raise cls._refused(text, _KEEP_PARTIAL if re.search("[0-9]", folded) else "")
        if region == "CN" or folded.startswith("+86"):
            mobile = _MOBILE.fullmatch(folded)
            if mobile:
                # No need to ask phonenumbers: the shape says all, and its table of blocks (which costs 80 µs)
                # is behind whenever a new block is opened.
                return "86", mobile[1]
            if _BROKEN_MOBILE.fullmatch(folded):
                raise cls._refused(text, f"a mainland mobile has 11 digits; {_KEEP_PARTIAL}")
        return cls._ask_phonenumbers(text, folded, region)

    @classmethod
    def _ask_phonenumbers(cls, text: str, folded: str, region: str) -> tuple[str, str]:
        import phonenumbers  # noqa: PLC0415 - 37 ms that most users, who have mobiles, need not spend

        if region not in phonenumbers.SUPPORTED_REGIONS:
            raise InvalidValueError(
                "phone region",
                expected="a country of two capital letters",
                got=kind_of(region),
                do="for example CN",
            )
        try:
            number = phonenumbers.parse(folded, region)
        except phonenumbers.NumberParseException:
            raise cls._refused(text, _KEEP_PARTIAL) from None  # its message may repeat the number
        national = phonenumbers.national_significant_number(number)
        # The second half guards against anything that it might have dropped.
        if not phonenumbers.is_valid_number(number) or not folded.endswith(national):
            raise cls._refused(text, f"give the area code or the country code; {_KEEP_PARTIAL}")
        return str(number.country_code), national

    @property
    def national(self) -> str:
        """The digits without country code and trunk ``0``: for a mainland mobile its 11 digits."""
        return self._value[1 + len(self._country) :]

    @property
    def country(self) -> str:
        """The calling code of the country, for example ``"86"``."""
        return self._country

    @property
    def is_mobile(self) -> bool:
        """Whether it is a mobile; where a country does not tell them apart (+1), it may be."""
        if self._country == "86":
            return len(self.national) == 11 and self.national[0] == "1"
        import phonenumbers  # noqa: PLC0415 - see above

        kind = phonenumbers.number_type(phonenumbers.parse(self._value))
        types = phonenumbers.PhoneNumberType
        return kind in (types.MOBILE, types.FIXED_LINE_OR_MOBILE)

    def _mask(self) -> str:
        return f"…{self._value[-2:]}"
