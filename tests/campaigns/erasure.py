"""Canaries: values that are nowhere else, written in all places where a fact holds something personal.

``PYTHONPATH=tests python -m campaigns.erasure 10000`` records that many, erases the people they belong to,
and looks for every one of them in all bytes of all files.
"""

from __future__ import annotations

import json
import re
import sqlite3
import sys
import tempfile
import zlib
from collections.abc import Callable, Collection, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from pathlib import Path

import attrs

from epiguard.crossings import Crossing, Traveller, Vehicle
from epiguard.days import TimeSpan
from epiguard.decisions import Override
from epiguard.facts import (
    AlertClosed,
    CrossingObserved,
    DutyAttempted,
    HouseholdRecorded,
    LeaveGranted,
    MatchConfirmed,
    MatchFound,
    PersonEnrolled,
    PersonLeft,
    Registered,
    WatchListed,
)
from epiguard.identifiers import Document
from epiguard.ledger import Ledger
from epiguard.people import Household, Membership, Person
from epiguard.registrations import Registration
from ledger.community import NOON, OnceADay, StaysIn, fault_at, policy

__all__ = ["EACH", "Erase", "Figures", "by_erase", "by_plain_delete", "run"]

#: How many canaries one person has.
EACH = 17
_CANARY = re.compile(r"zq[0-9]{8}qz|ZQ[0-9]{8}QZ|(?:沪|\\u6caa)A[0-9]{5}")
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be", "gb18030")
SITE = policy(OnceADay, StaysIn)

#: Erases some people of the ledger in a file, which nobody has open.
Erase = Callable[[Path, list[str]], None]


@attrs.frozen
class Figures:
    """What came of it: canaries of the erased and of the others, and how many of each are in the files."""

    erased: int
    left: int
    kept: int
    still_there: int
    first_bad: int | None


def _canaries(person: int) -> Iterator[str]:
    return iter([f"zq{person:05d}{number:03d}qz" for number in range(EACH)])


def _theirs(person: int) -> set[str]:
    return {*_canaries(person), *(each.upper() for each in _canaries(person)), f"沪A{person:05d}"}


def _fill(ledger: Ledger, number: int) -> None:
    """Somebody comes back, is registered, looked for, let out, called, and leaves."""
    person = f"p-{number}"
    one = _canaries(number).__next__
    home = Household(id=f"h-{number}", members=[Membership(person=person)])
    ledger.record(HouseholdRecorded(home), by="cadre-3")
    named = Person(
        id=person, latin_name=one(), documents=[Document(kind="passport", country="NPL", number=f"N{one()}")]
    )
    ledger.record(PersonEnrolled(named), by="cadre-3")
    online = Registration(id=f"r-{number}", source="paper", written={"name": one(), "phone": one()})
    ledger.record(Registered(online), by="cadre-3")
    link = MatchConfirmed if number % 2 else MatchFound
    ledger.record(link(registration=online.id, person=person), by="cadre-3")
    day = TimeSpan(NOON, NOON + timedelta(hours=4))
    ledger.record(LeaveGranted(person=person, span=day, purpose=one()), by="cadre-3")
    until = NOON.date() + timedelta(days=3)
    ledger.record(WatchListed(person=person, reason=one(), until=until), by="cadre-3")
    at_gate = Registration(id=f"g-{number}", source="gate", written={"name": one()}, person=person)
    party = [Traveller(person=person), Traveller(person="p-stays"), Traveller(registration=at_gate)]
    asked = Crossing(
        checkpoint="north",
        direction="out",
        at=NOON,
        travellers=party,
        vehicle=Vehicle(plate=f"沪A{number:05d}"),
        purpose=one(),
    )
    decision = ledger.admit(asked, override=Override(reason=one(), by="cadre-3"))
    ledger.cancel(decision.id, by="guard-5", reason=one())
    ledger.record(CrossingObserved(attrs.evolve(asked, purpose=one())), by="door-7")
    again = ledger.admit(attrs.evolve(asked, purpose=one(), travellers=[Traveller(person=person)]))
    tried = DutyAttempted(duty=again.duties[0].id, outcome="no-answer", note=one())
    ledger.record(tried, by="leader-4")
    alert = next((each for each in ledger.alerts() if each.subject == person), None)
    if alert is not None:
        ledger.record(AlertClosed(alert=alert.id, outcome=one()), by="leader-4")
    ledger.record(PersonLeft(person=person, reason=one()), by="cadre-3")


def by_erase(path: Path, people: list[str]) -> None:
    """What a host does."""
    with Ledger.open(path, policy=SITE) as ledger:
        ledger.register_index(PlainIndex(path.with_name("people.index"), ledger))
        ledger.erase_all(dict.fromkeys(people, "asked for it"), by="cadre-3")


def by_plain_delete(path: Path, people: list[str]) -> None:
    """The deliberately broken control: to whoever asks the database it is gone, from the file it is not."""
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("PRAGMA secure_delete = OFF")
        empty = "UPDATE payload SET text = NULL, salt = NULL WHERE subject = ?"
        for person in people:
            forms = [f"form:{kind}-{person.removeprefix('p-')}" for kind in "rg"]
            for subject in (person, f"h-{person.removeprefix('p-')}", *forms):
                connection.execute(empty, (subject,))


def found_in(folder: Path) -> set[str]:
    """Every canary in any byte of any file."""
    return {found for file in folder.iterdir() for found in canaries_in(file.read_bytes())}


def canaries_in(data: bytes) -> set[str]:
    """Every canary in some bytes: in four encodings, escaped as in JSON, compressed."""
    found: set[str] = set()
    for piece in (data, *_unpacked(data)):
        for encoding in _ENCODINGS:
            for start in range(2 if encoding.startswith("utf-16") else 1):
                found |= set(_CANARY.findall(piece[start:].decode(encoding, errors="replace")))
    return {each.replace("\\u6caa", "沪") for each in found}


def _unpacked(data: bytes) -> Iterator[bytes]:
    for match in re.finditer(b"\x78[\x01\x5e\x9c\xda]", data):
        with suppress(zlib.error):
            yield zlib.decompressobj().decompress(data[match.start() :], 1 << 20)


class PlainIndex:
    """A match index as simple as can be: a file with a line for everybody, compressed.

    Args:
        path: The file.
        ledger: Whose people are in it.
    """

    def __init__(self, path: Path, ledger: Ledger) -> None:
        self.path = path
        people = [[each.id, each.latin_name.value if each.latin_name else ""] for each in ledger.people()]
        self._write(people)

    def compact(self, erased: Collection[str]) -> None:
        """Write it without them."""
        self._write(
            [row for row in json.loads(zlib.decompress(self.path.read_bytes())) if row[0] not in erased]
        )

    def _write(self, rows: list[list[str]]) -> None:
        self.path.write_bytes(zlib.compress(json.dumps(rows).encode()))


def run(folder: Path, canaries: int, erase: Erase = by_erase) -> Figures:
    """Record canaries, erase two people of three, and look.

    Args:
        folder: An empty one.
        canaries: How many are erased at least.
        erase: What is tried.
    """
    path, people = folder / "site.db", 2 * -(-canaries // (EACH - 1))
    with Ledger.open(path, policy=SITE) as ledger, ledger.batch():
        ledger.record(PersonEnrolled(Person(id="p-stays")), by="cadre-3")
        for number in range(people):
            _fill(ledger, number)
    written = found_in(folder)
    gone = [number for number in range(people) if number % 2 == 0 or number % 3 == 0]
    theirs = {each for number in gone for each in _theirs(number)} & written
    erase(path, [f"p-{number}" for number in gone])
    still = found_in(folder)
    with Ledger.open(path, policy=SITE) as ledger:
        bad = fault_at(ledger)
        found = still | found_in(folder)  # and with the log that belongs to an open file
    return Figures(
        erased=len(theirs),
        left=len(theirs & found),
        kept=len(written - theirs),
        still_there=len((written - theirs) & found),
        first_bad=bad,
    )


def main() -> int:
    """Run it and print the figures."""
    canaries = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    failed = 0
    for name, erase in (("Ledger.erase", by_erase), ("control: plain delete", by_plain_delete)):
        with tempfile.TemporaryDirectory() as folder:
            figures = run(Path(folder), canaries, erase)
        sys.stdout.write(f"{name:<24} {figures}\n")
        holds = figures.left == 0 and figures.still_there == figures.kept and figures.first_bad is None
        failed += holds is (erase is by_plain_delete)
    return failed


if __name__ == "__main__":
    sys.exit(main())
