"""The Chinese and English words for what programs call by a code."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from epiguard.identifiers import RegionCode
from epiguard.identifiers._region_table import region_table

__all__ = ["LANGUAGES", "Words", "packaged", "region_words", "words"]

LANGUAGES = ("zh", "en")
#: Chinese, then English.
Words = tuple[str, str]

_NOT_SAID = "000000"


@cache
def packaged(name: str) -> Mapping[str, Any]:
    """A packaged TOML table of texts."""
    text = files("epiguard.reports").joinpath("_data", name).read_text(encoding="utf-8")
    return tomllib.loads(text)


def words(group: str, code: str) -> Words:
    """What people call a code; a code of a plug-in that has no words here stands for itself.

    Args:
        group: A section of ``_data/words.toml``, such as ``"effect"``; what a host calls as it likes, such as
            notices, has none, and stands for itself.
        code: The code.
    """
    known = packaged("words.toml")
    if group not in known:
        return code, code
    zh, en = known[group].get(code, (code, code.replace("-", " ")))
    return zh, en


def region_words(region: RegionCode | str) -> Words:
    """A province by its names; a code of no province stands for itself."""
    code = RegionCode.of(region).value
    if code == _NOT_SAID:
        return words("misc", "not-said")
    row = next((row for row in region_table() if row.code == f"{code[:2]}0000"), None)
    if row is None:
        return code, code
    return row.name, row.latin or row.name
