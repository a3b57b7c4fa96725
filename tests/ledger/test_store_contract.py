"""Our three stores keep the contract that hosts can run on theirs, and the contract finds broken ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from epiguard.ledger import ClaimTaken, Store, Stored
from epiguard.ledger._memory import MemoryStore
from epiguard.ledger._postgresql import PostgresqlStore
from epiguard.ledger._sqlite import SqliteStore
from epiguard.testing import StoreContract


class TestMemoryStore(StoreContract):
    """The one in memory."""

    shared = False

    def new_place(self) -> Callable[[], Store]:
        """Nothing is shared."""
        return MemoryStore


class TestSqliteStore(StoreContract):
    """A file."""

    @pytest.fixture(autouse=True)
    def _folder(self, tmp_path: Path) -> None:
        self.folder, self.count = tmp_path, 0

    def new_place(self) -> Callable[[], Store]:
        """A file of its own."""
        self.count += 1
        path = self.folder / f"{self.count}.db"
        return lambda: SqliteStore(path)


class TestPostgresqlStore(StoreContract):
    """A server."""

    examples = 20

    @pytest.fixture(autouse=True)
    def _server(self, new_address: Callable[[], str]) -> None:
        self.new_address = new_address

    def new_place(self) -> Callable[[], Store]:
        """A schema of its own."""
        address = self.new_address()
        return lambda: PostgresqlStore(address)


# Deliberately broken ones: each must be found out by the contract.


class Forgetful(MemoryStore):
    """Releases nothing."""

    def release(self, position: int) -> None:
        """Do nothing."""


class Generous(MemoryStore):
    """Gives a claim to everybody."""

    def append(self, stored: Stored, claims: Sequence[str] = ()) -> None:
        """Free what is held."""
        for claim in claims:
            self._claims.pop(claim, None)
        super().append(stored, claims)


class Hasty(MemoryStore):
    """Keeps what was rolled back."""

    def rollback(self) -> None:
        """Keep it."""
        self.commit()


class Rude(SqliteStore):
    """Takes the lock at its first write, so that two can look at the same time."""

    def begin(self) -> None:
        """Take no lock."""
        self._connection.execute("BEGIN DEFERRED")


class Half(MemoryStore):
    """Takes the claims it can get, also where it cannot have all."""

    def append(self, stored: Stored, claims: Sequence[str] = ()) -> None:
        """Take some."""
        for claim in claims:
            if claim in self._claims:
                raise ClaimTaken
            self._claims[claim] = stored.position
        super().append(stored)


def failures(contract: type[StoreContract]) -> list[str]:
    """The names of the tests of a contract that fail."""
    found = []
    for name in (each for each in dir(contract) if each.startswith("test_")):
        try:
            getattr(contract(), name)()
        except Exception:  # noqa: BLE001 - a broken store fails in its own way
            found.append(name)
    return found


@pytest.mark.parametrize("broken", [Forgetful, Generous, Hasty, Half])
def test_the_contract_finds_a_broken_store(broken: type[MemoryStore]) -> None:
    """By an example and by the model, each."""

    class Broken(StoreContract):
        shared = False
        examples = 200

        def new_place(self) -> Callable[[], Store]:
            return broken

    found = failures(Broken)
    assert "test_random_histories_agree_with_a_model" in found
    assert len(found) >= 2


def test_the_contract_finds_a_store_whose_writers_do_not_take_turns(tmp_path: Path) -> None:
    """A deferred lock is found out, whatever it does to the contest."""

    class Broken(StoreContract):
        count = 0

        def new_place(self) -> Callable[[], Store]:
            Broken.count += 1
            path = tmp_path / f"{Broken.count}.db"
            return lambda: Rude(path)

        def test_random_histories_agree_with_a_model(self) -> None:
            """Left out: one writer alone shows nothing."""

    assert "test_writers_take_turns" in failures(Broken)


def test_the_contract_passes_a_good_store() -> None:
    """So what it says of broken ones means something."""

    class Good(StoreContract):
        shared = False

        def new_place(self) -> Callable[[], Store]:
            return MemoryStore

    assert failures(Good) == []
