"""A returnee, their family and their landlord are told of the home observation (双保险)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import attrs

from epiguard.duties import Duty, Route
from epiguard.errors import InvalidValueError
from epiguard.facts import Fact, QuarantineOrdered
from epiguard.fields import whole
from epiguard.identifiers import Phone, read_phone
from epiguard.people import Relation
from epiguard.quarantine import QuarantinePeriod, Return
from epiguard.registrations import Registration
from epiguard.rules import Rule, hookimpl
from epiguard.situation import Situation

__all__ = ["HomeObservationContacts"]


@attrs.frozen
class HomeObservationContacts(Rule):
    """Owes three contacts for each returnee's period: the person, a relative, and the landlord.

    Whoever has no complete telephone number, in the register or on a form, is visited at the door.
    Where no relative can be called, or there is no landlord, a visit to the returnee's own door stands
    instead: a missing contact is never taken for one that was reached (ours). The newsletter says whom
    to tell and what, not how soon.

    Attributes:
        within_hours: When the contacts are due after the order; 24 is ours.
    """

    source = "Meilong town newsletter, February 2020, Jindu Road: 既要联系返程人员本人及其家属,又要与房东联系"

    within_hours: int = attrs.field(
        default=24, validator=whole("HomeObservationContacts.within_hours", least=1, most=168)
    )

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> Iterator[Duty]:
        """Owe the contacts when a returnee's period is ordered."""
        if not isinstance(fact, QuarantineOrdered) or not isinstance(fact.period.exposure.reason, Return):
            return
        period = fact.period
        due = (fact.at or situation.at) + timedelta(hours=self.within_hours)
        days = period.total_days
        yield self._duty(
            "tell-returnee", period, due,
            route=Route.PHONE if _callable(period.person, situation) else Route.DOOR,
            zh=f"告知本人居家观察{days}天", en=f"tell them of {days} days of home observation",
        )  # fmt: skip
        missing_zh, missing_en = [], []
        relative = _relative(period.person, situation)
        if relative is None:
            missing_zh.append("没有可电话联系的家属")
            missing_en.append("no relative who can be called")
        else:
            yield self._duty(
                "tell-family", period, due, contact=relative, route=Route.PHONE,
                zh=f"告知家属居家观察{days}天", en=f"tell the family of {days} days of home observation",
            )  # fmt: skip
        related = situation.related(period.person, Relation.LANDLORD)
        # A landlord who died or moved away is not in the slice, and is not called.
        landlords = [each for each in related if situation.person(each) is not None]
        if not landlords:
            missing_zh.append("没有登记房东")
            missing_en.append("no landlord on record")
        for landlord in landlords:
            yield self._duty(
                "tell-landlord", period, due, contact=landlord,
                route=Route.PHONE if _has_phone(landlord, situation) else Route.DOOR,
                zh="告知房东关注租户动态,与居(村)委保持沟通",
                en="ask the landlord to look after the tenant and to keep in touch with the committee",
            )  # fmt: skip
        if missing_zh:
            yield self._duty(
                "door-visit", period, due, route=Route.DOOR,
                zh=f"上门告知:{'、'.join(missing_zh)}", en=f"visit the door: {', '.join(missing_en)}",
            )  # fmt: skip

    def _duty(  # noqa: PLR0913 - what a duty is made of
        self,
        kind: str,
        period: QuarantinePeriod,
        due: datetime,
        *,
        route: Route,
        zh: str,
        en: str,
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
            texts={"zh": zh, "en": en},
        )


def _has_phone(person_id: str, situation: Situation) -> bool:
    person = situation.person(person_id)
    return person is not None and bool(person.phones)


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
