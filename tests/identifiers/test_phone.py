"""A Phone is a number that can be called; anything less is refused."""

from __future__ import annotations

import subprocess
import sys

import phonenumbers
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import InvalidValueError
from epiguard.identifiers import Phone

mobiles = st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True)


@pytest.mark.parametrize(
    ("text", "value", "national", "country", "is_mobile"),
    [
        ("13800138000", "+8613800138000", "13800138000", "86", True),
        ("138 0013 8000", "+8613800138000", "13800138000", "86", True),
        ("138-0013-8000", "+8613800138000", "13800138000", "86", True),
        ("138—0013—8000", "+8613800138000", "13800138000", "86", True),
        ("１３８００１３８０００", "+8613800138000", "13800138000", "86", True),
        ("+86 138 0013 8000", "+8613800138000", "13800138000", "86", True),
        ("（＋86）13800138000", "+8613800138000", "13800138000", "86", True),
        ("008613800138000", "+8613800138000", "13800138000", "86", True),
        ("8613800138000", "+8613800138000", "13800138000", "86", True),
        ("013800138000", "+8613800138000", "13800138000", "86", True),
        ("021-64321000", "+862164321000", "2164321000", "86", False),
        ("(0571) 8888 0000", "+8657188880000", "57188880000", "86", False),
        ("010-62550100", "+861062550100", "1062550100", "86", False),
        ("+86 10 6255 0100", "+861062550100", "1062550100", "86", False),
        ("400-810-0000", "+864008100000", "4008100000", "86", False),
        ("+852 5123 4567", "+85251234567", "51234567", "852", True),
        ("00852 5123 4567", "+85251234567", "51234567", "852", True),
        ("+977 984-1234567", "+9779841234567", "9841234567", "977", True),
        ("+1 212 555 0123", "+12125550123", "2125550123", "1", True),
        ("+39 06 698 12345", "+390669812345", "0669812345", "39", False),
    ],
)
def test_spellings(text: str, value: str, national: str, country: str, is_mobile: bool) -> None:
    """Mainland and foreign numbers come to E.164 and read back to the same."""
    for phone in (Phone(text), Phone(value)):
        assert phone.value == value
        assert phone.national == national
        assert phone.country == country
        assert phone.is_mobile is is_mobile


def test_numbers_of_another_region() -> None:
    """Without a country code a number belongs where the caller says."""
    assert Phone("5123 4567", region="HK").value == "+85251234567"
    assert Phone("+8613800138000", region="HK") == Phone("13800138000")
    with pytest.raises(InvalidValueError, match=r"^phone region: expected a country of two capital letters"):
        Phone("5123 4567", region="hk")


@pytest.mark.parametrize(
    ("text", "do"),
    [
        ("1380****000", "ask again, or leave it out; PartialPhone keeps gaps"),
        ("138 0013 800?", "ask again, or leave it out; PartialPhone keeps gaps"),
        ("138xxxx8000", "ask again, or leave it out; PartialPhone keeps gaps"),
        (
            "1380013800",
            "a mainland mobile has 11 digits; ask again, or leave it out; PartialPhone keeps gaps",
        ),
        ("138001380", "a mainland mobile has 11 digits; ask again, or leave it out; PartialPhone keeps gaps"),
        (
            "138001380000",
            "a mainland mobile has 11 digits; ask again, or leave it out; PartialPhone keeps gaps",
        ),
        (
            "+86 138 0013 800",
            "a mainland mobile has 11 digits; ask again, or leave it out; PartialPhone keeps gaps",
        ),
        (
            "0086138001380",
            "a mainland mobile has 11 digits; ask again, or leave it out; PartialPhone keeps gaps",
        ),
        (
            "861380013800",
            "a mainland mobile has 11 digits; ask again, or leave it out; PartialPhone keeps gaps",
        ),
        (
            "1062550100",
            "a mainland mobile has 11 digits; ask again, or leave it out; PartialPhone keeps gaps",
        ),
        ("12345", "a mainland mobile has 11 digits; ask again, or leave it out; PartialPhone keeps gaps"),
        ("021-64321000转8001", "leave out the extension and keep it in a note"),
        ("021-64321000 ext. 8001", "leave out the extension and keep it in a note"),
        (
            "64321000",
            "give the area code or the country code; ask again, or leave it out; PartialPhone keeps gaps",
        ),
        (
            "+852 5123",
            "give the area code or the country code; ask again, or leave it out; PartialPhone keeps gaps",
        ),
        ("+999123456789", "ask again, or leave it out; PartialPhone keeps gaps"),
        ("没有电话", ""),
        ("١٣٨٠٠١٣٨٠٠٠", ""),
    ],
)
def test_refusals(text: str, do: str) -> None:
    """What is masked, short or ambiguous is refused, with advice."""
    with pytest.raises(InvalidValueError, match=r"^phone: expected a complete telephone number") as caught:
        Phone(text)
    assert caught.value.do == do


@given(mobiles)
def test_every_mobile_is_read(digits: str) -> None:
    """Eleven digits from 13 to 19 are a mobile, in every spelling."""
    phone = Phone(digits)
    assert phone.national == digits
    assert phone.is_mobile
    for spelling in (
        f"+86 {digits}",
        f"{digits[:3]} {digits[3:7]} {digits[7:]}",
        f"0086-{digits}",
        phone.value,
    ):
        assert Phone(spelling) == phone


@given(mobiles, st.integers(0, 10))
def test_a_mobile_that_lost_a_digit_is_refused(digits: str, position: int) -> None:
    """No shortened mobile becomes somebody else's number, unless what is left is none."""
    short = digits[:position] + digits[position + 1 :]
    if short.startswith("1"):
        with pytest.raises(InvalidValueError):
            Phone(short)
        with pytest.raises(InvalidValueError):
            Phone(f"+86{short}") if short[1] in "3456789" else Phone(short)


@given(mobiles)
def test_the_fast_path_agrees_with_phonenumbers(digits: str) -> None:
    """Where phonenumbers knows the block, it says the same."""
    number = phonenumbers.parse(digits, "CN")
    if phonenumbers.is_valid_number(number):
        assert phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164) == Phone(digits).value


def test_mobiles_do_not_import_phonenumbers() -> None:
    """Most users have mobiles only and need not pay for the import."""
    code = (
        "import sys; from epiguard.identifiers import Phone; p = Phone('138 0013 8000'); p.is_mobile;"
        "sys.exit('phonenumbers' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0  # our own code


def test_the_mask_shows_two_digits() -> None:
    """The last two, to tell two numbers apart on the screen, and nothing else."""
    assert repr(Phone("13800138012")) == "Phone('…12')"
