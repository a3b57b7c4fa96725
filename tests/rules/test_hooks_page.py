"""The page about the hooks has every hook, every argument and every name that a rule can use."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import attrs
import pytest

from epiguard import Crossing, Situation, rules
from epiguard.rules import Rule, hookimpl
from epiguard.rules.hookspecs import Condition, RuleHooks

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "hooks.md").read_text(encoding="utf-8")
HOOKS = [name for name in vars(RuleHooks) if not name.startswith("_")]
MAKERS = ("allow", "no_objection", "hold", "deny")


def sections(page: str) -> dict[str, str]:
    """The page's sections by heading."""
    return dict(re.findall(r"^## `?(.+?)`?\n(.*?)(?=^## |\Z)", page, re.DOTALL | re.MULTILINE))


def table(section: str, heading: str) -> dict[str, str]:
    """First column to second of the table with a heading."""
    found = re.search(rf"^\| {heading} \|.*\n\|[-|]+\n((?:\|.*\n)+)", section, re.MULTILINE)
    return dict(re.findall(r"^\| `(\w+)` \| ([^|]+?) \|", found[1], re.MULTILINE)) if found else {}


def undocumented(page: str, hooks: type) -> list[str]:
    """Hooks without a section, arguments that it does not have, and arguments that no hook has."""
    parts, wrong = sections(page), []
    for name in (each for each in vars(hooks) if not each.startswith("_")):
        parameters = list(inspect.signature(getattr(hooks, name)).parameters.values())[1:]
        expected = {each.name: f"`{each.annotation}`" for each in parameters}
        if table(parts.get(name, ""), "argument") != expected:
            wrong.append(name)
    return wrong


def test_every_hook_is_documented_with_every_argument() -> None:
    """Each argument with its type, and none that the hook does not take."""
    assert undocumented(PAGE, RuleHooks) == []
    assert set(HOOKS) <= set(sections(PAGE))


@pytest.mark.parametrize("removed", ["## `follow_up`", "| `fact` | `Fact`", "| `crossing` | `Crossing`"])
def test_what_is_missing_is_found(removed: str) -> None:
    """Planted: a hook without a section, an argument without a row."""
    assert removed in PAGE
    assert undocumented(PAGE.replace(removed, ""), RuleHooks)


def test_a_new_hook_or_argument_is_found() -> None:
    """Planted: the page does not know them yet."""

    def review_crossing(self: Any, crossing: Crossing, situation: Situation, weather: str) -> None:
        """Take one argument more."""

    def night_falls(self: Any, situation: Situation) -> None:
        """Do not stand on the page."""

    later = type("Later", (), {"review_crossing": review_crossing, "night_falls": night_falls})
    assert undocumented(PAGE, later) == ["review_crossing", "night_falls"]


def test_what_a_hook_can_say_is_documented() -> None:
    """The four verdicts with all their arguments, the mark with its conditions, the class's attributes."""
    parts = sections(PAGE)
    given = {name for each in MAKERS for name in inspect.signature(getattr(Rule, each)).parameters}
    assert set(table(parts["review_crossing"], "argument of these")) == given - {"self", "values"}
    for each in MAKERS:
        assert f"`self.{each}(code" in parts["review_crossing"]
    assert set(table(parts["The mark"], "argument")) == {each.name for each in attrs.fields(Condition)}
    assert set(inspect.signature(hookimpl).parameters) - {"function"} == set(
        table(parts["The mark"], "argument")
    )
    annotations = inspect.get_annotations(Rule)
    attributes = {name for name, kind in annotations.items() if "ClassVar" in str(kind)}
    assert set(table(parts["The class"], "class attribute")) == attributes


def test_every_public_name_is_on_the_page() -> None:
    """Whatever ``epiguard.rules`` offers for writing a rule; results of hooks and pins aside."""
    others = {"FollowUpResult", "ReviewResult", "Pin"}
    assert [
        name for name in rules.__all__ if name not in others and not re.search(rf"\b{name}\b", PAGE)
    ] == []
