"""Forms, as they were written."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest

from epiguard.errors import InvalidValueError
from epiguard.identifiers import PersonalText, RegionCode
from epiguard.registrations import FORM_FIELDS, Registration, RegistrationSource


def form(**options: Any) -> Registration:
    """A paper form."""
    return Registration(**{"id": "r-1", "source": "paper", **options})


def test_what_was_written_is_kept_exactly() -> None:
    """Blanks, full-width digits and slips are evidence; nothing is corrected."""
    written = {"name": " 王小朋 ", "phone": "1380013８00", "其他": "三轮车"}
    kept = form(written=written).written
    assert {key: value.value for key, value in kept.items()} == written
    assert form(written={"name": PersonalText("王小朋")}) == form(written={"name": "王小朋"})


def test_answers_stand_in_one_order() -> None:
    """The fields that tell who somebody is first, so that equal forms look alike wherever they come from."""
    written = {"其他": "x", "card": "1", "name": "王"}
    assert list(form(written=written).written) == ["name", "card", "其他"]
    assert set(FORM_FIELDS) >= {"name", "card"}


def test_answers_cannot_be_changed() -> None:
    """A form is a record; a later answer is a later form."""
    kept: Any = form(written={"name": "王小明"}).written
    with pytest.raises(TypeError):
        kept["name"] = "李芳"


def test_a_form_has_a_subject_of_its_own_until_it_is_linked() -> None:
    """Facts about it are kept under its id, not under a name somebody wrote."""
    assert form().subject == "form:r-1"
    assert form(source=RegistrationSource.GATE, person="p-7").subject == "form:r-1"
    assert form(returning_from="420106").returning_from == RegionCode("420106")


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: form(id="form 1"), r"^Registration\.id: expected an identifier"),
        (
            lambda: form(source="letter"),
            r"^Registration\.source: expected one of 'paper', 'questionnaire', 'gat",
        ),
        (
            lambda: form(written="王小明"),
            r"^Registration\.written: expected a text per name of a field, got t",
        ),
        (lambda: form(written={1: "王小明"}), r"^Registration\.written: expected a text per name of a field"),
        (lambda: form(written={"name": " "}), r"^text as written: expected text that is not blank"),
        (lambda: form(written={"name": None}), r"^text as written: .*, got nothing"),
        (lambda: form(submitted_at=datetime(2020, 2, 13)), r"^Registration\.submitted_at: .* time zone"),  # noqa: DTZ001 - the point
        (lambda: form(returning_from="Wuhan"), r"^region code: expected six digits"),
        (lambda: form(left_on="2020-02-01"), r"^Registration\.left_on: expected a date without a time"),
        (lambda: form(arrived_on=20200201), r"^Registration\.arrived_on: .*, got a whole number"),
        (lambda: form(person="王 小明"), r"^Registration\.person: expected an identifier"),
    ],
)
def test_bad_forms_say_what_was_expected(make: Callable[[], Any], message: str) -> None:
    """Each bad field gets one clear error; none repeats what was written."""
    with pytest.raises(InvalidValueError, match=message) as caught:
        make()
    assert "王" not in str(caught.value)


def test_dates_of_the_journey_are_kept_as_they_were_read() -> None:
    """Leaving after arriving is a slip of the pen for a human to clear up, not for a class to refuse."""
    slip = form(left_on=date(2020, 2, 3), arrived_on=date(2020, 2, 1))
    assert (slip.left_on, slip.arrived_on) == (date(2020, 2, 3), date(2020, 2, 1))
