"""Registration required: 不登记不放行."""

from __future__ import annotations

from typing import Any

import attrs
import pytest
from hypothesis import given

from epiguard.crossings import Crossing
from epiguard.decisions import Effect, Restricts
from epiguard.errors import InvalidValueError
from epiguard.facts import Registered
from epiguard.places import Direction
from epiguard.registrations import Registration
from epiguard.rules.registration_required import RegistrationRequired
from rules.gate import RESIDENT, SITE, codes, crossing, crossings, form, histories, resident, review

ONLINE = Registered(Registration(id="online-1", source="questionnaire", person="p-7"))
RETURNING = {"returning_from": "420106"}


@pytest.mark.parametrize(
    ("direction", "options", "plain", "asking"),
    [
        ("in", {}, [], ["hold not-asked"]),
        ("in", {"asked": False}, [], ["hold not-asked"]),
        ("in", {"asked": True}, [], []),
        ("out", {}, [], []),
        ("in", RETURNING, ["hold not-registered"], ["hold not-registered"]),
        ("in", {**RETURNING, "registered": False}, ["hold not-registered"], ["hold not-registered"]),
        ("in", {**RETURNING, "registered": True}, [], []),
        ("in", {**RETURNING, "registration": form(name="李四")}, [], []),
        ("out", RETURNING, [], []),
    ],
)
def test_returnees_register(
    direction: str, options: dict[str, Any], plain: list[str], asking: list[str]
) -> None:
    """A form on paper, online or seen by the guard is enough; an answer given needs no question."""
    asked = crossing(direction, resident(**options))
    assert codes(RegistrationRequired(), asked, RESIDENT) == plain
    assert codes(RegistrationRequired(ask=True), asked, RESIDENT) == asking


def test_from_the_same_province_nobody_returns() -> None:
    """Another district of the site's own city needs no form; where no region is given, every one does."""
    asked = crossing("in", resident(returning_from="310104"))
    here = attrs.evolve(SITE, region="310112")
    assert codes(RegistrationRequired(ask=True), asked, RESIDENT, site=here) == []
    assert codes(RegistrationRequired(), asked, RESIDENT) == ["hold not-registered"]


def test_a_form_sent_the_night_before_counts() -> None:
    """The questionnaire that is linked to the person is their registration."""
    assert codes(RegistrationRequired(), crossing("in", resident(**RETURNING)), RESIDENT, ONLINE) == []


def test_ask_is_true_or_false() -> None:
    """A word is neither."""
    with pytest.raises(InvalidValueError, match=r"RegistrationRequired\.ask: expected bool, got text"):
        RegistrationRequired(ask="yes")  # type: ignore[arg-type]  # wrong on purpose


@given(crossings, histories)
def test_laws(asked: Crossing, facts: list[Any]) -> None:
    """It only ever holds, only at the way in, and every hold says what lifts it; leave does not waive it."""
    verdicts = review(RegistrationRequired(ask=True), asked, *facts)
    assert all(each.effect is Effect.HOLD and each.lifted_by in {"register", "ask"} for each in verdicts)
    assert not verdicts or asked.direction is Direction.IN
    assert RegistrationRequired.restricts is Restricts.SAFETY
