"""What every store of a ledger must do, as tests that anybody can run on theirs."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager

from epiguard.ledger import ClaimTaken, Store
from epiguard.testing._store_entries import append, positions, stored_entry, write
from epiguard.testing._store_model import agree_with_model

__all__ = ["StoreContract"]

#: How long a test waits for another thread before it says that the store hangs, in seconds.
PATIENCE = 60.0

#: How long a test lets another thread try what it must not get, in seconds.
MOMENT = 0.2

#: How many entries each of two threads writes at once in a contest.
ROUNDS = 25


class StoreContract:
    """The contract of :class:`epiguard.ledger.Store`; subclass it in a test file, and let pytest collect it.

    ```python
    class TestMyStore(StoreContract):
        def new_place(self):
            path = tempfile.mkdtemp()
            return lambda: MyStore(path)
    ```

    Attributes:
        shared: Whether one place can be opened several times at once and outlives whoever opened it. Only
            a store that lives and dies with one ledger, as ours in memory, says no.
        examples: How many random histories the store is compared with a model in.
    """

    shared = True
    examples = 40

    def new_place(self) -> Callable[[], Store]:
        """A new, empty place to keep entries; what is returned opens it, anew each time it is called."""
        raise NotImplementedError

    # One at a time

    def test_what_was_written_is_read_as_it_was(self) -> None:
        """Envelope and parts come back unchanged, by position, by writer and number, and by key."""
        store = self.new_place()()
        first, second = stored_entry(1, key="k-1"), stored_entry(2, writer="other")
        write(store, first, second)
        assert store.after(0, 10) == [first, second]
        assert store.after(0, 1) == [first]
        assert store.after(1, 10) == [second]
        assert store.after(2, 10) == []
        assert store.find("other", 2) == second
        assert store.find("main", 2) is None
        assert store.keyed("k-1") == first
        assert store.keyed("k-2") is None
        store.close()

    def test_a_store_belongs_to_the_first_site_that_says_so(self) -> None:
        """Whoever asks later is told whose it is; a transaction that is taken back does not change that."""
        store = self.new_place()()
        assert store.belong_to("caohang") == "caohang"
        assert store.belong_to("caozhong") == "caohang"
        store.begin()
        store.rollback()
        assert store.belong_to("xujing") == "caohang"
        store.close()

    def test_what_is_written_is_seen_before_the_commit(self) -> None:
        """Inside a transaction, reading shows what it wrote so far."""
        store = self.new_place()()
        store.begin()
        append(store, stored_entry(1, key="k-1"), ["a"])
        assert store.keyed("k-1") == store.find("main", 1) == store.after(0, 9)[0]
        assert store.holder("a") == 1
        store.rollback()
        store.close()

    def test_rollback_leaves_nothing(self) -> None:
        """Entries, keys and claims are gone, and what was released is held again."""
        store = self.new_place()()
        write(store, stored_entry(1, key="k-1"), claims=("a",))
        store.begin()
        store.release(1)
        append(store, stored_entry(2, key="k-2"), ("a", "b"))
        store.rollback()
        assert positions(store) == [1]
        assert (store.keyed("k-2"), store.find("main", 2)) == (None, None)
        assert (store.holder("a"), store.holder("b")) == (1, None)
        store.rollback()  # harmless
        write(store, stored_entry(2, key="k-2"), claims=("b",))
        assert positions(store) == [1, 2]
        store.close()

    def test_a_claim_is_had_once(self) -> None:
        """The second to want it writes nothing, neither its entry nor its other claims, and may go on."""
        store = self.new_place()()
        write(store, stored_entry(1), claims=("a",))
        store.begin()
        append(store, stored_entry(2), ("c",))
        assert _claim_is_taken(store, 3, ("b", "a"))
        assert store.holder("b") is None
        append(store, stored_entry(3), ("d",))
        store.commit()
        assert [store.holder(each) for each in "abcd"] == [1, None, 2, 3]
        assert positions(store) == [1, 2, 3]
        store.close()

    def test_released_claims_are_free_again(self) -> None:
        """Only those of that entry are."""
        store = self.new_place()()
        write(store, stored_entry(1), claims=("a", "b"))
        write(store, stored_entry(2), claims=("c",))
        store.begin()
        store.release(1)
        store.commit()
        assert [store.holder(each) for each in "abc"] == [None, None, 2]
        write(store, stored_entry(3), claims=("a",))
        assert store.holder("a") == 3
        store.close()

    def test_many_entries_in_one_transaction_keep_their_order(self) -> None:
        """More than any bundle of them, and the same when they are read in pages."""
        store = self.new_place()()
        count = 1201
        write(store, *(stored_entry(position) for position in range(1, count + 1)))
        assert [each.position for each in store.after(0, count + 1)] == list(range(1, count + 1))
        assert positions(store) + positions(store, 1000) == list(range(1, count + 1))
        store.close()

    # Snapshots

    def test_a_snapshot_takes_the_place_of_the_one_before(self) -> None:
        """Any bytes come back as they were; what is rolled back never was; dropped it is gone."""
        store = self.new_place()()
        assert (store.snapshot(), store.snapshot_position()) == (None, 0)
        write(store, stored_entry(1), stored_entry(2))
        for position, data in ((1, bytes(range(256)) * 5000), (2, b"")):
            store.begin()
            store.keep_snapshot(position, data)
            store.commit()
            assert (store.snapshot(), store.snapshot_position()) == (data, position)
        store.begin()
        store.keep_snapshot(1, b"other")
        store.rollback()
        store.begin()
        store.drop_snapshot()
        store.rollback()
        assert (store.snapshot(), store.snapshot_position()) == (b"", 2)
        store.begin()
        store.drop_snapshot()
        store.commit()
        assert (store.snapshot(), store.snapshot_position()) == (None, 0)
        store.close()

    def test_erasing_drops_the_snapshot(self) -> None:
        """It holds what was erased; taken back, it is there again."""
        store = self.new_place()()
        write(store, stored_entry(1))
        store.begin()
        store.keep_snapshot(1, b"personal")
        store.commit()
        store.begin()
        store.blank(1, ["p-1"])
        store.rollback()
        assert store.snapshot() == b"personal"
        store.begin()
        store.blank(1, ["p-1"])
        store.commit()
        store.purge()
        assert (store.snapshot(), store.snapshot_position()) == (None, 0)
        store.close()

    # What merging and erasing need

    def test_entries_come_in_the_order_of_all_writers(self) -> None:
        """By stamp, writer and number, wherever they arrived; up to a position, in pages."""
        store = self.new_place()()
        assert store.last() == 0
        assert store.ordered(None, 10, 0) == []
        late = stored_entry(1, stamp=9)
        other, early = stored_entry(2, writer="other", sequence=1, stamp=5), stored_entry(3, stamp=5)
        write(store, late)
        store.begin()
        store.adopt(other)
        store.adopt(early)
        store.commit()
        assert store.last() == 3
        assert store.ordered(None, 10, 3) == [early, other, late]
        assert store.ordered(None, 2, 3) == [early, other]
        assert store.ordered(other.order, 2, 3) == [late]
        assert store.ordered(None, 10, 2) == [other, late]
        store.close()

    def test_erased_parts_are_gone_and_the_envelope_stays(self) -> None:
        """Of the subjects that were named, or of all; counted, and no longer found by subject."""
        store = self.new_place()()
        write(store, stored_entry(1), stored_entry(2, subjects=("p-2", "p-3")))
        assert (store.about("p-2"), store.about("p-9")) == ([1, 2], [])
        store.begin()
        assert store.blank(1, ["p-2", "p-9"]) == 1
        assert store.blank(1, ["p-2"]) == 0
        assert store.blank(2, None) == 2
        store.commit()
        store.purge()
        first, second = store.after(0, 9)
        assert [part.erased for part in (*first.parts, *second.parts)] == [False, True, True, True]
        assert [(part.subject, part.path) for part in first.parts] == [("p-1", ""), ("p-2", "a.b")]
        assert (first.hash, second.hash) == (stored_entry(1).hash, stored_entry(2).hash)
        assert (store.about("p-1"), store.about("p-2")) == ([1], [])
        assert (store.find("main", 2), store.ordered(None, 9, 2)) == (second, [first, second])
        store.close()

    def test_erasing_is_taken_back_with_its_transaction(self) -> None:
        """Like everything else."""
        store = self.new_place()()
        write(store, stored_entry(1))
        store.begin()
        store.blank(1, None)
        store.append(stored_entry(2))
        store.rollback()
        assert store.after(0, 9) == [stored_entry(1)]
        assert store.ordered(None, 9, 1) == [stored_entry(1)]
        assert store.about("p-1") == [1]
        store.close()

    def test_an_entry_of_another_ledger_takes_nothing_that_is_held(self) -> None:
        """It has its key where that is free, and holds a claim only where it is told to."""
        store = self.new_place()()
        write(store, stored_entry(1, key="k-1"), claims=("a",))
        store.begin()
        second = stored_entry(2, writer="other", sequence=1, key="k-1", claims=["a"])
        third = stored_entry(3, writer="other", sequence=2, key="k-3", claims=["b"])
        store.adopt(second)
        store.adopt(third)
        store.commit()
        assert store.keyed("k-1") == stored_entry(1, key="k-1", claims=["a"])
        assert store.keyed("k-3") == third
        assert store.holder("a") == 1
        store.begin()
        store.hold("a", 2)
        store.hold("b", 3)
        store.rollback()
        assert (store.holder("a"), store.holder("b")) == (1, None)
        store.begin()
        store.hold("a", 2)
        store.hold("b", 3)
        store.commit()
        assert (store.holder("a"), store.holder("b")) == (2, 3)
        store.begin()
        store.release(2)
        store.commit()
        assert (store.holder("a"), store.holder("b")) == (None, 3)
        store.close()

    def test_random_histories_agree_with_a_model(self) -> None:
        """After every step all that can be read is what lists and dictionaries say."""
        agree_with_model(self.new_place, shared=self.shared, examples=self.examples)

    # Several at once

    def test_what_was_committed_outlives_whoever_wrote_it(self) -> None:
        """Opened again the place holds the same; closing twice is harmless."""
        if not self.shared:
            return
        place = self.new_place()
        store = place()
        assert store.belong_to("caohang") == "caohang"
        write(store, stored_entry(1, key="k-1"), claims=("a",))
        store.close()
        store.close()
        store = place()
        assert store.after(0, 9) == [stored_entry(1, key="k-1", claims=["a"])]
        assert (store.holder("a"), store.belong_to("xujing")) == (1, "caohang")
        store.close()

    def test_a_writer_who_is_gone_leaves_nothing_and_holds_up_nobody(self) -> None:
        """Closed in the middle of a transaction, nothing of it stays, and others write."""
        if not self.shared:
            return
        place = self.new_place()
        gone, other = place(), place()
        gone.begin()
        append(gone, stored_entry(1, key="k-1"), ["a"])
        gone.close()
        assert positions(other) == []
        write(other, stored_entry(1, key="k-1"), claims=["a"])
        assert other.holder("a") == 1
        other.close()

    def test_others_see_nothing_before_the_commit_and_need_not_wait(self) -> None:
        """A reader is answered at once, from what was there before."""
        if not self.shared:
            return
        place = self.new_place()
        writer, reader = place(), place()
        write(writer, stored_entry(1))
        writer.begin()
        append(writer, stored_entry(2, key="k-2"), ["a"])
        assert positions(reader) == [1]
        assert (reader.keyed("k-2"), reader.holder("a")) == (None, None)
        writer.commit()
        assert positions(reader) == [1, 2]
        assert reader.holder("a") == 2
        writer.close()
        reader.close()

    def test_writers_take_turns(self) -> None:
        """Who begins while another writes waits, and then sees what that one wrote."""
        if not self.shared:
            return
        place = self.new_place()
        first, second = place(), place()
        begun = threading.Event()
        seen: list[int] = []

        def wait_for_it() -> None:
            second.begin()
            begun.set()
            seen.extend(positions(second))
            second.rollback()

        first.begin()
        waiting = threading.Thread(target=wait_for_it, daemon=True)
        waiting.start()
        assert not begun.wait(MOMENT), "two write at the same time"
        first.append(stored_entry(1))
        first.commit()
        waiting.join(PATIENCE)
        assert seen == [1]
        first.close()
        second.close()

    def test_one_claim_wanted_by_two_at_once_is_had_by_one(self) -> None:
        """Round after round, whoever is faster; and everybody's entries follow each other without a gap."""
        if not self.shared:
            return
        place = self.new_place()
        won: dict[str, list[int]] = {"one": [], "two": []}
        barrier = threading.Barrier(2)

        def contend(name: str) -> None:
            with _aborting(barrier), closing(place()) as store:
                for number in range(ROUNDS):
                    barrier.wait(PATIENCE)
                    if _take(store, name, f"exit-{number}"):
                        won[name].append(number)

        _Threads(contend, won).join()
        assert sorted(won["one"] + won["two"]) == list(range(ROUNDS))
        store = place()
        assert positions(store) == list(range(1, ROUNDS + 1))
        store.close()

    def test_who_follows_never_misses_an_entry(self) -> None:
        """Read while two write: the positions come without a gap, for none becomes visible before another."""
        if not self.shared:
            return
        place = self.new_place()

        def add(name: str) -> None:
            with closing(place()) as store:
                for number in range(ROUNDS):
                    _take(store, name, f"{name}-{number}")

        seen: list[int] = []
        with closing(place()) as reader:
            writing = _Threads(add, ("one", "two"))
            while writing.are_at_work() or positions(reader, len(seen)):
                seen += positions(reader, seen[-1] if seen else 0)
            writing.join()
        assert seen == list(range(1, 2 * ROUNDS + 1))


class _Threads:
    """Some work at the same time, once for each name; what goes wrong in it goes wrong in ``join``."""

    def __init__(self, work: Callable[[str], None], names: Iterable[str]) -> None:
        self.work = work
        self.problems: list[BaseException] = []
        self.threads = [threading.Thread(target=self._run, args=(name,), daemon=True) for name in names]
        for each in self.threads:
            each.start()

    def _run(self, name: str) -> None:
        try:
            self.work(name)
        except BaseException as error:  # noqa: BLE001 - raised again by join, in the thread that tests
            self.problems.append(error)

    def are_at_work(self) -> bool:
        """Whether any is."""
        return any(each.is_alive() for each in self.threads)

    def join(self) -> None:
        """Wait for all of them."""
        for each in self.threads:
            each.join(PATIENCE)
        if self.problems:
            raise self.problems[0]
        assert not self.are_at_work(), "the store hangs"


@contextmanager
def _aborting(barrier: threading.Barrier) -> Iterator[None]:
    try:
        yield
    except BaseException:
        barrier.abort()  # so that the other one does not wait for nobody
        raise


def _claim_is_taken(store: Store, position: int, claims: tuple[str, ...]) -> bool:
    try:
        append(store, stored_entry(position), claims)
    except ClaimTaken:
        return True
    return False


def _take(store: Store, writer: str, claim: str) -> bool:
    store.begin()
    entries = store.after(0, 10 * ROUNDS)
    sequence = sum(each.writer == writer for each in entries) + 1
    try:
        append(store, stored_entry(len(entries) + 1, writer=writer, sequence=sequence), [claim])
    except ClaimTaken:
        store.rollback()
        return False
    store.commit()
    return True
