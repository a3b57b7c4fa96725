"""A whole site: the machine agrees with its model and finds out a broken engine; check_site tells."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from epiguard import Policy
from epiguard.crossings import Crossing
from epiguard.decisions import Verdict, once
from epiguard.errors import InvalidValueError, PolicyError
from epiguard.ledger import _admission
from epiguard.policy import _policy
from epiguard.rules import Rule, allow, deny, hookimpl
from epiguard.situation import Situation, State
from epiguard.testing import BrokenSiteError, SiteMachine, check_site
from policy.checking.a_site import SOUND, planted
from rules.gate import HEAD

SITES = sorted((Path(__file__).parents[2] / "examples" / "meilong" / "sites").rglob("*.toml"))
QUICK = settings(max_examples=20, stateful_step_count=25, derandomize=True, database=None, deadline=None)
HUNT = settings(QUICK, max_examples=300, phases=[Phase.generate], print_blob=False)


@attrs.frozen
class OnceForAll(Rule):
    """Everybody may pass, and everybody in a party claims one and the same thing."""

    source = "test"

    @hookimpl
    def review_crossing(self, situation: Situation) -> Iterator[Verdict]:
        """Allow."""
        for each in situation.standings:
            yield allow("yes", zh="可", en="yes", about=each, claims=[once("exit", each.subject or "nobody")])


@attrs.frozen
class Nervous(Rule):
    """Fails for whoever was not measured, and refuses a fever."""

    source = "test"

    @hookimpl
    def review_crossing(self, crossing: Crossing) -> Verdict | None:
        """Compare."""
        temperatures: list[Any] = [each.temperature for each in crossing.travellers]
        hottest = max(temperatures)
        return deny("fever", zh="发热", en="a fever") if hottest >= 37.3 else None


class TestSound(SiteMachine.of(Policy.loads(SOUND)).TestCase):  # type: ignore[misc]  # made at run time
    """A site of eight built-in rules."""

    settings = QUICK


class TestClaims(SiteMachine.of(Policy.loads(HEAD, rules=[OnceForAll])).TestCase):  # type: ignore[misc]  # made at run time
    """One in which everything is claimed."""

    settings = QUICK


class TestFaults(SiteMachine.of(Policy.loads(HEAD, rules=[OnceForAll, Nervous])).TestCase):  # type: ignore[misc]  # made at run time
    """One with a rule that fails now and then."""

    settings = QUICK


def _keeps_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_admission, "let_go", lambda *_: None)


def _forgets_claims(monkeypatch: pytest.MonkeyPatch) -> None:
    append = _admission._append

    def without(journal: Any, request: Any, decision: Any, recorded_at: Any) -> None:
        bare = [attrs.evolve(each, claims=()) for each in decision.verdicts]
        append(journal, request, attrs.evolve(decision, verdicts=bare), recorded_at)

    monkeypatch.setattr(_admission, "_append", without)


def _forgives_nobody(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(_policy, "waive", lambda given, *_: given)


def _keeps_passes_of_the_gone(monkeypatch: pytest.MonkeyPatch) -> None:
    left = State._left

    def kept(self: State, fact: Any, recorded_at: Any) -> None:
        held = dict(self.passes)
        left(self, fact, recorded_at)
        self.passes.update(held)
        for number, each in held.items():
            self.passes_of[each.person][number] = None

    monkeypatch.setattr(State, "_left", kept)


def _ends_no_period(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(State, "_period_changed", lambda *_: None)


def _remembers_the_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(State, "_cancelled", lambda self, fact, _: self.cancelled.add(fact.decision))


BROKEN: dict[str, Callable[[pytest.MonkeyPatch], None]] = {
    "a cancel frees nothing": _keeps_claims,
    "claims are not written": _forgets_claims,
    "leave waives nothing": _forgives_nobody,
    "who left keeps their pass": _keeps_passes_of_the_gone,
    "a release is not heard": _ends_no_period,
    "what was cancelled happened": _remembers_the_cancelled,
}


CLAIMING = SiteMachine.of(Policy.loads(HEAD, rules=[OnceForAll]))
HOLDING = SiteMachine.of(Policy.loads(f'{SOUND}\n[[rules]]\nuse = "once-for-all"\n', rules=[OnceForAll]))


@pytest.mark.parametrize("broken", BROKEN)
def test_an_engine_that_is_broken_is_found_out(broken: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of the slips that would make a day not add up."""
    BROKEN[broken](monkeypatch)
    machine = CLAIMING if BROKEN[broken] in (_keeps_claims, _forgets_claims) else HOLDING
    with pytest.raises((AssertionError, KeyError)):
        run_state_machine_as_test(machine, settings=HUNT)


@pytest.mark.parametrize("path", SITES, ids=lambda path: path.stem)
def test_the_nine_places_are_sound(path: Path) -> None:
    """Nobody is trapped, every rule keeps the contract, and their days add up."""
    check_site(path, examples=3)


def test_a_sound_site_is_silent(tmp_path: Path) -> None:
    """Also with a rule under development, on a day that is named."""
    (tmp_path / "site.toml").write_text(SOUND, encoding="utf-8")
    check_site(tmp_path / "site.toml", day=date(2020, 2, 20), examples=5)


def test_whom_a_site_would_trap_is_told(tmp_path: Path) -> None:
    """With what is found, in words and as code."""
    text = planted(('[[rules]]\nuse = "quarantine-stays-in"\n', ""))
    (tmp_path / "site.toml").write_text(text, encoding="utf-8")
    with pytest.raises(BrokenSiteError, match="leaves-quarantine:home-observation") as caught:
        check_site(tmp_path / "site.toml")
    assert [each.id for each in caught.value.findings] == ["leaves-quarantine:home-observation"]
    assert "from epiguard" in str(caught.value)


@attrs.frozen
class SpeaksChinese(Rule):
    """Says why in one language."""

    source = "test"

    @hookimpl
    def review_crossing(self, crossing: Crossing) -> Verdict | None:
        """Refuse lorries by night."""
        return deny("no-cars", zh="禁车") if crossing.vehicle and crossing.local_time.hour < 2 else None


def test_a_rule_that_breaks_the_contract_is_told(tmp_path: Path) -> None:
    """By its entry; whoever says that it speaks one language only may."""
    (tmp_path / "site.toml").write_text(SOUND, encoding="utf-8")
    with pytest.raises(BrokenSiteError, match=r"entry speaks-chinese: .*has no text in en"):
        check_site(tmp_path / "site.toml", rules=[SpeaksChinese], examples=100)


def test_a_bad_site_file_is_refused_as_everywhere(tmp_path: Path) -> None:
    """With file and key."""
    (tmp_path / "site.toml").write_text(SOUND.replace("plum-court", ""), encoding="utf-8")
    with pytest.raises(PolicyError, match=r"site\.toml"):
        check_site(tmp_path / "site.toml")


@pytest.mark.parametrize(
    ("arguments", "where"),
    [
        ({"policy": SOUND}, "policy"),
        ({"policy": Policy.loads('[site]\nid = "x"\nzone = "Asia/Shanghai"\n')}, "checkpoint"),
        ({"policy": Policy.loads(SOUND), "first_day": "today"}, "first_day"),
    ],
)
def test_a_machine_needs_a_policy(arguments: Any, where: str) -> None:
    """With a gate, and a date to begin on."""
    with pytest.raises(InvalidValueError, match=where):
        SiteMachine.of(**arguments)
