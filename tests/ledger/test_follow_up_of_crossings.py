"""What follows from a crossing sees who crossed: their leave, their watches, their standing."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from epiguard.crossings import Crossing, Traveller
from epiguard.days import TimeSpan
from epiguard.facts import CrossingObserved, Fact, LeaveGranted, PersonEnrolled, QuarantineOrdered
from epiguard.ledger import Ledger
from epiguard.people import Person
from epiguard.policy import Policy
from epiguard.quarantine import Exposure, QuarantinePeriod, Return

NOON = datetime(2020, 2, 14, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
SITE = """
[site]
id = "village"
zone = "Asia/Shanghai"
checkpoints = [{ id = "north" }]

[[rules]]
use = "quarantine-stays-in"
"""
PERIOD = QuarantinePeriod.after(
    Exposure(person="p-7", reason=Return(region="420000"), arrived_on=date(2020, 2, 10)),
    days=14,
    zone="Asia/Shanghai",
)
LEAVE = LeaveGranted(person="p-7", span=TimeSpan(NOON, NOON + timedelta(hours=4)), purpose="dialysis")


def alerts(*facts: Fact) -> list[str]:
    """The kinds of alert after somebody in quarantine was seen going out at one o'clock."""
    ledger = Ledger.open(":memory:", policy=Policy.loads(SITE), clock=lambda: NOON)
    for fact in (PersonEnrolled(Person(id="p-7")), QuarantineOrdered(PERIOD), *facts):
        ledger.record(fact, by="cadre-3")
    at = NOON + timedelta(hours=1)
    out = Crossing(checkpoint="north", direction="out", at=at, travellers=[Traveller(person="p-7")])
    ledger.record(CrossingObserved(out, at=at), by="camera-1")
    return [each.kind for each in ledger.alerts()]


def test_leave_raises_no_alert_in_the_record_either() -> None:
    """Whoever goes to dialysis by leave is not reported as a breach; whoever goes without leave is."""
    assert alerts() == ["quarantine-breach"]
    assert alerts(LEAVE) == []
