"""The daily report as tables, for workbooks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from epiguard.reports._commitments import CommitmentFigures
from epiguard.reports._contacts import ContactFigures
from epiguard.reports._definitions import definitions, section_words
from epiguard.reports._errands import ErrandFigures
from epiguard.reports._gate import CrossingsAt
from epiguard.reports._notices import NoticeFigures
from epiguard.reports._sheet import Cell, Column, Sheet
from epiguard.reports._supplies import RoundFigures
from epiguard.reports._withheld import WITHHELD, View
from epiguard.reports._words import words
from epiguard.reports._work import AlertFigures, DutyFigures

__all__ = ["SECTIONS", "figures_of", "report_tables"]

SECTIONS = (
    "returnees", "observation", "contacts", "forms", "duties", "errands", "crossings", "alerts", "months",
    "population", "notices", "supplies", "rosters", "commitments", "leases", "businesses",
)  # fmt: skip


def figures_of(view: View, section: str) -> Iterator[tuple[str, str | float | None]]:
    """The single figures of a section: key, such as ``"forms.matched"``, and what is shown of it."""
    part = getattr(view.report, section)
    for place, owner in ((f"{section}.total", getattr(part, "total", None)), (section, part)):
        for field in attrs.fields(type(owner)) if owner is not None else ():
            value = getattr(owner, field.name)
            if value is None or isinstance(value, int | float):
                yield f"{section}.{field.name}", view.cell(f"{place}.{field.name}", value)
    for effect, count in getattr(part, "by_effect", {}).items():
        yield f"{section}.{effect}", view.cell(f"{section}.by_effect.{effect}", count)


def report_tables(view: View) -> tuple[Sheet, ...]:
    """The report as sheets: a summary with the definitions, then one sheet per series."""
    return tuple(_tables(view))


def _tables(view: View) -> Iterator[Sheet]:
    report = view.report

    def sheet(key: str, zh: str, en: str, columns: Iterable[Column], rows: Iterable[Iterable[Cell]]) -> Sheet:
        return Sheet(
            key=key, title_zh=zh, title_en=en, columns=columns, rows=rows, personal=False,
            made_at=report.as_of,
        )  # fmt: skip

    def series(place: str, counts: Mapping[str, int], group: str | None = None) -> Iterator[list[Cell]]:
        for key, count in counts.items():
            name = key if group is None else " ".join(words(group, key))
            yield [name, view.cell(f"{place}.{key}", count)]

    def by_kind(place: str, group: str, kinds: Mapping[str, Any]) -> Iterator[list[Cell]]:
        for kind, figures in kinds.items():
            yield [kind, " ".join(words(group, kind)), *_cells(view, f"{place}.{kind}", figures)]

    count, share = Column("count", "数量", "count", 10), Column("name", "名称", "name", 26)
    code = Column("code", "代码", "code", 22)
    yield sheet("summary", "每日动态", "daily report", _SUMMARY, _summary(view))
    yield sheet(
        "per-day", "逐日返程", "returns per day",
        (Column("date", "日期", "date", 14), count), series("returnees.per_day", report.returnees.per_day),
    )  # fmt: skip
    yield sheet(
        "by-region", "来源地", "region of origin",
        (Column("region", "代码", "code", 10), Column("zh", "省份", "province (Chinese)", 20),
         Column("en", "省份(英文)", "province", 20), count),
        (
            [each.region, each.zh, each.en, view.cell(f"returnees.by_region.{each.region}", each.returns)]
            for each in report.returnees.by_region
        ),
    )  # fmt: skip
    waiting = report.observation.awaiting_release
    yield sheet(
        "by-day-number", "观察第几日", "day of observation",
        (Column("day_number", "第几日", "day", 16), count),
        [
            *(
                [int(number), view.cell(f"observation.by_day_number.{number}", each)]
                for number, each in report.observation.by_day_number.items()
            ),
            [" ".join(words("misc", "awaiting-release")), view.cell("observation.awaiting_release", waiting)],
        ],
    )  # fmt: skip
    yield sheet(
        "observation", "观察方式与解除", "settings and releases", (share, count),
        [
            *series("observation.by_setting", report.observation.by_setting, "setting"),
            *series("observation.ending_on", report.observation.ending_on),
        ],
    )  # fmt: skip
    for key, zh, en, group, section, inner, cls in _KINDS:
        kinds = getattr(getattr(report, section), inner)
        yield sheet(
            key, zh, en, (code, share, *_figures(section, cls)), by_kind(f"{section}.{inner}", group, kinds)
        )
    yield sheet(
        "checkpoints", "卡口", "checkpoints",
        (code, share, *_figures("crossings", CrossingsAt)),
        (
            [
                each, report.checkpoint_names.get(each, each),
                *_cells(view, f"crossings.by_checkpoint.{each}", figures),
            ]
            for each, figures in report.crossings.by_checkpoint.items()
        ),
    )  # fmt: skip
    yield sheet(
        "reasons", "未放行原因", "reasons", (code, share, count),
        (
            [each, " ".join(words("reason", each)), view.cell(f"crossings.reasons.{each}", number)]
            for each, number in report.crossings.reasons.items()
        ),
    )  # fmt: skip
    yield sheet(
        "in-stock", "库存", "in stock", (share, count), series("supplies.in_stock", report.supplies.in_stock)
    )
    yield sheet(
        "months", "逐月报警", "alerts by month", (Column("month", "月份", "month", 14), count),
        series("months.by_month", report.months.by_month),
    )  # fmt: skip
    yield sheet(
        "findings", "不符之处", "what does not add up",
        (Column("zh", "不符之处", "finding (Chinese)", 70), Column("en", "不符之处(英文)", "finding", 70)),
        report.findings,
    )  # fmt: skip
    notes = (Column("note", "说明", "notes", 110),)
    yield sheet("notes", "说明", "notes", notes, ([note] for note in report.notes))


#: Key, titles, group of words, section, its series by kind, and the class of their figures.
_KINDS: tuple[tuple[str, str, str, str, str, str, type[Any]], ...] = (
    ("duties", "任务", "duties", "duty", "duties", "by_kind", DutyFigures),
    ("contacts", "联系", "contacts", "role", "contacts", "by_role", ContactFigures),
    ("errands", "上门代办", "errands", "need", "errands", "by_need", ErrandFigures),
    ("alerts", "报警", "alerts", "alert", "alerts", "by_kind", AlertFigures),
    ("notices", "告知", "notices", "notice", "notices", "by_notice", NoticeFigures),
    ("supplies", "物资发放", "supplies", "round", "supplies", "by_round", RoundFigures),
    ("commitments", "承诺书", "commitments", "commitment", "commitments", "by_commitment", CommitmentFigures),
)
_WITHHELD_MEANS = (
    f"小于该数(0除外)以及可据以推算的数字以 {WITHHELD} 代替",
    f"smaller counts but 0, and those by which they could be worked out, stand as {WITHHELD}",
)
_SUMMARY = (
    Column("section", "部分", "section", 22), Column("figure", "代码", "key", 30),
    Column("label_zh", "指标", "figure (Chinese)", 18), Column("label_en", "指标(英文)", "figure", 26),
    Column("value", "数值", "value", 18), Column("means_zh", "定义", "definition (Chinese)", 60),
    Column("means_en", "定义(英文)", "definition", 60),
)  # fmt: skip


def _summary(view: View) -> Iterator[list[Cell]]:
    report = view.report
    site = f"{report.site_name} ({report.site_id})" if report.site_name != report.site_id else report.site_id
    for key, zh, en, value in (
        ("site", "地点", "site", site), ("day", "日期", "day", report.day.isoformat()),
        ("as_of", "截至", "as of", report.as_of.isoformat()),
        ("policy_versions", "规则版本", "policy version", ", ".join(report.policy_versions)),
    ):  # fmt: skip
        yield ["", key, zh, en, value, "", ""]
    if view.below is not None:
        yield ["", "withheld_below", "不显示小于", "withheld below", view.below, *_WITHHELD_MEANS]
    for section in SECTIONS:
        title = " ".join(section_words(section))
        for key, figure in figures_of(view, section):
            known = report.definitions[key]
            yield [title, key, *known.label, figure, *known.means]


def _figures(section: str, cls: type[Any]) -> Iterator[Column]:
    for field in attrs.fields(cls):
        yield Column(field.name, *definitions()[f"{section}.{field.name}"].label, 10)


def _cells(view: View, place: str, figures: Any) -> Iterator[Cell]:  # noqa: ANN401 - any figures
    for field in attrs.fields(type(figures)):
        yield view.cell(f"{place}.{field.name}", getattr(figures, field.name))
