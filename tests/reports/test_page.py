"""The page: one file, no script, both languages, nobody named."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from datetime import date, datetime
from html.parser import HTMLParser
from typing import Any

import attrs
import pytest

from epiguard import ExportError
from epiguard.reports import ReportPlan, daily_report
from epiguard.reports._chart import Bar, columns
from epiguard.reports._charts import charts_of
from epiguard.reports._html import render_html
from epiguard.reports._withheld import view_of
from epiguard.work import StatedPopulation

DAY = date(2020, 2, 13)
NOW = datetime.fromisoformat("2020-02-13T18:00:00+08:00")
VOID = {"meta", "input", "link", "br", "img", "rect", "line"}


class Page(HTMLParser):
    """Collects elements and texts, and checks that every element is closed."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[tuple[str, str]] = []
        self._open: list[tuple[str, str | None]] = []
        self.feed(text)
        self.close()
        assert self._open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element."""
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self._open.append((tag, dict(attrs).get("class")))

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note an element that closes itself."""
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        """Check that it closes the last one opened."""
        assert self._open.pop()[0] == tag

    def handle_data(self, data: str) -> None:
        """Note a text under its language."""
        if data.strip():
            languages = [css for _, css in self._open if css in {"zh", "en"}]
            self.texts.append((languages[-1] if languages else "", data))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        """The attributes of all elements of a name."""
        return [attributes for name, attributes in self.elements if name == tag]


@pytest.fixture
def report(village: Any) -> Any:
    """A report with a little of everything."""
    return daily_report(
        village.state,
        day=DAY,
        now=NOW,
        reconciliation=village.lists,
        decisions=village.decisions,
        alarms={"2020-01": 30, "2020-02": 4},
        plan=ReportPlan(
            population=StatedPopulation(total=2013, parts={"local": 1226, "non_local": 786}),
            stated_changes={"community": -529.5},
        ),
    )


def test_the_page_is_named_after_place_and_day(report: Any) -> None:
    """Its title tells it from those of other days in a row of open pages."""
    [title] = re.findall(r"<title>(.*?)</title>", render_html(report).partition("<body>")[0])
    assert title == f"{report.site_name} 2020-02-13 一日动态数据 / daily report"


def test_the_page_needs_nothing_else(report: Any) -> None:
    """No script, no style from elsewhere, no address at all, and a policy that would forbid them."""
    text = render_html(report)
    page = Page(text)
    assert {name for name, _ in page.elements}.isdisjoint(
        {"script", "link", "img", "iframe", "object", "embed", "form", "a", "base"}
    )
    for name, attributes in page.elements:
        for key in attributes:
            assert not key.startswith("on"), name
            assert key not in {"src", "href", "action", "style", "srcset"}, name
    [style] = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    allowed = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    [policy] = [each["content"] for each in page.all("meta") if "http-equiv" in each]
    assert policy == (
        f"default-src 'none'; style-src 'sha256-{allowed}'; base-uri 'none'; form-action 'none'"
    )
    assert not re.search(r"https?:|//[a-z]|url\(|@import|javascript:", text.replace(allowed, ""))
    assert {"name": "viewport", "content": "width=device-width, initial-scale=1"} in page.all("meta")
    assert "@media print" in style


def test_both_languages_say_the_same(report: Any) -> None:
    """Wherever there is Chinese there is English, and the switch is two radio buttons."""
    page = Page(render_html(report))
    count = {language: sum(each == language for each, _ in page.texts) for language in ("zh", "en")}
    assert count["zh"] == count["en"] > 200
    for language, text in page.texts:
        if language == "en":
            assert not re.search("[\u4e00-\u9fff]", text.replace("北门", "").replace("南门", ""))
    switches = page.all("input")
    assert [(each["id"], "checked" in each) for each in switches] == [("show-zh", True), ("show-en", False)]
    assert all(each["type"] == "radio" and each["aria-label"] for each in switches)
    assert {each["for"] for each in page.all("label")} == {"show-zh", "show-en"}


@pytest.mark.parametrize("language", ["zh", "en"])
def test_one_language_alone(report: Any, language: str) -> None:
    """A page in one language has no switch and no word of the other."""
    page = Page(render_html(report, languages=(language,)))
    assert page.all("input") == []
    assert {each for each, _ in page.texts} == {"", language}


@pytest.mark.parametrize("languages", [(), ("fr",), ("zh", "zh"), "both"])
def test_other_languages_are_refused(report: Any, languages: Any) -> None:
    """There are two languages."""
    with pytest.raises(ExportError, match="one or both of 'zh' and 'en'"):
        render_html(report, languages=languages)


def test_each_chart_has_a_name_and_a_table(report: Any) -> None:
    """Whoever does not see the drawing hears its title and reads its figures."""
    page = Page(render_html(report))
    drawings = page.all("svg")
    charts = charts_of(view_of(report, None))
    assert len(drawings) == len(charts) == 12
    ids = {attributes.get("id") for _, attributes in page.elements}
    for each in drawings:
        assert each["role"] == "img"
        assert set((each["aria-labelledby"] or "").split()) <= ids
    for chart in charts:
        assert chart.rows
        assert all(len(row) == len(chart.headings) for row in chart.rows)


def test_ids_are_unique(report: Any) -> None:
    """A label points at one thing."""
    page = Page(render_html(report))
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))


def test_what_people_wrote_is_text(report: Any) -> None:
    """A name, a note, a kind from elsewhere is shown, and never runs."""
    canary = "<script>alert(1)</script>\"'&lt;"
    poisoned = attrs.evolve(
        report,
        site_name=canary,
        notes=(canary,),
        checkpoint_names={"north": canary, "south": canary},
        policy_versions=(canary,),
    )
    text = render_html(poisoned)
    page = Page(text)
    assert "<script" not in text
    assert (sum(canary in each for _, each in page.texts)) >= 4


def test_nobody_is_named(village: Any, report: Any) -> None:
    """Neither names nor numbers nor addresses nor ids of people are in the report, in any form."""
    everything = render_html(report) + json.dumps(report.as_dict(), ensure_ascii=False) + repr(report)
    state = village.state
    personal = [person.id for person in state.people.values()]
    for person in state.people.values():
        personal += [each.value for each in (person.name, person.latin_name, person.residence) if each]
        personal += [phone.value for phone in person.phones] + [phone.national for phone in person.phones]
    for form in state.registrations.values():
        personal += [form.id, *(text.value for text in form.written.values())]
    personal += [*state.duties, *state.periods, "cadre-3"]
    assert len(personal) > 30
    for each in personal:
        assert each not in everything


def test_an_empty_day_has_a_page(world: Any) -> None:
    """On the first morning nothing is known, and the page says so."""
    text = render_html(daily_report(world.state, day=DAY, now=NOW))
    assert "未核对" in text
    Page(text)


@pytest.mark.parametrize("most", [0, 1, 2, 3, 4, 5, 7, 9, 10, 11, 99, 100, 101, 1793, 123456])
def test_bars_stay_in_their_drawing(most: int) -> None:
    """Every bar ends on the base line and below the top; the scale has few, round steps."""
    bars = [Bar((f"{day}",) * 2, (("plain", value),)) for day, value in enumerate((0, most // 2, most))]
    chart = columns("c", ("图", "chart"), bars, headings=(), rows=())
    base = max(chart.lines)
    for box in chart.boxes:
        assert box.y >= min(chart.lines) - 1e-9
        assert box.y + box.height == pytest.approx(base)
        assert 0 <= box.x <= box.x + box.width <= chart.width
    assert 2 <= len(chart.lines) <= 7
