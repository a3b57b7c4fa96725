"""README.md gives one command to run epiguard and one to test it; CI runs these very commands."""

from __future__ import annotations

import re
import runpy
import shlex
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / ".ci" / "readme_command.py"

names = runpy.run_path(str(SCRIPT))
command_under: Callable[[str, str], str] = names["command_under"]
no_command: type[Exception] = names["NoCommandError"]


@pytest.mark.parametrize("heading", ["Run it", "Test it"])
def test_readme_gives_one_command(heading: str) -> None:
    """The script prints the one line that README.md shows, which needs Python and a fresh clone only."""
    done = subprocess.run(
        [sys.executable, SCRIPT, ROOT / "README.md", heading], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert f"\n{done.stdout}" in (ROOT / "README.md").read_text(encoding="utf-8")
    assert shlex.split(done.stdout)[:3] == ["python3", "-m", "venv"]


def test_readme_names_extras_that_exist() -> None:
    """The extras that README.md installs are those of pyproject.toml."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = {extra for extras in re.findall(r"'\.\[([\w,]+)\]'", readme) for extra in extras.split(",")}
    assert asked
    assert asked <= set(project["optional-dependencies"])


def test_first_block_under_the_heading_counts() -> None:
    """Other sections, text and later blocks make no difference."""
    text = "# T\n```sh\nx\n```\n## Run it\nSo:\n\n```sh\na && b\n```\n\n```text\nout\n```\n## Test it\n"
    assert command_under("Run it", text) == "a && b"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# Run it\n```\na\n```\n", "expected one heading '## Run it', found 0"),
        ("## Run it\n```\na\n```\n## Run it\n```\na\n```\n", "expected one heading '## Run it', found 2"),
        ("## Run it\nnothing\n", "expected a code block under '## Run it', found none"),
        ("## Run it\n\n## Test it\n```\na\n```\n", "expected a code block under '## Run it', found none"),
        ("## Run it\n```\na\nb\n```\n", "expected one line in the code block under '## Run it', found 2"),
        ("## Run it\n```\n```\n", "expected one line in the code block under '## Run it', found 0"),
        ("## Run it\n```\n \n```\n", "expected one line in the code block under '## Run it', found 1"),
    ],
)
def test_anything_else_is_an_error(text: str, message: str) -> None:
    """A missing heading or block, and a block of no or several lines, is an error that says which."""
    with pytest.raises(no_command) as caught:
        command_under("Run it", text)
    assert str(caught.value) == message


def test_an_error_ends_the_script_with_2(tmp_path: Path) -> None:
    """On a problem the script prints no command, names the file and ends with 2, so that CI stops."""
    (tmp_path / "README.md").write_text("# Nothing\n", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, SCRIPT, "README.md", "Run it"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == "README.md: expected one heading '## Run it', found 0\n"
