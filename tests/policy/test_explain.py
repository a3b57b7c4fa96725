"""Explanations: a sentence and what to do for a guard, everything but what is personal for a developer."""

from __future__ import annotations

import ast
import json
from datetime import timedelta
from importlib.resources import files
from pathlib import Path

import pytest
from hypothesis import given

from epiguard import Effect, Explanation, InvalidValueError, Ledger, Override, Traveller
from epiguard import rules as package
from epiguard.crossings import Crossing
from epiguard.facts import Fact, PassIssued
from epiguard.passes import ExitPass
from epiguard.policy import Policy
from epiguard.rules import deny, hold
from epiguard.rules._catalogues import read_catalogue
from policy.saying import GRANT, policy_of, saying
from rules.gate import (
    NOON,
    RESIDENT,
    TODAY,
    crossing,
    crossings,
    form,
    histories,
    household,
    leave,
    load,
    quarantined,
    resident,
    slice_of,
)

CATALOGUE = read_catalogue(files("epiguard.policy").joinpath("messages"), "epiguard.policy")
VILLAGE = load(
    *(f'use = "{each}"' for each in ("admit-kinds", "temperature", "quarantine-stays-in", "visitors")),
    'use = "one-exit-per-day"\nsince = 2020-02-09',
)
LANGUAGES = pytest.mark.parametrize("language", ["zh", "en"])


def explained(
    asked: Crossing, *facts: Fact, policy: Policy = VILLAGE, override: Override | None = None
) -> Explanation:
    """Why the policy decides as it does."""
    situation = slice_of(asked, *facts)
    return policy.explain(policy.decide(asked, situation, override=override), situation)


def said(explanation: Explanation, language: str = "en") -> list[str]:
    """What the guard reads, line by line."""
    return explanation.text(language).split("\n- ")


# --- for the guard ---


def test_who_may_pass() -> None:
    """One sentence; there is nothing to do."""
    explanation = explained(crossing("out", resident()), RESIDENT)
    assert said(explanation) == ["Let them pass."]
    assert said(explanation, "zh") == ["放行。"]


def test_a_hold_says_what_lifts_it() -> None:
    """The reason as the rule says it, and what the guard can do."""
    explanation = explained(crossing("in", resident(temperature=None)), RESIDENT)
    assert explanation.sentence("en") == "Do not let them pass yet: take the temperature first."
    assert explanation.what_to_do("en") == ("take the temperature",)
    assert said(explanation, "zh") == ["暂不放行:请先测量体温。", "测量体温"]


def test_a_denial_is_told_with_its_reason() -> None:
    """And nobody is asked to lift what nobody can."""
    explanation = explained(crossing("out", resident()), RESIDENT, quarantined())
    assert said(explanation, "zh") == [
        "不予放行:隔离观察第4天(共14天),2020-02-25 00:00解除,其间不得外出。",
        "说明原因,请其返回",
    ]
    assert said(explanation) == [
        "Do not let them pass: in quarantine, day 4 of 14, released 2020-02-25 00:00; no leaving until then.",
        "say why, and ask them to turn back",
    ]


def test_a_denial_hides_no_hold_and_a_hold_no_duty() -> None:
    """A denial beats a hold, which is then no reason; what is owed now is told with the hold."""
    both = explained(crossing("out", resident(temperature=None)), RESIDENT, quarantined())
    assert both.what_to_do("en") == ("say why, and ask them to turn back",)
    fever = explained(crossing("in", resident(temperature=38.2, retested=38.0)), RESIDENT)
    assert said(fever) == [
        "Do not let them pass yet: a fever: please wait, a fever clinic is being arranged.",
        "let them rest and wait, call the fever clinic, and ask again with the arranged journey",
        "to be done: arrange a fever clinic",
    ]


def test_leave_is_the_reason_where_it_is_one() -> None:
    """Nobody has to wonder why somebody in quarantine goes out."""
    asked = crossing("out", resident())
    assert said(explained(asked, RESIDENT, quarantined(), leave())) == ["Let them pass: they have leave."]
    assert said(explained(asked, RESIDENT, leave()), "zh") == ["放行。"]


def test_an_override_is_told_with_its_author_and_without_its_reason() -> None:
    """The reason may be somebody's illness."""
    override = Override(reason="a stroke at No. 3", by="cadre-3")
    explanation = explained(crossing("out", resident()), RESIDENT, quarantined(), override=override)
    assert said(explanation) == [
        "Let them pass: cadre-3 overrides the rules.",
        "the committee looks at it afterwards",
    ]
    assert said(explanation, "zh") == ["放行:cadre-3 紧急放行。", "事后由居(村)委核查"]
    assert "stroke" not in explanation.report()


def broken(_: object) -> object:
    """A rule that fails."""
    raise KeyError


def test_a_fault_is_reported() -> None:
    """The guard reports it; the developer sees which rule of which distribution raised what."""
    policy = policy_of([GRANT, saying("B", broken)])
    explanation = explained(crossing("out", resident()), RESIDENT, policy=policy)
    assert said(explanation) == [
        "Do not let them pass yet: rule b failed; hold, and report it to the committee.",
        "ask the committee",
    ]
    [fault] = [each for each in explanation.details["verdicts"] if each["code"] == "fault"]
    assert fault["fault"] == "passed directly: rule b, hook review_crossing raised KeyError"
    assert fault["decides"]


def test_silence_is_explained() -> None:
    """Where no rule says anything, that is the reason."""
    explanation = explained(crossing("out", resident()), RESIDENT, policy=load())
    assert said(explanation) == [
        "Do not let them pass yet: no rule allows this crossing; ask the committee.",
        "ask the committee",
    ]


@LANGUAGES
def test_unreviewed_is_no_reason_beside_a_hold_of_ones_own(language: str) -> None:
    """Whoever is held for something else is not sent to the committee as well; the verdict stays listed."""
    explanation = explained(crossing("in", Traveller(role="visitor", temperature=36.5)), policy=VILLAGE)
    assert [each.code for each in explanation.decision.reasons] == ["host-asked", "unreviewed"]
    assert len(explanation.what_to_do(language)) == 1
    assert "unreviewed" in [each["code"] for each in explanation.details["verdicts"]]
    assert said(explanation)[0] == "Do not let them pass yet: ask the host first."


def test_unreviewed_stays_for_whom_nothing_else_is_said_about() -> None:
    """Of two travellers without a yes, one is asked to be measured: the other still needs the committee."""
    policy = policy_of(
        [saying("B", lambda s: hold("wait", lifted_by="ask", en="wait", about=s.standings[0]))]
    )
    explanation = explained(crossing("out", resident(), resident("p-8")), RESIDENT, policy=policy)
    assert explanation.what_to_do("en") == (
        "traveller 1: ask where they come from, and record the answer",
        "traveller 2: ask the committee",
    )
    everybody = policy_of([saying("B", lambda _: hold("wait", lifted_by="ask", en="wait"))])
    explanation = explained(crossing("out", resident(), resident("p-8")), RESIDENT, policy=everybody)
    assert explanation.what_to_do("en") == ("ask where they come from, and record the answer",)


def test_a_party_is_told_who_is_meant_and_who_may_go() -> None:
    """Each reason names its traveller; the others are told that they can go without."""
    party = crossing("in", resident(), resident("p-8", temperature=None), resident("p-9", temperature=38))
    facts = [RESIDENT, *(load_person(each) for each in ("p-8", "p-9"))]
    explanation = explained(party, *facts)
    assert explanation.sentence("en") == (
        "Do not let them pass yet: traveller 2: take the temperature first; "
        "traveller 3: 37.3 °C or more; rest for 15 minutes and measure again."
    )
    assert list(explanation.what_to_do("en")) == [
        "traveller 2: take the temperature",
        "traveller 3: let them rest, then take the temperature again",
        "the others may ask again without traveller 2, 3",
    ]
    assert said(explanation, "zh")[1:] == [
        "第2人:测量体温",
        "第3人:请其休息后复测体温",
        "其余人员可另行办理通行(不含第2, 3人)",
    ]
    all_of_them = crossing("in", *(resident(each, temperature=None) for each in ("p-7", "p-8")))
    assert explained(all_of_them, *facts).what_to_do("en") == (
        "traveller 1: take the temperature",
        "traveller 2: take the temperature",
    )


def load_person(person: str) -> Fact:
    """Somebody enrolled."""
    from epiguard import Person, PersonEnrolled

    return PersonEnrolled(Person(id=person))


def test_nobody_is_sent_without_somebody_the_whole_party_is_held_for() -> None:
    """A lane is wrong for all of them."""
    policy = policy_of([GRANT, saying("B", lambda _: deny("lane", en="another lane"))])
    explanation = explained(crossing("in", resident(), resident("p-8")), RESIDENT, policy=policy)
    assert said(explanation) == ["Do not let them pass: another lane.", "say why, and ask them to turn back"]


def test_a_plug_ins_own_word_falls_back_to_its_text() -> None:
    """What would lift it nobody but the plug-in knows; a language it does not have is not made up."""
    policy = policy_of(
        [GRANT, saying("B", lambda _: hold("no-mask", lifted_by="hand-out-mask", en="put on a mask"))]
    )
    explanation = explained(crossing("in", resident()), RESIDENT, policy=policy)
    assert explanation.what_to_do("en") == explanation.what_to_do("zh") == ("put on a mask",)
    assert explanation.sentence("zh") == "暂不放行:put on a mask。"


def test_the_same_thing_is_said_once() -> None:
    """Two rules that want the same of the same traveller."""
    policy = policy_of(
        [GRANT, *(saying(each, lambda _: hold("x", lifted_by="ask", en="ask")) for each in ("B", "C"))]
    )
    assert said(explained(crossing("in", resident()), RESIDENT, policy=policy)) == [
        "Do not let them pass yet: ask.",
        "ask where they come from, and record the answer",
    ]


def test_a_recorded_decision_can_be_explained() -> None:
    """Also without the situation, and a claim that was lost at the last instant."""
    with Ledger.open(":memory:", policy=VILLAGE, clock=lambda: NOON) as ledger:
        ledger.record(RESIDENT, by="cadre-3")
        decision = ledger.admit(crossing("out", resident(temperature=None)), by="guard-5")
        [read] = [each for each in (ledger.decision(decision.id),) if each is not None]
        assert VILLAGE.explain(read).what_to_do("zh") == ("测量体温",)


# --- for the developer ---


def test_every_verdict_with_where_it_comes_from() -> None:
    """Rule, distribution, notice, dates, what it restricts, what it claims, whether it decides; all texts."""
    explanation = explained(crossing("out", resident()), RESIDENT)
    details = explanation.details
    exit_ = next(each for each in details["verdicts"] if each["code"] == "exit")
    assert exit_["texts"] == {"zh": "计外出一次", "en": "one exit is counted"}
    assert "texts={zh=计外出一次, en=one exit is counted}" in explanation.report()
    assert exit_["distribution"].startswith("epiguard ")
    assert {key: exit_[key] for key in ("entry", "notice", "since", "until", "claims", "restricts")} == {
        "entry": "one-exit-per-day",
        "notice": "Meilong town newsletter, February 2020, Caohang village: 每人每日限外出一次",
        "since": "2020-02-09",
        "until": None,
        "claims": ["exit|p-7|2020-02-14|0"],
        "restricts": "movement",
    }
    assert details["decision"]["claims"] == ["exit|p-7|2020-02-14|0"]
    assert details["decision"]["same_policy"]


def test_waived_verdicts_are_marked() -> None:
    """They are listed, and decide nothing."""
    details = explained(crossing("out", resident()), RESIDENT, quarantined(), leave()).details
    waived = {each["code"]: each["decides"] for each in details["verdicts"] if each["waived"]}
    assert waived == {"in-quarantine": False, "exit": False}


def test_silent_rules_are_named_with_the_reason() -> None:
    """Not in force, not asked about this direction or whoever crosses, or nothing to say."""
    policy = load(
        'use = "admit-kinds"',
        'use = "temperature"',
        'use = "registration-required"',
        'id = "later"\nuse = "lanes"\nsince = 2020-03-01',
        'use = "couriers"',
        'use = "household-card"\napplies_to = ["courier"]',
        'use = "screen-by-region"\nregions = ["420000"]',
    )
    explanation = explained(crossing("out", resident()), RESIDENT, policy=policy)
    assert {each["entry"]: each["why"] for each in explanation.details["silent"]} == {
        "temperature": "nothing to say",
        "registration-required": "not asked about this direction",
        "later": "not in force on this day",
        "couriers": "not asked about these roles",
        "household-card": "applies to nobody, or nothing to say",
    }
    other = VILLAGE.explain(explanation.decision)
    assert other.details["silent"] is None
    assert "another version of the policy decided" in other.report()


def test_facts_that_the_rules_were_shown() -> None:
    """Periods with their ids, the pass, leave, forms and the day's crossings: ids and dates, no values."""
    from epiguard import DaySpan

    green = ExitPass(
        number="G-31", person="p-7", colour="green", valid=DaySpan(TODAY, TODAY + timedelta(days=9))
    )
    asked = crossing("out", resident(temperature=36.4, retested=36.1, exit_pass=green.number))
    facts = [RESIDENT, quarantined(id="q-1"), PassIssued(green), leave(), household("p-7", "p-8")]
    [traveller] = explained(asked, *facts).details["travellers"]
    assert traveller == {
        "number": 1,
        "person": "p-7",
        "role": "resident",
        "temperature": "measured again",
        "exit_pass_shown": "G-31",
        "asked": None,
        "returning": False,
        "form_seen": None,
        "form": None,
        "clinic_journey": None,
        "host": None,
        "host_agreed": None,
        "known": True,
        "resident": True,
        "household": "h-1",
        "forms": [],
        "periods": [
            {"id": "q-1", "setting": "home-quarantine", "ends_at": "2020-02-25T00:00:00+08:00"},
        ],
        "past_periods": [],
        "exit_pass": {"number": "G-31", "colour": "green"},
        "leave_until": [(NOON + timedelta(hours=4)).isoformat()],
        "watched_until": [],
        "crossings_today": [],
        "notes": {},
    }


def test_a_report_is_the_details_as_text() -> None:
    """One line each, what is not there left out."""
    asked = crossing(
        "in", Traveller(registration=form(name="李四"), temperature=None), purpose="to see a friend"
    )
    lines = explained(asked).report().splitlines()
    assert lines[0].startswith("hold: day=2020-02-14, policy_version=")
    assert lines[1] == (
        "crossing: checkpoint=north, direction=in, at=2020-02-14T12:00:00+08:00, "
        "traffic=pedestrian, purpose=given"
    )
    assert "  hold not-measured (decides)" in lines
    assert any(each.startswith("  one-exit-per-day: not asked about this direction (epi") for each in lines)
    assert lines[-1].startswith(
        "traveller 1: role=visitor, temperature=not measured, returning=false, form=paper-1"
    )


def test_a_slice_of_another_crossing_is_refused() -> None:
    """Its facts would explain nothing."""
    asked = crossing("out", resident())
    decision = VILLAGE.decide(asked, slice_of(asked, RESIDENT))
    other = slice_of(crossing("out", resident("p-8")))
    with pytest.raises(InvalidValueError, match=r"^Policy\.explain\(situation\): expected the slice of this"):
        VILLAGE.explain(decision, other)


@given(crossings, histories)
def test_laws(asked: Crossing, facts: list[Fact]) -> None:
    """Pure, plain data, in both languages, something to do about every hold, and nothing personal."""
    facts = [RESIDENT, *facts]
    situation = slice_of(asked, *facts)
    decision = VILLAGE.decide(asked, situation)
    explanation = VILLAGE.explain(decision, situation)
    assert explanation.text("zh") == VILLAGE.explain(decision).text("zh")
    assert explanation.details == json.loads(json.dumps(explanation.details))
    assert len(explanation.details["verdicts"]) == len(decision.verdicts)
    for language in ("zh", "en"):
        assert explanation.sentence(language)
        assert decision.effect is Effect.ALLOW or explanation.what_to_do(language)
    everything = explanation.report() + json.dumps(explanation.details, ensure_ascii=False)
    everything += explanation.text("zh") + explanation.text("en")
    everything = everything.replace("37.3 °C", "").replace("37.3℃", "")  # the rule's own limit
    private = {"王小明", "13800138000", "420106", "李四"}
    private |= {str(each.temperature) for each in asked.travellers if each.temperature is not None}
    assert [each for each in private if each in everything] == []


# --- the catalogue ---


def test_every_word_that_lifts_a_hold_has_a_text() -> None:
    """Whatever lifts a hold of a built-in rule, policy or ledger; no text is for a word nobody says."""
    given, said = {"ask-the-committee"}, {"ask-the-committee"}
    for path in Path(next(iter(package.__path__))).glob("[a-z]*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.keyword) and node.arg == "lifted_by":
                given |= {str(each.value) for each in ast.walk(node.value) if isinstance(each, ast.Constant)}
            elif isinstance(node, ast.Constant):  # also such as stand in a table, away from what says them
                said.add(str(node.value))
    keys = CATALOGUE.keys("lifted-by")
    assert len(given) > 10
    assert given <= keys <= given | said


def test_both_languages_have_the_same_entries() -> None:
    """With the same placeholders, and each is used."""
    from epiguard.policy import _explain

    source = Path(_explain.__file__).read_text(encoding="utf-8")
    assert CATALOGUE.keys("pass-explanation") < CATALOGUE.keys("explanation")
    for table in ("explanation", "pass-explanation", "lifted-by"):
        for key in CATALOGUE.keys(table):
            templates = CATALOGUE.find(table, key)
            assert set(templates) == {"zh", "en"}, key
            assert templates["zh"].fields == templates["en"].fields, key
            assert table == "lifted-by" or f'"{key}"' in source
