"""The intake section of a site's file: what it may say, and what it is told where it is wrong."""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from epiguard.errors import IntakeError
from epiguard.intake import IntakePlan, SourcePlan

EXAMPLE = """
[intake.residents]
file = "residents.xlsx"
sheet = "人员信息"
columns = { name = "称呼", person_id = "工号" }

[intake.paper_forms]
file = ["forms/*.csv", "forms/*.xlsx"]
encoding = "gb18030"

[intake.questionnaire]
file = "answers.xlsx"
returnees_only = true

[intake.gate_log]
file = "gate-*.csv"
series = "north"
"""


def test_a_section_becomes_a_plan() -> None:
    """Each part has its files and its settings; parts that are missing are not read."""
    plan = IntakePlan.of(tomllib.loads(EXAMPLE)["intake"])
    columns = {"name": "称呼", "person_id": "工号"}
    assert plan == IntakePlan(
        residents=SourcePlan(files=("residents.xlsx",), sheet="人员信息", columns=columns),
        paper_forms=SourcePlan(files=("forms/*.csv", "forms/*.xlsx"), encoding="gb18030"),
        questionnaire=SourcePlan(files=("answers.xlsx",), returnees_only=True),
        gate_log=SourcePlan(files=("gate-*.csv",), series="north"),
    )


@pytest.mark.parametrize(
    ("section", "message"),
    [
        (
            {"resident": {"file": "x"}},
            (
                "site.toml: intake.resident: expected one of the keys "
                "residents, paper_forms, questionnaire, gate_log, "
                "door_log, got an unknown key; did you mean 'residents'?"
            ),
        ),
        (
            {"residents": {"file": "x", "colums": {}}},
            (
                "site.toml: intake.residents.colums: "
                "expected one of the keys file, encoding, sheet, columns, "
                "got an unknown key; did you mean 'columns'?"
            ),
        ),
        (
            {"residents": {"file": "x", "series": "y"}},
            (
                "site.toml: intake.residents.series: "
                "expected one of the keys file, encoding, sheet, columns, "
                "got an unknown key; correct or remove it"
            ),
        ),
        (
            {},
            (
                "site.toml: intake: expected at least one of "
                "residents, paper_forms, questionnaire, gate_log, door_log, "
                "got an empty section"
            ),
        ),
        (
            {"gate_log": {}},
            (
                "site.toml: intake.gate_log.file: expected the name of a file or a list of names, "
                'got nothing; write it in quotes: file = "gate-log.csv"'
            ),
        ),
        (
            {"gate_log": {"file": []}},
            (
                "site.toml: intake.gate_log.file: expected the name of a file or a list of names, "
                'got a value of type list; write it in quotes: file = "gate-log.csv"'
            ),
        ),
        (
            {"gate_log": {"file": ["x", 1]}},
            "site.toml: intake.gate_log.file: expected some text, got a whole number",
        ),
        ({"gate_log": "x"}, "site.toml: intake.gate_log: expected a table of keys, got text of 1 character"),
        (
            {"gate_log": {"file": "x", "encoding": 1}},
            "site.toml: intake.gate_log.encoding: expected some text, got a whole number",
        ),
        (
            {"gate_log": {"file": "x", "series": "{name}"}},
            (
                "site.toml: intake.gate_log.series: expected text, with {file} where the name of each file "
                "is to stand, got other brackets; leave them out"
            ),
        ),
        (
            {"paper_forms": {"file": "x", "returnees_only": "yes"}},
            "site.toml: intake.paper_forms.returnees_only: expected true or false, got text of 3 characters",
        ),
        (
            {"gate_log": {"file": "x", "returnees_only": True}},
            (
                "site.toml: intake.gate_log.returnees_only: expected one of the keys "
                "file, encoding, sheet, columns, series, got an unknown key; correct or remove it"
            ),
        ),
        (
            {"gate_log": {"file": "x", "columns": {"at": 1}}},
            "site.toml: intake.gate_log.columns.at: expected some text, got a whole number",
        ),
    ],
)
def test_mistakes_are_told_by_file_and_key(
    refused: Callable[..., IntakeError], section: dict[str, Any], message: str
) -> None:
    """A misspelt key is never passed over in silence."""
    got = str(refused(IntakePlan.of, section, "site.toml: intake"))
    assert got.replace("characters", "character") == message.replace("characters", "character")


@pytest.mark.parametrize(
    "name",
    ["../x.csv", "/etc/passwd", "a/../../x.csv", "C:/x.csv", "C:x.csv", "a\\x.csv", "\\\\host\\x.csv", ".."],
)
def test_files_stay_in_the_folder(refused: Callable[..., IntakeError], name: str) -> None:
    """A site's file reads nothing outside the day's folder."""
    error = refused(IntakePlan.of, {"residents": {"file": name}})
    assert (error.where, error.got) == ("intake.residents.file", "a name that leads elsewhere")


@pytest.mark.parametrize("name", [".", "./", "door-**.csv", "a/**b/x.csv", "a\0.csv"])
def test_patterns_must_be_patterns(refused: Callable[..., IntakeError], name: str) -> None:
    """What can match no file, or only the folder, is told where it stands."""
    error = refused(IntakePlan.of, {"residents": {"file": name}})
    assert (error.where, error.do) == ("intake.residents.file", "correct the name")


@pytest.mark.parametrize("name", ["x.csv", "a/x.csv", "**/x.csv", "a/**/x-*.csv", "x[0-9].csv", "[.csv"])
def test_patterns_that_are_some(tmp_path: Path, name: str) -> None:
    """Whatever the plan accepts, the folder can be searched for."""
    (plan,) = [IntakePlan.of({"residents": {"file": name}}).residents]
    assert plan is not None
    assert [list(tmp_path.glob(pattern)) for pattern in plan.files] == [[]]


@pytest.mark.parametrize("where", ["site.toml", "site.toml: intake"])
def test_the_place_is_the_file_or_the_section(refused: Callable[..., IntakeError], where: str) -> None:
    """Whoever passes the file's name and whoever passes the section read the same message."""
    assert refused(IntakePlan.of, {"doors": {}}, where).where == "site.toml: intake.doors"
