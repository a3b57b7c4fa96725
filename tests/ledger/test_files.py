"""Ledger files: private, versioned, opened again as they were, and refused where they are not ours."""

from __future__ import annotations

import os
import re
import sqlite3
import stat
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from epiguard.decisions import Effect
from epiguard.duties import Outcome
from epiguard.errors import EpiguardError, InvalidValueError, LedgerError
from epiguard.facts import (
    CrossingDecided,
    CrossingObserved,
    DecisionCancelled,
    DutyAttempted,
    Fact,
    LeaveGranted,
    PassIssued,
    PersonEnrolled,
    PersonLeft,
    QuarantineOrdered,
)
from epiguard.ledger import Ledger
from epiguard.ledger._chain import hash_of
from epiguard.ledger._rows import part_rows
from epiguard.ledger._schema import MIGRATIONS, migrate
from epiguard.ledger._sqlite import SqliteStore
from epiguard.people import Person
from epiguard.policy import Policy
from epiguard.situation import State
from epiguard.testing import FACTS, facts
from ledger.community import (
    NOON,
    WANG,
    Calls,
    Fails,
    OnceADay,
    StaysIn,
    enrolled,
    out,
    period,
    policy,
    summary,
)

Open = Callable[..., Ledger]


def test_a_ledger_opened_again_adds_up_to_the_same(tmp_path: Path) -> None:
    """People, periods, duties, alerts, crossings: all of it, and the next id goes on."""
    rules, path = (OnceADay, StaysIn, Calls, Fails), tmp_path / "site.db"
    with Ledger.open(path, policy=policy(*rules)) as ledger:
        with ledger.batch():
            ledger.sync_people([WANG], as_of=NOON)
            for number in range(30):
                ledger.record(enrolled(number), by="cadre-3")
                ledger.admit(out(f"p-{number}", None, at=NOON + timedelta(seconds=number)))
        ledger.record(QuarantineOrdered(period(), at=NOON), by="cadre-3")
        ledger.record(DutyAttempted(duty=ledger.duties()[0].duty.id, outcome=Outcome.NO_ANSWER), by="x")
        ledger.record(CrossingObserved(out("p-3")), by="door-7")
        ledger.record(PersonLeft(person="p-4", reason="moved", at=NOON), by="cadre-3")
        before, entries = summary(ledger.state), list(ledger.facts())
    with Ledger.open(path, policy=policy(*rules)) as ledger:
        assert summary(ledger.state) == before
        assert list(ledger.facts()) == entries
        assert ledger.record(enrolled(99), by="cadre-3").position == len(entries) + 1


recordable = [facts(kind) for kind in FACTS if kind not in (CrossingDecided, DecisionCancelled)]


@given(facts=st.lists(st.one_of(recordable), max_size=20))
@settings(
    max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture]
)  # each example writes its own
def test_any_facts_add_up_to_the_same(tmp_path_factory: pytest.TempPathFactory, facts: list[Fact]) -> None:
    """The file adds up to what the recorded facts do by themselves; what is refused leaves nothing."""
    path = tmp_path_factory.mktemp("any") / "site.db"
    site = policy()
    kept = State(site.site)
    with Ledger.open(path, policy=site, clock=lambda: NOON) as ledger:
        for fact in facts:
            try:
                ledger.record(fact, by="cadre-3")
            except EpiguardError:
                continue
            kept.apply(fact, NOON)
        assert summary(ledger.state) == summary(kept)
    with Ledger.open(path, policy=site) as ledger:
        assert summary(ledger.state) == summary(kept)
        assert ledger.verify() is None


def test_a_new_file_is_its_owners(tmp_path: Path) -> None:
    """Nobody else may read it, nor what SQLite writes beside it."""
    path = tmp_path / "site.db"
    with Ledger.open(path, policy=policy()) as ledger:
        ledger.record(enrolled(1), by="cadre-3")
        files = sorted(tmp_path.iterdir())
        assert len(files) == 3
        if sys.platform != "win32":
            assert {stat.S_IMODE(each.stat().st_mode) for each in files} == {0o600}
    assert list(tmp_path.iterdir()) == [path]


def test_the_file_is_opened_for_safety(tmp_path: Path) -> None:
    """Write-ahead, full sync, deleted content overwritten."""
    store = SqliteStore(tmp_path / "site.db")
    pragmas = ("journal_mode", "synchronous", "secure_delete", "user_version")
    values = [store._connection.execute(f"PRAGMA {each}").fetchone()[0] for each in pragmas]
    store.close()
    assert values == ["wal", 2, 1, len(MIGRATIONS)]


def test_a_later_version_is_refused(tmp_path: Path) -> None:
    """The message says which version it is, and what to do; the file is left as it is."""
    path = tmp_path / "site.db"
    Ledger.open(path, policy=policy()).close()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA user_version = 99")
    with pytest.raises(LedgerError) as caught:
        Ledger.open(path, policy=policy())
    assert str(caught.value) == (
        f"ledger file 'site.db': expected a ledger of schema version {len(MIGRATIONS)} or before,"
        " got version 99; a later release of epiguard wrote it: install that release"
    )


def test_migrations_run_once_and_forward(tmp_path: Path) -> None:
    """An earlier version gets what it lacks, in one transaction; where that fails, it is as it was."""
    path = tmp_path / "site.db"
    Ledger.open(path, policy=policy()).close()
    ran: list[str] = []

    def second(connection: sqlite3.Connection) -> None:
        connection.execute("CREATE TABLE later (x)")
        ran.append("second")

    def broken(_: sqlite3.Connection) -> None:
        raise RuntimeError

    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        with pytest.raises(RuntimeError):
            migrate(connection, "x", (*MIGRATIONS, second, broken))
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS),)
        for _ in range(2):
            migrate(connection, "x", (*MIGRATIONS, second))
        assert connection.execute("PRAGMA user_version").fetchone() == (len(MIGRATIONS) + 1,)
    assert ran == ["second", "second"]  # once in the attempt that was taken back


OTHER = Policy.loads('site = {id = "caozhong", zone = "Asia/Shanghai"}')


def test_the_ledger_of_another_site_is_refused(tmp_path: Path) -> None:
    """Two sites never share one record; the message names both, and what to do."""
    path = tmp_path / "site.db"
    with Ledger.open(path, policy=policy()) as ledger:
        ledger.record(enrolled(1), by="cadre-3")
    with pytest.raises(LedgerError) as caught:
        Ledger.open(path, policy=OTHER)
    assert str(caught.value) == (
        "Ledger.open(policy=): expected the policy of site 'caohang', whose ledger this is,"
        " got the policy of site 'caozhong'; open the ledger of that site, or a new file;"
        " for epiguard day name another folder with --out"
    )
    with Ledger.open(path, policy=policy()) as ledger:
        assert ledger.position == 1


def of_version(version: int, path: Path, like: Path) -> None:
    """Write a file of an earlier version with all that one of today holds."""
    with closing(SqliteStore(like)) as today, closing(sqlite3.connect(path, isolation_level=None)) as then:
        migrate(then, "x", MIGRATIONS[:version])
        names = [row[1] for row in then.execute("PRAGMA table_info(entry)")]
        for stored in today.after(0, 1000):
            if "stamp" not in names:
                stored = attrs.evolve(stored, hash=hash_of(attrs.evolve(stored, stamp="")))  # noqa: PLW2901 - as it was
            row = [getattr(stored, name) for name in names]
            then.execute(f"INSERT INTO entry VALUES ({', '.join('?' * len(row))})", row)  # noqa: S608 - of marks only
            then.executemany("INSERT INTO payload VALUES (?, ?, ?, ?, ?, ?)", part_rows(stored))
        for table in ("claim", "caller_key"):
            rows = today._connection.execute(f"SELECT * FROM {table}").fetchall()  # noqa: S608 - a constant
            then.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)  # noqa: S608 - a constant


def test_a_ledger_of_the_first_version_belongs_to_the_site_that_opens_it_next(tmp_path: Path) -> None:
    """Files from before sites and stamps were noted go on working, are that site's, and verify."""
    path = tmp_path / "old.db"
    with Ledger.open(tmp_path / "site.db", policy=policy()) as ledger:
        ledger.record(enrolled(1), by="cadre-3")
    of_version(1, path, tmp_path / "site.db")
    with Ledger.open(path, policy=policy()) as ledger:
        assert ledger.verify() is None
        assert (ledger.position, ledger.verify()) == (1, None)
    with pytest.raises(LedgerError, match="whose ledger this is"):
        Ledger.open(path, policy=OTHER)


@pytest.mark.parametrize("merged", [False, True])
def test_a_ledger_of_the_fourth_version_is_carried_over(tmp_path: Path, *, merged: bool) -> None:
    """Entries, parts, claims and keys are as they were, in their order; what is held is still held."""
    path, site = tmp_path / "old.db", policy(OnceADay, StaysIn, Calls)
    with Ledger.open(tmp_path / "site.db", policy=site) as ledger:
        ledger.record(enrolled(1), by="cadre-3", key="k-1", recorded_at=NOON)
        decision = ledger.admit(out("p-1", None), key="k-2", recorded_at=NOON + timedelta(hours=2))
        ledger.cancel(ledger.admit(out("p-2", "p-3")).id, by="guard-5", reason="turned back")
        if merged:
            with Ledger.open(tmp_path / "south.db", policy=site, writer="south") as south:
                south.record(enrolled(4), by="cadre-3", key="k-3", recorded_at=NOON + timedelta(hours=1))
            ledger.merge(tmp_path / "south.db")
    of_version(4, path, tmp_path / "site.db")
    with Ledger.open(tmp_path / "site.db", policy=site) as today, Ledger.open(path, policy=site) as carried:
        assert list(carried.facts()) == list(today.facts())
        assert summary(carried.state) == summary(today.state)
        assert carried.verify() is None
        stores = [each._journal.store for each in (today, carried)]
        in_order = [store.ordered(None, 100, store.last()) for store in stores]
        assert in_order[0] == in_order[1] == sorted(in_order[0], key=lambda stored: stored.order)
        assert carried.admit(out("p-1", None), key="k-2") == decision
        assert carried.admit(out("p-1")).effect is Effect.HOLD
        assert carried.admit(out("p-2", "p-3")).effect is Effect.ALLOW
        carried.erase("p-1", reason="asked for it", by="cadre-3")
        assert carried.verify() is None


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    """And not changed."""
    path = tmp_path / "other.db"
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE t (x)")
    before = path.read_bytes()
    with pytest.raises(LedgerError, match="another program's database"):
        Ledger.open(path, policy=policy())
    assert path.read_bytes() == before


@pytest.mark.parametrize("what", ["text", "folder", "nowhere"])
def test_what_is_no_ledger_is_refused(tmp_path: Path, what: str) -> None:
    """A text file, a folder, a file in a folder that is not there: each with one clear error."""
    path = tmp_path / "site.db"
    if what == "text":
        path.write_text("no database " * 100)
    elif what == "folder":
        path.mkdir()
    else:
        path = path / "site.db"
    with pytest.raises(LedgerError, match=r"ledger file 'site\.db'") as caught:
        Ledger.open(path, policy=policy())
    # In words: whoever reads it need not know what Python or SQLite calls it.
    words = {
        "text": "got a file that is no ledger",
        "folder": "got one that cannot be opened",
        "nowhere": "got ",
    }
    assert words[what] in str(caught.value)
    assert not re.search(r"got \w*Error", str(caught.value))


@pytest.mark.parametrize("target", ["", None, 7, 1.5])
def test_a_target_is_a_path(target: Any) -> None:
    """Or an address, a store, or memory; nothing else is."""
    with pytest.raises(LedgerError, match="the path of a file, the address of a PostgreSQL server"):
        Ledger.open(target, policy=policy())


def test_policy_and_writer_are_checked(tmp_path: Path) -> None:
    """Before anything is recorded."""
    with pytest.raises(InvalidValueError, match=r"Ledger\.open\(policy=\)"):
        Ledger.open(tmp_path / "site.db", policy="caohang.toml")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(InvalidValueError, match=r"Ledger\.open\(writer=\)"):
        Ledger.open(tmp_path / "site.db", policy=policy(), writer="")


def test_a_damaged_entry_is_named(tmp_path: Path) -> None:
    """Opening stops with the entry's id."""
    path = tmp_path / "site.db"
    with Ledger.open(path, policy=policy()) as ledger:
        ledger.record(enrolled(1), by="cadre-3")
        ledger.record(enrolled(2), by="cadre-3")
    for damage in ("UPDATE payload SET text = '{' WHERE entry = 2", "DELETE FROM payload WHERE entry = 2"):
        with closing(sqlite3.connect(path)) as connection, connection:
            connection.execute(damage)
        with pytest.raises(LedgerError, match=r"ledger entry main-2: .* restore the ledger from a backup"):
            Ledger.open(path, policy=policy())


def test_two_ledgers_on_one_file_see_each_other(tmp_path: Path) -> None:
    """What one records the other knows at its next call; writers count for themselves."""
    path, site = tmp_path / "site.db", policy(OnceADay)
    with Ledger.open(path, policy=site) as one, Ledger.open(path, policy=site, writer="north") as other:
        one.record(enrolled(1), by="cadre-3")
        assert [each.id for each in other.people()] == ["p-1"]
        assert other.record(enrolled(2), by="cadre-3").id == "north-1"
        assert one.admit(out()).id == "main-2"
        assert other.admit(out()).effect.value == "hold"
        one.cancel("main-2", by="guard-5", reason="turned back")
        assert other.admit(out()).effect.value == "allow"
        assert summary(one.state) == summary(other.state)
        assert one.verify() is other.verify() is None


def test_many_threads_open_one_new_file(tmp_path: Path) -> None:
    """All of them succeed, and the tables are made once."""
    path, site = tmp_path / "site.db", policy()
    barrier = threading.Barrier(8)
    problems: list[BaseException] = []

    def work(number: int) -> None:
        try:
            barrier.wait(10)
            with Ledger.open(path, policy=site, writer=f"w-{number}") as ledger:
                ledger.record(enrolled(number), by="cadre-3")
        except BaseException as error:  # noqa: BLE001 - reported below, in the main thread
            problems.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(8)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(60)
    assert problems == []
    with Ledger.open(path, policy=site) as ledger:
        assert ledger.position == 8


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork here")
def test_a_fork_is_refused(tmp_path: Path) -> None:
    """A ledger belongs to the process that opened it; the child gets an error, the parent goes on."""
    with Ledger.open(tmp_path / "site.db", policy=policy()) as ledger:
        real = ledger._journal._process
        ledger._journal._process = real + 1  # as a child sees it, without the dangers of a real one
        with pytest.raises(LedgerError, match="open a ledger of its own in every process"):
            ledger.record(enrolled(1), by="cadre-3")
        ledger._journal._process = real
        ledger.record(enrolled(1), by="cadre-3")


def test_passes_and_leave_survive(tmp_path: Path) -> None:
    """Every kind that only a slice shows is there after opening again."""
    path = tmp_path / "site.db"

    @given(issued=facts(PassIssued), leave=facts(LeaveGranted))
    @settings(max_examples=10)
    def check(issued: Fact, leave: Fact) -> None:
        with Ledger.open(path, policy=policy()) as ledger:
            assert isinstance(issued, PassIssued)
            assert isinstance(leave, LeaveGranted)
            for person in (issued.exit_pass.person, leave.person):
                ledger.record(PersonEnrolled(Person(id=person)), by="cadre-3")
            ledger.record(issued, by="cadre-3")
            ledger.record(leave, by="cadre-3")
            before = summary(ledger.state)
        with Ledger.open(path, policy=policy()) as ledger:
            assert summary(ledger.state) == before

    check()
