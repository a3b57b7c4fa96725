"""Exit passes (出入证): who is handed one, who passes with it, and the date that is struck."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

import attrs

from epiguard.crossings import Crossing, NotMeasured, Role
from epiguard.days import to_utc
from epiguard.decisions import Verdict
from epiguard.duties import Alert, Duty, Route
from epiguard.errors import InvalidValueError
from epiguard.facts import Fact, PassRevoked, QuarantineOrdered
from epiguard.fields import FrozenMapping, as_fever_limit, choice, many, whole
from epiguard.messages import Value
from epiguard.passes import PassApplication, PassColour, PassState, RevocationCause
from epiguard.places import Direction
from epiguard.quarantine import EndCause, QuarantinePeriod, QuarantineSetting, Return
from epiguard.rules import ReviewResult, Rule, each_traveller, hookimpl
from epiguard.situation import Situation, Standing

__all__ = ["ExitPass"]

#: Bound once: on Python 3.11 to look a member up in its enumeration takes longer than the rest of the rule.
IN = Direction.IN
RESIDENT = Role.RESIDENT
VALID = PassState.VALID
GREEN = PassColour.GREEN

#: What the pass that is shown can be, the verdict on it, and what lifts that on the way home.
PROBLEMS = {
    PassState.UNKNOWN: ("pass-unknown", "show-pass"),
    PassState.ANOTHERS: ("pass-of-another", "show-pass"),
    PassState.REVOKED: ("pass-revoked", "ask-the-committee"),
    PassState.EXPIRED: ("pass-expired", "renew-pass"),
    PassState.NOT_YET_VALID: ("pass-not-yet-valid", "ask-the-committee"),
}
NO_PASS = ("no-pass", "issue-pass")
NOT_SHOWN = ("pass-not-shown", "show-pass")
#: Somebody carries a card that is not theirs to use.
MISUSED = ("pass-unknown", "pass-of-another", "pass-revoked")
#: Ends after which a period's days are over all the same.
SERVED = (None, EndCause.EARLY_RELEASE)
#: How soon somebody must see to a person with a fever (ours).
REFERRAL_WITHIN = timedelta(hours=1)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
MONTHS = tuple(FrozenMapping({"zh": str(number), "en": name}) for number, name in enumerate(_MONTHS, 1))


def _directions(values: Iterable[Direction | str]) -> tuple[Direction, ...]:
    directions = many(choice(Direction, "ExitPass.directions"), "ExitPass.directions")(values)
    if not directions:
        raise InvalidValueError("ExitPass.directions", expected="'in', 'out' or both", got="an empty list")
    return directions


def _kinds(values: Iterable[Role | str]) -> tuple[Role, ...]:
    kinds = many(choice(Role, "ExitPass.kinds"), "ExitPass.kinds")(values)
    if not kinds:
        raise InvalidValueError("ExitPass.kinds", expected="at least one kind", got="an empty list")
    return kinds


def _limit(value: float) -> float:
    return as_fever_limit(value, "ExitPass.limit")


@attrs.frozen
class ExitPass(Rule):
    """Nobody passes without a pass of their own that is valid today; leaving strikes the date.

    At the desk a pass is handed out to whoever was asked, registered and measured: a green one to a
    villager, a yellow one to a returnee whose days are over. One person holds one pass at a time.

    Nobody is kept from their own home (ours): a first arrival and whoever is in quarantine come home, and so
    does whoever lost their pass, which is then replaced, and whoever went out by leave, an override or a
    guardian's pass, or holds no good one any more. Any other resident without a good pass waits at the gate
    until the committee has seen to it, which is a duty, and is not sent away. A child passes with the pass of
    a guardian, or of an adult of the household, and comes home alone. A return after midnight needs a pass
    for the day of the exit that it ends. Whoever lives here counts as a resident, whatever the gate calls
    them (ours): staff and couriers who live here show theirs. The daily limit is another rule's.

    Attributes:
        directions: On which ways the pass is shown; both at Caohang.
        kinds: Who needs one, as roles.
        limit: In degrees Celsius; from this on nobody is handed a pass.
        returnee_days: For how many days after the release a returnee needs the yellow pass; ours.
        within_hours: When a pass is due that is to be issued or replaced; ours.
    """

    source = (
        "Meilong town newsletter, February 2020, Caohang village: 对体温正常的本村村民及居家隔离14天已满的"
        "返沪人员发放进出通行证;无出入证者一律不准进出村宅"
    )

    directions: tuple[Direction, ...] = attrs.field(
        default=(Direction.IN, Direction.OUT), converter=_directions
    )
    kinds: tuple[Role, ...] = attrs.field(default=(Role.RESIDENT,), converter=_kinds)
    limit: float = attrs.field(default=37.3, converter=_limit)
    returnee_days: int = attrs.field(default=14, validator=whole("ExitPass.returnee_days", least=0, most=366))
    within_hours: int = attrs.field(default=24, validator=whole("ExitPass.within_hours", least=1, most=168))

    # At the gate

    @hookimpl
    def review_crossing(self, crossing: Crossing, situation: Situation) -> ReviewResult:
        """Look at each traveller's pass."""
        if crossing.direction not in self.directions:
            return None
        answer = self._inward if crossing.direction is IN else self._outward
        return each_traveller(situation, answer, crossing, situation)

    def _concerns(self, standing: Standing) -> bool:
        # At work or not, whatever the gate calls them: whoever lives here has a pass of their own.
        lives_here = standing.person is not None and standing.person.resident
        return standing.role in self.kinds or (lives_here and RESIDENT in self.kinds)

    def _inward(self, standing: Standing, crossing: Crossing, situation: Situation) -> Verdict | None:
        if not self._concerns(standing):
            return None
        if standing.traveller.clinic_journey is not None:
            return self.no_objection("clinic-journey", about=standing)
        if standing.returning_from is not None or _restricted(standing.periods, crossing.at):
            # The way home is open, but a bad pass is looked into.
            problem = _problem(standing)
            alerts = self._misused(standing, crossing, problem[0]) if problem is not None else []
            return self.no_objection("home-to-quarantine", about=standing, alerts=alerts)
        if standing.traveller.person is None:
            return self.hold("holder-unknown", lifted_by="identify", about=standing)
        problem = _problem(standing)
        if problem is None:
            return self.no_objection("pass-shown", about=standing)
        escorted = self._escorted(standing, situation)
        return escorted or self._home_without(standing, standing.traveller.person, crossing, *problem)

    def _home_without(
        self, standing: Standing, person: str, crossing: Crossing, code: str, lifted_by: str
    ) -> Verdict:
        if standing.lost_pass is not None and code in ("no-pass", "pass-revoked"):
            duty = self._replace(person, standing.lost_pass, crossing.at)
            return self.no_objection("lost-pass-home", about=standing, duties=[duty])
        alerts = self._misused(standing, crossing, code)
        if standing.person is None or not standing.person.resident:
            return self.deny(code, about=standing, alerts=alerts)
        if standing.person.guardian is not None:
            return self.no_objection("child-home", about=standing, alerts=alerts)
        if _went_out_without(standing):
            return self.no_objection("home-again", about=standing, alerts=alerts)
        duties = [] if lifted_by == "show-pass" else [self._issue(standing, crossing)]
        return self.hold(code, lifted_by=lifted_by, about=standing, duties=duties, alerts=alerts)

    def _outward(self, standing: Standing, crossing: Crossing, situation: Situation) -> Verdict | None:
        if not self._concerns(standing):
            return None
        if standing.traveller.clinic_journey is not None:
            return self.no_objection("clinic-journey", about=standing)
        if standing.traveller.person is None:
            return self.hold("holder-unknown", lifted_by="identify", about=standing)
        problem = _problem(standing)
        if problem is not None:
            alerts = self._misused(standing, crossing, problem[0])
            escorted = self._escorted(standing, situation)
            return escorted or self.deny(problem[0], about=standing, alerts=alerts)
        if _restricted(standing.periods, crossing.at):
            return self.deny("pass-suspended", about=standing)
        return self._with_good_pass(standing, crossing, situation)

    def _escorted(self, standing: Standing, situation: Situation) -> Verdict | None:
        """Whether a child goes with a guardian, or an adult of the household, who shows a good pass."""
        child = standing.person
        if child is None or child.guardian is None:
            return None
        good = {each.traveller.person for each in situation.standings if each.shown_pass is VALID}
        if child.guardian in good:
            return self.no_objection("with-guardian", about=standing)
        home = standing.household.members_on(situation.day) if standing.household is not None else ()
        known = (situation.person(each) for each in home if each in good)
        if any(each is not None and each.guardian is None for each in known):
            return self.no_objection("with-household", about=standing)
        return None

    def _with_good_pass(self, standing: Standing, crossing: Crossing, situation: Situation) -> Verdict:
        card = standing.exit_pass
        if card is not None and card.colour is GREEN and self._returned(standing, situation.day):
            return self.deny("pass-not-yellow", about=standing)
        # Whoever may go out several times a day has the date struck once.
        first = card is not None and standing.exits_on_day() == 0
        duties = [self._strike(standing, crossing, situation.day)] if first else []
        return self.no_objection("strike-date", about=standing, duties=duties)

    def _strike(self, standing: Standing, crossing: Crossing, day: date) -> Duty:
        number = standing.traveller.exit_pass or ""
        return self._duty(
            "strike-date",
            standing.traveller.person or number,
            crossing.at,
            f"{number}:{crossing.at.isoformat()}",
            number=number,
            day=day.day,
            month=MONTHS[day.month - 1],
        )

    def _misused(self, standing: Standing, crossing: Crossing, code: str) -> list[Alert]:
        if code not in MISUSED:
            return []
        kind, shown = "pass-misuse", standing.traveller.exit_pass
        return [
            Alert(
                kind=kind,
                subject=standing.subject or crossing.checkpoint,
                at=crossing.at,
                checkpoint=crossing.checkpoint,
                basis=shown,
                source=self.source,
                texts=self.words(f"alert-{kind}"),
            )
        ]

    # At the desk

    @hookimpl
    def review_pass(self, application: PassApplication, situation: Situation) -> Iterator[Verdict]:
        """Three musts, one card for one person, and the colour that is theirs."""
        for standing in situation.standings:
            objections = [
                *self._musts(standing, application),
                *self._card(standing, application, situation.day),
                *self._colour(standing, application, situation),
            ]
            yield from objections or [self.allow("pass-granted", about=standing)]

    def _musts(self, standing: Standing, application: PassApplication) -> Iterator[Verdict]:
        if application.asked is not True:
            yield self.hold("pass-ask", lifted_by="ask", about=standing)
        if not standing.registered:
            yield self.hold("pass-register", lifted_by="register", about=standing)
        if application.temperature is None:
            # An infant, or somebody too ill to be measured, is seen to instead; a broken thermometer is not.
            if application.not_measured not in (NotMeasured.INFANT, NotMeasured.MEDICAL):
                yield self.hold("pass-measure", lifted_by="measure-temperature", about=standing)
        elif application.temperature >= self.limit:
            kind = "fever-referral"
            due = application.at + REFERRAL_WITHIN
            duty = self._duty(kind, application.person, due, due.date().isoformat())
            yield self.hold("pass-fever", lifted_by="normal-temperature", about=standing, duties=[duty])

    def _card(self, standing: Standing, application: PassApplication, today: date) -> Iterator[Verdict]:
        wanted = application.valid
        if standing.person is None or not standing.person.resident:
            yield self.deny("not-a-resident", about=standing)
        if standing.shown_pass is not PassState.UNKNOWN:
            yield self.deny("number-taken", about=standing)
        if any(each.valid.start < wanted.end and wanted.start < each.valid.end for each in standing.passes):
            yield self.hold("pass-held", lifted_by="revoke-pass", about=standing)
        if wanted.last < today:
            yield self.deny("days-over", about=standing)

    def _colour(
        self, standing: Standing, application: PassApplication, situation: Situation
    ) -> Iterator[Verdict]:
        today = situation.day
        returned = self._returned(standing, today)
        if _restricted(standing.periods, application.at):
            last = max(each.last_day for each in standing.periods)
            yield self.hold(
                "still-in-quarantine",
                lifted_by="quarantine-over",
                about=standing,
                last=last.isoformat(),
                days=(last - today).days,
            )
        elif application.colour is PassColour.YELLOW:
            if not any(_served(each) for each in standing.past_periods):
                yield self.deny("pass-green-instead", about=standing)
        elif returned:
            yield self.deny("pass-yellow-instead", about=standing, days=self.returnee_days)

    def _returned(self, standing: Standing, today: date) -> bool:
        """Whether they came back and were released no longer ago than so many days."""
        if self.returnee_days == 0 or not standing.past_periods:
            return False
        since = today - timedelta(days=self.returnee_days)
        return any(_served(each) and each.ends_at.date() > since for each in standing.past_periods)

    # What follows

    @hookimpl
    def follow_up(self, fact: Fact, situation: Situation) -> Duty | None:
        """A returnee's yellow pass falls due on their release; a lost pass is replaced."""
        at = fact.at or situation.at
        soonest = at + timedelta(hours=self.within_hours)
        if isinstance(fact, QuarantineOrdered) and isinstance(fact.period.exposure.reason, Return):
            kind, period = "issue-yellow-pass", fact.period
            due = max(soonest, period.ends_at, key=to_utc)
            return self._duty(kind, period.person, due, period.id, Route.DOOR)
        if isinstance(fact, PassRevoked) and fact.cause is RevocationCause.LOST:
            return self._replace(fact.person, fact.number, at)
        return None

    def _replace(self, person: str, number: str, at: datetime) -> Duty:
        kind, due = "replace-pass", at + timedelta(hours=self.within_hours)
        return self._duty(kind, person, due, number, Route.DOOR, number=number)

    def _issue(self, standing: Standing, crossing: Crossing) -> Duty:
        kind, due = "issue-pass", crossing.at + timedelta(hours=self.within_hours)
        subject = standing.subject or crossing.checkpoint
        return self._duty(kind, subject, due, crossing.local_date.isoformat(), Route.DOOR)

    def _duty(
        self,
        kind: str,
        subject: str,
        due: datetime,
        basis: str,
        route: Route | None = None,
        **values: Value,
    ) -> Duty:
        return Duty(
            kind=kind,
            subject=subject,
            due=due,
            route=route,
            basis=basis,
            source=self.source,
            texts=self.words(f"duty-{kind}", **values),
        )


def _problem(standing: Standing) -> tuple[str, str] | None:
    if standing.shown_pass is VALID:
        return None
    if standing.shown_pass is None:
        return NO_PASS if standing.exit_pass is None else NOT_SHOWN
    return PROBLEMS.get(standing.shown_pass)


def _went_out_without(standing: Standing) -> bool:
    """Whether they are out by the record, and not on a good pass of their own, which they could show."""
    away = standing.away
    if away is None:
        return False
    return not away.spent_exit or not any(away.day in each.valid for each in standing.passes)


def _restricted(periods: Sequence[QuarantinePeriod], at: datetime) -> bool:
    return bool(periods) and any(
        each.setting_at(at) is not QuarantineSetting.HEALTH_MONITORING for each in periods
    )


def _served(period: QuarantinePeriod) -> bool:
    """Whether the days of a return are over, as against broken off by an illness or ordered by mistake."""
    cause = period.end.cause if period.end is not None else None
    return isinstance(period.exposure.reason, Return) and cause in SERVED
