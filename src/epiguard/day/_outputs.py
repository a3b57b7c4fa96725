"""Writing the day's report and working lists: first all beside their places, then all moved into them."""

from __future__ import annotations

import hashlib
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path

from epiguard.decisions import Decision
from epiguard.errors import ExportError
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

LISTS = "lists.xlsx"
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
    names = ("report.json", "report.xlsx", "report.html", LISTS)
    with tempfile.TemporaryDirectory(dir=out, prefix=".new-") as beside:
        new = Path(beside)
        write_json(report, new / names[0])
        write_xlsx(report, new / names[1])
        write_html(report, new / names[2])
        write_lists(sheets, new / names[3], purpose=LISTS_PURPOSE)
        # All were written: from here on nothing is left that a full disk or a bad value could stop half-way.
        for name in names:
            if (out / name).is_dir():
                raise ExportError(
                    name,
                    expected="a file that can be replaced",
                    got="Is a directory",
                    do="close it where it is open, or move away what stands in its place",
                )
        for name in names:
            _put(new / name, out / name)
    written = tuple(out / name for name in names)
    ledger.record(
        ExportMade(purpose=LISTS_PURPOSE, what=LISTS, rows=sum(len(each.rows) for each in sheets)),
        by="day-job",
        # The same lists written again are the same export.
        key=f"export:{day.isoformat()}:{_digest(sheets)}",
    )
    return report, written


def _put(new: Path, place: Path) -> None:
    try:
        new.replace(place)
    except OSError as error:
        raise ExportError(
            place.name,
            expected="a file that can be replaced",
            got=error.strerror or type(error).__name__,
            do="close it where it is open, or move away what stands in its place",
        ) from None


def _digest(sheets: Iterable[Sheet]) -> str:
    digest = hashlib.sha256()
    for sheet in sheets:
        digest.update(repr((sheet.key, sheet.rows)).encode())
    return digest.hexdigest()[:16]
