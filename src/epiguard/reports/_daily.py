"""The daily dynamic report (一日动态数据): counts only, nobody is named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import attrs

from epiguard.decisions import Decision
from epiguard.errors import ExportError, kind_of
from epiguard.fields import instances, instant
from epiguard.reports._commitments import (
    Businesses,
    Commitments,
    Leases,
    business_figures,
    commitment_figures,
    lease_figures,
)
from epiguard.reports._contacts import Contacts, contact_figures
from epiguard.reports._definitions import Definition, definitions
from epiguard.reports._errands import Errands, errand_figures
from epiguard.reports._findings import findings_of
from epiguard.reports._forms import Forms, form_figures
from epiguard.reports._gate import Crossings, crossing_figures
from epiguard.reports._months import Months, month_figures
from epiguard.reports._notices import Notices, notice_figures
from epiguard.reports._observation import Observation, moment_of, observation_figures
from epiguard.reports._plan import ReportPlan
from epiguard.reports._population import Population, population_figures
from epiguard.reports._returnees import Returnees, returnee_figures
from epiguard.reports._rosters import Rosters, roster_figures
from epiguard.reports._supplies import Supplies, supply_figures
from epiguard.reports._words import Words
from epiguard.reports._work import Alerts, Duties, alert_figures, duty_figures
from epiguard.situation import State

if TYPE_CHECKING:  # see _returnees
    from epiguard.reconciliation import Reconciliation

__all__ = ["REPORT_VERSION", "DailyReport", "daily_report"]

#: Raised by one whenever the shape of the report's plain data changes.
REPORT_VERSION = 2


@attrs.frozen(kw_only=True)
class DailyReport:
    """The figures of one site on one day.

    Attributes:
        site_id: The site.
        site_name: What people call it.
        day: The site's day.
        as_of: The instant the figures speak of.
        policy_versions: Of the policies that decided the day's crossings, sorted.
        checkpoint_names: Checkpoint id to name.
        findings: What does not add up, Chinese and English.
        notes: How the files were read; without personal values.
    """

    site_id: str
    site_name: str
    day: date
    as_of: datetime
    returnees: Returnees
    observation: Observation
    forms: Forms
    duties: Duties
    crossings: Crossings
    alerts: Alerts
    population: Population
    contacts: Contacts
    errands: Errands
    notices: Notices
    supplies: Supplies
    rosters: Rosters
    commitments: Commitments
    leases: Leases
    businesses: Businesses
    months: Months
    findings: tuple[Words, ...] = ()
    policy_versions: tuple[str, ...] = ()
    checkpoint_names: Mapping[str, str] = attrs.field(factory=dict, repr=False)
    notes: tuple[str, ...] = ()

    @property
    def definitions(self) -> Mapping[str, Definition]:
        """Figure, such as ``"forms.matched"``, to its name and definition in both languages."""
        return definitions()

    def as_dict(self) -> dict[str, Any]:
        """The report as plain data for JSON, with its version and the definitions."""
        plain: dict[str, Any] = {"report": "epiguard-daily", "version": REPORT_VERSION}
        plain |= {field.name: _plain(getattr(self, field.name)) for field in attrs.fields(DailyReport)}
        plain["definitions"] = {key: each.as_dict() for key, each in self.definitions.items()}
        return plain


def _plain(value: Any) -> Any:  # noqa: ANN401 - any field of the report
    if attrs.has(type(value)):
        return {field.name: _plain(getattr(value, field.name)) for field in attrs.fields(type(value))}
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return value.isoformat() if isinstance(value, date) else value


def daily_report(  # noqa: PLR0913 - each is a part of the day
    state: State,
    *,
    day: date,
    now: datetime,
    reconciliation: Reconciliation | None = None,
    decisions: Iterable[Decision] = (),
    notes: Iterable[str] = (),
    alarms: Mapping[str, int] | None = None,
    plan: ReportPlan | None = None,
) -> DailyReport:
    """Count what a site's facts add up to on a day.

    Nothing unconfirmed is reported as confirmed, and whatever has parts is the sum of them.

    Args:
        state: The sum of the site's facts; it is only read.
        day: The site's day.
        now: As of when: overdue duties and periods in force; on the day or after it.
        reconciliation: Of all forms of the state; without it nobody knows what became of the forms.
        decisions: Of the gates; those of other days are counted as such.
        notes: How the files were read; they must not hold personal values.
        alarms: Month to how many alerts it had, as ``epiguard.work.alarms_by_month`` counts them in the
            record: alerts that were closed long ago are not in the state any more.
        plan: What the report is told beside the facts; nothing means the defaults.

    Raises:
        ExportError: If the day has not begun, or the forms do not add up.
    """
    if type(day) is not date:
        raise ExportError("daily_report(day=)", expected="a date without a time", got=kind_of(day))
    instant("daily_report(now=)")(None, None, now)
    site = state.site
    moment_of(site, day, now)
    decisions = tuple(decisions)
    plan = plan or ReportPlan()
    population = population_figures(state, plan.key_regions)
    return DailyReport(
        site_id=site.id,
        site_name=site.name or site.id,
        day=day,
        as_of=site.local(now),
        returnees=returnee_figures(state, day, reconciliation),
        observation=observation_figures(state, day, now),
        forms=form_figures(state, day, reconciliation),
        duties=duty_figures(state, now),
        crossings=crossing_figures(site, decisions, day),
        alerts=alert_figures(state, day),
        population=population,
        contacts=contact_figures(state, day, now),
        errands=errand_figures(state, day, now),
        notices=notice_figures(state, now),
        supplies=supply_figures(state, now),
        rosters=roster_figures(state, day),
        commitments=commitment_figures(state, day),
        leases=lease_figures(state, day),
        businesses=business_figures(state, day),
        months=month_figures(alarms, day),
        findings=findings_of(plan, population),
        policy_versions=tuple(
            sorted({each.policy_version for each in decisions if each.day == day and each.policy_version})
        ),
        checkpoint_names={each.id: each.name or each.id for each in site.checkpoints},
        notes=instances(str, "daily_report(notes=)")(notes),
    )
