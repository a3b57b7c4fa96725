"""The newsletter's figures beside those of the examples: ``python examples/meilong/figures.py [OUT]``.

OUT is what ``epiguard day examples/meilong/jindu_road --out OUT`` wrote; without it the rows of that day are
left out. Every figure is counted from facts on record: the newsletter's sizes go in where they are how many
there are (people, shops, tenants), and come out where they are added up or decided.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from epiguard import DaySpan, Household, HouseholdRecorded, Ledger, Membership, Person, PersonEnrolled, Policy
from epiguard.reports import daily_report
from epiguard.work import (
    Business,
    BusinessRecorded,
    Lease,
    LeaseRecorded,
    MonthOnMonth,
    Notice,
    NoticeIssued,
    RoundOpened,
    SuppliesReceived,
    SupplyRound,
    TradePermitted,
    Unit,
    extend_leases,
    hand_out,
    split,
)

SITES = Path(__file__).parent / "sites"
NOON = datetime(2020, 2, 14, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
Row = tuple[str, str, object, object]


def place(name: str) -> Ledger:
    """An empty record of one of the places."""
    policy = Policy.load(SITES / f"{name}.toml")
    return Ledger.open(":memory:", policy=policy, clock=lambda: NOON.astimezone(UTC))


def rows(out: Path | None = None) -> Iterator[Row]:
    """Row of the newsletter, what it says, its figure, and ours."""
    if out is not None:
        report = json.loads((out / "report.json").read_text(encoding="utf-8"))
        back = report["returnees"]
        # Forms of people whom nobody has identified yet may be of somebody who is counted already.
        between = f"{back['to_date'] - back['unidentified']} to {back['to_date']}"
        yield "J6", "returnees, those not identified yet apart", 1793, between
        yield (
            "J7",
            "registered in Hubei, to be phoned",
            435,
            report["duties"]["by_kind"]["screen-movements"]["opened"],
        )
    buildings = split([Unit(id=f"b-{n}") for n in range(400)], [f"v-{n}" for n in range(200)])
    yield "J9", "volunteers with as many buildings each", 200, len(buildings.heads)
    yield "Z4", "notices to all owners", 30, notices()
    yield "X1", "masks to each household", 5, masks()
    yield "M3", "tenants whose contracts go on by a month", 200, leases()
    yield from population()
    yield "G2", "shops open of 40", 8, shops()
    for where, stated in (("community", 529.5), ("street", 161.7), ("village", 600.8)):
        change = MonthOnMonth(before=1000 + round(stated * 10), after=1000)
        yield "G3", f"fall of alarms, {where}: of February", f"-{stated} %", f"{change.of_after:.1f} %"
        yield "G3", f"fall of alarms, {where}: of January", "not told", f"{change.of_before:.1f} %"


def notices() -> int:
    """Thirty, each to everybody."""
    with place("zhonghai_huanyu") as ledger:
        ledger.record(PersonEnrolled(Person(id="p-1")), by="register")
        for number in range(30):
            ledger.record(
                NoticeIssued(Notice(id=f"n-{number}", texts={"zh": "公告"}), at=NOON), by="property"
            )
        return daily_report(ledger.state, day=NOON.date(), now=NOON).notices.issued


def masks() -> int:
    """A household's share, recorded."""
    with place("xujing") as ledger:
        home = Household(id="h-1", members=[Membership(person="p-1"), Membership(person="p-2")])
        people = [PersonEnrolled(Person(id=each)) for each in ("p-1", "p-2")]
        opened = RoundOpened(SupplyRound(id="masks-1", supply="masks", per_household=5))
        stock = SuppliesReceived(supply="masks", count=50)
        ledger.record_all([*people, HouseholdRecorded(home), opened, stock], by="register")
        ledger.record(hand_out(ledger.state, "masks-1", "p-2", NOON), by="counter-1")
        return daily_report(ledger.state, day=NOON.date(), now=NOON).supplies.handed_out


def leases() -> int:
    """Those of January, extended."""
    with place("binjiang_market") as ledger:
        for number in range(200):
            lease = Lease(id=f"l-{number}", tenant=f"t-{number}", place="stall", last_day=date(2020, 1, 31))
            ledger.record(LeaseRecorded(lease), by="market")
        january = DaySpan(date(2020, 1, 1), date(2020, 2, 1))
        ledger.record_all(extend_leases(ledger.state, january, measure="notice-1"), by="market")
        return daily_report(ledger.state, day=NOON.date(), now=NOON).leases.ending_this_month


def population() -> Iterator[Row]:
    """2012 = 1226 + 786, of whom 28."""
    with place("pule_2") as ledger:
        regions = ["310112"] * 1226 + ["420106"] * 28 + ["340100"] * 758
        enrolled = [
            PersonEnrolled(Person(id=f"p-{n}", registered_region=each)) for n, each in enumerate(regions)
        ]
        ledger.record_all(enrolled, by="register")
        counted = daily_report(ledger.state, day=NOON.date(), now=NOON).population
    yield "G1", "people", 2012, counted.residents
    yield "G1", "local registration", 1226, counted.local
    yield "G1", "non-local registration", 786, counted.non_local
    yield "G1", "of a key region", 28, counted.key_region


def shops() -> int:
    """Eight of two permitted trades."""
    with place("gumei_west_road") as ledger:
        trades = ["pharmacy"] * 3 + ["food"] * 5 + ["hair"] * 32
        known = [BusinessRecorded(Business(id=f"s-{n}", trade=each)) for n, each in enumerate(trades)]
        since = date(2020, 2, 10)
        permits = [TradePermitted(trade=each, since=since, source="notice") for each in ("pharmacy", "food")]
        ledger.record_all([*known, *permits], by="street")
        return daily_report(ledger.state, day=NOON.date(), now=NOON).businesses.open


def main() -> None:
    """Print the table."""
    out = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    print(f"{'row':<5}{'':<46}{'newsletter':>14}{'here':>16}")
    for row, what, said, here in rows(out):
        print(f"{row:<5}{what:<46}{said!s:>14}{here!s:>16}")


if __name__ == "__main__":
    main()
