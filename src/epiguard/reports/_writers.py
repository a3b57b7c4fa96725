"""Writing the daily report and the working lists to files."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from epiguard.exports import Export, check_export
from epiguard.reports._daily import DailyReport
from epiguard.reports._files import write_whole
from epiguard.reports._html import render_page
from epiguard.reports._sheet import Cell, Column, Sheet, clean_text
from epiguard.reports._tables import SECTIONS, report_tables
from epiguard.reports._withheld import view_of
from epiguard.reports._xlsx import workbook

__all__ = ["write_json", "write_lists", "write_lists_html", "write_lists_json", "write_xlsx"]

#: Raised by one whenever the shape of the lists' plain data changes.
LISTS_VERSION = 1
#: The lists' file name where only a folder is given.
LISTS_NAME = "lists.xlsx"


def write_json(report: DailyReport, path: str | Path, *, below: int | None = None) -> Path:
    """Write the daily report as JSON in UTF-8; the same report gives the same bytes.

    Args:
        report: The report.
        path: The file; written whole or not at all.
        below: Counts that are smaller, but 0, are null, and so are those by which they could be worked out;
            ``withheld`` names them all. Nothing means that every count is written.

    Raises:
        ExportError: If the file cannot be written.
    """
    plain = report.as_dict()
    if below is not None:
        view = view_of(report, below)
        plain |= {name: _without(plain[name], name, view.withheld) for name in SECTIONS}
        plain |= {"withheld_below": below, "withheld": sorted(view.withheld)}
    text = json.dumps(plain, ensure_ascii=False, indent=2, allow_nan=False)
    return write_whole(path, clean_text(text).encode() + b"\n", private=False)


def _without(plain: Any, path: str, withheld: frozenset[str]) -> Any:  # noqa: ANN401 - plain data
    if isinstance(plain, dict):
        return {key: _without(each, f"{path}.{key}", withheld) for key, each in plain.items()}
    if isinstance(plain, list):  # regions
        return [
            {**each, "returns": _without(each["returns"], f"{path}.{each['region']}", withheld)}
            for each in plain
        ]
    return None if path in withheld else plain


def write_xlsx(report: DailyReport, path: str | Path, *, below: int | None = None) -> Path:
    """Write the daily report as an XLSX workbook; the same report gives the same bytes.

    Args:
        report: The report.
        path: The file; written whole or not at all.
        below: As of :func:`write_json`; a withheld count is an asterisk.

    Raises:
        ExportError: If XlsxWriter is not installed or the file cannot be written.
    """
    title = f"{report.site_name} {report.day.isoformat()}"
    return write_whole(path, workbook(report_tables(view_of(report, below)), title=title), private=False)


def write_lists(sheets: Iterable[Sheet], path: str | Path, *, export: Export) -> Path:
    """Write working lists as one XLSX workbook, with a cover sheet that names purpose and actor.

    Only the file's owner can read it.

    Args:
        sheets: The lists, in order.
        path: The file, or a folder, in which it is called ``lists.xlsx``.
        export: Who exports the personal data and what for, as ``Ledger.export`` gives it.

    Returns:
        The file's path.

    Raises:
        ExportError: If it is no export, XlsxWriter is not installed or the file cannot be written.
    """
    check_export(export)
    every = tuple(sheets)
    path = Path(path)
    if path.is_dir():
        path /= LISTS_NAME
    data = workbook((_cover(every, export), *every), title="工作清单 working lists", comments=export.purpose)
    return write_whole(path, data, private=True)


def write_lists_json(sheets: Iterable[Sheet], path: str | Path, *, export: Export) -> Path:
    """Write working lists as JSON in UTF-8, each under its key: titles, headings, rows by column key.

    Only the file's owner can read it.

    Args:
        sheets: The lists, in order.
        path: The file.
        export: Who exports the personal data and what for, as ``Ledger.export`` gives it.

    Raises:
        ExportError: If it is no export, or the file cannot be written.
    """
    check_export(export)
    plain = {
        "lists": "epiguard-lists",
        "version": LISTS_VERSION,
        "purpose": export.purpose,
        "by": export.by,
        "entry": export.entry,
        "sheets": {
            each.key: {
                "title": {"zh": each.title_zh, "en": each.title_en},
                "as_of": each.made_at.isoformat() if each.made_at is not None else None,
                "columns": {column.key: {"zh": column.zh, "en": column.en} for column in each.columns},
                "rows": each.records(),
            }
            for each in sheets
        },
    }
    text = json.dumps(plain, ensure_ascii=False, indent=1, allow_nan=False)
    return write_whole(path, clean_text(text).encode() + b"\n", private=True)


def write_lists_html(sheets: Iterable[Sheet], path: str | Path, *, export: Export) -> Path:
    """Write working lists as one self-contained HTML page, with their purpose on top.

    A column in which nothing stands is left out, so that the others have room on paper. On a telephone each
    row is a card. Only the file's owner can read it.

    Args:
        sheets: The lists, in order.
        path: The file.
        export: Who exports the personal data and what for, as ``Ledger.export`` gives it.

    Raises:
        ExportError: If it is no export, Jinja2 is not installed or the file cannot be written.
    """
    check_export(export)
    every = tuple(sheets)
    cover = _cover(every, export).rows[: -len(every)] if every else _cover(every, export).rows
    used = {each.key: _used(each) for each in every}
    page = render_page("lists.html", sheets=every, used=used, about=cover)
    return write_whole(path, page.encode(), private=True)


def _used(sheet: Sheet) -> dict[int, Column]:
    """The columns in which something stands, by their place."""
    places = {
        place for row in sheet.rows for place, cell in enumerate(row) if cell is not None and cell != ""
    }
    return {place: column for place, column in enumerate(sheet.columns) if place in places}


def _cover(sheets: tuple[Sheet, ...], export: Export) -> Sheet:
    made_at = next((each.made_at for each in sheets if each.made_at is not None), None)
    notice = (
        "含个人信息:仅限上述用途,不得转发;用毕销毁\n"
        "Personal data: for this purpose only; do not pass it on; destroy it afterwards"
    )
    rows: list[list[Cell]] = [
        ["用途", "purpose", export.purpose],
        ["导出人", "exported by", export.by],
        ["台账编号", "entry in the ledger", export.entry],
        ["截至", "as of", made_at.isoformat() if made_at is not None else ""],
        ["须知", "notice", notice],
    ]
    rows += [[each.title_zh, each.title_en, len(each.rows)] for each in sheets]
    return Sheet(
        key="cover",
        title_zh="封面",
        title_en="cover",
        columns=(
            Column("zh", "清单", "list (Chinese)", 18),
            Column("en", "清单(英文)", "list", 28),
            Column("value", "内容或行数", "content or rows", 70),
        ),
        rows=rows,
        made_at=made_at,
    )
