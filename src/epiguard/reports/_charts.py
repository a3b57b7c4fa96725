"""The charts of the daily report."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from epiguard.reports._chart import Bar, Cell, Chart, bars, columns
from epiguard.reports._withheld import View
from epiguard.reports._words import Words, words

__all__ = ["charts_of"]

#: How many days the drawing of arrivals shows: an incubation period twice over. The table has all.
DAYS_DRAWN = 28
#: How many regions of origin are drawn; the others are one bar, and the table has all.
REGIONS_DRAWN = 8
#: The fewest days of observation drawn, so that pages of different days look alike.
DAYS_OF_PERIOD = 14
#: How many notices and months are drawn.
NOTICES_DRAWN = 8
#: How many kinds of duties are drawn: those with most left to do; the table has all.
DUTIES_DRAWN = 10
MONTHS_DRAWN = 12
_COUNT: Words = ("数量", "count")


def charts_of(view: View) -> tuple[Chart, ...]:
    """All charts that have something to show, in the order of the page."""
    made = (
        _arrivals(view), _observed(view), _contacts(view), _regions(view), _forms(view), _duties(view),
        _errands(view), _crossings(view), _months(view), _population(view), _notices(view), _supplies(view),
    )  # fmt: skip
    return tuple(each for each in made if each is not None)


def _label(view: View, key: str) -> Words:
    return view.report.definitions[key].label


def _arrivals(view: View) -> Chart:
    report, place = view.report, "returnees.per_day"
    series = report.returnees.per_day
    first = min((date.fromisoformat(on) for on in series if on != "undated"), default=report.day)
    drawn = min(DAYS_DRAWN, max(DAYS_OF_PERIOD, (report.day - first).days + 1))
    days = [report.day - timedelta(days=back) for back in reversed(range(drawn))]
    rows = [
        ((on, on) if on != "undated" else words("misc", on), view.cell(f"{place}.{on}", count))
        for on, count in series.items()
    ]
    given = []
    for on in days:
        count = view.count(f"{place}.{on.isoformat()}", series.get(on.isoformat(), 0))
        given.append(Bar((f"{on.month}/{on.day}",) * 2, (("today" if on == report.day else "plain", count),)))
    return columns(
        "arrivals",
        _label(view, "returnees.per_day"),
        given,
        headings=(("日期", "date"), _label(view, "returnees.to_date")),
        rows=rows,
    )


def _regions(view: View) -> Chart | None:
    regions, place = view.report.returnees.by_region, "returnees.by_region"
    if not regions:
        return None
    counts = {each.region: view.count(f"{place}.{each.region}", each.returns) for each in regions}
    given = [Bar((each.zh, each.en), (("plain", counts[each.region]),)) for each in regions[:REGIONS_DRAWN]]
    others = [counts[each.region] for each in regions[REGIONS_DRAWN:]]
    if others:
        hidden = (("muted", None),) if None in others else ()
        together = ("muted", sum(each or 0 for each in others))
        given.append(Bar(words("misc", "other-regions"), (together, *hidden)))
    return bars(
        "regions",
        _label(view, "returnees.by_region"),
        given,
        headings=(_label(view, "returnees.by_region"), _label(view, "returnees.to_date")),
        rows=[((each.zh, each.en), view.cell(f"{place}.{each.region}", each.returns)) for each in regions],
    )


def _observed(view: View) -> Chart:
    seen, place = view.report.observation, "observation.by_day_number"
    figures = {int(number): count for number, count in seen.by_day_number.items()}
    last = max(DAYS_OF_PERIOD, *figures) if figures else DAYS_OF_PERIOD
    first = 0 if 0 in figures else 1
    given = [
        Bar((f"{number}",) * 2, (("plain", view.count(f"{place}.{number}", figures.get(number, 0))),))
        for number in range(first, last + 1)
    ]
    rows: list[tuple[Cell, ...]] = [
        ((f"{number}",) * 2, view.cell(f"{place}.{number}", count)) for number, count in figures.items()
    ]
    if seen.awaiting_release:
        path = "observation.awaiting_release"
        given.append(Bar(("待", "…"), (("today", view.count(path, seen.awaiting_release)),)))
        rows.append((words("misc", "awaiting-release"), view.cell(path, seen.awaiting_release)))
    return columns(
        "observed",
        _label(view, place),
        given,
        headings=(_label(view, place), _label(view, "observation.in_force")),
        rows=rows,
    )


def _forms(view: View) -> Chart | None:
    forms = view.report.forms
    styles = {
        "matched": "good", "to_confirm": "waiting", "not_in_register": "plain", "unregistered": "bad",
        "contradictory": "bad",
    }  # fmt: skip
    known = [(name, css, getattr(forms, name)) for name, css in styles.items()]
    known = [each for each in known if each[2] is not None]
    if not known:
        return None
    return bars(
        "forms",
        ("登记表核对结果", "outcome of the forms"),
        [
            Bar(_label(view, f"forms.{name}"), ((css, view.count(f"forms.{name}", value)),))
            for name, css, value in known
        ],
        headings=(("结果", "outcome"), _COUNT),
        rows=[(_label(view, f"forms.{name}"), view.cell(f"forms.{name}", value)) for name, _, value in known],
    )


def _duties(view: View) -> Chart | None:
    duties, place = view.report.duties, "duties.by_kind"
    # Where most is left to do, first.
    kinds = dict(sorted(duties.by_kind.items(), key=lambda item: (-item[1].open, item[0])))
    if not kinds:
        return None
    legend = [
        ("good", _label(view, "duties.done")),
        ("waiting", words("misc", "open-in-time")),
        ("bad", _label(view, "duties.overdue")),
    ]
    if duties.total.closed:
        legend.insert(1, ("muted", _label(view, "duties.closed")))
    given = []
    for kind, each in list(kinds.items())[:DUTIES_DRAWN]:
        shown = {
            name: view.count(f"{place}.{kind}.{name}", getattr(each, name))
            for name in ("done", "closed", "open", "overdue")
        }
        still, late = shown["open"], shown["overdue"]
        in_time = None if still is None or late is None else still - late
        parts = (("good", shown["done"]), ("muted", shown["closed"]), ("waiting", in_time), ("bad", late))
        given.append(Bar(words("duty", kind), parts))
    names = ("opened", "done", "closed", "open", "overdue")
    return bars(
        "duties",
        ("任务进展", "duties"),
        given,
        headings=(_label(view, place), *(_label(view, f"duties.{each}") for each in names)),
        rows=_rows(view, place, "duty", kinds, names),
        legend=legend,
    )


def _rows(
    view: View, place: str, group: str, kinds: Mapping[str, Any], names: Iterable[str]
) -> list[tuple[Cell, ...]]:
    wanted = tuple(names)
    return [
        (
            words(group, kind),
            *(view.cell(f"{place}.{kind}.{name}", getattr(figures, name)) for name in wanted),
        )
        for kind, figures in kinds.items()
    ]


def _stacked(  # noqa: PLR0913 - the parts of a chart
    view: View,
    key: str,
    title: Words,
    *,
    place: str,
    group: str,
    kinds: Mapping[str, Any],
    styles: Mapping[str, str],
) -> Chart | None:
    """One bar for each kind, in it the figures of some names, each in its style."""
    if not kinds:
        return None
    section = place.partition(".")[0]
    return bars(
        key,
        title,
        [
            Bar(
                words(group, kind),
                tuple(
                    (css, view.count(f"{place}.{kind}.{name}", getattr(figures, name)))
                    for name, css in styles.items()
                ),
            )
            for kind, figures in kinds.items()
        ],
        headings=(_label(view, place), *(_label(view, f"{section}.{name}") for name in styles)),
        rows=_rows(view, place, group, kinds, styles),
        legend=[(css, _label(view, f"{section}.{name}")) for name, css in styles.items()],
    )


def _contacts(view: View) -> Chart | None:
    return _stacked(
        view,
        "contacts",
        ("联系情况", "contacts of returnees"),
        place="contacts.by_role",
        group="role",
        kinds=view.report.contacts.by_role,
        styles={"reached": "good", "open": "waiting", "overdue": "bad", "closed": "plain", "none": "muted"},
    )


def _errands(view: View) -> Chart | None:
    return _stacked(
        view,
        "errands",
        ("上门代办", "errands to the door"),
        place="errands.by_need",
        group="need",
        kinds=view.report.errands.by_need,
        styles={"brought": "good", "fallen": "muted", "waiting": "waiting"},
    )


def _notices(view: View) -> Chart | None:
    # Those that fewest have got, first.
    every = sorted(view.report.notices.by_notice.items(), key=lambda item: (-item[1].unreached, item[0]))
    return _stacked(
        view,
        "notices",
        ("告知送达", "notices received"),
        place="notices.by_notice",
        group="notice",
        kinds=dict(every[:NOTICES_DRAWN]),
        styles={"received": "good", "unreached": "waiting"},
    )


def _supplies(view: View) -> Chart | None:
    return _stacked(
        view,
        "supplies",
        ("物资发放", "supplies handed out"),
        place="supplies.by_round",
        group="round",
        kinds=view.report.supplies.by_round,
        styles={"served": "good", "unserved": "waiting"},
    )


def _months(view: View) -> Chart | None:
    months = view.report.months.by_month
    if not months:
        return None
    place, current = "months.by_month", f"{view.report.day:%Y-%m}"
    shown = dict(list(months.items())[-MONTHS_DRAWN:])
    return columns(
        "months",
        _label(view, place),
        [
            Bar(
                (month, month),
                (("today" if month == current else "plain", view.count(f"{place}.{month}", count)),),
            )
            for month, count in shown.items()
        ],
        headings=(("月份", "month"), _label(view, "alerts.raised")),
        rows=[((month, month), view.cell(f"{place}.{month}", count)) for month, count in months.items()],
    )


def _population(view: View) -> Chart | None:
    living = view.report.population
    if not living.residents:
        return None
    names = ("local", "non_local", "region_unknown", "key_region")
    return bars(
        "population",
        ("常住人员户籍", "household registration of residents"),
        [
            Bar(
                _label(view, f"population.{name}"),
                (
                    (
                        "today" if name == "key_region" else "plain",
                        view.count(f"population.{name}", getattr(living, name)),
                    ),
                ),
            )
            for name in names
        ],
        headings=(("户籍", "registration"), _COUNT),
        rows=[
            (_label(view, f"population.{name}"), view.cell(f"population.{name}", getattr(living, name)))
            for name in names
        ],
    )


def _crossings(view: View) -> Chart | None:
    report, crossings = view.report, view.report.crossings
    if not crossings.decided:
        return None
    styles = (("allow", "good"), ("hold", "waiting"), ("deny", "bad"))
    total = _label(view, "crossings.decided")
    every = [
        (
            total,
            view.cell("crossings.decided", crossings.decided),
            {name: (f"crossings.by_effect.{name}", crossings.by_effect.get(name, 0)) for name, _ in styles},
        ),
        *(
            (
                (report.checkpoint_names.get(each, each),) * 2,
                view.cell(f"crossings.by_checkpoint.{each}.decided", figures.decided),
                {
                    name: (f"crossings.by_checkpoint.{each}.{name}", getattr(figures, name))
                    for name, _ in styles
                },
            )
            for each, figures in crossings.by_checkpoint.items()
            if figures.decided
        ),
    ]
    return bars(
        "crossings",
        ("出入判定结果", "crossings by effect"),
        [
            Bar(name, tuple((css, view.count(*parts[effect])) for effect, css in styles))
            for name, _, parts in every
        ],
        headings=(
            _label(view, "crossings.by_checkpoint"), total,
            *(_label(view, f"crossings.{effect}") for effect, _ in styles),
        ),
        rows=[(name, decided, *(view.cell(*parts[effect]) for effect, _ in styles))
              for name, decided, parts in every],
        legend=[(css, _label(view, f"crossings.{effect}")) for effect, css in styles],
    )  # fmt: skip
