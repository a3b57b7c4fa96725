"""Telephones that are nearly the written one, or that a pattern may be, are found by their heads."""

from __future__ import annotations

import random
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.matching import _raw, _select
from epiguard.matching._engine import Opened, build_image
from epiguard.matching._keys import PHONE_TAIL, Family, key_of, phone_tails
from epiguard.matching._kinds import K
from epiguard.matching._overlay import Overlay
from epiguard.matching._reading import Reading
from epiguard.matching._records import Record
from epiguard.matching._slips import slips_between
from matching.drawn import META

ENGINES = [None] if _select.compiled is None else [None, _select.compiled]
DIGITS = "0123456789"
NEAR = {1: K.PHONE_SLIP, 2: K.PHONE_TWO_SLIPS}


def slipped(phone: str, chance: random.Random) -> str:
    """A telephone with one slip of the hand."""
    place, digit = chance.randrange(len(phone) - 1), chance.choice(DIGITS)
    return chance.choice(
        [
            phone[:place] + digit + phone[place + 1 :],
            phone[:place] + phone[place + 1 :],
            phone[:place] + digit + phone[place:],
            phone[:place] + phone[place + 1] + phone[place] + phone[place + 2 :],
        ]
    )


def kinds_of(functions: ModuleType | None, people: list[Record], reading: Reading) -> dict[str, int]:
    """How the telephone of whoever is found compares."""
    engine = Opened(memoryview(build_image(people, meta=META))).engine_of(functions)
    found = _raw.unpacked(engine.find(reading, len(people), ())).found
    return {engine.person_id(each.row): each.kinds[4] for each in found}


@pytest.mark.parametrize("functions", ENGINES)
@given(st.integers(0, 10**9), st.sampled_from(["13812345678", "2164130000", "85291234567", "13111111111"]))
def test_whoever_is_a_slip_or_two_away_is_found(functions: ModuleType | None, seed: int, phone: str) -> None:
    """As many as comparing with everybody finds, wherever in the number the slips are."""
    chance = random.Random(seed)
    phones = [slipped(phone, chance) for _ in range(30)] + [
        slipped(slipped(phone, chance), chance) for _ in range(60)
    ]
    people = [Record(f"p-{number:03d}", phones=(each,)) for number, each in enumerate(phones)]
    # Where somebody is one slip away nobody two slips away is looked for.
    for slips in (1, 2):
        register = [each for each in people if _apart(phone, each) in {slips, None}]
        found = kinds_of(functions, register, Reading(phone=phone, phone_complete=True))
        wanted = {each.person_id for each in register if _apart(phone, each) == slips}
        assert {one for one, kind in found.items() if kind == NEAR[slips]} == wanted


def _apart(phone: str, record: Record) -> int | None:
    return slips_between(phone, record.phones[0], 2)


@pytest.mark.parametrize("functions", ENGINES)
@given(
    st.lists(st.sampled_from("0123"), min_size=11, max_size=11).map("".join),
    st.lists(st.integers(0, 10), max_size=4),
    st.integers(7, 11),
)
def test_whoever_a_pattern_may_be_is_found(
    functions: ModuleType | None, phone: str, gaps: list[int], end: int
) -> None:
    """Digits that are unknown, or left out at the end."""
    written = "".join("?" if place in gaps else digit for place, digit in enumerate(phone))[:end]
    if "?" in written:
        written = written.ljust(11, "?") if written.count("?") + 11 - len(written) <= 4 else written
    others = [phone[:place] + "9" + phone[place + 1 :] for place in range(11)]
    people = [Record(f"p-{number:02d}", phones=(each,)) for number, each in enumerate([phone, *others])]
    found = kinds_of(functions, people, Reading(phone=written))
    if len(written) == 11 and "?" not in written:
        assert found["p-00"] == K.SAME_PHONE
    elif len(written) == 11 or "?" not in written:
        fit = {
            each.person_id
            for each in people
            if all(mine in ("?", theirs) for mine, theirs in zip(written, each.phones[0], strict=False))
        }
        assert "p-00" in fit
        if len(written) < 9 or "?" in written:  # as many digits are meant as a whole number
            assert fit <= set(found)


@given(st.text(DIGITS, max_size=12), st.text(DIGITS, min_size=PHONE_TAIL, max_size=PHONE_TAIL))
def test_a_key_tells_the_tail(head: str, tail: str) -> None:
    """A telephone lies in the bucket of its head, and its mark says its last four digits."""
    key, first = key_of(Family.PHONE, head + tail), key_of(Family.PHONE, head + "0000")
    assert key >> 16 == first >> 16
    assert list(phone_tails(first, [key & 0xFFFF])) == [tail]
    assert not list(phone_tails(first, [0xFFFF]))


@pytest.mark.skipif(_select.compiled is None, reason="the extension is not built")
def test_newcomers_are_found_by_their_heads() -> None:
    """What changed since is looked into as well, by both twins alike."""
    older = [Record("p-1", phones=("13812345678",)), Record("p-3", phones=("13812345699",))]
    newer = [Record("p-2", phones=("13812345687",)), Record("p-4", phones=("13712345687",))]
    overlay = Overlay(build_image(newer, meta=META), (1,), (1, 2), ())
    opened = Opened(memoryview(build_image(older, meta=META)), overlay=overlay)
    for written in ("13812345668", "1381234", "138123456??", "13?12345687"):
        reading = Reading(phone=written, phone_complete="?" not in written)
        both = [opened.engine_of(each).find(reading, 9, ()) for each in ENGINES]
        assert both[0] == both[1]
        assert _raw.unpacked(both[0]).found
