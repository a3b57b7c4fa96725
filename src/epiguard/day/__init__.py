"""One site's day: from raw files to decisions, reconciliation, calls and the report."""

from __future__ import annotations

from epiguard.day._calls import CallPlan
from epiguard.day._job import DayResult, run_day
from epiguard.day._progress import Progress, silent
from epiguard.day._summary import summary

__all__ = ["CallPlan", "DayResult", "Progress", "run_day", "silent", "summary"]
