"""A gate's process is killed at random moments: nothing it acknowledged is lost, nothing is half-written.

python campaigns/ledger/kill.py [--kills 50] [--life 0.3]
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import random
import signal
import sys
import time
from collections.abc import Callable

import attrs
from gate import POLICY, enrol, leaving, machine, places
from verdict import Verdict

from epiguard import Ledger, Person, PersonEnrolled
from epiguard.ledger import Stored
from epiguard.ledger._chain import first_fault
from epiguard.ledger._sqlite import SqliteStore

#: A ledger is begun anew after so many kills, so that opening it takes less than living.
SHARD = 20

#: Who passes; each is asked for day after day.
PEOPLE = 20

#: Facts of a transaction in which all stand or none.
TOGETHER = 3

Live = Callable[[str, int, int], None]


def tell(pipe: int, what: str) -> None:
    """Acknowledge: whoever reads this may rely on it."""
    os.write(pipe, f"{what}\n".encode())


def live(place: str, life: int, pipe: int) -> None:
    """A gate: single decisions and batches, each acknowledged when its call returned."""
    with Ledger.open(place, policy=POLICY) as ledger:
        _live(ledger, life, pipe)


def _live(ledger: Ledger, life: int, pipe: int) -> None:
    count = 0
    while True:
        count += 1
        if count % 4:
            person, day = f"p-{count % PEOPLE}", 30 * life + count // PEOPLE
            tell(pipe, f"one {ledger.admit(leaving(person, day)).id}")
        else:
            name = f"b-{life}-{count}"
            with ledger.batch():
                for number in range(TOGETHER):
                    person = Person(id=f"{name}-{number}")
                    ledger.record(PersonEnrolled(person), by="register", key=f"{name}-{number}")
            tell(pipe, f"all {name}")


def live_hastily(place: str, life: int, pipe: int) -> None:
    """Broken on purpose: acknowledges before the transaction is over."""
    count = 0
    with Ledger.open(place, policy=POLICY) as ledger:
        while True:
            with ledger.batch():
                for _ in range(20):
                    count += 1
                    decision = ledger.admit(leaving(f"p-{count % PEOPLE}", 30 * life + count // PEOPLE))
                    tell(pipe, f"one {decision.id}")


class Piecemeal(SqliteStore):
    """Broken on purpose: every statement is a transaction of its own."""

    def begin(self) -> None:
        """Begin nothing."""

    def commit(self) -> None:
        """Only write."""
        self._flush()


def live_piecemeal(place: str, life: int, pipe: int) -> None:
    """Broken on purpose: see the store."""
    with Ledger.open(Piecemeal(place), policy=POLICY) as ledger:
        _live(ledger, life, pipe)


@attrs.frozen
class Outcome:
    """What was found after the kills."""

    kills: int = 0
    acknowledged: int = 0
    lost: int = 0
    half: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            *(one + two for one, two in zip(attrs.astuple(self), attrs.astuple(other), strict=True))
        )

    def __str__(self) -> str:
        return (
            f"{self.kills:,} kills, {self.acknowledged:,} facts acknowledged, {self.lost:,} lost,"
            f" {self.half:,} half-written"
        )


def killed(place: str, life: int, how: Live, longest: float, chance: random.Random) -> list[str]:
    """Let a gate live for a while and kill it; what it acknowledged."""
    reader, writer = os.pipe()
    process = multiprocessing.get_context("fork").Process(target=how, args=(place, life, writer), daemon=True)
    process.start()
    os.close(writer)
    time.sleep(chance.uniform(0.0, longest))
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    with os.fdopen(reader, encoding="utf-8") as lines:
        told = lines.read()
    return told.splitlines()[: told.count("\n")]


def audit(place: str, told: list[str]) -> Outcome:
    """Compare what is there, read without the ledger, with what was acknowledged, and with itself."""
    store = SqliteStore(place)
    entries: list[Stored] = []
    while page := store.after(len(entries), 1000):
        entries += page
    ids = {f"{each.writer}-{each.sequence}" for each in entries}
    keys = {each.key for each in entries if each.key is not None}
    half = int(first_fault(entries) is not None)
    for each in entries:
        claims = json.loads(each.claims)
        half += any(store.holder(claim) != each.position for claim in claims)
        half += len(each.parts) != each.digests.count(",") + 1
        half += each.key is not None and store.keyed(each.key) != each
        if each.key is not None:
            name = each.key.rpartition("-")[0]
            half += any(f"{name}-{number}" not in keys for number in range(TOGETHER))
    count = store._connection.execute("SELECT count(*) FROM claim").fetchone()[0]
    half += count != sum(len(json.loads(each.claims)) for each in entries)
    store.close()
    acknowledged = lost = 0
    for line in told:
        kind, _, name = line.partition(" ")
        wanted = [name] if kind == "one" else [f"{name}-{number}" for number in range(TOGETHER)]
        acknowledged += len(wanted)
        lost += sum(each not in (ids if kind == "one" else keys) for each in wanted)
    return Outcome(0, acknowledged, lost, half)


def campaign(kills: int, how: Live, longest: float, chance: random.Random) -> Outcome:
    """All of it, ledger by ledger."""
    total = Outcome()
    with places("sqlite") as new_place:
        for start in range(0, kills, SHARD):
            with new_place() as place:
                with Ledger.open(place, policy=POLICY) as ledger:
                    enrol(ledger, PEOPLE)
                told: list[str] = []
                for life in range(start, min(start + SHARD, kills)):
                    told += killed(place, life, how, longest, chance)
                    found = audit(place, told)
                    if (found.lost, found.half) != (0, 0):
                        break  # what is broken once stays so
                total += attrs.evolve(found, kills=life - start + 1)
            if kills > 5 * SHARD:
                print(f"        {total}", file=sys.stderr, flush=True)
    return total


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--kills", type=int, default=50)
    parser.add_argument("--life", type=float, default=0.3, help="seconds that a process lives at most")
    parser.add_argument("--controls", type=int, default=20, help="kills of each control")
    parser.add_argument("--seed", type=int, default=None, help="of the moments; default by chance")
    options = parser.parse_args()
    chance = random.Random(options.seed)
    verdict = Verdict()
    print(f"kill -9 on sqlite: {machine()}")
    began = time.monotonic()
    outcome = campaign(options.kills, live, options.life, chance)
    verdict.promise(
        "killed at random moments",
        kept=(outcome.lost, outcome.half) == (0, 0) and outcome.acknowledged > 0,
        figures=f"{outcome}, {time.monotonic() - began:,.0f} s",
    )
    outcome = campaign(options.controls, live_hastily, options.life, chance)
    verdict.control("acknowledges before the commit", found=outcome.lost > 0, figures=str(outcome))
    outcome = campaign(options.controls, live_piecemeal, options.life, chance)
    verdict.control(
        "every statement a transaction", found=outcome.half + outcome.lost > 0, figures=str(outcome)
    )
    return verdict.end()


if __name__ == "__main__":
    sys.exit(main())
