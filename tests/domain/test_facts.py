"""Facts: their kinds, whom they are about, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Any

import attrs
import pytest

from epiguard.crossings import Crossing, Traveller
from epiguard.days import DaySpan, TimeSpan
from epiguard.decisions import Decision, Effect
from epiguard.duties import Alert, Duty
from epiguard.errors import InvalidValueError
from epiguard.facts import (
    FACT_KINDS,
    AlertClosed,
    AlertRaised,
    CrossingDecided,
    CrossingObserved,
    DecisionCancelled,
    DutyAttempted,
    DutyClosed,
    DutyOpened,
    ExportMade,
    Fact,
    HouseholdRecorded,
    LeaveGranted,
    MatchConfirmed,
    PassIssued,
    PassRevoked,
    PersonEnrolled,
    PersonLeft,
    QuarantineChanged,
    QuarantineOrdered,
    Registered,
    RelationshipRecorded,
    RuleFailed,
    WatchEnded,
    WatchListed,
)
from epiguard.passes import ExitPass
from epiguard.people import Household, Membership, Person, Relationship
from epiguard.quarantine import Contact, EndCause, Exposure, PeriodChange, QuarantinePeriod
from epiguard.registrations import Registration

NOON = datetime(2020, 2, 14, 4, tzinfo=UTC)
PARTY = Crossing(
    checkpoint="north",
    direction="in",
    at=NOON,
    travellers=[Traveller(person="p-7"), Traveller(host="p-8"), Traveller(person="p-9", host="p-7")],
)
DAYS = DaySpan(date(2020, 2, 1), date(2020, 3, 1))
EXTENDED = PeriodChange(kind="extended", days=7, reason="contact at home", by="cadre-3")


@attrs.frozen(kw_only=True)
class MaskHandedOut(Fact):
    """A plug-in's own fact."""

    household: str

    @property
    def subjects(self) -> tuple[str, ...]:
        """The household."""
        return (self.household,)


def test_a_plug_ins_fact_has_a_kind_of_its_own_name() -> None:
    """It is registered by being written, in kebab case; private parents are not."""
    assert MaskHandedOut.kind == "mask-handed-out"
    assert FACT_KINDS["mask-handed-out"] is MaskHandedOut
    assert [kind for kind in FACT_KINDS if kind.startswith("_")] == []
    assert "fact" not in FACT_KINDS


def test_a_plug_in_cannot_take_the_name_of_a_built_in_kind() -> None:
    """What was recorded as one would be read back as the other."""
    with pytest.raises(InvalidValueError) as caught:
        type("PersonLeft", (Fact,), {"__module__": "plugin"})
    assert str(caught.value) == (
        "class PersonLeft: expected a kind of fact of its own, got the name of the built-in kind "
        "'person-left'; give the class another name"
    )
    assert FACT_KINDS["person-left"] is PersonLeft


@pytest.mark.parametrize(
    ("fact", "subjects"),
    [
        (PersonEnrolled(Person(id="p-7")), ("p-7",)),
        (PersonLeft(person="p-7", reason="moved"), ("p-7",)),
        (
            HouseholdRecorded(
                Household(id="h-1", members=[Membership(person=each) for each in ("p-7", "p-8", "p-7")])
            ),
            ("h-1", "p-7", "p-8"),
        ),
        (
            RelationshipRecorded(Relationship(person="p-7", relation="landlord", contact="l-1")),
            ("p-7", "l-1"),
        ),
        (Registered(Registration(id="r-1", source="paper", person="p-7")), ("form:r-1",)),
        (MatchConfirmed(registration="r-1", person="p-7"), ("p-7", "form:r-1")),
        (
            QuarantineOrdered(
                QuarantinePeriod.after(
                    Exposure(person="p-7", last_on=NOON.date(), reason=Contact()),
                    days=14,
                    zone="Asia/Shanghai",
                )
            ),
            ("p-7",),
        ),
        (PassIssued(ExitPass(number="G-1", person="p-7", colour="green", valid=DAYS)), ("p-7",)),
        (QuarantineChanged(period="q-1", person="p-7", change=EXTENDED), ("p-7",)),
        (PassRevoked(number="G-1", person="p-7", reason="lost"), ("p-7",)),
        (CrossingObserved(PARTY), ("p-7", "p-9", "p-8")),
        (
            CrossingDecided(Decision(crossing=PARTY, day=NOON.date(), effect=Effect.HOLD)),
            ("p-7", "p-9", "p-8"),
        ),
        (DecisionCancelled(decision="d-1", reason="turned back", persons=["p-7"]), ("p-7",)),
        (DutyOpened(Duty(kind="call", subject="p-7")), ("p-7",)),
        (DutyOpened(Duty(kind="call", subject="p-7", contact="l-1")), ("p-7", "l-1")),
        (DutyAttempted(duty="d-1", outcome="reached"), ()),
        (DutyClosed(duty="d-1", reason="fell away"), ()),
        (AlertRaised(Alert(kind="breach", subject="p-7")), ("p-7",)),
        (AlertClosed(alert="a-1", outcome="a friend carried the card"), ()),
        (ExportMade(purpose="calls", what="lists.xlsx"), ()),
        (RuleFailed(rule="x", distribution="y 1.0", hook="follow_up", fault="raised KeyError"), ()),
        (WatchListed(person="p-7", reason="returned", until=DAYS.end), ("p-7",)),
        (WatchEnded(person="p-7", reason="well"), ("p-7",)),
        (MaskHandedOut(household="h-1"), ("h-1",)),
    ],
    ids=lambda value: value.kind if isinstance(value, Fact) else "",
)
def test_a_fact_says_whom_it_is_about(fact: Fact, subjects: tuple[str, ...]) -> None:
    """Each once, the one its payload belongs to first; no name, only pseudonyms."""
    assert fact.subjects == subjects


def test_somebody_leaves_by_death_or_by_moving_away() -> None:
    """Whoever is in hospital comes back: that ends a period, it does not end the person's place here."""
    assert PersonLeft(person="p-7", reason="moved").cause is EndCause.MOVED_AWAY
    assert PersonLeft(person="p-7", reason="died", cause="death").cause is EndCause.DEATH
    with pytest.raises(InvalidValueError) as caught:
        PersonLeft(person="p-7", reason="taken ill", cause=EndCause.HOSPITAL)
    assert str(caught.value) == (
        "PersonLeft.cause: expected 'death' or 'moved-away', got 'hospital'; "
        "end the quarantine period with that cause instead"
    )


# What somebody without a type checker may pass.
ANY: dict[str, Any] = {kind.__name__: kind for kind in FACT_KINDS.values()}


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: ANY["PersonEnrolled"]("p-7"), r"^PersonEnrolled\.person: expected Person, got text of 3 ch"),
        (lambda: ANY["PersonEnrolled"](Person(id="p-7"), at=NOON.date()), r"^Fact\.at: expected a datetime"),
        (
            lambda: ANY["PersonLeft"](person="p-7", reason=""),
            r"^PersonLeft\.reason: expected some text, got b",
        ),
        (lambda: ANY["QuarantineOrdered"](None), r"^QuarantineOrdered\.period: expected QuarantinePeriod"),
        (
            lambda: ANY["LeaveGranted"](person="p-7", span=NOON, purpose="x"),
            r"^LeaveGranted\.span: expected T",
        ),
        (lambda: ANY["CrossingObserved"](PARTY, decision=""), r"^CrossingObserved\.decision: expected an id"),
        (
            lambda: ANY["WatchListed"](person="p-7", reason="x", until=None),
            r"^WatchListed\.until: expected the first day on which nobody watches any more, got nothing",
        ),
        (
            lambda: ANY["WatchListed"](person="p-7", reason=" ", until=DAYS.end),
            r"^WatchListed\.reason: expected some text",
        ),
        (
            lambda: ANY["DecisionCancelled"](decision="d", reason="r", persons="p"),
            r"\.persons: expected a list",
        ),
        (
            lambda: ANY["DutyAttempted"](duty="d-1", outcome="maybe"),
            r"^DutyAttempted\.outcome: expected one of",
        ),
        (
            lambda: ANY["DutyAttempted"](duty="d-1", outcome="done", note=None),
            r"^DutyAttempted\.note: expecte",
        ),
        (
            lambda: ANY["ExportMade"](purpose="calls", what="x", rows=-1),
            r"^ExportMade\.rows: expected a whole",
        ),
    ],
)
def test_bad_facts_say_what_was_expected(make: Callable[[], Any], message: str) -> None:
    """Each bad field gets one clear error that names it."""
    with pytest.raises(InvalidValueError, match=message):
        make()


def test_a_fact_cannot_be_changed_and_counts_once_in_a_set() -> None:
    """It is a record."""
    span = TimeSpan(NOON, datetime(2020, 2, 14, 9, tzinfo=UTC))
    leave = LeaveGranted(person="p-7", span=span, purpose="dialysis", at=NOON)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        leave.at = None  # type: ignore[misc]  # the point
    assert len({leave, LeaveGranted(person="p-7", span=span, purpose="dialysis", at=NOON)}) == 1
