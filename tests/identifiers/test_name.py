"""Names come to one writing and show one character at most."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import InvalidValueError
from epiguard.identifiers import PersonName


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("王小明", "王小明"),
        (" 王 小　明 ", "王小明"),
        ("\ufeff王小\u200b明", "王小明"),
        ("买买提·艾力", "买买提·艾力"),
        ("买买提 • 艾力", "买买提·艾力"),
        ("买买提．艾力", "买买提·艾力"),
        ("买买提・艾力", "买买提·艾力"),
        ("Maria   da\tSilva", "Maria da Silva"),
        ("Ｍａｒｉａ Silva", "Maria Silva"),
        ("Martin L. King Jr.", "Martin L. King Jr."),
        ("王小明 Tom", "王小明 Tom"),
        ("𠀀小明", "𠀀小明"),
        ("王〇", "王〇"),
        ("O'Neill-Müller", "O'Neill-Müller"),
    ],
)
def test_spellings_of_a_name(text: str, value: str) -> None:
    """Widths, spaces and dots are folded; the name itself is not touched."""
    assert PersonName(text).value == value


@pytest.mark.parametrize("text", ["", "  ", "123", "？？", "···", "王" * 61, "王\x00明"])
def test_what_is_no_name(text: str) -> None:
    """Blank, letterless, overlong and control-ridden texts are refused."""
    with pytest.raises(InvalidValueError, match=r"^name: expected a name of 1 to 60 characters"):
        PersonName(text)


@pytest.mark.parametrize(
    ("text", "mask"),
    [
        ("王小明", "王**"),
        ("王明", "王**"),
        ("王", "*"),
        ("欧阳青青", "欧**"),
        ("Maria Silva", "M***"),
        ("A", "*"),
    ],
)
def test_mask_of_a_name(text: str, mask: str) -> None:
    """The first character or initial, and not even the length."""
    assert str(PersonName(text)) == mask
    assert repr(PersonName(text)) == f"PersonName({mask!r})"


@given(st.text(alphabet=st.sampled_from("王小明欧阳·ABcd .　ü"), min_size=1, max_size=70))
def test_reading_the_value_again_changes_nothing(text: str) -> None:
    """The canonical text is canonical."""
    try:
        name = PersonName(text)
    except InvalidValueError:
        return
    assert PersonName(name.value) == name
