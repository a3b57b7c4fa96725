"""The k-th write of an admit fails, for every k: an error is raised, the store is whole, the next succeeds.

    python campaigns/ledger/disk.py

Needs a C compiler, for the library that lets writes fail.
"""

from __future__ import annotations

import argparse
import contextlib
import ctypes
import errno
import itertools
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import attrs
from gate import POLICY, enrol, leaving, machine
from verdict import Verdict

from epiguard import Decision, Effect, EpiguardError, Ledger, LedgerError
from epiguard.ledger._sqlite import SqliteStore

HERE = Path(__file__).parent
KEY = "north-000123"

#: What goes wrong: the error, whether half of the data arrives, and whether it goes on.
FAULTS = {
    "full disk": (errno.ENOSPC, False, True),
    "full disk, half a page written": (errno.ENOSPC, True, True),
    "an I/O error, once": (errno.EIO, False, False),
    "I/O errors from then on": (errno.EIO, False, True),
}

Open = Callable[[str], Ledger]


def opened(place: str) -> Ledger:
    """As it should be."""
    return Ledger.open(place, policy=POLICY)


class Deaf(SqliteStore):
    """Broken on purpose: does not hear what the disk says at the commit."""

    def commit(self) -> None:
        """Pass over errors."""
        with contextlib.suppress(LedgerError):
            super().commit()
        self.rollback()


class Piecemeal(SqliteStore):
    """Broken on purpose: every statement is a transaction of its own."""

    def begin(self) -> None:
        """Begin nothing."""

    def commit(self) -> None:
        """Only write."""
        self._flush()


@attrs.define
class Faults:
    """The library in front of the C library."""

    library: ctypes.CDLL

    def set(self, k: int, fault: tuple[int, bool, bool]) -> None:
        """Let the k-th write from now on fail; 0: none."""
        number, half, lasting = fault
        self.library.fail_at(ctypes.c_long(k), number, int(half), int(lasting))

    def count(self) -> int:
        """Writes since."""
        return int(self.library.writes_seen())


@attrs.define
class Outcome:
    """What came of one kind of fault."""

    writes: int = 0
    silent: int = 0
    damaged: int = 0
    stuck: int = 0

    def __str__(self) -> str:
        return (
            f"failed at each of {self.writes} writes: {self.silent} passed over in silence,"
            f" {self.damaged} stores damaged, {self.stuck} next attempts failed"
        )

    @property
    def clean(self) -> bool:
        """Whether nothing went wrong that must not."""
        return self.writes > 0 and (self.silent, self.damaged, self.stuck) == (0, 0, 0)


def attempt(ledger: Ledger) -> Decision | None:
    """Ask; nothing where that failed."""
    try:
        return ledger.admit(leaving("p-1"), key=KEY)
    except (EpiguardError, sqlite3.Error):  # a broken store raises what it likes
        return None


def is_whole(place: str) -> bool:
    """Whether a ledger that is opened now adds up, and holds the decision once or not at all."""
    try:
        with opened(place) as ledger:
            decided = [each for each in ledger.facts() if each.kind == "crossing-decided" and each.key == KEY]
            held = all(
                ledger._journal.store.holder(claim) == each.position
                for each in decided
                for claim in each.claims
            )
            first = ledger.admit(leaving("p-1"), key=KEY)
            return ledger.verify() is None and len(decided) <= 1 and held and first.effect is Effect.ALLOW
    except (EpiguardError, sqlite3.Error):
        return False


def is_recorded(place: str) -> bool:
    """Whether the decision is found by its key when the ledger is opened now."""
    try:
        with opened(place) as ledger:
            return ledger.keyed(KEY) is not None
    except EpiguardError:  # then it is damaged, which is another question
        return True


def copied(place: str, to: Path) -> str:
    """The files as they are at this moment, which is what a crash would leave."""
    to.mkdir()
    for each in Path(place).parent.glob("site.db*"):
        if not each.name.endswith("-shm"):  # gone with the process that mapped it
            shutil.copy(each, to / each.name)
    return str(to / "site.db")


def every_write(faults: Faults, fault: tuple[int, bool, bool], open_: Open, folder: Path) -> Outcome:
    """Fail at the first write, the second and so on, until an admit needs no more of them."""
    outcome = Outcome()
    for k in itertools.count(1):
        home = folder / str(k)
        home.mkdir()
        place = str(home / "site.db")
        with opened(place) as ledger:
            enrol(ledger, 3)
            ledger.admit(leaving("p-2"))
        with open_(place) as ledger:
            faults.set(k, fault)
            decision = attempt(ledger)
            reached = faults.count()
            faults.set(0, (0, False, False))
            if reached < k and decision is not None:
                return outcome
            outcome.writes += 1
            crashed = copied(place, home / "crash")
            outcome.silent += decision is not None and not is_recorded(crashed)
            outcome.damaged += not is_whole(crashed)
            again = attempt(ledger)
            outcome.stuck += again is None or again.effect is not Effect.ALLOW
        outcome.damaged += not is_whole(place)
        shutil.rmtree(home)
    raise AssertionError


def inside() -> int:
    """Where the library is loaded."""
    faults = Faults(ctypes.CDLL(os.environ["LD_PRELOAD"]))
    verdict = Verdict()
    with tempfile.TemporaryDirectory() as name:
        for number, (what, fault) in enumerate(FAULTS.items()):
            folder = Path(name) / str(number)
            folder.mkdir()
            outcome = every_write(faults, fault, opened, folder)
            verdict.promise(what, kept=outcome.clean, figures=str(outcome))
        for broken in (Deaf, Piecemeal):
            folder = Path(name) / broken.__name__
            folder.mkdir()
            outcome = every_write(
                faults,
                FAULTS["full disk"],
                lambda place, broken=broken: Ledger.open(broken(place), policy=POLICY),  # type: ignore[misc]
                folder,
            )
            what = (broken.__doc__ or "").partition(": ")[2].rstrip(".")
            verdict.control(what, found=not outcome.clean, figures=str(outcome))
    return verdict.end()


def main() -> int:
    """Build the library, and run with it."""
    argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0]).parse_args()
    if "LD_PRELOAD" in os.environ:
        return inside()
    print(f"failing writes on sqlite: {machine()}", flush=True)
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "failing_writes.so"
        compile_ = [os.environ.get("CC", "cc"), "-shared", "-fPIC", "-O2", "-o", str(library)]
        subprocess.run([*compile_, str(HERE / "failing_writes.c"), "-ldl"], check=True)
        environment = {**os.environ, "LD_PRELOAD": str(library)}
        return subprocess.run([sys.executable, __file__], env=environment, check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
