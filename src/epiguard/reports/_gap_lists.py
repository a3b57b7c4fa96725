"""Who was seen without a form (漏登), and which forms contradict the register (错登)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from epiguard.people import Person
from epiguard.registrations import Registration
from epiguard.reports._cells import FORM, REGISTER, Record, Row, both
from epiguard.reports._names import as_written, iso, joined, name_of, phones_of
from epiguard.reports._sheet import Column, Sheet
from epiguard.reports._words import words

__all__ = ["contradictory", "unregistered"]


def unregistered(record: Record) -> Sheet:
    """Returnees seen at the gate without a form (漏登)."""
    return record.sheet(
        "unregistered", "漏登", "seen without a form",
        (
            Column("at", "时间", "time", 16), Column("checkpoint", "卡口", "checkpoint", 14),
            Column("direction", "方向", "direction", 8), *REGISTER,
            Column("returning_from", "来源地", "returning from", 14),
            Column("possible_forms", "可能的登记表", "forms that may be theirs", 24),
            Column("reason", "情况", "why listed", 34),
        ),
        _unregistered(record),
    )  # fmt: skip


def _unregistered(record: Record) -> Iterator[Row]:
    missing = record.reconciliation.unregistered if record.reconciliation is not None else ()
    for each in sorted(missing, key=lambda one: (one.crossing.at, one.traveller_index)):
        crossing = each.crossing
        yield [
            record.time(crossing.at), record.checkpoint(crossing.checkpoint),
            both("direction", crossing.direction.value), *record.register(each.person_id),
            record.region(crossing.travellers[each.traveller_index].returning_from),
            joined(each.possible_forms), both("unregistered", each.reason),
        ]  # fmt: skip


def contradictory(record: Record) -> Sheet:
    """Forms that contradict the register (错登), with what each of the two says."""
    return record.sheet(
        "contradictory", "错登", "contradicts the register",
        (
            *FORM, *REGISTER,
            Column("fields_zh", "不符项", "fields (Chinese)", 16),
            Column("fields_en", "不符项(英文)", "fields that differ", 16),
            Column("written", "表上所写", "as written", 32),
            Column("on_record", "库中所记", "on record", 32),
        ),
        _contradictory(record),
    )  # fmt: skip


def _contradictory(record: Record) -> Iterator[Row]:
    wrong = record.reconciliation.contradictory if record.reconciliation is not None else ()
    for each in sorted(wrong, key=lambda one: one.registration.id):
        form: Registration = each.registration
        person = record.state.people.get(each.person_id)
        labels = {key: words("field", key) for key in each.fields}
        yield [
            *record.form(form), *record.register(each.person_id),
            "、".join(zh for zh, _ in labels.values()), ", ".join(en for _, en in labels.values()),
            joined(f"{zh}: {as_written(form, key)}" for key, (zh, _) in labels.items()),
            joined(f"{zh}: {_known(person, key, record)}" for key, (zh, _) in labels.items()),
        ]  # fmt: skip


def _known(person: Person | None, field: str, record: Record) -> str:
    if person is None:
        return ""
    read = _ON_RECORD.get(field)
    return read(person, record) if read is not None else ""


_ON_RECORD: Mapping[str, Callable[[Person, Record], str]] = {
    "name": lambda person, _: name_of(person),
    "sex": lambda person, _: person.sex or "",
    "birth_date": lambda person, _: iso(person.birth_date),
    "resident_id": lambda person, _: person.resident_id.value if person.resident_id is not None else "",
    "phone": lambda person, _: phones_of(person),
    "residence": lambda person, record: record.home(person),
    "plate": lambda person, _: joined(each.value for each in person.plates),
    "card": lambda person, _: joined(each.value for each in person.cards),
}
