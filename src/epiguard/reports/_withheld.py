"""Small counts are withheld on request, with as many others as keep them from being worked out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from epiguard.reports._chart import WITHHELD
from epiguard.reports._daily import DailyReport
from epiguard.reports._sums import Sum, sums_of

__all__ = ["WITHHELD", "View", "counts_of", "view_of"]

#: What counts things and hours, from which nobody is recognised.
_OF_THINGS = ("rosters.", "businesses.", "leases.", "supplies.in_stock.", "notices.issued", "supplies.rounds")
#: For arithmetic in which nothing is rounded: a prime.
_FIELD = 2**61 - 1


@attrs.frozen
class View:
    """A report as it is shown: which counts are withheld, by their path such as ``"forms.matched"``."""

    report: DailyReport
    withheld: frozenset[str] = frozenset()
    below: int | None = None

    def count(self, path: str, value: int | None) -> int | None:
        """The count, or nothing where it is withheld."""
        return None if path in self.withheld else value

    def cell(self, path: str, value: float | None) -> str | float | None:
        """The count for a table, or the mark of what is withheld."""
        return WITHHELD if path in self.withheld else value


def view_of(report: DailyReport, below: int | None) -> View:
    """What of a report may be shown where counts below a number are withheld; nothing means all.

    0 is shown: it says nothing of anybody. What is withheld is therefore at least 1.
    """
    if below is None:
        return View(report)
    counts = {path: count for path, count in counts_of(report).items() if not path.startswith(_OF_THINGS)}
    sums = [each for each in sums_of(report) if each.paths() <= counts.keys()]
    hidden = {path for path, count in counts.items() if 0 < count < below}
    while exposed := _exposed(hidden, counts, sums):
        near = {path for each in sums if each.paths() & exposed for path in each.paths()}
        more = [path for path in near - hidden if counts[path]]
        if not more:
            break
        hidden.add(min(more, key=lambda path: (counts[path], path)))
    # A percentage tells of what it was made of.
    if {"months.this_month", "months.month_before"} & hidden:
        hidden |= {"months.of_month_before", "months.of_this_month"}
    return View(report, frozenset(hidden), below)


def counts_of(report: DailyReport) -> dict[str, int]:
    """Every count of a report by its path, such as ``"duties.by_kind.tell-returnee.open"``."""
    found: dict[str, int] = {}
    for field in attrs.fields(DailyReport):
        part = getattr(report, field.name)
        if attrs.has(type(part)):
            found.update(_counts(field.name, part))
    return found


def _counts(path: str, value: Any) -> Iterator[tuple[str, int]]:  # noqa: ANN401 - any part of the report
    if isinstance(value, int):
        yield path, value
    elif isinstance(value, Mapping):
        for key, each in value.items():
            yield from _counts(f"{path}.{key}", each)
    elif isinstance(value, tuple):
        for each in value:
            yield f"{path}.{each.region}", each.returns
    elif attrs.has(type(value)):
        for field in attrs.fields(type(value)):
            yield from _counts(f"{path}.{field.name}", getattr(value, field.name))


def _exposed(hidden: set[str], counts: Mapping[str, int], sums: list[Sum]) -> set[str]:
    """Which withheld counts follow from those that are shown."""
    found = set()
    for each in sums:
        parts = [path for path in each.parts if path in hidden]
        # As many ones as parts: each is 1.
        if each.total not in hidden and parts and sum(counts[path] for path in parts) == len(parts):
            found |= set(parts)
    rows = []
    for each in sums:
        row = {path: 1 for path in each.parts if path in hidden}
        if each.total in hidden:
            row[each.total] = _FIELD - 1
        if row:
            rows.append(row)
    return found | _determined(rows)


def _determined(rows: list[dict[str, int]]) -> set[str]:
    """The unknowns that a system of equations has one value for: rows of one unknown, once it is reduced."""
    reduced: dict[str, dict[str, int]] = {}
    for given in rows:
        row = dict(given)
        # A reduced row has no other row's unknown, so that none comes back.
        for pivot in [each for each in given if each in reduced]:
            _subtract(row, reduced[pivot], row.get(pivot, 0))
        if not row:
            continue
        pivot, value = next(iter(row.items()))
        inverse = pow(value, _FIELD - 2, _FIELD)
        row = {path: each * inverse % _FIELD for path, each in row.items()}
        for known in reduced.values():
            _subtract(known, row, known.get(pivot, 0))
        reduced[pivot] = row
    return {pivot for pivot, row in reduced.items() if len(row) == 1}


def _subtract(row: dict[str, int], other: Mapping[str, int], times: int) -> None:
    if not times:
        return
    for path, each in other.items():
        value = (row.get(path, 0) - each * times) % _FIELD
        if value:
            row[path] = value
        else:
            row.pop(path, None)
