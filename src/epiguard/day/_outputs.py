"""Writing the day's report and working lists: first all beside their places, then all moved into them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from epiguard.decisions import Decision
from epiguard.facts import ExportMade
from epiguard.intake import DayFiles
from epiguard.ledger import Ledger
from epiguard.reconciliation import Reconciliation
from epiguard.reports import (
    DailyReport,
    Sheet,
    daily_report,
    day_lists,
    write_html,
    write_json,
    write_lists,
    write_xlsx,
)

__all__ = ["LISTS_PURPOSE", "write_outputs"]

LISTS_PURPOSE = "daily reconciliation and calls 每日核对与电话联系"


def write_outputs(  # noqa: PLR0913 - each is a part of the day
    out: Path,
    ledger: Ledger,
    files: DayFiles,
    lists: Reconciliation,
    decisions: Sequence[Decision],
    *,
    day: date,
    now: datetime,
) -> tuple[DailyReport, tuple[Path, ...]]:
    """Write report and lists, and record that personal data was exported.

    Returns:
        The report and the files written.
    """
    state = ledger.state
    report = daily_report(
        state,
        day=day,
        now=now,
        reconciliation=lists,
        decisions=decisions,
        notes=(*files.notes, *files.warnings),
    )
    sheets = day_lists(state, day=day, now=now, reconciliation=lists, decisions=decisions)
    written = (out / "report.json", out / "report.xlsx", out / "report.html", out / "lists.xlsx")
    write_json(report, written[0])
    write_xlsx(report, written[1])
    write_html(report, written[2])
    write_lists(sheets, written[3], purpose=LISTS_PURPOSE)
    ledger.record(
        ExportMade(purpose=LISTS_PURPOSE, what=written[3].name, rows=sum(len(each.rows) for each in sheets)),
        by="day-job",
        # The same lists written again are the same export.
        key=f"export:{day.isoformat()}:{_digest(sheets)}",
    )
    return report, written


def _digest(sheets: Iterable[Sheet]) -> str:
    digest = hashlib.sha256()
    for sheet in sheets:
        digest.update(repr((sheet.key, sheet.rows)).encode())
    return digest.hexdigest()[:16]
