"""The benchmark of the matcher: its invented register has the shares it claims, and it runs."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

FOLDER = Path(__file__).parents[2] / "benchmarks/matching"


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The generator."""
    monkeypatch.syspath_prepend(str(FOLDER))
    return importlib.import_module("register")


def test_same_seed_same_register(made: Any) -> None:
    """The same seed gives the same register and queries; another gives others."""
    one, again, other = (made.make_register(2000, seed) for seed in (3, 3, 4))
    assert one == again
    assert one != other
    assert made.make_queries(one, 200, 5) == made.make_queries(again, 200, 5)
    assert made.make_queries(one, 200, 5) != made.make_queries(one, 200, 6)


def test_shares(made: Any) -> None:
    """Absent fields, strangers, their neighbours and the classes come about as often as documented."""
    register = made.make_register(20_000, 3)
    for field in made.FIELDS:
        assert 0.025 < register.columns[field].count("") / len(register) < 0.035
    queries = made.make_queries(register, 5000, 3)
    kinds = Counter(query.kind for query in queries)
    assert kinds["stranger"] == kinds["neighbour"] == 250
    for name, share in made.CLASSES.items():
        assert abs(kinds[name] / 4500 - share) < 0.05


def test_truth(made: Any) -> None:
    """What a query tells is the resident's own; a clean one says nothing else, a stranger's tells nothing."""
    register = made.make_register(2000, 3)
    for query in made.make_queries(register, 1000, 3):
        assert (query.row is None) == (query.told == {})
        for field, told in query.told.items():
            assert told in register.columns[field][query.row]


def test_it_runs() -> None:
    """A tiny run prints the tables of speed and accuracy for epiguard."""
    command = [sys.executable, str(FOLDER / "run.py"), "--residents", "300", "--queries", "60"]
    done = subprocess.run(
        [*command, "--contestants", "epiguard"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "300 residents, 60 queries" in done.stdout
    assert done.stdout.count("\nepiguard ") == 2
