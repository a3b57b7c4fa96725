"""Logs of what happened at gates and doors: one row for each person, rows of one number are one party."""

from __future__ import annotations

import os
from collections.abc import Mapping

import attrs

from epiguard.crossings import Crossing
from epiguard.doors import CardHolders
from epiguard.identifiers import CardNumber
from epiguard.intake._door_rows import door_crossing
from epiguard.intake._gate_fields import DOOR_FIELDS, GATE_FIELDS
from epiguard.intake._gate_rows import GateRow, gate_row, party
from epiguard.intake.columns import Field, known_headings, match_columns
from epiguard.intake.grid import Table
from epiguard.intake.records import Findings, Record
from epiguard.intake.table import read_table
from epiguard.places import Site

__all__ = ["CrossingsBatch", "LoggedCrossing", "read_door_log", "read_gate_log"]


@attrs.frozen(kw_only=True)
class LoggedCrossing:
    """A crossing as a log has it.

    Attributes:
        key: A key that is the same whenever the same log is read again.
        crossing: What was observed.
        passed: Whether they were let through, where the log says so.
        row: The row of the file, the first of a party's.
        card: The card that passed, of a door's log: a card passed, not necessarily who it belongs to.
    """

    key: str
    crossing: Crossing
    passed: bool | None
    row: int
    card: CardNumber | None = None


@attrs.frozen(kw_only=True)
class CrossingsBatch:
    """A log that was read whole.

    Attributes:
        observed: One for each party, in the order of the file.
        rows_read: All rows below the header, blank ones included.
        blank_rows: How many of them were blank.
        merged_rows: How many rows joined the party of an earlier row.
        warnings: What should be looked at, with row and column.
        notes: What was recognised about the file.
        file: Its name.
        number_column: Where their numbers stand: ``"column A (流水号)"``, or blank.
    """

    observed: tuple[LoggedCrossing, ...] = attrs.field(repr=False)
    rows_read: int
    blank_rows: int
    merged_rows: int = 0
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    file: str = ""
    number_column: str = ""


def read_gate_log(  # noqa: PLR0913 - the settings of a file
    path: str | os.PathLike[str],
    *,
    site: Site,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    series: str | None = None,
) -> CrossingsBatch:
    """Read the log of a gate.

    Rows with one number (流水号) are one party: same time, checkpoint, direction, vehicle and result.

    Args:
        path: CSV, XLSX or XLS.
        site: The site; checkpoints are found by id or name, times are in its zone.
        columns: Field to heading, where the headings are not the usual ones.
        encoding: Of a CSV file, where it cannot be recognised.
        sheet: Of a workbook.
        series: What tells the numbers of this log from another's, where both count from 1.

    Returns:
        The crossings.

    Raises:
        IntakeError: If anything is wrong, with every problem listed.
    """
    table, number_column, records, findings = _records(path, GATE_FIELDS, columns, encoding, sheet)
    parties: dict[str, list[GateRow]] = {}
    for record in records:
        row = gate_row(record, site, series)
        if row is not None:
            parties.setdefault(row.key, []).append(row)
    observed = []
    for key, rows in parties.items():
        crossing = party(rows)
        if crossing is not None:
            observed.append(
                LoggedCrossing(
                    key=key, crossing=crossing, passed=rows[0].passed, row=rows[0].record.row.number
                )
            )
    findings.problems.raise_if_any()
    return _batch(table, number_column, observed, findings)


def read_door_log(  # noqa: PLR0913 - the settings of a file
    path: str | os.PathLike[str],
    *,
    site: Site,
    cards: CardHolders | None = None,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    series: str | None = None,
) -> CrossingsBatch:
    """Read the log of doors that open by card or face.

    Args:
        path: CSV, XLSX or XLS.
        site: The site; the doors are its checkpoints of kind door, times are in its zone.
        cards: Who holds which card, for rows that name no person.
        columns: Field to heading, where the headings are not the usual ones.
        encoding: Of a CSV file, where it cannot be recognised.
        sheet: Of a workbook.
        series: What tells the numbers of this log from another's, where both count from 1.

    Returns:
        The crossings, one for each row. A row whose card several of a household have is kept with the
        household; one whose card nobody is known to hold with a warning and without a person.

    Raises:
        IntakeError: If anything is wrong, with every problem listed.
    """
    table, number_column, records, findings = _records(path, DOOR_FIELDS, columns, encoding, sheet)
    holders = cards if cards is not None else CardHolders()
    observed: dict[str, LoggedCrossing] = {}
    first: dict[str, Record] = {}
    for record in records:
        row = door_crossing(record, site, holders, series)
        if row is None:
            continue
        if first.setdefault(row.key, record) is not record:
            record.repeats("number", first[row.key])
        observed[row.key] = LoggedCrossing(
            key=row.key, crossing=row.crossing, passed=row.passed, row=record.row.number, card=row.card
        )
    findings.problems.raise_if_any()
    return _batch(table, number_column, list(observed.values()), findings)


def _records(
    path: str | os.PathLike[str],
    fields: tuple[Field, ...],
    declared: Mapping[str, str] | None,
    encoding: str | None,
    sheet: str | None,
) -> tuple[Table, str, list[Record], Findings]:
    table = read_table(path, encoding=encoding, sheet=sheet, known=known_headings(fields, declared))
    columns = match_columns(table, fields, declared)
    findings = Findings(table.file)
    if columns.others:
        unused = ", ".join(columns.headers[index] for index in columns.others)
        table = attrs.evolve(table, notes=(*table.notes, f"columns not used: {unused}"))
    number_column = columns.label("number") if "number" in columns else ""
    return table, number_column, [Record(row, columns, findings) for row in table.rows], findings


def _batch(
    table: Table, number_column: str, observed: list[LoggedCrossing], findings: Findings
) -> CrossingsBatch:
    return CrossingsBatch(
        observed=tuple(observed),
        rows_read=len(table.rows) + table.blank_rows,
        blank_rows=table.blank_rows,
        # Every row gave a traveller, the first of each party with a crossing around it.
        merged_rows=sum(len(each.crossing.travellers) - 1 for each in observed),
        warnings=findings.warnings,
        notes=table.notes,
        file=table.file,
        number_column=number_column,
    )
