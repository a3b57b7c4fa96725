"""Loose readers: whole numbers where there are any, else what is left, never a guess."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import InvalidValueError
from epiguard.identifiers import (
    PartialId,
    PartialPhone,
    Phone,
    ResidentId,
    read_phone,
    read_resident_id,
    spreadsheet_number_id,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("13800138000", Phone("13800138000")),
        ("电话：138-0013-8000（家）", Phone("13800138000")),
        ("手机13800138000，3号楼502", Phone("13800138000")),
        ("13800138000/13900139000", Phone("13800138000")),
        ("座机 021-64321000", Phone("021-64321000")),
        ("+852 5123 4567", Phone("+85251234567")),
        ("138 12?4 567", PartialPhone("13812?4567")),
        ("1380****000", PartialPhone("1380????000")),
        ("手机138OO138OOO", PartialPhone("138??138???")),
        ("电话?138001380", PartialPhone("?138001380")),
        ("尾号8000", PartialPhone("8000")),
        ("3单元 1380013800", PartialPhone("1380013800")),
        ("Box 1380013800 ext", PartialPhone("1380013800")),
    ],
)
def test_phones_on_forms(text: str, expected: object) -> None:
    """The complete number if there is one, else the longest piece."""
    assert read_phone(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("310115199003070025", ResidentId("310115199003070025")),
        ("身份证号：310115 19900307 0025", ResidentId("310115199003070025")),
        ("王小明310115199003070025", ResidentId("310115199003070025")),
        ("11010519491231002x", ResidentId("11010519491231002X")),
        ("310115900307002", ResidentId("310115199003070025")),
        ("310115199003070026", PartialId("310115199003070026")),
        ("310115********0025", PartialId("310115????????0025")),
        ("3101151990030700", PartialId("3101151990030700")),
        ("后四位0025", PartialId("0025")),
    ],
)
def test_resident_ids_on_forms(text: str, expected: object) -> None:
    """A wrong check digit or a gap makes it partial; nothing is thrown away."""
    assert read_resident_id(text) == expected


def test_fifteen_digits_of_a_child_do_not_become_a_centenarian() -> None:
    """Born in 2010 with three digits missing looks like the old form of somebody born in 1920."""
    truncated = "310115201005120"
    assert read_resident_id(truncated) == PartialId(truncated)


@pytest.mark.parametrize("read", [read_phone, read_resident_id])
@pytest.mark.parametrize("text", ["", "没有", "****", "xxx", None, 138])
def test_nothing_usable(read: Any, text: Any) -> None:
    """No digit, no number."""
    with pytest.raises(InvalidValueError):
        read(text)


@given(st.text(alphabet="0123456789*?xXOlI-+ 电话()\n转", max_size=30))
def test_any_scribble_with_a_digit_is_read_or_refused(text: str) -> None:
    """Readers of forms raise nothing but InvalidValueError."""
    for read in (read_phone, read_resident_id):
        try:
            read(text)
        except InvalidValueError:
            continue


@pytest.mark.parametrize(
    ("number", "pattern"),
    [
        (310115199003070000, "310115199003070???"),
        (310115199003079000.0, "310115199003079???"),
        (310115900307002, "310115900307002"),
        (310115900307002.0, "310115900307002"),
        (31011519900307002.0, "310115199003070??"),
        (310115199003070025, "310115199003070???"),
    ],
)
def test_ids_that_went_through_a_spreadsheet(number: float, pattern: str) -> None:
    """Fifteen digits are kept, the rest is unknown whatever the file shows."""
    assert spreadsheet_number_id(number).pattern == pattern


@given(st.from_regex(r"[1-9][0-9]{14}", fullmatch=True))
def test_what_excel_kept_is_recovered(kept: str) -> None:
    """Excel keeps 15 digits and writes zeros; the double nearest to that still gives these 15."""
    assert spreadsheet_number_id(float(kept + "000")).pattern == kept + "???"


@pytest.mark.parametrize("number", [0, -5, 1.5, float("nan"), float("inf"), 10**18, True, "310115", None])
def test_what_no_id_can_have_been(number: Any) -> None:
    """Fractions, signs, NaN and numbers too long are refused."""
    with pytest.raises(InvalidValueError, match=r"^resident ID in a spreadsheet: expected a whole number"):
        spreadsheet_number_id(number)
