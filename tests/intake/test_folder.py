"""A day's folder: all files are read before any is refused, rows are reconciled, and no person is shown."""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from epiguard.errors import IntakeError
from epiguard.intake import DayFiles, IntakePlan, RowCount, read_folder
from epiguard.places import Site

RESIDENTS = [["人员编号", "姓名", "手机号码", "门禁卡号"], ["p-1", "王小明", "13800138000", "0071"]]
PAPER = [
    ["编号", "登记时间", "姓名", "手机号", "从何处返沪"],
    ["1", "2020-02-07 21:30", "王小朋", "138 12?4 567"],
]
ONLINE = [
    ["序号", "提交答卷时间", "1、您的姓名", "2、您从哪里返沪"],
    ["1", "2020/02/07 22:00:00", "李小红"],
]
GATE = [
    ["流水号", "时间", "卡口", "方向", "人员编号"],
    ["N-1", "2020-02-07 21:30:00", "north", "进", "p-1"],
    ["N-1", "2020-02-07 21:30:00", "north", "进", "p-2"],
    [],
    ["N-2", "2020-02-07 21:31:00", "south", "出", "p-1"],
]
DOORS = [
    ["时间", "门禁点", "方向", "人员编号", "卡号", "结果"],
    ["2020-02-07 21:40:00", "1号楼", "进", "", "0071", "成功"],
]
PLAN = IntakePlan.of(
    {
        "residents": {"file": "residents*.csv"},
        "paper_forms": {"file": "forms/*.csv"},
        "questionnaire": {"file": "online-*.csv"},
        "gate_log": {"file": ["gate-*.csv"]},
        "door_log": {"file": "door.csv"},
    }
)

Write = Callable[..., Path]


@pytest.fixture
def folder(write_csv: Write, tmp_path: Path) -> Path:
    """A day's folder with one file of each kind."""
    write_csv(RESIDENTS, "residents.csv")
    write_csv(PAPER, "forms/paper-1.csv")
    write_csv(ONLINE, "online-7.csv")
    write_csv(GATE, "gate-1.csv")
    write_csv(DOORS, "door.csv")
    return tmp_path


def test_everything_is_read(folder: Path, site: Site) -> None:
    """Register, forms and logs arrive together; the doors know the holders of cards from the register."""
    day = read_folder(folder, PLAN, site)
    assert day.residents is not None
    assert [person.id for person in day.residents.people] == ["p-1"]
    assert [form.id for form in day.registrations] == ["paper:paper-1:1", "online:1"]
    assert [logged.key for logged in day.gate] == ["gate:N-1", "gate:N-2"]
    assert [logged.crossing.travellers[0].person for logged in day.doors] == ["p-1"]
    assert "paper-1.csv: encoding: UTF-8" in day.notes
    assert day.warnings == ("1 person ids of the logs are not in the register",)


def test_every_row_is_accounted_for(folder: Path, site: Site) -> None:
    """Rows read are records, blank, or members of parties; 15,841 people were once lost to a row limit."""
    day = read_folder(folder, PLAN, site)
    assert day.rows == (
        RowCount(part="residents", file="residents.csv", rows_read=1, records=1, blank=0),
        RowCount(part="paper_forms", file="paper-1.csv", rows_read=1, records=1, blank=0),
        RowCount(part="questionnaire", file="online-7.csv", rows_read=1, records=1, blank=0),
        RowCount(part="gate_log", file="gate-1.csv", rows_read=4, records=2, blank=1, merged=1),
        RowCount(part="door_log", file="door.csv", rows_read=1, records=1, blank=0),
    )
    assert all(count.balanced for count in day.rows)


def test_all_problems_of_all_files_are_told_at_once(
    folder: Path, write_csv: Write, site: Site, refused: Callable[..., IntakeError]
) -> None:
    """A bad cell in one file hides no other file's."""
    write_csv([*RESIDENTS, ["p-2", "李小红", "1", ""], ["p-1", "x", "", ""]], "residents.csv")
    write_csv([["编号"], ["1"]], "forms/paper-1.csv")
    write_csv([*ONLINE, ["1", "2020/02/07 22:00:00", "x"]], "online-7.csv")
    write_csv([*GATE, ["N-3", "x", "west", "进", ""]], "gate-1.csv")
    (folder / "door.csv").unlink()
    error = refused(read_folder, folder, PLAN, site)
    assert error.where == folder.name
    assert error.got == "7 problems"
    assert [line.split(":")[0] for line in error.problems] == [
        "residents.csv, row 3, column C (手机号码)",
        "residents.csv, row 4, column A (人员编号)",
        "paper-1.csv",
        "online-7.csv, row 3, column A (序号)",
        "gate-1.csv, row 6, column B (时间)",
        "gate-1.csv, row 6, column C (卡口)",
        f"{folder.name}/door.csv",
    ]


def test_a_register_of_two_files_is_one(folder: Path, write_csv: Write, site: Site) -> None:
    """A landlord in one file may live in the other."""
    rows = [["人员编号", "姓名", "房东姓名", "房东电话"], ["p-5", "赵小六", "王小明", "13800138000"]]
    write_csv(rows, "residents-2.csv")
    day = read_folder(folder, PLAN, site)
    assert day.residents is not None
    assert [(each.person, each.contact) for each in day.residents.relationships] == [("p-5", "p-1")]
    assert day.residents.file == "residents-2.csv, residents.csv"
    assert [count.records for count in day.rows if count.part == "residents"] == [1, 1]


def test_a_person_in_two_files_is_refused(
    folder: Path, write_csv: Write, site: Site, refused: Callable[..., IntakeError]
) -> None:
    """One id in two files of the register is a mistake in one of them."""
    write_csv(RESIDENTS, "residents-2.csv")
    error = refused(read_folder, folder, PLAN, site)
    assert error.problems[0].startswith(
        "residents.csv, row 2, column A (人员编号): expected a person id that no other row has, "
        "got that of residents-2.csv, row 2, column A (人员编号); "
    )


def test_overlapping_exports_count_once(folder: Path, write_csv: Write, site: Site) -> None:
    """Yesterday's export is in today's: what is the same word for word is one record, and counted."""
    write_csv([*ONLINE, ["2", "2020/02/08 08:00:00", "赵小六"]], "online-8.csv")
    write_csv([*GATE, ["N-3", "2020-02-08 08:00:00", "north", "进", ""]], "gate-2.csv")
    day = read_folder(folder, PLAN, site)
    assert [form.id for form in day.registrations] == ["paper:paper-1:1", "online:1", "online:2"]
    assert [logged.key for logged in day.gate] == ["gate:N-1", "gate:N-2", "gate:N-3"]
    counts = {
        count.file: (count.rows_read, count.records, count.merged, count.repeated) for count in day.rows
    }
    assert counts["online-8.csv"] == (2, 1, 0, 1)
    assert counts["gate-2.csv"] == (5, 1, 0, 3)
    assert all(count.balanced for count in day.rows)


@pytest.mark.parametrize("kind", ["online", "gate"])
def test_one_number_for_two_records_is_refused(
    folder: Path, write_csv: Write, site: Site, refused: Callable[..., IntakeError], kind: str
) -> None:
    """Two gates that both count from 1 need a series each: told by both files, rows and columns."""
    if kind == "online":
        write_csv([ONLINE[0], ["1", "2020/02/08 08:00:00", "赵小六"]], "online-8.csv")
        where, other, part = (
            "online-8.csv, row 2, column A (序号)",
            "online-7.csv, row 2, column A (序号)",
            "questionnaire",
        )
    else:
        write_csv([GATE[0], ["N-1", "2020-02-08 08:00:00", "south", "进", ""]], "gate-2.csv")
        where, other, part = (
            "gate-2.csv, row 2, column A (流水号)",
            "gate-1.csv, row 2, column A (流水号)",
            "gate_log",
        )
    error = refused(read_folder, folder, PLAN, site)
    assert error.problems == (
        (
            f"{where}: expected a number that no other file has, or the same record under it, "
            f"got another record than {other}; "
            f'where each file counts from 1, set intake.{part}.series = "{{file}}"; '
            "of a file and its correction keep the correction alone"
        ),
    )


def test_a_series_by_file_tells_files_apart_that_count_from_1(
    folder: Path, write_csv: Write, site: Site
) -> None:
    """What the message advises helps, and a copy still counts once."""
    write_csv([GATE[0], ["N-1", "2020-02-08 08:00:00", "south", "进", ""]], "gate-2.csv")
    write_csv(GATE, "gate-3.csv")
    plan = IntakePlan.of({"gate_log": {"file": "gate-*.csv", "series": "{file}"}})
    day = read_folder(folder, plan, site)
    assert [logged.key for logged in day.gate] == ["gate:gate-1:N-1", "gate:gate-1:N-2", "gate:gate-2:N-1"]
    assert day.warnings[-1] == (
        "gate-3.csv: 2 of 2 records stand in gate-1.csv, word for word and under the same numbers; "
        "they count once"
    )
    assert all(count.balanced for count in day.rows)


def stack(*names: str) -> list[list[str]]:
    """Paper forms, numbered from 1."""
    rows = [
        [str(number), "2020-02-07 21:30", name, f"1380013800{number}"]
        for number, name in enumerate(names, start=1)
    ]
    return [["编号", "登记时间", "姓名", "手机号", "从何处返沪"], *rows]


FORMS_ALONE = IntakePlan.of({"paper_forms": {"file": "forms/*.csv"}})


def test_two_stacks_numbered_from_1_are_different_forms(write_csv: Write, tmp_path: Path, site: Site) -> None:
    """No. 1 of the north gate and No. 1 of the south gate are two forms, with nothing declared."""
    write_csv(stack("王小明", "李小红"), "forms/north.csv")
    write_csv(stack("赵小六", "钱小七"), "forms/south.csv")
    day = read_folder(tmp_path, FORMS_ALONE, site)
    assert [form.id for form in day.registrations] == [
        "paper:north:1",
        "paper:north:2",
        "paper:south:1",
        "paper:south:2",
    ]
    assert day.warnings == ()


@pytest.mark.parametrize("numbers", [True, False])
def test_a_copy_of_a_file_counts_once(write_csv: Write, tmp_path: Path, site: Site, *, numbers: bool) -> None:
    """The same file under another name gives no form twice, also where the forms bear no numbers."""
    rows = [row if numbers else row[1:] for row in stack("王小明", "李小红")]
    write_csv(rows, "forms/a.csv")
    write_csv([*rows, rows[1]][: 3 if numbers else 4], "forms/b.csv")
    day = read_folder(tmp_path, FORMS_ALONE, site)
    assert [form.id for form in day.registrations][:2] == [
        f"paper:a:{number}" for number in ((1, 2) if numbers else ("row-2", "row-3"))
    ]
    assert len(day.registrations) == (2 if numbers else 3)
    assert day.warnings == (
        (
            f"b.csv: 2 of {2 if numbers else 3} records stand in a.csv, word for word and under the same "
            "numbers; they count once"
        ),
    )
    assert all(count.balanced for count in day.rows)


def test_a_corrected_copy_beside_the_original_is_refused(
    write_csv: Write, tmp_path: Path, site: Site, refused: Callable[..., IntakeError]
) -> None:
    """Which of the two rows is right is not for us to choose: both are named, with their files."""
    write_csv(stack("王小明", "李小红", "赵小六"), "forms/a.csv")
    write_csv(stack("王小明", "李小江", "赵小六"), "forms/a-corrected.csv")
    assert refused(read_folder, tmp_path, FORMS_ALONE, site).problems == (
        (
            "a.csv, row 3, column A (编号): expected a file that is no copy of another, or all of it the "
            "same, got another record than a-corrected.csv, row 3, column A (编号); "
            "keep the corrected file alone"
        ),
    )


def test_two_files_of_one_name_are_told_to_be_renamed(
    write_csv: Write, tmp_path: Path, site: Site, refused: Callable[..., IntakeError]
) -> None:
    """In two folders, the name of the file does not tell them apart."""
    write_csv(stack("王小明"), "forms/north/paper.csv")
    write_csv(stack("赵小六"), "forms/south/paper.csv")
    plan = IntakePlan.of({"paper_forms": {"file": "forms/*/paper.csv"}})
    assert refused(read_folder, tmp_path, plan, site).problems == (
        (
            "paper.csv, row 2, column A (编号): expected files with different names, "
            "got another record than paper.csv, row 2, column A (编号); rename one of them"
        ),
    )


def test_a_register_of_nobody_is_refused(
    folder: Path, write_csv: Write, site: Site, refused: Callable[..., IntakeError]
) -> None:
    """All files of the register together must hold somebody; one of them may be empty."""
    write_csv(RESIDENTS[:1], "residents-2.csv")
    assert read_folder(folder, PLAN, site).residents is not None
    write_csv(RESIDENTS[:1], "residents.csv")
    assert refused(read_folder, folder, PLAN, site).problems == (
        (
            "residents-2.csv, residents.csv: expected a register with at least one person, "
            "got headings only; export it again"
        ),
    )


def test_lock_files_are_passed_over(folder: Path, site: Site) -> None:
    """What an office program leaves beside an open file is no export."""
    (folder / "forms" / "~$paper-1.csv").write_bytes(b"\0\0")
    (folder / "forms" / ".~lock.csv").write_bytes(b"\0\0")
    assert len(read_folder(folder, PLAN, site).registrations) == 2


@pytest.mark.skipif(os.name == "nt", reason="links need a right there")
def test_a_link_out_of_the_folder_is_refused(
    folder: Path, site: Site, refused: Callable[..., IntakeError], tmp_path_factory: pytest.TempPathFactory
) -> None:
    """A link does not lead out of the folder either."""
    outside = tmp_path_factory.mktemp("outside") / "door.csv"
    outside.write_bytes((folder / "door.csv").read_bytes())
    (folder / "door.csv").unlink()
    (folder / "door.csv").symlink_to(outside)
    assert refused(read_folder, folder, PLAN, site).problems == (
        (
            f"{folder.name}/door.csv: expected a file for door_log inside the folder, "
            "got a link that leads out of it; put a copy of the file into the folder"
        ),
    )


def test_a_part_that_is_not_planned_is_not_read(folder: Path, site: Site) -> None:
    """A plan with forms alone reads forms alone."""
    day = read_folder(folder, IntakePlan.of({"paper_forms": {"file": "forms/*.csv"}}), site)
    assert (day.residents, len(day.registrations), day.gate, day.doors) == (None, 1, (), ())


@pytest.mark.parametrize(
    ("other", "expected"),
    [
        ("3号楼502室", ("door-of-p-1", "of one household and tell the household")),
        ("3号楼503室", (None, "of several households and tell nobody")),
    ],
)
def test_a_card_of_two_people_tells_their_household(
    folder: Path, write_csv: Write, site: Site, other: str, expected: tuple[str | None, str]
) -> None:
    """Which of them passed is not known; where they share no home, nothing is."""
    head, one = RESIDENTS
    rows = [[*head, "住址"], [*one, "3号楼502室"], ["p-2", "李小红", "", "0071", other]]
    write_csv(rows, "residents.csv")
    day = read_folder(folder, PLAN, site)
    [traveller] = day.doors[0].crossing.travellers
    household, warning = expected
    assert (traveller.person, traveller.household) == (None, household)
    assert f"1 access cards are registered for several people {warning}" in day.warnings


def test_reading_again_gives_the_same(folder: Path, site: Site) -> None:
    """The same files give the same records, keys and order."""
    assert read_folder(folder, PLAN, site) == read_folder(folder, PLAN, site)


# --- personal data ---

CANARIES = {
    "name": "欧阳诗雨",
    "id": "310112199003071239",
    "bad id": "310112199003071230",
    "phone": "13987654321",
    "bad phone": "1398765432",
    "address": "梧桐苑77号楼3单元1906室",
    "plate": "沪K98765",
    "bad plate": "沪K9876",
    "place": "秘密村庄",
    "card": "9090909071",
}


def shown(value: object) -> str:
    """All that a value shows of itself, in every way that logs use."""
    return f"{value!r} {value!s} {value}"


def canaries_in(text: str) -> list[str]:
    """The personal values that stand in a text."""
    return [kind for kind, value in CANARIES.items() if value in text]


def folder_of(write_csv: Write, *, bad: bool) -> None:
    """Write files that hold the canaries, in readable cells or in bad ones."""
    person = CANARIES
    number, phone, plate = ("bad id", "bad phone", "bad plate") if bad else ("id", "phone", "plate")
    headings = [
        "人员编号",
        "姓名",
        "证件号码",
        "手机号码",
        "住址",
        "车牌号",
        "房东姓名",
        "房东电话",
        "户籍地",
        "门禁卡号",
    ]
    row = ["p-1", person["name"], person[number], person[phone], person["address"], person[plate]]
    write_csv(
        [headings, [*row, person["name"] + "父", person[phone], person["place"], person["card"]]],
        "residents.csv",
    )
    answers = [
        person["name"],
        person["bad id"],
        person["bad phone"],
        person["address"],
        person["place"],
        person["place"],
    ]
    header = ["编号", "登记时间", "姓名", "身份证号", "手机号", "住址", "从何处返沪", "抵沪日期"]
    write_csv([header, [person["phone"] if bad else "1", "2020-02-07 21:30", *answers]], "forms/p.csv")
    header = ["序号", "提交答卷时间", "1、您的姓名", "2、您的手机号码", "3、从何处返沪"]
    write_csv(
        [
            header,
            [
                "1",
                person["name"] if bad else "2020-02-07 21:30",
                person["name"],
                person["phone"],
                person["address"],
            ],
        ],
        "online-1.csv",
    )
    header = [
        "流水号",
        "时间",
        "卡口",
        "方向",
        "人员编号",
        "体温",
        "车牌号",
        "外省返程",
        "返程地",
        "事由",
        "访问对象",
    ]
    host = person["name"] if bad else "p-1"
    cells = [
        person["name"] if bad else "p-1",
        person["name"] if bad else "36.5",
        person[plate],
        "是",
        person["place"],
    ]
    write_csv(
        [
            header,
            [
                "N-1",
                "2020-02-07 21:30",
                person["address"] if bad else "north",
                "进",
                *cells,
                person["name"],
                host,
            ],
        ],
        "gate-1.csv",
    )
    cells = [person["name"] if bad else "", person["card"], person["phone"] if bad else "成功"]
    write_csv([DOORS[0], ["2020-02-07 21:40", "1号楼", person["name"] if bad else "进", *cells]], "door.csv")


def test_no_message_shows_a_person(
    write_csv: Write, tmp_path: Path, site: Site, refused: Callable[..., IntakeError]
) -> None:
    """Bad cells of every kind: no message, repr or traceback repeats one."""
    folder_of(write_csv, bad=True)
    error = refused(read_folder, tmp_path, PLAN, site)
    assert len(error.problems) >= 12
    text = shown(error) + "".join(traceback.format_exception(error)) + repr(error.args)
    assert canaries_in(text) == []
    assert re.search("[0-9]{8}", text) is None


def test_no_record_shows_a_person(
    write_csv: Write, tmp_path: Path, site: Site, make_id: Callable[..., str]
) -> None:
    """Good cells of every kind: the records know them, and do not show them."""
    folder_of(write_csv, bad=False)
    path = tmp_path / "residents.csv"
    path.write_bytes(
        path.read_bytes().replace(CANARIES["id"].encode(), make_id(CANARIES["id"][:17]).encode())
    )
    day: DayFiles = read_folder(tmp_path, PLAN, site)
    assert day.residents is not None
    held: list[Any] = [day, day.residents, *day.residents.people, *day.residents.households]
    held += [*day.residents.relationships, *day.registrations, *day.gate, *day.doors, *day.rows]
    text = "".join(map(shown, held)) + "".join(day.warnings) + "".join(day.notes)
    assert canaries_in(text) == []
    assert day.registrations[0].written["name"].value == CANARIES["name"]
    assert day.gate[0].crossing.purpose == CANARIES["name"]


@pytest.mark.parametrize("header", [True, False])
def test_a_file_without_header_shows_nobody(
    write_csv: Write, tmp_path: Path, site: Site, refused: Callable[..., IntakeError], *, header: bool
) -> None:
    """Where the header is missing, the first row is somebody's data, and is not listed as headings."""
    row = ["p-1", CANARIES["name"], CANARIES["phone"], CANARIES["address"]]
    write_csv([["x", "y", "z", "w"], row] if header else [row], "residents.csv")
    plan = IntakePlan.of({"residents": {"file": "residents.csv"}})
    error = refused(read_folder, tmp_path, plan, site)
    assert canaries_in(shown(error)) == []
    plan = IntakePlan.of({"residents": {"file": "residents.csv", "columns": {"name": "姓名"}}})
    assert canaries_in(shown(refused(read_folder, tmp_path, plan, site))) == []
