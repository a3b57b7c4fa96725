"""Bad input to ``epiguard day``: it says what is wrong, in words, with exit code 2, and writes nothing.

The cases stand in bad_folders.py, what each of them says in golden/bad_input.txt. Where a message was changed
on purpose, write that file anew and read the difference:

    PYTHONPATH=src:tests python tests/day/test_bad_input.py --write
"""

from __future__ import annotations

import contextlib
import io
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import attrs
import pytest

from day.bad_folders import CASES
from day.plum_court import good_folder
from epiguard import Ledger, Policy, cli
from epiguard.intake.problems import MOST_PROBLEMS

GOLDEN = Path(__file__).parent / "golden" / "bad_input.txt"
INTRODUCTION = """\
What `epiguard day` says on standard error to each bad folder of bad_folders.py.
Written by test_bad_input.py --write (see there); compared by test_bad_input.py.
"""
#: The folder's name, as messages show it.
NAME = "2020-02-10"
#: What people put into command lines, and what is not right about it.
BAD_COMMANDS = {
    "no command": [],
    "an unknown command": ["night", "."],
    "no folder": ["day"],
    "two folders": ["day", ".", "."],
    "a folder without a name": ["day", ""],
    "an output without a name": ["day", ".", "--out", ""],
    "an unknown option": ["day", ".", "--force"],
    "an instant without a zone": ["day", ".", "--as-of", "2020-02-10T18:00:00"],
    "a date for an instant": ["day", ".", "--as-of", "2020-02-10"],
    "words for an instant": ["day", ".", "--as-of", "tonight"],
}


@attrs.frozen
class Outcome:
    """What a run of the command line gave."""

    code: int
    said: str
    error: str


def run(*arguments: str | Path) -> Outcome:
    """Run the command line in this process; what escapes from it fails the test."""
    said, error = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(said), contextlib.redirect_stderr(error):
        code = cli.main([str(each) for each in arguments])
    return Outcome(code, said.getvalue(), error.getvalue())


def spoilt(name: str, at: Path) -> frozenset[str]:
    """Write the folder of a case, and say what must not show."""
    folder = good_folder()
    for change in CASES[name]:
        change(folder)
    folder.write(at)
    return folder.canaries()


def contents(folder: Path) -> dict[str, bytes | None]:
    """Everything below a folder, to see that nothing was touched."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in folder.rglob("*")
    }


def recorded() -> dict[str, str]:
    """What each case said when the golden file was written."""
    _, *sections = GOLDEN.read_text(encoding="utf-8").split("\n=== ")
    parts = [section.partition("\n") for section in sections]
    return {name: text for name, _, text in parts}


def golden(messages: dict[str, str]) -> str:
    """The golden file."""
    return "".join([INTRODUCTION, *(f"\n=== {name}\n{text}" for name, text in messages.items())])


def test_the_good_folder_is_good(tmp_path: Path) -> None:
    """What the cases spoil is read, decided and reported, and left as it was."""
    folder, out = tmp_path / NAME, tmp_path / "out"
    good_folder().write(folder)
    before = contents(folder)
    outcome = run("day", folder, "--out", out)
    assert outcome.code == 0, outcome.error
    assert {"ledger.db", "report.json", "report.xlsx", "report.html", "lists.xlsx"} <= set(contents(out))
    assert contents(folder) == before


@pytest.mark.parametrize("name", CASES)
def test_bad_input_is_refused_with_a_clear_message(name: str, tmp_path: Path) -> None:
    """Exit code 2, the very message, no personal value in it, and not a file more than before."""
    folder = tmp_path / NAME
    canaries = spoilt(name, folder)
    before = contents(tmp_path)
    outcome = run("day", folder, "--out", tmp_path / "out")
    assert (outcome.code, outcome.said) == (2, "")
    assert contents(tmp_path) == before, "a refused folder leaves no trace"
    assert [value for value in canaries if value in outcome.error] == []
    assert "Traceback" not in outcome.error
    assert str(tmp_path) not in outcome.error
    assert outcome.error == recorded()[name]


@pytest.mark.parametrize("name", CASES)
def test_a_message_says_where_what_was_expected_and_what_came(name: str) -> None:
    """One line for the whole, and under it one for each problem, all built alike."""
    first, *problems = recorded()[name].splitlines()
    assert first.startswith("epiguard: ")
    for line in (first, *(each for each in problems if " more problems" not in each)):
        where, _, rest = line.removeprefix("epiguard: ").strip().partition(": expected ")
        assert where.strip()
        assert ", got " in rest
    assert all(line.startswith("  ") for line in problems)
    assert len(problems) <= MOST_PROBLEMS + 1


def test_the_golden_file_has_these_cases_and_no_others() -> None:
    """A case that nobody runs any more, or one that nobody recorded, is noticed."""
    assert list(recorded()) == list(CASES)
    assert golden(recorded()) == GOLDEN.read_text(encoding="utf-8")
    assert len(CASES) >= 45


@pytest.mark.parametrize("name", ["an unknown rule", "a temperature without its point", "a workbook cut off"])
def test_a_good_day_outlives_a_bad_one(name: str, tmp_path: Path) -> None:
    """Where yesterday's ledger and report lie already, bad input leaves them as they are."""
    out = tmp_path / "out"
    good_folder().write(tmp_path / "good")
    assert run("day", tmp_path / "good", "--out", out).code == 0
    before = contents(out)
    spoilt(name, tmp_path / NAME)
    assert run("day", tmp_path / NAME, "--out", out).code == 2
    assert contents(out) == before


def test_a_ledger_that_is_none_is_left_alone(tmp_path: Path) -> None:
    """Somebody else's file in the place of the ledger is neither read nor overwritten."""
    good_folder().write(tmp_path / NAME)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "ledger.db").write_text("a shopping list, not a database\n" * 40)
    before = contents(tmp_path)
    outcome = run("day", tmp_path / NAME, "--out", tmp_path / "out")
    assert outcome.code == 2
    assert outcome.error.startswith("epiguard: ledger file 'ledger.db': expected a SQLite file")
    assert contents(tmp_path) == before


@pytest.mark.parametrize("out", ["out", "out/2020-02-10"])
def test_a_file_where_the_output_should_go(out: str, tmp_path: Path) -> None:
    """A file, or a folder below a file, cannot take the report: that is said, and the file stays."""
    good_folder().write(tmp_path / NAME)
    (tmp_path / "out").write_text("somebody's file")
    before = contents(tmp_path)
    outcome = run("day", tmp_path / NAME, "--out", tmp_path / out)
    assert outcome.code == 2
    assert ": expected a folder" in outcome.error
    assert contents(tmp_path) == before


def test_a_folder_where_a_report_should_go(tmp_path: Path) -> None:
    """It is named, nothing is recorded, and what was there stays."""
    good_folder().write(tmp_path / NAME)
    (tmp_path / "out" / "report.json" / "old").mkdir(parents=True)
    outcome = run("day", tmp_path / NAME, "--out", tmp_path / "out")
    assert outcome.code == 2
    assert outcome.error.startswith(
        "epiguard: report.json: expected a file, or nothing, in the place of this output, got a folder"
    )
    with Ledger.open(
        tmp_path / "out" / "ledger.db", policy=Policy.load(tmp_path / NAME / "site.toml")
    ) as ledger:
        assert ledger.position == 0
    left = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*")}
    assert {each for each in left if not each.startswith("ledger.db")} == {"report.json", "report.json/old"}


def test_a_file_instead_of_a_folder(tmp_path: Path) -> None:
    """Whoever names a file of the folder is told so, and nothing is written."""
    good_folder().write(tmp_path / NAME)
    before = contents(tmp_path)
    outcome = run("day", tmp_path / NAME / "gate-log.csv", "--out", tmp_path / "out")
    assert (outcome.code, outcome.said) == (2, "")
    assert outcome.error == (
        "epiguard: gate-log.csv: expected a folder with the site file and the day's files, got a file; "
        "name the folder it is in\n"
    )
    assert contents(tmp_path) == before


def test_the_folder_one_stands_in_has_a_name_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """``epiguard day .`` names the folder in its messages, as any other call does."""
    spoilt("a file is missing", tmp_path / NAME)
    monkeypatch.chdir(tmp_path / NAME)
    assert run("day", ".", "--out", tmp_path / "out").error == recorded()["a file is missing"]


@pytest.mark.parametrize("instant", ["0001-01-01T00:00:00+08:00", "9999-12-31T23:59:59+00:00"])
def test_an_instant_at_the_end_of_the_calendar(instant: str, tmp_path: Path) -> None:
    """It can be written, but no day of it can be told in every zone."""
    good_folder().write(tmp_path / NAME)
    before = contents(tmp_path)
    assert run("day", tmp_path / NAME, "--out", tmp_path / "out", "--as-of", instant).code == 2
    assert contents(tmp_path) == before


def test_an_interrupted_run_ends_with_130(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Ctrl-C is no failure of the program: one line, and the code that shells give."""

    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    good_folder().write(tmp_path / NAME)
    monkeypatch.setattr("epiguard.day.run_day", interrupted)
    outcome = run("day", tmp_path / NAME, "--out", tmp_path / "out")
    assert outcome == Outcome(130, "", "epiguard: interrupted; run it again\n")


@pytest.mark.parametrize("arguments", BAD_COMMANDS.values(), ids=BAD_COMMANDS)
def test_a_bad_command_line_is_refused(arguments: Sequence[str], capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 2 too, with the usage, as every command line does."""
    with pytest.raises(SystemExit) as caught:
        cli.main(arguments)
    assert caught.value.code == 2
    assert capsys.readouterr().err.startswith("usage: epiguard")


def test_the_process_ends_with_2(tmp_path: Path) -> None:
    """The same from outside, where a traceback would show."""
    spoilt("several files, all of them listed", tmp_path / NAME)
    done = subprocess.run(
        [sys.executable, "-m", "epiguard", "day", NAME, "--out", "out"],
        cwd=tmp_path,
        capture_output=True,
        check=False,
        env={"PYTHONIOENCODING": "utf-8"},
    )
    assert (done.returncode, done.stdout) == (2, b"")
    assert done.stderr.decode() == recorded()["several files, all of them listed"]
    assert not (tmp_path / "out").exists()


def write() -> None:
    """Write the golden file anew."""
    messages = {}
    for name in CASES:
        with tempfile.TemporaryDirectory() as base:
            spoilt(name, Path(base) / NAME)
            outcome = run("day", Path(base) / NAME, "--out", Path(base) / "out")
        if outcome.code != 2:
            sys.exit(f"{name}: exit code {outcome.code}")
        messages[name] = outcome.error
    GOLDEN.write_text(golden(messages), encoding="utf-8")


if __name__ == "__main__":
    if sys.argv[1:] != ["--write"]:
        sys.exit(__doc__)
    write()
