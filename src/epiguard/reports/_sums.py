"""What adds up in a report: totals and their parts, by their paths."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import attrs

from epiguard.reports._daily import DailyReport
from epiguard.work import ERRANDS, Need

__all__ = ["Sum", "sums_of"]


@attrs.frozen
class Sum:
    """A total and its parts: paths such as ``"forms.received"``."""

    total: str
    parts: tuple[str, ...]

    def paths(self) -> frozenset[str]:
        """All of them."""
        return frozenset((self.total, *self.parts))


def sums_of(report: DailyReport) -> tuple[Sum, ...]:
    """Everything in a report that is the sum of other figures of it, as its definitions promise."""
    return tuple(_sums(report))


def _sums(report: DailyReport) -> Iterator[Sum]:
    yield from _people(report)
    yield from _work(report)
    yield from _gates(report)
    yield from _community(report)


def _of(total: str, *parts: str) -> Sum:
    """Parts beside the total in one section."""
    section = total.rpartition(".")[0]
    return Sum(total, tuple(f"{section}.{each}" for each in parts))


def _over(total: str, series: str, keys: Iterable[str], name: str = "") -> Sum:
    """A series by its keys, and within each the figure of a name."""
    return Sum(total, tuple(f"{series}.{key}{f'.{name}' if name else ''}" for key in keys))


def _people(report: DailyReport) -> Iterator[Sum]:
    back, seen = report.returnees, report.observation
    yield _of("returnees.to_date", "confirmed", "unconfirmed")
    yield _over("returnees.to_date", "returnees.per_day", back.per_day)
    yield _over("returnees.to_date", "returnees.by_region", (each.region for each in back.by_region))
    if report.day.isoformat() in back.per_day:
        yield Sum("returnees.today", (f"returnees.per_day.{report.day.isoformat()}",))
    yield _of("observation.in_force", "on_persons", "on_forms")
    yield _over("observation.in_force", "observation.by_setting", seen.by_setting)
    numbers = _over("observation.in_force", "observation.by_day_number", seen.by_day_number)
    yield Sum(numbers.total, (*numbers.parts, "observation.awaiting_release"))
    yield _over("observation.ending_soon", "observation.ending_on", seen.ending_on)
    yield _of("population.residents", "local", "non_local", "region_unknown")


def _work(report: DailyReport) -> Iterator[Sum]:
    yield _of("forms.received", "matched", "to_confirm", "not_in_register")
    yield _over("forms.received", "forms.by_source", report.forms.by_source)
    kinds = report.duties.by_kind
    for name in ("opened", "done", "closed", "open", "overdue", "at_the_door"):
        yield _over(f"duties.total.{name}", "duties.by_kind", kinds, name)
    for place in ("total", *(f"by_kind.{kind}" for kind in kinds)):
        yield _of(f"duties.{place}.opened", "done", "closed", "open")
    needs = report.errands.by_need
    duties_of = {
        "asked": "opened",
        "brought": "done",
        "fallen": "closed",
        "waiting": "open",
        "late": "overdue",
    }
    for name in ("asked", "asked_today", "brought", "fallen", "waiting", "late"):
        yield _over(f"errands.total.{name}", "errands.by_need", needs, name)
    for need in needs:
        # The same errands are among the duties.
        for name, same in duties_of.items():
            yield Sum(f"errands.by_need.{need}.{name}", (f"duties.by_kind.{ERRANDS[Need(need)]}.{same}",))
    for place in ("total", *(f"by_need.{need}" for need in needs)):
        yield _of(f"errands.{place}.asked", "brought", "fallen", "waiting")
    alerts = report.alerts.by_kind
    for name in ("raised", "today", "open"):
        yield _over(f"alerts.total.{name}", "alerts.by_kind", alerts, name)
    for role in report.contacts.by_role:
        states = ("reached", "open", "overdue", "closed", "none")
        yield Sum("contacts.periods", tuple(f"contacts.by_role.{role}.{each}" for each in states))
    yield _of("contacts.checks", "checks_done", "checks_due", "checks_missed")
    day = report.day
    if f"{day:%Y-%m}" in report.months.by_month:
        yield Sum("months.this_month", (f"months.by_month.{day:%Y-%m}",))


def _gates(report: DailyReport) -> Iterator[Sum]:
    crossings = report.crossings
    yield _over("crossings.decided", "crossings.by_effect", crossings.by_effect)
    yield _over("crossings.decided", "crossings.by_direction", crossings.by_direction)
    yield _over("crossings.decided", "crossings.by_checkpoint", crossings.by_checkpoint, "decided")
    for place in crossings.by_checkpoint:
        yield _of(f"crossings.by_checkpoint.{place}.decided", "allow", "hold", "deny")
    for effect in crossings.by_effect:
        yield _over(
            f"crossings.by_effect.{effect}", "crossings.by_checkpoint", crossings.by_checkpoint, effect
        )


def _community(report: DailyReport) -> Iterator[Sum]:
    for series, name, names in (
        ("notices", "by_notice", ("audience", "received", "read", "unreached")),
        ("supplies", "by_round", ("served", "unserved", "handed_out")),
    ):
        inner: Mapping[str, object] = getattr(getattr(report, series), name)
        for each in names:
            yield _over(f"{series}.{each}", f"{series}.{name}", inner, each)
    yield _of("notices.audience", "received", "unreached")
    for notice in report.notices.by_notice:
        yield _of(f"notices.by_notice.{notice}.audience", "received", "unreached")
    yield _of("commitments.sanctions", "standing", "objected", "withdrawn", "without_basis")
    yield _of("leases.contracts", "running", "ended")
    yield _of("businesses.shops", "open", "shut")
