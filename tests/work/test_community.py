"""Supplies, commitments, leases and businesses."""

from __future__ import annotations

import threading
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard import DaySpan, InvalidValueError, Ledger, PersonLeft, ShortageError, TakenError, UnknownIdError
from epiguard.work import (
    ESSENTIALS,
    Business,
    BusinessRecorded,
    CommitmentBreached,
    CommitmentSigned,
    HandOutWithdrawn,
    Lease,
    LeaseExtended,
    LeaseRecorded,
    ObjectionRaised,
    ObjectionRejected,
    RoundOpened,
    SanctionImposed,
    SanctionStanding,
    SanctionWithdrawn,
    SuppliesReceived,
    SupplyRound,
    TradeForbidden,
    TradePermitted,
    benefits_withheld,
    business_register,
    entitlement,
    extend_leases,
    hand_out,
    leases_of,
    sanctions_of,
    served,
    unserved,
    unsigned,
)
from work.committee import NOON, enrolled, home, ledger_of, policy, state_of

MASKS = SupplyRound(id="masks-1", supply="masks", per_household=5)
HOMES = [*enrolled("p-1", "p-2", "p-3"), home("h-1", "p-1"), home("h-2", "p-2")]


def counter(stock: int = 12) -> Ledger:
    """A counter with some masks."""
    return ledger_of([*HOMES, RoundOpened(MASKS), SuppliesReceived(supply="masks", count=stock)])


def test_each_household_has_its_share_once() -> None:
    """Five masks; again is refused, and so is more than is there; nothing is recorded then."""
    ledger = counter()
    ledger.record(hand_out(ledger.state, "masks-1", "h-1", NOON), by="v-1")
    with pytest.raises(TakenError, match=r"^SuppliesHandedOut: expected what can be had once"):
        ledger.record(hand_out(ledger.state, "masks-1", "h-1", NOON), by="v-2")
    ledger.record(hand_out(ledger.state, "masks-1", "p-3", NOON), by="v-1")
    assert unserved(ledger.state, "masks-1", NOON) == ("h-2",)
    with pytest.raises(
        ShortageError, match=r"^SuppliesHandedOut\.stock: expected 5 of 'masks' in stock, got 2"
    ):
        ledger.record(hand_out(ledger.state, "masks-1", "h-2", NOON), by="v-1")
    assert ledger.state.stocks == {"masks": 2}
    with pytest.raises(UnknownIdError, match="household or person"):
        ledger.record(
            HandOutWithdrawn(household="h-9", round="masks-1", supply="masks", count=5, reason="slip"),
            by="v-1",
        )


def test_a_slip_is_taken_back() -> None:
    """The household may have it then, the stock is right, and it cannot be taken back twice."""
    ledger = counter()
    ledger.record(hand_out(ledger.state, "masks-1", "h-1", NOON), by="v-1")
    back = HandOutWithdrawn(household="h-1", round="masks-1", supply="masks", count=5, reason="slip")
    ledger.record(back, by="v-1")
    assert (served(ledger.state, "masks-1"), ledger.state.stocks) == ({}, {"masks": 12})
    with pytest.raises(UnknownIdError, match=r"^HandOutWithdrawn: expected something on record"):
        ledger.record(back, by="v-1")
    ledger.record(hand_out(ledger.state, "masks-1", "h-1", NOON), by="v-1")
    assert served(ledger.state, "masks-1") == {"h-1": 5}


def test_two_counters_at_once(tmp_path: Path) -> None:
    """Each household comes to both: it has its share once, and the stock is what is left."""
    path, homes = tmp_path / "site.db", [home(f"h-{n}", f"p-{n}") for n in range(1, 7)]
    with Ledger.open(path, policy=policy(), clock=lambda: NOON) as ledger:
        people = enrolled(*(f"p-{n}" for n in range(1, 7)))
        stock = SuppliesReceived(supply="masks", count=100)
        ledger.record_all([*people, *homes, RoundOpened(MASKS), stock], by="register")
    start, refused = threading.Barrier(2), []

    def serve(name: str) -> None:
        with Ledger.open(path, policy=policy(), clock=lambda: NOON, writer=name) as mine:
            start.wait()
            for number in range(1, 7):
                try:
                    mine.record(hand_out(mine.state, "masks-1", f"h-{number}", NOON), by=name)
                except TakenError:
                    refused.append(number)

    threads = [threading.Thread(target=serve, args=(name,)) for name in ("one", "two")]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    with Ledger.open(path, policy=policy(), clock=lambda: NOON) as ledger:
        assert (sorted(refused), ledger.state.stocks) == ([1, 2, 3, 4, 5, 6], {"masks": 70})


def test_a_round_by_heads_counts_who_lives_there() -> None:
    """Nobody who left; and an erased household's masks do not come back into stock."""
    rice = SupplyRound(id="rice-1", supply="rice", per_household=1, per_person=2)
    ledger = ledger_of([*enrolled("p-1", "p-2"), home("h-1", "p-1", "p-2"), RoundOpened(rice)])
    ledger.record(PersonLeft(person="p-2", reason="died", cause="death", at=NOON), by="cadre-3")
    assert entitlement(ledger.state, "rice-1", "h-1", NOON) == 3
    ledger.record(SuppliesReceived(supply="rice", count=10), by="cadre-3")
    ledger.record(hand_out(ledger.state, "rice-1", "h-1", NOON), by="v-1")
    ledger.erase("p-1", reason="asked for", by="cadre-3")
    assert ledger.state.stocks == {"rice": 7}


def sanctioned() -> Ledger:
    """A household that signed, did not keep it, and loses the year's dividend."""
    return ledger_of(
        [
            *HOMES,
            CommitmentSigned(household="h-1", commitment="letting", by="p-1"),
            CommitmentBreached(household="h-1", commitment="letting", id="b-1", evidence="let unannounced"),
            SanctionImposed(household="h-1", id="s-1", breach="b-1", year=2020, benefits=["dividend"]),
        ]
    )


def test_a_sanction_holds_for_the_calendar_year() -> None:
    """From 1 January to 31 December; who has not signed is listed."""
    state = sanctioned().state
    years = [benefits_withheld(state, "h-1", date(year, month, 1)) for year, month in [(2019, 12), (2020, 1)]]
    assert years == [frozenset(), {"dividend"}]
    assert benefits_withheld(state, "h-1", date(2021, 1, 1)) == frozenset()
    assert unsigned(state, "letting") == ("h-2",)


def test_objection_answer_and_withdrawal_are_kept() -> None:
    """While one is waiting nothing is withheld; all of it stays on record."""
    ledger, withheld = sanctioned(), []
    for kind in (ObjectionRaised, ObjectionRejected, ObjectionRaised, SanctionWithdrawn):
        ledger.record(kind(household="h-1", sanction="s-1", reason="the tenant is family"), by="cadre-3")
        withheld.append(bool(benefits_withheld(ledger.state, "h-1", NOON.date())))
    assert withheld == [False, True, False, False]
    [history] = sanctions_of(ledger.state, "h-1")
    assert len(history.replies) == 4


@pytest.mark.parametrize(
    ("breach_at", "year", "how"),
    [
        # 当年度 is the year of not complying; by the site's days, eight hours ahead of UTC.
        (datetime(2019, 12, 31, 15, 59, tzinfo=UTC), 2019, SanctionStanding.STANDS),
        (datetime(2019, 12, 31, 15, 59, tzinfo=UTC), 2020, SanctionStanding.WITHOUT_BASIS),
        (datetime(2019, 12, 31, 16, 0, tzinfo=UTC), 2020, SanctionStanding.STANDS),
        (datetime(2019, 12, 31, 16, 0, tzinfo=UTC), 2019, SanctionStanding.WITHOUT_BASIS),
        (None, 2020, SanctionStanding.STANDS),
        (None, 2019, SanctionStanding.STANDS),
    ],
)
def test_the_year_of_a_sanction_is_the_breachs(
    breach_at: datetime | None, year: int, how: SanctionStanding
) -> None:
    """A breach of December dealt with in January costs the old year's benefits, and no other year's."""
    signed = CommitmentSigned(household="h-2", commitment="letting", by="p-2")
    breach = CommitmentBreached(
        household="h-2", commitment="letting", id="b-2", evidence="seen", at=breach_at
    )
    sanction = SanctionImposed(
        household="h-2", id="s-2", breach="b-2", year=year, benefits=["dividend"], at=NOON
    )
    state = state_of(*HOMES, signed, breach, sanction)
    [history] = sanctions_of(state, "h-2")
    assert history.how is how
    for each in (2018, 2019, 2020, 2021):
        withheld = {"dividend"} if each == year and how is SanctionStanding.STANDS else set()
        assert benefits_withheld(state, "h-2", date(each, 12, 31)) == withheld


def test_nobody_is_sanctioned_for_what_they_never_signed() -> None:
    """Nor for a breach that nobody recorded."""
    breach = CommitmentBreached(household="h-2", commitment="letting", id="b-2", evidence="seen")
    sanction = SanctionImposed(household="h-2", id="s-2", breach="b-2", year=2020, benefits=["dividend"])
    assert benefits_withheld(state_of(*HOMES, breach, sanction), "h-2", NOON.date()) == frozenset()
    signed = CommitmentSigned(household="h-2", commitment="letting", by="p-2")
    assert benefits_withheld(state_of(*HOMES, signed, sanction), "h-2", NOON.date()) == frozenset()


@pytest.mark.parametrize("essential", [*sorted(ESSENTIALS), " Medicine "])
def test_a_sanction_never_touches_what_people_live_by(essential: str) -> None:
    """It cannot even be written."""
    with pytest.raises(InvalidValueError, match=r"^SanctionImposed\.benefits: expected benefits that nobody"):
        SanctionImposed(household="h-1", id="s", breach="b", year=2020, benefits=["dividend", essential])


def test_the_sanctioned_have_their_masks() -> None:
    """As everybody."""
    ledger = sanctioned()
    ledger.record_all([RoundOpened(MASKS), SuppliesReceived(supply="masks", count=5)], by="cadre-3")
    ledger.record(hand_out(ledger.state, "masks-1", "h-1", NOON), by="v-1")
    assert served(ledger.state, "masks-1") == {"h-1": 5}


def test_leases_are_extended_once_by_a_month() -> None:
    """31 January goes on to the end of February; under one measure nobody has two months."""
    leases = [
        Lease(id=f"l-{day}", tenant=f"t-{day}", place="stall", last_day=date(2020, 1, day))
        for day in (30, 31)
    ]
    later = Lease(id="l-9", tenant="t-9", place="stall", last_day=date(2020, 3, 1))
    ledger = ledger_of(LeaseRecorded(each) for each in [*leases, later])
    january = DaySpan(date(2020, 1, 1), date(2020, 2, 1))
    ledger.record_all(extend_leases(ledger.state, january, measure="notice-7"), by="cadre-3")
    assert {each.last_day for each in leases_of(ledger.state).values()} == {
        date(2020, 2, 29),
        date(2020, 3, 1),
    }
    assert list(extend_leases(ledger.state, january, measure="notice-7")) == []
    again = LeaseExtended(lease="l-31", tenant="t-31", measure="notice-7")
    with pytest.raises(TakenError):
        ledger.record(again, by="cadre-3")
    ledger.record(LeaseExtended(lease="l-31", tenant="t-31", measure="notice-8"), by="cadre-3")
    assert leases_of(ledger.state)["l-31"].last_day == date(2020, 3, 31)


@given(st.dates(date(2019, 1, 1), date(2021, 12, 31)), st.integers(1, 30))
def test_months_are_the_calendars(last: date, months: int) -> None:
    """The same day so many months on, or that month's last: the oracle steps month by month."""
    year, month = divmod(last.year * 12 + last.month - 1 + months, 12)
    first_of_next = date(year + (month + 1) // 12, (month + 1) % 12 + 1, 1)
    expected = min(last.day, (first_of_next - timedelta(days=1)).day)
    lease = Lease(id="l-1", tenant="t-1", place="stall", last_day=last)
    assert lease.extended(months) == date(year, month + 1, expected)


def test_trades_open_by_date() -> None:
    """Forty shops, eight of permitted trades; from the day of the notice, until another one."""
    shops = [Business(id=f"s-{n:02d}", trade="food" if n < 8 else "hair") for n in range(40)]
    state = state_of(
        *map(BusinessRecorded, shops),
        TradePermitted(trade="food", since=date(2020, 2, 10), source="notice 3"),
        TradeForbidden(trade="food", since=date(2020, 2, 20), source="notice 5"),
    )
    opened = [sum(each.open for each in business_register(state, date(2020, 2, day))) for day in (9, 10, 20)]
    assert opened == [0, 8, 0]
    assert business_register(state, date(2020, 2, 20))[0].source == "notice 5"


def test_whichever_member_comes_it_is_the_households_share() -> None:
    """Two members at two counters have five masks together, not five each."""
    stock = SuppliesReceived(supply="masks", count=20)
    ledger = ledger_of([*enrolled("p-1", "p-2"), home("h-1", "p-1", "p-2"), RoundOpened(MASKS), stock])
    ledger.record(hand_out(ledger.state, "masks-1", "p-1", NOON), by="counter-1")
    with pytest.raises(TakenError):
        ledger.record(hand_out(ledger.state, "masks-1", "p-2", NOON), by="counter-2")
    assert served(ledger.state, "masks-1") == {"h-1": 5}
    assert entitlement(ledger.state, "masks-1", "p-2", NOON) == 5


def test_a_sanction_withholds_nothing_that_is_handed_out() -> None:
    """Whatever it names: what the site has in stock is everybody's."""
    stock = SuppliesReceived(supply="masks", count=10)
    ledger = ledger_of([*enrolled("p-1"), home("h-1", "p-1"), stock])
    ledger.record_all(
        [
            CommitmentSigned(household="h-1", commitment="letting", by="p-1"),
            CommitmentBreached(household="h-1", commitment="letting", id="b-1", evidence="seen"),
            SanctionImposed(
                household="h-1", id="s-1", breach="b-1", year=2020, benefits=["dividend", "masks"]
            ),
        ],
        by="cadre-3",
    )
    assert benefits_withheld(ledger.state, "h-1", NOON.date()) == {"dividend"}
