"""Two sessions at one ledger, step by step in every order: the outcome is that of one after the other.

    python campaigns/ledger/interleavings.py [--store sqlite|postgresql] [--only erase]

A step is a call of the store. All orders in which two sessions can take their steps are tried, each on a
ledger of its own; compared are the record itself, what both calls answered, and what the facts add up to.
"""

from __future__ import annotations

import argparse
import itertools
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from datetime import date, datetime
from typing import Any

import attrs
from gate import MORNING, POLICY, STORES, leaving, machine, places
from verdict import Verdict

from epiguard import (
    Crossing,
    CrossingObserved,
    EpiguardError,
    Exposure,
    Ledger,
    Person,
    PersonChanged,
    PersonEnrolled,
    QuarantineOrdered,
    QuarantinePeriod,
    Return,
)
from epiguard.ledger import _admission
from epiguard.ledger._opening import store_for
from epiguard.situation import Situation, State, freeze

PATIENCE = 60

#: Calls that wait for whoever writes.
_WAITING = ("begin", "purge")

Operation = Callable[[Ledger], Any]


def admit(ledger: Ledger) -> str:
    """Let somebody out who was in all day."""
    return ledger.admit(leaving("p-2"), by="gate").effect.value


def admit_by_key(ledger: Ledger) -> str:
    """The same in a call that may be repeated; both sessions have the same key."""
    return ledger.admit(leaving("p-2"), by="gate", key="k-1").effect.value


def admit_again(ledger: Ledger) -> str:
    """Let somebody out who went out this morning."""
    return ledger.admit(leaving("p-1"), by="gate").effect.value


def cancel(ledger: Ledger) -> str:
    """Say that they turned back this morning."""
    return ledger.cancel("main-3", by="gate", reason="turned back").kind


def correct(ledger: Ledger) -> str:
    """Who was in all day is known better now, and is to stay in."""
    person = Person(id="p-2", name="李静", phones=["13900001111"])
    with ledger.batch():
        ledger.record(PersonChanged(person, at=MORNING), by="cadre-3")
        return ledger.record(QuarantineOrdered(PERIOD, at=MORNING), by="cadre-3").kind


def erase(ledger: Ledger) -> str:
    """Forget who went out this morning."""
    return ledger.erase("p-1", reason="asked for it", by="cadre-3").person


PERIOD = QuarantinePeriod.after(
    Exposure(person="p-2", last_on=date(2020, 2, 10), reason=Return(region="420000")),
    days=14,
    zone="Asia/Shanghai",
)
OPERATIONS: dict[str, Operation] = {
    each.__name__.replace("_", " "): each
    for each in (admit, admit_by_key, admit_again, cancel, correct, erase)
}


def check_then_insert(ledger: Ledger) -> str:
    """Broken on purpose: look, then write, and nothing guards what happens in between."""
    crossing = leaving("p-2")
    if ledger.situation(crossing).standings[0].exits_on_day():
        return "deny"
    ledger.record(CrossingObserved(crossing), by="gate")
    return "allow"


class Unchanging:
    """Broken on purpose: a session's every slice is its first one, so nothing ever seems to have changed."""

    _first = threading.local()

    @classmethod
    def cut(cls, state: State, crossing: Crossing, recorded_at: datetime) -> Situation:
        """What it was when the session first looked."""
        if not hasattr(cls._first, "slice"):
            cls._first.slice = Situation.cut(state, crossing, recorded_at)
        first: Situation = cls._first.slice
        return first


@contextmanager
def never_looking_again() -> Iterator[None]:
    """Let ``admit`` decide on what it read first."""
    _admission.Situation = Unchanging  # type: ignore[attr-defined, assignment, misc]  # broken on purpose
    try:
        yield
    finally:
        _admission.Situation = Situation  # type: ignore[attr-defined, misc]


class Turns:
    """Lets two sessions take their steps in a given order, one at a time.

    Args:
        choices: Which session is let go on, whenever both can: 0 or 1; beyond it always the first.
    """

    def __init__(self, choices: tuple[int, ...]) -> None:
        self.choices = choices
        self.taken: list[int] = []
        self.open: list[int] = []  # the places where there was a choice
        self._state = threading.Condition()
        self._waiting: dict[int, str] = {}
        self._running = {0, 1}
        self._holder: int | None = None
        self._turn: int | None = None

    def step(self, session: int, name: str) -> None:
        """Wait until it is this session's turn to take a step."""
        with self._state:
            self._waiting[session] = name
            self._choose()
            if not self._state.wait_for(lambda: self._turn == session, PATIENCE):
                raise TimeoutError(name)
            self._turn = None
            del self._waiting[session]
            if name == "begin":
                self._holder = session

    def released(self, session: int) -> None:
        """The session no longer holds the store's lock."""
        with self._state:
            if self._holder == session:
                self._holder = None

    def done(self, session: int) -> None:
        """The session takes no more steps."""
        with self._state:
            self._running.discard(session)
            self._choose()

    def _choose(self) -> None:
        if self._turn is not None or set(self._waiting) != self._running:
            return
        able = sorted(
            session
            for session, name in self._waiting.items()
            if name not in _WAITING or self._holder in (None, session)
        )
        if len(able) == 2:
            place = len(self.taken)
            self.taken.append(self.choices[place] if place < len(self.choices) else 0)
            able = [able[self.taken[-1]]]
        if able:
            self._turn = able[0]
            self._state.notify_all()


class Stepwise:
    """A store whose calls are steps."""

    def __init__(self, place: str, session: int, turns: Turns) -> None:
        self._store = store_for(place)
        self._session = session
        self._turns = turns
        self.stepping = False

    def __getattr__(self, name: str) -> Any:
        call = getattr(self._store, name)
        if not self.stepping or name in ("close", "rollback"):
            return call

        def stepped(*args: Any, **kwargs: Any) -> Any:
            self._turns.step(self._session, name)
            try:
                return call(*args, **kwargs)
            finally:
                if name == "commit":
                    self._turns.released(self._session)

        return stepped


@attrs.frozen
class Outcome:
    """What two sessions left behind."""

    answers: tuple[str, ...]
    record: tuple[str, ...]
    state: str


def ended(ledger: Ledger, answers: list[str]) -> Outcome:
    """Everything that can be told, in an order of its own where none matters."""
    record = tuple(f"{each.writer} {each.kind} {_effect_of(each.fact)}" for each in ledger.facts())
    return Outcome(tuple(answers), record, freeze(ledger.state))


def _effect_of(fact: Any) -> str:
    decision = getattr(fact, "decision", None)
    return decision.effect.value if hasattr(decision, "effect") else ""


def tried(operation: Operation, ledger: Ledger) -> str:
    """What it answers, or how it fails."""
    try:
        return str(operation(ledger))
    except EpiguardError as error:
        return type(error).__name__


def prepared(place: str) -> None:
    """Two people, one of whom went out this morning."""
    with Ledger.open(place, policy=POLICY, clock=lambda: MORNING) as ledger:
        for number in (1, 2):
            ledger.record(PersonEnrolled(Person(id=f"p-{number}", name="李静"), at=MORNING), by="register")
        ledger.admit(leaving("p-1"), by="gate")


def one_after_the_other(
    place: str, operations: tuple[Operation, Operation], order: tuple[int, int]
) -> Outcome:
    """A serial order."""
    prepared(place)
    answers = ["", ""]
    for session in order:
        with Ledger.open(place, policy=POLICY, clock=lambda: MORNING, writer=f"s{session}") as ledger:
            answers[session] = tried(operations[session], ledger)
    with Ledger.open(place, policy=POLICY) as ledger:
        return ended(ledger, answers)


def interleaved(
    place: str, operations: tuple[Operation, Operation], choices: tuple[int, ...]
) -> tuple[Outcome, list[int]]:
    """One order of steps; gives the choices that were made."""
    prepared(place)
    turns = Turns(choices)
    answers = ["", ""]
    problems: list[BaseException] = []

    def session(number: int) -> None:
        store = Stepwise(place, number, turns)
        try:
            with Ledger(store, policy=POLICY, clock=lambda: MORNING, writer=f"s{number}") as ledger:
                assert ledger.position == 3
                store.stepping = True
                answers[number] = tried(operations[number], ledger)
        except BaseException as error:  # noqa: BLE001 - raised again below
            problems.append(error)
        finally:
            turns.released(number)
            turns.done(number)

    threads = [threading.Thread(target=session, args=(number,), daemon=True) for number in (0, 1)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(2 * PATIENCE)
    if problems:
        raise problems[0]
    with Ledger.open(place, policy=POLICY) as ledger:
        assert ledger.verify() is None
        return ended(ledger, answers), turns.taken


def orders(run: Callable[[tuple[int, ...]], list[int]]) -> Iterator[None]:
    """Every order: the last choice that can be another one becomes it, until none can."""
    choices: tuple[int, ...] = ()
    while True:
        taken = run(choices)
        yield
        while taken and taken[-1] == 1:
            taken.pop()
        if not taken:
            return
        choices = (*taken[:-1], 1)


def differing(
    new_place: Callable[[], AbstractContextManager[str]],
    operations: tuple[Operation, Operation],
    broken: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> tuple[int, int]:
    """How many orders there are, and how many have an outcome that no serial order has."""
    serial = []
    for order in ((0, 1), (1, 0)):
        with new_place() as place:
            serial.append(one_after_the_other(place, operations, order))
    bad = 0

    def run(choices: tuple[int, ...]) -> list[int]:
        nonlocal bad
        with new_place() as place, broken():
            outcome, taken = interleaved(place, operations, choices)
        bad += outcome not in serial
        return taken

    return sum(1 for _ in orders(run)), bad


def main() -> int:
    """Run it."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--store", choices=STORES, default="sqlite")
    parser.add_argument("--only", choices=OPERATIONS, help="pairs with this operation; default all")
    options = parser.parse_args()
    verdict = Verdict()
    print(f"interleavings on {options.store}: {machine()}")
    with places(options.store) as new_place:
        for one, other in itertools.combinations_with_replacement(OPERATIONS, 2):
            if options.only not in (None, one, other):
                continue
            began = time.monotonic()
            count, bad = differing(new_place, (OPERATIONS[one], OPERATIONS[other]))
            verdict.promise(
                f"{one} | {other}",
                kept=count > 1 and not bad,
                figures=f"{count} orders, {bad} unlike any serial one, {time.monotonic() - began:.1f} s",
            )
        count, bad = differing(new_place, (check_then_insert, check_then_insert))
        verdict.control("check, then insert", found=bad > 0, figures=f"{bad} of {count}")
        count, bad = differing(new_place, (admit, correct), never_looking_again)
        verdict.control("decides on what it read first", found=bad > 0, figures=f"{bad} of {count}")
    return verdict.end()


if __name__ == "__main__":
    sys.exit(main())
