"""The ledger, as hosts see it."""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime
from types import TracebackType
from typing import TYPE_CHECKING, Self

from epiguard.crossings import Crossing
from epiguard.decisions import Decision, Override, PassDecision
from epiguard.duties import Alert, Duty, DutyState
from epiguard.errors import InvalidValueError, UnknownIdError, kind_of
from epiguard.facts import Fact
from epiguard.fields import as_instances, as_member, identifier, instance, optional_identifier
from epiguard.ledger import _admission, _passes, _reading, _recording, _sync
from epiguard.ledger._custody import Custody
from epiguard.ledger._entry import Entry
from epiguard.ledger._history import AsKnown, Past, history, situation_of
from epiguard.ledger._journal import Journal
from epiguard.ledger._opening import check_site, store_for
from epiguard.ledger._store import Store
from epiguard.passes import PassApplication
from epiguard.people import Household, Person, Relationship
from epiguard.policy import Policy
from epiguard.quarantine import QuarantinePeriod
from epiguard.registrations import Registration
from epiguard.situation import DutyStatus, Situation, State

if TYPE_CHECKING:
    from epiguard.channels import Channel
    from epiguard.ledger._outbox import DeliveryReport
    from epiguard.work import DeliveryKind

__all__ = ["Ledger"]


def _system_clock() -> datetime:
    """The only clock in the library."""
    return datetime.now(UTC)


_a_crossing = instance(Crossing, "Ledger.admit(crossing)")
_an_override = instance(Override, "Ledger.admit(override=)", optional=True)
_somebody = identifier("Ledger.admit(by=)")
_a_key = optional_identifier("Ledger.admit(key=)")


class Ledger(Custody):
    """The record of a site: facts go in, decisions and what they add up to come out.

    Open it with :meth:`open`. One ledger may be shared by all threads of a process; every process, also a
    forked one, opens its own, and several may share one file. Every call blocks until its work is on
    disk, so an async host calls it in a thread.

    Whatever the rules say follows from a fact is recorded with it, in the same transaction, by
    ``"ledger"``; facts that were recorded in this way are not followed up again, so rules cannot run in
    circles. These hooks, and those that review an application for a pass, run while the store is locked and
    are to be quick. The rules that review a crossing run before that and may take their time.
    """

    def __init__(self, store: Store, *, policy: Policy, clock: Callable[[], datetime], writer: str) -> None:
        instance(Policy, "Ledger.open(policy=)")(None, None, policy)
        identifier("Ledger.open(writer=)")(None, None, writer)
        check_site(store, policy.site.id)
        super().__init__(Journal(store, policy, clock, writer))

    @classmethod
    def open(
        cls,
        target: str | os.PathLike[str] | Store,
        *,
        policy: Policy,
        clock: Callable[[], datetime] | None = None,
        writer: str = "main",
    ) -> Self:
        """Open a ledger, or make a new one.

        Args:
            target: The path of a SQLite file; ``"postgresql://user@host/database"`` for many gates, with the
                extra ``epiguard[postgresql]``; ``":memory:"`` for one that is gone when it is closed; or a
                store of the host's own, which keeps ``epiguard.testing.StoreContract``.
            policy: The site's rules.
            clock: Gives an aware datetime where the caller gives no ``recorded_at``; default the
                system's, in UTC.
            writer: Who writes here. Ledgers that are to be merged one day need different ones.

        Raises:
            LedgerError: If the store cannot be opened, is of a later version or is damaged, or is the ledger
                of another site.
        """
        store = store_for(target)
        try:
            ledger = cls(store, policy=policy, clock=clock or _system_clock, writer=writer)
            with ledger._journal.reading():
                return ledger
        except BaseException:
            store.close()
            raise

    def close(self) -> None:
        """Close it; harmless where it is closed already."""
        self._journal.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        journal = self._journal
        return f"<Ledger of site {journal.policy.site.id!r}, writer {journal.writer!r}>"

    # Writing

    def record(
        self, fact: Fact, *, by: str, recorded_at: datetime | None = None, key: str | None = None
    ) -> Entry:
        """Record a fact, and what follows from it.

        Args:
            fact: What happened; without ``at`` it counts as if it had always held.
            by: Pseudonymous id of whoever says so.
            recorded_at: When it is recorded; default by the clock.
            key: The caller's own key, without personal data. Asked again with it, the first entry is
                returned and nothing is recorded.

        Raises:
            InvalidValueError: If an argument is no identifier or has no zone, or the fact does not fit
                those before it.
            UnknownIdError: If it is about a duty, an alert, a period, a form or a person that is not on
                record: attempts, closings and changes; matches that a human confirmed or rejected; orders,
                passes and leave; and that somebody left. Or if it is a crossing at a checkpoint that the
                site does not have.
            LedgerError: If the key was used for something else, the fact is of a kind that only the
                ledger records, or the store cannot be written.
        """
        identifier("Ledger.record(by=)")(None, None, by)
        optional_identifier("Ledger.record(key=)")(None, None, key)
        at = self._journal.recorded_at(recorded_at)
        return self._journal.until_kept(
            lambda: _recording.record(self._journal, fact, by=by, recorded_at=at, key=key)
        )

    def record_all(
        self, facts: Iterable[Fact], *, by: str, recorded_at: datetime | None = None
    ) -> list[Entry]:
        """Record several facts, all of them or none: what one call settled, whom a list was given to.

        Args:
            facts: In their order.
            by: Pseudonymous id of whoever says so.
            recorded_at: When they are recorded; default by the clock.

        Raises:
            EpiguardError: As :meth:`record` does, for the first that cannot be recorded; then none is.
        """
        identifier("Ledger.record_all(by=)")(None, None, by)
        at, given = self._journal.recorded_at(recorded_at), tuple(facts)
        return self._journal.until_kept(
            lambda: _recording.record_all(self._journal, given, by=by, recorded_at=at)
        )

    def owe(self, duties: Iterable[Duty], *, by: str, recorded_at: datetime | None = None) -> list[Entry]:
        """Open duties of the host's own, all of them or none; those on record already stay as they are.

        Args:
            duties: As often as you like: the same duty twice is one.
            by: Pseudonymous id of whoever says so.
            recorded_at: When they are recorded; default by the clock.

        Returns:
            The entries of those that are new.

        Raises:
            InvalidValueError: If one is no duty.
            LedgerError: If the store cannot be written.
        """
        identifier("Ledger.owe(by=)")(None, None, by)
        at, given = self._journal.recorded_at(recorded_at), as_instances(Duty, duties, "Ledger.owe(duties)")
        return self._journal.until_kept(lambda: _recording.owe(self._journal, given, by=by, recorded_at=at))

    def deliver(
        self,
        channels: Iterable[Channel] = (),
        *,
        kinds: Iterable[DeliveryKind | str] = ("notice",),
        at: datetime | None = None,
    ) -> DeliveryReport:
        """Hand what is owed to its channels: those given here first, then rules with the ``deliver`` hook.

        Call it as often as you like, from as many processes as you like: a recipient is sent a message
        once. What a channel did not take is tried again after a while, then by the notice's next channel.
        What was begun by a process that died is not: :func:`epiguard.work.in_doubt` lists it.

        Args:
            channels: Objects with a ``deliver(delivery, situation)``, asked in order.
            kinds: ``"notice"``, ``"duty"`` (to whoever is to do it), or both.
            at: Now; default by the clock.

        Raises:
            InvalidValueError: If a channel has no ``deliver``, or a kind is not known.
            LedgerError: If a batch is open, or the store cannot be written.
        """
        from epiguard.ledger import _outbox  # noqa: PLC0415 - most processes at a gate deliver nothing
        from epiguard.work import DeliveryKind  # noqa: PLC0415 - see above

        given = tuple(channels)
        for each in given:
            if not callable(getattr(each, "deliver", None)):
                raise InvalidValueError(
                    "Ledger.deliver(channels)",
                    expected="channels with a deliver(delivery, situation)",
                    got=kind_of(each),
                    do="see epiguard.channels",
                )
        wanted = frozenset(as_member(DeliveryKind, each, "Ledger.deliver(kinds=)") for each in kinds)
        return _outbox.deliver(self._journal, given, wanted, self._journal.recorded_at(at))

    def batch(self) -> AbstractContextManager[None]:
        """One transaction around many calls: all of them are kept, or none.

        ``with ledger.batch(): ...`` is much faster than single calls. It holds the store: other threads
        and processes wait, also for the rules that run inside. Batches do not nest.

        Raises:
            LedgerError: If one is open already, or a call in it failed half-way and the error was
                caught inside.
        """
        return self._journal.batch()

    def admit(  # noqa: PLR0913 - each is one thing a gate may have to say
        self,
        crossing: Crossing,
        *,
        key: str | None = None,
        by: str = "gate",
        follows: str | None = None,
        override: Override | None = None,
        recorded_at: datetime | None = None,
    ) -> Decision:
        """Decide whether a party may pass, and record it, whatever the answer.

        Args:
            crossing: What is asked.
            key: The gate's own key, without personal data: asked again with it, the same decision is
                returned and nothing is recorded, as long as it stands. After a cancel the key is spent: who
                asks anew does so with a new one.
            by: Pseudonymous id of whoever asks.
            follows: The id of the decision that this one asks again, about the same party or the part of it
                that goes on while the others stay behind.
            override: An emergency let through by a named person, whatever the rules say.
            recorded_at: When it is decided; default by the clock.

        Returns:
            The decision, with its ``id``. Where the rules allow but something they claim is used up, it
            is a hold with the code ``claim-taken``.

        Raises:
            InvalidValueError: If an argument is no identifier or has no zone.
            UnknownIdError: If the checkpoint, or the decision it follows, is not known.
            LedgerError: If the key was used for something else, the decision under it was cancelled since,
                or the store cannot be written. Nobody was let through then.
        """
        _a_crossing(None, None, crossing)
        _an_override(None, None, override)
        _somebody(None, None, by)
        _a_key(None, None, key)
        request = _admission.Request(crossing=crossing, by=by, key=key, follows=follows, override=override)
        at = self._journal.recorded_at(recorded_at)
        return self._journal.until_kept(lambda: _admission.admit(self._journal, request, at))

    def cancel(self, decision_id: str, *, by: str, reason: str, recorded_at: datetime | None = None) -> Entry:
        """Record that a crossing did not happen; what it claimed is free again, and nobody counts as passed.

        The key it was asked with, if any, stays spent: asked again with it, :meth:`admit` refuses to answer.
        A pass that was handed out is taken back by recording ``PassRevoked``.

        Args:
            decision_id: The id of the decision.
            by: Pseudonymous id of whoever says so.
            reason: Why.
            recorded_at: When it is recorded; default by the clock.

        Raises:
            InvalidValueError: If an argument is no identifier, is blank or has no zone.
            UnknownIdError: If there is no such decision.
            LedgerError: If it allowed nothing and nobody was seen to pass, or was cancelled before.
        """
        identifier("Ledger.cancel(by=)")(None, None, by)
        at = self._journal.recorded_at(recorded_at)
        return self._journal.until_kept(
            lambda: _admission.cancel(self._journal, decision_id, by=by, reason=reason, recorded_at=at)
        )

    def issue_pass(
        self,
        application: PassApplication,
        *,
        by: str,
        key: str | None = None,
        override: Override | None = None,
        recorded_at: datetime | None = None,
    ) -> PassDecision:
        """Decide whether an exit pass may be handed out, and record it, whatever the answer.

        Where it may, ``PassIssued`` is recorded along with ``PassDecided``. A pass that was handed out before
        the ledger was there is recorded as it is, with :meth:`record`.

        Args:
            application: Who asks for which card, and what was asked, seen and measured.
            by: Pseudonymous id of whoever hands it out.
            key: The desk's own key, without personal data: asked again with it, the same decision is
                returned and nothing is recorded.
            override: An emergency, handed out on a named person's word, whatever the rules say.
            recorded_at: When it is decided; default by the clock.

        Returns:
            The decision with every rule's verdict, and with its ``id``. What the verdicts owe and raise is
            recorded with it; where it is not allowed no pass is.

        Raises:
            InvalidValueError: If an argument is no identifier or has no zone.
            UnknownIdError: If the person is not on record.
            LedgerError: If the key was used for something else, or its pass was revoked since; an override
                asks for a number that another person holds; or the store cannot be written. Nothing was
                handed out then.
        """
        instance(PassApplication, "Ledger.issue_pass(application)")(None, None, application)
        instance(Override, "Ledger.issue_pass(override=)", optional=True)(None, None, override)
        identifier("Ledger.issue_pass(by=)")(None, None, by)
        optional_identifier("Ledger.issue_pass(key=)")(None, None, key)
        desk = _passes.Desk(application=application, by=by, key=key, override=override)
        at = self._journal.recorded_at(recorded_at)
        return self._journal.until_kept(lambda: _passes.issue(self._journal, desk, at))

    def sync_people(  # noqa: PLR0913 - a register has these parts
        self,
        people: Iterable[Person],
        *,
        as_of: date | datetime,
        by: str = "register",
        households: Iterable[Household] = (),
        relationships: Iterable[Relationship] = (),
        recorded_at: datetime | None = None,
    ) -> _sync.SyncReport:
        """Take over the host's register, all of it or nothing; again with the same data nothing is recorded.

        Args:
            people: Everybody in the register.
            as_of: The day or the instant the register is of.
            by: Pseudonymous id of whoever says so.
            households: Those in the register.
            relationships: Those in the register.
            recorded_at: When it is recorded; default by the clock.

        Returns:
            Who joined, changed, stayed and is missing. Nobody is deleted, and nobody who left according
            to the ledger comes back because a register is late.

        Raises:
            InvalidValueError: If an argument is of another type or has no zone.
            LedgerError: If the store cannot be written.
        """
        identifier("Ledger.sync_people(by=)")(None, None, by)
        return _sync.sync_people(
            self._journal,
            people,
            as_of=as_of,
            households=households,
            relationships=relationships,
            by=by,
            recorded_at=self._journal.recorded_at(recorded_at),
        )

    # Keeping

    def snapshot(self, *, anew: bool = False) -> int:
        """Keep what all facts add up to, so that the ledger is opened at once next time.

        That is done by itself after every 20,000 entries. A snapshot that does not fit, because it is damaged
        or other code wrote it, is passed over: everything is added up again then. Erasing drops it.

        Args:
            anew: Add up from the first fact instead of from the snapshot before, which somebody who can
                write to the store may have changed.

        Returns:
            The position of the last entry that it covers; 0 where there is none, and nothing is kept.

        Raises:
            LedgerError: If a batch is open, or the store cannot be written.
        """
        return self._journal.until_kept(lambda: self._journal.snapshot(anew=anew))

    # Reading

    def facts(self, after: int = 0, kinds: Collection[type[Fact]] | None = None) -> Iterator[Entry]:
        """All entries after a position, in order, also those that are added meanwhile.

        Args:
            after: The ``position`` of the last entry that is known already.
            kinds: Only entries of these kinds, which is much quicker than to look at all; nothing means all.
        """
        return _reading.facts(self._journal, after, kinds)

    def history(
        self, *, as_known: AsKnown | str = "then", since: date | None = None, until: date | None = None
    ) -> Iterator[Past]:
        """Every decided crossing with what the rules are shown of it and what was decided, oldest first.

        For ``Policy.replay``. What is shown is cut anew, one crossing at a time, so that a record of any
        length can be gone through.

        Args:
            as_known: ``"then"``: from the facts recorded before the decision. ``"now"``: from all that had
                happened by the instant of the crossing, also what was recorded only later; what was
                cancelled since did not happen.
            since: The first of the site's days; nothing means from the beginning.
            until: The first day that is left out; nothing means to the end.

        Raises:
            InvalidValueError: If an argument is not what it should be.
        """
        journal = self._journal
        return history(lambda: _reading.stored(journal), journal.policy.site, as_known, since, until)

    def decision(self, decision_id: str) -> Decision:
        """A decision by its id, as it was made.

        Raises:
            UnknownIdError: If there is none.
        """
        with self._journal.reading():
            return _admission.decided(self._journal, decision_id, "Ledger.decision")[1]

    def pass_decision(self, decision_id: str) -> PassDecision:
        """A decision about an exit pass by its id, as it was made.

        Raises:
            UnknownIdError: If there is none.
        """
        with self._journal.reading():
            return _passes.decided_pass(self._journal, decision_id)

    def is_cancelled(self, decision_id: str) -> bool:
        """Whether a decision was cancelled.

        Raises:
            UnknownIdError: If there is none of that id.
        """
        with self._journal.reading():
            return _admission.is_cancelled(self._journal, decision_id)

    def cancellation(self, decision_id: str) -> Entry | None:
        """The entry that cancelled a decision: who says so, when and why; nothing where it stands.

        Raises:
            UnknownIdError: If there is none of that id.
        """
        with self._journal.reading():
            return _admission.cancellation(self._journal, decision_id)

    def keyed(self, key: str) -> Entry | None:
        """The entry that was recorded under a caller's key; nothing where there is none."""
        with self._journal.reading():
            return self._journal.keyed(key)

    def situation(self, crossing: Crossing) -> Situation:
        """What the rules would see of a crossing now."""
        with self._journal.reading() as state:
            return Situation.cut(state, crossing)

    def situation_of(self, decision_id: str) -> Situation:
        """What the rules were shown when a decision was made, to explain it by the facts of that moment.

        It is cut anew from the entries before the decision's, which are gone through once. What was erased
        since, or let go because its time was over, is not in it any more. Of a decision that came here by a
        merge it is what this record knew when it came, which may be more than its gate did.

        Args:
            decision_id: Of a decision about a crossing or a pass.

        Raises:
            UnknownIdError: If there is none of that id.
        """
        journal = self._journal
        found = situation_of(lambda: _reading.stored(journal), journal.policy.site, decision_id)
        if found is None:
            raise UnknownIdError(
                "Ledger.situation_of",
                expected="the id of a decision of this ledger",
                got="another id",
                do="take it from decision.id",
            )
        return found

    def people(self) -> Iterator[Person]:
        """Everybody the site knows now, residents and others; nobody who left."""
        with self._journal.reading() as state:
            return iter([each for each in state.people.values() if each.id not in state.gone])

    def registrations(self) -> Iterator[Registration]:
        """All forms, in the order they were first recorded."""
        with self._journal.reading() as state:
            return iter(list(state.registrations.values()))

    def periods(self, at: datetime | None = None) -> list[QuarantinePeriod]:
        """Quarantine periods with all their changes, in the order they were ordered.

        Args:
            at: Only those in force at this instant.

        Raises:
            InvalidValueError: If the instant has no zone.
        """
        return _reading.periods(self._journal, at)

    def duties(
        self,
        due_before: datetime | None = None,
        assignee: str | None = None,
        state: DutyState | None = DutyState.OPEN,
    ) -> list[DutyStatus]:
        """Duties, the most urgent first; those without a due time last.

        Args:
            due_before: Only those due before this instant.
            assignee: Only those of somebody.
            state: Only those in this state; nothing means all.

        Raises:
            InvalidValueError: If the instant has no zone.
        """
        return _reading.duties(self._journal, due_before, assignee, state)

    def alerts(self, *, open_only: bool = True) -> list[Alert]:
        """Alerts, the oldest first.

        Args:
            open_only: Leave out those that were looked at.
        """
        return _reading.alerts(self._journal, open_only=open_only)

    @property
    def position(self) -> int:
        """The position of the last entry, which is how many there are; 0 where there is none."""
        with self._journal.reading():
            return self._journal.position

    @property
    def state(self) -> State:
        """What all facts add up to, up to date. It is private to whoever adds up: read it, never change it.

        Another thread's writing changes it while it is read.
        """
        with self._journal.reading() as state:
            return state
