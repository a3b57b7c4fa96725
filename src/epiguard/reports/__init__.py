"""What must be done now, on paper: the daily report, which names nobody, and the lists people work from.

``daily_report`` counts; ``day_lists`` names. Both are pure functions of the state and the morning's lists.
Whatever is written is inert: nothing in a spreadsheet is a formula, nothing in the page is a script.
"""

from __future__ import annotations

from epiguard.reports._commitments import Businesses, CommitmentFigures, Commitments, Leases
from epiguard.reports._contacts import ContactFigures, Contacts
from epiguard.reports._csv import write_csv
from epiguard.reports._daily import REPORT_VERSION, DailyReport, daily_report
from epiguard.reports._definitions import Definition, definitions
from epiguard.reports._errands import ErrandFigures, Errands
from epiguard.reports._forms import Forms
from epiguard.reports._gate import Crossings, CrossingsAt
from epiguard.reports._html import write_html
from epiguard.reports._inert import guard, unguard
from epiguard.reports._lists import day_lists, helper_list
from epiguard.reports._months import Months
from epiguard.reports._notices import NoticeFigures, Notices
from epiguard.reports._observation import Observation
from epiguard.reports._plan import ReportPlan
from epiguard.reports._population import Population
from epiguard.reports._replay_page import write_replay_html
from epiguard.reports._returnees import RegionFigure, Returnees
from epiguard.reports._rosters import Rosters
from epiguard.reports._sheet import Cell, Column, Sheet
from epiguard.reports._supplies import RoundFigures, Supplies
from epiguard.reports._withheld import counts_of
from epiguard.reports._work import AlertFigures, Alerts, Duties, DutyFigures
from epiguard.reports._writers import write_json, write_lists, write_lists_html, write_lists_json, write_xlsx

__all__ = [
    "REPORT_VERSION",
    "AlertFigures",
    "Alerts",
    "Businesses",
    "Cell",
    "Column",
    "CommitmentFigures",
    "Commitments",
    "ContactFigures",
    "Contacts",
    "Crossings",
    "CrossingsAt",
    "DailyReport",
    "Definition",
    "Duties",
    "DutyFigures",
    "ErrandFigures",
    "Errands",
    "Forms",
    "Leases",
    "Months",
    "NoticeFigures",
    "Notices",
    "Observation",
    "Population",
    "RegionFigure",
    "ReportPlan",
    "Returnees",
    "Rosters",
    "RoundFigures",
    "Sheet",
    "Supplies",
    "counts_of",
    "daily_report",
    "day_lists",
    "definitions",
    "guard",
    "helper_list",
    "unguard",
    "write_csv",
    "write_html",
    "write_json",
    "write_lists",
    "write_lists_html",
    "write_lists_json",
    "write_replay_html",
    "write_xlsx",
]
