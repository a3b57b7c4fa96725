"""Whatever has parts is the sum of them, and every figure is what a plain count of the facts gives."""

from __future__ import annotations

import json
from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard import (
    Checkpoint,
    Duty,
    ExportError,
    Exposure,
    Outcome,
    Person,
    QuarantinePeriod,
    Registration,
    Return,
    Route,
    Site,
)
from epiguard.facts import (
    DutyAttempted,
    DutyClosed,
    DutyOpened,
    MatchConfirmed,
    PersonEnrolled,
    PersonLeft,
    QuarantineOrdered,
    Registered,
)
from epiguard.matching import Answer, MatchDecision
from epiguard.reconciliation import FormMatch, FormNotInRegister, FormToConfirm, Reconciliation
from epiguard.reports import DailyReport, daily_report
from epiguard.situation import State

ZONE = ZoneInfo("Asia/Shanghai")
DAY = date(2020, 2, 13)
NOW = datetime(2020, 2, 13, 18, 0, tzinfo=ZONE)
SITE = Site(
    id="jindu",
    zone="Asia/Shanghai",
    region="310112",
    checkpoints=[Checkpoint(id="north", name="北门"), Checkpoint(id="south")],
)


@attrs.frozen
class DutyMade:
    """A duty and what came of it."""

    kind: str
    outcomes: tuple[Outcome, ...]
    closed: bool
    due: int | None
    route: Route | None


@attrs.frozen
class SomebodyMade:
    """One person, what is known of them, and their return if they had one."""

    region: str | None
    resident: bool
    left: bool
    back: int | None
    came_from: str
    form: str | None
    confirmed: bool
    outcome: str
    duties: tuple[DutyMade, ...]


REGIONS = ["310112", "310000", "420106", "420000", "340100"]
duties = st.builds(
    DutyMade,
    kind=st.sampled_from(["tell-returnee", "tell-landlord", "door-visit", "a-plug-ins-own"]),
    outcomes=st.lists(st.sampled_from(Outcome), max_size=3).map(tuple),
    closed=st.booleans(),
    due=st.none() | st.integers(-48, 48),
    route=st.none() | st.sampled_from(Route),
)
somebody = st.builds(
    SomebodyMade,
    region=st.none() | st.sampled_from(REGIONS),
    resident=st.booleans(),
    left=st.booleans(),
    back=st.none() | st.integers(-30, 3),
    came_from=st.sampled_from(REGIONS[2:]),
    form=st.none() | st.sampled_from(["paper", "questionnaire", "gate"]),
    confirmed=st.booleans(),
    outcome=st.sampled_from(["matched", "to_confirm", "not_in_register"]),
    duties=st.lists(duties, max_size=4).map(tuple),
)


def _entry(outcome: str, form: Registration, person: str) -> Any:
    nobody = Answer(MatchDecision.NO_MATCH, (), None, 1.0)
    if outcome == "matched":
        return FormMatch(form, person, nobody)
    return {"to_confirm": FormToConfirm, "not_in_register": FormNotInRegister}[outcome](form, nobody)


def made(people: list[SomebodyMade]) -> tuple[State, Reconciliation]:
    """The state and the lists of generated people."""
    state = State(SITE)
    lists: dict[str, Any] = {"matched": [], "to_confirm": [], "not_in_register": []}
    for number, each in enumerate(people):
        person = f"p-{number}"
        facts: list[Any] = [
            PersonEnrolled(Person(id=person, registered_region=each.region, resident=each.resident))
        ]
        if each.back is not None:
            on = DAY + timedelta(days=each.back)
            exposure = Exposure(person=person, reason=Return(region=each.came_from), arrived_on=on)
            facts.append(QuarantineOrdered(QuarantinePeriod.after(exposure, days=14, zone="Asia/Shanghai")))
        if each.form is not None:
            form = Registration(id=f"f-{number}", source=each.form, person=person, arrived_on=DAY)
            facts.append(Registered(form))
            if each.confirmed:
                facts.append(MatchConfirmed(registration=form.id, person=person))
            lists[each.outcome].append(_entry(each.outcome, form, person))
        for index, owed in enumerate(each.duties):
            due = NOW + timedelta(hours=owed.due) if owed.due is not None else None
            duty = Duty(kind=owed.kind, subject=person, due=due, route=owed.route, basis=f"{index}")
            facts.append(DutyOpened(duty))
            facts += [DutyAttempted(duty=duty.id, outcome=outcome) for outcome in owed.outcomes]
            if owed.closed:
                facts.append(DutyClosed(duty=duty.id, reason="fell away"))
        if each.left:  # after the duties, which it closes
            facts.append(PersonLeft(person=person, reason="moved", at=NOW - timedelta(hours=1)))
        for fact in facts:
            state.apply(fact)
    everything: dict[str, Any] = {name: tuple(entries) for name, entries in lists.items()}
    return state, Reconciliation(**everything)


def report_of(people: list[SomebodyMade]) -> DailyReport:
    """The report on generated people."""
    state, lists = made(people)
    return daily_report(state, day=DAY, now=NOW, reconciliation=lists)


@given(st.lists(somebody, max_size=6))
def test_returnees_are_what_a_plain_count_gives(people: list[SomebodyMade]) -> None:
    """Counting the generated people one by one gives the report's figures."""
    back = {
        number: each.back if each.back is not None else 0
        for number, each in enumerate(people)
        if each.back is not None or each.form in {"paper", "questionnaire"}
    }
    known = [number for number, days in back.items() if days <= 0]
    seen = report_of(people).returnees
    assert seen.to_date == seen.people == len(known)
    assert seen.today == sum(back[number] == 0 for number in known)
    assert seen.later == len(back) - len(known)
    confirmed = [
        number
        for number in known
        # A gate's form that says nothing of a return is not about one.
        if (people[number].form in {"paper", "questionnaire"} and people[number].confirmed)
        or any(
            duty.kind == "tell-returnee" and Outcome.REACHED in duty.outcomes
            for duty in people[number].duties
        )
    ]
    assert seen.confirmed == len(confirmed)
    days = Counter((DAY + timedelta(days=back[number])).isoformat() for number in known)
    assert seen.per_day == dict(sorted(days.items()))


@given(st.lists(somebody, max_size=6))
def test_observation_is_what_a_plain_count_gives(people: list[SomebodyMade]) -> None:
    """Fourteen days after arriving, day 14 is the last."""
    days = [(-each.back, each.left) for each in people if each.back is not None]
    seen = report_of(people).observation
    # Whoever left an hour ago is observed no more.
    expected = Counter(str(number) for number, left in days if 0 <= number <= 14 and not left)
    assert seen.by_day_number == dict(expected)
    assert seen.in_force == expected.total()
    assert seen.starting == sum(number == 0 for number, _ in days)
    assert seen.released == sum(number == 15 for number, _ in days)
    assert seen.ended_otherwise == sum(0 <= number <= 14 and left for number, left in days)
    assert seen.ending_soon == sum(12 <= number <= 14 and not left for number, left in days)


@given(st.lists(somebody, max_size=6))
def test_duties_are_what_a_plain_count_gives(people: list[SomebodyMade]) -> None:
    """Settled is done, else fallen away is closed, else it is open and perhaps overdue."""
    expected: dict[str, Counter[str]] = {}
    for each in people:
        for duty in each.duties:
            count = expected.setdefault(duty.kind, Counter())
            count["opened"] += 1
            if any(outcome.settles for outcome in duty.outcomes):
                count["done"] += 1
            elif duty.closed or each.left:
                count["closed"] += 1
            else:
                count["open"] += 1
                count["overdue"] += duty.due is not None and duty.due < 0
                count["at_the_door"] += duty.route is Route.DOOR
    seen = report_of(people).duties
    names = ("opened", "done", "closed", "open", "overdue", "at_the_door")
    assert {kind: attrs.asdict(figures) for kind, figures in seen.by_kind.items()} == {
        kind: {name: count[name] for name in names} for kind, count in expected.items()
    }
    assert attrs.asdict(seen.total) == {
        name: sum(count[name] for count in expected.values()) for name in names
    }


@given(st.lists(somebody, max_size=6))
def test_population_is_what_a_plain_count_gives(people: list[SomebodyMade]) -> None:
    """Residents who have not left, by the first two digits of their registration."""
    here = [each.region for each in people if each.resident and not each.left]
    seen = report_of(people).population
    assert attrs.asdict(seen) == {
        "residents": len(here),
        "local": sum(region is not None and region[:2] == "31" for region in here),
        "non_local": sum(region is not None and region[:2] != "31" for region in here),
        "region_unknown": here.count(None),
        "key_region": sum(region is not None and region[:2] == "42" for region in here),
    }


@given(st.lists(somebody, max_size=6))
def test_everything_adds_up(people: list[SomebodyMade]) -> None:
    """The laws the definitions promise, on any day."""
    state, lists = made(people)
    report = daily_report(state, day=DAY, now=NOW, reconciliation=lists)
    back, seen, forms = report.returnees, report.observation, report.forms
    assert back.to_date == sum(back.per_day.values()) == sum(each.returns for each in back.by_region)
    assert back.to_date == back.confirmed + back.unconfirmed
    assert seen.in_force == seen.on_persons + seen.on_forms == sum(seen.by_setting.values())
    assert seen.in_force == sum(seen.by_day_number.values()) + seen.awaiting_release
    assert seen.ending_soon == sum(seen.ending_on.values())
    assert forms.matched is not None
    assert forms.to_confirm is not None
    assert forms.not_in_register is not None
    assert forms.received == forms.matched + forms.to_confirm + forms.not_in_register
    assert forms.received == sum(forms.by_source.values())
    for each in (report.duties.total, *report.duties.by_kind.values()):
        assert each.opened == each.done + each.closed + each.open
        assert each.overdue <= each.open
    living = report.population
    assert living.residents == living.local + living.non_local + living.region_unknown
    assert json.loads(json.dumps(report.as_dict())) == report.as_dict()


@given(st.lists(somebody, min_size=1, max_size=5), st.data())
def test_forms_that_do_not_add_up_are_refused(people: list[SomebodyMade], data: st.DataObject) -> None:
    """A form left out, listed twice or not on record is an error, not a figure."""
    state, lists = made(people)
    names = ("matched", "to_confirm", "not_in_register")
    everything = [each for name in names for each in getattr(lists, name)]
    wrong = data.draw(st.sampled_from(["missing", "twice", "unknown"]))
    if wrong == "unknown" or not everything:
        stray = _entry("matched", Registration(id="f-stray", source="paper"), "p-0")
        lists = attrs.evolve(lists, matched=(*lists.matched, stray))
    elif wrong == "twice":
        again = data.draw(st.sampled_from(everything)).registration
        lists = attrs.evolve(lists, to_confirm=(*lists.to_confirm, _entry("to_confirm", again, "p-0")))
    else:
        gone = data.draw(st.sampled_from(everything))
        kept: dict[str, Any] = {
            name: tuple(each for each in getattr(lists, name) if each is not gone) for name in names
        }
        lists = attrs.evolve(lists, **kept)
    with pytest.raises(ExportError, match="every form once: received = matched"):
        daily_report(state, day=DAY, now=NOW, reconciliation=lists)


def test_without_a_reconciliation_the_outcome_is_not_known(village: Any) -> None:
    """Not known is not zero."""
    forms = daily_report(village.state, day=DAY, now=NOW).forms
    assert (forms.received, forms.matched, forms.unregistered) == (5, None, None)


def test_a_report_does_not_change_the_state(village: Any) -> None:
    """Counting is reading: the same state gives the same report twice."""
    arguments = {"day": DAY, "now": NOW, "reconciliation": village.lists, "decisions": village.decisions}
    first = daily_report(village.state, **arguments)
    assert daily_report(village.state, **arguments) == first
    assert first.forms.same_on_both == 2
    assert first.crossings.overridden == 1
    assert first.policy_versions == ("0123456789abcdef",)
