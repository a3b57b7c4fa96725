"""Who is under observation: periods in force, starting, over, and to be confirmed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta

import attrs

from epiguard.days import first_instant
from epiguard.errors import ExportError
from epiguard.places import Site
from epiguard.quarantine import EndCause, QuarantinePeriod
from epiguard.reports._counts import NO_COUNTS, frozen
from epiguard.situation import State

__all__ = ["SOON", "Observation", "moment_of", "observation_figures", "stood"]

#: How many days ahead releases are announced (ours): time enough to prepare a pass and a call.
SOON = 3
_ERRORS = (EndCause.ORDERED_IN_ERROR, EndCause.IDENTIFIED)


@attrs.frozen(kw_only=True)
class Observation:
    """Figures about quarantine periods; what each means stands in ``DailyReport.definitions``."""

    in_force: int
    on_persons: int
    on_forms: int
    subjects: int
    awaiting_release: int
    starting: int
    released: int
    ended_otherwise: int
    ending_soon: int
    anchors_to_confirm: int
    by_day_number: Mapping[str, int] = attrs.field(default=NO_COUNTS, converter=frozen)
    by_setting: Mapping[str, int] = attrs.field(default=NO_COUNTS, converter=frozen)
    ending_on: Mapping[str, int] = attrs.field(default=NO_COUNTS, converter=frozen)


def moment_of(site: Site, day: date, now: datetime) -> datetime:
    """The instant a report on a day speaks of: now, or the day's last instant once the day is over.

    Raises:
        ExportError: If the day has not begun.
    """
    begins = first_instant(day, site.zone, site.day_starts).astimezone(UTC)
    ends = first_instant(day + timedelta(days=1), site.zone, site.day_starts).astimezone(UTC)
    at = now.astimezone(UTC)
    if at < begins:
        raise ExportError(
            "daily_report(now=)",
            expected=f"an instant on {day.isoformat()} or after it",
            got="one before it",
            do="report on a day that has begun",
        )
    return min(at, ends - timedelta(microseconds=1)).astimezone(site.zone)


def stood(period: QuarantinePeriod) -> bool:
    """Whether a period was one at all: not ordered in error, nor for a form that was somebody else's."""
    return period.end is None or period.end.cause not in _ERRORS


def observation_figures(state: State, day: date, now: datetime) -> Observation:
    """Count periods on a day.

    Args:
        state: The sum of the facts.
        day: The site's day.
        now: As of when.
    """
    moment = moment_of(state.site, day, now)
    periods = [each for each in state.periods.values() if stood(each)]
    in_force = [each for each in periods if each.in_force(moment)]
    numbers = Counter(number for number in (each.day_number(day) for each in in_force) if number is not None)
    over_today = [each for each in periods if each.ends_at.date() == day]
    soon = [day + timedelta(days=ahead) for ahead in range(1, SOON + 1)]
    ending = Counter(each.ends_at.date() for each in in_force)
    released = sum(each.end is None or each.end.cause is EndCause.EARLY_RELEASE for each in over_today)
    on_forms = sum(each.person.startswith("form:") for each in in_force)
    return Observation(
        in_force=len(in_force),
        on_persons=len(in_force) - on_forms,
        on_forms=on_forms,
        subjects=len({each.person for each in in_force}),
        awaiting_release=len(in_force) - numbers.total(),
        starting=sum(each.anchor_day == day for each in periods),
        released=released,
        ended_otherwise=len(over_today) - released,
        ending_soon=sum(ending[on] for on in soon),
        anchors_to_confirm=sum(each.anchor_unconfirmed for each in in_force),
        by_day_number={str(number): numbers[number] for number in sorted(numbers)},
        by_setting=dict(sorted(Counter(each.setting_at(moment).value for each in in_force).items())),
        ending_on={on.isoformat(): ending[on] for on in soon},
    )
