"""Catalogues: one text per language, placeholders filled, nothing missing in silence."""

from __future__ import annotations

import json
import pickle
from typing import Any

import pytest

from epiguard.decisions import Effect, Verdict
from epiguard.errors import InvalidValueError
from epiguard.messages import Catalogue, Message, Template
from epiguard.plain import from_plain, to_plain


def catalogue(**languages: str) -> Catalogue:
    """A catalogue with one entry."""
    templates = {name: Template.of(text, f"{name}.toml") for name, text in languages.items()}
    return Catalogue({"curfew": {"closed": templates}})


BOTH = catalogue(zh="{until}前不得外出", en="no leaving before {until}")


def test_placeholders_are_filled_in_every_language() -> None:
    """A value may have its own word in each language."""
    assert BOTH.words("curfew", "closed", {"until": 5}) == {"zh": "5前不得外出", "en": "no leaving before 5"}
    said = BOTH.words("curfew", "closed", {"until": {"zh": "天亮", "en": "dawn"}})
    assert said == {"zh": "天亮前不得外出", "en": "no leaving before dawn"}
    assert catalogue(en="{limit:g} °C").words("curfew", "closed", {"limit": 37.30}) == {"en": "37.3 °C"}
    assert catalogue(en="{{so}}").words("curfew", "closed", {}) == {"en": "{so}"}


def test_a_missing_entry_has_no_text() -> None:
    """Then the code is shown."""
    assert BOTH.words("curfew", "open", {}) == {}
    verdict = Verdict(effect=Effect.DENY, code="open", texts=BOTH.words("curfew", "open", {}))
    assert verdict.text("zh") == "open"


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({}, "expected a value for each placeholder, got none for until"),
        ({"till": 5}, "expected a value for each placeholder, got none for until"),
    ],
)
def test_a_placeholder_without_a_value_is_refused(values: dict[str, int], message: str) -> None:
    """A rule that forgets one fails where it is guarded, not later on a screen."""
    with pytest.raises(InvalidValueError, match=message):
        BOTH.words("curfew", "closed", values)


def test_a_value_that_cannot_be_shown_is_refused() -> None:
    """Text where a number belongs."""
    with pytest.raises(InvalidValueError, match="values that the placeholders can show"):
        catalogue(en="{limit:g}").words("curfew", "closed", {"limit": "high"})


@pytest.mark.parametrize(
    "text", ["", " ", "{", "}", "{}", "{0}", "{limit.real}", "{limit[0]}", "{limit!r:{width}", 5, None]
)
def test_a_bad_template_is_refused(text: str) -> None:
    """No placeholder reaches into a value."""
    with pytest.raises(InvalidValueError, match=r"^en\.toml: expected "):
        Template.of(text, "en.toml")


def test_other_words_take_the_place_of_a_rules_own() -> None:
    """Also in a language it does not have; the others stay."""
    nepali = catalogue(ne="{until} अघि बाहिर नजानुहोस्", en="stay in until {until}")
    said = nepali.reworded(BOTH.words("curfew", "closed", {"until": 5}))
    assert said == {
        "zh": "5前不得外出",
        "en": "stay in until 5",
        "ne": "5 अघि बाहिर नजानुहोस्",
    }
    other = BOTH.words("curfew", "open", {})
    assert nepali.reworded(other) is other


def test_what_fills_a_placeholder_is_reworded_too() -> None:
    """A text made of another one has no words of two languages in it."""
    templates = {"dawn": {"en": Template.of("dawn", "en.toml")}}
    inner = Catalogue({"curfew": templates}).words("curfew", "dawn", {})
    nepali = Catalogue(
        {
            "curfew": {
                "dawn": {"ne": Template.of("बिहान", "ne.toml")},
                "closed": {"ne": Template.of("{until} सम्म बन्द", "ne.toml")},
            }
        }
    )
    said = nepali.reworded(BOTH.words("curfew", "closed", {"until": inner}))
    assert said["en"] == "no leaving before dawn"
    assert said["ne"] == "बिहान सम्म बन्द"


def test_a_message_is_a_mapping_like_any_other() -> None:
    """It compares, hashes, pickles and goes through plain data as the texts it holds."""
    said = BOTH.words("curfew", "closed", {"until": 5})
    assert type(said) is Message
    texts = dict(said)
    verdict = Verdict(effect=Effect.DENY, code="closed", texts=said)
    assert verdict == Verdict(effect=Effect.DENY, code="closed", texts=texts)
    assert hash(verdict) == hash(Verdict(effect=Effect.DENY, code="closed", texts=texts))
    assert pickle.loads(pickle.dumps(said)) == texts  # noqa: S301 - our own
    assert from_plain(json.loads(json.dumps(to_plain(verdict)))) == verdict


def test_what_fills_a_text_cannot_be_changed_before_it_is_read() -> None:
    """Texts are made when somebody reads them, of what was said when it was said."""
    until = {"zh": "天亮", "en": "dawn"}
    for value, shown in (
        (until, "dawn"),
        (True, "True"),
        (37.5, "37.5"),
        (10**20, str(10**20)),
    ):
        values: Any = {"until": value}
        said = BOTH.words("curfew", "closed", values)
        values["until"] = "noon"
        until.clear()
        until["en"] = "noon"
        assert said["en"] == f"no leaving before {shown}"
        until.clear()
        until.update(zh="天亮", en="dawn")


def test_a_catalogue_can_be_gone_through() -> None:
    """Every rule, key and language."""
    assert [(rule, key, language) for rule, key, language, _ in BOTH] == [
        ("curfew", "closed", "zh"),
        ("curfew", "closed", "en"),
    ]
    assert BOTH.keys("curfew") == {"closed"}
    assert BOTH.keys("lanes") == frozenset()
