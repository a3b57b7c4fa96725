"""Nothing personal shows by itself: not in what is printed, not in errors, not in envelopes."""

from __future__ import annotations

import sqlite3
import traceback
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest

from epiguard.crossings import Crossing, Traveller, Vehicle
from epiguard.days import TimeSpan
from epiguard.decisions import Override
from epiguard.errors import EpiguardError
from epiguard.facts import DutyAttempted, LeaveGranted, PersonEnrolled, PersonLeft, Registered
from epiguard.ledger import Ledger
from epiguard.people import Person
from epiguard.registrations import Registration
from ledger.community import NOON, OnceADay, Probe, out, policy

CANARIES = (
    "王小明",
    "13800138000",
    "3号楼502室",
    "310112198503121234",
    "沪A12345",
    "血液透析",
    "邻居说他不在",
    "救护车",
)
PERSON = Person(id="p-7", name=CANARIES[0], phones=[CANARIES[1]], residence=CANARIES[2], plates=[CANARIES[4]])
FORM = Registration(id="r-1", source="gate", written={"name": CANARIES[0], "resident_id": CANARIES[3]})


def canaries_in(text: str) -> list[str]:
    """Those that show."""
    return [each for each in CANARIES if each in text]


def fill(ledger: Ledger) -> None:
    """Something of everything that is personal."""
    ledger.record(PersonEnrolled(PERSON), by="cadre-3")
    ledger.record(Registered(FORM), by="cadre-3")
    span = TimeSpan(NOON, NOON + timedelta(hours=4))
    ledger.record(LeaveGranted(person="p-7", span=span, purpose=CANARIES[5]), by="cadre-3")
    crossing = Crossing(
        checkpoint="north",
        direction="out",
        at=NOON,
        travellers=[Traveller(person="p-7"), Traveller(registration=FORM)],
        vehicle=Vehicle(plate=CANARIES[4]),
        purpose=CANARIES[5],
    )
    decision = ledger.admit(crossing, override=Override(reason=CANARIES[7], by="cadre-3"))
    ledger.admit(out())
    tried = DutyAttempted(duty=ledger.duties()[0].duty.id, outcome="no-answer", note=CANARIES[6])
    ledger.record(tried, by="leader-4")
    ledger.cancel(decision.id, by="guard-5", reason=CANARIES[6])
    ledger.record(PersonLeft(person="p-7", reason=CANARIES[6]), by="cadre-3")


def test_nothing_personal_is_printed(open_ledger: Callable[..., Ledger]) -> None:
    """Entries, ledgers, stored entries and what is read show no canary as repr, str or format."""
    ledger = open_ledger(OnceADay)
    fill(ledger)
    stored = ledger._journal.store.after(0, 99)
    shown = [ledger, *ledger.facts(), *stored, *(part for each in stored for part in each.parts)]
    shown += [*ledger.people(), *ledger.duties(state=None), *ledger.alerts(), *ledger.registrations()]
    assert any(canaries_in(each.parts[0].text or "") for each in stored)  # they are there, where they belong
    for each in shown:
        assert canaries_in(f"{each!r} {each} {each:}") == []


def test_envelopes_hold_only_pseudonyms(tmp_path: Path) -> None:
    """Only payload texts hold personal data; every other table and column does not."""
    path = tmp_path / "site.db"
    with Ledger.open(path, policy=policy(OnceADay)) as ledger:
        fill(ledger)
    with closing(sqlite3.connect(path)) as connection:
        tables = [
            name for (name,) in connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        ]
        assert set(tables) == {"entry", "payload", "claim", "caller_key", "site", "snapshot"}
        assert connection.execute("SELECT * FROM snapshot").fetchall() == []  # it is made of payloads
        for table in tables:
            columns = "entry, part, subject, path, salt" if table == "payload" else "*"
            rows = connection.execute(f"SELECT {columns} FROM {table}").fetchall()  # noqa: S608 - of constants
            assert canaries_in(repr(rows)) == []
        texts = connection.execute("SELECT text FROM payload").fetchall()
    assert set(canaries_in(repr(texts))) == set(CANARIES)


def test_errors_repeat_nothing(tmp_path: Path) -> None:
    """Whatever fails, neither the error nor its traceback shows what it was about."""
    path = tmp_path / "site.db"
    with Ledger.open(path, policy=policy(OnceADay, Probe)) as ledger:
        fill(ledger)
        ledger.record(PersonEnrolled(PERSON), by="cadre-3", key="k-1")
        calls: list[Callable[[], object]] = [
            lambda: ledger.record(Registered(FORM), by="cadre-3", key="k-1"),
            lambda: ledger.record(PersonEnrolled(PERSON), by=CANARIES[0] + " "),
            lambda: ledger.record(PERSON, by="cadre-3"),  # type: ignore[arg-type]  # wrong on purpose
            lambda: ledger.record(DutyAttempted(duty=CANARIES[0], outcome="done"), by="cadre-3"),
            lambda: ledger.admit(out(), follows=CANARIES[0]),
            lambda: ledger.admit(out(), key=CANARIES[0] + " "),
            lambda: ledger.cancel(CANARIES[0], by="guard-5", reason="x"),
            lambda: ledger.decision(CANARIES[0]),
        ]
        for call in calls:
            try:
                call()
            except EpiguardError as error:
                shown = "".join(traceback.format_exception(error)) + repr(error) + str(error.args)
                lines = [line for line in shown.splitlines() if "CANARIES" not in line]
                assert canaries_in("\n".join(lines)) == []
            else:
                raise AssertionError


@pytest.mark.parametrize(
    "damage", ["text || '}'", "replace(text, '\"phones\"', '\"fones\"')", "replace(text, '1380', '')"]
)
def test_damage_is_reported_without_the_payload(tmp_path: Path, damage: str) -> None:
    """A payload that no longer fits its kind is named by its entry, never shown."""
    path = tmp_path / "site.db"
    with Ledger.open(path, policy=policy()) as ledger:
        ledger.record(PersonEnrolled(PERSON), by="cadre-3")
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE payload SET text = {damage}")  # noqa: S608 - of constants
    with pytest.raises(EpiguardError) as caught:
        Ledger.open(path, policy=policy())
    assert canaries_in("".join(traceback.format_exception(caught.value))) == []
