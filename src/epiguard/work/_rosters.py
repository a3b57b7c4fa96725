"""Rosters and rounds: no hour without its team, nobody on duty too often in a row."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import attrs

from epiguard.days import to_utc
from epiguard.duties import Duty, Route
from epiguard.facts import Fact
from epiguard.fields import FrozenMapping, as_instances, frozen_mapping, identifier, instant
from epiguard.situation import State
from epiguard.work._recurrence import Recurrence

__all__ = [
    "RosterFinding",
    "RosterPosted",
    "Shift",
    "plan_shifts",
    "posted_shifts",
    "roster_findings",
    "round_duties",
]

#: A gate's three (三人小组): a cadre, a volunteer and a guard.
TEAM = ("cadre", "volunteer", "guard")
#: Under which all rosters are found.
_BOARD = "rosters"
#: Shifts with less rest between them count as one after the other (ours).
REST = timedelta(hours=8)


def _people(values: Iterable[str]) -> tuple[str, ...]:
    return as_instances(str, values, "Shift.people")


@attrs.frozen(kw_only=True)
class Shift:
    """Who stands at a post from when up to when."""

    post: str = attrs.field(validator=identifier("Shift.post"))
    start: datetime = attrs.field(validator=instant("Shift.start"))
    end: datetime = attrs.field(validator=instant("Shift.end"))
    people: tuple[str, ...] = attrs.field(default=(), converter=_people)


def _shifts(values: Iterable[Shift]) -> tuple[Shift, ...]:
    return as_instances(Shift, values, "RosterPosted.shifts")


@attrs.frozen(kw_only=True)
class RosterPosted(Fact):
    """A roster holds; under the same id again it is another one from then on, and without shifts none.

    Attributes:
        id: Of the roster, such as ``"gate-1/week-7"``: one post may have several that follow each other.
        shifts: All of them.
        roles: Pseudonymous id to role: ``"cadre"``, ``"volunteer"`` or ``"guard"``.
    """

    id: str = attrs.field(validator=identifier("RosterPosted.id"))
    shifts: tuple[Shift, ...] = attrs.field(converter=_shifts)
    roles: Mapping[str, str] = attrs.field(default=FrozenMapping(), converter=frozen_mapping)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The roster, then the rosters."""
        return (self.id, _BOARD)


def posted_shifts(state: State) -> tuple[tuple[Shift, ...], Mapping[str, str]]:
    """All shifts of the rosters that hold, by their start, and who has which role.

    Args:
        state: The sum of the facts.

    Returns:
        The shifts, and pseudonymous id to role: what :func:`roster_findings` takes.
    """
    held = {fact.id: fact for fact in state.notes_of.get(_BOARD, ()) if isinstance(fact, RosterPosted)}
    shifts = sorted(
        (shift for roster in held.values() for shift in roster.shifts),
        key=lambda each: (to_utc(each.start), each.post),
    )
    roles = {person: role for roster in held.values() for person, role in roster.roles.items()}
    return tuple(shifts), FrozenMapping(roles)


@attrs.frozen(kw_only=True)
class RosterFinding:
    """What is wrong with a roster: ``uncovered``, ``in-two-places`` or ``too-many-in-a-row``."""

    kind: str
    start: datetime
    end: datetime
    post: str | None = None
    person: str | None = None


def plan_shifts(
    post: str, starts: Sequence[datetime], hours: float, people: Mapping[str, str], *, in_row: int = 1
) -> tuple[Shift, ...]:
    """A roster for one post: one of each role, those who had least first, nobody too often in a row.

    Where nobody of a role may come the shift is short, and :func:`roster_findings` says so.

    Args:
        post: Where.
        starts: Of the shifts, in order, such as ``Recurrence(...).between(...)`` gives.
        hours: How long each is.
        people: Pseudonymous id to role: ``"cadre"``, ``"volunteer"`` or ``"guard"``.
        in_row: How many shifts one after the other are allowed.
    """
    length, made = timedelta(hours=hours), []
    had: dict[str, list[tuple[datetime, datetime]]] = {each: [] for each in people}
    for start in starts:
        end, team = start + length, []
        for role in TEAM:
            able = [
                each
                for each, theirs in people.items()
                if theirs == role and _run([*had[each], (start, end)]) <= in_row
            ]
            if able:
                chosen = min(able, key=lambda each: (len(had[each]), each))
                had[chosen].append((start, end))
                team.append(chosen)
        made.append(Shift(post=post, start=start, end=end, people=team))
    return tuple(made)


def _run(shifts: Sequence[tuple[datetime, datetime]]) -> int:
    """How many of the last shifts follow each other without rest."""
    count = 1
    for (_, ended), (began, _) in zip(reversed(shifts[:-1]), reversed(shifts[1:]), strict=True):
        if to_utc(began) - to_utc(ended) >= REST:
            break
        count += 1
    return count


def roster_findings(  # noqa: PLR0913 - what a roster is measured by
    shifts: Iterable[Shift],
    posts: Iterable[str],
    start: datetime,
    end: datetime,
    *,
    team: int = len(TEAM),
    in_row: int = 1,
    roles: Mapping[str, str] = FrozenMapping(),
) -> list[RosterFinding]:
    """What is wrong with a roster between two instants.

    Args:
        shifts: Of all posts.
        posts: Those that must be covered.
        start: From when.
        end: Up to when, not included.
        team: How many different people each must have at any time.
        in_row: How many shifts one after the other are allowed.
        roles: Pseudonymous id to role; where any is given, a cadre, a volunteer and a guard must be there at
            any time, and not three of one kind.
    """

    def is_full(there: set[str]) -> bool:
        of_each = not roles or {roles.get(each) for each in there}.issuperset(TEAM)
        return of_each and len(there) >= team

    every = tuple(shifts)
    found = [each for post in posts for each in _uncovered(every, post, start, end, is_full)]
    mine: dict[str, list[Shift]] = {}
    for shift in sorted(every, key=lambda each: to_utc(each.start)):
        for person in dict.fromkeys(shift.people):
            mine.setdefault(person, []).append(shift)
    for person, theirs in sorted(mine.items()):
        spans = [(each.start, each.end) for each in theirs]
        for number, shift in enumerate(theirs):
            kind = None
            if number and to_utc(shift.start) < max(to_utc(each.end) for each in theirs[:number]):
                kind = "in-two-places"
            elif _run(spans[: number + 1]) > in_row:
                kind = "too-many-in-a-row"
            if kind is not None:
                found.append(
                    RosterFinding(kind=kind, start=shift.start, end=shift.end, post=shift.post, person=person)
                )
    return found


def _uncovered(
    shifts: Iterable[Shift], post: str, start: datetime, end: datetime, is_full: Callable[[set[str]], bool]
) -> Iterator[RosterFinding]:
    here = [each for each in shifts if each.post == post]
    low, high = to_utc(start), to_utc(end)
    edges = {low, high} | {to_utc(one) for each in here for one in (each.start, each.end)}
    cuts = sorted(each for each in edges if low <= each <= high)
    gap: RosterFinding | None = None
    for one, other in itertools.pairwise(cuts):
        there = {
            person
            for each in here
            if to_utc(each.start) <= one and other <= to_utc(each.end)
            for person in each.people
        }
        if not is_full(there):
            begun = gap.start if gap is not None else one
            gap = RosterFinding(kind="uncovered", start=begun, end=other, post=post)
        elif gap is not None:
            yield gap
            gap = None
    if gap is not None:
        yield gap


def round_duties(
    buildings: Mapping[str, str], rounds: Recurrence, start: datetime, end: datetime, zone: ZoneInfo
) -> Iterator[Duty]:
    """The rounds between two instants, one duty for each building and time, ticked off like any other.

    Args:
        buildings: Building to the volunteer who looks after it, as :func:`epiguard.work.split` gives it.
        rounds: When.
        start: From when.
        end: Up to when, not included.
        zone: The site's.
    """
    for moment in rounds.between(start, end, zone):
        for building, volunteer in sorted(buildings.items()):
            yield Duty(
                kind="patrol-round",
                subject=building,
                basis=moment.isoformat(),
                due=moment,
                route=Route.DOOR,
                assignee=volunteer,
                source="Meilong town newsletter, February 2020, Jindu Road: 日常巡查",
                texts={"zh": "楼栋巡查", "en": "go the round of the building"},
            )
