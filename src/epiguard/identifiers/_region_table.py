"""The packaged table of regions, read once, on first use."""

from __future__ import annotations

import csv
from functools import cache
from importlib.resources import files
from typing import NamedTuple

__all__ = ["RegionRow", "region_names", "region_table"]


class RegionRow(NamedTuple):
    """One region: its code, its official name, and what else it is called (see scripts/regions)."""

    code: str
    name: str
    short: str
    letter: str
    latin: str


@cache
def region_table() -> tuple[RegionRow, ...]:
    """Read all regions, in the order of their codes."""
    text = files("epiguard.identifiers").joinpath("_data", "regions.csv").read_text(encoding="utf-8")
    return tuple(RegionRow(*row) for row in list(csv.reader(text.splitlines()))[1:])


@cache
def region_names() -> dict[str, str]:
    """Map codes to official names."""
    return {row.code: row.name for row in region_table()}
