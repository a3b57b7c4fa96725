"""What people say in their own words is personal: no class of the package holds it as plain text.

Nobody can tell a reason or a note from a name or an illness. So each field that holds plain text is an
identifier, or stands with the reason why it shows nobody in ``harmless_texts.toml`` beside this file.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import ModuleType

import attrs
import pytest

import epiguard
from epiguard.fields import identifier
from epiguard.identifiers import FreeText

HARMLESS = Path(__file__).with_name("harmless_texts.toml")
#: What the validators of pseudonyms are called where they are made.
_IDENTIFIERS = ("identifier.", "optional_identifier.", "pseudonym.")


def modules() -> Iterator[ModuleType]:
    """Every module of the package; ``__main__`` is a program."""
    for found in pkgutil.walk_packages(epiguard.__path__, "epiguard."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def classes() -> list[type[attrs.AttrsInstance]]:
    """Every attrs class of the package, public or not."""
    found = {
        f"{value.__module__}.{value.__qualname__}": value
        for module in modules()
        for value in vars(module).values()
        if isinstance(value, type) and attrs.has(value) and value.__module__.startswith("epiguard.")
    }
    return list(found.values())


def plain_texts(of: type[attrs.AttrsInstance]) -> list[str]:
    """The fields, as ``Class.field``, that hold plain text which is checked to be no identifier."""
    found = []
    for field in attrs.fields(of):
        annotation = str(field.type if not isinstance(field.type, type) else field.type.__name__)
        annotation = annotation.replace("Mapping[str, ", "Mapping[")  # keys are ids and names of fields
        checked = getattr(field.validator, "__qualname__", "").startswith(_IDENTIFIERS)
        if not field.inherited and not checked and re.search(r"\bstr\b", annotation):
            found.append(f"{of.__name__}.{field.name}")
    return found


def harmless() -> dict[str, str]:
    """Field to the reason why its text shows nobody."""
    table = tomllib.loads(HARMLESS.read_text(encoding="utf-8"))
    return {each: entry["reason"] for entry in table["texts"] for each in entry["fields"]}


def test_no_free_text_is_plain() -> None:
    """Every field of plain text is an identifier, or is listed with a reason; nothing else is listed."""
    plain = {each for of in classes() for each in plain_texts(of)}
    listed = harmless()
    assert sorted(plain - set(listed)) == [], "make it a FreeText, or say why it shows nobody"
    assert sorted(set(listed) - plain) == [], "listed, and no plain text any more"
    assert all(reason.strip() for reason in listed.values())


@pytest.mark.parametrize("word", ["reason", "note", "purpose", "outcome", "evidence", "says", "comment"])
def test_facts_hold_what_is_said_as_free_text(word: str) -> None:
    """No fact, and nothing a fact is made of, has a plain text of such a name that comes from a person."""
    recorded = [of for of in classes() if of.__module__.startswith(("epiguard.facts", "epiguard.work"))]
    plain = {each for of in recorded for each in plain_texts(of) if each.endswith(f".{word}")}
    assert plain <= {"DataExpired.reason"}  # made by the library, of the period it was kept for


def test_control_finds_a_plain_note() -> None:
    """A class with a note of plain text is found; one with a free text or an identifier is not."""

    @attrs.frozen
    class Slip:
        id: str = attrs.field(validator=identifier("Slip.id"))
        note: str
        notes: tuple[str, ...]
        says: Mapping[str, str]
        words: Mapping[str, FreeText]
        reason: FreeText

    assert plain_texts(Slip) == ["Slip.note", "Slip.notes", "Slip.says"]
