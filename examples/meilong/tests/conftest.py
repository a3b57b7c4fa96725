"""The rules are found as an installed package: where it is not installed, a copy is, for this run."""

from __future__ import annotations

import sys

import pytest

from installed import remove, where_rules_are

# Here, not in a fixture: the tests below import the package when they are collected.
sys.path[:0] = where_rules_are()


def pytest_unconfigure(config: pytest.Config) -> None:  # noqa: ARG001 - pytest's signature
    """Remove the copy."""
    remove()
