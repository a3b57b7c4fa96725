"""What must be done now: the call list, and the screening of residents registered in a key region."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

from epiguard.duties import DutyState
from epiguard.reports._cells import Record, Row, both
from epiguard.reports._names import as_written, name_of
from epiguard.reports._routes import Reach, Routes
from epiguard.reports._sheet import Column, Sheet
from epiguard.situation import DutyStatus

__all__ = ["call_list", "screening"]

_LAST = datetime.max.replace(tzinfo=UTC)


def call_list(record: Record, helper: str | None = None) -> Sheet:
    """Every open duty with a route to whom it addresses, by due time and then door by door; or a helper's."""
    return record.sheet(
        "call-list", "待办联系", "call list",
        (
            Column("kind", "任务", "duty", 26), Column("about", "有关人员", "about", 12),
            Column("who", "联系对象", "whom to reach", 12), Column("via", "方式", "how", 18),
            Column("phone", "电话", "phone", 18), Column("phone_of", "号码属于", "whose number", 12),
            Column("address", "住址", "door", 26), Column("due", "期限", "due", 16),
            Column("overdue", "逾期", "overdue", 10), Column("attempts", "已联系次数", "attempts", 8),
            Column("last_outcome", "最近结果", "last outcome", 18),
            Column("text_zh", "事项", "what (Chinese)", 36),
            Column("text_en", "事项(英文)", "what", 36), Column("assignee", "负责人", "assignee", 12),
            Column("duty", "任务编号", "duty id", 22),
        ),
        _calls(record, helper),
    )  # fmt: skip


def _calls(record: Record, helper: str | None) -> Iterator[Row]:
    lists = record.reconciliation
    candidates = {
        each.registration.id: tuple(candidate.person_id for candidate in each.likely)
        for each in (lists.to_confirm if lists is not None else ())
    }
    routes = Routes(record.state, record.day, candidates)
    still = (
        each
        for each in record.state.duties.values()
        if each.state is DutyState.OPEN and helper in (None, each.assignee)
    )
    reached = [(routes.to(each.duty), each) for each in still]
    for reach, status in sorted(reached, key=_by_due_and_door):
        duty = status.duty
        late = status.overdue(record.now)
        yield [
            both("duty", duty.kind), _called(record, duty.subject), reach.who, both("via", reach.via),
            reach.phone, reach.phone_of, reach.address, record.time(duty.due),
            both("misc", "yes") if late else "", len(status.attempts), _last_outcome(status),
            duty.text("zh"), duty.text("en"), duty.assignee or "", duty.id,
        ]  # fmt: skip


def _by_due_and_door(item: tuple[Reach, DutyStatus]) -> tuple[object, ...]:
    reach, status = item
    due = status.duty.due
    # In UTC: two datetimes of one zone are compared by the wall clock, which is wrong where it goes back.
    return (due.astimezone(UTC) if due is not None else _LAST, reach.order, status.duty.id)


def _called(record: Record, subject: str) -> str:
    person = record.state.people.get(subject)
    if person is not None:
        return name_of(person) or subject
    form = record.state.registrations.get(subject.removeprefix("form:"))
    return (as_written(form, "name") if form is not None else "") or subject


def _last_outcome(status: DutyStatus) -> str:
    return both("outcome", status.attempts[-1][1].value) if status.attempts else ""


def screening(record: Record) -> Sheet:
    """Calls to residents registered in a key region; the registration selects whom to call, no more."""
    return record.sheet(
        "screening", "户籍排查", "screening calls",
        (
            Column("person", "人员编号", "person", 12), Column("name", "姓名", "name", 12),
            Column("phone", "电话", "phone", 18), Column("address", "住址", "door", 26),
            Column("registered", "户籍地", "household registration", 14), Column("due", "期限", "due", 16),
            Column("state", "状态", "state", 14), Column("attempts", "已联系次数", "attempts", 8),
            Column("last_outcome", "最近结果", "last outcome", 18),
            Column("settled", "完成时间", "settled", 16), Column("duty", "任务编号", "duty id", 22),
        ),
        _screened(record),
    )  # fmt: skip


def _screened(record: Record) -> Iterator[Row]:
    kind = [each for each in record.state.duties.values() if each.duty.kind == "screen-movements"]
    for status in sorted(
        kind, key=lambda each: (each.state.value != "open", each.duty.subject, each.duty.id)
    ):
        duty = status.duty
        person = record.state.people.get(duty.subject)
        yield [
            duty.subject, name_of(person), record.phones(person), record.home(person),
            record.region(person.registered_region) if person is not None else "", record.time(duty.due),
            both("state", status.state.value), len(status.attempts), _last_outcome(status),
            record.time(status.settled_at), duty.id,
        ]  # fmt: skip
