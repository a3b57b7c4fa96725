"""Home observation contacts: the returnee, the family and the landlord (双保险)."""

from __future__ import annotations

from datetime import timedelta
from itertools import product
from typing import Any

import pytest

from epiguard.duties import Duty, Route
from epiguard.errors import InvalidValueError
from epiguard.facts import (
    Fact,
    HouseholdRecorded,
    PersonEnrolled,
    PersonLeft,
    QuarantineOrdered,
    Registered,
    RelationshipRecorded,
)
from epiguard.people import Household, Membership, Person, Relationship
from epiguard.quarantine import Contact, Exposure, QuarantinePeriod
from epiguard.rules.home_observation_contacts import HomeObservationContacts
from rules.gate import NOON, TODAY, follow, form, household, period_of

ORDERED = QuarantineOrdered(period_of(), at=NOON)


def person(
    name: str,
    *,
    phone: bool = True,
    resident: bool = True,
    tenancy: str | None = None,
    residence: str | None = None,
) -> PersonEnrolled:
    """Somebody whom the site knows."""
    phones = ["13800138000"] if phone else []
    return PersonEnrolled(
        Person(id=name, phones=phones, resident=resident, tenancy=tenancy, residence=residence)
    )


def related(relation: str, contact: str) -> RelationshipRecorded:
    """Somebody is the returnee's landlord, family or guardian."""
    return RelationshipRecorded(Relationship(person="p-7", relation=relation, contact=contact))


def owed(*facts: Fact, fact: Fact = ORDERED) -> dict[str, tuple[str | None, str]]:
    """Kind of each duty, to its contact and route."""
    duties = follow(HomeObservationContacts(), fact, *facts)
    kinds = {
        each.kind: (each.contact, each.route.value)
        for each in duties
        if isinstance(each, Duty) and each.route
    }
    assert len(kinds) == len(duties)
    return kinds


LANDLORD = [person("l-3", resident=False), related("landlord", "l-3")]
MOTHER = [person("m-1"), related("family", "m-1")]


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        (
            [person("p-7"), *LANDLORD, *MOTHER],
            {
                "tell-returnee": (None, "phone"),
                "tell-family": ("m-1", "phone"),
                "tell-landlord": ("l-3", "phone"),
            },
        ),
        (
            [
                person("p-7"),
                person("l-3", phone=False, residence="5号楼101室"),
                related("landlord", "l-3"),
                *MOTHER,
            ],
            {
                "tell-returnee": (None, "phone"),
                "tell-family": ("m-1", "phone"),
                "tell-landlord": ("l-3", "door"),
            },
        ),
        (
            # Of this landlord neither number nor door is known: nobody can tell them.
            [person("p-7"), person("l-3", phone=False), related("landlord", "l-3"), *MOTHER],
            {"tell-returnee": (None, "phone"), "tell-family": ("m-1", "phone"), "door-visit": (None, "door")},
        ),
        (
            [person("p-7"), *MOTHER],
            {"tell-returnee": (None, "phone"), "tell-family": ("m-1", "phone"), "door-visit": (None, "door")},
        ),
        (
            [person("p-7"), *LANDLORD],
            {
                "tell-returnee": (None, "phone"),
                "tell-landlord": ("l-3", "phone"),
                "door-visit": (None, "door"),
            },
        ),
        ([person("p-7", phone=False)], {"tell-returnee": (None, "door"), "door-visit": (None, "door")}),
        ([], {"tell-returnee": (None, "door"), "door-visit": (None, "door")}),
        (
            [person("p-7"), *LANDLORD, person("s-1"), household("p-7", "s-1")],
            {
                "tell-returnee": (None, "phone"),
                "tell-family": ("s-1", "phone"),
                "tell-landlord": ("l-3", "phone"),
            },
        ),
        (
            [person("p-7"), *LANDLORD, person("m-1", phone=False), related("family", "m-1")],
            {
                "tell-returnee": (None, "phone"),
                "tell-landlord": ("l-3", "phone"),
                "door-visit": (None, "door"),
            },
        ),
        (
            [person("p-7"), *LANDLORD, *MOTHER, person("g-1"), related("guardian", "g-1")],
            {
                "tell-returnee": (None, "phone"),
                "tell-family": ("g-1", "phone"),
                "tell-landlord": ("l-3", "phone"),
            },
        ),
        (
            [person("p-7"), *MOTHER, *LANDLORD, PersonLeft(person="l-3", reason="died", at=NOON)],
            {"tell-returnee": (None, "phone"), "tell-family": ("m-1", "phone"), "door-visit": (None, "door")},
        ),
        (
            [person("p-7"), *MOTHER, related("landlord", "l-9")],
            {"tell-returnee": (None, "phone"), "tell-family": ("m-1", "phone"), "door-visit": (None, "door")},
        ),
    ],
)
def test_who_is_told_and_how(facts: list[Fact], expected: dict[str, tuple[str | None, str]]) -> None:
    """A missing phone or contact ends at a door, never as reached; the bereaved are not called."""
    assert owed(*facts) == expected


NO_LANDLORD = {
    "tell-returnee": (None, "phone"),
    "tell-family": ("m-1", "phone"),
    "door-visit": (None, "door"),
}


@pytest.mark.parametrize(
    ("tenancy", "visited"), [("owner", False), ("family", False), ("tenant", True), (None, True)]
)
def test_owners_have_no_landlord(tenancy: str | None, *, visited: bool) -> None:
    """For want of a landlord nobody is sent to an owner's door, but to a tenant's or an unknown's."""
    kinds = owed(person("p-7", tenancy=tenancy), *MOTHER)
    assert kinds == {kind: each for kind, each in NO_LANDLORD.items() if visited or kind != "door-visit"}


def test_an_owner_without_family_is_visited() -> None:
    """For want of a relative, not of a landlord."""
    duties = follow(HomeObservationContacts(), ORDERED, person("p-7", tenancy="owner"))
    (visit,) = (each for each in duties if isinstance(each, Duty) and each.kind == "door-visit")
    assert visit.text("en") == "visit the door: no relative who can be called"


def test_a_tenants_family_has_a_landlord() -> None:
    """Where a tenant lives in the household, its family is the tenant's."""
    facts = [person("p-7", tenancy="family"), person("m-1", tenancy="tenant"), household("p-7", "m-1")]
    assert owed(*facts) == NO_LANDLORD


def test_a_landlord_of_an_owner_is_told() -> None:
    """What somebody recorded counts, whatever the register calls the person."""
    assert "tell-landlord" in owed(person("p-7", tenancy="owner"), *LANDLORD, *MOTHER)


def test_a_form_that_nobody_was_found_for_is_called_by_its_own_number() -> None:
    """The period of a form's subject: a complete number is called, any other means the door."""
    for written, route in {
        "13800138000": "phone",
        "+86 138-0013-8000": "phone",
        "138 0013": "door",
        "1380013????": "door",
        "138????????": "door",
        "没有": "door",
    }.items():
        registration = form(phone=written)
        order = QuarantineOrdered(period_of(registration.subject), at=NOON)
        assert owed(Registered(registration), fact=order)["tell-returnee"] == (None, route)
    order = QuarantineOrdered(period_of("form:paper-1"), at=NOON)
    assert owed(Registered(form(name="李四")), fact=order)["tell-returnee"] == (None, "door")


def test_what_a_duty_says() -> None:
    """The period is its basis, the hours of the setting its time; texts name nobody."""
    rule = HomeObservationContacts(within_hours=6)
    duties = follow(rule, ORDERED, person("p-7"))
    for each in duties:
        assert isinstance(each, Duty)
        assert (each.subject, each.basis, each.due) == ("p-7", ORDERED.period.id, NOON + timedelta(hours=6))
        assert each.source == rule.source
    assert [each.text("zh") for each in duties] == [
        "告知本人居家观察14天",
        "上门告知:没有可电话联系的家属、没有登记房东",
    ]
    assert duties[1].text("en") == "visit the door: no relative who can be called, no landlord on record"


def test_a_contact_is_not_a_returnee() -> None:
    """Somebody exposed at home is told by whoever ordered it."""
    exposure = Exposure(person="p-7", reason=Contact(), last_on=TODAY)
    order = QuarantineOrdered(QuarantinePeriod.after(exposure, days=14, zone="Asia/Shanghai"), at=NOON)
    assert follow(HomeObservationContacts(), order, person("p-7")) == []
    assert follow(HomeObservationContacts(), PersonEnrolled(Person(id="p-7"), at=NOON)) == []


def test_a_second_period_owes_its_own_contacts() -> None:
    """Duties belong to a period by its id."""
    first = follow(HomeObservationContacts(), ORDERED)
    again = follow(HomeObservationContacts(), QuarantineOrdered(period_of(id="q:2"), at=NOON))
    assert not {each.id for each in first} & {each.id for each in again}
    assert follow(HomeObservationContacts(), ORDERED) == first


@pytest.mark.parametrize("hours", [0, 169, True, 1.5, "24"])
def test_hours_out_of_range(hours: Any) -> None:
    """From an hour to a week."""
    with pytest.raises(InvalidValueError, match=r"within_hours: expected a whole number from 1 to 168"):
        HomeObservationContacts(within_hours=hours)


choices = [
    list(each)
    for each in product(
        ([], [person("p-7")], [person("p-7", phone=False)]),
        (
            [],
            LANDLORD,
            [person("l-3", phone=False), related("landlord", "l-3")],
            [related("landlord", "l-3")],
        ),
        ([], MOTHER, [person("m-1", phone=False), related("family", "m-1")]),
        ([], [HouseholdRecorded(Household(id="h-1", members=[Membership(person="p-7")]))]),
    )
]


@pytest.mark.parametrize("groups", choices)
def test_nobody_is_lost(groups: list[list[Fact]]) -> None:
    """Whatever is missing: the returnee has a duty with a route; so has each other contact, or a visit."""
    facts = [fact for group in groups for fact in group]
    known = {fact.person.id: bool(fact.person.phones) for fact in facts if isinstance(fact, PersonEnrolled)}
    kinds = owed(*facts)
    assert "tell-returnee" in kinds
    for kind in ("tell-family", "tell-landlord"):
        assert kind in kinds or "door-visit" in kinds
    for contact, route in kinds.values():
        assert (route == Route.PHONE.value) <= known.get(contact or "p-7", False)
