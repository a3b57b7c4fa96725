"""A day's folder: every file is read before anything is refused, and nothing is taken over in part."""

from __future__ import annotations

import os
from functools import partial
from pathlib import Path

import attrs

from epiguard.intake._folder_reading import FolderReading, RowCount
from epiguard.intake.config import IntakePlan
from epiguard.intake.crossings_log import LoggedCrossing, read_door_log, read_gate_log
from epiguard.intake.forms import read_paper_forms, read_questionnaire
from epiguard.intake.residents import ResidentsBatch
from epiguard.places import Site
from epiguard.registrations import Registration

__all__ = ["DayFiles", "RowCount", "read_folder"]


@attrs.frozen(kw_only=True)
class DayFiles:
    """All that a day's folder holds.

    Attributes:
        residents: The register, of one or several files; None where the plan names none.
        registrations: Paper forms, then questionnaires.
        gate: What the gates' logs have.
        doors: What the doors' logs have.
        notes: What was recognised, each with its file.
        warnings: What should be looked at, with file, row and column.
        rows: What became of the rows of each file.
    """

    residents: ResidentsBatch | None = attrs.field(default=None, repr=False)
    registrations: tuple[Registration, ...] = attrs.field(default=(), repr=False)
    gate: tuple[LoggedCrossing, ...] = attrs.field(default=(), repr=False)
    doors: tuple[LoggedCrossing, ...] = attrs.field(default=(), repr=False)
    notes: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    rows: tuple[RowCount, ...] = ()


def read_folder(folder: str | os.PathLike[str], plan: IntakePlan, site: Site) -> DayFiles:
    """Read the files of a day.

    Exports of several days may overlap: a record that two files give, word for word, counts once.

    Args:
        folder: The folder.
        plan: Which files hold what.
        site: The site, for its zone, compounds and checkpoints.

    Returns:
        Everything that was read.

    Raises:
        IntakeError: If any file is missing or wrong, with the problems of all files; nothing is then read in.
    """
    reading = FolderReading(Path(folder), site.compounds)
    residents = reading.residents(plan.residents)
    paper = reading.forms("paper_forms", plan.paper_forms, partial(read_paper_forms, zone=site.zone))
    online = reading.forms("questionnaire", plan.questionnaire, partial(read_questionnaire, zone=site.zone))
    gate = reading.log("gate_log", plan.gate_log, partial(read_gate_log, site=site))
    cards = reading.cards(residents)
    doors = reading.log("door_log", plan.door_log, partial(read_door_log, site=site, cards=cards))
    if residents is not None:
        reading.warn_of_strangers(residents.people, (*gate, *doors))
    reading.raise_if_any()
    return DayFiles(
        residents=residents,
        registrations=(*paper, *online),
        gate=gate,
        doors=doors,
        notes=tuple(reading.notes),
        warnings=tuple(reading.warnings),
        rows=tuple(reading.rows),
    )
