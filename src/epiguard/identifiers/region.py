"""Administrative regions of China (GB/T 2260): six-digit codes and their names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, Self

import attrs

from epiguard.errors import InvalidValueError, kind_of
from epiguard.fields import many
from epiguard.identifiers._region_table import region_names

__all__ = ["RegionCode", "known_region", "known_regions"]

_CODE: Final = re.compile(r"[0-9]{6}")


def _code(text: str) -> str:
    code = unicodedata.normalize("NFKC", text).strip() if isinstance(text, str) else ""
    if not _CODE.fullmatch(code):
        raise InvalidValueError(
            "region code",
            expected="six digits (GB/T 2260)",
            got=kind_of(text),
            do="for example 420000 for all of Hubei",
        )
    return code


@attrs.frozen(order=True)
class RegionCode:
    """A six-digit region code of GB/T 2260. It is not personal and shows itself.

    Two zeros at the end make it a prefecture, four a province. Any six digits are accepted: a code may be
    older or newer than any table.

    Args:
        value: Six digits.

    Raises:
        InvalidValueError: If it is not six digits.
    """

    value: str = attrs.field(converter=_code)

    @classmethod
    def of(cls, value: Self | str) -> Self:
        """Return ``value`` as a region code.

        Raises:
            InvalidValueError: If it is not six digits.
        """
        return value if isinstance(value, cls) else cls(value)  # type: ignore[arg-type]  # whatever it is, it is checked there

    def __str__(self) -> str:
        return self.value

    @property
    def province(self) -> RegionCode:
        """The province, municipality or autonomous region it lies in."""
        return RegionCode(f"{self.value[:2]}0000")

    @property
    def is_province(self) -> bool:
        """Whether it is a whole province."""
        return self.value.endswith("0000")

    @property
    def name_zh(self) -> str | None:
        """Its Chinese name; of a county that of its prefecture, else of its province.

        ``None`` where not even the province is known, as with the codes of residence permits. The first use
        of this or of :func:`epiguard.identifiers.find_region` reads the packaged table, the only file that
        this package reads.
        """
        names, code = region_names(), self.value
        return names.get(code) or names.get(f"{code[:4]}00") or names.get(f"{code[:2]}0000")

    def within(self, other: RegionCode | str) -> bool:
        """Whether this region is ``other`` or lies in it.

        Args:
            other: A province, a prefecture or a county.

        Returns:
            True for 420106 in 420100 and in 420000.
        """
        whole = RegionCode.of(other).value
        prefix = whole[:2] if whole.endswith("0000") else whole[:4] if whole.endswith("00") else whole
        return self.value.startswith(prefix)


def known_region(value: RegionCode | str, where: str) -> RegionCode:
    """The region that a setting names; a slip in its code would select nobody, and nobody would notice.

    Args:
        value: Any region of a province that there is; the county may be older or newer than the table.
        where: The setting, for messages.

    Raises:
        InvalidValueError: If it is not six digits, or its first two are no province's.
    """
    try:
        region = RegionCode.of(value)
    except InvalidValueError as error:
        raise InvalidValueError(where, expected=error.expected, got=kind_of(value), do=error.do) from None
    if region.name_zh is None:
        raise InvalidValueError(
            where,
            expected="regions of provinces that there are (GB/T 2260)",
            got=f"{region.value!r}, whose first two digits are no province's",
            do="for example 420000 for all of Hubei",
        )
    return region


def known_regions(values: Iterable[RegionCode | str], where: str) -> tuple[RegionCode, ...]:
    """The regions that a setting names, each as of :func:`known_region`."""
    return many(lambda value: known_region(value, where), where)(values)
