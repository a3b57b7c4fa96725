"""Whoever is in quarantine stays in; coming home is never refused (居家隔离不得外出)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime

import attrs

from epiguard.crossings import Crossing
from epiguard.decisions import Verdict
from epiguard.duties import Alert
from epiguard.errors import InvalidValueError
from epiguard.facts import CrossingObserved, Fact
from epiguard.fields import choice, instance, many
from epiguard.messages import Message
from epiguard.places import Direction
from epiguard.quarantine import QuarantinePeriod, QuarantineSetting
from epiguard.rules import ReviewResult, Rule, each_traveller, hookimpl
from epiguard.situation import Situation, Standing

__all__ = ["QuarantineStaysIn"]

#: Bound once: on Python 3.11 to look a member up in its enumeration takes longer than the rest of the rule.
OUT = Direction.OUT


def _settings(values: Iterable[QuarantineSetting | str]) -> tuple[QuarantineSetting, ...]:
    where = "QuarantineStaysIn.settings"
    settings = many(choice(QuarantineSetting, where), where)(values)
    if not settings:
        raise InvalidValueError(where, expected="at least one setting", got="an empty list")
    return settings


@attrs.frozen
class QuarantineStaysIn(Rule):
    """Denies the way out during a period in force; the way home is open, with an alert but for an arrival.

    An arranged journey to a fever clinic is no breach, and leave waives the rule with its alert. Whoever went
    out by either, or by an override, comes home without an alert, also when the leave is over by then (ours).
    A setting that is not named, such as health monitoring, restricts nobody.
    A breach seen afterwards is an alert that a card or face passed; it does not say who carried the card.

    Attributes:
        settings: The quarantine settings under which people stay in (居家观察, 居家隔离, 集中隔离).
        whole_household: Whether those who live with somebody in quarantine stay in as well; some counties
            ordered that, the newsletter's places did not.
    """

    source = "Meilong town newsletter, February 2020, grid centre: 重点区域返沪人员需居家隔离14天"

    settings: tuple[QuarantineSetting, ...] = attrs.field(
        default=(
            QuarantineSetting.HOME_OBSERVATION,
            QuarantineSetting.HOME_QUARANTINE,
            QuarantineSetting.CENTRAL_QUARANTINE,
        ),
        converter=_settings,
    )
    whole_household: bool = attrs.field(
        default=False, validator=instance(bool, "QuarantineStaysIn.whole_household")
    )

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> ReviewResult:
        """Deny leaving, welcome coming home; both with an alert."""
        return each_traveller(situation, self._answer, crossing, situation)

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> list[Alert]:
        """Raise an alert for an observed exit during a period, without leave."""
        if not isinstance(fact, CrossingObserved) or fact.crossing.direction is not OUT:
            return []
        crossing, alerts = fact.crossing, []
        on_leave = {each.index for each in situation.standings if each.leaves}
        for index, traveller in enumerate(crossing.travellers):
            if traveller.person is None or traveller.clinic_journey is not None or index in on_leave:
                continue
            periods = situation.periods.get(traveller.person, ())
            period = self._longest((each for each in periods if each.in_force(crossing.at)), situation)
            period = period or self._of_household(traveller.person, situation)
            if period is not None:
                texts = self.words("alert-quarantine-breach")
                alerts.append(self._alert("quarantine-breach", traveller.person, crossing, period, texts))
        return alerts

    def _longest(self, periods: Iterable[QuarantinePeriod], situation: Situation) -> QuarantinePeriod | None:
        restricting = [each for each in periods if each.setting_at(situation.at) in self.settings]
        return max(restricting, key=_release) if restricting else None

    def _of_household(self, person: str | None, situation: Situation) -> QuarantinePeriod | None:
        if person is None or not self.whole_household:
            return None
        home = situation.household_of(person)
        if home is None:
            return None
        others = (each for each in home.members_on(situation.day) if each != person)
        theirs = (period for each in others for period in situation.periods_of(each))
        return self._longest(theirs, situation)

    def _answer(self, standing: Standing, crossing: Crossing, situation: Situation) -> Verdict | None:
        own = self._longest(standing.periods, situation) if standing.periods else None
        person = standing.traveller.person
        period = own or self._of_household(person, situation)
        if period is None:
            return None
        if standing.traveller.clinic_journey is not None:
            return self.no_objection("clinic-journey", about=standing)
        if crossing.direction is OUT:
            texts = self.words("alert-quarantine-exit-attempt")
            alert = self._alert("quarantine-exit-attempt", person, crossing, period, texts)
            return self._denied(standing, period, situation, alert, housemate=own is None)
        if _arrives(standing, period, situation):
            return self.no_objection("begins-quarantine", about=standing)
        if standing.away is not None and not standing.away.spent_exit:
            return self.no_objection("home-as-granted", about=standing)
        texts = self.words("alert-quarantine-return")
        alert = self._alert("quarantine-return", person, crossing, period, texts)
        return self.no_objection("quarantine-return", about=standing, alerts=[alert])

    def _denied(
        self,
        standing: Standing,
        period: QuarantinePeriod,
        situation: Situation,
        alert: Alert,
        *,
        housemate: bool,
    ) -> Verdict:
        number = period.day_number(situation.day)
        if number is None:  # the last day is over, the hour of release is not there yet
            entry = "in-quarantine-housemate-last" if housemate else "in-quarantine-last"
        else:
            entry = "in-quarantine-housemate" if housemate else "in-quarantine"
        return self.deny(
            "in-quarantine",
            entry=entry,
            about=standing,
            alerts=[alert],
            day=number if number is not None else 0,
            total=period.total_days,
            release=f"{situation.site.local(period.ends_at):%Y-%m-%d %H:%M}",
        )

    def _alert(
        self, kind: str, person: str | None, crossing: Crossing, period: QuarantinePeriod, texts: Message
    ) -> Alert:
        return Alert(
            kind=kind,
            subject=person or period.person,
            at=crossing.at,
            checkpoint=crossing.checkpoint,
            basis=period.id,
            source=self.source,
            texts=texts,
        )


def _release(period: QuarantinePeriod) -> datetime:
    return period.ends_at.astimezone(UTC)


def _arrives(standing: Standing, period: QuarantinePeriod, situation: Situation) -> bool:
    # Whoever was asked and says that they come from elsewhere is not back from a walk.
    return standing.returning_from is not None or situation.day == period.anchor_day
