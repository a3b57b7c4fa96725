"""The daily report as tables, for workbooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from epiguard.reports._daily import DailyReport
from epiguard.reports._definitions import definitions, section_words
from epiguard.reports._gate import CrossingsAt
from epiguard.reports._sheet import Cell, Column, Sheet
from epiguard.reports._words import words
from epiguard.reports._work import AlertFigures, DutyFigures

__all__ = ["SECTIONS", "figures_of", "report_tables"]

SECTIONS = ("returnees", "observation", "forms", "duties", "crossings", "alerts", "population")


def figures_of(report: DailyReport, section: str) -> Iterator[tuple[str, int | None]]:
    """The single figures of a section: key, such as ``"forms.matched"``, and value."""
    part = getattr(report, section)
    for field in attrs.fields(type(getattr(part, "total", part))):
        value = getattr(getattr(part, "total", part), field.name)
        if value is None or isinstance(value, int):
            yield f"{section}.{field.name}", value
    for effect, count in getattr(part, "by_effect", {}).items():
        yield f"{section}.{effect}", count


def report_tables(report: DailyReport) -> tuple[Sheet, ...]:
    """The report as sheets: a summary with the definitions, then one sheet per series."""
    return tuple(_tables(report))


def _tables(report: DailyReport) -> Iterator[Sheet]:
    made_at = report.as_of

    def sheet(key: str, zh: str, en: str, columns: Iterable[Column], rows: Iterable[Iterable[Cell]]) -> Sheet:
        return Sheet(
            key=key, title_zh=zh, title_en=en, columns=columns, rows=rows, personal=False, made_at=made_at
        )

    count, share = Column("count", "数量", "count", 10), Column("name", "名称", "name", 26)
    yield sheet("summary", "每日动态", "daily report", _SUMMARY, _summary(report))
    yield sheet(
        "per-day", "逐日返程", "returns per day",
        (Column("date", "日期", "date", 14), count), report.returnees.per_day.items(),
    )  # fmt: skip
    yield sheet(
        "by-region", "来源地", "region of origin",
        (Column("region", "代码", "code", 10), Column("zh", "省份", "province (Chinese)", 20),
         Column("en", "省份(英文)", "province", 20), count),
        ([each.region, each.zh, each.en, each.returns] for each in report.returnees.by_region),
    )  # fmt: skip
    yield sheet(
        "by-day-number", "观察第几日", "day of observation",
        (Column("day_number", "第几日", "day", 16), count),
        [
            *([int(number), each] for number, each in report.observation.by_day_number.items()),
            [" ".join(words("misc", "awaiting-release")), report.observation.awaiting_release],
        ],
    )  # fmt: skip
    yield sheet(
        "observation", "观察方式与解除", "settings and releases", (share, count),
        [
            *_named("setting", report.observation.by_setting), *report.observation.ending_on.items(),
        ],
    )  # fmt: skip
    yield sheet(
        "duties", "任务", "duties",
        (Column("kind", "代码", "code", 22), share, *_figures("duties", DutyFigures)),
        _by_kind("duty", report.duties.by_kind),
    )  # fmt: skip
    yield sheet(
        "checkpoints", "卡口", "checkpoints",
        (Column("checkpoint", "代码", "code", 14), share, *_figures("crossings", CrossingsAt)),
        (
            [each, report.checkpoint_names.get(each, each), *attrs.astuple(figures)]
            for each, figures in report.crossings.by_checkpoint.items()
        ),
    )  # fmt: skip
    yield sheet(
        "reasons", "未放行原因", "reasons", (Column("code", "代码", "code", 22), share, count),
        ([code, " ".join(words("reason", code)), each] for code, each in report.crossings.reasons.items()),
    )  # fmt: skip
    yield sheet(
        "alerts", "报警", "alerts",
        (Column("kind", "代码", "code", 26), share, *_figures("alerts", AlertFigures)),
        _by_kind("alert", report.alerts.by_kind),
    )  # fmt: skip
    notes = (Column("note", "说明", "notes", 110),)
    yield sheet("notes", "说明", "notes", notes, ([note] for note in report.notes))


_SUMMARY = (
    Column("section", "部分", "section", 22), Column("figure", "代码", "key", 30),
    Column("label_zh", "指标", "figure (Chinese)", 18), Column("label_en", "指标(英文)", "figure", 26),
    Column("value", "数值", "value", 18), Column("means_zh", "定义", "definition (Chinese)", 60),
    Column("means_en", "定义(英文)", "definition", 60),
)  # fmt: skip


def _summary(report: DailyReport) -> Iterator[list[Cell]]:
    site = f"{report.site_name} ({report.site_id})" if report.site_name != report.site_id else report.site_id
    for key, zh, en, value in (
        ("site", "地点", "site", site), ("day", "日期", "day", report.day.isoformat()),
        ("as_of", "截至", "as of", report.as_of.isoformat()),
        ("policy_versions", "规则版本", "policy version", ", ".join(report.policy_versions)),
    ):  # fmt: skip
        yield ["", key, zh, en, value, "", ""]
    for section in SECTIONS:
        title = " ".join(section_words(section))
        for key, figure in figures_of(report, section):
            known = report.definitions[key]
            yield [title, key, *known.label, figure, *known.means]


def _named(group: str, figures: Mapping[str, int]) -> Iterator[list[Cell]]:
    for code, count in figures.items():
        yield [" ".join(words(group, code)), count]


def _figures(section: str, cls: type[Any]) -> Iterator[Column]:
    for field in attrs.fields(cls):
        yield Column(field.name, *definitions()[f"{section}.{field.name}"].label, 10)


def _by_kind(group: str, kinds: Mapping[str, Any]) -> Iterator[list[Cell]]:
    for kind, figures in kinds.items():
        yield [kind, " ".join(words(group, kind)), *attrs.astuple(figures)]
