"""Whoever is in quarantine stays in; coming home is never refused (居家隔离不得外出)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime

import attrs

from epiguard.crossings import Crossing
from epiguard.decisions import Verdict
from epiguard.duties import Alert
from epiguard.errors import InvalidValueError
from epiguard.facts import CrossingObserved, Fact
from epiguard.fields import choice, instance, many
from epiguard.places import Direction
from epiguard.quarantine import QuarantinePeriod, QuarantineSetting
from epiguard.rules import Rule, deny, hookimpl, no_objection
from epiguard.situation import Situation, Standing

__all__ = ["QuarantineStaysIn"]


def _settings(values: Iterable[QuarantineSetting | str]) -> tuple[QuarantineSetting, ...]:
    where = "QuarantineStaysIn.settings"
    settings = many(choice(QuarantineSetting, where), where)(values)
    if not settings:
        raise InvalidValueError(where, expected="at least one setting", got="an empty list")
    return settings


@attrs.frozen
class QuarantineStaysIn(Rule):
    """Denies the way out during a period in force; the way home is open, with an alert but for an arrival.

    An arranged journey to a fever clinic is no breach, and leave waives the rule with its alert.
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
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Iterator[Verdict]:
        """Deny leaving, welcome coming home; both with an alert."""
        for standing in situation.standings:
            period = self._longest(standing.periods, situation)
            housemate = period is None
            if period is None:
                period = self._of_household(standing.traveller.person, situation)
            if period is None:
                continue
            if standing.traveller.clinic_journey is not None:
                yield no_objection(
                    "clinic-journey",
                    zh="已安排发热门诊就诊,不受隔离限制",
                    en="a fever clinic has been arranged, which quarantine does not stand against",
                    about=standing,
                )
            elif crossing.direction is Direction.IN and _arrives(standing, period, situation):
                yield no_objection(
                    "begins-quarantine",
                    zh="返程抵达,进入并开始观察",
                    en="arrives to begin quarantine",
                    about=standing,
                )
            elif crossing.direction is Direction.IN:
                yield _coming_home(standing, crossing, period, self.source)
            else:
                yield _stays_in(standing, crossing, period, situation, self.source, housemate=housemate)

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> Iterator[Alert]:
        """Raise an alert for an observed exit during a period, without leave."""
        if not isinstance(fact, CrossingObserved) or fact.crossing.direction is not Direction.OUT:
            return
        crossing = fact.crossing
        on_leave = {each.index for each in situation.standings if each.leaves}
        for index, traveller in enumerate(crossing.travellers):
            if traveller.person is None or traveller.clinic_journey is not None or index in on_leave:
                continue
            periods = situation.periods.get(traveller.person, ())
            period = self._longest((each for each in periods if each.in_force(crossing.at)), situation)
            period = period or self._of_household(traveller.person, situation)
            if period is not None:
                yield _alert(
                    "quarantine-breach",
                    traveller.person,
                    crossing,
                    period,
                    self.source,
                    "隔离期间其门禁卡或人脸记录外出;仅表明卡或人脸通过,不表明何人持卡,须核实",
                    "card or face passed outward during quarantine; that does not say who carried the card",
                )

    def _longest(self, periods: Iterable[QuarantinePeriod], situation: Situation) -> QuarantinePeriod | None:
        restricting = [each for each in periods if each.setting_at(situation.at) in self.settings]
        return max(restricting, key=_release, default=None)

    def _of_household(self, person: str | None, situation: Situation) -> QuarantinePeriod | None:
        home = situation.household_of(person) if person is not None and self.whole_household else None
        if home is None:
            return None
        others = (each for each in home.members_on(situation.day) if each != person)
        theirs = (period for each in others for period in situation.periods_of(each))
        return self._longest(theirs, situation)


def _release(period: QuarantinePeriod) -> datetime:
    return period.ends_at.astimezone(UTC)


def _stays_in(  # noqa: PLR0913 - what the answer is made of
    standing: Standing,
    crossing: Crossing,
    period: QuarantinePeriod,
    situation: Situation,
    source: str,
    *,
    housemate: bool,
) -> Verdict:
    number = period.day_number(situation.day)
    release = f"{situation.site.local(period.ends_at):%Y-%m-%d %H:%M}"
    day_zh = f"第{number}天(共{period.total_days}天)," if number is not None else ""
    day_en = f"day {number} of {period.total_days}, " if number is not None else ""
    who_zh, who_en = ("同住人员", "a household member is ") if housemate else ("", "")
    return deny(
        "in-quarantine",
        zh=f"{who_zh}隔离观察{day_zh}{release}解除,其间不得外出",
        en=f"{who_en}in quarantine, {day_en}released {release}; no leaving until then",
        about=standing,
        alerts=[
            _alert(
                "quarantine-exit-attempt",
                standing.traveller.person,
                crossing,
                period,
                source,
                "隔离期间要求外出,未放行",
                "asked to leave during quarantine and was not let out",
            )
        ],
    )


def _arrives(standing: Standing, period: QuarantinePeriod, situation: Situation) -> bool:
    # Whoever was asked and says that they come from elsewhere is not back from a walk.
    return standing.traveller.returning_from is not None or situation.day == period.anchor_day


def _coming_home(standing: Standing, crossing: Crossing, period: QuarantinePeriod, source: str) -> Verdict:
    return no_objection(
        "quarantine-return",
        zh="隔离期间返回,准予回家,须核查",
        en="comes home during quarantine: not refused, to be looked at",
        about=standing,
        alerts=[
            _alert(
                "quarantine-return",
                standing.traveller.person,
                crossing,
                period,
                source,
                "隔离期间从外返回,须了解外出情况",
                "came home during quarantine; find out where they had been",
            )
        ],
    )


def _alert(  # noqa: PLR0913, PLR0917 - every one is a part of an alert
    kind: str, person: str | None, crossing: Crossing, period: QuarantinePeriod, source: str, zh: str, en: str
) -> Alert:
    return Alert(
        kind=kind,
        subject=person or period.person,
        at=crossing.at,
        checkpoint=crossing.checkpoint,
        basis=period.id,
        source=source,
        texts={"zh": zh, "en": en},
    )
