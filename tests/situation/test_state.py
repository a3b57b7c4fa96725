"""What each kind of fact changes, by example."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest

from epiguard.crossings import Crossing, Traveller
from epiguard.days import DaySpan, TimeSpan
from epiguard.decisions import Decision, Effect, Override, Verdict, once
from epiguard.duties import Alert, Duty, DutyState
from epiguard.errors import InvalidValueError
from epiguard.facts import (
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
    MatchFound,
    MatchRejected,
    PassIssued,
    PassRevoked,
    PersonChanged,
    PersonEnrolled,
    PersonLeft,
    QuarantineChanged,
    QuarantineOrdered,
    Registered,
    RelationshipRecorded,
)
from epiguard.passes import ExitPass
from epiguard.people import Household, Membership, Person, Relationship
from epiguard.places import Checkpoint, Site
from epiguard.quarantine import EndCause, Exposure, PeriodChange, QuarantinePeriod, Return
from epiguard.registrations import Registration
from epiguard.situation import State

ZONE = ZoneInfo("Asia/Shanghai")
SITE = Site(
    id="village",
    zone="Asia/Shanghai",
    checkpoints=[Checkpoint(id="north"), Checkpoint(id="south"), Checkpoint(id="door-1", kind="door")],
)
FEBRUARY = DaySpan(date(2020, 2, 1), date(2020, 3, 1))
MARCH = date(2020, 3, 1)


def at(day: int, hour: int = 12, minute: int = 0) -> datetime:
    """An instant of February 2020 at the site."""
    return datetime(2020, 2, day, hour, minute, tzinfo=ZONE)


def after(*facts: Fact, recorded_at: datetime | None = None) -> State:
    """The sum of some facts."""
    state = State(SITE)
    for fact in facts:
        state.apply(fact, recorded_at)
    return state


def enrolled(person: str = "p-7", **known: Any) -> PersonEnrolled:
    """Somebody is known."""
    return PersonEnrolled(Person(id=person, **known))


def period(person: str = "p-7", last_on: date = date(2020, 2, 10)) -> QuarantinePeriod:
    """Fourteen days after a return."""
    exposure = Exposure(person=person, last_on=last_on, reason=Return(region="420000"))
    return QuarantinePeriod.after(exposure, days=14, zone="Asia/Shanghai")


def ordered(person: str = "p-7", last_on: date = date(2020, 2, 10)) -> QuarantineOrdered:
    """Fourteen days were ordered."""
    return QuarantineOrdered(period(person, last_on))


def changed(kind: str, **change: Any) -> QuarantineChanged:
    """A change to the first period of p-7."""
    made = PeriodChange(**{"kind": kind, "reason": "r", "by": "cadre-3", **change})
    return QuarantineChanged(period="q:p-7:2020-02-10", person="p-7", change=made)


def crossing(direction: str, when: datetime, *persons: str, checkpoint: str = "north") -> Crossing:
    """A party at a gate."""
    party = [Traveller(person=each) for each in persons or ("p-7",)]
    return Crossing(checkpoint=checkpoint, direction=direction, at=when, travellers=party)


def decided(asked: Crossing, number: str = "d-1", **options: Any) -> CrossingDecided:
    """A decision that let a party pass."""
    values = {"effect": Effect.ALLOW, **options}
    return CrossingDecided(Decision(crossing=asked, day=SITE.day_of(asked.at), id=number, **values))


def form(number: str = "r-1", **options: Any) -> Registered:
    """A form came in."""
    return Registered(Registration(**{"id": number, "source": "paper", **options}))


def days(state: State, person: str = "p-7") -> list[tuple[str, str, str]]:
    """Somebody's crossings: direction, time and the day they count to."""
    return [
        (each.direction.value, f"{each.at:%d %H:%M}", f"{each.day:%d}") for each in state.crossings_of[person]
    ]


# --- people who come, change and leave ---


def test_only_being_enrolled_again_brings_somebody_back() -> None:
    """A correction to the data of somebody who died does not."""
    state = after(enrolled(), PersonLeft(person="p-7", reason="moved"))
    state.apply(PersonChanged(Person(id="p-7", sex="M")))
    assert ("p-7" in state.gone, state.people["p-7"].sex) == (True, "M")
    state.apply(enrolled())
    assert "p-7" not in state.gone


def test_the_duties_of_who_left_are_closed_and_those_of_their_forms_and_as_a_contact() -> None:
    """Nobody is called about them, nor is anybody told to call them; all other duties stand."""
    about, contact, of_form, other = (
        Duty(kind="call", subject="p-7"),
        Duty(kind="tell-landlord", subject="p-8", contact="p-7"),
        Duty(kind="confirm-match", subject="form:r-1"),
        Duty(kind="call", subject="p-8"),
    )
    state = after(
        form(), MatchFound(registration="r-1", person="p-7"),
        *(DutyOpened(each) for each in (about, contact, of_form, other)),
        PersonLeft(person="p-7", reason="died", cause="death", at=at(14)),
    )  # fmt: skip
    closed = {
        each.duty.kind: each.settled_at for each in state.duties.values() if each.state is DutyState.CLOSED
    }
    assert closed == {"call": at(14), "tell-landlord": at(14), "confirm-match": at(14)}
    assert state.duties[other.id].state is DutyState.OPEN


def test_a_duty_about_somebody_who_left_is_never_open() -> None:
    """What a rule or a late form asks for afterwards would ring at the bereaved's."""
    state = after(form(person="p-7"), PersonLeft(person="p-7", reason="died"))
    for subject in ("p-7", "form:r-1"):
        state.apply(DutyOpened(Duty(kind="call", subject=subject)), at(15))
    state.apply(DutyOpened(Duty(kind="tell-landlord", subject="p-8", contact="p-7")), at(15))
    assert {each.state for each in state.duties.values()} == {DutyState.CLOSED}
    assert {each.settled_at for each in state.duties.values()} == {at(15)}


@pytest.mark.parametrize("cause", [EndCause.DEATH, EndCause.MOVED_AWAY])
def test_the_periods_of_who_left_end_with_the_cause(cause: EndCause) -> None:
    """Those of others stand, and so does the end of one that was over before."""
    early, mine, other = ordered(last_on=date(2020, 1, 10)), ordered(), ordered("p-8")
    left = PersonLeft(person="p-7", reason="at home", cause=cause, at=at(14))
    state = after(early, mine, other, left)
    ended = state.periods[mine.period.id]
    assert ended.end is not None
    assert (ended.end.cause, ended.end.reason.value, ended.ends_at) == (cause, "at home", at(14))
    assert state.periods[other.period.id] == other.period
    assert state.periods[early.period.id] == early.period


def test_a_period_of_a_form_ends_with_its_person() -> None:
    """It was opened before anybody knew whose the form is."""
    of_form = ordered("form:r-1")
    left = PersonLeft(person="p-7", reason="moved")
    state = after(of_form, form(), MatchConfirmed(registration="r-1", person="p-7"))
    state.apply(left, at(14))
    assert state.periods[of_form.period.id].ends_at == at(14)


def test_a_period_ends_when_it_is_known_when_somebody_left() -> None:
    """With neither the instant nor the recording's, there is none to end it at."""
    assert after(ordered(), PersonLeft(person="p-7", reason="moved")).periods_about("p-7")[0].end is None


def test_the_passes_of_who_left_stay_revoked_when_they_come_back() -> None:
    """Whoever comes back is given a new one."""
    green = ExitPass(number="G-1", person="p-7", colour="green", valid=FEBRUARY)
    other = attrs.evolve(green, number="G-2", person="p-8")
    state = after(PassIssued(green), PassIssued(other), PersonLeft(person="p-7", reason="moved"), enrolled())
    assert state.passes == {"G-2": other}
    assert not state.passes_of.get("p-7")


# --- households and relationships ---


def home(number: str, *members: Membership) -> HouseholdRecorded:
    """A household as known now."""
    return HouseholdRecorded(Household(id=number, members=members))


def test_somebody_lives_where_they_live_on_the_day() -> None:
    """Moving on the first of March: at the old address until then, at the new one from then on."""
    state = after(
        home("h-1", Membership(person="p-7", until=MARCH), Membership(person="p-8")),
        home("h-2", Membership(person="p-7", since=MARCH)),
    )
    found = [state.household_on("p-7", day) for day in (date(2020, 2, 29), MARCH)]
    assert [each.id for each in found if each is not None] == ["h-1", "h-2"]
    assert state.household_on("p-9", MARCH) is None
    assert state.household_of == {"p-7": "h-2", "p-8": "h-1"}


def test_where_two_households_list_somebody_the_one_joined_last_has_them() -> None:
    """A register often forgets to strike out who moved, whichever household it tells of last."""
    stays = home("h-1", Membership(person="p-7", since=date(2019, 1, 1)))
    joins = home("h-2", Membership(person="p-7", since=date(2020, 2, 1)))
    for facts in ([stays, joins], [joins, stays]):
        found = after(*facts).household_on("p-7", date(2020, 2, 14))
        assert found == joins.household
    undated = [home(each, Membership(person="p-7")) for each in ("h-1", "h-2")]
    assert after(*undated).household_on("p-7", MARCH) == undated[-1].household


def test_a_household_told_again_replaces_what_was_told() -> None:
    """Whoever is not in it any more is not in it; where they moved meanwhile they stay."""
    both = (Membership(person="p-7"), Membership(person="p-8"), Membership(person="p-9"))
    state = after(home("h-1", *both), home("h-2", Membership(person="p-9")))
    state.apply(home("h-1", Membership(person="p-8")))
    assert state.household_on("p-7", MARCH) is None
    assert state.household_of == {"p-8": "h-1", "p-9": "h-2"}


def test_a_relationship_told_again_replaces_itself_only() -> None:
    """The lease is prolonged; the mother stays the mother."""
    lease = Relationship(person="p-7", relation="landlord", contact="l-1", span=FEBRUARY)
    mother = Relationship(person="p-7", relation="family", contact="p-8")
    longer = attrs.evolve(lease, span=DaySpan(date(2020, 2, 1), date(2021, 2, 1)))
    state = after(*(RelationshipRecorded(each) for each in (lease, mother, longer)))
    assert state.relationships["p-7"] == (mother, longer)


# --- forms and whose they are ---


def found(person: str, number: str = "r-1") -> MatchFound:
    """The matcher says whose form it is."""
    return MatchFound(registration=number, person=person)


def confirmed(person: str) -> MatchConfirmed:
    """A human says whose form it is."""
    return MatchConfirmed(registration="r-1", person=person)


def rejected(person: str) -> MatchRejected:
    """A human says whose form it is not."""
    return MatchRejected(registration="r-1", person=person)


@pytest.mark.parametrize(
    ("facts", "whose"),
    [
        ([found("p-7")], "p-7"),
        ([found("p-7"), found("p-8")], "p-8"),
        ([confirmed("p-7"), found("p-8")], "p-7"),
        ([confirmed("p-7"), confirmed("p-8")], "p-8"),
        ([found("p-7"), rejected("p-7")], None),
        ([found("p-7"), rejected("p-8")], "p-7"),
        ([rejected("p-7"), found("p-7")], None),
        ([rejected("p-7"), found("p-8")], "p-8"),
        ([confirmed("p-7"), rejected("p-7"), found("p-7")], None),
        ([confirmed("p-7"), rejected("p-7"), found("p-8")], "p-8"),
        ([rejected("p-7"), confirmed("p-7")], "p-7"),
        ([rejected("p-7"), confirmed("p-7"), rejected("p-7")], None),
        ([rejected("p-7"), confirmed("p-7"), confirmed("p-8"), rejected("p-8"), found("p-7")], "p-7"),
        ([form(person="p-7")], "p-7"),
        ([form(person="p-7"), rejected("p-7"), form(person="p-7")], None),
        ([confirmed("p-8"), form(person="p-7")], "p-8"),
    ],
    ids=lambda value: value if isinstance(value, str) else None,
)
@pytest.mark.parametrize("late", [False, True], ids=["form first", "form last"])
def test_what_a_human_said_of_a_form_stands(facts: list[Fact], whose: str | None, *, late: bool) -> None:
    """A rejected pair is not proposed again, a confirmed one not moved; the form may come in last."""
    state = after(*([*facts, form()] if late else [form(), *facts]))
    assert state.links.get("r-1") == whose
    holders = [each for each, forms in state.forms_of.items() if "r-1" in forms]
    assert set(holders) == {"form:r-1", whose or "form:r-1"}
    assert state.known_as("form:r-1")[0] == (whose or "form:r-1")
    assert set(state.known_as("form:r-1")) == {"form:r-1", whose or "form:r-1"}
    if whose is not None:
        assert state.known_as(whose) == (whose, "form:r-1")


def test_a_form_told_again_is_the_form_told_last() -> None:
    """Its link stays."""
    state = after(form(), found("p-7"), form(written={"name": "王小明"}))
    assert "name" in state.registrations["r-1"].written
    assert list(state.forms_of["p-7"]) == ["r-1"]


@pytest.mark.parametrize("effect", Effect)
def test_a_form_filled_in_at_the_gate_came_in_there(effect: Effect) -> None:
    """Whatever was decided; it is the person's whom the gate knew, and is not put in a second time."""
    gate = Registration(id="r-1", source="gate", written={"name": "王小明"})
    party = [Traveller(registration=gate), Traveller(person="p-7", registration=attrs.evolve(gate, id="r-2"))]
    asked = attrs.evolve(crossing("in", at(14)), travellers=party)
    state = after(decided(asked, effect=effect), CrossingObserved(asked))
    assert state.registrations["r-1"] == gate
    assert state.links == {"r-2": "p-7"}
    clean = form(source="gate", written={"name": "王小朋"})
    assert after(clean, decided(asked)).registrations["r-1"] == clean.registration


# --- quarantine periods ---


def test_changes_are_applied_to_their_period_by_id() -> None:
    """A period of the same days is another one, and one nobody knows is nothing."""
    other = attrs.evolve(period(), id="q-2")
    state = after(ordered(), QuarantineOrdered(other), changed("extended", days=7))
    assert [each.total_days for each in state.periods_about("p-7")] == [21, 14]
    unknown = attrs.evolve(changed("extended", days=7), period="q-3")
    assert after(unknown).periods == {}


def test_an_order_told_again_loses_no_change() -> None:
    """Told twice it is one order; corrected it is the corrected one, with its whole history."""
    again = after(ordered(), changed("extended", days=7), ordered())
    assert again.periods_about("p-7")[0] == period().changed(changed("extended", days=7).change)
    corrected = QuarantineOrdered(attrs.evolve(period(), days=10))
    state = after(ordered(), changed("extended", days=7), corrected)
    assert state.periods_about("p-7")[0].total_days == 17
    longer = period().changed(changed("extended", days=7).change)
    assert after(ordered(), QuarantineOrdered(longer)).periods_about("p-7") == (longer,)


@pytest.mark.parametrize(
    ("fact", "message"),
    [
        (
            QuarantineOrdered(attrs.evolve(period("p-8"), id="q:p-7:2020-02-10")),
            "expected a period with an id of its own, got the id of another person's period",
        ),
        (changed("extended", days=7), "expected a period that has not ended, got one that has"),
        (changed("shortened", days=14, at=at(12)), "expected fewer days than the 14 the period has"),
    ],
)
def test_what_does_not_fit_is_refused_and_changes_nothing(fact: Fact, message: str) -> None:
    """It would vanish without a word otherwise, and somebody believes that they ordered seven more days."""
    state = after(ordered(), changed("ended", cause="hospital", at=at(14)))
    before = dict(state.periods)
    with pytest.raises(InvalidValueError, match=message):
        state.apply(fact)
    assert (state.periods, "p-8" in state.periods_of) == (before, False)


def test_a_change_that_is_recorded_late_counts_from_its_instant() -> None:
    """The extension of the 12th reaches a period that ended on the 14th, and does not revive it."""
    state = after(
        ordered(), changed("ended", cause="hospital", at=at(14)), changed("extended", days=7, at=at(12))
    )
    found = state.periods_about("p-7")[0]
    assert (found.total_days, found.ends_at) == (21, at(14))


def test_a_period_of_a_form_is_the_persons_until_their_own_takes_its_place() -> None:
    """Between the match and the morning's job nobody slips through."""
    of_form = ordered("form:r-1")
    state = after(of_form, form(), found("p-7"))
    assert state.periods_about("p-7") == state.periods_about("form:r-1") == (of_form.period,)
    identified = PeriodChange(kind="ended", cause="identified", at=at(14), reason="r", by="day-job")
    state.apply(QuarantineChanged(period=of_form.period.id, person="form:r-1", change=identified))
    state.apply(ordered())
    assert state.periods_about("p-7") == (period(),)
    state.apply(rejected("p-7"))
    assert [each.person for each in state.periods_about("form:r-1")] == ["form:r-1"]


# --- passes and leave ---


def test_a_number_is_on_one_pass_at_a_time() -> None:
    """Given to somebody else it is no longer the first one's."""
    green = ExitPass(number="G-1", person="p-7", colour="green", valid=FEBRUARY)
    state = after(PassIssued(green), PassIssued(attrs.evolve(green, person="p-8")))
    assert (dict(state.passes_of["p-7"]), list(state.passes_of["p-8"])) == ({}, ["G-1"])


def test_a_pass_is_revoked_by_its_number() -> None:
    """Also where the report names another holder; an unknown number revokes nothing."""
    green = ExitPass(number="G-1", person="p-7", colour="green", valid=FEBRUARY)
    state = after(PassIssued(green), PassRevoked(number="G-2", person="p-7", reason="lost"))
    assert state.passes == {"G-1": green}
    state.apply(PassRevoked(number="G-1", person="p-8", reason="lost"))
    assert (state.passes, dict(state.passes_of["p-7"])) == ({}, {})


def test_leave_that_is_recorded_afterwards_gives_the_exit_back() -> None:
    """The ambulance was faster than the paper; exits outside the leave stay spent."""
    state = after(*(CrossingObserved(crossing("out", at(14, hour))) for hour in (9, 14)))
    span = TimeSpan(at(14, 8), at(14, 12))
    state.apply(LeaveGranted(person="p-7", span=span, purpose="dialysis"))
    state.apply(LeaveGranted(person="p-8", span=span, purpose="dialysis"))
    assert [each.spent_exit for each in state.crossings_of["p-7"]] == [False, True]
    assert len(state.leaves_of["p-7"]) == 1


# --- crossings ---


def test_crossings_stand_in_the_order_in_which_they_happened() -> None:
    """A door's log comes in the evening."""
    hours = [9, 15, 11, 7, 20]
    state = after(*(CrossingObserved(crossing("out", at(14, hour))) for hour in hours))
    assert [each.at.hour for each in state.crossings_of["p-7"]] == sorted(hours)


def test_a_return_belongs_to_the_exit_it_ends() -> None:
    """After midnight it is still the evening's; without an exit, and the second time, it is its own day's."""
    state = after(
        CrossingObserved(crossing("out", at(14, 23))),
        CrossingObserved(crossing("in", at(15, 0, 20))),
        CrossingObserved(crossing("in", at(15, 9))),
        CrossingObserved(crossing("in", at(15, 1), "p-8")),
    )
    assert days(state) == [("out", "14 23:00", "14"), ("in", "15 00:20", "14"), ("in", "15 09:00", "15")]
    assert days(state, "p-8") == [("in", "15 01:00", "15")]


def test_an_exit_recorded_late_finds_its_return() -> None:
    """And one that is cancelled loses it."""
    late = decided(crossing("out", at(14, 23)))
    state = after(CrossingObserved(crossing("in", at(15, 0, 20))), late)
    assert days(state)[-1] == ("in", "15 00:20", "14")
    state.apply(DecisionCancelled(decision="d-1", reason="turned back", persons=["p-7"]))
    assert days(state) == [("in", "15 00:20", "15")]


def test_a_door_inside_the_site_spends_no_exit_and_ends_none() -> None:
    """From the stairs to the gate and back is one exit, not two."""
    state = after(
        CrossingObserved(crossing("out", at(14, 22, 50), checkpoint="door-1")),
        decided(crossing("out", at(14, 23))),
        CrossingObserved(crossing("in", at(15, 0, 10), checkpoint="door-1")),
        CrossingObserved(crossing("in", at(15, 0, 20))),
    )
    assert [each.spent_exit for each in state.crossings_of["p-7"]] == [False, True, False, True]
    assert days(state)[2:] == [("in", "15 00:10", "15"), ("in", "15 00:20", "14")]


def test_a_party_is_observed_once() -> None:
    """Who is known from the decision is not counted again by the camera, nor by a second one."""
    asked = crossing("out", at(14), "p-7", "p-8")
    state = after(decided(asked), *[CrossingObserved(asked, decision="d-1")] * 2)
    assert [len(state.crossings_of[each]) for each in ("p-7", "p-8")] == [1, 1]
    held = after(decided(asked, effect=Effect.HOLD), *[CrossingObserved(asked, decision="d-1")] * 2)
    assert [len(held.crossings_of[each]) for each in ("p-7", "p-8")] == [1, 1]
    strangers = attrs.evolve(asked, travellers=[Traveller()])
    assert after(CrossingObserved(strangers, decision="d-1")).crossings_of == {}


def test_who_turned_back_and_went_all_the_same_was_out() -> None:
    """The cancelled decision is gone, what the camera saw is not."""
    asked = crossing("out", at(14))
    cancelled = DecisionCancelled(decision="d-1", reason="turned back", persons=["p-7"])
    state = after(decided(asked), cancelled, CrossingObserved(asked, decision="d-1"))
    assert len(state.crossings_of["p-7"]) == 1


def test_a_cancel_that_names_nobody_reaches_the_whole_party() -> None:
    """A host with its own store may not know who was in it."""
    asked = crossing("out", at(14), "p-7", "p-8")
    kept = decided(crossing("out", at(14, 13)), "d-2")
    state = after(decided(asked), kept, DecisionCancelled(decision="d-1", reason="turned back"))
    assert [each.decision for each in state.crossings_of["p-7"] + state.crossings_of["p-8"]] == ["d-2"]


def test_what_a_decision_claimed_is_told_with_its_crossing() -> None:
    """So that a rule can choose a free slot; an override claims and spends nothing."""
    exit_ = Verdict(effect="allow", code="exit", claims=[once("exit", "p-7")])
    state = after(decided(crossing("out", at(14)), verdicts=[exit_]))
    assert state.crossings_of["p-7"][0].claims == ("exit|p-7|2020-02-14|0",)
    forced = decided(crossing("out", at(14)), verdicts=[exit_], override=Override(reason="fire", by="c-3"))
    past = after(forced).crossings_of["p-7"][0]
    assert (past.claims, past.spent_exit) == ((), False)


def test_crossings_of_long_ago_are_let_go() -> None:
    """Two weeks are kept."""
    state = after(*(CrossingObserved(crossing("out", at(1) + timedelta(days=each))) for each in range(20)))
    assert len(state.crossings_of["p-7"]) == 14


# --- duties and alerts ---


def test_a_duty_opened_twice_is_owed_once() -> None:
    """What was tried stays tried."""
    duty = Duty(kind="call", subject="p-7")
    missed = DutyAttempted(duty=duty.id, outcome="no-answer", at=at(14))
    state = after(DutyOpened(duty, at=at(13)), missed, DutyOpened(attrs.evolve(duty, source="again")))
    status = state.duties[duty.id]
    assert (status.duty, status.opened_at, len(status.attempts)) == (duty, at(13), 1)


def test_a_settled_duty_stays_as_it_was_settled() -> None:
    """Done is not closed afterwards, closed is not done, and both remember what was tried."""
    duty = Duty(kind="call", subject="p-7")
    done, closed = (
        DutyAttempted(duty=duty.id, outcome="reached", at=at(14)),
        DutyClosed(duty=duty.id, reason="r"),
    )
    first = after(DutyOpened(duty), done, closed).duties[duty.id]
    assert (first.state, first.settled_at) == (DutyState.DONE, at(14))
    second = after(DutyOpened(duty), closed, done, recorded_at=at(13)).duties[duty.id]
    assert (second.state, second.settled_at, len(second.attempts)) == (DutyState.CLOSED, at(13), 1)


def test_attempts_at_what_nobody_owes_are_passed_over() -> None:
    """They may be about a duty that was erased."""
    state = after(DutyAttempted(duty="d-1", outcome="reached"), DutyClosed(duty="d-1", reason="r"))
    assert state.duties == {}


def test_an_alert_is_open_until_it_was_looked_at() -> None:
    """Raised again it is the same one."""
    alert = Alert(kind="breach", subject="p-7", at=at(14))
    state = after(AlertRaised(alert), AlertClosed(alert=alert.id, outcome="a friend carried the card"))
    assert (list(state.alerts), state.alerts_closed) == ([alert.id], {alert.id})


# --- facts of plug-ins ---


@attrs.frozen(kw_only=True)
class Watched(Fact):
    """A plug-in's own fact about a person."""

    person: str

    @property
    def subjects(self) -> tuple[str, ...]:
        """The person."""
        return (self.person,)


def test_a_plug_ins_own_fact_is_kept_for_its_subject() -> None:
    """What this library records about nobody in particular is not, nor what nothing can read back."""
    hidden = attrs.make_class("_Hidden", [], bases=(Watched,), frozen=True)
    watched = Watched(person="p-7", at=at(14))
    state = after(watched, ExportMade(purpose="calls", what="lists.xlsx"), hidden(person="p-8"))
    assert dict(state.notes_of) == {"p-7": [watched]}


def test_an_instant_is_the_same_in_every_zone() -> None:
    """A gate that reports in UTC fills the same day."""
    state = after(CrossingObserved(crossing("out", at(14, 1).astimezone(UTC))))
    assert days(state) == [("out", "13 17:00", "14")]
