"""What the facts add up to, and the frozen slice that rules see of it."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.crossings import Crossing, Role, Traveller
from epiguard.days import DaySpan, TimeSpan
from epiguard.decisions import Decision, Effect, Override
from epiguard.duties import Duty, DutyState, Outcome
from epiguard.errors import InvalidValueError
from epiguard.facts import (
    CrossingDecided,
    CrossingObserved,
    DecisionCancelled,
    DutyAttempted,
    DutyOpened,
    Fact,
    HouseholdRecorded,
    LeaveGranted,
    MatchFound,
    MatchRejected,
    PassIssued,
    PassRevoked,
    PersonEnrolled,
    PersonLeft,
    QuarantineOrdered,
    Registered,
    RelationshipRecorded,
)
from epiguard.passes import ExitPass, PassColour
from epiguard.people import Household, Membership, Person, Relation, Relationship
from epiguard.places import Checkpoint, Site
from epiguard.policy import Policy
from epiguard.quarantine import Exposure, QuarantinePeriod, Return
from epiguard.registrations import Registration
from epiguard.situation import Situation, Standing, State
from epiguard.testing import facts as any_facts

ZONE = ZoneInfo("Asia/Shanghai")
SITE = Site(id="village", zone="Asia/Shanghai", checkpoints=[Checkpoint(id="north"), Checkpoint(id="south")])
NOON = datetime(2020, 2, 14, 12, tzinfo=ZONE)
LIVES_HERE = PersonEnrolled(Person(id="p-7", name="王小明", phones=["13800138000"]))
PERIOD = QuarantinePeriod.after(
    Exposure(person="p-7", last_on=date(2020, 2, 10), reason=Return(region="420000")),
    days=14,
    zone="Asia/Shanghai",
)


def leaving(at: datetime = NOON, **options: Any) -> Crossing:
    """A crossing of one person out of the north gate."""
    traveller = Traveller(**{"person": "p-7", **options})
    return Crossing(checkpoint="north", direction="out", at=at, travellers=[traveller])


def standing(*facts: Fact, crossing: Crossing | None = None) -> Standing:
    """The standing of the first traveller after some facts."""
    return Situation.of(facts, crossing or leaving(), site=SITE).standings[0]


def allowed(number: str, at: datetime = NOON, override: Override | None = None) -> CrossingDecided:
    """A decision that let the person out."""
    return CrossingDecided(
        Decision(crossing=leaving(at), day=SITE.day_of(at), effect=Effect.ALLOW, id=number, override=override)
    )


def test_an_exit_counts_on_its_day_until_it_is_cancelled() -> None:
    """Today's exit counts, yesterday's does not, a cancelled one is as if it had never been."""
    assert standing(LIVES_HERE, allowed("d-1")).exits_on_day() == 1
    assert standing(LIVES_HERE, allowed("d-1", NOON - timedelta(days=1))).exits_on_day() == 0
    cancelled = DecisionCancelled(decision="d-1", reason="turned back", persons=("p-7",))
    assert standing(LIVES_HERE, allowed("d-1"), cancelled).exits_on_day() == 0


def test_a_hold_or_a_refusal_spends_nothing_but_what_happened_all_the_same_counts() -> None:
    """Only who was let through was out; whoever passed against the rules was out too, and once."""
    held = CrossingDecided(attrs.evolve(allowed("d-1").decision, effect=Effect.HOLD))
    assert standing(LIVES_HERE, held).exits_on_day() == 0
    seen = CrossingObserved(leaving(), decision="d-1")
    assert standing(LIVES_HERE, held, seen).exits_on_day() == 1
    assert standing(LIVES_HERE, allowed("d-1"), seen).exits_on_day() == 1


def test_leave_and_overrides_spend_no_exit() -> None:
    """Treatment under leave and an ambulance leave the day's exit where it was."""
    leave = LeaveGranted(
        person="p-7", span=TimeSpan(NOON - timedelta(hours=1), NOON + timedelta(hours=1)), purpose="dialysis"
    )
    assert standing(LIVES_HERE, leave, allowed("d-1")).exits_on_day() == 0
    emergency = allowed("d-1", override=Override(reason="ambulance", by="cadre-3"))
    assert standing(LIVES_HERE, emergency).exits_on_day() == 0
    assert len(standing(LIVES_HERE, leave).leaves) == 1


def test_a_pass_is_held_on_its_days_until_it_is_revoked() -> None:
    """Valid on the printed days only, and another person's pass is nobody's here."""
    span = DaySpan(date(2020, 2, 1), date(2020, 3, 1))
    issued = PassIssued(ExitPass(number="G-1", person="p-7", colour=PassColour.GREEN, valid=span))
    assert standing(LIVES_HERE, issued).exit_pass == issued.exit_pass
    other = leaving(exit_pass="G-2")  # noqa: S106 - a card, not a password
    assert standing(LIVES_HERE, issued, crossing=other).exit_pass is None
    march = leaving(datetime(2020, 3, 1, 12, tzinfo=ZONE))
    assert standing(LIVES_HERE, issued, crossing=march).exit_pass is None
    revoked = PassRevoked(number="G-1", person="p-7", reason="lost")
    assert standing(LIVES_HERE, issued, revoked).exit_pass is None


def test_who_left_is_gone_and_nobody_calls_the_bereaved() -> None:
    """Passes revoked, duties about them closed, periods ended; other people's stand."""
    state = State(SITE)
    duty = Duty(kind="tell-returnee", subject="p-7", basis=PERIOD.id)
    others = Duty(kind="tell-returnee", subject="p-8")
    for fact in (
        LIVES_HERE,
        QuarantineOrdered(PERIOD),
        DutyOpened(duty),
        DutyOpened(others),
        PersonLeft(person="p-7", reason="died", at=NOON),
    ):
        state.apply(fact, NOON)
    assert state.duties[duty.id].state is DutyState.CLOSED
    assert state.duties[others.id].state is DutyState.OPEN
    assert not state.periods[PERIOD.id].in_force(NOON)
    assert Situation.cut(state, leaving()).standings[0].person is None


def test_a_missed_call_leaves_the_duty_open_and_a_reached_one_settles_it() -> None:
    """Attempts are kept, all of them; only reaching somebody ends the duty."""
    state = State(SITE)
    duty = Duty(kind="tell-returnee", subject="p-7")
    state.apply(DutyOpened(duty), NOON)
    state.apply(DutyAttempted(duty=duty.id, outcome=Outcome.NO_ANSWER), NOON)
    assert state.duties[duty.id].state is DutyState.OPEN
    state.apply(DutyAttempted(duty=duty.id, outcome=Outcome.REACHED), NOON)
    assert state.duties[duty.id].state is DutyState.DONE
    assert [outcome for _, outcome in state.duties[duty.id].attempts] == [Outcome.NO_ANSWER, Outcome.REACHED]


def test_a_form_counts_from_when_it_was_handed_in_and_moves_with_its_match() -> None:
    """Matched it is the person's, rejected it is not; a later form was not there when the gate asked."""
    form = Registration(id="r-1", source="paper", submitted_at=NOON - timedelta(hours=1))
    late = attrs.evolve(form, submitted_at=NOON + timedelta(hours=1))
    match = MatchFound(registration="r-1", person="p-7")
    assert standing(LIVES_HERE, Registered(form), match).registered
    assert not standing(LIVES_HERE, Registered(late), match).registered
    rejected = MatchRejected(registration="r-1", person="p-7")
    assert not standing(LIVES_HERE, Registered(form), match, rejected).registered


def test_periods_in_force_and_past_are_told_apart() -> None:
    """On day four in force and a returnee, after the release past."""
    assert standing(LIVES_HERE, QuarantineOrdered(PERIOD)).periods == (PERIOD,)
    assert standing(LIVES_HERE, QuarantineOrdered(PERIOD)).kinds == {"resident", "returnee"}
    later = leaving(datetime(2020, 2, 25, 12, tzinfo=ZONE))
    after = standing(LIVES_HERE, QuarantineOrdered(PERIOD), crossing=later)
    assert (after.periods, after.past_periods) == ((), (PERIOD,))


def test_the_slice_holds_household_and_contacts_and_nobody_else() -> None:
    """Rules reach those who live with the traveller and their contacts, not the rest of the village."""
    facts = [
        LIVES_HERE,
        *(PersonEnrolled(Person(id=each)) for each in ("p-8", "p-9", "boss")),
        HouseholdRecorded(Household(id="h-1", members=[Membership(person="p-7"), Membership(person="p-8")])),
        RelationshipRecorded(Relationship(person="p-7", relation=Relation.LANDLORD, contact="boss")),
    ]
    situation = Situation.of(facts, leaving(), site=SITE)
    assert set(situation.people) == {"p-7", "p-8", "boss"}
    assert situation.related("p-7", Relation.LANDLORD) == ("boss",)
    assert situation.related("p-7", Relation.FAMILY) == ()
    home = situation.household_of("p-7")
    assert home is not None
    assert home.members_on(date(2020, 2, 14)) == ("p-7", "p-8")


def test_a_visitor_who_lives_here_is_a_resident() -> None:
    """The situation knows better than the gate's word."""
    visitor = leaving(role=Role.VISITOR)
    assert standing(LIVES_HERE, crossing=visitor).role is Role.RESIDENT
    assert standing(crossing=visitor).role is Role.VISITOR


def test_a_slice_cannot_be_changed() -> None:
    """Assigning to it, or to anything in it, raises."""
    situation = Situation.of([LIVES_HERE], leaving(), site=SITE)
    with pytest.raises(attrs.exceptions.FrozenInstanceError):
        situation.day = date(2020, 2, 15)  # type: ignore[misc]  # the point
    with pytest.raises(TypeError):
        situation.people["p-9"] = LIVES_HERE.person  # type: ignore[index]  # the point


@given(st.lists(any_facts(), max_size=12))
def test_any_facts_in_any_order_add_up(facts: list[Fact]) -> None:
    """No sequence of facts, however late, doubled or about nobody, breaks the sum; one may be refused."""
    state, fit = State(SITE), []
    for fact in facts:
        try:
            state.apply(fact)
        except InvalidValueError:
            continue
        fit.append(fact)
    assert Situation.cut(state, leaving()) == Situation.of(fit, leaving(), site=SITE)


def test_a_policy_refuses_the_slice_of_another_crossing() -> None:
    """Nobody passes on what is known of somebody else."""
    policy = Policy.loads(
        'site = {id = "village", zone = "Asia/Shanghai", checkpoints = [{id = "north"}]}\n'
        'rules = [{use = "admit-kinds"}]'
    )
    other = Situation.of([LIVES_HERE], leaving(temperature=36.5), site=SITE)
    with pytest.raises(InvalidValueError, match="the slice of this crossing"):
        policy.decide(leaving(person="p-8"), other)
