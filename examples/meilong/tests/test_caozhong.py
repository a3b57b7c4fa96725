"""Caozhong village: three records, relatives and couriers, and the car that brings somebody back."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import attrs
import pytest

from at_the_gate import (
    NEIGHBOURS,
    ask,
    at,
    car,
    courier,
    crossing,
    load,
    open_ledger,
    quarantined,
    reasons,
    resident,
    said,
    visitor,
)
from epiguard import (
    CrossingObserved,
    DutyAttempted,
    DutyState,
    Effect,
    Ledger,
    Outcome,
    Registered,
    Registration,
    WatchEnded,
    WatchListed,
)
from epiguard_meilong.returning_vehicle import last_watched, watch_list

POLICY = load("caozhong")
NOON = at(2, 14, 12, 0)
STEPS = {
    "measure-occupants",
    "inspect-luggage",
    "disinfect-car",
    "disinfect-route",
    "disinfect-parking",
    "register-owner",
    "decide-watch",
}


@pytest.mark.parametrize("way", ["in", "out"])
def test_a_crossing_without_its_three_records_is_held(way: str) -> None:
    """The hold names each thing that is missing, and what lifts it; complete, it is let through."""
    stranger = visitor(temperature=None, host="p-7", host_agreed=True)
    decision = ask(POLICY, crossing("east-post", way, NOON, stranger, vehicle=car(plate=None)))
    assert decision.effect is Effect.HOLD
    assert {text for text in reasons(decision) if text.startswith("缺少")} == {
        "缺少车辆登记:请登记车牌",
        "缺少人员备案:请登记该人员",
        "缺少体温数值:请测量体温",
    }
    assert set(decision.lifted_by) == {"write-down-plate", "record-person", "measure-temperature"}
    complete = visitor(registered=True, host="p-7", host_agreed=True)
    assert ask(POLICY, crossing("east-post", way, NOON, complete, vehicle=car())).effect is Effect.ALLOW


def test_an_infant_is_no_missing_number_and_a_broken_thermometer_is_one() -> None:
    """What cannot be measured is written down instead; what was not measured is measured."""
    infant = ask(POLICY, crossing("east-post", "in", NOON, resident(temperature=None, not_measured="infant")))
    assert infant.effect is Effect.ALLOW
    broken = ask(POLICY, crossing("east-post", "in", NOON, resident(temperature=None, not_measured="device")))
    assert broken.effect is Effect.HOLD


def test_relatives_wait_for_the_host() -> None:
    """Villagers decline visits as far as possible: the host is asked, and has the last word."""
    aunt = {"registered": True, "host": "p-7"}
    asked = ask(POLICY, crossing("east-post", "in", NOON, visitor(**aunt)))
    assert (asked.effect, asked.lifted_by[0]) == (Effect.HOLD, "host-answer")
    for agreed, effect in ((True, Effect.ALLOW), (False, Effect.DENY)):
        answer = ask(POLICY, crossing("east-post", "in", NOON, visitor(**aunt, host_agreed=agreed)))
        assert answer.effect is effect


def test_a_courier_leaves_the_goods_and_somebody_fetches_them() -> None:
    """The receiver comes to the post; for whoever may not go out, somebody else brings them to the door."""
    parcel = courier(temperature=36.5, registered=True, host="p-7")
    ledger = open_ledger(POLICY, *NEIGHBOURS, when=NOON)
    decision = ledger.admit(crossing("east-post", "in", NOON, parcel))
    assert decision.effect is Effect.DENY
    assert reasons(decision) == ["配送人员不得进入,请将物品放在门岗"]
    assert [each.kind for each in ledger.duties()] == ["collect-parcel"]
    ledger.record(quarantined(POLICY, "p-7", date(2020, 2, 13), NOON), by="cadre-3")
    ledger.admit(crossing("east-post", "in", NOON + timedelta(hours=1), parcel))
    assert sorted(each.kind for each in ledger.duties()) == ["bring-parcel", "collect-parcel"]


def arrive(ledger: Ledger) -> str:
    """A villager and somebody unknown come back by car: first not yet looked at, then they are."""
    form = Registration(id="gate-9", source="gate", written={"name": "李四"})
    home = resident(asked=True, returning_from="420106", registered=True)
    guest = visitor(asked=True, returning_from="420106", registration=form, host="p-8", host_agreed=True)
    first = ledger.admit(crossing("east-post", "in", NOON, home, guest, vehicle=car()))
    assert first.effect is Effect.HOLD
    assert first.lifted_by == ("look-for-luggage",)
    assert {each.kind for each in ledger.duties()} == {"measure-occupants", "inspect-luggage"}
    looked = car(trunk_opened=True, luggage_found=True)
    again = crossing("east-post", "in", NOON + timedelta(minutes=10), home, guest, vehicle=looked)
    second = ledger.admit(again, follows=first.id)
    assert second.effect is Effect.ALLOW
    assert ("allow", "protocol") in said(second)
    return second.id


def test_each_step_of_a_returning_car_is_a_duty_until_it_is_done() -> None:
    """Measured, looked at, disinfected in three places, the owner registered; asked again, owed once."""
    ledger = open_ledger(POLICY, *NEIGHBOURS, when=NOON)
    arrive(ledger)
    duties = ledger.duties()
    assert {each.kind for each in duties} == {*STEPS, "order-quarantine"}
    assert len(duties) == len(STEPS) + 1 + 2  # watch and quarantine are decided for each of the two
    for done, duty in enumerate(duties, start=1):
        ledger.record(DutyAttempted(duty=duty.id, outcome=Outcome.DONE, at=NOON), by="volunteer-2")
        assert len(ledger.duties()) == len(duties) - done
    assert {each.state for each in ledger.duties(state=None)} == {DutyState.DONE}


def returns(ledger: Ledger, when: datetime, **options: Any) -> set[str]:
    """A villager comes back once more, looked at; which steps are owed that were not before."""
    before = {each.id for each in ledger.duties(state=None)}
    vehicle = car(**{"trunk_opened": True, "luggage_found": True, **options})
    home = resident(asked=True, returning_from="420106", registered=True)
    assert ledger.admit(crossing("east-post", "in", when, home, vehicle=vehicle)).effect is Effect.ALLOW
    return {each.kind for each in ledger.duties(state=None) if each.id not in before}


def test_every_car_owes_its_own_steps() -> None:
    """A second one of the same person on the same day, and the same one that comes back a second time."""
    ledger = open_ledger(POLICY, *NEIGHBOURS, when=NOON)
    assert returns(ledger, NOON) == {*STEPS, "order-quarantine"}
    assert returns(ledger, NOON + timedelta(hours=2), plate="皖B67890") == STEPS
    assert returns(ledger, NOON + timedelta(hours=4)) == STEPS


def test_a_car_that_is_asked_again_owes_its_steps_once() -> None:
    """Held three times, in two of them by another guard: three duties at the post are no nine."""
    ledger = open_ledger(POLICY, *NEIGHBOURS, when=NOON)
    home = resident(asked=True, returning_from="420106", registered=True)
    for minute in range(3):
        when = NOON + timedelta(minutes=minute)
        assert ledger.admit(crossing("east-post", "in", when, home, vehicle=car())).effect is Effect.HOLD
    assert len(ledger.duties()) == 2
    assert returns(ledger, NOON + timedelta(minutes=9)) == {
        *STEPS - {"measure-occupants", "inspect-luggage"},
        "order-quarantine",
    }


def test_what_tells_cars_apart_does_not_tell_the_plate() -> None:
    """Duties are listed and sent on; their ids and what they come from hold no part of a plate."""
    ledger = open_ledger(POLICY, *NEIGHBOURS, when=NOON)
    returns(ledger, NOON)
    for duty in ledger.duties():
        shown = f"{duty.id} {duty.basis} {duty.duty!r} {duty.text('zh')}"
        assert "A12345" not in shown
        assert "沪A" not in shown


def test_a_car_that_brings_nobody_back_needs_no_protocol() -> None:
    """Whoever comes home from the shops is not disinfected."""
    ledger = open_ledger(POLICY, *NEIGHBOURS, when=NOON)
    decision = ledger.admit(crossing("east-post", "in", NOON, resident(asked=True), vehicle=car()))
    assert decision.effect is Effect.ALLOW
    assert ledger.duties() == []


def test_owner_and_occupants_are_watched_with_reason_and_end() -> None:
    """A named person records it; each is asked after daily up to the end, and noticed with the car."""
    ledger = open_ledger(POLICY, *NEIGHBOURS, when=NOON)
    arrival = ledger.decision(arrive(ledger)).crossing
    owner = Registration(id="owner-1", source="paper", written={"name": "孙某"})
    ledger.record(Registered(owner, at=NOON), by="guard-1")
    until = last_watched(date(2020, 2, 14), days=14)
    assert until == date(2020, 2, 29)
    entries = watch_list(arrival, reason="came back by car", until=until, owner=owner.subject)
    assert [each.person for each in entries] == ["form:owner-1", "p-7", "form:gate-9"]
    for entry in entries:
        written = ledger.record(entry, by="cadre-3")
        assert written.by == "cadre-3"
    health = [each for each in ledger.duties() if each.kind == "ask-after-health"]
    assert len(health) == 3 * 14
    assert max(each.due for each in health if each.due is not None).date() == date(2020, 2, 28)
    standing = ledger.situation(crossing("east-post", "out", at(2, 28), resident())).standings[0]
    assert [(each.reason.value, each.until) for each in standing.watches] == [("came back by car", until)]
    after = ledger.situation(crossing("east-post", "out", at(2, 29), resident())).standings[0]
    assert after.watches == ()


def asked_on(ledger: Ledger) -> list[int]:
    """The days of February and March on which somebody is still to be asked after, as days of the year."""
    open_ = [each.due for each in ledger.duties() if each.kind == "ask-after-health"]
    return sorted(each.timetuple().tm_yday - 31 for each in open_ if each is not None)


def listed(day: int, until: date) -> WatchListed:
    """A villager is watched from a day of February on."""
    return WatchListed(person="p-7", reason="came back by car", until=until, plate="沪A12345", at=at(2, day))


def test_the_end_of_a_watch_ends_the_questions_and_nothing_else() -> None:
    """The car's steps stay owed, and so do the questions of whoever else is watched."""
    ledger = open_ledger(POLICY, *NEIGHBOURS, when=NOON)
    arrive(ledger)
    steps = {each.id for each in ledger.duties()}
    ledger.record(listed(14, date(2020, 2, 29)), by="cadre-3")
    ledger.record(attrs.evolve(listed(14, date(2020, 2, 17)), person="p-8"), by="cadre-3")
    ledger.record(WatchEnded(person="p-7", reason="well", at=at(2, 16)), by="cadre-3")
    assert asked_on(ledger) == [15, 16]
    assert {each.subject for each in ledger.duties() if each.kind == "ask-after-health"} == {"p-8"}
    assert steps <= {each.id for each in ledger.duties()}


def test_whoever_is_watched_again_is_asked_again() -> None:
    """Also on the days that the first watch would have reached to; an end told late ends the first one."""
    end = WatchEnded(person="p-7", reason="well", at=at(2, 16))
    for late in (False, True):
        ledger = open_ledger(POLICY, *NEIGHBOURS, when=NOON)
        ledger.record(listed(14, date(2020, 2, 20)), by="cadre-3")
        if not late:
            ledger.record(end, by="cadre-3")
        ledger.record(listed(18, date(2020, 2, 22)), by="cadre-3")
        if late:
            ledger.record(end, by="cadre-3")
        # Told late, the days that both watches reach to were asked on by the first and fall away with it.
        assert asked_on(ledger) == ([20, 21] if late else [19, 20, 21])


def test_whoever_is_listed_twice_is_asked_once_a_day() -> None:
    """By the owner's entry and the driver's; the longer one goes on."""
    ledger = open_ledger(POLICY, *NEIGHBOURS, when=NOON)
    ledger.record(listed(14, date(2020, 2, 18)), by="cadre-3")
    ledger.record(listed(15, date(2020, 2, 20)), by="cadre-3")
    assert asked_on(ledger) == [15, 16, 17, 18, 19]


def test_a_watched_car_is_noticed_whoever_drives_until_the_watch_ends() -> None:
    """At the posts, in and out; somebody is sent to find out who drove, and nobody is stopped for it."""
    ledger = open_ledger(POLICY, *NEIGHBOURS, when=NOON)
    watch = WatchListed(
        person="p-7", reason="came back by car", until=date(2020, 2, 29), plate="沪A12345", at=NOON
    )
    ledger.record(watch, by="cadre-3")
    drive = crossing("west-post", "out", at(2, 15), resident("p-8"), vehicle=car())
    assert ledger.admit(drive).effect is Effect.ALLOW
    ledger.record(CrossingObserved(drive, at=drive.at), by="guard-1")
    [alert] = ledger.alerts()
    assert (alert.kind, alert.subject, alert.checkpoint) == ("watched-car", "p-7", "west-post")
    ledger.record(WatchEnded(person="p-7", reason="well", at=at(2, 16)), by="cadre-3")
    later = crossing("west-post", "out", at(2, 17), resident("p-8"), vehicle=car())
    ledger.record(CrossingObserved(later, at=later.at), by="guard-1")
    assert len(ledger.alerts()) == 1
