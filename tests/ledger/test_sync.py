"""Taking over the host's register: reported, repeatable, and nobody is deleted."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import pytest

from epiguard.errors import InvalidValueError
from epiguard.facts import PersonEnrolled, PersonLeft
from epiguard.ledger import Ledger, SyncReport
from epiguard.people import Household, Membership, Person, Relationship
from ledger.community import NOON, SHANGHAI, WANG

Open = Callable[..., Ledger]
LI = Person(id="p-8", name="李芳", guardian="p-7")
LANDLORD = Person(id="l-1", resident=False)
HOME = Household(id="h-1", members=[Membership(person="p-7"), Membership(person="p-8")])
TIE = Relationship(person="p-7", relation="landlord", contact="l-1")


def test_a_register_is_taken_over_once(open_ledger: Open) -> None:
    """Everybody joins; the same again records nothing."""
    ledger = open_ledger()
    options = {"as_of": NOON.date(), "households": [HOME], "relationships": [TIE]}
    report = ledger.sync_people([WANG, LI, LANDLORD], **options)  # type: ignore[arg-type]  # options of several types
    assert report == SyncReport(joined=("p-7", "p-8", "l-1"))
    assert [each.kind for each in ledger.facts()] == [
        "person-enrolled",
        "person-enrolled",
        "person-enrolled",
        "household-recorded",
        "relationship-recorded",
    ]
    first = next(ledger.facts())
    assert (first.by, first.occurred_at) == ("register", datetime(2020, 2, 14, tzinfo=SHANGHAI))
    again = ledger.sync_people([WANG, LI, LANDLORD], **options)  # type: ignore[arg-type]  # options of several types
    assert again == SyncReport(unchanged=("p-7", "p-8", "l-1"))
    assert ledger.position == 5


def test_changes_and_absences_are_reported(open_ledger: Open) -> None:
    """A change is recorded whole; a resident who is not listed stays, and is named; no landlord is."""
    ledger = open_ledger()
    ledger.sync_people([WANG, LI, LANDLORD], as_of=NOON)
    changed = Person(id="p-7", name="王小明", phones=["13900139000"])
    report = ledger.sync_people([changed], as_of=NOON, by="cadre-3")
    assert report == SyncReport(changed=("p-7",), missing=("p-8",))
    assert next(iter(ledger.people())) == changed
    assert len(list(ledger.people())) == 3
    assert list(ledger.facts())[-1].kind == "person-changed"


def test_a_late_register_brings_nobody_back(open_ledger: Open) -> None:
    """Whoever died or moved away is not enrolled again, so nobody is called about them; a human is told."""
    ledger = open_ledger()
    ledger.sync_people([WANG], as_of=NOON)
    ledger.record(PersonLeft(person="p-7", reason="died", at=NOON), by="cadre-3")
    report = ledger.sync_people([WANG], as_of=NOON)
    assert report == SyncReport(
        warnings=(
            (
                "p-7: left according to the ledger, yet in the register; not taken over;"
                " record PersonEnrolled if they came back"
            ),
        )
    )
    assert list(ledger.people()) == []


def test_what_a_human_should_look_at_is_a_warning(open_ledger: Open) -> None:
    """Contradicting doubles and references to strangers; the first of two is taken, every time."""
    ledger = open_ledger()
    other, home = Person(id="p-8", name="李方"), Household(id="h-1")
    tie = Relationship(person="p-8", relation="landlord", contact="l-9")
    for turn in (1, 2):
        report = ledger.sync_people(
            [LI, other, LI], as_of=NOON, households=[HOME, home], relationships=[tie, tie]
        )
        assert (report.joined, report.unchanged) == ((("p-8",), ()) if turn == 1 else ((), ("p-8",)))
        assert report.warnings == (
            "p-8: listed twice with different data; the first was taken",
            "h-1: listed twice with different data; the first was taken",
            "p-8: guardian p-7 is in neither register nor ledger",
            "h-1: member p-7 is in neither register nor ledger",
            "p-8: landlord l-9 is in neither register nor ledger",
        )
        assert ledger.position == 3
    assert ledger.state.households["h-1"] == HOME


def test_bad_arguments_are_refused_whole(open_ledger: Open) -> None:
    """A wrong value in the list, or an instant without a zone: nothing is recorded."""
    ledger = open_ledger()
    with pytest.raises(InvalidValueError, match=r"sync_people\(people\): expected Person values"):
        ledger.sync_people([WANG, "p-8"], as_of=NOON)  # type: ignore[list-item]  # wrong on purpose
    with pytest.raises(InvalidValueError, match=r"sync_people\(households\)"):
        ledger.sync_people([WANG], as_of=NOON, households=[WANG])  # type: ignore[list-item]  # wrong on purpose
    with pytest.raises(InvalidValueError, match=r"sync_people\(as_of=\)"):
        ledger.sync_people([WANG], as_of=NOON.replace(tzinfo=None))
    with pytest.raises(InvalidValueError, match=r"Ledger\.sync_people\(by=\)"):
        ledger.sync_people([WANG], as_of=NOON, by="")
    assert ledger.position == 0


def test_it_takes_part_in_a_batch(open_ledger: Open) -> None:
    """And is taken back with it."""
    ledger = open_ledger()

    def spoilt() -> None:
        with ledger.batch():
            ledger.sync_people([WANG], as_of=NOON)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        spoilt()
    assert list(ledger.people()) == []


def test_who_was_erased_does_not_come_back_with_the_register(open_ledger: Open) -> None:
    """Nor do their ties and a household of theirs alone; whom a human enrols, the register knows again."""
    ledger = open_ledger()
    people = [Person(id="p-1", name="李静"), Person(id="p-2", name="王朵"), Person(id="p-3", name="赵一凡")]
    homes = [
        Household(id="h-1", members=[Membership(person="p-1")]),
        Household(id="h-2", members=[Membership(person="p-2"), Membership(person="p-3")]),
    ]
    ties = [Relationship(person="p-1", relation="family", contact="p-2")]

    def sync() -> SyncReport:
        return ledger.sync_people(people, as_of=NOON, households=homes, relationships=ties)

    sync()
    ledger.erase("p-1", reason="asked for it", by="cadre-3")
    ledger.erase("p-2", reason="asked for it", by="cadre-3")
    position = ledger.position
    report = sync()
    assert (report.joined, report.erased, report.unchanged) == ((), ("p-1", "p-2"), ("p-3",))
    assert [each.partition(":")[0] for each in report.warnings] == ["p-1", "p-2"]
    assert ledger.position == position
    ledger.record(PersonEnrolled(people[0]), by="cadre-3")
    report = sync()
    assert (report.joined, report.erased, report.unchanged) == ((), ("p-2",), ("p-1", "p-3"))
    assert [each.id for each in ledger.state.households.values()] == ["h-2", "h-1"]
