"""Rows of the gate's log: a traveller each; rows of one number make one party."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

import attrs

from epiguard.crossings import Crossing, Role, Traveller, Vehicle
from epiguard.errors import InvalidValueError
from epiguard.identifiers import Plate
from epiguard.intake import cells, words
from epiguard.intake._log_rows import Passage, identified, key_of, passage, person_id, returning_from
from epiguard.intake.grid import Cell
from epiguard.intake.moments import day
from epiguard.intake.records import Record
from epiguard.places import Site

__all__ = ["GateRow", "gate_row", "party"]

T = TypeVar("T")
_NO_PLATE = frozenset({"无牌", "无", "无车牌", "临牌", "临时牌照", "临时车牌", "未上牌"})


@attrs.frozen(kw_only=True, repr=False)
class GateRow:
    """One row that was read without a problem. It holds what was written and never shows itself."""

    record: Record
    key: str
    passage: Passage
    traveller: Traveller
    in_vehicle: bool
    plate: Plate | None
    trunk_opened: bool | None
    luggage_found: bool | None
    purpose: str | None
    passed: bool | None


def gate_row(record: Record, site: Site, series: str | None) -> GateRow | None:
    """Read one row; every bad cell becomes a problem, and None is returned."""
    before = len(record.findings.problems)
    found = passage(record, site, door=False)
    key, traveller = key_of(record, "gate", series), _traveller(record, site)
    in_vehicle, plate = _plate(record)
    trunk, luggage = (
        record.read("trunk_opened", words.yes_or_no),
        record.read("luggage_found", words.yes_or_no),
    )
    purpose = record.read("purpose", lambda cell: cells.text(cell, "purpose"))
    passed = record.read("passed", words.passed)
    if found is None or traveller is None or len(record.findings.problems) > before:
        return None
    return GateRow(
        record=record,
        key=key,
        passage=found,
        traveller=traveller,
        in_vehicle=in_vehicle or trunk is not None or luggage is not None,
        plate=plate,
        trunk_opened=trunk,
        luggage_found=luggage,
        purpose=purpose,
        passed=passed,
    )


def _traveller(record: Record, site: Site) -> Traveller | None:
    person = record.read("person", person_id("person id"))
    role = record.read("role", words.role)
    temperature = record.read("temperature", cells.temperature)
    retested = record.read("retested", cells.temperature)
    not_measured = record.read("not_measured", words.not_measured)
    if temperature is not None and not_measured is not None:
        record.problem(
            "not_measured",
            expected="nothing beside a temperature",
            got="a reason why none was taken",
            do="delete one of the two",
        )
    try:
        return Traveller(
            person=person,
            role=role or (Role.RESIDENT if person else Role.VISITOR),
            temperature=temperature,
            retested=retested,
            not_measured=not_measured,
            exit_pass=record.read("exit_pass", identified("number of the pass")),
            asked=record.read("asked", words.yes_or_no),
            returning_from=returning_from(record, site),
            returned_on=record.read("returned_on", day),
            registered=record.read("registered", words.yes_or_no),
            clinic_journey=record.read("clinic_journey", identified("number of the journey")),
            host=record.read("host", person_id("person id of the host")),
            host_agreed=record.read("host_agreed", words.yes_or_no),
        )
    except InvalidValueError as error:
        record.findings.problems.add_error(record.place, error)
        return None


def _plate(record: Record) -> tuple[bool, Plate | None]:
    """Whether there is a vehicle, and its plate; a car may have none yet."""

    def read(cell: Cell) -> tuple[bool, Plate | None]:
        text = cells.text(cell, "plate")
        if text is None:
            return False, None
        return True, None if text in _NO_PLATE else Plate.of(text)

    return record.read("plate", read) or (False, None)


def party(rows: Sequence[GateRow]) -> Crossing | None:
    """Make one crossing of the rows of one number; where they contradict each other, that is a problem."""
    first = rows[0]
    before = len(first.record.findings.problems)
    for row in rows[1:]:
        for field, mine, theirs in (
            ("at", row.passage.at, first.passage.at),
            ("checkpoint", row.passage.checkpoint, first.passage.checkpoint),
            ("direction", row.passage.direction, first.passage.direction),
            ("passed", row.passed, first.passed),
        ):
            if mine != theirs:
                _contradicts(row, first, field)
    _check_people(rows)
    plate = _agreed(rows, "plate", lambda row: row.plate)
    trunk = _agreed(rows, "trunk_opened", lambda row: row.trunk_opened)
    luggage = _agreed(rows, "luggage_found", lambda row: row.luggage_found)
    purpose = _agreed(rows, "purpose", lambda row: row.purpose)
    if len(first.record.findings.problems) > before:
        return None
    vehicle = None
    if any(row.in_vehicle for row in rows):
        vehicle = Vehicle(plate=plate, trunk_opened=trunk, luggage_found=luggage)
    try:
        return Crossing(
            checkpoint=first.passage.checkpoint.id,
            direction=first.passage.direction,
            at=first.passage.at,
            travellers=[row.traveller for row in rows],
            vehicle=vehicle,
            purpose=purpose,
        )
    except InvalidValueError as error:
        first.record.findings.problems.add_error(first.record.place, error)
        return None


def _check_people(rows: Sequence[GateRow]) -> None:
    """Nobody is twice in one party."""
    first: dict[str, GateRow] = {}
    for row in rows:
        person = row.traveller.person
        if person is not None and first.setdefault(person, row) is not row:
            row.record.problem(
                "person",
                expected="every person of a party once",
                got=f"the one of row {first[person].record.row.number}, which has the same number",
                do="delete the repeated row, or correct the person",
            )


def _agreed(rows: Sequence[GateRow], field: str, read: Callable[[GateRow], T | None]) -> T | None:
    """What the rows say that say anything; two different things are a problem."""
    said = [(row, value) for row in rows if (value := read(row)) is not None]
    for row, value in said[1:]:
        if value != said[0][1]:
            _contradicts(row, said[0][0], field)
    return said[0][1] if said else None


def _contradicts(row: GateRow, first: GateRow, field: str) -> None:
    row.record.problem(
        field,
        expected=f"the same as in row {first.record.row.number}, which has the same number",
        got="something else",
        do="give another party another number",
    )
