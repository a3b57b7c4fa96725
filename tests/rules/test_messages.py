"""What the built-in rules say: every text in both languages, none unused, none with a hole in it."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from importlib.resources import files
from types import ModuleType

import pytest

from epiguard import rules as package
from epiguard.messages import Catalogue, Template
from epiguard.rules._catalogues import catalogue_beside, read_catalogue
from rules.test_catalogue import ENTRY_POINTS, MAKERS, every_rule, kinds_shared, rule_of

CATALOGUE = read_catalogue(files(package).joinpath("messages"), "epiguard.rules")
LANGUAGES = {"zh", "en"}
#: Numbers and dates that a rule or an order sets, places of the site, names of fields; nothing of a person's.
PLACEHOLDERS = {
    "closes", "day", "days", "field", "last", "limit", "minutes", "missing", "month", "number", "opens",
    "others", "place", "release", "signatures", "total",
}  # fmt: skip
#: Arguments of the makers of verdicts; all others fill placeholders.
ARGUMENTS = {"about", "alerts", "claims", "duties", "entry", "lifted_by"}


def source_of(name: str) -> str:
    """The module of a built-in rule."""
    return inspect.getsource(inspect.getmodule(rule_of(name)) or package)


def entries_in(source: str) -> Iterator[tuple[str, set[str] | None]]:
    """The entries a rule's source asks for, each with what it fills in where both stand in one call."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.args:
            key, given = node.args[0], {each.arg or "" for each in node.keywords}
            says = node.func.attr == "words" or (node.func.attr in MAKERS and "entry" not in given)
            if says and isinstance(key, ast.Constant) and isinstance(key.value, str):
                yield key.value, given - ARGUMENTS
        if isinstance(node, ast.Constant) and re.match("(duty|alert)-.", str(node.value)):
            yield str(node.value), None


def wrong(name: str, source: str, catalogue: Catalogue, shared: AbstractSet[str] = frozenset()) -> list[str]:
    """What is wrong between a rule's source, with the kinds it has from elsewhere, and its table."""
    found = []
    for key, given in entries_in(source):
        templates = catalogue.find(name, key)
        if not templates:
            found.append(f"{key}: no text")
        found += [
            f"{key}: {language} takes {sorted(each.fields)}, is given {sorted(given)}"
            for language, each in templates.items()
            if given is not None and given != each.fields
        ]
    written = {str(node.value) for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Constant)}
    written |= shared
    # f"duty-{kind}": then the kind stands somewhere by itself.
    written |= {f"{each}{kind}" for each in {"duty-", "alert-"} & written for kind in written}
    found += [f"{key}: never said" for key in sorted(catalogue.keys(name) - written)]
    return found


def uneven(templates: Mapping[str, Template]) -> bool:
    """Whether an entry lacks a language, or has other placeholders in one than in the other."""
    return set(templates) != LANGUAGES or len({each.fields for each in templates.values()}) != 1


def test_every_table_is_a_rule() -> None:
    """And stands where the list of rules would have it."""
    tables = list(dict.fromkeys(rule for rule, *_ in CATALOGUE))
    assert set(tables) <= set(ENTRY_POINTS)
    assert tables == sorted(tables)


@every_rule
def test_every_text_is_there_and_said(name: str) -> None:
    """Each code, duty and alert that a rule's source names has an entry, and each entry is named there."""
    assert CATALOGUE.keys(name)
    assert wrong(name, source_of(name), CATALOGUE, kinds_shared(name)) == []


def test_both_languages_say_the_same() -> None:
    """The same entries with the same placeholders, none of them a person's."""
    for rule in ENTRY_POINTS:
        for key in CATALOGUE.keys(rule):
            assert not uneven(CATALOGUE.find(rule, key)), f"{rule}.{key}"
    assert {field for *_, template in CATALOGUE for field in template.fields} == PLACEHOLDERS


@pytest.mark.parametrize(
    ("source", "found"),
    [
        ('self.deny("curfew", until=5)', []),
        ('self.deny("no", entry="curfew", until=5)', []),
        (
            'self.deny("no", texts=self.words("curfew"))',
            ["no: no text", "curfew: zh takes ['until'], is given []"],
        ),
        ('self.deny("curfew", till=5)', ["curfew: zh takes ['until'], is given ['till']"]),
        ('self.hold("open", lifted_by="x"); "curfew"', ["open: no text"]),
        ('Duty(texts=self.where("duty-call")); "curfew"', ["duty-call: no text"]),
        ("pass", ["curfew: never said"]),
    ],
)
def test_what_is_wrong_is_found(source: str, found: list[str]) -> None:
    """Planted: a placeholder not filled, one too many, an entry missing, and one that nobody says."""
    planted = Catalogue({"gate": {"curfew": {"zh": Template.of("{until}前不得外出", "zh.toml")}}})
    assert wrong("gate", source, planted) == found


def test_uneven_entries_are_found() -> None:
    """Planted: a language missing, and a placeholder in one language only."""
    zh, en = Template.of("{limit}次", "zh"), Template.of("once", "en")
    assert uneven({"zh": zh})
    assert uneven({"zh": zh, "en": en})
    assert not uneven({"zh": en, "en": en})


def test_a_rule_in_a_script_has_no_catalogue(monkeypatch: pytest.MonkeyPatch) -> None:
    """A class that was typed in, or stands in the script that is run, has no folder beside it."""
    monkeypatch.setitem(sys.modules, "typed_in", ModuleType("typed_in"))
    assert list(catalogue_beside("typed_in")) == []
