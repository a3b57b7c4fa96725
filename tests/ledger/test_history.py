"""The history of a ledger: each decided crossing with what the rules were shown, or would be shown now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.decisions import Decision, Effect
from epiguard.errors import InvalidValueError, LedgerError, UnknownIdError
from epiguard.facts import (
    AlertClosed,
    CrossingDecided,
    CrossingObserved,
    DecisionCancelled,
    Fact,
    PersonEnrolled,
    PersonLeft,
    QuarantineOrdered,
)
from epiguard.ledger import AsKnown, Entry, Ledger, history
from epiguard.people import Person
from epiguard.places import Site
from epiguard.policy import Policy
from epiguard.situation import Situation, State
from ledger.community import HEAD, NOON, WANG, OnceADay, out, period, policy

SITE = policy(OnceADay)
HOUR = timedelta(hours=1)


def known(ledger: Ledger, as_known: str) -> list[tuple[bool, int]]:
    """Of each crossing whether the person is known, and how many crossings of theirs are."""
    return [
        (bool(situation.people), len(situation.crossings_of("p-7")))
        for _, situation, _ in ledger.history(as_known=as_known)
    ]


def test_then_is_what_was_recorded_now_is_what_had_happened() -> None:
    """Somebody enrolled later had always lived there; what was cancelled did not happen."""
    with Ledger.open(":memory:", policy=SITE) as ledger:
        first = ledger.admit(out(at=NOON), by="guard-1", recorded_at=NOON)
        ledger.admit(out(at=NOON + HOUR), by="guard-1", recorded_at=NOON + HOUR)
        ledger.cancel(first.id, by="guard-1", reason="turned back", recorded_at=NOON + 2 * HOUR)
        ledger.record(PersonEnrolled(WANG), by="cadre-1", recorded_at=NOON + 3 * HOUR)
        assert known(ledger, "then") == [(False, 0), (False, 1)]
        assert known(ledger, "now") == [(True, 0), (True, 0)]
        assert list(ledger.history()) == list(ledger.history(as_known=AsKnown.THEN))


def test_nobody_is_gone_before_they_left() -> None:
    """Nor is anybody in quarantine before it was ordered; a gate that was offline takes its place."""
    with Ledger.open(":memory:", policy=SITE) as ledger:
        ledger.record(PersonEnrolled(WANG), by="cadre-1", recorded_at=NOON)
        ledger.admit(out(at=NOON + 4 * HOUR), by="guard-1", recorded_at=NOON + 4 * HOUR)
        ordered = QuarantineOrdered(period(), at=NOON + 2 * HOUR)
        ledger.record(ordered, by="cadre-1", recorded_at=NOON + 5 * HOUR)
        ledger.admit(out(at=NOON + HOUR), by="guard-2", recorded_at=NOON + 6 * HOUR)
        ledger.record(PersonLeft(person="p-7", reason="moved"), by="cadre-1", recorded_at=NOON + 7 * HOUR)
        told = [
            (crossing.at - NOON, bool(situation.people), len(situation.periods_of("p-7")))
            for crossing, situation, _ in ledger.history(as_known="now")
        ]
        assert told == [(HOUR, True, 0), (4 * HOUR, True, 1)]


def test_only_some_days_are_given() -> None:
    """The others are known all the same; the day after the last is left out."""
    with Ledger.open(":memory:", policy=SITE) as ledger:
        for turn in range(4):
            at = NOON + timedelta(days=turn)
            ledger.admit(out(at=at), by="guard-1", recorded_at=at)
        for as_known in ("then", "now"):
            some = list(ledger.history(as_known=as_known, since=date(2020, 2, 15), until=date(2020, 2, 17)))
            assert [decision.day.day for *_, decision in some] == [15, 16]
            assert [len(situation.crossings_of("p-7")) for _, situation, _ in some] == [1, 2]


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ({"as_known": "tomorrow"}, "as_known"),
        ({"since": NOON}, "since"),
        ({"until": "2020-02-14"}, "until"),
        ({"since": date(2020, 2, 14), "until": date(2020, 2, 14)}, "until"),
    ],
)
def test_arguments_are_checked_at_once(arguments: dict[str, object], where: str) -> None:
    """Before anything is read."""
    with Ledger.open(":memory:", policy=SITE) as ledger, pytest.raises(InvalidValueError, match=where):
        ledger.history(**arguments)  # type: ignore[arg-type]  # wrong on purpose


_persons = st.sampled_from(["p-1", "p-7"])
_hours = st.integers(0, 60).map(lambda hours: NOON + hours * HOUR)
#: What is recorded, one after the other: who crosses when, or what becomes known of somebody.
_steps = st.one_of(
    st.tuples(st.just("cross"), _persons, _hours),
    st.tuples(st.just("seen"), _persons, _hours),
    st.tuples(st.just("enrol"), _persons, st.none() | _hours),
    st.tuples(st.just("order"), _persons, _hours),
    st.tuples(st.just("leave"), _persons, st.none() | _hours),
    st.tuples(st.just("cancel"), _persons, st.none()),
)


def write_down(ledger: Ledger, steps: list[tuple[str, str, datetime | None]]) -> None:
    """Record the steps, an hour after one another."""
    for turn, (what, person, at) in enumerate(steps):
        now = NOON + turn * HOUR
        decided = [each.fact.decision for each in ledger.facts() if isinstance(each.fact, CrossingDecided)]
        if what == "cross" and at is not None:
            ledger.admit(out(person, at=at), by="guard-1", recorded_at=now)
        elif what == "cancel":
            allowed = (each for each in decided if each.effect is Effect.ALLOW)
            of = [each for each in allowed if not ledger.is_cancelled(each.id)]
            if of:
                ledger.cancel(of[-1].id, by="guard-1", reason="turned back", recorded_at=now)
        else:
            makes: dict[str, Callable[[], Fact]] = {
                "seen": lambda p=person, a=at: CrossingObserved(out(p, at=a), at=a),  # type: ignore[misc]  # mypy infers no defaults
                "enrol": lambda p=person, a=at: PersonEnrolled(Person(id=p), at=a),  # type: ignore[misc]  # mypy infers no defaults
                "order": lambda p=person, a=at: QuarantineOrdered(period(p), at=a),  # type: ignore[misc]  # mypy infers no defaults
                "leave": lambda p=person, a=at: PersonLeft(person=p, reason="moved", at=a),  # type: ignore[misc]  # mypy infers no defaults
            }
            if what not in ("order", "leave") or person in {each.id for each in ledger.people()}:
                ledger.record(makes[what](), by="cadre-1", recorded_at=now)


def by_the_book(ledger: Ledger) -> list[tuple[Decision, Situation]]:
    """What is known now of each crossing, by sorting everything by when it happened."""
    entries = list(ledger.facts())
    cancelled = {each.fact.decision for each in entries if isinstance(each.fact, DecisionCancelled)}
    told = []
    for entry in entries:
        fact, at = entry.fact, entry.fact.at
        crosses = isinstance(fact, CrossingDecided | CrossingObserved)
        if isinstance(fact, CrossingDecided):
            at = fact.decision.crossing.at
        if at is None:
            at = entry.recorded_at if isinstance(fact, PersonLeft) else datetime.min.replace(tzinfo=UTC)
        told.append((at.astimezone(UTC), crosses, entry))
    found: list[tuple[Decision, Situation]] = []
    past: list[Entry] = []
    # At one instant a crossing sees what else happened then, and crossings that were recorded before it.
    for _, crosses, entry in sorted(told, key=lambda each: (each[0], each[1], each[2].position)):
        if crosses and isinstance(entry.fact, CrossingDecided):
            state = State(SITE.site)
            for before in past:
                state.apply(before.fact, before.recorded_at)
            found.append((entry.fact.decision, Situation.cut(state, entry.fact.decision.crossing)))
        if isinstance(entry.fact, CrossingDecided) and entry.fact.decision.id in cancelled:
            continue
        if not isinstance(entry.fact, DecisionCancelled):
            past.append(entry)
    return found


@given(st.lists(_steps, max_size=8))
def test_now_is_everything_sorted_by_when_it_happened(
    steps: list[tuple[str, str, datetime | None]],
) -> None:
    """Slices and decisions are those of the book, in the same order."""
    with Ledger.open(":memory:", policy=SITE) as ledger:
        write_down(ledger, steps)
        told = [(decision, situation) for _, situation, decision in ledger.history(as_known="now")]
        expected = by_the_book(ledger)
        assert [decision.id for decision, _ in told] == [decision.id for decision, _ in expected]
        assert told == expected


def test_a_file_is_read_without_adding_all_up(tmp_path: Path) -> None:
    """The same history as that of the open ledger; another site's is refused, and so is nothing."""
    path = tmp_path / "site.db"
    with Ledger.open(path, policy=SITE) as ledger:
        ledger.record(PersonEnrolled(WANG), by="cadre-1", recorded_at=NOON)
        ledger.admit(out(at=NOON), by="guard-1", recorded_at=NOON)
        expected = list(ledger.history())
    assert list(history(path, site=SITE.site)) == expected
    assert list(history(path, site=SITE.site, as_known="now", until=date(2020, 2, 14))) == []
    with pytest.raises(LedgerError, match="site 'caohang', whose ledger this is"):
        history(path, site=Site(id="elsewhere", zone="Asia/Shanghai"))
    with pytest.raises(LedgerError, match="where there is no file"):
        history(tmp_path / "other.db", site=SITE.site)
    with pytest.raises(InvalidValueError, match="as_known"):
        history(path, site=SITE.site, as_known="tomorrow")


def test_a_suspect_clock_was_suspect_then() -> None:
    """Until somebody looked at it: the rules are shown in a replay what they were shown at the gate."""
    watched = Policy.loads(f'{HEAD}clock_bound_minutes = 10\n[[rules]]\nuse = "admit-kinds"\n')
    with Ledger.open(":memory:", policy=watched) as ledger:
        ledger.record(PersonEnrolled(WANG), by="cadre-1", recorded_at=NOON)
        ledger.admit(out(at=NOON), by="guard-1", recorded_at=NOON + 2 * HOUR)
        [alert] = ledger.alerts()
        ledger.record(
            AlertClosed(alert=alert.id, outcome="set right"), by="cadre-1", recorded_at=NOON + 3 * HOUR
        )
        ledger.admit(out(at=NOON + 4 * HOUR), by="guard-1", recorded_at=NOON + 4 * HOUR)
        for as_known in ("then", "now"):
            told = [situation.clock_suspect for _, situation, _ in ledger.history(as_known=as_known)]
            assert told == [True, False]


def test_a_decision_is_explained_by_the_facts_of_its_moment() -> None:
    """What the rules saw then comes back, whatever was recorded, changed or cancelled since."""
    with Ledger.open(":memory:", policy=SITE) as ledger:
        seen = {}
        facts = [
            PersonEnrolled(WANG),
            QuarantineOrdered(period()),
            PersonLeft(person=WANG.id, reason="moved away"),
            None,
        ]
        for hour, fact in enumerate(facts):
            crossing = out(at=NOON + hour * HOUR)
            shown = ledger.situation(crossing)
            decision = ledger.admit(crossing, by="guard-1", recorded_at=crossing.at)
            seen[decision.id] = shown
            if fact is not None:
                ledger.record(fact, by="cadre-1", recorded_at=crossing.at)
        assert len({len(each.people) for each in seen.values()}) > 1
        for decision_id, shown in seen.items():
            assert ledger.situation_of(decision_id) == shown
            assert SITE.explain(ledger.decision(decision_id), shown).details["travellers"]


@pytest.mark.parametrize("unknown", ["main-1", "main-99", "", "nobody"])
def test_what_is_no_decision_has_no_situation(unknown: str) -> None:
    """The first entry is an enrolment; the others are not there."""
    with Ledger.open(":memory:", policy=SITE) as ledger:
        ledger.record(PersonEnrolled(WANG), by="cadre-1")
        with pytest.raises(UnknownIdError, match="the id of a decision of this ledger"):
            ledger.situation_of(unknown)
