"""The colour of the health code shown at the gate (健康码): green passes, the others are cared for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

import attrs

from epiguard.crossings import CodeColour, CodeNotShown, Crossing
from epiguard.decisions import Effect, Verdict
from epiguard.duties import Alert, Duty
from epiguard.errors import InvalidValueError
from epiguard.fields import as_member, choice, many
from epiguard.places import Direction
from epiguard.rules import Restricts, Rule, hookimpl
from epiguard.situation import Situation, Standing

__all__ = ["HealthCode"]

#: How soon somebody must see to a person whose code is not green (ours).
REFERRAL_WITHIN = timedelta(hours=1)


def _answer(value: Effect | str, where: str) -> Effect:
    answer = as_member(Effect, value, where)
    if answer is Effect.ALLOW:
        raise InvalidValueError(
            where, expected="'hold' or 'deny'", got="'allow'", do="only a green code passes by itself"
        )
    return answer


def _yellow(value: Effect | str) -> Effect:
    return _answer(value, "HealthCode.yellow")


def _red(value: Effect | str) -> Effect:
    return _answer(value, "HealthCode.red")


def _directions(values: Iterable[Direction | str]) -> tuple[Direction, ...]:
    where = "HealthCode.directions"
    directions = many(choice(Direction, where), where)(values)
    if not directions:
        raise InvalidValueError(where, expected="'in', 'out' or both", got="an empty list")
    return directions


@attrs.frozen
class HealthCode(Rule):
    """Looks at the code's colour; a person without a phone is a normal person and fills in a paper form.

    A yellow or red code never keeps anybody from their own home: they come home with an alert, and are
    referred at once, which is a duty. On the way out somebody who lives here waits for an arranged journey;
    somebody who does not may always leave. All of this is ours.

    Attributes:
        directions: On which ways the code is shown.
        yellow: The answer to an outsider with a yellow code on the way in, ``hold`` or ``deny``.
        red: The answer to one with a red code.
    """

    source = "epiguard: health codes came into use in February 2020; what follows from a colour is ours"
    restricts = Restricts.SAFETY

    directions: tuple[Direction, ...] = attrs.field(default=(Direction.IN,), converter=_directions)
    yellow: Effect = attrs.field(default=Effect.HOLD, converter=_yellow)
    red: Effect = attrs.field(default=Effect.DENY, converter=_red)

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> Iterator[Verdict]:
        """Look at each traveller's code."""
        if crossing.direction not in self.directions:
            return
        for standing in situation.standings:
            lives_here = standing.person is not None and standing.person.resident
            if crossing.direction is Direction.OUT and not lives_here:
                continue
            if standing.traveller.clinic_journey is not None:
                yield self.no_objection("clinic-journey", about=standing)
            elif standing.traveller.health_code is None:
                yield self._not_shown(standing)
            elif standing.traveller.health_code is CodeColour.GREEN:
                yield self.no_objection("code-green", about=standing)
            else:
                yield self._not_green(
                    standing, crossing, standing.traveller.health_code, lives_here=lives_here
                )

    def _not_shown(self, standing: Standing) -> Verdict:
        reason = standing.traveller.code_not_shown
        if reason is None:
            return self.hold("code-not-shown", lifted_by="show-code", about=standing)
        if reason is CodeNotShown.CHILD:
            return self.no_objection("child-without-code", about=standing)
        if standing.registered:
            return self.no_objection("paper-instead", about=standing)
        return self.hold("paper-form", lifted_by="fill-in-form", about=standing)

    def _not_green(
        self, standing: Standing, crossing: Crossing, colour: CodeColour, *, lives_here: bool
    ) -> Verdict:
        code = "code-red" if colour is CodeColour.RED else "code-yellow"
        duties = [self._refer(standing, crossing)]
        if lives_here and crossing.direction is Direction.IN:
            alerts = [self._alert(standing, crossing, colour)]
            return self.no_objection("code-home", about=standing, duties=duties, alerts=alerts)
        if lives_here:
            return self.hold(code, lifted_by="clinic-journey", about=standing, duties=duties)
        answer = self.red if colour is CodeColour.RED else self.yellow
        if answer is Effect.DENY:
            return self.deny(code, about=standing)
        return self.hold(code, lifted_by="ask-the-committee", about=standing)

    def _refer(self, standing: Standing, crossing: Crossing) -> Duty:
        kind, due = "code-referral", crossing.at + REFERRAL_WITHIN
        return Duty(
            kind=kind,
            subject=standing.subject or crossing.checkpoint,
            due=due,
            basis=crossing.local_date.isoformat(),
            source=self.source,
            texts=self.words(f"duty-{kind}"),
        )

    def _alert(self, standing: Standing, crossing: Crossing, colour: CodeColour) -> Alert:
        kind = "health-code"
        return Alert(
            kind=kind,
            subject=standing.subject or crossing.checkpoint,
            at=crossing.at,
            checkpoint=crossing.checkpoint,
            basis=colour.value,
            source=self.source,
            texts=self.words(f"alert-{kind}"),
        )
