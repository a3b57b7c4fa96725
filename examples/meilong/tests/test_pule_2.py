"""Pule No. 2: whoever is watched is noticed at the doors, in and out; a named person decides who is."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path
from typing import Any

import attrs
import pytest
from openpyxl import load_workbook

from at_the_gate import (
    NEIGHBOURS,
    ROOM,
    SITES,
    WANG,
    ZHAO,
    at,
    crossing,
    load,
    open_ledger,
    quarantined,
    resident,
)
from epiguard import (
    Alert,
    CardHolders,
    CardNumber,
    CrossingObserved,
    Effect,
    Fact,
    LeaveGranted,
    Ledger,
    PersonEnrolled,
    Policy,
    PolicyError,
    TimeSpan,
    Traveller,
    WatchListed,
)
from epiguard.day import DayResult, run_day
from epiguard_meilong.watched_passing import room_and_cards

POLICY = load("pule_2")
NOON = at(2, 14, 12, 0)
WATCH = WatchListed(person="p-7", reason="back from another province", until=date(2020, 2, 29), at=NOON)


def seen(ledger: Ledger, person: str | None, way: str, hours: int = 1, door: str = "door-3") -> None:
    """A card or a face passes a door."""
    when = NOON + timedelta(hours=hours)
    passing = crossing(door, way, when, Traveller(person=person))
    ledger.record(CrossingObserved(passing, at=when), by="door")


def raised(*facts: Fact, **passing: object) -> list[Alert]:
    """The alerts after one passing."""
    ledger = open_ledger(POLICY, *NEIGHBOURS, *facts, when=NOON)
    seen(ledger, **{"person": "p-7", "way": "out", **passing})  # type: ignore[arg-type]  # options of several types
    return ledger.alerts()


@pytest.mark.parametrize(
    ("way", "chinese", "english"), [("in", "进入", "inward"), ("out", "外出", "outward")]
)
def test_a_watched_person_passes_a_door(way: str, chinese: str, english: str) -> None:
    """In or out there is an alert: who, where, when; it says that a card passed, not who carried it."""
    [alert] = raised(WATCH, way=way)
    assert (alert.kind, alert.subject, alert.checkpoint) == ("watched-passing", "p-7", "door-3")
    assert alert.at == NOON + timedelta(hours=1)
    assert f"在3号楼门禁{chinese};仅表明卡或人脸通过,不表明何人持卡" in alert.text("zh")
    assert f"passed 3号楼门禁 {english}; that does not say who carried the card" in alert.text("en")


def test_room_and_card_are_looked_up_by_whoever_may() -> None:
    """The alert has pseudonyms; the register has room and cards, and shows them masked."""
    ledger = open_ledger(POLICY, *NEIGHBOURS, attrs.evolve(WATCH, card="998877"), when=NOON)
    seen(ledger, "p-7", "out")
    [alert] = ledger.alerts()
    assert alert.basis == "h-502"
    found = room_and_cards(alert, ledger.people(), [attrs.evolve(WATCH, card="998877")])
    assert WANG.residence is not None
    assert found.room == WANG.residence
    assert [each.value for each in found.cards] == ["00712345", "998877"]
    shown = f"{alert!r} {alert.text('zh')} {alert.text('en')} {found!r}"
    assert not [each for each in ("502室", "00712345", "998877", "王小明", "13800138000") if each in shown]


def test_a_card_of_the_room_counts_as_the_room() -> None:
    """Somebody who shares it passes: the alert is about the watched person, and does not say it was them."""
    [alert] = raised(WATCH, person="p-8")
    assert (alert.kind, alert.subject, alert.basis) == ("watched-room", "p-7", "h-502")
    assert "不表明是本人" in alert.text("zh")


def test_a_card_that_the_room_shares_counts_as_the_room() -> None:
    """Nobody knows which of the two carried it: the alert is about the room."""
    shared = [attrs.evolve(each, cards=["00770077"]) for each in (WANG, ZHAO)]
    holders = CardHolders.of(shared, [ROOM.household])
    passing = crossing("door-3", "in", NOON, holders.traveller(CardNumber("00770077")))
    ledger = open_ledger(POLICY, *map(PersonEnrolled, shared), ROOM, WATCH, when=NOON)
    ledger.record(CrossingObserved(passing, at=NOON), by="door")
    [alert] = ledger.alerts()
    assert (alert.kind, alert.subject, alert.basis) == ("watched-room", "p-7", "h-502")
    assert "进入" in alert.text("zh")
    assert [each.value for each in room_and_cards(alert, ledger.people()).cards] == ["00770077"]
    unwatched = open_ledger(POLICY, *map(PersonEnrolled, shared), ROOM, when=NOON)
    unwatched.record(CrossingObserved(passing, at=NOON), by="door")
    assert unwatched.alerts() == []


@pytest.mark.parametrize("way", ["in", "out"])
def test_a_card_that_only_the_watch_list_knows(way: str) -> None:
    """Lent, or from a list of the property's: the entry names it, and it tells whose it is."""
    watch = attrs.evolve(WATCH, card="998877")
    assert watch.card is not None
    holders = CardHolders.of([WANG, ZHAO], [ROOM.household], [(watch.card, watch.person)])
    passing = crossing("door-3", way, NOON, holders.traveller(CardNumber("998877")))
    ledger = open_ledger(POLICY, *NEIGHBOURS, watch, when=NOON)
    ledger.record(CrossingObserved(passing, at=NOON), by="door")
    [alert] = ledger.alerts()
    assert (alert.kind, alert.subject) == ("watched-passing", "p-7")
    found = room_and_cards(alert, ledger.people(), [watch])
    assert (found.room, [each.value for each in found.cards]) == (WANG.residence, ["00712345", "998877"])


def test_both_of_a_room_at_once() -> None:
    """The watched person's own passing says more than the room's; each person is told of once."""
    ledger = open_ledger(POLICY, *NEIGHBOURS, WATCH, when=NOON)
    both = crossing("door-3", "out", NOON, Traveller(person="p-8"), Traveller(person="p-7"))
    ledger.record(CrossingObserved(both, at=NOON), by="door")
    assert [each.kind for each in ledger.alerts()] == ["watched-passing"]


def test_who_is_not_watched_passes_unseen() -> None:
    """No alert about others, about strangers, before the watch begins, or from the day named on."""
    assert raised() == []
    assert raised(WATCH, person=None) == []
    assert raised(WATCH, hours=-1) == []
    assert raised(WATCH, hours=24 * 15 - 13)
    assert raised(WATCH, hours=24 * 15 - 12) == []


def test_the_gate_with_its_guard_raises_none() -> None:
    """Only doors are alone with a card."""
    assert raised(WATCH, door="gate") == []


def test_leave_raises_no_alert() -> None:
    """Whoever goes to dialysis by leave is not reported for it."""
    span = TimeSpan(NOON, NOON + timedelta(hours=4))
    assert raised(WATCH, LeaveGranted(person="p-7", span=span, purpose="dialysis")) == []


def test_found_reported_followed_up() -> None:
    """An alert comes with a duty to find out within the hour; what follows, a named person orders."""
    ledger = open_ledger(POLICY, *NEIGHBOURS, WATCH, when=NOON)
    seen(ledger, "p-7", "out")
    [duty] = [each for each in ledger.duties() if each.kind == "find-out-who-passed"]
    assert duty.due == NOON + timedelta(hours=2)
    assert ledger.periods() == []
    order = quarantined(POLICY, "p-7", date(2020, 2, 14), NOON + timedelta(hours=2))
    assert ledger.record(order, by="cadre-3").by == "cadre-3"
    assert ledger.admit(crossing("gate", "out", at(2, 15), resident())).effect is Effect.DENY


def test_two_groups_are_proposed_and_nobody_is_listed_by_a_rule() -> None:
    """Registered in Hubei, or came back: somebody decides; until then they are anybody."""
    ledger = open_ledger(POLICY, when=NOON)
    ledger.record(PersonEnrolled(attrs.evolve(WANG, registered_region="420106"), at=NOON), by="register")
    ledger.record(PersonEnrolled(attrs.evolve(ZHAO, registered_region="310112"), at=NOON), by="register")
    assert [(each.kind, each.subject) for each in ledger.duties()] == [("decide-watch", "p-7")]
    ledger.record(quarantined(POLICY, "p-8", date(2020, 2, 13), NOON), by="cadre-3")
    assert sorted(each.subject for each in ledger.duties() if each.kind == "decide-watch") == ["p-7", "p-8"]
    seen(ledger, "p-7", "out")
    assert ledger.alerts() == []


def test_a_slip_in_a_key_region_is_refused() -> None:
    """It would propose nobody, and nobody would notice; without any region returnees alone are proposed."""
    text = (SITES / "pule_2.toml").read_text(encoding="utf-8")
    with pytest.raises(
        PolicyError, match=r"rules\[2\]\.regions: expected regions of provinces that there are"
    ):
        Policy.loads(text.replace('regions = ["420000"]', 'regions = ["240000"]'))
    ledger = open_ledger(Policy.loads(text.replace('regions = ["420000"]', "regions = []")), when=NOON)
    ledger.record(PersonEnrolled(attrs.evolve(WANG, registered_region="420106"), at=NOON), by="register")
    ledger.record(quarantined(POLICY, "p-7", date(2020, 2, 13), NOON), by="cadre-3")
    [proposed] = [each for each in ledger.duties() if each.kind == "decide-watch"]
    assert proposed.text("en").startswith("came back")


def test_household_registration_alone_restricts_nobody() -> None:
    """Proposed, even listed: the gate opens as for any neighbour."""
    hubei = PersonEnrolled(attrs.evolve(WANG, registered_region="420106"))
    ledger = open_ledger(POLICY, hubei, WATCH, when=NOON)
    for way in ("out", "in"):
        assert ledger.admit(crossing("gate", way, at(2, 15), resident())).effect is Effect.ALLOW


INTAKE = """
[intake]
residents = { file = "residents.csv", encoding = "utf-8" }
door_log = { file = "doors.csv", encoding = "utf-8" }
"""


def a_day(base: Path, *rows: str, register: str = "00712345,00712346") -> DayResult:
    """The place's own site file and a day's files, as the doors export them."""
    folder, (wang, zhao) = base / "files", register.split(",")
    folder.mkdir(exist_ok=True)
    site = (SITES / "pule_2.toml").read_text(encoding="utf-8")
    (folder / "site.toml").write_text(site + INTAKE, encoding="utf-8")
    people = [
        "人员编号,姓名,手机号码,住址,户号,门禁卡号",
        f"p-7,王小明,13800138000,3号楼502室,h-502,{wang}",
        f"p-8,赵敏,13900139000,3号楼502室,h-502,{zhao}",
        "p-9,周红,13700137000,3号楼601室,h-601,00712350",
    ]
    (folder / "residents.csv").write_text("\n".join(people), encoding="utf-8")
    doors = ["流水号,时间,门禁点,进出,卡号,人员编号,结果", *rows]
    (folder / "doors.csv").write_text("\n".join(doors), encoding="utf-8")
    return run_day(folder, base / "out")


def watch(base: Path, **options: Any) -> None:
    """Somebody decides that p-7 is watched."""
    with Ledger.open(base / "out" / "ledger.db", policy=POLICY, clock=lambda: NOON) as ledger:
        ledger.record(attrs.evolve(WATCH, **options), by="cadre-3")


def listed(result: DayResult) -> list[dict[str, Any]]:
    """The alerts of the working list, by the keys of its columns."""
    [path] = [each for each in result.written if each.name == "lists.xlsx"]
    _, *rows = load_workbook(path)["报警"].iter_rows(values_only=True)
    keys = ("kind", "at", "checkpoint", "subject", "name", "phone", "address", "card")
    return [dict(zip(keys, row, strict=False)) for row in rows]


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ("2,2020-02-14 13:00,3号楼门禁,出,00712345,,通过", "watched-passing"),
        ("2,2020-02-14 13:00,3号楼门禁,进,,p-7,通过", "watched-passing"),
        ("2,2020-02-14 13:00,3号楼门禁,出,00712346,,通过", "watched-room"),
    ],
    ids=["card", "face", "room"],
)
def test_through_the_days_files(tmp_path: Path, row: str, kind: str) -> None:
    """A card, a face or the room passes: the day's working list has the alert with room and card."""
    before = "1,2020-02-14 08:00,3号楼门禁,出,00712345,,通过"
    assert a_day(tmp_path, before).report.alerts.total.open == 0
    watch(tmp_path)
    result = a_day(tmp_path, before, row, "3,2020-02-14 13:05,3号楼门禁,进,00712350,,通过")
    assert {name: count.open for name, count in result.report.alerts.by_kind.items()} == {kind: 1}
    [alert] = listed(result)
    assert (alert["subject"], alert["checkpoint"], alert["at"]) == ("p-7", "3号楼门禁", "2020-02-14 13:00")
    assert (alert["address"], alert["card"]) == ("3号楼502室", "00712345")
    assert a_day(tmp_path, before, row).report.alerts.total.open == 1


def test_a_card_of_the_watch_list_through_the_days_files(tmp_path: Path) -> None:
    """Nobody's in the register: the entry of the list tells whose it is, and it stands in the list."""
    row = "2,2020-02-14 13:00,3号楼门禁,出,998877,,通过"
    a_day(tmp_path, "1,2020-02-14 08:00,3号楼门禁,出,00712345,,通过")
    watch(tmp_path, card="998877")
    [alert] = listed(a_day(tmp_path, row))
    assert (alert["subject"], alert["address"], alert["card"]) == ("p-7", "3号楼502室", "00712345; 998877")


def test_a_card_that_the_room_shares_through_the_days_files(tmp_path: Path) -> None:
    """Both have it: the room is told, and nobody is said to have carried it."""
    row = "2,2020-02-14 13:00,3号楼门禁,出,00770077,,通过"
    shared = "00770077,00770077"
    a_day(tmp_path, "1,2020-02-14 08:00,3号楼门禁,出,00770077,,通过", register=shared)
    watch(tmp_path)
    result = a_day(tmp_path, row, register=shared)
    assert set(result.report.alerts.by_kind) == {"watched-room"}
    [alert] = listed(result)
    assert (alert["address"], alert["card"]) == ("3号楼502室", "00770077")
