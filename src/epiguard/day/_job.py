"""The day's job: read everything, then record, reconcile, order, decide and report, all or nothing."""

from __future__ import annotations

from collections import defaultdict
from datetime import date, datetime, timedelta
from pathlib import Path

import attrs

from epiguard.crossings import Crossing
from epiguard.day._arrivals import Arrival, arrivals, same_arrival
from epiguard.day._duties import follow_reconciliation
from epiguard.day._outputs import write_outputs
from epiguard.day._progress import Progress, silent
from epiguard.decisions import Decision, Effect
from epiguard.duties import Alert, DutyState
from epiguard.errors import ExportError, IntakeError
from epiguard.facts import (
    AlertRaised,
    CrossingObserved,
    DutyClosed,
    DutyOpened,
    MatchFound,
    QuarantineChanged,
    QuarantineOrdered,
    Registered,
)
from epiguard.fields import instant
from epiguard.intake import DayFiles, IntakePlan, LoggedCrossing, read_folder
from epiguard.ledger import Ledger
from epiguard.matching import ResidentIndex
from epiguard.places import Site
from epiguard.policy import Policy
from epiguard.quarantine import ChangeKind, EndCause, PeriodChange, Return
from epiguard.reconciliation import Reconciliation, reconcile
from epiguard.registrations import Registration
from epiguard.reports import DailyReport

__all__ = ["DayResult", "run_day"]

#: The job's own name in the record, where no person acted.
JOB = "day-job"
#: After so long a time without any record the newest one is taken for a slip unless it is confirmed (ours).
LONGEST_SILENCE = timedelta(days=30)


@attrs.frozen(kw_only=True)
class DayResult:
    """What a day's run gave.

    Attributes:
        day: The site's day.
        as_of: The instant up to which the files say what happened.
        report: The daily dynamic report.
        lists: Forms against register and gate log.
        decisions: One per crossing of the gate log, in order of time.
        files: What was read.
        written: The files written.
        facts_added: How many facts the run added to the ledger; a repeated run adds none.
    """

    day: date
    as_of: datetime
    report: DailyReport
    lists: Reconciliation
    decisions: tuple[Decision, ...] = attrs.field(repr=False)
    files: DayFiles = attrs.field(repr=False)
    written: tuple[Path, ...] = ()
    facts_added: int = 0


def run_day(
    folder: str | Path,
    out: str | Path,
    *,
    site_file: str = "site.toml",
    as_of: datetime | None = None,
    progress: Progress = silent,
) -> DayResult:
    """Run a site's day on a folder of raw files.

    The folder holds the site file and the files its ``[intake]`` section names. Everything is read and
    checked before anything is written; the ledger ``out/ledger.db`` gets all facts in one transaction.
    The same folder run again adds nothing twice.

    Args:
        folder: The folder of the day's files.
        out: Where ledger, report and lists go; created if missing.
        site_file: The site file's name in the folder.
        as_of: As of when the day is looked at: what is overdue then, and who is under observation; default
            the latest instant in the files, and never before it. The facts count as recorded then, so that
            the same files give the same record.
        progress: Shows where the job is.

    Raises:
        PolicyError: If the site file is not right.
        IntakeError: If a file is not right; every bad cell is listed, and nothing was written. Also if
            ``as_of`` is before the latest instant in the files.
        ExportError: If ``out`` or a report cannot be written; the ledger is then as it was.
        LedgerError: If the ledger cannot be used.
    """
    folder, out = Path(folder), Path(out)
    if folder.is_file():
        raise IntakeError(
            folder.name,
            expected="a folder with the site file and the day's files",
            got="a file",
            do="name the folder it is in",
        )
    policy = Policy.load(folder / site_file)
    plan = IntakePlan.of(policy.section("intake"), site_file)
    files = read_folder(folder, plan, policy.site)
    instant("run_day(as_of=)", optional=True)(None, None, as_of)
    latest = _latest(files)
    if as_of is None:
        _refuse_a_lone_late_day(files, policy.site)
    if as_of is not None and as_of < latest:
        raise IntakeError(
            "as of",
            expected=f"an instant from {policy.site.local(latest).isoformat()} on, the latest in the files",
            got="an earlier one",
            do="leave it out, or take the later rows out of the files",
        )
    as_of = policy.site.local(as_of or latest)
    _make_folder(out)
    with Ledger.open(out / "ledger.db", policy=policy, clock=lambda: as_of) as ledger:
        return _Run(ledger, policy, files, as_of, progress).run(out)


def _refuse_a_lone_late_day(files: DayFiles, site: Site) -> None:
    # One mistyped month would move the whole day, and everybody under observation would seem released.
    days = sorted({site.day_of(each) for each in _instants(files)})
    if len(days) > 1 and days[-1] - days[-2] > LONGEST_SILENCE:
        raise IntakeError(
            "as of",
            expected=f"times within {LONGEST_SILENCE.days} days of each other",
            got=f"{days[-1].isoformat()}, {(days[-1] - days[-2]).days} days after all others",
            do="look for a mistyped date, or confirm with --as-of",
        )


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(
            str(out),
            expected="a folder that is there or can be made",
            got=type(error).__name__,
            do="name another folder with --out",
        ) from None


def _instants(files: DayFiles) -> list[datetime]:
    crossings = [each.crossing.at for each in (*files.gate, *files.doors)]
    return crossings + [each.submitted_at for each in files.registrations if each.submitted_at is not None]


def _latest(files: DayFiles) -> datetime:
    # Files without any instant hold only residents; then nothing happened, and any instant does.
    return max(_instants(files), default=datetime.fromisoformat("1970-01-01T00:00:00+00:00"))


class _Run:
    """One run: its parts share the ledger, the policy and the files."""

    def __init__(
        self, ledger: Ledger, policy: Policy, files: DayFiles, as_of: datetime, progress: Progress
    ) -> None:
        self._ledger = ledger
        self._policy = policy
        self._files = files
        self._as_of = as_of
        self._day = policy.site.day_of(as_of)
        self._progress = progress

    def run(self, out: Path) -> DayResult:
        before = self._ledger.position
        with self._ledger.batch():
            self._sync_register()
            self._register_forms()
            lists = self._reconcile()
            self._link(lists)
            self._order_quarantine(lists)
            self._open_duties(lists)
            decisions = self._decide()
            self._observe_doors()
            report, written = write_outputs(
                out, self._ledger, self._files, lists, decisions, day=self._day, now=self._as_of
            )
        return DayResult(
            day=self._day,
            as_of=self._as_of,
            report=report,
            lists=lists,
            decisions=tuple(decisions),
            files=self._files,
            written=written,
            facts_added=self._ledger.position - before,
        )

    def _sync_register(self) -> None:
        residents = self._files.residents
        if residents is None:
            return
        people = self._progress(residents.people, stage="register", total=len(residents.people))
        self._ledger.sync_people(
            people,
            as_of=self._as_of,
            households=residents.households,
            relationships=residents.relationships,
        )

    def _register_forms(self) -> None:
        forms = self._files.registrations
        for form in self._progress(forms, stage="forms", total=len(forms)):
            self._ledger.record(Registered(form, at=form.submitted_at), by=JOB, key=f"form:{form.id}")

    def _reconcile(self) -> Reconciliation:
        state = self._ledger.state
        forms = list(state.registrations.values())
        # A landlord who lives elsewhere is known to the site, but a form is a resident's.
        index = ResidentIndex.build(each for each in self._ledger.people() if each.resident)
        return reconcile(
            self._progress(forms, stage="matching", total=len(forms)),
            index,
            crossings=[each.crossing for each in self._files.gate],
            confirmed={form: state.links[form] for form in state.confirmed if form in state.links},
            rejected=state.rejected,
        )

    def _link(self, lists: Reconciliation) -> None:
        for match in lists.matched:
            form = match.registration.id
            if self._ledger.state.links.get(form) != match.person_id:
                self._ledger.record(
                    MatchFound(registration=form, person=match.person_id),
                    by=JOB,
                    key=f"match:{form}:{match.person_id}",
                )

    def _order_quarantine(self, lists: Reconciliation) -> None:
        forms: defaultdict[str, list[Registration]] = defaultdict(list)
        for match in lists.matched:
            forms[match.person_id].append(match.registration)
        for unsure in lists.to_confirm:
            forms[unsure.registration.subject].append(unsure.registration)
        for stranger in lists.not_in_register:
            first = stranger.same_as or stranger.registration.id
            forms[f"form:{first}"].append(stranger.registration)
        seen = [(each.key, each.crossing) for each in self._files.gate if each.passed is not False]
        found = arrivals(forms, seen, self._policy.site, self._day)
        for arrival in self._progress(found, stage="quarantine", total=len(found)):
            if self._policy.order_on(arrival.gate_day) is not None and not self._ordered(arrival):
                self._order(arrival)
        self._close_identified(lists)

    def _ordered(self, arrival: Arrival) -> bool:
        state = self._ledger.state
        periods = [state.periods[each] for each in state.periods_of.get(arrival.subject, ())]
        return any(
            isinstance(each.exposure.reason, Return)
            and (same_arrival(each.anchor_day, arrival.when) or each.id == _period_id(arrival))
            for each in periods
        )

    def _order(self, arrival: Arrival) -> None:
        period = self._policy.period(
            arrival.exposure,
            gate_day=arrival.gate_day,
            period_id=_period_id(arrival),
        )
        self._ledger.record(QuarantineOrdered(period), by=JOB, key=period.id)

    def _close_identified(self, lists: Reconciliation) -> None:
        state = self._ledger.state
        # By today's lists: a form that was matched once and is in doubt again keeps its duties.
        known = {each.registration.subject for each in lists.matched}
        for period in list(state.periods.values()):
            if period.person in known and period.end is None:
                change = PeriodChange(
                    kind=ChangeKind.ENDED,
                    cause=EndCause.IDENTIFIED,
                    reason="the form was matched; the person's own period takes its place",
                    by=JOB,
                    at=self._as_of,
                )
                self._ledger.record(
                    QuarantineChanged(period=period.id, person=period.person, change=change),
                    by=JOB,
                    key=f"identified:{period.id}",
                )
        for status in list(state.duties.values()):
            if status.duty.subject in known and status.state is DutyState.OPEN:
                self._ledger.record(
                    DutyClosed(
                        duty=status.duty.id, reason="the form was matched; the person's own duties stand"
                    ),
                    by=JOB,
                    key=f"identified:{status.duty.id}",
                )

    def _open_duties(self, lists: Reconciliation) -> None:
        known = self._ledger.state.duties
        for duty in follow_reconciliation(lists, self._ledger.state.people.get, self._as_of):
            if duty.id not in known:
                self._ledger.record(DutyOpened(duty), by=JOB, key=duty.id)

    def _decide(self) -> list[Decision]:
        gate = sorted(self._files.gate, key=lambda each: (each.crossing.at, each.key))
        return [self._admit(each) for each in self._progress(gate, stage="decisions", total=len(gate))]

    def _admit(self, logged: LoggedCrossing) -> Decision:
        decision = self._ledger.admit(logged.crossing, key=logged.key, by="gate-log")
        allowed = decision.effect is Effect.ALLOW
        if logged.passed is True and not allowed:
            self._passed_anyway(logged.crossing, decision, logged.key)
        elif logged.passed is False and allowed and not self._ledger.is_cancelled(decision.id):
            self._ledger.cancel(decision.id, by="gate-log", reason="the log says they were not let through")
        return decision

    def _passed_anyway(self, crossing: Crossing, decision: Decision, key: str) -> None:
        self._ledger.record(
            CrossingObserved(crossing, decision=decision.id, at=crossing.at),
            by="gate-log",
            key=f"passed:{key}",
        )
        alert = Alert(
            kind="passed-against-the-rules",
            subject=next((each.person for each in crossing.travellers if each.person), crossing.checkpoint),
            at=crossing.at,
            checkpoint=crossing.checkpoint,
            basis=decision.id,
            texts={
                "zh": "按规定不应放行,记录显示已放行:"
                + ";".join(each.text("zh") for each in decision.reasons),
                "en": "let through although the rules say otherwise: "
                + "; ".join(each.text("en") for each in decision.reasons),
            },
        )
        self._ledger.record(AlertRaised(alert, at=crossing.at), by=JOB, key=alert.id)

    def _observe_doors(self) -> None:
        doors = self._files.doors
        for each in self._progress(doors, stage="doors", total=len(doors)):
            if each.passed is not False:
                self._ledger.record(
                    CrossingObserved(each.crossing, at=each.crossing.at), by="door-log", key=each.key
                )


def _period_id(arrival: Arrival) -> str:
    return f"q:{arrival.subject}:{arrival.when.isoformat()}"
