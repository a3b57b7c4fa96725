"""Who is away, has not got a notice, has had no supplies or has not signed; the day's roster; sanctions."""

from __future__ import annotations

from collections.abc import Iterator

from epiguard.reports._cells import Record, Row, both
from epiguard.reports._names import building_of, home_of, iso, joined, name_of
from epiguard.reports._rosters import day_roster
from epiguard.reports._sheet import Column, Sheet
from epiguard.work import (
    commitments,
    expected_returns,
    notices_of,
    sanctions,
    supply_rounds,
    tried_channels,
    unreached,
    unserved,
    unsigned,
)

__all__ = ["expected", "not_reached", "not_served", "not_signed", "roster", "sanctioned"]

_WHO = (
    Column("recipient", "户或人员编号", "household or person", 16),
    Column("name", "姓名", "name", 16), Column("address", "住址", "door", 26),
)  # fmt: skip


def _who(record: Record, recipient: str) -> Row:
    """A household or a person: who lives there, and where."""
    home = record.state.households.get(recipient)
    if home is None:
        person = record.state.people.get(recipient)
        return [recipient, name_of(person), record.home(person)]
    members = [
        each
        for each in home.members_on(record.day)
        if each in record.state.people and each not in record.state.gone
    ]
    names = joined(name_of(record.state.people[each]) for each in members)
    residence = home.residence
    for each in members if residence is None else ():
        residence = residence or home_of(record.state.people[each], record.state, record.day)
    return [recipient, names, residence.value if residence is not None else ""]


def _by_door(row: Row) -> tuple[object, ...]:
    return (building_of(str(row[-1] or "")), str(row[0]))


def expected(record: Record) -> Sheet:
    """Who said that they are away, by the day they come back; those who put it off last."""
    return record.sheet(
        "expected-returns", "外出待返", "expected returns",
        (
            Column("person", "人员编号", "person", 12), Column("name", "姓名", "name", 12),
            Column("phone", "电话", "phone", 18), Column("address", "住址", "door", 26),
            Column("region", "所在地", "where", 14), Column("returns_on", "预计返回", "comes back on", 12),
            Column("said_at", "告知时间", "said at", 16),
        ),
        _expected(record),
    )  # fmt: skip


def _expected(record: Record) -> Iterator[Row]:
    for each in expected_returns(record.state):
        person = record.state.people.get(each.person)
        yield [
            each.person, name_of(person), record.phones(person), record.home(person),
            record.region(each.region), iso(each.returns_on), record.time(each.at),
        ]  # fmt: skip


def not_reached(record: Record) -> Sheet:
    """Who has not got a notice, and by which other channel they could; notice by notice, door by door."""
    return record.sheet(
        "not-reached", "告知未收到", "notices not received",
        (
            Column("notice", "告知", "notice", 18), Column("tried", "已试", "tried", 18),
            Column("others", "还可用", "could still be", 30), *_WHO,
        ),
        _not_reached(record),
    )  # fmt: skip


def _not_reached(record: Record) -> Iterator[Row]:
    for notice, _ in notices_of(record.state).values():
        missing = unreached(record.state, notice, record.now, tried_channels(record.state, notice.id))
        rows = [
            [
                notice.id, joined(both("channel", one) for one in each.tried),
                joined(both("channel", one) for one in each.others), *_who(record, each.recipient),
            ]
            for each in missing
        ]  # fmt: skip
        yield from sorted(rows, key=lambda row: (_by_door(row), str(row[3])))


def not_served(record: Record) -> Sheet:
    """Who had nothing of a round yet; round by round, door by door."""
    rows = (
        row
        for given in supply_rounds(record.state)
        for row in sorted(
            (
                [given.id, given.supply, *_who(record, each)]
                for each in unserved(record.state, given.id, record.now)
            ),
            key=lambda row: (_by_door(row), str(row[2])),
        )
    )
    columns = (Column("round", "批次", "round", 16), Column("supply", "物资", "supply", 14), *_WHO)
    return record.sheet("not-served", "物资未领", "not served yet", columns, rows)


def not_signed(record: Record) -> Sheet:
    """Which households have not signed a commitment; commitment by commitment, door by door."""
    rows = (
        row
        for name in commitments(record.state)
        for row in sorted(
            ([name, *_who(record, each)] for each in unsigned(record.state, name)),
            key=lambda row: (_by_door(row), str(row[1])),
        )
    )
    columns = (Column("commitment", "承诺书", "commitment", 18), *_WHO)
    return record.sheet("not-signed", "承诺书未签", "not signed yet", columns, rows)


def sanctioned(record: Record) -> Sheet:
    """Every sanction with how it stands; none touches supplies, medicine or passage."""
    return record.sheet(
        "sanctions", "取消福利", "sanctions",
        (
            Column("sanction", "编号", "sanction", 14), Column("year", "年度", "year", 8),
            Column("how", "状态", "how it stands", 22), Column("benefits", "福利", "benefits", 24),
            Column("breach", "违约编号", "breach", 14), *_WHO,
        ),
        (
            [
                each.sanction.id, each.sanction.year, both("sanction", each.how.value),
                joined(each.sanction.benefits), each.sanction.breach, *_who(record, each.sanction.household),
            ]
            for each in sanctions(record.state)
        ),
    )  # fmt: skip


def roster(record: Record) -> Sheet:
    """The day's shifts in order of time, and what is wrong with them; people by their pseudonyms only."""
    shifts, findings = day_roster(record.state, record.day)
    rows: list[tuple[object, Row]] = [
        (
            (each.start.timestamp(), each.post, 0),
            [
                "",
                record.checkpoint(each.post),
                record.time(each.start),
                record.time(each.end),
                joined(each.people),
            ],
        )
        for each in shifts
    ]
    rows += [
        (
            (each.start.timestamp(), each.post or "", 1),
            [
                both("roster", each.kind), record.checkpoint(each.post or ""), record.time(each.start),
                record.time(each.end), each.person or "",
            ],
        )
        for each in findings
    ]  # fmt: skip
    return record.sheet(
        "roster", "当日值守", "roster of the day",
        (
            Column("finding", "问题", "finding", 24), Column("post", "值守点", "post", 18),
            Column("start", "开始", "from", 16), Column("end", "结束", "to", 16),
            Column("people", "人员编号", "people", 36),
        ),
        (row for _, row in sorted(rows, key=lambda item: item[0])),  # type: ignore[arg-type,return-value]
        personal=False,
    )  # fmt: skip
