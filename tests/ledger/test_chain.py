"""The chain: an entry that was altered, moved or taken out is found, at its position."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from epiguard.ledger import Ledger
from epiguard.ledger._schema import PART_BITS
from ledger.community import NOON, OnceADay, enrolled, fault_at, out, policy

Open = Callable[..., Ledger]


def filled(path: Path) -> None:
    """A ledger of 20 entries by two writers in turn."""
    for turn in range(4):
        with Ledger.open(path, policy=policy(OnceADay), writer="north" if turn % 2 else "main") as ledger:
            for number in range(5):
                ledger.record(enrolled(5 * turn + number), by="cadre-3", recorded_at=NOON)
            assert ledger.verify() is None


def tamper(path: Path, *statements: str) -> None:
    """What somebody with access to the file might do."""
    with closing(sqlite3.connect(path)) as connection, connection:
        for statement in statements:
            connection.execute(statement)


COLUMNS = {
    "writer": "'south'",
    "sequence": "99",
    "kind": "'person-changed'",
    "version": "2",
    "subjects": "'[\"p-99\"]'",
    "occurred_at": "NULL",
    "recorded_at": "'2020-02-15T04:00:00.000000+00:00'",
    "by": "'cadre-4'",
    "key": "'k-1'",
    "claims": "'[\"exit\"]'",
    "digests": "'not json'",
    "previous": "'0'",
    "hash": "'0'",
}


@pytest.mark.parametrize("column", COLUMNS)
def test_every_column_of_the_envelope_is_covered(tmp_path: Path, column: str) -> None:
    """Whatever is altered is found where it was altered, even where it can no longer be read."""
    path = tmp_path / "site.db"
    filled(path)
    with Ledger.open(path, policy=policy(OnceADay)) as ledger:
        tamper(path, f"UPDATE entry SET {column} = {COLUMNS[column]} WHERE position = 7")  # noqa: S608 - of constants
        assert fault_at(ledger) == 7


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE payload SET text = replace(text, '李芳', '李方') WHERE entry = 7",
        "UPDATE payload SET salt = randomblob(16) WHERE entry = 7",
        "UPDATE payload SET subject = 'p-99' WHERE entry = 7",
        "UPDATE payload SET path = 'person' WHERE entry = 7",
        "DELETE FROM payload WHERE entry = 7",
        "INSERT INTO payload (place, subject, path, text, salt) SELECT ONE_MORE, subject, path, text, salt"
        " FROM payload WHERE entry = 8".replace("ONE_MORE", str((7 << PART_BITS) + 1)),
    ],
)
def test_payloads_are_covered(tmp_path: Path, statement: str) -> None:
    """So are their subjects, and how many there are."""
    path = tmp_path / "site.db"
    filled(path)
    with Ledger.open(path, policy=policy(OnceADay)) as ledger:
        tamper(path, statement)
        assert fault_at(ledger) == 7


def test_an_entry_that_was_taken_out_shows_at_the_writers_next(tmp_path: Path) -> None:
    """Entry 10 is the last of its writer's first five; the writer's next stands at 16."""
    path = tmp_path / "site.db"
    filled(path)
    with Ledger.open(path, policy=policy(OnceADay)) as ledger:
        tamper(path, "DELETE FROM payload WHERE entry = 10", "DELETE FROM entry WHERE position = 10")
        assert fault_at(ledger) == 16


def test_entries_that_changed_places_show(tmp_path: Path) -> None:
    """Two of one writer in the other order."""
    path = tmp_path / "site.db"
    filled(path)
    swap = [
        statement.format(new=new, old=old, bits=PART_BITS)
        for new, old in [(99, 7), (7, 8), (8, 99)]
        for statement in (
            "UPDATE entry SET position = {new} WHERE position = {old}",
            "UPDATE payload SET place = {new} << {bits} | part WHERE entry = {old}",
        )
    ]
    with Ledger.open(path, policy=policy(OnceADay)) as ledger:
        tamper(path, *swap)
        assert fault_at(ledger) == 7


def test_a_cut_at_the_end_does_not_show(tmp_path: Path) -> None:
    """As documented: that needs a hash that was kept elsewhere."""
    path = tmp_path / "site.db"
    filled(path)
    with Ledger.open(path, policy=policy(OnceADay)) as ledger:
        tamper(path, "DELETE FROM payload WHERE entry = 20", "DELETE FROM entry WHERE position = 20")
        assert ledger.verify() is None


def test_memory_has_a_chain_too(open_ledger: Open) -> None:
    """Claims, cancellations and follow-ups included."""
    ledger = open_ledger(OnceADay)
    ledger.cancel(ledger.admit(out()).id, by="guard-5", reason="turned back")
    ledger.admit(out("p-7", None))
    assert ledger.verify() is None
