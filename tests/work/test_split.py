"""Splitting a list: balanced by heads, together what belongs together, and few change hands."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from datetime import timedelta

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from epiguard import Duty, InvalidValueError, Ledger
from epiguard.work import Split, Unit, assign, one_call, progress_of, split
from work.committee import NOON, enrolled, home, ledger_of, tie

HELPERS = ["v-1", "v-2", "v-3", "v-4"]
some_helpers = st.frozensets(st.sampled_from(HELPERS), max_size=2)


@st.composite
def lists(draw: st.DrawFn, most: int = 12) -> list[Unit]:
    """Households of several sizes, some with a relation, some that a helper lives in."""
    sizes = draw(st.lists(st.integers(1, 4), max_size=most))
    return [
        Unit(id=f"h-{n}", heads=heads, tied=draw(some_helpers), barred=draw(some_helpers))
        if draw(st.booleans())
        else Unit(id=f"h-{n}", heads=heads)
        for n, heads in enumerate(sizes)
    ]


def unfair(units: list[Unit], of: Mapping[str, str], helpers: list[str]) -> list[tuple[str, str, str]]:
    """Plainly: whose household another could take, and would still have less than the one has left."""
    load = {one: sum(each.heads for each in units if of.get(each.id) == one) for one in helpers}
    return [
        (of[each.id], other, each.id)
        for each in units
        if each.id in of
        for other in each.takers(helpers)
        if load[of[each.id]] - each.heads > load[other]
    ]


def arrangements(units: list[Unit], helpers: list[str]) -> Iterator[dict[str, str]]:
    """Every balanced one."""
    for choice in itertools.product(*(sorted(each.takers(helpers)) for each in units)):
        of = {each.id: helper for each, helper in zip(units, choice, strict=True)}
        if not unfair(units, of, helpers):
            yield of


def check(made: Split, units: list[Unit], helpers: list[str]) -> None:
    """What holds of every split."""
    assert set(made.of) | set(made.unassigned) == {each.id for each in units}
    for each in units:
        takers = each.takers(helpers)
        assert (made.of[each.id] in takers) if takers else (each.id in made.unassigned)
    assert unfair(units, made.of, helpers) == []
    assert made.heads == {
        one: sum(each.heads for each in units if made.of.get(each.id) == one) for one in helpers
    }


@given(lists(), st.integers(1, 4))
def test_any_list_is_split_in_balance(units: list[Unit], helpers: int) -> None:
    """No helper is a household above one who could take it; relations kept, nobody's own household."""
    check(split(units, HELPERS[:helpers]), units, HELPERS[:helpers])


@given(lists(), st.data())
def test_the_order_of_the_list_does_not_matter(units: list[Unit], data: st.DataObject) -> None:
    """Nor that of the helpers; and again with what came of it, nothing moves."""
    made = split(units, HELPERS)
    assert split(data.draw(st.permutations(units)), HELPERS[::-1]) == made
    again = split(units, HELPERS, made.of)
    assert (again.of, again.moved) == (made.of, ())


@given(lists(most=6), st.data())
@settings(max_examples=150)
def test_as_few_change_hands_as_balance_allows(units: list[Unit], data: st.DataObject) -> None:
    """One person joins, leaves or moves: compared with every balanced arrangement there is."""
    helpers = HELPERS[:3]
    units = [each for each in units if each.takers(helpers)]
    before = split(units, helpers).of
    change = data.draw(st.sampled_from(["new household", "joins", "leaves"] if units else ["new household"]))
    if change == "new household":
        after = [*units, Unit(id="h-new")]
    else:
        chosen = data.draw(st.sampled_from(units))
        heads = chosen.heads + (1 if change == "joins" else -1)
        changed = [attrs.evolve(chosen, heads=heads)] if heads else []
        after = [*(each for each in units if each is not chosen), *changed]
    made = split(after, helpers, before)
    check(made, after, helpers)
    moves = [
        sum(of[each] != helper for each, helper in before.items() if each in of)
        for of in arrangements(after, helpers)
    ]
    fewest = min(moves)
    assert len(made.moved) == fewest or fewest > 3


def test_the_oracle_sees_a_split_that_is_not_balanced() -> None:
    """Control: all to one helper is unfair, and an arrangement that needs no move beats one that moves."""
    units = [Unit(id=f"h-{n}") for n in range(4)]
    assert unfair(units, dict.fromkeys(["h-0", "h-1", "h-2", "h-3"], "v-1"), ["v-1", "v-2"])
    assert all(sorted(of.values()).count("v-1") == 2 for of in arrangements(units, ["v-1", "v-2"]))


def test_whoever_falls_out_leaves_the_others_as_they_are() -> None:
    """435 in households of one among ten: only what the one had is given to the nine."""
    units = [Unit(id=f"h-{n:03d}") for n in range(435)]
    ten = [f"v-{n}" for n in range(10)]
    before = split(units, ten)
    after = split(units, ten[1:], before.of)
    assert after.moved == ()
    assert sorted(after.heads.values()) == [48] * 6 + [49] * 3
    back = split(units, ten, after.of)
    assert len(back.moved) == 43 == back.heads["v-0"]


def test_a_list_without_helpers_is_refused() -> None:
    """And a household twice."""
    with pytest.raises(InvalidValueError, match=r"^split\(helpers\): expected at least one helper, got none"):
        split([], [])
    with pytest.raises(InvalidValueError, match="two of one id"):
        split([Unit(id="h-1"), Unit(id="h-1")], ["v-1"])


def village() -> Ledger:
    """Six households with a call each for two of them; two helpers live here, one is a landlord."""
    people = [f"p-{n}" for n in range(1, 13)]
    homes = [home(f"h-{n}", f"p-{n}", f"p-{n + 6}") for n in range(1, 7)]
    ledger = ledger_of([*enrolled(*people), *homes, tie("p-3", "landlord", "p-1")])
    ledger.owe([Duty(kind="screen-movements", subject=each, due=NOON) for each in people], by="cadre-3")
    return ledger


def test_a_call_list_is_shared_out() -> None:
    """Households whole, the tenant to the landlord, nobody their own; each sees their share only."""
    ledger = village()
    facts, made = assign(ledger.state, ledger.duties(), ["p-1", "p-2", "v-3"], NOON)
    ledger.record_all(facts, by="cadre-3")
    assert made.heads == {"p-1": 4, "p-2": 4, "v-3": 4}
    assert made.of["h-3"] == "p-1"
    assert made.of["h-1"] != "p-1"
    assert made.of["h-2"] != "p-2"
    share = ledger.duties(assignee="v-3")
    assert {each.assignee for each in share} == {"v-3"}
    assert len(share) == 4
    assert assign(ledger.state, ledger.duties(), ["p-1", "p-2", "v-3"], NOON)[0] == []


def test_progress_against_the_deadline() -> None:
    """Half done in a day is through in two; whoever did nothing is late once the time is over."""
    ledger = village()
    facts, _ = assign(ledger.state, ledger.duties(), ["v-3", "v-4"], NOON)
    ledger.record_all(facts, by="cadre-3")
    mine = [each.id for each in ledger.duties(assignee="v-3")]
    ledger.record_all(one_call(mine[:3], "reached", call="c-1", at=NOON), by="v-3")
    ledger.record_all(one_call(mine[3:4], "no-answer", call="c-2", at=NOON), by="v-3")
    day, two = NOON + timedelta(days=1), NOON + timedelta(days=2)
    quick, idle = progress_of(ledger.duties(state=None), deadline=two, begun=NOON, at=day)
    assert (quick.given, quick.done, quick.tried, quick.untouched, quick.open) == (6, 3, 1, 2, 3)
    assert (quick.finished_at, quick.late, idle.finished_at, idle.late) == (two, False, None, False)
    *_, idle = progress_of(ledger.duties(state=None), deadline=two, begun=NOON, at=two + timedelta(hours=1))
    assert (idle.helper, idle.late, idle.overdue) == ("v-4", True, 6)
