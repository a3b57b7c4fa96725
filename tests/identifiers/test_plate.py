"""Chinese number plates of all common kinds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import InvalidValueError
from epiguard.identifiers import Plate

PROVINCES = "京津冀晋蒙辽吉黑沪苏浙皖闽赣鲁豫鄂湘粤桂琼渝川贵云藏陕甘青宁新"
SERIAL = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"


@pytest.mark.parametrize(
    ("text", "value", "new_energy"),
    [
        ("沪A12345", "沪A12345", False),
        ("沪A·12345", "沪A12345", False),
        ("沪A.12345", "沪A12345", False),
        ("沪a-12345", "沪A12345", False),
        (" 沪 A 12345 ", "沪A12345", False),
        ("沪Ａ•１２３４５", "沪A12345", False),
        ("京OA1234", "京OA1234", False),
        ("沪AD12345", "沪AD12345", True),
        ("沪AF1234A"[:2] + "F12345", "沪AF12345", True),
        ("沪A12345D", "沪A12345D", True),
        ("沪A1234警", "沪A1234警", False),
        ("沪A1234学", "沪A1234学", False),
        ("沪A1234挂", "沪A1234挂", False),
        ("粤Z1234港", "粤Z1234港", False),
        ("粤Z1234澳", "粤Z1234澳", False),
        ("沪A1234领", "沪A1234领", False),
        ("京A1234使", "京A1234使", False),
        ("使014578", "使014578", False),
        ("沪X1234应急", "沪X1234应急", False),
    ],
)
def test_plates(text: str, value: str, new_energy: bool) -> None:
    """Separators go, letters become capital, special endings stay."""
    plate = Plate(text)
    assert plate.value == value
    assert plate.is_new_energy is new_energy
    assert plate.province == value[0]


@pytest.mark.parametrize(
    "text",
    [
        "A12345",
        "沪12345",
        "沪A1234",
        "沪A123456",
        "沪A1234567",
        "沪I12345",
        "上A12345",
        "沪A123学5",
        "沪沪A1234",
        "12345",
    ],
)
def test_what_is_no_plate(text: str) -> None:
    """Missing or surplus characters are refused."""
    with pytest.raises(InvalidValueError, match=r"^plate: expected a Chinese number plate") as caught:
        Plate(text)
    assert caught.value.do == "copy all characters from the plate, with its province"


@pytest.mark.parametrize("text", ["沪A1234O", "沪AI2345", "沪ADO2345", "沪aol234".replace("l", "i")])
def test_letters_that_plates_do_not_have(text: str) -> None:
    """O and I are not silently turned into digits: the reader is told."""
    with pytest.raises(InvalidValueError) as caught:
        Plate(text)
    assert caught.value.do == "plates have no letters O and I there; look again and write 0 or 1"


@given(
    st.builds(
        "{}{}{}".format,
        st.sampled_from(PROVINCES),
        st.sampled_from("ABCDEFGHJKLMNOPQRSTUVWXYZ"),
        st.text(SERIAL, min_size=5, max_size=5),
    ),
    st.sampled_from(["", "·", " ", "-", "."]),
)
def test_round_trip(plate: str, separator: str) -> None:
    """Every ordinary plate is read in every spelling."""
    written = f"{plate[:2]}{separator}{plate[2:]}".lower()
    assert Plate(written).value == plate
    assert Plate(Plate(written).value) == Plate(plate)


def test_the_mask_shows_the_province() -> None:
    """And not the length, which would tell a new-energy car."""
    assert repr(Plate("沪A12345")) == "Plate('沪******')"
