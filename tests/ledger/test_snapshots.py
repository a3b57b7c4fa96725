"""A ledger that is opened from a snapshot is what its facts add up to, or the snapshot is passed over."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from epiguard.errors import EpiguardError, LedgerError
from epiguard.facts import FACT_KINDS, CrossingDecided, DecisionCancelled, Fact, PersonChanged
from epiguard.ledger import Ledger, _journal, _snapshots
from epiguard.ledger._memory import MemoryStore
from epiguard.ledger._snapshots import seal, shape_of, unseal
from epiguard.people import Person
from epiguard.policy import Policy
from epiguard.testing import FACTS, facts
from ledger.community import HEAD, NOON, RECORDED, WANG, OnceADay, enrolled, out, policy, summary

recordable = [facts(kind) for kind in FACTS if kind not in (CrossingDecided, DecisionCancelled)]
SITE = policy(OnceADay)


@given(facts=st.lists(st.tuples(st.one_of(recordable), st.booleans()), max_size=15))
@settings(max_examples=40)
def test_snapshot_and_what_followed_add_up_to_all_facts(facts: list[tuple[Fact, bool]]) -> None:
    """Wherever snapshots were made: the state from the last one on is the state from the first fact on."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "site.db"
        with Ledger.open(path, policy=SITE, clock=lambda: RECORDED) as ledger:
            for fact, snapshot in facts:
                try:
                    ledger.record(fact, by="cadre-3")
                except EpiguardError:
                    continue
                if snapshot:
                    assert ledger.snapshot() == ledger.position
            lived = summary(ledger.state)
        with Ledger.open(path, policy=SITE) as ledger:
            assert summary(ledger.state) == lived
            heads = ledger.heads()
            ledger.snapshot(anew=True)
            assert (summary(ledger.state), ledger.heads()) == (lived, heads)


def test_what_a_process_has_read_before_does_not_matter() -> None:
    """A kind of fact has one shape in every process: else a snapshot would be passed over in another."""
    script = """
from epiguard.errors import EpiguardError
from epiguard.facts import FACT_KINDS
from epiguard.ledger._snapshots import shape_of
from epiguard.plain import structure

before = {kind: shape_of(kind) for kind in FACT_KINDS}
for kind, known in FACT_KINDS.items():
    try:
        structure({}, known, "a fact")
    except EpiguardError:
        pass
print(before == {kind: shape_of(kind) for kind in FACT_KINDS}, len(before) > 20, all(before.values()))
"""
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert done.stdout.split()[:3] == ["True"] * 3
    shapes = {kind: shape_of(kind) for kind in FACT_KINDS}
    assert all(
        f"{each.name}:None" not in shapes[kind]
        for kind in FACT_KINDS
        for each in attrs.fields(FACT_KINDS[kind])
    )


@pytest.fixture
def lived(open_ledger: Callable[..., Ledger], target: str) -> tuple[Ledger, Callable[[], Ledger]]:
    """A ledger with a snapshot and something after it, and what opens the same place again."""
    store = MemoryStore() if target == ":memory:" else target
    ledger = open_ledger(of=SITE, at=store)
    ledger.record(PersonChanged(WANG), by="cadre-3")
    ledger.admit(out("p-7"), by="gate")
    ledger.snapshot()
    ledger.record(enrolled(1), by="cadre-3")
    return ledger, lambda: open_ledger(of=SITE, at=store)


def test_it_is_opened_from_the_snapshot(lived: tuple[Ledger, Callable[[], Ledger]]) -> None:
    """On every store, without reading what it covers: a control that shows the other tests mean something."""
    ledger, again = lived
    journal = ledger._journal
    data = journal.store.snapshot()
    assert data is not None
    found = unseal(data, SITE.site)
    assert found is not None
    found.state.people["p-7"] = Person(id="p-7", name="张三")
    _keep(ledger, seal(found))
    other = again()
    assert other.state.people["p-7"].name == Person(id="p-7", name="张三").name
    assert other.position == ledger.position
    assert other.record(enrolled(2), by="cadre-3").id == f"main-{other.position}"
    other.snapshot(anew=True)
    assert other.state.people["p-7"] == WANG


def _keep(ledger: Ledger, data: bytes) -> None:
    store = ledger._journal.store
    position = store.snapshot_position()
    store.begin()
    store.keep_snapshot(position, data)
    store.commit()


@pytest.mark.parametrize("what", ["damaged", "cut off", "empty", "code", "kinds", "entry", "later"])
def test_a_snapshot_that_does_not_fit_is_passed_over(
    lived: tuple[Ledger, Callable[[], Ledger]], what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the state is the one that the facts add up to."""
    ledger, again = lived
    data = ledger._journal.store.snapshot()
    assert data is not None
    found = unseal(data, SITE.site)
    assert found is not None
    found.state.people.pop("p-7")  # if it were used, it would show
    wrong = seal(found)
    if what == "damaged":
        wrong = wrong.replace(b"p-7", b"p-8")
    elif what in ("cut off", "empty"):
        wrong = wrong[: len(wrong) // 2 if what == "cut off" else 0]
    elif what == "code":
        monkeypatch.setattr(_snapshots, "_code", lambda: "another release")
    elif what == "kinds":
        wrong = seal(attrs.evolve(found, shapes={**found.shapes, "enrolled-by-plug-in": "a.B()"}))
    elif what == "entry":
        wrong = seal(attrs.evolve(found, hash="0" * 64))
    else:
        wrong = seal(attrs.evolve(found, position=99))
    _keep(ledger, wrong)
    assert summary(again().state) == summary(ledger.state)


def test_a_site_that_counts_days_differently_adds_up_again(tmp_path: Path) -> None:
    """A crossing's day is part of the sum."""
    path = tmp_path / "site.db"
    with Ledger.open(path, policy=SITE) as ledger:
        ledger.admit(out("p-7"), by="gate")
        ledger.snapshot()
    late = Policy.loads(HEAD + "day_starts = 13:00:00\n", rules=[OnceADay])
    with Ledger.open(path, policy=late) as ledger:
        [past] = ledger.state.crossings_of["p-7"]
    assert past.day < NOON.date()


def test_whoever_is_erased_is_in_no_snapshot(lived: tuple[Ledger, Callable[[], Ledger]]) -> None:
    """Neither in the one before, nor in the next."""
    ledger, again = lived
    assert "王小明".encode() in (ledger._journal.store.snapshot() or b"")
    ledger.erase("p-7", reason="asked for", by="cadre-3")
    assert ledger._journal.store.snapshot() is None
    ledger.snapshot()
    assert "王小明".encode() not in (ledger._journal.store.snapshot() or b"?")
    assert summary(again().state) == summary(ledger.state)
    assert again().erase("p-7", reason="once more", by="cadre-3").parts == 0


def test_one_is_made_after_so_many_entries(
    lived: tuple[Ledger, Callable[[], Ledger]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """By itself, by whoever wrote; where it cannot be, the call before it stands all the same."""
    ledger, again = lived
    store, before = ledger._journal.store, ledger._journal.store.snapshot_position()
    monkeypatch.setattr(_journal, "EVERY", 5)
    with ledger.batch():
        for number in range(10, 16):
            ledger.record(enrolled(number), by="cadre-3")
    assert store.snapshot_position() == ledger.position > before

    def full(*_: object) -> None:
        raise LedgerError("disk", expected="room", got="none")

    monkeypatch.setattr(store, "keep_snapshot", full)
    for number in range(20, 26):
        ledger.record(enrolled(number), by="cadre-3")
    assert summary(again().state) == summary(ledger.state)
    with pytest.raises(LedgerError, match="expected room"):
        ledger.snapshot()


def test_none_is_made_inside_a_batch(tmp_path: Path) -> None:
    """Nor of a ledger that holds nothing."""
    with Ledger.open(tmp_path / "site.db", policy=SITE) as ledger:
        assert ledger.snapshot() == 0
        with ledger.batch(), pytest.raises(LedgerError, match="call it when the batch is over"):
            ledger.snapshot()
        assert ledger._journal.store.snapshot() is None
