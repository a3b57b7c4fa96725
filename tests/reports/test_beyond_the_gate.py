"""The figures of the work beyond the gate are what a plain count of the facts gives."""

from __future__ import annotations

import itertools
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
from hypothesis import given
from hypothesis import strategies as st

from epiguard import (
    Alert,
    Checkpoint,
    Duty,
    Exposure,
    Household,
    Membership,
    Person,
    QuarantinePeriod,
    Return,
    Route,
    Site,
)
from epiguard.facts import (
    AlertClosed,
    AlertRaised,
    DutyAttempted,
    DutyClosed,
    DutyOpened,
    Fact,
    HouseholdRecorded,
    PersonEnrolled,
    PersonLeft,
    QuarantineOrdered,
)
from epiguard.reports import DailyReport, daily_report
from epiguard.situation import State
from epiguard.work import (
    ERRANDS,
    AlertAssigned,
    AlertEscalated,
    Business,
    BusinessRecorded,
    CommitmentBreached,
    CommitmentSigned,
    DeliveryFinished,
    DeliveryStarted,
    HandOutWithdrawn,
    HealthReported,
    Lease,
    LeaseExtended,
    LeaseRecorded,
    MovementDeclared,
    Need,
    Notice,
    NoticeIssued,
    NoticeReceived,
    NoticeWithdrawn,
    ObjectionRaised,
    ObjectionRejected,
    RosterPosted,
    RoundOpened,
    SanctionImposed,
    SanctionWithdrawn,
    Shift,
    SuppliesHandedOut,
    SuppliesReceived,
    SupplyRound,
    TradeForbidden,
    TradePermitted,
)

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2020, 2, 13)
NOW = datetime(2020, 2, 13, 18, 0, tzinfo=ZONE)
MIDNIGHT = datetime(2020, 2, 13, tzinfo=ZONE)
SITE = Site(id="jindu", zone="Asia/Shanghai", checkpoints=[Checkpoint(id="north"), Checkpoint(id="south")])
#: Two households of two, one of one, and two people who belong to none.
HOMES = {"h-1": ("p-1", "p-2"), "h-2": ("p-3", "p-4"), "h-3": ("p-5",)}
ALONE = ("p-6", "p-7")
PEOPLE = (*(each for home in HOMES.values() for each in home), *ALONE)
BASE: tuple[Fact, ...] = (
    *(PersonEnrolled(Person(id=each)) for each in PEOPLE),
    *(
        HouseholdRecorded(Household(id=home, members=[Membership(person=each) for each in members]))
        for home, members in HOMES.items()
    ),
)
gone = st.sets(st.sampled_from(PEOPLE)).map(sorted)
homes = st.sampled_from(sorted(HOMES))
recipients = st.sampled_from([*HOMES, *ALONE])
hours = st.integers(-60, 60)


def report_on(facts: list[Fact], left: list[str] = []) -> DailyReport:  # noqa: B006 - it is only read
    """The report on some facts, after which some left."""
    state = State(SITE)
    over = [PersonLeft(person=each, reason="moved", at=NOW - timedelta(hours=1)) for each in left]
    for fact in (*BASE, *facts, *over):
        state.apply(fact, NOW - timedelta(hours=2))
    return daily_report(state, day=DAY, now=NOW)


def audience(left: list[str]) -> set[str]:
    """Households in which somebody still lives, and whoever lives alone."""
    here = {home for home, members in HOMES.items() if not set(members) <= set(left)}
    return here | (set(ALONE) - set(left))


@given(
    st.lists(st.tuples(st.sampled_from(["n-1", "n-2"]), recipients, st.sampled_from(["delivered", "read"]))),
    st.booleans(),
    st.booleans(),
    gone,
)
def test_notices(got: list[tuple[str, str, str]], withdrawn: bool, doubtful: bool, left: list[str]) -> None:
    """Whoever has a receipt of those who still live here; a notice that was withdrawn is none."""
    facts: list[Fact] = [NoticeIssued(Notice(id=each, texts={"zh": "告知"})) for each in ("n-1", "n-2")]
    facts += [NoticeReceived(notice=n, recipient=who, channel="app", receipt=how) for n, who, how in got]
    if withdrawn:
        facts.append(NoticeWithdrawn(notice="n-2", reason="a slip"))
    sent: dict[str, Any] = {"message": "n-1", "recipient": "h-1", "channel": "app"}
    facts.append(DeliveryStarted(**sent))
    if not doubtful:
        facts.append(DeliveryFinished(**sent, outcome="sent"))
    seen = report_on(facts, left).notices
    held = ["n-1"] if withdrawn else ["n-1", "n-2"]
    expected = {}
    for notice in held:
        there = {who for n, who, _ in got if n == notice} & audience(left)
        read = {who for n, who, how in got if n == notice and how == "read"} & audience(left)
        expected[notice] = (len(audience(left)), len(there), len(read), len(audience(left)) - len(there))
    assert {notice: attrs.astuple(each) for notice, each in seen.by_notice.items()} == expected
    totals = (seen.audience, seen.received, seen.read, seen.unreached)
    assert totals == tuple(sum(each[n] for each in expected.values()) for n in range(4))
    assert (seen.issued, seen.in_doubt) == (len(held), doubtful)


@given(st.lists(st.tuples(recipients, st.booleans()), unique_by=lambda each: each[0]), gone)
def test_supplies(given_out: list[tuple[str, bool]], left: list[str]) -> None:
    """Each share once; what came back is in stock again, and its household has nothing."""
    facts: list[Fact] = [RoundOpened(SupplyRound(id="r-1", supply="masks", per_household=5))]
    facts.append(SuppliesReceived(supply="masks", count=100))
    for who, back in given_out:
        share: dict[str, Any] = {"household": who, "round": "r-1", "supply": "masks", "count": 5}
        facts.append(SuppliesHandedOut(**share))
        if back:
            facts.append(HandOutWithdrawn(**share, reason="a slip"))
    seen = report_on(facts, left).supplies
    had = {who for who, back in given_out if not back}
    assert (seen.rounds, seen.served, seen.handed_out) == (1, len(had), 5 * len(had))
    assert seen.unserved == len(audience(left) - had)
    assert seen.in_stock == {"masks": 100 - 5 * len(had)}


shifts = st.tuples(st.sampled_from(["north", "south"]), st.integers(-30, 50), st.integers(1, 12), st.sets(
    st.sampled_from("abcd"), max_size=4))  # fmt: skip


@given(st.lists(shifts, max_size=6))
def test_rosters(made: list[tuple[str, int, int, set[str]]]) -> None:
    """Hour by hour: every post that has a roster is without a team of three where fewer stand there."""
    posted = [
        Shift(
            post=post,
            start=MIDNIGHT + timedelta(hours=begin),
            end=MIDNIGHT + timedelta(hours=begin + length),
            people=sorted(people),
        )
        for post, begin, length, people in made
    ]
    seen = report_on([RosterPosted(id="week-7", shifts=posted)]).rosters
    posts = {post for post, *_ in made}
    short = 0
    for post in posts:
        for hour in range(24):
            there: set[str] = set()
            for where, begin, length, people in made:
                if where == post and begin <= hour < begin + length:
                    there |= people
            short += len(there) < 3
    assert (seen.posts, seen.uncovered_minutes) == (len(posts), 60 * short)
    assert seen.shifts == sum(begin < 24 and begin + length > 0 for _, begin, length, _ in made)
    assert (seen.uncovered == 0) == (short == 0)


replies = st.lists(st.sampled_from([ObjectionRaised, ObjectionRejected, SanctionWithdrawn]), max_size=3)
sanctioned = st.tuples(homes, st.booleans(), st.booleans(), st.sampled_from([2019, 2020]), replies)


@given(st.lists(sanctioned, max_size=4), st.sets(homes))
def test_commitments(made: list[tuple[Any, ...]], signed: set[str]) -> None:
    """In force only where it was signed and breached, nobody objects and nobody withdrew it."""
    facts: list[Fact] = [
        CommitmentSigned(household=each, commitment="c", by="p-1") for each in sorted(signed)
    ]
    expected: Counter[str] = Counter()
    breaches: set[int] = set()
    for number, (home, breached, today, year, answers) in enumerate(made):
        on = {"household": home, "sanction": f"s-{number}", "reason": "said"}
        if breached:
            breaches.add(number)
            at = NOW - timedelta(hours=3 if today else 30)
            facts.append(
                CommitmentBreached(household=home, commitment="c", id=f"b-{number}", evidence="seen", at=at)
            )
        facts.append(
            SanctionImposed(
                household=home, id=f"s-{number}", breach=f"b-{number}", year=year, benefits=["dividend"]
            )
        )
        facts += [answer(**on) for answer in answers]
        if year != 2020:
            continue
        expected["sanctions"] += 1
        if SanctionWithdrawn in answers:
            expected["withdrawn"] += 1
        elif not breached or home not in signed:
            expected["without_basis"] += 1
        elif answers and answers[-1] is ObjectionRaised:
            expected["objected"] += 1
        else:
            expected["standing"] += 1
    seen = report_on(facts).commitments
    for name in ("sanctions", "withdrawn", "without_basis", "objected", "standing"):
        assert getattr(seen, name) == expected[name], name
    assert seen.breaches == len(breaches)
    assert seen.breaches_today == sum(made[number][2] for number in breaches)
    if signed:
        assert attrs.astuple(seen.by_commitment["c"]) == (len(signed), len(HOMES) - len(signed))


errand = st.tuples(
    st.sampled_from(Need),
    st.sampled_from(PEOPLE),
    hours,
    hours,
    st.sampled_from(["", "done", "no-answer", "closed"]),
)


@given(st.lists(errand, max_size=6), gone)
def test_errands(asked: list[tuple[Need, str, int, int, str]], left: list[str]) -> None:
    """Brought, fallen away or waiting, and late where its time is over."""
    facts: list[Fact] = []
    expected: dict[str, Counter[str]] = {}
    for number, (need, who, opened, due, came) in enumerate(asked):
        at = NOW + timedelta(hours=opened)
        duty = Duty(
            kind=ERRANDS[need],
            subject=who,
            basis=f"r-{number}",
            due=NOW + timedelta(hours=due),
            route=Route.DOOR,
        )
        facts.append(DutyOpened(duty, at=at))
        if came in {"done", "no-answer"}:
            facts.append(DutyAttempted(duty=duty.id, outcome=came))
        if came == "closed":
            facts.append(DutyClosed(duty=duty.id, reason="fell away"))
        state = {"done": "brought", "closed": "fallen"}.get(came, "fallen" if who in left else "waiting")
        count = expected.setdefault(need.value, Counter())
        count.update(
            {"asked": 1, "asked_today": at.date() == DAY, state: 1, "late": state == "waiting" and due < 0}
        )
    seen = report_on(facts, left).errands
    names = ("asked", "asked_today", "brought", "fallen", "waiting", "late")
    assert {need: attrs.astuple(each) for need, each in seen.by_need.items()} == {
        need: tuple(count[name] for name in names) for need, count in expected.items()
    }
    assert attrs.astuple(seen.total) == tuple(sum(each[n] for each in expected.values()) for n in names)


told = st.tuples(
    st.sampled_from(["tell-returnee", "tell-family", "tell-landlord", "door-visit"]), hours, st.booleans()
)
observed = st.tuples(
    st.sampled_from(PEOPLE), st.integers(-20, 2), st.sets(st.integers(0, 20)), st.lists(told)
)


@given(st.lists(observed, max_size=4, unique_by=lambda each: each[0]), gone)
def test_contacts_and_checks(made: list[tuple[Any, ...]], left: list[str]) -> None:
    """The worst of each contact's duties, none where there is none; a day without an answer is missed."""
    facts: list[Fact] = []
    roles = {
        "returnee": "tell-returnee",
        "family": "tell-family",
        "landlord": "tell-landlord",
        "door": "door-visit",
    }
    expected: dict[str, Counter[str]] = {role: Counter() for role in roles}
    checks: Counter[str] = Counter()
    for who, back, answered, duties in made:
        arrived = DAY + timedelta(days=back)
        exposure = Exposure(person=who, reason=Return(region="420100"), arrived_on=arrived)
        period = QuarantinePeriod.after(exposure, days=14, zone="Asia/Shanghai", id=f"q-{who}")
        facts.append(QuarantineOrdered(period))
        facts += [
            HealthReported(person=who, period=period.id, day=arrived + timedelta(days=day))
            for day in sorted(answered)
        ]
        states: dict[str, list[str]] = {}
        for number, (kind, due, reached) in enumerate(duties):
            duty = Duty(
                kind=kind, subject=who, contact=f"c-{number}", basis=period.id, due=NOW + timedelta(hours=due)
            )
            facts.append(DutyOpened(duty))
            if reached:
                facts.append(DutyAttempted(duty=duty.id, outcome="reached"))
            how = "reached" if reached else "overdue" if due < 0 else "open"
            states.setdefault(kind, []).append(how)
        if who in left or not -14 <= back <= 0:
            continue
        for role, kind in roles.items():
            every = states.get(kind, [])
            expected[role][next((e for e in ("overdue", "open", "reached") if e in every), "none")] += 1
        checks["checks"] += 1
        checks["checks_done" if -back in answered else "checks_due"] += 1
        missed = [day for day in range(-back) if day not in answered]
        checks.update({"missed_days": len(missed), "with_missed_days": bool(missed)})
    seen = report_on(facts, left).contacts
    assert seen.periods == checks["checks"]
    for role, figures in seen.by_role.items():
        assert {name: count for name, count in attrs.asdict(figures).items() if count} == dict(expected[role])
    for name in ("checks", "checks_done", "checks_due", "checks_missed", "missed_days", "with_missed_days"):
        assert getattr(seen, name) == checks[name], name


@given(
    st.lists(st.tuples(st.sampled_from(PEOPLE), st.booleans(), st.none() | st.integers(-1, 1)), max_size=6),
    gone,
)
def test_who_is_away(said: list[tuple[str, bool, int | None]], left: list[str]) -> None:
    """What each said last; nobody who left."""
    facts: list[Fact] = []
    last: dict[str, tuple[bool, int | None]] = {}
    for who, away, days in said:
        back = DAY + timedelta(days=days) if away and days is not None else None
        facts.append(MovementDeclared(person=who, region="420100" if away else None, returns_on=back))
        last[who] = (away, days)
    seen = report_on(facts, left).contacts
    still = [days for who, (away, days) in last.items() if away and who not in left]
    assert (seen.away, seen.expected_today) == (len(still), still.count(0))


raised = st.tuples(
    st.sampled_from(["breach", "fever"]), st.sampled_from(PEOPLE), hours, st.booleans(), st.booleans()
)


@given(st.lists(raised, max_size=6, unique_by=lambda each: each[:3]))
def test_cases(made: list[tuple[str, str, int, bool, bool]]) -> None:
    """Open alerts of one kind and subject are one case unless more than twelve hours lie between two."""
    facts: list[Fact] = []
    runs: dict[tuple[str, str], list[int]] = {}
    for kind, who, hour, closed, up in sorted(made, key=lambda each: each[2]):
        alert = Alert(kind=kind, subject=who, at=NOW + timedelta(hours=hour))
        facts.append(AlertRaised(alert))
        if closed:
            facts.append(AlertClosed(alert=alert.id, outcome="looked at"))
            continue
        runs.setdefault((kind, who), []).append(hour)
        if up:
            facts += [AlertEscalated(alert=alert.id), AlertAssigned(alert=alert.id, team="t-1")]
    seen = report_on(facts).alerts
    cases = 0
    for whens in runs.values():
        cases += 1 + sum(later - earlier > 12 for earlier, later in itertools.pairwise(whens))
    assert seen.cases == cases
    assert seen.at_town == seen.with_team <= cases


@given(
    st.lists(st.tuples(st.integers(-40, 40), st.integers(0, 2)), max_size=5),
    st.lists(st.sampled_from(["food", "hair"]), max_size=5),
    st.lists(st.tuples(st.sampled_from(["food", "hair"]), st.booleans(), st.integers(-2, 2)), max_size=4),
)
def test_leases_and_shops(
    made: list[tuple[int, int]], trades: list[str], notices: list[tuple[str, bool, int]]
) -> None:
    """Contracts with their months; shops by the last notice that has begun."""
    facts: list[Fact] = []
    ends = []
    for number, (days, months) in enumerate(made):
        lease = Lease(
            id=f"l-{number}", tenant=f"t-{number}", place="stall", last_day=DAY + timedelta(days=days)
        )
        facts.append(LeaseRecorded(lease))
        facts += [
            LeaseExtended(lease=lease.id, tenant=lease.tenant, measure=f"m-{month}")
            for month in range(months)
        ]
        ends.append(lease.extended(months))
    facts += [BusinessRecorded(Business(id=f"s-{number}", trade=each)) for number, each in enumerate(trades)]
    holds: dict[str, tuple[int, bool]] = {}
    for trade, permitted, days in notices:
        fact = TradePermitted if permitted else TradeForbidden
        facts.append(fact(trade=trade, since=DAY + timedelta(days=days), source="notice"))
        if days <= 0 and days >= holds.get(trade, (-9, False))[0]:
            holds[trade] = (days, permitted)
    seen = report_on(facts)
    running = [each for each in ends if each >= DAY]
    assert attrs.asdict(seen.leases) == {
        "contracts": len(made),
        "extended": sum(months > 0 for _, months in made),
        "running": len(running),
        "ended": len(made) - len(running),
        "ending_this_month": sum((each.year, each.month) == (2020, 2) for each in running),
    }
    may_open = sum(holds.get(trade, (0, False))[1] for trade in trades)
    assert attrs.astuple(seen.businesses) == (len(trades), may_open, len(trades) - may_open)
