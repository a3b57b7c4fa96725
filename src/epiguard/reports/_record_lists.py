"""Periods, decisions and alerts, one by one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import UTC

from epiguard.decisions import Decision, Effect
from epiguard.duties import Alert
from epiguard.people import Person
from epiguard.quarantine import QuarantinePeriod, QuarantineSetting
from epiguard.reports._cells import JOURNEY, Record, Row, both
from epiguard.reports._names import as_written, iso, joined, name_of
from epiguard.reports._observation import moment_of
from epiguard.reports._sheet import Column, Sheet

__all__ = ["alerts", "decided", "periods"]


def periods(record: Record) -> Sheet:
    """Every quarantine period, the next release first."""
    return record.sheet(
        "periods", "隔离观察", "quarantine periods",
        (
            Column("subject", "对象编号", "subject", 14), Column("name", "姓名", "name", 12),
            Column("phone", "电话", "phone", 18), Column("address", "住址", "door", 26),
            Column("state", "状态", "state", 18), Column("day_number", "第几日", "day", 8),
            Column("first_day", "起算日", "counted from", 12), Column("last_day", "最后一日", "last day", 12),
            Column("release_at", "解除时间", "release", 16), Column("setting", "方式", "setting", 24),
            Column("anchor_unconfirmed", "起算日待核", "start to be confirmed", 12), *JOURNEY,
            Column("days", "天数", "days", 8), Column("changes", "变更次数", "changes", 8),
            Column("policy", "规则版本", "policy", 18), Column("period", "观察期编号", "period id", 26),
        ),
        _periods(record),
    )  # fmt: skip


def _periods(record: Record) -> Iterator[Row]:
    state = record.state
    for period in sorted(
        state.periods.values(),
        key=lambda each: (not _runs(each, record), each.ends_at.astimezone(UTC), each.id),
    ):
        person = state.people.get(period.person)
        form = state.registrations.get(period.person.removeprefix("form:"))
        if person is None and form is not None:
            whose = record.written(form)
        else:
            whose = [name_of(person), record.phones(person), record.home(person)]
        exposure = period.exposure
        yield [
            period.person, *whose, _state_of(period, record), period.day_number(record.day),
            iso(period.anchor_day), iso(period.last_day), record.time(period.ends_at),
            both("setting", _setting_of(period, record).value),
            both("misc", "yes") if period.anchor_unconfirmed else "",
            record.region(getattr(exposure.reason, "region", None)), iso(exposure.left_on),
            iso(exposure.arrived_on), period.total_days, len(period.changes), period.policy_version or "",
            period.id,
        ]  # fmt: skip


def _setting_of(period: QuarantinePeriod, record: Record) -> QuarantineSetting:
    return period.setting_at(moment_of(record.state.site, record.day, record.now))


def _runs(period: QuarantinePeriod, record: Record) -> bool:
    return period.in_force(moment_of(record.state.site, record.day, record.now))


def _state_of(period: QuarantinePeriod, record: Record) -> str:
    moment = moment_of(record.state.site, record.day, record.now)
    if period.in_force(moment):
        return both("period", "in-force")
    if period.end is not None and period.end.cause is not None:
        return both("end", period.end.cause.value)
    return both("period", "not-begun" if moment < period.starts_at else "completed")


def decided(record: Record, decisions: Iterable[Decision]) -> Sheet:
    """Every decision of the gates, in order of time; people by their pseudonymous ids only."""
    return record.sheet(
        "decisions", "出入判定", "decisions at the gates",
        (
            Column("at", "时间", "time", 16), Column("checkpoint", "卡口", "checkpoint", 14),
            Column("direction", "方向", "direction", 8), Column("travellers", "人数", "travellers", 8),
            Column("people", "人员编号", "people", 24), Column("effect", "判定", "effect", 12),
            Column("codes", "原因代码", "codes", 24), Column("reasons_zh", "原因", "reasons (Chinese)", 44),
            Column("reasons_en", "原因(英文)", "reasons", 44),
            Column("overridden_by", "紧急放行人", "overridden by", 14),
            Column("policy", "规则版本", "policy", 18), Column("decision", "判定编号", "decision id", 22),
            Column("follows", "接续", "follows", 22),
        ),
        _decided(record, decisions),
        personal=False,
    )  # fmt: skip


def _decided(record: Record, decisions: Iterable[Decision]) -> Iterator[Row]:
    every = enumerate(decisions)
    for _, each in sorted(every, key=lambda item: (item[1].crossing.at.astimezone(UTC), item[0])):
        crossing = each.crossing
        yield [
            record.time(crossing.at), record.checkpoint(crossing.checkpoint),
            both("direction", crossing.direction.value), len(crossing.travellers),
            joined(one.person or "" for one in crossing.travellers), both("effect", each.effect.value),
            joined(verdict.code for verdict in each.reasons),
            joined(verdict.text("zh") for verdict in each.reasons),
            joined(verdict.text("en") for verdict in each.reasons),
            each.override.by if each.override is not None and each.effect is Effect.ALLOW else "",
            each.policy_version, each.id, each.follows or "",
        ]  # fmt: skip


def alerts(record: Record) -> Sheet:
    """Every alert, open ones first, the latest first among them."""
    return record.sheet(
        "alerts", "报警", "alerts",
        (
            Column("kind", "种类", "kind", 28), Column("at", "时间", "time", 16),
            Column("checkpoint", "卡口", "checkpoint", 14), Column("subject", "对象编号", "subject", 14),
            Column("name", "姓名", "name", 12), Column("phone", "电话", "phone", 18),
            Column("address", "住址", "door", 26), Column("card", "门禁卡", "card", 14),
            Column("text_zh", "情况", "what (Chinese)", 44),
            Column("text_en", "情况(英文)", "what", 44), Column("open", "未处理", "open", 8),
            Column("alert", "报警编号", "alert id", 24),
        ),
        _alerts(record),
    )  # fmt: skip


def _cards(record: Record, person: Person | None, alert: Alert) -> Iterator[str]:
    """The register's, and the one that the watch list looked out for; each once."""
    at = alert.at if alert.at is not None else record.now
    watched = (each.card for each in record.state.watches_on(alert.subject, at) if each.card is not None)
    every = (*(person.cards if person is not None else ()), *watched)
    yield from dict.fromkeys(each.value for each in every)


def _alerts(record: Record) -> Iterator[Row]:
    state = record.state
    every = state.alerts.values()
    for alert in sorted(
        every,
        key=lambda each: (
            each.id in state.alerts_closed,
            -(each.at.timestamp() if each.at is not None else 0.0),
            each.id,
        ),
    ):
        person = state.people.get(alert.subject)
        form = state.registrations.get(alert.subject.removeprefix("form:"))
        yield [
            both("alert", alert.kind), record.time(alert.at),
            record.checkpoint(alert.checkpoint) if alert.checkpoint is not None else "", alert.subject,
            as_written(form, "name") if person is None and form is not None else name_of(person),
            record.phones(person), record.home(person),
            joined(_cards(record, person, alert)),
            alert.text("zh"), alert.text("en"),
            "" if alert.id in state.alerts_closed else both("misc", "yes"), alert.id,
        ]  # fmt: skip
