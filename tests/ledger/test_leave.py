"""Leave that is recorded after the exit was made: the exit counts as not spent, at every gate and store."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, datetime, timedelta

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.crossings import Crossing
from epiguard.days import DaySpan, TimeSpan
from epiguard.decisions import Effect, Verdict
from epiguard.duties import Duty
from epiguard.facts import (
    HouseholdRecorded,
    LeaveGranted,
    MatchConfirmed,
    PassIssued,
    PersonEnrolled,
    Registered,
)
from epiguard.ledger import Ledger, _recording
from epiguard.passes import ExitPass, PassColour
from epiguard.people import Household, Membership, Person
from epiguard.policy import Policy
from epiguard.registrations import Registration
from epiguard.rules import Restricts, Rule, hookimpl, no_objection, once
from epiguard.situation import Situation, State
from ledger.community import HEAD, NOON, RECORDED, OnceADay, out, policy, summary

Open = Callable[..., Ledger]
ADMITS = '[[rules]]\nuse = "admit-kinds"\n'
ONE_EXIT = Policy.loads(f'{HEAD}{ADMITS}[[rules]]\nuse = "one-exit-per-day"\n')
TWO_EXITS = Policy.loads(f'{HEAD}{ADMITS}[[rules]]\nuse = "one-exit-per-day"\nlimit = 2\n')
CARD = Policy.loads(f'{HEAD}{ADMITS}[[rules]]\nuse = "household-card"\nfixed = false\n')
PASSES = Policy.loads(f'{HEAD}{ADMITS}[[rules]]\nuse = "exit-pass"\n[[rules]]\nuse = "one-exit-per-day"\n')
FEBRUARY = DaySpan(date(2020, 2, 1), date(2020, 3, 1))
LATER = NOON + timedelta(hours=3)


def leave(person: str = "p-7", at: datetime = NOON, hours: int = 1) -> LeaveGranted:
    """From an hour before the exit to some hours after it."""
    span = TimeSpan(at - timedelta(hours=1), at + timedelta(hours=hours))
    return LeaveGranted(person=person, span=span, purpose="dialysis")


def live_here(ledger: Ledger, *persons: str) -> Ledger:
    """Each with a pass in their pocket."""
    for each in persons:
        ledger.record(PersonEnrolled(Person(id=each)), by="cadre-3")
    return ledger


def asks_again(ledger: Ledger, *persons: str) -> Effect:
    """Another exit of the same day, after the leave is over."""
    return ledger.admit(out(*persons, at=LATER)).effect


@pytest.mark.parametrize("site", [ONE_EXIT, CARD], ids=["one-exit-per-day", "household-card"])
def test_the_exit_of_the_day_is_given_back(open_ledger: Open, site: Policy) -> None:
    """The ambulance was faster than the paper; and what is given back is had once again, and no more."""
    ledger = live_here(open_ledger(of=site), "p-7")
    assert ledger.admit(out()).effect is Effect.ALLOW
    assert asks_again(ledger, "p-7") is Effect.DENY
    ledger.record(leave(), by="cadre-3")
    [standing] = ledger.situation(out(at=LATER)).standings
    assert (standing.exits_on_day(), standing.crossings[0].claims) == (0, ())
    assert asks_again(ledger, "p-7") is Effect.ALLOW
    assert asks_again(ledger, "p-7") is Effect.DENY
    assert ledger.verify() is None


def test_also_where_the_rule_looks_at_nothing(open_ledger: Open) -> None:
    """The key in the store is free again, and the entry still tells that it was claimed."""
    ledger = open_ledger(OnceADay)
    ledger.record(PersonEnrolled(Person(id="p-7")), by="cadre-3")
    first = ledger.admit(out())
    assert asks_again(ledger, "p-7") is Effect.HOLD
    ledger.record(leave(), by="cadre-3")
    assert asks_again(ledger, "p-7") is Effect.ALLOW
    assert asks_again(ledger, "p-7") is Effect.HOLD
    [entry] = [each for each in ledger.facts() if each.id == first.id]
    assert entry.claims == ("exit|p-7|2020-02-14|0",)


def test_leave_that_does_not_cover_the_exit_gives_nothing_back(open_ledger: Open) -> None:
    """Of another hour, or of somebody else."""
    ledger = live_here(open_ledger(of=ONE_EXIT), "p-7", "p-8")
    ledger.admit(out())
    ledger.record(leave(at=NOON - timedelta(hours=4)), by="cadre-3")
    ledger.record(leave("p-8"), by="cadre-3")
    assert asks_again(ledger, "p-7") is Effect.DENY


def test_of_a_party_only_whoever_has_leave_gets_the_exit_back(open_ledger: Open) -> None:
    """The others of the car spent theirs."""
    ledger = live_here(open_ledger(of=ONE_EXIT), "p-7", "p-8")
    assert ledger.admit(out("p-7", "p-8")).effect is Effect.ALLOW
    ledger.record(leave("p-8"), by="cadre-3")
    assert (asks_again(ledger, "p-7"), asks_again(ledger, "p-8")) == (Effect.DENY, Effect.ALLOW)


def test_the_household_of_whoever_had_leave_has_its_card_back(open_ledger: Open) -> None:
    """Its claim stands under the household, and so does what is freed."""
    ledger = live_here(open_ledger(of=CARD), "p-7", "p-8")
    home = Household(id="h-1", members=[Membership(person="p-7"), Membership(person="p-8")])
    ledger.record(HouseholdRecorded(home), by="cadre-3")
    ledger.admit(out("p-7"))
    assert asks_again(ledger, "p-8") is Effect.DENY
    ledger.record(leave("p-7"), by="cadre-3")
    assert asks_again(ledger, "p-8") is Effect.ALLOW


def test_the_day_need_not_be_struck_any_more(open_ledger: Open) -> None:
    """What was owed for passing is closed; what somebody had struck already stays done."""
    ledger = live_here(open_ledger(of=PASSES), "p-7")
    card = ExitPass(number="G-1", person="p-7", colour=PassColour.GREEN, valid=FEBRUARY)
    ledger.record(PassIssued(card), by="cadre-3")
    asked = out()
    asked = attrs.evolve(asked, travellers=[attrs.evolve(asked.travellers[0], exit_pass="G-1")])  # noqa: S106 - a card and no password
    assert [each.kind for each in ledger.admit(asked).duties] == ["strike-date"]
    ledger.record(leave(), by="cadre-3")
    assert ledger.duties() == []


@attrs.frozen
class Counts(Rule):
    """Claims for safety, of each of a party, and something for all of it."""

    source = "test"
    restricts = Restricts.SAFETY

    @hookimpl
    def review_crossing(self, situation: Situation) -> Iterator[Verdict]:
        """Claim, and owe."""
        for standing in situation.standings:
            duty = Duty(kind="observe", subject=standing.subject or "")
            claim = once("check", standing.subject or "")
            yield no_objection("check", en="check", about=standing, claims=[claim], duties=[duty])


@attrs.frozen
class Together(Rule):
    """A party claims something in common."""

    source = "test"

    @hookimpl
    def review_crossing(self, crossing: Crossing) -> Verdict:
        """Claim."""
        return no_objection("tour", en="tour", claims=[once("tour", crossing.checkpoint)])


def test_what_is_claimed_or_owed_for_safety_is_not_given_back(open_ledger: Open) -> None:
    """Leave never waives safety, before or after."""
    ledger = open_ledger(OnceADay, Counts)
    ledger.record(PersonEnrolled(Person(id="p-7")), by="cadre-3")
    ledger.admit(out())
    ledger.record(leave(), by="cadre-3")
    assert [each.kind for each in ledger.duties()] == ["observe"]
    [past] = ledger.situation(out(at=LATER)).standings[0].crossings
    assert past.claims == ("check|p-7|2020-02-14|0",)
    assert asks_again(ledger, "p-7") is Effect.HOLD


@pytest.mark.parametrize(("party", "again"), [(["p-7"], Effect.ALLOW), (["p-7", "p-8"], Effect.HOLD)])
def test_what_a_party_claims_together_one_of_them_does_not_free(
    open_ledger: Open, party: list[str], again: Effect
) -> None:
    """But whoever went alone does."""
    ledger = open_ledger(OnceADay, Together)
    ledger.record(PersonEnrolled(Person(id="p-7")), by="cadre-3")
    ledger.admit(out(*party))
    ledger.record(leave(), by="cadre-3")
    assert asks_again(ledger, "p-7") is again


def test_leave_granted_to_a_form_is_the_persons(open_ledger: Open) -> None:
    """Nobody knew whose form it was when the leave was granted; they go out by it, and it spends no exit."""
    ledger = live_here(open_ledger(of=ONE_EXIT), "p-7")
    form = Registration(id="paper-1", source="paper", written={"name": "李四"})
    ledger.record(Registered(form), by="cadre-3")
    ledger.record(leave(form.subject), by="cadre-3")
    ledger.record(MatchConfirmed(registration="paper-1", person="p-7"), by="cadre-3")
    assert len(ledger.situation(out()).standings[0].leaves) == 1
    assert ledger.admit(out()).effect is Effect.ALLOW
    assert asks_again(ledger, "p-7") is Effect.ALLOW


def test_what_adds_up_is_the_same_when_it_is_read_again(open_ledger: Open, target: str) -> None:
    """Another process that opens the ledger sees the exit given back too."""
    ledger = live_here(open_ledger(of=TWO_EXITS), "p-7", "p-8")
    ledger.admit(out("p-7", "p-8"))
    ledger.record(leave(), by="cadre-3")
    ledger.admit(out("p-7", at=LATER))
    again = State(ONE_EXIT.site)
    for entry in ledger.facts():
        again.apply(entry.fact, entry.recorded_at)
    assert summary(again) == summary(ledger.state)
    if target != ":memory:":
        assert summary(open_ledger(of=TWO_EXITS).state) == summary(again)


HOURS = st.integers(0, 9)
STEPS = st.lists(st.tuples(st.sampled_from(["exit", "leave"]), HOURS), min_size=1, max_size=12)
DAYBREAK = NOON - timedelta(hours=6)


def exits_and_what_was_expected(
    site: Policy, steps: list[tuple[str, int]], limit: int
) -> tuple[list[bool], list[bool]]:
    """What the ledger let out, and what a count of exits outside all leave lets out; hours as they come."""
    with Ledger.open(":memory:", policy=site, clock=lambda: RECORDED) as ledger:
        live_here(ledger, "p-7")
        spent: list[int] = []
        leaves: set[int] = set()
        given, expected = [], []
        for what, hour in steps:
            at = DAYBREAK + timedelta(hours=hour)
            if what == "leave":
                span = TimeSpan(at, at + timedelta(minutes=59))
                ledger.record(LeaveGranted(person="p-7", span=span, purpose="dialysis"), by="cadre-3")
                leaves.add(hour)
                continue
            counted = [each for each in spent if each not in leaves]
            expected.append(hour in leaves or len(counted) < limit)
            given.append(ledger.admit(out(at=at)).effect is Effect.ALLOW)
            spent += [hour] * given[-1]
        return given, expected


@pytest.mark.parametrize(("site", "limit"), [(ONE_EXIT, 1), (TWO_EXITS, 2), (policy(OnceADay), 1)])
@given(steps=STEPS)
def test_only_exits_outside_all_leave_count_whenever_it_was_recorded(
    site: Policy, limit: int, steps: list[tuple[str, int]]
) -> None:
    """Against a list and a set, in any order of exits and papers."""
    given_, expected = exits_and_what_was_expected(site, steps, limit)
    assert given_ == expected


def test_the_comparison_finds_an_exit_that_is_not_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: where the store keeps the key, what is let out is not what is expected."""
    monkeypatch.setattr(_recording, "give_back", lambda *_: None)
    given_, expected = exits_and_what_was_expected(
        policy(OnceADay), [("exit", 1), ("leave", 1), ("exit", 2)], 1
    )
    assert given_ != expected
