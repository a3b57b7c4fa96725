"""The three stores and a server of PostgreSQL, for tests that say what every store does."""

from __future__ import annotations

import os
import uuid
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import psycopg
import pytest

import postgresql_server
from epiguard.ledger import Ledger
from epiguard.policy import Policy
from epiguard.rules import Rule
from ledger.community import RECORDED, Probe, policy


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The address of a server that the tests may fill; in CI there must be one."""
    given = os.environ.get(postgresql_server.VARIABLE)
    if given:
        yield given
    elif postgresql_server.programs() is None and not os.environ.get("CI"):
        pytest.skip("PostgreSQL is not installed; Debian: apt-get install postgresql")
    else:
        with postgresql_server.server("fsync=off") as address:
            yield address


@pytest.fixture
def new_address(postgresql: str) -> Iterator[Callable[[], str]]:
    """Gives the address of an empty schema of its own, each time it is called; all are dropped again."""
    made: list[str] = []
    with psycopg.connect(postgresql, autocommit=True) as connection:

        def address() -> str:
            name = f"test_{uuid.uuid4().hex}"
            connection.execute(f"CREATE SCHEMA {name}")
            made.append(name)
            return f"{postgresql}?options=-csearch_path%3D{name}"

        yield address
        for name in made:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


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
