"""What weights are made of: whole-number logarithms, slips, and the one way from weights to probabilities."""

from __future__ import annotations

import math
import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.matching import Level, Query, ResidentIndex
from epiguard.matching._levels import Kind, milli_log2
from epiguard.matching._probability import Prior, posterior
from epiguard.matching._select import osa_distance
from epiguard.matching._slips import deletions, slips_between
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
def test_two_texts_one_slip_apart_share_a_deletion(one: str, other: str) -> None:
    """So whoever is one slip away stands under a key that is looked up, unless both have one character."""
    if len(one) + len(other) > 2 and one and other and osa_distance(one, other, 1) == 1:
        assert deletions(one) & deletions(other)


def test_an_agreement_never_weighs_less_than_nothing() -> None:
    """Even where everybody shares it; a difference does not depend on how many do."""
    same = Kind("same", Level.AGREES, 8500)
    other = Kind("other", Level.DIFFERS, 400)
    assert same.grade(sharing=1000, population=1000, floor=-5000).weight == 0
    assert same.grade(sharing=1, population=1000, floor=-5000).weight == 9965 - 234
    assert {other.grade(sharing=sharing, population=1000, floor=0).weight for sharing in (1, 900)} == {
        other.base
    }


@given(st.lists(st.integers(-40_000, 60_000), max_size=20), st.randoms(use_true_random=False))
def test_probabilities_do_not_depend_on_the_order(weights: list[int], order: random.Random) -> None:
    """To the bit, and with the strangers' they add up to one at most."""
    prior = Prior(0.9, 6000)
    after = posterior(weights, prior, rest=-8000)
    shuffled = list(weights)
    order.shuffle(shuffled)
    again = posterior(shuffled, prior, rest=-8000)
    assert sorted(again.candidates) == sorted(after.candidates)
    assert again.stranger == after.stranger
    assert math.fsum([*after.candidates, after.stranger]) <= 1 + 1e-9


def test_any_two_unreadable_digits_leave_the_telephone_findable() -> None:
    """Wherever the two stand, and with two more in the middle."""
    people = [Person(id=f"p-{place}", phones=[f"139{place * 7919 % 10**8:08d}"]) for place in range(1500)]
    wanted = people[777].phones[0].national
    index = ResidentIndex.build(people)
    for one, two in product(range(3, 11), repeat=2):
        written = "".join("?" if place in (one, two, 4, 5) else digit for place, digit in enumerate(wanted))
        answer = index.find(Query(phone=written))
        assert "p-777" in [each.person_id for each in answer.candidates]
