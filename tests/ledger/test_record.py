"""Recording: what goes in comes out, once, with what follows from it, all of it or nothing."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.days import DaySpan, TimeSpan
from epiguard.decisions import PassDecision
from epiguard.duties import Alert, Duty, DutyState, Outcome
from epiguard.errors import InvalidValueError, LedgerError, PlainDataError, UnknownIdError
from epiguard.facts import (
    FACT_KINDS,
    AlertClosed,
    AlertRaised,
    CrossingDecided,
    CrossingObserved,
    DecisionCancelled,
    DutyAttempted,
    DutyClosed,
    DutyOpened,
    Fact,
    LeaveGranted,
    MatchConfirmed,
    MatchFound,
    MatchRejected,
    PassDecided,
    PassIssued,
    PersonEnrolled,
    PersonLeft,
    QuarantineChanged,
    QuarantineOrdered,
    Registered,
    RuleFailed,
    WatchEnded,
    WatchListed,
)
from epiguard.ledger import Entry, Ledger, UnknownFact
from epiguard.ledger._chain import GENESIS
from epiguard.ledger._entry import pack, unpack
from epiguard.ledger._memory import MemoryStore
from epiguard.passes import ExitPass, PassApplication, PassColour
from epiguard.quarantine import ChangeKind, PeriodChange
from epiguard.registrations import Registration
from epiguard.testing import FACTS, facts
from ledger.community import (
    NOON,
    RECORDED,
    WANG,
    Calls,
    Fails,
    OnceADay,
    Probe,
    enrolled,
    out,
    period,
    policy,
    summary,
)

Open = Callable[..., Ledger]
GREEN = ExitPass(
    number="G-1",
    person="p-0",
    colour=PassColour.GREEN,
    valid=DaySpan(NOON.date(), NOON.date() + timedelta(days=30)),
)
TODAY = TimeSpan(NOON, NOON + timedelta(hours=5))


def kinds(ledger: Ledger) -> list[str]:
    """The kinds of all facts."""
    return [each.kind for each in ledger.facts()]


@pytest.mark.parametrize("kind", FACTS, ids=lambda kind: kind.__name__)
@given(data=st.data())
def test_every_fact_is_kept_as_it_was(kind: type[Fact], data: st.DataObject) -> None:
    """Split, hashed, stored and read back, a fact of any kind is equal to itself."""
    fact = data.draw(facts(kind))
    packed = pack(
        fact,
        position=1,
        writer="main",
        sequence=1,
        subjects=fact.subjects,
        recorded_at=RECORDED,
        by="cadre-3",
        key=None,
        claims=("exit|p-1|2020-02-14|0",),
        previous=GENESIS,
        latest="",
    )
    entry = unpack(packed)
    assert entry.fact == fact
    assert (entry.kind, entry.subjects, entry.occurred_at) == (kind.kind, fact.subjects, fact.at)
    assert (entry.recorded_at, entry.claims) == (RECORDED, ("exit|p-1|2020-02-14|0",))


def test_an_entry_says_who_when_and_where(open_ledger: Open) -> None:
    """The envelope is complete, and the same when it is read again."""
    ledger = open_ledger()
    first = ledger.record(PersonEnrolled(WANG), by="cadre-3", key="k-1")
    second = ledger.record(PersonLeft(person="p-7", reason="moved", at=NOON), by="cadre-4", recorded_at=NOON)
    assert (first.position, first.writer, first.sequence, first.id) == (1, "main", 1, "main-1")
    assert (first.kind, first.subjects, first.by, first.key) == (
        "person-enrolled",
        ("p-7",),
        "cadre-3",
        "k-1",
    )
    assert (first.occurred_at, first.recorded_at) == (None, RECORDED)
    assert (second.occurred_at, second.recorded_at) == (NOON, NOON)
    assert (first.previous, second.previous) == (GENESIS, first.hash)
    assert list(ledger.facts()) == [first, second]
    assert list(ledger.facts(after=1)) == [second]
    assert ledger.position == 2


def test_a_key_records_once(open_ledger: Open) -> None:
    """Asked again with its key, the first entry comes back; under it nothing else can be recorded."""
    ledger = open_ledger(Calls)
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    first = ledger.record(QuarantineOrdered(period()), by="cadre-3", key="q-1")
    assert ledger.record(QuarantineOrdered(period()), by="cadre-4", key="q-1") == first
    assert kinds(ledger) == ["person-enrolled", "quarantine-ordered", "duty-opened"]
    with pytest.raises(LedgerError) as caught:
        ledger.record(QuarantineOrdered(period("p-8")), by="cadre-3", key="q-1")
    assert str(caught.value) == (
        "Ledger.record(key=): expected a new key, or the same question again,"
        " got a key under which something else was recorded;"
        " give every crossing and every fact a key of its own"
    )


def test_what_follows_is_recorded_once_and_not_followed_up(open_ledger: Open) -> None:
    """A period opens one call; the call opens nothing, and the same period again opens no second one."""
    ledger = open_ledger(Calls)
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    ledger.record(QuarantineOrdered(period(), at=NOON), by="cadre-3")
    ledger.record(QuarantineOrdered(period(), at=NOON), by="cadre-3")
    assert kinds(ledger) == ["person-enrolled", "quarantine-ordered", "duty-opened", "quarantine-ordered"]
    [status] = ledger.duties()
    assert (status.duty.kind, status.duty.due) == ("call", NOON + timedelta(hours=24))
    assert list(ledger.facts())[2].by == "ledger"


def test_a_fact_of_unknown_time_is_followed_up_at_its_recording(open_ledger: Open) -> None:
    """Rules always see an instant; the record keeps that it is unknown."""
    ledger = open_ledger(Calls)
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    entry = ledger.record(QuarantineOrdered(period()), by="cadre-3")
    assert entry.fact.at is None
    assert ledger.duties()[0].duty.due == RECORDED + timedelta(hours=24)


def test_a_rule_that_fails_is_on_record_and_hides_nothing(open_ledger: Open) -> None:
    """The others' duties are opened, the failure is a fact and one alert."""
    ledger = open_ledger(Fails, Calls)
    ledger.record(PersonEnrolled(WANG, at=NOON - timedelta(hours=1)), by="cadre-3")
    ledger.record(QuarantineOrdered(period(), at=NOON), by="cadre-3")
    assert sorted(kinds(ledger)[-4:]) == ["alert-raised", "duty-opened", "quarantine-ordered", "rule-failed"]
    alert = ledger.alerts()[-1]
    assert (alert.kind, alert.subject, alert.basis, alert.at) == ("rule-fault", "caohang", "fails", NOON)
    fault = [each.fact for each in ledger.facts() if isinstance(each.fact, RuleFailed)][-1]
    assert (fault.hook, fault.about) == ("follow_up", "quarantine-ordered")


def test_what_is_said_about_a_duty_is_kept_under_its_person(open_ledger: Open) -> None:
    """A note names only the duty, and is about the person; so its payload is the person's."""
    ledger = open_ledger(Calls)
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    ledger.record(QuarantineOrdered(period(), at=NOON), by="cadre-3")
    duty = ledger.duties()[0].duty.id
    alert = Alert(kind="passed", subject="p-9")
    ledger.record(AlertRaised(alert), by="cadre-3")
    tried = DutyAttempted(duty=duty, outcome=Outcome.NO_ANSWER, note="the neighbour says he is away")
    entries = [
        ledger.record(tried, by="leader-4"),
        ledger.record(DutyClosed(duty=duty, reason="moved"), by="leader-4"),
        ledger.record(AlertClosed(alert=alert.id, outcome="a mistake"), by="leader-4"),
    ]
    assert [each.subjects for each in entries] == [("p-7",), ("p-7",), ("p-9",)]
    store = ledger._journal.store
    assert [store.after(each.position - 1, 1)[0].parts[0].subject for each in entries] == [
        "p-7",
        "p-7",
        "p-9",
    ]


def test_travellers_are_kept_apart(open_ledger: Open) -> None:
    """Each traveller's data is a part of its own subject's; the rest is the site's."""
    ledger = open_ledger()
    entry = ledger.record(CrossingObserved(out("p-7", None, "p-8"), at=NOON), by="door-7")
    [stored] = ledger._journal.store.after(0, 9)
    assert [each.subject for each in stored.parts] == ["", "p-7", "main-1/0", "p-8"]
    assert json.loads(stored.parts[0].text or "")["crossing"]["travellers"] == [None, None, None]
    assert entry.subjects == ("p-7", "p-8")


@pytest.mark.parametrize(
    ("fact", "field"),
    [
        (DutyAttempted(duty="duty-0", outcome="done"), "DutyAttempted.duty"),
        (DutyClosed(duty="duty-0", reason="x"), "DutyClosed.duty"),
        (AlertClosed(alert="alert-0", outcome="x"), "AlertClosed.alert"),
        (
            QuarantineChanged(
                period="q-0",
                person="p-7",
                change=PeriodChange(kind=ChangeKind.EXTENDED, days=7, reason="contact", by="cadre-3"),
            ),
            "QuarantineChanged.period",
        ),
        (MatchConfirmed(registration="r-0", person="p-7"), "MatchConfirmed.registration"),
        (MatchConfirmed(registration="r-1", person="p-0"), "MatchConfirmed.person"),
        (MatchRejected(registration="r-0", person="p-7"), "MatchRejected.registration"),
        (MatchRejected(registration="r-1", person="p-0"), "MatchRejected.person"),
        (QuarantineOrdered(period("p-0")), "QuarantineOrdered.period.person"),
        (QuarantineOrdered(period("form:r-0")), "QuarantineOrdered.period.person"),
        (PassIssued(GREEN), "PassIssued.exit_pass.person"),
        (LeaveGranted(person="p-0", span=TODAY, purpose="dialysis"), "LeaveGranted.person"),
        (PersonLeft(person="p-0", reason="died", cause="death"), "PersonLeft.person"),
        (WatchListed(person="p-0", reason="returned", until=date(2020, 3, 1)), "WatchListed.person"),
        (WatchEnded(person="p-7", reason="moved"), "WatchEnded.person"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_nothing_becomes_of_what_is_not_on_record(open_ledger: Open, fact: Fact, field: str) -> None:
    """A slip in an id is refused, not swallowed, and what to do is said."""
    ledger = open_ledger()
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    ledger.record(Registered(Registration(id="r-1", source="paper")), by="cadre-3")
    with pytest.raises(UnknownIdError, match=rf"^{re.escape(field)}: .* on record, got another id; take it"):
        ledger.record(fact, by="cadre-3")
    assert kinds(ledger) == ["person-enrolled", "registered"]


_PLACED: dict[str, Callable[[Ledger, CrossingObserved, CrossingObserved], object]] = {
    "record": lambda ledger, _, wrong: ledger.record(wrong, by="door-7", key="door-1"),
    "record_all": lambda ledger, seen, wrong: ledger.record_all([seen, wrong], by="door-7"),
    "batch": lambda ledger, seen, wrong: [ledger.record(each, by="door-7") for each in (seen, wrong)],
    "admit": lambda ledger, _, wrong: ledger.admit(wrong.crossing, key="door-1"),
}


@pytest.mark.parametrize("how", _PLACED)
def test_a_crossing_at_a_gate_that_the_site_does_not_have_is_refused(open_ledger: Open, how: str) -> None:
    """Seen or asked, by the same check: it says which gates there are, and nothing is written."""
    ledger = open_ledger()
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    slip = attrs.evolve(out(), checkpoint="nroth")
    message = (
        r"^Crossing\.checkpoint: expected one of north, south, got another id; "
        r"add the checkpoint to the site 'caohang', or correct the crossing$"
    )
    seen, wrong = CrossingObserved(out()), CrossingObserved(slip)
    with pytest.raises(UnknownIdError, match=message), ledger.batch() if how == "batch" else nullcontext():
        _PLACED[how](ledger, seen, wrong)
    assert kinds(ledger) == ["person-enrolled"]
    ledger.record(CrossingObserved(out()), by="door-7", key="door-1")
    assert kinds(ledger) == ["person-enrolled", "crossing-observed"]


def test_whoever_wrote_a_form_is_somebody(open_ledger: Open) -> None:
    """Period, leave, watch and departure go under a form on record while nobody knows whose it is."""
    ledger = open_ledger()
    form = Registration(id="r-1", source="paper")
    ledger.record(Registered(form), by="cadre-3")
    ledger.record(QuarantineOrdered(period(form.subject)), by="cadre-3")
    ledger.record(LeaveGranted(person=form.subject, span=TODAY, purpose="dialysis"), by="cadre-3")
    watch = WatchListed(person=form.subject, reason="returned", until=date(2020, 3, 1))
    ledger.record(watch, by="cadre-3")
    ledger.record(PersonLeft(person=form.subject, reason="moved", at=NOON), by="cadre-3")
    assert len(kinds(ledger)) == 5


def test_a_match_the_computer_found_may_come_before_its_form(open_ledger: Open) -> None:
    """Where facts of several ledgers come together, their order is not that of the events."""
    ledger = open_ledger()
    ledger.record(MatchFound(registration="r-1", person="p-7"), by="matcher")
    ledger.record(Registered(Registration(id="r-1", source="paper")), by="cadre-3")
    assert ledger.state.links == {"r-1": "p-7"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"by": ""}, r"Ledger\.record\(by=\)"),
        ({"by": "  "}, r"Ledger\.record\(by=\)"),
        ({"by": "cadre-3", "key": " "}, r"Ledger\.record\(key=\)"),
        ({"by": "cadre-3", "recorded_at": datetime(2020, 2, 14)}, "recorded_at"),  # noqa: DTZ001 - that is it
        ({"by": "cadre-3", "recorded_at": "2020-02-14"}, "recorded_at"),
    ],
)
def test_bad_arguments_are_refused(open_ledger: Open, options: dict[str, Any], message: str) -> None:
    """Each with its name, and nothing is recorded."""
    ledger = open_ledger()
    with pytest.raises(InvalidValueError, match=message):
        ledger.record(PersonEnrolled(WANG), **options)
    assert kinds(ledger) == []


def test_a_clock_without_a_zone_is_refused() -> None:
    """The message names the clock."""
    naive = datetime(2020, 2, 14)  # noqa: DTZ001 - that is it
    with (
        Ledger.open(":memory:", policy=policy(), clock=lambda: naive) as ledger,
        pytest.raises(InvalidValueError, match=r"Ledger\.open\(clock=\)"),
    ):
        ledger.record(PersonEnrolled(WANG), by="cadre-3")


def test_the_default_clock_is_the_systems() -> None:
    """In UTC; it is asked only where the caller gives no instant."""
    with Ledger.open(":memory:", policy=policy()) as ledger:
        before = datetime.now(UTC)
        entry = ledger.record(PersonEnrolled(WANG), by="cadre-3")
        assert before <= entry.recorded_at <= datetime.now(UTC)


def test_what_is_no_fact_is_refused(open_ledger: Open) -> None:
    """So are decisions and cancellations, which go with claims, and facts nobody could read back."""
    ledger = open_ledger(OnceADay)
    decision = ledger.admit(out())
    with pytest.raises(InvalidValueError, match="expected a fact"):
        ledger.record(WANG, by="cadre-3")  # type: ignore[arg-type]  # wrong on purpose
    with pytest.raises(LedgerError, match=r"use Ledger\.admit"):
        ledger.record(CrossingDecided(decision), by="cadre-3")
    with pytest.raises(LedgerError, match=r"use Ledger\.cancel"):
        ledger.record(DecisionCancelled(decision=decision.id, reason="x"), by="cadre-3")
    application = PassApplication(person="p-7", number="G-1", colour="green", valid=GREEN.valid, at=NOON)
    granted = PassDecision(application=application, day=NOON.date(), effect="allow")
    with pytest.raises(LedgerError, match=r"use Ledger\.issue_pass"):
        ledger.record(PassDecided(granted), by="cadre-3")
    with pytest.raises(LedgerError, match="can be read back"):
        ledger.record(UnknownFact(name="later", version=1, data={}), by="cadre-3")
    with pytest.raises(LedgerError, match="can be read back"):
        ledger.record(Fact(), by="cadre-3")


def test_a_fact_that_does_not_fit_leaves_nothing(open_ledger: Open) -> None:
    """A change that would leave a period without a day is refused, and the ledger is as before."""
    ledger = open_ledger()
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    ledger.record(QuarantineOrdered(period()), by="cadre-3")
    before = summary(ledger.state)
    change = PeriodChange(kind=ChangeKind.SHORTENED, days=99, reason="slip", by="cadre-3", at=NOON)
    with pytest.raises(InvalidValueError):
        ledger.record(QuarantineChanged(period=period().id, person="p-7", change=change), by="cadre-3")
    assert summary(ledger.state) == before
    assert kinds(ledger) == ["person-enrolled", "quarantine-ordered"]


def test_half_a_character_is_refused_without_repeating_it(open_ledger: Open) -> None:
    """Text that no file can hold does not show up in the error or its causes."""
    ledger = open_ledger()
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    with pytest.raises(PlainDataError) as caught:
        ledger.record(PersonLeft(person="p-7", reason="secret\ud800"), by="cadre-3")
    assert "secret" not in repr(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
    assert kinds(ledger) == ["person-enrolled"]


def test_facts_of_plug_ins_are_kept_and_those_of_unknown_kinds_handed_on(
    open_ledger: Open, target: str
) -> None:
    """A plug-in's fact is read back as its class while that is loaded, else as plain data."""

    @attrs.frozen(kw_only=True)
    class MasksHandedOut(Fact):
        household: str
        people: tuple[dict[str, str], ...] = ()
        parts = ("people",)

        @property
        def subjects(self) -> tuple[str, ...]:
            return (self.household,)

    given_ = MasksHandedOut(household="h-1", people=({"person": "p-1", "masks": "5"},))
    try:
        ledger = open_ledger()
        entry = ledger.record(given_, by="leader-4")
        assert entry.fact == given_
        assert next(ledger.facts()).kind == "masks-handed-out"
    finally:
        del FACT_KINDS["masks-handed-out"]
    if target != ":memory:":
        ledger.close()
        ledger = open_ledger()
    [again] = ledger.facts()
    assert isinstance(again.fact, UnknownFact)
    assert (again.kind, again.fact.name, again.subjects) == ("masks-handed-out", "masks-handed-out", ("h-1",))
    assert again.fact.data["people"] == [{"person": "p-1", "masks": "5"}]
    for shown in (again.fact, attrs.asdict(again.fact), again.fact.data, f"{again.fact.data}"):
        assert "masks'" not in repr(shown)
        assert "p-1" not in repr(shown)
    assert again.hash == entry.hash
    assert ledger.verify() is None
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    assert list(ledger.people()) == [WANG]


def test_a_batch_is_kept_whole(open_ledger: Open) -> None:
    """Many records of one batch are there, in order, and visible inside."""
    ledger = open_ledger(Calls)
    with ledger.batch():
        for number in range(20):
            ledger.record(enrolled(number), by="cadre-3", key=f"k-{number}")
        assert len(list(ledger.facts())) == len(list(ledger.people())) == 20
        ledger.record(enrolled(3), by="cadre-3", key="k-3")
    assert ledger.position == 20


def test_a_batch_that_fails_leaves_nothing(open_ledger: Open, target: str) -> None:
    """An error in the middle takes everything back: entries, keys, claims, and what they added up to."""
    ledger = open_ledger(OnceADay, Calls)
    ledger.record(enrolled(1), by="cadre-3")
    before = summary(ledger.state)

    def spoilt() -> None:
        with ledger.batch():
            ledger.record(enrolled(2), by="cadre-3", key="k-2")
            ledger.record(QuarantineOrdered(period("p-2")), by="cadre-3")
            ledger.admit(out("p-8"))
            raise RuntimeError

    with pytest.raises(RuntimeError):
        spoilt()
    assert kinds(ledger) == ["person-enrolled"]
    assert summary(ledger.state) == before
    if target != ":memory:":
        assert summary(open_ledger(OnceADay, Calls).state) == before
    assert ledger.record(enrolled(2), by="cadre-3", key="k-2").sequence == 2
    assert ledger.admit(out("p-8")).effect.value == "allow"


def test_a_failure_half_way_spoils_the_batch_even_where_it_is_caught(open_ledger: Open) -> None:
    """What one call wrote before it failed cannot be kept, so nothing is."""
    ledger = open_ledger(Probe)
    Probe.following.append(lambda: None)
    Probe.following.append(_interrupt)

    def spoilt() -> None:
        with ledger.batch():
            ledger.record(enrolled(1), by="cadre-3")
            with pytest.raises(KeyboardInterrupt):
                ledger.record(enrolled(2), by="cadre-3")

    with pytest.raises(LedgerError, match="expected every call in it to succeed"):
        spoilt()
    assert kinds(ledger) == []
    with ledger.batch():
        ledger.record(enrolled(1), by="cadre-3")
        with pytest.raises(UnknownIdError):  # refused before it wrote anything: the batch is sound
            ledger.record(DutyClosed(duty="duty-0", reason="x"), by="cadre-3")
    assert kinds(ledger) == ["person-enrolled"]


def test_batches_do_not_nest(open_ledger: Open) -> None:
    """The inner one is refused, and ends the outer one."""
    ledger = open_ledger()

    def nested() -> None:
        with ledger.batch():
            ledger.record(enrolled(1), by="cadre-3")
            with ledger.batch():
                pass

    with pytest.raises(LedgerError, match="a batch inside a batch"):
        nested()
    assert kinds(ledger) == []


def _interrupt() -> None:
    raise KeyboardInterrupt


def test_an_interrupt_while_following_up_leaves_nothing(open_ledger: Open) -> None:
    """The fact is not recorded without what follows from it."""
    ledger = open_ledger(Probe)
    Probe.following.append(_interrupt)
    with pytest.raises(KeyboardInterrupt):
        ledger.record(enrolled(1), by="cadre-3")
    assert (kinds(ledger), list(ledger.people())) == ([], [])
    ledger.record(enrolled(1), by="cadre-3")
    assert kinds(ledger) == ["person-enrolled"]


class _FullDisk(MemoryStore):
    """Fails at its n-th write, once."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.left = at

    def _write(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise LedgerError("store", expected="a free block", got="none")

    def append(self, *args: Any) -> None:
        """Fail, or append."""
        self._write()
        super().append(*args)

    def commit(self) -> None:
        """Fail, or commit."""
        self._write()
        super().commit()


@pytest.mark.parametrize("at", range(1, 7))
def test_a_write_that_fails_leaves_the_ledger_as_it_was(at: int) -> None:
    """Wherever it fails (the decision, its alert, its fault, the commit), the next attempt succeeds."""
    with Ledger(
        _FullDisk(at), policy=policy(OnceADay, Fails), clock=lambda: RECORDED, writer="main"
    ) as ledger:
        try:
            ledger.admit(out(), key="k-1")
        except LedgerError:
            assert (kinds(ledger), summary(ledger.state)["alerts"]) == ([], {})
        decision = ledger.admit(out(), key="k-1")
        assert decision.id == "main-1"
        failed = ["rule-failed", "alert-raised"]
        assert kinds(ledger) == ["crossing-decided", *failed[::-1], *failed]
        assert ledger.verify() is None


def test_a_duty_lives_through_its_attempts(open_ledger: Open) -> None:
    """A call that reaches nobody leaves it open; one that does ends it."""
    ledger = open_ledger()
    duty = Duty(kind="call", subject="p-7", due=NOON)
    ledger.record(DutyOpened(duty), by="cadre-3")
    ledger.record(DutyAttempted(duty=duty.id, outcome="no-answer", at=NOON), by="leader-4")
    assert ledger.duties()[0].attempts == ((NOON, Outcome.NO_ANSWER),)
    ledger.record(DutyAttempted(duty=duty.id, outcome="reached", at=NOON), by="leader-4")
    assert ledger.duties() == []
    assert ledger.duties(state=None)[0].state is DutyState.DONE


def test_the_listed_duties_speak_for_themselves(open_ledger: Open) -> None:
    """Whoever works through the list needs no second dot."""
    ledger = open_ledger()
    duty = Duty(
        kind="tell-landlord", subject="p-7", contact="p-9", due=NOON, basis="q-1", assignee="leader-4"
    )
    ledger.record(DutyOpened(duty), by="cadre-3")
    for each in ledger.duties(assignee="leader-4"):
        for name in ("id", "kind", "subject", "contact", "due", "route", "basis", "assignee"):
            assert getattr(each, name) == getattr(duty, name)
        assert each.text("en") == duty.text("en")
        ledger.record(DutyAttempted(duty=each.id, outcome=Outcome.REACHED, at=NOON), by="leader-4")
    assert ledger.duties() == []


def test_a_closed_ledger_refuses(open_ledger: Open) -> None:
    """Every call says that it is closed; closing twice is harmless."""
    ledger = open_ledger()
    ledger.close()
    ledger.close()
    calls: list[Callable[[], object]] = [
        lambda: ledger.record(enrolled(1), by="cadre-3"),
        lambda: ledger.admit(out()),
        lambda: list(ledger.facts()),
        lambda: ledger.state,
        ledger.verify,
        ledger.people,
    ]
    for call in calls:
        with pytest.raises(LedgerError, match="got a closed one; open it again"):
            call()


def test_entries_are_values() -> None:
    """An entry cannot be changed."""
    with Ledger.open(":memory:", policy=policy()) as ledger:
        entry: Entry = ledger.record(enrolled(1), by="cadre-3")
        with pytest.raises(attrs.exceptions.FrozenInstanceError):
            entry.by = "somebody"  # type: ignore[misc]  # wrong on purpose
