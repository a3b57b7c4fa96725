"""A machine that drives a site with any rules through its days, beside a small model of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar, Self

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from epiguard.crossings import Crossing, Role, Traveller
from epiguard.days import DaySpan, TimeSpan
from epiguard.decisions import Decision, Effect, Override
from epiguard.duties import DutyState
from epiguard.errors import InvalidValueError, LedgerError, kind_of
from epiguard.facts import (
    LeaveGranted,
    PassIssued,
    PassRevoked,
    PersonEnrolled,
    PersonLeft,
    QuarantineChanged,
    QuarantineOrdered,
)
from epiguard.ledger import Ledger
from epiguard.passes import ExitPass, PassColour, RevocationCause
from epiguard.people import Person
from epiguard.places import Direction
from epiguard.policy import Policy
from epiguard.policy._reference import decide_by_the_book
from epiguard.quarantine import ChangeKind, EndCause, Exposure, PeriodChange, QuarantinePeriod, Return
from epiguard.testing._drawing import PERSONS, any_traveller, any_vehicle, nobody_twice
from epiguard.testing._site_model import Passed, SiteModel

__all__ = ["SiteMachine"]

_BY = "cadre-3"
_persons = st.sampled_from(PERSONS)
_keys = st.sampled_from(["k-1", "k-2"])


class SiteMachine(RuleBasedStateMachine):
    """Drives a site through days of crossings, orders, releases, passes, cancels, leave and departures.

    Whatever the site's rules say, the ledger must agree with a model in a few dictionaries, and every
    decision with the executable reference: any deny denies, nobody passes without a rule that allows it, a
    rule that fails allows nothing, nothing is used up twice, an override lets through and is looked at, the
    same key gets the same answer. At the end the record is whole, and replayed it says the same.

    Make one with :meth:`of`; its ``TestCase`` is a test, and Hypothesis shows the shortest way to what is
    wrong.
    """

    policy: ClassVar[Policy]
    first_day: ClassVar[date] = date(2020, 2, 14)

    @classmethod
    def of(cls, policy: Policy, *, first_day: date | None = None) -> type[Self]:
        """A machine for a site.

        Args:
            policy: Its rules.
            first_day: When it begins; choose a day on which the rules hold. Default 14 February 2020.

        Raises:
            InvalidValueError: If it is no policy, or its site has no checkpoint.
        """
        if not isinstance(policy, Policy):
            raise InvalidValueError("SiteMachine.of(policy)", expected="a Policy", got=kind_of(policy))
        if not policy.site.checkpoints:
            raise InvalidValueError(
                "SiteMachine.of(policy)", expected="a site with checkpoints", got="one without"
            )
        if first_day is not None and type(first_day) is not date:
            raise InvalidValueError("SiteMachine.of(first_day=)", expected="a date", got=kind_of(first_day))
        name = f"{cls.__name__} of {policy.site.id}"
        return type(name, (cls,), {"policy": policy, "first_day": first_day or cls.first_day})

    def __init__(self) -> None:
        super().__init__()
        self.model = SiteModel()
        self.now = datetime.combine(self.first_day, time(8), self.policy.site.zone)
        self.ledger = Ledger.open(":memory:", policy=self.policy)
        self._orders = 0

    def teardown(self) -> None:
        """The record is whole, and its crossings decided once more get the same answers."""
        try:
            assert self.ledger.verify() is None, "an entry is not as it was written"
            replayed = self.policy.replay(self.ledger.history())
            assert replayed.differing == 0, f"replayed, the record says otherwise: {replayed.changes}"
            assert len(list(self.ledger.history(as_known="now"))) == replayed.decided
        finally:
            self.ledger.close()

    def _record(self, fact: Any) -> None:  # noqa: ANN401 - any fact
        self.ledger.record(fact, by=_BY, recorded_at=self.now)

    # Time

    @rule(minutes=st.sampled_from([1, 30, 6 * 60, 24 * 60, 5 * 24 * 60]))
    def time_passes(self, minutes: int) -> None:
        """From minutes to days."""
        self.now += timedelta(minutes=minutes)

    # Crossings

    def _party(self, data: st.DataObject) -> Crossing:
        self.now += timedelta(minutes=1)
        party = data.draw(
            st.lists(any_traveller(PERSONS, tuple(Role)), min_size=1, max_size=3, unique_by=nobody_twice),
            label="party",
        )
        return Crossing(
            checkpoint=data.draw(st.sampled_from([each.id for each in self.policy.site.checkpoints])),
            direction=data.draw(st.sampled_from(Direction)),
            at=self.now,
            travellers=party,
            vehicle=data.draw(st.none() | any_vehicle()),
        )

    def _admit(
        self, crossing: Crossing, key: str | None = None, override: Override | None = None
    ) -> Decision:
        situation = self.ledger.situation(crossing)
        book = decide_by_the_book(self.policy.rules, crossing, situation, override)
        decision = self.ledger.admit(crossing, by="guard-5", key=key, override=override, recorded_at=self.now)
        taken = book.effect is Effect.ALLOW and override is None and self.model.holds_up(book.claims)
        said = [
            (each.rule, each.traveller, each.effect, each.code, each.waived) for each in decision.verdicts
        ]
        expected = [*book.said, *([("", None, Effect.HOLD, "claim-taken", False)] if taken else [])]
        assert decision.effect is (Effect.HOLD if taken else book.effect), "not what the book says"
        assert sorted(said, key=repr) == sorted(expected, key=repr), "verdicts that the book does not know"
        assert set(decision.claim_keys) == (set() if taken else set(book.claims)), "other claims"
        assert override is None or decision.alerts, "an override that nobody looks at"
        if decision.effect is Effect.ALLOW:
            persons = frozenset(each.person for each in crossing.travellers if each.person is not None)
            self.model.passed[decision.id] = Passed(crossing.at, persons, frozenset(decision.claim_keys))
        return decision

    @rule(data=st.data())
    def ask(self, data: st.DataObject) -> None:
        """A party asks to pass."""
        self._admit(self._party(data))

    @rule(data=st.data())
    def go_out(self, data: st.DataObject) -> None:
        """A well resident goes out, as most crossings are."""
        self.now += timedelta(minutes=1)
        who = data.draw(_persons)
        gate = data.draw(st.sampled_from([each.id for each in self.policy.site.checkpoints]))
        traveller = Traveller(person=who, temperature=36.5, exit_pass=f"G-{who}", asked=True, registered=True)
        self._admit(Crossing(checkpoint=gate, direction=Direction.OUT, at=self.now, travellers=[traveller]))

    @rule(data=st.data(), key=_keys)
    def ask_with_a_key(self, data: st.DataObject, key: str) -> None:
        """With a key of the gate's; asked again with it, the answer is the same, or it was cancelled."""
        known = self.model.keyed.get(key)
        if known is None:
            decision = self._admit(self._party(data), key=key)
            self.model.keyed[key] = (decision.id, decision.effect)
            return
        asked = self.ledger.decision(known[0]).crossing
        try:
            again = self.ledger.admit(asked, by="guard-5", key=key, recorded_at=self.now)
        except LedgerError:
            assert known[1] is Effect.ALLOW, "a key refused that nothing was cancelled under"
            assert known[0] not in self.model.passed, "a key refused that nothing was cancelled under"
        else:
            assert (again.id, again.effect) == known, "asked twice, decided twice"

    @rule(data=st.data())
    def let_through(self, data: st.DataObject) -> None:
        """A named person overrides."""
        decision = self._admit(self._party(data), override=Override(reason="ambulance", by=_BY))
        assert decision.effect is Effect.ALLOW, "an override that does not let through"

    @precondition(lambda self: self.model.passed)
    @rule(data=st.data())
    def cancel(self, data: st.DataObject) -> None:
        """It did not come about: nothing is used up, and that is so once."""
        decision = data.draw(st.sampled_from(sorted(self.model.passed)))
        del self.model.passed[decision]
        self.ledger.cancel(decision, by="guard-5", reason="turned back", recorded_at=self.now)
        _refused(
            lambda: self.ledger.cancel(decision, by="guard-5", reason="again", recorded_at=self.now),
            "cancelled twice",
        )

    # People

    @rule(person=_persons, resident=st.booleans())
    def enrol(self, person: str, *, resident: bool) -> None:
        """Somebody joins, or comes back, or is known better."""
        self._record(PersonEnrolled(Person(id=person, resident=resident), at=self.now))
        self.model.enrolled(person)

    @precondition(lambda self: self.model.people)
    @rule(data=st.data(), cause=st.sampled_from([EndCause.DEATH, EndCause.MOVED_AWAY]))
    def leave(self, data: st.DataObject, cause: EndCause) -> None:
        """Somebody dies or moves away."""
        person = self._somebody(data)
        self._record(PersonLeft(person=person, reason="told", cause=cause, at=self.now))
        self.model.left(person, self.now)

    def _somebody(self, data: st.DataObject) -> str:
        return data.draw(st.sampled_from(sorted(self.model.people)), label="person")

    # Days at home

    @precondition(lambda self: self.model.people)
    @rule(data=st.data(), back=st.integers(0, 20))
    def order(self, data: st.DataObject, back: int) -> None:
        """Quarantine, as the site orders it; where it orders none, fourteen days at home."""
        person, today = self._somebody(data), self.policy.site.day_of(self.now)
        self._orders += 1
        name = f"q-{self._orders}"
        exposure = Exposure(
            person=person, reason=Return(region="420106"), arrived_on=today - timedelta(days=back)
        )
        if self.policy.order_on(today) is not None:
            period = self.policy.period(exposure, gate_day=today, period_id=name)
        else:
            period = QuarantinePeriod.after(exposure, days=14, zone=self.policy.site.zone.key, id=name)
        self._record(QuarantineOrdered(period, at=self.now))
        self.model.ordered(period)

    @precondition(lambda self: self.model.in_quarantine(self.now))
    @rule(data=st.data())
    def release(self, data: st.DataObject) -> None:
        """Early, with a reason and an author."""
        name = data.draw(st.sampled_from(sorted(self.model.in_quarantine(self.now))))
        change = PeriodChange(
            kind=ChangeKind.ENDED, cause=EndCause.EARLY_RELEASE, reason="well", by=_BY, at=self.now
        )
        self._record(QuarantineChanged(period=name, person=self.model.periods[name][0], change=change))
        self.model.ended(name, self.now)

    @precondition(lambda self: self.model.people)
    @rule(data=st.data(), hours=st.integers(1, 48))
    def grant_leave(self, data: st.DataObject, hours: int) -> None:
        """From now on, for a treatment."""
        span = TimeSpan(self.now, self.now + timedelta(hours=hours))
        self._record(LeaveGranted(person=self._somebody(data), span=span, purpose="dialysis", at=self.now))

    # Passes

    @precondition(lambda self: self.model.people)
    @rule(data=st.data(), colour=st.sampled_from(PassColour), days=st.integers(1, 20))
    def hand_out(self, data: st.DataObject, colour: PassColour, days: int) -> None:
        """A pass of the person's own number."""
        person, today = self._somebody(data), self.policy.site.day_of(self.now)
        card = ExitPass(
            number=f"G-{person}", person=person, colour=colour, valid=DaySpan(today, today + timedelta(days))
        )
        self._record(PassIssued(card, at=self.now))
        self.model.passes[card.number] = person

    @precondition(lambda self: self.model.passes)
    @rule(data=st.data(), cause=st.sampled_from(RevocationCause))
    def revoke(self, data: st.DataObject, cause: RevocationCause) -> None:
        """One that is held."""
        number = data.draw(st.sampled_from(sorted(self.model.passes)))
        person = self.model.passes.pop(number)
        self._record(PassRevoked(number=number, person=person, reason="told", cause=cause, at=self.now))

    # What holds always

    @invariant()
    def people_are_those_who_joined(self) -> None:
        """And did not leave."""
        assert {each.id for each in self.ledger.people()} == self.model.people, "other people"

    @invariant()
    def passes_are_those_handed_out(self) -> None:
        """And not revoked; nobody who left holds one."""
        held = {number: each.person for number, each in self.ledger.state.passes.items()}
        assert held == self.model.passes, "other passes"

    @invariant()
    def periods_hold_from_their_start_to_their_end(self) -> None:
        """Whatever became of them."""
        state = self.ledger.state
        in_force = {name for name, each in state.periods.items() if each.in_force(self.now)}
        assert in_force == self.model.in_quarantine(self.now), "other periods in force"

    @invariant()
    def crossings_are_those_that_stand(self) -> None:
        """Allowed, and not cancelled."""
        state = self.ledger.state
        for person in PERSONS:
            seen = {each.decision for each in state.crossings_of.get(person, ())}
            every, late = self.model.crossed(person)
            assert late <= seen <= every, "other crossings"

    @invariant()
    def nobody_who_left_is_called(self) -> None:
        """What was owed about them is owed no more."""
        owed = {each.duty.subject for each in self.ledger.duties(state=DutyState.OPEN)}
        assert owed.isdisjoint(self.model.gone), "a duty about somebody who left"


def _refused(work: Callable[[], object], otherwise: str) -> None:
    try:
        work()
    except LedgerError:
        return
    raise AssertionError(otherwise)
