"""Who came back, when, from where, and whether anybody has confirmed it."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import TYPE_CHECKING

import attrs

from epiguard.duties import Outcome
from epiguard.identifiers import RegionCode
from epiguard.quarantine import EndCause, QuarantinePeriod, Return
from epiguard.registrations import Registration, RegistrationSource
from epiguard.reports._counts import NO_COUNTS, frozen
from epiguard.reports._words import region_words
from epiguard.situation import DutyStatus, State

if TYPE_CHECKING:  # the lists are only read here; nobody who wants a report need load the matcher
    from epiguard.reconciliation import Reconciliation

__all__ = ["RegionFigure", "Returnees", "returnee_figures", "subjects_of_forms"]

#: Two datings of one arrival differ by a night or a slip of the pen (ours); further apart they are two.
ONE_ARRIVAL = timedelta(days=2)
#: A period that ended so was no return of its own.
NO_RETURN = frozenset({EndCause.ORDERED_IN_ERROR, EndCause.IDENTIFIED})
_NOT_SAID = RegionCode("000000")
#: A form without any date: it counts as of long ago, so that it is in the sum and never in today's figure.
_UNDATED = date.min


@attrs.frozen(kw_only=True)
class RegionFigure:
    """How many returns from one province."""

    region: str
    zh: str
    en: str
    returns: int


@attrs.frozen(kw_only=True)
class Returnees:
    """Figures about returns; what each means stands in ``DailyReport.definitions``."""

    today: int
    to_date: int
    people: int
    unidentified: int
    confirmed: int
    unconfirmed: int
    later: int
    per_day: Mapping[str, int] = attrs.field(default=NO_COUNTS, converter=frozen)
    by_region: tuple[RegionFigure, ...] = ()


@attrs.frozen(kw_only=True)
class _Return:
    subject: str
    day: date
    region: RegionCode
    periods: frozenset[str] = frozenset()
    forms: tuple[Registration, ...] = ()


def subjects_of_forms(state: State, reconciliation: Reconciliation | None) -> dict[str, str]:
    """Form id to the subject it belongs to: a person, or the first form of one unknown person."""
    same = {
        each.registration.id: each.same_as
        for each in (reconciliation.not_in_register if reconciliation is not None else ())
        if each.same_as is not None
    }
    return {
        form: state.links.get(form) or state.links.get(same.get(form, form)) or f"form:{same.get(form, form)}"
        for form in state.registrations
    }


def returnee_figures(state: State, day: date, reconciliation: Reconciliation | None) -> Returnees:
    """Count the returns up to a day.

    Args:
        state: The sum of the facts.
        day: The site's day.
        reconciliation: Tells which forms of people not in the register are one person's.
    """
    everything = _returns(state, reconciliation)
    known = [each for each in everything if each.day <= day]
    several = Counter(each.subject for each in everything)
    duties = _reached(state)
    confirmed = sum(_confirmed(each, state, duties, only=several[each.subject] == 1) for each in known)
    regions = Counter((each.region.province if each.region != _NOT_SAID else _NOT_SAID) for each in known)
    return Returnees(
        today=sum(each.day == day for each in known),
        to_date=len(known),
        people=len({each.subject for each in known}),
        unidentified=sum(each.subject.startswith("form:") for each in known),
        confirmed=confirmed,
        unconfirmed=len(known) - confirmed,
        later=len(everything) - len(known),
        per_day={
            on.isoformat() if on != _UNDATED else "undated": count
            for on, count in sorted(Counter(each.day for each in known).items())
        },
        by_region=tuple(
            RegionFigure(
                region=region.value, zh=region_words(region)[0], en=region_words(region)[1], returns=count
            )
            for region, count in sorted(regions.items(), key=lambda item: (-item[1], item[0]))
        ),
    )


def _returns(state: State, reconciliation: Reconciliation | None) -> list[_Return]:
    subjects = subjects_of_forms(state, reconciliation)
    found: defaultdict[str, list[_Return]] = defaultdict(list)
    for period in state.periods.values():
        each = _from_period(period, subjects)
        if each is not None:
            found[each.subject].append(each)
    forms: defaultdict[str, list[Registration]] = defaultdict(list)
    for form in state.registrations.values():
        if _of_returnee(form, state):
            forms[subjects[form.id]].append(form)
    for subject, theirs in forms.items():
        if subject not in found:  # no period was ordered for them: the form alone tells of the return
            found[subject].append(_from_forms(subject, theirs, state))
    return [
        each
        for subject in sorted(found)
        for each in _with_forms(_merged(found[subject]), forms.get(subject, []), state)
    ]


def _from_period(period: QuarantinePeriod, subjects: Mapping[str, str]) -> _Return | None:
    reason = period.exposure.reason
    if not isinstance(reason, Return) or (period.end is not None and period.end.cause in NO_RETURN):
        return None
    subject = period.person
    if subject.startswith("form:"):  # the form may have been linked since the period was ordered
        subject = subjects.get(subject.removeprefix("form:"), subject)
    return _Return(
        subject=subject,
        day=period.exposure.arrived_on or period.anchor_day,
        region=reason.region,
        periods=frozenset({period.id}),
    )


def _of_returnee(form: Registration, state: State) -> bool:
    if form.returning_from is None:  # a form that says nothing readable must not lose a returnee
        return form.source is not RegistrationSource.GATE
    return state.site.is_outside(form.returning_from)


def _day_of(form: Registration, state: State) -> date:
    if form.arrived_on is not None:
        return form.arrived_on
    if form.submitted_at is not None:
        return state.site.day_of(form.submitted_at)
    return form.left_on or _UNDATED


def _from_forms(subject: str, forms: Iterable[Registration], state: State) -> _Return:
    latest = max(forms, key=lambda form: (form.returning_from is not None, _day_of(form, state), form.id))
    return _Return(subject=subject, day=_day_of(latest, state), region=latest.returning_from or _NOT_SAID)


def _merged(returns: Iterable[_Return]) -> list[_Return]:
    merged: list[_Return] = []
    for each in sorted(returns, key=lambda one: (one.day, sorted(one.periods))):
        if merged and each.day - merged[-1].day <= ONE_ARRIVAL:
            before = merged[-1]
            region = before.region if before.region != _NOT_SAID else each.region
            merged[-1] = attrs.evolve(before, region=region, periods=before.periods | each.periods)
        else:
            merged.append(each)
    return merged


def _with_forms(returns: list[_Return], forms: Iterable[Registration], state: State) -> list[_Return]:
    theirs: defaultdict[date, list[Registration]] = defaultdict(list)
    for form in forms:
        on = _day_of(form, state)
        nearest = min(returns, key=lambda each: (abs(each.day - on), each.day))
        theirs[nearest.day].append(form)
    return [attrs.evolve(each, forms=tuple(theirs.get(each.day, ()))) for each in returns]


def _reached(state: State) -> dict[str, list[DutyStatus]]:
    reached: defaultdict[str, list[DutyStatus]] = defaultdict(list)
    # Only a talk with whoever returned counts. Who was reached to ask whose form it is may have said "not
    # mine": what they said is recorded as a match confirmed or rejected.
    for status in state.duties.values():
        if status.kind == "tell-returnee" and any(
            outcome is Outcome.REACHED for _, outcome in status.attempts
        ):
            reached[status.subject].append(status)
    return reached


def _confirmed(each: _Return, state: State, reached: Mapping[str, list[DutyStatus]], *, only: bool) -> bool:
    if any(form.id in state.confirmed for form in each.forms):
        return True
    subjects = [each.subject, *(form.subject for form in each.forms)]
    bases = {*each.periods, *(form.id for form in each.forms)}
    # A call about an earlier return says nothing about this one.
    return any(
        only or status.duty.basis in bases for subject in subjects for status in reached.get(subject, ())
    )
