"""Health codes: green passes, the others are cared for, and nobody needs a phone."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given

from epiguard.crossings import Crossing, Traveller
from epiguard.decisions import Effect
from epiguard.errors import InvalidValueError
from epiguard.places import Direction
from epiguard.rules.health_code import HealthCode
from epiguard.situation import Situation
from rules.gate import RESIDENT, SITE, codes, crossing, crossings, histories, resident, review

BOTH = HealthCode(directions=["in", "out"])


def visitor(**options: Any) -> Traveller:
    """Somebody who does not live here."""
    return resident(None, **options)


@pytest.mark.parametrize(
    ("traveller", "way_in", "way_out"),
    [
        (resident(health_code="green"), "allow code-green", "allow code-green"),
        (visitor(health_code="green"), "allow code-green", None),
        (resident(), "hold code-not-shown", "hold code-not-shown"),
        (visitor(), "hold code-not-shown", None),
        (resident(health_code="yellow"), "allow code-home", "hold code-yellow"),
        (resident(health_code="red"), "allow code-home", "hold code-red"),
        (visitor(health_code="yellow"), "hold code-yellow", None),
        (visitor(health_code="red"), "deny code-red", None),
        (
            resident(health_code="red", clinic_journey="clinic-3"),
            "allow clinic-journey",
            "allow clinic-journey",
        ),
        (resident(code_not_shown="no-phone"), "hold paper-form", "hold paper-form"),
        (resident(code_not_shown="device"), "hold paper-form", "hold paper-form"),
        (resident(code_not_shown="no-phone", registered=True), "allow paper-instead", "allow paper-instead"),
        (visitor(code_not_shown="no-phone", registered=True), "allow paper-instead", None),
        (resident(code_not_shown="child"), "allow child-without-code", "allow child-without-code"),
    ],
)
def test_colours(traveller: Traveller, way_in: str | None, way_out: str | None) -> None:
    """Each colour and each reason has its answer; outsiders always leave, residents always come home."""
    for direction, expected in (("in", way_in), ("out", way_out)):
        answer = [expected] if expected else []
        assert codes(BOTH, crossing(direction, traveller), RESIDENT) == answer
    assert codes(HealthCode(), crossing("out", traveller), RESIDENT) == []


def test_the_site_says_what_a_colour_means_for_outsiders() -> None:
    """Yellow may be refused, and red may wait."""
    rule = HealthCode(yellow="deny", red="hold")
    assert codes(rule, crossing("in", visitor(health_code="yellow"))) == ["deny code-yellow"]
    assert codes(rule, crossing("in", visitor(health_code="red"))) == ["hold code-red"]


def test_who_comes_home_with_a_red_code_is_seen_to() -> None:
    """Once a day, with an alert."""
    [verdict] = review(HealthCode(), crossing("in", resident(health_code="red")), RESIDENT)
    assert [each.kind for each in verdict.duties] == ["code-referral"]
    assert [each.kind for each in verdict.alerts] == ["health-code"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"yellow": "allow"}, "HealthCode.yellow: expected 'hold' or 'deny', got 'allow'"),
        ({"red": "allow"}, "HealthCode.red: expected 'hold' or 'deny', got 'allow'"),
        ({"directions": []}, "HealthCode.directions: expected 'in', 'out' or both, got an empty list"),
    ],
)
def test_settings_that_are_refused(settings: dict[str, Any], message: str) -> None:
    """A colour that stops nobody is no rule."""
    with pytest.raises(InvalidValueError) as caught:
        HealthCode(**settings)
    assert str(caught.value).startswith(message)


@given(crossings, histories)
def test_laws(asked: Crossing, facts: list[Any]) -> None:
    """Home is never refused for a colour, the way out never denied, and a missing phone never matters."""
    standings = Situation.of(facts, asked, site=SITE).standings
    for each in review(BOTH, asked, *facts):
        assert each.traveller is not None
        standing = standings[each.traveller]
        lives_here = standing.person is not None and standing.person.resident
        if asked.direction is Direction.OUT:
            assert lives_here
            assert each.effect is not Effect.DENY
        elif lives_here and standing.traveller.health_code is not None:
            assert each.effect is Effect.ALLOW
        if standing.traveller.code_not_shown is not None and standing.traveller.health_code is None:
            assert each.effect is Effect.ALLOW or (
                each.lifted_by == "fill-in-form" and not standing.registered
            )
