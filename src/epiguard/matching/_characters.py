"""The packaged tables of characters. Its own module reads each, on first use: see scripts/characters."""

from __future__ import annotations

from importlib.resources import files
from typing import Final

__all__ = ["READINGS", "SCRIPT_FORMS", "SHAPES", "SURNAME_READINGS", "rows"]

READINGS: Final = "readings.tsv"
SURNAME_READINGS: Final = "surname-readings.tsv"
SHAPES: Final = "lookalikes.tsv"
SCRIPT_FORMS: Final = "script-forms.tsv"


def rows(name: str) -> list[list[str]]:
    """Read a table: two texts a row.

    Args:
        name: One of the constants of this module.
    """
    text = files("epiguard.matching").joinpath("_data", name).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines()]
