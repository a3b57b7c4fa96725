"""Facts about people, crossings, passes, periods, duties and alerts."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar

import attrs

from epiguard.crossings import Crossing
from epiguard.days import TimeSpan
from epiguard.decisions import Decision, PassDecision
from epiguard.duties import Alert, Duty, Outcome
from epiguard.errors import InvalidValueError
from epiguard.facts._fact import ERASED, Fact
from epiguard.fields import (
    as_day,
    as_instances,
    as_member,
    identifier,
    instance,
    optional_identifier,
)
from epiguard.identifiers import CardNumber, FreeText, Plate
from epiguard.passes import ExitPass, RevocationCause
from epiguard.people import Household, Person, Relationship
from epiguard.quarantine import EndCause, PeriodChange, QuarantinePeriod
from epiguard.registrations import Registration

__all__ = [
    "AlertClosed",
    "AlertRaised",
    "CardHolderNamed",
    "CrossingDecided",
    "CrossingObserved",
    "DecisionCancelled",
    "DutyAssigned",
    "DutyAttempted",
    "DutyClosed",
    "DutyOpened",
    "HouseholdRecorded",
    "LeaveGranted",
    "MatchConfirmed",
    "MatchFound",
    "MatchRejected",
    "PassDecided",
    "PassIssued",
    "PassRevoked",
    "PersonChanged",
    "PersonEnrolled",
    "PersonLeft",
    "QuarantineChanged",
    "QuarantineOrdered",
    "Registered",
    "RelationshipRecorded",
    "ReleaseSigned",
    "WatchEnded",
    "WatchListed",
]


@attrs.frozen
class PersonEnrolled(Fact):
    """A person is known to the site, or is back after they left."""

    person: Person = attrs.field(validator=instance(Person, "PersonEnrolled.person"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The person."""
        return (self.person.id,)


@attrs.frozen
class PersonChanged(PersonEnrolled):
    """What is known of a person changed; the whole person as known now. It brings back nobody who left."""


#: Why somebody can have left for good: whoever is in hospital comes back.
_LEFT_BY = (EndCause.DEATH, EndCause.MOVED_AWAY)


def _cause(value: EndCause | str) -> EndCause:
    cause = as_member(EndCause, value, "PersonLeft.cause")
    if cause not in _LEFT_BY:
        raise InvalidValueError(
            "PersonLeft.cause",
            expected=" or ".join(repr(each.value) for each in _LEFT_BY),
            got=repr(cause.value),
            do="end the quarantine period with that cause instead",
        )
    return cause


def _left_for(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "PersonLeft.reason")


@attrs.frozen(kw_only=True)
class PersonLeft(Fact):
    """A person died or moved away: passes are revoked, duties closed, periods end; others' stand."""

    named: ClassVar[Mapping[str, str]] = {"person": "person"}

    person: str = attrs.field(validator=identifier("PersonLeft.person"))
    reason: FreeText = attrs.field(converter=_left_for)
    cause: EndCause = attrs.field(default=EndCause.MOVED_AWAY, converter=_cause)
    """``death`` or ``moved-away``: why their quarantine periods end."""

    @property
    def subjects(self) -> tuple[str, ...]:
        """The person."""
        return (self.person,)


@attrs.frozen
class HouseholdRecorded(Fact):
    """A household and its members, as known now."""

    household: Household = attrs.field(validator=instance(Household, "HouseholdRecorded.household"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The household, then its members."""
        return (self.household.id, *dict.fromkeys(each.person for each in self.household.members))


@attrs.frozen
class RelationshipRecorded(Fact):
    """Somebody is the landlord (family, guardian ...) of a person."""

    relationship: Relationship = attrs.field(
        validator=instance(Relationship, "RelationshipRecorded.relationship")
    )

    @property
    def subjects(self) -> tuple[str, ...]:
        """The person, then the contact."""
        return (self.relationship.person, self.relationship.contact)


@attrs.frozen
class Registered(Fact):
    """A form came in, as written."""

    registration: Registration = attrs.field(validator=instance(Registration, "Registered.registration"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The form's own subject, until it is linked to a person."""
        return (self.registration.subject,)


@attrs.frozen(kw_only=True)
class _Matched(Fact):
    registration: str = attrs.field(validator=identifier("registration"))
    person: str = attrs.field(validator=identifier("person"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The person, then the form's subject."""
        return (self.person, f"form:{self.registration}")


@attrs.frozen(kw_only=True)
class MatchFound(_Matched):
    """The matcher found whose form it is; nobody has confirmed it yet."""


@attrs.frozen(kw_only=True)
class MatchConfirmed(_Matched):
    """A human confirmed whose form it is."""


@attrs.frozen(kw_only=True)
class MatchRejected(_Matched):
    """A human said that the form is not this person's; it is never proposed again."""


@attrs.frozen
class QuarantineOrdered(Fact):
    """A quarantine period was opened, or its order corrected: the changes to it since then are kept."""

    period: QuarantinePeriod = attrs.field(validator=instance(QuarantinePeriod, "QuarantineOrdered.period"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The person."""
        return (self.period.person,)


@attrs.frozen(kw_only=True)
class QuarantineChanged(Fact):
    """A period was extended, shortened, moved or ended; one that has ended takes nothing that came later."""

    named: ClassVar[Mapping[str, str]] = {"period": "period"}

    period: str = attrs.field(validator=identifier("QuarantineChanged.period"))
    person: str = attrs.field(validator=identifier("QuarantineChanged.person"))
    change: PeriodChange = attrs.field(validator=instance(PeriodChange, "QuarantineChanged.change"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The person."""
        return (self.person,)


@attrs.frozen(kw_only=True)
class ReleaseSigned(Fact):
    """Somebody signed that a period's days are over, or handed in the notice of release.

    Attributes:
        period: Its id.
        person: Whose it is.
        by: Pseudonymous id of whoever signed.
        notice: The number of the notice of release, where there is one.
    """

    named: ClassVar[Mapping[str, str]] = {"period": "period"}

    period: str = attrs.field(validator=identifier("ReleaseSigned.period"))
    person: str = attrs.field(validator=identifier("ReleaseSigned.person"))
    by: str = attrs.field(validator=identifier("ReleaseSigned.by"))
    notice: str | None = attrs.field(default=None, validator=optional_identifier("ReleaseSigned.notice"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The person."""
        return (self.person,)


@attrs.frozen(kw_only=True)
class CardHolderNamed(Fact):
    """A household named the member who goes out for all of them; whom it named last holds."""

    household: str = attrs.field(validator=identifier("CardHolderNamed.household"))
    person: str = attrs.field(validator=identifier("CardHolderNamed.person"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """The household, then the person."""
        return (self.household, self.person)


@attrs.frozen
class PassDecided(Fact):
    """An application for an exit pass was decided, whatever the answer."""

    decision: PassDecision = attrs.field(validator=instance(PassDecision, "PassDecided.decision"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """Whoever asked for it."""
        return (self.decision.application.person,)


@attrs.frozen
class PassIssued(Fact):
    """An exit pass was handed out; ``decision`` is the id of the decision that granted it, if one did."""

    exit_pass: ExitPass = attrs.field(validator=instance(ExitPass, "PassIssued.exit_pass"))
    decision: str | None = attrs.field(
        default=None, kw_only=True, validator=optional_identifier("PassIssued.decision")
    )

    @property
    def subjects(self) -> tuple[str, ...]:
        """The holder."""
        return (self.exit_pass.person,)


def _revoked_for(value: RevocationCause | str) -> RevocationCause:
    return as_member(RevocationCause, value, "PassRevoked.cause")


def _taken_back_for(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "PassRevoked.reason")


@attrs.frozen(kw_only=True)
class PassRevoked(Fact):
    """An exit pass is no longer good: lost, replaced or taken back."""

    number: str = attrs.field(validator=identifier("PassRevoked.number"))
    person: str = attrs.field(validator=identifier("PassRevoked.person"))
    reason: FreeText = attrs.field(converter=_taken_back_for)
    cause: RevocationCause = attrs.field(default=RevocationCause.WITHDRAWN, converter=_revoked_for)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The holder."""
        return (self.person,)


def _leave_for(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "LeaveGranted.purpose")


@attrs.frozen(kw_only=True)
class LeaveGranted(Fact):
    """Leave to go out for treatment, a funeral, night work: waives movement rules, never safety rules."""

    named: ClassVar[Mapping[str, str]] = {"person": "person"}

    person: str = attrs.field(validator=identifier("LeaveGranted.person"))
    span: TimeSpan = attrs.field(validator=instance(TimeSpan, "LeaveGranted.span"))
    purpose: FreeText = attrs.field(converter=_leave_for)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The person."""
        return (self.person,)


def _watched_until(value: date) -> date:
    day = as_day(value, "WatchListed.until")
    if day is None:
        raise InvalidValueError(
            "WatchListed.until",
            expected="the first day on which nobody watches any more",
            got="nothing",
            do="name a day; somebody who is still to be watched then is listed again",
        )
    return day


def _watched_plate(value: Plate | str | None) -> Plate | None:
    return None if value is None else Plate.of(value)


def _watched_card(value: CardNumber | str | None) -> CardNumber | None:
    return None if value is None else CardNumber.of(value)


def _watched_for(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "WatchListed.reason")


@attrs.frozen(kw_only=True)
class WatchListed(Fact):
    """Somebody is on the watch list by a named person's word: their passing is looked at, not forbidden.

    It holds from ``at`` on. Rules cannot write it: they owe somebody the decision.

    Attributes:
        person: Whom, or the subject of the form they filled in.
        reason: Why.
        until: The first day on which it no longer holds; a watch without an end cannot be written.
        plate: The car to look out for.
        card: The access card to look out for.
    """

    named: ClassVar[Mapping[str, str]] = {"person": "person"}

    person: str = attrs.field(validator=identifier("WatchListed.person"))
    reason: FreeText = attrs.field(converter=_watched_for)
    until: date = attrs.field(converter=_watched_until)
    plate: Plate | None = attrs.field(default=None, converter=_watched_plate)
    card: CardNumber | None = attrs.field(default=None, converter=_watched_card)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The person."""
        return (self.person,)


def _no_longer_watched_for(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "WatchEnded.reason")


@attrs.frozen(kw_only=True)
class WatchEnded(Fact):
    """Somebody was taken off the watch list before the day named: every watch up to then is over.

    So are the duties that came of it, which name this kind in ``closed_by``; those of a watch that began
    later stand, whichever was recorded first.
    """

    ends_what_began_before: ClassVar[bool] = True

    person: str = attrs.field(validator=identifier("WatchEnded.person"))
    reason: FreeText = attrs.field(converter=_no_longer_watched_for)

    @property
    def subjects(self) -> tuple[str, ...]:
        """The person."""
        return (self.person,)


def _party(crossing: Crossing) -> tuple[str, ...]:
    named = [
        each.person or (each.registration.subject if each.registration is not None else "")
        for each in crossing.travellers
    ]
    hosts = [each.host for each in crossing.travellers if each.host is not None]
    return tuple(dict.fromkeys(each for each in (*named, *hosts) if each))


@attrs.frozen
class CrossingDecided(Fact):
    """A crossing was decided."""

    parts: ClassVar[tuple[str, ...]] = (
        "decision.crossing.travellers",
        "decision.crossing.vehicle",
        "decision.crossing.purpose",
        "decision.verdicts",
        "decision.duties",
        "decision.alerts",
        "decision.override.reason",
    )
    blanks: ClassVar[Mapping[str, Any]] = {
        "decision.crossing.travellers": {},
        "decision.override.reason": ERASED,
    }
    shared: ClassVar[bool] = True

    decision: Decision = attrs.field(validator=instance(Decision, "CrossingDecided.decision"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """Everybody in the party who is known, if only by a form."""
        return _party(self.decision.crossing)


@attrs.frozen
class CrossingObserved(Fact):
    """A crossing happened, allowed or not; ``decision`` is the id of the decision it followed, if any."""

    parts: ClassVar[tuple[str, ...]] = ("crossing.travellers", "crossing.vehicle", "crossing.purpose")
    blanks: ClassVar[Mapping[str, Any]] = {"crossing.travellers": {}}
    shared: ClassVar[bool] = True

    crossing: Crossing = attrs.field(validator=instance(Crossing, "CrossingObserved.crossing"))
    decision: str | None = attrs.field(
        default=None, kw_only=True, validator=optional_identifier("CrossingObserved.decision")
    )

    @property
    def subjects(self) -> tuple[str, ...]:
        """Everybody in the party who is known, if only by a form."""
        return _party(self.crossing)


def _persons(values: Iterable[str]) -> tuple[str, ...]:
    return as_instances(str, values, "DecisionCancelled.persons")


def _cancelled_for(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "DecisionCancelled.reason")


@attrs.frozen(kw_only=True)
class DecisionCancelled(Fact):
    """A decided crossing did not happen; what it claimed is free again.

    Attributes:
        decision: The id of the decision.
        reason: Why.
        persons: Everybody in its party who is known; where nobody is named, everybody is looked through.
    """

    parts: ClassVar[tuple[str, ...]] = ("reason",)
    blanks: ClassVar[Mapping[str, Any]] = {"reason": ERASED}
    shared: ClassVar[bool] = True

    decision: str = attrs.field(validator=identifier("DecisionCancelled.decision"))
    reason: FreeText = attrs.field(converter=_cancelled_for)
    persons: tuple[str, ...] = attrs.field(default=(), converter=_persons)

    @property
    def subjects(self) -> tuple[str, ...]:
        """Everybody in the party who is known."""
        return self.persons


@attrs.frozen
class DutyOpened(Fact):
    """Something is owed."""

    duty: Duty = attrs.field(validator=instance(Duty, "DutyOpened.duty"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """Whom the duty is about, then the contact."""
        return (self.duty.subject,) if self.duty.contact is None else (self.duty.subject, self.duty.contact)


def _outcome(value: Outcome | str) -> Outcome:
    return as_member(Outcome, value, "DutyAttempted.outcome")


def _note(value: FreeText | str) -> FreeText:
    return FreeText.noted(value, "DutyAttempted.note")


@attrs.frozen(kw_only=True)
class DutyAttempted(Fact):
    """Somebody tried to do what is owed.

    Attributes:
        duty: Its id.
        outcome: What came of it.
        note: What is worth keeping of it; personal.
        call: An id that attempts share which were one call or one visit, where several duties were.
    """

    named: ClassVar[Mapping[str, str]] = {"duty": "duty"}

    duty: str = attrs.field(validator=identifier("DutyAttempted.duty"))
    outcome: Outcome = attrs.field(converter=_outcome)
    note: FreeText = attrs.field(default=FreeText(""), converter=_note)
    call: str | None = attrs.field(default=None, validator=optional_identifier("DutyAttempted.call"))


@attrs.frozen(kw_only=True)
class DutyAssigned(Fact):
    """Somebody is to do what is owed: whoever was named last; nobody means that it is free again."""

    named: ClassVar[Mapping[str, str]] = {"duty": "duty"}

    duty: str = attrs.field(validator=identifier("DutyAssigned.duty"))
    assignee: str | None = attrs.field(default=None, validator=optional_identifier("DutyAssigned.assignee"))


def _closed_for(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "DutyClosed.reason")


@attrs.frozen(kw_only=True)
class DutyClosed(Fact):
    """What was owed fell away."""

    named: ClassVar[Mapping[str, str]] = {"duty": "duty"}

    duty: str = attrs.field(validator=identifier("DutyClosed.duty"))
    reason: FreeText = attrs.field(converter=_closed_for)


@attrs.frozen
class AlertRaised(Fact):
    """Something wrong must be looked at."""

    alert: Alert = attrs.field(validator=instance(Alert, "AlertRaised.alert"))

    @property
    def subjects(self) -> tuple[str, ...]:
        """Whom the alert is about."""
        return (self.alert.subject,)


def _came_of_it(value: FreeText | str) -> FreeText:
    return FreeText.said(value, "AlertClosed.outcome")


@attrs.frozen(kw_only=True)
class AlertClosed(Fact):
    """It was looked at, with what came of it."""

    named: ClassVar[Mapping[str, str]] = {"alert": "alert"}

    alert: str = attrs.field(validator=identifier("AlertClosed.alert"))
    outcome: FreeText = attrs.field(converter=_came_of_it)
