"""Every system of the newsletter runs: one test for each, called J1 to G4 after its place.

The tests of the places and of the library go deeper; here each system works from end to end.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest

from at_the_gate import (
    NEIGHBOURS,
    WANG,
    ZHAO,
    ask,
    at,
    car,
    courier,
    crossing,
    load,
    open_ledger,
    resident,
    visitor,
)
from epiguard import (
    Alert,
    AlertRaised,
    CrossingObserved,
    DaySpan,
    Duty,
    DutyState,
    Effect,
    ExitPass,
    Exposure,
    Ledger,
    MatchConfirmed,
    Outcome,
    PassApplication,
    PassDecision,
    PassIssued,
    PassRevoked,
    Person,
    PersonEnrolled,
    QuarantineOrdered,
    QuarantinePeriod,
    Registered,
    Registration,
    Relationship,
    RelationshipRecorded,
    Return,
    Route,
    ShortageError,
    TakenError,
    Traveller,
    WatchListed,
    reconcile,
)
from epiguard.channels import FileChannel
from epiguard.matching import Query, ResidentIndex
from epiguard.reports import daily_report
from epiguard.work import (
    AlertAssigned,
    Business,
    BusinessRecorded,
    CommitmentBreached,
    CommitmentSigned,
    ContactState,
    EscalationPlan,
    Lease,
    LeaseRecorded,
    Level,
    MonthOnMonth,
    MovementDeclared,
    Notice,
    NoticeIssued,
    NoticeReceived,
    ObjectionRaised,
    Recurrence,
    RoundOpened,
    SanctionImposed,
    Severity,
    StatedPopulation,
    SuppliesReceived,
    SupplyRound,
    Team,
    TradePermitted,
    assign,
    benefits_withheld,
    business_register,
    close_case,
    contacts_of,
    escalations,
    expected_returns,
    extend_leases,
    hand_notices,
    hand_out,
    leases_of,
    nearest_free,
    one_call,
    open_cases,
    plan_shifts,
    progress_of,
    roster_findings,
    round_duties,
    split,
    unreached,
    unsigned,
)
from epiguard.work import Unit as Building
from epiguard_meilong.gatherings import CountObserved

NOON = at(2, 14, 12, 0)
JINDU, XUJING = load("jindu_road"), load("xujing")
ROWS = [
    f"{letter}{number}"
    for letter, last in {"J": 9, "Z": 4, "X": 2, "H": 3, "C": 3, "M": 3, "G": 4}.items()
    for number in range(1, last + 1)
]
FORM = Registration(
    id="paper-1",
    source="paper",
    written={"name": "王小朋", "phone": "1380013800", "residence": "3号楼502室"},
    returning_from="420100",
    arrived_on=date(2020, 2, 13),
)


def period(person: str) -> QuarantinePeriod:
    """Fourteen days after a return from Hubei."""
    back = Exposure(person=person, reason=Return(region="420100"), arrived_on=date(2020, 2, 13))
    return QuarantinePeriod.after(back, days=14, zone="Asia/Shanghai", id=f"q-{person}")


def of_form(form: Registration) -> Exposure:
    """The return that a form tells of, while nobody knows whose it is."""
    return Exposure(person=form.subject, reason=Return(region="420100"), arrived_on=date(2020, 2, 13))


def record(ledger: Ledger, *facts: object) -> None:
    """By a cadre."""
    ledger.record_all(facts, by="cadre-3")  # type: ignore[arg-type]  # facts of many kinds


def test_every_row_has_its_test() -> None:
    """None of the twenty-eight is left out."""
    found = {name.split("_")[1].upper() for name in globals() if re.match(r"test_[jzxhcmg]\d_", name)}
    assert found == set(ROWS)


def test_j1_three_gates_and_their_teams() -> None:
    """Everybody is measured; no fever and no unregistered returnee passes; a team of three at every hour."""
    assert ask(JINDU, crossing("gate-1", "out", NOON, resident(temperature=None))).effect is Effect.HOLD
    back = resident(asked=True, returning_from="340100")
    assert ask(JINDU, crossing("gate-2", "in", NOON, back)).lifted_by == ("register",)
    roles = {f"{role}-{n}": role for role in ("cadre", "volunteer", "guard") for n in range(3)}
    starts = [NOON + timedelta(hours=8 * n) for n in range(21)]
    gates = ["gate-1", "gate-2", "gate-3"]
    teams = [{f"{who}-{gate}": role for who, role in roles.items()} for gate in gates]
    plan = [
        shift for gate, team in zip(gates, teams, strict=True) for shift in plan_shifts(gate, starts, 8, team)
    ]
    assert roster_findings(plan, gates, NOON, NOON + timedelta(days=7)) == []


def test_j2_paper_and_online_are_one_record() -> None:
    """The same person on both is one person."""
    online = attrs.evolve(FORM, id="online-1", source="questionnaire")
    index = ResidentIndex.build([WANG, ZHAO])
    day = reconcile([FORM, online], index)
    assert {each.person_id for each in day.matched} <= {"p-7"}
    answers = [*(each.answer for each in day.matched), *(each.answer for each in day.to_confirm)]
    candidates = {each.candidates[0].person_id for each in answers}
    assert candidates == {"p-7"}


def test_j3_the_morning_reconciliation() -> None:
    """Each form ends in one list; a returnee without a form is listed, and so is a form that contradicts."""
    stranger = Registration(
        id="paper-2", source="paper", written={"name": "慕容来客", "phone": "13700000004"}
    )
    passed = crossing("gate-1", "in", NOON, resident("p-8", returning_from="420100"))
    day = reconcile([FORM, stranger], ResidentIndex.build([WANG, ZHAO]), crossings=[passed])
    assert len(day.matched) + len(day.to_confirm) + len(day.not_in_register) == 2
    assert [each.person_id for each in day.unregistered] == ["p-8"]


def test_j4_one_field_that_agrees_is_enough() -> None:
    """A wrong character and a lost digit, by room alone, or by telephone alone."""
    index = ResidentIndex.build([WANG, attrs.evolve(ZHAO, residence="9号楼101室")])
    for query in (Query(name="王小朋", residence="3号楼502室"), Query(phone="138 0013 80?0")):
        first = index.find(query, limit=5).candidates[0]
        assert first.person_id == "p-7"
        assert first.evidence


def test_j5_confirmed_by_phone_before_it_is_reported() -> None:
    """Nothing is confirmed because a computer matched it, nor because nobody answered."""
    ledger = open_ledger(JINDU, *NEIGHBOURS, Registered(FORM), QuarantineOrdered(period("p-7")), when=NOON)
    ledger.owe([Duty(kind="confirm-match", subject="form:paper-1", basis="paper-1")], by="system")
    [call] = [each for each in ledger.duties() if each.kind == "confirm-match"]

    def confirmed() -> int:
        return daily_report(ledger.state, day=NOON.date(), now=NOON).returnees.confirmed

    record(ledger, *one_call([call.id], Outcome.NO_ANSWER, call="c-1", at=NOON))
    assert confirmed() == 0
    record(ledger, *one_call([call.id], "reached", call="c-2", at=NOON))
    record(ledger, MatchConfirmed(registration="paper-1", person="p-7"))
    assert confirmed() == 1


@pytest.mark.parametrize(
    "written",
    [
        {"name": "王小朋", "phone": "13800138000"},
        {"name": "王晓明", "residence": "3号楼502室"},
        {"phone": "1380013800", "residence": "3号楼502"},
        {"name": "王小明", "residence": "3号楼505室"},
        {"phone": "13800138000"},
        {"residence": "3号楼502室"},
    ],
)
def test_j6_nobody_is_lost_to_a_bad_form(written: dict[str, str]) -> None:
    """Among the first five, with an open duty and a way to them; the 1793 are in tests/examples."""
    others = [Person(id=f"p-{n}", name="王小明", residence=f"9号楼{n}01室") for n in range(20, 26)]
    index = ResidentIndex.build([WANG, ZHAO, *others])
    first_five = [each.person_id for each in index.find(Query(**written), limit=5).candidates]
    assert "p-7" in first_five
    form = Registration(id="paper-9", source="paper", written=written, returning_from="420100")
    # Whoever it is: by the form until somebody says whose it is, and then by the register.
    by_form = attrs.evolve(period("p-7"), person=form.subject, id="q-form", exposure=of_form(form))
    facts = (Registered(form), QuarantineOrdered(by_form, at=NOON), QuarantineOrdered(period("p-7"), at=NOON))
    ledger = open_ledger(JINDU, *NEIGHBOURS, *facts, when=NOON)
    for subject in (form.subject, "p-7"):
        routes = {each.route for each in ledger.duties() if each.subject == subject}
        assert routes
        assert routes <= {Route.PHONE, Route.DOOR}
    phones = {each.subject for each in ledger.duties() if each.route is Route.PHONE}
    assert ("form:paper-9" in phones) == ("13800138000" in written.values())
    states = contacts_of(ledger.state, period("p-7"), NOON)
    assert ContactState.REACHED not in states.values()
    assert states["returnee"] is ContactState.OPEN


def test_j7_movements_and_expected_returns() -> None:
    """Registered in Hubei is phoned and restricted by nothing; who comes back unannounced is an alert."""
    ledger = open_ledger(JINDU, *NEIGHBOURS, when=NOON)
    record(
        ledger, PersonEnrolled(Person(id="p-9", registered_region="420106", phones=["13700137000"]), at=NOON)
    )
    [call] = [each for each in ledger.duties() if each.kind == "screen-movements"]
    record(ledger, MovementDeclared(person="p-9", region="420100", duty=call.id, at=NOON))
    assert [each.person for each in expected_returns(ledger.state)] == ["p-9"]
    assert [each.id for each in ledger.duties(state=DutyState.DONE)] == [call.id]
    back = crossing("gate-1", "in", NOON + timedelta(days=1), resident("p-9", returning_from="420100"))
    record(ledger, CrossingObserved(back))
    assert "unannounced-return" in [each.kind for each in ledger.alerts()]
    assert expected_returns(ledger.state) == ()


def test_j8_returnee_family_and_landlord() -> None:
    """Each its own duty; whom there is not is none, with a visit at the door."""
    landlord = PersonEnrolled(Person(id="p-50", phones=["13600136000"], resident=False))
    tie = RelationshipRecorded(Relationship(person="p-7", relation="landlord", contact="p-50"))
    lonely = PersonEnrolled(Person(id="p-60", residence="9号楼101室"))
    orders = [QuarantineOrdered(period(who), at=NOON) for who in ("p-7", "p-60")]
    ledger = open_ledger(JINDU, *NEIGHBOURS, landlord, tie, lonely, *orders, when=NOON)
    assert set(contacts_of(ledger.state, period("p-7"), NOON).values()) == {
        ContactState.OPEN,
        ContactState.NONE,
    }
    none = contacts_of(ledger.state, period("p-60"), NOON)
    assert (none["family"], none["landlord"], none["door"]) == (
        ContactState.NONE,
        ContactState.NONE,
        ContactState.OPEN,
    )


def test_j9_buildings_rounds_and_notices() -> None:
    """Nearly 200 volunteers, nobody their own building; rounds and notices are ticked off."""
    volunteers = [f"v-{n}" for n in range(197)]
    buildings = [Building(id=f"b-{n}", barred=frozenset({f"v-{n}"})) for n in range(394)]
    made = split(buildings, volunteers)
    assert set(made.heads.values()) == {2}
    assert not [unit for unit, who in made.of.items() if unit[1:] == who[1:]]
    ledger = open_ledger(JINDU, *NEIGHBOURS, when=NOON)
    nightly = Recurrence("FREQ=DAILY;BYHOUR=20", date(2020, 2, 1))
    rounds = round_duties({"b-3": "v-1"}, nightly, NOON, NOON + timedelta(days=2), JINDU.site.zone)
    assert len(ledger.owe(rounds, by="system")) == 2
    notice = Notice(id="n-1", texts={"zh": "告知书"}, channels=["door"])
    record(ledger, NoticeIssued(notice, at=NOON))
    [hand] = hand_notices(notice, unreached(ledger.state, notice, NOON), NOON)
    ledger.owe([hand], by="system")
    record(ledger, NoticeReceived(notice="n-1", recipient="h-502", channel="door", duty=hand.id))
    assert [each.kind for each in ledger.duties()] == ["patrol-round", "patrol-round"]
    assert list(unreached(ledger.state, notice, NOON)) == []


def test_z1_the_same_courier_on_four_days() -> None:
    """21, 23, 26 and 29 January: free, measured, measured, and sent to the drop point."""
    policy = load("zhonghai_huanyu")
    answers = [
        tuple(
            ask(policy, crossing("west", "in", at(1, day), courier(temperature=measured))).effect.value
            for measured in (None, 36.5)
        )
        for day in (21, 23, 26, 29)
    ]
    assert answers == [("allow", "allow"), ("hold", "allow"), ("hold", "allow"), ("deny", "deny")]


@pytest.mark.parametrize("gate", ["west", "east"])
@pytest.mark.parametrize("way", ["in", "out"])
@pytest.mark.parametrize("by_car", [False, True])
def test_z2_lanes(gate: str, way: str, *, by_car: bool) -> None:
    """West: on foot, and cars in. East: cars out only. Whoever is wrong is told the other gate."""
    allowed = {("west", "in", False), ("west", "out", False), ("west", "in", True), ("east", "out", True)}
    vehicle = car(trunk_opened=True, luggage_found=False) if by_car else None
    asked = crossing(gate, way, at(2, 10), resident(), vehicle=vehicle)
    decision = ask(load("zhonghai_huanyu"), asked)
    assert (decision.effect is Effect.ALLOW) == ((gate, way, by_car) in allowed)
    if decision.effect is not Effect.ALLOW:
        assert ("东门" if gate == "west" else "西门") in "".join(each.text("zh") for each in decision.reasons)


def test_z3_every_trunk() -> None:
    """No car enters unchecked; luggage means ask."""
    policy, when = load("zhonghai_huanyu"), at(2, 10)
    assert ask(policy, crossing("west", "in", when, resident(), vehicle=car())).effect is Effect.HOLD
    luggage = car(trunk_opened=True, luggage_found=True)
    assert ask(policy, crossing("west", "in", when, resident(), vehicle=luggage)).effect is Effect.HOLD


def test_z4_thirty_notices(tmp_path: Path) -> None:
    """To all owners by the app, each once; receipts, and who has not been reached by which other channel."""
    notices = [Notice(id=f"n-{n}", texts={"zh": f"公告{n}"}, channels=["app", "sms"]) for n in range(30)]
    ledger = open_ledger(JINDU, *NEIGHBOURS, *(NoticeIssued(each, at=NOON) for each in notices), when=NOON)
    for _ in range(2):
        ledger.deliver([FileChannel(tmp_path)])
    assert len(list(tmp_path.glob("*.json"))) == 30
    record(ledger, NoticeReceived(notice="n-0", recipient="h-502", channel="app", receipt="read"))
    assert list(unreached(ledger.state, notices[0], NOON)) == []
    [missing] = unreached(ledger.state, notices[1], NOON, {"h-502": ["app"]})
    assert missing.others == ("sms", "phone", "door")


def test_x1_five_masks_to_each_household() -> None:
    """Once, and never more than there are."""
    masks = SupplyRound(id="masks-1", supply="masks", per_household=5)
    stock = SuppliesReceived(supply="masks", count=6)
    ledger = open_ledger(
        XUJING, *NEIGHBOURS, PersonEnrolled(Person(id="p-9")), RoundOpened(masks), stock, when=NOON
    )
    record(ledger, hand_out(ledger.state, "masks-1", "h-502", NOON))
    with pytest.raises(TakenError):
        record(ledger, hand_out(ledger.state, "masks-1", "h-502", NOON))
    with pytest.raises(ShortageError):
        record(ledger, hand_out(ledger.state, "masks-1", "p-9", NOON))
    assert ledger.state.stocks == {"masks": 1}


def test_x2_a_call_list_by_head_count_in_under_two_days() -> None:
    """Split among landlords, leaders and firms; who is done, and whether it will be in time."""
    ledger = open_ledger(XUJING, when=NOON)
    people = [Person(id=f"p-{n}", registered_region="420106", phones=[f"137{n:08d}"]) for n in range(40)]
    record(ledger, *(PersonEnrolled(each, at=NOON) for each in people))
    facts, made = assign(ledger.state, ledger.duties(), ["landlord-1", "leader-1", "firm-1", "p-0"], NOON)
    record(ledger, *facts)
    assert set(made.heads.values()) == {10}
    assert made.of["p-0"] != "p-0"
    mine = [each.id for each in ledger.duties(assignee="firm-1")]
    record(ledger, *one_call(mine[:5], "reached", call="c-1", at=NOON))
    deadline, now = NOON + timedelta(days=2), NOON + timedelta(hours=20)
    told = {
        each.helper: each
        for each in progress_of(ledger.duties(state=None), deadline=deadline, begun=NOON, at=now)
    }
    assert (told["firm-1"].done, told["firm-1"].late) == (5, False)


def apply(ledger: Ledger, person: str, colour: str, when: datetime, **said: Any) -> PassDecision:
    """Somebody asks for a pass at the committee's desk, asked, registered and measured."""
    told = {"asked": True, "registered": True, "temperature": 36.4, **said}
    february = DaySpan(date(2020, 2, 1), date(2020, 3, 1))
    number = f"{colour[0].upper()}-{person}"
    asked = PassApplication(person=person, number=number, colour=colour, valid=february, at=when, **told)
    return ledger.issue_pass(asked, by="cadre-3")


@pytest.mark.parametrize(
    ("missing", "lifted_by"),
    [("asked", "ask"), ("registered", "register"), ("temperature", "measure-temperature")],
)
def test_h1_three_musts(missing: str, lifted_by: str) -> None:
    """Ask, register, measure: none may be left out when a pass is handed out, nor when somebody comes in."""
    ledger = open_ledger(load("caohang"), *NEIGHBOURS, when=NOON)
    held = apply(ledger, "p-7", "green", NOON, **{missing: None})
    assert (held.effect, held.lifted_by) == (Effect.HOLD, (lifted_by,))
    assert apply(ledger, "p-7", "green", NOON).effect is Effect.ALLOW
    shown: dict[str, Any] = {"exit_pass": "G-p-7", "asked": True, "temperature": 36.4}
    assert ledger.admit(crossing("north", "in", NOON, resident(**shown))).effect is Effect.ALLOW
    # Who comes from elsewhere must be registered; everybody asked and measured.
    wrong: dict[str, Any] = {"returning_from": "420106"} if missing == "registered" else {missing: None}
    held_in = ledger.admit(crossing("north", "in", NOON, resident(**{**shown, **wrong})))
    assert held_in.effect is Effect.HOLD
    assert lifted_by in held_in.lifted_by


def test_h2_green_and_yellow() -> None:
    """Green for villagers; yellow for a returnee, a duty that falls due on release, and not a day before."""
    back = Exposure(person="p-8", reason=Return(region="420000"), arrived_on=date(2020, 1, 30))
    policy = load("caohang")
    over = policy.period(back, gate_day=date(2020, 1, 30))
    ledger = open_ledger(policy, *NEIGHBOURS, QuarantineOrdered(over, at=at(1, 30)), when=NOON)
    [yellow] = [each for each in ledger.duties() if each.kind == "issue-yellow-pass"]
    assert (yellow.subject, yellow.due) == ("p-8", over.release_at)
    assert apply(ledger, "p-8", "yellow", over.release_at - timedelta(minutes=1)).effect is not Effect.ALLOW
    assert apply(ledger, "p-8", "green", over.release_at).effect is not Effect.ALLOW
    assert apply(ledger, "p-7", "yellow", over.release_at).effect is not Effect.ALLOW
    assert apply(ledger, "p-8", "yellow", over.release_at).effect is Effect.ALLOW
    assert apply(ledger, "p-7", "green", NOON).effect is Effect.ALLOW
    assert {each.person: each.colour.value for each in ledger.state.passes.values()} == {
        "p-7": "green",
        "p-8": "yellow",
    }
    lost = PassRevoked(number="G-p-7", person="p-7", reason="left in the bus", cause="lost", at=NOON)
    record(ledger, lost)
    assert ledger.state.passes.keys() == {"Y-p-8"}


def test_h3_one_exit_a_day() -> None:
    """The date is struck once; without a pass nobody leaves."""
    policy = load("caohang")
    card = ExitPass(
        number="G-1", person="p-7", colour="green", valid=DaySpan(date(2020, 2, 1), date(2020, 3, 1))
    )
    ledger = open_ledger(policy, *NEIGHBOURS, PassIssued(card), when=NOON)
    with_pass = resident(exit_pass="G-1", asked=True)  # noqa: S106 - a number on a card
    effects = [ledger.admit(crossing("north", "out", NOON, with_pass)).effect for _ in range(2)]
    assert effects[0] is Effect.ALLOW
    assert effects[1] is not Effect.ALLOW
    assert (
        ledger.admit(crossing("north", "out", NOON, resident("p-8", asked=True))).effect is not Effect.ALLOW
    )


def test_c1_three_records() -> None:
    """Car, person, temperature: without them it is held."""
    nobody = visitor(temperature=None, host="p-7", host_agreed=True)
    held = ask(load("caozhong"), crossing("east-post", "in", NOON, nobody, vehicle=car(plate=None)))
    assert set(held.lifted_by) == {"write-down-plate", "record-person", "measure-temperature"}


def test_c2_relatives_and_couriers() -> None:
    """Relatives wait for the host's answer; couriers do not enter."""
    policy = load("caozhong")
    assert (
        ask(policy, crossing("east-post", "in", NOON, visitor(registered=True, host="p-7"))).effect
        is Effect.HOLD
    )
    for agreed, effect in ((True, Effect.ALLOW), (False, Effect.DENY)):
        told = visitor(registered=True, host="p-7", host_agreed=agreed)
        assert ask(policy, crossing("east-post", "in", NOON, told)).effect is effect
    goods = crossing("east-post", "in", NOON, courier(temperature=36.5, registered=True, host="p-7"))
    ledger = open_ledger(policy, *NEIGHBOURS, when=NOON)
    refused = ledger.admit(goods)
    assert (refused.effect, [each.code for each in refused.reasons]) == (Effect.DENY, ["courier-drop-point"])
    assert [(each.kind, each.subject) for each in ledger.duties()] == [("collect-parcel", "p-7")]
    # Who may not go out does not go to the post either: somebody brings it.
    record(ledger, QuarantineOrdered(period("p-7"), at=NOON))
    ledger.admit(attrs.evolve(goods, at=NOON + timedelta(hours=1)))
    assert "bring-parcel" in [each.kind for each in ledger.duties()]


def test_c3_a_returning_car() -> None:
    """Each step is a duty of its own."""
    back = resident(asked=True, returning_from="420100", registered=True)
    asked = crossing("east-post", "in", NOON, back, vehicle=car(luggage_found=False, trunk_opened=True))
    kinds = {each.kind for each in ask(load("caozhong"), asked).duties}
    assert {"disinfect-car", "disinfect-route", "disinfect-parking", "register-owner"} <= kinds


def test_m1_the_loudspeaker_every_day(tmp_path: Path) -> None:
    """The same notice at each slot, once."""
    daily = Recurrence("FREQ=DAILY;BYHOUR=8,18", date(2020, 2, 14))
    notice = Notice(id="n-1", texts={"zh": "少出门"}, channels=["loudspeaker"], slots=daily)
    ledger = open_ledger(load("minjian"), NoticeIssued(notice, at=NOON), when=NOON)
    for hour in (13, 18, 18, 19):
        ledger.deliver([FileChannel(tmp_path)], at=at(2, 14, hour))
    assert len(list(tmp_path.glob("*.json"))) == 1


def test_m2_commitments() -> None:
    """Signed, breached, sanctioned for the year; an objection is heard, and passage is untouched."""
    ledger = open_ledger(load("minjian"), *NEIGHBOURS, when=NOON)
    assert unsigned(ledger.state, "letting") == ("h-502",)
    before = ledger.admit(crossing("main", "in", NOON, resident(asked=True))).effect
    record(
        ledger,
        CommitmentSigned(household="h-502", commitment="letting", by="p-7"),
        CommitmentBreached(
            household="h-502", commitment="letting", id="b-1", evidence="a tenant unannounced"
        ),
        SanctionImposed(household="h-502", id="s-1", breach="b-1", year=2020, benefits=["dividend"]),
    )
    assert benefits_withheld(ledger.state, "h-502", NOON.date()) == {"dividend"}
    assert benefits_withheld(ledger.state, "h-502", date(2021, 1, 1)) == frozenset()
    assert ledger.admit(crossing("main", "in", NOON, resident(asked=True))).effect is before is Effect.ALLOW
    record(ledger, ObjectionRaised(household="h-502", sanction="s-1", reason="it was a visit"))
    assert benefits_withheld(ledger.state, "h-502", NOON.date()) == frozenset()


def test_m3_two_hundred_leases_go_on_by_a_month() -> None:
    """31 January goes on to 29 February; the market is closed to people from outside."""
    policy = load("binjiang_market")
    leases = [
        Lease(id=f"l-{n}", tenant=f"t-{n}", place=f"stall-{n}", last_day=date(2020, 1, 31))
        for n in range(201)
    ]
    ledger = open_ledger(policy, *map(LeaseRecorded, leases), when=NOON)
    january = DaySpan(date(2020, 1, 1), date(2020, 2, 1))
    record(ledger, *extend_leases(ledger.state, january, measure="notice-1"))
    assert {each.last_day for each in leases_of(ledger.state).values()} == {date(2020, 2, 29)}
    gate = policy.site.checkpoints[0].id
    assert ask(policy, crossing(gate, "in", NOON, visitor(asked=True))).effect is Effect.DENY


def test_g1_a_population_that_adds_up_and_a_watch() -> None:
    """2012 = 1226 + 786, of whom 28; a watched person's card is an alert that ends with an outcome."""
    stated = StatedPopulation(total=2012, parts={"local": 1226, "other": 786}, of_whom={"key": 28})
    assert stated.problems() == ()
    assert attrs.evolve(stated, total=2013).problems()
    watch = WatchListed(person="p-7", reason="back", until=date(2020, 2, 29), at=NOON)
    ledger = open_ledger(load("pule_2"), *NEIGHBOURS, watch, when=NOON)
    record(ledger, CrossingObserved(crossing("door-3", "out", NOON, Traveller(person="p-7"))))
    [case] = open_cases(ledger.state)
    record(ledger, *close_case(case, "the brother had the card"))
    assert open_cases(ledger.state) == []


def test_g2_eight_of_forty_shops() -> None:
    """By trade and by date; a count that is a gathering is an alert."""
    ledger = open_ledger(load("gumei_west_road"), when=NOON)
    trades = ["pharmacy"] * 3 + ["food"] * 5 + ["hair"] * 32
    shops = [BusinessRecorded(Business(id=f"s-{n}", trade=trade)) for n, trade in enumerate(trades)]
    permits = [
        TradePermitted(trade=each, since=date(2020, 2, 10), source="notice 1")
        for each in ("pharmacy", "food")
    ]
    record(ledger, *shops, *permits)
    register = business_register(ledger.state, NOON.date())
    assert (len(register), sum(each.open for each in register)) == (40, 8)
    record(ledger, CountObserved(place="stretch-1", count=400, at=NOON))
    assert [each.kind for each in ledger.alerts()] == ["gathering"]


def test_g3_the_falls_are_of_february() -> None:
    """529.5, 161.7 and 600.8 per cent cannot be of January; both bases are printed."""
    for stated in (529.5, 161.7, 600.8):
        change = MonthOnMonth(before=1000 + round(stated * 10), after=1000)
        assert not MonthOnMonth.is_possible(-stated)
        assert f"{-stated}% of the later month" in change.text("en")
        assert "of the earlier month" in change.text("en")


def test_g4_from_the_site_to_the_town() -> None:
    """An urgent alert goes up when nobody closed it, and the nearest free team is proposed."""
    ledger = open_ledger(load("pule_2"), *NEIGHBOURS, when=NOON)
    breach = Alert(kind="breach", subject="p-7", at=NOON)
    record(ledger, AlertRaised(breach))
    plan = EscalationPlan(severities={"breach": Severity.URGENT})
    record(ledger, *escalations(ledger.state, plan, NOON + timedelta(minutes=31)))
    [case] = open_cases(ledger.state)
    assert case.level is Level.TOWN
    teams = [Team(id="far", latitude=31.3, longitude=121.4), Team(id="near", latitude=31.1, longitude=121.4)]
    first = nearest_free(ledger.state, teams, (31.1, 121.41))
    assert first is not None
    assert first.id == "near"
    record(ledger, AlertAssigned(alert=case.id, team="near"))
    second = nearest_free(ledger.state, teams, (31.1, 121.41))
    assert second is not None
    assert second.id == "far"
