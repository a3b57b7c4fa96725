"""Card numbers keep their zeros, and texts on forms are kept to the letter."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import InvalidValueError
from epiguard.identifiers import CardNumber, PersonalText


@pytest.mark.parametrize(
    ("text", "value"), [("0071", "0071"), (" 0071 ", "0071"), ("００７１", "0071"), ("A-07 1", "A-07 1")]
)
def test_card_numbers(text: str, value: str) -> None:
    """A card number is a name: zeros stay, widths are folded."""
    assert CardNumber(text).value == value


@pytest.mark.parametrize("text", ["", " ", "00\t71", "0" * 65])
def test_what_is_no_card_number(text: str) -> None:
    """Blank, unprintable and overlong ones are refused."""
    with pytest.raises(InvalidValueError, match=r"^card number: expected 1 to 64 printable characters"):
        CardNumber(text)


@given(st.text(min_size=1))
def test_text_as_written_is_kept_exactly(text: str) -> None:
    """Nothing is folded, stripped or cut; only blank text is refused."""
    if text.strip():
        assert PersonalText(text).value == text
        assert repr(PersonalText(text)) == "PersonalText('…')"
    else:
        with pytest.raises(InvalidValueError):
            PersonalText(text)
