"""A returnee, their family and their landlord are told of the home observation (双保险)."""

from __future__ import annotations

from datetime import datetime, timedelta

import attrs

from epiguard.duties import Duty, Route
from epiguard.errors import InvalidValueError
from epiguard.facts import Fact, QuarantineOrdered
from epiguard.fields import whole
from epiguard.identifiers import Phone, read_phone
from epiguard.messages import Message
from epiguard.people import Relation, Tenancy
from epiguard.quarantine import QuarantinePeriod, Return
from epiguard.registrations import Registration
from epiguard.rules import Rule, hookimpl
from epiguard.situation import Situation

__all__ = ["HomeObservationContacts"]


@attrs.frozen
class HomeObservationContacts(Rule):
    """Owes three contacts for each returnee's period: the person, a relative, and the landlord.

    Whoever has no complete telephone number, in the register or on a form, is visited at the door.
    Where no relative can be called, or a landlord is missing, a visit to the returnee's own door stands
    instead: a missing contact is never taken for one that was reached (ours). An owner and an owner's family
    miss no landlord; of whom nobody said as what they live there, may. The newsletter says whom to tell and
    what, not how soon.

    Attributes:
        within_hours: When the contacts are due after the order; 24 is ours.
    """

    source = "Meilong town newsletter, February 2020, Jindu Road: 既要联系返程人员本人及其家属,又要与房东联系"

    within_hours: int = attrs.field(
        default=24, validator=whole("HomeObservationContacts.within_hours", least=1, most=168)
    )

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> list[Duty]:
        """Owe the contacts when a returnee's period is ordered."""
        if not isinstance(fact, QuarantineOrdered) or not isinstance(fact.period.exposure.reason, Return):
            return []
        period = fact.period
        due = (fact.at or situation.at) + timedelta(hours=self.within_hours)
        days = period.total_days
        route = Route.PHONE if _callable(period.person, situation) else Route.DOOR
        texts = self.words("duty-tell-returnee", days=days)
        duties = [self._duty("tell-returnee", period, due, texts, route=route)]
        relative = _relative(period.person, situation)
        if relative is not None:
            texts = self.words("duty-tell-family", days=days)
            duties.append(self._duty("tell-family", period, due, texts, route=Route.PHONE, contact=relative))
        related = situation.related(period.person, Relation.LANDLORD)
        # A landlord who died or moved away is not in the slice, and is not called; nor is one of whom neither
        # number nor door is known: they would be ticked off some day without anybody having spoken to them.
        landlords = [each for each in related if _has_phone(each, situation) or _has_door(each, situation)]
        for landlord in landlords:
            route = Route.PHONE if _has_phone(landlord, situation) else Route.DOOR
            texts = self.words("duty-tell-landlord")
            duties.append(self._duty("tell-landlord", period, due, texts, route=route, contact=landlord))
        no_landlord = not landlords and not _owns(period.person, situation)
        if relative is None or no_landlord:
            texts = self._missing(family=relative is None, landlord=no_landlord)
            duties.append(self._duty("door-visit", period, due, texts, route=Route.DOOR))
        return duties

    def _missing(self, *, family: bool, landlord: bool) -> Message:
        if family and landlord:
            return self.words("duty-door-visit-nobody")
        return self.words("duty-door-visit-no-family" if family else "duty-door-visit-no-landlord")

    def _duty(  # noqa: PLR0913 - what a duty is made of
        self,
        kind: str,
        period: QuarantinePeriod,
        due: datetime,
        texts: Message,
        *,
        route: Route,
        contact: str | None = None,
    ) -> Duty:
        return Duty(
            kind=kind,
            subject=period.person,
            contact=contact,
            due=due,
            route=route,
            basis=period.id,
            source=self.source,
            texts=texts,
        )


def _has_phone(person_id: str, situation: Situation) -> bool:
    person = situation.person(person_id)
    return person is not None and bool(person.phones)


def _has_door(person_id: str, situation: Situation) -> bool:
    person, home = situation.person(person_id), situation.household_of(person_id)
    return person is not None and (
        person.residence is not None or (home is not None and home.residence is not None)
    )


def _owns(subject: str, situation: Situation) -> bool:
    """Whether their home is their own or their family's, as far as the register says."""
    person = situation.person(subject)
    if person is None or person.tenancy is not Tenancy.FAMILY:
        return person is not None and person.tenancy is Tenancy.OWNER
    # Some registers call a tenant's family 家属 too.
    home = situation.household_of(subject)
    others = [situation.person(each) for each in home.members_on(situation.day)] if home is not None else []
    return all(each is None or each.tenancy is not Tenancy.TENANT for each in others)


def _callable(subject: str, situation: Situation) -> bool:
    return _has_phone(subject, situation) or any(_written_phone(each) for each in situation.forms_of(subject))


def _written_phone(form: Registration) -> bool:
    written = form.written.get("phone")
    if written is None:
        return False
    try:
        return isinstance(read_phone(written.value), Phone)
    except InvalidValueError:
        return False


def _relative(subject: str, situation: Situation) -> str | None:
    home = situation.household_of(subject)
    wanted = (
        *situation.related(subject, Relation.GUARDIAN),
        *situation.related(subject, Relation.FAMILY),
        *(home.members_on(situation.day) if home is not None else ()),
    )
    return next((each for each in wanted if each != subject and _has_phone(each, situation)), None)
