"""The register of residents from an access-control export: people, households, landlords and families."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

import attrs

from epiguard.errors import IntakeError
from epiguard.intake._register import build
from epiguard.intake._resident_fields import RESIDENT_FIELDS
from epiguard.intake._resident_rows import ResidentRow, read_row
from epiguard.intake.columns import known_headings, match_columns
from epiguard.intake.grid import Table
from epiguard.intake.records import Findings, Record
from epiguard.intake.table import read_table
from epiguard.people import Household, Person, Relationship

__all__ = ["ParsedResidents", "ResidentsBatch", "batch_of", "nobody", "parse_residents", "read_residents"]


@attrs.frozen(kw_only=True)
class ResidentsBatch:
    """A register that was read whole.

    Attributes:
        people: Everybody of the rows, then landlords who live elsewhere (``resident=False``).
        households: By household number where there is one, else by door.
        relationships: Landlords, and families within one household number.
        rows_read: All rows below the header, blank ones included.
        blank_rows: How many of them were blank.
        warnings: What should be looked at, with row and column.
        notes: What was recognised about the file.
        file: Its name.
    """

    people: tuple[Person, ...] = attrs.field(repr=False)
    households: tuple[Household, ...] = attrs.field(repr=False)
    relationships: tuple[Relationship, ...] = attrs.field(repr=False)
    rows_read: int
    blank_rows: int
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    file: str = ""


def read_residents(
    path: str | os.PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    compounds: Sequence[str] = (),
) -> ResidentsBatch:
    """Read the register that an access-control system exports.

    The register must be right, so a bad cell refuses the whole file: a resident ID that the spreadsheet
    holds as a number or whose check digit does not agree, a phone, residence or plate that cannot be read,
    an id twice.
    The kind of person (业主, 租户) is not kept: whoever has a landlord is a tenant.

    Args:
        path: CSV, XLSX or XLS.
        columns: Field to heading, where the headings are not the usual ones.
        encoding: Of a CSV file, where it cannot be recognised.
        sheet: Of a workbook.
        compounds: The site's compounds; where there is one, rows that name none are in it.

    Returns:
        People, households and relationships.

    Raises:
        IntakeError: If anything is wrong, with every problem listed.
    """
    parsed = parse_residents(path, columns=columns, encoding=encoding, sheet=sheet, compounds=compounds)
    problems = parsed.findings.problems
    register = build(parsed.rows, problems)
    problems.raise_if_any()
    if not parsed.rows:
        raise nobody(parsed.table.file)
    return batch_of([parsed], register.people, register.households, register.relationships, register.warnings)


@attrs.frozen(kw_only=True)
class ParsedResidents:
    """The rows of one file before the register is built: several files may be one register."""

    table: Table
    rows: tuple[ResidentRow, ...]
    findings: Findings
    unused: tuple[str, ...]


def parse_residents(
    path: str | os.PathLike[str],
    *,
    columns: Mapping[str, str] | None = None,
    encoding: str | None = None,
    sheet: str | None = None,
    compounds: Sequence[str] = (),
) -> ParsedResidents:
    """Read the rows of one file; problems of cells are collected and not raised."""
    known = known_headings(RESIDENT_FIELDS, columns)
    table = read_table(path, encoding=encoding, sheet=sheet, known=known)
    matched = match_columns(table, RESIDENT_FIELDS, columns)
    findings = Findings(table.file)
    found = [read_row(Record(row, matched, findings), compounds) for row in table.rows]
    return ParsedResidents(
        table=table,
        rows=tuple(row for row in found if row is not None),
        findings=findings,
        unused=tuple(table.headers[index] for index in matched.others),
    )


def nobody(file: str) -> IntakeError:
    """The error for a register without rows: every form would be a stranger's.

    Args:
        file: Its name.
    """
    return IntakeError(
        file, expected="a register with at least one person", got="headings only", do="export it again"
    )


def batch_of(
    parsed: Sequence[ParsedResidents],
    people: tuple[Person, ...],
    households: tuple[Household, ...],
    relationships: tuple[Relationship, ...],
    warnings: tuple[str, ...],
) -> ResidentsBatch:
    """Make the batch of one or several files."""
    notes = [note for each in parsed for note in each.table.notes]
    notes += ["columns not used: " + ", ".join(each.unused) for each in parsed if each.unused]
    blank = sum(each.table.blank_rows for each in parsed)
    return ResidentsBatch(
        people=people,
        households=households,
        relationships=relationships,
        rows_read=sum(len(each.table.rows) for each in parsed) + blank,
        blank_rows=blank,
        warnings=(*(line for each in parsed for line in each.findings.warnings), *warnings),
        notes=tuple(notes),
        file=", ".join(each.table.file for each in parsed),
    )
