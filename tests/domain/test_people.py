"""People, households over time, and relationships."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.days import DaySpan
from epiguard.errors import InvalidValueError
from epiguard.identifiers import CardNumber, Document, PersonName, Phone, Plate, RegionCode, Residence
from epiguard.people import Household, Membership, Person, Relation, Relationship

MARCH = date(2020, 3, 1)
ids = st.from_regex(r"[a-z]{1,3}-[0-9]{1,5}", fullmatch=True)
dates = st.dates(date(2019, 12, 1), date(2020, 12, 31))
# What somebody without a type checker may pass.
ANY_PERSON: Any = Person
ANY_MEMBERSHIP: Any = Membership
ANY_HOUSEHOLD: Any = Household
ANY_RELATIONSHIP: Any = Relationship


def test_text_is_accepted_where_a_value_object_stands() -> None:
    """A register's row goes in as it is; the person holds parsed values, in the order they were given."""
    person = Person(
        id="p-7",
        name="王小明",
        latin_name="Wang Xiaoming",
        phones=["13800138000", "021-64121234"],
        residence="3号楼2单元502室",
        registered_region="420106",
        plates=["沪A·12345"],
        cards=["0071"],
    )
    assert person.name == PersonName("王小明")
    assert person.latin_name == PersonName("Wang Xiaoming")
    assert person.phones == (Phone("13800138000"), Phone("021-64121234"))
    assert person.residence == Residence("3号楼2单元502室")
    assert person.registered_region == RegionCode("420106")
    assert (person.plates, person.cards) == ((Plate("沪A12345"),), (CardNumber("0071"),))


def test_a_person_of_whom_hardly_anything_is_known_is_a_normal_person() -> None:
    """No ID, no phone, no Chinese name: a passport and a guardian are as good."""
    child = Person(
        id="p-9",
        documents=[Document(kind="passport", country="NPL", number="A1234567")],
        guardian="p-8",
    )
    assert (child.name, child.resident_id, child.phones) == (None, None, ())
    assert child.resident
    assert not Person(id="l-1", resident=False).resident


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ANY_PERSON(id="王 小明"), r"^Person\.id: expected an identifier"),
        (lambda: ANY_PERSON(id="王小明"), r"^Person\.id: expected a pseudonym"),
        (lambda: ANY_PERSON(id="13800138000"), r"^Person\.id: expected a pseudonym"),
        (lambda: Household(id="3号楼502"), r"^Household\.id: expected a pseudonym"),
        (lambda: ANY_PERSON(id="p-7", tenancy="业主"), r"^Person\.tenancy: expected "),
        (
            lambda: ANY_PERSON(id="p-7", sex="男"),
            r"^Person\.sex: expected 'M', 'F' or nothing, got text of 1 char",
        ),
        (
            lambda: ANY_PERSON(id="p-7", birth_date=datetime(1985, 3, 12, tzinfo=UTC)),
            r"^Person\.birth_date: ",
        ),
        (
            lambda: ANY_PERSON(id="p-7", phones="13800138000"),
            r"^Person\.phones: expected a list of values, got t",
        ),
        (
            lambda: ANY_PERSON(id="p-7", documents=["A1234567"]),
            r"^Person\.documents: expected Document values",
        ),
        (lambda: ANY_PERSON(id="p-7", guardian="his mother"), r"^Person\.guardian: "),
        (lambda: ANY_PERSON(id="p-7", resident=None), r"^Person\.resident: expected bool, got nothing$"),
        (
            lambda: ANY_MEMBERSHIP(person="p-7", since=MARCH, until=MARCH),
            r"^Membership\.until: expected a date a",
        ),
        (
            lambda: ANY_MEMBERSHIP(person="p-7", since="2020-03-01"),
            r"^Membership\.since: expected a date withou",
        ),
        (
            lambda: ANY_HOUSEHOLD(id="h-1", members=["p-7"]),
            r"^Household\.members: expected Membership values",
        ),
        (
            lambda: ANY_RELATIONSHIP(person="a", relation="boss", contact="b"),
            r"^Relationship\.relation: .*'landl",
        ),
        (
            lambda: ANY_RELATIONSHIP(person="a", relation="family", contact="b", span=MARCH),
            r"^Relationship\.span",
        ),
    ],
)
def test_bad_people_say_what_was_expected(make: Callable[[], Any], message: str) -> None:
    """Each bad field gets one clear error that names it."""
    with pytest.raises(InvalidValueError, match=message):
        make()


def test_nothing_in_a_person_can_be_changed() -> None:
    """Neither a field nor a list in it; equal people are one in a set."""
    person = Person(id="p-7", phones=["13800138000"])
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        person.id = "p-8"  # type: ignore[misc]  # the point
    assert {person, Person(id="p-7", phones=("138 0013 8000",))} == {person}


def test_a_membership_holds_from_its_first_day_up_to_its_last_but_not_on_it() -> None:
    """Whoever moves on the first of March lives at the old address to the end of February."""
    before, after = Membership(person="p-7", until=MARCH), Membership(person="p-7", since=MARCH)
    assert (before.holds_on(date(2020, 2, 29)), after.holds_on(date(2020, 2, 29))) == (True, False)
    assert (before.holds_on(MARCH), after.holds_on(MARCH)) == (False, True)


@given(
    members=st.lists(st.tuples(ids, st.none() | dates, st.none() | dates), max_size=5),
    day=dates,
)
def test_members_of_a_day_are_those_whose_membership_holds(
    members: list[tuple[str, date | None, date | None]], day: date
) -> None:
    """Each once, in the order they were given."""
    spans = [each for each in members if each[1] is None or each[2] is None or each[1] < each[2]]
    home = Household(id="h-1", members=[Membership(person=p, since=s, until=u) for p, s, u in spans])
    expected = [p for p, s, u in spans if (s or date.min) <= day < (u or date.max)]
    assert list(home.members_on(day)) == sorted(set(expected), key=expected.index)


def test_a_relationship_holds_in_its_span_or_always() -> None:
    """A lease ends, a mother remains."""
    lease = DaySpan(date(2020, 2, 1), MARCH)
    landlord = Relationship(person="p-7", relation="landlord", contact="l-1", span=lease)
    assert (landlord.holds_on(date(2020, 2, 29)), landlord.holds_on(MARCH)) == (True, False)
    mother = Relationship(person="p-7", relation=Relation.FAMILY, contact="p-8")
    assert mother.holds_on(MARCH)
