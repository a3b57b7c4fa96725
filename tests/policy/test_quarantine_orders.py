"""What a site orders after a return: two stages from a date on, and the days away that count."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from epiguard.decisions import Effect
from epiguard.errors import PolicyError
from epiguard.facts import QuarantineOrdered
from epiguard.policy import Policy
from epiguard.quarantine import Exposure, QuarantineSetting, Return
from epiguard.situation import Situation
from rules.gate import HEAD, RESIDENT, crossing, resident

SHANGHAI = ZoneInfo("Asia/Shanghai")
POLICY = Policy.loads(
    HEAD
    + """
[[quarantine]]
days = 14
setting = "home-quarantine"
until = 2020-06-01

[[quarantine]]
since = 2020-06-01
days = 7
setting = "home-quarantine"
then_days = 3
then_setting = "health-monitoring"

[[rules]]
use = "admit-kinds"

[[rules]]
use = "quarantine-stays-in"
"""
)


def returned(*, arrived_on: date, left_on: date | None = None) -> Exposure:
    """Somebody who came back."""
    return Exposure(person="p-7", reason=Return(region="420000"), arrived_on=arrived_on, left_on=left_on)


def test_fourteen_days_and_then_seven_and_three() -> None:
    """The order of the day somebody is seen holds; a period keeps it, whatever comes later."""
    before = POLICY.period(returned(arrived_on=date(2020, 5, 31)), gate_day=date(2020, 5, 31))
    after = POLICY.period(returned(arrived_on=date(2020, 6, 1)), gate_day=date(2020, 6, 1))
    assert (before.total_days, before.then_setting) == (14, None)
    assert (after.total_days, after.then_days) == (10, 3)
    assert after.then_setting is QuarantineSetting.HEALTH_MONITORING


@pytest.mark.parametrize(
    ("day", "effect"), [(1, Effect.DENY), (8, Effect.DENY), (9, Effect.ALLOW), (11, Effect.ALLOW)]
)
def test_the_second_stage_restricts_what_the_site_says(day: int, effect: Effect) -> None:
    """Health monitoring keeps nobody in, unless the site names it among the settings of the rule."""
    period = POLICY.period(returned(arrived_on=date(2020, 6, 1)), gate_day=date(2020, 6, 1))
    asked = crossing("out", resident(), at=datetime(2020, 6, day, 12, tzinfo=SHANGHAI))
    situation = Situation.of([RESIDENT, QuarantineOrdered(period)], asked, site=POLICY.site)
    assert POLICY.decide(asked, situation).effect is effect


def test_days_since_leaving_the_key_region_count() -> None:
    """填平补齐: whoever left ten days before they arrived stays in for the four that are missing."""
    policy = Policy.loads(HEAD + '[[quarantine]]\ndays = 14\nanchors = ["left"]\n')
    both = returned(left_on=date(2020, 2, 1), arrived_on=date(2020, 2, 11))
    assert policy.period(both, gate_day=date(2020, 2, 11)).last_day == date(2020, 2, 15)
    # Where nobody knows when they left, the arrival counts.
    one = returned(arrived_on=date(2020, 2, 11))
    assert policy.period(one, gate_day=date(2020, 2, 11)).last_day == date(2020, 2, 25)


@pytest.mark.parametrize(
    ("order", "message"),
    [
        ("days = 7, then_days = 3", "quarantine[1].then_setting: expected both then_days and then_setting"),
        (
            'days = 7, then_setting = "home-observation"',
            "quarantine[1].then_days: expected both then_days and then_setting, or neither, got one of them",
        ),
        (
            'days = 365, then_days = 2, then_setting = "home-observation"',
            "quarantine[1].then_days: expected whole days, with days together up to 366, got 2",
        ),
    ],
)
def test_half_a_second_stage_is_refused(order: str, message: str) -> None:
    """With file, key and what was expected."""
    with pytest.raises(PolicyError) as caught:
        Policy.loads(HEAD + "[[quarantine]]\n" + order.replace(", ", "\n"))
    assert message in str(caught.value)
