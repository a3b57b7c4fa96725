"""A model of a store in lists and dictionaries, and random histories that a store is compared with it in."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from epiguard.ledger import ClaimTaken, Store, Stored
from epiguard.testing._store_entries import stored_entry

__all__ = ["agree_with_model"]

CLAIMS = "abcd"


def agree_with_model(new_place: Callable[[], Callable[[], Store]], *, shared: bool, examples: int) -> None:
    """Compare a store with the model, step by step.

    Args:
        new_place: Gives what opens a new, empty place.
        shared: Whether the place outlives whoever opened it.
        examples: How many histories.

    Raises:
        AssertionError: If they differ; Hypothesis shows the shortest history in which they do.
    """

    class OfThisStore(_StoreAgainstModel):
        def __init__(self) -> None:
            super().__init__(new_place(), shared=shared)

    run_state_machine_as_test(
        OfThisStore, settings=settings(max_examples=examples, stateful_step_count=25, deadline=None)
    )


class _StoreAgainstModel(RuleBasedStateMachine):
    """The model is copied at the beginning of a transaction and put back where that is taken back."""

    def __init__(self, place: Callable[[], Store], *, shared: bool) -> None:
        super().__init__()
        self.place = place
        self.shared = shared
        self.store = place()
        self.entries: list[Stored] = []
        self.claims: dict[str, int] = {}
        self.before: tuple[list[Stored], dict[str, int]] | None = None

    def teardown(self) -> None:
        """Close it."""
        self.store.close()

    @precondition(lambda self: self.before is None)
    @rule()
    def begin(self) -> None:
        """Begin."""
        self.store.begin()
        self.before = (list(self.entries), dict(self.claims))

    @precondition(lambda self: self.before is not None)
    @rule(keep=st.booleans())
    def end(self, *, keep: bool) -> None:
        """Commit or roll back."""
        if keep:
            self.store.commit()
        else:
            self.store.rollback()
            assert self.before is not None
            self.entries, self.claims = self.before
        self.before = None

    @precondition(lambda self: self.before is not None)
    @rule(claims=st.sets(st.sampled_from(CLAIMS), max_size=2), keyed=st.booleans())
    def append(self, claims: set[str], *, keyed: bool) -> None:
        """Append, with claims that may be taken."""
        position = len(self.entries) + 1
        entry = stored_entry(position, key=f"k-{position}" if keyed else None, claims=sorted(claims))
        try:
            self.store.append(entry, sorted(claims))
        except ClaimTaken:
            assert claims & self.claims.keys(), "a free claim counts as taken"
        else:
            assert not claims & self.claims.keys(), "a claim that is held was had again"
            self.entries.append(entry)
            self.claims.update(dict.fromkeys(claims, position))

    @precondition(lambda self: self.before is not None and self.entries)
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        """Release the claims of an entry."""
        position = data.draw(st.integers(1, len(self.entries)))
        self.store.release(position)
        self.claims = {claim: held for claim, held in self.claims.items() if held != position}

    @precondition(lambda self: self.before is None and self.shared)
    @rule()
    def reopen(self) -> None:
        """Close it and open it again."""
        self.store.close()
        self.store = self.place()

    @invariant()
    def agrees(self) -> None:
        """Everything that can be read is what the model says."""
        assert self.store.after(0, 1000) == self.entries
        held = {claim: self.store.holder(claim) for claim in CLAIMS}
        assert held == {claim: self.claims.get(claim) for claim in CLAIMS}
        for entry in self.entries[-2:]:
            assert self.store.find("main", entry.position) == entry
            assert self.store.keyed(f"k-{entry.position}") == (entry if entry.key is not None else None)
