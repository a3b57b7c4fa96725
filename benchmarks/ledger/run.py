"""Time the ledger on SQLite: ``python benchmarks/ledger/run.py [--asked 500] [--days 5] [--people 1000]``.

Each decision is followed by a bare transaction of as many bytes on the same disk, so that both meet the same
machine; read ratios, not times. Opening is timed in processes of their own, for their memory's sake.
"""

from __future__ import annotations

import argparse
import os
import platform
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from epiguard import (
    Crossing,
    Direction,
    DutyAttempted,
    Ledger,
    Outcome,
    Person,
    PersonEnrolled,
    Policy,
    Traveller,
)
from epiguard.ledger import _journal

MORNING = datetime(2020, 2, 14, 9, tzinfo=ZoneInfo("Asia/Shanghai"))
POLICY = Policy.loads(
    """
    site = { id = "caohang", zone = "Asia/Shanghai", checkpoints = [{ id = "north" }] }
    rules = [{ use = "admit-kinds" }, { use = "temperature", limit = 37.3 }, { use = "one-exit-per-day" }]
    """
)


def leaving(number: int, day: int) -> Crossing:
    """One exit."""
    traveller = Traveller(person=f"p-{number}", temperature=36.4)
    at = MORNING + timedelta(days=day, seconds=number)
    return Crossing(checkpoint="north", direction=Direction.OUT, at=at, travellers=[traveller])


def enrol(ledger: Ledger, people: int) -> None:
    """The village."""
    with ledger.batch():
        for number in range(people):
            ledger.record(PersonEnrolled(Person(id=f"p-{number}", name="李静")), by="register")


def admitting(folder: Path, asked: int) -> None:
    """Decisions and bare transactions by turns."""
    ours: list[float] = []
    bare: list[float] = []
    connection = sqlite3.connect(folder / "bare.db", isolation_level=None)
    for pragma in ("journal_mode = WAL", "synchronous = FULL"):
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b BLOB)")
    with Ledger.open(folder / "admit.db", policy=POLICY) as ledger:
        enrol(ledger, 500)
        size = 0
        for turn in range(-20, asked):  # the first ones warm up
            crossing = leaving(turn % 500, turn // 500 + 1)
            start = time.perf_counter()
            ledger.admit(crossing)
            middle = time.perf_counter()
            if not size:
                [stored] = ledger._journal.store.after(ledger.position - 1, 1)  # noqa: SLF001 - to weigh it
                size = len(repr(stored).encode()) + sum(len(part.text or "") for part in stored.parts)
            data = os.urandom(size)
            begun = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO t (b) VALUES (?)", (data,))
            connection.execute("COMMIT")
            if turn >= 0:
                ours.append(middle - start)
                bare.append(time.perf_counter() - begun)
    connection.close()
    ratio = statistics.median(ours) / statistics.median(bare)
    print(f"admit: {asked} by turns, {size} bytes each; median {1e3 * statistics.median(ours):.2f} ms,")
    print(f"  bare transaction {1e3 * statistics.median(bare):.2f} ms: {ratio:.2f} x")


def lived(path: Path, people: int, days: int) -> int:
    """A ledger in which everybody goes out every day, and what is owed is done."""
    with Ledger.open(path, policy=POLICY) as ledger:
        enrol(ledger, people)
        for day in range(days):
            with ledger.batch():
                for number in range(people):
                    at = MORNING + timedelta(days=day, seconds=number)
                    ledger.admit(leaving(number, day), recorded_at=at)
                for status in ledger.duties():
                    done = DutyAttempted(duty=status.id, outcome=Outcome.DONE)
                    ledger.record(done, by="guard", recorded_at=MORNING + timedelta(days=day, hours=9))
        return ledger.position


def resident() -> float:
    """What this process holds in memory, in MiB; nan where the system does not tell in this way."""
    status = Path("/proc/self/status")
    lines = status.read_text().splitlines() if status.exists() else []
    return next((int(each.split()[1]) / 1024 for each in lines if each.startswith("VmRSS")), float("nan"))


def opening(path: Path, *, anew: bool) -> str:
    """How long it takes in a process of its own, and how much memory it takes."""
    command = [sys.executable, __file__, "--open", str(path), *(["--anew"] if anew else [])]
    return subprocess.run(command, capture_output=True, check=True, text=True).stdout.strip()


def open_here(path: str, *, anew: bool) -> None:
    """Open it, and say how that went."""
    with Ledger.open(":memory:", policy=POLICY) as ledger:  # so that what is loaded once is loaded
        enrol(ledger, 1)
        ledger.admit(leaving(0, 0))
        ledger.snapshot()
    before = resident()
    if anew:
        _journal.unseal = lambda *_: None  # type: ignore[assignment]  # as if there were no snapshot
    start = time.perf_counter()
    with Ledger.open(path, policy=POLICY) as ledger:
        took, position = time.perf_counter() - start, ledger.position
        print(f"{took:.2f} s, {position / took:,.0f} facts/s, {resident() - before:.0f} MiB more")


def main() -> None:
    """Run it."""
    options = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    options.add_argument("--asked", type=int, default=500)
    options.add_argument("--people", type=int, default=1000)
    options.add_argument("--days", type=int, default=5)
    options.add_argument("--open", help=argparse.SUPPRESS)
    options.add_argument("--anew", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.open is not None:
        open_here(chosen.open, anew=chosen.anew)
        return
    print(f"machine: {platform.machine()}, {os.cpu_count()} processors, load {os.getloadavg()[0]:.1f};")
    print(f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}")
    with tempfile.TemporaryDirectory() as name:
        admitting(Path(name), chosen.asked)
        path = Path(name) / "lived.db"
        count = lived(path, chosen.people, chosen.days)
        with Ledger.open(path, policy=POLICY) as ledger:
            ledger.snapshot()
            size = len(ledger._journal.store.snapshot() or b"")  # noqa: SLF001 - to weigh it
        print(
            f"a ledger of {count:,} facts, {path.stat().st_size / 2**20:.0f} MiB;"
            f" its snapshot {size / 2**20:.1f} MiB"
        )
        print(f"  opened from facts: {opening(path, anew=True)}")
        print(f"  from its snapshot: {opening(path, anew=False)}")


if __name__ == "__main__":
    main()
