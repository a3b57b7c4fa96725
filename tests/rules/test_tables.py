"""Catalogues of plug-ins: what would fail at the gate, or never be said, is refused when it is read."""

from __future__ import annotations

import importlib
from pathlib import Path

import attrs
import pytest

from epiguard.errors import RuleLoadError
from epiguard.messages import Catalogue
from epiguard.rules import Rule, hookimpl
from epiguard.rules._catalogues import read_catalogue
from epiguard.rules._translations import tables_of
from rules.gate import load


def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, **languages: str) -> str:
    """A package with a catalogue, as if it were imported."""
    folder = tmp_path / name / "messages"
    folder.mkdir(parents=True)
    (folder.parent / "__init__.py").touch()
    for language, text in languages.items():
        (folder / f"{language}.toml").write_text(text, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    importlib.import_module(name)
    return name


def rule_in(module: str, name: str) -> type[Rule]:
    """A rule of a module that says no."""

    class Saying(Rule):
        @hookimpl
        def review_crossing(self) -> None:
            """Says nothing."""

    Saying.__name__, Saying.__module__ = name, module
    return attrs.frozen(Saying)


def test_a_placeholder_of_one_language_only_is_refused(tmp_path: Path) -> None:
    """The rule fills both at once: it would fail at the gate."""
    (tmp_path / "zh.toml").write_text('[curfew]\nno = "{opens}后放行"\n', encoding="utf-8")
    (tmp_path / "en.toml").write_text('[curfew]\nno = "come back later"\n', encoding="utf-8")
    with pytest.raises(RuleLoadError) as refused:
        read_catalogue(tmp_path, "village")
    assert str(refused.value) == (
        "village: messages/en.toml: curfew.no: expected the placeholders of zh.toml: opens, got none; "
        "use the same ones in every language"
    )


def test_a_table_that_is_almost_named_like_the_rule_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its texts would never be said, and the guard would read a bare code."""
    name = package(tmp_path, monkeypatch, "village_a", en='[night-curfw]\nno = "no"\n')
    with pytest.raises(RuleLoadError, match=r"expected a table \[night-curfew\], got \[night-curfw\]"):
        load('use = "night-curfew"', rules=[rule_in(name, "NightCurfew")])
    # The table of another rule is no slip, nor is it one to have no texts.
    load('use = "one-errand"', rules=[rule_in(name, "OneErrand")])


def test_two_tables_of_one_name_cannot_be_reworded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody could say whose words are meant; the same class twice is one table."""
    one = rule_in(package(tmp_path, monkeypatch, "village_b", en='[curfew]\nno = "no"\n'), "Curfew")
    two = rule_in(package(tmp_path, monkeypatch, "village_c", en='[curfew]\nno = "no"\n'), "Curfew")
    words = Catalogue({})
    assert set(tables_of([one, one], ["decision"], words, "site.toml: messages")) == {"curfew", "decision"}
    for rules, own in (([one, two], ["decision"]), ([one], ["curfew"])):
        with pytest.raises(RuleLoadError, match=r"got two tables \[curfew\] in different packages"):
            tables_of(rules, own, words, "site.toml: messages")
