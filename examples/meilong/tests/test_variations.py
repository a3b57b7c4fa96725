"""Rules that other towns had: one small site file each, with its story. Everybody here is invented."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from any_crossing import crossings, histories
from at_the_gate import NEIGHBOURS, ask, at, crossing, open_ledger, reasons, resident, visitor
from epiguard import (
    CardHolderNamed,
    Crossing,
    Effect,
    Exposure,
    Ledger,
    Policy,
    QuarantineOrdered,
    Registration,
    ReleaseSigned,
    Return,
    Situation,
    Traveller,
)

FILES = sorted((Path(__file__).parents[1] / "variations").glob("*.toml"))
POLICIES = {path.stem: Policy.load(path) for path in FILES}


def out(month: int, day: int, *party: Traveller, hour: int = 9, **options: Any) -> Crossing:
    """Somebody, the villager unless said otherwise, wants to go out."""
    return crossing("gate", "out", at(month, day, hour), *(party or (resident(),)), **options)


def came_back(ledger: Ledger, place: str, arrived: date, left: date | None = None) -> QuarantineOrdered:
    """Somebody is back from Hubei, and their days are ordered on the day of their arrival."""
    back = Exposure(person="p-7", reason=Return(region="420106"), left_on=left, arrived_on=arrived)
    order = QuarantineOrdered(
        POLICIES[place].period(back, gate_day=arrived), at=at(arrived.month, arrived.day)
    )
    ledger.record(order, by="cadre-3")
    return order


def on(ledger: Ledger, day: date) -> Effect:
    """The answer to the villager on a day, in the afternoon."""
    return ledger.admit(out(day.month, day.day, hour=14)).effect


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_every_answer_is_explained_in_both_languages(path: Path, data: st.DataObject) -> None:
    """Whoever asks, and whatever happened before."""
    policy = POLICIES[path.stem]
    asked, facts = data.draw(crossings(policy.site)), data.draw(histories(policy.site))
    decision = policy.decide(asked, Situation.of(facts, asked, site=policy.site))
    for verdict in decision.verdicts:
        assert verdict.fault is None
        assert verdict.texts["zh"] != verdict.texts["en"]


@pytest.mark.parametrize("place", POLICIES)
def test_a_check_finds_nothing_serious(place: str) -> None:
    """Nobody is trapped, and nobody leaves quarantine by a slip."""
    assert POLICIES[place].check().serious == ()


def test_one_card_and_one_fixed_member_every_two_days() -> None:
    """The household names the mother; the son stays, and she goes on the 14th and the 16th."""
    ledger = open_ledger(POLICIES["one_card"], *NEIGHBOURS, when=at(2, 14))
    ledger.record(CardHolderNamed(household="h-502", person="p-8"), by="leader-4")
    son, mother = resident("p-7"), resident("p-8")
    refused = ledger.admit(out(2, 14, son))
    assert (refused.effect, reasons(refused)) == (Effect.DENY, ["每户固定一人外出,如需换人请先变更"])
    days = (14, 15, 16, 17, 18)
    assert [ledger.admit(out(2, day, mother)).effect.value for day in days] == [
        "allow", "deny", "allow", "deny", "allow",
    ]  # fmt: skip


def test_the_whole_household_stays_in_and_other_households_do_not() -> None:
    """Whoever lives with a returnee is told whose days they are; the way home is open to them."""
    ledger = open_ledger(POLICIES["whole_household"], *NEIGHBOURS, when=at(2, 14))
    came_back(ledger, "whole_household", date(2020, 2, 13))
    housemate = ledger.admit(out(2, 14, resident("p-8")))
    assert housemate.effect is Effect.DENY
    assert reasons(housemate) == ["同住人员隔离观察第1天(共14天),2020-02-28 00:00解除,其间不得外出"]
    assert ledger.admit(crossing("gate", "in", at(2, 14), resident("p-8"))).effect is Effect.ALLOW
    assert ledger.admit(out(2, 28, resident("p-8"))).effect is Effect.ALLOW


@pytest.mark.parametrize(
    ("signed", "effect"),
    [
        ([], Effect.HOLD),
        ([("doctor-1", None)], Effect.HOLD),
        ([("doctor-1", None), ("doctor-1", None)], Effect.HOLD),
        ([("doctor-1", None), ("cadre-3", None)], Effect.ALLOW),
        ([("doctor-1", "notice-2020-17")], Effect.ALLOW),
    ],
)
def test_released_by_a_notice_or_two_signatures(signed: list[tuple[str, str | None]], effect: Effect) -> None:
    """The days are over on the 28th; until somebody signed, they wait, and signing is owed."""
    ledger = open_ledger(POLICIES["release_on_notice"], *NEIGHBOURS, when=at(2, 14))
    order = came_back(ledger, "release_on_notice", date(2020, 2, 13))
    assert ledger.admit(out(2, 27)).effect is Effect.DENY
    for by, notice in signed:
        ledger.record(
            ReleaseSigned(period=order.period.id, person="p-7", by=by, notice=notice, at=at(2, 28, 8)), by=by
        )
    decision = ledger.admit(out(2, 28))
    assert decision.effect is effect
    assert decision.lifted_by == (("release-notice",) if effect is Effect.HOLD else ())
    assert ("sign-release", at(2, 28, 0, 0)) in [(each.kind, each.due) for each in ledger.duties()]


@pytest.mark.parametrize(
    ("arrived", "kept_in"), [(date(2020, 5, 31), 14), (date(2020, 6, 1), 7), (date(2020, 6, 10), 7)]
)
def test_fourteen_days_and_from_june_on_seven_and_three(arrived: date, kept_in: int) -> None:
    """Whoever came back the day before keeps the days that were ordered then."""
    ledger = open_ledger(POLICIES["two_stages"], *NEIGHBOURS, when=at(5, 1))
    form = Registration(id="gate-1", source="gate", written={"name": "王小明"})
    home = resident(returning_from="420106", asked=True, registration=form)
    noon = at(arrived.month, arrived.day, 12, 0)
    assert ledger.admit(crossing("gate", "in", noon, home)).effect is Effect.ALLOW
    order = came_back(ledger, "two_stages", arrived)
    assert order.period.total_days == (14 if kept_in == 14 else 10)
    effects = [on(ledger, arrived + timedelta(days=day)) for day in range(16)]
    assert effects == [Effect.DENY] * (kept_in + 1) + [Effect.ALLOW] * (15 - kept_in)


@pytest.mark.parametrize(
    ("left", "first_day_out"),
    [
        (date(2020, 2, 11), date(2020, 2, 26)),
        (date(2020, 2, 1), date(2020, 2, 16)),
        (date(2020, 1, 20), date(2020, 2, 11)),
        (None, date(2020, 2, 26)),
    ],
)
def test_days_since_leaving_the_key_region_count(left: date | None, first_day_out: date) -> None:
    """Back on 11 February: the fourteen days run from the day they left, wherever they were since."""
    ledger = open_ledger(POLICIES["days_since_leaving"], *NEIGHBOURS, when=at(2, 11))
    home = resident(returning_from="420106", asked=True, registered=True)
    arrival = ledger.admit(crossing("gate", "in", at(2, 11, 8), home))
    assert [each.kind for each in arrival.duties] == ["order-quarantine"]
    assert ledger.admit(out(2, 11)).lifted_by == ("order-quarantine",)
    came_back(ledger, "days_since_leaving", date(2020, 2, 11), left)
    days = [date(2020, 2, 11) + timedelta(days=each) for each in range(17)]
    assert [day for day in days if on(ledger, day) is Effect.ALLOW] == [
        day for day in days if day >= first_day_out
    ]
    assert [each.kind for each in ledger.duties()] == []


def test_a_curfew_lets_everybody_home() -> None:
    """Out until half past nine, home at any hour; on the day before there was none."""
    policy = POLICIES["curfew"]
    answers = {
        (day, hour, minute): ask(policy, crossing("gate", "out", at(2, day, hour, minute), resident())).effect
        for day, hour, minute in ((8, 23, 0), (9, 21, 29), (9, 21, 30), (10, 4, 59), (10, 5, 0))
    }
    assert [each.value for each in answers.values()] == ["allow", "allow", "deny", "deny", "allow"]
    assert ask(policy, crossing("gate", "in", at(2, 10, 3), resident())).effect is Effect.ALLOW


@pytest.mark.parametrize(
    ("shown", "here", "away"),
    [
        ({"health_code": "green"}, "allow", "allow"),
        ({"health_code": "yellow"}, "allow", "hold"),
        ({"health_code": "red"}, "allow", "deny"),
        ({}, "hold", "hold"),
        ({"code_not_shown": "no-phone"}, "hold", "hold"),
        ({"code_not_shown": "no-phone", "registered": True}, "allow", "allow"),
        ({"code_not_shown": "child"}, "allow", "allow"),
    ],
)
def test_a_health_code_keeps_nobody_from_home(shown: dict[str, Any], here: str, away: str) -> None:
    """Who lives here is cared for; a visitor with a red code is refused; who has no phone fills in a form."""
    policy = POLICIES["health_code"]
    guest = visitor(host="p-7", host_agreed=True, **shown)
    for traveller, expected in ((resident(**shown), here), (guest, away)):
        assert ask(policy, crossing("gate", "in", at(2, 20), traveller)).effect.value == expected
        assert ask(policy, crossing("gate", "in", at(2, 19), traveller)).effect is Effect.ALLOW
