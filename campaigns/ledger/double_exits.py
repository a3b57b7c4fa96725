"""Many gates ask for the same exits at the same instant: one of them says yes, and nobody sees a lock.

python campaigns/ledger/double_exits.py [--store sqlite|postgresql] [--person-days 1000] [--processes 16]
"""

from __future__ import annotations

import argparse
import multiprocessing
import sys
import time
from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from multiprocessing.synchronize import Barrier
from typing import Any

import attrs
from gate import POLICY, STORES, enrol, leaving, machine, places
from verdict import Verdict

from epiguard import Crossing, CrossingObserved, Effect, EpiguardError, Ledger
from epiguard.ledger import _postgresql
from epiguard.ledger._sqlite import SqliteStore

#: A ledger is begun anew after so many person-days, so that the disk need not hold all of them.
SHARD = 5000

#: Whose days they are.
PEOPLE = 50

#: How long whoever is there first waits for the others, in seconds.
PATIENCE = 300

Ask = Callable[[Ledger, Crossing], bool]


def by_admit(ledger: Ledger, crossing: Crossing) -> bool:
    """What a gate does."""
    return ledger.admit(crossing).effect is Effect.ALLOW


def by_check_then_insert(ledger: Ledger, crossing: Crossing) -> bool:
    """Broken on purpose: look, then write, and nothing guards what happens in between."""
    if ledger.situation(crossing).standings[0].exits_on_day():
        return False
    ledger.record(CrossingObserved(crossing), by="gate")
    return True


def opened(place: str, writer: str) -> Ledger:
    """A ledger as it should be."""
    return Ledger.open(place, policy=POLICY, writer=writer)


def opened_deferred(place: str, writer: str) -> Ledger:
    """Broken on purpose: the lock is taken at the first write, after the look."""

    class Deferred(SqliteStore):
        def begin(self) -> None:
            self._connection.execute("BEGIN DEFERRED")

    return Ledger.open(Deferred(place), policy=POLICY, writer=writer)


def opened_unlocked(place: str, writer: str) -> Ledger:
    """Broken on purpose: a transaction like any other, without the lock of the ledger."""
    _postgresql._BEGIN = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE"
    return Ledger.open(place, policy=POLICY, writer=writer)


@attrs.frozen
class Contest:
    """Who asks, for how many, and how."""

    processes: int
    askers: int
    person_days: int
    ask: Ask = by_admit
    open: Callable[[str, str], Ledger] = opened


@attrs.frozen
class Outcome:
    """What came of it."""

    doubles: int = 0
    missing: int = 0
    errors: int = 0
    asked: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            *(one + two for one, two in zip(attrs.astuple(self), attrs.astuple(other), strict=True))
        )

    def __str__(self) -> str:
        return f"{self.doubles:,} doubles, {self.missing:,} days with nobody through, {self.errors:,} errors"


def gate(number: int, place: str, contest: Contest, barrier: Barrier, answers: Any) -> None:
    """One process: asks for its share of the person-days, each when all others are there too."""
    let: list[int] = []
    asked = errors = 0
    with contest.open(place, f"gate-{number}") as ledger:
        for day in range(contest.person_days):
            barrier.wait(PATIENCE)
            if (number + day) % contest.processes >= contest.askers:
                continue
            asked += 1
            try:
                if contest.ask(ledger, leaving(f"p-{day % PEOPLE}", day // PEOPLE)):
                    let.append(day)
            except EpiguardError:
                errors += 1
    answers.put((let, asked, errors))


def shard(place: str, contest: Contest) -> Outcome:
    """One ledger."""
    context = multiprocessing.get_context("fork")
    barrier, answers = context.Barrier(contest.processes), context.SimpleQueue()
    with opened(place, "main") as ledger:
        enrol(ledger, PEOPLE)
    started = [
        context.Process(target=gate, args=(number, place, contest, barrier, answers), daemon=True)
        for number in range(contest.processes)
    ]
    for each in started:
        each.start()
    passed: Counter[int] = Counter()
    asked = errors = 0
    for _ in started:
        let, its_asked, its_errors = answers.get()
        passed.update(let)
        asked, errors = asked + its_asked, errors + its_errors
    for each in started:
        each.join(PATIENCE)
    return Outcome(
        doubles=sum(count > 1 for count in passed.values()),
        missing=contest.person_days - len(passed),
        errors=errors,
        asked=asked,
    )


def contended(
    new_place: Callable[[], AbstractContextManager[str]], contest: Contest, *, audit: bool = False
) -> tuple[Outcome, bool]:
    """All of it, ledger by ledger; with ``audit`` also whether all answers are on record in whole chains."""
    total, whole = Outcome(), True
    for start in range(0, contest.person_days, SHARD):
        size = min(SHARD, contest.person_days - start)
        with new_place() as place:
            outcome = shard(place, attrs.evolve(contest, person_days=size))
            total += outcome
            if audit:
                with opened(place, "auditor") as ledger:
                    decided = sum(each.kind == "crossing-decided" for each in ledger.facts())
                    whole = whole and decided == outcome.asked and ledger.verify() is None
        if contest.person_days > SHARD:
            print(f"        {start + size:,} person-days: {total}", file=sys.stderr, flush=True)
    return total, whole


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--store", choices=STORES, default="sqlite")
    parser.add_argument("--person-days", type=int, default=1000)
    parser.add_argument("--processes", type=int, default=16)
    parser.add_argument("--askers", type=int, default=4, help="how many of them ask for each person-day")
    parser.add_argument("--controls", type=int, default=100, help="person-days of each control")
    options = parser.parse_args()
    contest = Contest(options.processes, options.askers, options.person_days)
    verdict = Verdict()
    print(f"double exits on {options.store}: {machine()}")
    with places(options.store) as new_place:
        began = time.monotonic()
        outcome, whole = contended(new_place, contest, audit=True)
        took = time.monotonic() - began
        verdict.promise(
            f"{contest.processes} processes, {contest.askers} for each of {contest.person_days:,} exits",
            kept=(outcome.doubles, outcome.missing, outcome.errors, whole) == (0, 0, 0, True),
            figures=f"{outcome}, {outcome.asked:,} answers on record in whole chains: {whole}, {took:,.0f} s",
        )
        small = attrs.evolve(contest, person_days=options.controls, processes=min(contest.processes, 4))
        broken, _ = contended(new_place, attrs.evolve(small, ask=by_check_then_insert))
        verdict.control("check, then insert", found=broken.doubles > 0, figures=str(broken))
        how = opened_deferred if options.store == "sqlite" else opened_unlocked
        broken, _ = contended(new_place, attrs.evolve(small, open=how))
        name = "BEGIN DEFERRED" if options.store == "sqlite" else "no lock"
        verdict.control(name, found=broken.errors + broken.doubles > 0, figures=str(broken))
    return verdict.end()


if __name__ == "__main__":
    sys.exit(main())
