"""What weights are made of: whole-number logarithms, slips, and the one way from weights to probabilities."""

from __future__ import annotations

import math
import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.matching import Query, ResidentIndex
from epiguard.matching._keys import text_slips
from epiguard.matching._kinds import KINDS, K
from epiguard.matching._levels import milli_log2
from epiguard.matching._reference._decide import odds_of
from epiguard.matching._reference._view import LONE_NAME
from epiguard.matching._select import osa_distance
from epiguard.matching._slips import slips_between
from epiguard.matching._texts import deletions_of, one_slip
from epiguard.people import Person

TEXTS = st.text("0123王小明", max_size=12)


@given(st.integers(1, 10**9))
def test_the_logarithm_is_that_of_mathematics_rounded_down(number: int) -> None:
    """Whole-number arithmetic gives what floating point gives, to its last thousandth."""
    assert milli_log2(number) == pytest.approx(1000 * math.log2(number), abs=1)
    assert type(milli_log2(number)) is int


@given(TEXTS, TEXTS, st.integers(0, 3))
def test_giving_up_early_changes_no_distance(one: str, other: str, most: int) -> None:
    """The count of shared characters only ever rules out what aligning would rule out."""
    distance = osa_distance(one, other, most)
    assert slips_between(one, other, most) == (distance if distance <= most else None)


@given(TEXTS, TEXTS)
def test_one_slip_is_what_the_distance_calls_one(one: str, other: str) -> None:
    """The quick comparison agrees with the alignment, and what is shared is left of the known text."""
    shared = one_slip(one, other)
    assert (shared is not None) == (osa_distance(one, other, 1) == 1)
    assert shared in (None, other, *deletions_of(other), "")


@given(TEXTS.filter(bool), st.data())
def test_whatever_is_one_slip_away_is_looked_up(text: str, data: st.DataObject) -> None:
    """The texts that are made from a text are those that the distance calls one slip away."""
    other = data.draw(st.text("0123", max_size=13))
    slips = set(text_slips(text, "0123", 0, len(text)))
    assert (other in slips) or osa_distance(text, other, 1) != 1
    assert all(osa_distance(text, each, 1) == 1 for each in slips)


def test_an_agreement_never_weighs_less_than_nothing() -> None:
    """Even where everybody shares it; a difference does not depend on how many do."""
    people = [Person(id=f"p-{place}", name="王伟", sex="F") for place in range(1000)]
    index = ResidentIndex.build([*people, Person(id="q", name="李静")])

    def weight(query: Query, person: str) -> int:
        return sum(each.weight for each in index.compare(query, person) or ())

    assert weight(Query(sex="女"), "p-1") == 0
    assert weight(Query(name="李静"), "q") == KINDS[K.SAME_NAME].base() + milli_log2(1001) + LONE_NAME
    assert weight(Query(name="赵钱孙"), "q") == weight(Query(name="赵钱孙"), "p-1") < 0


@given(st.lists(st.integers(-40_000, 60_000), min_size=1, max_size=20), st.randoms(use_true_random=False))
def test_odds_do_not_depend_on_the_order(weights: list[int], order: random.Random) -> None:
    """They are whole numbers: the same in any order, and all of them are the whole."""
    others = [(1, -3322), (6000, -30_000), (0, 5)]
    mine, theirs, total = odds_of(weights, others)
    shuffled = list(weights)
    order.shuffle(shuffled)
    again, same, whole = odds_of(shuffled, others)
    assert (sorted(again), same, whole) == (sorted(mine), theirs, total)
    assert total == sum(mine) + sum(theirs)
    best = max(weights)
    for weight, odds in zip(weights, mine, strict=True):
        assert odds / max(mine) == pytest.approx(2.0 ** ((weight - best) / 1000), abs=1e-9)


def test_any_two_unreadable_digits_leave_the_telephone_findable() -> None:
    """Wherever the two stand, and with two more in the middle."""
    people = [Person(id=f"p-{place}", phones=[f"139{place * 7919 % 10**8:08d}"]) for place in range(1500)]
    wanted = people[777].phones[0].national
    index = ResidentIndex.build(people)
    for one, two in product(range(3, 11), repeat=2):
        written = "".join("?" if place in (one, two, 4, 5) else digit for place, digit in enumerate(wanted))
        answer = index.find(Query(phone=written))
        assert "p-777" in [each.person_id for each in answer.candidates]
