"""Identity documents other than the resident ID: passports, travel permits, residence permits."""

from __future__ import annotations

import re
import unicodedata
from typing import Final, Self

import attrs

from epiguard.errors import InvalidValueError, kind_of
from epiguard.identifiers._masked import Masked

__all__ = ["DOCUMENT_KINDS", "Document", "DocumentNumber", "mrz_check_digit"]

#: What a document may be; ``"other"`` is for everything that is not listed.
DOCUMENT_KINDS: Final = frozenset(
    {
        "passport",
        "hk-macau-permit",  # 港澳居民来往内地通行证
        "taiwan-permit",  # 台湾居民来往大陆通行证
        "residence-permit",  # 居留许可, 外国人永久居留身份证, 港澳台居民居住证
        "military-id",  # 军官证, 士兵证
        "birth-certificate",  # 出生医学证明, all that a newborn child has
        "travel-document",  # 旅行证, and the papers of stateless persons
        "other",
    }
)
_SEPARATORS: Final = re.compile(r"[\s\-\u2010-\u2015\u2212<]+")
_NUMBER: Final = re.compile(r"[A-Z0-9]{3,24}")
_COUNTRY: Final = re.compile(r"[A-Z]{3}")
_MRZ_LINE: Final = re.compile(r"[A-Z0-9<]{44}")
_MRZ_VALUES: Final = {
    character: value for value, character in enumerate("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ")
} | {"<": 0}


def mrz_check_digit(text: str) -> str:
    """Compute the check digit of a machine-readable zone.

    Weights 7, 3, 1 repeat; digits count as themselves, A to Z as 10 to 35, the filler ``<`` as 0
    (ICAO Doc 9303, part 3, section 4.9).

    Args:
        text: The characters that the digit protects.

    Returns:
        One digit.

    Raises:
        InvalidValueError: If a character cannot stand in a machine-readable zone.
    """
    if not isinstance(text, str) or not all(character in _MRZ_VALUES for character in text):
        raise InvalidValueError("machine-readable zone", expected="A-Z, 0-9 and < only", got=kind_of(text))
    return str(sum(_MRZ_VALUES[c] * (7, 3, 1)[position % 3] for position, c in enumerate(text)) % 10)


class DocumentNumber(Masked):
    """The number of a document: 3 to 24 letters and digits, folded to capitals, without separators.

    Args:
        text: The number as printed.

    Raises:
        InvalidValueError: If it is too short, too long or holds anything but letters and digits.
    """

    __slots__ = ()
    field = "document number"
    expected = "3 to 24 letters A-Z and digits"

    @classmethod
    def _parse(cls, text: str) -> str:
        number = _SEPARATORS.sub("", unicodedata.normalize("NFKC", text)).upper()
        if not _NUMBER.fullmatch(number):
            raise cls._refused(text, "copy it from the document, without its type and its dates")
        return number


def _kind(kind: str) -> str:
    if not isinstance(kind, str) or kind not in DOCUMENT_KINDS:
        raise InvalidValueError(
            "document kind",
            expected=f"one of {', '.join(sorted(DOCUMENT_KINDS))}",
            got=kind_of(kind),
            do='use "other" where none fits',
        )
    return kind


def _country(country: str) -> str:
    code = country.strip().upper() if isinstance(country, str) else ""
    if not _COUNTRY.fullmatch(code):
        raise InvalidValueError(
            "document country",
            expected="three letters (ISO 3166-1 alpha-3, for example NPL)",
            got=kind_of(country),
            do="write the code of the issuing state as it stands in the document",
        )
    return code


def _document_number(number: DocumentNumber | str) -> DocumentNumber:
    return DocumentNumber.of(number)


@attrs.frozen
class Document:
    """An identity document of a person who has no resident ID, or who showed this one.

    Args:
        kind: One of :data:`DOCUMENT_KINDS`.
        country: The issuing state, three letters (ISO 3166-1 alpha-3; only the shape is checked, since
            passports also carry codes for organisations and stateless persons).
        number: The number; it is masked wherever the document is shown.

    Raises:
        InvalidValueError: If one of them is not valid.
    """

    kind: str = attrs.field(converter=_kind)
    country: str = attrs.field(converter=_country)
    number: DocumentNumber = attrs.field(converter=_document_number)

    @classmethod
    def of(cls, value: Self | str) -> Self:
        """Return ``value`` as a document, reading text of the form ``kind:country:number``.

        Raises:
            InvalidValueError: If the text has another form or a part is not valid.
        """
        if isinstance(value, cls):
            return value
        parts = value.split(":") if isinstance(value, str) else []
        if len(parts) != 3:
            raise InvalidValueError(
                "document",
                expected="kind:country:number",
                got=kind_of(value),
                do="for example passport:NPL: and the number",
            )
        return cls(parts[0].strip(), parts[1], parts[2])

    @classmethod
    def from_mrz(cls, line1: str, line2: str) -> Self:
        """Read the two lines at the foot of a passport (TD3: ICAO Doc 9303, part 4).

        The check digits of the number, the birth date, the expiry date, the optional data and the whole line
        must all agree.

        Args:
            line1: The upper line of 44 characters; it begins with ``P``.
            line2: The lower line of 44 characters.

        Returns:
            The passport.

        Raises:
            InvalidValueError: If a line is not of that form or a check digit does not agree; the message
                names the part and not its value.
        """
        upper, lower = _mrz_line("upper", line1), _mrz_line("lower", line2)
        if upper[0] != "P":
            raise InvalidValueError(
                "machine-readable zone", expected="a passport (P)", got="another document"
            )
        for part, protected, digit in (
            ("document number", lower[:9], lower[9]),
            ("birth date", lower[13:19], lower[19]),
            ("expiry date", lower[21:27], lower[27]),
            ("optional data", lower[28:42], lower[42]),
            ("lower line", lower[:10] + lower[13:20] + lower[21:43], lower[43]),
        ):
            blank = digit == "<" and not protected.strip("<")  # Doc 9303 allows it where there are no data
            if not blank and mrz_check_digit(protected) != digit:
                raise InvalidValueError(
                    f"machine-readable zone, {part}",
                    expected="a check digit that agrees",
                    got="another one",
                    do="read the two lines again; 0 and O, 1 and I look alike",
                )
        # Germany is the one state whose code in passports is not of three letters.
        country = upper[2:5].rstrip("<")
        return cls("passport", "DEU" if country == "D" else country, lower[:9])

    @property
    def value(self) -> str:
        """The plain text ``kind:country:number``, which :meth:`of` reads back."""
        return f"{self.kind}:{self.country}:{self.number.value}"


def _mrz_line(which: str, line: str) -> str:
    text = "".join(line.split()).upper() if isinstance(line, str) else ""
    if not _MRZ_LINE.fullmatch(text):
        raise InvalidValueError(
            f"machine-readable zone, {which} line",
            expected="44 characters A-Z, 0-9 and <",
            got=kind_of(line),
            do="copy the whole line, fillers (<) included",
        )
    return text
