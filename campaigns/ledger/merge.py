"""Gates that lost the network decide on ledgers of their own; merged in any order, these say the same.

python campaigns/ledger/merge.py [--store memory|sqlite|postgresql] [--histories 100]
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any
from unittest import mock

import attrs
from gate import MORNING, POLICY, STORES, leaving, machine, places
from verdict import Verdict

from epiguard import (
    CrossingDecided,
    DecisionCancelled,
    Effect,
    Ledger,
    LedgerError,
    MatchConfirmed,
    Person,
    PersonChanged,
    PersonEnrolled,
    PersonErased,
    QuarantineOrdered,
    Registered,
    Registration,
    UnknownIdError,
)
from epiguard.ledger import _journal, _merge
from epiguard.situation import freeze

GATES = ("north", "west", "south")
PEOPLE = tuple(f"p-{number}" for number in range(4))

Open = Callable[[str], Ledger]


@attrs.frozen
class Outcome:
    """What came of some histories."""

    histories: int = 0
    merges: int = 0
    entries: int = 0
    doubles: int = 0
    unflagged: int = 0
    falsely_flagged: int = 0
    lost: int = 0
    differing: int = 0
    broken_chains: int = 0

    def __add__(self, other: Outcome) -> Outcome:
        return Outcome(
            *(one + two for one, two in zip(attrs.astuple(self), attrs.astuple(other), strict=True))
        )

    @property
    def kept(self) -> bool:
        """Whether the promise was."""
        return not (
            self.unflagged or self.falsely_flagged or self.lost or self.differing or self.broken_chains
        )

    def __str__(self) -> str:
        return (
            f"{self.merges:,} merges of {self.entries:,} entries, {self.doubles:,} things had twice:"
            f" {self.unflagged:,} of them not flagged, {self.falsely_flagged:,} flagged falsely,"
            f" {self.lost:,} facts lost, {self.differing:,} states that differ,"
            f" {self.broken_chains:,} broken chains"
        )


class History:
    """What happens at gates that hear of each other now and then, or never."""

    def __init__(self, chance: random.Random, gates: Sequence[Ledger]) -> None:
        self.chance = chance
        self.gates = gates
        self.merges = 0
        self._now = MORNING
        self._forms = 0

    def run(self, events: int) -> None:
        """Let so much happen."""
        for gate in self.gates:
            for person in PEOPLE:
                if self.chance.random() < 0.7:
                    self._record(gate, PersonEnrolled(Person(id=person, name="李静"), at=MORNING))
        for _ in range(events):
            # Clocks of gates differ, and some things happen in the same instant.
            self._now += timedelta(seconds=self.chance.choice((0, 0, 1, 60)))
            self.chance.choice(
                (self._leave,) * 6
                + (self._cancel, self._change, self._form, self._order, self._erase, self._hear)
            )(self.chance.choice(self.gates))

    def _at(self) -> datetime:
        return self._now + timedelta(seconds=self.chance.randint(-90, 90))

    def _record(self, gate: Ledger, fact: Any) -> None:
        with contextlib.suppress(UnknownIdError):
            gate.record(fact, by="cadre-3", recorded_at=self._at())

    def _leave(self, gate: Ledger) -> None:
        gate.admit(leaving(self.chance.choice(PEOPLE), self.chance.randint(0, 1)), recorded_at=self._at())

    def _cancel(self, gate: Ledger) -> None:
        stand = [
            each.id
            for each in gate.facts()
            if isinstance(each.fact, CrossingDecided)
            and each.fact.decision.effect is Effect.ALLOW
            and not gate.is_cancelled(each.id)
        ]
        if stand:
            gate.cancel(self.chance.choice(stand), by="guard-5", reason="turned back", recorded_at=self._at())

    def _change(self, gate: Ledger) -> None:
        name = self.chance.choice(("李静", "王朵", "张敏"))
        self._record(gate, PersonChanged(Person(id=self.chance.choice(PEOPLE), name=name), at=self._now))

    def _form(self, gate: Ledger) -> None:
        self._forms += 1
        form, person = f"r-{self._forms}", self.chance.choice(PEOPLE)
        named = person if self.chance.random() < 0.3 else None
        written = Registration(id=form, source="paper", written={"name": "李静"}, person=named)
        self._record(gate, Registered(written, at=self._now))
        if self.chance.random() < 0.6:
            self._record(gate, MatchConfirmed(registration=form, person=person))

    def _order(self, gate: Ledger) -> None:
        from epiguard import Exposure, QuarantinePeriod, Return  # noqa: PLC0415 - only here

        exposure = Exposure(
            person=self.chance.choice(PEOPLE), last_on=self._now.date(), reason=Return(region="420000")
        )
        self._record(gate, QuarantineOrdered(QuarantinePeriod.after(exposure, days=1, zone="Asia/Shanghai")))

    def _erase(self, gate: Ledger) -> None:
        if self.chance.random() < 0.3:
            with contextlib.suppress(UnknownIdError):
                person = self.chance.choice(PEOPLE)
                gate.erase(person, reason="asked for it", by="cadre-3", recorded_at=self._at())

    def _hear(self, gate: Ledger) -> None:
        other = self.chance.choice(self.gates)
        if other is not gate:
            gate.merge(other, recorded_at=self._at())
            self.merges += 1


def had_twice(ledger: Ledger) -> dict[str, set[str]]:
    """Told plainly: what several decisions claim that allowed and were not cancelled."""
    erased = {each for entry in ledger.facts() if entry.kind == PersonErased.kind for each in entry.subjects}
    cancelled = {entry.fact.decision for entry in ledger.facts() if isinstance(entry.fact, DecisionCancelled)}
    claimed: defaultdict[str, set[str]] = defaultdict(set)
    for entry in ledger.facts():
        for claim in entry.claims:
            if claim.split("|")[1] not in erased and entry.id not in cancelled and claim.split("|")[0]:
                claimed[claim].add(entry.id)
    return {claim: ids for claim, ids in claimed.items() if len(ids) > 1}


def flagged(ledger: Ledger) -> Counter[frozenset[str]]:
    """What alerts say of it, those about the erased left aside."""
    erased = {each for entry in ledger.facts() if entry.kind == PersonErased.kind for each in entry.subjects}
    return Counter(
        frozenset((each.basis or "").split(","))
        for each in ledger.alerts()
        if each.kind == "double-claim" and each.subject not in erased
    )


def originals(ledger: Ledger) -> set[Any]:
    """The entries that gates wrote before the last merges, and what of their payloads is there."""
    return {
        (each.writer, each.sequence, each.hash, tuple(part.text for part in each.parts))
        for each in ledger._journal.store.after(0, 10**6)
        if each.writer in GATES
    }


def one_history(chance: random.Random, open_ledger: Open, events: int) -> Outcome:
    """Gates apart, then all of them merged twice, each time into a new ledger in another order."""
    gates = [open_ledger(name) for name in GATES]
    history = History(chance, gates)
    history.run(events)
    written = {
        (each.writer, each.sequence, each.hash)
        for gate in gates
        for each in gate._journal.store.after(0, 10**6)
    }
    merges, results = history.merges, []
    for name in ("one", "two"):
        target = open_ledger(name)
        # Every gate once at least, some again, some by way of another gate's ledger.
        order = [*gates, *chance.choices(gates, k=chance.randint(0, 3))]
        chance.shuffle(order)
        late = MORNING + timedelta(days=1, seconds=chance.randint(0, 9))
        for gate in order:
            target.merge(gate, recorded_at=late)
            merges += 1
        results.append(target)
    # What the two found out, each hears from the other.
    results[0].merge(results[1], recorded_at=late)
    results[1].merge(results[0], recorded_at=late)
    outcome = Outcome(histories=1, merges=merges + 2, entries=len(written))
    for target in results:
        doubles, alerts = had_twice(target), flagged(target)
        wanted = {frozenset(ids) for ids in doubles.values()}
        here = {row[:3] for row in originals(target)}
        outcome += Outcome(
            doubles=len(doubles),
            unflagged=len(wanted - set(alerts)),
            falsely_flagged=len(set(alerts) - wanted),
            lost=len(written - here),
            broken_chains=int(target.verify() is not None),
        )
    same = plainly(results[0]) == plainly(results[1]) and originals(results[0]) == originals(results[1])
    outcome += Outcome(differing=int(not same))
    for each in (*gates, *results):
        each.close()
    return outcome


def plainly(ledger: Ledger) -> tuple[dict[str, Any], list[tuple[str, str]]]:
    """What the facts add up to, in an order of its own."""
    first, *lines = freeze(ledger.state).split("\n")
    rows, part = [], ""
    for line in lines:
        if line.startswith("#"):
            part = line
        else:
            rows.append((part, line))
    short = {
        name: sorted(map(repr, value)) if isinstance(value, list) else value
        for name, value in json.loads(first.removeprefix("#")).items()
    }
    return short, sorted(rows)


def histories(new_place: Callable[[], Any], count: int, *, seed: int, events: int) -> Outcome:
    """Many of them."""
    total = Outcome()
    for number in range(count):
        with contextlib.ExitStack() as stack:

            def opened(writer: str, stack: contextlib.ExitStack = stack) -> Ledger:
                return Ledger.open(stack.enter_context(new_place()), policy=POLICY, writer=writer)

            try:
                total += one_history(random.Random(f"{seed}-{number}"), opened, events)
            except LedgerError:
                total += Outcome(histories=1, broken_chains=1)
        if count >= 500 and number % 100 == 99:
            print(f"        {number + 1:,} histories: {total}", file=sys.stderr, flush=True)
    return total


@contextlib.contextmanager
def silent() -> Iterator[None]:
    """Broken on purpose: whoever was first holds it, and nobody is told of the other."""
    with mock.patch.object(_merge._Rivals, "facts", return_value=()):
        yield


@contextlib.contextmanager
def as_they_arrive() -> Iterator[None]:
    """Broken on purpose: entries add up in the order in which they came into the ledger."""

    def add_up(self: Any) -> None:
        for stored in self.store.after(0, 10**6):
            self._take(stored)

    with mock.patch.object(_journal.Journal, "_add_up", add_up):
        yield


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--store", choices=("memory", *STORES), default="memory")
    parser.add_argument("--histories", type=int, default=100)
    parser.add_argument("--events", type=int, default=40, help="how much happens in each")
    parser.add_argument("--controls", type=int, default=20, help="histories of each control")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    verdict = Verdict()
    print(f"merging on {options.store}: {machine()}")
    with places(options.store) as new_place:
        began = time.monotonic()
        outcome = histories(new_place, options.histories, seed=options.seed, events=options.events)
        took = time.monotonic() - began
        verdict.promise(
            f"{options.histories:,} histories of {len(GATES)} gates, each merged twice in random orders",
            kept=outcome.kept and outcome.doubles > 0,
            figures=f"{outcome}, {took:,.0f} s",
        )
        for name, broken in (("nobody is told", silent), ("in the order of arrival", as_they_arrive)):
            with broken():
                found = histories(new_place, options.controls, seed=options.seed, events=options.events)
            verdict.control(name, found=not found.kept, figures=str(found))
    return verdict.end()


if __name__ == "__main__":
    sys.exit(main())
