"""The curfew keeps people in at night, and nobody out of their home."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.crossings import Crossing, Traveller
from epiguard.decisions import Effect
from epiguard.errors import InvalidValueError
from epiguard.places import Direction
from epiguard.rules.curfew import Curfew
from epiguard.situation import Situation
from rules.gate import (
    NOON,
    RESIDENT,
    SITE,
    codes,
    crossing,
    crossings,
    histories,
    leave,
    load,
    resident,
    review,
)

MIDNIGHT = NOON + timedelta(hours=12)
BOTH = Curfew(directions=["in", "out"])


@pytest.mark.parametrize(
    ("hour", "minute", "closed"),
    [(21, 59, False), (22, 0, True), (0, 0, True), (4, 59, True), (5, 0, False), (12, 0, False)],
)
def test_across_midnight(hour: int, minute: int, closed: bool) -> None:
    """Closing time is closed, opening time is open, and midnight makes no difference."""
    asked = crossing("out", resident(), at=NOON.replace(hour=hour, minute=minute))
    assert codes(Curfew(), asked, RESIDENT) == (["deny curfew-out"] if closed else [])


def test_within_one_day() -> None:
    """A gate may also close at noon and open at two."""
    rule = Curfew(closes=time(12), opens=time(14))
    found = [
        codes(rule, crossing("out", resident(), at=NOON + timedelta(hours=hour)), RESIDENT)
        for hour in (-1, 0, 1, 2)
    ]
    assert found == [[], ["deny curfew-out"], ["deny curfew-out"], []]


@pytest.mark.parametrize(
    ("traveller", "expected"),
    [
        (resident(), ["allow late-home"]),
        (resident(None, role="visitor"), ["deny curfew-in"]),
        (resident(None, role="courier"), ["deny curfew-in"]),
        (resident(None, role="resident"), ["deny curfew-in"]),
        (resident(None, role="resident", returning_from="420106"), ["allow late-arrival"]),
        (resident(None, role="visitor", clinic_journey="clinic-3"), ["allow clinic-journey"]),
    ],
)
def test_the_way_in(traveller: Traveller, expected: list[str]) -> None:
    """Where it is closed too, who lives here comes home with an alert, and a first arrival enters."""
    asked = crossing("in", traveller, at=MIDNIGHT)
    assert codes(BOTH, asked, RESIDENT) == expected
    assert codes(Curfew(), asked, RESIDENT) == []


def test_late_home_is_looked_at_each_time() -> None:
    """One alert for each way home."""
    alerts = {
        alert.id
        for at in (MIDNIGHT, MIDNIGHT + timedelta(minutes=5))
        for verdict in review(BOTH, crossing("in", resident(), at=at), RESIDENT)
        for alert in verdict.alerts
    }
    assert len(alerts) == 2


def test_a_night_shift_has_leave() -> None:
    """Leave waives the curfew, with its alert; an arranged clinic journey needs none."""
    policy = load("use = 'admit-kinds'", "use = 'curfew'\ndirections = ['in', 'out']")
    for direction in ("in", "out"):
        asked = crossing(direction, resident(), at=MIDNIGHT)
        decision = policy.decide(asked, Situation.of([RESIDENT, leave(hours=20)], asked, site=SITE))
        assert (decision.effect, decision.alerts) == (Effect.ALLOW, ())
    ill = crossing("out", resident(clinic_journey="clinic-3"), at=MIDNIGHT)
    assert codes(Curfew(), ill, RESIDENT) == ["allow clinic-journey"]


def test_the_text_names_the_hours() -> None:
    """In both languages."""
    [verdict] = review(Curfew(closes=time(21, 30)), crossing("out", resident(), at=MIDNIGHT), RESIDENT)
    assert verdict.text("zh") == "宵禁时段(21:30至05:00)不得外出"
    assert verdict.text("en") == "no leaving between 21:30 and 05:00"


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"opens": time(22)}, "Curfew.opens: expected another time than closes, got the same time"),
        ({"closes": "22:00"}, "Curfew.closes: expected a time of day without a zone, got text"),
        ({"directions": []}, "Curfew.directions: expected 'in', 'out' or both, got an empty list"),
    ],
)
def test_settings_that_are_refused(settings: dict[str, Any], message: str) -> None:
    """Nothing that cannot be meant."""
    with pytest.raises(InvalidValueError) as caught:
        Curfew(**settings)
    assert str(caught.value).startswith(message)


times = st.times().map(lambda each: each.replace(microsecond=0))


@given(crossings, histories, times, times)
def test_laws(asked: Crossing, facts: list[Any], closes: time, opens: time) -> None:
    """It speaks at night only, of everybody; the other hours are those of the opposite curfew."""
    if closes == opens:
        return
    rule = Curfew(closes=closes, opens=opens, directions=["in", "out"])
    opposite = Curfew(closes=opens, opens=closes, directions=["in", "out"])
    assert rule.closed_at(asked.local_time) is not opposite.closed_at(asked.local_time)
    verdicts = review(rule, asked, *facts)
    assert len(verdicts) == (len(asked.travellers) if rule.closed_at(asked.local_time) else 0)
    standings = Situation.of(facts, asked, site=SITE).standings
    for each in verdicts:
        assert each.traveller is not None
        person = standings[each.traveller].person
        if asked.direction is Direction.IN and person is not None and person.resident:
            assert each.effect is Effect.ALLOW
