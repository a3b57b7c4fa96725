"""Errors say where, what was expected, what came and what to do, and go from process to process."""

from __future__ import annotations

import copy
import pickle

import attrs
import pytest

from epiguard import errors
from epiguard.errors import EpiguardError, IntakeError, InvalidValueError, UnknownIdError, kind_of

CLASSES = [getattr(errors, name) for name in errors.__all__ if name.endswith("Error")]


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (None, "nothing"),
        (True, "true or false"),
        ("", "blank text"),
        (" \u3000", "blank text"),
        ("王", "text of 1 character"),
        ("13800138000", "text of 11 characters"),
        (310115199003070014, "a whole number"),
        (36.5, "a number"),
        (["王小明"], "a value of type list"),
    ],
)
def test_a_value_is_described_by_its_kind(value: object, kind: str) -> None:
    """What came is told without being repeated, so a message can be logged or shown."""
    assert kind_of(value) == kind


@pytest.mark.parametrize("cls", CLASSES)
def test_every_error_has_one_root_and_one_form(cls: type[EpiguardError]) -> None:
    """Whoever catches the root catches all; the sentence about what to do is there if there is one."""
    assert issubclass(cls, EpiguardError)
    assert str(cls("Person.sex", expected="'M'", got="nothing")) == "Person.sex: expected 'M', got nothing"
    told = cls("Person.sex", expected="'M'", got="nothing", do="leave it out")
    assert str(told) == "Person.sex: expected 'M', got nothing; leave it out"
    assert (told.where, told.expected, told.got, told.do) == ("Person.sex", "'M'", "nothing", "leave it out")


@pytest.mark.parametrize("cls", CLASSES)
@pytest.mark.parametrize("again", [copy.copy, lambda error: pickle.loads(pickle.dumps(error))])  # noqa: S301 - our own
def test_an_error_is_copied_whole(cls: type[EpiguardError], again: object) -> None:
    """An error raised in a worker process arrives as what it was."""
    error = cls("site.toml: rules[1].limit", expected="a number", got="a date", do="correct it")
    other = again(error)  # type: ignore[operator]  # one of the two functions above
    assert type(other) is cls
    assert (str(other), vars(other)) == (str(error), vars(error))


def test_a_refused_file_lists_every_problem() -> None:
    """One line for each bad cell, below the sentence about the file; also after pickling."""
    error = IntakeError(
        "residents.csv", expected="a register", got="2 bad cells", problems=("row 2, phone", "row 9, name")
    )
    lines = ["residents.csv: expected a register, got 2 bad cells", "  row 2, phone", "  row 9, name"]
    assert str(error).splitlines() == lines
    assert str(pickle.loads(pickle.dumps(error))) == str(error)  # noqa: S301 - our own value


def test_errors_are_what_python_would_have_raised_too() -> None:
    """A bad value is a ValueError and an unknown id a LookupError, for whoever catches those."""
    assert issubclass(InvalidValueError, ValueError)
    assert issubclass(UnknownIdError, LookupError)


def test_attrs_objects_are_described_by_their_type() -> None:
    """Not even the repr of one of our own values is taken into a message."""

    @attrs.frozen
    class Card:
        number: str

    assert kind_of(Card("G-0031")) == "a value of type Card"
