"""An invented town on one day: people, households, returnees, crossings, needs, notices and supplies."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from epiguard import (
    Crossing,
    CrossingObserved,
    Exposure,
    Fact,
    Household,
    HouseholdRecorded,
    Membership,
    Person,
    PersonEnrolled,
    Policy,
    QuarantineOrdered,
    Return,
    Traveller,
)
from epiguard.work import (
    HealthReported,
    NeedReported,
    Notice,
    NoticeIssued,
    NoticeReceived,
    RoundOpened,
    SuppliesHandedOut,
    SuppliesReceived,
    SupplyRound,
)

__all__ = ["facts_of_town", "policy_of_town"]

ZONE = ZoneInfo("Asia/Shanghai")
#: Which share is under observation, and registered in Hubei: of the 5,968 people of the example 435 are.
OBSERVED, SCREENED = 0.05, 0.07
PER_HOUSEHOLD = 3


def policy_of_town() -> Policy:
    """Forty gates, and the rules from which duties and alerts follow."""
    gates = ", ".join(f'{{ id = "gate-{n}" }}' for n in range(40))
    rules = "".join(
        f"[[rules]]\n{each}\n"
        for each in (
            'use = "home-observation-contacts"',
            'use = "screen-by-region"\nregions = ["420000"]',
            'use = "quarantine-stays-in"',
            'use = "unannounced-return"',
            'use = "home-health"',
            'use = "daily-needs"',
        )
    )
    site = f'[site]\nid = "town"\nzone = "Asia/Shanghai"\nregion = "310112"\ncheckpoints = [{gates}]\n'
    return Policy.loads(f"{site}[[quarantine]]\ndays = 14\n{rules}")


def facts_of_town(policy: Policy, people: int, crossings: int, day: date, seed: int = 1) -> Iterator[Fact]:
    """All facts in the order in which they were recorded.

    Args:
        policy: Orders the periods.
        people: How many live there.
        crossings: How many go in or out on the day.
        day: The day; the others lie before it.
        seed: Of the random choices.
    """
    chance = random.Random(seed)
    morning = datetime(day.year, day.month, day.day, 5, tzinfo=ZONE)
    yield from _register(people, chance)
    yield from _observed(policy, people, day, morning, chance)
    yield from _community(people, morning, chance)
    for number in range(crossings):
        at = morning + timedelta(seconds=number * 64_800 / crossings)
        party = [Traveller(person=f"p-{chance.randrange(people)}", temperature=36.4)]
        way = "out" if number % 2 else "in"
        yield CrossingObserved(
            Crossing(checkpoint=f"gate-{number % 40}", direction=way, at=at, travellers=party), at=at
        )


def _register(people: int, chance: random.Random) -> Iterator[Fact]:
    for number in range(people):
        region = "420106" if chance.random() < SCREENED else chance.choice(["310112", "340100", "320500"])
        home = number // PER_HOUSEHOLD
        yield PersonEnrolled(
            Person(
                id=f"p-{number}",
                name="李静",
                phones=[f"138{number:08d}"],
                residence=f"{home // 60 + 1}号楼{home % 60 // 10 + 1}0{home % 10}室",
                registered_region=region,
            )
        )
        if number % PER_HOUSEHOLD == PER_HOUSEHOLD - 1:
            members = [Membership(person=f"p-{number - n}") for n in range(PER_HOUSEHOLD)]
            yield HouseholdRecorded(Household(id=f"h-{home}", members=members))


def _observed(
    policy: Policy, people: int, day: date, morning: datetime, chance: random.Random
) -> Iterator[Fact]:
    for number in chance.sample(range(people), round(people * OBSERVED)):
        person, back = f"p-{number}", day - timedelta(days=chance.randrange(15))
        exposure = Exposure(person=person, reason=Return(region="420100"), arrived_on=back)
        period = policy.period(exposure, gate_day=back)
        yield QuarantineOrdered(period, at=morning)
        for on in range((day - back).days + 1):
            if chance.random() < 0.9:
                yield HealthReported(person=person, period=period.id, day=back + timedelta(days=on))
        if chance.random() < 0.3:
            need = chance.choice(["food", "medicine", "rubbish"])
            yield NeedReported(person=person, need=need, id=f"r-{number}", at=morning)


def _community(people: int, morning: datetime, chance: random.Random) -> Iterator[Fact]:
    homes = people // PER_HOUSEHOLD
    for number in range(3):
        notice = Notice(id=f"n-{number}", texts={"zh": "告知"}, channels=["app"])
        yield NoticeIssued(notice, at=morning)
        for home in range(homes):
            if chance.random() < 0.8:
                yield NoticeReceived(notice=notice.id, recipient=f"h-{home}", channel="app")
    yield RoundOpened(SupplyRound(id="masks-1", supply="masks", per_household=5))
    yield SuppliesReceived(supply="masks", count=5 * homes)
    for home in range(homes):
        if chance.random() < 0.6:
            yield SuppliesHandedOut(household=f"h-{home}", round="masks-1", supply="masks", count=5)
