"""The day's job: read everything, then record, reconcile, order, decide and report, all or nothing."""

from __future__ import annotations

import itertools
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

import attrs

from epiguard.day._arrivals import LONGEST_AGO, Arrival, arrivals
from epiguard.day._calls import CallPlan
from epiguard.day._duties import DUE_AFTER, follow_reconciliation
from epiguard.day._forms import FormsOnRecord
from epiguard.day._gate import Logs
from epiguard.day._outputs import LEDGER, Outputs, refuse_folders
from epiguard.day._periods import JOB, Periods
from epiguard.day._progress import Progress, silent
from epiguard.day._strangers import under_their_first
from epiguard.days import to_utc
from epiguard.decisions import Decision
from epiguard.duties import Duty, DutyState, Route
from epiguard.errors import ExportError, IntakeError, UnknownIdError, refusal_of
from epiguard.facts import (
    DutyClosed,
    DutyOpened,
    MatchFound,
    QuarantineChanged,
    Registered,
)
from epiguard.fields import instant
from epiguard.intake import DayFiles, IntakePlan, LoggedCrossing, read_folder
from epiguard.ledger import Ledger
from epiguard.matching import ResidentIndex
from epiguard.places import Site
from epiguard.policy import Policy
from epiguard.quarantine import ChangeKind, EndCause, PeriodChange
from epiguard.reconciliation import Reconciliation, reconcile
from epiguard.registrations import Registration
from epiguard.reports import DailyReport, ReportPlan
from epiguard.situation import DutyStatus
from epiguard.work import ERRANDS, EscalationPlan, assign, escalations, health_checks, late_alerts

__all__ = ["DayResult", "run_day"]

#: What somebody waits for at home: late, it is an alert.
LATE = (*ERRANDS.values(), "arrange-clinic", "fever-referral")
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
        corrected: How many forms and rows of logs say something else than when they were first taken in.
        erased: What stands in the files and was erased from the record, or let go: ids of people and forms,
            and the keys of rows. It was not taken in again.
        gone: The keys of rows on record that the gate's log no longer has; nothing was withdrawn.
        stated: Figures as somebody stated them, by their path in the report; the summary compares them.
        shared: The open calls that were shared out among helpers.
        faults: What rules failed at, with how many open alerts tell of it: distribution, rule, hook and what
            it did. An alert that was closed, once the rule was mended, counts no more.
    """

    day: date
    as_of: datetime
    report: DailyReport
    lists: Reconciliation
    decisions: tuple[Decision, ...] = attrs.field(repr=False)
    files: DayFiles = attrs.field(repr=False)
    written: tuple[Path, ...] = ()
    facts_added: int = 0
    corrected: int = 0
    erased: tuple[str, ...] = ()
    gone: tuple[str, ...] = ()
    stated: Mapping[str, int] = attrs.field(factory=dict)
    shared: tuple[DutyStatus, ...] = attrs.field(default=(), repr=False)
    faults: Mapping[str, int] = attrs.field(factory=dict)


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
    The same folder run again adds nothing twice. A form or a row that was corrected since is recorded as what
    it says now; what it said before stays on record, withdrawn. Numbers may begin anew every day or shift:
    another person's form, or another crossing, under a known number is another form or row.

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
        ExportError: If ``out`` or a report cannot be written; the ledger is then as it was. If the files were
            written, but cannot be moved into their places, the ledger has the day already; the message says
            so, and the same folder run again writes them.
        LedgerError: If the ledger cannot be used, or is another site's.
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
    calls = CallPlan.of(policy.section("calls"), site_file)
    reported = ReportPlan.of(policy.section("report"), site_file)
    plan = IntakePlan.of(policy.section("intake"), site_file)
    files = read_folder(folder, plan, policy.site)
    instant("run_day(as_of=)", optional=True)(None, None, as_of)
    latest = _latest(files)
    if as_of is None:
        _refuse_a_lone_late_day(files, policy.site)
    if as_of is None and latest is None:
        raise IntakeError(
            "as of",
            expected="an instant in the files: of a crossing, or when a form was handed in",
            got="none, so that nobody knows which day it is",
            do="say as of when with --as-of, for example 2020-02-13T18:00:00+08:00",
        )
    if as_of is not None and latest is not None and as_of < latest:
        raise IntakeError(
            "as of",
            expected=f"an instant from {policy.site.local(latest).isoformat()} on, the latest in the files",
            got="an earlier one",
            do="leave it out, or take the later rows out of the files",
        )
    now = as_of or latest
    assert now is not None
    as_of = policy.site.local(now)
    _make_folder(out)
    refuse_folders(out)  # before the ledger is made
    with Ledger.open(out / LEDGER, policy=policy, clock=lambda: as_of) as ledger:
        return _Run(ledger, policy, files, as_of, progress, calls, reported).run(out)


def _refuse_a_lone_late_day(files: DayFiles, site: Site) -> None:
    # A mistyped month or year would move the whole day, and everybody under observation would seem released.
    records = Counter(site.day_of(each) for each in _instants(files))
    days = sorted(records)
    for before, after in itertools.pairwise(days):
        late = [day for day in days if day >= after]
        few = len(late) == 1 or sum(records[day] for day in late) * 2 < records.total()
        if after - before > LONGEST_SILENCE and few:
            which = after.isoformat() if len(late) == 1 else f"{len(late)} days from {after.isoformat()} on"
            raise IntakeError(
                "as of",
                expected=f"times within {LONGEST_SILENCE.days} days of each other",
                got=f"{which}, {(after - before).days} days after all others",
                do="look for a mistyped date, or confirm with --as-of",
            )


def _make_folder(out: Path) -> None:
    try:
        out.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(
            str(out),
            expected="a folder that is there or can be made",
            got=refusal_of(error),
            do="name another folder with --out",
        ) from None


def _instants(files: DayFiles) -> list[datetime]:
    crossings = [each.crossing.at for each in (*files.gate, *files.doors)]
    return crossings + [each.submitted_at for each in files.registrations if each.submitted_at is not None]


def _latest(files: DayFiles) -> datetime | None:
    return max(_instants(files), default=None)


class _Run:
    """One run: its parts share the ledger, the policy and the files."""

    def __init__(  # noqa: PLR0913, PLR0917 - its parts share them
        self,
        ledger: Ledger,
        policy: Policy,
        files: DayFiles,
        as_of: datetime,
        progress: Progress,
        calls: CallPlan,
        reported: ReportPlan,
    ) -> None:
        self._ledger = ledger
        self._policy = policy
        self._files = files
        self._as_of = as_of
        self._day = policy.site.day_of(as_of)
        self._progress = progress
        self._calls = calls
        self._reported = reported
        self._logs = Logs(ledger, policy.site, files)
        self._corrected = 0
        self._gate = files.gate
        self._erased: list[str] = []
        self._notes: list[str] = []

    def run(self, out: Path) -> DayResult:
        before = self._ledger.position
        with Outputs(out) as outputs:
            with self._ledger.batch():
                self._sync_register()
                self._register_forms()
                self._leave_out_erased()
                lists = self._reconcile()
                self._link(lists)
                self._order_quarantine(lists)
                self._open_duties(lists)
                decisions = self._decide()
                self._observe_doors()
                self._logs.settle(decisions)
                gone = self._logs.gone() if before else ()
                self._notes += (_no_longer(each) for each in gone)
                self._see_to_the_rest()
                notes = (*self._files.notes, *self._files.warnings, *self._notes)
                report = outputs.write(
                    self._ledger,
                    lists,
                    decisions,
                    day=self._day,
                    now=self._as_of,
                    notes=notes,
                    plan=self._reported,
                )
            written = outputs.put()
        return DayResult(
            day=self._day,
            as_of=self._as_of,
            report=report,
            lists=lists,
            decisions=tuple(decisions),
            files=self._files,
            written=written,
            facts_added=self._ledger.position - before,
            corrected=self._corrected + self._logs.corrected,
            erased=tuple(self._erased),
            gone=gone,
            stated=self._reported.stated,
            shared=tuple(self._shared()),
            faults=self._faults(),
        )

    def _sync_register(self) -> None:
        residents = self._files.residents
        if residents is None:
            return
        people = self._progress(residents.people, stage="register", total=len(residents.people))
        report = self._ledger.sync_people(
            people,
            as_of=self._as_of,
            households=residents.households,
            relationships=residents.relationships,
        )
        self._erased += report.erased

    def _register_forms(self) -> None:
        forms = self._files.registrations
        known = self._ledger.state.registrations
        on_record = FormsOnRecord(known, self._policy.site, self._ledger.keyed)
        for each in self._progress(forms, stage="forms", total=len(forms)):
            form = on_record.place(each)
            if form.id not in known:
                fact = Registered(form, at=form.submitted_at)
                if self._ledger.record(fact, by=JOB, key=f"form:{form.id}").erased:
                    self._erased.append(form.id)
            elif known[form.id] != form:
                # Typed again: what the form says now holds, and what it said before stays on record.
                self._ledger.record(Registered(form, at=form.submitted_at), by=JOB)
                self._corrected += 1

    def _leave_out_erased(self) -> None:
        """Look at no row any more of which the record has forgotten who it was; and say what was left out."""
        erased = {each.key for each in (*self._files.gate, *self._files.doors) if self._logs.is_erased(each)}
        self._gate = tuple(each for each in self._files.gate if each.key not in erased)
        self._erased += sorted(erased)
        self._notes += (_not_again(each) for each in self._erased)

    def _reconcile(self) -> Reconciliation:
        state = self._ledger.state
        forms = list(state.registrations.values())
        # A landlord who lives elsewhere is known to the site, but a form is a resident's. Those who left stay
        # in the index: else the form of somebody who died would be a stranger's, and the family phoned.
        index = ResidentIndex.build(each for each in state.people.values() if each.resident)
        lists = reconcile(
            self._progress(forms, stage="matching", total=len(forms)),
            index,
            crossings=[each.crossing for each in self._gate],
            confirmed={form: state.links[form] for form in state.confirmed if form in state.links},
            rejected=state.rejected | self._not_of_the_gone(forms),
        )
        # Nobody fetches a form from the bereaved.
        missing = (
            each for each in lists.unregistered if not self._was_last_seen_before_leaving(each.person_id)
        )
        strangers = under_their_first(lists.not_in_register, self._is_dealt_with)
        return attrs.evolve(lists, unregistered=tuple(missing), not_in_register=strangers)

    def _is_dealt_with(self, form: str) -> bool:
        state, subject = self._ledger.state, f"form:{form}"
        return bool(state.periods_of.get(subject) or state.duties_of.get(subject))

    def _was_last_seen_before_leaving(self, person: str | None) -> bool:
        if person is None or person not in self._ledger.state.gone:
            return False
        left = self._ledger.state.gone[person]
        seen = [
            to_utc(each.crossing.at)
            for each in self._gate
            if any(one.person == person for one in each.crossing.travellers)
        ]
        return left is None or max(seen) <= to_utc(left)

    def _not_of_the_gone(self, forms: Iterable[Registration]) -> set[tuple[str, str]]:
        """Forms that came in after somebody left are not theirs, unless they were taken for theirs before."""
        state = self._ledger.state
        return {
            (form.id, person)
            for person, left in state.gone.items()
            for form in forms
            if state.links.get(form.id) != person
            and (form.submitted_at is None or left is None or to_utc(form.submitted_at) > to_utc(left))
        }

    def _link(self, lists: Reconciliation) -> None:
        for match in lists.matched:
            form, before = match.registration.id, self._ledger.state.links.get(match.registration.id)
            if before != match.person_id:
                # Without a key: a form that was corrected and corrected back is found a second time.
                self._ledger.record(MatchFound(registration=form, person=match.person_id), by=JOB)
                if before is not None:
                    self._review(form, before)

    def _review(self, form: str, person: str) -> None:
        # Whoever was under observation for a form that now turns out to be another's may be so for nothing;
        # but the gate may have seen them too, so a human says.
        state = self._ledger.state
        known = state.people.get(person)
        for period_id in list(state.periods_of.get(person, ())):
            duty = Duty(
                kind="review-period",
                subject=person,
                basis=period_id,
                route=Route.PHONE if known is not None and known.phones else Route.DOOR,
                due=self._as_of + DUE_AFTER,
                texts={
                    "zh": f"登记表 {form} 更正后属于他人:复核此人的观察是否成立",
                    "en": f"form {form} was corrected and is another's: see whether this observation stands",
                },
            )
            if state.periods[period_id].end is None and not state.has_duty(duty.id):
                self._ledger.record(DutyOpened(duty), by=JOB, key=duty.id)

    def _order_quarantine(self, lists: Reconciliation) -> None:
        forms: defaultdict[str, list[Registration]] = defaultdict(list)
        for match in lists.matched:
            forms[match.person_id].append(match.registration)
        for unsure in lists.to_confirm:
            forms[unsure.registration.subject].append(unsure.registration)
        for stranger in lists.not_in_register:
            first = stranger.same_as or stranger.registration.id
            forms[f"form:{first}"].append(stranger.registration)
        seen = [(each.key, each.crossing) for each in self._gate if each.passed is not False]
        found = arrivals(forms, seen, self._policy.site, self._day)
        periods = Periods(self._ledger, self._policy, self._as_of)
        for arrival in self._progress(found, stage="quarantine", total=len(found)):
            try:
                periods.order(arrival)
            except UnknownIdError as error:  # a gate's row names somebody who is not on record
                raise self._logs.refused("gate_log", self._row_of(arrival), error) from error
            self._notes += (_doubt(each) for each in arrival.doubtful)
        self._close_identified(lists)

    def _row_of(self, arrival: Arrival) -> LoggedCrossing:
        return next(each for each in self._gate if each.key in arrival.evidence)

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
        state = self._ledger.state
        for duty in follow_reconciliation(lists, state.people.get, self._as_of, state.gone):
            if not state.has_duty(duty.id) and not self._is_about_the_gone(duty):
                self._ledger.record(DutyOpened(duty), by=JOB, key=duty.id)

    def _is_about_the_gone(self, duty: Duty) -> bool:
        state = self._ledger.state
        return any(each in state.gone for each in state.known_as(duty.subject))

    def _decide(self) -> list[Decision]:
        gate = sorted(self._files.gate, key=lambda each: (each.crossing.at, each.key))
        rows = self._progress(gate, stage="decisions", total=len(gate))
        return [decision for each in rows if (decision := self._logs.admit(each)) is not None]

    def _shared(self) -> Iterator[DutyStatus]:
        wanted = self._calls.kinds if self._calls.helpers else ()
        duties = self._ledger.state.duties.values()
        return (each for each in duties if each.kind in wanted and each.state is DutyState.OPEN)

    def _faults(self) -> Mapping[str, int]:
        state = self._ledger.state
        return Counter(
            each.source
            for each in state.alerts.values()
            if each.kind == "rule-fault" and each.source is not None and each.id not in state.alerts_closed
        )

    def _see_to_the_rest(self) -> None:
        """Owe the day's checks, share out the calls, and say what is late and who must know of it."""
        ledger, now = self._ledger, self._as_of
        if self._calls.daily_checks:
            ledger.owe(health_checks(ledger.state, self._day), by=JOB)
        if self._calls.helpers:
            changed, _ = assign(ledger.state, self._shared(), self._calls.helpers, now)
            ledger.record_all(changed, by=JOB)
        ledger.record_all(list(late_alerts(ledger.state, LATE, now)), by=JOB)
        ledger.record_all(list(escalations(ledger.state, EscalationPlan(), now)), by=JOB)

    def _observe_doors(self) -> None:
        doors = self._files.doors
        for each in self._progress(doors, stage="doors", total=len(doors)):
            self._logs.observe(each)


def _not_again(what: str) -> str:
    return (
        f"{what}: erased from the record, and still in the files; not taken in again; take it out of them"
        " 已从记录删除而文件中仍有,未再收录,请从文件中删去"
    )


def _no_longer(key: str) -> str:
    return (
        f"{key}: on record, and no longer in the gate's log; cancel the decision if it did not happen"
        " 记录中有而日志已无此行,如未发生请撤销"
    )


def _doubt(evidence: str) -> str:
    return (
        f"{evidence}: its date of arrival or leaving is after the form or the crossing, or more than"
        f" {LONGEST_AGO.days} days before; passed over, and to be asked for 到达或离开日期有误,须核实"
    )
