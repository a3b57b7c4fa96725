"""Small counts are withheld on request, and nobody works them out from what is shown."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from epiguard.reports import daily_report, write_html, write_json, write_xlsx
from epiguard.reports._sums import Sum, sums_of
from epiguard.reports._withheld import counts_of, view_of
from reports.test_adding_up import SomebodyMade, made, somebody

DAY = date(2020, 2, 13)
NOW = datetime.fromisoformat("2020-02-13T18:00:00+08:00")


def follows(hidden: set[str], counts: Mapping[str, int], sums: list[Sum]) -> set[str]:
    """The naive reader: what is unknown and has one value, by sums and by counting ones."""
    names = sorted(hidden)
    matrix = []
    known: set[str] = set()
    for each in sums:
        parts = [path for path in each.parts if path in hidden]
        row = [Fraction(parts.count(name) - (name == each.total)) for name in names]
        matrix.append(row)
        if each.total not in hidden and parts and sum(counts[path] for path in parts) == len(parts):
            known.update(parts)
    for row in reduced(matrix, len(names)):
        at = [number for number, each in enumerate(row) if each]
        if len(at) == 1:
            known.add(names[at[0]])
    return known


def reduced(matrix: list[list[Fraction]], width: int) -> list[list[Fraction]]:
    """By Gauss and Jordan, in fractions."""
    place = 0
    for column in range(width):
        pivot = next((n for n in range(place, len(matrix)) if matrix[n][column]), None)
        if pivot is None:
            continue
        matrix[place], matrix[pivot] = matrix[pivot], matrix[place]
        lead = matrix[place][column]
        matrix[place] = [each / lead for each in matrix[place]]
        for other, row in enumerate(matrix):
            if other != place and (times := row[column]):
                matrix[other] = [one - times * two for one, two in zip(row, matrix[place], strict=True)]
        place += 1
    return matrix


def test_the_naive_reader_reads() -> None:
    """Control: one unknown part follows from its total, two do not, and two ones do."""
    sums = [Sum("t", ("a", "b", "c"))]
    counts = {"t": 9, "a": 2, "b": 1, "c": 6}
    assert follows({"a"}, counts, sums) == {"a"}
    assert follows({"a", "b"}, counts, sums) == set()
    assert follows({"a", "b"}, {"t": 8, "a": 1, "b": 1, "c": 6}, sums) == {"a", "b"}


@given(st.lists(somebody, max_size=12))
def test_what_is_withheld_does_not_follow_from_what_is_shown(people: list[SomebodyMade]) -> None:
    """No small count is shown; solving all sums of the report gives no count that is not shown."""
    state, lists = made(people)
    report = daily_report(state, day=DAY, now=NOW, reconciliation=lists)
    counts, view = counts_of(report), view_of(report, 3)
    hidden = set(view.withheld) & counts.keys()
    things = ("rosters.", "businesses.", "leases.", "supplies.", "notices.issued")
    assert not [
        path for path, n in counts.items() if 0 < n < 3 and path not in hidden and not path.startswith(things)
    ]
    assert not [path for path in hidden if not counts[path]]
    sums = [each for each in sums_of(report) if each.paths() <= counts.keys()]
    for path in follows(hidden, counts, sums):
        # Nothing else was left that could have been withheld beside it.
        near = {other for each in sums if path in each.paths() for other in each.paths()}
        assert {counts[other] for other in near - hidden} <= {0}


def test_everything_that_is_summed_is_the_sum(village: Any) -> None:
    """What the withholding rests on: each total of the report is what its parts add up to."""
    report = daily_report(
        village.state,
        day=DAY,
        now=NOW,
        reconciliation=village.lists,
        decisions=village.decisions,
        alarms={"2020-02": 4},
    )
    counts = counts_of(report)
    sums = sums_of(report)
    assert len(sums) > 60
    for each in sums:
        assert each.paths() <= counts.keys(), each
        assert counts[each.total] == sum(counts[path] for path in each.parts), each


def test_what_is_written_holds_no_small_count(village: Any, tmp_path: Path) -> None:
    """JSON says null and names what it withholds; workbook and page show an asterisk and what it means."""
    report = daily_report(
        village.state, day=DAY, now=NOW, reconciliation=village.lists, decisions=village.decisions
    )
    plain = json.loads(write_json(report, tmp_path / "r.json", below=5).read_text(encoding="utf-8"))
    assert plain["withheld_below"] == 5
    assert plain["returnees"]["to_date"] is None
    assert plain["returnees"]["by_region"][0]["returns"] is None
    assert "returnees.to_date" in plain["withheld"]
    assert plain["observation"]["released"] == 0
    book = openpyxl.load_workbook(write_xlsx(report, tmp_path / "r.xlsx", below=5))
    rows = {row[1]: row[4] for row in book["每日动态"].iter_rows(values_only=True)}
    assert (rows["returnees.to_date"], rows["withheld_below"]) == ("*", 5)
    page = write_html(report, tmp_path / "r.html", below=5).read_text(encoding="utf-8")
    assert "* stands for a count below 5" in page
    assert page.count(">*<") > 20


@pytest.mark.parametrize("write", [write_json, write_xlsx, write_html])
def test_without_asking_everything_is_written(village: Any, tmp_path: Path, write: Any) -> None:
    """Withholding is on request."""
    report = daily_report(village.state, day=DAY, now=NOW)
    text = write(report, tmp_path / "r").read_bytes()
    assert b"withheld" not in text
