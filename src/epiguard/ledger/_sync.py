"""Taking over the host's register of people: who joined, who changed, who is missing."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from datetime import date, datetime
from typing import TypeVar

import attrs

from epiguard.days import first_instant
from epiguard.errors import InvalidValueError, kind_of
from epiguard.facts import Fact, HouseholdRecorded, PersonChanged, PersonEnrolled, RelationshipRecorded
from epiguard.fields import instant
from epiguard.ledger._follow_up import append_with_follow_ups
from epiguard.ledger._journal import Journal
from epiguard.people import Household, Person, Relationship
from epiguard.situation import State

__all__ = ["SyncReport", "sync_people"]

T = TypeVar("T")


@attrs.frozen(kw_only=True)
class SyncReport:
    """What taking over a register did. All are pseudonymous ids, in the register's order.

    Attributes:
        joined: Not known before, enrolled now.
        changed: Known with other data, changed now.
        unchanged: Known as they are.
        erased: Erased before and not on record again, yet in the register; not taken over.
        missing: Residents on record who are not in the register, in the order of their ids. Nobody is
            deleted: whether they left is for a human to say, with ``PersonLeft``.
        warnings: What a human should look at, in English, without personal data.
    """

    joined: tuple[str, ...] = ()
    changed: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    erased: tuple[str, ...] = ()
    missing: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()


def sync_people(  # noqa: PLR0913 - a register has these parts
    journal: Journal,
    people: Iterable[Person],
    *,
    as_of: date | datetime,
    households: Iterable[Household],
    relationships: Iterable[Relationship],
    by: str,
    recorded_at: datetime,
) -> SyncReport:
    """Record what a register says that the ledger does not know yet, in one transaction.

    Raises:
        InvalidValueError: If the instant has no zone, or something else than people stands in the list.
    """
    at = _instant(as_of, journal)
    listed = _checked(people, Person, "people")
    homes = _checked(households, Household, "households")
    ties = _checked(relationships, Relationship, "relationships")

    def taken_over() -> SyncReport:
        with journal.writing() as state:
            taken = _Taken(state, journal.erasures.subjects)
            facts = [fact for person in listed for fact in taken.person(person, at)]
            facts += (HouseholdRecorded(each, at=at) for each in taken.households(homes))
            facts += (RelationshipRecorded(each, at=at) for each in taken.relationships(ties))
            for fact in facts:
                append_with_follow_ups(journal, fact, by=by, recorded_at=recorded_at)
            taken.warnings += _strangers(state, listed, homes, ties, taken.not_taken_over)
            missing = sorted(
                each.id
                for each in state.people.values()
                if each.resident and each.id not in state.gone and each.id not in taken.seen
            )
        return SyncReport(
            joined=tuple(taken.joined),
            changed=tuple(taken.changed),
            unchanged=tuple(taken.unchanged),
            erased=tuple(taken.erased),
            missing=tuple(missing),
            warnings=tuple(taken.warnings),
        )

    return journal.until_kept(taken_over)


class _Taken:
    """What became of each person of the register so far."""

    def __init__(self, state: State, erased: Collection[str]) -> None:
        self.state = state
        self.not_taken_over = {
            each for each in erased if each not in state.people and each not in state.households
        }
        self.seen: dict[str, Person] = {}
        self.joined: list[str] = []
        self.changed: list[str] = []
        self.unchanged: list[str] = []
        self.erased: list[str] = []
        self.warnings: list[str] = []

    def person(self, person: Person, at: datetime) -> list[Fact]:
        """What is to be recorded about one person."""
        if person.id in self.seen:
            if person != self.seen[person.id]:
                self.warnings.append(f"{person.id}: listed twice with different data; the first was taken")
            return []
        self.seen[person.id] = person
        known = self.state.people.get(person.id)
        if person.id in self.state.gone:
            # A register is often behind: nobody may be called because it still lists the dead.
            self.warnings.append(
                f"{person.id}: left according to the ledger, yet in the register; not taken over;"
                " record PersonEnrolled if they came back"
            )
            return []
        if person.id in self.not_taken_over:
            # The host's register still lists whoever asked to be forgotten: they do not come back unasked.
            self.erased.append(person.id)
            self.warnings.append(
                f"{person.id}: was erased, yet in the register; not taken over;"
                " take them out of it, or record PersonEnrolled if they are to be known again"
            )
            return []
        if known is None:
            self.joined.append(person.id)
            return [PersonEnrolled(person, at=at)]
        if known != person:
            self.changed.append(person.id)
            return [PersonChanged(person, at=at)]
        self.unchanged.append(person.id)
        return []

    def households(self, homes: Iterable[Household]) -> list[Household]:
        """Those that are new or different, and whose people were not all erased."""
        first = self._first_of_each(homes, lambda each: each.id)
        return [
            each
            for each in first
            if self.state.households.get(each.id) != each
            and not (each.members and {member.person for member in each.members} <= self.not_taken_over)
        ]

    def relationships(self, ties: Iterable[Relationship]) -> list[Relationship]:
        """Those that are new or different, and of nobody who was erased."""
        first = self._first_of_each(ties, lambda each: f"{each.person}: {each.relation.value} {each.contact}")
        return [
            each
            for each in first
            if each not in self.state.relationships.get(each.person, ())
            and not {each.person, each.contact} & self.not_taken_over
        ]

    def _first_of_each(self, values: Iterable[T], name: Callable[[T], str]) -> list[T]:
        first: dict[str, T] = {}
        for each in values:
            if first.setdefault(name(each), each) != each:
                self.warnings.append(f"{name(each)}: listed twice with different data; the first was taken")
        return list(first.values())


def _instant(as_of: date | datetime, journal: Journal) -> datetime:
    if type(as_of) is date:
        site = journal.policy.site
        return first_instant(as_of, site.zone, site.day_starts)
    instant("sync_people(as_of=)")(None, None, as_of)
    assert isinstance(as_of, datetime)
    return as_of


def _checked(values: Iterable[T], of: type[T], where: str) -> list[T]:
    listed = list(values)
    for each in listed:
        if not isinstance(each, of):
            raise InvalidValueError(
                f"sync_people({where})", expected=f"{of.__name__} values", got=kind_of(each)
            )
    return listed


def _strangers(
    state: State,
    people: Iterable[Person],
    homes: Iterable[Household],
    ties: Iterable[Relationship],
    erased: Collection[str],
) -> list[str]:
    named = [(each.id, "guardian", each.guardian) for each in people if each.guardian is not None]
    named += [(home.id, "member", each.person) for home in homes for each in home.members]
    named += [(tie.person, tie.relation.value, tie.contact) for tie in ties]
    return [
        f"{whose}: {role} {stranger} is in neither register nor ledger"
        for whose, role, stranger in dict.fromkeys(named)
        if stranger not in state.people and stranger not in erased and whose not in erased
    ]
