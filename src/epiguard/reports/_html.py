"""The daily report as one page that needs nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from types import ModuleType
from typing import Any

import attrs

from epiguard.errors import ExportError
from epiguard.reports._charts import charts_of
from epiguard.reports._daily import DailyReport
from epiguard.reports._definitions import Definition, section_words
from epiguard.reports._files import write_whole
from epiguard.reports._sheet import clean_text
from epiguard.reports._tables import SECTIONS, figures_of
from epiguard.reports._words import LANGUAGES, Words, words

__all__ = ["render_html", "write_html"]

#: What a committee looks at first.
HEADLINES = (
    "returnees.today", "returnees.to_date", "returnees.confirmed", "returnees.unconfirmed",
    "observation.in_force", "observation.released", "forms.to_confirm", "forms.unregistered",
    "forms.contradictory", "duties.open", "duties.overdue", "alerts.open",
)  # fmt: skip
#: Headlines that ask for work where they are not 0.
_URGENT = frozenset(
    {"forms.unregistered", "forms.contradictory", "duties.overdue", "alerts.open"}
)  # fmt: skip


@attrs.frozen
class Figure:
    """One figure on the page."""

    key: str
    value: int | None
    known: Definition

    @property
    def section(self) -> Words:
        """The title of its section: a label alone does not say what is open."""
        return section_words(self.key.partition(".")[0])

    @property
    def urgent(self) -> bool:
        """Whether it asks for work."""
        return self.key in _URGENT and bool(self.value)


@attrs.frozen
class Section:
    """A part of the report: its single figures."""

    key: str
    title: Words
    figures: tuple[Figure, ...]


def write_html(report: DailyReport, path: str | Path, *, languages: Sequence[str] = LANGUAGES) -> Path:
    """Write the daily report as one self-contained HTML page; the same report gives the same bytes.

    With both languages the page shows the first and switches without JavaScript.

    Args:
        report: The report.
        path: The file; written whole or not at all.
        languages: ``"zh"``, ``"en"`` or both, the one shown first first.

    Returns:
        The path.

    Raises:
        ExportError: If a language is not known, Jinja2 is not installed or the file cannot be written.
    """
    return write_whole(path, render_html(report, languages=languages).encode(), private=False)


def render_html(report: DailyReport, *, languages: Sequence[str] = LANGUAGES) -> str:
    """The page as text; see :func:`write_html`."""
    shown = _checked(languages)
    jinja2 = _jinja2()
    style = files("epiguard.reports").joinpath("_templates", "daily.css").read_text(encoding="utf-8")
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("epiguard.reports", "_templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Marked as safe: our own file; escaping would change the text whose hash the policy names.
    style = jinja2.filters.do_mark_safe(style)
    page: str = environment.get_template("daily.html").render(
        report=report,
        languages=shown,
        style=style,
        style_hash=base64.b64encode(hashlib.sha256(style.encode()).digest()).decode(),
        headlines=_headlines(report),
        sections=tuple(_sections(report)),
        charts=charts_of(report),
        tables=tuple(_tables(report)),
        definitions=report.definitions,
        section_words=section_words,
    )
    return clean_text(page)


def _checked(languages: Sequence[str]) -> tuple[tuple[int, str, str], ...]:
    given = tuple(languages) if not isinstance(languages, str) else (languages,)
    if not given or len(set(given)) != len(given) or not set(given) <= set(LANGUAGES):
        raise ExportError(
            "write_html(languages=)",
            expected="one or both of 'zh' and 'en'",
            got="another list",
            do="for example languages=('zh', 'en')",
        )
    tags = {"zh": "zh-CN", "en": "en"}
    return tuple((LANGUAGES.index(each), each, tags[each]) for each in given)


def _jinja2() -> ModuleType:
    try:
        import jinja2  # noqa: PLC0415 - wanted by those who write the page, and installed by them
    except ModuleNotFoundError as error:
        if error.name != "jinja2":
            raise
        raise ExportError(
            "HTML",
            expected="the package Jinja2",
            got="an installation without it",
            do="pip install epiguard[day]",
        ) from None
    module: ModuleType = jinja2
    return module


def _sections(report: DailyReport) -> Iterator[Section]:
    for section in SECTIONS:
        figures = tuple(
            Figure(key, value, report.definitions[key]) for key, value in figures_of(report, section)
        )
        yield Section(section, section_words(section), figures)


def _headlines(report: DailyReport) -> tuple[Figure, ...]:
    every = {figure.key: figure for section in _sections(report) for figure in section.figures}
    return tuple(every[key] for key in HEADLINES)


def _tables(report: DailyReport) -> Iterator[dict[str, Any]]:
    """What has no chart: a title and rows of words and a number."""
    label = {key: known.label for key, known in report.definitions.items()}
    yield {
        "title": label["observation.ending_on"],
        "rows": [((on, on), count) for on, count in report.observation.ending_on.items()],
    }
    yield {
        "title": label["observation.by_setting"],
        "rows": [(words("setting", each), count) for each, count in report.observation.by_setting.items()],
    }
    yield {
        "title": label["forms.by_source"],
        "rows": [(words("source", each), count) for each, count in report.forms.by_source.items()],
    }
    yield {
        "title": label["crossings.by_direction"],
        "rows": [(words("direction", each), count) for each, count in report.crossings.by_direction.items()],
    }
    yield {
        "title": label["crossings.reasons"],
        "rows": [(words("reason", each), count) for each, count in report.crossings.reasons.items()],
    }
    yield {
        "title": label["alerts.by_kind"],
        "rows": [(words("alert", kind), each.raised) for kind, each in report.alerts.by_kind.items()],
    }
