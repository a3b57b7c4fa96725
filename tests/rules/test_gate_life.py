"""The gate's life: cars with several people, children, guests, live-in staff, shared flats, night shifts.

Everybody here is invented.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.crossings import Crossing, Traveller, Vehicle
from epiguard.days import DaySpan, TimeSpan
from epiguard.decisions import Decision, Effect, Override
from epiguard.errors import UnknownIdError
from epiguard.facts import (
    CrossingObserved,
    Fact,
    HouseholdRecorded,
    LeaveGranted,
    PassIssued,
    PassRevoked,
    PersonChanged,
    PersonEnrolled,
    RelationshipRecorded,
)
from epiguard.identifiers import Document
from epiguard.ledger import Ledger
from epiguard.passes import ExitPass, PassColour
from epiguard.people import Household, Membership, Person, Relation, Relationship
from epiguard.policy import Policy
from epiguard.registrations import Registration
from rules.gate import (
    HEAD,
    NOON,
    SHANGHAI,
    crossing,
    crossings,
    histories,
    household,
    leave,
    load,
    quarantined,
    resident,
    slice_of,
)

RULES = """
[[rules]]
use = "admit-kinds"
[[rules]]
use = "registration-required"
[[rules]]
use = "temperature"
[[rules]]
use = "exit-pass"
[[rules]]
use = "one-exit-per-day"
[[rules]]
use = "quarantine-stays-in"
whole_household = true
[[rules]]
use = "visitors"
[[rules]]
use = "curfew"
directions = ["in", "out"]
[[rules]]
use = "home-observation-contacts"
"""
POLICY = Policy.loads(HEAD + RULES)
SIMPLE = load("use = 'admit-kinds'", "use = 'temperature'", "use = 'visitors'")
MARCH = DaySpan(date(2020, 2, 1), date(2020, 4, 1))
Opener = Callable[..., Ledger]


@pytest.fixture
def village() -> Iterator[Opener]:
    """Opens the record of a village with some people, each with a pass of their own."""
    with ExitStack() as stack:

        def opened(*people: Person, facts: tuple[Fact, ...] = (), policy: Policy = POLICY) -> Ledger:
            ledger = stack.enter_context(Ledger.open(":memory:", policy=policy, clock=lambda: NOON))
            for each in people:
                ledger.record(PersonEnrolled(each), by="cadre-3")
                card = ExitPass(number=f"G-{each.id}", person=each.id, colour=PassColour.GREEN, valid=MARCH)
                ledger.record(PassIssued(card), by="cadre-3")
            for fact in facts:
                ledger.record(fact, by="cadre-3")
            return ledger

        yield opened


def villager(person: str = "p-7", **options: Any) -> Traveller:
    """Somebody with their pass in hand."""
    return resident(person, **{"exit_pass": f"G-{person}", **options})


def why(decision: Decision) -> list[tuple[str, int | None]]:
    """What made a decision what it is, and about whom."""
    return [(each.code, each.traveller) for each in decision.reasons]


def car(*travellers: Traveller, direction: str = "out", **options: Any) -> Crossing:
    """A party in a car."""
    return crossing(direction, *travellers, vehicle=Vehicle(plate="沪A12345"), **options)


# --- parties in vehicles ---


def test_one_of_a_car_is_held_and_the_others_go_on(village: Opener) -> None:
    """The guard sees who it is; the others ask again without them, and so do they when they can."""
    ledger = village(Person(id="p-7"), Person(id="p-8"), Person(id="p-9"))
    party = [villager("p-7"), villager("p-8", temperature=None), villager("p-9")]
    held = ledger.admit(car(*party))
    assert (held.effect, held.stopped, why(held)) == (Effect.HOLD, (1,), [("not-measured", 1)])
    # Nothing was used up while they waited.
    others = [each for index, each in enumerate(party) if index not in held.stopped]
    went = ledger.admit(car(*others, at=NOON + timedelta(minutes=2)), follows=held.id)
    assert (went.effect, went.follows, went.stopped) == (Effect.ALLOW, held.id, ())
    later = NOON + timedelta(minutes=5)
    measured = ledger.admit(crossing("out", villager("p-8"), at=later), follows=held.id)
    assert measured.effect is Effect.ALLOW


def test_a_car_with_somebody_in_quarantine(village: Opener) -> None:
    """They stay, and the others of another household go on."""
    ledger = village(Person(id="p-7"), Person(id="p-8"), facts=(quarantined("p-8"),))
    denied = ledger.admit(car(villager("p-7"), villager("p-8")))
    assert (denied.effect, denied.stopped) == (Effect.DENY, (1,))
    assert ledger.admit(car(villager("p-7")), follows=denied.id).effect is Effect.ALLOW


def test_who_was_nobody_is_known_when_asked_again(village: Opener) -> None:
    """Somebody without a name at first is identified, while another stays behind."""
    ledger = village(Person(id="p-7"), Person(id="p-8"))
    first = ledger.admit(car(villager("p-7"), resident(None, role="resident"), resident(None)))
    assert first.effect is not Effect.ALLOW
    again = ledger.admit(car(villager("p-7"), villager("p-8")), follows=first.id)
    assert again.effect is Effect.ALLOW


@pytest.mark.parametrize(
    "again",
    [
        ["p-7", "p-8", "p-9"],
        ["p-9"],
        ["p-7", "p-9"],
        ["p-7", None, None],
    ],
)
def test_another_party_is_not_the_same_question(village: Opener, again: list[str | None]) -> None:
    """Nobody joins, and nobody is somebody else."""
    ledger = village(Person(id="p-7"), Person(id="p-8"), Person(id="p-9"))
    first = ledger.admit(car(villager("p-7", temperature=None), villager("p-8")))
    with pytest.raises(UnknownIdError, match="the same party, or one of which this is a part"):
        ledger.admit(car(*(resident(each) for each in again)), follows=first.id)


@given(crossings, histories)
def test_whoever_is_not_stopped_may_go_on(asked: Crossing, facts: list[Any]) -> None:
    """A party without those who were stopped is never stopped for them."""
    decision = SIMPLE.decide(asked, slice_of(asked, *facts))
    others = [each for index, each in enumerate(asked.travellers) if index not in decision.stopped]
    assert (len(others) == len(asked.travellers)) is (decision.effect is Effect.ALLOW)
    if others:
        alone = attrs.evolve(asked, travellers=others)
        assert SIMPLE.decide(alone, slice_of(alone, *facts)).effect is Effect.ALLOW


# --- children ---


def test_an_infant_goes_with_its_guardian(village: Opener) -> None:
    """It has no pass and cannot be measured: the guardian's pass counts, and somebody looks at it."""
    ledger = village(Person(id="p-7"))
    ledger.record(PersonEnrolled(Person(id="p-3", guardian="p-7")), by="cadre-3")
    infant = resident("p-3", temperature=None, not_measured="infant")
    out = ledger.admit(crossing("out", villager("p-7"), infant))
    assert out.effect is Effect.ALLOW
    assert {each.kind for each in out.duties} == {"strike-date", "observe"}
    home = ledger.admit(crossing("in", infant, villager("p-7"), at=NOON + timedelta(hours=1)))
    assert home.effect is Effect.ALLOW


def test_a_child_comes_home_alone_and_does_not_go_out_alone(village: Opener) -> None:
    """It waits at no gate for want of a pass; out it goes with a grown-up of its household."""
    ledger = village(Person(id="p-7"), Person(id="p-8"), facts=(household("p-7", "p-8", "p-3", "p-4"),))
    for child in ("p-3", "p-4"):
        ledger.record(PersonEnrolled(Person(id=child, guardian="p-7")), by="cadre-3")
    assert ledger.admit(crossing("in", resident("p-3"))).effect is Effect.ALLOW
    alone = ledger.admit(crossing("out", resident("p-3")))
    assert (alone.effect, why(alone)) == (Effect.DENY, [("no-pass", 0)])
    brother = villager("p-4")
    ledger.record(
        PassIssued(ExitPass(number="G-p-4", person="p-4", colour=PassColour.GREEN, valid=MARCH)), by="cadre-3"
    )
    assert ledger.admit(crossing("out", resident("p-3"), brother)).effect is Effect.DENY
    assert ledger.admit(crossing("out", resident("p-3"), villager("p-8"))).effect is Effect.ALLOW


def test_a_child_goes_on_without_the_guardian_who_is_held(village: Opener) -> None:
    """The guardian is not measured yet: home the child goes at once, out it waits for them."""
    ledger = village(Person(id="p-7"))
    ledger.record(PersonEnrolled(Person(id="p-3", guardian="p-7")), by="cadre-3")
    for direction, effect in (("in", Effect.ALLOW), ("out", Effect.DENY)):
        party = (villager("p-7", temperature=None), resident("p-3"))
        held = ledger.admit(crossing(direction, *party))
        assert (held.effect, held.stopped) == (Effect.HOLD, (0,))
        assert ledger.admit(crossing(direction, resident("p-3")), follows=held.id).effect is effect


# --- the way home ---


def without_card(person: str = "p-7", **options: Any) -> Traveller:
    """Somebody who shows no pass."""
    return resident(person, **options)


@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("way", ["leave", "override", "guardian", "seen"])
def test_whoever_went_out_comes_home(village: Opener, way: str, held: bool) -> None:
    """By leave that is over by then, an override, a guardian's pass, or against the rules: home is open.

    Whoever has a good pass in a drawer and did not go out on it need not fetch it.
    """
    ledger = village(Person(id="p-7"), Person(id="p-8"))
    ledger.record(PersonChanged(Person(id="p-8", guardian="p-7")), by="cadre-3")
    if not held:
        ledger.record(PassRevoked(number="G-p-8", person="p-8", reason="so"), by="cadre-3")
    later = NOON + timedelta(hours=6)
    party, override = [without_card("p-8")], None
    if way == "leave":
        ledger.record(leave("p-8"), by="cadre-3")
    elif way == "override":
        override = Override(reason="ambulance", by="cadre-3")
    elif way == "guardian":
        party.append(villager("p-7"))
    if way != "guardian":
        ledger.record(PersonChanged(Person(id="p-8")), by="cadre-3")
    if way == "seen":
        ledger.record(CrossingObserved(crossing("out", *party)), by="camera-1")
    else:
        assert ledger.admit(crossing("out", *party), override=override).effect is Effect.ALLOW
    home = ledger.admit(crossing("in", without_card("p-8"), at=later))
    # A good pass that they went out on, for all that the record tells, is shown.
    shown = way == "seen" and held
    assert home.effect is (Effect.HOLD if shown else Effect.ALLOW)
    expected = "pass-not-shown" if shown else "child-home" if way == "guardian" else "home-again"
    assert expected in {each.code for each in home.verdicts}


def test_a_pass_taken_back_meanwhile_does_not_keep_them_outside(village: Opener) -> None:
    """Out in the morning, revoked at noon: home at night, with an alert where the dead card is shown."""
    ledger = village(Person(id="p-7"))
    assert ledger.admit(crossing("out", villager())).effect is Effect.ALLOW
    ledger.record(PassRevoked(number="G-p-7", person="p-7", reason="lent to a friend"), by="cadre-3")
    home = ledger.admit(crossing("in", villager(), at=NOON + timedelta(hours=2)))
    assert (home.effect, [each.kind for each in home.alerts]) == (Effect.ALLOW, ["pass-misuse"])
    again = ledger.admit(crossing("in", villager(), at=NOON + timedelta(hours=3)))
    assert (again.effect, why(again)) == (Effect.HOLD, [("pass-revoked", 0)])


def test_the_guardian_is_told_for_the_child(village: Opener) -> None:
    """A child that came back has a guardian who is called before anybody else of the family."""
    ledger = village(Person(id="p-7", phones=["13800138000"]))
    child = PersonEnrolled(Person(id="p-3", guardian="p-7"))
    ledger.record(child, by="cadre-3")
    ledger.record(quarantined("p-3"), by="cadre-3")
    [told] = [each for each in ledger.duties() if each.kind == "tell-family"]
    assert (told.subject, told.contact) == ("p-3", "p-7")


# --- people without this or that ---


@pytest.mark.parametrize(
    "person",
    [
        Person(id="p-7"),
        Person(id="p-7", latin_name="Sam Example"),
        Person(
            id="p-7",
            latin_name="Maya Example",
            documents=[Document(kind="passport", country="NPL", number="A1234567")],
        ),
    ],
)
def test_without_id_phone_or_chinese_name(village: Opener, person: Person) -> None:
    """A person like any other: out, home, and told of their quarantine at the door."""
    ledger = village(person)
    assert ledger.admit(crossing("out", villager())).effect is Effect.ALLOW
    assert ledger.admit(crossing("in", villager(), at=NOON + timedelta(hours=1))).effect is Effect.ALLOW
    ledger.record(quarantined(), by="cadre-3")
    routes = {each.kind: each.route.value for each in ledger.duties() if each.route is not None}
    assert routes["tell-returnee"] == routes["door-visit"] == "door"


def test_a_foreigner_arrives_for_the_first_time(village: Opener) -> None:
    """A form with a passport's name is a form: they enter to begin quarantine."""
    ledger = village()
    form = Registration(
        id="paper-9", source="gate", written={"name": "Maya Example"}, returning_from="420106"
    )
    arrives = resident(None, role="resident", returning_from="420106", registration=form)
    decision = ledger.admit(crossing("in", arrives))
    assert decision.effect is Effect.ALLOW
    assert "first-arrival" in {each.code for each in decision.verdicts}


# --- live-in staff, visitors, shared flats ---


def test_live_in_staff_live_here(village: Opener) -> None:
    """Whatever the gate calls them: at night they come home, with a fever they are cared for."""
    nanny = Person(id="p-7", resident=True)
    ledger = village(nanny)
    night = NOON + timedelta(hours=11)
    late = ledger.admit(crossing("in", villager(role="staff"), at=night))
    assert (late.effect, [each.kind for each in late.alerts]) == (Effect.ALLOW, ["late-home"])
    ill = ledger.admit(crossing("in", villager(role="staff", temperature=38.0, retested=38.0)))
    assert (ill.effect, ill.lifted_by) == (Effect.HOLD, ("fever-clinic-referral",))
    as_visitor = ledger.admit(crossing("in", villager(role="visitor")))
    assert as_visitor.effect is Effect.ALLOW
    ledger.record(quarantined(), by="cadre-3")
    out = ledger.admit(crossing("out", villager(role="staff")))
    assert "in-quarantine" in [code for code, _ in why(out)]


def test_day_staff_go_home_at_night(village: Opener) -> None:
    """Who only works here leaves like anybody who does not live here, before the gate closes."""
    ledger = village()
    ledger.record(PersonEnrolled(Person(id="p-5", resident=False)), by="cadre-3")
    worker = resident("p-5", role="staff")
    assert ledger.admit(crossing("in", worker)).effect is Effect.ALLOW
    assert ledger.admit(crossing("out", worker, at=NOON + timedelta(hours=6))).effect is Effect.ALLOW
    assert ledger.admit(crossing("in", worker, at=NOON + timedelta(hours=11))).effect is Effect.DENY


def test_two_households_of_one_flat(village: Opener) -> None:
    """Only the household of somebody in quarantine stays in; the other tenants of the flat go out."""
    flat = "3号楼502室"
    homes = tuple(
        HouseholdRecorded(
            Household(id=home, residence=flat, members=[Membership(person=each) for each in members])
        )
        for home, members in (("h-1", ("p-7", "p-8")), ("h-2", ("p-9",)))
    )
    people = [Person(id=each, residence=flat) for each in ("p-7", "p-8", "p-9")]
    ledger = village(*people, facts=(*homes, quarantined("p-7")))
    party = ledger.admit(crossing("out", villager("p-8"), villager("p-9")))
    assert (party.effect, party.stopped) == (Effect.DENY, (0,))
    assert ledger.admit(crossing("out", villager("p-9")), follows=party.id).effect is Effect.ALLOW


def test_the_landlord_of_a_shared_flat_is_told_of_each(village: Opener) -> None:
    """Two tenants, two periods, two calls; one landlord."""
    tenants = ("p-7", "p-8")
    ties = tuple(
        RelationshipRecorded(Relationship(person=each, relation=Relation.LANDLORD, contact="p-9"))
        for each in tenants
    )
    people = [Person(id=each) for each in tenants]
    landlord = Person(id="p-9", phones=["13800138000"], resident=False)
    orders = tuple(quarantined(each) for each in tenants)
    ledger = village(*people, facts=(PersonEnrolled(landlord), *ties, *orders))
    told = [(each.subject, each.contact) for each in ledger.duties() if each.kind == "tell-landlord"]
    assert sorted(told) == [("p-7", "p-9"), ("p-8", "p-9")]


def test_a_visitor_waits_for_the_host_while_the_host_enters(village: Opener) -> None:
    """In one car: the guest is held for the host's word, which the host gives on the spot."""
    ledger = village(Person(id="p-7"))
    guest: dict[str, Any] = {"role": "visitor", "host": "p-7"}
    held = ledger.admit(car(villager(), resident(None, **guest), direction="in"))
    assert (held.effect, held.stopped, held.lifted_by[0]) == (Effect.HOLD, (1,), "host-answer")
    agreed = car(villager(), resident(None, **guest, host_agreed=True), direction="in")
    assert ledger.admit(agreed, follows=held.id).effect is Effect.ALLOW


# --- night shifts ---


def test_a_site_whose_day_starts_at_three(village: Opener) -> None:
    """A night worker's exit at 21:00 and one at 02:00 are of one day; the one at 09:00 is of the next."""
    head = HEAD.replace('zone = "Asia/Shanghai"', 'zone = "Asia/Shanghai"\nday_starts = 03:00:00')
    rules = "".join(
        f'[[rules]]\nuse = "{each}"\n' for each in ("admit-kinds", "exit-pass", "one-exit-per-day")
    )
    ledger = village(Person(id="p-7"), policy=Policy.loads(head + rules))
    evening = NOON + timedelta(hours=9)
    out = ledger.admit(crossing("out", villager(), at=evening))
    assert [each.text("en") for each in out.duties] == ["strike 14 Feb on pass G-p-7"]
    assert ledger.admit(crossing("in", villager(), at=evening + timedelta(hours=4))).effect is Effect.ALLOW
    again = ledger.admit(crossing("out", villager(), at=evening + timedelta(hours=5)))
    assert why(again) == [("exit-spent", 0)]
    next_day = ledger.admit(crossing("out", villager(), at=evening + timedelta(hours=12)))
    assert [each.text("en") for each in next_day.duties] == ["strike 15 Feb on pass G-p-7"]


def test_a_night_shift_across_midnight(village: Opener) -> None:
    """Leave from nine to seven: out before the curfew or in it, home in the morning, no exit spent."""
    shift = TimeSpan(datetime(2020, 2, 14, 20, tzinfo=SHANGHAI), datetime(2020, 2, 15, 8, tzinfo=SHANGHAI))
    granted = LeaveGranted(person="p-7", span=shift, purpose="night shift")
    ledger = village(Person(id="p-7"), facts=(granted,))
    errand = ledger.admit(crossing("out", villager(), at=NOON))
    assert errand.effect is Effect.ALLOW
    assert ledger.admit(crossing("in", villager(), at=NOON + timedelta(hours=1))).effect is Effect.ALLOW
    out = ledger.admit(crossing("out", villager(), at=NOON + timedelta(hours=10, minutes=30)))
    assert (out.effect, out.alerts, out.duties) == (Effect.ALLOW, (), ())
    home = ledger.admit(crossing("in", villager(), at=NOON + timedelta(hours=19)))
    assert (home.effect, home.alerts) == (Effect.ALLOW, ())
    morning = ledger.admit(crossing("out", villager(), at=NOON + timedelta(hours=22)))
    assert morning.effect is Effect.ALLOW


def test_late_from_a_shift_is_home_all_the_same(village: Opener) -> None:
    """When the leave has run out on the way, the way home is open; the alert says what it is."""
    ledger = village(Person(id="p-7"))
    ledger.record(CrossingObserved(crossing("out", villager())), by="door-7")
    late = ledger.admit(crossing("in", villager(), at=NOON + timedelta(hours=13)))
    assert (late.effect, [each.kind for each in late.alerts]) == (Effect.ALLOW, ["late-home"])


@given(st.sampled_from(["resident", "staff", "visitor"]), st.integers(0, 47), st.booleans())
def test_somebody_who_lives_here_comes_home(role: str, hour: int, ill: bool) -> None:
    """At any hour, whatever the gate calls them, ill or in quarantine: never denied."""
    facts: list[Fact] = [PersonEnrolled(Person(id="p-7")), household("p-7", "p-8"), quarantined("p-8")]
    reading = {"temperature": 38.5, "retested": 38.5} if ill else {}
    asked = crossing("in", resident("p-7", role=role, **reading), at=NOON + timedelta(hours=hour))
    assert POLICY.decide(asked, slice_of(asked, *facts)).effect is not Effect.DENY
