"""The three stores, for tests that say what every store does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from epiguard.ledger import Ledger
from epiguard.policy import Policy
from epiguard.rules import Rule
from ledger.community import RECORDED, Probe, policy


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Where a ledger is opened."""
    if request.param == "postgresql":
        address: str = request.getfixturevalue("new_address")()
        return address
    return ":memory:" if request.param == "memory" else str(tmp_path / "site.db")


@pytest.fixture
def open_ledger(target: str) -> Iterator[Callable[..., Ledger]]:
    """Opens ledgers of each kind, with rules or a policy, and closes them."""
    with ExitStack() as stack:

        def opened(*rules: type[Rule], of: Policy | None = None, at: str = target) -> Ledger:
            ledger = Ledger.open(at, policy=of or policy(*rules), clock=lambda: RECORDED)
            return stack.enter_context(ledger)

        yield opened


@pytest.fixture(autouse=True)
def _quiet_probe() -> Iterator[None]:
    Probe.reviewing.clear()
    Probe.following.clear()
    yield
    Probe.reviewing.clear()
    Probe.following.clear()
