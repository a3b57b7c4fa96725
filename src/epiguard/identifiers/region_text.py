"""Find the region in what people write on a form: 湖北, 安徽合肥, 武汉市江夏区, 420106, Hubei."""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final, NamedTuple

from epiguard.identifiers._region_table import RegionRow, region_table
from epiguard.identifiers.region import RegionCode

__all__ = ["find_region"]

_CODE: Final = re.compile(r"[0-9]{6}(?![0-9])")
_SPACE: Final = re.compile(r"[\s,，、.。·:：/\-]+")
# Words before the place that do not change what is meant.
_LEAD: Final = re.compile(r"(?:户籍|来自|中国|[从自由在])+")
# 没去过湖北, 非湖北户籍: a place that the writer denies is not found.
_DENIED: Final = re.compile(r"没|非|不是|未[去到曾经返在]|无[湖武]")
# 南京路 is in Shanghai, 朝阳区 in Beijing, 东方花园 a compound: a short name followed by these is no region.
_OTHER_THING: Final = re.compile(
    r"[东南西北中]?[一二三四五六七八九十]*(?:路|街|大道|道|弄|巷|桥)|新?村|[区县镇乡里]"
    r"|小区|花园|家园|花苑|[苑园城]|公寓|大厦|广场"
)
# Counties with everyday names (东方, 万宁) are believed without their province only where little else is
# said.
_LITTLE_ELSE: Final = re.compile(r"$|[回返来过人籍]|户籍")


class _Names(NamedTuple):
    codes: dict[str, str]  # name -> code; a province wins (海南, 吉林)
    longest_first: re.Pattern[str]
    full: frozenset[str]  # names with their suffix


def find_region(text: str) -> RegionCode | None:
    """Find the region that a text begins with.

    A province, a prefecture or both, with or without 省 and 市; one-character abbreviations (鄂) and Latin
    names of provinces where nothing else is written; or a six-digit code. Of a list the first place counts.
    Anything more (a district, a street) is passed over; a road named after a place, and a place that the
    writer denies (没去过湖北), is not found. The first use reads the packaged table of regions.

    Args:
        text: What somebody wrote, for example ``从湖北省武汉市回来``.

    Returns:
        The prefecture where one is named, else the province, or ``None``.
    """
    folded = unicodedata.normalize("NFKC", text).strip()
    code = _CODE.match(folded)
    if code:
        return RegionCode(code[0])
    joined = _SPACE.sub("", folded)
    letters = _by_letter()
    if joined in letters:
        return RegionCode(letters[joined])
    if _DENIED.search(joined):
        return None
    if joined.isascii():
        return _find_latin(folded)
    lead = _LEAD.match(joined)
    found = _find_chinese(joined) or (_find_chinese(joined[lead.end() :]) if lead else None)
    return RegionCode(found) if found else None


def _find_chinese(text: str) -> str | None:
    names = _names("")
    match = names.longest_first.match(text)
    if not match:
        return None
    code, rest = names.codes[match[0]], text[match.end() :]
    if code.endswith("0000"):
        rest = rest.removeprefix("省")  # 广西省 is wrong and common
        within = _names(code[:2])
        inner = within.longest_first.match(rest)
        if inner and (inner[0] in within.full or not _OTHER_THING.match(rest[inner.end() :])):
            return within.codes[inner[0]]
    if match[0] not in names.full:
        little_else = code[2:4] != "90" or _LITTLE_ELSE.match(rest)
        if _OTHER_THING.match(rest) or not little_else:
            return None
    return code


def _find_latin(text: str) -> RegionCode | None:
    found = {code for code, pattern in _latin() if pattern.search(text)}
    return RegionCode(found.pop()) if len(found) == 1 else None


@cache
def _names(province: str) -> _Names:
    """Collect the names of all regions, or of those below one province."""
    rows = [row for row in region_table() if row.code.startswith(province)]
    if province:
        rows = [row for row in rows if not row.code.endswith("0000")]
    codes: dict[str, str] = {}
    for row in sorted(rows, key=lambda row: not row.code.endswith("0000")):
        for name in _spellings(row):
            codes.setdefault(name, row.code)
    # A pattern that matches nothing, for a municipality, which has no prefectures.
    alternatives = "|".join(sorted(map(re.escape, codes), key=len, reverse=True)) or r"(?!)"
    return _Names(codes, re.compile(alternatives), frozenset(codes).difference(row.short for row in rows))


def _spellings(row: RegionRow) -> list[str]:
    spellings = [row.name, row.short]
    if row.name.endswith("自治州"):
        spellings.append(f"{row.short}州")  # 恩施州
    if row.name.endswith("自治区"):
        spellings.append(f"{row.short}自治区")
    if row.short == "内蒙古":
        spellings.append("内蒙")
    return spellings


@cache
def _by_letter() -> dict[str, str]:
    return {row.letter: row.code for row in region_table() if row.letter}


@cache
def _latin() -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple(
        (row.code, re.compile(rf"\b{row.latin}\b", re.IGNORECASE)) for row in region_table() if row.latin
    )
