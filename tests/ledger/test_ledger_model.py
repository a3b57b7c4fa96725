"""Two ledgers on one file, run beside a model that is a dictionary of who went out on which day."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from epiguard.decisions import Effect
from epiguard.errors import LedgerError
from epiguard.ledger import Ledger
from ledger.community import NOON, OnceADay, enrolled, out, policy, summary

SITE = policy(OnceADay)
which = st.integers(0, 1)
persons = st.sampled_from(["p-1", "p-2"])
days = st.integers(0, 2)


class LedgersAgainstModel(RuleBasedStateMachine):
    """Whatever is asked, cancelled or taken back: one exit per person and day, and both agree."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = tempfile.TemporaryDirectory()
        self.path = Path(self.folder.name) / "site.db"
        self.ledgers = [Ledger.open(self.path, policy=SITE, writer=f"w-{each}") for each in range(2)]
        self.exits: dict[tuple[str, int], str] = {}
        self.keyed: dict[str, tuple[str, Effect]] = {}
        self.cancelled: set[str] = set()
        self.people: set[str] = set()

    def teardown(self) -> None:
        """Close and remove."""
        for each in self.ledgers:
            each.close()
        self.folder.cleanup()

    def _ask(self, at: int, person: str, day: int) -> None:
        decision = self.ledgers[at].admit(out(person, at=NOON + timedelta(days=day)))
        expected = Effect.HOLD if (person, day) in self.exits else Effect.ALLOW
        assert decision.effect is expected
        if expected is Effect.ALLOW:
            self.exits[person, day] = decision.id

    @rule(at=which, person=persons, day=days)
    def ask(self, at: int, person: str, day: int) -> None:
        """Ask for an exit."""
        self._ask(at, person, day)

    @rule(at=which, person=persons, day=days)
    def ask_with_a_key(self, at: int, person: str, day: int) -> None:
        """Ask for an exit, always with the same key for the same question; a cancel spends it."""
        key = f"k-{person}-{day}"
        if self.keyed.get(key, ("", None))[0] in self.cancelled:
            with pytest.raises(LedgerError, match="which was cancelled since"):
                self.ledgers[at].admit(out(person, at=NOON + timedelta(days=day)), key=key)
            return
        decision = self.ledgers[at].admit(out(person, at=NOON + timedelta(days=day)), key=key)
        if key not in self.keyed:
            allowed = (person, day) not in self.exits
            self.keyed[key] = (decision.id, Effect.ALLOW if allowed else Effect.HOLD)
            if allowed:
                self.exits[person, day] = decision.id
        assert (decision.id, decision.effect) == self.keyed[key]

    @precondition(lambda self: self.exits)
    @rule(at=which, data=st.data())
    def cancel(self, at: int, data: st.DataObject) -> None:
        """Take an exit back; a second time is refused."""
        exit_ = data.draw(st.sampled_from(sorted(self.exits)))
        decision = self.exits.pop(exit_)
        self.cancelled.add(decision)
        self.ledgers[at].cancel(decision, by="guard-5", reason="turned back")
        with pytest.raises(LedgerError):
            self.ledgers[1 - at].cancel(decision, by="guard-5", reason="turned back")

    @rule(at=which, person=persons, day=days, number=st.integers(1, 3), fails=st.booleans())
    def batch(self, at: int, person: str, day: int, number: int, *, fails: bool) -> None:
        """Several at once; where it fails nothing of it was."""
        exits, people = dict(self.exits), set(self.people)
        try:
            with self.ledgers[at].batch():
                self.ledgers[at].record(enrolled(number), by="cadre-3")
                self.people.add(f"p-{number}")
                self._ask(at, person, day)
                if fails:
                    raise RuntimeError  # noqa: TRY301 - the error is what this is about
        except RuntimeError:
            self.exits, self.people = exits, people

    @rule(at=which)
    def reopen(self, at: int) -> None:
        """Close a ledger and open it again."""
        self.ledgers[at].close()
        self.ledgers[at] = Ledger.open(self.path, policy=SITE, writer=f"w-{at}")

    @invariant()
    def all_agree(self) -> None:
        """Both ledgers say what the model says, and the chains are whole."""
        one, other = self.ledgers
        assert summary(one.state) == summary(other.state)
        assert {each.id for each in one.people()} == self.people
        seen = {
            (person, (past.at - NOON).days): past.decision
            for person, crossings in one.state.crossings_of.items()
            for past in crossings
        }
        assert seen == self.exits
        assert one.verify() is None


LedgersAgainstModel.TestCase.settings = settings(max_examples=25, stateful_step_count=20, deadline=None)
TestLedgersAgainstModel = LedgersAgainstModel.TestCase
