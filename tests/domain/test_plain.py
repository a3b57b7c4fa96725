"""Every domain value goes to plain data and back, and shows nothing of a person by itself."""

from __future__ import annotations

import json
import pickle
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from epiguard.crossings import Crossing, Traveller
from epiguard.days import TimeSpan
from epiguard.decisions import Claim, Override, Verdict
from epiguard.duties import Alert, Duty
from epiguard.errors import PlainDataError
from epiguard.facts import (
    FACT_KINDS,
    AlertClosed,
    DecisionCancelled,
    DutyAttempted,
    DutyClosed,
    ExportMade,
    LeaveGranted,
    PassRevoked,
    PersonLeft,
    WatchEnded,
    WatchListed,
)
from epiguard.people import Person
from epiguard.plain import _TYPES, PLAIN_VERSION, from_plain, to_plain
from epiguard.quarantine import Contact, Exposure, PeriodChange
from epiguard.registrations import Registration
from epiguard.testing import DOMAIN, FACTS, facts, values

ALL = {**{each: values(each) for each in DOMAIN}, **{each: facts(each) for each in FACTS}}


def test_there_is_a_strategy_for_every_kind_of_fact() -> None:
    """No kind of fact is left out of the round trip below."""
    ours = {kind for kind, each in FACT_KINDS.items() if each.__module__.startswith("epiguard.facts.")}
    assert ours == {each.kind for each in FACTS}


def test_there_is_a_strategy_for_every_domain_type() -> None:
    """No type that has plain data of its own is left out of the round trip below."""
    assert set(_TYPES.values()) == set(DOMAIN)


@pytest.mark.parametrize("kind", ALL, ids=lambda kind: kind.__name__)
@given(data=st.data())
@settings(max_examples=40)
def test_plain_data_comes_back_equal(kind: type[Any], data: st.DataObject) -> None:
    """Through JSON text and back gives an equal value, and pickling does too."""
    value = data.draw(ALL[kind])
    text = json.dumps(to_plain(value), ensure_ascii=False)
    assert from_plain(json.loads(text)) == value
    assert pickle.loads(pickle.dumps(value)) == value  # noqa: S301 - our own value
    assert hash(from_plain(json.loads(text))) == hash(value)


CANARIES: dict[str, Any] = {
    "name": "王小明",
    "resident_id": "310115199003070014",
    "phones": ["13800138000"],
    "residence": "金都新村3号楼2单元502室",
    "plates": ["沪A12345"],
    "cards": ["00712345"],
}


NAMED = "王小明"
SPAN = TimeSpan(datetime(2020, 2, 14, tzinfo=UTC), datetime(2020, 2, 15, tzinfo=UTC))
TOLD = [
    AlertClosed(alert="a-1", outcome=NAMED),
    DecisionCancelled(decision="d-1", reason=NAMED),
    DutyAttempted(duty="d-1", outcome="reached", note=NAMED),
    DutyClosed(duty="d-1", reason=NAMED),
    ExportMade(purpose=NAMED, what=NAMED),
    LeaveGranted(person="p-7", span=SPAN, purpose=NAMED),
    PassRevoked(number="G-1", person="p-7", reason=NAMED),
    PersonLeft(person="p-7", reason=NAMED),
    WatchEnded(person="p-7", reason=NAMED),
    WatchListed(person="p-7", reason=NAMED, until=SPAN.end.date(), plate="沪A12345", card="420106"),
    Alert(kind="found", subject="p-7", texts={"zh": NAMED}),
    Crossing(checkpoint="north", direction="in", at=SPAN.start, travellers=[Traveller()], purpose=NAMED),
    Duty(kind="call", subject="p-7", texts={"zh": NAMED}),
    Override(reason=NAMED, by="cadre-3"),
    PeriodChange(kind="extended", days=7, reason=NAMED, by="cadre-3"),
    Registration(id="r-1", source="paper", written={"name": NAMED}, returning_from="420106"),
    Verdict(effect="hold", code="wait", texts={"zh": NAMED}),
]


@pytest.mark.parametrize("value", TOLD, ids=lambda value: type(value).__name__)
def test_what_somebody_wrote_does_not_show_in_repr_or_str(value: Any) -> None:
    """Reasons, purposes, notes, answers and texts may name people; a log shows none of them."""
    assert NAMED in json.dumps(to_plain(value), ensure_ascii=False)
    assert [each for each in (NAMED, "420106") if each in f"{value!r} {value}"] == []


def test_a_person_does_not_show_in_repr_or_str() -> None:
    """None of the personal values is found in what a log or a traceback would print."""
    from epiguard.identifiers import ResidentId

    number = "31011519900307001"
    canaries = {**CANARIES, "resident_id": number + ResidentId.check_digit_of(number)}
    person = Person(id="p-7", sex="M", **canaries)
    shown = f"{person!r} {person} {[person]} {vars(type(person)).get('__doc__')}"
    plain = [canaries["name"], canaries["resident_id"], "13800138000", "502", "A12345", "00712345"]
    assert [each for each in plain if each in shown] == []
    assert "p-7" in shown


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "from_plain: expected a table with type, version and data, got a value of type list"),
        (
            {"type": "Person", "version": PLAIN_VERSION + 1, "data": {}},
            (
                f"version: expected {PLAIN_VERSION}, got version {PLAIN_VERSION + 1}; "
                "read it with the release of epiguard that wrote it"
            ),
        ),
        (
            {"type": "Dragon", "version": PLAIN_VERSION, "data": {}},
            "type: expected a domain type or a kind of fact, got another name",
        ),
        (
            {"type": "Person", "version": PLAIN_VERSION, "data": {"id": "p-7", "phones": ["13800"]}},
            "Person $.phones[0]: expected data of a Person, got something else",
        ),
        (
            {"type": "Person", "version": PLAIN_VERSION, "data": {"id": "p-7", "shoe": "43"}},
            "Person $: expected data of a Person, got something else",
        ),
    ],
)
def test_data_that_do_not_fit_are_refused_without_showing_them(data: Any, message: str) -> None:
    """A later version, an unknown type, an extra key and a bad value each get a clear error."""
    with pytest.raises(PlainDataError) as caught:
        from_plain(data)
    assert str(caught.value) == message
    assert "13800" not in str(caught.value)


@pytest.mark.parametrize(
    ("value", "field", "wrong"),
    [
        (Traveller(), "asked", "no"),
        (Traveller(), "asked", 0),
        (Traveller(), "temperature", True),
        (Traveller(), "temperature", "36.5"),
        (Traveller(), "person", 7),
        (Claim(name="exit", subject="p-7"), "days", "2"),
        (Claim(name="exit", subject="p-7"), "days", True),
        (DecisionCancelled(decision="d-1", reason="r"), "persons", "p-7"),
        (Registration(id="r-1", source="paper"), "written", "王小明"),
        (Registration(id="r-1", source="paper"), "submitted_at", "2020-02-14T09:30:00"),
        (Exposure(person="p-7", reason=Contact()), "reason", {"type": "Contact", "person": "p-8"}),
    ],
    ids=lambda value: str(value) if isinstance(value, str | int | bool) else type(value).__name__,
)
def test_plain_data_are_read_strictly(value: Any, field: str, wrong: object) -> None:
    """Text is no yes, a number is no id, a text is no list: nothing is bent until it fits."""
    plain = to_plain(value)
    plain["data"][field] = wrong
    with pytest.raises(PlainDataError, match=r"expected data of a \w+, got something else"):
        from_plain(plain)


def test_a_whole_number_is_a_temperature() -> None:
    """JSON writers may drop the point of 37.0."""
    plain = to_plain(Traveller(temperature=37.0))
    plain["data"]["temperature"] = 37
    assert from_plain(plain) == Traveller(temperature=37.0)


def test_a_person_recorded_before_there_was_a_tenancy_is_read() -> None:
    """A record that does not say it is a record where nobody knows it."""
    recorded = to_plain(Person(id="p-7", tenancy="owner"))
    assert recorded["data"].pop("tenancy") == "owner"
    assert from_plain(recorded) == Person(id="p-7")


def test_data_of_no_table_are_refused_by_their_kind() -> None:
    """A list where a person should stand is named as what it is."""
    with pytest.raises(
        PlainDataError, match=r"^Person: expected data of a Person, got text of 3 characters$"
    ):
        from_plain({"type": "Person", "version": PLAIN_VERSION, "data": "p-7"})


@pytest.mark.parametrize("value", [None, "p-7", {"id": "p-7"}, object(), ValueError()])
def test_only_domain_values_have_plain_data(value: object) -> None:
    """Anything else is refused instead of being written in a shape nobody can read back."""
    with pytest.raises(PlainDataError, match="expected a domain value or a fact"):
        to_plain(value)


def test_an_instant_keeps_its_zone_and_its_place_in_an_hour_that_comes_twice() -> None:
    """Offset and zone are written both, so the second half past one comes back as the second."""
    zone = ZoneInfo("America/New_York")
    for fold in (0, 1):
        at = datetime(2020, 11, 1, 1, 30, tzinfo=zone, fold=fold)
        back = from_plain(to_plain(PersonLeft(person="p-7", reason="moved", at=at)))
        assert (back.at.astimezone(UTC), back.at.tzinfo) == (at.astimezone(UTC), zone)
