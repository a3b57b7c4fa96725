"""What has served its purpose goes after so many days, what still serves stays; that it went is on record."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from epiguard.crossings import Traveller
from epiguard.days import DaySpan, TimeSpan
from epiguard.duties import Alert, Duty
from epiguard.errors import InvalidValueError, PolicyError
from epiguard.facts import (
    AlertClosed,
    AlertRaised,
    CrossingObserved,
    DataExpired,
    DutyAttempted,
    DutyClosed,
    DutyOpened,
    ExportMade,
    Fact,
    HouseholdRecorded,
    LeaveGranted,
    MatchConfirmed,
    PassIssued,
    PassRevoked,
    PersonChanged,
    PersonEnrolled,
    PersonLeft,
    QuarantineOrdered,
    Registered,
    WatchListed,
)
from epiguard.ledger import Ledger, Retention
from epiguard.passes import ExitPass
from epiguard.people import Household, Membership
from epiguard.policy import Policy
from epiguard.registrations import Registration
from ledger.community import (
    HEAD,
    NOON,
    RECORDED,
    WANG,
    Calls,
    OnceADay,
    enrolled,
    out,
    period,
    policy,
    summary,
)

Open = Callable[..., Ledger]


@attrs.frozen
class VisitPaid(Fact):
    """A plug-in's own fact."""

    person: str

    @property
    def subjects(self) -> tuple[str, ...]:
        """Whom."""
        return (self.person,)


def later(days: float) -> datetime:
    """So many days after everything was recorded."""
    return RECORDED + timedelta(days=days)


def left_by(ledger: Ledger, **rules: int) -> Callable[[float], list[str]]:
    """Runs retention after so many days, and says which kinds of facts still have a payload."""

    def run(days: float) -> list[str]:
        ledger.retain(Retention(**rules), by="cadre-3", as_of=later(days))
        own = (DataExpired.kind, PersonLeft.kind)
        return sorted({each.kind for each in ledger.facts() if not each.erased and each.kind not in own})

    return run


def test_crossings_go_after_their_days(open_ledger: Open) -> None:
    """Decisions and observations, with everybody in them; the claim stays taken, and the chain verifies."""
    ledger = open_ledger(OnceADay)
    ledger.record(enrolled(7), by="cadre-3")
    decision = ledger.admit(out("p-7"))
    ledger.record(CrossingObserved(out("p-8")), by="door-7")
    run = left_by(ledger, crossings_days=14)
    assert run(13.9) == ["crossing-decided", "crossing-observed", "duty-opened", "person-enrolled"]
    assert run(14) == ["duty-opened", "person-enrolled"]
    assert ledger.verify() is None
    assert ledger.state.crossings_of.get("p-7", []) == []
    expired = [each.fact for each in ledger.facts() if isinstance(each.fact, DataExpired)]
    assert [each.entries for each in expired] == [("main 2", "main 4")]
    assert dict(expired[0].counts) == {"crossings": 2}
    assert expired[0].reason == "kept long enough: crossings_days=14"
    assert ledger._journal.store.holder("exit|p-7|2020-02-14|0") == 2
    assert decision.id == "main-2"
    position = ledger.position
    assert dict(ledger.retain(Retention(crossings_days=14), by="cadre-3", as_of=later(14)).counts) == {}
    assert ledger.position == position


def test_forms_stay_while_somebody_is_in_quarantine(open_ledger: Open) -> None:
    """They go after the last period of whoever filled them in, with whose they were."""
    ledger = open_ledger()
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    form = Registration(id="r-1", source="paper", written={"name": "王小明"}, submitted_at=NOON)
    ledger.record(Registered(form), by="cadre-3")
    ledger.record(MatchConfirmed(registration="r-1", person="p-7"), by="cadre-3")
    ledger.record(Registered(attrs.evolve(form, id="r-2")), by="cadre-3")
    ledger.record(QuarantineOrdered(period(), at=NOON), by="cadre-3")  # until 25 February
    run = left_by(ledger, forms_days=3, quarantine_days=30)
    run(3)
    assert [each.id for each in ledger.registrations()] == ["r-1"]
    run(13)
    assert [each.id for each in ledger.registrations()] == ["r-1"]
    run(14)
    assert list(ledger.registrations()) == []
    assert len(ledger.periods()) == 1
    assert run(41) == ["person-enrolled"]
    assert ledger.periods() == []


def test_what_is_open_stays(open_ledger: Open) -> None:
    """A duty goes after it was done, an alert after it was looked at, a pass after its last day."""
    ledger = open_ledger(Calls)
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    ledger.record(QuarantineOrdered(period(), at=NOON), by="cadre-3")
    duty = ledger.duties()[0].duty
    alert = Alert(kind="seen", subject="p-7", at=NOON)
    ledger.record(AlertRaised(alert, at=NOON), by="cadre-3")
    card = ExitPass(
        number="G-1",
        person="p-7",
        colour="green",
        valid=DaySpan(NOON.date(), NOON.date() + timedelta(days=30)),
    )
    ledger.record(PassIssued(card), by="cadre-3")
    ledger.record(PassRevoked(number="G-1", person="p-7", reason="lost"), by="cadre-3")
    run = left_by(ledger, duties_days=1, passes_days=1)
    kept = [
        "alert-raised",
        "duty-opened",
        "pass-issued",
        "pass-revoked",
        "person-enrolled",
        "quarantine-ordered",
    ]
    assert run(29) == kept
    ledger.record(DutyAttempted(duty=duty.id, outcome="done", at=NOON), by="cadre-3", recorded_at=later(29))
    ledger.record(AlertClosed(alert=alert.id, outcome="known"), by="cadre-3", recorded_at=later(29))
    assert run(30.1) == ["pass-issued", "pass-revoked", "person-enrolled", "quarantine-ordered"]
    assert "G-1" in ledger.state.revoked
    assert run(32) == ["person-enrolled", "quarantine-ordered"]


def test_what_was_settled_long_ago_still_counts_from_when_it_was(open_ledger: Open) -> None:
    """Also where the state has let the duty go: by an attempt, by a closing, by a fact that ends it."""
    ledger = open_ledger()
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    owed = [
        Duty(kind=kind, subject="p-7", source="ours", closed_by=ends)
        for kind, ends in (("done", None), ("closed", None), ("ended", "leave-granted"), ("last", None))
    ]
    for each in owed:
        ledger.record(DutyOpened(each), by="cadre-3")
    done, closed, _, last = (each.id for each in owed)
    ledger.record(DutyAttempted(duty=done, outcome="done"), by="cadre-3", recorded_at=later(80))
    ledger.record(DutyClosed(duty=closed, reason="not needed"), by="cadre-3", recorded_at=later(80))
    leave = LeaveGranted(person="p-7", span=TimeSpan(NOON, later(1)), purpose="funeral")
    ledger.record(leave, by="cadre-3", recorded_at=later(80))
    ledger.record(DutyAttempted(duty=last, outcome="done"), by="cadre-3", recorded_at=later(120))
    assert [each.id for each in ledger.duties(state=None)] == [last]
    run = left_by(ledger, duties_days=90)

    def still_there() -> list[str]:
        return [
            each.fact.duty.kind
            for each in ledger.facts()
            if isinstance(each.fact, DutyOpened) and not each.erased
        ]

    run(169)
    assert still_there() == ["done", "closed", "ended", "last"]
    run(171)
    assert still_there() == ["last"]
    run(211)
    assert still_there() == []


def test_people_go_last(open_ledger: Open) -> None:
    """Who lives here stays. That somebody left goes only with all else about them, or they would be back."""
    ledger = open_ledger()
    home = Household(id="h-1", members=[Membership(person="p-7"), Membership(person="p-8")])
    for fact in (PersonEnrolled(WANG), enrolled(8), HouseholdRecorded(home), PersonChanged(WANG)):
        ledger.record(fact, by="cadre-3")
    ledger.record(QuarantineOrdered(period(), at=NOON), by="cadre-3")
    ledger.record(PersonLeft(person="p-7", reason="moved", at=NOON), by="cadre-3")
    run = left_by(ledger, people_days=10, quarantine_days=20)
    run(10)
    assert "p-7" in ledger.state.gone
    assert run(20) == ["household-recorded", "person-enrolled"]
    assert "p-7" not in ledger.state.gone
    assert [each.id for each in ledger.people()] == ["p-8"]
    assert ledger.state.periods == {}
    # Whoever moves in again begins anew: nothing of what was let go is theirs, and they stay.
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    run(21)
    assert {each.id for each in ledger.people()} == {"p-7", "p-8"}
    assert "p-7" not in ledger.state.gone
    assert ledger.state.periods == {}
    assert ledger.verify() is None


def test_leave_watches_and_facts_of_plug_ins(open_ledger: Open) -> None:
    """After their last moment; a fact of an unknown kind after it happened."""
    ledger = open_ledger()
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    span = TimeSpan(NOON, NOON + timedelta(days=5))
    ledger.record(LeaveGranted(person="p-7", span=span, purpose="dialysis"), by="cadre-3")
    until = NOON.date() + timedelta(days=9)
    ledger.record(WatchListed(person="p-7", reason="seen outside", until=until), by="cadre-3")
    ledger.record(VisitPaid(person="p-7", at=NOON), by="cadre-3")
    ledger.record(ExportMade(purpose="calls", what="lists.xlsx"), by="cadre-3")
    run = left_by(ledger, leave_days=2, other_days=3)
    own = ["export-made", "person-enrolled"]
    assert run(2.9) == sorted([*own, "leave-granted", "visit-paid", "watch-listed"])
    assert run(7) == sorted([*own, "watch-listed"])
    assert run(11) == own


def test_nothing_of_it_is_left_in_any_file(tmp_path: Path) -> None:
    """As after an erasure; and an index is told of whoever is not on record any more."""
    told: list[set[str]] = []

    class Index:
        def compact(self, erased: Collection[str]) -> None:
            told.append(set(erased))

    with Ledger.open(tmp_path / "site.db", policy=policy(), clock=lambda: RECORDED) as ledger:
        form = Registration(id="r-1", source="paper", written={"name": "王小明"})
        ledger.record(Registered(form), by="cadre-3")
        ledger.record(
            CrossingObserved(attrs.evolve(out("p-7"), travellers=[Traveller(registration=form)])), by="x"
        )
        ledger.register_index(Index())
        ledger.retain(Retention(forms_days=1, crossings_days=14), by="cadre-3", as_of=later(20))
        written = b"".join(each.read_bytes() for each in tmp_path.iterdir())
        assert "王小明".encode() not in written
        assert told == [{"form:r-1"}]
        assert ledger.verify() is None


def test_what_expired_in_one_ledger_expires_in_the_other(tmp_path: Path) -> None:
    """And comes back by no merge."""
    one = Ledger.open(tmp_path / "one.db", policy=policy(), writer="one", clock=lambda: RECORDED)
    other = Ledger.open(tmp_path / "other.db", policy=policy(), writer="other", clock=lambda: RECORDED)
    with one, other:
        one.record(CrossingObserved(out("p-7")), by="door-7")
        other.merge(one)
        one.retain(Retention(crossings_days=14), by="cadre-3", as_of=later(20))
        assert other.merge(one).erased == 2  # the site's part and the traveller's
        one.merge(other)
        assert [each.erased for each in other.facts()] == [True, False]
        assert summary(one.state) == summary(other.state)
        assert (one.verify(), other.verify()) == (None, None)


def test_settings_of_the_site_file() -> None:
    """Whole days, each kind by name; what is not named is kept."""
    site = Policy.loads(HEAD + "[retention]\ncrossings_days = 30\nforms_days = 0\n")
    assert Retention.of(site) == Retention(crossings_days=30, forms_days=0)
    with Ledger.open(":memory:", policy=site, clock=lambda: RECORDED) as ledger:
        ledger.record(Registered(Registration(id="r-1", source="paper", written={"name": "x"})), by="cadre-3")
        assert dict(ledger.retain(by="cadre-3").counts) == {"forms": 1}


@pytest.mark.parametrize(
    ("section", "message"),
    [
        ("", r"^[\w.<>]+: retention: expected for how many days each kind of data is kept, got nothing; add"),
        (
            "[retention]\ncrossing_days = 30\n",
            r"^[\w.<>]+: retention\.crossing_days: .* did you mean 'crossings_days'",
        ),
        ("[retention]\ncrossings_days = 13\n", r"crossings_days: expected a whole number from 14 to 36500"),
        ("[retention]\nforms_days = -1\n", r"forms_days: expected a whole number from 0"),
        ('[retention]\nforms_days = "30"\n', r"forms_days: expected a whole number"),
    ],
)
def test_settings_that_are_refused(section: str, message: str) -> None:
    """With the key, what was expected, and what to do."""
    with pytest.raises(PolicyError, match=message):
        Retention.of(Policy.loads(HEAD + section))


def test_arguments_that_are_refused(open_ledger: Open) -> None:
    """No rules, nobody who says so, an instant without a zone."""
    ledger = open_ledger()
    with pytest.raises(PolicyError, match="expected for how many days"):
        ledger.retain(by="cadre-3")
    wrong: list[dict[str, Any]] = [{"by": " "}, {"by": "x", "as_of": datetime(2020, 3, 1)}]  # noqa: DTZ001 - wrong on purpose
    for each in wrong:
        with pytest.raises(InvalidValueError, match=r"Ledger\.retain"):
            ledger.retain(Retention(forms_days=1), **each)
    assert ledger.position == 0
