"""Plum Court (梅苑): the folder of one small day, written where a test needs it; everybody in it is invented.

Rows are counted as a spreadsheet counts them: the headings are row 1.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path

import attrs
import xlsxwriter  # type: ignore[import-untyped]  # it ships no types

from epiguard.identifiers import ResidentId

__all__ = ["Cell", "Folder", "csv_bytes", "good_folder", "resident_id", "xlsx_bytes"]

#: What a test may put into a cell; a pair is a formula and the value it shows.
Cell = str | float | int | bool | datetime | date | tuple[str, str] | None
Rows = list[list[Cell]]

SITE = """\
[site]
id = "plum-court"
name = "梅苑居委"
zone = "Asia/Shanghai"
region = "310112"
compounds = ["梅苑"]

[[site.checkpoints]]
id = "north"
name = "北门"
lanes = [
    {direction = "in", traffic = "pedestrian"},
    {direction = "out", traffic = "pedestrian"},
    {direction = "in", traffic = "vehicle", until = 2020-03-01},
    {direction = "out", traffic = "vehicle", since = 2020-01-25, until = 2020-03-01},
]

[[site.checkpoints]]
id = "south"
name = "南门"

[site.doors]
door-1 = "1号楼"
door-2 = "2号楼"

[[quarantine]]
days = 14
convention = "day0-excluded"
setting = "home-observation"
anchors = ["arrived", "left"]
since = 2020-01-20

[[rules]]
use = "admit-kinds"
kinds = ["resident", "staff"]

[[rules]]
use = "registration-required"

[[rules]]
use = "temperature"
limit = 37.3
retest_minutes = 15

[[rules]]
use = "one-exit-per-day"
applies_to = ["resident"]
since = 2020-02-01
until = 2020-04-01

[[rules]]
use = "quarantine-stays-in"
settings = ["home-observation"]

[[rules]]
use = "screen-by-region"
regions = ["420000"]
within_hours = 48

[intake.residents]
file = ["residents.xlsx", "residents-new.csv"]

[intake.paper_forms]
file = "forms/paper-*.csv"
series = "north"

[intake.questionnaire]
file = "questionnaire.xlsx"
sheet = "答卷"
columns = {arrived_on = "6、您哪天到的小区？"}

[intake.gate_log]
file = "gate-log*.csv"

[intake.door_log]
file = "door-log.csv"
encoding = "utf-8"
"""

#: The sheet of each workbook.
SHEETS = {"residents.xlsx": "人员信息", "questionnaire.xlsx": "答卷"}
#: What may be said aloud: words of the file and numbers of its rows. Everything else is somebody's.
PUBLIC = frozenset(
    [
        "流水号",
        "时间",
        "卡口",
        "门禁点",
        "方向",
        "人员类别",
        "外省返程",
        "放行",
        "结果",
        "编号",
        "序号",
        "登记时间",
        "提交答卷时间",
        "所用时间",
        "来源",
        "来源详情",
        "未测温原因",
        "证件类型",
    ]
)


def resident_id(first17: str) -> str:
    """A resident ID of nobody: the check digit agrees, the person is invented."""
    return first17 + ResidentId.check_digit_of(first17)


WANG, LI, ZHAO, QIAN = (
    resident_id(first17)
    for first17 in ("31011219880412373", "31011219900725264", "42010119790803119", "33010619950116428")
)
REGISTER = [
    "人员编号",
    "姓名",
    "证件类型",
    "证件号码",
    "手机号码",
    "楼栋",
    "房号",
    "户籍地",
    "房东姓名",
    "房东电话",
    "门禁卡号",
    "车牌号",
    "户号",
]
QUESTIONNAIRE = [
    "序号",
    "提交答卷时间",
    "所用时间",
    "来源",
    "来源详情",
    "来自IP",
    "1、您的姓名",
    "2、您的身份证号码",
    "3、您的手机号码",
    "4、您的居住地址",
    "5、您从哪里返沪",
    "6、您哪天到的小区？",
]
PAPER = ["编号", "登记时间", "姓名", "身份证号", "手机号码", "住址", "从何处返沪", "抵沪日期"]
GATE = [
    "流水号",
    "时间",
    "卡口",
    "方向",
    "人员类别",
    "人员编号",
    "体温",
    "未测温原因",
    "车牌号",
    "外省返程",
    "返程地",
    "放行",
]
DOOR = ["流水号", "时间", "门禁点", "方向", "人员编号", "门禁卡号", "结果"]


def _files() -> dict[str, Rows | bytes]:
    submitted = datetime(2020, 2, 9, 21, 40)  # noqa: DTZ001 - a spreadsheet knows no zone
    return {
        "residents.xlsx": [
            [*REGISTER],
            ["P-1001", "王梅生", "身份证", WANG, "13800138171", "1", "1701", "上海", None, None, "60017011", "沪A7K317", "H-1"],
            ["P-1002", "李雪芹", "身份证", LI, "13800138172", "1", "1701", "上海", None, None, "60017012", None, "H-1"],
            ["P-1003", "赵长江", "身份证", ZHAO, "13800138173", "2", "2603", "湖北武汉", "周德福", "13900139261", "60026031", None, "H-2"],
        ],
        "residents-new.csv": [
            [*REGISTER],
            ["P-1004", "钱晚晴", "身份证", QIAN, "13800138174", "2", "2604", "浙江杭州", None, None, "60026041", None, "H-3"],
        ],
        "forms/paper-north.csv": [
            [*PAPER],
            ["1", "2020-02-09 19:30", "赵长江", ZHAO, "13800138173", "梅苑2号楼2603室", "湖北武汉", "2020-02-08"],
            ["2", "2020-02-09 19:50", "孙玉珍", "4201061968031452??", "1390013926?", "梅苑1号楼1702室", "湖北孝感", "2020-02-08"],
        ],
        "questionnaire.xlsx": [
            [*QUESTIONNAIRE],
            [1, submitted, "95秒", "微信", "N/A", "203.0.113.71", "钱晚晴", QIAN, "13800138174", "梅苑2号楼2604室", "浙江杭州", "2020-02-09"],
            [2, "2020/2/9 21:52:10", "70秒", "微信", "N/A", "203.0.113.72", "李雪琴", LI, "13800138172", "梅苑1号楼1701室", "安徽合肥", "2月9日"],
        ],
        "gate-log.csv": [
            [*GATE],
            ["1", "2020-02-10 07:55", "北门", "出", "居民", "P-1001", "36.4", None, "沪A7K317", "否", None, "放行"],
            ["1", "2020-02-10 07:55", "北门", "出", "居民", "P-1002", "36.6", None, "沪A7K317", "否", None, "放行"],
            ["2", "2020-02-10 09:10", "南门", "进", "访客", None, "36.8", None, None, "是", "江苏苏州", "不放行"],
            ["3", "2020-02-10 11:30", "north", "进", "居民", "P-1001", "36.5", None, "沪A7K317", "否", None, "放行"],
        ],
        "door-log.csv": [
            [*DOOR],
            ["1", "2020-02-10 07:50:12", "1号楼", "出", "P-1001", "60017011", "成功"],
            ["2", "2020-02-10 18:20:40", "door-2", "进", None, "60026041", "成功"],
        ],
    }  # fmt: skip


@attrs.define
class Folder:
    """The files of a day before they are written.

    Attributes:
        site: The text of ``site.toml``; bytes where it is not even text, None where it is missing.
        files: Name to rows, or to bytes.
        personal: What must not show anywhere; see :meth:`canaries`.
        missing: Whether there is no folder at all.
        folders: Names of folders that stand where files should be.
        links: Name to what it leads to.
    """

    site: str | bytes | None
    files: dict[str, Rows | bytes]
    personal: set[str] = attrs.field(factory=set)
    missing: bool = False
    folders: list[str] = attrs.field(factory=list)
    links: dict[str, str] = attrs.field(factory=dict)

    def rows(self, file: str) -> Rows:
        """The rows of a file that is still a table."""
        rows = self.files[file]
        assert not isinstance(rows, bytes)
        return rows

    def column(self, file: str, heading: str) -> int:
        """Where a column stands."""
        return self.rows(file)[0].index(heading)

    def bytes_of(self, file: str) -> bytes:
        """A file as it is written."""
        content = self.files[file]
        if isinstance(content, bytes):
            return content
        if file.endswith(".csv"):
            return csv_bytes(content)
        return xlsx_bytes({SHEETS.get(file, "Sheet1"): content})

    def write(self, at: Path) -> None:
        """Write everything."""
        if self.missing:
            return
        at.mkdir()
        if self.site is not None:
            (at / "site.toml").write_bytes(self.site if isinstance(self.site, bytes) else self.site.encode())
        for file in self.files:
            path = at / file
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(self.bytes_of(file))
        for name in self.folders:
            (at / name).mkdir()
        for name, target in self.links.items():
            (at / name).symlink_to(target)

    def remember(self) -> None:
        """Note every personal value that stands in the files now."""
        for content in self.files.values():
            if not isinstance(content, bytes):
                self.personal.update(_personal(content))

    def canaries(self) -> frozenset[str]:
        """Everything personal that stood in the files at any time, long enough to be told from a number."""
        self.remember()
        return frozenset(value for value in self.personal if len(value) >= (3 if value.isascii() else 2))


def good_folder() -> Folder:
    """The good one; whoever asks may spoil it."""
    folder = Folder(site=SITE, files=_files())
    folder.remember()
    return folder


def _personal(rows: Rows) -> Iterator[str]:
    public = {index for index, heading in enumerate(rows[0]) if heading in PUBLIC} if rows else set()
    for cells in rows[1:]:
        for index, cell in enumerate(cells):
            if index in public or cell is None or isinstance(cell, bool):
                continue
            if isinstance(cell, int | float):
                # As the file shows it, and the part of it that a spreadsheet keeps.
                yield from {f"{cell:.0f}", f"{cell:.0f}"[:15], repr(cell)}
            else:
                text = cell[1] if isinstance(cell, tuple) else str(cell)
                if not text.startswith("#"):  # a formula's error is nobody's
                    yield text


def csv_bytes(rows: Sequence[Sequence[object]], encoding: str = "utf-8-sig") -> bytes:
    """Rows as a spreadsheet program writes them."""
    stream = io.StringIO(newline="")
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode(encoding)


def xlsx_bytes(sheets: Mapping[str, Sequence[Sequence[Cell]]], *, hidden: Sequence[str] = ()) -> bytes:
    """Rows as a workbook."""
    stream = io.BytesIO()
    book = xlsxwriter.Workbook(
        stream, {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    )
    moment = book.add_format({"num_format": "yyyy/mm/dd hh:mm:ss"})
    for title, rows in sheets.items():
        sheet = book.add_worksheet(title)
        if title in hidden:
            sheet.hide()
        for row, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, tuple):
                    sheet.write_formula(row, column, cell[0], None, cell[1])
                elif isinstance(cell, str):
                    sheet.write_string(row, column, cell)
                elif cell is not None:
                    sheet.write(row, column, cell, moment if isinstance(cell, date) else None)
    book.close()
    return stream.getvalue()
