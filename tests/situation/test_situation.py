"""The slice that rules see: whom it holds, as of when, and that it is what the facts say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from epiguard.crossings import Crossing, Role, Traveller
from epiguard.days import DaySpan, TimeSpan
from epiguard.decisions import Decision, Effect, Override
from epiguard.duties import Duty, DutyState
from epiguard.errors import InvalidValueError
from epiguard.facts import (
    CrossingDecided,
    CrossingObserved,
    DecisionCancelled,
    DutyAttempted,
    DutyClosed,
    DutyOpened,
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
    QuarantineOrdered,
    Registered,
    RelationshipRecorded,
)
from epiguard.passes import ExitPass
from epiguard.people import Household, Membership, Person, Relation, Relationship
from epiguard.places import Checkpoint, Direction, Site
from epiguard.quarantine import Exposure, QuarantinePeriod, Return
from epiguard.registrations import Registration
from epiguard.situation import PastCrossing, Situation, Standing, State

SITE = Site(id="village", zone="Asia/Shanghai", checkpoints=[Checkpoint(id="north"), Checkpoint(id="south")])
NOON = datetime(2020, 2, 14, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
HOUR = timedelta(hours=1)


def asked(*party: Traveller, at: datetime = NOON, direction: str = "out") -> Crossing:
    """A party at the north gate."""
    return Crossing(checkpoint="north", direction=direction, at=at, travellers=party)


def slice_of(crossing: Crossing, *facts: Fact, site: Site = SITE) -> Situation:
    """The slice after some facts."""
    return Situation.of(facts, crossing, site=site)


def standing(traveller: Traveller, *facts: Fact) -> Standing:
    """The standing of one traveller after some facts."""
    return slice_of(asked(traveller), *facts).standings[0]


def period(person: str, zone: str = "Asia/Shanghai", last_on: date = date(2020, 2, 10)) -> QuarantinePeriod:
    """Fourteen days after a return."""
    exposure = Exposure(person=person, last_on=last_on, reason=Return(region="420000"))
    return QuarantinePeriod.after(exposure, days=14, zone=zone)


# --- who is in it ---


def test_hosts_are_in_the_slice_and_have_no_standing() -> None:
    """A visitor's host may be in quarantine, which is for a rule to see."""
    facts = [PersonEnrolled(Person(id="p-8")), QuarantineOrdered(period("p-8"))]
    situation = slice_of(asked(Traveller(host="p-8")), *facts)
    assert len(situation.standings) == 1
    assert situation.person("p-8") is not None
    assert situation.periods_of("p-8") == (period("p-8"),)


def test_a_childs_guardian_is_reached_either_way() -> None:
    """As told with the child, and as told of the two; the first is asked first, and each once."""
    child = PersonEnrolled(Person(id="p-9", guardian="p-8"))
    told = [
        RelationshipRecorded(Relationship(person="p-9", relation="guardian", contact=each))
        for each in ("p-7", "p-8")
    ]
    situation = slice_of(
        asked(Traveller(person="p-9")), child, *told, *(PersonEnrolled(Person(id=f"p-{n}")) for n in (7, 8))
    )
    assert situation.related("p-9", Relation.GUARDIAN) == ("p-8", "p-7")
    assert situation.person("p-8") is not None
    assert situation.related("p-9", Relation.FAMILY) == ()


def test_nobody_who_left_is_anybodys_contact() -> None:
    """The landlord who died is not called, nor the guardian who moved away."""
    facts = [
        PersonEnrolled(Person(id="p-7", guardian="p-8")),
        RelationshipRecorded(Relationship(person="p-7", relation="landlord", contact="l-1")),
        *(PersonEnrolled(Person(id=each)) for each in ("l-1", "p-8")),
        *(PersonLeft(person=each, reason="died") for each in ("l-1", "p-8")),
    ]
    situation = slice_of(asked(Traveller(person="p-7")), *facts)
    assert situation.related("p-7", Relation.LANDLORD) == situation.related("p-7", Relation.GUARDIAN) == ()
    assert set(situation.people) == {"p-7"}


def test_a_relationship_counts_on_its_days() -> None:
    """The lease of February is over in March."""
    lease = Relationship(
        person="p-7",
        relation="landlord",
        contact="l-1",
        span=DaySpan(date(2020, 2, 1), date(2020, 3, 1)),
    )
    later = asked(Traveller(person="p-7"), at=NOON + timedelta(days=20))
    assert slice_of(later, RelationshipRecorded(lease)).related("p-7", Relation.LANDLORD) == ()
    now = asked(Traveller(person="p-7"))
    assert slice_of(now, RelationshipRecorded(lease)).related("p-7", Relation.LANDLORD) == ("l-1",)


def test_the_household_is_that_of_the_day() -> None:
    """Whoever moved in yesterday is a member, whoever moved out is not in the slice."""
    home = Household(
        id="h-1",
        members=[
            Membership(person="p-7"),
            Membership(person="p-8", until=date(2020, 2, 14)),
            Membership(person="p-9", since=date(2020, 2, 13)),
        ],
    )
    facts = [HouseholdRecorded(home), *(PersonEnrolled(Person(id=f"p-{n}")) for n in (7, 8, 9))]
    situation = slice_of(asked(Traveller(person="p-7")), *facts)
    assert set(situation.people) == {"p-7", "p-9"}
    assert situation.standings[0].household == situation.household_of("p-7") == home


def test_a_slice_about_subjects_has_no_standings() -> None:
    """A form's own subject has its form and its period."""
    state = State(SITE)
    form = Registration(id="r-1", source="paper")
    for fact in (Registered(form), QuarantineOrdered(period("form:r-1"))):
        state.apply(fact)
    situation = Situation.about(state, ["form:r-1"], NOON.astimezone(UTC))
    assert situation.standings == ()
    assert situation.forms_of("form:r-1") == (form,)
    assert situation.periods_of("form:r-1") == (period("form:r-1"),)
    assert situation.forms_of("p-7") == ()
    assert (situation.at.isoformat(), situation.day) == ("2020-02-14T12:00:00+08:00", date(2020, 2, 14))


def test_what_follows_from_a_crossing_is_told_with_its_standings() -> None:
    """Else a rule could not see the leave under which somebody went out."""
    crossing = asked(Traveller(person="p-7"))
    leave = LeaveGranted(person="p-7", span=TimeSpan(NOON - HOUR, NOON + HOUR), purpose="dialysis")
    decision = Decision(crossing=crossing, day=NOON.date(), effect=Effect.ALLOW, id="d-1")
    for fact in (CrossingObserved(crossing), CrossingDecided(decision)):
        state = State(SITE)
        state.apply(leave)
        state.apply(fact)
        seen = Situation.after(state, fact, fact.subjects, NOON + timedelta(days=9)).standings[0]
        assert (len(seen.leaves), len(seen.crossings)) == (1, 1)
    assert Situation.after(state, leave, leave.subjects, NOON) == Situation.about(state, ["p-7"], NOON)


# --- a standing ---


def test_a_stranger_with_a_form_stands_under_the_form() -> None:
    """A period opened for the form, before anybody knows whose it is, is in force at the gate."""
    form = Registration(id="r-1", source="gate")
    stranger = standing(Traveller(registration=form), QuarantineOrdered(period("form:r-1")))
    assert (stranger.subject, stranger.person, stranger.registrations) == ("form:r-1", None, (form,))
    assert stranger.periods == (period("form:r-1"),)
    assert stranger.returnee
    nobody = standing(Traveller())
    assert (nobody.subject, nobody.registered, set(nobody.kinds)) == (None, False, {"visitor"})


def test_the_gates_word_and_what_is_known() -> None:
    """A visitor who lives here is a resident; a courier who lives here is at work; a landlord visits."""
    here, elsewhere = PersonEnrolled(Person(id="p-7")), PersonEnrolled(Person(id="l-1", resident=False))
    assert standing(Traveller(person="p-7", role=Role.VISITOR), here).role is Role.RESIDENT
    assert standing(Traveller(person="p-7", role=Role.COURIER), here).role is Role.COURIER
    landlord = standing(Traveller(person="l-1", role=Role.VISITOR), elsewhere)
    assert (landlord.role, landlord.subject) == (Role.VISITOR, "l-1")


@pytest.mark.parametrize(
    ("traveller", "registered", "kinds", "temperature"),
    [
        (Traveller(person="p-7", temperature=36.5), False, {"resident"}, 36.5),
        (Traveller(person="p-7", temperature=37.9, retested=36.6), False, {"resident"}, 36.6),
        (Traveller(person="p-7", registered=True), True, {"resident"}, None),
        (Traveller(person="p-7", registered=False), False, {"resident"}, None),
        (Traveller(returning_from="420106"), False, {"visitor", "returnee"}, None),
        (Traveller(registration=Registration(id="r-1", source="gate")), True, {"visitor"}, None),
    ],
)
def test_what_a_traveller_shows(
    traveller: Traveller, kinds: set[str], temperature: float | None, *, registered: bool
) -> None:
    """The reading that counts, whether a form was seen, and the kinds a policy can name."""
    seen = standing(traveller)
    assert (seen.registered, set(seen.kinds), seen.temperature) == (registered, kinds, temperature)


@pytest.mark.parametrize(("region", "back"), [("310104", False), ("420106", True)])
def test_who_comes_from_the_sites_own_province_is_no_returnee(region: str, back: bool) -> None:
    """Neither now nor in what the record keeps of the crossing."""
    here = attrs.evolve(SITE, region="310112")
    arriving = asked(Traveller(person="p-7", returning_from=region), direction="in")
    situation = slice_of(arriving, CrossingObserved(arriving), site=here)
    [now], [past] = situation.standings, situation.crossings_of("p-7")
    assert (now.returnee, now.returning_from is not None, past.returning_from is not None) == (back,) * 3
    assert past.returned_on == (past.day if back else None)


def test_only_exits_of_the_day_that_were_spent_count() -> None:
    """A return is no exit, and an exit under leave is none either."""
    past = PastCrossing(at=NOON, day=NOON.date(), direction=Direction.OUT, checkpoint="north")
    seen = Standing(
        index=0,
        traveller=Traveller(),
        crossings=(
            past,
            attrs.evolve(past, direction=Direction.IN),
            attrs.evolve(past, spent_exit=False),
        ),
    )
    assert seen.exits_on_day() == 1


def test_periods_and_forms_go_by_instants_not_by_wall_clocks() -> None:
    """In the hour that New York lived through twice, only what had happened by then had happened."""
    zone = ZoneInfo("America/New_York")
    first, second = (datetime(2020, 11, 1, 1, 30, tzinfo=zone, fold=fold) for fold in (0, 1))
    site = attrs.evolve(SITE, zone="America/New_York")
    ended = period("p-7", "America/New_York", date(2020, 10, 25)).finish(
        "hospital", at=second, reason="fever", by="cadre-3"
    )
    form = Registration(id="r-1", source="paper", person="p-7", submitted_at=second)
    facts = [PersonEnrolled(Person(id="p-7")), QuarantineOrdered(ended), Registered(form)]
    before = slice_of(asked(Traveller(person="p-7"), at=first), *facts, site=site).standings[0]
    assert (before.periods, before.past_periods, before.registered) == ((ended,), (), False)
    then = slice_of(asked(Traveller(person="p-7"), at=second), *facts, site=site).standings[0]
    assert (then.periods, then.past_periods, then.registered) == ((), (ended,), True)


@attrs.frozen(kw_only=True)
class Seen(Fact):
    """A plug-in's own fact."""

    person: str

    @property
    def subjects(self) -> tuple[str, ...]:
        """The person."""
        return (self.person,)


def test_plug_ins_find_their_own_facts_about_a_traveller() -> None:
    """By kind, oldest first, and nobody else's."""
    facts = [Seen(person=each, at=NOON + number * HOUR) for number, each in enumerate(["p-7", "p-8", "p-7"])]
    assert standing(Traveller(person="p-7"), *facts).notes == {"seen": (facts[0], facts[2])}
    assert standing(Traveller(person="p-9"), *facts).notes == {}


# --- frozen ---


def test_what_it_was_made_of_may_change_afterwards() -> None:
    """A host that builds a slice by hand keeps no handle on it."""
    people, counts, notes = {"p-7": Person(id="p-7")}, {"inside": 1}, {"seen": (Seen(person="p-7"),)}
    alone = Standing(index=0, traveller=Traveller(person="p-7"), notes=notes)
    made = Situation(site=SITE, at=NOON, day=NOON.date(), standings=[alone], people=people, counts=counts)
    before = hash(made)
    people.clear()
    counts["inside"] = 2
    notes.clear()
    assert (made.counts, set(made.people), set(made.standings[0].notes)) == ({"inside": 1}, {"p-7"}, {"seen"})
    assert hash(made) == before
    with pytest.raises(InvalidValueError, match=r"^Situation\.standings: expected Standing values"):
        attrs.evolve(made, standings=[Traveller()])  # type: ignore[list-item]  # the point


def test_a_slice_does_not_follow_the_state() -> None:
    """It was cut before; what happened since is not in it."""
    state = State(SITE)
    state.apply(PersonEnrolled(Person(id="p-7")))
    crossing = asked(Traveller(person="p-7"))
    before = Situation.cut(state, crossing)
    copy = Situation.cut(state, crossing)
    state.apply(CrossingObserved(asked(Traveller(person="p-7"))))
    state.apply(LeaveGranted(person="p-7", span=TimeSpan(NOON, NOON + HOUR), purpose="dialysis"))
    state.apply(PersonLeft(person="p-7", reason="moved"))
    assert before == copy != Situation.cut(state, crossing)


def test_nothing_personal_shows_in_its_repr() -> None:
    """A rule that prints the situation prints no neighbour."""
    known = PersonEnrolled(Person(id="p-7", name="王小明", phones=["13800138000"]))
    shown = repr(slice_of(asked(Traveller(person="p-7")), known))
    assert [each for each in ("王小明", "小明", "13800138000") if each in shown] == []


# --- against a model: whatever is asked is answered by reading all facts from the first to the last ---

PEOPLE = ("p-1", "p-2")
FORMS = ("r-1", "r-2")
moments = st.builds(
    lambda day, half: datetime(2020, 2, day, tzinfo=NOON.tzinfo) + half * HOUR / 2,
    st.integers(12, 15),
    st.integers(0, 47),
)
persons, forms, numbers = st.sampled_from(PEOPLE), st.sampled_from(FORMS), st.sampled_from(["G-1", "G-2"])
decisions = st.sampled_from(["d-1", "d-2", "d-3"])
parties = st.lists(persons, min_size=1, max_size=2, unique=True)
crossings = st.builds(
    lambda party, at, direction: asked(
        *(Traveller(person=each) for each in party), at=at, direction=direction
    ),
    parties,
    moments,
    st.sampled_from(["out", "out", "in"]),
)
spans = st.builds(lambda start, hours: TimeSpan(start, start + hours * HOUR), moments, st.integers(1, 30))
duties = st.builds(
    Duty, kind=st.sampled_from(["call", "visit"]), subject=persons, contact=st.none() | persons
)
facts = st.one_of(
    st.builds(lambda person, sex: PersonEnrolled(Person(id=person, sex=sex)), persons, st.sampled_from("MF")),
    st.builds(lambda person, sex: PersonChanged(Person(id=person, sex=sex)), persons, st.sampled_from("MF")),
    st.builds(PersonLeft, person=persons, reason=st.just("moved")),
    st.builds(lambda form: Registered(Registration(id=form, source="paper")), forms),
    *(
        st.builds(kind, registration=forms, person=persons)
        for kind in (MatchFound, MatchFound, MatchConfirmed, MatchRejected)
    ),
    st.builds(
        lambda number, person: PassIssued(
            ExitPass(
                number=number,
                person=person,
                colour="green",
                valid=DaySpan(date(2020, 2, 1), date(2020, 2, 15)),
            )
        ),
        numbers,
        persons,
    ),
    st.builds(PassRevoked, number=numbers, person=persons, reason=st.just("lost")),
    st.builds(LeaveGranted, person=persons, span=spans, purpose=st.just("dialysis")),
    st.builds(
        lambda crossing, number, effect, override: CrossingDecided(
            Decision(
                crossing=crossing, day=SITE.day_of(crossing.at), id=number, effect=effect, override=override
            )
        ),
        crossings,
        decisions,
        st.sampled_from([Effect.ALLOW, Effect.ALLOW, Effect.HOLD]),
        st.sampled_from([None, None, Override(reason="fire", by="cadre-3")]),
    ),
    st.builds(CrossingObserved, crossings, decision=st.none() | decisions),
    st.builds(DecisionCancelled, decision=decisions, reason=st.just("r"), persons=parties),
    st.builds(DutyOpened, duties),
    st.builds(lambda duty: DutyAttempted(duty=duty.id, outcome="reached"), duties),
    st.builds(lambda duty: DutyClosed(duty=duty.id, reason="r"), duties),
)


def model_person(told: Sequence[Fact], person: str) -> Person | None:
    """The last that was told of somebody, unless they left and were not enrolled again."""
    known, here = None, True
    for fact in told:
        if isinstance(fact, PersonEnrolled) and fact.person.id == person:
            known, here = fact.person, here or type(fact) is PersonEnrolled
        elif isinstance(fact, PersonLeft) and fact.person == person:
            here = False
    return known if here else None


def model_owner(told: Sequence[Fact], form: str) -> str | None:
    """The last human word on whose form it is, else the matcher's last that no human contradicted."""
    owner, sure, never = None, False, set()
    for fact in told:
        if not isinstance(fact, MatchFound | MatchConfirmed | MatchRejected) or fact.registration != form:
            continue
        if isinstance(fact, MatchRejected):
            never.add(fact.person)
            if owner == fact.person:
                owner, sure = None, False
        elif isinstance(fact, MatchConfirmed):
            never.discard(fact.person)
            owner, sure = fact.person, True
        elif not sure and fact.person not in never:
            owner = fact.person
    return owner


def model_pass(told: Sequence[Fact], person: str) -> set[str]:
    """The numbers somebody was given and that were not taken back or given to somebody else."""
    holder: dict[str, str] = {}
    for fact in told:
        if isinstance(fact, PassIssued):
            holder[fact.exit_pass.number] = fact.exit_pass.person
        elif isinstance(fact, PassRevoked):
            holder.pop(fact.number, None)
        elif isinstance(fact, PersonLeft):
            holder = {number: whose for number, whose in holder.items() if whose != fact.person}
    return {number for number, whose in holder.items() if whose == person}


def model_exits(told: Sequence[Fact], person: str, day: date) -> int:
    """Every exit that was allowed or seen, each once, on the day, without leave and override."""
    leave = [each.span for each in told if isinstance(each, LeaveGranted) and each.person == person]
    out: list[tuple[str | None, tuple[str | None, ...], Crossing, bool]] = []
    for fact in told:
        if isinstance(fact, CrossingDecided) and fact.decision.effect is Effect.ALLOW:
            made = fact.decision
            party = tuple(each.person for each in made.crossing.travellers)
            out += [(made.id, (each,), made.crossing, made.override is None) for each in party]
        elif isinstance(fact, CrossingObserved):
            party = tuple(each.person for each in fact.crossing.travellers)
            if fact.decision is None or not any(
                number == fact.decision and whose[0] in party for number, whose, _, _ in out
            ):
                out += [(fact.decision, (each,), fact.crossing, True) for each in party]
        elif isinstance(fact, DecisionCancelled):
            out = [each for each in out if each[0] != fact.decision or each[1][0] not in fact.persons]
    return sum(
        crossing.direction is Direction.OUT
        and SITE.day_of(crossing.at) == day
        and counts
        and not any(crossing.at in span for span in leave)
        for _, whose, crossing, counts in out
        if whose == (person,)
    )


def model_duty(told: Sequence[Fact], duty: Duty) -> DutyState | None:
    """The first thing that happened to it after it was opened, if it was; nobody is called about the gone."""
    state: DutyState | None = None
    gone: set[str] = set()
    about = {duty.subject, duty.contact or duty.subject}
    for fact in told:
        if isinstance(fact, PersonLeft):
            gone.add(fact.person)
        elif type(fact) is PersonEnrolled:
            gone.discard(fact.person.id)
        opened = isinstance(fact, DutyOpened) and fact.duty.id == duty.id
        if opened and state is None:
            state = DutyState.OPEN
        if state is DutyState.OPEN:
            if about & gone and (opened or isinstance(fact, PersonLeft)):
                state = DutyState.CLOSED
            elif isinstance(fact, DutyAttempted) and fact.duty == duty.id:
                state = DutyState.DONE
            elif isinstance(fact, DutyClosed) and fact.duty == duty.id:
                state = DutyState.CLOSED
    return state


@given(told=st.lists(facts, max_size=25), now=moments)
@settings(max_examples=300)
def test_the_slice_is_what_the_facts_say(told: list[Fact], now: datetime) -> None:
    """Whatever happened in whatever order, each question has the answer that the model gives."""
    state = State(SITE)
    for fact in told:
        state.apply(fact, now)
    crossing = asked(*(Traveller(person=each) for each in PEOPLE), at=now)
    situation = Situation.cut(state, crossing)
    assert situation == Situation.of(told, crossing, site=SITE)
    known = {fact.registration.id for fact in told if isinstance(fact, Registered)}
    for person, seen in zip(PEOPLE, situation.standings, strict=True):
        assert seen.person == situation.person(person) == model_person(told, person)
        held = model_pass(told, person) if now.day < 15 else set()
        assert (seen.exit_pass.number in held) if seen.exit_pass is not None else not held
        assert {each.id for each in seen.registrations} == {
            form for form in known if model_owner(told, form) == person
        }
        assert seen.exits_on_day() == model_exits(told, person, now.date())
        in_force = [each for each in told if isinstance(each, LeaveGranted) and each.person == person]
        assert list(seen.leaves) == [each for each in in_force if now in each.span]
    for made in (fact.duty for fact in told if isinstance(fact, DutyOpened)):
        assert state.duties[made.id].state is model_duty(told, made)
        assert state.duties[made.id].duty.id == made.id


@given(st.lists(crossings, max_size=8))
def test_what_was_decided_is_not_counted_again_when_it_is_seen(party: list[Crossing]) -> None:
    """However often a camera sees it."""
    made = [
        CrossingDecided(
            Decision(crossing=each, day=SITE.day_of(each.at), id=f"d-{number}", effect=Effect.ALLOW)
        )
        for number, each in enumerate(party)
    ]
    seen = [CrossingObserved(each, decision=f"d-{number}") for number, each in enumerate(party)]
    before, after = State(SITE), State(SITE)
    for fact in made:
        before.apply(fact)
    for each in (*made, *seen, *seen):
        after.apply(each)
    assert after.crossings_of == before.crossings_of
