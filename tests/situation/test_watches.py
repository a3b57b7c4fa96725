"""The watch list: who is on it, from when to when, and what a slice shows of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from epiguard.crossings import Crossing, Traveller, Vehicle
from epiguard.facts import (
    CrossingObserved,
    Fact,
    HouseholdRecorded,
    MatchConfirmed,
    PersonEnrolled,
    PersonLeft,
    Registered,
    WatchEnded,
    WatchListed,
)
from epiguard.identifiers import Plate
from epiguard.people import Household, Membership, Person
from epiguard.places import Checkpoint, Site
from epiguard.registrations import Registration
from epiguard.situation import Situation, State

SITE = Site(id="village", zone="Asia/Shanghai", checkpoints=[Checkpoint(id="north")])
NOON = datetime(2020, 2, 14, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR = timedelta(hours=1)
LISTED = WatchListed(person="p-7", reason="returned by car", until=date(2020, 2, 16), at=NOON)
ENDED = WatchEnded(person="p-7", reason="not the driver", at=NOON + 2 * HOUR)


def watched(at: datetime, *facts: Fact) -> tuple[WatchListed, ...]:
    """The entries about the person at an instant."""
    state = State(SITE)
    for fact in facts:
        state.apply(fact, NOON)
    return state.watches_on("p-7", at)


def passing(*travellers: Traveller, vehicle: Vehicle | None = None) -> Crossing:
    """A party at noon and a minute."""
    at = NOON + timedelta(minutes=1)
    return Crossing(checkpoint="north", direction="in", at=at, travellers=travellers, vehicle=vehicle)


def test_a_watch_holds_from_its_order_up_to_its_day() -> None:
    """Not an instant before, and not on the day named: nobody is watched without an end."""
    assert watched(NOON - HOUR, LISTED) == ()
    assert watched(NOON, LISTED) == (LISTED,)
    assert watched(datetime(2020, 2, 15, 23, 59, tzinfo=NOON.tzinfo), LISTED) == (LISTED,)
    assert watched(datetime(2020, 2, 16, tzinfo=NOON.tzinfo), LISTED) == ()


def test_a_watch_that_was_ended_is_over_and_a_later_one_is_not() -> None:
    """In whichever order the two were recorded; what was looked at before stands."""
    again = WatchListed(person="p-7", reason="returned again", until=date(2020, 2, 20), at=NOON + 3 * HOUR)
    for facts in ((LISTED, ENDED, again), (again, ENDED, LISTED)):
        assert watched(NOON + HOUR, *facts) == (LISTED,)
        assert watched(NOON + 2 * HOUR, *facts) == ()
        assert watched(NOON + 3 * HOUR, *facts) == (again,)


def test_a_watch_without_an_instant_counts_from_its_recording() -> None:
    """An entry that does not know when it was made was not there before somebody wrote it down."""
    undated = WatchListed(person="p-7", reason="returned by car", until=date(2020, 2, 16))
    assert watched(NOON - HOUR, undated) == ()
    assert [each.at for each in watched(NOON, undated)] == [NOON]


def test_who_left_is_watched_no_more() -> None:
    """Death and moving away end it as they end all else."""
    assert watched(NOON + HOUR, LISTED, PersonLeft(person="p-7", reason="died", cause="death")) == ()


def test_the_watch_on_a_form_goes_to_its_person() -> None:
    """Somebody whom no list knows is watched under their form until it is known whose it is."""
    state = State(SITE)
    form = Registration(id="gate-9", source="gate")
    for fact in (
        Registered(form),
        WatchListed(person=form.subject, reason="returned by car", until=date(2020, 2, 16), at=NOON),
        PersonEnrolled(Person(id="p-9")),
        MatchConfirmed(registration="gate-9", person="p-9"),
    ):
        state.apply(fact, NOON)
    asked = passing(Traveller(person="p-9"), Traveller(registration=Registration(id="gate-8", source="gate")))
    known, stranger = Situation.cut(state, asked).standings
    assert [each.person for each in known.watches] == ["form:gate-9"]
    assert stranger.watches == ()


def test_a_slice_shows_the_watches_of_the_room_and_of_the_car() -> None:
    """Those of the party's households, and whoever is watched by the plate that passes."""
    plate = Plate("沪A12345")
    facts = [
        HouseholdRecorded(Household(id="h-1", members=[Membership(person="p-7"), Membership(person="p-8")])),
        LISTED,
        WatchListed(person="p-6", reason="owner", until=date(2020, 2, 16), plate=plate, at=NOON),
    ]
    situation = Situation.of(facts, passing(Traveller(person="p-8")), site=SITE)
    assert situation.watches_of("p-7") == (LISTED,)
    assert situation.watches_of("p-8") == situation.standings[0].watches == ()
    assert situation.watches_of("p-6") == ()
    driven = passing(Traveller(), vehicle=Vehicle(plate=plate))
    seen = Situation.of([*facts, CrossingObserved(driven)], driven, site=SITE)
    assert [each.person for each in seen.watches_for(plate)] == ["p-6"]
