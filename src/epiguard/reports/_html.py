"""The daily report as one page that needs nothing else: no script, no font, no picture from elsewhere."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterator, Mapping, Sequence
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
from epiguard.reports._withheld import WITHHELD, View, view_of
from epiguard.reports._words import LANGUAGES, Words, words

__all__ = ["checked_languages", "render_html", "render_page", "write_html"]

#: What a committee looks at first.
HEADLINES = (
    "returnees.today", "returnees.to_date", "returnees.confirmed", "returnees.unconfirmed",
    "observation.in_force", "observation.released", "forms.to_confirm", "forms.unregistered",
    "forms.contradictory", "duties.open", "duties.overdue", "alerts.open",
)  # fmt: skip
#: What is looked at first, too, where it is not 0.
ALARMING = (
    "contacts.overdue", "contacts.checks_due", "contacts.with_missed_days", "errands.late", "alerts.at_town",
    "notices.unreached", "rosters.uncovered", "supplies.unserved",
)  # fmt: skip
#: Headlines that ask for work where they are not 0.
_URGENT = frozenset(
    {"forms.unregistered", "forms.contradictory", "duties.overdue", "alerts.open", *ALARMING}
    - {"contacts.checks_due", "notices.unreached", "supplies.unserved"}
)
#: Sections without which a page is a page; others are shown where something is on record.
_ALWAYS = frozenset(
    {"returnees", "observation", "forms", "duties", "crossings", "alerts", "population"}
)  # fmt: skip


@attrs.frozen
class Figure:
    """One figure on the page."""

    key: str
    value: str | float | None
    known: Definition

    @property
    def section(self) -> Words:
        """The title of its section: a label alone does not say what is open."""
        return section_words(self.key.partition(".")[0])

    @property
    def urgent(self) -> bool:
        """Whether it asks for work."""
        return self.key in _URGENT and bool(self.value)

    @property
    def shown(self) -> str | float | None:
        """As it is written: a percentage with its sign and one decimal."""
        return f"{self.value:+.1f} %" if isinstance(self.value, float) else self.value


@attrs.frozen
class Section:
    """A part of the report: its single figures."""

    key: str
    title: Words
    figures: tuple[Figure, ...]

    @property
    def says_something(self) -> bool:
        """Whether any of its figures is neither 0 nor nothing."""
        return any(each.value for each in self.figures)


def write_html(
    report: DailyReport, path: str | Path, *, languages: Sequence[str] = LANGUAGES, below: int | None = None
) -> Path:
    """Write the daily report as one self-contained HTML page; the same report gives the same bytes.

    With both languages the page shows the first and switches without JavaScript.

    Args:
        report: The report.
        path: The file; written whole or not at all.
        languages: ``"zh"``, ``"en"`` or both, the one shown first first.
        below: As of :func:`write_json`; a withheld count is an asterisk.

    Returns:
        The path.

    Raises:
        ExportError: If a language is not known, Jinja2 is not installed or the file cannot be written.
    """
    text = render_html(report, languages=languages, below=below)
    return write_whole(path, text.encode(), private=False)


def render_html(
    report: DailyReport, *, languages: Sequence[str] = LANGUAGES, below: int | None = None
) -> str:
    """The page as text; see :func:`write_html`."""
    view = view_of(report, below)
    shown = checked_languages(languages, "write_html(languages=)")
    return render_page(
        "daily.html",
        report=report,
        languages=shown,
        below=below,
        withheld=WITHHELD,
        headlines=_headlines(view),
        sections=tuple(each for each in _sections(view) if each.key in _ALWAYS or each.says_something),
        charts=charts_of(view),
        tables=tuple(_tables(view)),
        definitions=report.definitions,
        section_words=section_words,
    )


def render_page(template: str, **values: Any) -> str:  # noqa: ANN401 - whatever the template shows
    """A page of the package's own templates, with its style inside and a policy that forbids all else."""
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
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    page: str = environment.get_template(template).render(style=style, style_hash=digest, **values)
    return clean_text(page)


def checked_languages(languages: Sequence[str], where: str) -> tuple[tuple[int, str, str], ...]:
    """The place, code and tag of each language that a page shows.

    Raises:
        ExportError: If one is not known, or none is given.
    """
    given = tuple(languages) if not isinstance(languages, str) else (languages,)
    if not given or len(set(given)) != len(given) or not set(given) <= set(LANGUAGES):
        raise ExportError(
            where,
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


def _sections(view: View) -> Iterator[Section]:
    known = view.report.definitions
    for section in SECTIONS:
        figures = tuple(Figure(key, value, known[key]) for key, value in figures_of(view, section))
        yield Section(section, section_words(section), figures)


def _headlines(view: View) -> tuple[Figure, ...]:
    every = {figure.key: figure for section in _sections(view) for figure in section.figures}
    late = sum(each.overdue for each in view.report.contacts.by_role.values())
    if late and not view.withheld:  # of all contacts together there is no other figure
        every["contacts.overdue"] = Figure(
            "contacts.overdue", late, view.report.definitions["contacts.overdue"]
        )
    alarming = (every[key] for key in ALARMING if key in every)
    return (*(every[key] for key in HEADLINES), *(each for each in alarming if each.value))


def _tables(view: View) -> Iterator[dict[str, Any]]:
    """What has no chart: a title and rows of words and a number."""
    report = view.report
    label = {key: known.label for key, known in report.definitions.items()}

    def table(key: str, group: str | None, counts: Mapping[str, int]) -> dict[str, Any]:
        rows = [
            ((each, each) if group is None else words(group, each), view.cell(f"{key}.{each}", count))
            for each, count in counts.items()
        ]
        return {"title": label[key], "rows": rows}

    yield table("observation.ending_on", None, report.observation.ending_on)
    yield table("observation.by_setting", "setting", report.observation.by_setting)
    yield table("forms.by_source", "source", report.forms.by_source)
    yield table("crossings.by_direction", "direction", report.crossings.by_direction)
    yield table("crossings.reasons", "reason", report.crossings.reasons)
    kinds = report.alerts.by_kind.items()
    rows = [
        (words("alert", kind), view.cell(f"alerts.by_kind.{kind}.raised", each.raised))
        for kind, each in kinds
    ]
    yield {"title": label["alerts.by_kind"], "rows": rows}
    signed = report.commitments.by_commitment.items()
    place = "commitments.by_commitment"
    rows = [
        ((f"{each}: {zh}", f"{each}: {en}"), view.cell(f"{place}.{each}.{key}", getattr(figures, key)))
        for each, figures in signed
        for key in ("signed", "unsigned")
        for zh, en in [label[f"commitments.{key}"]]
    ]
    yield {"title": label[place], "rows": rows}
    yield table("supplies.in_stock", None, report.supplies.in_stock)
