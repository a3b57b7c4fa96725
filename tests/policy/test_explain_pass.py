"""Explanations at the desk: a sentence and what to do for a clerk, and all but what is personal besides."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard import DaySpan, Effect, Explanation, InvalidValueError, Ledger, Override
from epiguard.facts import Fact, PassIssued, PassRevoked
from epiguard.passes import ExitPass, PassApplication
from epiguard.policy import Policy
from epiguard.rules import Rule, hold, hookimpl
from rules.gate import (
    NOON,
    RESIDENT,
    applications,
    at_the_desk,
    cards,
    crossing,
    histories,
    household,
    load,
    losses,
    quarantined,
    resident,
    slice_of,
)

VILLAGE = load(
    'use = "admit-kinds"',
    'use = "exit-pass"\nsince = 2020-02-05',
    'use = "release-on-notice"',
    'id = "later"\nuse = "exit-pass"\nsince = 2020-03-01',
    'id = "staff"\nuse = "release-on-notice"\napplies_to = ["staff"]',
)
FEBRUARY = DaySpan(date(2020, 2, 1), date(2020, 3, 1))


def asking(**options: Any) -> PassApplication:
    """A villager who was asked, registered and measured."""
    values: dict[str, Any] = {
        "person": "p-7",
        "number": "G-9",
        "colour": "green",
        "valid": FEBRUARY,
        "at": NOON,
        "asked": True,
        "registered": True,
        "temperature": 36.4,
    }
    return PassApplication(**{**values, **options})


def card(number: str, person: str = "p-7", colour: str = "green") -> PassIssued:
    """A pass handed out before."""
    return PassIssued(ExitPass(number=number, person=person, colour=colour, valid=FEBRUARY))


def explained(
    asked: PassApplication, *facts: Fact, policy: Policy = VILLAGE, override: Override | None = None
) -> Explanation:
    """Why the policy decides as it does about somebody in the register."""
    situation = at_the_desk(asked, RESIDENT, *facts)
    return policy.explain(policy.decide_pass(asked, situation, override=override), situation)


def said(explanation: Explanation, language: str = "en") -> list[str]:
    """What the clerk reads, line by line."""
    return explanation.text(language).split("\n- ")


# --- for the clerk ---


def test_who_gets_one() -> None:
    """One sentence; there is nothing to do."""
    assert said(explained(asking())) == ["Hand out the pass."]
    assert said(explained(asking()), "zh") == ["发放出入证。"]


def test_a_hold_says_what_lifts_it() -> None:
    """Each thing that is missing, and what the clerk can do; what is owed is told with it."""
    missing = explained(asking(asked=None, temperature=None))
    assert said(missing) == [
        "Do not hand out the pass yet: ask first where they have been; take the temperature first.",
        "ask where they come from, and record the answer",
        "take the temperature",
    ]
    assert said(missing, "zh")[0] == "暂不发放出入证:请先询问近期去向;请先测量体温。"
    assert said(missing, "zh")[1:] == ["询问从何处来,并记录回答", "测量体温"]
    assert said(explained(asking(temperature=38.2)))[-1] == "to be done: arrange a fever clinic"
    assert explained(asking(), card("G-1")).what_to_do("en") == ("revoke the pass they hold first",)


def test_a_denial_is_told_with_its_reason() -> None:
    """Nobody is turned away from a gate here: no pass is handed out."""
    taken = explained(asking(), card("G-9", "p-8"))
    assert taken.sentence("en").startswith("Do not hand out the pass: ")
    assert taken.what_to_do("en") == ("say why, and hand out no pass",)
    assert taken.sentence("zh").startswith("不予发放出入证:")
    assert taken.what_to_do("zh") == ("说明原因,不予发放",)


def test_an_override_is_told_with_its_author_and_without_its_reason() -> None:
    """The reason may be somebody's illness."""
    override = Override(reason="a stroke", by="cadre-1")
    explanation = explained(asking(asked=None), override=override)
    assert said(explanation) == [
        "Hand out the pass: cadre-1 overrides the rules.",
        "the committee looks at it afterwards",
    ]
    assert said(explanation, "zh") == ["发放出入证:cadre-1 紧急发放。", "事后由居(村)委核查"]
    assert explanation.details["decision"]["overridden_by"] == "cadre-1"
    assert explanation.details["decision"]["alerts"] == ["pass-override"]
    assert "stroke" not in explanation.report()


def test_silence_is_explained() -> None:
    """Where no rule says anything about passes, that is the reason."""
    assert said(explained(asking(), policy=load('use = "admit-kinds"'))) == [
        "Do not hand out the pass yet: no rule allows this pass; ask the committee.",
        "ask the committee",
    ]


class Broken(Rule):
    """A rule that fails."""

    source = "test"

    @hookimpl
    def review_pass(self) -> None:
        """Fail."""
        raise KeyError


class Signed(Rule):
    """A rule with a word of its own."""

    source = "test"

    @hookimpl
    def review_pass(self) -> object:
        """Wait for a signature."""
        return hold("unsigned", lifted_by="sign-here", en="the form is to be signed")


def test_a_fault_is_reported() -> None:
    """The clerk reports it; the developer sees which rule of which distribution raised what in which hook."""
    explanation = explained(asking(), policy=load('use = "exit-pass"', rules=[Broken]))
    assert said(explanation) == [
        "Do not hand out the pass yet: rule broken failed; hold, and report it to the committee.",
        "ask the committee",
    ]
    assert said(explanation, "zh")[0] == "暂不发放出入证:规则 broken 出错,暂不发放,请报告居(村)委。"
    [fault] = [each for each in explanation.details["verdicts"] if each["code"] == "fault"]
    assert fault["fault"] == "passed directly: rule broken, hook review_pass raised KeyError"
    assert fault["decides"]


def test_a_plug_ins_own_word_falls_back_to_its_text() -> None:
    """What would lift it nobody but the plug-in knows."""
    explanation = explained(asking(), policy=load('use = "exit-pass"', rules=[Signed]))
    assert explanation.what_to_do("en") == explanation.what_to_do("zh") == ("the form is to be signed",)


def test_a_recorded_decision_can_be_explained() -> None:
    """Also without the situation, and read back."""
    with Ledger.open(":memory:", policy=VILLAGE, clock=lambda: NOON) as ledger:
        ledger.record(RESIDENT, by="register")
        held = ledger.issue_pass(asking(temperature=None), by="cadre-3")
        explanation = VILLAGE.explain(ledger.pass_decision(held.id))
        assert explanation.what_to_do("zh") == ("测量体温",)
        assert explanation.details["decision"]["id"] == held.id


# --- for the developer ---


def test_every_verdict_with_where_it_comes_from() -> None:
    """Rule, distribution, notice and dates, and what was asked for."""
    details = explained(asking()).details
    [granted] = details["verdicts"]
    assert granted["distribution"].startswith("epiguard ")
    assert (granted["entry"], granted["code"], granted["decides"]) == ("exit-pass", "pass-granted", True)
    assert (granted["since"], granted["until"]) == ("2020-02-05", None)
    assert "曹" in granted["notice"] or "Caohang" in granted["notice"]
    assert details["decision"]["same_policy"]
    assert details["decision"]["day"] == "2020-02-14"
    assert details["application"] == {
        "number": "G-9",
        "colour": "green",
        "first_day": "2020-02-01",
        "last_day": "2020-02-29",
        "at": "2020-02-14T12:00:00+08:00",
        "asked": True,
        "form_seen": True,
        "temperature": "measured",
    }


def test_silent_rules_are_named_with_the_reason() -> None:
    """Those with the hook only: a rule that never looks at passes is not silent about them."""
    explanation = explained(asking())
    assert {each["entry"]: each["why"] for each in explanation.details["silent"]} == {
        "release-on-notice": "nothing to say",
        "later": "not in force on this day",
        "staff": "applies to nobody, or nothing to say",
    }
    other = load('use = "exit-pass"').explain(explanation.decision)
    assert other.details["silent"] is None
    assert not other.details["decision"]["same_policy"]
    assert "another version of the policy decided" in other.report()


def test_facts_that_the_rules_were_shown() -> None:
    """How the number stands, the passes held, the one lost, and the rest of what the record knew."""
    lost = PassRevoked(number="G-2", person="p-7", reason="in the bus", cause="lost")
    facts = [card("G-1"), card("G-2"), lost, card("G-9", "p-8"), quarantined(id="q-1"), household("p-7")]
    explanation = explained(asking(temperature=None, not_measured="device"), *facts)
    shown = explanation.details["applicant"]
    assert shown["number_is"] == "anothers"
    assert shown["passes"] == [{"number": "G-1", "colour": "green", "last_day": "2020-02-29"}]
    assert (shown["lost_pass"], shown["household"], shown["person"]) == ("G-2", "h-1", "p-7")
    assert [each["id"] for each in shown["periods"]] == ["q-1"]
    assert explanation.details["application"]["temperature"] == "not measured: device"
    assert VILLAGE.explain(explanation.decision).details["applicant"] == {"person": "p-7"}


def test_a_report_is_the_details_as_text() -> None:
    """One line each, what is not there left out."""
    lines = explained(asking(asked=None), card("G-1")).report().splitlines()
    assert lines[0].startswith("hold: day=2020-02-14, policy_version=")
    assert lines[1].startswith("application: number=G-9, colour=green, first_day=2020-02-01")
    assert "  hold pass-ask (decides)" in lines
    assert any(each.startswith("  later: not in force on this day (epi") for each in lines)
    assert lines[-1].startswith("applicant: person=p-7, known=true, resident=true")
    assert "number_is=unknown, passes=[{number=G-1," in lines[-1]


def test_a_slice_of_another_application_is_refused() -> None:
    """Its facts would explain nothing; so would those of a crossing, and the other way round."""
    decision = VILLAGE.decide_pass(asking(), at_the_desk(asking(), RESIDENT))
    out = crossing("out", resident("p-8"))
    others = [at_the_desk(asking(person="p-8")), at_the_desk(asking(at=NOON + timedelta(1))), slice_of(out)]
    for other in others:
        with pytest.raises(
            InvalidValueError, match=r"^Policy\.explain\(situation\): expected the slice of this application"
        ):
            VILLAGE.explain(decision, other)
    with pytest.raises(InvalidValueError, match=r"expected the slice of this crossing"):
        VILLAGE.explain(VILLAGE.decide(out, slice_of(out)), others[0])


@given(applications, histories, st.lists(cards | losses, max_size=4))
def test_laws(asked: PassApplication, facts: list[Fact], passes: list[Fact]) -> None:
    """Pure, plain data, in both languages, something to do about every hold, and nothing personal."""
    situation = at_the_desk(asked, RESIDENT, *facts, *passes)
    decision = VILLAGE.decide_pass(asked, situation)
    explanation = VILLAGE.explain(decision, situation)
    assert explanation.text("zh") == VILLAGE.explain(decision).text("zh")
    assert explanation.details == json.loads(json.dumps(explanation.details))
    assert len(explanation.details["verdicts"]) == len(decision.verdicts)
    for language in ("zh", "en"):
        assert explanation.sentence(language)
        assert decision.effect is Effect.ALLOW or explanation.what_to_do(language)
    everything = explanation.report() + explanation.text("zh") + explanation.text("en")
    everything += json.dumps(explanation.details, ensure_ascii=False)
    everything = everything.replace("37.3 °C", "").replace("37.3℃", "")  # the rule's own limit
    private = {"王小明", "13800138000", "420106", "李四", "said so"}
    private |= {str(asked.temperature)} if asked.temperature is not None else set()
    assert [each for each in private if each in everything] == []
