"""Partial numbers keep their gaps and match by what is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import InvalidValueError
from epiguard.identifiers import PartialId, PartialNumber, PartialPhone


@pytest.mark.parametrize(
    ("text", "pattern", "known", "gaps"),
    [
        ("1380****000", "1380????000", 7, 4),
        ("138 0013 800?", "1380013800?", 10, 1),
        ("138 12?4 567", "13812?4567", 9, 1),
        ("138xxxx8000", "138????8000", 7, 4),
        ("138____8000", "138????8000", 7, 4),
        ("138□□□□8000", "138????8000", 7, 4),
        ("138＊＊＊＊8000", "138????8000", 7, 4),
        ("138？？8000", "138??8000", 7, 2),
        ("１３８-0013", "1380013", 7, 0),
        ("+86 138****8000", "138????8000", 7, 4),
        ("0086138****8000", "138????8000", 7, 4),
        ("86138****8000", "138????8000", 7, 4),
        ("+852 51?? 4567", "85251??4567", 9, 2),
        ("8000", "8000", 4, 0),
    ],
)
def test_partial_phones(text: str, pattern: str, known: int, gaps: int) -> None:
    """Every mark becomes one question mark; a digit left out leaves a shorter number."""
    phone = PartialPhone(text)
    assert (phone.pattern, phone.value, phone.known, phone.gaps) == (pattern, pattern, known, gaps)


@pytest.mark.parametrize(
    ("text", "pattern"),
    [
        ("310115********0025", "310115????????0025"),
        ("310115xxxxxxxx002X", "310115????????002X"),
        ("310115199003070xxx", "310115199003070???"),
        ("31011519900307***X", "31011519900307????"),
        ("31011519900307 002", "31011519900307002"),
        ("002x", "002X"),
        ("310115199003070026", "310115199003070026"),
    ],
)
def test_partial_ids(text: str, pattern: str) -> None:
    """A single X after a digit is the check digit; every other x is a mark."""
    assert PartialId(text).pattern == pattern


@pytest.mark.parametrize("text", ["", "****", "????", "x", "不知道", "1" * 25, "12a34"])
@pytest.mark.parametrize("partial", [PartialPhone, PartialId])
def test_nothing_known(partial: type[PartialNumber], text: str) -> None:
    """At least one digit must be known, and nothing else may be written."""
    with pytest.raises(InvalidValueError, match="expected digits and marks for unknown ones") as caught:
        partial(text)
    assert caught.value.do == "write the digits alone, with ? for each one that cannot be read"


def test_a_number_of_no_kind() -> None:
    """The base itself knows the marks that all kinds have in common."""
    assert PartialNumber("12*4").pattern == "12?4"
    with pytest.raises(InvalidValueError):
        PartialNumber("12x4")


def test_matching() -> None:
    """The same length and all known digits; a missing digit is not guessed."""
    phone = PartialPhone("138****8000")
    assert phone.matches("13800138000")
    assert not phone.matches("13900138000")
    assert not phone.matches("1380013800")
    assert not PartialPhone("1380013800").matches("13800138000")


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True), st.sets(st.integers(0, 10), max_size=10), st.data())
def test_a_number_matches_itself_with_any_gaps(digits: str, gaps: set[int], data: st.DataObject) -> None:
    """Whatever is hidden under whichever mark, the number still matches, and the pattern reads back."""
    marks = st.sampled_from("*?_□＊？xX×")
    text = "".join(data.draw(marks) if place in gaps else digit for place, digit in enumerate(digits))
    phone = PartialPhone(text)
    assert phone.gaps == len(gaps)
    assert phone.known == 11 - len(gaps)
    assert phone.matches(digits)
    assert PartialPhone(phone.pattern) == phone
    known = data.draw(st.sampled_from([place for place in range(11) if place not in gaps]))
    other = str((int(digits[known]) + 1) % 10)
    assert not phone.matches(digits[:known] + other + digits[known + 1 :])


def test_the_mask_shows_counts_only() -> None:
    """How much is known, not what."""
    assert repr(PartialPhone("138****8000")) == "PartialPhone('…(7+4)')"
