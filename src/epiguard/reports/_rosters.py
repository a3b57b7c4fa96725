"""Whether the posts are manned: the hours without a team, and who stands there too often."""

from __future__ import annotations

from collections import Counter
from datetime import date, timedelta

import attrs

from epiguard.days import first_instant, to_utc
from epiguard.situation import State
from epiguard.work import RosterFinding, Shift, posted_shifts, roster_findings

__all__ = ["Rosters", "day_roster", "roster_figures"]


@attrs.frozen(kw_only=True)
class Rosters:
    """Figures about the day's rosters; what each means stands in ``DailyReport.definitions``."""

    posts: int = 0
    shifts: int = 0
    uncovered: int = 0
    uncovered_minutes: int = 0
    in_two_places: int = 0
    too_many_in_a_row: int = 0


def day_roster(state: State, day: date) -> tuple[list[Shift], list[RosterFinding]]:
    """The shifts of a day and what is wrong with them; every post that ever had a roster must be manned.

    Args:
        state: The sum of the facts.
        day: The site's day.
    """
    shifts, roles = posted_shifts(state)
    posts = sorted({each.post for each in shifts})
    site = state.site
    start = first_instant(day, site.zone, site.day_starts)
    end = first_instant(day + timedelta(days=1), site.zone, site.day_starts)

    def is_today(began: Shift | RosterFinding) -> bool:
        return to_utc(began.start) < to_utc(end) and to_utc(began.end) > to_utc(start)

    findings = roster_findings(shifts, posts, start, end, roles=roles)
    return [each for each in shifts if is_today(each)], [each for each in findings if is_today(each)]


def roster_figures(state: State, day: date) -> Rosters:
    """Count a day's shifts, and what is wrong with them."""
    shifts, findings = day_roster(state, day)
    kinds = Counter(each.kind for each in findings)
    gaps = [each for each in findings if each.kind == "uncovered"]
    return Rosters(
        posts=len({each.post for each in posted_shifts(state)[0]}),
        shifts=len(shifts),
        uncovered=kinds["uncovered"],
        uncovered_minutes=sum(
            (to_utc(each.end) - to_utc(each.start)) // timedelta(minutes=1) for each in gaps
        ),
        in_two_places=kinds["in-two-places"],
        too_many_in_a_row=kinds["too-many-in-a-row"],
    )
