"""The records of the community's work go when what they are about has ended, and not while it serves."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest

from epiguard.facts import FACT_KINDS, Fact, HouseholdRecorded, PersonEnrolled, PersonLeft, QuarantineOrdered
from epiguard.ledger import Ledger, Retention
from epiguard.ledger._purposes import _KEPT, _KIND_OF
from epiguard.people import Household, Membership
from epiguard.work import (
    CommitmentBreached,
    CommitmentSigned,
    HealthReported,
    Lease,
    LeaseExtended,
    LeaseRecorded,
    MovementDeclared,
    Notice,
    NoticeIssued,
    NoticeWithdrawn,
    RosterPosted,
    RoundOpened,
    SanctionHistory,
    SanctionImposed,
    Shift,
    SuppliesHandedOut,
    SuppliesReceived,
    SupplyRound,
    leases_of,
    sanctions_of,
)
from ledger.community import NOON, RECORDED, WANG, period

Open = Callable[..., Ledger]
ALL = Retention(quarantine_days=0, duties_days=0, work_days=0, other_days=0)
HOME = Household(id="h-1", members=[Membership(person="p-7")])
WITH_HOME: tuple[Fact, ...] = (PersonEnrolled(WANG), HouseholdRecorded(HOME))
SIGNED = CommitmentSigned(household="h-1", commitment="rents", by="p-7", at=NOON)
BREACH = CommitmentBreached(household="h-1", id="b-1", commitment="rents", evidence="seen", at=NOON)
SANCTION = SanctionImposed(household="h-1", id="s-1", breach="b-1", year=2020, benefits=["dividend"], at=NOON)
ROSTER = RosterPosted(
    id="gate-1", shifts=[Shift(post="gate", start=NOON, end=NOON + timedelta(days=5), people=["c-1"])]
)


def left(open_ledger: Open, facts: tuple[Fact, ...]) -> Callable[[datetime], list[str]]:
    """Lets everything go at once after its purpose, and says which kinds of work still have a payload."""
    ledger = open_ledger()
    for fact in facts:
        ledger.record(fact, by="cadre-3")

    def run(as_of: datetime) -> list[str]:
        ledger.retain(ALL, by="cadre-3", as_of=as_of)
        assert ledger.verify() is None
        return sorted(
            {each.kind for each in ledger.facts() if not each.erased and each.kind in FACT_KINDS.promised}
        )

    return run


@pytest.mark.parametrize(
    ("facts", "serves_until"),
    [
        (
            (
                LeaseRecorded(Lease(id="l-1", tenant="p-7", place="stall-9", last_day=date(2020, 2, 29))),
                LeaseExtended(lease="l-1", tenant="p-7", measure="m-1", at=NOON),
            ),
            datetime(2020, 3, 29, 16, tzinfo=UTC),  # 29 February and a month, and the midnight after it
        ),
        ((*WITH_HOME, SIGNED, BREACH, SANCTION), datetime(2020, 12, 31, 16, tzinfo=UTC)),
        ((ROSTER,), NOON + timedelta(days=5)),
        (
            (
                PersonEnrolled(WANG),
                QuarantineOrdered(period(), at=NOON),
                HealthReported(person="p-7", period=period().id, day=NOON.date(), at=NOON),
            ),
            period().ends_at,
        ),
    ],
    ids=["lease", "sanction", "roster", "health"],
)
def test_they_go_when_what_they_are_about_has_ended(
    open_ledger: Open, facts: tuple[Fact, ...], serves_until: datetime
) -> None:
    """A moment before they are all there; then none is, but for the commitment of those who live here."""
    kinds = sorted({each.kind for each in facts if each.kind in FACT_KINDS.promised})
    run = left(open_ledger, facts)
    assert run(serves_until - timedelta(seconds=1)) == kinds
    assert set(run(serves_until)) <= {CommitmentSigned.kind}


@pytest.mark.parametrize(
    "facts",
    [
        (*WITH_HOME, SIGNED, BREACH),
        (PersonEnrolled(WANG), MovementDeclared(person="p-7", region="420000", at=NOON)),
        (NoticeIssued(Notice(id="n-1", texts={"en": "stay in"}), at=NOON),),
        (
            *WITH_HOME,
            SuppliesReceived(supply="mask", count=10, at=NOON),
            RoundOpened(SupplyRound(id="r-1", supply="mask", per_household=5), at=NOON),
            SuppliesHandedOut(household="h-1", round="r-1", supply="mask", count=5, at=NOON),
        ),
    ],
    ids=["breach without sanction", "away", "notice", "stock"],
)
def test_what_still_serves_stays(open_ledger: Open, facts: tuple[Fact, ...]) -> None:
    """However long ago it was recorded."""
    kinds = sorted({each.kind for each in facts if each.kind in FACT_KINDS.promised})
    assert left(open_ledger, facts)(RECORDED + timedelta(days=3650)) == kinds


def test_a_stock_is_what_it_was_after_retention(open_ledger: Open) -> None:
    """And who had their share has had it."""
    ledger = open_ledger()
    for fact in WITH_HOME:
        ledger.record(fact, by="cadre-3")
    ledger.record(SuppliesReceived(supply="mask", count=10), by="cadre-3")
    ledger.record(RoundOpened(SupplyRound(id="r-1", supply="mask", per_household=5)), by="cadre-3")
    handed = SuppliesHandedOut(household="h-1", round="r-1", supply="mask", count=5)
    ledger.record(handed, by="counter-1")
    ledger.retain(ALL, by="cadre-3", as_of=RECORDED + timedelta(days=3650))
    assert dict(ledger.state.stocks) == {"mask": 5}


def test_a_notice_goes_with_its_withdrawal(open_ledger: Open) -> None:
    """And both stay until then."""
    notice = Notice(id="n-1", texts={"en": "stay in"})
    withdrawal = NoticeWithdrawn(notice="n-1", reason="over", at=NOON + timedelta(days=2))
    run = left(open_ledger, (NoticeIssued(notice, at=NOON), withdrawal))
    assert run(NOON + timedelta(days=1.9)) == ["notice-issued", "notice-withdrawn"]
    assert run(NOON + timedelta(days=2)) == []


def test_a_declaration_goes_when_another_follows(open_ledger: Open) -> None:
    """The last one stays while its person may come back."""
    ledger = open_ledger()
    away = MovementDeclared(person="p-7", region="420000", at=NOON)
    put_off = MovementDeclared(person="p-7", region="110000", at=NOON + timedelta(hours=1))
    for fact in (PersonEnrolled(WANG), away, put_off):
        ledger.record(fact, by="cadre-3")
    ledger.retain(ALL, by="cadre-3", as_of=NOON + timedelta(days=99))
    assert [each.fact for each in ledger.facts() if not each.erased][1:2] == [put_off]


def test_the_last_declaration_goes_with_whoever_left(open_ledger: Open) -> None:
    """Not before they left."""
    away = MovementDeclared(person="p-7", region="420000", at=NOON)
    gone = PersonLeft(person="p-7", reason="moved", at=NOON + timedelta(days=2))
    run = left(open_ledger, (PersonEnrolled(WANG), away, gone))
    assert run(NOON + timedelta(days=1.9)) == ["movement-declared"]
    assert run(NOON + timedelta(days=2)) == []


def test_a_sanction_keeps_its_basis(open_ledger: Open) -> None:
    """For as long as it stands, so that nobody's sanction loses its breach."""
    ledger = open_ledger()
    for fact in (*WITH_HOME, SIGNED, BREACH, SANCTION):
        ledger.record(fact, by="cadre-3")
    ledger.retain(ALL, by="cadre-3", as_of=datetime(2020, 12, 31, 15, tzinfo=UTC))
    [history] = sanctions_of(ledger.state, "h-1")
    assert isinstance(history, SanctionHistory)
    assert history.stands
    assert leases_of(ledger.state) == {}


def test_every_fact_of_the_work_has_its_place() -> None:
    """Each kind is among some data, or is kept for a reason that is written down; none is in both."""
    promised = set(FACT_KINDS.promised)
    assert promised <= _KIND_OF.keys() | _KEPT
    assert not promised & _KIND_OF.keys() & _KEPT
