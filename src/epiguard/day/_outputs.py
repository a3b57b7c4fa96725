"""The day's report and working lists: written beside their places, and moved there once the record stands."""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from epiguard.decisions import Decision
from epiguard.errors import ExportError, refusal_of
from epiguard.facts import AlertRaised
from epiguard.ledger import Ledger
from epiguard.reconciliation import Reconciliation
from epiguard.reports import (
    DailyReport,
    ReportPlan,
    Sheet,
    daily_report,
    day_lists,
    write_html,
    write_json,
    write_lists,
    write_xlsx,
)
from epiguard.work import alarms_by_month

__all__ = ["LEDGER", "LISTS_PURPOSE", "Outputs", "refuse_folders"]

LEDGER = "ledger.db"
LISTS = "lists.xlsx"
LISTS_PURPOSE = "daily reconciliation and calls 每日核对与电话联系"
NAMES = ("report.json", "report.xlsx", "report.html", LISTS)


#: How the folders are called in which files are written; then come the process and a dash.
BESIDE = ".new-"


class Outputs:
    """The files of a run, on their way into a folder.

    The order is what makes it safe: :meth:`write` inside the ledger's transaction, beside the places, so that
    a full disk or a bad value stops everything; the commit; then :meth:`put`. So no file in its place ever
    tells of a fact that is not in the record. Use it as a context manager, around the transaction.

    Args:
        out: The folder.
    """

    def __init__(self, out: Path) -> None:
        self._out = out
        _remove_left_over(out)
        self._beside = tempfile.TemporaryDirectory(
            dir=out, prefix=f"{BESIDE}{os.getpid()}-", ignore_cleanup_errors=True
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._beside.cleanup()

    def write(  # noqa: PLR0913 - each is a part of the day
        self,
        ledger: Ledger,
        lists: Reconciliation,
        decisions: Sequence[Decision],
        *,
        day: date,
        now: datetime,
        notes: Sequence[str],
        plan: ReportPlan,
    ) -> DailyReport:
        """Write report and lists beside their places, and record that personal data is exported.

        Raises:
            ExportError: If one cannot be written, or a place cannot take it.
        """
        state, new = ledger.state, Path(self._beside.name)
        raised = (each.fact for each in ledger.facts(kinds=[AlertRaised]))
        alerts = (each.alert for each in raised if isinstance(each, AlertRaised))
        report = daily_report(
            state,
            day=day,
            now=now,
            reconciliation=lists,
            decisions=decisions,
            notes=notes,
            alarms=alarms_by_month(alerts, state.site),
            plan=plan,
        )
        sheets = day_lists(state, day=day, now=now, reconciliation=lists, decisions=decisions)
        write_json(report, new / NAMES[0], below=plan.withhold_below)
        write_xlsx(report, new / NAMES[1], below=plan.withhold_below)
        write_html(report, new / NAMES[2], below=plan.withhold_below)
        export = ledger.export(
            LISTS,
            purpose=LISTS_PURPOSE,
            by="day-job",
            rows=sum(len(each.rows) for each in sheets),
            # The same lists written again are the same export.
            key=f"export:{day.isoformat()}:{_digest(sheets)}",
        )
        write_lists(sheets, new / NAMES[3], export=export)
        return report

    def put(self) -> tuple[Path, ...]:
        """Move all files into their places, or none of them; once the record stands.

        Returns:
            The files.

        Raises:
            ExportError: If one cannot be moved; those that stood there before stand there again.
        """
        new = Path(self._beside.name)
        moved: list[tuple[Path, Path | None]] = []
        for name in NAMES:
            place, old = self._out / name, new / f"old-{name}"
            try:
                had = place.exists()
                if had:  # a copy, so that at no moment nothing stands in the place
                    shutil.copy2(place, old)
                (new / name).replace(place)
                moved.append((place, old if had else None))
            except OSError as error:
                _put_back(moved)
                raise ExportError(
                    name,
                    expected="a file that can be replaced",
                    got=refusal_of(error),
                    do="close it where it is open, or move away what stands in its place, then run the same"
                    " folder again: the day is in the ledger already, only the report and lists are missing",
                ) from None
        return tuple(self._out / name for name in NAMES)


def _put_back(moved: Iterable[tuple[Path, Path | None]]) -> None:
    for place, old in moved:
        with contextlib.suppress(OSError):  # the first error is the one to be told
            if old is None:
                place.unlink(missing_ok=True)
            else:
                old.replace(place)


def _digest(sheets: Iterable[Sheet]) -> str:
    digest = hashlib.sha256()
    for sheet in sheets:
        digest.update(repr((sheet.key, sheet.rows)).encode())
    return digest.hexdigest()[:16]


def refuse_folders(out: Path) -> None:
    """Refuse an output folder in which a folder stands where a file is to go.

    Raises:
        ExportError: If one does; it names it.
    """
    for name in (*NAMES, LEDGER):
        if (out / name).is_dir():
            raise ExportError(
                name,
                expected="a file, or nothing, in the place of this output",
                got="a folder of that name",
                do="move it away, or name another folder with --out",
            )


def _remove_left_over(out: Path) -> None:
    """Remove what a run that was killed left beside the places: it may hold lists of people."""
    for folder in out.glob(f"{BESIDE}*-*"):
        process = folder.name.removeprefix(BESIDE).partition("-")[0]
        if process.isdecimal() and not _runs(int(process)):
            shutil.rmtree(folder, ignore_errors=True)


def _runs(process: int) -> bool:
    if os.name == "nt":  # where asking would stop it
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    except OSError:  # it is somebody else's
        return True
    return True
