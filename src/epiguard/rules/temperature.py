"""Everybody's temperature is taken, and a fever is answered with care (体温高不放行)."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

import attrs

from epiguard.crossings import Crossing, NotMeasured, Role
from epiguard.decisions import Verdict
from epiguard.duties import Duty
from epiguard.errors import InvalidValueError
from epiguard.fields import as_fever_limit, choice, many, whole
from epiguard.messages import Message
from epiguard.places import Direction
from epiguard.rules import Restricts, ReviewResult, Rule, each_traveller, hookimpl
from epiguard.situation import Situation, Standing

__all__ = ["Temperature"]

#: Bound once: on Python 3.11 to look a member up in its enumeration takes longer than the rest of the rule.
RESIDENT = Role.RESIDENT
OUT = Direction.OUT

#: How soon somebody must see to a person with a fever (ours).
REFERRAL_WITHIN = timedelta(hours=1)


def _limit(value: float) -> float:
    return as_fever_limit(value, "Temperature.limit")


def _directions(values: Iterable[Direction | str]) -> tuple[Direction, ...]:
    directions = many(choice(Direction, "Temperature.directions"), "Temperature.directions")(values)
    if not directions:
        raise InvalidValueError("Temperature.directions", expected="'in', 'out' or both", got="an empty list")
    return directions


@attrs.frozen
class Temperature(Rule):
    """Holds whoever was not measured; one high reading is measured again; a fever is not let pass.

    A fever is ``limit`` or more: notices of the time say "37.3 and above" or "over 37.3" (Wuhan, 20 February
    2020, 双测温两报告), and we take the stricter reading. On the way out a fever waits for an arranged
    journey to a fever clinic; on the way home it waits for a referral, which is owed at once, and is never a
    bare refusal. Somebody who does not live here is refused, as in paragraph 3 of the notice of 1 February
    2020 by the Institute of Geology, China Earthquake Administration, which lets no feverish outsider in
    and sends residents to a fever clinic. A journey arranged beforehand is not held up (ours).

    Attributes:
        limit: In degrees Celsius; from this on it is a fever. The newsletter names no figure, 37.3 is the
            usual one of the time.
        directions: On which ways temperatures are taken; both at Jindu Road (为每一位进出人员测量体温).
        retest_minutes: How long to rest before measuring again; 15 is ours.
    """

    source = "Meilong town newsletter, February 2020, Jindu Road: 体温高不放行"
    restricts = Restricts.SAFETY

    limit: float = attrs.field(default=37.3, converter=_limit)
    directions: tuple[Direction, ...] = attrs.field(
        default=(Direction.IN, Direction.OUT),
        converter=_directions,
    )
    retest_minutes: int = attrs.field(
        default=15, validator=whole("Temperature.retest_minutes", least=1, most=120)
    )

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> ReviewResult:
        """Answer each traveller's temperature; below the limit there is nothing to say."""
        if crossing.direction not in self.directions:
            return None
        return each_traveller(situation, self._answer, crossing)

    def _answer(self, standing: Standing, crossing: Crossing) -> Verdict | None:
        reading = standing.temperature
        if reading is None:
            return self._not_measured(standing, crossing)
        if reading >= self.limit:
            return self._high(standing, crossing)
        if standing.traveller.retested is not None:
            return self.no_objection("retest-normal", about=standing)
        return None

    def _not_measured(self, standing: Standing, crossing: Crossing) -> Verdict:
        reason = standing.traveller.not_measured
        if reason is None:
            return self.hold("not-measured", lifted_by="measure-temperature", about=standing)
        if reason is NotMeasured.DEVICE:
            return self.hold("thermometer-failed", lifted_by="use-another-thermometer", about=standing)
        observe = self._duty("observe", standing, crossing, self.words("duty-observe"))
        return self.no_objection("observed-instead", about=standing, duties=[observe])

    def _high(self, standing: Standing, crossing: Crossing) -> Verdict:
        traveller = standing.traveller
        lives_here = standing.role is RESIDENT if standing.person is None else standing.person.resident
        outward = crossing.direction is OUT
        if traveller.clinic_journey is not None and (outward or lives_here):
            return self.no_objection("clinic-journey", about=standing)
        if traveller.retested is None:
            return self.hold(
                "fever-retest",
                lifted_by="retest",
                about=standing,
                limit=self.limit,
                minutes=self.retest_minutes,
            )
        if not outward and not lives_here:
            return self.deny("fever", about=standing)
        refer = self._duty("fever-referral", standing, crossing, self.words("duty-fever-referral"))
        if outward:
            return self.hold("fever-out", lifted_by="clinic-journey", about=standing, duties=[refer])
        return self.hold("fever-home", lifted_by="fever-clinic-referral", about=standing, duties=[refer])

    def _duty(self, kind: str, standing: Standing, crossing: Crossing, texts: Message) -> Duty:
        # Once a day for a person who is known: a second reading owes nothing new. A stranger has only the
        # checkpoint, so the instant and the place in the party tell them from the next one.
        known = standing.subject
        basis = crossing.local_date.isoformat()
        return Duty(
            kind=kind,
            subject=known or crossing.checkpoint,
            due=crossing.at + REFERRAL_WITHIN,
            basis=basis if known else f"{crossing.at.isoformat()}#{standing.index}",
            source=self.source,
            texts=texts,
        )
