"""No personal value shows itself, whichever way it is printed, and all of them are values."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.errors import InvalidValueError
from epiguard.identifiers import (
    CardNumber,
    Document,
    DocumentNumber,
    PartialId,
    PartialPhone,
    PersonalText,
    PersonName,
    Phone,
    Plate,
    RegionCode,
    Residence,
    ResidentId,
)
from epiguard.identifiers._masked import Masked

STRICT: list[type[Masked]] = [
    CardNumber,
    DocumentNumber,
    PartialId,
    PartialPhone,
    PersonName,
    PersonalText,
    Phone,
    Plate,
    Residence,
    ResidentId,
]
LONGEST_RUN = 3


def runs(value: str) -> set[str]:
    """Every stretch of the value that is longer than a mask may show."""
    return {value[start : start + LONGEST_RUN] for start in range(len(value) - LONGEST_RUN + 1)} | {value}


def shown(value: object) -> list[str]:
    """Every way to print it."""
    return [
        repr(value),
        str(value),
        f"{value}",
        f"{value!s:>40}",
        "%s %r" % (value, value),  # noqa: UP031 - this way of printing is what is tested
        "{}".format(value),  # noqa: UP032 - the same
        repr([value]),
        repr({"value": value}),
    ]


def test_no_way_of_printing_shows_a_value(personal: Masked) -> None:
    """repr, str, format and containers show neither the value nor three characters of it in a row."""
    for text in shown(personal):
        for run in runs(personal.value):
            assert run not in text.replace(type(personal).__name__, "")


def test_the_plain_value_is_asked_for_by_name(personal: Masked) -> None:
    """Formatting ``.value`` is the one way to see it, and it parses back to an equal value."""
    assert type(personal)(personal.value) == personal
    assert type(personal).of(personal.value) == personal
    assert type(personal).of(personal) is personal


def test_values_are_values(personal: Masked) -> None:
    """Equal values hash alike, survive pickle and copy, and cannot be changed."""
    for other in (pickle.loads(pickle.dumps(personal)), copy.copy(personal), copy.deepcopy(personal)):  # noqa: S301 - our own
        assert other == personal
        assert hash(other) == hash(personal)
        assert repr(other) == repr(personal)
    assert personal != personal.value
    for name in ("_value", "anything"):
        with pytest.raises(AttributeError, match="frozen"):
            setattr(personal, name, "x")
    with pytest.raises(AttributeError, match="frozen"):
        del personal._value


def test_a_type_without_a_mask_of_its_own_shows_nothing() -> None:
    """A new type is safe before anybody thinks of its mask."""

    class Note(Masked):
        __slots__ = ()

    assert Note(" some words ").value == "some words"
    assert repr(Note("some words")) == "Note('…')"
    with pytest.raises(InvalidValueError, match=r"^value: expected text, got blank text$"):
        Note("  ")


def test_types_do_not_mix() -> None:
    """The same text as a card and as a note is not one value."""
    assert CardNumber("0071") != PersonalText("0071")
    assert len({CardNumber("0071"), PersonalText("0071"), CardNumber("0071")}) == 2


def test_asdict_does_not_lay_a_value_bare() -> None:
    """attrs.asdict of whatever holds a value keeps it masked."""

    @attrs.frozen
    class Holder:
        name: PersonName
        document: Document

    holder = Holder(PersonName("王小明"), Document("passport", "NPL", "PA0123456"))
    text = repr(attrs.asdict(holder)) + repr(holder) + str(holder)
    assert "小明" not in text
    assert "0123" not in text


@pytest.mark.parametrize("strict", STRICT)
@pytest.mark.parametrize("wrong", [None, 13800138000, 1.5, b"12", ["12"], ""])
def test_what_is_not_text_is_refused_by_kind(strict: type[Masked], wrong: Any) -> None:
    """None, numbers, bytes and blank text are an InvalidValueError, never another exception."""
    with pytest.raises(InvalidValueError):
        strict.of(wrong)


@pytest.mark.parametrize("strict", [*STRICT, RegionCode, Document])
@given(text=st.text(max_size=40))
def test_any_text_is_a_value_or_one_clear_refusal(strict: Any, text: str) -> None:
    """Hostile text never raises anything else, and what it gives reads back to itself."""
    try:
        value = strict.of(text)
    except InvalidValueError:
        return
    assert strict.of(value.value) == value


BAD: list[tuple[Any, str]] = [
    (PersonName, "1380013800"),
    (ResidentId, "310115199003070026"),
    (ResidentId, "310115199013070026"),
    (ResidentId, "31011519900307"),
    (Phone, "1380013800"),
    (Phone, "1380****000"),
    (Phone, "021-64321000转8001"),
    (Phone, "64321000"),
    (Phone, "+99912345678"),
    (Plate, "沪AOI345"),
    (Plate, "京A123"),
    (Residence, "阳光花园老王家隔壁"),
    (Residence, "1704室"),
    (PartialPhone, "阳光花园老王家隔壁"),
    (PartialId, "阳光花园老王家隔壁"),
    (CardNumber, "0071\n2345"),
    (DocumentNumber, "PA01234!"),
    (Document, "passport:NEPAL:PA0123456"),
    (Document, "carnet:NPL:PA0123456"),
]


@pytest.mark.parametrize(("strict", "text"), BAD, ids=lambda value: getattr(value, "__name__", ""))
def test_a_refusal_says_what_to_do_and_never_what_was_written(strict: Any, text: str) -> None:
    """Message, repr, arguments and the pickled error are free of the text, and the message is complete."""
    with pytest.raises(InvalidValueError) as caught:
        strict.of(text)
    error = caught.value
    again = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes
    assert str(again) == str(error)
    assert error.where
    assert error.expected
    assert error.got
    assert error.do
    assert error.__cause__ is None
    assert error.__context__ is None or error.__suppress_context__
    for run in {text[start : start + 4] for start in range(len(text) - 3)}:
        for said in (str(error), repr(error), repr(error.args), repr(pickle.dumps(error))):
            assert run not in said
