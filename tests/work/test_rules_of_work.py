"""The built-in rules that owe errands and raise alerts, and the rosters."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard import Crossing, CrossingObserved, InvalidValueError, PersonLeft, QuarantineOrdered, Traveller
from epiguard.work import (
    EscalationPlan,
    HealthReported,
    Level,
    MovementDeclared,
    Need,
    NeedReported,
    Recurrence,
    RosterPosted,
    Shift,
    StatementTaken,
    escalations,
    late_alerts,
    plan_shifts,
    posted_shifts,
    roster_findings,
    round_duties,
)
from work.committee import NOON, SHANGHAI, at, enrolled, ledger_of, period_of, state_of


def rule(name: str, settings: str = "") -> str:
    """An entry."""
    return f'[[rules]]\nuse = "{name}"\n{settings}\n'


@pytest.mark.parametrize("need", Need)
def test_each_need_is_an_errand_to_the_door(need: Need) -> None:
    """Asked twice it is one errand; medicine within four hours, all else within a day."""
    ledger = ledger_of(enrolled("p-1"), rules=rule("daily-needs"))
    for _ in range(2):
        ledger.record(NeedReported(person="p-1", need=need, id="r-1", note="aspirin", at=NOON), by="v-1")
    [errand] = ledger.duties()
    assert (errand.subject, errand.route and errand.route.value) == ("p-1", "door")
    assert errand.due == NOON + timedelta(hours=4 if need is Need.MEDICINE else 24)
    assert "aspirin" not in repr(errand) + errand.text("en")
    # The same day it is an alert where nobody brought it; and none about somebody who died.
    late = list(late_alerts(ledger.state, ["bring-medicine"], at(17)))
    assert len(late) == (need is Need.MEDICINE)
    ledger.record(PersonLeft(person="p-1", reason="died", cause="death", at=NOON), by="cadre-3")
    assert ledger.duties() == []
    assert list(late_alerts(ledger.state, ["bring-medicine"], at(17))) == []


@pytest.mark.parametrize(
    ("temperature", "symptoms", "ill"), [(37.2, False, False), (37.3, False, True), (None, True, True)]
)
def test_whoever_falls_ill_is_seen(*, temperature: float | None, symptoms: bool, ill: bool) -> None:
    """An alert and a journey to the clinic, neither of which says what was measured."""
    facts = [*enrolled("p-1"), QuarantineOrdered(period_of("p-1"))]
    ledger = ledger_of(facts, rules=rule("home-health"))
    told = HealthReported(
        person="p-1",
        period="q-p-1",
        day=date(2020, 2, 14),
        temperature=temperature,
        symptoms=symptoms,
        at=NOON,
    )
    ledger.record(told, by="v-1")
    assert [each.kind for each in ledger.alerts()] == ["ill-at-home"] * ill
    assert [each.kind for each in ledger.duties()] == ["arrange-clinic"] * ill
    assert "37" not in "".join(each.text("en") for each in ledger.alerts())


def came_back(
    *facts: MovementDeclared, settings: str = "", direction: str = "in", region: str | None = "420100"
) -> int:
    """How many alerts a return at noon raises."""
    ledger = ledger_of([*enrolled("p-1"), *facts], rules=rule("unannounced-return", settings))
    party = [Traveller(person="p-1", returning_from=region)]
    seen = Crossing(checkpoint="north", direction=direction, at=NOON, travellers=party)
    ledger.record(CrossingObserved(seen, at=NOON), by="north")
    assert {each.kind for each in ledger.alerts()} <= {"unannounced-return"}
    return len(ledger.alerts())


AWAY = MovementDeclared(person="p-1", region="420100", at=at(9, day=10))


def test_an_unannounced_return_raises_an_alert() -> None:
    """Of whoever said that they are away; not where they said when, were never asked, or go out."""
    assert came_back(AWAY) == 1
    assert came_back(attrs.evolve(AWAY, returns_on=date(2020, 2, 15))) == 0
    assert came_back(attrs.evolve(AWAY, returns_on=date(2020, 2, 20))) == 1
    assert came_back(AWAY, MovementDeclared(person="p-1")) == 0
    assert came_back() == 0
    assert came_back(settings="undeclared = true") == 1
    assert came_back(AWAY, direction="out") == 0
    assert came_back(AWAY, region=None) == 0


def test_statements_that_do_not_agree_raise_an_alert() -> None:
    """When the second of them is taken, for the field alone; the values are not in it."""
    ledger = ledger_of(enrolled("p-1"), rules=rule("contradicting-statements"))
    for teller, day in (("self", "2020-02-12"), ("landlord", "2020-02-10")):
        said = {"arrived_on": day, "staying_in": "yes"}
        ledger.record(StatementTaken(person="p-1", teller=teller, says=said, at=NOON), by="v-1")
    [alert] = ledger.alerts()
    assert (alert.kind, alert.basis) == ("contradicting-statements", "arrived_on")
    assert "02-1" not in alert.text("en")
    with pytest.raises(InvalidValueError, match=r"^StatementTaken\.says: "):
        StatementTaken(person="p-1", teller="self", says={"王小明": "x"})


PEOPLE = {f"{role[0]}-{n}": role for role in ("cadre", "volunteer", "guard") for n in range(3)}


@given(shifts=st.integers(1, 12), hours=st.sampled_from([6, 8, 12]), in_row=st.integers(1, 2))
def test_a_planned_roster_has_no_uncovered_hour(shifts: int, hours: int, in_row: int) -> None:
    """Three of each role are enough; nobody too often in a row, and nobody much more than another."""
    starts = [NOON + timedelta(hours=hours * n) for n in range(shifts)]
    plan = plan_shifts("north", starts, hours, PEOPLE, in_row=in_row)
    end = NOON + timedelta(hours=hours * shifts)
    assert roster_findings(plan, ["north"], NOON, end, in_row=in_row) == []
    had = Counter(each for shift in plan for each in shift.people)
    assert all({PEOPLE[each][0] for each in shift.people} == set("cvg") for shift in plan)
    assert max(had.values()) - min(had[each] for each in PEOPLE) <= 1 + in_row


def test_what_is_wrong_with_a_roster_is_found() -> None:
    """Control: a gap, a short team, two places at once and a double shift; each is named with its time."""
    team = ["c-0", "v-0", "g-0"]
    hours = [NOON + timedelta(hours=8 * n) for n in range(4)]
    one = Shift(post="north", start=hours[0], end=hours[1], people=team)
    two = Shift(post="north", start=hours[1], end=hours[2], people=["c-0", "v-1"])
    south = Shift(post="south", start=hours[0], end=hours[1], people=["g-0", "c-1", "v-2"])
    found = roster_findings([one, two, south], ["north", "south"], hours[0], hours[3])
    told = [(each.kind, each.post, each.person, each.start, each.end) for each in found]
    assert told == [
        ("uncovered", "north", None, hours[1], hours[3]),
        ("uncovered", "south", None, hours[1], hours[3]),
        ("too-many-in-a-row", "north", "c-0", hours[1], hours[2]),
        ("in-two-places", "south", "g-0", hours[0], hours[1]),
    ]
    state = state_of(RosterPosted(id="week-7", shifts=[one, two]))
    assert state.notes_of["rosters"] == [RosterPosted(id="week-7", shifts=[one, two])]


def test_a_cadre_short_is_a_shift_short() -> None:
    """It is not covered by somebody who just went off duty."""
    starts = [NOON, NOON + timedelta(hours=8)]
    few = {each: role for each, role in PEOPLE.items() if each not in {"c-1", "c-2"}}
    plan = plan_shifts("north", starts, 8, few)
    [gap] = roster_findings(plan, ["north"], NOON, NOON + timedelta(hours=16))
    assert (gap.kind, gap.start) == ("uncovered", starts[1])


def test_rounds_are_ticked_off() -> None:
    """One duty for each building and time, to its volunteer; owed twice they are owed once."""
    ledger, twice = ledger_of(), Recurrence("FREQ=DAILY;BYHOUR=9,20", date(2020, 2, 1))
    buildings = {"b-1": "v-1", "b-2": "v-2"}
    for _ in range(2):
        ledger.owe(round_duties(buildings, twice, at(0), at(0, day=15), SHANGHAI), by="system")
    assert [(each.subject, each.due) for each in ledger.duties(assignee="v-2")] == [
        ("b-2", at(9)),
        ("b-2", at(20)),
    ]


def test_three_of_one_kind_are_no_team() -> None:
    """A cadre, a volunteer and a guard stand there; the roster that was posted last under its id holds."""
    shift = Shift(post="north", start=NOON, end=NOON + timedelta(hours=8), people=["a", "b", "c"])
    mixed = {"a": "cadre", "b": "volunteer", "c": "guard"}
    ledger = ledger_of()
    found = {}
    for name, roles in {"guards": dict.fromkeys("abc", "guard"), "team": mixed}.items():
        ledger.record(RosterPosted(id="north/week-7", shifts=[shift], roles=roles), by="cadre-3")
        shifts, known = posted_shifts(ledger.state)
        assert shifts == (shift,)
        findings = roster_findings(shifts, ["north"], NOON, shift.end, roles=known)
        found[name] = [each.kind for each in findings]
    assert found == {"guards": ["uncovered"], "team": []}
    ledger.record(RosterPosted(id="north/week-7", shifts=[]), by="cadre-3")
    assert posted_shifts(ledger.state)[0] == ()


@pytest.mark.parametrize(("hour", "due"), [(9, 13), (20, 24), (22, 24)])
def test_medicine_is_late_on_the_day_it_was_asked_for(hour: int, due: int) -> None:
    """Within four hours, and by the end of the day at the latest; in time is no alert, and then it is one."""
    ledger = ledger_of(enrolled("p-1"), rules='[[rules]]\nuse = "daily-needs"\n')
    ledger.record(NeedReported(person="p-1", need="medicine", id="r-1", at=at(hour)), by="leader-4")
    [duty] = ledger.duties()
    assert duty.due is not None
    last = at(0) + timedelta(hours=due) - timedelta(minutes=due == 24)
    assert duty.due == last
    assert list(late_alerts(ledger.state, ["bring-medicine"], last)) == []
    midnight = at(23, 59) + timedelta(seconds=30)
    ledger.record_all(late_alerts(ledger.state, ["bring-medicine"], midnight), by="system")
    [alert] = ledger.alerts()
    assert alert.at is not None
    assert ledger.state.site.day_of(alert.at) == at().date()
    assert [each.level for each in escalations(ledger.state, EscalationPlan(), midnight)] == (
        [Level.TOWN] if due == 13 else []
    )
    later = last + timedelta(minutes=30)
    assert [each.level for each in escalations(ledger.state, EscalationPlan(), later)] == [Level.TOWN]
