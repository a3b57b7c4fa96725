"""One card a household: one fixed member goes out, once in some days (一户一证,固定一人,两天一次)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import attrs

from epiguard.crossings import Role
from epiguard.decisions import Claim, Verdict
from epiguard.facts import CardHolderNamed
from epiguard.fields import instance, whole
from epiguard.people import Household
from epiguard.places import Direction
from epiguard.quarantine import QuarantineSetting
from epiguard.rules import Rule, hookimpl, once
from epiguard.situation import PastCrossing, Situation

__all__ = ["HouseholdCard"]

CARD = "household-card"


@attrs.frozen
class HouseholdCard(Rule):
    """Lets one member of each household out in so many days, the same one each time.

    The member is whom the household named (``CardHolderNamed``); until it named somebody, the one who went
    out last within the fourteen days that are looked back on, so that whoever goes first stays the one.
    While that member is in quarantine, or has moved away, another goes (ours). Somebody without a household
    counts alone. The exit is claimed for the household, so that two gates let one member out.

    Leave, overrides and an arranged journey to a fever clinic use nothing up. People at work here and people
    whom the gate does not know have no card.

    Attributes:
        days: In how many days, from the exit's day on; 2 is "every two days".
        fixed: Whether it is always the same member; without it any one may go.
    """

    source = "epiguard: one card and one fixed member a household, seen elsewhere in February 2020"

    days: int = attrs.field(default=2, validator=whole("HouseholdCard.days", least=1, most=14))
    fixed: bool = attrs.field(default=True, validator=instance(bool, "HouseholdCard.fixed"))

    @hookimpl(direction=Direction.OUT, roles=[Role.RESIDENT])
    def review_crossing(self, situation: Situation) -> Iterator[Verdict]:
        """Deny other members, and the one member before their day; claim the exit."""
        taken: set[str] = set()
        for standing in situation.standings:
            person = standing.traveller.person
            if standing.role is not Role.RESIDENT or person is None:
                continue
            if standing.traveller.clinic_journey is not None:
                yield self.no_objection("clinic-journey", about=standing)
                continue
            home = standing.household
            subject = home.id if home is not None else person
            claim = once(CARD, subject, days=self.days)
            past = _of_the_card(home, person, subject, situation)
            if self.fixed and home is not None and _holder(home, past, situation) not in (None, person):
                yield self.deny("another-member", about=standing)
            elif subject in taken or _used(past, claim, situation.day):
                yield self.deny("card-used", about=standing, days=self.days)
            else:
                taken.add(subject)
                yield self.no_objection("card-exit", about=standing, claims=[claim], days=self.days)


def _used(past: list[tuple[PastCrossing, str]], claim: Claim, day: date) -> bool:
    held = {key for each, _ in past for key in each.claims}
    return not held.isdisjoint(claim.keys(day))


def _of_the_card(
    home: Household | None, person: str, subject: str, situation: Situation
) -> list[tuple[PastCrossing, str]]:
    """The exits that used the card up, the latest last, with who went."""
    members = home.members_on(situation.day) if home is not None else (person,)
    stem = once(CARD, subject).stem
    found = [
        (each, member)
        for member in members
        for each in situation.crossings_of(member)
        if each.direction is Direction.OUT
        and each.spent_exit
        and any(key.startswith(stem) for key in each.claims)
    ]
    return sorted(found, key=lambda one: one[0].at.timestamp())


def _holder(home: Household, past: list[tuple[PastCrossing, str]], situation: Situation) -> str | None:
    members = home.members_on(situation.day)
    named = [
        fact.person
        for fact in situation.notes_about(home.id).get(CardHolderNamed.kind, ())
        if isinstance(fact, CardHolderNamed)
    ]
    wanted = [*named[-1:], *(member for _, member in reversed(past))][:1]
    return next((each for each in wanted if each in members and not _stays_in(each, situation)), None)


def _stays_in(person: str, situation: Situation) -> bool:
    return situation.person(person) is None or any(
        each.setting_at(situation.at) is not QuarantineSetting.HEALTH_MONITORING
        for each in situation.periods_of(person)
    )
