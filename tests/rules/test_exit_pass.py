"""Exit passes at the gate and at the desk: 无出入证者一律不准进出, and nobody is kept from home."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.crossings import Crossing, NotMeasured, Traveller
from epiguard.days import DaySpan
from epiguard.decisions import Effect, Override, PassDecision, Verdict
from epiguard.duties import Duty, DutyState
from epiguard.errors import InvalidValueError, UnknownIdError
from epiguard.facts import (
    Fact,
    PassIssued,
    PassRevoked,
    PersonEnrolled,
    QuarantineChanged,
    Registered,
)
from epiguard.ledger import Ledger
from epiguard.passes import ExitPass as Card
from epiguard.passes import PassApplication, PassColour, PassState, RevocationCause
from epiguard.people import Person
from epiguard.places import Direction
from epiguard.policy import Policy
from epiguard.quarantine import ChangeKind, EndCause, PeriodChange
from epiguard.rules import Rule, hookimpl
from epiguard.rules.exit_pass import ExitPass
from epiguard.situation import Situation, State
from rules.gate import (
    NOON,
    PEOPLE,
    RESIDENT,
    SHANGHAI,
    SITE,
    applications,
    cards,
    codes,
    crossing,
    crossings,
    follow,
    form,
    histories,
    leave,
    load,
    losses,
    period_of,
    quarantined,
    resident,
    review,
    slice_of,
)

FEBRUARY = DaySpan(date(2020, 2, 1), date(2020, 3, 1))
AWAY = Person(id="p-9", resident=False)
YELLOW = PassColour.YELLOW


def issued(
    person: str = "p-7", number: str = "G-0031", valid: DaySpan = FEBRUARY, colour: str = "green"
) -> PassIssued:
    """A pass, handed out before the ledger was there."""
    return PassIssued(Card(number=number, person=person, colour=PassColour(colour), valid=valid))


def revoked(number: str = "G-0031", cause: str = "withdrawn") -> PassRevoked:
    """A pass that is no longer good."""
    return PassRevoked(number=number, person="p-7", reason="said so", cause=RevocationCause(cause))


def showing(number: str | None = "G-0031", **options: Any) -> Traveller:
    """The resident with a card in hand."""
    return resident(exit_pass=number, **options)


OLD = DaySpan(date(2020, 1, 1), date(2020, 2, 14))
NEXT = DaySpan(date(2020, 2, 15), date(2020, 3, 1))
RELEASED = quarantined(arrived=date(2020, 1, 30))  # the last day was 13 February


@pytest.mark.parametrize(
    ("before", "traveller", "out", "home"),
    [
        ([issued()], showing(), "allow strike-date", "allow pass-shown"),
        ([issued(colour="yellow")], showing(), "allow strike-date", "allow pass-shown"),
        ([issued()], showing(None), "deny pass-not-shown", "hold pass-not-shown"),
        ([], showing(None), "deny no-pass", "hold no-pass"),
        ([issued(valid=OLD)], showing(None), "deny no-pass", "hold no-pass"),
        ([], showing(), "deny pass-unknown", "hold pass-unknown"),
        ([issued("p-8")], showing(), "deny pass-of-another", "hold pass-of-another"),
        ([issued(), revoked()], showing(), "deny pass-revoked", "hold pass-revoked"),
        ([issued(), revoked()], showing(None), "deny no-pass", "hold no-pass"),
        ([issued(valid=OLD)], showing(), "deny pass-expired", "hold pass-expired"),
        ([issued(valid=NEXT)], showing(), "deny pass-not-yet-valid", "hold pass-not-yet-valid"),
        ([issued(), revoked(cause="lost")], showing(None), "deny no-pass", "allow lost-pass-home"),
        ([issued(), revoked(cause="lost")], showing(), "deny pass-revoked", "allow lost-pass-home"),
        (
            [issued(), revoked(cause="lost"), issued(number="G-2")],
            showing("G-2"),
            "allow strike-date",
            "allow pass-shown",
        ),
        (
            [issued(), revoked(cause="lost"), issued(number="G-2")],
            showing(),
            "deny pass-revoked",
            "hold pass-revoked",
        ),
        ([issued(), quarantined()], showing(), "deny pass-suspended", "allow home-to-quarantine"),
        ([quarantined()], showing(None), "deny no-pass", "allow home-to-quarantine"),
        ([quarantined(setting="health-monitoring")], showing(None), "deny no-pass", "hold no-pass"),
        ([issued(), RELEASED], showing(), "deny pass-not-yellow", "allow pass-shown"),
        ([issued(colour="yellow"), RELEASED], showing(), "allow strike-date", "allow pass-shown"),
        ([], showing(None, returning_from="420106"), "deny no-pass", "allow home-to-quarantine"),
        ([], showing(None, clinic_journey="clinic-3"), "allow clinic-journey", "allow clinic-journey"),
        ([], showing(person=None, role="resident"), "hold holder-unknown", "hold holder-unknown"),
        ([], showing(None, role="staff"), "deny no-pass", "hold no-pass"),
        ([], showing(None, role="courier"), "deny no-pass", "hold no-pass"),
        ([issued()], showing(role="staff"), "allow strike-date", "allow pass-shown"),
    ],
)
def test_at_the_gate(before: list[Fact], traveller: Traveller, out: str | None, home: str | None) -> None:
    """Each way in which a pass is good or not has a verdict of its own, and the way home is never denied."""
    expected = {"out": out, "in": home}
    for direction, answer in expected.items():
        asked = crossing(direction, traveller)
        assert codes(ExitPass(), asked, RESIDENT, *before) == ([answer] if answer else [])


def test_somebody_who_lives_elsewhere_is_not_coming_home() -> None:
    """Staff need a pass where the site says so, and without one the way in is closed to them."""
    rule = ExitPass(kinds=["resident", "staff"])
    asked = crossing("in", resident("p-9", role="staff"))
    assert codes(rule, asked, PersonEnrolled(AWAY)) == ["deny no-pass"]


def test_which_ways_are_the_sites_word() -> None:
    """A site may look at passes on the way out only."""
    rule = ExitPass(directions=["out"])
    assert codes(rule, crossing("in", showing(None)), RESIDENT) == []
    assert codes(rule, crossing("out", showing(None)), RESIDENT) == ["deny no-pass"]


def test_a_green_pass_is_good_again_after_some_days() -> None:
    """A returnee counts as one for so many days after the release; at zero, not at all."""
    later = crossing("out", showing(), at=NOON + timedelta(days=14))
    assert codes(ExitPass(), later, RESIDENT, issued(), RELEASED) == ["allow strike-date"]
    now = crossing("out", showing())
    assert codes(ExitPass(returnee_days=0), now, RESIDENT, issued(), RELEASED) == ["allow strike-date"]


def test_a_child_passes_with_its_guardian() -> None:
    """The guardian's good pass is enough, in both directions; a bad one is not."""
    child = PersonEnrolled(Person(id="p-3", guardian="p-7"))
    for direction, good in (("out", "allow strike-date"), ("in", "allow pass-shown")):
        asked = crossing(direction, resident("p-3"), showing())
        assert codes(ExitPass(), asked, RESIDENT, child, issued()) == ["allow with-guardian", good]
    assert codes(ExitPass(), crossing("out", resident("p-3")), child) == ["deny no-pass"]
    assert codes(ExitPass(), crossing("in", resident("p-3")), child) == ["allow child-home"]


def test_a_child_goes_along_on_the_guardians_leave() -> None:
    """To the hospital nobody needs a pass: neither does the child whom its mother cannot leave alone."""
    child = PersonEnrolled(Person(id="p-3", guardian="p-7"))
    asked = crossing("out", resident("p-3"), resident(), at=NOON + timedelta(minutes=1))
    policy = load("use = 'admit-kinds'", "use = 'exit-pass'")
    for before, effect in (([leave()], Effect.ALLOW), ([leave(hours=0)], Effect.DENY), ([], Effect.DENY)):
        decision = policy.decide(asked, slice_of(asked, RESIDENT, child, *before))
        assert decision.effect is effect
    assert codes(ExitPass(), asked, RESIDENT, child, leave()) == [
        "allow with-guardian",
        "deny no-pass",  # which the leave waives
    ]


def test_leaving_strikes_the_date() -> None:
    """As a duty at the gate, in words that name the day and the card."""
    [verdict] = review(ExitPass(), crossing("out", showing()), RESIDENT, issued())
    [duty] = verdict.duties
    assert (duty.kind, duty.subject, duty.due) == ("strike-date", "p-7", NOON)
    assert duty.text("en") == "strike 14 Feb on pass G-0031"
    assert duty.text("zh") == "在出入证G-0031背面划去2月14日"


def test_a_misused_pass_is_looked_at() -> None:
    """Somebody else's, an unknown or a revoked card is an alert; an expired one is only renewed."""
    for before, kinds in (
        ([issued("p-8")], ["pass-misuse"]),
        ([issued(), revoked()], ["pass-misuse"]),
        ([], ["pass-misuse"]),
        ([issued(valid=OLD)], []),
    ):
        for direction in ("in", "out"):
            [verdict] = review(ExitPass(), crossing(direction, showing()), RESIDENT, *before)
            assert [each.kind for each in verdict.alerts] == kinds


def test_who_waits_at_the_gate_is_seen_to() -> None:
    """A resident without a good pass is not just held: the committee owes them one."""
    [verdict] = review(ExitPass(), crossing("in", showing(None)), RESIDENT)
    assert (verdict.lifted_by, [each.kind for each in verdict.duties]) == ("issue-pass", ["issue-pass"])
    [verdict] = review(ExitPass(), crossing("in", showing()), RESIDENT, issued(valid=OLD))
    assert (verdict.lifted_by, [each.kind for each in verdict.duties]) == ("renew-pass", ["issue-pass"])


def test_a_lost_pass_is_owed_a_new_one_once() -> None:
    """Reported at the desk or noticed at the gate, it is one duty."""
    lost = attrs.evolve(revoked(cause="lost"), at=NOON)
    [owed] = follow(ExitPass(), lost, RESIDENT, issued())
    [verdict] = review(ExitPass(), crossing("in", showing(None)), RESIDENT, issued(), lost)
    assert isinstance(owed, Duty)
    assert [each.id for each in verdict.duties] == [owed.id]
    assert owed.kind == "replace-pass"
    assert follow(ExitPass(), attrs.evolve(revoked(), at=NOON), RESIDENT, issued()) == []


def test_the_yellow_pass_falls_due_on_release() -> None:
    """When a returnee's days are ordered; a contact's days owe none."""
    [owed] = follow(ExitPass(), quarantined())
    assert isinstance(owed, Duty)
    assert (owed.kind, owed.due) == ("issue-yellow-pass", datetime(2020, 2, 25, tzinfo=SHANGHAI))
    assert follow(ExitPass(), attrs.evolve(quarantined(days=1), at=NOON))[0].due == NOON + timedelta(hours=24)  # type: ignore[union-attr]  # a Duty, or the test fails


# At the desk


def asking(**options: Any) -> PassApplication:
    """A villager who was asked, registered and measured."""
    values: dict[str, Any] = {
        "person": "p-7",
        "number": "G-0099",
        "colour": "green",
        "valid": FEBRUARY,
        "at": NOON,
        "asked": True,
        "registered": True,
        "temperature": 36.4,
    }
    return PassApplication(**{**values, **options})


def at_the_desk(application: PassApplication, *facts: Fact, rule: Rule | None = None) -> list[str]:
    """The effects and codes of what the rule says of an application."""
    state = State(SITE)
    for each in facts:
        state.apply(each)
    given = (rule or ExitPass()).review_pass(application, Situation.applying(state, application))  # type: ignore[attr-defined]  # pluggy takes the hook as a plain method
    return [f"{each.effect.value} {each.code}" for each in given]


def ended(cause: EndCause, day: int = 11) -> QuarantineChanged:
    """The end of the period that began on 10 February, before its release."""
    at = datetime(2020, 2, day, 9, tzinfo=SHANGHAI)
    change = PeriodChange(kind=ChangeKind.ENDED, cause=cause, reason="so", by="cadre-3", at=at)
    return QuarantineChanged(period=period_of().id, person="p-7", change=change)


@pytest.mark.parametrize(
    ("application", "before", "expected"),
    [
        (asking(), [], ["allow pass-granted"]),
        (asking(asked=None), [], ["hold pass-ask"]),
        (asking(asked=False), [], ["hold pass-ask"]),
        (asking(registered=None), [], ["hold pass-register"]),
        (asking(temperature=None), [], ["hold pass-measure"]),
        (asking(temperature=None, not_measured="device"), [], ["hold pass-measure"]),
        (asking(temperature=None, not_measured="infant"), [], ["allow pass-granted"]),
        (asking(temperature=37.3), [], ["hold pass-fever"]),
        (
            asking(asked=None, registered=None, temperature=None),
            [],
            ["hold pass-ask", "hold pass-register", "hold pass-measure"],
        ),
        (asking(), [issued(number="G-0001")], ["hold pass-held"]),
        (asking(), [issued(number="G-0001"), revoked("G-0001")], ["allow pass-granted"]),
        (asking(valid=NEXT), [issued(number="G-0001", valid=OLD)], ["allow pass-granted"]),
        (asking(), [issued("p-8", "G-0099")], ["deny number-taken"]),
        (asking(), [issued("p-8", "G-0099"), revoked("G-0099")], ["deny number-taken"]),
        (asking(valid=OLD), [], ["deny days-over"]),
        (asking(person="p-9"), [PersonEnrolled(AWAY)], ["deny not-a-resident"]),
        (asking(person="p-8"), [], ["deny not-a-resident"]),
        (asking(), [quarantined()], ["hold still-in-quarantine"]),
        (asking(colour="yellow"), [quarantined()], ["hold still-in-quarantine"]),
        (asking(colour="yellow"), [RELEASED], ["allow pass-granted"]),
        (asking(colour="yellow"), [], ["deny pass-green-instead"]),
        (asking(), [RELEASED], ["deny pass-yellow-instead"]),
        (asking(at=NOON + timedelta(days=14)), [RELEASED], ["allow pass-granted"]),
        (asking(colour="yellow"), [quarantined(), ended(EndCause.EARLY_RELEASE)], ["allow pass-granted"]),
        (asking(colour="yellow"), [quarantined(), ended(EndCause.HOSPITAL)], ["deny pass-green-instead"]),
        (asking(), [quarantined(), ended(EndCause.ORDERED_IN_ERROR)], ["allow pass-granted"]),
    ],
)
def test_at_the_desk(application: PassApplication, before: list[Fact], expected: list[str]) -> None:
    """Three musts, one card for one person, green for villagers, yellow for returnees after their days."""
    assert at_the_desk(application, RESIDENT, *before) == expected


def test_a_form_on_record_is_a_registration() -> None:
    """Whoever handed one in need not show it again."""
    known = Registered(attrs.evolve(form(name="李四"), person="p-7"))
    assert at_the_desk(asking(registered=None), RESIDENT, known) == ["allow pass-granted"]


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"limit": 35}, "ExitPass.limit: expected degrees Celsius between 36 and 39, got 35"),
        ({"limit": True}, "ExitPass.limit: expected degrees Celsius between 36 and 39, got true or false"),
        ({"directions": []}, "ExitPass.directions: expected 'in', 'out' or both, got an empty list"),
        ({"kinds": []}, "ExitPass.kinds: expected at least one kind, got an empty list"),
        ({"kinds": ["dog"]}, "ExitPass.kinds: expected one of 'resident', 'visitor'"),
        ({"returnee_days": -1}, "ExitPass.returnee_days: expected a whole number from 0 to 366"),
        ({"within_hours": 0}, "ExitPass.within_hours: expected a whole number from 1 to 168"),
    ],
)
def test_settings_that_are_refused(settings: dict[str, Any], message: str) -> None:
    """Nothing that cannot be meant."""
    with pytest.raises(InvalidValueError) as caught:
        ExitPass(**settings)
    assert str(caught.value).startswith(message)


# With the ledger

GATE = load("use = 'admit-kinds'", "use = 'exit-pass'", "use = 'one-exit-per-day'")


@pytest.fixture
def ledger() -> Iterator[Ledger]:
    """A village with one person in its register."""
    with Ledger.open(":memory:", policy=GATE, clock=lambda: NOON) as opened:
        opened.record(RESIDENT, by="cadre-3")
        yield opened


def strikes(ledger: Ledger, state: DutyState = DutyState.OPEN) -> list[str]:
    """What is to be struck."""
    return [each.text("en") for each in ledger.duties(state=state) if each.kind == "strike-date"]


def test_a_pass_is_decided_and_recorded_in_one_step(ledger: Ledger) -> None:
    """A refusal records no pass; a yes records it with what was asked, and it opens the gate."""
    refused = ledger.issue_pass(asking(asked=None, temperature=38.2), by="cadre-3")
    assert (refused.effect, refused.lifted_by) == (Effect.HOLD, ("ask", "normal-temperature"))
    assert "p-7" not in {each.person for each in ledger.state.passes.values()}
    assert [each.kind for each in ledger.duties()] == ["fever-referral"]
    granted = ledger.issue_pass(asking(), by="cadre-3")
    assert isinstance(granted, PassDecision)
    assert (granted.effect, [each.code for each in granted.reasons]) == (Effect.ALLOW, ["pass-granted"])
    fact = list(ledger.facts())[-1].fact
    assert isinstance(fact, PassIssued)
    assert (fact.exit_pass.number, fact.decision) == ("G-0099", granted.id)
    assert ledger.admit(crossing("out", showing("G-0099"))).effect is Effect.ALLOW
    with pytest.raises(InvalidValueError, match=r"a look at decision\.effect"):
        bool(granted)


def test_one_number_and_one_pass_for_each(ledger: Ledger) -> None:
    """Whoever asks again, or with a number that is taken, is told so."""
    ledger.record(PersonEnrolled(Person(id="p-8")), by="cadre-3")
    assert ledger.issue_pass(asking(), by="cadre-3").effect is Effect.ALLOW
    again = ledger.issue_pass(asking(number="G-0100"), by="cadre-3")
    assert [each.code for each in again.reasons] == ["pass-held"]
    other = ledger.issue_pass(asking(person="p-8"), by="cadre-3")
    assert [each.code for each in other.reasons] == ["number-taken"]


def test_somebody_who_is_not_on_record_gets_no_pass(ledger: Ledger) -> None:
    """An unknown id is a slip, and says so."""
    with pytest.raises(UnknownIdError, match=r"PassApplication\.person: expected the id of a person"):
        ledger.issue_pass(asking(person="p-404"), by="cadre-3")


def test_a_site_without_a_rule_for_passes_hands_out_none() -> None:
    """Silence is no yes."""
    silent = load("use = 'admit-kinds'")
    with Ledger.open(":memory:", policy=silent, clock=lambda: NOON) as opened:
        opened.record(RESIDENT, by="cadre-3")
        decision = opened.issue_pass(asking(), by="cadre-3")
    assert (decision.effect, [each.code for each in decision.reasons]) == (Effect.HOLD, ["unreviewed"])
    assert decision.lifted_by == ("ask-the-committee",)


class Fails(Rule):
    """Raises at the desk."""

    source = "test"

    @hookimpl
    def review_pass(self) -> None:
        """Fail."""
        raise ZeroDivisionError


def test_a_rule_that_fails_at_the_desk_holds() -> None:
    """The others' verdicts are still given, and the fault is an alert."""
    policy = Policy.loads(GATE_FILE, rules=[Fails])
    with Ledger.open(":memory:", policy=policy, clock=lambda: NOON) as opened:
        opened.record(RESIDENT, by="cadre-3")
        decision = opened.issue_pass(asking(), by="cadre-3")
        assert [each.kind for each in opened.alerts()] == ["rule-fault"]
    assert decision.effect is Effect.HOLD
    assert [each.code for each in decision.verdicts] == ["pass-granted", "fault"]
    assert decision.reasons[0].fault == (
        "passed directly: rule fails, hook review_pass raised ZeroDivisionError"
    )


GATE_FILE = """
site = {id = "caohang", zone = "Asia/Shanghai", checkpoints = [{id = "north"}]}
rules = [{use = "exit-pass"}]
"""


def test_a_replaced_pass_gives_no_second_exit(ledger: Ledger) -> None:
    """The exit is the person's and not the card's."""
    ledger.issue_pass(asking(), by="cadre-3")
    assert ledger.admit(crossing("out", showing("G-0099"))).effect is Effect.ALLOW
    ledger.record(revoked("G-0099", "lost"), by="guard-5")
    back = ledger.admit(crossing("in", showing(None), at=NOON + timedelta(hours=1)))
    assert back.effect is Effect.ALLOW
    again = ledger.issue_pass(asking(number="G-0100", at=NOON + timedelta(hours=2)), by="cadre-3")
    assert again.effect is Effect.ALLOW
    out = ledger.admit(crossing("out", showing("G-0100"), at=NOON + timedelta(hours=3)))
    assert (out.effect, [each.code for each in out.reasons]) == (Effect.DENY, ["exit-spent"])


def test_a_mistaken_exit_is_given_back(ledger: Ledger) -> None:
    """With the cancel the date need not be struck; the next exit of the day is struck."""
    ledger.issue_pass(asking(), by="cadre-3")
    first = ledger.admit(crossing("out", showing("G-0099")))
    assert strikes(ledger) == ["strike 14 Feb on pass G-0099"]
    ledger.cancel(first.id, by="guard-5", reason="turned back")
    assert strikes(ledger) == []
    later = crossing("out", showing("G-0099"), at=NOON + timedelta(hours=1))
    assert ledger.admit(later).effect is Effect.ALLOW
    assert strikes(ledger) == ["strike 14 Feb on pass G-0099"]
    assert strikes(ledger, DutyState.CLOSED) == ["strike 14 Feb on pass G-0099"]


def test_a_return_after_midnight_belongs_to_the_exit_it_ends(ledger: Ledger) -> None:
    """Also on the pass's last day: the next morning it is expired, and the way home was open."""
    last = DaySpan(date(2020, 2, 1), date(2020, 2, 15))
    ledger.issue_pass(asking(valid=last), by="cadre-3")
    evening = NOON.replace(hour=22)
    assert ledger.admit(crossing("out", showing("G-0099"), at=evening)).effect is Effect.ALLOW
    night = NOON.replace(day=15, hour=0, minute=40)
    home = ledger.admit(crossing("in", showing("G-0099"), at=night))
    assert (home.effect, home.verdicts[1].code) == (Effect.ALLOW, "pass-shown")
    out = ledger.admit(crossing("out", showing("G-0099"), at=night + timedelta(hours=8)))
    assert [each.code for each in out.reasons] == ["pass-expired"]


def test_leave_and_overrides_strike_nothing(ledger: Ledger) -> None:
    """Leave waives the rule and no date is struck; an emergency passes without a pass."""
    ledger.record(leave(), by="cadre-3")
    decision = ledger.admit(crossing("out", showing(None)))
    assert (decision.effect, strikes(ledger)) == (Effect.ALLOW, [])
    evening = crossing("out", showing(None), at=NOON + timedelta(hours=8))
    ambulance = Override(reason="ambulance", by="cadre-3")
    assert ledger.admit(evening).effect is Effect.DENY
    assert ledger.admit(evening, override=ambulance).effect is Effect.ALLOW
    assert strikes(ledger) == []


# Laws


@st.composite
def with_cards(draw: st.DrawFn) -> Crossing:
    """A party some of whom show a card."""
    asked = draw(crossings)
    shown = st.sampled_from([None, "G-1", "G-2", "G-3"])
    party = [attrs.evolve(each, exit_pass=draw(shown)) for each in asked.travellers]
    return attrs.evolve(asked, travellers=party)


@given(with_cards(), histories, st.lists(cards | losses, max_size=5))
def test_laws(asked: Crossing, facts: list[Any], passes: list[Any]) -> None:
    """Out only with a card of one's own that is good today; home is never denied to who lives there."""
    known = [PersonEnrolled(Person(id=each)) for each in PEOPLE]
    facts = [*known, *(each for each in facts if not isinstance(each, PersonEnrolled)), *passes]
    state = State(SITE)
    for each in facts:
        state.apply(each)
    situation = Situation.cut(state, asked)
    given = ExitPass().review_crossing(asked, situation)
    verdicts = [given] if isinstance(given, Verdict) else list(given or ())
    for verdict in verdicts:
        assert verdict.traveller is not None
        standing = situation.standings[verdict.traveller]
        if asked.direction is Direction.OUT:
            good = (
                standing.shown_pass is PassState.VALID
                and standing.exit_pass is not None
                and standing.exit_pass.person == standing.traveller.person
                and situation.day in standing.exit_pass.valid
            )
            assert verdict.code == "clinic-journey" or verdict.effect is not Effect.ALLOW or good
            assert not verdict.duties or verdict.code == "strike-date"
        else:
            assert verdict.effect is not Effect.DENY


@given(histories, st.lists(cards | losses, max_size=4), applications)
def test_laws_of_the_desk(facts: list[Any], passes: list[Any], application: PassApplication) -> None:
    """A pass is granted or objected to, never both; never without the musts, nor during quarantine."""
    state = State(SITE)
    for each in (*facts, *passes):
        state.apply(each)
    situation = Situation.applying(state, application)
    verdicts = list(ExitPass().review_pass(application, situation))
    assert verdicts
    granted = any(each.grants for each in verdicts)
    assert granted == all(each.effect is Effect.ALLOW for each in verdicts)
    if granted:
        assert application.asked
        if application.temperature is None:
            assert application.not_measured in (NotMeasured.INFANT, NotMeasured.MEDICAL)
        else:
            assert application.temperature < 37.3
        assert application.number not in state.passes
        [standing] = situation.standings
        assert standing.person is not None
        assert application.colour is YELLOW or not standing.returnee


def at_the_gate(direction: str, day: int, **said: Any) -> Crossing:
    """The villager with the green pass, on a day of February."""
    at = datetime(2020, 2, day, 9, tzinfo=SHANGHAI)
    return crossing(direction, resident(asked=True, **{"exit_pass": "G-1", **said}), at=at)


SHANGHAI_GATE = Policy.loads(
    """
site = { id = "caohang", zone = "Asia/Shanghai", region = "310112", checkpoints = [{ id = "north" }] }
quarantine = [{ days = 14 }]
rules = [{ use = "admit-kinds" }, { use = "registration-required" }, { use = "exit-pass" }]
"""
)


@pytest.fixture
def gate() -> Iterator[Ledger]:
    """A gate of a site in Shanghai, with a villager who holds a green pass."""
    with Ledger.open(":memory:", policy=SHANGHAI_GATE, clock=lambda: NOON) as opened:
        opened.record(RESIDENT, by="cadre-3")
        opened.record(
            PassIssued(Card(number="G-1", person="p-7", colour="green", valid=FEBRUARY)), by="cadre-3"
        )
        yield opened


def test_a_return_within_the_province_is_no_return(gate: Ledger) -> None:
    """From another district of the same city one comes home with one's pass, and goes out with it."""
    gate.admit(at_the_gate("in", 4, returning_from="310104", registered=True))
    assert gate.admit(at_the_gate("out", 5)).effect is Effect.ALLOW
    gate.admit(at_the_gate("in", 6))
    gate.record(PassRevoked(number="G-1", person="p-7", reason="misused"), by="cadre-3")
    home = gate.admit(at_the_gate("in", 6, returning_from="310104", registered=True))
    assert (home.effect, [each.code for each in home.reasons]) == (Effect.HOLD, ["pass-revoked"])


def test_a_bad_pass_of_a_returnee_is_looked_into(gate: Ledger) -> None:
    """They come home to begin their days; the revoked pass that they show raises its alert all the same."""
    gate.record(PassRevoked(number="G-1", person="p-7", reason="misused"), by="cadre-3")
    home = gate.admit(at_the_gate("in", 4, returning_from="420000", registered=True))
    assert (home.effect, [each.kind for each in home.alerts]) == (Effect.ALLOW, ["pass-misuse"])
