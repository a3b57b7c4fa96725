"""A call list among landlords, team leaders, firms and volunteers, and how far each of them is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

import attrs

from epiguard.days import to_utc
from epiguard.duties import DutyState
from epiguard.facts import DutyAssigned
from epiguard.people import Relation
from epiguard.situation import DutyStatus, State
from epiguard.work._split import Split, Unit, split

__all__ = ["Progress", "assign", "progress_of", "units_of"]

#: The relations that a helper may have to somebody on the list already.
TIES = (Relation.LANDLORD, Relation.TEAM_LEADER, Relation.EMPLOYER)


def units_of(
    state: State, duties: Iterable[DutyStatus], helpers: Sequence[str], at: datetime
) -> dict[Unit, tuple[DutyStatus, ...]]:
    """The households that open duties are about, each with its duties.

    Args:
        state: The sum of the facts.
        duties: The list.
        helpers: Who takes part.
        at: On whose day households and relations are looked at.
    """
    day = state.site.day_of(at)
    homes = {helper: state.household_on(helper, day) for helper in helpers}
    grouped: dict[str, list[DutyStatus]] = defaultdict(list)
    for status in duties:
        if status.state is DutyState.OPEN:
            home = state.household_on(state.known_as(status.subject)[0], day)
            grouped[home.id if home is not None else status.subject].append(status)
    found = {}
    for unit_id, group in grouped.items():
        subjects = {state.known_as(each.subject)[0] for each in group}
        ties = {
            tie.contact
            for subject in subjects
            for tie in state.relationships.get(subject, ())
            if tie.relation in TIES and tie.holds_on(day)
        }
        # Nobody is to call their own household, or themselves about another.
        barred = {
            helper
            for helper in helpers
            if helper in subjects
            or any(helper == each.contact for each in group)
            or ((home := homes[helper]) is not None and home.id == unit_id)
        }
        unit = Unit(
            id=unit_id, heads=len(subjects), tied=frozenset(ties & set(helpers)), barred=frozenset(barred)
        )
        found[unit] = tuple(sorted(group, key=lambda each: each.id))
    return found


def assign(
    state: State, duties: Iterable[DutyStatus], helpers: Iterable[str], at: datetime
) -> tuple[list[DutyAssigned], Split]:
    """Split a list by heads among helpers.

    Households and relations stay together, nobody gets their own household, and what somebody has stays
    theirs as far as the balance allows; so it can be done again whenever the list or the helpers change.

    Args:
        state: The sum of the facts.
        duties: The list, such as ``ledger.duties()`` of one kind; only open ones are given out.
        helpers: Pseudonymous ids: those of people where they live here.
        at: When.

    Returns:
        The facts to record, for the duties that change hands only; and the split. A household that nobody
        may get is given to nobody.
    """
    people = tuple(sorted(set(helpers)))
    units = units_of(state, duties, people, at)
    before = {}
    for unit, group in units.items():
        had = [name for each in group if (name := each.assignee) is not None and name in people]
        if had:
            before[unit.id] = max(sorted(set(had), reverse=True), key=had.count)
    made = split(units, people, before)
    facts = [
        DutyAssigned(duty=status.id, assignee=made.of.get(unit.id), at=at)
        for unit, group in sorted(units.items(), key=lambda item: item[0].id)
        for status in group
        if status.assignee != made.of.get(unit.id)
    ]
    return facts, made


@attrs.frozen(kw_only=True)
class Progress:
    """How far one helper is with their share.

    Attributes:
        helper: Who; nothing for what nobody has.
        given: How many duties they were given that did not fall away.
        done: How many of them are done.
        tried: How many are open after at least one attempt.
        untouched: How many are open, and nobody tried.
        overdue: How many are open after their due time.
        finished_at: When they will be through at the pace so far; nothing where nothing is done yet.
        late: Whether that is after the deadline, or the deadline is over and something is open.
    """

    helper: str | None
    given: int
    done: int
    tried: int
    untouched: int
    overdue: int
    finished_at: datetime | None
    late: bool

    @property
    def open(self) -> int:
        """How many are open: given = done + open, open = tried + untouched."""
        return self.tried + self.untouched


def progress_of(
    duties: Iterable[DutyStatus], *, deadline: datetime, begun: datetime, at: datetime
) -> tuple[Progress, ...]:
    """How far everybody is, by helper; those who have nothing are not in it.

    Args:
        duties: The list in all states.
        deadline: When all of it is to be done.
        begun: When the work began.
        at: Now.
    """
    shares: dict[str | None, list[DutyStatus]] = defaultdict(list)
    for each in duties:
        if each.state is not DutyState.CLOSED:
            shares[each.assignee].append(each)
    return tuple(
        _progress(helper, shares[helper], deadline, begun, at)
        for helper in sorted(shares, key=lambda one: (one is None, one or ""))
    )


def _progress(
    helper: str | None, share: list[DutyStatus], deadline: datetime, begun: datetime, at: datetime
) -> Progress:
    done = [each for each in share if each.state is DutyState.DONE]
    still = [each for each in share if each.state is DutyState.OPEN]
    tried = sum(bool(each.attempts) for each in still)
    finished: datetime | None = None
    if not still:
        ends = [each.settled_at for each in done if each.settled_at is not None]
        finished = max(ends, key=to_utc, default=None)
    elif done:
        taken = max(to_utc(at) - to_utc(begun), timedelta(0))
        finished = at + taken * len(still) / len(done)
    over = to_utc(at) > to_utc(deadline)
    return Progress(
        helper=helper,
        given=len(share),
        done=len(done),
        tried=tried,
        untouched=len(still) - tried,
        overdue=sum(each.overdue(at) for each in still),
        finished_at=finished,
        late=(over and bool(still)) or (finished is not None and to_utc(finished) > to_utc(deadline)),
    )
