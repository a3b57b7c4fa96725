"""Read Unihan, as Debian's package ``unicode-data`` ships it."""

from __future__ import annotations

import bz2
import unicodedata
from pathlib import Path

FILES = {
    "kMandarin": "Readings",
    "kHanyuPinlu": "Readings",
    "kTGHZ2013": "Readings",
    "kSimplifiedVariant": "Variants",
    "kZVariant": "Variants",
    "kSemanticVariant": "Variants",
    "kTGH": "OtherMappings",
    "kTotalStrokes": "IRGSources",
    "kFourCornerCode": "DictionaryLikeData",
    "kCangjie": "DictionaryLikeData",
    "kPhonetic": "DictionaryLikeData",
}


def read(folder: Path) -> dict[str, dict[str, str]]:
    """Read the properties that the tables are made of: property to character to value."""
    found: dict[str, dict[str, str]] = {key: {} for key in FILES}
    for path in paths(folder):
        with bz2.open(path, "rt", encoding="utf-8") as lines:
            for line in lines:
                if line.startswith("U+"):
                    point, key, value = line.rstrip("\n").split("\t")
                    if key in found:
                        found[key][chr(int(point.removeprefix("U+"), 16))] = value
    return found


def paths(folder: Path) -> list[Path]:
    """The files that are read."""
    return [folder / f"Unihan_{name}.txt.bz2" for name in sorted(set(FILES.values()))]


def standard(unihan: dict[str, dict[str, str]]) -> dict[str, int]:
    """The 8,105 characters of the national list (通用规范汉字表), commonest first, with their number."""
    numbers = {character: int(value.split(":")[1]) for character, value in unihan["kTGH"].items()}
    return dict(sorted(numbers.items(), key=lambda item: item[1]))


def characters(value: str) -> list[str]:
    """The characters that a value of a variant property names."""
    return [chr(int(each.partition("<")[0].removeprefix("U+"), 16)) for each in value.split()]


def toneless(reading: str) -> str:
    """A reading in lower-case letters without its tone; ü is v: lǜ -> lv."""
    apart = unicodedata.normalize("NFD", reading.strip().lower())
    letters = apart.replace("u\N{COMBINING DIAERESIS}", "v")
    return "".join(
        each
        for each in letters.replace("e\N{COMBINING CIRCUMFLEX ACCENT}", "e")
        if each.isascii() and each.isalpha()
    )
