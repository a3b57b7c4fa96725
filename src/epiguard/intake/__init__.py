"""Files that a community has: registers, forms, questionnaires, logs; read strictly, whole or not at all.

Whatever is wrong is listed at once, by file, row and column, and never repeats what a person wrote.
"""

from __future__ import annotations

from epiguard.intake._log_rows import ANOTHER_PROVINCE
from epiguard.intake.config import IntakePlan, SourcePlan
from epiguard.intake.crossings_log import CrossingsBatch, LoggedCrossing, read_door_log, read_gate_log
from epiguard.intake.folder import DayFiles, RowCount, read_folder
from epiguard.intake.forms import FormsBatch, read_paper_forms, read_questionnaire
from epiguard.intake.grid import Cell, Row, Table
from epiguard.intake.residents import ResidentsBatch, read_residents
from epiguard.intake.table import read_table

__all__ = [
    "ANOTHER_PROVINCE",
    "Cell",
    "CrossingsBatch",
    "DayFiles",
    "FormsBatch",
    "IntakePlan",
    "LoggedCrossing",
    "ResidentsBatch",
    "Row",
    "RowCount",
    "SourcePlan",
    "Table",
    "read_door_log",
    "read_folder",
    "read_gate_log",
    "read_paper_forms",
    "read_questionnaire",
    "read_residents",
    "read_table",
]
