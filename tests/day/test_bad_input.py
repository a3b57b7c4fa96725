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

from day.bad_folders import CASES, NOT_YET
from day.plum_court import good_folder
from epiguard import cli
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
    for change in {**CASES, **NOT_YET}[name]:
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
