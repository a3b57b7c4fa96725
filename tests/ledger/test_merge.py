"""Ledgers that were written apart are brought together: nothing is lost, nothing settled in silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, timedelta
from pathlib import Path

import attrs
import pytest

from epiguard.days import DaySpan, TimeSpan
from epiguard.decisions import Effect
from epiguard.errors import LedgerError
from epiguard.facts import (
    AlertClosed,
    ClaimContested,
    CrossingDecided,
    CrossingObserved,
    Fact,
    LeaveGranted,
    MatchConfirmed,
    PassIssued,
    PersonChanged,
    PersonEnrolled,
    PersonErased,
    PersonLeft,
    QuarantineChanged,
    QuarantineOrdered,
    Registered,
)
from epiguard.ledger import Ledger
from epiguard.passes import ExitPass, PassColour
from epiguard.people import Person
from epiguard.policy import Policy
from epiguard.quarantine import ChangeKind, EndCause, PeriodChange
from epiguard.registrations import Registration
from ledger.community import HEAD, NOON, RECORDED, WANG, OnceADay, enrolled, out, period, policy, summary

Opened = Callable[[str], Ledger]
SITE = policy(OnceADay)


@pytest.fixture(params=["memory", "sqlite", "postgresql"])
def opened(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Opened]:
    """Opens a ledger for a writer, each of its own, and closes it."""
    new_address: Callable[[], str] = (
        request.getfixturevalue("new_address") if request.param == "postgresql" else lambda: ""
    )
    with ExitStack() as stack:

        def at(writer: str) -> Ledger:
            target = {"memory": ":memory:", "sqlite": str(tmp_path / f"{writer}.db")}.get(request.param)
            place = target or new_address()
            ledger = Ledger.open(place, policy=SITE, writer=writer, clock=lambda: RECORDED)
            return stack.enter_context(ledger)

        yield at


def kinds(ledger: Ledger) -> list[str]:
    """What was recorded, in the order of arrival."""
    return [each.kind for each in ledger.facts()]


def same(*ledgers: Ledger) -> bool:
    """Whether all of them say the same."""
    first, *others = ledgers
    return all(summary(each.state) == summary(first.state) for each in others)


def test_what_either_knows_both_know(opened: Opened) -> None:
    """Every entry, as it was written; what is recorded later goes on from there."""
    north, south = opened("north"), opened("south")
    north.record(enrolled(1), by="cadre-3")
    south.record(enrolled(2), by="cadre-3")
    south.admit(out("p-2"))
    report = north.merge(south)
    assert (report.entries, report.alerts, report.erased) == ({"south": 3}, (), 0)
    assert [each.id for each in north.facts()] == ["north-1", "south-1", "south-2", "south-3"]
    assert [each.hash for each in north.facts()][1:] == [each.hash for each in south.facts()]
    assert {each.id for each in north.people()} == {"p-1", "p-2"}
    assert south.merge(north).entries == {"north": 1}
    assert same(north, south)
    assert north.record(enrolled(3), by="cadre-3").id == "north-2"
    assert (north.verify(), south.verify()) == (None, None)


def test_a_crossing_at_a_gate_that_only_the_other_has_is_kept(opened: Opened) -> None:
    """What was seen was seen: a ledger whose site file lacks the gate takes it over, and it counts."""
    north = opened("north")
    north.record(enrolled(1), by="cadre-3")
    wider = Policy.loads(HEAD.replace('"south"', '"east"'), rules=[OnceADay])
    with Ledger.open(":memory:", policy=wider, writer="east", clock=lambda: RECORDED) as east:
        east.record(CrossingObserved(attrs.evolve(out("p-1"), checkpoint="east")), by="door-7")
        assert north.merge(east).entries == {"east": 1}
    assert kinds(north) == ["person-enrolled", "crossing-observed"]
    assert north.situation(out("p-1")).standings[0].exits_on_day() == 1
    assert north.verify() is None


def test_again_brings_nothing(opened: Opened) -> None:
    """Nor does a ledger brought into itself."""
    north, south = opened("north"), opened("south")
    south.record(enrolled(2), by="cadre-3")
    north.merge(south)
    position = north.position
    assert north.merge(south).entries == north.merge(north).entries == {}
    assert north.position == position


def test_an_exit_that_two_gates_gave_is_told_with_both_decisions(opened: Opened) -> None:
    """A fact about each, and one alert that names both; whoever asks next is held."""
    north, south = opened("north"), opened("south")
    for gate in (north, south):
        gate.record(PersonEnrolled(WANG), by="cadre-3")
    first = north.admit(out(), recorded_at=RECORDED)
    second = south.admit(out(at=NOON + timedelta(hours=1)), recorded_at=RECORDED + timedelta(hours=1))
    assert (first.effect, second.effect) == (Effect.ALLOW, Effect.ALLOW)
    [alert] = north.merge(south).alerts
    assert (alert.kind, alert.subject, alert.basis) == ("double-claim", "p-7", f"{first.id},{second.id}")
    assert alert.at == second.crossing.at
    assert first.id in alert.text("en")
    assert second.id in alert.text("zh")
    assert alert in north.alerts()
    told = [each.fact for each in north.facts() if isinstance(each.fact, ClaimContested)]
    assert [each.decision for each in told] == [first.id, second.id]
    decided = [each for each in north.facts() if isinstance(each.fact, CrossingDecided)]
    assert [each.fact.decision.effect for each in decided if isinstance(each.fact, CrossingDecided)] == [
        Effect.ALLOW,
        Effect.ALLOW,
    ]
    assert north.admit(out(at=NOON + timedelta(hours=2))).effect is Effect.HOLD
    assert south.merge(north).alerts == (alert,)
    assert same(north, south)
    assert kinds(south).count("claim-contested") == 2  # what north said, and nothing of its own


@pytest.mark.parametrize(("person", "start", "told"), [("p-8", 14, 1), ("p-7", 14, 0), ("p-8", 29, 0)])
def test_a_pass_number_that_two_desks_gave_out_is_told(
    opened: Opened, person: str, start: int, told: int
) -> None:
    """To two people for some of the same days: both facts stay, and one alert names both people."""
    north, south = opened("north"), opened("south")
    cards = [
        ExitPass(
            number="G-1",
            person=each,
            colour=PassColour.GREEN,
            valid=DaySpan(date(2020, 2, first), date(2020, 2, first) + timedelta(days=15)),
        )
        for each, first in (("p-7", 14), (person, start))
    ]
    for desk, card, later in zip((north, south), cards, (0, 1), strict=True):
        desk.record(PersonEnrolled(Person(id=card.person)), by="cadre-3")
        desk.record(PassIssued(card), by="desk", recorded_at=RECORDED + timedelta(minutes=later))
    alerts = north.merge(south).alerts
    assert [(each.kind, each.subject, each.basis) for each in alerts] == [
        ("double-pass", "p-8", "G-1:p-7")
    ] * told
    assert kinds(north).count("pass-issued") == 2
    south.merge(north)
    assert same(north, south)
    assert [each.kind for each in south.alerts()] == ["double-pass"] * told


def test_an_alert_that_was_looked_at_does_not_hide_a_third(opened: Opened) -> None:
    """A third gate that comes later is a new alert about all three."""
    gates = [opened(name) for name in ("north", "south", "west")]
    decisions = []
    for hour, gate in enumerate(gates):
        gate.record(PersonEnrolled(WANG), by="cadre-3")
        decisions.append(gate.admit(out(at=NOON + timedelta(hours=hour))).id)
    north, south, west = gates
    [two] = north.merge(south).alerts
    north.record(AlertClosed(alert=two.id, outcome="both were seen"), by="cadre-3")
    assert north.alerts() == [each for each in north.alerts() if each.kind != "double-claim"]
    [three] = north.merge(west).alerts
    assert three.basis == ",".join(decisions)
    assert three in north.alerts()


def test_a_crossing_that_was_cancelled_is_no_second_one(opened: Opened) -> None:
    """Whether it was cancelled before the merge or after it; the claim stays with whoever went."""
    north, south, west = opened("north"), opened("south"), opened("west")
    for gate in (north, south):
        gate.record(PersonEnrolled(WANG), by="cadre-3")
    turned_back, went = north.admit(out()), south.admit(out())
    west.merge(north)
    assert [each.kind for each in west.merge(south).alerts] == ["double-claim"]
    north.cancel(turned_back.id, by="guard-5", reason="turned back")
    west.merge(north)
    assert [each for each in west.alerts() if each.kind == "double-claim"] == []
    later = NOON + timedelta(hours=2)
    assert west.admit(out(at=later)).effect is Effect.HOLD  # south's exit was spent
    assert south.merge(north).alerts == ()
    assert south.admit(out(at=later)).effect is Effect.HOLD
    south.cancel(went.id, by="guard-5", reason="turned back")
    assert south.admit(out(at=later)).effect is Effect.ALLOW


def test_after_a_conflict_a_cancel_leaves_the_claim_with_the_other(opened: Opened) -> None:
    """Only when both are cancelled the exit can be had again."""
    north, south = opened("north"), opened("south")
    for gate in (north, south):
        gate.record(PersonEnrolled(WANG), by="cadre-3")
    both = [north.admit(out()).id, south.admit(out()).id]
    north.merge(south)
    for number, decision in enumerate(both):
        north.cancel(decision, by="guard-5", reason="turned back")
        allowed = number == 1
        assert (north.admit(out(at=NOON + timedelta(hours=2))).effect is Effect.ALLOW) == allowed


def test_an_exit_that_leave_gave_back_is_no_second_one(opened: Opened) -> None:
    """Leave that was recorded afterwards gives an exit back, in whatever ledger."""
    north, south, west = opened("north"), opened("south"), opened("west")
    north.record(PersonEnrolled(WANG), by="cadre-3")
    assert north.admit(out()).effect is Effect.ALLOW
    west.merge(north)
    span = TimeSpan(NOON - timedelta(hours=1), NOON + timedelta(hours=1))
    north.record(LeaveGranted(person="p-7", span=span, purpose="dialysis"), by="cadre-3")
    assert north.admit(out(at=NOON + timedelta(hours=2))).effect is Effect.ALLOW
    for other in (south, west):
        assert other.merge(north).alerts == ()
        assert other.admit(out(at=NOON + timedelta(hours=3))).effect is Effect.HOLD


def test_what_contradicts_is_set_aside_with_an_alert(opened: Opened) -> None:
    """Both gates ended one period, each without knowing of the other: the one recorded first counts."""
    north, south = opened("north"), opened("south")
    for fact in (PersonEnrolled(WANG), QuarantineOrdered(period(), at=NOON)):
        north.record(fact, by="cadre-3")
    south.merge(north)

    def ended(cause: EndCause) -> Fact:
        change = PeriodChange(kind=ChangeKind.ENDED, cause=cause, reason="told so", by="cadre-3", at=NOON)
        return QuarantineChanged(period=period().id, person="p-7", change=change)

    north.record(ended(EndCause.HOSPITAL), by="cadre-3", recorded_at=RECORDED + timedelta(hours=1))
    south.record(ended(EndCause.BECAME_CASE), by="cadre-3", recorded_at=RECORDED + timedelta(hours=2))
    assert [each.kind for each in north.merge(south).alerts] == ["contradicting-facts"]
    south.merge(north)
    assert same(north, south)
    [kept] = north.periods()
    assert kept.end is not None
    assert kept.end.cause is EndCause.HOSPITAL


def test_of_two_changes_the_one_recorded_last_holds(opened: Opened) -> None:
    """Wherever it was recorded and whichever arrives first."""
    north, south = opened("north"), opened("south")
    north.record(PersonEnrolled(WANG), by="cadre-3")
    south.merge(north)
    late, early = RECORDED + timedelta(hours=2), RECORDED + timedelta(hours=1)
    north.record(PersonChanged(Person(id="p-7", name="王大明")), by="cadre-3", recorded_at=late)
    south.record(PersonChanged(Person(id="p-7", name="王中明")), by="cadre-3", recorded_at=early)
    north.merge(south)
    south.merge(north)
    for ledger in (north, south):
        [person] = ledger.people()
        assert person.name is not None
        assert person.name.value == "王大明"


def test_who_was_erased_in_one_is_erased_in_both(opened: Opened) -> None:
    """Also what the other one recorded before it heard of it, and forms that only it knew to be theirs."""
    north, south = opened("north"), opened("south")
    north.record(PersonEnrolled(WANG), by="cadre-3")
    south.merge(north)
    form = Registration(id="r-1", source="paper", written={"name": "王小明"})
    south.record(Registered(form), by="cadre-3")
    south.record(MatchConfirmed(registration="r-1", person="p-7"), by="cadre-3")
    south.admit(out("p-7"))
    north.erase("p-7", reason="asked for it", by="cadre-3", recorded_at=RECORDED + timedelta(hours=1))
    assert north.merge(south).erased > 0
    assert (list(north.people()), list(north.registrations())) == ([], [])
    assert south.merge(north).erased > 0
    assert (list(south.people()), list(south.registrations())) == ([], [])
    for ledger in (north, south):
        assert ledger.verify() is None
        texts = [part.text or "" for each in ledger._journal.store.after(0, 99) for part in each.parts]
        assert "王小明" not in "".join(texts)
        erased = [each.fact for each in ledger.facts() if isinstance(each.fact, PersonErased)]
        assert [each.person for each in erased] == ["p-7", "form:r-1"]
    assert same(north, south)


def test_who_came_back_after_an_erasure_stays(opened: Opened) -> None:
    """What was recorded after it, and by whoever knew of it, is not erased."""
    north, south = opened("north"), opened("south")
    north.record(PersonEnrolled(WANG), by="cadre-3")
    north.erase("p-7", reason="asked for it", by="cadre-3")
    south.merge(north)
    south.record(PersonEnrolled(WANG), by="cadre-3", recorded_at=RECORDED - timedelta(hours=1))
    north.merge(south)
    assert [each.id for each in north.people()] == ["p-7"]
    assert north.verify() is None


def test_by_path_and_by_address(tmp_path: Path, new_address: Callable[[], str]) -> None:
    """A gate's file into the ledger on the server, and back."""
    file, server = tmp_path / "north.db", new_address()
    with Ledger.open(file, policy=SITE, writer="north") as north:
        north.record(enrolled(1), by="cadre-3")
    with Ledger.open(server, policy=SITE, writer="server") as ledger:
        ledger.record(enrolled(2), by="cadre-3")
        assert ledger.merge(file).entries == {"north": 1}
    with Ledger.open(file, policy=SITE, writer="north") as north:
        assert north.merge(server).entries == {"server": 1}
        assert {each.id for each in north.people()} == {"p-1", "p-2"}


def test_what_is_refused(tmp_path: Path) -> None:
    """Two histories of one writer, a ledger that was tampered with, another site's, none, in a batch."""
    with ExitStack() as stack:

        def at(name: str, writer: str, of: Policy = SITE) -> Ledger:
            return stack.enter_context(Ledger.open(tmp_path / name, policy=of, writer=writer))

        main, twin, third = at("main.db", "main"), at("twin.db", "main"), at("third.db", "third")
        main.record(enrolled(1), by="cadre-3")
        twin.record(enrolled(2), by="cadre-3")
        two = "expected the entries of writer 'main' to be the same in both, .* two histories of one writer"
        with pytest.raises(LedgerError, match=two):
            main.merge(twin)
        twin.record(enrolled(3), by="cadre-3")
        for one, other in ((main, twin), (twin, main)):
            with pytest.raises(LedgerError, match=two):
                one.merge(other)
        third.merge(main)
        store = main._journal.store
        store._connection.execute("UPDATE entry SET by = 'cadre-4'")  # type: ignore[attr-defined]  # the store is SQLite
        with pytest.raises(LedgerError, match=r"entry main-1 \(position 1\): altered; find out"):
            third.merge(main)
        elsewhere = Policy.loads('site = { id = "xujing", zone = "Asia/Shanghai" }')
        with pytest.raises(LedgerError, match="'caohang', whose ledger this is"):
            third.merge(at("xujing.db", "x", elsewhere))
        with pytest.raises(LedgerError, match=r"got 'nowhere\.db', where there is no file"):
            third.merge(tmp_path / "nowhere.db")
        fourth = at("fourth.db", "fourth")
        with third.batch(), pytest.raises(LedgerError, match=r"Ledger\.merge: expected no batch to be open"):
            third.merge(fourth)
        assert third.position == 1


def test_a_merge_that_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """All entries come over, or none."""
    with (
        Ledger.open(tmp_path / "north.db", policy=SITE, writer="north") as north,
        Ledger.open(tmp_path / "south.db", policy=SITE, writer="south") as south,
    ):
        north.record(enrolled(1), by="cadre-3")
        for number in (2, 3):
            south.record(enrolled(number), by="cadre-3")
        south.record(PersonLeft(person="p-2", reason="moved"), by="cadre-3")
        with monkeypatch.context() as broken:
            broken.setattr(north._journal, "add_up_again", lambda: 1 / 0)
            with pytest.raises(ZeroDivisionError):
                north.merge(south)
        assert (north.position, [each.id for each in north.people()]) == (1, ["p-1"])
        north.merge(south)
        assert (north.position, [each.id for each in north.people()]) == (4, ["p-1", "p-3"])
