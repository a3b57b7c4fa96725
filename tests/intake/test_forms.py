"""Forms: the answers are kept as written, the structure must be right, and what is nobody's business goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from epiguard.errors import IntakeError
from epiguard.identifiers import RegionCode
from epiguard.intake import FormsBatch, read_paper_forms, read_questionnaire
from epiguard.intake.records import MOST_WARNINGS
from epiguard.registrations import Registration, RegistrationSource

ZONE = ZoneInfo("Asia/Shanghai")
DATA = Path(__file__).parent / "data"
PAPER = [
    *(
        "编号",
        "登记时间",
        "姓名",
        "性别",
        "身份证号",
        "手机号",
        "住址",
        "车牌号",
        "从何处返沪",
        "离开日期",
        "抵沪日期",
        "备注",
    ),
]
ONLINE = [
    *("序号", "提交答卷时间", "所用时间", "来源", "来源详情", "来自IP"),
    *(
        "1、您的姓名",
        "2、您的性别",
        "3、您的身份证号码（必填）",
        "4、您的手机号码",
        "5、您的现住址",
        "6、您从哪里返沪",
    ),
    *("7、离开日期", "8、抵沪日期", "9、有无以下症状"),
]
FORM = [
    "17",
    "2020/2/7 21:30",
    "王小朋",
    "男",
    "31011219900307123?",
    "138 12?4 567",
    "3号502",
    "沪A1234",
    "湖北武汉",
]


def written(form: Registration) -> dict[str, str]:
    """The answers in plain."""
    return {key: value.value for key, value in form.written.items()}


def test_what_was_written_is_kept_as_it_was_written(write_csv: Callable[..., Path]) -> None:
    """Wrong characters, missing digits and damaged numbers are data: nothing is corrected or dropped."""
    row = [*FORM, "2020-02-06", "2月7日", " 带行李 "]
    batch = read_paper_forms(write_csv([PAPER, row], "paper 2-7.csv"))
    (form,) = batch.registrations
    assert form.id == "paper:paper-2-7:17"
    assert form.source is RegistrationSource.PAPER
    assert form.submitted_at == datetime(2020, 2, 7, 21, 30, tzinfo=ZONE)
    assert form.returning_from == RegionCode("420100")
    assert (form.left_on, form.arrived_on) == (date(2020, 2, 6), date(2020, 2, 7))
    assert written(form) == {
        "name": "王小朋",
        "sex": "男",
        "resident_id": "31011219900307123?",
        "phone": "138 12?4 567",
        "residence": "3号502",
        "plate": "沪A1234",
        "从何处返沪": "湖北武汉",
        "离开日期": "2020-02-06",
        "抵沪日期": "2月7日",
        "备注": " 带行李 ",
    }
    assert form.person is None
    assert batch.warnings == (
        (
            "paper 2-7.csv, row 2, column K (抵沪日期): "
            "a date without a year; the year is taken from the form's own date"
        ),
    )


def test_numbers_of_a_spreadsheet_are_written_as_they_are_shown(write_xlsx: Callable[..., Path]) -> None:
    """A phone has no .0; an ID that became a number keeps fifteen digits and says what is lost."""
    row = [
        17,
        datetime.fromisoformat("2020-02-07T21:30:00"),
        "王小明",
        None,
        310112199003071234,
        13800138000,
        502,
    ]
    batch = read_paper_forms(
        write_xlsx([PAPER, [*row, None, "湖北", date(2020, 2, 6), 43868, True]], "p.xlsx")
    )
    (form,) = batch.registrations
    assert written(form) == {
        "name": "王小明",
        "resident_id": "310112199003071???",
        "phone": "13800138000",
        "residence": "502",
        "从何处返沪": "湖北",
        "离开日期": "2020-02-06",
        "抵沪日期": "43868",
        "备注": "是",
    }
    assert (form.id, form.arrived_on) == ("paper:p:17", date(2020, 2, 7))
    assert batch.warnings == (
        (
            "p.xlsx, row 2, column E (身份证号): "
            "the resident ID is a number in the spreadsheet: only its first 15 digits are known"
        ),
    )


@pytest.mark.parametrize(
    ("left", "arrived", "expected", "warning"),
    [
        (
            "2020-02-30",
            "2020-02-07",
            (None, date(2020, 2, 7)),
            "no date that can be read; it stays as written",
        ),
        ("昨天", "", (None, None), "no date that can be read; it stays as written"),
        ("13月1日", "", (None, None), "no date that can be read; it stays as written"),
        ("2020-02-07", "2020-02-06", (None, None), "lies before the day of leaving; both stay as written"),
        ("1990-03-07", "2020-02-06", (None, date(2020, 2, 6)), "more than a year away from the form"),
        ("12月28日", "1月2号", (date(2019, 12, 28), date(2020, 1, 2)), "a date without a year"),
        ("2月29日", "3月1日", (date(2020, 2, 29), date(2020, 3, 1)), "a date without a year"),
    ],
)
def test_journeys_are_read_as_far_as_they_can_be(
    write_csv: Callable[..., Path], left: str, arrived: str, expected: tuple[Any, Any], warning: str
) -> None:
    """An impossible date stays as written, with a warning, and never refuses a form."""
    batch = read_paper_forms(write_csv([PAPER, [*FORM, left, arrived]]))
    (form,) = batch.registrations
    assert (form.left_on, form.arrived_on) == expected
    assert warning in "".join(batch.warnings)
    assert written(form)["离开日期"] == left


def test_an_unknown_place_stays_as_written(write_csv: Callable[..., Path]) -> None:
    """A place that no table has is kept, and said."""
    batch = read_paper_forms(write_csv([PAPER, [*FORM[:8], "老家"]]))
    assert batch.registrations[0].returning_from is None
    assert written(batch.registrations[0])["从何处返沪"] == "老家"
    assert batch.warnings[0].endswith("the region is not recognised; it stays as written")


def test_paper_without_numbers_counts_its_rows(write_csv: Callable[..., Path]) -> None:
    """The number of the row stands in; a form without a time is told."""
    rows = [
        ["登记时间", "姓名", "从何处返沪"],
        ["2020-02-07 21:30", "王小明", "湖北"],
        [],
        ["", "李小红", "湖北"],
    ]
    batch = read_paper_forms(write_csv(rows, "p.csv"))
    assert [form.id for form in batch.registrations] == ["paper:p:row-2", "paper:p:row-4"]
    assert batch.registrations[1].submitted_at is None
    assert (batch.rows_read, batch.blank_rows) == (3, 1)
    assert batch.warnings == ("p.csv, row 4, column A (登记时间): the form bears no time",)


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            ["17", "2020-02-07"],
            "row 3, column A (编号): expected a number that no other row has, got that of row 2; ",
        ),
        (["王小明", "2020-02-07"], "row 3, column A (编号): expected a pseudonymous number"),
        (["13800138000", "2020-02-07"], "row 3, column A (编号): expected a pseudonymous number"),
        (
            ["18", "2020-02-31"],
            "row 3, column B (登记时间): expected a date of the calendar, got one that never was",
        ),
        (["18", "晚上"], "row 3, column B (登记时间): expected a date and time such as 2020-02-07 21:30"),
    ],
)
def test_the_structure_must_be_right(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError], row: list[str], problem: str
) -> None:
    """A form's number and time are the office's own; a bad one refuses the file."""
    error = refused(read_paper_forms, write_csv([PAPER, FORM, [*row, "李小红"]], "p.csv"))
    assert error.problems[0].startswith(f"p.csv, {problem}")


ANSWER = ["1", "2020/02/07 21:30:15", "35秒", "微信", "微信群", "192.0.2.7 (上海-上海)", "王小明"]


def test_a_questionnaires_export(write_csv: Callable[..., Path]) -> None:
    """Questions are recognised; the address of the sender, the source and the duration are never kept."""
    row = [
        *ANSWER,
        "男",
        "31011219900307123X",
        "13800138000",
        "3号楼502",
        "湖北-武汉",
        "2020/2/6",
        "2020/2/7",
        "发热┋咳嗽",
    ]
    batch = read_questionnaire(write_csv([ONLINE, row]))
    (form,) = batch.registrations
    assert (form.id, form.source) == ("online:1", RegistrationSource.QUESTIONNAIRE)
    assert form.submitted_at == datetime(2020, 2, 7, 21, 30, 15, tzinfo=ZONE)
    assert form.returning_from == RegionCode("420100")
    assert (form.left_on, form.arrived_on) == (date(2020, 2, 6), date(2020, 2, 7))
    assert written(form)["9、有无以下症状"] == "发热┋咳嗽"
    assert set(written(form)) == {
        *("name", "sex", "resident_id", "phone", "residence"),
        *("6、您从哪里返沪", "7、离开日期", "8、抵沪日期", "9、有无以下症状"),
    }
    assert batch.notes[-2:] == (
        "columns kept as other answers: 9、有无以下症状",
        "columns never kept: 所用时间, 来源, 来源详情, 来自IP",
    )
    assert not any(part in value for value in written(form).values() for part in ("192.0", "微信", "35秒"))


def test_times_come_as_text_and_as_times_in_one_column(write_xlsx: Callable[..., Path]) -> None:
    """An export mixes both, and may lack a column of its own."""
    headings = [heading for heading in ONLINE if heading != "来源详情"]
    moment = datetime.fromisoformat("2020-02-07T21:30:15")
    rows = [
        [1, moment, "35秒", "微信", "x", "王小明"],
        [2, "2020/02/07 21:30:16", "35秒", "微信", "x", "(跳过)"],
        [3, "2020-02-07 21:30", None, None, None, "示例同学 3260000099"],
    ]
    batch = read_questionnaire(write_xlsx([headings, *rows]), series="东 区")
    assert [form.id for form in batch.registrations] == ["online:东-区:1", "online:东-区:2", "online:东-区:3"]
    assert [form.submitted_at for form in batch.registrations] == [
        moment.replace(tzinfo=ZONE),
        moment.replace(second=16, tzinfo=ZONE),
        moment.replace(second=0, tzinfo=ZONE),
    ]
    assert [written(form).get("name") for form in batch.registrations] == [
        "王小明",
        None,
        "示例同学 3260000099",
    ]


def test_an_old_export_of_a_questionnaire() -> None:
    """XLS exports are read as well."""
    batch = read_questionnaire(DATA / "questionnaire-2003.xls")
    assert [form.id for form in batch.registrations] == ["online:1", "online:2"]
    assert written(batch.registrations[0])["phone"] == "13800138000"


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        (
            ["", "2020/02/07 21:30:15"],
            "row 2, column A (序号): expected the number of the answer (序号), got nothing",
        ),
        (["1", ""], "row 2, column B (提交答卷时间): expected the time the answer was sent, got nothing"),
        (["1", "x"], "row 2, column B (提交答卷时间): expected a date and time"),
    ],
)
def test_an_answer_needs_its_number_and_time(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError], row: list[str], problem: str
) -> None:
    """The questionnaire writes them itself; where they are missing, the file was tampered with or shifted."""
    error = refused(read_questionnaire, write_csv([ONLINE, [*row, *ANSWER[2:]]]))
    assert problem in error.problems[0]


def test_an_id_that_would_be_too_long_is_refused(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError]
) -> None:
    """A form's id has at most 128 characters, with its series."""
    path = write_csv([PAPER, ["x" * 120, *FORM[1:]]], "p.csv")
    error = refused(read_paper_forms, path, series="a-long-series")
    assert error.problems[0] == (
        "p.csv, row 2, column A (编号): expected at most 128 characters, with the series, "
        "got 140 characters; shorten the number or the series"
    )


def test_a_number_that_is_no_id_is_written_as_it_is(write_xlsx: Callable[..., Path]) -> None:
    """Whatever number stands in the column of IDs is kept."""
    rows = [[n, "2020/2/7", "x", None, number] for n, number in enumerate((1.5, -3, 310112900307123))]
    batch = read_paper_forms(write_xlsx([PAPER, *rows]))
    assert [written(form)["resident_id"] for form in batch.registrations] == [
        "1.5",
        "-3.0",
        "310112900307123",
    ]


@pytest.mark.parametrize(
    ("text", "kept", "known"),
    [
        ("310112199003071000", "310112199003071???", 15),
        ("３１０１１２１９９００３０７１０００", "310112199003071???", 15),
        ("3.10112E+17", "31011?????????????", 5),
        ("3.101121990030712e+17", "310112199003071???", 15),
        ("3.10112900307E+14", "31011290030????", 11),
    ],
)
def test_an_id_that_was_a_number_in_a_text_file_is_partial(
    write_csv: Callable[..., Path], text: str, kept: str, known: int
) -> None:
    """A CSV file shows zeros, or an exponent, for the digits that a spreadsheet has lost."""
    batch = read_paper_forms(write_csv([PAPER, [*FORM[:4], text, *FORM[5:]]], "p.csv"))
    assert written(batch.registrations[0])["resident_id"] == kept
    assert batch.warnings == (
        (
            "p.csv, row 2, column E (身份证号): the resident ID looks like a spreadsheet's number, "
            f"whose end is lost: only its first {known} digits are taken as known"
        ),
    )


@pytest.mark.parametrize(
    "text", ["310112199003071234", "31011219900307100X", '="310112199003071000"', "1000"]
)
def test_other_ids_in_a_text_file_are_kept(write_csv: Callable[..., Path], text: str) -> None:
    """What was never a number, or does not look like one, is as it was written."""
    batch = read_paper_forms(write_csv([PAPER, [*FORM[:4], text, *FORM[5:]]], "p.csv"))
    assert written(batch.registrations[0])["resident_id"] == text.strip('="')
    assert batch.warnings == ()


def test_an_exponent_alone_says_nothing(write_csv: Callable[..., Path]) -> None:
    """3E+17 has one digit, and that one may be rounded: it is kept, and said."""
    batch = read_paper_forms(write_csv([PAPER, [*FORM[:4], "3E+17", *FORM[5:]]], "p.csv"))
    assert written(batch.registrations[0])["resident_id"] == "3E+17"
    assert batch.warnings == (
        (
            "p.csv, row 2, column E (身份证号): "
            "the resident ID was a spreadsheet's number, and its digits are lost"
        ),
    )


def test_very_many_warnings_are_counted(write_csv: Callable[..., Path]) -> None:
    """The list of warnings ends somewhere, and says so."""
    rows = [[str(n), "2020/2/7", "王小明", *[""] * 5, "老家"] for n in range(MOST_WARNINGS + 3)]
    warnings = read_paper_forms(write_csv([PAPER, *rows], "p.csv")).warnings
    assert (len(warnings), warnings[-1]) == (MOST_WARNINGS + 1, "p.csv: and 3 more warnings")


def test_a_formulas_error_is_left_out_of_a_form(write_xlsx: Callable[..., Path]) -> None:
    """An answer cannot be #N/A; it is left out, and said."""
    row = ["17", "2020/2/7", ("=1/0", "#DIV/0!"), "男"]
    batch = read_paper_forms(write_xlsx([PAPER, row]))
    assert written(batch.registrations[0]) == {"sex": "男"}
    assert batch.warnings == ("file.xlsx, row 2, column C (姓名): a formula's error stands here; left out",)


def test_declared_questions(write_csv: Callable[..., Path]) -> None:
    """A question in unusual words is declared."""
    path = write_csv(
        [["序号", "提交答卷时间", "怎么称呼您", "手机号"], ["1", "2020/2/7 9:00", "王小明", "1380"]]
    )
    assert "name" not in written(read_questionnaire(path, returnees_only=True).registrations[0])
    batch = read_questionnaire(path, columns={"name": "怎么称呼您"}, returnees_only=True)
    assert written(batch.registrations[0]) == {"name": "王小明", "phone": "1380"}


WHOSE = "a column name or resident_id or phone or residence (姓名, 名字, 返沪人员姓名, 返程人员姓名 ...)"
WHENCE = "a column returning_from (从何处返沪, 从何地返沪, 从哪里返沪, 返沪出发地 ...)"
DECLARE = "declare the heading in the site file, "
DECLARE_WHENCE = 'columns.returning_from = "...", or returnees_only = true where all forms are of returnees'


@pytest.mark.parametrize(
    ("headings", "expected", "do"),
    [
        ("编号,登记时间,甲,乙,丙,从何处返沪,抵沪日期", WHOSE, 'columns.name = "..."'),
        ("编号,登记时间,姓名,手机号,来自哪个地方", WHENCE, DECLARE_WHENCE),
        ("编号,登记时间,姓名,来源", WHENCE, DECLARE_WHENCE),
        ("编号,登记时间", f"{WHOSE} and {WHENCE}", f'columns.name = "..."; {DECLARE_WHENCE}'),
        ("编号,登记时间,性别,车牌号,返程地", WHOSE, 'columns.name = "..."'),
    ],
)
def test_forms_of_nobody_or_from_nowhere_are_refused(
    write_csv: Callable[..., Path],
    refused: Callable[..., IntakeError],
    headings: str,
    expected: str,
    do: str,
) -> None:
    """A heading that is not recognised must neither lose whose form it is nor make a returnee of a local."""
    columns = headings.split(",")
    path = write_csv([columns, ["17", "2020-02-07 21:30", *("x" for _ in columns[2:])]], "p.csv")
    assert str(refused(read_paper_forms, path)) == (
        f"p.csv: expected {expected}, got headings {', '.join(columns)}; {DECLARE}{do}"
    )


@pytest.mark.parametrize("heading", ["姓名", "身份证号", "手机号", "住址", "家庭地址"])
def test_one_column_tells_whose_a_form_is(write_csv: Callable[..., Path], heading: str) -> None:
    """Whatever a form has of name, ID, phone and address is enough, beside where they come from."""
    path = write_csv([["登记时间", heading, "从何处返沪"], ["2020-02-07", "x", "湖北"]])
    assert len(read_paper_forms(path).registrations) == 1


@pytest.mark.parametrize("read", [read_paper_forms, read_questionnaire])
def test_forms_of_returnees_alone_need_not_say_from_where(
    write_csv: Callable[..., Path], refused: Callable[..., IntakeError], read: Callable[..., FormsBatch]
) -> None:
    """The site file says so; whose they are must stand there all the same."""
    path = write_csv([["序号", "提交答卷时间", "姓名"], ["1", "2020-02-07 21:30", "王小明"]])
    assert len(read(path, columns={"submitted_at": "提交答卷时间"}, returnees_only=True).registrations) == 1
    path = write_csv([["序号", "提交答卷时间", "性别"], ["1", "2020-02-07 21:30", "男"]], "q.csv")
    error = refused(read, path, columns={"submitted_at": "提交答卷时间"}, returnees_only=True)
    assert str(error).startswith(f"q.csv: expected {WHOSE}, got headings")


def test_columns_that_are_only_kept_are_named(write_csv: Callable[..., Path]) -> None:
    """Whoever meant one of them for a field can see it."""
    path = write_csv(
        [
            ["编号", "登记时间", "姓名", "返回地", "联系人电话", "来源", "来源详情"],
            ["1", "2020-02-07", "王小明"],
        ]
    )
    assert read_paper_forms(path).notes[-2:] == (
        "columns kept as other answers: 联系人电话, 来源",
        "columns never kept: 来源详情",
    )


def test_on_paper_a_source_is_an_answer(write_csv: Callable[..., Path]) -> None:
    """来源 of a questionnaire is how it was sent; on paper it is kept, and may be declared as where from."""
    rows = [["编号", "登记时间", "姓名", "来源"], ["1", "2020-02-07", "王小明", "湖北武汉"]]
    path = write_csv(rows)
    assert written(read_paper_forms(path, returnees_only=True).registrations[0])["来源"] == "湖北武汉"
    batch = read_paper_forms(path, columns={"returning_from": "来源"})
    assert batch.registrations[0].returning_from == RegionCode("420100")


def test_the_zone_is_the_sites(write_csv: Callable[..., Path]) -> None:
    """Times on paper are the site's own."""
    batch = read_paper_forms(write_csv([PAPER, FORM]), zone="Asia/Urumqi")
    (form,) = batch.registrations
    assert form.submitted_at == datetime(2020, 2, 7, 21, 30, tzinfo=ZoneInfo("Asia/Urumqi"))


ANSWERS = st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), max_size=20)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # each example writes its own
@given(rows=st.lists(st.lists(ANSWERS, min_size=10, max_size=10), min_size=1, max_size=4))
def test_no_answer_refuses_a_form(write_csv: Callable[..., Path], rows: list[list[str]]) -> None:
    """Whatever people write, every form is read, and each answer is kept to the character."""
    table = [[str(number), "2020-02-07 21:30", *answers] for number, answers in enumerate(rows)]
    batch: FormsBatch = read_paper_forms(write_csv([PAPER, *table]))
    assert len(batch.registrations) == len(rows)
    for form, answers in zip(batch.registrations, rows, strict=True):
        kept = set(written(form).values())
        for answer in answers:
            blank = not answer.strip() or answer.strip() in ("(空)", "(跳过)", "（空）", "（跳过）")
            assert blank or answer in kept or answer.startswith(("=", "#"))
