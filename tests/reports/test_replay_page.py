"""The page of a replay: one file, no script, both languages, counts and nobody."""

from __future__ import annotations

import base64
import hashlib
import re
from pathlib import Path

import pytest

from epiguard import ExportError, Policy
from epiguard.policy import Replay
from epiguard.reports import write_replay_html
from epiguard.reports._replay_page import render_replay
from epiguard.situation import Situation
from reports.test_page import Page
from rules.gate import RESIDENT, SITE, crossing, load, resident

NOW = load("use = 'admit-kinds'")
EARLY = load("use = 'admit-kinds'", "use = 'curfew'\ncloses = 11:00:00\nopens = 05:00:00")


def replayed(policy: Policy, against: Policy) -> Replay:
    """Two residents at noon."""
    history = []
    for asked in (crossing("out", resident()), crossing("in", resident())):
        situation = Situation.of([RESIDENT], asked, site=SITE)
        history.append((asked, situation, policy.decide(asked, situation)))
    return policy.replay(history, against=against)


PAGE = render_replay(replayed(NOW, EARLY), site=SITE, candidate="early.toml", versions=("a1", "b2"))


def test_the_page_needs_nothing_else() -> None:
    """No script and no address, and a policy that would forbid them."""
    page = Page(PAGE)
    assert {name for name, _ in page.elements}.isdisjoint({"script", "link", "img", "iframe", "form", "a"})
    [style] = re.findall(r"<style>(.*?)</style>", PAGE, re.DOTALL)
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    [policy] = [each["content"] or "" for each in page.all("meta") if "http-equiv" in each]
    assert f"style-src 'sha256-{allowed}'" in policy
    assert not re.search(r"https?:|url\(|@import|javascript:", PAGE.replace(allowed, ""))


def test_it_says_what_would_have_been_in_both_languages() -> None:
    """Counts, the rule, what it says, which answer becomes which, and day by day."""
    page = Page(PAGE)
    said = {
        language: " ".join(text for each, text in page.texts if each == language) for language in ("zh", "en")
    }
    assert sum(each == "zh" for each, _ in page.texts) == sum(each == "en" for each, _ in page.texts)
    assert "放行 → 拒绝" in said["zh"]
    assert "allow → deny" in said["en"]
    assert "no leaving between 11:00 and 05:00" in said["en"]
    assert "by what was recorded at the time" in said["en"]
    rest = " ".join(text for each, text in page.texts if not each)
    assert "规则变更试算 / what a change of the rules would have done" in rest
    for each in ("curfew-out", "early.toml", "a1 → b2", "2020-02-14"):
        assert each in rest


def test_nobody_is_on_it() -> None:
    """No person, no decision, no instant: counts and the words of rules."""
    for each in ("p-7", "王小明", "13800138000", "502", "12:00", "main-", "36.5"):
        assert each not in PAGE
    assert "T12" not in PAGE


def test_where_nothing_differs_it_says_so(tmp_path: Path) -> None:
    """And a file holds the same bytes as the text, each time."""
    same = replayed(NOW, NOW)
    options = {"site": SITE, "candidate": "<b>early</b>", "as_known": "now"}
    text = render_replay(same, **options)  # type: ignore[arg-type]  # of several types
    assert "No crossing would have been answered otherwise." in text
    assert "as it is known now" in text
    assert "<b>early" not in text
    path = write_replay_html(same, tmp_path / "page.html", **options)  # type: ignore[arg-type]  # of several types
    assert path.read_text(encoding="utf-8") == text


def test_an_unknown_word_is_refused() -> None:
    """A language, and whose knowledge is meant."""
    same = replayed(NOW, NOW)
    with pytest.raises(ExportError, match="languages"):
        render_replay(same, site=SITE, candidate="x", languages=["fr"])
    with pytest.raises(ExportError, match="as_known"):
        render_replay(same, site=SITE, candidate="x", as_known="tomorrow")
