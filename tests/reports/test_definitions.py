"""Every figure has a name and a definition in both languages, and every code has words."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from importlib.resources import files
from pathlib import Path
from typing import Any

import attrs
import pytest

from epiguard import Direction, DutyState, Effect, EndCause, Outcome, QuarantineSetting, Relation
from epiguard.registrations import FORM_FIELDS, RegistrationSource
from epiguard.reports import daily_report, definitions
from epiguard.reports._html import HEADLINES
from epiguard.reports._tables import SECTIONS
from epiguard.reports._words import packaged, region_words, words
from epiguard.work import ERRANDS, CheckState, ContactState, Need, SanctionStanding

DAY = date(2020, 2, 13)
NOW = datetime.fromisoformat("2020-02-13T18:00:00+08:00")


def keys(section: str, part: Any) -> Iterator[str]:
    """The figures of a part of the report, those of its parts under the same section."""
    for field in attrs.fields(type(part)):
        value = getattr(part, field.name)
        inside = next(iter(value.values()), None) if isinstance(value, Mapping) else value
        if field.name != "total":
            yield f"{section}.{field.name}"
        if attrs.has(type(inside)):
            yield from keys(section, inside)


def test_every_figure_is_defined(village: Any) -> None:
    """The keys of the definitions are the figures of the report: none missing, none left over."""
    report = daily_report(
        village.state, day=DAY, now=NOW, reconciliation=village.lists, decisions=village.decisions
    )
    figures = {key for section in SECTIONS for key in keys(section, getattr(report, section))}
    assert set(definitions()) == figures
    assert set(HEADLINES) <= figures
    assert set(report.as_dict()["definitions"]) == figures


@pytest.mark.parametrize("key", definitions())
def test_definitions_are_in_both_languages(key: str) -> None:
    """Chinese has Chinese characters, English has none, and neither is blank."""
    known = definitions()[key]
    for zh, en in (known.label, known.means):
        assert any("\u4e00" <= character <= "\u9fff" for character in zh)
        assert en.strip()
        assert en.isascii()


@pytest.mark.parametrize(
    ("group", "codes"),
    [
        ("effect", [each.value for each in Effect]),
        ("direction", [each.value for each in Direction]),
        ("source", [each.value for each in RegistrationSource]),
        ("setting", [each.value for each in QuarantineSetting]),
        ("end", [each.value for each in EndCause]),
        ("outcome", [each.value for each in Outcome]),
        ("state", [each.value for each in DutyState]),
        ("via", [each.value for each in Relation]),
        ("field", FORM_FIELDS),
        ("contact", [each.value for each in ContactState]),
        ("check", [each.value for each in CheckState]),
        ("need", [each.value for each in Need]),
        ("sanction", [each.value for each in SanctionStanding]),
        ("duty", [*ERRANDS.values(), "health-check", "patrol-round", "hand-notice", "arrange-clinic"]),
        ("question", FORM_FIELDS),
    ],
)
def test_every_code_of_the_library_has_words(group: str, codes: list[str]) -> None:
    """What programs call by a code, people read in their language."""
    for code in codes:
        assert code in packaged("words.toml")[group]


def test_every_kind_of_duty_has_a_page() -> None:
    """The how-to page lists each kind with its Chinese and says where it is explained; the page is there."""
    page = Path(__file__).parents[2] / "docs" / "how-to" / "duties.md"
    listed = {}
    for line in page.read_text(encoding="utf-8").splitlines():
        found = re.fullmatch(r"\| `([a-z-]+)` \| ([^|]+) \| [^|]+ \| \[page\]\(([^)]+)\) \|", line)
        if found:
            listed[found[1]] = found[2]
            assert (page.parent / found[3]).is_file()
    assert listed == {kind: zh for kind, (zh, _) in packaged("words.toml")["duty"].items()}


def test_words_are_pairs() -> None:
    """Each entry of the packaged words is Chinese and English."""
    for name, group in packaged("words.toml").items():
        for zh, en in group.values():
            if name != "detail":  # a plain agreement needs no detail
                assert zh.strip()
            assert bool(zh) == bool(en)
            assert en.isascii()


def test_a_plug_ins_own_code_stands_for_itself() -> None:
    """A kind that nobody wrote words for is shown, not refused."""
    assert words("duty", "feed-the-cat") == ("feed-the-cat", "feed the cat")


def test_provinces_have_both_names() -> None:
    """All provinces by name; a code of none stands for itself."""
    assert region_words("420106") == ("湖北省", "Hubei")
    assert region_words("000000") == ("未说明", "not said")
    assert region_words("990000") == ("990000", "990000")


def test_packaged_files_are_readable() -> None:
    """The package carries its texts and its page."""
    root = files("epiguard.reports")
    for name in ("_data/words.toml", "_data/figures.toml"):
        assert tomllib.loads(root.joinpath(name).read_text(encoding="utf-8"))
    for name in (
        "_templates/daily.html",
        "_templates/lists.html",
        "_templates/replay.html",
        "_templates/daily.css",
    ):
        assert root.joinpath(name).is_file()
