"""Binjiang market: closed to people and cars from outside; tenants, staff, goods and emergencies go on."""

from __future__ import annotations

import attrs
import pytest

from at_the_gate import (
    WANG,
    ask,
    at,
    car,
    courier,
    crossing,
    load,
    open_ledger,
    reasons,
    resident,
    said,
    visitor,
)
from epiguard import Crossing, Effect, Override, Person, PersonEnrolled, Traveller

POLICY = load("binjiang_market")
OPEN, CLOSED = at(1, 31), at(2, 1)
TENANT = PersonEnrolled(attrs.evolve(WANG, plates=["沪A12345"]))
ELSEWHERE = PersonEnrolled(Person(id="p-9", resident=False, plates=["皖B67890"]))
STAFF = Traveller(role="staff", temperature=36.5)


def effect(asked: Crossing) -> Effect:
    """The market's answer."""
    return ask(POLICY, asked, [TENANT, ELSEWHERE]).effect


def test_outsiders_from_the_day_it_closes() -> None:
    """The day before a customer walks in; from the day on nobody from outside does, known or not."""
    for traveller in (
        visitor(),
        resident("p-9"),
        visitor(role="resident"),
        visitor(host="p-7", host_agreed=True),
    ):
        asked = crossing("main", "in", CLOSED, traveller)
        decision = ask(POLICY, asked, [TENANT, ELSEWHERE])
        assert decision.effect is Effect.DENY
        assert "市场已封闭,暂停营业,外来人员不得进入" in reasons(decision)[0]
    assert effect(crossing("main", "in", OPEN, visitor())) is Effect.ALLOW


def test_cars_from_outside() -> None:
    """A stranger's car stays outside, also with a tenant in it; the tenant's own comes in."""
    assert effect(crossing("loading", "in", CLOSED, visitor(), vehicle=car(plate="皖B67890"))) is Effect.DENY
    lift = ask(POLICY, crossing("loading", "in", CLOSED, resident(), vehicle=car(plate="皖B67890")), [TENANT])
    assert lift.effect is Effect.DENY
    assert reasons(lift) == ["市场已封闭,外来车辆不得进入;租户可步行进入"]
    assert effect(crossing("loading", "in", CLOSED, resident(), vehicle=car(plate=None))) is Effect.DENY
    assert effect(crossing("loading", "in", CLOSED, resident(), vehicle=car())) is Effect.ALLOW
    assert effect(crossing("loading", "in", OPEN, resident(), vehicle=car(plate="皖B67890"))) is Effect.ALLOW


@pytest.mark.parametrize("way", ["in", "out"])
def test_tenants_and_staff_on_duty_come_and_go(way: str) -> None:
    """The people of the market are not from outside."""
    assert effect(crossing("main", way, CLOSED, resident())) is Effect.ALLOW
    assert effect(crossing("main", way, CLOSED, STAFF)) is Effect.ALLOW
    assert effect(crossing("loading", way, CLOSED, STAFF, vehicle=car(plate="皖B67890"))) is Effect.ALLOW


def test_whoever_is_inside_may_leave() -> None:
    """With their car, whoever they are: nobody is closed in."""
    for traveller in (visitor(), courier(temperature=36.5), resident("p-9")):
        asked = crossing("main", "out", CLOSED, traveller, vehicle=car(plate="皖B67890"))
        assert effect(asked) is Effect.ALLOW


def test_deliveries_go_to_the_drop_point() -> None:
    """The courier hears where; the tenant who expects the goods fetches them."""
    ledger = open_ledger(POLICY, TENANT, when=CLOSED)
    decision = ledger.admit(crossing("main", "in", CLOSED, courier(temperature=36.5, host="p-7")))
    assert decision.effect is Effect.DENY
    assert "配送人员不得进入,请将物品放在市场大门货架" in reasons(decision)
    assert [(each.kind, each.subject) for each in ledger.duties()] == [("collect-parcel", "p-7")]


def test_an_emergency_passes_by_override() -> None:
    """A fire engine is not refused: it waits for a named person's word, which is recorded and looked at."""
    ledger = open_ledger(POLICY, TENANT, when=CLOSED)
    engine = crossing("main", "in", CLOSED, Traveller(role="emergency"), vehicle=car(plate=None))
    assert ledger.admit(engine).effect is Effect.HOLD
    let_in = ledger.admit(engine, override=Override(reason="fire in hall 2", by="cadre-3"))
    assert let_in.effect is Effect.ALLOW
    assert ("hold", "unreviewed") in said(let_in)
    assert [each.kind for each in ledger.alerts()] == ["override"]
