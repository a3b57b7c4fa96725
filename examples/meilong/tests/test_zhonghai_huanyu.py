"""Zhonghai Huanyu: one courier on four days, two gates whose lanes change, and every car's trunk."""

from __future__ import annotations

from typing import Any

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
from epiguard import Effect, PersonEnrolled, Registration

POLICY = load("zhonghai_huanyu")


def test_the_same_courier_on_four_days() -> None:
    """Free on the 21st, measured as outsider on the 23rd, as everybody on the 26th, outside on the 29th."""
    answers = {}
    for day in (21, 23, 26, 29):
        unmeasured = ask(POLICY, crossing("west", "in", at(1, day), courier()))
        measured = ask(POLICY, crossing("west", "in", at(1, day), courier(temperature=36.5)))
        answers[day] = (unmeasured, measured)
    effects = {day: tuple(each.effect for each in both) for day, both in answers.items()}
    assert effects == {
        21: (Effect.ALLOW, Effect.ALLOW),
        23: (Effect.HOLD, Effect.ALLOW),
        26: (Effect.HOLD, Effect.ALLOW),
        29: (Effect.DENY, Effect.DENY),
    }
    assert reasons(answers[21][1]) == ["配送人员可以进入"]
    assert reasons(answers[23][1]) == ["配送人员可以进入", "依据1月22日门口管控通知,外来人员已测量体温"]
    assert reasons(answers[26][1]) == ["配送人员可以进入", "依据1月25日通知,所有进入人员均须测温,已测量"]
    assert reasons(answers[29][1]) == ["配送人员不得进入,请将物品放在西门临时点"]
    assert "依据1月22日门口管控通知,外来人员须先测量体温再放行" in reasons(answers[23][0])
    assert "by the notice of 25 January everybody is measured before they enter" in reasons(
        answers[26][0], "en"
    )
    for which in (0, 1):
        assert len({tuple(reasons(both[which])) for both in answers.values()}) == 4
        assert len({tuple(reasons(both[which], "en")) for both in answers.values()}) == 4


def test_every_answer_names_its_notice_and_its_days() -> None:
    """Whoever is sent to the drop point can be shown since when, and in which words."""
    [refusal] = ask(POLICY, crossing("west", "in", at(1, 29), courier(temperature=36.5))).reasons
    assert refusal.source is not None
    assert refusal.source.since == at(1, 28).date()
    assert refusal.source.notice.startswith("物业在西门设了临时点")


def test_a_feverish_courier_is_refused_from_the_22nd() -> None:
    """Before that day nobody looked; a reading that somebody has all the same changes nothing."""
    for day, effect in ((21, Effect.ALLOW), (22, Effect.DENY), (25, Effect.DENY)):
        asked = crossing("west", "in", at(1, day), courier(temperature=38.2, retested=38.3))
        assert ask(POLICY, asked).effect is effect


def test_residents_change_on_the_25th() -> None:
    """Until the 24th they enter as they are, by either gate; from the 25th measured, by the west gate."""
    for gate in ("west", "east"):
        assert ask(POLICY, crossing(gate, "in", at(1, 24), resident(temperature=None))).effect is Effect.ALLOW
    unmeasured = ask(POLICY, crossing("west", "in", at(1, 25), resident(temperature=None)))
    assert unmeasured.effect is Effect.HOLD
    assert unmeasured.lifted_by == ("measure-temperature",)
    assert ask(POLICY, crossing("west", "in", at(1, 25), resident())).effect is Effect.ALLOW
    # The newsletter measures who enters; nobody is kept from leaving for want of a thermometer.
    out = crossing("west", "out", at(1, 25), resident(temperature=None))
    assert ask(POLICY, out).effect is Effect.ALLOW


@pytest.mark.parametrize(
    ("gate", "way", "driving", "before", "after"),
    [
        ("west", "in", False, True, True),
        ("west", "out", False, True, True),
        ("west", "in", True, True, True),
        ("west", "out", True, True, False),
        ("east", "in", False, True, False),
        ("east", "out", False, True, False),
        ("east", "in", True, True, False),
        ("east", "out", True, True, True),
    ],
)
def test_lanes_from_the_25th(gate: str, way: str, driving: bool, before: bool, after: bool) -> None:  # noqa: FBT001 - a column of a parametrised table
    """West: people both ways and cars in; east: cars out only. Whoever is wrong is told the right gate."""
    vehicle = car(trunk_opened=True, luggage_found=False) if driving else None
    for day, opened in ((24, before), (25, after)):
        decision = ask(POLICY, crossing(gate, way, at(1, day), resident(), vehicle=vehicle))
        assert decision.effect is (Effect.ALLOW if opened else Effect.DENY)
        if not opened:
            other = "东门" if gate == "west" else "西门"
            assert reasons(decision)[0].endswith(other)


def test_no_car_enters_with_a_closed_trunk() -> None:
    """From 10 February; a resident's no less than a guest's, and not one whose trunk nobody mentioned."""
    for traveller in (resident(), visitor()):
        for opened in (None, False):
            asked = crossing("west", "in", at(2, 10), traveller, vehicle=car(trunk_opened=opened))
            decision = ask(POLICY, asked)
            assert decision.effect is Effect.HOLD
            assert decision.lifted_by == ("open-trunk",)
    looked = car(trunk_opened=True, luggage_found=False)
    assert ask(POLICY, crossing("west", "in", at(2, 10), resident(), vehicle=looked)).effect is Effect.ALLOW
    half = ask(POLICY, crossing("west", "in", at(2, 10), resident(), vehicle=car(trunk_opened=True)))
    assert half.lifted_by == ("look-for-luggage",)


def test_the_trunk_check_is_in_force_by_10_february_and_only_on_the_way_in() -> None:
    """The day before, and on the way out, nobody opens anything."""
    assert ask(POLICY, crossing("west", "in", at(2, 9), resident(), vehicle=car())).effect is Effect.ALLOW
    assert ask(POLICY, crossing("east", "out", at(2, 10), resident(), vehicle=car())).effect is Effect.ALLOW


def test_luggage_means_ask_and_the_answer_makes_a_returnee_who_registers() -> None:
    """Each hold names the next step: ask, then register; with the form the party is let in."""
    ledger = open_ledger(POLICY, PersonEnrolled(WANG), when=at(2, 12))
    loaded = car(trunk_opened=True, luggage_found=True)

    def admit(minute: int, follows: str | None = None, **said_so: Any) -> tuple[Effect, tuple[str, ...], str]:
        asked = crossing("west", "in", at(2, 12, 9, minute), resident(**said_so), vehicle=loaded)
        decision = ledger.admit(asked, follows=follows)
        return decision.effect, decision.lifted_by, decision.id

    effect, wanted, first = admit(30)
    assert (effect, wanted) == (Effect.HOLD, ("ask",))
    effect, wanted, second = admit(32, first, asked=True, returning_from="420106")
    assert (effect, wanted) == (Effect.HOLD, ("register",))
    form = Registration(id="gate-17", source="gate", written={"name": "王小明"})
    effect, wanted, _ = admit(40, second, asked=True, returning_from="420106", registration=form)
    assert (effect, wanted) == (Effect.ALLOW, ())
    assert [each.id for each in ledger.registrations()] == ["gate-17"]


def test_luggage_of_somebody_who_was_not_away() -> None:
    """Somebody who moves a suitcase across town is asked, says so, and goes in."""
    loaded = car(trunk_opened=True, luggage_found=True)
    decision = ask(POLICY, crossing("west", "in", at(2, 12), resident(asked=True), vehicle=loaded))
    assert decision.effect is Effect.ALLOW
    assert ("allow", "asked") in said(decision)


def test_everybody_in_the_car_is_asked() -> None:
    """One answer is not the others'."""
    loaded = car(trunk_opened=True, luggage_found=True)
    party = (resident(asked=True), resident("p-8"))
    decision = ask(POLICY, crossing("west", "in", at(2, 12), *party, vehicle=loaded))
    assert [each.traveller for each in decision.reasons] == [1]
