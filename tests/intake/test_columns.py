"""Columns: the usual headings are recognised, a declaration decides, and doubt is an error."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from epiguard.errors import IntakeError
from epiguard.intake._form_fields import PAPER_FIELDS, QUESTIONNAIRE_FIELDS
from epiguard.intake._gate_fields import DOOR_FIELDS, GATE_FIELDS
from epiguard.intake._resident_fields import RESIDENT_FIELDS
from epiguard.intake.columns import Field, known_headings, match_columns, plain_heading
from epiguard.intake.grid import Table
from epiguard.intake.problems import column_letters

FIELDS = (
    Field("name", ("姓名", "名字", "name"), required=True),
    Field("phone", ("手机号", "电话"), pattern=r".*电话号码"),
    Field("card", ("卡号",)),
)


def table(*headers: str) -> Table:
    """A table without rows."""
    return Table(file="file.csv", headers=headers, rows=())


@pytest.mark.parametrize(
    ("heading", "plain"),
    [
        ("姓名", "姓名"),
        ("1、您的姓名", "姓名"),
        ("3、您的身份证号码（必填）", "身份证号码"),
        ("12. 请填写您的手机号：", "手机号"),
        ("Q7.本人真实姓名", "姓名"),
        ("*手机号码", "手机号码"),
        ("（选填）车牌号", "车牌号"),
        ("体温(℃)", "体温"),
        ("ＩＤ Number", "idnumber"),
        ("您从哪里返沪？", "从哪里返沪"),
        ("您", "您"),
        ("2019", "2019"),
    ],
)
def test_headings_are_stripped_of_what_surrounds_them(heading: str, plain: str) -> None:
    """Numbers of questions, courtesies and asides say nothing about what is asked."""
    assert plain_heading(heading) == plain


def test_usual_headings_are_recognised() -> None:
    """Each field finds its column; what nobody asked for is left over."""
    columns = match_columns(table("2、您的电话", "备注", "1、您的姓名"), FIELDS)
    assert columns.index == {"name": 2, "phone": 0}
    assert columns.others == (1,)
    assert columns.label("name") == "column C (1、您的姓名)"
    assert "card" not in columns


def test_an_exact_heading_goes_before_a_sentence() -> None:
    """姓名 and 电话 are what is asked; a longer question for the like is another one."""
    columns = match_columns(table("姓名", "电话", "房东电话号码"), FIELDS)
    assert columns.index == {"name": 0, "phone": 1}


def test_a_declaration_decides() -> None:
    """A declared heading counts as it is written, or stripped, and is guessed for nothing else."""
    columns = match_columns(table("名字", "1、 称呼", "电话"), FIELDS, {"name": "称呼", "card": "名字"})
    assert columns.index == {"name": 1, "card": 0, "phone": 2}


@pytest.mark.parametrize(
    ("headers", "declared", "message"),
    [
        (
            ["电话", "备注"],
            {},
            (
                "file.csv: expected a column name (姓名, 名字, name), got headings 电话, 备注; "
                'declare the heading of each missing column in the site file, columns.name = "...", '
                "or add the column"
            ),
        ),
        (
            ["姓名", "手机号", "电话"],
            {},
            (
                "file.csv: expected one column for phone, got column B (手机号) and column C (电话); "
                'declare it in the site file: columns.phone = "手机号"'
            ),
        ),
        (
            ["姓名", "电话"],
            {"phone": "联系"},
            (
                "file.csv: expected a column '联系', declared for phone, "
                "got headings 姓名, 电话; correct columns.phone in the site file"
            ),
        ),
        (
            ["姓名"],
            {"fone": "姓名"},
            (
                "file.csv: expected one of the columns card, name, phone, got columns.fone declared; "
                "did you mean columns.phone?"
            ),
        ),
        (
            ["姓名"],
            {"name": "姓名", "card": " 姓名"},
            (
                "file.csv: expected a heading of its own for each declared column, got one for "
                "columns.name and columns.card; correct one of the two in the site file"
            ),
        ),
        (
            ["姓名"],
            {"name": " "},
            (
                "file.csv: expected a heading as text for columns.name, got something else; "
                "copy the heading from the file, in quotes"
            ),
        ),
    ],
)
def test_doubt_is_an_error(
    refused: Callable[..., IntakeError], headers: list[str], declared: dict[str, str], message: str
) -> None:
    """A missing column, two that may be meant, and a declaration that does not fit: each says what to do."""
    assert str(refused(match_columns, table(*headers), FIELDS, declared)) == message


def test_one_heading_for_two_fields_is_an_error(refused: Callable[..., IntakeError]) -> None:
    """A question that may ask for two things needs a declaration."""
    fields = (Field("left", (), pattern=".*日期"), Field("came", (), pattern=".*日期"))
    assert (
        refused(match_columns, table("返沪日期"), fields).got
        == "column A (返沪日期), which may be left or came"
    )


def test_many_headings_are_not_all_listed(refused: Callable[..., IntakeError]) -> None:
    """A message stays readable whatever the file."""
    error = refused(match_columns, table(*(f"h{index}" for index in range(200))), FIELDS)
    assert error.got.endswith("h29 and 170 more")


def test_known_headings_include_declared_ones() -> None:
    """The header is told by usual headings and by declared ones."""
    known = known_headings(FIELDS, {"card": "门禁  编码"})
    assert [known(heading) for heading in ("姓名", "门禁 编码", "您的姓名", "备注")] == [
        True,
        True,
        True,
        False,
    ]


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("1、您的姓名", "name"),
        ("返沪人员姓名", "name"),
        ("2、您的性别：", "sex"),
        ("3、您的身份证号码（必填）", "resident_id"),
        ("您的手机号码是？", "phone"),
        ("联系电话", "phone"),
        ("联系号码", "phone"),
        ("联系人电话", None),
        ("您的家庭地址", "residence"),
        ("小区地址", "residence"),
        ("现住址", "residence"),
        ("来自何地", "returning_from"),
        ("返回地", "returning_from"),
        ("出发城市", "returning_from"),
        ("出发地", "returning_from"),
        ("5、现居住地址（小区、楼栋、室号）", "residence"),
        ("您的在沪详细住址", "residence"),
        ("您家住哪一栋", None),
        ("车牌号", "plate"),
        ("6、您从哪里返沪？", "returning_from"),
        ("返沪出发地（省/市）", "returning_from"),
        ("您是否从湖北返沪", None),
        ("从外地返沪的日期", "arrived_on"),
        ("7、离开日期", "left_on"),
        ("8、抵沪日期", "arrived_on"),
        ("您离开当地的时间", "left_on"),
        ("您到达上海的日期", "arrived_on"),
        ("紧急联系人电话", None),
        ("紧急联系人姓名", None),
        ("同行人员姓名", None),
        ("房东电话", None),
        ("备注", None),
    ],
)
def test_questions_are_recognised(heading: str, field: str | None) -> None:
    """A question for the person's own data is theirs; one for somebody else's is not taken for it."""
    plain = plain_heading(heading)
    fitting = [each.name for each in QUESTIONNAIRE_FIELDS if each.fits(plain)]
    assert fitting == ([field] if field else [])


@pytest.mark.parametrize(
    "fields", [RESIDENT_FIELDS, PAPER_FIELDS, QUESTIONNAIRE_FIELDS, GATE_FIELDS, DOOR_FIELDS]
)
def test_no_heading_belongs_to_two_fields(fields: tuple[Field, ...]) -> None:
    """A usual heading is of one field, is plain already, and no field stands twice."""
    headings = [heading for field in fields for heading in field.headings]
    assert len(set(headings)) == len(headings)
    assert [plain_heading(heading) for heading in headings] == headings
    assert len({field.name for field in fields}) == len(fields)
    for field in fields:
        for heading in field.headings:
            assert [each.name for each in fields if each.fits(heading)] == [field.name]


def test_columns_are_named_as_spreadsheets_do() -> None:
    """A, Z, AA, AZ, ZZ, AAA."""
    assert [column_letters(index) for index in (0, 25, 26, 51, 701, 702)] == [
        "A",
        "Z",
        "AA",
        "AZ",
        "ZZ",
        "AAA",
    ]
