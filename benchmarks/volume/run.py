"""A town's day: ``python benchmarks/volume/run.py [--people 150000] [--crossings 300000] [--sqlite]``.

The facts of a town, its crossings included, are added up, and after each the rules are asked which duties
and alerts follow, as a ledger does but for writing them down; with ``--sqlite`` a ledger on a file does it,
and writes everything down. Then what a committee wants of them is timed: the day's checks, what is late and
goes up, the calls shared out, the report in three formats, the working lists. Stages are timed in processor
time of one process on one core; the memory is the most it ever had.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import tempfile
import time
from collections.abc import Iterable
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from town import facts_of_town, policy_of_town

from epiguard import AlertRaised, DutyAttempted, DutyOpened, Fact, Ledger, Policy, Situation
from epiguard.reports import daily_report, day_lists, write_html, write_json, write_xlsx
from epiguard.situation import State
from epiguard.work import (
    EscalationPlan,
    alarms_by_month,
    assign,
    escalations,
    health_checks,
    late_alerts,
    open_cases,
)

DAY = date(2020, 2, 13)
MORNING = datetime(2020, 2, 13, 5, tzinfo=ZoneInfo("Asia/Shanghai"))
NOW = datetime(2020, 2, 13, 23, 30, tzinfo=ZoneInfo("Asia/Shanghai"))
#: The target: all stages together, on one core.
SECONDS, GIGABYTES = 60, 2


class Clock:
    """Times stages, in processor time."""

    def __init__(self) -> None:
        self.stages: list[tuple[str, str, float]] = []

    def stage(self, name: str, what: object, since: float) -> float:
        """Note a stage that began at ``since``; what it gave; and when the next one begins."""
        now = time.process_time()
        self.stages.append((name, str(what), now - since))
        print(f"| {name} | {what} | {now - since:.1f} |", flush=True)
        return now


def add(state: State, policy: Policy, fact: Fact) -> None:
    """Add a fact and what follows from it."""
    at = fact.at or MORNING
    state.apply(fact, at)
    following = policy.follow_up(fact, Situation.after(state, fact, fact.own_subjects, at))
    for duty in following.duties:
        if not state.has_duty(duty.id):
            state.apply(DutyOpened(duty, at=at), at)
    for alert in following.alerts:
        if not state.has_alert(alert.id):
            state.apply(AlertRaised(alert, at=alert.at or at), at)


class InMemory:
    """Adds facts up, and writes nothing down."""

    def __init__(self, policy: Policy) -> None:
        self.policy = policy
        self.state = State(policy.site)

    def keep(self, facts: Iterable[Fact]) -> None:
        """Add facts and what follows from each."""
        for fact in facts:
            add(self.state, self.policy, fact)

    def close(self) -> None:
        """Nothing is open."""


class OnSqlite:
    """A ledger on a file, one transaction for each stage."""

    def __init__(self, policy: Policy, file: Path) -> None:
        self.file = file
        self.ledger = Ledger.open(file, policy=policy, clock=lambda: MORNING)

    @property
    def state(self) -> State:
        """What it adds up to by now."""
        return self.ledger.state

    def keep(self, facts: Iterable[Fact]) -> None:
        """Record facts; the ledger asks the rules what follows."""
        with self.ledger.batch():
            for fact in facts:
                self.ledger.record(fact, by="town")

    def close(self) -> None:
        """Say how much was written."""
        entries = self.ledger.position
        self.ledger.close()
        print(f"\nledger: {entries} entries, {self.file.stat().st_size / 1024**2:.0f} MB")


def run(people: int, crossings: int, folder: Path, *, sqlite: bool) -> Clock:
    """All stages."""
    policy = policy_of_town()
    clock, begun = Clock(), time.process_time()
    facts = list(facts_of_town(policy, people, crossings, DAY))
    clock.stage("(making up the facts, not counted)", f"{len(facts)} facts", begun)
    clock.stages.clear()
    at = time.process_time()
    record = OnSqlite(policy, folder / "town.db") if sqlite else InMemory(policy)
    crossings_from = len(facts) - crossings
    record.keep(facts[:crossings_from])
    state = record.state
    at = clock.stage("people and their day: what follows", f"{len(state.duties)} duties", at)
    record.keep(facts[crossings_from:])
    state = record.state
    at = clock.stage("crossings: what follows", f"{crossings} crossings, {len(state.alerts)} alerts", at)
    del facts
    calls = [each.id for number, each in enumerate(state.duties.values()) if number % 3]
    record.keep(DutyAttempted(duty=each, outcome="reached", at=MORNING) for each in calls)
    state = record.state
    at = clock.stage("calls made", f"{len(state.duties)} duties, two of three done", at)
    checks = list(health_checks(state, DAY))
    at = clock.stage("the day's checks", f"{len(checks)} duties", at)
    late = list(late_alerts(state, ["bring-medicine", "arrange-clinic"], NOW))
    at = clock.stage("late duties", f"{len(late)} alerts of {len(state.duties)} duties", at)
    cases = open_cases(state)
    up = list(escalations(state, EscalationPlan(), NOW))
    at = clock.stage("alerts", f"{len(cases)} cases of {len(state.alerts)} alerts, {len(up)} go up", at)
    open_calls = [each for each in state.duties.values() if each.kind == "screen-movements"]
    _, made = assign(state, open_calls, [f"leader-{n}" for n in range(200)], NOW)
    at = clock.stage(
        "sharing out the calls", f"{len(open_calls)} calls, at most {max(made.heads.values())} each", at
    )
    alarms = alarms_by_month(state.alerts.values(), policy.site)
    report = daily_report(state, day=DAY, now=NOW, alarms=alarms)
    at = clock.stage("counting the report", f"{report.duties.total.open} duties open", at)
    for write, name in ((write_json, "r.json"), (write_xlsx, "r.xlsx"), (write_html, "r.html")):
        write(report, folder / name)
    at = clock.stage("writing it", "JSON, XLSX, HTML", at)
    lists = day_lists(state, day=DAY, now=NOW)
    clock.stage("the working lists", f"{sum(len(each.rows) for each in lists)} rows", at)
    record.close()
    return clock


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--people", type=int, default=150_000)
    parser.add_argument("--crossings", type=int, default=300_000)
    parser.add_argument("--sqlite", action="store_true", help="record everything in a ledger on a file")
    options = parser.parse_args()
    print(f"Python {platform.python_version()}, {platform.machine()}, {os.cpu_count()} cores\n")
    print("| stage | of what | processor seconds |\n|---|---|---|")
    with tempfile.TemporaryDirectory() as folder:
        clock = run(options.people, options.crossings, Path(folder), sqlite=options.sqlite)
    total = sum(seconds for *_, seconds in clock.stages)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2
    print(f"| together | target {SECONDS} | {total:.1f} |")
    print(f"\nmost memory: {memory:.2f} GB, target {GIGABYTES}")


if __name__ == "__main__":
    main()
