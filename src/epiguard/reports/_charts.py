"""The charts of the daily report."""

from __future__ import annotations

from datetime import date, timedelta

from epiguard.reports._chart import Bar, Cell, Chart, bars, columns
from epiguard.reports._daily import DailyReport
from epiguard.reports._words import Words, words

__all__ = ["charts_of"]

#: How many days the drawing of arrivals shows: an incubation period twice over. The table has all.
DAYS_DRAWN = 28
#: How many regions of origin are drawn; the others are one bar, and the table has all.
REGIONS_DRAWN = 8
#: The fewest days of observation drawn, so that pages of different days look alike.
DAYS_OF_PERIOD = 14
_COUNT: Words = ("数量", "count")


def charts_of(report: DailyReport) -> tuple[Chart, ...]:
    """All charts, in the order of the page."""
    made = (
        _arrivals(report), _observed(report), _regions(report), _forms(report), _duties(report),
        _crossings(report),
    )  # fmt: skip
    return tuple(each for each in made if each is not None)


def _label(report: DailyReport, key: str) -> Words:
    return report.definitions[key].label


def _arrivals(report: DailyReport) -> Chart:
    series = report.returnees.per_day
    dated = {date.fromisoformat(on): count for on, count in series.items() if on != "undated"}
    first = min(dated, default=report.day)
    drawn = min(DAYS_DRAWN, max(DAYS_OF_PERIOD, (report.day - first).days + 1))
    days = [report.day - timedelta(days=back) for back in reversed(range(drawn))]
    rows = [((on, on) if on != "undated" else words("misc", on), count) for on, count in series.items()]
    return columns(
        "arrivals",
        _label(report, "returnees.per_day"),
        [
            Bar(
                (f"{on.month}/{on.day}",) * 2, (("today" if on == report.day else "plain", dated.get(on, 0)),)
            )
            for on in days
        ],
        headings=(("日期", "date"), _label(report, "returnees.to_date")),
        rows=rows,
    )


def _regions(report: DailyReport) -> Chart | None:
    regions = report.returnees.by_region
    if not regions:
        return None
    given = [Bar((each.zh, each.en), (("plain", each.returns),)) for each in regions[:REGIONS_DRAWN]]
    others = sum(each.returns for each in regions[REGIONS_DRAWN:])
    if others:
        given.append(Bar(words("misc", "other-regions"), (("muted", others),)))
    return bars(
        "regions",
        _label(report, "returnees.by_region"),
        given,
        headings=(_label(report, "returnees.by_region"), _label(report, "returnees.to_date")),
        rows=[((each.zh, each.en), each.returns) for each in regions],
    )


def _observed(report: DailyReport) -> Chart:
    figures = {int(number): count for number, count in report.observation.by_day_number.items()}
    last = max(DAYS_OF_PERIOD, *figures) if figures else DAYS_OF_PERIOD
    first = 0 if 0 in figures else 1
    given = [
        Bar((f"{number}",) * 2, (("plain", figures.get(number, 0)),)) for number in range(first, last + 1)
    ]
    rows: list[tuple[Cell, ...]] = [((f"{number}",) * 2, count) for number, count in figures.items()]
    if report.observation.awaiting_release:
        given.append(Bar(("待", "…"), (("today", report.observation.awaiting_release),)))
        rows.append((words("misc", "awaiting-release"), report.observation.awaiting_release))
    return columns(
        "observed",
        _label(report, "observation.by_day_number"),
        given,
        headings=(_label(report, "observation.by_day_number"), _label(report, "observation.in_force")),
        rows=rows,
    )


def _forms(report: DailyReport) -> Chart | None:
    forms = report.forms
    styles = {
        "matched": "good", "to_confirm": "waiting", "not_in_register": "plain", "unregistered": "bad",
        "contradictory": "bad",
    }  # fmt: skip
    figures = [(name, css, getattr(forms, name)) for name, css in styles.items()]
    known = [
        (_label(report, f"forms.{name}"), css, value) for name, css, value in figures if value is not None
    ]
    if not known:
        return None
    return bars(
        "forms",
        ("登记表核对结果", "outcome of the forms"),
        [Bar(label, ((css, value),)) for label, css, value in known],
        headings=(("结果", "outcome"), _COUNT),
        rows=[(label, value) for label, _, value in known],
    )


def _duties(report: DailyReport) -> Chart | None:
    # Where most is left to do, first.
    kinds = dict(sorted(report.duties.by_kind.items(), key=lambda item: (-item[1].open, item[0])))
    if not kinds:
        return None
    legend = [
        ("good", _label(report, "duties.done")),
        ("waiting", words("misc", "open-in-time")),
        ("bad", _label(report, "duties.overdue")),
    ]
    if report.duties.total.closed:
        legend.insert(1, ("muted", _label(report, "duties.closed")))
    return bars(
        "duties",
        ("任务进展", "duties"),
        [
            Bar(
                words("duty", kind),
                (
                    ("good", each.done), ("muted", each.closed), ("waiting", each.open - each.overdue),
                    ("bad", each.overdue),
                ),
            )
            for kind, each in kinds.items()
        ],
        headings=(
            _label(report, "duties.by_kind"),
            *(_label(report, f"duties.{each}") for each in ("opened", "done", "closed", "open", "overdue")),
        ),
        rows=[
            (words("duty", kind), each.opened, each.done, each.closed, each.open, each.overdue)
            for kind, each in kinds.items()
        ],
        legend=legend,
    )  # fmt: skip


def _crossings(report: DailyReport) -> Chart:
    crossings = report.crossings
    styles = (("allow", "good"), ("hold", "waiting"), ("deny", "bad"))
    total = _label(report, "crossings.decided")
    places = [
        ((report.checkpoint_names.get(each, each),) * 2, figures)
        for each, figures in crossings.by_checkpoint.items()
        if figures.decided
    ]
    given = [Bar(total, tuple((css, crossings.by_effect.get(effect, 0)) for effect, css in styles))]
    given += [
        Bar(name, tuple((css, getattr(each, effect)) for effect, css in styles)) for name, each in places
    ]
    rows: list[tuple[Cell, ...]] = [
        (total, crossings.decided, *(crossings.by_effect.get(effect, 0) for effect, _ in styles))
    ]
    rows += [(name, each.decided, each.allow, each.hold, each.deny) for name, each in places]
    return bars(
        "crossings",
        ("出入判定结果", "crossings by effect"),
        given,
        headings=(
            _label(report, "crossings.by_checkpoint"), total,
            *(_label(report, f"crossings.{effect}") for effect, _ in styles),
        ),
        rows=rows,
        legend=[(css, _label(report, f"crossings.{effect}")) for effect, css in styles],
    )  # fmt: skip
