"""A car that brings somebody back: what is done with it, step by step, and who is watched afterwards."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta

import attrs

from epiguard import Crossing, Direction, Duty, Fact, Route, Situation, Standing, Verdict, WatchListed
from epiguard.rules import Restricts, Rule, hookimpl

__all__ = ["ReturningVehicle", "last_watched", "watch_list"]

AT_THE_POST = ("measure-occupants", "inspect-luggage")
AFTERWARDS = ("disinfect-car", "disinfect-route", "disinfect-parking")
#: How many hexadecimal digits tell the cars of one person apart.
_TAG = 4
#: How long the site keeps asking after somebody who is listed, whatever the list says (ours).
_LONGEST = 60


def last_watched(day: date, days: int) -> date:
    """The first day on which nobody watches any more, where the day of the return is day 0."""
    return day + timedelta(days=days + 1)


def watch_list(
    crossing: Crossing, *, reason: str, until: date, owner: str | None = None
) -> list[WatchListed]:
    """The entries of the watch list for a car's occupants and its owner: a named person records them.

    Args:
        crossing: The car's arrival.
        reason: Why, in the words of whoever orders it.
        until: The first day on which it no longer holds; see :func:`last_watched`.
        owner: The owner's id, or that of the form they filled in, once registered.

    Returns:
        One for each occupant who is known or handed in a form, and one for the owner, who may not be among
        them. All look out for the car's plate.
    """
    forms = (each.registration for each in crossing.travellers if each.person is None)
    who: Iterable[str | None] = (
        owner,
        *(each.person for each in crossing.travellers),
        *(form.subject for form in forms if form is not None),
    )
    plate = crossing.vehicle.plate if crossing.vehicle is not None else None
    return [
        WatchListed(person=person, reason=reason, until=until, plate=plate, at=crossing.at)
        for person in dict.fromkeys(who)
        if person is not None
    ]


@attrs.frozen
class ReturningVehicle(Rule):
    """Lets a returning car in once its people were measured and its luggage looked at; the rest is owed.

    Each step is a duty of its own, tracked until it is done: measuring, the luggage, disinfecting the car,
    its way and its parking place, registering the owner, and deciding on the watch list. A rule puts nobody
    on that list; a named person does, with :func:`watch_list`. Whoever is listed is asked after every day
    up to the end (ours: the newsletter names no end).

    Attributes:
        within_hours: When car, way and parking place are disinfected; 2 is ours.
        watch_days: For how many days after the return people are watched; 14 is ours, after the quarantine.
    """

    source = (
        "Meilong town newsletter, February 2020, Caozhong village: "
        "对于进入村宅的返沪车辆,站点工作人员测量车内人员体温,检查行李物品,"
        "对全车以及车辆途径和停放区域喷洒消毒液,并登记车主信息,以便后续持续监测其身体状况"
    )
    restricts = Restricts.SAFETY

    within_hours: int = attrs.field(default=2, validator=[attrs.validators.ge(1), attrs.validators.le(48)])
    watch_days: int = attrs.field(default=14, validator=[attrs.validators.ge(1), attrs.validators.le(30)])

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Iterator[Verdict]:
        """Hold the car at the post until it was looked at; then say what must be done with it."""
        vehicle = crossing.vehicle
        if vehicle is None or crossing.direction is not Direction.IN:
            return
        if all(each.returning_from is None for each in situation.standings):
            return
        first = [self._duty(kind, crossing, situation, timedelta(hours=1)) for kind in AT_THE_POST]
        if vehicle.luggage_found is None:
            # A car that turns round at the post leaves nothing to disinfect.
            yield self.hold("luggage-not-inspected", lifted_by="look-for-luggage", duties=first)
        else:
            yield self.no_objection("protocol", duties=[*first, *self._inside(crossing, situation)])

    def _inside(self, crossing: Crossing, situation: Situation) -> list[Duty]:
        later = timedelta(hours=self.within_hours)
        steps = [self._duty(kind, crossing, situation, later) for kind in AFTERWARDS]
        steps.append(self._duty("register-owner", crossing, situation, timedelta(hours=24)))
        until = last_watched(situation.day, self.watch_days)
        steps += [
            self._duty("decide-watch", crossing, situation, timedelta(hours=24), standing, until)
            for standing in situation.standings
            if standing.subject is not None
        ]
        return steps

    def _duty(  # noqa: PLR0913, PLR0917 - what a duty is made of
        self,
        kind: str,
        crossing: Crossing,
        situation: Situation,
        within: timedelta,
        about: Standing | None = None,
        until: date | None = None,
    ) -> Duty:
        # The car has no pseudonym, so its steps stand under the first of its people.
        known = next((each.subject for each in situation.standings if each.subject is not None), None)
        subject = about.subject if about is not None else known
        return Duty(
            kind=kind,
            subject=subject or crossing.checkpoint,
            due=crossing.at + within,
            route=Route.DOOR if kind in AFTERWARDS else None,
            basis=_arrival(crossing, situation, subject),
            source=self.source,
            texts=self.words(f"duty-{kind}", until=until.isoformat() if until is not None else ""),
        )

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> Iterator[Duty]:
        """Owe a question after the health of whoever is listed, once a day up to the end."""
        if not isinstance(fact, WatchListed):
            return
        at: datetime = situation.site.local(fact.at) if fact.at is not None else situation.at
        person = situation.person(fact.person)
        for days in range(1, _LONGEST + 1):
            day = situation.day + timedelta(days=days)
            if day >= fact.until:
                return
            yield Duty(
                kind="ask-after-health",
                subject=fact.person,
                due=at + timedelta(days=days),
                route=Route.PHONE if person is not None and person.phones else Route.DOOR,
                basis=f"watch:{day.isoformat()}",
                source=self.source,
                texts=self.words("duty-ask-after-health"),
            )


def _arrival(crossing: Crossing, situation: Situation, subject: str | None) -> str:
    """What tells this car's steps from those of another one.

    Asked again before it is let in, a car owes the same steps. Another car of the same people owes its own on
    the same day, and so does the same one that brings somebody back a second time. A car without a plate and
    strangers without a form are told apart by the instant: rather twice than not at all.
    """
    plate = crossing.vehicle.plate if crossing.vehicle is not None else None
    if plate is None or subject is None:
        return f"car:{crossing.at.isoformat()}"
    # Long enough for the few cars of one person, and too short to tell anybody the plate: ids are logged.
    tag = hashlib.sha256(f"{subject} {plate.value}".encode()).hexdigest()[:_TAG]
    before = sum(
        each.direction is Direction.IN
        and each.returning_from is not None
        and situation.site.day_of(each.at) == situation.day
        and each.at < crossing.at
        for each in situation.crossings_of(subject)
    )
    return f"car:{situation.day.isoformat()}:{tag}:{before}"
