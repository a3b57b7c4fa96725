"""The table of readings."""

from __future__ import annotations

import json
import re
from collections import defaultdict
from importlib.resources import files
from pathlib import Path

import unihan as source

#: Of a character outside the standard list, so many readings of pypinyin's: those behind are of old books.
OF_A_RARE_ONE = 2
_SYLLABLE = re.compile(r"(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?[aeiouv][a-z]*")


def pypinyin_file() -> Path:
    """Where pypinyin keeps its readings."""
    return Path(str(files("pypinyin") / "pinyin_dict.json"))


def build(unihan: dict[str, dict[str, str]], surnames: dict[str, list[str]]) -> str:
    """Make the table: characters by their readings, the commonest first.

    A standard character has the readings of Unihan: kMandarin, which is the commonest, then kHanyuPinlu (by
    how often), then kTGHZ2013, the standard dictionary. Any other has kMandarin's and two of pypinyin's.
    What the reviewed list says of a surname is added where it is missing.
    """
    known = {chr(int(code)): each for code, each in json.loads(pypinyin_file().read_bytes()).items()}
    numbers = source.standard(unihan)
    grouped: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for character in sorted({*known, *unihan["kMandarin"], *numbers}):
        found = [*unihan["kMandarin"].get(character, "").split()[:1]]
        if character in numbers:
            found += re.findall(r"(\w+)\(", unihan["kHanyuPinlu"].get(character, ""))
            found += re.findall(r":([\w,]+)", unihan["kTGHZ2013"][character])
        else:
            found += known.get(character, "").split(",")[:OF_A_RARE_ONE]
        found += surnames.get(character, [])
        plain = dict.fromkeys(source.toneless(each) for part in found for each in part.split(","))
        readings = tuple(each for each in plain if _SYLLABLE.fullmatch(each))
        if readings:
            grouped[readings].append(character)
    lines = [f"{' '.join(readings)}\t{''.join(each)}\n" for readings, each in sorted(grouped.items())]
    return "".join(lines)


def surname_table(surnames: dict[str, list[str]]) -> str:
    """Make the table of surnames that are read otherwise than the character mostly is."""
    return "".join(f"{character}\t{' '.join(each)}\n" for character, each in sorted(surnames.items()))


def read_surnames(path: Path) -> dict[str, list[str]]:
    """Read the reviewed list: a character and its readings a line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    rows = [line.partition("#")[0].split() for line in lines]
    return {row[0]: row[1:] for row in rows if row}
