"""What the campaigns share: a gate with one exit a day, its people, and places to keep a ledger.

Everybody here is invented.
"""

from __future__ import annotations

import contextlib
import os
import platform
import sqlite3
import sys
import tempfile
import uuid
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import psycopg

from epiguard import Crossing, Direction, Ledger, Person, PersonEnrolled, Policy, Traveller

sys.path.insert(0, str(Path(__file__).parents[1]))
sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

import postgresql_server

MORNING = datetime(2020, 2, 14, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
STORES = ("sqlite", "postgresql")

POLICY = Policy.loads(
    """
    site = { id = "caohang", zone = "Asia/Shanghai", checkpoints = [{ id = "north" }] }
    rules = [
      { use = "admit-kinds" },
      { use = "temperature", limit = 37.3 },
      { use = "one-exit-per-day" },
      { use = "quarantine-stays-in" },
    ]
    """
)


def leaving(person: str, day: int = 0) -> Crossing:
    """Somebody on the way out, on one of the days to come."""
    traveller = Traveller(person=person, temperature=36.4)
    at = MORNING + timedelta(days=day)
    return Crossing(checkpoint="north", direction=Direction.OUT, at=at, travellers=[traveller])


def enrol(ledger: Ledger, people: int) -> None:
    """The first people of the village, ``p-0`` and so on."""
    with ledger.batch():
        for number in range(people):
            ledger.record(PersonEnrolled(Person(id=f"p-{number}", name="李静"), at=MORNING), by="register")


@contextlib.contextmanager
def places(store: str) -> Iterator[Callable[[], contextlib.AbstractContextManager[str]]]:
    """Gives new, empty places for a ledger, each removed again when it was left.

    Args:
        store: One of ``STORES``, or ``memory``.
    """
    if store == "memory":
        yield lambda: contextlib.nullcontext(":memory:")
        return
    if store == "sqlite":
        yield _folder
        return
    given = os.environ.get(postgresql_server.VARIABLE)
    with contextlib.nullcontext(given) if given else postgresql_server.server() as server:
        assert server is not None
        yield lambda: _schema(server)


@contextlib.contextmanager
def _folder() -> Iterator[str]:
    with tempfile.TemporaryDirectory() as folder:
        yield str(Path(folder) / "site.db")


@contextlib.contextmanager
def _schema(server: str) -> Iterator[str]:
    name = f"campaign_{uuid.uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    try:
        yield f"{server}?options=-csearch_path%3D{name}"
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f"DROP SCHEMA {name} CASCADE")


def machine() -> str:
    """What it ran on, in a line."""
    return (
        f"{os.cpu_count()} cores, {platform.system()} {platform.machine()},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, psycopg {psycopg.__version__}"
    )
