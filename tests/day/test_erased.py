"""Files that are run again after somebody was erased do not bring them back, and what is new is not lost."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from day.elm_lane import REGISTER, ledger, put, run
from day.plum_court import good_folder
from epiguard import Ledger, PersonEnrolled, Policy
from epiguard.day import run_day, summary
from epiguard.errors import IntakeError
from epiguard.ledger import Retention

LATER = datetime(2020, 4, 14, tzinfo=ZoneInfo("Asia/Shanghai"))
WANG = "1,2020-02-10 20:00,王小明,13800138001,1号楼101室,安徽合肥,,2020-02-10"
OUT = "1,2020-02-10 09:00,北门,出,居民,p-2,36.5,否,,,,是"
DOOR = "1,2020-02-10 22:30,1号楼,出,p-2,通过"


def everything_in(folder: Path) -> bytes:
    """All bytes of the ledger's files."""
    return b"".join(each.read_bytes() for each in sorted(folder.glob("ledger.db*")))


def test_the_same_folder_again_brings_nobody_back(tmp_path: Path) -> None:
    """Register, form, rows of gates and doors: all told, none recorded; the others of a party stand."""
    folder = good_folder()
    folder.write(tmp_path / "files")
    out, policy = tmp_path / "out", Policy.load(tmp_path / "files" / "site.toml")
    first = run_day(tmp_path / "files", out)
    with Ledger.open(out / "ledger.db", policy=policy) as opened:
        for person in ("P-1001", "P-1002"):
            opened.erase(person, reason="asked for it", by="cadre-3")
        position = opened.position
    before = everything_in(out)
    assert "王梅生".encode() not in before
    again = run_day(tmp_path / "files", out)
    assert again.erased == ("P-1001", "P-1002", "online:2", "door:1", "gate:1", "gate:3")
    with Ledger.open(out / "ledger.db", policy=policy) as opened:
        assert [each.kind for each in opened.facts(after=position)] == ["export-made"]
        assert not {"P-1001", "P-1002"} & {each.id for each in opened.people()}
        assert opened.verify() is None
    after = everything_in(out)
    assert not [each for each in ("王梅生", "李雪芹", "李雪琴", "13800138171") if each.encode() in after]
    assert [each.id for each in again.decisions] == [each.id for each in first.decisions]
    assert (again.corrected, again.gone) == (0, ())
    assert "erased, yet in the files" in summary(again)
    assert sum("erased from the record" in each for each in again.report.notes) == len(again.erased)
    assert run_day(tmp_path / "files", out).facts_added == 0


def test_who_is_enrolled_again_is_taken_in_again(tmp_path: Path) -> None:
    """Somebody who answers for it says so; then the register holds for them as for everybody."""
    run(tmp_path, gate=[OUT], doors=[DOOR])
    with ledger(tmp_path) as opened:
        person = opened.state.people["p-2"]
        opened.erase("p-2", reason="asked for it", by="cadre-3")
        opened.record(PersonEnrolled(person), by="cadre-3")
    changed = [each.replace("13800138002", "13800138009") for each in REGISTER]
    put(tmp_path / "files", {"residents.csv": changed})
    again = run(tmp_path, gate=[OUT, OUT.replace("1,2020-02-10 09:00", "2,2020-02-11 09:00")], doors=[DOOR])
    assert again.erased == ("door:1", "gate:1")
    with ledger(tmp_path) as opened:
        assert [each.value for each in opened.state.people["p-2"].phones] == ["+8613800138009"]
        assert [each.at.day for each in opened.state.crossings_of["p-2"]] == [11]


def test_numbers_that_begin_anew_are_other_rows_and_forms(tmp_path: Path) -> None:
    """After retention emptied those of February, number 1 of April is nobody's of February."""
    run(tmp_path, paper=[WANG], gate=[OUT], doors=[DOOR])
    with ledger(tmp_path) as opened:
        rules = Retention(crossings_days=14, forms_days=14)
        opened.retain(rules, by="cadre-3", as_of=LATER, recorded_at=LATER)
    april = "2020-04-15"
    rows = {
        "paper": [f"1,{april} 08:00,孙浩,13911112222,1号楼404室,江苏苏州,,2020-04-14"],
        "gate": [OUT.replace("2020-02-10", april)],
        "doors": [DOOR.replace("2020-02-10", april)],
    }
    result = run(tmp_path, **rows)
    assert result.erased == ()
    assert [each.registration.id for each in result.lists.not_in_register] == [f"paper:paper:1@{april}"]
    with ledger(tmp_path) as opened:
        assert [each.at.day for each in opened.state.crossings_of["p-2"]] == [15, 15]
    assert run(tmp_path, **rows).facts_added == 0


def test_a_log_that_goes_on_does_not_bring_back_what_was_let_go(tmp_path: Path) -> None:
    """A file that is only ever added to still has the rows of February: they are told, and passed over."""
    run(tmp_path, gate=[OUT], doors=[DOOR])
    with ledger(tmp_path) as opened:
        opened.retain(Retention(crossings_days=14), by="cadre-3", as_of=LATER, recorded_at=LATER)
    april = OUT.replace("1,2020-02-10 09:00", "2,2020-04-15 09:00")
    files = put(tmp_path / "files", {})
    (files / "gate.csv").write_text(
        (files / "gate.csv").read_text(encoding="utf-8") + april + "\n", encoding="utf-8"
    )
    result = run_day(files, tmp_path / "out", as_of=LATER.replace(day=15, hour=20))
    assert result.erased == ("door:1", "gate:1")
    assert [each.crossing.at.day for each in result.decisions] == [15]


@pytest.mark.parametrize("who", ["p-3", "p-99"])
def test_a_row_about_somebody_who_is_not_on_record_is_named(tmp_path: Path, who: str) -> None:
    """Erased, or a slip in the id: of a returnee that nobody knows the day is refused, by file and row."""
    seen = "1,2020-02-10 20:30,北门,进,居民,p-3,36.5,是,浙江杭州,,,是"
    run(tmp_path, gate=[seen])
    with ledger(tmp_path) as opened:
        opened.erase("p-3", reason="asked for it", by="cadre-3")
    with pytest.raises(IntakeError, match=r"^gate\.csv, row 3: .*the id of a person or form on record"):
        run(tmp_path, gate=[seen, seen.replace("1,2020-02-10", "2,2020-02-11").replace("p-3", who)])
