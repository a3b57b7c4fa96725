"""The generator of the Jindu Road example: exact figures, the same files each time, a truth that holds."""

from __future__ import annotations

import csv
import importlib.util
import json
import os
import subprocess
import sys
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import Any

import attrs
import pytest
from python_calamine import CalamineWorkbook

from epiguard.identifiers import find_region, read_residence

EXAMPLE = Path(__file__).parents[2] / "examples" / "meilong" / "jindu_road"
DEFAULT_SEED = 20200213
FIELDS = {
    "name": ("姓名", "1、您的姓名"),
    "document": ("身份证号", "3、您的身份证号码"),
    "phone": ("手机号", "4、您的手机号码"),
    "residence": ("住址", "5、您的居住地址"),
    "plate": ("车牌号", "10、车牌号"),
}
MOST_MEGABYTES = 4


def generator() -> Callable[[Path, int], None]:
    """Load ``generate`` by its path, as anybody may who has the folder."""
    spec = importlib.util.spec_from_file_location("jindu_road_generate", EXAMPLE / "generate.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    generate: Callable[[Path, int], None] = module.generate
    return generate


@attrs.frozen
class Files:
    """The files of one seed, read back without the generator."""

    folder: Path

    def residents(self) -> list[dict[str, Any]]:
        """The register."""
        return workbook(self.folder / "residents.xlsx")

    def forms(self) -> dict[str, dict[str, Any]]:
        """All forms by their id."""
        found: dict[str, dict[str, Any]] = {}
        for path in sorted((self.folder / "forms").iterdir()):
            for row in workbook(path) if path.suffix == ".xlsx" else table(path):
                name = f"paper:{path.stem}:{row['编号']}"
                assert name not in found
                found[name] = row
        for row in workbook(self.folder / "questionnaire.xlsx"):
            found[f"online:{int(row['序号'])}"] = row
        return found

    def gate(self) -> list[dict[str, Any]]:
        """The gate's log."""
        return table(self.folder / "gate-log.csv")

    def doors(self) -> list[dict[str, Any]]:
        """The doors' log."""
        return table(self.folder / "door-log.csv")

    def returnees(self) -> list[dict[str, Any]]:
        """The truth about returnees."""
        return table(self.folder / "truth" / "returnees.csv")

    def strangers(self) -> list[str]:
        """The forms that belong to nobody."""
        return [row["form"] for row in table(self.folder / "truth" / "strangers.csv")]

    def figures(self) -> dict[str, Any]:
        """The counts."""
        figures: dict[str, Any] = json.loads((self.folder / "truth" / "figures.json").read_bytes())
        return figures


@cache
def workbook(path: Path) -> list[dict[str, Any]]:
    """Read the first sheet of a workbook."""
    heading, *rows = CalamineWorkbook.from_path(path).get_sheet_by_index(0).to_python()
    return [dict(zip(map(str, heading), row, strict=True)) for row in rows]


@cache
def table(path: Path) -> list[dict[str, Any]]:
    """Read separated text; the first paper file is in another encoding."""
    encoding = "gb18030" if path.stem == "paper-1" else "utf-8-sig"
    lines = path.read_text(encoding=encoding).splitlines()
    return list(csv.DictReader(lines, delimiter="\t" if "\t" in lines[0] else ","))


@pytest.fixture(scope="module", params=[DEFAULT_SEED, 1, 7])
def files(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Files:
    """Freshly made files, of several seeds."""
    folder = tmp_path_factory.mktemp("jindu_road")
    generator()(folder, request.param)
    return Files(folder)


def test_everybody_is_there_who_should_be(files: Files) -> None:
    """Exactly 1,793 people returned and 435 are registered in Hubei, whatever the seed."""
    regions = [find_region(row["户籍地"]) for row in files.residents()]
    assert sum(1 for region in regions if region is not None and region.within("420000")) == 435
    returnees = files.returnees()
    assert [row["returnee_id"] for row in returnees] == [f"T-{place:04d}" for place in range(1, 1794)]
    kinds = Counter(row["kind"] for row in returnees)
    assert kinds["not-in-register"] == 60
    assert kinds["no-form-known-face"] == 45
    assert kinds["no-form-unknown"] == 5
    assert kinds["registered-form"] + kinds["both"] == 1683
    people = [row["person"] for row in returnees if row["person"]]
    assert len(people) == len(set(people)) == 1733
    assert set(people) <= {row["人员编号"] for row in files.residents()}
    assert 5800 <= len(regions) <= 6400


def test_each_returnee_crosses_once(files: Files) -> None:
    """Each returnee comes in once, as one, between 24 January and 13 February."""
    arrivals = [row for row in files.gate() if row["外省返程"] == "是"]
    assert len(arrivals) == 1793
    assert {(row["方向"], row["类别"], row["已询问"]) for row in arrivals} == {("进", "居民", "是")}
    assert all("2020-01-24" <= row["时间"][:10] <= "2020-02-13" for row in arrivals)
    assert Counter(row["crossing"] for row in files.returnees()) == Counter(row["流水号"] for row in arrivals)
    known = {row["人员编号"]: row["流水号"] for row in arrivals if row["人员编号"]}
    for row in files.returnees():
        assert known.get(row["person"], row["crossing"]) == row["crossing"]
        if row["kind"] == "no-form-known-face":
            assert row["person"] in known
        elif row["kind"] in {"no-form-unknown", "not-in-register"}:
            assert row["person"] not in known


def test_an_unknown_returnee_leaves_a_trace(files: Files) -> None:
    """Who came without a form or a known face said where they live, or came in a car of the register."""
    rows: dict[str, list[dict[str, Any]]] = {}
    for row in files.gate():
        rows.setdefault(row["流水号"], []).append(row)
    plates = {row["车牌号"] for row in files.residents()} - {""}
    for returnee in files.returnees():
        if returnee["kind"] == "no-form-unknown":
            (row,) = rows[returnee["crossing"]]
            assert row["已登记"] == "否"
            assert read_residence(row["事由"].removeprefix("自述住")) is not None
            assert row["车牌号"] in {"", *plates}


def test_every_form_is_accounted_for(files: Files) -> None:
    """The forms of the truth are the forms in the files, each belonging to one returnee or to nobody."""
    known = [form for row in files.returnees() for form in row["forms"].split(";") if form]
    strangers = files.strangers()
    assert len(strangers) == 25
    assert sorted(known + strangers) == sorted(files.forms())
    for row in files.returnees():
        forms = row["forms"].split(";")
        assert len(row["damage"].split(";")) == len(row["agreeing"].split(";")) == len(forms)
        assert (row["kind"] == "both") <= (len(forms) == 2)


def test_a_third_is_damaged_and_more_of_it_at_night(files: Files) -> None:
    """About 35 % of the forms are damaged, many in several fields, and paper at night worst."""
    damage = [entry for row in files.returnees() if row["forms"] for entry in row["damage"].split(";")]
    share = sum(1 for entry in damage if entry) / len(damage)
    assert 0.3 <= share <= 0.4
    assert sum(1 for entry in damage if "+" in entry) > 200
    assert len({name for entry in damage for name in entry.split("+") if name}) >= 25


def test_one_field_agrees_on_every_form(files: Files) -> None:
    """Each form of a person in the register agrees with it in a field, as the truth says."""
    register = {row["人员编号"]: row for row in files.residents()}
    forms = files.forms()
    for row in files.returnees():
        if not row["person"] or not row["forms"]:
            continue
        for form, entry in zip(row["forms"].split(";"), row["agreeing"].split(";"), strict=True):
            claimed = set(entry.split("+"))
            assert entry, form
            assert claimed <= set(agreeing(forms[form], register[row["person"]])), form


def test_what_agrees_is_enough(files: Files) -> None:
    """Where only blanks are left beside what agrees, no more than five people bear it."""
    bearers: dict[tuple[str, str], set[str]] = {}
    register = {row["人员编号"]: row for row in files.residents()}
    for number, person in register.items():
        for field, value in registered(person).items():
            bearers.setdefault((field, value), set()).add(number)
    for row in files.returnees():
        if not row["person"] or not row["forms"]:
            continue
        values = registered(register[row["person"]])
        for damage, entry in zip(row["damage"].split(";"), row["agreeing"].split(";"), strict=True):
            if all(name.endswith(("blank", "short")) for name in damage.split("+")):
                together = set.intersection(*(bearers[field, values[field]] for field in entry.split("+")))
                assert row["person"] in together
                assert len(together) <= 5


def test_people_of_one_name_at_one_door(files: Files) -> None:
    """There are such pairs, and some of their forms give no more than name and address."""
    doors = Counter(
        (row["小区"], row["楼栋"], row["单元"], row["房号"], row["姓名"]) for row in files.residents()
    )
    assert sum(1 for count in doors.values() if count > 1) >= 6
    assert files.figures()["namesakes_at_one_door"] >= 6
    entries = [entry for row in files.returnees() for entry in row["damage"].split(";")]
    assert entries.count("phone-blank+id-blank") >= 3


def test_the_logs_fit_the_register(files: Files) -> None:
    """Logs name people of the register and known gates and doors, in the order of time."""
    people = {row["人员编号"] for row in files.residents()} | {""}
    names = {"gate": set[str](), "door": set[str]()}
    for place in files.figures()["doors"]:
        names[place["kind"]].add(place["name"])
    assert len(names["gate"]) == 3
    for rows, column, kind in ((files.gate(), "卡口", "gate"), (files.doors(), "门禁点", "door")):
        assert [row["时间"] for row in rows] == sorted(row["时间"] for row in rows)
        assert {row[column] for row in rows} <= names[kind]
        assert {row["人员编号"] for row in rows} <= people
    assert 10_500 <= len(files.gate()) <= 13_500
    assert 3_000 <= len(files.doors()) <= 5_000


def test_a_party_stays_together(files: Files) -> None:
    """Rows of one number are one car at one moment, with every person once and one answer."""
    parties: dict[str, list[dict[str, Any]]] = {}
    for row in files.gate():
        parties.setdefault(row["流水号"], []).append(row)
    several = [rows for rows in parties.values() if len(rows) > 1]
    assert len(several) > 50
    shared = ("时间", "卡口", "方向", "车牌号", "开后备箱", "发现行李", "放行")
    for rows in several:
        assert all(len({row[column] for row in rows}) == 1 for column in shared)
        people = [row["人员编号"] for row in rows if row["人员编号"]]
        assert len(people) == len(set(people))


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """Neither a second run nor another hash seed changes a byte; another seed does."""
    for name, hash_seed, seed in (("one", "0", "3"), ("two", "1", "3"), ("other", "0", "4")):
        command = [
            sys.executable,
            str(EXAMPLE / "generate.py"),
            "--seed",
            seed,
            "--out",
            str(tmp_path / name),
        ]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONHASHSEED": hash_seed})
    assert contents(tmp_path / "one") == contents(tmp_path / "two")
    assert contents(tmp_path / "one") != contents(tmp_path / "other")


def test_the_committed_files_are_of_the_default_seed(tmp_path: Path) -> None:
    """The example's files are what the generator makes now; workbooks are compared by their cells."""
    generator()(tmp_path, DEFAULT_SEED)
    for path in sorted(each for each in tmp_path.rglob("*") if each.is_file()):
        committed = EXAMPLE / path.relative_to(tmp_path)
        # Compression may differ between machines, the cells may not.
        if path.suffix == ".xlsx":
            assert workbook(path) == workbook(committed), path.name
        else:
            assert path.read_bytes() == committed.read_bytes(), path.name
    size = sum(
        each.stat().st_size
        for each in EXAMPLE.rglob("*")
        if "__pycache__" not in each.parts and each.is_file()
    )
    assert size < MOST_MEGABYTES * 1024 * 1024


def test_the_readme_tells_the_figures() -> None:
    """The counts in the example's README are those of its files."""
    figures = Files(EXAMPLE).figures()
    text = (EXAMPLE / "README.md").read_text(encoding="utf-8")
    kinds = figures["kinds"]
    assert f"{figures['residents']:,} residents" in text
    assert f"| one form, paper or online | {kinds['registered-form']:,} |" in text
    assert f"| both forms | {kinds['both']} |" in text
    documents = Counter(row["证件类型"] for row in Files(EXAMPLE).residents())
    assert f"{documents['护照']} foreigners" in text
    assert f"{documents['港澳台居民居住证']} holders of residence permits" in text
    assert f"{figures['namesakes_at_one_door']} pairs at one door" in text


def test_the_job_never_reads_the_truth() -> None:
    """No file of truth/ is named in the site's file."""
    site = EXAMPLE / "site.toml"
    if site.exists():
        assert "truth" not in site.read_text(encoding="utf-8")


def contents(folder: Path) -> dict[str, bytes]:
    """All files of a folder by their path in it."""
    return {
        str(each.relative_to(folder)): each.read_bytes()
        for each in sorted(folder.rglob("*"))
        if each.is_file()
    }


def registered(person: dict[str, Any]) -> dict[str, str]:
    """What the register has of a person that can tell who it is."""
    columns = {
        "name": "姓名",
        "document": "证件号码",
        "phone": "手机号码",
        "plate": "车牌号",
        "card": "门禁卡号",
    }
    values = {field: str(person[column]) for field, column in columns.items()}
    values["residence"] = f"{person['小区']}{person['楼栋']}{person['单元']}{person['房号']}室"
    return {field: value for field, value in values.items() if value}


def agreeing(form: dict[str, Any], person: dict[str, Any]) -> Iterator[str]:
    """Compare a form with a record the naive way, field by field."""
    written = {
        field: next(plain(form[column]) for column in columns if column in form)
        for field, columns in FIELDS.items()
    }
    record = registered(person)
    for field in ("name", "document", "plate"):
        if field in record and written[field] and written[field] == plain(record[field]):
            yield field
    if "phone" in record and written["phone"].removeprefix("+86") == record["phone"]:
        yield "phone"
    home = read_residence(written["residence"])
    here = read_residence(record["residence"])
    assert here is not None
    if home is not None and home.compound is not None and home.unit is not None and home.same_door(here):
        yield "residence"
    if "card" in record and record["card"] in written["residence"]:
        yield "card"


def plain(cell: object) -> str:
    """A cell without what spelling adds: width, case, spaces and dashes between digits, dots in plates."""
    text = f"{cell:.0f}" if isinstance(cell, float) else str(cell)
    folded = unicodedata.normalize("NFKC", text).upper().replace(" ", "").replace("·", "")
    return folded.replace("-", "") if folded.replace("-", "").isdigit() else folded
