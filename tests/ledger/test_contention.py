"""Two gates at the same instant let one exit through; a ledger that checks and then writes does not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from epiguard.crossings import Crossing
from epiguard.decisions import Effect
from epiguard.facts import CrossingObserved
from epiguard.ledger import Ledger
from ledger.community import NOON, OnceADay, enrolled, out, policy

PERSON_DAYS = 100
TESTS = Path(__file__).parents[1]

Ask = Callable[[Ledger, Crossing], bool]


def by_admit(ledger: Ledger, crossing: Crossing) -> bool:
    """What a gate does."""
    return ledger.admit(crossing).effect is Effect.ALLOW


def by_check_then_insert(ledger: Ledger, crossing: Crossing) -> bool:
    """The deliberately broken control: look, then write, and nothing guards what happens in between."""
    if ledger.situation(crossing).standings[0].exits_on_day():
        return False
    ledger.record(CrossingObserved(crossing), by="gate")
    return True


@pytest.fixture(params=["sqlite", "postgresql"])
def shared(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A place that several ledgers can open."""
    if request.param == "sqlite":
        return str(tmp_path / "site.db")
    address: str = request.getfixturevalue("new_address")()
    return address


@contextmanager
def gates(path: str, count: int) -> Iterator[list[Ledger]]:
    """Ledgers with connections of their own to one place."""
    site = policy(OnceADay)
    with ExitStack() as stack:
        yield [
            stack.enter_context(Ledger.open(path, policy=site, writer=f"gate-{number}"))
            for number in range(count)
        ]


def passed(ledgers: list[Ledger], ask: Ask) -> list[int]:
    """How many gates let each person out, when all of them are asked at once."""
    barrier = threading.Barrier(len(ledgers))
    let: list[list[bool]] = [[] for _ in ledgers]
    problems: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for person in range(PERSON_DAYS):
                barrier.wait(60)
                let[number].append(ask(ledgers[number], out(f"p-{person}")))
        except BaseException as error:  # noqa: BLE001 - reported below, in the main thread
            problems.append(error)
            barrier.abort()

    threads = [threading.Thread(target=work, args=(number,)) for number in range(len(ledgers))]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert problems == []
    return [sum(each) for each in zip(*let, strict=True)]


def test_two_gates_let_one_exit_through(shared: str) -> None:
    """Of two ledgers on one place, in two threads, exactly one says yes, for every contested person-day."""
    with gates(shared, 2) as ledgers:
        assert passed(ledgers, by_admit) == [1] * PERSON_DAYS
        assert ledgers[0].verify() is None
        assert ledgers[0].position == ledgers[1].position


def test_the_control_lets_two_through(shared: str) -> None:
    """The same contest finds out a ledger that checks and then inserts, so it would find out ours."""
    with gates(shared, 2) as ledgers:
        assert 2 in passed(ledgers, by_check_then_insert)


def test_threads_that_share_a_ledger_let_one_exit_through(tmp_path: Path) -> None:
    """Four threads, one ledger; also in memory."""
    for target in (str(tmp_path / "site.db"), ":memory:"):
        with Ledger.open(target, policy=policy(OnceADay)) as ledger:
            assert passed([ledger] * 4, by_admit) == [1] * PERSON_DAYS


def test_one_key_is_one_decision_wherever_it_is_asked(shared: str) -> None:
    """Gates that ask with the same key at once get the same decision, recorded once."""

    def by_key(ledger: Ledger, crossing: Crossing) -> bool:
        decision = ledger.admit(crossing, key=f"k-{crossing.travellers[0].person}")
        return decision.effect is Effect.ALLOW

    with gates(shared, 2) as ledgers:
        assert passed(ledgers, by_key) == [2] * PERSON_DAYS
        assert [each.kind for each in ledgers[0].facts()].count("crossing-decided") == PERSON_DAYS


@pytest.mark.parametrize("writers", [("gate-0", "gate-1", "gate-2"), ("main", "main", "main")])
def test_processes_let_one_exit_through(shared: str, writers: tuple[str, ...]) -> None:
    """Three processes ask for everybody as fast as they can: one says yes, and no error is seen.

    Whether each writes under a name of its own or all under one: no writer's sequence has a gap.
    """
    command = [sys.executable, str(Path(__file__).with_name("contender.py")), shared]
    started = [
        subprocess.Popen(
            [*command, writer, str(PERSON_DAYS)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(TESTS)},
        )
        for writer in writers
    ]
    for process in started:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
    for process in started:
        assert process.stdin is not None
        process.stdin.write("go\n")
        process.stdin.flush()
    answers = [json.loads(process.communicate(timeout=120)[0]) for process in started]
    assert [process.returncode for process in started] == [0, 0, 0]
    assert [sum(each) for each in zip(*answers, strict=True)] == [1] * PERSON_DAYS
    with Ledger.open(shared, policy=policy(OnceADay)) as ledger:
        entries = list(ledger.facts())
        assert [each.kind for each in entries].count("crossing-decided") == 3 * PERSON_DAYS
        assert [each.position for each in entries] == list(range(1, len(entries) + 1))
        for writer in set(writers):
            numbers = [each.sequence for each in entries if each.writer == writer]
            assert numbers == list(range(1, len(numbers) + 1))
        assert ledger.verify() is None


def test_readers_do_not_wait_for_a_batch_elsewhere(shared: str) -> None:
    """While one ledger writes a long batch, another on the same place reads what was there before."""
    with gates(shared, 2) as (one, other), one.batch():
        one.record(enrolled(1), by="cadre-3", recorded_at=NOON)
        assert list(other.people()) == []
