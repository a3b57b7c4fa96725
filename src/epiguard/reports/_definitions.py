"""What each figure is called and what it counts, in both languages."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

import attrs

from epiguard.fields import FrozenMapping
from epiguard.reports._words import LANGUAGES, Words, packaged

__all__ = ["Definition", "definitions", "section_words"]


@attrs.frozen(kw_only=True)
class Definition:
    """A figure's name and definition: Chinese, then English."""

    label: Words
    means: Words

    def as_dict(self) -> dict[str, dict[str, str]]:
        """By language: label and definition."""
        return {
            language: {"label": self.label[index], "definition": self.means[index]}
            for index, language in enumerate(LANGUAGES)
        }


@cache
def definitions() -> Mapping[str, Definition]:
    """Figure, such as ``"forms.matched"``, to its definition, in the order of the report."""
    return FrozenMapping(
        {
            key: Definition(
                label=(entry["label"][0], entry["label"][1]), means=(entry["means"][0], entry["means"][1])
            )
            for key, entry in packaged("figures.toml")["figures"].items()
        }
    )


def section_words(section: str) -> Words:
    """The title of a section of the report."""
    zh, en = packaged("figures.toml")["sections"][section]
    return zh, en
