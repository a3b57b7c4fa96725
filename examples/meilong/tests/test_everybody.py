"""People whom a rule forgets easily, at every place: each gets through the gate as their neighbours do.

Everybody here is invented.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import attrs
import pytest

from at_the_gate import SITES, at, car, crossing, load, open_ledger, quarantined, resident
from epiguard import (
    DaySpan,
    Document,
    Effect,
    ExitPass,
    Fact,
    Household,
    HouseholdRecorded,
    LeaveGranted,
    Ledger,
    Membership,
    Override,
    PassIssued,
    Person,
    PersonEnrolled,
    Registration,
    Route,
    TimeSpan,
    Traveller,
)

NOON = at(2, 14, 12, 0)
MARCH = DaySpan(date(2020, 2, 1), date(2020, 4, 1))
POLICIES = {path.stem: load(path.stem) for path in sorted(SITES.glob("*.toml"))}
#: A market and a street are nobody's home.
HOMES = [place for place in POLICIES if place not in {"binjiang_market", "gumei_west_road"}]

#: A flat that two households share, with a nanny who lives in and a child.
FLAT = "3号楼502室"
MOTHER = Person(id="p-1", name="王小明", phones=["13800138000"], residence=FLAT)
CHILD = Person(id="p-2", name="王宝宝", birth_date=date(2014, 5, 1), guardian="p-1", residence=FLAT)
NANNY = Person(id="p-3", name="刘桂花", phones=["13900139000"], residence=FLAT)
LODGER = Person(id="p-4", name="赵敏", phones=["13700137000"], residence=FLAT)
#: Without a Chinese name, a resident ID or a telephone.
FOREIGNER = Person(
    id="p-5",
    latin_name="Maya Example",
    documents=[Document(kind="passport", country="NPL", number="08123456")],
    residence="5号楼101室",
)
#: Of whom nothing is known but that they live here.
BARE = Person(id="p-6", residence="5号楼102室")
EVERYBODY = (MOTHER, CHILD, NANNY, LODGER, FOREIGNER, BARE)
HOUSEHOLDS = {"h-1": (MOTHER, CHILD, NANNY), "h-2": (LODGER,)}
FORM = Registration(id="gate-1", source="gate", written={"name": "Maya Example"}, returning_from="420106")

every_place = pytest.mark.parametrize("place", POLICIES)
every_home = pytest.mark.parametrize("place", HOMES)


def opened(place: str, *facts: Fact) -> Ledger:
    """The record of a place, where everybody but the child has a pass."""
    homes = [
        HouseholdRecorded(
            Household(id=home, residence=FLAT, members=[Membership(person=each.id) for each in members])
        )
        for home, members in HOUSEHOLDS.items()
    ]
    passes = [
        PassIssued(ExitPass(number=f"G-{each.id}", person=each.id, colour="green", valid=MARCH))
        for each in EVERYBODY
        if each is not CHILD
    ]
    return open_ledger(POLICIES[place], *map(PersonEnrolled, EVERYBODY), *homes, *passes, *facts, when=NOON)


def gate(place: str) -> str:
    """The checkpoint that people on foot use."""
    return POLICIES[place].site.checkpoints[0].id


def villager(person: Person, **options: Any) -> Traveller:
    """Somebody who was asked and measured, with their pass in hand where they have one."""
    card = {} if person is CHILD else {"exit_pass": f"G-{person.id}"}
    return resident(person.id, **{"asked": True, **card, **options})


def goes(ledger: Ledger, place: str, way: str, hours: float, *party: Traveller) -> Effect:
    """So many hours after noon of the 14th."""
    return ledger.admit(crossing(gate(place), way, NOON + timedelta(hours=hours), *party)).effect


@every_place
@pytest.mark.parametrize("person", [FOREIGNER, BARE, NANNY, LODGER], ids=lambda each: each.id)
def test_out_and_home(place: str, person: Person) -> None:
    """With a passport, without any paper or telephone, living in, or in a shared flat: like anybody."""
    ledger = opened(place)
    assert goes(ledger, place, "out", 0, villager(person)) is Effect.ALLOW
    assert goes(ledger, place, "in", 1, villager(person)) is Effect.ALLOW


@every_home
def test_a_foreigner_arrives_for_the_first_time(place: str) -> None:
    """The form has the passport's name; they enter to begin their days, which somebody orders."""
    ledger = opened(place)
    back = Traveller(role="resident", temperature=36.5, asked=True, returning_from="420106")
    held = ledger.admit(crossing(gate(place), "in", NOON, back))
    assert (held.effect, "register" in held.lifted_by) == (Effect.HOLD, True)
    home = crossing(gate(place), "in", NOON, attrs.evolve(back, registration=FORM))
    decision = ledger.admit(home, follows=held.id)
    assert decision.effect is Effect.ALLOW
    assert ("order-quarantine", "form:gate-1") in [(each.kind, each.subject) for each in ledger.duties()]


@every_home
@pytest.mark.parametrize("person", [FOREIGNER, BARE], ids=lambda each: each.id)
def test_who_has_no_telephone_is_visited(place: str, person: Person) -> None:
    """Whatever a place owes about them while they stay in, nobody tries to phone them."""
    ledger = opened(place, quarantined(POLICIES[place], person.id, date(2020, 2, 13), NOON))
    routes = [each.route for each in ledger.duties() if each.subject == person.id and each.contact is None]
    assert Route.PHONE not in routes
    assert Route.DOOR in routes or place != "jindu_road"


@every_place
def test_a_nanny_who_lives_in_lives_here(place: str) -> None:
    """Called staff or not, she comes home with a fever and is cared for, and stays in when she came back."""
    ledger = opened(place)
    for role in ("staff", "resident"):
        ill = villager(NANNY, role=role, temperature=38.2, retested=38.2)
        decision = ledger.admit(crossing(gate(place), "in", NOON, ill))
        assert decision.effect is (Effect.ALLOW if place == "gumei_west_road" else Effect.HOLD)
        assert "fever-clinic-referral" in decision.lifted_by or place == "gumei_west_road"
    if place in HOMES:
        ledger.record(quarantined(POLICIES[place], NANNY.id, date(2020, 2, 13), NOON), by="cadre-3")
        assert goes(ledger, place, "out", 1, villager(NANNY, role="staff")) is Effect.DENY


@every_home
def test_only_the_household_of_the_quarantined_is_concerned(place: str) -> None:
    """Of the people of one flat the returnee stays in; the lodger and her own household go out."""
    ledger = opened(place, quarantined(POLICIES[place], MOTHER.id, date(2020, 2, 13), NOON))
    party = (villager(MOTHER), villager(NANNY), villager(LODGER))
    together = ledger.admit(crossing(gate(place), "out", NOON, *party))
    assert (together.effect, together.stopped) == (Effect.DENY, (0,))
    on_their_way = crossing(gate(place), "out", NOON, *party[1:])
    assert ledger.admit(on_their_way, follows=together.id).effect is Effect.ALLOW


@every_place
def test_children(place: str) -> None:
    """Out and home with the guardian, an infant unmeasured; and home alone."""
    ledger = opened(place)
    infant = villager(CHILD, temperature=None, not_measured="infant")
    assert goes(ledger, place, "out", 0, villager(MOTHER), infant) is Effect.ALLOW
    assert goes(ledger, place, "in", 1, villager(MOTHER), infant) is Effect.ALLOW
    assert goes(ledger, place, "in", 2, villager(CHILD)) is Effect.ALLOW


@every_place
def test_a_night_shift(place: str) -> None:
    """Out at nine in the evening by leave, home at nine when it is over; both days keep their exit."""
    shift = TimeSpan(at(2, 14, 20, 0), at(2, 15, 8, 0))
    ledger = opened(place, LeaveGranted(person="p-4", span=shift, purpose="night shift"))
    assert goes(ledger, place, "out", 0, villager(LODGER)) is Effect.ALLOW
    assert goes(ledger, place, "in", 1, villager(LODGER)) is Effect.ALLOW
    assert goes(ledger, place, "out", 9, villager(LODGER)) is Effect.ALLOW
    assert goes(ledger, place, "in", 21, resident("p-4", asked=True)) is Effect.ALLOW
    assert goes(ledger, place, "out", 22, villager(LODGER)) is Effect.ALLOW
    assert ledger.alerts() == []


@every_place
def test_home_after_midnight_and_out_the_next_day(place: str) -> None:
    """Whoever went out at ten in the evening and comes home at one has the new day's exit left."""
    ledger = opened(place)
    assert goes(ledger, place, "out", 10, villager(LODGER)) is Effect.ALLOW
    assert goes(ledger, place, "in", 13, villager(LODGER)) is Effect.ALLOW
    assert goes(ledger, place, "out", 22, villager(LODGER)) is Effect.ALLOW


@every_home
@pytest.mark.parametrize("purpose", ["dialysis", "funeral"])
def test_leave_from_quarantine_and_home(place: str, purpose: str) -> None:
    """By leave they go and come home, in time or late; no exit is spent, nobody is reported for it."""
    leave = LeaveGranted(person="p-4", span=TimeSpan(NOON, NOON + timedelta(hours=4)), purpose=purpose)
    ledger = opened(place, quarantined(POLICIES[place], LODGER.id, date(2020, 2, 13), NOON), leave)
    for out, home in ((0, 2), (3, 6)):
        assert goes(ledger, place, "out", out, villager(LODGER)) is Effect.ALLOW
        assert goes(ledger, place, "in", home, villager(LODGER)) is Effect.ALLOW
    assert ledger.alerts() == []
    assert "strike-date" not in {each.kind for each in ledger.duties()}
    assert goes(ledger, place, "out", 7, villager(LODGER)) is Effect.DENY


@every_home
def test_an_ambulance_and_home(place: str) -> None:
    """By a named person's word they are let through at once, and home days later without their pass."""
    ledger = opened(place, quarantined(POLICIES[place], LODGER.id, date(2020, 2, 13), NOON))
    ill = crossing(gate(place), "out", NOON, Traveller(person="p-4"))
    assert ledger.admit(ill, override=Override(reason="ambulance", by="cadre-3")).effect is Effect.ALLOW
    assert [each.kind for each in ledger.alerts()] == ["override"]
    assert goes(ledger, place, "in", 50, resident("p-4", asked=True)) is Effect.ALLOW
    assert [each.kind for each in ledger.alerts()] == ["override"]


@every_home
def test_a_fever_clinic_and_home(place: str) -> None:
    """An arranged journey spends no exit, from quarantine or not, and nobody is reported for it."""
    ledger = opened(place, quarantined(POLICIES[place], LODGER.id, date(2020, 2, 13), NOON))
    for person in (LODGER, NANNY):
        ill = villager(person, temperature=38.2, retested=38.2, clinic_journey="clinic-3")
        assert goes(ledger, place, "out", 0, ill) is Effect.ALLOW
        assert goes(ledger, place, "in", 3, resident(person.id, asked=True)) is Effect.ALLOW
    assert goes(ledger, place, "out", 4, villager(NANNY)) is Effect.ALLOW
    assert ledger.alerts() == []


@every_home
def test_one_of_a_car_is_held_and_the_others_choose(place: str) -> None:
    """The guard sees who it is; the others may wait or go on, and so may they as soon as they can."""
    ledger = opened(place)
    vehicle = car(trunk_opened=True, luggage_found=False)

    def ask(minute: int, *party: Traveller, follows: str | None = None) -> Any:
        when = NOON + timedelta(minutes=minute)
        return ledger.admit(crossing(gate(place), "in", when, *party, vehicle=vehicle), follows=follows)

    unmeasured = villager(LODGER, temperature=None)
    first = ask(0, villager(FOREIGNER), unmeasured, villager(MOTHER), villager(CHILD))
    assert (first.effect, first.stopped) == (Effect.HOLD, (1,))
    others = ask(1, villager(FOREIGNER), villager(MOTHER), villager(CHILD), follows=first.id)
    assert others.effect is Effect.ALLOW
    assert ask(3, villager(LODGER), follows=first.id).effect is Effect.ALLOW
