"""The bad folders: each is the good one with one thing wrong, or with a few to see that all are listed."""

from __future__ import annotations

import io
import struct
import warnings
import zipfile
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from day.plum_court import GATE, LI, PAPER, QIAN, REGISTER, SITE, WANG, csv_bytes, resident_id, xlsx_bytes
from day.spoiling import (
    Change,
    add,
    cell,
    data,
    drop,
    folder_for,
    gone,
    link_for,
    no_folder,
    part,
    rename,
    site,
    site_data,
    widen,
    zipped,
)

__all__ = ["CASES"]

REG, NEW, PAPERS, ONLINE = (
    "residents.xlsx",
    "residents-new.csv",
    "forms/paper-north.csv",
    "questionnaire.xlsx",
)
LOG, DOORS = "gate-log.csv", "door-log.csv"
SHEET = "xl/worksheets/sheet1.xml"
BOOK = "xl/workbook.xml"

# The last digit is the check digit: any other is wrong.
WRONG_CHECK_DIGIT: Final = WANG[:-1] + ("1" if WANG[-1] != "1" else "2")
# Fifteen digits and three zeros, and the check digit agrees.
ZEROED_BY_LUCK: Final = next(
    number
    for number in (
        resident_id(f"3301061995{month:02}{day:02}000") for month in range(1, 13) for day in range(1, 29)
    )
    if number.endswith("0")
)
IMPOSSIBLE_BIRTH: Final = resident_id("31011219990230373")


def bomb(good: bytes) -> bytes:
    """A workbook whose sheet unpacks to three hundred times its size."""
    return part(SHEET, b"</worksheet>", b" " * 8_000_000 + b"</worksheet>")(good)


def many_entries(_: bytes) -> bytes:
    """An archive of more entries than any workbook has."""
    return zipped({f"xl/worksheets/sheet{number}.xml": b"" for number in range(2_100)})


def entry_twice(good: bytes) -> bytes:
    """A workbook with two workbooks in it: which of them would be read?"""
    stream = io.BytesIO(good)
    with warnings.catch_warnings(), zipfile.ZipFile(stream, "a") as archive:
        warnings.simplefilter("ignore")  # zipfile says so too
        archive.writestr(BOOK, b"<workbook/>")
    return stream.getvalue()


def encrypted(good: bytes) -> bytes:
    """A workbook whose entries are marked as encrypted."""
    spoilt = bytearray(good)
    at = spoilt.find(b"PK\x01\x02")
    while at >= 0:
        (flags,) = struct.unpack_from("<H", spoilt, at + 8)
        struct.pack_into("<H", spoilt, at + 8, flags | 1)
        at = spoilt.find(b"PK\x01\x02", at + 1)
    return bytes(spoilt)


def corrupted(good: bytes) -> bytes:
    """A workbook with bytes in its middle turned over."""
    middle = good.index(b"xl/worksheets/sheet1.xml") + 60
    return good[:middle] + bytes(byte ^ 0xFF for byte in good[middle : middle + 40]) + good[middle + 40 :]


def damaged_lzma(good: bytes) -> bytes:
    """A workbook packed in a way that few programs use, with damaged bytes in a sheet."""
    with zipfile.ZipFile(io.BytesIO(good)) as archive:
        parts = {each: archive.read(each) for each in archive.namelist()}
    return corrupted(zipped(parts, zipfile.ZIP_LZMA))


def register_of(*people: tuple[str, str]) -> bytes:
    """A register of a few people without a byte order mark, in UTF-8."""
    rows = [("personid", "name"), *people]
    return csv_bytes(rows, "utf-8")


SITE_FILES: Final[Mapping[str, tuple[Change, ...]]] = {
    "the folder is missing": (no_folder,),
    "the site file is missing": (site_data(None),),
    "the site file is a folder": (folder_for("site.toml"),),
    "the site file is empty": (site_data(""),),
    "the site file is in GB18030": (site_data(SITE.encode("gb18030")),),
    "the site file is a workbook": (site_data(xlsx_bytes({"site": [["id", "plum-court"]]})),),
    "a quote is missing": (site('zone = "Asia/Shanghai"', 'zone = "Asia/Shanghai'),),
    "a site file of endless brackets": (site_data("a = " + "[" * 5_000),),
    "a key twice": (site('region = "310112"', 'id = "plum-court"'),),
    "a date that never was": (site("since = 2020-01-20", "since = 2020-02-30"),),
    "an unknown section": (site('[[rules]]\nuse = "temperature"', '[[rule]]\nuse = "temperature"'),),
    "an unknown key of the day": (site("[intake.residents]", "[day]\nreport = 1\n\n[intake.residents]"),),
    "no site": (site_data('[[rules]]\nuse = "temperature"\n'),),
    "no id": (site('id = "plum-court"\n', ""),),
    "an id that is a number": (site('id = "plum-court"', "id = 310112"),),
    "an id with a blank": (site('id = "plum-court"', 'id = "plum court"'),),
    "a misspelt key of the site": (site('zone = "Asia/Shanghai"', 'timezone = "Asia/Shanghai"'),),
    "an unknown zone": (site("Asia/Shanghai", "Asia/Beijing"),),
    "a region that is no code": (site('region = "310112"', 'region = "上海市闵行区"'),),
    "compounds that are one text": (site('compounds = ["梅苑"]', 'compounds = "梅苑"'),),
    "a day that starts at a time in quotes": (site('region = "310112"', 'day_starts = "03:00"'),),
    "two checkpoints of one id": (site('id = "south"', 'id = "north"'),),
    "a door with the id of a gate": (site("door-1 =", "north ="),),
    "an unknown key of a checkpoint": (site('name = "南门"', 'label = "南门"'),),
    "an unknown direction of a lane": (
        site('{direction = "in", traffic = "pedestrian"}', '{direction = "north", traffic = "pedestrian"}'),
    ),
    "a lane that ends before it begins": (
        site("since = 2020-01-25, until = 2020-03-01", "since = 2020-01-25, until = 2019-03-01"),
    ),
    "a date with a time": (site("since = 2020-01-20", "since = 2020-01-20T00:00:00"),),
    "a date as text": (site("since = 2020-01-20", 'since = "2020-01-20"'),),
    "quarantine of no days": (site("days = 14", "days = 0"),),
    "quarantine of days in words": (site("days = 14", 'days = "14 days"'),),
    "an unknown setting of quarantine": (site('"home-observation"\nanchors', '"home"\nanchors'),),
    "a way of counting that needs hours": (site("day0-excluded", "elapsed-24h"),),
    "an unknown anchor": (site('["arrived", "left"]', '["arrived", "departed"]'),),
    "two quarantine orders at once": (site("[[quarantine]]", "[[quarantine]]\ndays = 7\n\n[[quarantine]]"),),
    "a rule without a name": (site('use = "registration-required"\n', ""),),
    "an unknown rule": (site('use = "registration-required"', 'use = "grid-leader-approves"'),),
    "a misspelt rule": (site('use = "temperature"', 'use = "temprature"'),),
    "a misspelt setting of a rule": (site("limit = 37.3", "limt = 37.3"),),
    "a limit of 373 degrees": (site("limit = 37.3", "limit = 373"),),
    "a limit as text": (site("limit = 37.3", 'limit = "37.3"'),),
    "a setting that is missing": (site('regions = ["420000"]\n', ""),),
    "a rule that ends before it begins": (site("until = 2020-04-01", "until = 2020-01-01"),),
    "a rule for unknown travellers": (site('applies_to = ["resident"]', 'applies_to = ["tenant"]'),),
    "a rule twice": (site('use = "registration-required"', 'use = "temperature"'),),
    "no intake": (lambda folder: site_data(str(folder.site).partition("[intake")[0])(folder),),
    "an intake that is a number": (
        lambda folder: site_data("intake = 5\n" + str(folder.site).partition("[intake")[0])(folder),
    ),
    "a misspelt part of the intake": (site("[intake.gate_log]", "[intake.gatelog]"),),
    "a misspelt key of the intake": (site('file = "door-log.csv"', 'files = "door-log.csv"'),),
    "a part of the intake without a file": (site('file = "door-log.csv"\n', ""),),
    "a file that is a number": (site('file = "door-log.csv"', "file = 20200210"),),
    "a file outside the folder": (site('file = "door-log.csv"', 'file = "../door-log.csv"'),),
    "an absolute path": (site('file = "door-log.csv"', 'file = "/var/door-log.csv"'),),
    "a path of Windows": (site('file = "door-log.csv"', 'file = "D:\\\\export\\\\door-log.csv"'),),
    "a pattern that is none": (site('file = "door-log.csv"', 'file = "door-**.csv"'),),
    "a file that is the folder itself": (site('file = "door-log.csv"', 'file = "."'),),
    "columns of a field that there is not": (site("arrived_on =", "arrived ="),),
    "one heading declared for two fields": (
        site(
            'columns = {arrived_on = "6、您哪天到的小区？"}',
            'columns = {arrived_on = "6、您哪天到的小区？", left_on = "6、您哪天到的小区？"}',
        ),
    ),
    "an unknown encoding": (site('encoding = "utf-8"', 'encoding = "ansi"'),),
    "an encoding for a workbook": (site('sheet = "答卷"', 'sheet = "答卷"\nencoding = "gbk"'),),
    "a sheet for a text file": (site('encoding = "utf-8"', 'sheet = "Sheet1"'),),
    "a wrong sheet": (site('sheet = "答卷"', 'sheet = "Sheet1"'),),
}

FILES: Final[Mapping[str, tuple[Change, ...]]] = {
    "a file is missing": (gone(DOORS),),
    "a folder where a file should be": (folder_for(DOORS),),
    "a link to a file elsewhere": (link_for(DOORS, __file__),),
    "a link that leads nowhere": (link_for(DOORS, "gone.csv"),),
    "no file fits a pattern": (gone(PAPERS),),
    "an empty file": (data(LOG, b""),),
    "a file of blank lines": (data(LOG, b"\r\n\r\n  \r\n"),),
    "a file without headings": (data(LOG, lambda good: good.partition(b"\r\n")[2]),),
    "a register of headings only": (
        data(REG, xlsx_bytes({"人员信息": [REGISTER]})),
        data(NEW, csv_bytes([REGISTER])),
    ),
    "a file larger than any register": (data(LOG, b"1,\n" * (11 * 2**20)),),
    "a text named as a workbook": (data(REG, "居民名单见附件，请联系王梅生 13800138171。".encode()),),
    "an archive named as a text file": (data(LOG, zipped({"gate-log.csv": csv_bytes([GATE])})),),
    "a PDF": (data(ONLINE, b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"),),
    "a picture": (data(PAPERS, b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"),),
    "a web page named as a workbook": (data(ONLINE, "<html><table><tr><td>序号</td></tr></table>".encode()),),
    "a workbook cut off": (data(REG, lambda good: good[: len(good) * 2 // 3]),),
    "a workbook with damaged bytes": (data(REG, corrupted),),
    "a workbook with a password": (
        data(REG, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le")),
    ),
    "a workbook with encrypted entries": (data(REG, encrypted),),
    "an old workbook cut off": (data(REG, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)),),
    "a workbook that is a bomb": (data(REG, bomb),),
    "a workbook of very many entries": (data(REG, many_entries),),
    "a workbook with an entry twice": (data(REG, entry_twice),),
    "a workbook with cells in opposite corners": (
        data(
            REG,
            part(
                SHEET, b"</sheetData>", b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
            ),
        ),
    ),
    "a workbook whose sheet declares entities": (
        data(REG, part(SHEET, b"<worksheet ", b'<!DOCTYPE x [<!ENTITY a "aa">]><worksheet ')),
    ),
    "a workbook in an encoding that nobody knows": (
        data(REG, part(SHEET, b'encoding="UTF-8"', b'encoding="EBCDIC-X"')),
    ),
    "a workbook with damaged bytes under another compression": (data(REG, damaged_lzma),),
    "a workbook of empty sheets": (data(REG, xlsx_bytes({"人员信息": []})),),
    "a workbook whose only table is hidden": (
        data(REG, xlsx_bytes({"说明": [], "人员信息": [REGISTER]}, hidden=["人员信息"])),
    ),
    "NUL bytes": (data(LOG, lambda good: good + b"\0\0\0\0"),),
    "bytes that are no text": (data(LOG, bytes(range(128, 256)) * 4),),
    "one damaged line": (
        data(LOG, lambda good: good.removeprefix(b"\xef\xbb\xbf").replace("访客".encode(), b"\xe8\xae\xff")),
    ),
    "too few characters to tell the encoding": (data(NEW, register_of(("P-1004", "钱晚")), "钱晚"),),
    "another encoding than declared": (data(DOORS, lambda good: good.decode("utf-8-sig").encode("gb18030")),),
    "a byte order mark of another encoding": (
        data(DOORS, lambda good: good.decode("utf-8-sig").encode("utf-16")),
    ),
    "a control character": (data(LOG, lambda good: good.replace("访客".encode(), b"\x07")),),
    "a quote that is not closed": (
        data(LOG, lambda good: good + '4,"2020-02-10 12:00,北门,进\r\n'.encode()),
    ),
    "a cell longer than any": (cell(PAPERS, 2, "住址", "梅苑" * 20_000),),
    "more columns than any table has": (data(LOG, lambda good: good + b"4" + b"," * 600 + b"\r\n"),),
    "a missing column": (drop(LOG, "方向"),),
    "two missing columns": (drop(REG, "人员编号"), drop(REG, "姓名")),
    "forms of nobody": tuple(
        rename(PAPERS, heading, f"{heading}一栏") for heading in ("姓名", "身份证号", "手机号码", "住址")
    ),
    "forms that do not say from where": (rename(PAPERS, "从何处返沪", "去向"),),
    "answers that do not say from where": (rename(ONLINE, "5、您从哪里返沪", "5、您的去向"),),
    "a declared heading that is not there": (rename(ONLINE, "6、您哪天到的小区？", "6、您是否已经返沪"),),
    "a heading twice": (rename(REG, "房东电话", "手机号码"),),
    "two columns for one field": (rename(REG, "房东电话", "联系电话"),),
    "a heading for two fields": (
        site('columns = {arrived_on = "6、您哪天到的小区？"}\n', ""),
        rename(ONLINE, "6、您哪天到的小区？", "6、您离开外地返沪的时间"),
    ),
    "a cell without a heading": (widen(LOG, "", None, None, None, "陪同就医"),),
    "a separator inside a cell": (
        data(
            LOG,
            lambda good: good + "4,2020-02-10 12:00,北门,进,访客,,36.5,,,否,,放行,陪同,就医\r\n".encode(),
            "陪同",
            "就医",
        ),
    ),
}

REGISTER_CELLS: Final[Mapping[str, tuple[Change, ...]]] = {
    "a resident ID that is a number": (cell(REG, 3, "证件号码", float(LI[:17] + "0")),),
    "a resident ID that was a number, in a text file": (cell(NEW, 2, "证件号码", ZEROED_BY_LUCK),),
    "a resident ID in scientific notation": (cell(NEW, 2, "证件号码", "3.30106E+17"),),
    "a resident ID with a wrong check digit": (cell(REG, 2, "证件号码", WRONG_CHECK_DIGIT),),
    "a resident ID with an impossible birth date": (cell(REG, 2, "证件号码", IMPOSSIBLE_BIRTH),),
    "a resident ID with a mask": (cell(NEW, 2, "证件号码", QIAN[:6] + "********" + QIAN[14:]),),
    "a phone with a mask": (cell(NEW, 2, "手机号码", "138****8174"),),
    "a phone of ten digits": (cell(REG, 2, "手机号码", "1380013817"),),
    "a phone with an extension": (cell(REG, 4, "房东电话", "021-64121778转305"),),
    "a phone that is a number with a fraction": (cell(REG, 2, "手机号码", 13800138171.5),),
    "a residence that cannot be read": (cell(REG, 2, "楼栋", "门卫室旁边"),),
    "a room without a building": (cell(REG, 2, "楼栋", None),),
    "a plate with the letter O": (cell(REG, 2, "车牌号", "沪A7O317"),),
    "a plate without its province": (cell(REG, 2, "车牌号", "A7K317"),),
    "an unknown kind of document": (cell(REG, 2, "证件类型", "会员卡"),),
    "a formula's error": (cell(REG, 2, "姓名", ("=VLOOKUP(1,A1:B2,2)", "#N/A")),),
    "a formula's error in a text file": (cell(NEW, 2, "门禁卡号", "#REF!"),),
    "a truth value where a name should be": (cell(REG, 2, "姓名", True),),
    "a sex in a code": (widen(REG, "性别", "男", "1", "女"),),
    "a birth date that never was": (widen(REG, "出生日期", "1988-04-12", "1990-02-30", "1979-08-03"),),
    "no number of the person": (cell(REG, 3, "人员编号", None),),
    "a number of the person that is a name": (cell(REG, 3, "人员编号", "李雪芹"),),
    "a number of the person that is a phone": (cell(REG, 3, "人员编号", "13800138172"),),
    "a number of the person with a blank": (cell(REG, 3, "人员编号", "P 1002"),),
    "one number for two people": (cell(REG, 3, "人员编号", "P-1001"),),
    "one number for two people in two files": (cell(NEW, 2, "人员编号", "P-1003"),),
    "a number of a person that we give to forms": (cell(NEW, 2, "人员编号", "form:paper:north:1"),),
    "a number that we give to landlords": (cell(REG, 2, "人员编号", "landlord-of-P-1003"),),
}

LOG_CELLS: Final[Mapping[str, tuple[Change, ...]]] = {
    "a time without a date": (cell(LOG, 4, "时间", "09:10"),),
    "a date without a time": (cell(LOG, 4, "时间", "2020-02-10"),),
    "a time without a year": (cell(LOG, 4, "时间", "2月10日 9时10分"),),
    "a day that never was": (cell(LOG, 4, "时间", "2020-02-30 09:10"),),
    "a time that no clock shows": (cell(LOG, 4, "时间", "2020-02-10 25:10"),),
    "an offset that no zone has": (cell(LOG, 4, "时间", "2020-02-10T09:10+99:00"),),
    "no time": (cell(LOG, 4, "时间", None),),
    "an unknown checkpoint": (cell(LOG, 4, "卡口", "东门"),),
    "no checkpoint": (cell(LOG, 4, "卡口", None),),
    "an unknown direction": (cell(LOG, 4, "方向", "路过"),),
    "no direction": (cell(LOG, 4, "方向", None),),
    "an unknown role": (cell(LOG, 4, "人员类别", "看热闹的"),),
    "a temperature without its point": (cell(LOG, 4, "体温", "367"),),
    "a temperature in words": (cell(LOG, 4, "体温", "正常"),),
    "a temperature of a cold thermometer": (cell(LOG, 4, "体温", "26.8"),),
    "a temperature and a reason for none": (cell(LOG, 4, "未测温原因", "婴儿"),),
    "an unknown reason for no temperature": (
        cell(LOG, 4, "体温", None),
        cell(LOG, 4, "未测温原因", "走得太快"),
    ),
    "a plate that is none": (cell(LOG, 5, "车牌号", "白色面包车"),),
    "neither yes nor no": (cell(LOG, 4, "外省返程", "不清楚"),),
    "no returnee and yet a place": (cell(LOG, 4, "外省返程", "否"),),
    "a result that is neither": (cell(LOG, 4, "放行", "待定"),),
    "a party of two times": (cell(LOG, 3, "时间", "2020-02-10 08:55"),),
    "a party of two checkpoints": (cell(LOG, 3, "卡口", "南门"),),
    "a party of two directions and two results": (cell(LOG, 3, "方向", "进"), cell(LOG, 3, "放行", "不放行")),
    "a party in two cars": (cell(LOG, 3, "车牌号", "沪B52Y16"),),
    "a person twice in a party": (cell(LOG, 3, "人员编号", "P-1001"),),
    "a person by name": (cell(LOG, 5, "人员编号", "王梅生"),),
    "a number that becomes too long": (cell(LOG, 4, "流水号", "9" * 128),),
    "a number with a character that does not show": (cell(LOG, 4, "流水号", "2\u200b"),),
    "an unknown door": (cell(DOORS, 2, "门禁点", "3号楼"),),
    "a gate in the doors' log": (cell(DOORS, 2, "门禁点", "北门"),),
    "no direction of a door": (cell(DOORS, 2, "方向", None),),
    "a result of a door that is neither": (cell(DOORS, 2, "结果", "超时"),),
    "a number twice in the doors' log": (cell(DOORS, 3, "流水号", "1"),),
    "a number with another crossing in another log": (
        add("gate-log-2.csv", *GATE),
        add(
            "gate-log-2.csv",
            "3",
            "2020-02-11 08:00",
            "南门",
            "出",
            "居民",
            "P-1003",
            "36.7",
            None,
            None,
            "否",
            None,
            "放行",
        ),
    ),
}

FORM_CELLS: Final[Mapping[str, tuple[Change, ...]]] = {
    "a form number twice": (cell(PAPERS, 3, "编号", "1"),),
    "a form number that is a phone": (cell(PAPERS, 3, "编号", "13900139261"),),
    "a form number with another form in another file": (
        add("forms/paper-south.csv", *PAPER),
        add(
            "forms/paper-south.csv",
            "2",
            "2020-02-10 08:10",
            "吴秋阳",
            None,
            "13900139280",
            "梅苑2号楼2610室",
            "江西九江",
            "2020-02-09",
        ),
    ),
    "a form number that becomes too long": (site('series = "north"', f'series = "{"north-" * 30}"'),),
    "a form whose time cannot be read": (cell(PAPERS, 2, "登记时间", "周日晚上"),),
    "a form of a day that never was": (cell(PAPERS, 2, "登记时间", "2020年2月30日"),),
    "an answer without a number": (cell(ONLINE, 3, "序号", None),),
    "an answer twice": (cell(ONLINE, 3, "序号", 1),),
    "an answer without a time": (cell(ONLINE, 2, "提交答卷时间", None),),
    "an answer of the year 9999": (
        cell(ONLINE, 2, "提交答卷时间", datetime(9999, 12, 31, 21, 40)),  # noqa: DTZ001 - a spreadsheet knows no zone
    ),
    "an answer whose time is a number": (cell(ONLINE, 2, "提交答卷时间", 20200209.2140),),
    "an answer whose time cannot be read": (cell(ONLINE, 3, "提交答卷时间", "昨晚"),),
    "an answer whose time is a formula's error": (cell(ONLINE, 2, "提交答卷时间", ("=NOW()+A9", "#VALUE!")),),
}

SEVERAL: Final[Mapping[str, tuple[Change, ...]]] = {
    "several cells of one row": (
        cell(REG, 4, "证件号码", WRONG_CHECK_DIGIT),
        cell(REG, 4, "手机号码", "138001381"),
        cell(REG, 4, "房东电话", "不详号码"),
    ),
    "several files, all of them listed": (
        cell(REG, 2, "证件号码", WRONG_CHECK_DIGIT),
        cell(NEW, 2, "手机号码", "138****8174"),
        gone(PAPERS),
        data(ONLINE, lambda good: good[:900]),
        cell(LOG, 4, "体温", "367"),
        cell(LOG, 5, "方向", "路过"),
        drop(DOORS, "门禁点"),
    ),
    "more problems than anybody reads": (
        add(
            LOG,
            None,
            "2020-02-10 12:00",
            "东门",
            "进",
            "访客",
            None,
            "36.5",
            None,
            None,
            "否",
            None,
            "放行",
            times=250,
        ),
    ),
}

CASES: Final[Mapping[str, tuple[Change, ...]]] = {
    **SITE_FILES,
    **FILES,
    **REGISTER_CELLS,
    **LOG_CELLS,
    **FORM_CELLS,
    **SEVERAL,
}
