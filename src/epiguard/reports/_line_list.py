"""The line list (个案一览表): one line for everybody under observation, with contacts and daily checks."""

from __future__ import annotations

from collections.abc import Iterator

from epiguard.quarantine import Return
from epiguard.reports._cells import Record, Row, both
from epiguard.reports._contacts import observed_periods
from epiguard.reports._names import building_of, iso, joined, name_of
from epiguard.reports._observation import moment_of
from epiguard.reports._sheet import Column, Sheet
from epiguard.work import CheckState, contacts_of, health_days

__all__ = ["line_list"]

_ROLES = ("returnee", "family", "landlord", "door")


def line_list(record: Record) -> Sheet:
    """Everybody under observation, door by door."""
    return record.sheet(
        "line-list", "个案一览", "line list",
        (
            Column("subject", "对象编号", "subject", 14), Column("name", "姓名", "name", 12),
            Column("sex", "性别", "sex", 6), Column("born", "出生日期", "born", 12),
            Column("phone", "电话", "phone", 18), Column("returning_from", "来源地", "returning from", 14),
            Column("arrived_on", "到达日期", "arrived on", 12), Column("day_number", "第几日", "day", 8),
            Column("last_day", "最后一日", "last day", 12), Column("setting", "方式", "setting", 20),
            Column("returnee", "本人", "returnee", 16), Column("family", "家属", "family", 16),
            Column("landlord", "房东", "landlord", 16), Column("door_visit", "上门", "visit at the door", 16),
            Column("check", "当日询问", "check of the day", 18),
            Column("missed", "漏询问日", "missed days", 30), Column("period", "观察期编号", "period id", 26),
            Column("address", "住址", "door", 26),
        ),
        sorted(_lines(record), key=lambda row: (building_of(str(row[-1])), str(row[0]), str(row[-2]))),
    )  # fmt: skip


def _lines(record: Record) -> Iterator[Row]:
    state = record.state
    moment, today = moment_of(state.site, record.day, record.now), state.site.day_of(record.now)
    for period in observed_periods(state, moment):
        names = state.known_as(period.person)
        person, form = state.people.get(names[0]), state.registrations.get(names[0].removeprefix("form:"))
        if person is None and form is not None:
            name, phone, address = record.written(form)
        else:
            name, phone, address = name_of(person), record.phones(person), record.home(person)
        reason = period.exposure.reason
        contacts: dict[str, str] = {}
        if isinstance(reason, Return):
            found = contacts_of(state, period, record.now)
            contacts = {role: both("contact", each.value) for role, each in found.items()}
        days = health_days(state, period, today)
        check = days.get(record.day)
        missed = (iso(on) for on, each in days.items() if each is CheckState.MISSED and on < record.day)
        yield [
            period.person, name, (person.sex or "") if person is not None else "",
            iso(person.birth_date) if person is not None else "", phone,
            record.region(getattr(reason, "region", None)), iso(period.exposure.arrived_on),
            period.day_number(record.day), iso(period.last_day),
            both("setting", period.setting_at(moment).value),
            *(contacts.get(role, "") for role in _ROLES),
            both("check", check.value) if check is not None else "", joined(missed), period.id, address,
        ]  # fmt: skip
