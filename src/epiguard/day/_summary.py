"""What a committee reads first: the day in a dozen lines, in English and Chinese."""

from __future__ import annotations

from collections.abc import Iterator

from epiguard.day._job import DayResult
from epiguard.reports import counts_of

__all__ = ["summary"]


def summary(result: DayResult) -> str:
    """The day in a few lines: figures and where to look; nobody is named."""
    return "\n".join(_lines(result))


def _lines(result: DayResult) -> Iterator[str]:
    report, lists = result.report, result.lists
    yield f"{report.site_name}, {result.day.isoformat()} (as of {result.as_of.isoformat()})"
    yield _line(
        "returnees to date",
        "累计返程",
        report.returnees.to_date,
        f"{report.returnees.today} today; {report.returnees.unidentified} in all not identified yet",
    )
    yield _line(
        "confirmed by phone",
        "已电话确认",
        report.returnees.confirmed,
        f"{report.returnees.unconfirmed} still to be confirmed",
    )
    yield _line(
        "under observation",
        "观察中",
        report.observation.in_force,
        f"{report.observation.released} released today",
    )
    yield _line("forms received", "收到登记表", report.forms.received, _sources(result))
    yield _line("  matched", "已匹配", len(lists.matched))
    yield _line("  to confirm", "待确认", len(lists.to_confirm))
    yield _line("  not in the register", "不在库中", len(lists.not_in_register))
    yield _line("returnees without a form", "漏登", len(lists.unregistered))
    yield _line("forms that contradict", "错登", len(lists.contradictory))
    crossings = report.crossings.by_effect
    yield _line(
        "crossings decided",
        "出入判定",
        len(result.decisions),
        "today " + ", ".join(f"{effect} {count}" for effect, count in crossings.items()),
    )
    screening = report.duties.by_kind.get("screen-movements")
    if screening is not None:
        yield _line("to be screened", "户籍排查", screening.opened, f"{screening.done} done")
    yield from _followed(result)
    total = report.duties.total
    yield _line(
        "duties open", "待办", total.open, f"{total.overdue} overdue, {total.at_the_door} at the door"
    )
    yield _line(
        "alerts open",
        "报警",
        report.alerts.total.open,
        f"{report.alerts.cases} cases, {report.alerts.at_town} at the town",
    )
    yield from _failed(result)
    yield from _compared(result)
    if result.files.warnings:
        yield _line("cells to look at", "待查单元格", len(result.files.warnings), "see report.json, notes")
    if result.corrected:
        yield _line("rows corrected", "更正", result.corrected, "forms and rows that say something else now")
    if result.erased:
        yield _line(
            "erased, yet in the files", "已删除而文件中仍有", len(result.erased), "see report.json, notes"
        )
    if result.gone:
        yield _line(
            "rows gone", "日志缺行", len(result.gone), "on record, not in the log; see report.json, notes"
        )
    yield f"facts added: {result.facts_added}" + (
        "" if result.facts_added else " (this folder was run before)"
    )
    yield "written: " + ", ".join(str(path) for path in result.written)


def _followed(result: DayResult) -> Iterator[str]:
    """Contacts, daily checks, errands, and the calls that were shared out; what nobody uses is left out."""
    contacts, errands = result.report.contacts, result.report.errands.total
    told = contacts.by_role.get("returnee")
    if told is not None:
        yield _line(
            "returnees told", "已告知本人", told.reached, f"of {contacts.periods}; {told.overdue} overdue"
        )
    if contacts.checks_done or "health-check" in result.report.duties.by_kind:
        missed = f"of {contacts.checks}; {contacts.missed_days} days missed before"
        yield _line("asked after today", "当日已询问", contacts.checks_done, missed)
    if contacts.away:
        yield _line("away", "外出待返", contacts.away, f"{contacts.expected_today} expected today")
    if errands.asked:
        yield _line("errands waiting", "待办代办", errands.waiting, f"{errands.late} late")
    helpers = {each.assignee for each in result.shared if each.assignee is not None}
    if helpers:
        yield _line("calls shared out", "已分派电话", len(result.shared), f"among {len(helpers)} helpers")


def _failed(result: DayResult) -> Iterator[str]:
    """The rules that failed: crossings are held that no guard can let through, or a duty is not owed."""
    for what, times in result.faults.items():
        yield f"rule failed {times} time{'s' if times > 1 else ''} 规则出错: {what}"


def _compared(result: DayResult) -> Iterator[str]:
    """What does not add up, and what somebody stated beside what was counted here."""
    for zh, en in result.report.findings:
        yield f"does not add up: {en} {zh}"
    counts = counts_of(result.report)
    for path, stated in result.stated.items():
        here = counts.get(path)
        yield f"{path}: {stated} stated, " + ("not counted here" if here is None else f"{here} here")


def _sources(result: DayResult) -> str:
    return ", ".join(f"{source} {count}" for source, count in result.report.forms.by_source.items())


def _line(en: str, zh: str, count: int, more: str = "") -> str:
    return f"{en:<26}{count:>7}  {zh}" + (f"  ({more})" if more else "")
