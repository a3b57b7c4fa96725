"""Documents of people without a resident ID, and the machine-readable zone of passports."""

from __future__ import annotations

import pickle
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import InvalidValueError
from epiguard.identifiers import DOCUMENT_KINDS, Document, DocumentNumber, mrz_check_digit

# The specimen of ICAO Doc 9303, part 4: nobody's passport.
LINE1 = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<"
LINE2 = "L898902C36UTO7408122F1204159ZE184226B<<<<<10"


def test_a_document() -> None:
    """Country and number are folded; the number is masked wherever the document is shown."""
    document = Document(kind="passport", country=" npl ", number="pa 012-3456")
    assert document.country == "NPL"
    assert document.number == DocumentNumber("PA0123456")
    assert document.value == "passport:NPL:PA0123456"
    assert Document.of(document.value) == document
    assert Document.of(document) is document
    assert pickle.loads(pickle.dumps(document)) == document  # noqa: S301 - our own bytes
    assert repr(document) == "Document(kind='passport', country='NPL', number=DocumentNumber('…'))"
    assert str(document) == f"{document}" == repr(document)


@pytest.mark.parametrize("kind", sorted(DOCUMENT_KINDS))
def test_kinds(kind: str) -> None:
    """Each listed kind is accepted, and equal documents hash alike."""
    assert len({Document(kind, "NPL", "123456"), Document(kind, "npl", "123456")}) == 1


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        (("Passport", "NPL", "123456"), "document kind"),
        ((None, "NPL", "123456"), "document kind"),
        (("passport", "NP", "123456"), "document country"),
        (("passport", None, "123456"), "document country"),
        (("passport", "NPL", "12"), "document number"),
        (("passport", "NPL", "1" * 25), "document number"),
        (("passport", "NPL", "护照123456"), "document number"),
    ],
)
def test_refusals(arguments: Any, where: str) -> None:
    """The message names the part that is wrong."""
    with pytest.raises(InvalidValueError) as caught:
        Document(*arguments)
    assert caught.value.where == where


@pytest.mark.parametrize("text", ["passport:NPL", "PA0123456", "", None, 5])
def test_text_of_another_form(text: Any) -> None:
    """Text must be kind:country:number."""
    with pytest.raises(InvalidValueError, match=r"^document: expected kind:country:number"):
        Document.of(text)


@pytest.mark.parametrize(
    ("text", "digit"),
    [("D23145890", "7"), ("340712", "7"), ("AB2134<<<", "5"), ("L898902C3", "6"), ("", "0")],
)
def test_check_digits_of_doc_9303(text: str, digit: str) -> None:
    """The worked examples of ICAO Doc 9303, part 3, section 4.9 and of the specimen."""
    assert mrz_check_digit(text) == digit


@pytest.mark.parametrize("text", ["ab", "护照", "1 2", None])
def test_characters_that_no_zone_has(text: Any) -> None:
    """Only A-Z, 0-9 and < have a value."""
    with pytest.raises(InvalidValueError, match=r"A-Z, 0-9 and < only"):
        mrz_check_digit(text)


def test_the_specimen_passport() -> None:
    """The specimen is read, with spaces and small letters too."""
    document = Document.from_mrz(LINE1, LINE2)
    assert document == Document("passport", "UTO", "L898902C3")
    assert Document.from_mrz(LINE1.lower(), f" {LINE2[:22]} {LINE2[22:]} ") == document


def test_a_german_passport() -> None:
    """The one state whose code is a single letter there."""
    assert Document.from_mrz(LINE1.replace("UTO", "D<<"), LINE2).country == "DEU"


def test_optional_data_may_be_absent() -> None:
    """Then its check digit may be a filler as well as zero."""
    for digit in "<0":
        lower = LINE2[:28] + "<" * 14 + digit
        lower += mrz_check_digit(lower[:10] + lower[13:20] + lower[21:43])
        assert Document.from_mrz(LINE1, lower).number.value == "L898902C3"


@pytest.mark.parametrize(
    ("position", "part"),
    [
        (1, "document number"),
        (14, "birth date"),
        (22, "expiry date"),
        (30, "optional data"),
        (43, "lower line"),
    ],
)
def test_a_wrong_character_is_named_by_its_part(position: int, part: str) -> None:
    """The message tells which part to read again."""
    wrong = "1" if LINE2[position] != "1" else "2"
    with pytest.raises(InvalidValueError) as caught:
        Document.from_mrz(LINE1, LINE2[:position] + wrong + LINE2[position + 1 :])
    assert caught.value.where == f"machine-readable zone, {part}"


@pytest.mark.parametrize(
    ("upper", "lower", "where"),
    [
        (LINE1[:-1], LINE2, "machine-readable zone, upper line"),
        (LINE1, LINE2 + "<", "machine-readable zone, lower line"),
        ("I" + LINE1[1:], LINE2, "machine-readable zone"),
        (None, LINE2, "machine-readable zone, upper line"),
    ],
)
def test_lines_of_another_form(upper: Any, lower: str, where: str) -> None:
    """Short lines and identity cards are refused."""
    with pytest.raises(InvalidValueError) as caught:
        Document.from_mrz(upper, lower)
    assert caught.value.where == where


@given(
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=1, max_size=12),
    st.integers(0, 11),
    st.sampled_from("0123456789"),
)
def test_a_wrong_digit_is_noticed(text: str, position: int, new: str) -> None:
    """Changing one digit changes the check digit: 7, 3 and 1 have no factor in common with 10."""
    position %= len(text)
    old = text[position]
    if old.isdigit() and old != new:
        assert mrz_check_digit(text) != mrz_check_digit(text[:position] + new + text[position + 1 :])
