"""One exit per day: 每人每日限外出一次."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.crossings import Crossing, Role
from epiguard.decisions import Decision, Effect, Override
from epiguard.errors import InvalidValueError
from epiguard.facts import CrossingDecided, CrossingObserved, DecisionCancelled, Fact
from epiguard.places import Checkpoint, CheckpointKind, Direction
from epiguard.rules.one_exit_per_day import OneExitPerDay
from rules.gate import (
    NOON,
    RESIDENT,
    SHANGHAI,
    SITE,
    TODAY,
    codes,
    crossing,
    crossings,
    histories,
    household,
    leave,
    resident,
    review,
)

EARLIER = NOON - timedelta(minutes=30)
ILL = resident(temperature=38.2, clinic_journey="clinic-3")


def went(direction: str = "out", person: str = "p-7", **options: Any) -> CrossingDecided:
    """That somebody was let through before."""
    asked = crossing(direction, resident(person), at=options.pop("at", EARLIER))
    return CrossingDecided(
        Decision(crossing=asked, day=TODAY, effect=Effect.ALLOW, **{"id": "d-1", **options})
    )


@pytest.mark.parametrize(
    ("before", "expected"),
    [
        ([], ["allow exit"]),
        ([went()], ["deny exit-spent"]),
        ([went(), went("in", id="d-2")], ["deny exit-spent"]),
        ([went("in")], ["allow exit"]),
        ([went(at=NOON - timedelta(days=1))], ["allow exit"]),
        ([went(person="p-8")], ["allow exit"]),
        ([went(override=Override(reason="ambulance", by="cadre-3"))], ["allow exit"]),
        ([leave(), went()], ["allow exit"]),
        ([CrossingObserved(crossing("out", ILL, at=EARLIER))], ["allow exit"]),
        ([went(), DecisionCancelled(decision="d-1", reason="turned back", persons=["p-7"])], ["allow exit"]),
        ([CrossingObserved(crossing("out", resident(), at=EARLIER))], ["deny exit-spent"]),
    ],
)
def test_one_exit_a_day(before: list[Fact], expected: list[str]) -> None:
    """What was cancelled, overridden, under leave or to a clinic is not spent; what a camera saw is."""
    assert codes(OneExitPerDay(), crossing("out", resident()), RESIDENT, *before) == expected


def test_the_door_of_a_building_is_no_exit() -> None:
    """Bringing the rubbish down spends nothing."""
    door = Checkpoint(id="door-1", kind=CheckpointKind.DOOR)
    site = attrs.evolve(SITE, checkpoints=[*SITE.checkpoints, door])
    seen = CrossingObserved(crossing("out", resident(), at=EARLIER, checkpoint="door-1"))
    assert codes(OneExitPerDay(), crossing("out", resident()), RESIDENT, seen, site=site) == ["allow exit"]


def test_an_exit_is_claimed() -> None:
    """So two gates at the same instant let one exit through."""
    [first] = review(OneExitPerDay(), crossing("out", resident()), RESIDENT)
    [again] = review(OneExitPerDay(), crossing("out", resident(), checkpoint="south"), RESIDENT)
    keys = first.claims[0].keys(TODAY)
    assert keys == again.claims[0].keys(TODAY) == ("exit|p-7|2020-02-14|0",)


def test_several_exits_are_claimed_one_by_one() -> None:
    """The second of two has a key of its own; the third is denied."""
    rule, asked = OneExitPerDay(limit=2), crossing("out", resident())
    [first] = review(rule, asked, RESIDENT)
    gone = CrossingDecided(
        Decision(crossing=asked, day=TODAY, effect=Effect.ALLOW, id="d-1", verdicts=[first])
    )
    [second] = review(rule, asked, RESIDENT, gone)
    assert second.claims[0].keys(TODAY) == ("exit|p-7|2020-02-14|1",)
    assert codes(rule, asked, RESIDENT, went(), went(id="d-2")) == ["deny exit-spent"]


def test_a_cancelled_exit_of_several_is_free_again() -> None:
    """The first of two was cancelled: its key is claimed anew, not the one that the second holds."""
    rule, asked = OneExitPerDay(limit=2), crossing("out", resident())
    [first] = review(rule, asked, RESIDENT)
    gone = Decision(crossing=asked, day=TODAY, effect=Effect.ALLOW, id="d-1", verdicts=[first])
    [second] = review(rule, asked, RESIDENT, CrossingDecided(gone))
    again = Decision(crossing=asked, day=TODAY, effect=Effect.ALLOW, id="d-2", verdicts=[second])
    cancelled = DecisionCancelled(decision="d-1", reason="turned back", persons=("p-7",))
    [third] = review(rule, asked, RESIDENT, CrossingDecided(gone), CrossingDecided(again), cancelled)
    assert third.claims == first.claims


def test_one_of_each_household_every_two_days() -> None:
    """The household's key for today and tomorrow is claimed, so whoever lives there finds it taken."""
    rule = OneExitPerDay(per="household", days=2)
    home = household("p-7", "p-8")
    keys = ("exit|h-1|2020-02-14|0", "exit|h-1|2020-02-15|0")
    for person in ("p-7", "p-8"):
        [verdict] = review(rule, crossing("out", resident(person)), home)
        assert verdict.claims[0].keys(TODAY) == keys
    [tomorrow] = review(rule, crossing("out", resident(), at=NOON + timedelta(days=1)), home)
    assert tomorrow.claims[0].keys(TODAY + timedelta(days=1))[0] in keys


def test_two_of_one_household_together_are_two_exits() -> None:
    """The first may go; the party is told that the other stays."""
    asked = crossing("out", resident("p-7"), resident("p-8"), resident("p-9"))
    rule = OneExitPerDay(per="household")
    assert codes(rule, asked, household("p-7", "p-8")) == ["allow exit", "deny exit-spent", "allow exit"]
    assert review(rule, asked, household("p-7", "p-8"))[1].text("zh") == "每户每日限外出1次,次数已用完"


@pytest.mark.parametrize(
    "traveller",
    [
        resident(role="staff"),
        resident(role="emergency"),
        resident(None),
        resident(None, role="resident"),
        resident(clinic_journey="clinic-3"),
    ],
)
def test_who_is_not_counted(traveller: Any) -> None:
    """People at work, people nobody knows, and an ill person on the way to the clinic."""
    assert codes(OneExitPerDay(), crossing("out", traveller), RESIDENT, went()) == []


def test_a_day_can_start_at_another_hour() -> None:
    """At 02:30 a night worker's day is still the one before."""
    site = attrs.evolve(SITE, day_starts=time(3))
    night = datetime(2020, 2, 15, 2, 30, tzinfo=SHANGHAI)
    asked = crossing("out", resident(), at=night)
    assert codes(OneExitPerDay(), asked, RESIDENT, went(), site=site) == ["deny exit-spent"]
    assert codes(OneExitPerDay(), asked, RESIDENT, went()) == ["allow exit"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"limit": 0}, "OneExitPerDay.limit: expected a whole number from 1 to 24, got a smaller one"),
        ({"limit": True}, "OneExitPerDay.limit: expected a whole number from 1 to 24, got true or false"),
        ({"days": 32}, "OneExitPerDay.days: expected a whole number from 1 to 31, got a greater one"),
        ({"days": 1.5}, "OneExitPerDay.days: expected a whole number from 1 to 31, got a number"),
        (
            {"per": "flat"},
            "OneExitPerDay.per: expected one of 'person', 'household', got text of 4 characters",
        ),
        (
            {"limit": 2, "days": 2},
            "OneExitPerDay.limit: expected 1, per household or where days is above 1, got 2",
        ),
        (
            {"limit": 2, "per": "household"},
            "OneExitPerDay.limit: expected 1, per household or where days is above 1",
        ),
    ],
)
def test_settings_that_are_refused(settings: dict[str, Any], message: str) -> None:
    """More exits than can be told apart are not promised."""
    with pytest.raises(InvalidValueError) as caught:
        OneExitPerDay(**settings)
    assert str(caught.value).startswith(message)


@given(crossings, histories, st.integers(1, 3))
def test_laws(asked: Crossing, facts: list[Any], limit: int) -> None:
    """No way in is touched; nothing is granted; no two travellers of a party claim the same key."""
    verdicts = review(OneExitPerDay(limit=limit), asked, *facts)
    assert not verdicts or asked.direction is Direction.OUT
    assert not any(each.grants for each in verdicts)
    keys = [key for each in verdicts for claim in each.claims for key in claim.keys(asked.local_date)]
    assert len(keys) == len(set(keys))
    for each in verdicts:
        assert each.traveller is not None
        assert asked.travellers[each.traveller].role in (Role.RESIDENT, Role.VISITOR)
        assert len(each.claims) == (each.effect is Effect.ALLOW)


@given(st.integers(1, 4), st.integers(0, 6))
def test_exactly_so_many_exits_a_day(limit: int, tries: int) -> None:
    """However often somebody asks, no more than the limit go out, each with a key of its own."""
    facts: list[Fact] = [RESIDENT]
    keys: list[str] = []
    for attempt in range(tries):
        asked = crossing("out", resident(), at=NOON + timedelta(minutes=attempt))
        [verdict] = review(OneExitPerDay(limit=limit), asked, *facts)
        if verdict.effect is Effect.ALLOW:
            keys.extend(verdict.claims[0].keys(date(2020, 2, 14)))
            decided = Decision(
                crossing=asked, day=TODAY, effect=Effect.ALLOW, id=f"d-{attempt}", verdicts=[verdict]
            )
            facts.append(CrossingDecided(decided))
    assert len(keys) == len(set(keys)) == min(limit, tries)
