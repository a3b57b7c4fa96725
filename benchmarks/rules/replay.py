"""Time a replay, from objects and from a ledger: ``python benchmarks/rules/replay.py``.

From objects it stands beside the plain functions of ``plain.py`` that decide the same crossings without
guard; both take turns, so read the ratio. From a ledger on SQLite the crossings are read, what was known of
each is cut anew, and they are decided; each length runs in a process of its own, for its memory's sake.
"""

from __future__ import annotations

import argparse
import platform
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parent))

from peers import contestants
from workload import cases, policy

from epiguard import Crossing, Ledger, Person, PersonEnrolled, Policy, Traveller
from epiguard.ledger import history

PLAIN = "plain functions"
SITE = """
site = { id = "caohang", zone = "Asia/Shanghai", checkpoints = [{ id = "north" }] }
rules = [
  { use = "admit-kinds" },
  { use = "temperature", limit = 37.3 },
  { use = "one-exit-per-day" },
  { use = "quarantine-stays-in" },
]
"""
CHANGED = SITE.replace("37.3", "37.0")
MORNING = datetime(2020, 2, 1, 6, tzinfo=ZoneInfo("Asia/Shanghai"))
#: So many live there; so many crossings a day.
PEOPLE, A_DAY = 1000, 2000


def from_objects(count: int, passes: int) -> None:
    """Replay beside a loop over plain functions."""
    village, asked = policy(), cases(count)
    history = [(crossing, situation, village.decide(crossing, situation)) for crossing, situation in asked]
    plain = dict(contestants(village, asked))[PLAIN]
    ratios, ours = [], []
    for _ in range(passes):
        started = time.perf_counter()
        for crossing, situation in asked:
            plain(crossing, situation)
        middle = time.perf_counter()
        found = village.replay(history)
        ended = time.perf_counter()
        assert (found.decided, found.differing) == (count, 0)
        ours.append(count / (ended - middle))
        ratios.append((middle - started) / (ended - middle))
    print(
        f"from objects: {statistics.median(ours):,.0f} crossings/s, "
        f"{statistics.median(ratios):.2f} x plain functions"
    )


def written(path: Path, count: int) -> None:
    """A ledger of so many crossings, day after day."""
    chance, rules = random.Random(1), Policy.loads(SITE)
    with Ledger.open(path, policy=rules) as ledger, ledger.batch():
        for number in range(PEOPLE):
            person = Person(id=f"p-{number}", name="李静")
            ledger.record(PersonEnrolled(person), by="register", recorded_at=MORNING)
    with Ledger.open(path, policy=rules) as ledger:
        for start in range(0, count, 10_000):
            with ledger.batch():
                for crossing in _crossings(chance, start, min(start + 10_000, count)):
                    ledger.admit(crossing, by="guard-5", recorded_at=crossing.at)


def _crossings(chance: random.Random, start: int, end: int) -> Iterator[Crossing]:
    for number in range(start, end):
        day, turn = divmod(number, A_DAY)
        at = MORNING + timedelta(days=day, seconds=turn * 24)
        who = Traveller(person=f"p-{chance.randrange(PEOPLE)}", temperature=round(chance.gauss(36.6, 0.3), 1))
        yield Crossing(checkpoint="north", direction=chance.choice(["in", "out"]), at=at, travellers=[who])  # type: ignore[arg-type]  # words for members


def peak() -> float:
    """The most memory that this process had, in MB; what it was forked from does not count."""
    status = Path("/proc/self/status")
    if status.exists():
        [line] = [each for each in status.read_text().splitlines() if each.startswith("VmHWM")]
        return int(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def from_ledger(path: Path, as_known: str) -> None:
    """Replay what a file holds, and say what that took."""
    rules, changed = Policy.loads(SITE), Policy.loads(CHANGED)
    before = peak()
    started = time.perf_counter()
    found = rules.replay(history(path, site=rules.site, as_known=as_known), against=changed)
    taken = time.perf_counter() - started
    print(
        f"from a ledger, as known {as_known:<4}: {found.decided:>9,} crossings, {found.differing:>7,} others,"
        f" {found.decided / taken:>7,.0f}/s, {peak():.0f} MB at most, {before:.0f} before",
        flush=True,
    )


def main() -> None:
    """Run everything."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--crossings", type=int, nargs="+", default=[100_000, 200_000])
    options.add_argument("--objects", type=int, default=20_000)
    options.add_argument("--passes", type=int, default=5)
    options.add_argument("--file", type=Path, help="replay this one and no other: a part of the above")
    options.add_argument("--as-known", default="then")
    chosen = options.parse_args()
    if chosen.file is not None:
        from_ledger(chosen.file, chosen.as_known)
        return
    print(f"{platform.machine()}, Python {platform.python_version()}", flush=True)
    from_objects(chosen.objects, chosen.passes)
    with tempfile.TemporaryDirectory() as folder:
        for count in chosen.crossings:
            path = Path(folder) / f"{count}.db"
            written(path, count)
            for as_known in ("then", "now"):
                command = [sys.executable, __file__, f"--file={path}", f"--as-known={as_known}"]
                subprocess.run(command, check=True)


if __name__ == "__main__":
    main()
