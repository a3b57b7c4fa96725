"""The resident ID of GB 11643: real people are accepted, slips of the pen are not."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import InvalidValueError
from epiguard.identifiers import RegionCode, ResidentId

VALID = "310115199003070025"


def with_check(first17: str) -> str:
    """Complete an invented number."""
    return first17 + ResidentId.check_digit_of(first17)


first17s = st.builds(
    "{:06d}{:%Y%m%d}{:03d}".format,
    st.integers(0, 999_999),
    st.dates(date(1850, 1, 1), date(2100, 12, 31)),
    st.integers(0, 999),
)


def test_the_example_of_the_standard() -> None:
    """GB 11643-1999 itself computes X and 4 for its two examples."""
    assert ResidentId.check_digit_of("11010519491231002") == "X"
    assert ResidentId.check_digit_of("44052418800101001") == "4"


def test_what_a_number_says() -> None:
    """Region, birth date, sex and check digit are read from it."""
    number = ResidentId(VALID)
    assert number.region == RegionCode("310115")
    assert number.birth_date == date(1990, 3, 7)
    assert number.sex == "F"
    assert ResidentId(with_check("31011519900307003")).sex == "M"
    assert number.check_digit == "5"


@pytest.mark.parametrize(
    "text",
    [
        VALID,
        " 310115 19900307 0025 ",
        "310115-19900307-0025",
        "３１０１１５１９９００３０７００２５",
    ],
)
def test_spellings(text: str) -> None:
    """Full-width digits, spaces and hyphens are understood."""
    assert ResidentId(text).value == VALID


@pytest.mark.parametrize("last", ["X", "x", "Ｘ", "ｘ", "×", "✕"])
def test_the_check_digit_ten(last: str) -> None:
    """X may be small, full-width, or the sign for multiplication."""
    assert ResidentId("11010519491231002" + last).value == "11010519491231002X"


@pytest.mark.parametrize(
    "first17",
    [
        "31011519900307001",  # Pudong exists since 1992: registered there after birth
        "50010319800307001",  # Chongqing became a municipality in 1997
        "51020219700307001",  # a code that was withdrawn
        "44030619700307001",
        "33011320100307001",  # Linping, founded in 2021
        "81000019900307001",  # residence permit, Hong Kong
        "82000019900307001",
        "83000019900307001",  # residence permit, Taiwan
        "90000019900307001",  # permanent residence of a foreigner
        "00000019900307001",
        "31011520000229001",
        "31011518500101001",
    ],
)
def test_no_region_is_a_reason_to_refuse(first17: str) -> None:
    """People whose region a table does not know, or not for their year of birth, are accepted."""
    assert ResidentId(with_check(first17)).value[:17] == first17


def test_fifteen_digits_are_upgraded() -> None:
    """The old form means 19xx and gets its check digit; both forms are one value."""
    assert ResidentId("310115900307002") == ResidentId(VALID)
    assert ResidentId("310115 900307 002").value == VALID


@pytest.mark.parametrize(
    ("text", "do"),
    [
        ("31011519900307002", "compare it with the card, or leave it out; PartialId keeps gaps"),
        ("3101151990030700255", "compare it with the card, or leave it out; PartialId keeps gaps"),
        ("310115********0025", "compare it with the card, or leave it out; PartialId keeps gaps"),
        ("310115199003070026", "a digit is wrong or two changed places; compare it with the card"),
        ("310115199002300023", "digits 7 to 14 must be a birth date; compare them with the card"),
        ("310115184912310023", "digits 7 to 14 must be a birth date; compare them with the card"),
        ("310115901307002", "digits 7 to 14 must be a birth date; compare them with the card"),
        ("٣١٠١١٥١٩٩٠٠٣٠٧٠٠٢٥", "compare it with the card, or leave it out; PartialId keeps gaps"),
    ],
)
def test_refusals(text: str, do: str) -> None:
    """Each kind of mistake has its own advice."""
    with pytest.raises(InvalidValueError, match=r"^resident ID: expected an 18-digit resident ID") as caught:
        ResidentId(text)
    assert caught.value.do == do


@given(first17s)
def test_every_number_with_its_check_digit_is_read(first17: str) -> None:
    """Whatever the region and the day, and reading the value again gives the same."""
    number = ResidentId(with_check(first17))
    assert number.value[:17] == first17
    assert number.birth_date.strftime("%Y%m%d").zfill(8) == first17[6:14]
    assert ResidentId(number.value.lower()) == number


@given(first17s, st.integers(0, 17), st.integers(1, 9))
def test_one_wrong_digit_is_always_noticed(first17: str, position: int, shift: int) -> None:
    """Changing any single digit makes a number that is refused (ISO 7064 promises it)."""
    number = with_check(first17)
    old = number[position]
    new = "0" if old == "X" else str((int(old) + shift) % 10)
    with pytest.raises(InvalidValueError):
        ResidentId(number[:position] + new + number[position + 1 :])


@given(first17s, st.integers(0, 15))
def test_two_exchanged_neighbours_are_always_noticed(first17: str, position: int) -> None:
    """The commonest slip of the pen is refused."""
    number = with_check(first17)
    one, two = number[position], number[position + 1]
    if one != two:
        with pytest.raises(InvalidValueError):
            ResidentId(number[:position] + two + one + number[position + 2 :])


@pytest.mark.parametrize("wrong", ["", "1234", "3101151990030700X", None, 31011519900307002])
def test_check_digit_of_wants_seventeen_digits(wrong: str) -> None:
    """Anything else is refused."""
    with pytest.raises(InvalidValueError, match="expected the first 17 digits"):
        ResidentId.check_digit_of(wrong)


def test_the_mask_shows_the_province_and_the_length() -> None:
    """Two digits of eighteen."""
    assert repr(ResidentId(VALID)) == "ResidentId('31****************')"
