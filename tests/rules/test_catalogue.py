"""The catalogue of built-in rules is complete: every rule, setting, default, code and duty is documented."""

from __future__ import annotations

import ast
import inspect
import re
import tomllib
from enum import Enum
from importlib import import_module
from pathlib import Path
from typing import Any

import attrs
import pytest

from epiguard import rules as package
from epiguard.decisions import Restricts
from epiguard.fields import FrozenMapping
from epiguard.rules._catalogues import catalogue_beside

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "reference" / "rules.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
ENTRY_POINTS: dict[str, str] = PROJECT["entry-points"]["epiguard.rules"]
SECTIONS = dict(re.findall(r"^## `(.+?)`\n(.*?)(?=^## |\Z)", PAGE, re.DOTALL | re.MULTILINE))
every_rule = pytest.mark.parametrize("name", ENTRY_POINTS)
MAKERS = {"allow", "no_objection", "hold", "deny"}


def rule_of(name: str) -> Any:
    """The class behind an entry point."""
    module, _, attribute = ENTRY_POINTS[name].partition(":")
    return getattr(import_module(module), attribute)


def shown(value: Any) -> str:
    """A default as a site file writes it."""
    if isinstance(value, Enum):
        return f'"{value.value}"'
    if isinstance(value, tuple):
        return f"[{', '.join(shown(each) for each in value)}]"
    if isinstance(value, str):
        return f'"{value}"'
    return str(value).lower()


def kinds_shared(name: str) -> set[str]:
    """The kinds of duty in a table that a rule's module has from elsewhere, as errands by need."""
    module = vars(inspect.getmodule(rule_of(name)) or package)
    shared = [each for each in module.values() if isinstance(each, FrozenMapping)]
    return {str(kind) for each in shared for kind in each.values()}


def constants_of(name: str) -> set[str]:
    """Every text in a rule's source: a code may stand in a table there, away from what says it."""
    tree = ast.parse(inspect.getsource(inspect.getmodule(rule_of(name)) or package))
    return {str(node.value) for node in ast.walk(tree) if isinstance(node, ast.Constant)}


def words_of(name: str) -> set[str]:
    """The codes, duties, alerts and what lifts them, as the rule's source writes them."""
    rule = rule_of(name)
    tree = ast.parse(inspect.getsource(inspect.getmodule(rule) or package))
    codes: set[object] = set()
    words: set[object] = set(kinds_shared(name))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in MAKERS:
            codes |= {each.value for each in node.args if isinstance(each, ast.Constant)}
        if isinstance(node, ast.keyword) and node.arg in ("lifted_by", "kind"):
            words |= {each.value for each in ast.walk(node.value) if isinstance(each, ast.Constant)}
        if isinstance(node, ast.Constant) and re.fullmatch(r"[a-z]+(-[a-z]+)+", str(node.value)):
            words.add(node.value)
    # Entries of the catalogue that are no codes are nobody's business but the catalogue's.
    words = codes | (words - catalogue_beside(rule.__module__).keys(name))
    return {each for each in words if isinstance(each, str)}


def test_every_file_is_an_entry_point() -> None:
    """File, class and entry point go by one name; none is forgotten in the project or on the page."""
    files = {path.stem for path in Path(next(iter(package.__path__))).glob("[a-z]*.py")} - {"hookspecs"}
    assert {name.replace("-", "_") for name in ENTRY_POINTS} == files
    for name, target in ENTRY_POINTS.items():
        cls = "".join(word.capitalize() for word in name.split("-"))
        assert target == f"epiguard.rules.{name.replace('-', '_')}:{cls}"
    assert set(SECTIONS) == set(ENTRY_POINTS)
    assert list(SECTIONS) == sorted(SECTIONS)


@every_rule
def test_every_setting_is_documented(name: str) -> None:
    """With its default, and nothing that the rule does not have."""
    table = re.search(r"^\| setting .*\n\|[-|]+\n((?:\|.*\n)+)", SECTIONS[name], re.MULTILINE)
    rows = dict(re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|", table[1], re.MULTILINE)) if table else {}
    defaults = {
        field.name: "required" if field.default is attrs.NOTHING else f"`{shown(field.default)}`"
        for field in attrs.fields(rule_of(name))
    }
    assert rows == defaults


@every_rule
def test_every_word_is_documented(name: str) -> None:
    """Each code with its effect, each duty and alert, and whatever lifts a hold."""
    words = words_of(name)
    assert words
    assert not {
        word for word in words if f"`{word}`" not in SECTIONS[name] and f'"{word}"' not in SECTIONS[name]
    }


@every_rule
def test_every_code_in_a_table_is_the_rules_own(name: str) -> None:
    """The page names no code that the rule never gives."""
    tables = re.findall(r"^\| (?:code|duty) .*?\n\|[-|]+\n((?:\|.*\n)+)", SECTIONS[name], re.MULTILINE)
    listed = {word for table in tables for word in re.findall(r"^\| `([a-z-]+)`", table, re.MULTILINE)}
    assert listed
    assert listed <= words_of(name) | constants_of(name)


@every_rule
def test_what_it_restricts_and_where_it_comes_from(name: str) -> None:
    """Movement, safety or nothing; and a source, or that it is ours."""
    rule = rule_of(name)
    reviews = hasattr(rule, "review_crossing")
    restricts = (
        {Restricts.MOVEMENT: "movement", Restricts.SAFETY: "safety"}[rule.restricts] if reviews else "nothing"
    )
    assert f"\nRestricts {restricts}. Source: " in SECTIONS[name]
    assert rule.source.startswith(("Meilong town newsletter, February 2020, ", "epiguard: "))
    assert f"[`{name}`](#{name})" in PAGE


def test_a_rule_uses_nothing_that_a_plug_in_could_not() -> None:
    """Only public modules and public names: a built-in rule is an example to copy."""
    for path in Path(next(iter(package.__path__))).glob("[a-z]*.py"):
        if path.stem == "hookspecs":
            continue
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom):
                names = [*(node.module or "").split("."), *(each.name for each in node.names)]
                assert not [each for each in names if each.startswith("_") and each != "__future__"], path
                assert node.module != "epiguard.policy"
