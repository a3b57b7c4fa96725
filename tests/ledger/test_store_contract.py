"""What every store does; a small model in plain dictionaries is run beside both of them."""

from __future__ import annotations

import contextlib
import tempfile
from pathlib import Path

import attrs
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from epiguard.ledger._chain import GENESIS
from epiguard.ledger._memory import MemoryStore
from epiguard.ledger._sqlite import BUNDLE, SqliteStore
from epiguard.ledger._store import ClaimTaken, Store, Stored, StoredPart


def stored(position: int, *, writer: str = "main", key: str | None = None) -> Stored:
    """An entry."""
    return Stored(
        position=position,
        writer=writer,
        sequence=position,
        kind="person-left",
        version=1,
        subjects='["p-1"]',
        occurred_at=None,
        recorded_at="2020-02-14T04:00:00.000000+00:00",
        by="cadre-3",
        key=key,
        claims="[]",
        digests="",
        previous=GENESIS,
        hash=f"{position:064x}",
        parts=(StoredPart("p-1", "", "{}", b"s" * 16), StoredPart("p-2", "a.b", "[]", b"t" * 16)),
    )


def write(store: Store, *entries: Stored, claims: tuple[str, ...] = ()) -> None:
    """One transaction."""
    store.begin()
    for each in entries:
        store.append(each, claims)
    store.commit()


def test_what_was_written_is_read_as_it_was(store: Store) -> None:
    """Envelope and parts come back unchanged, by position, by writer and number, and by key."""
    first, second = stored(1, key="k-1"), stored(2, writer="other")
    write(store, first, second)
    assert store.after(0, 10) == [first, second]
    assert store.after(0, 1) == [first]
    assert store.after(1, 10) == [second]
    assert store.after(2, 10) == []
    assert store.find("other", 2) == second
    assert store.find("main", 2) is None
    assert store.keyed("k-1") == first
    assert store.keyed("k-2") is None


def test_a_store_belongs_to_the_first_site_that_says_so(store: Store) -> None:
    """Whoever asks later is told whose it is; a transaction that is taken back does not change that."""
    assert store.belong_to("caohang") == "caohang"
    assert store.belong_to("caozhong") == "caohang"
    store.begin()
    store.rollback()
    assert store.belong_to("xujing") == "caohang"


def test_what_is_written_is_seen_before_the_commit(store: Store) -> None:
    """Inside a transaction, reading shows what it wrote so far."""
    store.begin()
    store.append(stored(1, key="k-1"))
    assert store.keyed("k-1") == store.find("main", 1) == store.after(0, 9)[0]
    store.rollback()


def test_rollback_leaves_nothing(store: Store) -> None:
    """Entries, keys and claims are gone, and what was released is held again."""
    write(store, stored(1, key="k-1"), claims=("a",))
    store.begin()
    store.release(1)
    store.append(stored(2, key="k-2"), ("a", "b"))
    store.rollback()
    assert [each.position for each in store.after(0, 9)] == [1]
    assert (store.keyed("k-2"), store.find("main", 2)) == (None, None)
    assert (store.holder("a"), store.holder("b")) == (1, None)
    store.rollback()  # harmless
    write(store, stored(2), claims=("b",))


def test_a_claim_is_had_once(store: Store) -> None:
    """The second to want it writes nothing, neither its entry nor its other claims, and may go on."""
    write(store, stored(1), claims=("a",))
    store.begin()
    with pytest.raises(ClaimTaken):
        store.append(stored(2), ("b", "a"))
    assert store.holder("b") is None
    store.append(stored(2), ("c",))
    store.commit()
    assert [store.holder(each) for each in "abc"] == [1, None, 2]
    assert len(store.after(0, 9)) == 2


def test_released_claims_are_free_again(store: Store) -> None:
    """Only those of that entry are."""
    write(store, stored(1), claims=("a", "b"))
    write(store, stored(2), claims=("c",))
    store.begin()
    store.release(1)
    store.commit()
    assert [store.holder(each) for each in "abc"] == [None, None, 2]
    write(store, stored(3), claims=("a",))
    assert store.holder("a") == 3


def test_many_entries_in_one_transaction(store: Store) -> None:
    """More than a bundle of them arrive in order."""
    count = 2 * BUNDLE + 1
    write(store, *(stored(position) for position in range(1, count + 1)))
    assert [each.position for each in store.after(0, count + 1)] == list(range(1, count + 1))


class StoresAgainstModel(RuleBasedStateMachine):
    """Both stores do what lists and dictionaries do that are copied at the beginning of a transaction."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "site.db"
        self.stores: list[Store] = [MemoryStore(), SqliteStore(self.path)]
        self.entries: list[Stored] = []
        self.claims: dict[str, int] = {}
        self.before: tuple[list[Stored], dict[str, int]] | None = None

    def teardown(self) -> None:
        """Close and remove."""
        for each in self.stores:
            each.close()
        self.folder.cleanup()

    @precondition(lambda self: self.before is None)
    @rule()
    def begin(self) -> None:
        """Begin."""
        for each in self.stores:
            each.begin()
        self.before = (list(self.entries), dict(self.claims))

    @precondition(lambda self: self.before is not None)
    @rule(keep=st.booleans())
    def end(self, *, keep: bool) -> None:
        """Commit or roll back."""
        for each in self.stores:
            each.commit() if keep else each.rollback()
        if not keep:
            assert self.before is not None
            self.entries, self.claims = self.before
        self.before = None

    @precondition(lambda self: self.before is not None)
    @rule(claims=st.sets(st.sampled_from("abcd"), max_size=2), keyed=st.booleans())
    def append(self, claims: set[str], *, keyed: bool) -> None:
        """Append, with claims that may be taken."""
        position = len(self.entries) + 1
        entry = stored(position, key=f"k-{position}" if keyed else None)
        free = not claims & self.claims.keys()
        for each in self.stores:
            with contextlib.nullcontext() if free else pytest.raises(ClaimTaken):
                each.append(entry, tuple(claims))
        if free:
            self.entries.append(entry)
            self.claims.update(dict.fromkeys(claims, position))

    @precondition(lambda self: self.before is not None and self.entries)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        """Release the claims of an entry."""
        position = data.draw(st.integers(1, len(self.entries)))
        for each in self.stores:
            each.release(position)
        self.claims = {claim: held for claim, held in self.claims.items() if held != position}

    @precondition(lambda self: self.before is None)
    @rule()
    def reopen(self) -> None:
        """Close the file and open it again."""
        self.stores[1].close()
        self.stores[1] = SqliteStore(self.path)

    @invariant()
    def all_agree(self) -> None:
        """Everything that can be read is what the model says."""
        for each in self.stores:
            assert each.after(0, 1000) == self.entries
            assert {claim: each.holder(claim) for claim in "abcd"} == {
                claim: self.claims.get(claim) for claim in "abcd"
            }
            for entry in self.entries[-2:]:
                assert each.find("main", entry.position) == entry
                assert each.keyed(f"k-{entry.position}") == (entry if entry.key is not None else None)


StoresAgainstModel.TestCase.settings = settings(max_examples=40, stateful_step_count=25, deadline=None)
TestStoresAgainstModel = StoresAgainstModel.TestCase


def test_the_model_notices_a_store_that_forgets_to_release() -> None:
    """A deliberately broken store is caught by what the tests above compare."""

    class Forgetful(MemoryStore):
        def release(self, position: int) -> None:
            """Do nothing."""

    store = Forgetful()
    write(store, stored(1), claims=("a",))
    store.release(1)
    with pytest.raises(ClaimTaken):
        write(store, attrs.evolve(stored(2)), claims=("a",))
