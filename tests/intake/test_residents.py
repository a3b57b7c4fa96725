"""The register: read whole or refused whole, with households, landlords and families."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from epiguard.errors import IntakeError
from epiguard.identifiers import RegionCode, ResidentId
from epiguard.intake import ResidentsBatch, read_residents
from epiguard.intake._register import LARGEST_FAMILY
from epiguard.intake.problems import MOST_PROBLEMS
from epiguard.people import Person, Relation, Tenancy

HEADINGS = [
    *(
        "人员编号",
        "姓名",
        "性别",
        "出生日期",
        "证件类型",
        "证件号码",
        "手机号码",
        "小区",
        "楼栋",
        "单元",
        "房号",
    ),
    *("人员类型", "房东姓名", "房东电话", "户籍地", "门禁卡号", "车牌号", "户号"),
]

#: Fifteen digits and three zeros, and the check digit agrees.
LUCKY = next(
    number
    for number in (f"3101121990030{tail}000" for tail in range(10, 320))
    if "01" <= number[12:14] <= "31" and ResidentId.check_digit_of(number[:17]) == number[17]
)


@pytest.fixture
def read(write_csv: Callable[..., Path]) -> Callable[..., ResidentsBatch]:
    """Read a register of the given rows: heading to cell, person ids counted up."""

    def run(*rows: dict[str, Any], **settings: Any) -> ResidentsBatch:
        table = [HEADINGS]
        for number, row in enumerate(rows, start=1):
            table.append(
                [
                    str(row.get(heading, f"p-{number}" if heading == "人员编号" else ""))
                    for heading in HEADINGS
                ]
            )
        return read_residents(write_csv(table, "residents.csv"), **settings)

    return run


Read = Callable[..., ResidentsBatch]


def by_id(batch: ResidentsBatch) -> dict[str, Person]:
    """The people by their ids."""
    return {person.id: person for person in batch.people}


def relations(batch: ResidentsBatch, relation: Relation) -> set[tuple[str, str]]:
    """Who is what to whom."""
    return {(each.person, each.contact) for each in batch.relationships if each.relation is relation}


def test_a_row_becomes_a_person(write_xlsx: Callable[..., Path], make_id: Callable[..., str]) -> None:
    """Each column of an export arrives as a value of its kind."""
    number = make_id()
    row = [
        *(
            "p-1",
            "王小明",
            "男",
            date(1990, 3, 7),
            "居民身份证",
            number,
            13800138000,
            "阳光花园",
            3,
            "2",
            502.0,
        ),
        *("租户", "李大东", "13900139000", "湖北省武汉市", "0071、0072", "沪A·12345;沪AD12345", "h-9"),
    ]
    batch = read_residents(write_xlsx([HEADINGS, row]))
    person = by_id(batch)["p-1"]
    assert person.name is not None
    assert (person.name.value, person.sex, person.birth_date) == ("王小明", "M", date(1990, 3, 7))
    assert person.resident_id is not None
    assert person.residence is not None
    assert person.resident_id.value == number
    assert [phone.value for phone in person.phones] == ["+8613800138000"]
    assert person.residence.value == "阳光花园3号楼2单元502室"
    assert person.registered_region == RegionCode("420100")
    assert [card.value for card in person.cards] == ["0071", "0072"]
    assert [plate.value for plate in person.plates] == ["沪A12345", "沪AD12345"]
    assert person.tenancy is Tenancy.TENANT
    assert person.resident
    assert (batch.rows_read, batch.blank_rows, batch.warnings) == (1, 0, ())
    assert (batch.file, batch.notes) == ("file.xlsx", ("sheet: Sheet1",))


@pytest.mark.parametrize(
    ("kind", "tenancy"),
    [
        ("业主", Tenancy.OWNER),
        ("户主", Tenancy.OWNER),
        ("家属", Tenancy.FAMILY),
        ("业主家属", Tenancy.FAMILY),
        ("租户", Tenancy.TENANT),
        ("租赁人员", Tenancy.TENANT),
        ("", None),
    ],
)
def test_as_what_somebody_lives_there(write_csv: Callable[..., Path], kind: str, tenancy: Tenancy) -> None:
    """The kinds that access-control systems know."""
    batch = read_residents(write_csv([["人员编号", "姓名", "人员类型"], ["p-1", "王小明", kind]]))
    assert (batch.people[0].tenancy, batch.warnings) == (tenancy, ())


def test_another_kind_of_person_is_told_once(write_csv: Callable[..., Path]) -> None:
    """A system's own kinds refuse nobody and fill no list."""
    rows = [["p-1", "王小明", "访客"], ["p-2", "李小红", "物业"]]
    batch = read_residents(write_csv([["人员编号", "姓名", "人员类型"], *rows], "r.csv"))
    assert [person.tenancy for person in batch.people] == [None, None]
    assert batch.warnings == (
        (
            "r.csv, row 2, column C (人员类型) and 1 more: "
            "neither owner (业主), family (家属) nor tenant (租户); left out"
        ),
    )


def test_what_is_missing_is_missing(read: Read) -> None:
    """A person of whom only the id is known is a normal person; 无 is nobody's name."""
    batch = read({}, {"姓名": "无", "手机号码": "-", "门禁卡号": "无", "房东姓名": "自有"})
    assert batch.people == (Person(id="p-1"), Person(id="p-2"))
    assert batch.households == ()
    assert batch.relationships == ()


def test_blank_rows_are_counted(write_csv: Callable[..., Path]) -> None:
    """Blank rows make nobody, and every row is accounted for."""
    batch = read_residents(
        write_csv([["人员编号", "姓名"], ["p-1", "王小明"], ["", ""], ["p-2", "李小红"], ["", ""]])
    )
    assert (batch.rows_read, batch.blank_rows, len(batch.people)) == (3, 1, 2)


def test_an_address_in_one_column(write_csv: Callable[..., Path]) -> None:
    """住址 stands for building, unit and room; the site's only compound is added."""
    path = write_csv([["人员编号", "姓名", "住址", "备注"], ["p-1", "王小明", "3号楼2单元502室", "x"]])
    person = read_residents(path, compounds=["阳光花园"]).people[0]
    assert person.residence is not None
    assert person.residence.value == "阳光花园3号楼2单元502室"
    assert read_residents(path, compounds=["阳光花园", "金都新村"]).people[0].residence != person.residence
    assert "columns not used: 备注" in read_residents(path).notes


def test_other_documents(write_csv: Callable[..., Path], make_id: Callable[..., str]) -> None:
    """A passport is no resident ID; a permit that is numbered like one is one."""
    rows = [
        ["人员编号", "姓名", "证件类型", "证件号码", "国籍"],
        ["p-1", "Maya Rai", "护照", "PA0123456", "NPL"],
        ["p-2", "Someone", "护照", "X-12345", ""],
        ["p-3", "陈小姐", "港澳居民来往内地通行证", "H12345678", ""],
        ["p-4", "林先生", "台胞证", "12345678", "中国"],
        ["p-5", "何先生", "港澳台居民居住证", make_id("81000019900307123"), ""],
        ["p-6", "Ito", "外国人永久居留身份证", "JPN123456789012", "日本"],
        ["p-7", "张小弟", "出生医学证明", "P310123456", ""],
    ]
    batch = read_residents(write_csv(rows))
    documents = [[(each.kind, each.country) for each in person.documents] for person in batch.people]
    assert documents == [
        [("passport", "NPL")],
        [("passport", "XXX")],
        [("hk-macau-permit", "CHN")],
        [("taiwan-permit", "CHN")],
        [],
        [("residence-permit", "XXX")],
        [("birth-certificate", "CHN")],
    ]
    assert batch.people[4].resident_id is not None
    assert batch.warnings == (
        "file.csv, row 7, column E (国籍): no code of three letters (such as NPL); taken as unknown",
    )


@pytest.mark.parametrize(
    ("column", "cell", "problem"),
    [
        ("人员编号", "", "column A (人员编号): expected the number of the person, got nothing"),
        (
            "人员编号",
            "王小明",
            "column A (人员编号): expected a pseudonymous number of 1 to 128 characters without blanks",
        ),
        ("人员编号", "13800138000", "a resident ID or a phone must not serve as an id"),
        ("人员编号", "业主01", "nor may Chinese characters stand in it"),
        ("户号", "3号楼502", "a name, an address, a resident ID or a phone must not serve as an id"),
        ("性别", "1", "column C (性别): expected 男, 女, M or F, got text of 1 character"),
        ("出生日期", "1990年3月", "column D (出生日期): expected a date such as 2020-02-07"),
        ("证件类型", "会员卡", "column E (证件类型): expected 身份证, 护照"),
        ("证件号码", "310112199003071230", "column F (证件号码): expected an 18-digit resident ID"),
        (
            "证件号码",
            310112199003071200,
            "a spreadsheet keeps 15 digits of a number: format the column as text",
        ),
        ("手机号码", "1380013800", "column G (手机号码): expected a complete telephone number"),
        ("手机号码", "13800138000、138", "column G (手机号码): expected a complete telephone number"),
        (
            "手机号码",
            13800138000.5,
            "column G (手机号码): expected text, or a whole number of at most 15 digits",
        ),
        ("楼栋", "旁边", "column I (楼栋): expected a building"),
        ("房东电话", "12345", "column N (房东电话): expected a complete telephone number"),
        ("车牌号", "沪A1234", "column Q (车牌号): expected a Chinese number plate"),
        ("户号", "张家", "column R (户号): expected a pseudonymous number"),
        ("姓名", ("=1/0", "#DIV/0!"), "column B (姓名): expected text, got a formula's error such as #N/A"),
    ],
)
def test_a_bad_cell_refuses_the_register(
    write_xlsx: Callable[..., Path], refused: Callable[..., IntakeError], column: str, cell: Any, problem: str
) -> None:
    """Each is told by row and column, with what was expected and what to do."""
    rows: list[list[Any]] = [HEADINGS, ["p-0", "李小红"], ["p-1", "王小明"] + [None] * 16]
    rows[2][HEADINGS.index(column)] = cell
    error = refused(read_residents, write_xlsx(rows, "residents.xlsx"))
    assert error.got == "1 problem"
    assert error.problems[0].startswith("residents.xlsx, row 3, ")
    assert problem in error.problems[0]


def test_an_id_as_a_number_is_refused_whatever_its_check_digit(
    write_xlsx: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """Nine of a hundred IDs that a spreadsheet has zeroed pass the check digit; none is taken."""
    ids = [int(f"31011219900307{serial:03}0") for serial in range(100)]
    rows = [
        ["人员编号", "姓名", "证件号码"],
        *([f"p-{serial}", "王小明", number] for serial, number in enumerate(ids)),
    ]
    assert len(refused(read_residents, write_xlsx(rows)).problems) == 100


@pytest.mark.parametrize("document", [None, "身份证", "港澳台居民居住证"])
def test_an_id_that_was_a_number_is_refused_in_a_text_file_too(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError], document: str | None
) -> None:
    """A CSV file does not say that 310112...000 was a number; the lucky one in eleven is refused as well."""
    rows = [["p-1", "王小明", document, LUCKY], ["p-2", "李小红", document, "3.10112E+17"]]
    error = refused(read_residents, write_csv([["人员编号", "姓名", "证件类型", "证件号码"], *rows]))
    do = (
        "format the column as text and enter the IDs again; one that truly ends in 000 is written "
        '="..." in a CSV file, or as a text cell of a workbook'
    )
    expected = "column D (证件号码): expected a resident ID that no spreadsheet has turned into a number"
    assert error.problems == (
        f"file.csv, row 2, {expected}, got 15 digits and three zeros, as such a number is written; {do}",
        f"file.csv, row 3, {expected}, got a number in scientific notation; {do}",
    )


def test_an_id_that_truly_ends_in_three_zeros_is_taken_where_the_file_says_that_it_is_text(
    write_csv: Callable[..., Path], write_xlsx: Callable[..., Path]
) -> None:
    """About one person in 1,100 has such a number; a workbook's text, ="..." and a leading tab tell it."""
    header = ["人员编号", "姓名", "证件号码"]
    for path in (
        write_csv([header, ["p-1", "王小明", f'="{LUCKY}"']]),
        write_csv([header, ["p-1", "王小明", f"\t{LUCKY}"]], "tab.csv"),
        write_xlsx([header, ["p-1", "王小明", LUCKY]]),
    ):
        (person,) = read_residents(path).people
        assert person.resident_id == ResidentId(LUCKY)


def test_all_problems_are_listed_at_once(read: Read, refused: Callable[..., IntakeError]) -> None:
    """One round of corrections is enough; of very many the rest is counted."""
    error = refused(read, {"手机号码": "1", "车牌号": "2"}, {}, {"证件号码": "3", "人员编号": "p-2"})
    assert str(error).splitlines()[0] == (
        "residents.csv: expected a file without mistakes in the cells that are needed, got 3 problems; "
        "correct the file and read it again; nothing of it was taken over"
    )
    assert [line.split(":")[0] for line in error.problems] == [
        "residents.csv, row 2, column G (手机号码)",
        "residents.csv, row 2, column Q (车牌号)",
        "residents.csv, row 4, column F (证件号码)",
    ]
    many = refused(read, *({"手机号码": "1"} for _ in range(MOST_PROBLEMS + 7)))
    assert len(many.problems) == MOST_PROBLEMS + 1
    assert many.problems[-1] == "residents.csv: and 7 more problems"


def test_a_person_twice_is_refused(read: Read, refused: Callable[..., IntakeError]) -> None:
    """Two rows of one id are two people or one; which, is not for us to choose."""
    error = refused(read, {"人员编号": "p-9"}, {}, {"人员编号": "p-9"})
    assert error.problems == (
        (
            "residents.csv, row 4, column A (人员编号): expected a person id that no other row has, "
            "got that of row 2, column A (人员编号); "
            "give each person a number of their own, or delete the repeated row"
        ),
    )


def test_what_should_be_looked_at_is_a_warning(read: Read, make_id: Callable[..., str]) -> None:
    """An unknown region and a contradiction to the ID are told and refuse nothing."""
    batch = read(
        {"户籍地": "火星", "证件号码": make_id(), "性别": "女", "出生日期": "1990-03-08"},
        {"户籍地": "420106"},
        {"户籍地": "上海"},
    )
    assert [person.registered_region for person in batch.people] == [
        None,
        RegionCode("420106"),
        RegionCode("310000"),
    ]
    assert batch.warnings == (
        "residents.csv, row 2, column O (户籍地): the region is not recognised and left out",
        "residents.csv, row 2, column C (性别): differs from the resident ID",
        "residents.csv, row 2, column D (出生日期): differs from the resident ID",
    )


def test_card_numbers_as_numbers_are_told_once(write_xlsx: Callable[..., Path]) -> None:
    """A spreadsheet drops leading zeros of cards; that is said once for the column."""
    rows = [["人员编号", "姓名", "门禁卡号"], *([f"p-{n}", "王小明", n] for n in range(1, 5))]
    batch = read_residents(write_xlsx(rows))
    assert [person.cards[0].value for person in batch.people] == ["1", "2", "3", "4"]
    assert batch.warnings == (
        (
            "file.xlsx, row 2, column C (门禁卡号) and 3 more: "
            "the card number is a number in the spreadsheet: leading zeros would be lost"
        ),
    )


@pytest.mark.parametrize(
    ("cell", "phones"),
    [
        ("138 0013 8000", ["+8613800138000"]),
        ("13800138000 13900139000", ["+8613800138000", "+8613900139000"]),
        ("13800138000/021-64123456", ["+8613800138000", "+862164123456"]),
        ("13800138000，13800138000；", ["+8613800138000"]),
    ],
)
def test_several_phones_in_one_cell(read: Read, cell: str, phones: list[str]) -> None:
    """Phones are separated in many ways, and spaces may stand inside one."""
    assert [phone.value for phone in read({"手机号码": cell}).people[0].phones] == phones


def test_households_by_number_else_by_door(read: Read) -> None:
    """A household number counts before the door; without either nobody is put together."""
    home = {"楼栋": "3", "单元": "2", "房号": "502"}
    batch = read(
        {"户号": "h-1", **home},
        {"户号": "h-1", **home},
        {**home, "人员编号": "p-9"},
        {**home, "人员编号": "p-8"},
        {"楼栋": "4", "房号": "101"},
        {"楼栋": "5"},
        {},
        compounds=["阳光花园"],
    )
    found = {each.id: [member.person for member in each.members] for each in batch.households}
    assert found == {
        "household-h-1": ["p-1", "p-2"],
        "door-of-p-8": ["p-9", "p-8"],
        "door-of-p-5": ["p-5"],
    }
    assert all(
        member.since is None and member.until is None for each in batch.households for member in each.members
    )
    homes = [each.residence.value for each in batch.households if each.residence is not None]
    assert homes == ["阳光花园3号楼2单元502室", "阳光花园3号楼2单元502室", "阳光花园4号楼101室"]


def test_the_parts_of_a_flat_are_homes_of_their_own(read: Read) -> None:
    """A register of a flat that is let in parts writes 1202-1 and 1202-3; each is a household."""
    rooms = ["1202-1", "1202-3", "1202-3室", "1202"]
    batch = read(*({"楼栋": "12", "房号": room} for room in rooms), compounds=["阳光花园"])
    homes = [each.residence.value for each in batch.people if each.residence is not None]
    assert homes == [f"阳光花园12号楼{each}室" for each in ("1202-1", "1202-3", "1202-3", "1202")]
    assert sorted(len(each.members) for each in batch.households) == [1, 1, 2]


def test_family_is_who_shares_a_number_not_who_shares_a_door(read: Read) -> None:
    """Tenants of one flat are no family; members of one household number are, each to each."""
    batch = read({"户号": "1"}, {"户号": "1"}, {"楼栋": "3", "房号": "502"}, {"楼栋": "3", "房号": "502"})
    assert relations(batch, Relation.FAMILY) == {("p-1", "p-2"), ("p-2", "p-1")}


def test_a_dormitory_is_no_family(read: Read) -> None:
    """A household number of very many people is told, and makes no family."""
    batch = read(*({"户号": "1"} for _ in range(LARGEST_FAMILY + 1)))
    assert batch.relationships == ()
    assert batch.warnings == (
        (
            f"residents.csv, row 2: a household number of {LARGEST_FAMILY + 1} people; "
            "they are not taken for one family"
        ),
    )


def test_a_household_at_several_residences_has_none(read: Read) -> None:
    """Where the rows contradict each other no residence is chosen."""
    batch = read({"户号": "1", "楼栋": "3", "房号": "502"}, {"户号": "1", "楼栋": "4", "房号": "502"})
    assert batch.households[0].residence is None
    assert batch.warnings == ("residents.csv, row 2: one household number at several residences",)


def test_landlords(read: Read) -> None:
    """One landlord of several tenants is one person; a resident is not made a second time."""
    landlord = {"房东姓名": "李大东", "房东电话": "13900139000"}
    batch = read(
        {"人员编号": "p-3", **landlord},
        {"人员编号": "p-2", **landlord},
        {"人员编号": "p-5", "房东姓名": "李大东", "房东电话": "13700137000"},
        {"人员编号": "p-6", "房东姓名": "王小明", "房东电话": "138 0013 8000"},
        {"人员编号": "p-7", "姓名": "王小明", "手机号码": "13800138000"},
        {
            "人员编号": "p-8",
            "姓名": "赵业主",
            "手机号码": "13600136000",
            "房东姓名": "赵业主",
            "房东电话": "13600136000",
        },
        {
            "人员编号": "p-9",
            "姓名": "钱业主",
            "手机号码": "13600136001",
            "房东姓名": "钱业主",
            "房东电话": "13600136002",
        },
    )
    assert relations(batch, Relation.LANDLORD) == {
        ("p-3", "landlord-of-p-2"),
        ("p-2", "landlord-of-p-2"),
        ("p-5", "landlord-of-p-5"),
        ("p-6", "p-7"),
        ("p-9", "landlord-of-p-9"),
    }
    outside = [person for person in batch.people if not person.resident]
    assert {person.id for person in outside} == {"landlord-of-p-2", "landlord-of-p-5", "landlord-of-p-9"}
    assert [phone.value for phone in by_id(batch)["landlord-of-p-2"].phones] == ["+8613900139000"]
    assert len(batch.people) == 10


def test_an_id_that_a_landlord_would_get_is_refused(read: Read, refused: Callable[..., IntakeError]) -> None:
    """No landlord is confused with a resident of that id."""
    error = refused(read, {"房东姓名": "李大东"}, {"人员编号": "landlord-of-p-1"})
    assert error.problems == (
        (
            "residents.csv, row 3, column A (人员编号): expected a number that does not begin with "
            "landlord-of-, got one that does; those are given to landlords who are not in the register; "
            "give the person another number"
        ),
    )


def test_a_room_needs_its_building(read: Read, refused: Callable[..., IntakeError]) -> None:
    """A room alone is no home, and a mark for nothing in its place is nothing."""
    error = refused(read, {"房号": "502"}, {"楼栋": "-", "房号": "-"})
    assert error.problems == (
        (
            "residents.csv, row 2, column K (房号): expected a building beside the room, got a room alone; "
            "fill in the building, or write the whole address in a column 住址"
        ),
    )


def test_kinds_of_documents_without_numbers(read: Read, make_id: Callable[..., str]) -> None:
    """A kind without a number is no document; temporary cards and household booklets bear resident IDs."""
    number = make_id()
    batch = read(
        {"证件类型": "护照"},
        {"证件类型": "无"},
        {"证件类型": "临时身份证", "证件号码": number},
        {"证件类型": "居民户口簿", "证件号码": number},
    )
    assert [person.documents for person in batch.people] == [()] * 4
    ids = [person.resident_id.value if person.resident_id else None for person in batch.people]
    assert ids == [None, None, number, number]


def test_an_unknown_kind_of_document_is_one_problem(read: Read, refused: Callable[..., IntakeError]) -> None:
    """What its number should be like is not known, so the number is not complained of."""
    assert len(refused(read, {"证件类型": "会员卡", "证件号码": "12"}).problems) == 1


def test_landlords_without_a_phone_are_told_apart_by_the_home(read: Read) -> None:
    """Two of one name may be two people; one home has one."""
    batch = read(
        {"房东姓名": "李大东", "楼栋": "3", "房号": "502"},
        {"房东姓名": "李大东", "楼栋": "3", "房号": "502"},
        {"房东姓名": "李大东", "楼栋": "4", "房号": "101"},
        {"房东电话": "13900139000"},
    )
    assert relations(batch, Relation.LANDLORD) == {
        ("p-1", "landlord-of-p-1"),
        ("p-2", "landlord-of-p-1"),
        ("p-3", "landlord-of-p-3"),
        ("p-4", "landlord-of-p-4"),
    }
    assert by_id(batch)["landlord-of-p-4"].name is None


def test_the_order_of_rows_does_not_matter(read: Read) -> None:
    """The same people in another order have the same households, landlords and families."""
    rows: list[dict[str, Any]] = [
        {"人员编号": f"p-{n}", "户号": str(n % 3), "房东姓名": "李大东", "房东电话": f"1390013900{n % 2}"}
        for n in range(8)
    ]
    one, other = read(*rows), read(*reversed(rows))
    assert set(one.people) == set(other.people)
    assert set(one.relationships) == set(other.relationships)
    assert {each.id for each in one.households} == {each.id for each in other.households}


def test_other_headings_are_declared(write_csv: Callable[..., Path]) -> None:
    """A declaration reads any export."""
    path = write_csv([["工号", "称呼", "手机"], ["p-1", "王小明", "13800138000"]])
    batch = read_residents(path, columns={"person_id": "工号", "name": "称呼"})
    assert [phone.value for phone in batch.people[0].phones] == ["+8613800138000"]


def test_a_register_without_ids_is_refused(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """A column that is needed is named with the headings that would do."""
    error = refused(read_residents, write_csv([["姓名", "手机号"], ["王小明", "13800138000"]]))
    assert error.expected == "a column person_id (人员编号, 人员id, 人员号, 住户编号, personid, id)"


def test_a_register_of_nobody_is_refused(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """Against an empty register every form would be a stranger's."""
    error = refused(read_residents, write_csv([["人员编号", "姓名"]]))
    assert (error.expected, error.got) == ("a register with at least one person", "headings only")


def test_ids_that_forms_are_given_are_refused(read: Read, refused: Callable[..., IntakeError]) -> None:
    """A person of the register is not confused with somebody of whom only a form is known."""
    error = refused(read, {"人员编号": "form:paper:p:1"})
    assert "expected a number that does not begin with form:, got one that does" in error.problems[0]


def test_a_midnight_is_a_birth_date(write_xlsx: Callable[..., Path]) -> None:
    """A birth date that a spreadsheet holds with a time is its date."""
    moment = datetime.fromisoformat("1990-03-07T00:00:01")
    rows = [["人员编号", "姓名", "出生日期"], ["p-1", "王小明", moment], ["p-2", "李小红", 32939]]
    assert [person.birth_date for person in read_residents(write_xlsx(rows)).people] == [date(1990, 3, 7)] * 2
