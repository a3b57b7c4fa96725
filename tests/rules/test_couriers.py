"""Couriers: let in, held, or sent to the drop point."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from epiguard.errors import InvalidValueError
from epiguard.quarantine import QuarantineSetting
from epiguard.rules.couriers import Couriers
from rules.gate import NOON, RESIDENT, codes, crossing, quarantined, resident, review

COURIER: dict[str, Any] = {"person": None, "role": "courier"}


@pytest.mark.parametrize(
    ("answer", "direction", "options", "expected"),
    [
        ("allow", "in", COURIER, ["allow courier"]),
        ("hold", "in", COURIER, ["hold courier-waits"]),
        ("deny", "in", COURIER, ["deny courier-drop-point"]),
        ("deny", "out", COURIER, ["allow courier-leaves"]),
        ("deny", "in", {"role": "courier"}, []),
        ("deny", "in", {"person": None, "role": "visitor"}, []),
        ("deny", "in", {}, []),
    ],
)
def test_what_a_courier_is_told(
    answer: str, direction: str, options: dict[str, Any], expected: list[str]
) -> None:
    """A courier who lives here comes home like anybody else."""
    assert codes(Couriers(answer=answer), crossing(direction, resident(**options)), RESIDENT) == expected


def test_the_drop_point_is_named() -> None:
    """Where none is, the goods stay at the gate."""
    asked = crossing("in", resident(**COURIER))
    [named] = review(Couriers(answer="deny", drop_point="西门临时点"), asked)
    assert named.text("zh") == "配送人员不得进入,请将物品放在西门临时点"
    assert named.text("en") == "couriers do not enter; please leave the goods at 西门临时点"
    assert named.duties == ()
    [gate] = review(Couriers(answer="deny"), asked)
    assert gate.text("zh") == "配送人员不得进入,请将物品放在门岗"


def test_the_host_fetches_the_goods() -> None:
    """One duty per delivery; who may not go out has it brought."""
    rule = Couriers(answer="deny")
    asked = crossing("in", resident(**COURIER, host="p-7"))
    [duty] = review(rule, asked, RESIDENT)[0].duties
    assert (duty.kind, duty.subject, duty.text("zh")) == ("collect-parcel", "p-7", "到门岗领取物品")
    [later] = review(rule, crossing("in", resident(**COURIER, host="p-7"), at=NOON + timedelta(hours=1)))[
        0
    ].duties
    assert later.id != duty.id
    [brought] = review(rule, asked, RESIDENT, quarantined())[0].duties
    assert (brought.kind, brought.subject) == ("bring-parcel", "p-7")
    monitored = quarantined(setting=QuarantineSetting.HEALTH_MONITORING)
    assert review(rule, asked, RESIDENT, monitored)[0].duties == (duty,)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        (
            {"answer": "maybe"},
            "Couriers.answer: expected one of 'allow', 'hold', 'deny', got text of 5 characters",
        ),
        (
            {"drop_point": "西门"},
            (
                "Couriers.drop_point: expected no drop point where couriers are let in, got one; "
                "add answer = 'deny', or remove drop_point"
            ),
        ),
        ({"answer": "deny", "drop_point": 3}, "Couriers.drop_point: expected str, got a whole number"),
    ],
)
def test_settings_that_are_refused(settings: dict[str, Any], message: str) -> None:
    """A drop point that nobody would be sent to is a mistake."""
    with pytest.raises(InvalidValueError) as caught:
        Couriers(**settings)
    assert str(caught.value) == message
