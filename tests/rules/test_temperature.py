"""Temperature: nobody unmeasured passes, a fever is answered with care."""

from __future__ import annotations

import math
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.crossings import Role, Traveller
from epiguard.decisions import Effect, Restricts
from epiguard.errors import InvalidValueError
from epiguard.facts import PersonEnrolled
from epiguard.people import Person
from epiguard.rules.temperature import Temperature
from rules.gate import NOON, RESIDENT, codes, crossing, histories, resident, review, travellers

ELSEWHERE = PersonEnrolled(Person(id="l-3", resident=False))


@pytest.mark.parametrize(
    ("direction", "options", "expected"),
    [
        ("in", {"temperature": 36.5}, []),
        ("in", {"temperature": 37.2}, []),
        ("in", {"temperature": None}, ["hold not-measured"]),
        ("in", {"temperature": None, "not_measured": "device"}, ["hold thermometer-failed"]),
        ("in", {"temperature": None, "not_measured": "infant"}, ["allow observed-instead"]),
        ("in", {"temperature": None, "not_measured": "medical"}, ["allow observed-instead"]),
        ("in", {"temperature": 38.0, "not_measured": "infant"}, ["hold fever-retest"]),
        ("in", {"temperature": 37.3}, ["hold fever-retest"]),
        ("in", {"temperature": 37.8, "retested": 36.9}, ["allow retest-normal"]),
        ("in", {"temperature": None, "retested": 36.9}, ["allow retest-normal"]),
        ("in", {"temperature": 36.5, "retested": 37.8}, ["hold fever-home"]),
        ("in", {"temperature": 37.8, "retested": 37.3}, ["hold fever-home"]),
        ("in", {"temperature": 37.8, "retested": 37.3, "clinic_journey": "c-1"}, ["allow clinic-journey"]),
        ("in", {"person": "l-3", "temperature": 37.8, "retested": 38.0}, ["deny fever"]),
        ("in", {"person": None, "temperature": 37.8, "retested": 38.0}, ["deny fever"]),
        (
            "in",
            {"person": None, "temperature": 37.8, "retested": 38.0, "clinic_journey": "c-1"},
            ["deny fever"],
        ),
        ("in", {"person": None, "role": "resident", "temperature": 38, "retested": 38}, ["hold fever-home"]),
        ("in", {"role": "courier", "temperature": 38, "retested": 38}, ["hold fever-home"]),
        ("out", {"temperature": None}, ["hold not-measured"]),
        ("out", {"temperature": 38.0}, ["hold fever-retest"]),
        ("out", {"temperature": 38.0, "retested": 38.1}, ["hold fever-out"]),
        ("out", {"person": None, "temperature": 38.0, "retested": 38.1}, ["hold fever-out"]),
        ("out", {"temperature": 38.0, "retested": 38.1, "clinic_journey": "c-1"}, ["allow clinic-journey"]),
        ("out", {"temperature": 38.0, "clinic_journey": "c-1"}, ["allow clinic-journey"]),
    ],
)
def test_what_a_reading_leads_to(direction: str, options: dict[str, Any], expected: list[str]) -> None:
    """Each reading, on each way, gets its one answer."""
    asked = crossing(direction, resident(**options))
    assert codes(Temperature(), asked, RESIDENT, ELSEWHERE) == expected


def test_only_the_ways_named_are_measured() -> None:
    """A site that measures at the way in says nothing at the way out."""
    rule = Temperature(directions=["in"])
    assert codes(rule, crossing("out", resident(temperature=None)), RESIDENT) == []
    assert codes(rule, crossing("in", resident(temperature=None)), RESIDENT) == ["hold not-measured"]


def test_a_fever_on_the_way_home_is_a_hold_with_a_referral() -> None:
    """It is never a bare refusal: somebody owes them a clinic within the hour, once a day."""
    feverish = resident(temperature=38, retested=38)
    [verdict] = review(Temperature(), crossing("in", feverish), RESIDENT)
    [duty] = verdict.duties
    assert (verdict.lifted_by, duty.kind, duty.subject) == ("fever-clinic-referral", "fever-referral", "p-7")
    assert duty.due == NOON + timedelta(hours=1)
    later = crossing("in", feverish, at=NOON + timedelta(minutes=20))
    assert review(Temperature(), later, RESIDENT)[0].duties[0].id == duty.id
    tomorrow = crossing("in", feverish, at=NOON + timedelta(days=1))
    assert review(Temperature(), tomorrow, RESIDENT)[0].duties[0].id != duty.id


def test_strangers_owe_no_duty_twice_and_none_together() -> None:
    """Two strangers with a fever are two referrals: nobody is lost because nobody knew their name."""
    party = crossing("out", *[Traveller(temperature=38, retested=38)] * 2)
    one, other = review(Temperature(), party)
    assert one.duties[0].subject == "north"
    assert one.duties[0].id != other.duties[0].id


def test_texts_show_the_limit_and_the_rest_but_no_reading() -> None:
    """A text can be read aloud: it names the rule's figures and not the person's."""
    [verdict] = review(Temperature(limit=37.5, retest_minutes=10), crossing("in", resident(temperature=38.9)))
    assert verdict.text("zh") == "体温达到或超过37.5℃,休息10分钟后复测"
    assert verdict.text("en") == "37.5 °C or more; rest for 10 minutes and measure again"


def test_leave_does_not_waive_a_thermometer() -> None:
    """It is a safety rule."""
    assert Temperature().restricts is Restricts.SAFETY


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"limit": 373},
            "Temperature.limit: expected degrees Celsius between 36 and 39, got 373; for example 37.3",
        ),
        (
            {"limit": 99.1},
            "Temperature.limit: expected degrees Celsius between 36 and 39, got 99.1; for example 37.3",
        ),
        ({"limit": math.nan}, "Temperature.limit: expected degrees Celsius between 36 and 39, got a number"),
        ({"limit": math.inf}, "Temperature.limit: expected degrees Celsius between 36 and 39, got inf"),
        (
            {"limit": "37.3"},
            "Temperature.limit: expected degrees Celsius between 36 and 39, got text of 4 characters",
        ),
        ({"limit": True}, "Temperature.limit: expected degrees Celsius between 36 and 39, got true or false"),
        ({"directions": []}, "Temperature.directions: expected 'in', 'out' or both, got an empty list"),
        (
            {"directions": ["up"]},
            "Temperature.directions: expected one of 'in', 'out', got text of 2 characters",
        ),
        (
            {"retest_minutes": 0},
            "Temperature.retest_minutes: expected a whole number from 1 to 120, got a smaller one",
        ),
        (
            {"retest_minutes": 1.5},
            "Temperature.retest_minutes: expected a whole number from 1 to 120, got a number",
        ),
    ],
)
def test_settings_out_of_range(settings: dict[str, Any], message: str) -> None:
    """A wrong unit, a number that is none, an empty list: each is refused with what was expected."""
    with pytest.raises(InvalidValueError) as caught:
        Temperature(**settings)
    assert str(caught.value).startswith(message)


@given(
    st.sampled_from(["in", "out"]),
    travellers(),
    st.floats(36, 39).map(lambda value: round(value, 1)),
    histories,
)
def test_laws(direction: str, traveller: Traveller, limit: float, facts: list[Any]) -> None:
    """Whoever is below the limit or arranged for passes, the others wait; no resident is denied."""
    verdicts = review(Temperature(limit=limit), crossing(direction, traveller), *facts)
    assert len(verdicts) <= 1
    effect = verdicts[0].effect if verdicts else Effect.ALLOW
    reading = traveller.temperature if traveller.retested is None else traveller.retested
    if reading is None:
        excused = traveller.not_measured is not None and traveller.not_measured.value in ("infant", "medical")
        assert (effect is Effect.ALLOW) == excused
    elif reading < limit:
        assert effect is Effect.ALLOW
    else:
        assert effect is not Effect.ALLOW or traveller.clinic_journey is not None
    homes = {fact.person.id: fact.person.resident for fact in facts if isinstance(fact, PersonEnrolled)}
    if direction == "out" or homes.get(traveller.person or "", traveller.role is Role.RESIDENT):
        assert effect is not Effect.DENY
    assert not any(each.grants for each in verdicts)
