"""Asking at the desk: decided once, recorded whatever the answer; overridden; two desks at one instant."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import ExitStack
from datetime import UTC, date, timedelta
from pathlib import Path
from typing import Any, ClassVar

import attrs
import pytest

from epiguard.crossings import Crossing, Traveller
from epiguard.days import DaySpan
from epiguard.decisions import Effect, Override, PassDecision
from epiguard.duties import Alert
from epiguard.errors import InvalidValueError, LedgerError, UnknownIdError
from epiguard.facts import Fact, PassDecided, PassIssued, PassRevoked, PersonEnrolled, PersonLeft, RuleFailed
from epiguard.ledger import Ledger
from epiguard.passes import PassApplication
from epiguard.people import Person
from epiguard.policy import Policy
from epiguard.rules import FollowUpResult, Rule, allow, deny, hookimpl, once
from ledger.community import HEAD, NOON, RECORDED, enrolled

Open = Callable[..., Ledger]
FEBRUARY = DaySpan(date(2020, 2, 1), date(2020, 3, 1))
FIRE = Override(reason="his mother is dying", by="cadre-1")


def desk(*rules: type[Rule]) -> Policy:
    """A village of passes, with further rules."""
    entries = '[[rules]]\nuse = "admit-kinds"\n[[rules]]\nuse = "exit-pass"\n'
    return Policy.loads(HEAD + entries, rules=rules)


def asking(person: str = "p-7", number: str = "G-1", **options: Any) -> PassApplication:
    """Somebody who was asked, registered and measured."""
    values: dict[str, Any] = {
        "colour": "green",
        "valid": FEBRUARY,
        "at": NOON,
        "asked": True,
        "registered": True,
        "temperature": 36.4,
    }
    return PassApplication(person=person, number=number, **{**values, **options})


def village(open_ledger: Open, *rules: type[Rule]) -> Ledger:
    """A ledger with two people in it."""
    ledger = open_ledger(of=desk(*rules))
    for person in ("p-7", "p-8"):
        ledger.record(PersonEnrolled(Person(id=person)), by="register")
    return ledger


def since(ledger: Ledger, position: int = 2) -> list[str]:
    """Which facts were recorded after a position, by whom; by default after the two people."""
    return [f"{each.kind} {each.by}" for each in ledger.facts(after=position)]


def codes(decision: PassDecision) -> list[str]:
    """What decided."""
    return [each.code for each in decision.reasons]


@attrs.frozen
class Fails(Rule):
    """Raises at the desk, or returns what is no verdict."""

    source = "test"
    garbage: ClassVar[object] = None

    @hookimpl
    def review_pass(self, application: PassApplication) -> object:
        """Fail."""
        if self.garbage is None:
            raise ZeroDivisionError(application.number)
        return self.garbage


@attrs.frozen
class Interrupted(Rule):
    """Somebody presses Ctrl-C while it thinks."""

    source = "test"
    by: ClassVar[type[BaseException] | None] = None

    @hookimpl
    def review_pass(self) -> None:
        """Be interrupted."""
        if self.by is not None:
            raise self.by


@attrs.frozen
class Forger(Rule):
    """Nobody gets a pass, and somebody looks at it."""

    source = "test"

    @hookimpl
    def review_pass(self, application: PassApplication) -> object:
        """Deny."""
        alert = Alert(kind="forged-form", subject=application.person, at=application.at)
        return deny("forged", zh="表格不实", en="the form is forged", alerts=[alert])


@attrs.frozen
class Follows(Rule):
    """Raises an alert about every decision at the desk and every pass."""

    source = "test"

    @hookimpl
    def follow_up(self, fact: Fact) -> FollowUpResult:
        """Say which fact it was."""
        if isinstance(fact, PassDecided | PassIssued):
            return Alert(kind=f"saw-{fact.kind}", subject=fact.subjects[0], at=fact.at)
        return None


def test_a_decision_is_a_fact_whatever_it_says(open_ledger: Open) -> None:
    """A yes with its pass, a refusal without; both can be read back as they were."""
    ledger = village(open_ledger)
    granted = ledger.issue_pass(asking(), by="cadre-3")
    assert (granted.effect, granted.id, granted.at) == (Effect.ALLOW, "main-3", RECORDED)
    [decided, issued] = ledger.facts(after=2)
    assert decided.fact == PassDecided(granted, at=NOON)
    assert (decided.by, decided.subjects) == ("cadre-3", ("p-7",))
    assert issued.fact == PassIssued(asking().exit_pass, decision="main-3", at=NOON)
    refused = ledger.issue_pass(asking("p-8", "G-2", asked=None, temperature=38.2), by="cadre-3")
    assert refused.effect is Effect.HOLD
    assert since(ledger, 4) == ["pass-decided cadre-3", "duty-opened ledger"]
    assert set(ledger.state.passes) == {"G-1"}
    assert ledger.pass_decision(refused.id) == refused
    assert ledger.pass_decision("main-3") == granted
    assert [len(each.passes) for each in ledger.situation_of("main-3").standings] == [0]
    assert [len(each.passes) for each in ledger.situation_of(refused.id).standings] == [0]
    again = ledger.issue_pass(asking(number="G-3"), by="cadre-3")
    assert [each.number for each in ledger.situation_of(again.id).standings[0].passes] == ["G-1"]
    assert ledger.verify() is None


def test_only_a_decision_about_a_pass_is_given_as_one(open_ledger: Open) -> None:
    """Of a crossing, of nothing, of a pass: each has its own way."""
    ledger = village(open_ledger)
    granted = ledger.issue_pass(asking(), by="cadre-3")
    for wrong in ("main-1", "main-99", "nonsense"):
        with pytest.raises(UnknownIdError, match="a decision of this ledger about a pass"):
            ledger.pass_decision(wrong)
    with pytest.raises(
        UnknownIdError, match=r"Ledger\.decision: .*a decision of this ledger about a crossing"
    ):
        ledger.decision(granted.id)
    with pytest.raises(UnknownIdError, match=r"Ledger\.cancel: .*a decision of this ledger about a crossing"):
        ledger.cancel(granted.id, by="cadre-3", reason="mistake")


@pytest.mark.parametrize(
    ("garbage", "fault"),
    [
        (None, "raised ZeroDivisionError"),
        ("yes", "returned something that is no verdict"),
        (True, "returned something that is no verdict"),
        ([None], "returned something that is no verdict"),
        (
            allow("so", en="so", claims=[once("errand", "p-7")]),
            "returned a claim, and at the desk none is taken",
        ),
    ],
)
def test_a_fault_is_a_fact_and_an_alert(
    open_ledger: Open, monkeypatch: pytest.MonkeyPatch, garbage: object, fault: str
) -> None:
    """It holds, names distribution, rule and hook, and hides no other's verdict; nothing is handed out."""
    monkeypatch.setattr(Fails, "garbage", garbage)
    ledger = village(open_ledger, Fails)
    decision = ledger.issue_pass(asking(), by="cadre-3")
    assert decision.effect is Effect.HOLD
    assert [each.code for each in decision.verdicts] == ["pass-granted", "fault"]
    assert since(ledger) == ["pass-decided cadre-3", "alert-raised ledger", "rule-failed ledger"]
    [recorded, raised, failed] = ledger.facts(after=2)
    assert failed.fact == RuleFailed(
        rule="fails",
        distribution="passed directly",
        hook="review_pass",
        fault=fault,
        about="pass-decided",
        at=NOON,
    )
    assert isinstance(recorded.fact, PassDecided)
    [verdict] = recorded.fact.decision.reasons
    assert verdict.fault == f"passed directly: rule fails, hook review_pass {fault}"
    assert "暂不发放" in verdict.text("zh")
    [alert] = ledger.alerts()
    assert (alert.kind, alert.subject, alert.basis, alert.source) == (
        "rule-fault", "p-7", "fails", verdict.fault
    )  # fmt: skip
    assert raised.occurred_at == NOON
    assert ledger.state.passes == {}
    # Everybody who is turned away by it is a case of its own.
    ledger.issue_pass(asking("p-8", "G-2"), by="cadre-3")
    assert [each.subject for each in ledger.alerts()] == ["p-7", "p-8"]


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, SystemExit])
def test_an_interrupt_inside_a_rule_hands_out_nothing(
    open_ledger: Open, monkeypatch: pytest.MonkeyPatch, interrupt: type[BaseException]
) -> None:
    """It goes on its way, nothing is recorded, and the desk can go on."""
    ledger = village(open_ledger, Interrupted)
    monkeypatch.setattr(Interrupted, "by", interrupt)
    with pytest.raises(interrupt):
        ledger.issue_pass(asking(), by="cadre-3", key="desk-1")
    assert since(ledger) == []
    monkeypatch.setattr(Interrupted, "by", None)
    assert ledger.issue_pass(asking(), by="cadre-3", key="desk-1").effect is Effect.ALLOW


def test_a_fault_beside_a_denial_is_a_denial(open_ledger: Open) -> None:
    """And its alert is raised beside the denial's."""
    ledger = village(open_ledger, Fails, Forger)
    assert ledger.issue_pass(asking(), by="cadre-3").effect is Effect.DENY
    assert {each.kind for each in ledger.alerts()} == {"rule-fault", "forged-form"}


def test_what_follows_from_a_decision_and_from_a_pass(open_ledger: Open) -> None:
    """Rules are told of both, a refusal included."""
    ledger = village(open_ledger, Follows)
    ledger.issue_pass(asking("p-8", asked=None), by="cadre-3")
    assert [each.kind for each in ledger.alerts()] == ["saw-pass-decided"]
    ledger.issue_pass(asking(), by="cadre-3")
    assert [each.kind for each in ledger.alerts() if each.subject == "p-7"] == [
        "saw-pass-decided",
        "saw-pass-issued",
    ]


def test_asked_twice_with_a_key_decided_once(open_ledger: Open) -> None:
    """A yes or a no, in whatever zone; nothing is recorded the second time. Another question is refused."""
    ledger = village(open_ledger)
    first = ledger.issue_pass(asking(), by="cadre-3", key="desk-1")
    held = ledger.issue_pass(asking("p-8", asked=None), by="cadre-3", key="desk-2")
    before = ledger.position
    again = ledger.issue_pass(asking(at=NOON.astimezone(UTC)), by="cadre-4", key="desk-1")
    assert (again, again.effect) == (first, Effect.ALLOW)
    assert ledger.issue_pass(asking("p-8", asked=None), by="cadre-3", key="desk-2") == held
    assert ledger.position == before
    crossing = Crossing(checkpoint="north", direction="out", at=NOON, travellers=[Traveller(person="p-7")])
    ledger.admit(crossing, key="north-1")
    others: list[Callable[[], object]] = [
        lambda: ledger.issue_pass(asking(number="G-2"), by="cadre-3", key="desk-1"),
        lambda: ledger.issue_pass(asking(temperature=36.5), by="cadre-3", key="desk-1"),
        lambda: ledger.issue_pass(asking(), by="cadre-3", key="desk-1", override=FIRE),
        lambda: ledger.issue_pass(asking(), by="cadre-3", key="north-1"),
        lambda: ledger.admit(crossing, key="desk-1"),
        lambda: ledger.record(enrolled(1), by="cadre-3", key="desk-1"),
    ]
    for other in others:
        with pytest.raises(LedgerError, match="a key under which something else was recorded"):
            other()


@pytest.mark.parametrize(
    "gone",
    [
        PassRevoked(number="G-1", person="p-7", reason="lost in the bus", cause="lost"),
        PersonLeft(person="p-7", reason="moved"),
    ],
    ids=lambda fact: fact.kind,
)
def test_a_yes_whose_pass_was_revoked_is_not_said_again(open_ledger: Open, gone: Fact) -> None:
    """Nobody hands out the card of an answer that does not stand; what was no yes is still told."""
    ledger = village(open_ledger)
    ledger.issue_pass(asking("p-7", asked=None), by="cadre-3", key="desk-1")
    ledger.issue_pass(asking(), by="cadre-3", key="desk-2")
    ledger.record(gone, by="cadre-3")
    before = ledger.position
    with pytest.raises(LedgerError, match=r"issue_pass\(key=\).*whose pass was revoked since; hand nothing"):
        ledger.issue_pass(asking(), by="cadre-3", key="desk-2")
    assert ledger.issue_pass(asking("p-7", asked=None), by="cadre-3", key="desk-1").effect is Effect.HOLD
    assert ledger.position == before


def test_an_override_hands_out_a_pass(open_ledger: Open) -> None:
    """Whatever the rules say, on a named person's word: recorded with every verdict, and alerted."""
    ledger = village(open_ledger, Forger)
    decision = ledger.issue_pass(asking(asked=None), by="cadre-3", override=FIRE)
    assert (decision.effect, decision.override) == (Effect.ALLOW, FIRE)
    assert [each.code for each in decision.verdicts] == ["pass-ask", "forged"]
    # The rule's own alert would say that somebody was refused who was not.
    assert since(ledger) == ["pass-decided cadre-3", "alert-raised ledger", "pass-issued cadre-3"]
    [alert] = ledger.alerts()
    assert (alert.kind, alert.subject, alert.checkpoint, alert.basis) == (
        "pass-override", "p-7", None, "cadre-1"
    )  # fmt: skip
    assert alert.text("zh") == "cadre-1 紧急发放出入证,须核查"
    assert alert.text("en") == "a pass handed out in an emergency by cadre-1; to be looked at"
    assert "mother" not in f"{decision!r} {alert.texts}"
    assert set(ledger.state.passes) == {"G-1"}
    assert ledger.pass_decision(decision.id) == decision
    again = ledger.issue_pass(asking("p-8", "G-2"), by="cadre-3", override=FIRE, key="desk-1")
    assert ledger.issue_pass(asking("p-8", "G-2"), by="cadre-3", override=FIRE, key="desk-1") == again


def test_an_override_applies_after_a_fault_too(open_ledger: Open) -> None:
    """The fault is looked at, and keeps nobody from a pass."""
    ledger = village(open_ledger, Fails)
    decision = ledger.issue_pass(asking(temperature=38.5), by="cadre-3", override=FIRE)
    assert decision.effect is Effect.ALLOW
    assert {each.kind for each in ledger.alerts()} == {"rule-fault", "pass-override"}
    assert [each.kind for each in ledger.duties()] == ["fever-referral"]


def test_an_override_takes_no_pass_from_a_neighbour(open_ledger: Open) -> None:
    """A number somebody else holds is a slip, not an emergency; a revoked one may be given out anew."""
    ledger = village(open_ledger)
    ledger.issue_pass(asking(), by="cadre-3")
    before = ledger.position
    with pytest.raises(LedgerError, match=r"PassApplication\.number: expected a number that nobody else"):
        ledger.issue_pass(asking("p-8"), by="cadre-3", override=FIRE)
    assert (ledger.position, ledger.state.passes["G-1"].person) == (before, "p-7")
    ledger.record(PassRevoked(number="G-1", person="p-7", reason="lost"), by="cadre-3")
    assert ledger.issue_pass(asking("p-8"), by="cadre-3", override=FIRE).effect is Effect.ALLOW


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"key": ""}, r"Ledger\.issue_pass\(key=\)"),
        ({"by": ""}, r"Ledger\.issue_pass\(by=\)"),
        ({"override": "fire"}, r"Ledger\.issue_pass\(override=\)"),
        ({"recorded_at": NOON.replace(tzinfo=None)}, "recorded_at"),
    ],
)
def test_bad_arguments_are_refused(open_ledger: Open, options: dict[str, Any], message: str) -> None:
    """Before anything is decided."""
    ledger = village(open_ledger)
    with pytest.raises(InvalidValueError, match=message):
        ledger.issue_pass(asking(), **{"by": "cadre-3", **options})
    assert since(ledger) == []


def test_a_granted_pass_survives_opening_again(tmp_path: Path) -> None:
    """Also the key, and what it answers."""
    path = tmp_path / "site.db"
    with Ledger.open(path, policy=desk(), clock=lambda: RECORDED) as ledger:
        ledger.record(PersonEnrolled(Person(id="p-7")), by="register")
        first = ledger.issue_pass(asking(), by="cadre-3", key="desk-1")
    with Ledger.open(path, policy=desk(), clock=lambda: RECORDED + timedelta(days=1)) as ledger:
        assert ledger.issue_pass(asking(), by="cadre-3", key="desk-1") == first
        assert set(ledger.state.passes) == {"G-1"}


Ask = Callable[[Ledger, str, int], PassDecision]
DAYS = 40


def at_once(path: Path, ask: Ask) -> list[list[PassDecision]]:
    """What two desks with a ledger each on one file answer for every person, asked at the same instant."""
    policy, barrier, problems = desk(), threading.Barrier(2), []
    answers: list[list[PassDecision]] = [[], []]
    with ExitStack() as stack:
        ledgers = [
            stack.enter_context(Ledger.open(path, policy=policy, writer=f"desk-{number}"))
            for number in range(2)
        ]
        for person in range(DAYS):
            ledgers[0].record(enrolled(person), by="register")

        def work(number: int) -> None:
            try:
                for person in range(DAYS):
                    barrier.wait(60)
                    answers[number].append(ask(ledgers[number], f"p-{person}", number))
            except BaseException as error:  # noqa: BLE001 - reported below, in the main thread
                problems.append(error)
                barrier.abort()

        threads = [threading.Thread(target=work, args=(number,)) for number in range(2)]
        for each in threads:
            each.start()
        for each in threads:
            each.join()
        assert problems == []
        assert len(ledgers[0].state.passes) == DAYS
        assert [each.kind for each in ledgers[1].facts()].count("pass-issued") == DAYS
        assert ledgers[0].verify() is None
    return answers


def test_two_desks_hand_one_person_one_pass(tmp_path: Path) -> None:
    """Asked at once with two cards, one desk says yes and the other that a pass is held."""
    answers = at_once(
        tmp_path / "site.db",
        lambda ledger, person, number: ledger.issue_pass(asking(person, f"G-{person}-{number}"), by="cadre"),
    )
    for pair in zip(*answers, strict=True):
        assert sorted(codes(each)[0] for each in pair) == ["pass-granted", "pass-held"]


def test_two_desks_with_one_key_are_one_decision(tmp_path: Path) -> None:
    """The same application sent to both is decided once, and both get the answer."""
    answers = at_once(
        tmp_path / "site.db",
        lambda ledger, person, _: ledger.issue_pass(
            asking(person, f"G-{person}"), by="cadre", key=f"k-{person}"
        ),
    )
    assert answers[0] == answers[1]
    assert {each.effect for each in answers[0]} == {Effect.ALLOW}
