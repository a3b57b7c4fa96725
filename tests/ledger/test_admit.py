"""Asking at the gate: decided once, claimed once, asked again, overridden, taken back."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import UTC, timedelta
from functools import partial
from typing import Any

import attrs
import pytest

from epiguard.crossings import Crossing, Traveller
from epiguard.decisions import Effect, Override, Verdict
from epiguard.errors import InvalidValueError, LedgerError, UnknownIdError
from epiguard.facts import (
    CrossingDecided,
    CrossingObserved,
    DecisionCancelled,
    PersonEnrolled,
    QuarantineOrdered,
    RuleFailed,
)
from epiguard.ledger import Ledger
from epiguard.rules import Rule, deny, hookimpl
from epiguard.situation import Situation
from ledger.community import (
    NOON,
    RECORDED,
    WANG,
    Calls,
    Fails,
    OnceADay,
    Probe,
    StaysIn,
    enrolled,
    out,
    period,
    summary,
)

Open = Callable[..., Ledger]


def kinds(ledger: Ledger) -> list[str]:
    """The kinds of all facts."""
    return [each.kind for each in ledger.facts()]


def codes(verdicts: tuple[Verdict, ...]) -> list[str]:
    """What verdicts say."""
    return [each.code for each in verdicts]


def test_a_decision_is_recorded_with_all_it_owes(open_ledger: Open) -> None:
    """Its id is its entry's; its duties are opened in the same transaction."""
    ledger = open_ledger(OnceADay, Calls)
    decision = ledger.admit(out(), by="guard-5")
    assert (decision.effect, decision.id, decision.follows) == (Effect.ALLOW, "main-1", None)
    assert decision.at == RECORDED
    assert kinds(ledger) == ["crossing-decided", "duty-opened"]
    [entry, duty] = ledger.facts()
    assert (entry.id, entry.by, entry.subjects) == ("main-1", "guard-5", ("p-7",))
    assert entry.claims == ("exit|p-7|2020-02-14|0",)
    assert entry.fact == CrossingDecided(decision, at=NOON)
    assert (duty.by, ledger.duties()[0].duty.kind) == ("ledger", "strike-pass")
    assert ledger.decision("main-1") == decision


def test_holds_and_denials_are_recorded_too(open_ledger: Open) -> None:
    """With their alerts; what only passing owes is not owed, and nothing is claimed."""
    ledger = open_ledger(OnceADay, StaysIn)
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    ledger.record(QuarantineOrdered(period()), by="cadre-3")
    decision = ledger.admit(out())
    assert (decision.effect, codes(decision.reasons)) == (Effect.DENY, ["quarantined"])
    assert kinds(ledger) == ["person-enrolled", "quarantine-ordered", "crossing-decided", "alert-raised"]
    assert [each.kind for each in ledger.alerts()] == ["quarantine-breach"]
    assert list(ledger.facts())[2].claims == ()
    assert ledger.admit(
        Crossing(checkpoint="north", direction="in", at=NOON, travellers=[Traveller()])
    ).effect


def test_a_claim_is_had_once(open_ledger: Open) -> None:
    """The second exit of a day is held although the rule, which looks at nothing, allows; others may go."""
    ledger = open_ledger(OnceADay)
    assert ledger.admit(out()).effect is Effect.ALLOW
    second = ledger.admit(out(at=NOON + timedelta(minutes=1)))
    assert (second.effect, codes(second.reasons)) == (Effect.HOLD, ["claim-taken"])
    assert second.lifted_by == ("ask-the-committee",)
    assert second.reasons[0].text("zh") != second.reasons[0].text("en") != ""
    assert second.duties == ()
    assert ledger.decision(second.id) == second
    assert ledger.admit(out("p-8")).effect is Effect.ALLOW
    assert ledger.admit(out(at=NOON + timedelta(days=1))).effect is Effect.ALLOW


def test_one_traveller_whose_exit_is_spent_holds_the_party(open_ledger: Open) -> None:
    """The party claims together: nothing of it is claimed where one claim is taken."""
    ledger = open_ledger(OnceADay)
    ledger.admit(out("p-8"))
    assert ledger.admit(out("p-7", "p-8")).effect is Effect.HOLD
    assert ledger.admit(out("p-7")).effect is Effect.ALLOW


def test_asked_twice_with_a_key_decided_once(open_ledger: Open) -> None:
    """The same decision comes back, whatever zone its instant is given in; another question is refused."""
    ledger = open_ledger(OnceADay)
    first = ledger.admit(out(), key="north-1")
    assert ledger.admit(out(at=NOON.astimezone(UTC)), key="north-1", by="guard-6") == first
    assert kinds(ledger) == ["crossing-decided", "duty-opened"]
    ledger.record(enrolled(1), by="cadre-3", key="k-1")
    others: list[Callable[[], object]] = [
        lambda: ledger.admit(out("p-8"), key="north-1"),
        lambda: ledger.admit(out(), key="north-1", override=Override(reason="fire", by="cadre-3")),
        lambda: ledger.admit(out(), key="north-1", follows=first.id),
        lambda: ledger.admit(out(), key="k-1"),
        lambda: ledger.record(enrolled(2), by="cadre-3", key="north-1"),
    ]
    for other in others:
        with pytest.raises(LedgerError, match="a key under which something else was recorded"):
            other()


def test_the_key_of_a_cancelled_decision_lets_nobody_out(open_ledger: Open) -> None:
    """Neither the old allow nor a new one: a line that repeats itself spends no exit. A new key asks anew."""
    ledger = open_ledger(OnceADay)
    first = ledger.admit(out(), key="north-1")
    ledger.cancel(first.id, by="guard-5", reason="turned back")
    before = ledger.position
    for _ in range(2):
        with pytest.raises(LedgerError) as caught:
            ledger.admit(out(), key="north-1")
        assert str(caught.value) == (
            "Ledger.admit(key=): expected the key of a decision that stands, got that of main-1, which was "
            "cancelled since; let nobody through on it; to ask anew, use a new key"
        )
    with pytest.raises(LedgerError, match="a key under which something else was recorded"):
        ledger.admit(out("p-8"), key="north-1")
    assert ledger.position == before
    assert ledger.situation(out()).standings[0].crossings == ()
    again = ledger.admit(out(), key="north-2", follows=first.id)
    assert (again.effect, again.follows) == (Effect.ALLOW, first.id)
    assert ledger.admit(out(), key="north-2", follows=first.id) == again


def test_the_key_of_a_passage_taken_back_is_spent_too(open_ledger: Open) -> None:
    """Whatever was decided: refused, seen to pass, and cancelled."""
    ledger = open_ledger(StaysIn)
    held = ledger.admit(out(), key="north-1")
    assert held.effect is Effect.HOLD
    ledger.record(CrossingObserved(out(), decision=held.id), by="guard-5")
    assert ledger.admit(out(), key="north-1") == held
    ledger.cancel(held.id, by="guard-5", reason="another person")
    with pytest.raises(LedgerError, match="which was cancelled since"):
        ledger.admit(out(), key="north-1")


def test_a_hold_is_asked_again(open_ledger: Open) -> None:
    """The new decision names the one it follows; an unknown one, or another party's, is refused."""
    ledger = open_ledger(Fails)
    first = ledger.admit(out("p-7", None))
    second = ledger.admit(out("p-7", "p-8"), follows=first.id)  # somebody nobody knew is known now
    assert ledger.decision(second.id).follows == first.id
    ledger.record(enrolled(1), by="cadre-3")
    for follows in ("main-99", "main-01", "other-1", "nonsense", "", "main-", f"main-{ledger.position - 1}"):
        with pytest.raises(UnknownIdError, match=r"Ledger\.admit\(follows=\)"):
            ledger.admit(out("p-7", "p-8"), follows=follows)
    for party in (("p-9", "p-8"), ("p-9",), ("p-7", "p-8", None)):
        with pytest.raises(UnknownIdError, match="one about others"):
            ledger.admit(out(*party), follows=second.id)


def test_an_override_passes_and_spends_nothing(open_ledger: Open) -> None:
    """It is on record with its alert, and the day's exit is still there."""
    ledger = open_ledger(OnceADay, StaysIn)
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    ledger.record(QuarantineOrdered(period()), by="cadre-3")
    decision = ledger.admit(out(), override=Override(reason="ambulance", by="cadre-3"))
    assert decision.effect is Effect.ALLOW
    assert ledger.decision(decision.id).override == Override(reason="ambulance", by="cadre-3")
    assert "override" in [each.kind for each in ledger.alerts()]
    assert [each.claims for each in ledger.facts() if each.kind == "crossing-decided"] == [()]
    assert ledger._journal.store.holder("exit|p-7|2020-02-14|0") is None


def test_a_cancelled_exit_is_not_spent(open_ledger: Open) -> None:
    """The claim is free, the crossing no longer counts, the envelope still says what was claimed."""
    ledger = open_ledger(OnceADay)
    decision = ledger.admit(out())
    assert len(ledger.situation(out()).standings[0].crossings) == 1
    assert not ledger.is_cancelled(decision.id)
    entry = ledger.cancel(decision.id, by="guard-5", reason="turned back")
    assert isinstance(entry.fact, DecisionCancelled)
    assert (entry.fact.persons, entry.by, entry.subjects) == (("p-7",), "guard-5", ("p-7",))
    assert ledger.is_cancelled(decision.id)
    assert ledger.situation(out()).standings[0].crossings == ()
    assert next(ledger.facts()).claims == ("exit|p-7|2020-02-14|0",)
    assert ledger.admit(out()).effect is Effect.ALLOW
    assert ledger.admit(out()).effect is Effect.HOLD


def test_what_cannot_be_cancelled_is_refused(open_ledger: Open) -> None:
    """A second time, a decision that allowed nothing, and what is no decision."""
    ledger = open_ledger(OnceADay)
    decision = ledger.admit(out())
    held = ledger.admit(out())
    ledger.cancel(decision.id, by="guard-5", reason="turned back")
    with pytest.raises(LedgerError, match="got one that was cancelled before; there is nothing more to undo"):
        ledger.cancel(decision.id, by="guard-5", reason="turned back")
    with pytest.raises(LedgerError, match="got one that said hold; there is nothing to undo"):
        ledger.cancel(held.id, by="guard-5", reason="x")
    ledger.record(enrolled(1), by="cadre-3")
    calls: list[Callable[[str], object]] = [
        lambda given: ledger.cancel(given, by="guard-5", reason="x"),
        ledger.decision,
        ledger.is_cancelled,
    ]
    for unknown in ("main-99", f"main-{ledger.position}", "nonsense"):
        for call in calls:
            with pytest.raises(UnknownIdError, match="the id of a decision of this ledger"):
                call(unknown)
    other = ledger.admit(out("p-8"))
    for by, reason in (("", "x"), ("guard-5", " ")):
        with pytest.raises(InvalidValueError):
            ledger.cancel(other.id, by=by, reason=reason)
    assert kinds(ledger).count("decision-cancelled") == 1


def test_a_rule_that_raises_holds_and_hides_nothing(open_ledger: Open) -> None:
    """The others' verdicts are there, and the failure is an alert."""
    ledger = open_ledger(OnceADay, Fails)
    decision = ledger.admit(out())
    assert (decision.effect, codes(decision.reasons)) == (Effect.HOLD, ["fault"])
    assert "may-pass" in codes(decision.verdicts)
    # Each is a fact: one for the review, one for the follow-up of the decision, which failed too.
    failed = [each.fact for each in ledger.facts() if isinstance(each.fact, RuleFailed)]
    assert [(each.rule, each.distribution, each.hook, each.fault, each.about) for each in failed] == [
        ("fails", "passed directly", hook, "raised ZeroDivisionError", "crossing-decided")
        for hook in ("review_crossing", "follow_up")
    ]
    assert {each.at for each in failed} == {NOON}
    assert [each.kind for each in ledger.alerts()] == ["rule-fault", "rule-fault"]


def test_an_interrupt_inside_a_rule_allows_nothing(open_ledger: Open, target: str) -> None:
    """It propagates; nothing is recorded or claimed, and the next question is answered."""

    def interrupt() -> None:
        raise KeyboardInterrupt

    ledger = open_ledger(OnceADay, Probe)
    for hook in (Probe.reviewing, Probe.following):
        hook.append(interrupt)
        with pytest.raises(KeyboardInterrupt):
            ledger.admit(out())
        assert (kinds(ledger), list(ledger.situation(out()).standings[0].crossings)) == ([], [])
    assert ledger.admit(out()).effect is Effect.ALLOW
    if target != ":memory:":
        assert summary(open_ledger(OnceADay, Probe).state) == summary(ledger.state)


def test_bad_questions_are_refused(open_ledger: Open) -> None:
    """An unknown checkpoint, a crossing that is none, a blank name or key: nothing is recorded."""
    ledger = open_ledger(OnceADay)
    with pytest.raises(UnknownIdError, match=r"Crossing\.checkpoint"):
        ledger.admit(attrs.evolve(out(), checkpoint="moon"))
    bad: list[dict[str, Any]] = [
        {"crossing": WANG},
        {"crossing": out(), "by": ""},
        {"crossing": out(), "key": "a b"},
        {"crossing": out(), "override": "ambulance"},
        {"crossing": out(), "recorded_at": NOON.replace(tzinfo=None)},
    ]
    for options in bad:
        with pytest.raises(InvalidValueError):
            ledger.admit(**options)
    assert kinds(ledger) == []


def test_a_passage_that_was_seen_can_be_taken_back(open_ledger: Open) -> None:
    """Refused, seen to pass, and that was a mistake: it no longer counts, and who says so is known."""
    ledger = open_ledger(StaysIn)
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    ledger.record(QuarantineOrdered(period()), by="cadre-3")
    decision = ledger.admit(out(), key="north-1")
    assert ledger.cancellation(decision.id) is None
    with pytest.raises(LedgerError, match="there is nothing to undo"):
        ledger.cancel(decision.id, by="guard-5", reason="mistake")
    ledger.record(CrossingObserved(out(), decision=decision.id), by="guard-5")
    entry = ledger.cancel(decision.id, by="guard-5", reason="mistake")
    assert ledger.cancellation(decision.id) == entry
    assert ledger.state.crossings_of["p-7"] == []
    kept = ledger.keyed("north-1")
    assert kept is not None
    assert kept.id == decision.id
    assert ledger.keyed("north-2") is None
    with pytest.raises(UnknownIdError, match=r"Ledger\.cancellation"):
        ledger.cancellation("main-99")


def test_decided_again_where_the_party_changed_meanwhile(open_ledger: Open) -> None:
    """A quarantine ordered while the rules were running counts: the exit is not let through."""
    ledger = open_ledger(OnceADay, StaysIn, Probe)
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    Probe.reviewing.append(lambda: ledger.record(QuarantineOrdered(period()), by="cadre-3"))
    assert ledger.admit(out()).effect is Effect.DENY
    assert kinds(ledger) == ["person-enrolled", "quarantine-ordered", "crossing-decided", "alert-raised"]


def test_decided_once_where_only_others_changed(open_ledger: Open) -> None:
    """What happens to strangers meanwhile does not make the rules run again."""
    ledger = open_ledger(OnceADay, Probe)
    ledger.record(enrolled(9), by="cadre-3")
    ran = []
    Probe.reviewing.append(lambda: ledger.record(QuarantineOrdered(period("p-9")), by="cadre-3"))
    Probe.reviewing.append(lambda: ran.append("again"))
    assert ledger.admit(out()).effect is Effect.ALLOW
    assert ran == []


def test_a_party_that_never_rests_gets_its_answer(open_ledger: Open) -> None:
    """However often its slice changes meanwhile, the question ends, decided on the last one."""
    ledger = open_ledger(OnceADay, StaysIn, Probe)
    ledger.record(PersonEnrolled(WANG), by="cadre-3")
    for number in range(50):
        change = QuarantineOrdered(period(last_on=NOON.date() - timedelta(days=number + 1)))
        Probe.reviewing.append(partial(ledger.record, change, by="cadre-3"))
    assert ledger.admit(out()).effect is Effect.DENY
    assert 40 < len(Probe.reviewing) < 50


def test_a_slow_rule_keeps_nobody_waiting(open_ledger: Open) -> None:
    """While a rule takes its time, others record and are answered."""
    ledger = open_ledger(OnceADay, Probe)
    started, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        started.set()
        assert go_on.wait(10)

    Probe.reviewing.append(slow)
    answers: list[Effect] = []
    thread = threading.Thread(target=lambda: answers.append(ledger.admit(out()).effect))
    thread.start()
    assert started.wait(10)
    ledger.record(enrolled(1), by="cadre-3")
    assert ledger.admit(out("p-8")).effect is Effect.ALLOW
    assert answers == []
    go_on.set()
    thread.join(10)
    assert answers == [Effect.ALLOW]


@attrs.frozen
class LooksBack(Rule):
    """Denies a second exit of the day, without a claim."""

    source = "test"

    @hookimpl
    def review_crossing(self, situation: Situation) -> Verdict | None:
        """Deny."""
        return deny("exit-spent", en="spent") if situation.standings[0].exits_on_day() else None


def test_rules_see_what_was_decided_before(open_ledger: Open) -> None:
    """A rule that counts crossings says so itself: a denial with its reason, not a lost claim."""
    ledger = open_ledger(OnceADay, LooksBack)
    assert ledger.admit(out()).effect is Effect.ALLOW
    assert codes(ledger.admit(out()).reasons) == ["exit-spent"]
