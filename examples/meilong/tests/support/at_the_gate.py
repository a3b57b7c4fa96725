"""What the tests of the places share: their site files, people, crossings, and a record in memory.

Everybody here is invented.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from epiguard import (
    Crossing,
    Decision,
    Exposure,
    Fact,
    Household,
    HouseholdRecorded,
    Ledger,
    Membership,
    Person,
    PersonEnrolled,
    Policy,
    QuarantineOrdered,
    Return,
    Situation,
    Traveller,
    Vehicle,
)

SITES = Path(__file__).parents[2] / "sites"
SHANGHAI = ZoneInfo("Asia/Shanghai")

WANG = Person(id="p-7", name="王小明", phones=["13800138000"], residence="3号楼502室", cards=["00712345"])
ZHAO = Person(id="p-8", name="赵敏", phones=["13900139000"], residence="3号楼502室", cards=["00712346"])
#: They share a room.
ROOM = HouseholdRecorded(
    Household(
        id="h-502", residence="3号楼502室", members=[Membership(person="p-7"), Membership(person="p-8")]
    )
)
NEIGHBOURS = (PersonEnrolled(WANG), PersonEnrolled(ZHAO), ROOM)


def load(place: str) -> Policy:
    """The policy of a place, by the name of its file."""
    return Policy.load(SITES / f"{place}.toml")


def at(month: int, day: int, hour: int = 9, minute: int = 30) -> datetime:
    """A moment of 2020 in Shanghai."""
    return datetime(2020, month, day, hour, minute, tzinfo=SHANGHAI)


def resident(person: str = "p-7", **options: Any) -> Traveller:
    """A resident of normal temperature."""
    return Traveller(**{"person": person, "temperature": 36.5, **options})


def courier(**options: Any) -> Traveller:
    """A courier whom nobody knows."""
    return Traveller(role="courier", **options)


def visitor(**options: Any) -> Traveller:
    """A visitor of normal temperature."""
    return Traveller(**{"role": "visitor", "temperature": 36.5, **options})


def car(**options: Any) -> Vehicle:
    """A car with an invented plate."""
    return Vehicle(**{"plate": "沪A12345", **options})


def crossing(
    where: str,
    way: str,
    when: datetime,
    *travellers: Traveller,
    vehicle: Vehicle | None = None,
    **options: Any,
) -> Crossing:
    """One attempt of a party."""
    return Crossing(
        checkpoint=where, direction=way, at=when, travellers=travellers, vehicle=vehicle, **options
    )


def ask(policy: Policy, asked: Crossing, facts: Iterable[Fact] = NEIGHBOURS) -> Decision:
    """What the policy says after some facts."""
    return policy.decide(asked, Situation.of(facts, asked, site=policy.site))


def said(decision: Decision) -> set[tuple[str, str]]:
    """The effect and code of each verdict."""
    return {(each.effect.value, each.code) for each in decision.verdicts}


def reasons(decision: Decision, language: str = "zh") -> list[str]:
    """What the guard reads out."""
    return [each.text(language) for each in decision.reasons]


def open_ledger(policy: Policy, *facts: Fact, when: datetime) -> Ledger:
    """A record in memory, with some facts in it."""
    ledger = Ledger.open(":memory:", policy=policy, clock=lambda: when)
    for fact in facts:
        ledger.record(fact, by="cadre-3", recorded_at=when)
    return ledger


def quarantined(policy: Policy, person: str, arrived: date, when: datetime) -> QuarantineOrdered:
    """The order that the place gives about somebody who came back from Hubei."""
    exposure = Exposure(person=person, reason=Return(region="420000"), arrived_on=arrived)
    return QuarantineOrdered(policy.period(exposure, gate_day=arrived), at=when)
