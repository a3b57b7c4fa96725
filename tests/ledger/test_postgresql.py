"""What only the store on PostgreSQL must do: connections break, servers give way, addresses hold secrets."""

from __future__ import annotations

import contextlib
import logging
import sys
import threading
import traceback
from collections.abc import Callable

import psycopg
import pytest

from epiguard.decisions import Effect
from epiguard.errors import LedgerError
from epiguard.ledger import GaveWay, Ledger
from epiguard.ledger import _postgresql as module
from epiguard.ledger._postgresql import PostgresqlStore
from epiguard.ledger._postgresql_schema import MIGRATIONS, migrate
from epiguard.testing import stored_entry
from ledger.community import RECORDED, OnceADay, enrolled, out, policy


@pytest.fixture
def address(new_address: Callable[[], str]) -> str:
    """An empty schema."""
    return new_address()


def opened(address: str) -> Ledger:
    """A ledger there."""
    return Ledger.open(address, policy=policy(OnceADay), clock=lambda: RECORDED)


def other(address: str) -> psycopg.Connection:
    """Somebody else's connection."""
    return psycopg.connect(address, autocommit=True)


def cut(address: str) -> None:
    """End all other connections of the schema, as a restart of the server does."""
    with other(address) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE query LIKE '%epiguard_%' AND pid <> pg_backend_pid()"
        )


# The address


@pytest.mark.parametrize(
    ("change", "to"),
    [
        (":Ka1-", ":Ka2-"),
        ("127.0.0.1:", "127.0.0.1:x"),
        ("?", "?kein=schluessel&"),
        ("/postgres?", "/nowhere?"),
    ],
)
def test_no_message_repeats_the_password(
    address: str, change: str, to: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever is wrong with the address: not in the error, nor in what it came from, nor in a log."""
    wrong = address.replace(change, to, 1)
    password = wrong.partition("guard:")[2].partition("@")[0]
    assert len(password) > 8
    with pytest.raises(LedgerError, match="ledger on PostgreSQL") as caught:
        opened(wrong)
    logging.getLogger("test").error("cannot open", exc_info=caught.value)
    shown = [str(caught.value), repr(caught.value), caplog.text, *traceback.format_exception(caught.value)]
    assert not any(password in each for each in shown)
    assert caught.value.__context__ is None


def test_no_repr_shows_the_password(address: str) -> None:
    """Neither of the ledger nor of its store."""
    password = address.partition("guard:")[2].partition("@")[0]
    with opened(address) as ledger:
        assert password not in repr(ledger)
        assert password not in repr(ledger._journal.store)


def test_a_missing_driver_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """With what to install."""
    monkeypatch.setitem(sys.modules, "psycopg", None)
    with pytest.raises(LedgerError, match=r"pip install 'epiguard\[postgresql\]'"):
        opened("postgresql://localhost/site")


def test_an_old_server_is_refused(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """By its version."""
    monkeypatch.setattr(module, "OLDEST", 990000)
    with pytest.raises(LedgerError, match="expected PostgreSQL 99 or later, got version"):
        opened(address)


def test_a_database_that_cannot_hold_chinese_is_refused(postgresql: str) -> None:
    """It would be found out at the first name otherwise."""
    with other(postgresql) as connection:
        connection.execute("CREATE DATABASE old ENCODING 'SQL_ASCII' TEMPLATE template0 LOCALE 'C'")
        try:
            with pytest.raises(LedgerError, match="expected a database in UTF8, got SQL_ASCII"):
                opened(postgresql.replace("/postgres", "/old"))
        finally:
            connection.execute("DROP DATABASE old WITH (FORCE)")


def test_a_schema_that_is_not_there_is_an_error(address: str) -> None:
    """Tables are made in it, not beside it."""
    with pytest.raises(LedgerError, match="its error 3F000"):
        opened(address.partition("search_path")[0] + "search_path%3Dnowhere")


# Versions


def test_a_later_version_is_refused(address: str) -> None:
    """And told apart from a damaged one."""
    opened(address).close()
    with other(address) as connection:
        connection.execute("UPDATE epiguard_ledger SET version = 99")
    with pytest.raises(LedgerError, match="got version 99; a later release of epiguard wrote it"):
        opened(address)


def test_an_earlier_version_is_brought_forward(address: str) -> None:
    """All of a step or nothing of it, once, with everything in it kept."""
    with opened(address) as ledger:
        ledger.record(enrolled(1), by="cadre-3")
    more = (*MIGRATIONS, "ALTER TABLE epiguard_entry ADD note text; INSERT INTO epiguard_nowhere VALUES (1)")
    with other(address) as connection:
        with pytest.raises(psycopg.errors.UndefinedTable):
            migrate(connection, "test", more)
        migrate(connection, "test", (*MIGRATIONS, "ALTER TABLE epiguard_entry ADD note text"))
        assert connection.execute("SELECT version FROM epiguard_ledger").fetchone() == (len(MIGRATIONS) + 1,)
        assert connection.execute("SELECT note FROM epiguard_entry").fetchall() == [(None,)]


# Connections that break


def test_a_connection_that_was_lost_is_made_anew(address: str) -> None:
    """Between two calls nothing is lost: reading and writing go on."""
    with opened(address) as ledger:
        ledger.record(enrolled(1), by="cadre-3")
        cut(address)
        assert ledger.position == 1
        cut(address)
        assert ledger.admit(out("p-1")).effect is Effect.ALLOW


def test_a_connection_lost_in_a_batch_ends_the_batch(address: str) -> None:
    """Nothing of it is kept, the error says so, and the next attempt succeeds."""

    def batch() -> None:
        with ledger.batch():
            ledger.record(enrolled(1), by="cadre-3")
            cut(address)
            ledger.record(enrolled(2), by="cadre-3", key="k-2")

    with opened(address) as ledger:
        with pytest.raises(LedgerError, match=r"its error 57P01|no answer from it"):
            batch()
        assert ledger.position == 0
        ledger.record(enrolled(1), by="cadre-3")
        assert ledger.verify() is None


def test_a_failed_statement_that_was_passed_over_keeps_nothing(address: str) -> None:
    """The server would turn the commit into a rollback without a word; here it is an error."""
    store = PostgresqlStore(address)
    store.begin()
    store.append(stored_entry(1))
    with pytest.raises(LedgerError, match="its error 42883"):
        store.keyed(7)  # type: ignore[arg-type]  # fails on the server
    with pytest.raises(LedgerError, match=r"one in which a statement failed|InFailedSqlTransaction"):
        store.commit()
    store.rollback()
    assert store.after(0, 9) == []
    store.close()


def test_whoever_waits_too_long_is_told(address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another one's batch is the reason; nothing was recorded."""
    with opened(address) as one:
        monkeypatch.setattr(module, "_SESSION", "SET lock_timeout = '50ms'")
        with opened(address) as two, one.batch():
            with pytest.raises(LedgerError, match=r"its error 55P03.*writing for too long"):
                two.record(enrolled(1), by="cadre-3")
            one.record(enrolled(2), by="cadre-3")
        assert one.position == 1


# A server that gives way


def failing(connection: psycopg.Connection, code: str, times: int) -> None:
    """Let the server refuse the next claims with a code; a sequence is not taken back with a transaction."""
    connection.execute(
        f"""
        CREATE SEQUENCE refused;
        CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
            IF nextval('refused') <= {times} THEN
                RAISE EXCEPTION 'try again' USING ERRCODE = '{code}';
            END IF;
            RETURN NEW;
        END $$;
        CREATE TRIGGER refuse BEFORE INSERT ON epiguard_claim FOR EACH ROW EXECUTE FUNCTION refuse()
        """
    )


@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_what_the_server_dropped_is_done_again(address: str, code: str) -> None:
    """A decision and a cancellation arrive, once."""
    with opened(address) as ledger, other(address) as connection:
        failing(connection, code, times=3)
        decision = ledger.admit(out("p-1"), key="k-1")
        assert decision.effect is Effect.ALLOW
        ledger.cancel(decision.id, by="guard-5", reason="turned back")
        assert next(each.kind for each in ledger.facts()) == "crossing-decided"
        assert ledger.position == 3 + 1  # the duty of the decision, and its closing
        assert ledger.verify() is None


def test_a_server_that_always_gives_way_is_an_error(address: str) -> None:
    """After a few attempts; nothing is recorded, and nobody was let through."""
    with opened(address) as ledger, other(address) as connection:
        failing(connection, "40001", times=1000)
        with pytest.raises(GaveWay, match="its error 40001"):
            ledger.admit(out("p-1"))
        assert ledger.position == 0


def test_a_batch_is_not_done_again_by_itself(address: str) -> None:
    """Only the caller knows what belongs to it; it is told to try again."""

    def batch() -> None:
        with ledger.batch():
            ledger.record(enrolled(1), by="cadre-3")
            ledger.admit(out("p-1"))

    with opened(address) as ledger, other(address) as connection:
        failing(connection, "40P01", times=1)
        with pytest.raises(GaveWay, match="nothing was recorded; try again"):
            batch()
        assert ledger.position == 0
        batch()
        assert ledger.position == 3
        assert ledger.verify() is None


def test_a_real_deadlock_is_survived(address: str) -> None:
    """Somebody who locks our tables in the wrong order makes us wait, and costs no decision."""
    with opened(address) as ledger, other(address) as rude:
        rude.execute("BEGIN")
        rude.execute("LOCK TABLE epiguard_claim IN ACCESS EXCLUSIVE MODE")
        effects: list[Effect] = []
        asking = threading.Thread(target=lambda: effects.append(ledger.admit(out("p-1")).effect))
        asking.start()
        with other(address) as watch:  # until the gate waits for the claims
            while not watch.execute("SELECT FROM pg_locks WHERE NOT granted").fetchall():
                pass
        rude.execute("SET lock_timeout = '20s'")
        with contextlib.suppress(psycopg.errors.DeadlockDetected):  # the server may choose either
            rude.execute("SELECT FROM epiguard_ledger FOR UPDATE")  # which the gate holds: a deadlock
        rude.execute("ROLLBACK")
        asking.join(60)
        assert effects == [Effect.ALLOW]
