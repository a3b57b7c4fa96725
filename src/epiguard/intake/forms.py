"""Returnees' forms, on paper (typed in) or from an online questionnaire (问卷星).

A form may be wrong: at night, in the cold, with a child on the arm. What was written is kept as it was
written; who it is, is found out later. The form itself (its number, when it was handed in) must be right.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import attrs

from epiguard.days import zone_of
from epiguard.errors import IntakeError, InvalidValueError
from epiguard.identifiers import PersonalText
from epiguard.intake import cells
from epiguard.intake._answers import as_written, journey
from epiguard.intake._form_fields import NEVER_KEPT, PAPER_FIELDS, QUESTIONNAIRE_FIELDS
from epiguard.intake._keys import in_key
from epiguard.intake.columns import Columns, Field, known_headings, listed, match_columns
from epiguard.intake.grid import Table
from epiguard.intake.moments import instant
from epiguard.intake.records import Findings, Record
from epiguard.intake.table import read_table
from epiguard.registrations import FORM_FIELDS, Registration, RegistrationSource

__all__ = ["FormsBatch", "read_paper_forms", "read_questionnaire"]

_STRUCTURE: Final = frozenset({"number", "submitted_at"})
#: A form with none of these is nobody's.
_WHOSE: Final = ("name", "resident_id", "phone", "residence")


@attrs.frozen(kw_only=True)
class FormsBatch:
    """The forms of one file, read whole.

    Attributes:
        registrations: One for each row that is not blank.
        rows_read: All rows below the header, blank ones included.
        blank_rows: How many of them were blank.
        warnings: What could not be read and stays as written, with row and column.
        notes: What was recognised about the file, and which columns were not kept.
        file: Its name.
        rows: The row of each form.
        number_column: Where their numbers stand: ``"column A (编号)"``, or blank.
    """

    registrations: tuple[Registration, ...] = attrs.field(repr=False)
    rows_read: int
    blank_rows: int
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    file: str = ""
    rows: tuple[int, ...] = ()
    number_column: str = ""


def read_paper_forms(  # noqa: PLR0913 - the settings of a file
    path: str | os.PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    zone: str | ZoneInfo = "Asia/Shanghai",
    series: str | None = None,
    returnees_only: bool = False,
) -> FormsBatch:
    """Read paper forms that somebody typed into a table.

    The id of a form is ``paper:{series}:{number}``, with the row's number where the form has none.

    Args:
        path: CSV, XLSX or XLS.
        columns: Field to heading, where the headings are not the usual ones.
        encoding: Of a CSV file, where it cannot be recognised.
        sheet: Of a workbook.
        zone: The site's zone, in which times are written.
        series: What tells these forms from those of other files; default: the file's name without its ending.
        returnees_only: That all these forms are returnees': then no column need say where they come from.

    Returns:
        The forms.

    Raises:
        IntakeError: If the file cannot be read, a number or a time of handing in is wrong or stands twice, or
            no column tells whose a form is, or where they come from.
    """
    source = _Source(RegistrationSource.PAPER, PAPER_FIELDS, zone_of(zone), series or Path(path).stem)
    return source.read(path, columns, encoding, sheet, returnees_only=returnees_only)


def read_questionnaire(  # noqa: PLR0913 - the settings of a file
    path: str | os.PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    zone: str | ZoneInfo = "Asia/Shanghai",
    series: str | None = None,
    returnees_only: bool = False,
) -> FormsBatch:
    """Read the export of an online questionnaire (问卷星).

    The id of a form is ``online:{number}``, or ``online:{series}:{number}``: exports of one questionnaire on
    different days give the same form the same id. The sender's IP address, the source and the duration are
    never kept. Several choices stay joined by ``┋``, as written.

    Args:
        path: CSV, XLSX or XLS.
        columns: Field to heading, where the questions are not the usual ones.
        encoding: Of a CSV file, where it cannot be recognised.
        sheet: Of a workbook.
        zone: The site's zone, in which times are written.
        series: Needed where a site has several questionnaires, each numbered from 1.
        returnees_only: That all who answered are returnees: then no question need ask where they come from.

    Returns:
        The forms.

    Raises:
        IntakeError: If the file cannot be read, a number or a time of handing in is wrong or stands twice, or
            no column tells whose a form is, or where they come from.
    """
    source = _Source(RegistrationSource.QUESTIONNAIRE, QUESTIONNAIRE_FIELDS, zone_of(zone), series)
    return source.read(path, columns, encoding, sheet, returnees_only=returnees_only)


@attrs.frozen
class _Source:
    source: RegistrationSource
    fields: tuple[Field, ...]
    zone: ZoneInfo
    series: str | None

    def read(
        self,
        path: str | os.PathLike[str],
        declared: Mapping[str, str] | None,
        encoding: str | None,
        sheet: str | None,
        *,
        returnees_only: bool,
    ) -> FormsBatch:
        known = known_headings(self.fields, declared)
        table = read_table(path, encoding=encoding, sheet=sheet, known=known)
        columns = match_columns(table, self.fields, declared)
        _require_answers(table, columns, self.fields, returnees_only=returnees_only)
        kept, dropped = _extras(columns, NEVER_KEPT[self.source])
        findings = Findings(table.file)
        forms: dict[str, tuple[Record, Registration]] = {}
        for row in table.rows:
            record = Record(row, columns, findings)
            form = self._form(record, kept)
            if form is None:
                continue
            earlier = forms.setdefault(form.id, (record, form))[0]
            if earlier is not record:
                record.repeats("number", earlier)
        findings.problems.raise_if_any()
        return _batch(table, columns, tuple(forms.values()), findings, (kept, dropped))

    def _form(self, record: Record, extras: Iterable[int]) -> Registration | None:
        before = len(record.findings.problems)
        form_id, submitted = self._id(record), self._submitted(record)
        if form_id is None or len(record.findings.problems) > before:
            return None
        read = journey(record, submitted)
        try:
            return Registration(
                id=form_id,
                source=self.source,
                written=_written(record, extras),
                submitted_at=submitted,
                returning_from=read.returning_from,
                left_on=read.left_on,
                arrived_on=read.arrived_on,
            )
        except InvalidValueError as error:
            record.findings.problems.add_error(record.place, error)
            return None

    def _id(self, record: Record) -> str | None:
        series = in_key(self.series) if self.series else None
        if self.source is RegistrationSource.QUESTIONNAIRE:
            number = record.require("number", _number, "the number of the answer (序号)")
            prefix = f"online:{series}" if series else "online"
        else:
            before = len(record.findings.problems)
            number = record.read("number", _number)
            if number is None and len(record.findings.problems) == before:
                number = f"row-{record.row.number}"
            prefix = f"paper:{series}" if series else "paper"
        if number is None:
            return None
        if len(prefix) + 1 + len(number) > cells.LONGEST_IDENTIFIER:
            record.problem(
                "number",
                expected=f"at most {cells.LONGEST_IDENTIFIER} characters, with the series",
                got=f"{len(prefix) + 1 + len(number)} characters",
                do="shorten the number or the series",
            )
        return f"{prefix}:{number}"

    def _submitted(self, record: Record) -> datetime | None:
        if self.source is RegistrationSource.QUESTIONNAIRE:
            expected = "the time the answer was sent"
            return record.require("submitted_at", lambda cell: instant(cell, self.zone), expected)
        if record.cell("submitted_at") is None:
            record.warn("submitted_at", "the form bears no time")
        return record.read("submitted_at", lambda cell: instant(cell, self.zone))


def _number(cell: object) -> str | None:
    return cells.identifier(cell, "form number")  # type: ignore[arg-type]  # a Cell, as Record passes it


def _require_answers(
    table: Table, columns: Columns, fields: Iterable[Field], *, returnees_only: bool
) -> None:
    """Refuse a file whose forms would be nobody's, or would all count as returnees' for want of a column."""
    usual = {field.name: ", ".join(field.headings[:4]) for field in fields}
    missing, do = [], []
    if not any(field in columns for field in _WHOSE):
        missing.append(f"a column {' or '.join(_WHOSE)} ({usual['name']} ...)")
        do.append('columns.name = "..."')
    if not returnees_only and "returning_from" not in columns:
        missing.append(f"a column returning_from ({usual['returning_from']} ...)")
        do.append('columns.returning_from = "...", or returnees_only = true where all forms are of returnees')
    if missing:
        raise IntakeError(
            table.file,
            expected=" and ".join(missing),
            got="headings " + listed(table.headers),
            do="declare the heading in the site file, " + "; ".join(do),
        )


def _extras(columns: Columns, never_kept: re.Pattern[str]) -> tuple[list[int], list[str]]:
    """The columns of other questions, and the headings of those that are never kept."""
    kept, dropped = [], []
    for index in columns.others:
        heading = columns.headers[index]
        if never_kept.fullmatch(heading.strip()):
            dropped.append(heading)
        else:
            kept.append(index)
    return kept, dropped


def _written(record: Record, extras: Iterable[int]) -> dict[str, PersonalText]:
    answers: dict[str, PersonalText] = {}
    for field, index in record.columns.index.items():
        if field in _STRUCTURE:
            continue
        text = as_written(record, field, record.row.cells[index])
        if text is not None:
            # The words of a query where there is one; everything else under its own heading.
            answers[field if field in FORM_FIELDS else record.columns.headers[index]] = PersonalText(text)
    for index in extras:
        heading = record.columns.headers[index]
        text = as_written(record, heading, record.row.cells[index])
        if text is not None:
            answers[heading] = PersonalText(text)
    return answers


def _batch(
    table: Table,
    columns: Columns,
    forms: Sequence[tuple[Record, Registration]],
    findings: Findings,
    extras: tuple[list[int], list[str]],
) -> FormsBatch:
    notes, (kept, dropped) = table.notes, extras
    if kept:
        notes = (*notes, "columns kept as other answers: " + listed(columns.headers[at] for at in kept))
    if dropped:
        notes = (*notes, "columns never kept: " + ", ".join(dropped))
    return FormsBatch(
        registrations=tuple(form for _, form in forms),
        rows_read=len(table.rows) + table.blank_rows,
        blank_rows=table.blank_rows,
        warnings=findings.warnings,
        notes=notes,
        file=table.file,
        rows=tuple(record.row.number for record, _ in forms),
        number_column=columns.label("number") if "number" in columns else "",
    )
