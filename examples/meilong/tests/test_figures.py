"""What ``figures.py`` prints beside the newsletter's own figures."""

from __future__ import annotations

import importlib.util
from pathlib import Path


def test_the_figures_of_the_newsletter() -> None:
    """The table that ``figures.py`` prints: whatever the newsletter tells is what is counted here."""
    spec = importlib.util.spec_from_file_location("figures", Path(__file__).parents[1] / "figures.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    told = [row for row in module.rows() if row[2] != "not told"]
    assert {row for row, *_ in told} == {"J9", "Z4", "X1", "M3", "G1", "G2", "G3"}
    for _, what, said, here in told:
        assert said == here, what
