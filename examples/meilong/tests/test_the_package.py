"""The package as such: every rule is offered, used, cited, and says all it can say in two languages."""

from __future__ import annotations

import ast
import pickle
import re
import tomllib
from importlib.metadata import entry_points
from itertools import chain
from pathlib import Path
from string import Formatter

import pytest

from at_the_gate import SITES
from epiguard import Policy
from epiguard.rules import Rule

PACKAGE = SITES.parent / "src" / "epiguard_meilong"
OFFERED = tomllib.loads((SITES.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"][
    "entry-points"
]["epiguard.rules"]
TEXTS = {
    language: tomllib.loads((PACKAGE / "messages" / f"{language}.toml").read_text(encoding="utf-8"))
    for language in ("zh", "en")
}
POLICIES = [Policy.load(path) for path in sorted(SITES.glob("*.toml"))]


def test_every_file_of_a_rule_is_offered_under_its_name() -> None:
    """One file per rule, named like it; the installed package offers all of them."""
    files = {path.stem.replace("_", "-") for path in PACKAGE.glob("[a-z]*.py")}
    assert files == set(OFFERED)
    installed = {
        each.name: each.value
        for each in entry_points(group="epiguard.rules")
        if each.dist is not None and each.dist.name == "epiguard-meilong"
    }
    assert installed.items() >= OFFERED.items()


def test_every_rule_is_used_by_a_place() -> None:
    """A rule that no place has would be nobody's."""
    used = {loaded.entry.use for policy in POLICIES for loaded in policy.rules}
    assert set(OFFERED) <= used


def test_only_the_public_face_of_the_library_is_imported() -> None:
    """What is written here can be written by anybody; rules import ``epiguard`` and ``epiguard.rules``."""
    parts = {
        f"epiguard.{name}"
        for name in ("channels", "day", "matching", "policy.checking", "reports", "rules", "work")
    }
    for path in chain(PACKAGE.glob("*.py"), Path(__file__).parent.rglob("*.py")):
        allowed = {"epiguard.rules"} if path.parent == PACKAGE else parts
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("epiguard."):
                assert node.module in allowed, f"{path.name}: {node.module}"


def test_both_languages_say_the_same_things() -> None:
    """The same tables, keys and placeholders."""

    def outline(language: str) -> dict[str, dict[str, set[str | None]]]:
        return {
            rule: {key: {each[1] for each in Formatter().parse(text)} - {None} for key, text in table.items()}
            for rule, table in TEXTS[language].items()
        }

    assert outline("zh") == outline("en")
    assert set(TEXTS["zh"]) == set(OFFERED)


@pytest.mark.parametrize("rule", sorted(OFFERED))
def test_every_text_is_said(rule: str) -> None:
    """Each key stands in the rule's file, or all but its last word where that is computed."""
    source = (PACKAGE / f"{rule.replace('-', '_')}.py").read_text(encoding="utf-8")
    for key in TEXTS["zh"][rule]:
        words = re.sub("^(duty|alert)-", "", key).split("-")
        beginnings = [each for each in ("-".join(words), "-".join(words[:-1])) if each]
        assert any(f'"{each}' in source or f"-{each}" in source for each in beginnings), key


def test_the_readme_does_what_it_shows(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Its program runs in this folder and prints what stands below it."""
    readme = (SITES.parent / "README.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(.*?)```\n\n```text\n(.*?)```", readme, flags=re.DOTALL)
    assert found is not None
    monkeypatch.chdir(SITES.parent)
    exec(compile(found[1], "README.md", "exec"), {})  # noqa: S102 - our own
    assert capsys.readouterr().out == found[2]


def test_every_rule_is_a_value_that_names_its_source() -> None:
    """Frozen, hashable, the same after pickling; its own source quotes the newsletter."""
    for policy in POLICIES:
        for rule in (loaded.rule for loaded in policy.rules):
            assert isinstance(rule, Rule)
            again = pickle.loads(pickle.dumps(rule))  # noqa: S301 - our own
            assert again == rule
            assert hash(again) == hash(rule)
            assert type(rule).source
