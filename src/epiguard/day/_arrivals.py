"""Who came back, and when: forms and gate crossings of one person put together into arrivals."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

import attrs

from epiguard.crossings import Crossing
from epiguard.identifiers import RegionCode
from epiguard.places import Direction, Site
from epiguard.quarantine import Exposure, Return
from epiguard.registrations import Registration

__all__ = ["LONGEST_AGO", "UNKNOWN_REGION", "Arrival", "arrivals", "is_returnee_form", "same_arrival"]

#: "Another place, not said where": a form of a returnee whose answer could not be read.
UNKNOWN_REGION = RegionCode("000000")
#: Dates of one arrival differ by a night or a slip of the pen (ours); further apart they are two.
ONE_ARRIVAL = timedelta(days=2)
#: How long before a form was handed in, or the gate asked, an arrival can lie (ours). A date from before that
#: is taken for a slip of month or year: nobody's observation is to be over because of one, unasked.
LONGEST_AGO = timedelta(days=30)


@attrs.frozen(kw_only=True)
class Arrival:
    """One return of one subject, with all the evidence for it.

    Attributes:
        subject: A person's id, or a form's own subject while nobody knows whose it is.
        evidence: Ids of forms and keys of crossings, sorted.
        region: Where from.
        left_on: The day they left it, where a form says so.
        arrived_on: The day they arrived, where a form or the gate's question says so.
        gate_day: The first day they were seen or handed in a form.
        days: The days that the evidence gives for it, sorted.
        dated: Whether anything says when they were seen; else the day of the run stood in.
        doubtful: The evidence whose dates cannot be right, sorted; they were passed over.
    """

    subject: str
    evidence: tuple[str, ...]
    region: RegionCode
    left_on: date | None
    arrived_on: date | None
    gate_day: date
    days: tuple[date, ...]
    dated: bool = True
    doubtful: tuple[str, ...] = ()

    @property
    def when(self) -> date:
        """The day of the arrival as far as known."""
        return self.arrived_on or self.gate_day

    @property
    def exposure(self) -> Exposure:
        """The arrival as the reason for a quarantine period."""
        return Exposure(
            person=self.subject,
            reason=Return(region=self.region),
            left_on=self.left_on,
            arrived_on=self.arrived_on,
        )


@attrs.frozen(kw_only=True)
class _Evidence:
    id: str
    region: RegionCode
    left_on: date | None
    arrived_on: date | None
    seen_on: date
    dated: bool
    doubtful: bool

    @property
    def when(self) -> date:
        return self.arrived_on or self.seen_on


def same_arrival(one: date, other: date) -> bool:
    """Whether two days are taken for those of one arrival."""
    return abs(one - other) <= ONE_ARRIVAL


def is_returnee_form(form: Registration, site: Site) -> bool:
    """Whether a form is of somebody who came from outside the site's province.

    A form whose answer could not be read counts: it must not lose a returnee.
    """
    return form.returning_from is None or site.is_outside(form.returning_from)


def arrivals(
    forms: Mapping[str, Iterable[Registration]],
    seen: Iterable[tuple[str, Crossing]],
    site: Site,
    today: date,
) -> list[Arrival]:
    """Put the evidence together.

    A date that lies after the form or the crossing that gives it, or more than ``LONGEST_AGO`` before, is
    passed over; then the day of the gate or of the form stands in, and has to be confirmed.

    Args:
        forms: Subject to the forms that are theirs.
        seen: Key and crossing of everybody who went in.
        site: Decides days and what outside means.
        today: Stands in where a form has no date at all.

    Returns:
        Arrivals by subject and date.
    """
    by_subject: defaultdict[str, list[_Evidence]] = defaultdict(list)
    for subject, theirs in forms.items():
        for form in theirs:
            if is_returnee_form(form, site):
                by_subject[subject].append(_from_form(form, site, today))
    for key, crossing in seen:
        if crossing.direction is not Direction.IN:
            continue
        day = site.day_of(crossing.at)
        for traveller in crossing.travellers:
            region = traveller.returning_from
            if traveller.person is not None and region is not None and site.is_outside(region):
                by_subject[traveller.person].append(_checked(key, region, day, None, traveller.returned_on))
    return [arrival for subject in sorted(by_subject) for arrival in _episodes(subject, by_subject[subject])]


def _from_form(form: Registration, site: Site, today: date) -> _Evidence:
    seen_on = site.day_of(form.submitted_at) if form.submitted_at is not None else today
    region = form.returning_from or UNKNOWN_REGION
    evidence = _checked(form.id, region, seen_on, form.left_on, form.arrived_on)
    return attrs.evolve(evidence, dated=form.submitted_at is not None)


def _checked(
    evidence_id: str, region: RegionCode, seen_on: date, left_on: date | None, arrived_on: date | None
) -> _Evidence:
    arrived = arrived_on if _can_be(arrived_on, seen_on) else None
    left = left_on if _can_be(left_on, seen_on) else None
    if arrived != arrived_on:
        # Whoever mistook one date is not counted from the other one, which would be too early, unasked.
        left = None
    return _Evidence(
        id=evidence_id,
        region=region,
        left_on=left,
        arrived_on=arrived,
        seen_on=seen_on,
        dated=True,
        doubtful=(left, arrived) != (left_on, arrived_on),
    )


def _can_be(day: date | None, seen_on: date) -> bool:
    return day is not None and timedelta(0) <= seen_on - day <= LONGEST_AGO


def _episodes(subject: str, evidence: list[_Evidence]) -> list[Arrival]:
    episodes: list[list[_Evidence]] = []
    for each in sorted(evidence, key=lambda one: (one.when, one.id)):
        if episodes and same_arrival(each.when, episodes[-1][-1].when):
            episodes[-1].append(each)
        else:
            episodes.append([each])
    return [_arrival(subject, episode) for episode in episodes]


def _arrival(subject: str, episode: list[_Evidence]) -> Arrival:
    said = [each for each in episode if each.region != UNKNOWN_REGION]
    left = [each.left_on for each in episode if each.left_on is not None]
    arrived = [each.arrived_on for each in episode if each.arrived_on is not None]
    return Arrival(
        subject=subject,
        evidence=tuple(sorted({each.id for each in episode})),
        region=said[0].region if said else UNKNOWN_REGION,
        left_on=max(left, default=None),
        # Where two forms differ, the later day: the shorter guess would let somebody out too early.
        arrived_on=max(arrived, default=None),
        gate_day=min(each.seen_on for each in episode),
        days=tuple(sorted({each.when for each in episode})),
        dated=any(each.dated for each in episode),
        doubtful=tuple(sorted({each.id for each in episode if each.doubtful})),
    )
